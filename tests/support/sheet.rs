//! PDFs drawn by hand: text and rules where a test wants them, in a font that no file holds.

use std::fmt::Write;

use nianbao::import::{SourceCell, SourceTable};

/// The size of the pages, A4 in points.
pub const WIDTH: f64 = 595.0;
pub const HEIGHT: f64 = 842.0;

/// A PDF of objects, the first of which is the catalogue.
pub fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f\r\n", objects.len() + 1);
    for (at, object) in objects.iter().enumerate() {
        write!(table, "{:010} 00000 n\r\n", bytes.len()).unwrap();
        bytes.extend(format!("{} 0 obj\n", at + 1).as_bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let (start, size) = (bytes.len(), objects.len() + 1);
    let end = format!("{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    bytes.extend(end.as_bytes());
    bytes
}

/// A stream with entries of its dictionary.
pub fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let mut object = format!("<<{entries}/Length {}>>\nstream\n", content.len()).into_bytes();
    object.extend(content);
    object.extend(b"\nendstream");
    object
}

/// A PDF of pages with these contents and entries, and further objects from number 6.
pub fn pages(contents: &[&str], entries: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let first = 6 + more.len();
    let media = if entries.contains("/MediaBox") {
        String::new()
    } else {
        format!("/MediaBox[0 0 {WIDTH} {HEIGHT}]")
    };
    let kids = (0..contents.len()).map(|page| format!("{} 0 R ", first + 2 * page));
    let kids: String = kids.collect();
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!(
            "<</Type/Pages/Count {}/Kids[{kids}]{media}{entries}>>",
            contents.len()
        )
        .into_bytes(),
        b"<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>"
            .to_vec(),
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/Song/DW 1000/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>"
            .to_vec(),
        b"<</Font<</F 3 0 R>>>>".to_vec(),
    ];
    objects.extend(more.iter().cloned());
    for (page, content) in contents.iter().enumerate() {
        let content_id = first + 2 * page + 1;
        let resources = if entries.contains("/Resources") {
            ""
        } else {
            "/Resources 5 0 R"
        };
        objects.push(
            format!("<</Type/Page/Parent 2 0 R/Contents {content_id} 0 R{resources}>>")
                .into_bytes(),
        );
        objects.push(stream("", content.as_bytes()));
    }
    file(&objects)
}

/// The width of a text.
pub fn width(text: &str, size: f64) -> f64 {
    let wide = |c: char| if c.is_ascii() { 0.5 } else { 1.0 };
    text.chars().map(wide).sum::<f64>() * size
}

/// Pages under the pen; places are in points from the top left corner.
#[derive(Default)]
pub struct Sheet {
    pub pages: Vec<String>,
    /// Entries of all pages, such as their rotation.
    pub entries: &'static str,
}

impl Sheet {
    pub fn new() -> Self {
        Self {
            pages: vec![String::new()],
            entries: "",
        }
    }

    pub fn page(&mut self) {
        self.pages.push(String::new());
    }

    /// Operators as they are.
    pub fn draw(&mut self, operators: &str) {
        let page = self.pages.last_mut().unwrap();
        page.push_str(operators);
        page.push('\n');
    }

    pub fn text(&mut self, x: f64, y: f64, size: f64, text: &str) {
        let hex: String = text
            .encode_utf16()
            .map(|unit| format!("{unit:04X}"))
            .collect();
        let y = HEIGHT - y;
        self.draw(&format!("BT /F {size} Tf {x} {y} Td <{hex}> Tj ET"));
    }

    pub fn line(&mut self, x0: f64, y0: f64, x1: f64, y1: f64) {
        let (y0, y1) = (HEIGHT - y0, HEIGHT - y1);
        self.draw(&format!("0.5 w {x0} {y0} m {x1} {y1} l S"));
    }

    /// A rule as a thin area.
    pub fn bar(&mut self, x0: f64, y0: f64, x1: f64, y1: f64) {
        let (width, height) = (x1 - x0 + 0.6, y1 - y0 + 0.6);
        let y = HEIGHT - y1 - 0.3;
        self.draw(&format!("{} {y} {width} {height} re f", x0 - 0.3));
    }

    pub fn bytes(&self) -> Vec<u8> {
        let contents: Vec<&str> = self.pages.iter().map(String::as_str).collect();
        pages(&contents, self.entries, &[])
    }
}

/// How a table is drawn.
#[expect(clippy::struct_excessive_bools)] // one for each thing that producers do
#[derive(Clone, Default)]
pub struct Style {
    /// Rules are thin areas.
    pub bars: bool,
    /// The rows before which a page ends.
    pub breaks: Vec<usize>,
    /// The rows that are drawn again on each page.
    pub heads: usize,
    /// Behind a break, the first rule across is missing.
    pub open: bool,
    /// The rules at the sides of the table are missing.
    pub sideless: bool,
    /// Rows with the distance by which they are set aside.
    pub aside: Vec<(usize, f64)>,
    /// Cells the left rule of which is missing.
    pub unruled: Vec<(usize, usize)>,
    /// Each text is drawn again beside itself.
    pub doubled: bool,
    /// Characters are drawn one by one, the last first.
    pub scrambled: bool,
}

const LEFT: f64 = 72.0;
const ACROSS: f64 = 450.0;
const TEXT: f64 = 6.0;
const BOTTOM: f64 = 780.0;

impl Sheet {
    /// Draws a table below a place; gives the place below it.
    pub fn table(&mut self, top: f64, table: &SourceTable, style: &Style) -> f64 {
        let shares: Vec<f64> = match table.columns {
            10 => vec![2.0, 2.0, 7.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0],
            columns => vec![1.0; columns],
        };
        let unit = ACROSS / shares.iter().sum::<f64>();
        let mut xs = vec![LEFT];
        for share in &shares {
            xs.push(xs[xs.len() - 1] + share * unit);
        }
        let across = |cell: &SourceCell| [xs[cell.column], xs[cell.column + cell.colspan]];
        let lines = |cell: &SourceCell| {
            let [left, right] = across(cell);
            wrapped(&cell.text, right - left - 4.0)
        };
        let mut heights = vec![16.0_f64; table.rows];
        for cell in table.cells.iter().filter(|cell| cell.rowspan == 1) {
            let height = lines(cell).len() as f64 * TEXT * 1.3 + 6.0;
            heights[cell.row] = heights[cell.row].max(height);
        }
        let mut parts: Vec<Vec<usize>> = vec![Vec::new()];
        for row in 0..table.rows {
            if style.breaks.contains(&row) {
                parts.push((0..style.heads).collect());
            }
            parts.last_mut().unwrap().push(row);
        }
        let mut y = top;
        let mut begun = vec![false; table.cells.len()];
        for (part, rows) in parts.iter().enumerate() {
            if part > 0 {
                self.page();
                y = 80.0;
            }
            let mut ys = vec![y];
            for row in rows {
                y += heights[*row];
                ys.push(y);
            }
            assert!(y < BOTTOM, "a page too few");
            for (at, cell) in table.cells.iter().enumerate() {
                let covers = |row: &usize| (cell.row..cell.row + cell.rowspan).contains(row);
                let own: Vec<usize> = (0..rows.len()).filter(|row| covers(&rows[*row])).collect();
                let (Some(first), Some(last)) = (own.first(), own.last()) else {
                    continue;
                };
                let aside = style
                    .aside
                    .iter()
                    .find(|(row, _)| *row == cell.row && cell.rowspan == 1);
                let by = aside.map_or(0.0, |(_, by)| *by);
                let [left, right] = across(cell).map(|x| x + by);
                let (above, below) = (ys[*first], ys[*last + 1]);
                let mut rule = |x0: f64, y0: f64, x1: f64, y1: f64| {
                    if style.bars {
                        self.bar(x0, y0, x1, y1);
                    } else {
                        self.line(x0, y0, x1, y1);
                    }
                };
                let side = |outer: bool| !(outer && style.sideless);
                if !(style.open && part > 0 && *first == 0) {
                    rule(left, above, right, above);
                }
                if *last + 1 == rows.len() {
                    rule(left, below, right, below);
                }
                if side(cell.column == 0) && !style.unruled.contains(&(cell.row, cell.column)) {
                    rule(left, above, left, below);
                }
                if side(cell.column + cell.colspan == table.columns)
                    && cell.column + cell.colspan == table.columns
                {
                    rule(right, above, right, below);
                }
                // A cell over a break has its text above it, unless it is a head that is drawn again.
                if begun[at] && cell.row >= style.heads {
                    continue;
                }
                begun[at] = true;
                let texts = lines(cell);
                let mut base =
                    f64::midpoint(above, below) - texts.len() as f64 * TEXT * 0.65 + TEXT;
                for text in texts {
                    let x = f64::midpoint(left, right) - width(&text, TEXT) / 2.0;
                    self.label(x, base, &text, style);
                    base += TEXT * 1.3;
                }
            }
        }
        y
    }

    fn label(&mut self, x: f64, y: f64, text: &str, style: &Style) {
        if style.scrambled {
            let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
            let characters: Vec<(f64, char)> = ends
                .zip(text.chars())
                .map(|(end, c)| (x + width(&text[..end - c.len_utf8()], TEXT), c))
                .collect();
            for (x, c) in characters.into_iter().rev() {
                self.text(x, y, TEXT, &c.to_string());
            }
            return;
        }
        self.text(x, y, TEXT, text);
        if style.doubled {
            self.text(x + 0.3, y, TEXT, text);
        }
    }
}

/// A text in lines of a width.
fn wrapped(text: &str, most: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for c in text.chars() {
        let line = lines.last_mut().unwrap();
        if !line.is_empty() && width(line, TEXT) + width(&c.to_string(), TEXT) > most {
            lines.push(String::new());
        }
        lines.last_mut().unwrap().push(c);
    }
    lines
}
