//! The JSON Schema (draft-07) of an edition's report file, generated from its declaration, so that
//! editors can complete keys and explain rows.
//!
//! It knows the shape of a file: keys, kinds of values, lengths of lists. Sums are up to [`crate::check`].
//! Editors show the title and the description of the innermost matching part, so parts of a row have none;
//! `defaultSnippets`, `errorMessage`, `patternErrorMessage` and `enumDescriptions` are for editors, and other
//! readers of schemas ignore them.

use std::collections::BTreeSet;

use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use crate::check::rules::{self, RuleKind};
use crate::form::{
    BalanceRule, Body, CellKind, Column, Content, Each, Form, Language, Line, Measure, Name, Table,
};
use crate::report::field::{self, FIRST_YEAR, Field, LAST_YEAR};
use crate::report::{MAX_COUNT, MAX_SIGNATORIES, MAX_TITLED, NOT_APPLICABLE};

/// A schema. Properties keep the order of the form, which is that of completion in editors.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    dialect: Option<&'static str>,
    #[serde(rename = "$ref", skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Json::is_null")]
    kind: Json,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    values: Vec<Json>,
    #[serde(rename = "enumDescriptions", skip_serializing_if = "Vec::is_empty")]
    value_texts: Vec<String>,
    #[serde(rename = "const", skip_serializing_if = "Option::is_none")]
    only: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern_error_message: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    examples: Vec<Json>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    default_snippets: Vec<Json>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    any_of: Vec<Schema>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    all_of: Vec<Schema>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Items>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_items: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_items: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_items: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_map")]
    properties: Vec<(String, Schema)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_properties: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_map")]
    definitions: Vec<(String, Schema)>,
}

/// The items of a list: one schema for each position, or one for all.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum Items {
    Each(Vec<Schema>),
    All(Box<Schema>),
}

fn as_map<S: Serializer>(entries: &[(String, Schema)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(entries.iter().map(|(key, schema)| (key, schema)))
}

impl Schema {
    fn of(kind: &[&str]) -> Self {
        let kind = match kind {
            [one] => json!(one),
            several => json!(several),
        };
        Self {
            kind,
            ..Self::default()
        }
    }

    fn titled(mut self, title: &str) -> Self {
        self.title = Some(title.to_owned());
        self
    }

    fn says(mut self, text: &str) -> Self {
        self.description = Some(text.to_owned());
        self
    }

    /// The schema of a map of these properties and no others.
    fn map(properties: Vec<(String, Schema)>, required: Vec<String>) -> Self {
        Self {
            properties,
            required,
            additional_properties: Some(false),
            ..Self::of(&["object"])
        }
    }

    fn either(of: Vec<Schema>) -> Self {
        Self {
            any_of: of,
            ..Self::default()
        }
    }

    /// A reference to a definition of this document, with the kinds of its values; editors write the first.
    fn defined(name: &str, kind: &[&str]) -> Self {
        let reference = Self {
            reference: Some(format!("#/definitions/{name}")),
            ..Self::default()
        };
        // What stands beside $ref is not read in draft-07.
        Self {
            all_of: vec![reference],
            ..Self::of(kind)
        }
    }

    /// The schema of paragraphs, in a block.
    fn prose() -> Self {
        Self {
            default_snippets: vec![json!({"label": "|", "body": "|\n  $1"})],
            ..Self::of(&["string", "null"])
        }
    }

    /// This schema, or null.
    fn optional(mut self) -> Self {
        self.kind = json!([self.kind, "null"]);
        self
    }
}

/// The beginning of the comment by which a report file names its schema to editors.
pub(super) const SCHEMA_MARK: &str = "yaml-language-server:";

/// The schema of an edition with keys in one language, as JSON text that ends its last line.
#[must_use]
pub fn schema(form: &Form, language: Language) -> String {
    let writer = Writer { form, language };
    let text = serde_json::to_string_pretty(&writer.document()).unwrap_or_default();
    format!("{text}\n")
}

/// The name of the file, beside the form, with the schema in a language.
#[must_use]
pub fn file_name(language: Language) -> &'static str {
    match language {
        Language::English => "report.schema.json",
        Language::Chinese => "report.zh.schema.json",
    }
}

/// The description of how to write text.
const PROSE: &str = "文字，一行一段；写在 | 的下一行起，缩进两格";

struct Writer<'a> {
    form: &'a Form,
    language: Language,
}

impl Writer<'_> {
    fn key(&self, name: &Name) -> String {
        name.written(self.language).to_owned()
    }

    fn document(&self) -> Schema {
        let tables = self.form.tables.values();
        let columns = tables.flat_map(|table| table.lines().iter().flat_map(|line| &line.columns));
        let kinds: BTreeSet<CellKind> = columns.map(|column| column.measure.kind).collect();
        let cells = kinds
            .into_iter()
            .map(|kind| (definition(kind).to_owned(), self.cell(kind)));
        let mut definitions: Vec<_> = cells.collect();
        let mut properties = Vec::new();
        let mut required = Vec::new();
        for field in field::TOP {
            properties.push((self.key(&field.name()), self.field(field)));
        }
        // The year alone never leads to an edition that is for no years.
        let named = self.form.years.is_none().then_some(field::FORMAT);
        for field in named.into_iter().chain([field::AGENCY, field::YEAR]) {
            required.push(self.key(&field.name()));
        }
        for part in self.form.parts() {
            let (own, says) = match part.content {
                Content::Prose => (Schema::prose(), PROSE),
                Content::Titled => (self.titled(), "列表，每个部分写标题和文字"),
                Content::Table(table) => {
                    let own = self.table(&part.name.key, table, &mut definitions);
                    (own, table.summary.as_str())
                }
            };
            properties.push((
                self.key(&part.name),
                own.titled(&part.name.label).says(says),
            ));
            required.push(self.key(&part.name));
        }
        Schema {
            dialect: Some("http://json-schema.org/draft-07/schema#"),
            definitions,
            ..Schema::map(properties, required)
        }
        .titled("政府信息公开工作年度报告")
        .says(&format!(
            "{}（格式 {}）",
            self.form.decree, self.form.edition
        ))
    }

    /// The schema of a field that all editions have.
    fn field(&self, field: Field) -> Schema {
        let schema = match field {
            field::FORMAT => {
                let edition = &self.form.edition;
                let number = edition.parse::<u64>().ok().map(|number| json!(number));
                Schema {
                    values: [json!(edition)]
                        .into_iter()
                        .chain(number)
                        .chain(self.form.years.map(|_| Json::Null))
                        .collect(),
                    ..Schema::default()
                }
            }
            field::YEAR => Schema {
                minimum: Some(i64::from(FIRST_YEAR)),
                maximum: Some(i64::from(LAST_YEAR)),
                examples: self
                    .form
                    .years
                    .iter()
                    .map(|years| json!(years.from))
                    .collect(),
                ..Schema::of(&["integer"])
            },
            field::DATE => Schema {
                pattern: Some(r"^\d{4}-\d{2}-\d{2}$"),
                pattern_error_message: Some("日期写作 2024-01-22"),
                ..Schema::of(&["string", "null"])
            },
            field::PREFACE => Schema::prose(),
            field::HEADINGS => self.by_section(field, |body| body != Body::Titled),
            field::TEXTS => self.texts(),
            field::NOTES => self.by_section(field, |body| body == Body::Tables),
            field::WAIVERS => self.waivers(),
            field::SIGNATURE => {
                let several = Schema {
                    min_items: Some(1),
                    max_items: Some(MAX_SIGNATORIES),
                    items: Some(Items::All(Box::new(line(field::NAME)))),
                    ..Schema::of(&["array"])
                };
                let name = Schema::either(vec![line(field::NAME), several]);
                let name = name.titled(field::NAME.term).says(field::NAME.says);
                self.members(&[(field::NAME, name)]).optional()
            }
            field if field == field::TITLE => line(field).optional(),
            field => line(field),
        };
        schema.titled(field.term).says(field.says)
    }

    /// The schema of the texts around tables.
    fn texts(&self) -> Schema {
        let text = |field: Field| {
            let schema = Schema::prose().titled(field.term).says(field.says);
            (self.key(&field.name()), schema)
        };
        let sections = self.form.sections.iter();
        let sections = sections.filter(|section| section.body == Body::Tables);
        let properties = sections.map(|section| {
            let parts = vec![text(field::BEFORE), text(field::AFTER)];
            let own = Schema::map(parts, Vec::new()).titled(&section.title);
            (self.key(&section.name()), own)
        });
        Schema::map(properties.collect(), Vec::new()).optional()
    }

    fn titled(&self) -> Schema {
        let text = Schema::prose().titled(field::TEXT.term).says(PROSE);
        let title = line(field::SECTION_TITLE);
        let item = self.members(&[(field::SECTION_TITLE, title), (field::TEXT, text)]);
        Schema {
            min_items: Some(1),
            max_items: Some(MAX_TITLED),
            items: Some(Items::All(Box::new(item))),
            ..Schema::of(&["array"])
        }
    }

    fn waivers(&self) -> Schema {
        let waivable = rules::all()
            .iter()
            .filter(|entry| entry.kind != RuleKind::Binding);
        let rule = Schema {
            values: waivable.clone().map(|entry| json!(entry.rule.id)).collect(),
            value_texts: waivable.map(|entry| entry.summary.to_owned()).collect(),
            ..Schema::default()
        };
        let rule = rule.titled(field::RULE.term);
        let item = self.members(&[(field::RULE, rule), (field::REASON, line(field::REASON))]);
        let keys = [field::RULE, field::REASON].map(|field| self.key(&field.name()));
        let snippet = json!([{(&keys[0]): "$1", (&keys[1]): "$2"}]);
        let list = Schema {
            items: Some(Items::All(Box::new(item))),
            ..Schema::of(&["array"])
        };
        Schema {
            default_snippets: vec![json!({"label": "-", "body": snippet})],
            ..Schema::either(vec![list, Schema::of(&["null"])])
        }
    }

    /// The schema of a map whose members are all required.
    fn members(&self, members: &[(Field, Schema)]) -> Schema {
        let key = |field: &Field| self.key(&field.name());
        Schema::map(
            members
                .iter()
                .map(|(field, schema)| (key(field), schema.clone()))
                .collect(),
            members.iter().map(|(field, _)| key(field)).collect(),
        )
    }

    fn by_section(&self, field: Field, which: impl Fn(Body) -> bool) -> Schema {
        let sections = self
            .form
            .sections
            .iter()
            .filter(|section| which(section.body));
        let property = |section: &crate::form::Section| {
            (
                self.key(&section.name()),
                line(field).titled(&section.title),
            )
        };
        Schema::map(sections.map(property).collect(), Vec::new()).optional()
    }

    fn table(&self, key: &str, table: &Table, definitions: &mut Vec<(String, Schema)>) -> Schema {
        let mut known: Vec<(Vec<(&str, &Measure)>, String)> = Vec::new();
        let mut properties = Vec::new();
        let mut required = Vec::new();
        for line in table.lines() {
            // Lines with the same columns share one definition.
            let columns = line
                .columns
                .iter()
                .map(|c| (c.name.key.as_str(), &c.measure));
            let columns: Vec<_> = columns.collect();
            let same = known.iter().find(|(of, _)| *of == columns);
            let name = same.map_or_else(|| format!("{key}-{}", line.name.key), |(_, n)| n.clone());
            if same.is_none() {
                definitions.push((name.clone(), self.line(line)));
                known.push((columns, name.clone()));
            }
            let kind = match line.columns.as_slice() {
                [only] => kinds(only.measure.kind),
                _ => &["integer", "number", "string", "null", "array", "object"],
            };
            let own = Schema::defined(&name, kind).titled(&line.name.label);
            properties.push((self.key(&line.name), own.says(&about(line, table))));
            if line.parts.is_none() {
                required.push(self.key(&line.name));
            }
        }
        Schema::map(properties, required)
    }

    /// The schema of a line, in all ways to write it.
    fn line(&self, line: &Line) -> Schema {
        let cell = |column: &Column| {
            let kind = column.measure.kind;
            Schema::defined(definition(kind), kinds(kind))
        };
        let named = |column: &Column| {
            let cell = cell(column).titled(&column.name.label);
            let sum = column
                .parts
                .as_ref()
                .map(|_| "可以不写，不写时由程序算出。");
            let unit = unit(&column.measure);
            let text: String = unit.into_iter().chain(sum.map(str::to_owned)).collect();
            (self.key(&column.name), cell.says(&text))
        };
        let required = line.columns.iter().filter(|column| column.parts.is_none());
        let map = Schema::map(
            line.columns.iter().map(named).collect(),
            required.map(|column| self.key(&column.name)).collect(),
        );
        if let [only] = line.columns.as_slice() {
            return Schema::either(vec![cell(only), map]);
        }
        let zero = Schema {
            only: Some(json!(0)),
            error_message: Some(ways(line)),
            ..Schema::default()
        };
        let titled = |column: &Column| cell(column).titled(&column.name.label);
        let list = Schema {
            min_items: Some(line.columns.len()),
            items: Some(Items::Each(line.columns.iter().map(titled).collect())),
            additional_items: Some(false),
            ..Schema::of(&["array"])
        };
        let not_filled = Schema {
            pattern: Some(r"^\?$"),
            ..Schema::of(&["string"])
        };
        Schema::either(vec![zero, list, map, not_filled])
    }

    /// The schema of a value, in all ways to write it.
    fn cell(&self, kind: CellKind) -> Schema {
        let most = i64::try_from(MAX_COUNT).unwrap_or(i64::MAX);
        let number = match kind {
            CellKind::Count => Schema {
                minimum: Some(0),
                maximum: Some(most),
                ..Schema::of(&["integer"])
            },
            CellKind::Amount | CellKind::AmountWithUnit => Schema {
                minimum: Some(0),
                ..Schema::of(&["number"])
            },
            CellKind::Change => Schema {
                minimum: Some(-most),
                maximum: Some(most),
                ..Schema::of(&["integer"])
            },
        };
        // The hyphen and the question mark are not offered, because editors would write them without quotes.
        let offered = NOT_APPLICABLE.iter().filter(|sign| **sign != "-");
        let sign = Schema {
            values: offered
                .clone()
                .map(|sign| json!(sign))
                .chain([Json::Null])
                .collect(),
            value_texts: offered
                .map(|_| "不适用")
                .chain(["没有统计"])
                .map(str::to_owned)
                .collect(),
            ..Schema::default()
        };
        let quoted = Schema {
            pattern: Some(match kind {
                CellKind::Count => r"^(-|\?|0|[1-9]\d*)$",
                CellKind::Amount => r"^(-|\?|(0|[1-9]\d*)(\.\d{1,6})?)$",
                CellKind::AmountWithUnit => {
                    r"^(-|\?|(0|[1-9]\d{0,18})(\.\d{1,6})?[A-Za-z\u3400-\u9FFF ]{0,10})$"
                }
                CellKind::Change => r"^(-|\?|[+-]?(0|[1-9]\d{0,18}))$",
            }),
            ..Schema::of(&["string"])
        };
        let plain = vec![number, sign, quoted];
        let value = Schema::either(plain.clone())
            .titled(field::VALUE.term)
            .says(field::VALUE.says);
        let keys = [field::VALUE, field::NOTE].map(|field| self.key(&field.name()));
        let [value_key, note_key] = keys;
        let remark = Schema::map(
            vec![
                (value_key.clone(), value),
                (note_key, line(field::NOTE).optional()),
            ],
            vec![value_key],
        );
        Schema::either(plain.into_iter().chain([remark]).collect())
    }
}

/// The schema of a single line of text.
fn line(field: Field) -> Schema {
    let schema = Schema {
        max_length: field.most,
        pattern: Some(r"\S"),
        ..Schema::of(&["string"])
    };
    schema.titled(field.term).says(field.says)
}

/// The kinds of YAML values of a cell.
fn kinds(kind: CellKind) -> &'static [&'static str] {
    match kind {
        CellKind::Count | CellKind::Change => &["integer", "string", "null", "object"],
        CellKind::Amount => &["number", "string", "null", "object"],
        // What is written with its unit is text.
        CellKind::AmountWithUnit => &["string", "number", "null", "object"],
    }
}

/// The name in the document of the definition of a kind of value.
fn definition(kind: CellKind) -> &'static str {
    match kind {
        CellKind::Count => "count",
        CellKind::Amount => "amount",
        CellKind::AmountWithUnit => "amount-with-unit",
        CellKind::Change => "change",
    }
}

/// The unit of values, for a description.
fn unit(measure: &Measure) -> Option<String> {
    let unit = measure.unit.as_ref()?;
    Some(if measure.units.is_empty() {
        format!("单位：{unit}。")
    } else {
        let units = measure.known_units();
        format!("连同单位写，如 251000{unit}；单位有{}。", units.join("、"))
    })
}

/// The description of how to write a line of several columns.
fn ways(line: &Line) -> String {
    let columns: Vec<&str> = line.columns.iter().map(|c| c.name.term.as_str()).collect();
    let columns = columns.join(", ");
    format!("整行都是 0 时写 0，否则按各栏次序写 [{columns}]，或写“栏名: 数值”")
}

/// The description of a line: label, unit, its balances, how to write it.
fn about(line: &Line, table: &Table) -> String {
    // One unit for the whole line, where it has one.
    let first = line.columns.first().map(|column| &column.measure);
    let alike = line
        .columns
        .iter()
        .all(|column| Some(&column.measure) == first);
    let unit = first.filter(|_| alike).and_then(unit);
    let sum = line
        .parts
        .as_ref()
        .map(|_| "可以不写，不写时由程序算出；写了就要等于各行之和。".to_owned());
    let part = |rule: &&BalanceRule| match rule.each {
        Each::Column => rule.keys().any(|key| *key == line.name.key),
        Each::Row => rule.keys().all(|key| line.column(key).is_some()),
    };
    let balances = table.rules.iter().filter(part).filter_map(|rule| {
        Some(match &rule.law {
            Some(law) => format!("{law}（{}）。", rule.id),
            None => format!("检查 {}：{}。", rule.id, rules::named(&rule.id)?.summary),
        })
    });
    let label = format!("{}。", line.name.label);
    let ways = (line.columns.len() > 1).then(|| format!("{}。", ways(line)));
    [label]
        .into_iter()
        .chain(unit)
        .chain(sum)
        .chain(balances)
        .chain(ways)
        .collect()
}
