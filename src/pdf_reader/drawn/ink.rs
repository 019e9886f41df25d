//! Paths: which of them are rules.

use lopdf::Object;

use super::MAX_POINTS;
use super::page::Rule;
use crate::pdf_reader::file::PdfFault;
use crate::pdf_reader::matrix::{Matrix, apply};

/// The thickest filled shape and the thickest line that are rules, in points.
const THICKEST_SHAPE: f64 = 3.0;
const THICKEST_LINE: f64 = 6.0;
/// How near to white a colour is that leaves no ink: that of a ground.
const PALE: f32 = 0.1;
/// How far a rule may be from upright or level, in points.
const SLANT: f64 = 0.5;

/// A path that is under construction, in points of the page.
#[derive(Default)]
pub(super) struct Path {
    parts: Vec<Part>,
    points: usize,
}

#[derive(Default)]
struct Part {
    points: Vec<[f64; 2]>,
    curved: bool,
    closed: bool,
}

impl Path {
    pub fn begin(&mut self, point: [f64; 2]) -> Result<(), PdfFault> {
        self.parts.push(Part::default());
        self.line(point)
    }

    pub fn line(&mut self, point: [f64; 2]) -> Result<(), PdfFault> {
        self.points += 1;
        if self.points > MAX_POINTS {
            return Err(PdfFault::TooMuch);
        }
        if let Some(part) = self.parts.last_mut() {
            part.points.push(point);
        }
        Ok(())
    }

    pub fn curve(&mut self, point: [f64; 2]) -> Result<(), PdfFault> {
        if let Some(part) = self.parts.last_mut() {
            part.curved = true;
        }
        self.line(point)
    }

    pub fn close(&mut self) {
        if let Some(part) = self.parts.last_mut() {
            part.closed = true;
        }
    }

    pub fn rectangle(
        &mut self,
        matrix: Matrix,
        [x, y, width, height]: [f64; 4],
    ) -> Result<(), PdfFault> {
        self.begin(apply(matrix, [x, y]))?;
        self.line(apply(matrix, [x + width, y]))?;
        self.line(apply(matrix, [x + width, y + height]))?;
        self.line(apply(matrix, [x, y + height]))?;
        self.close();
        Ok(())
    }

    /// The edges of all of it.
    pub fn edges(&self) -> [f64; 4] {
        self.parts
            .iter()
            .map(Part::edges)
            .reduce(around)
            .unwrap_or_default()
    }

    /// The rules that a frame between two rectangles is, if it is one.
    fn frame(&self) -> Option<Vec<Rule>> {
        let [a, b] = &self.parts[..] else { return None };
        let (outer, inner) = if holds(a.edges(), b.edges()) {
            (a, b)
        } else {
            (b, a)
        };
        let (of, within) = (outer.edges(), inner.edges());
        let widths = [
            within[0] - of[0],
            within[1] - of[1],
            of[2] - within[2],
            of[3] - within[3],
        ];
        let thin = widths
            .iter()
            .all(|width| (0.0..=THICKEST_SHAPE).contains(width));
        if !(thin && outer.is_straight() && inner.is_straight()) {
            return None;
        }
        let middle = |side: usize| f64::midpoint(of[side], within[side]);
        let [x0, y0, x1, y1] = [middle(0), middle(1), middle(2), middle(3)];
        let rule = |x0, y0, x1, y1| Rule { x0, y0, x1, y1 };
        let sides = [
            rule(x0, y0, x0, y1),
            rule(x0, y0, x1, y0),
            rule(x1, y0, x1, y1),
            rule(x0, y1, x1, y1),
        ];
        Some(
            sides
                .into_iter()
                .zip(widths)
                .filter(|(_, width)| *width > 0.01)
                .map(|(side, _)| side)
                .collect(),
        )
    }

    /// The rules that its strokes are, of a pen of a width, and the edges of those that are none.
    pub fn stroked(&self, width: f64) -> (Vec<Rule>, Vec<[f64; 4]>) {
        let (mut rules, mut shapes) = (Vec::new(), Vec::new());
        for part in &self.parts {
            if part.curved || width > THICKEST_LINE {
                shapes.push(part.edges());
                continue;
            }
            let back = part.points.first().filter(|_| part.closed);
            let ends = part.points.iter().skip(1).chain(back);
            for (a, b) in part.points.iter().zip(ends) {
                let edges = [
                    a[0].min(b[0]),
                    a[1].min(b[1]),
                    a[0].max(b[0]),
                    a[1].max(b[1]),
                ];
                let before = rules.len();
                rules.extend(along(edges, SLANT));
                if rules.len() == before {
                    shapes.push(edges);
                }
            }
        }
        (rules, shapes)
    }

    /// The rules that its thin parts within edges are when filled, and the edges of the others. `even` leaves holes.
    pub fn filled(&self, clip: [f64; 4], even: bool) -> (Vec<Rule>, Vec<[f64; 4]>) {
        let (mut rules, mut shapes) = (Vec::new(), Vec::new());
        if let Some(frame) = self.frame().filter(|_| even && !is_thin(clip)) {
            return (frame, shapes);
        }
        for part in &self.parts {
            let [x0, y0, x1, y1] = part.edges();
            let edges = [
                x0.max(clip[0]),
                y0.max(clip[1]),
                x1.min(clip[2]),
                y1.min(clip[3]),
            ];
            if edges[0] > edges[2] || edges[1] > edges[3] {
                continue;
            }
            if !is_thin(edges) || part.curved {
                shapes.push(edges);
                continue;
            }
            rules.extend(along(edges, THICKEST_SHAPE));
        }
        (rules, shapes)
    }
}

fn is_thin([x0, y0, x1, y1]: [f64; 4]) -> bool {
    (x1 - x0).min(y1 - y0) <= THICKEST_SHAPE
}

/// Whether an area is within another.
fn holds(outer: [f64; 4], inner: [f64; 4]) -> bool {
    outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3]
}

/// The edges of two areas together.
fn around(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [
        a[0].min(b[0]),
        a[1].min(b[1]),
        a[2].max(b[2]),
        a[3].max(b[3]),
    ]
}

impl Part {
    fn edges(&self) -> [f64; 4] {
        let none = [
            f64::INFINITY,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NEG_INFINITY,
        ];
        self.points.iter().fold(none, |[x0, y0, x1, y1], [x, y]| {
            [x0.min(*x), y0.min(*y), x1.max(*x), y1.max(*y)]
        })
    }

    fn is_straight(&self) -> bool {
        let ends = self.points.iter().skip(1).chain(self.points.first());
        let straight = |(a, b): (&[f64; 2], &[f64; 2])| {
            (a[0] - b[0]).abs() < SLANT || (a[1] - b[1]).abs() < SLANT
        };
        !self.curved && self.points.iter().zip(ends).all(straight)
    }
}

/// The rules along the middle of edges that are no further apart than `thin`: both for a dot.
fn along([x0, y0, x1, y1]: [f64; 4], thin: f64) -> impl Iterator<Item = Rule> {
    let (x, y) = (f64::midpoint(x0, x1), f64::midpoint(y0, y1));
    let level = Rule {
        x0,
        y0: y,
        x1,
        y1: y,
    };
    let upright = Rule {
        x0: x,
        y0,
        x1: x,
        y1,
    };
    let (width, height) = (x1 - x0, y1 - y0);
    // What is much longer than thick is one rule; a dot may be of either.
    let level = (height <= thin && width.max(1.0) >= height).then_some(level);
    let upright = (width <= thin && height.max(1.0) >= width).then_some(upright);
    level.into_iter().chain(upright).filter(|rule| {
        [rule.x0, rule.y0, rule.x1, rule.y1]
            .iter()
            .all(|n| n.is_finite())
    })
}

/// A part of `rule` within edges; `None` if there is none.
pub(super) fn within(rule: Rule, clip: [f64; 4]) -> Option<Rule> {
    let cut = Rule {
        x0: rule.x0.max(clip[0]),
        y0: rule.y0.max(clip[1]),
        x1: rule.x1.min(clip[2]),
        y1: rule.y1.min(clip[3]),
    };
    (cut.x0 <= cut.x1 && cut.y0 <= cut.y1).then_some(cut)
}

/// Whether the colour of operands leaves no ink on paper: white of one, three or four parts. Of an ink of
/// its own, none.
pub(super) fn is_white(operands: &[Object], own_ink: bool) -> bool {
    let parts: Option<Vec<f32>> = operands.iter().map(|o| o.as_float().ok()).collect();
    let Some(parts) = parts else { return false };
    let all =
        |wanted: f32| !parts.is_empty() && parts.iter().all(|part| (part - wanted).abs() < PALE);
    match parts.len() {
        1 | 3 if !own_ink => all(1.0),
        _ => all(0.0),
    }
}
