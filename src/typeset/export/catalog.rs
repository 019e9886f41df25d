//! What the catalog tells programs that show and print the file (ISO 32000-1, 12.2 and 12.4.2).

use std::fmt::Write as _;

use typst_layout::Page;

use super::objects::{Change, Objects};

/// The changes of the catalog: labels of the pages, and for a copy that is printed, whether on both sides. `None` if the
/// catalog is not as krilla writes it.
pub(super) fn changed(
    objects: &Objects,
    pages: &[Page],
    duplex: Option<bool>,
) -> Option<Vec<Change>> {
    let catalog = objects.catalog()?;
    let behind = |text: &[u8], new: String| {
        let end = objects.part(catalog, text)?.end;
        Some((end..end, new.into_bytes()))
    };
    // A file without it says the same, and Poppler takes the entry for a fault.
    let mut changes = vec![(objects.part(catalog, b"/Suspects false")?, Vec::new())];
    if let Some(labels) = page_labels(pages) {
        changes.push(behind(b"<</Type/Catalog", labels)?);
    }
    if let Some(duplex) = duplex {
        let sides = if duplex {
            "DuplexFlipLongEdge"
        } else {
            "Simplex"
        };
        let print = format!("/PrintScaling/None/Duplex/{sides}");
        changes.push(behind(b"/ViewerPreferences<<", print)?);
    }
    Some(changes)
}

/// Pages that are labelled alike: by their numbers, or by a word if they have none.
struct Labelled {
    at: usize,
    word: Option<String>,
    first: u64,
    count: u64,
}

/// The labels of pages as the numbers that they bear, where these are not their positions; pages without a number have
/// the supplement that the layout gives them.
fn page_labels(pages: &[Page]) -> Option<String> {
    let mut ranges: Vec<Labelled> = Vec::new();
    for (at, page) in pages.iter().enumerate() {
        let numbered = page.numbering.is_some();
        let word = (!numbered).then(|| page.supplement.plain_text().into());
        match ranges.last_mut() {
            Some(last)
                if last.word == word && (!numbered || last.first + last.count == page.number) =>
            {
                last.count += 1;
            }
            _ => ranges.push(Labelled {
                at,
                word,
                first: if numbered { page.number } else { 1 },
                count: 1,
            }),
        }
    }
    if let [all] = &ranges[..]
        && all.word.is_none()
        && all.first == 1
    {
        return None;
    }
    let mut labels = String::new();
    for Labelled {
        at,
        word,
        first,
        count,
    } in ranges
    {
        let _ = write!(labels, "{at}<<");
        let is_alone = word.is_some() && count == 1;
        if let Some(word) = word {
            let units = word.encode_utf16().map(|unit| format!("{unit:04X}"));
            let _ = write!(labels, "/P<FEFF{}>", units.collect::<String>());
        }
        let style = if is_alone {
            String::new()
        } else {
            format!("/S/D/St {first}")
        };
        let _ = write!(labels, "{style}>>");
    }
    Some(format!("/PageLabels<</Nums[{labels}]>>"))
}
