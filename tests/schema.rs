//! The schemas that are checked in beside each form, and what they take and refuse.

use nianbao::authoring::Template;
use nianbao::authoring::schema::{file_name, schema};
use nianbao::form::{Form, Language, Table};
use serde_json::Value as Json;
use serde_yaml::{Mapping, Value};

use super::support::{EDITIONS, bind, read, root, samples, updated};

const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];

fn validator(form: &Form, language: Language) -> jsonschema::Validator {
    let schema: Json = serde_json::from_str(&schema(form, language)).unwrap();
    jsonschema::draft7::meta::validate(&schema).unwrap();
    jsonschema::draft7::new(&schema).unwrap()
}

fn json(yaml: &Value) -> Json {
    serde_json::to_value(yaml).unwrap()
}

#[test]
fn the_schemas_beside_the_forms_are_up_to_date() {
    for form in EDITIONS.all() {
        for language in LANGUAGES {
            let folder = root().join("layouts").join(&form.edition);
            updated(
                &folder.join(file_name(language)),
                schema(form, language).as_bytes(),
            );
        }
    }
}

#[test]
fn every_sample_names_its_schema_and_is_valid() {
    for path in samples() {
        let text = read(&path);
        let first = text.lines().next().unwrap();
        let named = first
            .strip_prefix("# yaml-language-server: $schema=")
            .unwrap();
        let schema = read(&path.parent().unwrap().join(named));
        let schema: Json = serde_json::from_str(&schema).unwrap();
        let validator = jsonschema::draft7::new(&schema).unwrap();
        let report: Value = serde_yaml::from_str(&text).unwrap();
        let errors: Vec<_> = validator
            .iter_errors(&json(&report))
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
    }
}

#[test]
fn labels_are_titles_and_rules_are_descriptions() {
    let all = EDITIONS.all().iter();
    for (form, language) in all.flat_map(|form| LANGUAGES.map(|language| (form, language))) {
        let schema: Json = serde_json::from_str(&schema(form, language)).unwrap();
        let text = schema.to_string();
        for line in form.tables.values().flat_map(Table::lines) {
            assert!(
                text.contains(&format!("\"title\":\"{}\"", line.name.label)),
                "{}",
                line.name.label
            );
            assert!(
                text.contains(&format!("\"{}\":{{", line.name.written(language))),
                "{}",
                line.name.key
            );
        }
        let rules = form.tables.values().flat_map(|table| &table.rules);
        for law in rules.filter_map(|rule| rule.law.as_ref()) {
            assert!(text.contains(law), "{law}");
        }
    }
    let text = |edition: &str| schema(EDITIONS.named(edition).unwrap(), Language::English);
    assert!(text("2021").contains("单位：万元"));
    assert!(text("2019").contains("连同单位写，如 251000元"));
    assert!(text("2014").contains("单位：人次"));
}

/// A change of one node of a report: a name for it, and what it is replaced by.
fn replacements() -> Vec<(&'static str, Value)> {
    let value = |text: &str| serde_yaml::from_str(text).unwrap();
    vec![
        ("a list of one", value("[0]")),
        ("a list of many", value("[0, 0, 0, 0, 0, 0, 0, 0, 0]")),
        ("an unknown map", value("{unknown: 0}")),
        ("a negative number", value("-1")),
        ("a decimal", value("1.5")),
        ("a word", value("三")),
        ("true", value("true")),
        ("nothing", value("~")),
        ("a remark without a value", value("{note: 甲}")),
        ("a list of lists", value("[[0]]")),
    ]
}

/// Every report that differs from `report` in one place.
fn mutants(report: &Mapping) -> Vec<(String, Mapping)> {
    let mut found = Vec::new();
    for (key, value) in report {
        let name = key.as_str().unwrap();
        let mut without = report.clone();
        without.remove(key);
        found.push((format!("{name}: removed"), without));
        let mut unknown = report.clone();
        unknown.insert(Value::from(format!("{name}x")), value.clone());
        found.push((format!("{name}x: added"), unknown));
        for (what, replacement) in replacements() {
            let mut other = report.clone();
            other.insert(key.clone(), replacement);
            found.push((format!("{name}: {what}"), other));
        }
        if let Value::Mapping(inner) = value {
            for (what, inner) in mutants(inner) {
                let mut other = report.clone();
                other.insert(key.clone(), Value::Mapping(inner));
                found.push((format!("{name}/{what}"), other));
            }
        }
        if let Value::Sequence(items) = value {
            for (i, _) in items.iter().enumerate() {
                for (what, replacement) in replacements() {
                    let mut items = items.clone();
                    items[i] = replacement;
                    let mut other = report.clone();
                    other.insert(key.clone(), Value::Sequence(items));
                    found.push((format!("{name}/{i}: {what}"), other));
                }
            }
        }
    }
    found
}

#[test]
fn what_binding_refuses_the_schema_refuses_too() {
    let mut refused = 0;
    let mut taken = 0;
    for path in samples() {
        let text = read(&path);
        let language = if text.contains("\nagency:") {
            Language::English
        } else {
            Language::Chinese
        };
        let (_, bound, _) = bind(&text);
        let validator = validator(&bound.unwrap().form, language);
        let report: Mapping = serde_yaml::from_str(&text).unwrap();
        for (what, mutant) in mutants(&report) {
            let (_, bound, _) = bind(&serde_yaml::to_string(&mutant).unwrap());
            let valid = validator.is_valid(&json(&Value::Mapping(mutant)));
            if bound.is_none() {
                assert!(
                    !valid,
                    "{}: {what}: refused by binding alone",
                    path.display()
                );
                refused += 1;
            } else {
                taken += usize::from(valid);
            }
        }
    }
    assert!(refused > 3_500 && taken > 400, "{refused}, {taken}");
}

#[test]
fn a_new_report_is_valid_and_carries_over() {
    let form = EDITIONS.named("2021").unwrap();
    let sample = root().join("samples/shanghai-science-commission/2024.yaml");
    let (_, previous, _) = bind(&read(&sample));
    for language in LANGUAGES {
        for previous in [None, previous.as_ref()] {
            let template = Template {
                form,
                language,
                agency: "某某市: 科技局",
                year: 2025,
                previous,
                zeros: true,
            };
            let text = template.text("report.schema.json");
            let (_, report, findings) = bind(&text);
            let report = report.unwrap_or_else(|| panic!("{findings:?}\n{text}"));
            assert_eq!(
                (report.agency.text.as_str(), report.year),
                ("某某市: 科技局", 2025)
            );
            let yaml: Value = serde_yaml::from_str(&text).unwrap();
            let errors: Vec<_> = validator(form, language)
                .iter_errors(&json(&yaml))
                .map(|e| e.to_string())
                .collect();
            assert!(errors.is_empty(), "{errors:?}");
            for line in form.tables.values().flat_map(Table::lines) {
                assert!(text.contains(&line.name.label), "{}", line.name.label);
            }
            let table = &form.tables["requests"];
            let carried = report.tables["requests"]
                .get(table, "carried_in", "natural_person")
                .unwrap();
            assert_eq!(
                carried.printed(),
                if previous.is_some() { "1" } else { "0" }
            );
            assert_eq!(text.contains("#   2024年，市科委按照"), previous.is_some());
        }
    }
    // Wording that a report chose is kept.
    let (_, chosen, _) = bind(&read(
        &root().join("samples/zhangshu-science-bureau/2023.yaml"),
    ));
    let template = Template {
        form,
        language: Language::English,
        agency: "樟树市科技局",
        year: 2024,
        previous: chosen.as_ref(),
        zeros: true,
    };
    let (_, report, _) = bind(&template.text("x"));
    assert_eq!(
        report.unwrap().headings["proactive"].text,
        "行政机关主动公开政府信息情况"
    );
}

#[test]
fn a_new_report_of_any_year_is_valid_and_binds() {
    for year in 2008..=2026 {
        let form = EDITIONS.for_year(year).unwrap();
        for language in LANGUAGES {
            let template = Template {
                form,
                language,
                agency: "某某市科技局",
                year,
                previous: None,
                zeros: true,
            };
            let text = template.text("report.schema.json");
            let (_, report, findings) = bind(&text);
            assert_eq!(
                report
                    .unwrap_or_else(|| panic!("{findings:?}"))
                    .form
                    .edition,
                form.edition
            );
            let yaml: Value = serde_yaml::from_str(&text).unwrap();
            assert!(validator(form, language).is_valid(&json(&yaml)), "{year}");
            // A line in the file for each of the form, totals as comments.
            for line in form.tables.values().flat_map(Table::lines) {
                let key = line.name.written(language);
                let start = if line.parts.is_some() { "# " } else { "" };
                assert!(text.contains(&format!("\n  {start}{key}: ")), "{key}");
            }
        }
    }
}

/// A form before carries over what the form of the year has too.
#[test]
fn a_new_report_carries_over_from_another_edition() {
    let (_, previous, _) = bind(&read(
        &root().join("samples/example-science-bureau/2020.yaml"),
    ));
    let previous = previous.unwrap();
    for (year, carried) in [(2021, "1"), (2020, "1")] {
        let form = EDITIONS.for_year(year).unwrap();
        let template = Template {
            form,
            language: Language::English,
            agency: "某某市科学技术局",
            year,
            previous: Some(&previous),
            zeros: true,
        };
        let (_, report, findings) = bind(&template.text("x"));
        let report = report.unwrap_or_else(|| panic!("{findings:?}"));
        let table = &form.tables["requests"];
        let cell = report.tables["requests"].get(table, "carried_in", "natural_person");
        assert_eq!(cell.unwrap().printed(), carried);
    }
    // Sections with titles of their own are there to be rewritten.
    let (_, previous, _) = bind(&read(
        &root().join("samples/example-science-bureau/2018.yaml"),
    ));
    let form = EDITIONS.for_year(2018).unwrap();
    let template = Template {
        form,
        language: Language::Chinese,
        agency: "某某市科学技术局",
        year: 2018,
        previous: previous.as_ref(),
        zeros: true,
    };
    let text = template.text("x");
    assert!(
        text.contains("# 上年度的部分：五、行政复议、行政诉讼和举报投诉的情况\n"),
        "{text}"
    );
    assert!(bind(&text).1.is_some(), "{text}");
    // Where the form of the year has no place for them, they stand at the top.
    let template = Template {
        form: EDITIONS.for_year(2019).unwrap(),
        year: 2019,
        ..template
    };
    let text = template.text("x");
    let own = "# 上年度的部分：一、概述\n# 上年度的文字";
    assert!(
        text.contains(own) && text.contains("#   2018年，我局把"),
        "{text}"
    );
    assert!(bind(&text).1.is_some(), "{text}");
}
