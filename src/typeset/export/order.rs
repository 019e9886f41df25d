//! The order in which pages are drawn, which is that of search, of copied text and of programs that know no tags.
//!
//! A cell of several rows is laid out when the last of them is, and Typst draws it before that row: the label of an
//! outcome would stand behind all rows that it heads but one. Here the cells of such a table are put in the order of its
//! rows. Nothing moves.

use typst::foundations::{Packed, StyleChain};
use typst::introspection::{Location, Tag};
use typst::layout::{Frame, FrameItem, GroupItem, Point, Transform};
use typst::model::{Document as _, TableCell};
use typst_layout::{Page, PagedDocument};

type Item = (Point, FrameItem);

/// The document with all cells in order; `None` if they are.
pub(super) fn by_rows(document: &PagedDocument) -> Option<PagedDocument> {
    let frames = document.pages().iter().map(|page| ordered(&page.frame));
    let frames: Vec<_> = frames.collect();
    frames.iter().any(Option::is_some).then(|| {
        let pages = document.pages().iter().zip(frames);
        let pages = pages.map(|(page, frame)| Page {
            frame: frame.unwrap_or_else(|| page.frame.clone()),
            ..page.clone()
        });
        PagedDocument::new(pages.collect(), document.info().clone())
    })
}

/// A frame with the cells of its tables in order; `None` if nothing changes.
fn ordered(frame: &Frame) -> Option<Frame> {
    if let Some(items) = cells_by_rows(frame) {
        let mut table = frame.clone();
        table.clear();
        table.push_multiple(items);
        return Some(table);
    }
    let inner = frame.items().map(|(_, item)| match item {
        FrameItem::Group(group) => ordered(&group.frame),
        _ => None,
    });
    let mut inner: Vec<_> = inner.collect();
    if inner.iter().all(Option::is_none) {
        return None;
    }
    let mut frame = frame.clone();
    let mut inner = inner.drain(..);
    frame.retain(|item| {
        if let (FrameItem::Group(group), Some(Some(frame))) = (item, inner.next()) {
            group.frame = frame;
        }
        true
    });
    Some(frame)
}

/// The items of a table's frame, cell by cell; `None` if no cell of it takes several rows, or if it has something
/// between its cells.
fn cells_by_rows(frame: &Frame) -> Option<Vec<Item>> {
    let is_tall = |cell: &Packed<TableCell>| cell.rowspan.get(StyleChain::default()).get() > 1;
    let mut items = frame.items();
    items.find(|(_, item)| begins(item).is_some_and(is_tall))?;
    let mut before = Vec::new();
    let mut cells: Vec<((usize, usize), Vec<Item>)> = Vec::new();
    let mut behind = Vec::new();
    let mut open: Option<Location> = None;
    for (at, item) in unwrapped(frame) {
        if let Some(location) = open {
            if matches!(&item, FrameItem::Tag(Tag::End(end, ..)) if *end == location) {
                open = None;
            }
            cells.last_mut()?.1.push((at, item));
        } else if let Some(cell) = begins(&item) {
            if !behind.is_empty() {
                return None;
            }
            let place = place(cell)?;
            open = begun(&item).and_then(Packed::location);
            cells.push((place, vec![(at, item)]));
        } else if cells.is_empty() {
            before.push((at, item));
        } else {
            behind.push((at, item));
        }
    }
    cells.sort_by_key(|(place, _)| *place);
    let cells = cells.into_iter().flat_map(|(_, items)| items);
    Some(before.into_iter().chain(cells).chain(behind).collect())
}

/// The items of a table's frame, with those of its rows.
fn unwrapped(frame: &Frame) -> Vec<Item> {
    let mut items = Vec::new();
    for (at, item) in frame.items() {
        match item {
            FrameItem::Group(row) if is_row(item, row) => {
                let cells = row.frame.items();
                items.extend(cells.map(|(inner, item)| (*at + *inner, item.clone())));
            }
            _ => items.push((*at, item.clone())),
        }
    }
    items
}

/// Whether a group is a row of cells and nothing else.
fn is_row(item: &FrameItem, group: &GroupItem) -> bool {
    let plain = group.transform == Transform::identity()
        && group.clip.is_none()
        && group.label.is_none()
        && group.parent.is_none();
    let first = group.frame.items().next().map(|(_, item)| item);
    plain && whole(item).is_none() && first.is_some_and(|first| begins(first).is_some())
}

/// The cell that an item is the beginning of, or all of.
fn begins(item: &FrameItem) -> Option<&Packed<TableCell>> {
    begun(item).or_else(|| whole(item))
}

/// The cell that an item is the beginning of.
fn begun(item: &FrameItem) -> Option<&Packed<TableCell>> {
    match item {
        FrameItem::Tag(Tag::Start(content, _)) => content.to_packed(),
        _ => None,
    }
}

/// The cell that an item is all of.
fn whole(item: &FrameItem) -> Option<&Packed<TableCell>> {
    let FrameItem::Group(group) = item else {
        return None;
    };
    let mut items = group.frame.items().map(|(_, item)| item);
    let cell = begun(items.next()?)?;
    match items.next_back()? {
        FrameItem::Tag(Tag::End(end, ..)) if Some(*end) == cell.location() => Some(cell),
        _ => None,
    }
}

/// The row and the column of a cell.
fn place(cell: &Packed<TableCell>) -> Option<(usize, usize)> {
    let (x, y) = (
        cell.x.get(StyleChain::default()),
        cell.y.get(StyleChain::default()),
    );
    y.custom().zip(x.custom())
}
