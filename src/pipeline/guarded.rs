//! A guard by which a defect of the program at one report costs that report alone.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The result of work on one report, or the message of its panic.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic: Box<dyn Any + Send>| {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        format!("a defect of nianbao: {}", text.unwrap_or("it panicked"))
    })
}
