//! The counters of the service, for Prometheus.

use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// The upper bounds of the histogram, in seconds.
const BOUNDS: [f64; 12] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    path: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    path: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RestartLabels {
    reason: &'static str,
}

/// A number of things at the moment.
pub(super) type Count = Gauge<i64, AtomicI64>;

/// The counters of one service.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabels, Histogram, fn() -> Histogram>,
    restarts: Family<RestartLabels, Counter>,
    /// The number of requests that wait for a worker.
    pub waiting: Count,
    /// The number of workers at work.
    pub busy: Count,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("nianbao");
        let requests = Family::<RequestLabels, Counter<u64, AtomicU64>>::default();
        let histogram: fn() -> Histogram = || Histogram::new(BOUNDS);
        let seconds = Family::new_with_constructor(histogram);
        let restarts = Family::<RestartLabels, Counter>::default();
        // There before the first, so that a change of them is one.
        for reason in ["died", "deadline"] {
            drop(restarts.get_or_create(&RestartLabels { reason }));
        }
        let (waiting, busy) = (Gauge::default(), Gauge::default());
        registry.register("requests", "Requests by path and status", requests.clone());
        registry.register_with_unit(
            "request_duration",
            "Time to an answer",
            Unit::Seconds,
            seconds.clone(),
        );
        registry.register("queue", "Requests that wait for a worker", waiting.clone());
        registry.register("workers_busy", "Workers at work", busy.clone());
        registry.register(
            "workers_restarted",
            "Workers that were started in place of one that ended",
            restarts.clone(),
        );
        Self {
            registry,
            requests,
            seconds,
            restarts,
            waiting,
            busy,
        }
    }
}

impl Metrics {
    /// Counts a response.
    pub fn answered(&self, path: &str, status: u16, took: Duration) {
        let path = path.to_owned();
        let seconds = took.as_secs_f64();
        self.seconds
            .get_or_create(&RouteLabels { path: path.clone() })
            .observe(seconds);
        self.requests
            .get_or_create(&RequestLabels { path, status })
            .inc();
    }

    /// The counters in the text format of `OpenMetrics` 1.0.
    ///
    /// # Errors
    /// Never, unless a name is not one of that format.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut body = String::new();
        text::encode(&mut body, &self.registry)?;
        Ok(body)
    }

    /// Counts a worker that ended.
    pub fn restarted(&self, reason: &'static str) {
        self.restarts.get_or_create(&RestartLabels { reason }).inc();
    }
}
