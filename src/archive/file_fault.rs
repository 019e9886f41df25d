//! The faults that a verification finds.

use std::fmt;

use crate::archive::record::{Inputs, Pdf, Record};

/// A fault of a file of an archive, or of what the ledger says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// The PDF is not there.
    Missing,
    /// The PDF is not what was made: its bytes changed.
    Altered,
    /// The PDF cannot be read.
    NotRead,
    /// The ledger knows no such PDF.
    Unknown,
    /// The ledger has the PDF for another report as well.
    Shared,
    /// The record has a PDF or a failure that its state excludes, or lacks one.
    Contradictory,
    /// The report is gone.
    ReportGone,
    /// The report is there, and the ledger says that it is gone.
    ReportThere,
    /// The report is not the one that the record is about.
    ReportChanged,
    /// The report is not in the ledger.
    NotArchived,
    /// The page or the table does not follow from the ledger.
    Index,
    /// Made again, the PDF has other bytes; with the reason, as far as the ledger has it.
    Differs(&'static str),
    /// Derived again, these parts of the record are others.
    Record(Vec<&'static str>),
    /// It cannot be made again, for this reason.
    NotMade(String),
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("PDF 不在"),
            Self::Altered => f.write_str("PDF 已被改动，与台账不符"),
            Self::NotRead => f.write_str("PDF 读不出来"),
            Self::Unknown => f.write_str("台账中没有这个 PDF"),
            Self::Shared => f.write_str("台账中另一份报告也记着这个 PDF"),
            Self::Contradictory => f.write_str("台账的记录自相矛盾：状态与 PDF、失败原因对不上"),
            Self::ReportGone => f.write_str("报告文件已不在"),
            Self::ReportThere => f.write_str("报告文件还在，台账却说已不在"),
            Self::ReportChanged => f.write_str("报告文件已改，PDF 是用改动前的报告生成的"),
            Self::NotArchived => f.write_str("报告还没有归档"),
            Self::Index => f.write_str("与台账不符，再次归档即重写"),
            Self::Differs(why) => write!(f, "重新生成的 PDF 不同：{why}"),
            Self::Record(parts) => {
                write!(f, "台账的记录与重新得出的不同：{}", parts.join("、"))
            }
            Self::NotMade(why) => write!(f, "不能重新生成：{why}"),
        }
    }
}

/// The differences of a record from the one that was derived again.
pub(super) fn differences(was: &Record, is: &Record) -> Vec<FileFault> {
    let mut faults = Vec::new();
    let mut parts = Vec::new();
    let mut part = |name, differs| {
        if differs {
            parts.push(name);
        }
    };
    part("状态", was.state != is.state);
    part("机关", was.agency != is.agency);
    part("年度", was.year != is.year);
    part("格式", was.edition != is.edition);
    part("错误、警告、提示的数目", was.findings != is.findings);
    part("检查及其选项，或对照的报告", was.checks != is.checks);
    part("失败的原因", was.failure != is.failure);
    match (was.pdf(), is.pdf()) {
        (Some(was), Some(is)) => {
            part("页数", was.pages != is.pages);
            if was.digest == is.digest {
                part("字节数", was.bytes != is.bytes);
                part(
                    "报告文件的摘要",
                    was.made_from.report != is.made_from.report,
                );
                parts.extend(circumstance(&was.made_from, &is.made_from));
            } else {
                faults.push(FileFault::Differs(why(was, is)));
            }
        }
        (was, is) => part("PDF", was.is_some() != is.is_some()),
    }
    if !parts.is_empty() {
        faults.push(FileFault::Record(parts));
    }
    faults
}

/// The reason for which a PDF that is made again differs.
fn why(was: &Pdf, is: &Pdf) -> &'static str {
    match circumstance(&was.made_from, &is.made_from) {
        Some("图片") => "图片不同",
        Some("版式") => "版式不同",
        Some("字体") => "字体不同",
        Some("程序") => "程序不同",
        Some(_) => "选项不同，--copy 等要与生成时一样",
        None => "输入都相同",
    }
}

/// The first of what shapes a PDF beside its report that differs.
fn circumstance(was: &Inputs, is: &Inputs) -> Option<&'static str> {
    let parts = [
        ("图片", was.figures != is.figures),
        ("版式", was.layout != is.layout),
        ("字体", was.fonts != is.fonts),
        ("程序", was.engine != is.engine),
        ("选项", was.options != is.options),
    ];
    parts
        .into_iter()
        .find_map(|(name, differs)| differs.then_some(name))
}
