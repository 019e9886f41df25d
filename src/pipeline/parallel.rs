//! One report for each thread.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use rayon::ThreadPoolBuilder;

/// The stack of a thread, in bytes: what the main thread of a program has.
const STACK: usize = 8 << 20;

/// Works on one report after another with one thread.
///
/// Typst and the export would share one report among the threads of a pool, which wait for each other more
/// than they win.
pub fn alone<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let pool = ThreadPoolBuilder::new().num_threads(1).stack_size(STACK);
    match pool.build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(), // no more threads: then among those that there are
    }
}

/// Works on items with `jobs` threads and hands on what became of them, in no order. Once `stop` is
/// set or `take` returns, no further item is begun.
pub(crate) fn each<T: Sync, R: Send, S>(
    items: &[T],
    jobs: usize,
    stop: &AtomicBool,
    work: impl Fn(&T) -> R + Sync,
    take: impl FnOnce(&Receiver<R>) -> S,
) -> S {
    let next = AtomicUsize::new(0);
    let (send, receive) = sync_channel(jobs);
    thread::scope(|scope| {
        for _ in 0..jobs.min(items.len()) {
            let send = send.clone();
            let (next, work) = (&next, &work);
            let begin = move || {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if stop.load(Ordering::Relaxed) || send.send(work(item)).is_err() {
                        break;
                    }
                }
            };
            scope.spawn(move || alone(begin));
        }
        drop(send);
        let taken = take(&receive);
        drop(receive);
        taken
    })
}
