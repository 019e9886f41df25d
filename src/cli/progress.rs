//! Reports on a run over an archive: a bar on a terminal, lines elsewhere, JSON for programs.

use std::collections::BTreeSet;
use std::io::{IsTerminal, stderr};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::args::ArchiveOutput;
use super::print::{complain, say, say_json};
use crate::archive::{
    Change, Event, Percentiles, Record, RunStats, State, Summary, VerifySummary, pdf_path,
};

/// The most folders without reports that are listed at the end.
const MOST_ABSENT: usize = 200;
/// The template of the bar: done of all, outcomes and speed, time left.
const BAR: &str = "{bar:24} {pos}/{len} {msg} 余 {eta}";

/// The reporter of a run.
pub(super) struct Progress {
    told: ArchiveOutput,
    dry: bool,
    bar: Option<ProgressBar>,
    made: usize,
    failed: usize,
    kept: usize,
}

impl Progress {
    pub(super) fn new(told: ArchiveOutput, dry: bool) -> Self {
        Self {
            told,
            dry,
            bar: bar(told).filter(|_| !dry),
            made: 0,
            failed: 0,
            kept: 0,
        }
    }

    pub(super) fn tell(&mut self, event: &Event) {
        match event {
            Event::Begin(reports) => {
                if let Some(bar) = &self.bar {
                    bar.set_length(*reports as u64);
                } else if self.told == ArchiveOutput::Json {
                    say_json(&json!({"event": "begin", "reports": reports}));
                }
            }
            Event::Report(record, change) => self.report(record, *change),
        }
    }

    fn report(&mut self, record: &Record, change: Change) {
        match change {
            Change::Made(_) => self.made += 1,
            Change::Failed => self.failed += 1,
            Change::Kept => self.kept += 1,
            Change::Orphan | Change::Removed => {}
        }
        if self.told == ArchiveOutput::Json {
            return say_json(&object(record, change));
        }
        let pdf = pdf_path(&record.path);
        let line = match (change, self.dry) {
            (Change::Made(why), false) => format!("已生成 {pdf}（{why}）"),
            (Change::Made(why), true) => format!("将生成 {pdf}（{why}）"),
            (Change::Removed, false) => format!("已删除 {pdf}（报告文件已不在）"),
            (Change::Removed, true) => format!("将删除 {pdf}（报告文件已不在）"),
            (Change::Kept | Change::Failed | Change::Orphan, _) => String::new(),
        };
        if let Some(bar) = &self.bar {
            let (made, kept, failed) = (self.made, self.kept, self.failed);
            let rate = bar.per_sec();
            bar.set_message(format!(
                "新制 {made} 未变 {kept} 失败 {failed} 每秒 {rate:.0} 份"
            ));
            bar.inc(1);
        } else if !line.is_empty() {
            say(&line);
        }
    }

    /// Reports the end of the run: what needs attention, and what it took.
    pub(super) fn end<'a>(&self, summary: &Summary, links: impl Iterator<Item = &'a Path>) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if self.told == ArchiveOutput::Json {
            let mut end = summary.json();
            end["event"] = "end".into();
            end["links"] = links.map(|link| link.display().to_string()).collect();
            return say_json(&end);
        }
        if summary.reports == 0 {
            complain("没有报告符合 --only 和 --year\n");
        }
        for link in links {
            complain(&format!("没有跟随符号链接 {}\n", link.display()));
        }
        for record in &summary.failed {
            complain_of_failure(record);
        }
        for record in &summary.orphans {
            complain_of_orphan(record);
        }
        let Summary {
            reports,
            made,
            kept,
            warned,
            absent,
            ..
        } = summary;
        let verb = if self.dry { "将生成" } else { "新制" };
        let stale = summary
            .failed
            .iter()
            .filter(|record| record.state == State::Stale);
        let mut line = format!(
            "归档 {reports} 份：{verb} {made}，未变 {kept}，失败 {}",
            summary.failed.len()
        );
        let stale = stale.count();
        if stale > 0 {
            line += &format!("（其中 {stale} 份仍是旧版）");
        }
        if !summary.orphans.is_empty() {
            line += &format!("；{} 个 PDF 的报告文件已不在", summary.orphans.len());
        }
        if summary.stopped {
            let left = reports - made - kept - summary.failed.len();
            line += &format!("；中断，还有 {left} 份没有处理，再次运行即接着做");
        }
        say(&line);
        if *warned > 0 {
            say(&format!("{warned} 份有警告，nianbao check 逐项列出"));
        }
        let not_filed: usize = absent.values().map(BTreeSet::len).sum();
        if not_filed > 0 {
            say(&format!("应有而没有的报告 {not_filed} 份："));
        }
        for (folder, years) in absent.iter().take(MOST_ABSENT) {
            let years: Vec<String> = years.iter().map(u16::to_string).collect();
            let folder = if folder.is_empty() { "." } else { folder };
            say(&format!("  {folder}：{}", years.join("、")));
        }
        if absent.len() > MOST_ABSENT {
            let more = absent.len() - MOST_ABSENT;
            say(&format!("  另有 {more} 个文件夹，见 index.html"));
        }
        if *made > 0 && !self.dry {
            say(&took(&summary.stats));
        }
    }
}

/// The bar; `None` unless people look at a terminal.
pub(super) fn bar(told: ArchiveOutput) -> Option<ProgressBar> {
    let shown = told == ArchiveOutput::Human && stderr().is_terminal();
    let style =
        || ProgressStyle::with_template(BAR).unwrap_or_else(|_| ProgressStyle::default_bar());
    shown.then(|| ProgressBar::new(0).with_style(style()))
}

fn took(took: &RunStats) -> String {
    let RunStats {
        seconds,
        reports_per_second,
        ..
    } = took;
    let memory = took.peak_memory_bytes.map_or_else(String::new, |bytes| {
        format!("，内存最多 {} MB", bytes / 1_000_000)
    });
    let mut text = format!("用时 {seconds} 秒，每秒 {reports_per_second} 份{memory}");
    let mut line = |name: &str, spread: Option<[String; 4]>| {
        if let Some([p50, p90, p99, max]) = spread {
            text += &format!("\n  {name}：p50 {p50}，p90 {p90}，p99 {p99}，最大 {max}");
        }
    };
    line("排版（毫秒）", shown(took.compile_ms));
    line("导出（毫秒）", shown(took.export_ms));
    line("页数", shown(took.pages));
    line("字节", shown(took.bytes));
    text
}

fn shown<T: ToString>(spread: Option<Percentiles<T>>) -> Option<[String; 4]> {
    spread.map(|s| [s.p50, s.p90, s.p99, s.max].map(|value| value.to_string()))
}

fn object(record: &Record, change: Change) -> serde_json::Value {
    let (change, why) = match change {
        Change::Kept => ("kept", None),
        Change::Made(why) => ("made", Some(why.to_string())),
        Change::Failed => ("failed", None),
        Change::Orphan => ("orphan", None),
        Change::Removed => ("removed", None),
    };
    json!({"event": "report", "change": change, "why": why, "record": record})
}

/// Reports the result of a verification.
pub(super) fn verified(told: ArchiveOutput, summary: &VerifySummary) {
    let VerifySummary {
        known,
        checked,
        rebuilt,
        stopped,
        faults,
        unproven,
        stale,
    } = summary;
    let count = faults.len();
    if told == ArchiveOutput::Json {
        for (path, fault) in faults {
            let fault = fault.to_string();
            say_json(&json!({"event": "fault", "path": path, "fault": fault}));
        }
        for (event, paths) in [("unproven", unproven), ("stale", stale)] {
            for path in paths {
                say_json(&json!({"event": event, "path": path}));
            }
        }
        let end = json!({
            "event": "end",
            "known": known,
            "checked": checked,
            "rebuilt": rebuilt,
            "faults": count,
            "unproven": unproven.len(),
            "stale": stale.len(),
            "stopped": stopped,
        });
        return say_json(&end);
    }
    for (path, fault) in faults {
        say(&format!("{path}：{fault}"));
    }
    for path in stale {
        say(&format!("{path}：仍是旧版"));
    }
    for path in unproven {
        say(&format!("{path}：PDF 无从证明，生成它的报告文件已不在"));
    }
    let unproven = match unproven.len() {
        0 => String::new(),
        count => format!("，{count} 份无从证明"),
    };
    let again = match rebuilt {
        0 => String::new(),
        _ => format!("，重新生成 {rebuilt} 份"),
    };
    let end = if *stopped {
        "；中断，其余没有核对"
    } else {
        ""
    };
    say(&format!(
        "台账共 {known} 份 PDF，核对 {checked} 份{again}{unproven}：{count} 处不符{end}"
    ));
}

/// Complains of a report that could not be made.
pub(super) fn complain_of_failure(record: &Record) {
    let what = match record.state {
        State::Stale => "未生成，仍是旧版",
        _ => "未生成",
    };
    complain(&format!("{what} {}\n  {}\n", record.path, record.reason()));
}

/// Complains of a PDF whose report is gone.
pub(super) fn complain_of_orphan(record: &Record) {
    let pdf = pdf_path(&record.path);
    complain(&format!("报告文件已不在：{pdf}（archive --prune 删除）\n"));
}
