//! From declared editions to forms: tables are resolved, parts of other editions inserted, and rules that no
//! type enforces are checked.

use std::collections::BTreeMap;

use super::declared::DeclaredForm;
use super::earlier::Earlier;
use super::fault::{DeclarationFault, Entry};
use super::name::distinct;
use super::years::YearRange;
use super::{Body, Form, Section, Table};

/// An edition with its own tables resolved, without those of others.
#[derive(Debug)]
pub(super) struct Own {
    pub declared: DeclaredForm,
    tables: BTreeMap<String, Table>,
}

impl Own {
    /// Resolves the tables of a declaration.
    pub fn resolve(mut declared: DeclaredForm) -> Result<Self, DeclarationFault> {
        let mut tables = BTreeMap::new();
        for (key, table) in std::mem::take(&mut declared.tables) {
            let table = Table::resolve(table).map_err(|fault| fault.in_table(&key))?;
            tables.insert(key, table);
        }
        Ok(Self { declared, tables })
    }
}

impl Form {
    /// An edition with the parts that it takes from others, checked as a whole.
    pub(super) fn resolve(own: &Own, all: &[Own]) -> Result<Self, DeclarationFault> {
        let other = |name: &String, part: &str| {
            let other = all.iter().find(|other| other.declared.edition == *name);
            other.ok_or_else(|| format!("{part} 取自 {name}，没有这一格式"))
        };
        let DeclaredForm {
            edition,
            decree,
            years,
            draft,
            earlier,
            shared,
            title,
            due,
            sections,
            ..
        } = &own.declared;
        let mut form = Self {
            edition: edition.clone(),
            decree: decree.clone(),
            years: *years,
            draft: *draft,
            earlier: earlier.clone(),
            shared: shared.clone(),
            due: due.clone(),
            title: title.clone(),
            sections: sections.clone(),
            tables: own.tables.clone(),
        };
        let at = |fault: String| DeclarationFault::new(Entry::named("shared"), fault);
        if let Some(name) = &shared.sections {
            let shared = &other(name, "sections").map_err(at)?.declared.sections;
            if shared.is_empty() || !sections.is_empty() {
                let cause = format!("sections 取自 {name} 时，应由它自己写明，这里不写");
                return Err(at(cause));
            }
            form.sections.clone_from(shared);
        }
        if let Some(name) = &shared.due {
            let shared = &other(name, "due").map_err(at)?.declared.due;
            if shared.is_none() || due.is_some() {
                let cause = format!("due 取自 {name} 时，应由它自己写明，这里不写");
                return Err(at(cause));
            }
            form.due.clone_from(shared);
        }
        for (key, name) in &shared.tables {
            let Some(table) = other(name, key).map_err(at)?.tables.get(key) else {
                return Err(at(format!("{key} 取自 {name}，应由它自己写明")));
            };
            if form.tables.insert(key.clone(), table.clone()).is_some() {
                return Err(at(format!("{key} 取自 {name}，这里不再写")));
            }
        }
        form.check()?;
        Ok(form)
    }

    /// The form as it was before it was corrected. `taken` are the years that other forms had then.
    pub(super) fn earlier(&self, taken: &[YearRange]) -> Self {
        let mut form = self.clone();
        let Earlier { titles, years } = form.earlier.take().unwrap_or_default();
        let titled = |section: Section| match titles.get(&section.key) {
            Some(title) => section.titled(title),
            None => section,
        };
        form.sections = form.sections.into_iter().map(titled).collect();
        let own = self.years;
        let own = own.filter(|own| !taken.iter().any(|taken| taken.meets(*own)));
        form.years = years.or(own);
        form
    }

    /// Checks that its parts fit together.
    fn check(&self) -> Result<(), DeclarationFault> {
        let of = |section: &Section, message: &str| {
            let cause = format!("部分“{}”：{message}", section.key);
            DeclarationFault::new(Entry::of("key", &section.key), cause)
        };
        let mut drawn = Vec::new();
        for section in &self.sections {
            if (section.body == Body::Tables) == section.tables.is_empty() {
                let message = "body: tables 的部分要列出 tables，其他的部分不能列";
                return Err(of(section, message));
            }
            let asked = !section.aspects.is_empty() || !section.fee.is_empty() || section.optional;
            if (asked || section.limit.is_some()) && section.body != Body::Prose {
                let message = "aspects、fee、limit、optional 只用于 body: prose";
                return Err(of(section, message));
            }
            drawn.extend(&section.tables);
        }
        let declared: Vec<_> = self.tables.keys().collect();
        drawn.sort_unstable();
        if let Some(key) = drawn.iter().find(|key| !declared.contains(*key)) {
            return Err(format!("部分所列的表“{key}”没有声明").into());
        }
        let once = |key: &&&String| drawn.iter().filter(|drawn| *drawn == *key).count() != 1;
        if let Some(key) = declared.iter().find(once) {
            let at = Entry {
                table: Some((*key).clone()),
                ..Entry::default()
            };
            let cause = format!("表“{key}”应由一个部分列出，且只列一次");
            return Err(DeclarationFault::new(at, cause));
        }
        if let Some(earlier) = &self.earlier {
            let has = |key: &String| self.sections.iter().any(|section| section.key == *key);
            if let Some(key) = earlier.titles.keys().find(|key| !has(key)) {
                let cause = format!("earlier 的 titles 写了没有的部分“{key}”");
                return Err(DeclarationFault::new(Entry::named("earlier"), cause));
            }
        }
        let years = self.years.unwrap_or_default();
        if years.from.zip(years.to).is_some_and(|(from, to)| to < from) {
            let cause = "“years”的 to 早于 from".to_owned();
            return Err(DeclarationFault::new(Entry::named("years"), cause));
        }
        let placeholders = |word: &String| word.replace("{agency}", "").replace("{year}", "");
        let title = self.title.concat();
        if !title.contains("{agency}")
            || !title.contains("{year}")
            || self
                .title
                .iter()
                .any(|word| placeholders(word).contains(['{', '}']))
        {
            let cause = "“title”中应有 {agency} 和 {year}，没有别的括号".to_owned();
            return Err(DeclarationFault::new(Entry::named("title"), cause));
        }
        // Sections whose titles the report gives have no titles to tell them from those of another.
        if self
            .sections
            .iter()
            .filter(|s| s.body == Body::Titled)
            .count()
            > 1
        {
            let cause = "body: titled 的部分只能有一个".to_owned();
            return Err(DeclarationFault::new(
                Entry::repeated("body", "titled"),
                cause,
            ));
        }
        // Where the text ends, the signature stands.
        let annexes = self.sections.iter().skip_while(|section| !section.annex);
        if self.sections.first().is_none_or(|section| section.annex) {
            let cause = "附件之前应有正文的部分".to_owned();
            return Err(DeclarationFault::new(Entry::named("sections"), cause));
        }
        if annexes.clone().count() > 1 || annexes.clone().any(|annex| annex.body != Body::Tables) {
            let cause = "附件（annex: true）只能有一个，是表，放在最后".to_owned();
            return Err(DeclarationFault::new(Entry::named("sections"), cause));
        }
        distinct(&self.sections.iter().map(Section::name).collect::<Vec<_>>())
    }
}
