//! Binds `hierarchy.yaml`.

use std::path::{Component, Path};

use super::{Binder, shorten};
use crate::diagnostic::{Diagnostic, Outcome, has_errors};
use crate::report::field::{self, Field};
use crate::report::{Hierarchy, Member, Term};
use crate::source::{Entry, Kind, Node, Source};

/// Binds the file that says which agencies a government's report sums up.
#[must_use]
pub fn bind_hierarchy(source: &Source) -> Outcome<Hierarchy> {
    let mut binder = Binder::new(source);
    let hierarchy = match source.root() {
        Ok(Node {
            kind: Kind::Mapping(entries),
            span,
        }) => {
            let names = [field::GOVERNMENT, field::AGENCIES, field::YEARS];
            let fields = binder.fields(entries, names.map(Field::name).into(), "hierarchy.yaml");
            for field in [field::GOVERNMENT, field::AGENCIES] {
                if fields.get(field).is_none() {
                    let message = format!("缺少 {}", field.shown());
                    let hint = "government 写政府报告的文件夹，agencies 列出各部门报告的文件夹";
                    binder.push(Diagnostic::error("missing-field", *span, message).hint(hint));
                }
            }
            let government = fields
                .get(field::GOVERNMENT)
                .and_then(|e| binder.member(&e.value));
            let agencies = fields.get(field::AGENCIES);
            let agencies = agencies.map_or(Vec::new(), |entry| binder.members_of(entry));
            let years = fields.given(field::YEARS);
            let years = years.map(|entry| {
                let entries = binder.map(entry);
                binder.term(entries, &[])
            });
            government.map(|government| Hierarchy {
                government,
                agencies,
                years,
            })
        }
        Ok(node) => {
            let message = "hierarchy.yaml 应由 government 和 agencies 组成";
            binder.push(Diagnostic::error("invalid-value", node.span, message));
            None
        }
        Err(fault) => {
            binder.push(fault.into());
            None
        }
    };
    let hierarchy = hierarchy.filter(|_| !has_errors(&binder.findings));
    Outcome::new(hierarchy, binder.findings)
}

impl Binder<'_> {
    fn members_of(&mut self, entry: &Entry) -> Vec<Member> {
        if let Kind::Sequence(items) = &entry.value.kind {
            items.iter().filter_map(|item| self.member(item)).collect()
        } else {
            let message = format!("“{}”应为列表", entry.key);
            self.push(
                Diagnostic::error("invalid-value", entry.value.span, message)
                    .hint("一行一个部门：- 文件夹"),
            );
            Vec::new()
        }
    }

    /// A folder, or a folder with the years of its agency.
    fn member(&mut self, node: &Node) -> Option<Member> {
        match &node.kind {
            Kind::Mapping(entries) => {
                let term = self.term(entries, &[field::FOLDER]);
                let folder = entries
                    .iter()
                    .find(|e| field::FOLDER.name().matches(&e.key));
                let Some(folder) = folder else {
                    let message = format!("缺少 {}", field::FOLDER.shown());
                    self.push(
                        Diagnostic::error("missing-field", node.span, message)
                            .hint("写作 {folder: 文件夹, from: 2024}"),
                    );
                    return None;
                };
                let folder = self.folder(&folder.key, &folder.value)?;
                Some(Member { folder, term })
            }
            _ => Some(Member {
                folder: self.folder("文件夹", node)?,
                term: Term::default(),
            }),
        }
    }

    fn folder(&mut self, key: &str, node: &Node) -> Option<crate::report::Text> {
        let entry = Entry {
            key: key.to_owned(),
            key_span: node.span,
            value: node.clone(),
        };
        let text = self.scalar(&entry)?.to_owned();
        let inside = Path::new(&text)
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !inside {
            let message = format!(
                "“{}”不在 hierarchy.yaml 所在的文件夹之内",
                shorten(&text, 40)
            );
            self.push(
                Diagnostic::error("invalid-value", node.span, message)
                    .hint("写下级文件夹的相对路径，不用 .. 和绝对路径"),
            );
            return None;
        }
        Some(crate::report::Text {
            text,
            span: node.span,
        })
    }

    /// The years of a map that may have further fields.
    fn term(&mut self, entries: &[Entry], further: &[Field]) -> Term {
        let names = further
            .iter()
            .chain(&[field::FROM, field::TO])
            .map(|f| f.name());
        let fields = self.fields(entries, names.collect(), "此处");
        let mut year = |field| {
            let entry = fields.given(field)?;
            self.four_digits(entry).map(|(year, _)| year)
        };
        Term {
            from: year(field::FROM),
            to: year(field::TO),
        }
    }
}
