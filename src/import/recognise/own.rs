//! Tables of the author's own, and figures.

use super::cells::is_blank;
use super::state::Recogniser;
use crate::authoring::FieldRef;
use crate::import::block::{Picture, SourceTable};
use crate::import::finding::{FindingKind, shown};
use crate::report::{MAX_OWN_COLUMNS, MAX_OWN_HEAD, MAX_OWN_ROWS, figure};

/// The first character of a caption.
const FIGURE: char = '图';
/// The most characters of a caption.
const LONGEST_CAPTION: usize = 60;

impl Recogniser<'_> {
    /// A table of the author's own as lines of a text; none if it cannot be one, which is said.
    pub(super) fn own_table(
        &mut self,
        table: &SourceTable,
        at: usize,
        field: &FieldRef,
    ) -> Vec<String> {
        if is_blank(table) {
            return Vec::new();
        }
        let mut rows = vec![vec![String::new(); table.columns]; table.rows];
        for cell in &table.cells {
            let text = cell.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let text = text.replace('\\', r"\\").replace('|', r"\|");
            if let Some(place) = rows
                .get_mut(cell.row)
                .and_then(|row| row.get_mut(cell.column))
            {
                *place = text;
            }
        }
        rows.retain(|row| row.iter().any(|text| !text.is_empty()));
        let head = rows.first().into_iter().flatten();
        let is_long = head
            .into_iter()
            .any(|text| text.chars().count() > MAX_OWN_HEAD);
        if rows.len() < 2
            || rows.len() > MAX_OWN_ROWS
            || table.columns > MAX_OWN_COLUMNS
            || table.columns < 2
            || is_long
        {
            let texts: Vec<&str> = table.cells.iter().map(|cell| cell.text.as_str()).collect();
            let message = format!("表格不能写成正文里的表：{}", shown(&texts.join(" ")));
            self.say(FindingKind::NotRecognised, message, at, Some(field.clone()));
            return Vec::new();
        }
        let spans = |cell: &crate::import::block::SourceCell| cell.rowspan > 1 || cell.colspan > 1;
        if table.cells.iter().any(spans) {
            let message = "正文里的表有合并单元格，拆开后只在第一格写字".to_owned();
            self.say(FindingKind::Normalised, message, at, Some(field.clone()));
        }
        let line = |row: &Vec<String>| {
            let cells: String = row.iter().map(|text| format!(" {text} |")).collect();
            format!("|{cells}")
        };
        rows.iter().map(line).collect()
    }

    /// A figure as the line of a text, and the item of its caption; none if it cannot be one, which is said.
    pub(super) fn figure(
        &mut self,
        picture: &Picture,
        at: usize,
        next: Option<usize>,
        field: &FieldRef,
    ) -> (Option<String>, Option<usize>) {
        let items = self.items;
        let caption = next.filter(|next| {
            let text = items[*next].text();
            text.starts_with(FIGURE)
                && text.chars().count() <= LONGEST_CAPTION
                && !text.ends_with('。')
        });
        let words = caption.map(|caption| items[caption].text());
        let own = words.unwrap_or(picture.alt.trim());
        let Some(extension) = figure::kind(&picture.bytes) else {
            let message = if picture.bytes.is_empty() {
                format!(
                    "图片{}不在文件里；另存图片，写作 ![说明](图.png)",
                    shown(own)
                )
            } else {
                format!(
                    "图片{}不是 PNG、JPEG 或 SVG；另存为 PNG，写作 ![说明](图.png)",
                    shown(own)
                )
            };
            self.say(FindingKind::LeftOut, message, at, Some(field.clone()));
            return (None, None);
        };
        let number = self.figures.len() + 1;
        let name = format!("{FIGURE}{number}.{extension}");
        let own: String = own.chars().filter(|c| !"[]()\n\r".contains(*c)).collect();
        let own = if own.trim().is_empty() {
            let message = "图片没有说明，写作序号；改成它的内容".to_owned();
            self.say(FindingKind::Assumed, message, at, Some(field.clone()));
            format!("{FIGURE}{number}")
        } else {
            own
        };
        self.figures.push((name.clone(), picture.bytes.clone()));
        (Some(format!("![{own}]({name})")), caption)
    }
}
