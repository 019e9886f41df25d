//! Notices files that are added to `layouts/`: the macro that compiles them in sees only those that
//! were there before.

fn main() {
    println!("cargo::rerun-if-changed=layouts");
}
