//! The fields of a report file that are the same in every edition: key, legal term, meaning and maximal
//! length.

use crate::form::Name;
use crate::source::Entry;

/// A field: its English key and its Chinese term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub key: &'static str,
    pub term: &'static str,
    /// The meaning in Chinese, for those who fill it in.
    pub says: &'static str,
    /// The most characters of a single line; `None` if it is no single line.
    pub most: Option<usize>,
}

impl Field {
    const fn new(key: &'static str, term: &'static str, says: &'static str) -> Self {
        Self {
            key,
            term,
            says,
            most: None,
        }
    }

    const fn line(self, most: usize) -> Self {
        Self {
            most: Some(most),
            ..self
        }
    }

    pub fn name(self) -> Name {
        Name::plain(self.key, self.term)
    }

    /// The field for a message, such as `agency（机关）`.
    pub fn shown(self) -> String {
        format!("{}（{}）", self.key, self.term)
    }
}

/// The first year for which reports were due (政府信息公开条例, in force since 1 May 2008).
pub(crate) const FIRST_YEAR: u16 = 2008;
/// The last year that a report file may name.
pub(crate) const LAST_YEAR: u16 = 2099;

pub(crate) const FORMAT: Field = Field::new("format", "格式", "格式名称；不写时按年度选定");
pub(crate) const AGENCY: Field = Field::new("agency", "机关", "机关名称").line(100);
pub(crate) const YEAR: Field = Field::new("year", "年度", "报告所述的年份，四位数字");
pub(crate) const TITLE: Field = Field::new(
    "title",
    "标题",
    "不写时由机关名称和年份组成；要自己分行的，写两行或三行",
)
.line(200);
pub(crate) const DATE: Field =
    Field::new("date", "成文日期", "写作 2024-01-22；不写则不印署名和日期");
pub(crate) const PREFACE: Field = Field::new("preface", "导语", "第一部分之前的文字，一行一段");
pub(crate) const HEADINGS: Field = Field::new(
    "headings",
    "标题措辞",
    "部分标题的用语与格式不同时才写，不带序号",
)
.line(60);
pub(crate) const NOTES: Field = Field::new("notes", "注", "印在一个部分的表下").line(300);
pub(crate) const TEXTS: Field = Field::new(
    "texts",
    "表前表后文字",
    "印在一个部分的标题与表之间（表前）、表和注之后（表后）",
);
pub(crate) const WAIVERS: Field = Field::new(
    "waivers",
    "豁免",
    "按公布的原文保留的问题，每项写规则名和理由",
);
pub(crate) const SIGNATURE: Field = Field::new("signature", "署名", "署名与机关名称不同时才写");

/// The fields at the top of a file, beside the sections of the edition.
pub(crate) const TOP: [Field; 11] = [
    FORMAT, AGENCY, YEAR, TITLE, DATE, PREFACE, HEADINGS, TEXTS, NOTES, WAIVERS, SIGNATURE,
];

/// The parts of a section that the report gives a title to.
pub(crate) const SECTION_TITLE: Field =
    Field::new("title", "标题", "部分的标题，带序号，如 一、概述").line(60);
pub(crate) const TEXT: Field = Field::new("text", "文字", "一行一段");

/// The parts of the text around tables.
pub(crate) const BEFORE: Field = Field::new("before", "表前", "一行一段");
pub(crate) const AFTER: Field = Field::new("after", "表后", "一行一段");

/// The parts of a cell with a remark.
pub(crate) const VALUE: Field = Field::new("value", "值", "数值");
pub(crate) const NOTE: Field = Field::new("note", "注", "说明，印在数值后的括号里").line(40);
/// The parts of a waiver.
pub(crate) const RULE: Field = Field::new("rule", "规则", "规则名，见检查的结果").line(100);
pub(crate) const REASON: Field = Field::new("reason", "理由", "为什么保留").line(100);
/// The part of a signature.
pub(crate) const NAME: Field =
    Field::new("name", "名称", "署名；几个机关联合报告的，写成列表").line(100);

/// The fields of `hierarchy.yaml`.
pub(super) const GOVERNMENT: Field = Field::new("government", "政府", "政府报告的文件夹");
pub(super) const AGENCIES: Field = Field::new("agencies", "部门", "各部门报告的文件夹");
pub(super) const YEARS: Field = Field::new("years", "年度", "应有报告的年度");
/// The parts of an agency in `hierarchy.yaml`, and of a range of years.
pub(super) const FOLDER: Field = Field::new("folder", "文件夹", "报告的文件夹");
pub(super) const FROM: Field = Field::new("from", "自", "第一个年度");
pub(super) const TO: Field = Field::new("to", "至", "最后一个年度");

/// Whether a map is one value with a remark rather than a row by columns.
pub(crate) fn is_cell(entries: &[Entry]) -> bool {
    let is = |field: Field, entry: &Entry| field.name().matches(&entry.key);
    let has_value = entries.iter().any(|entry| is(VALUE, entry));
    has_value || matches!(entries, [only] if is(NOTE, only))
}

/// Whether a name is that of a top-level field of files of all editions.
#[must_use]
pub fn is_top_field(name: &Name) -> bool {
    name.all().any(is_top_key)
}

/// Whether a key of a file is that of such a field.
pub(crate) fn is_top_key(key: &str) -> bool {
    TOP.iter().any(|field| field.name().matches(key))
}

/// The beginning of a comment that an import leaves behind a value.
pub const IMPORT_MARK: &str = "# 导入：";

/// Whether a name is that of a part of a cell with a remark.
#[must_use]
pub fn is_cell_field(name: &Name) -> bool {
    let mut fields = [VALUE, NOTE].into_iter().map(Field::name);
    fields.any(|field| name.all().any(|name| field.matches(name)))
}
