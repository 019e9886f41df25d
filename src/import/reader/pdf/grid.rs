//! Grids of rules: which fields they enclose, and which of these are one cell.

use crate::pdf_reader::drawn::Rule;

/// How far apart pieces of one rule may be, beside each other and behind each other, in points.
const BESIDE: f64 = 0.8;
const BEHIND: f64 = 2.0;
/// How far rules may miss each other that touch.
const TOUCH: f64 = 2.0;
/// How far apart rules are that are one edge: a double rule is one.
const EDGE: f64 = 3.0;
/// The shortest level and upright rules of a table.
const SHORTEST: [f64; 2] = [6.0, 4.0];
/// How far rules stick out where the rule across their ends is missing.
const OUT: f64 = 5.0;
/// The highest row of one line.
const ROW: f64 = 30.0;
/// The widest column that is none if no row has both its edges: it is how far a row is set aside.
const SLIVER: f64 = 14.0;
/// The share of an edge that is ruled where it parts two cells.
const PARTED: f64 = 0.6;
/// The most rules of a page, joined, and the most fields of a grid. A report has 60 and 300.
pub(super) const MAX_LINES: usize = 3_000;
pub(super) const MAX_FIELDS: usize = 50_000;

/// A rule, joined of its pieces: where it stands across, and where it begins and ends along.
#[derive(Clone, Copy, Debug)]
struct Line {
    at: f64,
    from: f64,
    to: f64,
}

/// A grid of rules that touch.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    /// The edges of its columns, and of its rows.
    pub xs: Vec<f64>,
    pub ys: Vec<f64>,
    /// The edges of the columns in each row, some of which are set aside.
    pub row_xs: Vec<Vec<f64>>,
    /// Left, top, right, bottom.
    pub area: [f64; 4],
    /// Its cells in reading order.
    pub cells: Vec<GridCell>,
}

/// A cell of a grid, by its first and last edges.
#[derive(Clone, Debug)]
pub(super) struct GridCell {
    pub rows: [usize; 2],
    pub columns: [usize; 2],
    /// Whether it is a part of a region that is no rectangle.
    pub odd: bool,
}

/// The grids of a page from top to bottom; `None` if there is more than a page of a report has.
pub(super) fn grids(rules: &[Rule]) -> Option<Vec<Grid>> {
    let is_level = |rule: &&Rule| rule.y1 - rule.y0 <= rule.x1 - rule.x0;
    let level = rules.iter().filter(is_level).map(|rule| Line {
        at: f64::midpoint(rule.y0, rule.y1),
        from: rule.x0,
        to: rule.x1,
    });
    let upright = rules
        .iter()
        .filter(|rule| !is_level(rule) || rule.x1 - rule.x0 <= f64::EPSILON)
        .map(|rule| Line {
            at: f64::midpoint(rule.x0, rule.x1),
            from: rule.y0,
            to: rule.y1,
        });
    let level = joined(level.collect(), SHORTEST[0]);
    let upright = joined(upright.collect(), SHORTEST[1]);
    if level.len() + upright.len() > MAX_LINES {
        return None;
    }
    let mut grids = Vec::new();
    for (level, upright) in connected(&level, &upright) {
        grids.extend(grid(&level, &upright)?);
    }
    grids.sort_by(|a, b| {
        a.ys[0]
            .total_cmp(&b.ys[0])
            .then(a.xs[0].total_cmp(&b.xs[0]))
    });
    Some(grids)
}

/// The rules that pieces make together, without short ones.
fn joined(mut pieces: Vec<Line>, shortest: f64) -> Vec<Line> {
    pieces.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut lines: Vec<Line> = Vec::new();
    let mut rest = &mut pieces[..];
    while !rest.is_empty() {
        let end = (1..rest.len()).find(|i| rest[*i].at - rest[*i - 1].at > BESIDE);
        let (beside, after) = rest.split_at_mut(end.unwrap_or(rest.len()));
        rest = after;
        beside.sort_by(|a, b| a.from.total_cmp(&b.from));
        let at = beside[beside.len() / 2].at;
        let mut open: Option<Line> = None;
        for piece in beside {
            match &mut open {
                Some(line) if piece.from <= line.to + BEHIND => line.to = line.to.max(piece.to),
                _ => lines.extend(open.replace(Line { at, ..*piece })),
            }
        }
        lines.extend(open);
    }
    lines.retain(|line| line.to - line.from >= shortest);
    lines
}

/// The rules that touch, together.
fn connected(level: &[Line], upright: &[Line]) -> Vec<(Vec<Line>, Vec<Line>)> {
    let mut groups = Groups::new(level.len() + upright.len());
    for (i, across) in level.iter().enumerate() {
        for (j, down) in upright.iter().enumerate() {
            let touches = |at: f64, line: &Line| line.from - TOUCH <= at && at <= line.to + TOUCH;
            if touches(down.at, across) && touches(across.at, down) {
                groups.join(i, level.len() + j);
            }
        }
    }
    // Of tables without rules at their sides, a row without any across hangs together by the rules above and below.
    let at_end = |line: &Line, end: f64| {
        let stands = |down: &&Line| {
            (down.at - end).abs() <= TOUCH
                && down.from - TOUCH <= line.at
                && line.at <= down.to + TOUCH
        };
        upright.iter().any(|down| stands(&down))
    };
    let open: Vec<usize> = (0..level.len())
        .filter(|i| !at_end(&level[*i], level[*i].from) && !at_end(&level[*i], level[*i].to))
        .collect();
    for pair in open.windows(2) {
        let [above, below] = [&level[pair[0]], &level[pair[1]]];
        let alike =
            (above.from - below.from).abs() <= TOUCH && (above.to - below.to).abs() <= TOUCH;
        if alike && below.at - above.at <= ROW {
            groups.join(pair[0], pair[1]);
        }
    }
    let mut found: Vec<(usize, Vec<Line>, Vec<Line>)> = Vec::new();
    for i in 0..level.len() + upright.len() {
        let group = groups.of(i);
        let at = found
            .iter()
            .position(|(known, _, _)| *known == group)
            .unwrap_or_else(|| {
                found.push((group, Vec::new(), Vec::new()));
                found.len() - 1
            });
        match level.get(i) {
            Some(line) => found[at].1.push(*line),
            None => found[at].2.push(upright[i - level.len()]),
        }
    }
    let found = found
        .into_iter()
        .map(|(_, level, upright)| (level, upright));
    found
        .filter(|(level, upright)| !level.is_empty() && !upright.is_empty())
        .collect()
}

/// The edges that lines across are, with the ends of the lines along them that stick out.
fn edges(across: &[Line], along: &[Line]) -> Vec<f64> {
    let mut places: Vec<f64> = across.iter().map(|line| line.at).collect();
    places.sort_by(f64::total_cmp);
    let mut edges: Vec<Vec<f64>> = Vec::new();
    for place in places {
        match edges.last_mut() {
            Some(edge) if edge.last().is_some_and(|last| place - last <= EDGE) => edge.push(place),
            _ => edges.push(vec![place]),
        }
    }
    let mut edges: Vec<f64> = edges
        .iter()
        .map(|edge| edge.iter().sum::<f64>() / edge.len() as f64)
        .collect();
    let first = along
        .iter()
        .map(|line| line.from)
        .fold(f64::INFINITY, f64::min);
    let last = along
        .iter()
        .map(|line| line.to)
        .fold(f64::NEG_INFINITY, f64::max);
    if edges.first().is_some_and(|edge| first < edge - OUT) {
        edges.insert(0, first);
    }
    if edges.last().is_some_and(|edge| last > edge + OUT) {
        edges.push(last);
    }
    edges
}

/// The grid of rules that touch, if it has more fields than one: a frame is none. `None` if it has too many.
fn grid(level: &[Line], upright: &[Line]) -> Option<Vec<Grid>> {
    let (mut xs, ys) = (edges(upright, level), edges(level, upright));
    let [columns, rows] = [xs.len().saturating_sub(1), ys.len().saturating_sub(1)];
    let fields = columns
        .checked_mul(rows)
        .filter(|fields| *fields <= MAX_FIELDS)?;
    if fields < 2 {
        return Some(Vec::new());
    }
    let area = [xs[0], ys[0], xs[columns], ys[rows]];
    let mut beside = ruled(upright, &xs, &ys);
    let row_xs = without_slivers(&mut xs, &mut beside, rows);
    let columns = xs.len() - 1;
    let fields = columns * rows;
    if fields < 2 {
        return Some(Vec::new());
    }
    let below = ruled(level, &ys, &xs);
    let mut groups = Groups::new(fields);
    for row in 0..rows {
        for column in 0..columns {
            let field = row * columns + column;
            if column > 0 && beside[column * rows + row] < PARTED {
                groups.join(field, field - 1);
            }
            if row > 0 && below[row * columns + column] < PARTED {
                groups.join(field, field - columns);
            }
        }
    }
    let mut regions: Vec<Vec<usize>> = vec![Vec::new(); fields];
    for field in 0..fields {
        regions[groups.of(field)].push(field);
    }
    let mut cells: Vec<GridCell> = regions
        .iter()
        .flat_map(|region| rectangles(region, columns))
        .collect();
    cells.sort_by_key(|cell| (cell.rows[0], cell.columns[0]));
    Some(vec![Grid {
        xs,
        ys,
        row_xs,
        area,
        cells,
    }])
}

/// The share of each edge that lines cover: by the place of the edge across, then by the field along.
fn ruled(lines: &[Line], across: &[f64], along: &[f64]) -> Vec<f64> {
    let fields = along.len() - 1;
    let mut shares = vec![0.0; across.len() * fields];
    for line in lines {
        let nearest = (0..across.len()).min_by(|a, b| {
            (across[*a] - line.at)
                .abs()
                .total_cmp(&(across[*b] - line.at).abs())
        });
        let Some(edge) = nearest else { continue };
        for field in 0..fields {
            let [from, to] = [along[field], along[field + 1]];
            let covered = (line.to.min(to) - line.from.max(from)).max(0.0);
            shares[edge * fields + field] += covered / (to - from).max(0.1);
        }
    }
    shares
}

/// Makes one of edges that are near each other and of which no row has two; gives the edges in each row.
fn without_slivers(xs: &mut Vec<f64>, beside: &mut Vec<f64>, rows: usize) -> Vec<Vec<f64>> {
    let mut clusters: Vec<Vec<usize>> = Vec::new();
    for edge in 0..xs.len() {
        let joins = clusters.last().is_some_and(|cluster| {
            let free = |row: usize| {
                cluster
                    .iter()
                    .filter(|other| beside[**other * rows + row] >= PARTED)
                    .count()
                    == 0
            };
            let near = xs[edge] - xs[cluster[0]] < SLIVER;
            near && (0..rows).all(|row| beside[edge * rows + row] < PARTED || free(row))
        });
        match clusters.last_mut() {
            Some(cluster) if joins => cluster.push(edge),
            _ => clusters.push(vec![edge]),
        }
    }
    let shares = |edge: usize| beside[edge * rows..(edge + 1) * rows].iter().copied();
    let often = |cluster: &Vec<usize>| {
        let ruled = |edge: &usize| shares(*edge).filter(|share| *share >= PARTED).count();
        cluster
            .iter()
            .copied()
            .max_by_key(|edge| ruled(edge))
            .unwrap_or_default()
    };
    let row_xs = (0..rows).map(|row| {
        let own = |cluster: &Vec<usize>| {
            cluster
                .iter()
                .copied()
                .find(|edge| beside[edge * rows + row] >= PARTED)
        };
        clusters
            .iter()
            .map(|cluster| xs[own(cluster).unwrap_or_else(|| often(cluster))])
            .collect()
    });
    let row_xs = row_xs.collect();
    let all = clusters.iter().flat_map(|cluster| {
        (0..rows).map(|row| {
            cluster
                .iter()
                .map(|edge| beside[edge * rows + row])
                .fold(0.0, f64::max)
        })
    });
    let all = all.collect();
    *xs = clusters.iter().map(|cluster| xs[often(cluster)]).collect();
    *beside = all;
    row_xs
}

/// The rectangles that the fields of a region make: one, or those of its rows.
fn rectangles(region: &[usize], columns: usize) -> Vec<GridCell> {
    let mut runs: Vec<GridCell> = Vec::new();
    for field in region {
        let (row, column) = (field / columns, field % columns);
        match runs.last_mut() {
            Some(run) if run.rows[0] == row && run.columns[1] == column => run.columns[1] += 1,
            _ => runs.push(GridCell {
                rows: [row, row + 1],
                columns: [column, column + 1],
                odd: false,
            }),
        }
    }
    let mut rectangles: Vec<GridCell> = Vec::new();
    for run in runs {
        let above = rectangles
            .iter_mut()
            .find(|above| above.rows[1] == run.rows[0] && above.columns == run.columns);
        match above {
            Some(above) => above.rows[1] = run.rows[1],
            None => rectangles.push(run),
        }
    }
    let odd = rectangles.len() > 1;
    for rectangle in &mut rectangles {
        rectangle.odd = odd;
    }
    rectangles
}

/// Sets of numbers that are joined.
struct Groups(Vec<usize>);

impl Groups {
    fn new(length: usize) -> Self {
        Self((0..length).collect())
    }

    fn of(&mut self, mut member: usize) -> usize {
        while self.0[member] != member {
            self.0[member] = self.0[self.0[member]];
            member = self.0[member];
        }
        member
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.0[a.max(b)] = a.min(b);
    }
}
