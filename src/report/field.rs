//! The fields of a report file that are the same in every edition, with their legal terms.

use crate::format::Name;

/// A field: its English key and its Chinese term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub key: &'static str,
    pub term: &'static str,
}

impl Field {
    const fn new(key: &'static str, term: &'static str) -> Self {
        Self { key, term }
    }

    pub fn name(self) -> Name {
        Name::new(self.key, self.term, &[])
    }

    /// The field for a message, such as `agency（机关）`.
    pub fn shown(self) -> String {
        format!("{}（{}）", self.key, self.term)
    }
}

pub(super) const FORMAT: Field = Field::new("format", "格式");
pub(super) const AGENCY: Field = Field::new("agency", "机关");
pub(super) const YEAR: Field = Field::new("year", "年度");
pub(super) const TITLE: Field = Field::new("title", "标题");
pub(super) const DATE: Field = Field::new("date", "成文日期");
pub(super) const PREFACE: Field = Field::new("preface", "导语");
pub(super) const HEADINGS: Field = Field::new("headings", "标题措辞");
pub(super) const NOTES: Field = Field::new("notes", "注");
pub(super) const WAIVERS: Field = Field::new("waivers", "豁免");
pub(super) const SIGNATURE: Field = Field::new("signature", "署名");

/// The fields at the top of a file, beside the sections of the edition.
pub(super) const TOP: [Field; 10] = [
    FORMAT, AGENCY, YEAR, TITLE, DATE, PREFACE, HEADINGS, NOTES, WAIVERS, SIGNATURE,
];

/// The parts of a cell with a remark.
pub(super) const VALUE: Field = Field::new("value", "值");
pub(super) const NOTE: Field = Field::new("note", "注");
/// The parts of a waiver.
pub(super) const RULE: Field = Field::new("rule", "规则");
pub(super) const REASON: Field = Field::new("reason", "理由");
/// The part of a signature.
pub(super) const NAME: Field = Field::new("name", "名称");

/// The fields of `hierarchy.yaml`.
pub(super) const GOVERNMENT: Field = Field::new("government", "政府");
pub(super) const AGENCIES: Field = Field::new("agencies", "部门");
pub(super) const YEARS: Field = Field::new("years", "年度");
/// The parts of an agency in it, and of a range of years.
pub(super) const FOLDER: Field = Field::new("folder", "文件夹");
pub(super) const FROM: Field = Field::new("from", "自");
pub(super) const TO: Field = Field::new("to", "至");
