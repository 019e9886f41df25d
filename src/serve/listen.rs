//! The socket: connections that cost little while they are idle, and an end that loses no answer.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;

use super::app;
use super::options::Options;
use crate::error::Error;
use crate::form::Editions;

/// The most connections at once; more wait for one to end.
const CONNECTIONS: usize = 4096;
/// The longest time that a client may take to send the head of a request, or stay without one.
const HEAD: Duration = Duration::from_secs(30);
/// The longest time for which a client may take nothing of an answer.
const STALLED: Duration = Duration::from_secs(30);
/// The time for sending the remaining answers at the end, beyond the deadline.
const FAREWELL: Duration = Duration::from_secs(5);

/// Serves until the process is told to end (SIGINT, SIGTERM): then it accepts nothing more, answers what it
/// accepted, and returns. Port 0 is any free one; `told` gets the address once it listens.
///
/// # Errors
/// When it cannot listen.
pub fn run(
    editions: Editions,
    options: Options,
    address: SocketAddr,
    told: impl FnOnce(SocketAddr),
) -> Result<(), Error> {
    let failed = |cause| Error::Listen { address, cause };
    many_files();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(failed)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let own = listener.local_addr().map_err(failed)?;
        tracing::info!(address = %own, "listening");
        told(own);
        let ending = ending().map_err(|cause| Error::Signals { cause })?;
        let last = options.deadline + FAREWELL;
        serve(listener, &app(editions, options), ending, last).await;
        Ok(())
    })
}

async fn serve(
    listener: TcpListener,
    app: &Router,
    ending: impl Future<Output = ()>,
    last: Duration,
) {
    let mut ending = std::pin::pin!(ending);
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let next = async {
            let room = room.clone().acquire_owned().await;
            (listener.accept().await, room)
        };
        let (accepted, place) = tokio::select! {
            next = next => next,
            () = &mut ending => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            // Such as too many open files: others may close theirs.
            Err(cause) => {
                tracing::warn!(%cause, "a connection was not taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(io_of(stream), TowerToHyperService::new(app.clone()));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // Why a client has gone is its own affair.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    tracing::info!("ending: nothing more is taken");
    if tokio::time::timeout(last, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some clients did not take their answers");
    }
}

fn io_of(stream: TcpStream) -> TokioIo<std::pin::Pin<Box<TimeoutStream<TcpStream>>>> {
    // Answers are written whole, so nothing is gained by waiting for more.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALLED));
    TokioIo::new(Box::pin(stream))
}

/// The future that completes when the process is told to end.
fn ending() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Raises the limit of open files, and so of connections, to the most that the system allows.
fn many_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        let _ = setrlimit(Resource::Nofile, limit);
    }
}
