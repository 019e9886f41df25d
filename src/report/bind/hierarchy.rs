//! Binds `hierarchy.yaml`.

use std::collections::{HashMap, hash_map};
use std::path::{Component, Path, PathBuf};

use super::{Binder, Fields, here, lacking, shorten};
use crate::diagnostic::{Diagnostic, Outcome, has_errors};
use crate::form::YearRange;
use crate::report::field::{self, Field};
use crate::report::rules;
use crate::report::{Hierarchy, Member, Text};
use crate::source::{Entry, Node, NodeKind, Source, Span};

/// Binds the file that declares which agencies a government's report sums up.
#[must_use]
pub fn bind_hierarchy(source: &Source) -> Outcome<Hierarchy> {
    let mut binder = Binder::new(source);
    let hierarchy = match source.root() {
        Ok(Node {
            kind: NodeKind::Mapping(entries),
            span,
        }) => {
            let names = [field::GOVERNMENT, field::AGENCIES, field::YEARS];
            let fields = binder.fields(
                entries,
                names.map(Field::name).into(),
                here("hierarchy.yaml"),
            );
            for field in [field::GOVERNMENT, field::AGENCIES] {
                if fields.lacks(field.key) {
                    let message = lacking(&[field]);
                    let hint = "government 写政府报告的文件夹，agencies 列出各部门报告的文件夹";
                    binder.push(Diagnostic::new(rules::MISSING_FIELD, *span, message).hint(hint));
                }
            }
            let government = fields
                .get(field::GOVERNMENT)
                .and_then(|e| binder.member(&e.value));
            let agencies = fields.get(field::AGENCIES);
            let agencies = agencies.map_or(Vec::new(), |entry| {
                binder.members_of(entry, government.as_ref())
            });
            let years = fields.given(field::YEARS);
            let years = years.map(|entry| {
                let entries = binder.map(entry);
                let names = [field::FROM, field::TO].map(Field::name);
                let fields = binder.fields_under(entry, entries, names.into());
                binder.term(&fields)
            });
            government.map(|government| Hierarchy {
                government,
                agencies,
                years,
            })
        }
        Ok(node) => {
            let message = "hierarchy.yaml 应由 government 和 agencies 组成";
            binder.push(Diagnostic::new(rules::INVALID_VALUE, node.span, message));
            None
        }
        Err(faults) => {
            binder.findings.extend(faults.iter().map(Diagnostic::from));
            None
        }
    };
    let hierarchy = hierarchy.filter(|_| !has_errors(&binder.findings));
    Outcome::new(hierarchy, binder.findings)
}

impl Binder<'_> {
    fn members_of(&mut self, entry: &Entry, government: Option<&Member>) -> Vec<Member> {
        let hint = "一行一个部门：- 文件夹";
        let NodeKind::Sequence(items) = &entry.value.kind else {
            let message = format!("“{}”应为列表", entry.key);
            let finding = Diagnostic::new(rules::INVALID_VALUE, entry.value.span, message);
            self.push(finding.hint(hint));
            return Vec::new();
        };
        if items.is_empty() {
            let message = format!("“{}”没有列出部门", entry.key);
            let finding = Diagnostic::new(rules::INVALID_VALUE, entry.value.span, message);
            self.push(finding.hint(hint));
        }
        // The same folder may be written as 科技局, ./科技局 or 科技局/.
        let path = |member: &Member| -> PathBuf {
            let parts = Path::new(&member.folder.text).components();
            parts.filter(|part| *part != Component::CurDir).collect()
        };
        let mut known: HashMap<PathBuf, Span> = government
            .map(|government| (path(government), government.folder.span))
            .into_iter()
            .collect();
        let mut members: Vec<Member> = Vec::new();
        for item in items {
            let Some(member) = self.member(item) else {
                continue;
            };
            let Text { text, span } = &member.folder;
            match known.entry(path(&member)) {
                hash_map::Entry::Occupied(first) => {
                    let message = format!("文件夹“{text}”已经写过");
                    let finding = Diagnostic::new(rules::INVALID_VALUE, *span, message)
                        .also(*first.get(), "先写在这里")
                        .hint("每个部门只列一次；政府自己不算部门");
                    self.push(finding);
                }
                hash_map::Entry::Vacant(place) => {
                    place.insert(*span);
                    members.push(member);
                }
            }
        }
        members
    }

    /// A folder, or a folder with the years of its agency.
    fn member(&mut self, node: &Node) -> Option<Member> {
        let NodeKind::Mapping(entries) = &node.kind else {
            let term = YearRange::default();
            return Some(Member {
                folder: self.folder(node)?,
                term,
            });
        };
        let names = [field::FOLDER, field::FROM, field::TO].map(Field::name);
        let fields = self.fields(entries, names.into(), here("此处"));
        let term = self.term(&fields);
        let Some(folder) = fields.get(field::FOLDER) else {
            let message = lacking(&[field::FOLDER]);
            self.push(
                Diagnostic::new(rules::MISSING_FIELD, node.span, message)
                    .hint("写作 {folder: 文件夹, from: 2024}"),
            );
            return None;
        };
        Some(Member {
            folder: self.folder(&folder.value)?,
            term,
        })
    }

    fn folder(&mut self, node: &Node) -> Option<Text> {
        let text = match &node.kind {
            NodeKind::Scalar(scalar) if !node.is_blank() => scalar.text.trim(),
            _ => "",
        };
        let mut parts = Path::new(text).components();
        let message = if text.is_empty() {
            "此处应写文件夹".to_owned()
        } else if parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
            return Some(Text {
                text: text.to_owned(),
                span: node.span,
            });
        } else {
            format!(
                "“{}”不在 hierarchy.yaml 所在的文件夹之内",
                shorten(text, 40)
            )
        };
        self.push(
            Diagnostic::new(rules::INVALID_VALUE, node.span, message)
                .hint("写下级文件夹的相对路径，不用 .. 和绝对路径"),
        );
        None
    }

    /// A range of years.
    fn term(&mut self, fields: &Fields) -> YearRange {
        let mut year = |field| self.four_digits(fields.given(field)?);
        let (from, to) = (year(field::FROM), year(field::TO));
        if let (Some((from, _)), Some((to, span))) = (from, to)
            && from > to
        {
            let message = format!("最后一个年度 {to} 早于第一个年度 {from}");
            self.push(Diagnostic::new(rules::INVALID_VALUE, span, message).hint("核对 from 和 to"));
        }
        YearRange {
            from: from.map(|(year, _)| year),
            to: to.map(|(year, _)| year),
        }
    }
}
