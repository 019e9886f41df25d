//! Drawings of lines and areas of colour, such as charts: what is written in them is no text of the report.

use super::lines::Line;

/// The gap between parts of one drawing, and how far its words stand outside of them, in points.
const GAP: f64 = 40.0;
const AROUND: [f64; 2] = [40.0, 16.0];
/// The least size of a drawing in points, and the least number of its parts.
const LEAST: [f64; 2] = [50.0, 30.0];
const PARTS: usize = 3;
/// The share of a page from which an area is its ground.
const GROUND: f64 = 0.6;
/// The most parts that are looked at.
const MOST: usize = 1_000;

/// The edges of the drawings that shapes make on a page of a size: not the grounds of tables, nor those of words.
pub(super) fn charts(shapes: &[[f64; 4]], tables: &[[f64; 4]], page: [f64; 2]) -> Vec<[f64; 4]> {
    let is_part = |[x0, y0, x1, y1]: &[f64; 4]| {
        let middle = [f64::midpoint(*x0, *x1), f64::midpoint(*y0, *y1)];
        let in_table = |table: &[f64; 4]| {
            (table[0]..=table[2]).contains(&middle[0]) && (table[1]..=table[3]).contains(&middle[1])
        };
        let ground = (x1 - x0) * (y1 - y0) > GROUND * page[0] * page[1];
        !ground && !tables.iter().any(in_table)
    };
    let mut drawings: Vec<([f64; 4], usize)> = Vec::new();
    for shape in shapes.iter().filter(|shape| is_part(shape)).take(MOST) {
        let (mut whole, mut parts) = (*shape, 1);
        drawings.retain(|(other, count)| {
            let near = whole[0] - GAP <= other[2]
                && other[0] <= whole[2] + GAP
                && whole[1] - GAP <= other[3]
                && other[1] <= whole[3] + GAP;
            if near {
                whole = around(whole, *other);
                parts += count;
            }
            !near
        });
        drawings.push((whole, parts));
    }
    let is_large = |(area, parts): &([f64; 4], usize)| {
        area[2] - area[0] >= LEAST[0] && area[3] - area[1] >= LEAST[1] && *parts >= PARTS
    };
    drawings
        .into_iter()
        .filter(is_large)
        .map(|(area, _)| area)
        .collect()
}

/// Whether a line stands in a drawing, or beside its edges as the words of an axis do.
pub(super) fn is_in(line: &Line, [left, top, right, bottom]: [f64; 4]) -> bool {
    let [across, down] = AROUND;
    let middle = line.middle();
    left - across <= line.left()
        && line.right() <= right + across
        && top - down <= middle
        && middle <= bottom + down
}

fn around(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [
        a[0].min(b[0]),
        a[1].min(b[1]),
        a[2].max(b[2]),
        a[3].max(b[3]),
    ]
}
