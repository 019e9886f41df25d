//! What is said of a store that fails.

use std::io;

use object_store::Error;

/// A fault of a store in words that are the same each time, and that repeat nothing of what it said: its
/// answers name the key of who asked, and how long a request took has no place in a ledger.
pub(super) fn of(error: &Error) -> io::Error {
    use io::ErrorKind;
    let (kind, said) = match error {
        Error::NotFound { .. } => (
            ErrorKind::NotFound,
            "the store has no such object".to_owned(),
        ),
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => (
            ErrorKind::PermissionDenied,
            "the store refuses it to these credentials".to_owned(),
        ),
        Error::InvalidPath { .. } => (
            ErrorKind::InvalidInput,
            "a store takes no such name".to_owned(),
        ),
        other => (ErrorKind::Other, unavailable(&other.to_string())),
    };
    io::Error::new(kind, said)
}

/// The same where objects are listed. `object_store` cannot pass over a key that is no path.
pub(super) fn of_list(error: &Error) -> io::Error {
    match error {
        Error::InvalidPath { source } => io::Error::other(format!(
            "nothing can be listed beside an object whose key is no path; remove that: {source}"
        )),
        other => of(other),
    }
}

/// Whether an answer was broken off, and `object_store` did not ask again by itself.
pub(super) fn is_broken_off(error: &Error) -> bool {
    let told = error.to_string();
    let is_exhausted = told.contains(" retries, max_retries: ");
    matches!(error, Error::Generic { .. }) && status(&told).is_none() && !is_exhausted
}

/// The same with the status, where the store gave one.
fn unavailable(told: &str) -> String {
    match status(told) {
        Some(status) if is_asked_again(status) => {
            format!("the store answers {status}, also when asked again")
        }
        Some(status) => format!("the store answers {status}"),
        None => "the store does not answer, also when asked again".to_owned(),
    }
}

/// Whether `object_store` asks again after this status.
fn is_asked_again(status: &str) -> bool {
    status.starts_with('5') || ["408", "429"].contains(&status)
}

fn status(told: &str) -> Option<&str> {
    let status = told.split("status code: ").nth(1)?.get(..3)?;
    status.bytes().all(|b| b.is_ascii_digit()).then_some(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_an_answer_is_repeated() {
        let told = "Error performing PUT http://127.0.0.1:9/b/a.pdf in 3.2s, after 10 retries - Server returned \
                    non-2xx status code: 503 Service Unavailable: <AWSAccessKeyId>AKIA</AWSAccessKeyId>";
        let generic = |told: &str| Error::Generic {
            store: "S3",
            source: told.to_owned().into(),
        };
        let said = |told: &str| of(&generic(told)).to_string();
        assert_eq!(said(told), "the store answers 503, also when asked again");
        let once = "Server returned non-2xx status code: 400 Bad Request: AKIA";
        assert_eq!(said(once), "the store answers 400");
        assert_eq!(
            said("connection refused by AKIA"),
            "the store does not answer, also when asked again"
        );
        let denied = Error::PermissionDenied {
            path: "a".to_owned(),
            source: told.into(),
        };
        assert!(!of(&denied).to_string().contains("AKIA"));
    }

    #[test]
    fn what_object_store_gave_up_is_not_asked_again() {
        let generic = |told: &str| Error::Generic {
            store: "S3",
            source: told.to_owned().into(),
        };
        assert!(is_broken_off(&generic("error decoding response body")));
        for told in [
            "Error performing GET http://a/b in 3m, after 10 retries, max_retries: 10, retry_timeout: 180s  - connect",
            "Server returned non-2xx status code: 400 Bad Request",
        ] {
            assert!(!is_broken_off(&generic(told)), "{told}");
        }
        let absent = Error::NotFound {
            path: String::new(),
            source: "".into(),
        };
        assert!(!is_broken_off(&absent));
    }

    #[test]
    fn a_key_that_keeps_others_from_being_listed_is_named() {
        let source = object_store::path::Path::parse("reports/a//b").unwrap_err();
        let said = of_list(&Error::InvalidPath { source }).to_string();
        assert!(said.contains("reports/a//b"), "{said}");
    }
}
