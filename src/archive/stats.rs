//! Time, memory and sizes of a run. They stand apart from the ledger, because they are never the same twice.

use std::time::Duration;

use serde::Serialize;

use crate::pipeline::Rendered;

/// Measures of this process, which the ledger never depends on.
#[derive(Clone, Copy, Debug)]
pub struct Meter {
    /// Monotonic time since an arbitrary start.
    pub clock: fn() -> Duration,
    /// The most memory that the process has had, in bytes, where the system tells.
    pub peak_memory: fn() -> Option<u64>,
}

/// Time, memory and sizes of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunStats {
    /// The number of reports that were worked on at once.
    pub jobs: usize,
    /// Seconds from begin to end.
    pub seconds: f64,
    /// Reports looked at in a second.
    pub reports_per_second: f64,
    /// The most memory that the process had, in bytes.
    pub peak_memory_bytes: Option<u64>,
    /// The layout of a report, in milliseconds.
    pub compile_ms: Option<Percentiles<f64>>,
    /// Its export, in milliseconds.
    pub export_ms: Option<Percentiles<f64>>,
    /// Its pages.
    pub pages: Option<Percentiles<usize>>,
    /// The size of its PDF in bytes.
    pub bytes: Option<Percentiles<usize>>,
}

/// Percentiles of a measure over the reports that were made, by nearest rank.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Percentiles<T> {
    /// Half of them have no more.
    pub p50: T,
    /// Nine in ten have no more.
    pub p90: T,
    /// Ninety-nine in a hundred have no more.
    pub p99: T,
    /// None has more.
    pub max: T,
}

impl<T: Copy + PartialOrd> Percentiles<T> {
    /// The percentiles of measures; none where there are none.
    fn of(mut measures: Vec<T>) -> Option<Self> {
        measures.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        let last = measures.len().checked_sub(1)?;
        let rank = |percent: usize| measures[(measures.len() * percent).div_ceil(100).max(1) - 1];
        Some(Self {
            p50: rank(50),
            p90: rank(90),
            p99: rank(99),
            max: measures[last],
        })
    }
}

/// The measures of the reports that a run makes.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    compile: Vec<f64>,
    export: Vec<f64>,
    pages: Vec<usize>,
    bytes: Vec<usize>,
}

impl Tally {
    pub(crate) fn add(&mut self, rendered: &Rendered) {
        let ms = |duration: Duration| (duration.as_secs_f64() * 1e5).round() / 100.0;
        self.compile.push(ms(rendered.compile));
        self.export.push(ms(rendered.export));
        self.pages.push(rendered.pages);
        self.bytes.push(rendered.bytes.len());
    }

    pub(crate) fn stats(
        self,
        jobs: usize,
        reports: usize,
        meter: Meter,
        since: Duration,
    ) -> RunStats {
        let seconds = (meter.clock)().saturating_sub(since).as_secs_f64();
        RunStats {
            jobs,
            seconds: (seconds * 1e3).round() / 1e3,
            reports_per_second: (reports as f64 / seconds.max(1e-6) * 10.0).round() / 10.0,
            peak_memory_bytes: (meter.peak_memory)(),
            compile_ms: Percentiles::of(self.compile),
            export_ms: Percentiles::of(self.export),
            pages: Percentiles::of(self.pages),
            bytes: Percentiles::of(self.bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_the_nearest() {
        let spread = |n: usize| {
            Percentiles::of((1..=n).rev().collect()).map(|s| [s.p50, s.p90, s.p99, s.max])
        };
        assert_eq!(spread(0), None);
        assert_eq!(spread(1), Some([1, 1, 1, 1]));
        assert_eq!(spread(10), Some([5, 9, 10, 10]));
        assert_eq!(spread(1000), Some([500, 900, 990, 1000]));
    }
}
