//! Reading any bytes as a PDF of any program: blocks by what its pages draw. No input may panic.

#![no_main]

use std::hint::black_box;

use libfuzzer_sys::fuzz_target;
use nianbao::import::read;

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"%PDF-") {
        black_box(read(bytes).ok());
        return;
    }
    // What the pages of a small PDF draw.
    let mut pdf = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 4 0 R>>>>>>endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>endobj\n".to_vec();
    pdf.extend(format!("4 0 obj<</Subtype/Form/BBox[0 0 99 99]/Length {}>>stream\n", bytes.len()).as_bytes());
    pdf.extend(bytes);
    pdf.extend(b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n");
    black_box(read(&pdf).ok());
});
