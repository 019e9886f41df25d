//! Messages about stores that fail.

use std::io;

use object_store::Error;

/// A fault of a store in fixed words that repeat nothing of its response: responses name the key of the
/// client, and the duration of a request has no place in a ledger.
pub(super) fn of(error: &Error) -> io::Error {
    let told = error.to_string();
    let (kind, said) = match (error, status(&told)) {
        (Error::NotFound { .. }, _) => (
            io::ErrorKind::NotFound,
            "the store has no such object".to_owned(),
        ),
        (Error::PermissionDenied { .. } | Error::Unauthenticated { .. }, _)
        | (_, Some("401" | "403")) => (
            io::ErrorKind::PermissionDenied,
            "the store refuses it to these credentials".to_owned(),
        ),
        (Error::InvalidPath { .. }, _) => (
            io::ErrorKind::InvalidInput,
            "a store takes no such name".to_owned(),
        ),
        (_, Some(status)) if is_passing(error) => (
            io::ErrorKind::Other,
            format!("the store answers {status}, also when asked again"),
        ),
        (_, Some(status)) => (io::ErrorKind::Other, format!("the store answers {status}")),
        (_, None) => (
            io::ErrorKind::Other,
            "the store does not answer, also when asked again".to_owned(),
        ),
    };
    io::Error::new(kind, said)
}

/// A fault of a store in listing objects. `object_store` cannot skip a key that is no path.
pub(super) fn of_list(error: &Error) -> io::Error {
    match error {
        Error::InvalidPath { source } => io::Error::other(format!(
            "nothing can be listed beside an object whose key is no path; remove that: {source}"
        )),
        other if status(&other.to_string()) == Some("404") => {
            io::Error::other("the store has no such bucket")
        }
        other => of(other),
    }
}

/// Whether a store may answer another attempt: it is away, too busy, or broke off. `object_store` retries for
/// some seconds by itself, but not if a response breaks off in its middle.
pub(super) fn is_passing(error: &Error) -> bool {
    let told = error.to_string();
    let passes = |status: &str| status.starts_with('5') || ["408", "429"].contains(&status);
    matches!(error, Error::Generic { .. }) && status(&told).is_none_or(passes)
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
    fn who_may_answer_later_is_asked_again() {
        let generic = |told: &str| Error::Generic {
            store: "S3",
            source: told.to_owned().into(),
        };
        for told in [
            "error decoding response body",
            "Error performing GET http://a/b in 2s, after 10 retries - connection refused",
            "Server returned non-2xx status code: 503 Service Unavailable",
            "Server returned non-2xx status code: 429 Too Many Requests",
        ] {
            assert!(is_passing(&generic(told)), "{told}");
        }
        let absent = Error::NotFound {
            path: String::new(),
            source: "".into(),
        };
        let refused = generic("Server returned non-2xx status code: 400 Bad Request");
        assert!(!is_passing(&refused) && !is_passing(&absent));
        let denied = of(&generic(
            "Server returned non-2xx status code: 403 Forbidden",
        ));
        assert_eq!(denied.kind(), io::ErrorKind::PermissionDenied);
        let nowhere = generic("Server returned non-2xx status code: 404 Not Found: NoSuchBucket");
        assert!(of_list(&nowhere).to_string().contains("no such bucket"));
    }

    #[test]
    fn a_key_that_keeps_others_from_being_listed_is_named() {
        let source = object_store::path::Path::parse("reports/a//b").unwrap_err();
        let said = of_list(&Error::InvalidPath { source }).to_string();
        assert!(said.contains("reports/a//b"), "{said}");
    }
}
