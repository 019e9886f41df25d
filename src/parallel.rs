//! Many items on several threads, one for each: in any order, or handed on in theirs. Memory is bounded by the
//! number of threads, and a flag ends the work.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use rayon::ThreadPoolBuilder;

/// The stack of a thread, in bytes: what the main thread of a program has.
const STACK: usize = 8 << 20;
/// The results per thread that may wait for one before them, which bounds memory.
const IN_HAND: usize = 16;

/// The number of threads by default: one per core, or `RAYON_NUM_THREADS`.
#[must_use]
pub fn threads() -> usize {
    rayon::current_num_threads()
}

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

/// Works on items with `jobs` threads; `take` receives the results in any order. Once `stop` is set or `take`
/// returns, no further item is begun.
pub(crate) fn each<T: Sync, R: Send, S>(
    items: &[T],
    jobs: usize,
    stop: &AtomicBool,
    work: impl Fn(&T) -> R + Sync,
    take: impl FnOnce(&Receiver<R>) -> S,
) -> S {
    spread(items.len(), jobs, stop, None, |at| work(&items[at]), take)
}

/// Works on items with `jobs` threads; `take` receives the results in the order of the items. Once `stop` is set
/// or `take` returns, no further item is begun, and results behind one that is left out do not come.
pub fn in_order<T: Sync, R: Send, S>(
    items: &[T],
    jobs: usize,
    stop: &AtomicBool,
    work: impl Fn(&T) -> R + Sync,
    take: impl FnOnce(&mut dyn Iterator<Item = R>) -> S,
) -> S {
    let window = Window::of(IN_HAND.saturating_mul(jobs.max(1)));
    let work = |at: usize| (at, work(&items[at]));
    spread(items.len(), jobs, stop, Some(&window), work, |results| {
        // However `take` ends, nobody waits for it any longer.
        let _closing = Closing::new(&window);
        take(&mut Ordered {
            results,
            early: BTreeMap::new(),
            next: 0,
            window: &window,
        })
    })
}

/// The threads of both.
fn spread<R: Send, S>(
    count: usize,
    jobs: usize,
    stop: &AtomicBool,
    window: Option<&Window>,
    work: impl Fn(usize) -> R + Sync,
    take: impl FnOnce(&Receiver<R>) -> S,
) -> S {
    let next = AtomicUsize::new(0);
    let (send, receive) = sync_channel(jobs);
    thread::scope(|scope| {
        for _ in 0..jobs.min(count) {
            let send = send.clone();
            let (next, work) = (&next, &work);
            let begin = move || {
                let closing = window.map(Closing::new);
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        break;
                    }
                    let is_open = window.is_none_or(|window| window.wait_for(at));
                    if !is_open || stop.load(Ordering::Relaxed) || send.send(work(at)).is_err() {
                        return; // an item is left out, so those behind it never have their turn
                    }
                }
                if let Some(closing) = closing {
                    closing.cancel();
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

/// Results in the order of their items. What comes before its turn waits for it.
struct Ordered<'a, R> {
    results: &'a Receiver<(usize, R)>,
    early: BTreeMap<usize, R>,
    next: usize,
    window: &'a Window,
}

impl<R> Iterator for Ordered<'_, R> {
    type Item = R;

    fn next(&mut self) -> Option<R> {
        let result = loop {
            if let Some(result) = self.early.remove(&self.next) {
                break result;
            }
            let (at, result) = self.results.recv().ok()?;
            self.early.insert(at, result);
        };
        self.next += 1;
        self.window.advance(self.next);
        Some(result)
    }
}

/// The items that may be worked on: those whose results would not have to wait long for their turn.
struct Window {
    /// The first item whose result was not handed on yet; `None` once nobody takes results any more.
    first: Mutex<Option<usize>>,
    moved: Condvar,
    size: usize,
}

impl Window {
    fn of(size: usize) -> Self {
        Self {
            first: Mutex::new(Some(0)),
            moved: Condvar::new(),
            size,
        }
    }

    /// Waits until an item may be worked on; `false` if it never may. The item whose turn it is never waits.
    fn wait_for(&self, at: usize) -> bool {
        let ahead = |first: &mut Option<usize>| first.is_some_and(|first| at - first >= self.size);
        let first = self.moved.wait_while(self.first(), ahead);
        first.unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn advance(&self, next: usize) {
        if let Some(first) = &mut *self.first() {
            *first = next;
        }
        self.moved.notify_all();
    }

    fn close(&self) {
        *self.first() = None;
        self.moved.notify_all();
    }

    fn first(&self) -> MutexGuard<'_, Option<usize>> {
        self.first.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes a window when it is dropped, even by a panic, so that no thread waits for a turn that never comes.
struct Closing<'a>(Option<&'a Window>);

impl<'a> Closing<'a> {
    fn new(window: &'a Window) -> Self {
        Self(Some(window))
    }

    fn cancel(mut self) {
        self.0 = None;
    }
}

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        if let Some(window) = self.0 {
            window.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::time::Duration;

    use super::*;

    const JOBS: usize = 3;

    fn in_order_of<R: Send>(count: usize, work: impl Fn(usize) -> R + Sync) -> Vec<R> {
        let items: Vec<usize> = (0..count).collect();
        let stop = AtomicBool::new(false);
        in_order(
            &items,
            JOBS,
            &stop,
            |item| work(*item),
            |results| results.collect(),
        )
    }

    #[test]
    fn results_come_in_the_order_of_their_items() {
        for count in [0, 1, 2, 500] {
            let late = |item: usize| {
                if item.is_multiple_of(7) {
                    thread::sleep(Duration::from_millis(1));
                }
                item
            };
            let expected: Vec<usize> = (0..count).collect();
            assert_eq!(in_order_of(count, late), expected);
        }
    }

    #[test]
    fn no_more_results_wait_than_the_window_has() {
        // The first is only done once all others that may be begun have been.
        let begun = AtomicUsize::new(0);
        let most = IN_HAND * JOBS;
        let counts = in_order_of(10 * most, |item| {
            let count = begun.fetch_add(1, Ordering::SeqCst) + 1;
            while item == 0 && begun.load(Ordering::SeqCst) < most {
                thread::yield_now();
            }
            if item == 0 {
                thread::sleep(Duration::from_millis(20));
                return begun.load(Ordering::SeqCst);
            }
            count
        });
        assert_eq!(counts.len(), 10 * most);
        assert_eq!(counts[0], most);
    }

    #[test]
    fn a_flag_or_whoever_takes_ends_the_work() {
        let items: Vec<usize> = (0..10_000).collect();
        let stop = AtomicBool::new(false);
        let begun = AtomicUsize::new(0);
        let work = |item: &usize| {
            begun.fetch_add(1, Ordering::Relaxed);
            *item
        };
        let taken = in_order(&items, JOBS, &stop, work, |results| {
            let first: Vec<usize> = results.take(5).collect();
            stop.store(true, Ordering::Relaxed);
            (first, results.count())
        });
        assert_eq!(taken.0, [0, 1, 2, 3, 4]);
        assert!(taken.1 <= (IN_HAND + 2) * JOBS, "{}", taken.1);
        begun.store(0, Ordering::Relaxed);
        stop.store(false, Ordering::Relaxed);
        let last = in_order(&items, JOBS, &stop, work, |results| results.nth(2));
        assert_eq!(last, Some(2));
        assert!(begun.load(Ordering::Relaxed) <= (IN_HAND + 2) * JOBS);
    }

    #[test]
    fn a_panic_keeps_nobody_waiting() {
        let panics = |item: usize| assert_ne!(item, 1);
        let panicked = catch_unwind(AssertUnwindSafe(|| in_order_of(1000, panics)));
        assert!(panicked.is_err());
        let items: Vec<usize> = (0..1000).collect();
        let stop = AtomicBool::new(false);
        let refuses = || in_order(&items, JOBS, &stop, |_| (), |_| panic!("no more"));
        assert!(catch_unwind(AssertUnwindSafe(refuses)).is_err());
    }
}
