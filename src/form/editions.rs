//! The editions that the program knows.

use std::borrow::Cow;
use std::sync::Arc;

use super::declared::DeclaredForm;
use super::fault::{DeclarationFault, Entry};
use super::resolve::Own;
use super::{Form, declaration};
use crate::error::Error;
use crate::layouts::Layouts;

/// The editions that the program knows: first those that were never prescribed, then oldest first.
#[derive(Clone, Debug)]
pub struct Editions {
    list: Vec<Arc<Form>>,
    layouts: Arc<Layouts>,
}

impl Editions {
    /// Reads the editions that are compiled in.
    ///
    /// # Errors
    /// If a declaration contradicts itself.
    pub fn builtin() -> Result<Self, Error> {
        Self::read(Layouts::builtin())
    }

    /// Reads the editions of layouts.
    ///
    /// # Errors
    /// If a declaration contradicts itself.
    pub fn read(layouts: Layouts) -> Result<Self, Error> {
        let mut list = Vec::new();
        for (path, content) in layouts.files() {
            let Some(folder) = path.strip_suffix("/format.yaml") else {
                continue;
            };
            let Ok(text) = str::from_utf8(content) else {
                let cause = "不是 UTF-8；另存为 UTF-8".to_owned();
                return Err(DeclarationFault::from(cause).into_error(path.to_owned(), ""));
            };
            let declared: DeclaredForm = declaration(path, text)?;
            if declared.edition != folder {
                let cause = format!("格式 {} 放在文件夹 {folder} 中", declared.edition);
                let fault = DeclarationFault::new(Entry::named("edition"), cause);
                return Err(fault.into_error(path.to_owned(), text));
            }
            let own = Own::resolve(declared);
            list.push(own.map_err(|fault| fault.into_error(path.to_owned(), text))?);
        }
        let resolve = |own: &Own| {
            let form = Form::resolve(own, &list);
            form.map_err(|fault| error(&layouts, &own.declared.edition, fault))
        };
        let mut list = list.iter().map(resolve).collect::<Result<Vec<_>, _>>()?;
        list.sort_by(|a, b| order(a).cmp(&order(b)));
        for pair in list.windows(2) {
            let last = pair[0].years.map(|years| years.to.unwrap_or(u16::MAX));
            let next = pair[1].years.and_then(|years| years.from);
            if last.zip(next).is_some_and(|(last, next)| last >= next) {
                let before = &pair[0].edition;
                let cause =
                    format!("年份与格式 {before} 的重叠；在 layouts/{before} 写 to，到前一年为止");
                let fault = DeclarationFault::new(Entry::named("years"), cause);
                return Err(error(&layouts, &pair[1].edition, fault));
            }
        }
        Ok(Self {
            list: list.into_iter().map(Arc::new).collect(),
            layouts: Arc::new(layouts),
        })
    }

    /// The editions as they were transcribed before they were corrected, for digests that stand on paper.
    #[must_use]
    pub fn earlier(&self) -> Self {
        let forms = self.list.iter();
        let taken = forms.filter_map(|form| form.earlier.as_ref()?.years);
        let taken: Vec<_> = taken.collect();
        let earlier = |form: &Arc<Form>| Arc::new(form.earlier(&taken));
        Self {
            list: self.list.iter().map(earlier).collect(),
            layouts: Arc::clone(&self.layouts),
        }
    }

    /// All editions.
    #[must_use]
    pub fn all(&self) -> &[Arc<Form>] {
        &self.list
    }

    /// The files that draw them.
    #[must_use]
    pub fn layouts(&self) -> &Layouts {
        &self.layouts
    }

    /// The edition of that name.
    #[must_use]
    pub fn named(&self, edition: &str) -> Option<&Arc<Form>> {
        self.list.iter().find(|form| form.edition == edition)
    }

    /// The edition that is prescribed for reports on `year`.
    #[must_use]
    pub fn for_year(&self, year: u16) -> Option<&Arc<Form>> {
        self.list.iter().find(|form| form.is_for(year))
    }

    /// A fault of an edition as an error, with its line.
    pub(crate) fn fault(&self, edition: &str, fault: DeclarationFault) -> Error {
        error(&self.layouts, edition, fault)
    }

    /// The edition of the latest years.
    #[must_use]
    pub fn newest(&self) -> Option<&Arc<Form>> {
        self.list.last()
    }
}

/// Editions that were never prescribed come before all others.
fn order(form: &Form) -> (Option<u16>, &str) {
    (form.years.and_then(|years| years.from), &form.edition)
}

/// A fault of an edition as an error.
fn error(layouts: &Layouts, edition: &str, fault: DeclarationFault) -> Error {
    let file = format!("{edition}/format.yaml");
    let mut files = layouts.files();
    let content = files.find(|(path, _)| *path == file);
    let text = content.map_or(Cow::default(), |(_, text)| String::from_utf8_lossy(text));
    fault.into_error(file, &text)
}
