//! The editions that the program knows.

use std::sync::Arc;

use super::Form;
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
    /// When a declaration contradicts itself.
    pub fn builtin() -> Result<Self, Error> {
        Self::read(Layouts::builtin())
    }

    /// Reads the editions of layouts.
    ///
    /// # Errors
    /// When a declaration contradicts itself.
    pub fn read(layouts: Layouts) -> Result<Self, Error> {
        let mut list = Vec::new();
        for (path, content) in layouts.files() {
            let Some(folder) = path.strip_suffix("/format.yaml") else {
                continue;
            };
            let form = Form::parse(path, &String::from_utf8_lossy(content))?;
            if form.edition != folder {
                let cause = format!("格式 {} 放在文件夹 {folder} 中", form.edition);
                return Err(fault(folder, cause));
            }
            list.push(form);
        }
        let complete = |form: &Form| {
            let whole = completed(form, &list);
            whole.map_err(|cause| fault(&form.edition, cause))
        };
        let mut list = list.iter().map(complete).collect::<Result<Vec<_>, _>>()?;
        list.sort_by(|a, b| order(a).cmp(&order(b)));
        for pair in list.windows(2) {
            let last = pair[0].years.map(|years| years.to.unwrap_or(u16::MAX));
            if last
                .zip(pair[1].years)
                .is_some_and(|(last, next)| last >= next.from)
            {
                let before = &pair[0].edition;
                let cause =
                    format!("年份与格式 {before} 的重叠；在 layouts/{before} 写 to，到前一年为止");
                return Err(fault(&pair[1].edition, cause));
            }
        }
        Ok(Self {
            list: list.into_iter().map(Arc::new).collect(),
            layouts: Arc::new(layouts),
        })
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Arc<Form>] {
        &self.list
    }

    /// The files that they are drawn by.
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

    /// The edition of the latest years.
    #[must_use]
    pub fn newest(&self) -> Option<&Arc<Form>> {
        self.list.last()
    }
}

/// Editions that were never prescribed come before all others.
fn order(form: &Form) -> (Option<u16>, &str) {
    (form.years.map(|years| years.from), &form.edition)
}

fn fault(edition: &str, cause: String) -> Error {
    Error::Declaration {
        file: format!("{edition}/format.yaml"),
        cause,
    }
}

/// An edition with what it takes from others.
fn completed(form: &Form, all: &[Form]) -> Result<Form, String> {
    let other = |name: &String, what: &str| {
        let other = all.iter().find(|other| other.edition == *name);
        other.ok_or_else(|| format!("{what} 取自 {name}，没有这一格式"))
    };
    let mut whole = form.clone();
    if let Some(name) = &form.shared.sections {
        let sections = &other(name, "sections")?.sections;
        if sections.is_empty() || !form.sections.is_empty() {
            return Err(format!("sections 取自 {name} 时，应由它自己写明，这里不写"));
        }
        whole.sections.clone_from(sections);
    }
    for (key, name) in &form.shared.tables {
        let Some(table) = other(name, key)?.tables.get(key) else {
            return Err(format!("{key} 取自 {name}，应由它自己写明"));
        };
        if whole.tables.insert(key.clone(), table.clone()).is_some() {
            return Err(format!("{key} 取自 {name}，这里不再写"));
        }
    }
    whole.check()?;
    Ok(whole)
}
