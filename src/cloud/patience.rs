//! Retries of requests to a store that does not answer.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use object_store::{BackoffConfig, RetryConfig};

use super::fault;

/// The pauses before further attempts at a store that does not answer; two minutes in all.
const PAUSES: [Duration; 7] = [
    Duration::from_millis(100),
    Duration::from_millis(400),
    Duration::from_millis(1600),
    Duration::from_millis(6400),
    Duration::from_secs(15),
    Duration::from_secs(30),
    Duration::from_mins(1),
];
/// The retries for a store that has never answered: its address may be wrong.
const AT_FIRST: usize = 4;
/// The retries for a store that was given up before, so that very many requests do not wait for it.
const AT_LAST: usize = 1;
/// The retries of `object_store` itself, for each attempt: few, or both would multiply.
pub(super) const BY_ITSELF: RetryConfig = RetryConfig {
    backoff: BackoffConfig {
        init_backoff: Duration::from_millis(100),
        max_backoff: Duration::from_secs(1),
        base: 2.0,
    },
    max_retries: 2,
    retry_timeout: Duration::from_secs(5),
};

/// Repeats a request to a store as long as that may help.
pub(super) async fn again<T>(
    ask: impl AsyncFn() -> object_store::Result<T>,
) -> object_store::Result<T> {
    static TRUST: Trust = Trust {
        answered: AtomicBool::new(false),
        given_up: AtomicBool::new(false),
    };
    let answer = asked(&PAUSES[..TRUST.patience()], ask).await;
    TRUST.learn(!answer.as_ref().is_err_and(fault::is_passing));
    answer
}

async fn asked<T>(
    pauses: &[Duration],
    ask: impl AsyncFn() -> object_store::Result<T>,
) -> object_store::Result<T> {
    for pause in pauses {
        match ask().await {
            Err(error) if fault::is_passing(&error) => tokio::time::sleep(*pause).await,
            answer => return answer,
        }
    }
    ask().await
}

/// The experience with a store so far.
struct Trust {
    answered: AtomicBool,
    given_up: AtomicBool,
}

impl Trust {
    /// The number of retries.
    fn patience(&self) -> usize {
        match (self.given_up.load(Relaxed), self.answered.load(Relaxed)) {
            (true, _) => AT_LAST,
            (false, false) => AT_FIRST,
            (false, true) => PAUSES.len(),
        }
    }

    fn learn(&self, answers: bool) {
        self.given_up.store(!answers, Relaxed);
        self.answered.fetch_or(answers, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::atomic::AtomicUsize;

    use super::super::done;
    use super::*;

    #[test]
    fn a_store_is_asked_again_as_long_as_that_may_help() {
        let count = AtomicUsize::new(0);
        // The store answers the third time, and by then with this.
        let ask = |pauses: usize, third: fn() -> object_store::Result<u8>| {
            count.store(0, Relaxed);
            let pauses = vec![Duration::from_millis(1); pauses];
            let away = || object_store::Error::Generic {
                store: "S3",
                source: "away".into(),
            };
            let asking = asked(&pauses, async || match count.fetch_add(1, Relaxed) {
                0 | 1 => Err(away()),
                _ => third(),
            });
            (done(asking), count.load(Relaxed))
        };
        let absent = || {
            Err(object_store::Error::NotFound {
                path: String::new(),
                source: "".into(),
            })
        };
        let (answer, times) = ask(5, || Ok(7));
        assert_eq!((answer.unwrap(), times), (7, 3));
        let (answer, times) = ask(5, absent);
        assert_eq!(
            (answer.unwrap_err().kind(), times),
            (io::ErrorKind::NotFound, 3)
        );
        let (answer, times) = ask(1, || Ok(7));
        assert_eq!(
            (answer.unwrap_err().kind(), times),
            (io::ErrorKind::Other, 2)
        );
    }

    #[test]
    fn who_answered_is_waited_for_longer_than_who_was_given_up() {
        let trust = Trust {
            answered: AtomicBool::new(false),
            given_up: AtomicBool::new(false),
        };
        let after = |answers| {
            trust.learn(answers);
            trust.patience()
        };
        assert_eq!(trust.patience(), AT_FIRST);
        assert_eq!(
            [true, false, true].map(after),
            [PAUSES.len(), AT_LAST, PAUSES.len()]
        );
    }
}
