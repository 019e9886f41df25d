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

/// Whether a store began to answer, or not even that, and gave no status for it.
pub(super) fn is_broken_off(error: &Error) -> bool {
    matches!(error, Error::Generic { .. }) && status(&error.to_string()).is_none()
}

/// The same with the status, where the store gave one.
fn unavailable(told: &str) -> String {
    match status(told) {
        Some(status) => format!("the store answers {status}, also when asked again"),
        None => "the store does not answer, also when asked again".to_owned(),
    }
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
}
