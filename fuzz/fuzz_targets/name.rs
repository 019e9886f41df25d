//! Any text as the name of a file in the PDF of an archive: what is taken leads to one file below its folder.

#![no_main]

use std::path::{Component, Path};

use libfuzzer_sys::fuzz_target;
use nianbao::report::AttachmentName;

fuzz_target!(|names: (&str, &str)| {
    let [one, other] = [names.0, names.1].map(AttachmentName::new);
    let Ok(one) = one else { return };
    assert!(one.as_str().len() <= 1_000);
    for step in Path::new(one.as_str()).components() {
        let Component::Normal(step) = step else {
            panic!("{one:?}");
        };
        assert!(step.len() <= 255);
    }
    if let Ok(other) = other {
        assert_eq!(one.excludes(&other), other.excludes(&one));
    }
});
