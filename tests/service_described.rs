//! What the service says of itself: editions, forms, the interface, the page.

use nianbao::form::Transcript;
use serde_json::{Value, json};

use super::support::http::{YAML, get, odd, options, own, post, service};
use super::support::{EDITIONS, read, root, yaml};

#[tokio::test]
async fn editions_are_described_as_they_are_declared() {
    let service = service(options(odd()));
    let editions = get(&service, "/api/v1/editions").await.json();
    let names: Vec<_> = editions
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["edition"].clone())
        .collect();
    let declared: Vec<_> = EDITIONS.all().iter().map(|f| json!(f.edition)).collect();
    assert_eq!(names, declared);
    for form in EDITIONS.all() {
        let name = &form.edition;
        let schema = get(&service, &format!("/api/v1/schema/{name}")).await;
        assert_eq!(schema.header("content-type"), "application/schema+json");
        let kept = root().join("layouts").join(name);
        assert_eq!(schema.text(), read(&kept.join("report.schema.json")));
        let chinese = get(&service, &format!("/api/v1/schema/{name}?lang=zh")).await;
        assert!(chinese.text().contains("\"机关\""));
    }
    get(&service, "/api/v1/schema/1999").await.is_problem(404);
    get(&service, "/api/v1/form/1999").await.is_problem(404);
    get(&service, "/api/v1/schema/2021?lang=fr")
        .await
        .is_problem(400);
}

/// The tables of a form to fill in look as the transcript of the decree has them.
#[tokio::test]
async fn forms_look_as_the_decrees_have_them() {
    let service = service(options(odd()));
    for declared in EDITIONS.all() {
        let name = &declared.edition;
        let form = get(&service, &format!("/api/v1/form/{name}")).await.json();
        assert_eq!(form["decree"], json!(declared.decree));
        let transcript = read(&root().join("tests/forms").join(format!("{name}.txt")));
        let transcript = Transcript::parse(&transcript).unwrap();
        let titles: Vec<_> = form["sections"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| s["title"].clone())
            .collect();
        assert_eq!(
            titles,
            transcript
                .titles
                .iter()
                .map(|t| json!(t))
                .collect::<Vec<_>>()
        );
        let tables = form["tables"].as_array().unwrap();
        assert_eq!(tables.len(), transcript.tables.len());
        for (table, wanted) in tables.iter().zip(&transcript.tables) {
            assert_eq!(table["key"], json!(wanted.key));
            assert_eq!(table["columns"], wanted.columns);
            let rows = table["rows"].as_array().unwrap();
            assert_eq!(rows.len(), wanted.rows, "{name} {}", wanted.key);
            let cells: Vec<_> = rows
                .iter()
                .enumerate()
                .flat_map(|(y, row)| row.as_array().unwrap().iter().map(move |cell| (y, cell)))
                .map(|(y, cell)| {
                    (
                        y,
                        cell["label"].clone(),
                        cell["rowspan"].clone(),
                        cell["colspan"].clone(),
                    )
                })
                .collect();
            let wanted_cells: Vec<_> = wanted
                .cells
                .iter()
                .map(|c| (c.row, json!(c.label), json!(c.rowspan), json!(c.colspan)))
                .collect();
            assert_eq!(cells, wanted_cells, "{name} {}", wanted.key);
            // A label is told whole and in words.
            for cell in rows.iter().flat_map(|row| row.as_array().unwrap()) {
                let words = cell.get("words").map(|words| words.as_array().unwrap());
                let words = words.map(|words| words.iter().map(|word| word.as_str().unwrap()));
                let words = words.map(Iterator::collect::<String>);
                assert_eq!(words.as_deref(), cell.get("label").and_then(|l| l.as_str()));
            }
            // Each value of the form has its one place.
            let mut values: Vec<_> = rows
                .iter()
                .flat_map(|row| row.as_array().unwrap())
                .filter(|cell| cell.get("label").is_none())
                .map(|cell| {
                    (
                        cell["line"].as_u64().unwrap(),
                        cell["column"].as_u64().unwrap(),
                    )
                })
                .collect();
            values.dedup();
            assert_eq!(values.len(), wanted.values);
            for (line, column) in values {
                let line = &table["lines"][usize::try_from(line).unwrap()];
                assert!(line["columns"][usize::try_from(column).unwrap()]["kind"].is_string());
            }
        }
    }
    let form = get(&service, "/api/v1/form/2021").await.json();
    let requests = &form["tables"][1];
    let balance = &requests["balances"][0];
    assert_eq!(balance["cells"].as_array().unwrap().len(), 7);
    assert_eq!(balance["cells"][0]["add"], json!([[0, 0], [1, 0]]));
    assert_eq!(
        requests["balances"][1]["cells"][6]["previous"],
        json!([24, 6])
    );
    assert_eq!(
        requests["lines"][0]["columns"][6]["parts"],
        json!([0, 1, 2, 3, 4, 5])
    );
}

#[tokio::test]
async fn the_description_is_of_what_there_is() {
    let service = service(options(own()));
    let document = get(&service, "/api/v1/openapi.json").await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut paths: Vec<_> = document["paths"].as_object().unwrap().keys().collect();
    paths.sort();
    let wanted = [
        "/api/v1/check",
        "/api/v1/convert/{edition}",
        "/api/v1/editions",
        "/api/v1/form/{edition}",
        "/api/v1/match",
        "/api/v1/pages",
        "/api/v1/pdf",
        "/api/v1/read",
        "/api/v1/schema/{edition}",
        "/api/v1/tidy",
        "/api/v1/write",
    ];
    assert_eq!(paths, wanted);
    let statuses: Vec<_> = document["paths"]["/api/v1/pdf"]["post"]["responses"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(
        statuses,
        ["200", "400", "401", "413", "415", "422", "429", "503"]
    );
    // What is described by hand is what is sent.
    let keys = |value: &Value| -> Vec<String> {
        let mut keys: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    };
    let schemas = &document["components"]["schemas"];
    let finding = post(&service, "/api/v1/pdf", YAML, "agency: 1")
        .await
        .json()["findings"][0]
        .clone();
    assert_eq!(keys(&finding), keys(&schemas["Finding"]["properties"]));
    let overview = post(&service, "/api/v1/pages", YAML, yaml(&[]))
        .await
        .json();
    assert_eq!(keys(&overview), keys(&schemas["Overview"]["properties"]));
    assert_eq!(
        keys(&overview["places"][0]),
        keys(&schemas["Place"]["properties"])
    );
    // Its page comes from the program alone.
    let page = get(&service, "/api/").await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(!page.text().contains("http"), "{}", page.text());
    for file in [
        "swagger-ui.css",
        "swagger-ui-bundle.js",
        "swagger-initializer.js",
    ] {
        assert_eq!(
            get(&service, &format!("/api/{file}")).await.status,
            200,
            "{file}"
        );
    }
}

#[tokio::test]
async fn the_page_has_all_its_files() {
    let service = service(options(odd()));
    let page = get(&service, "/").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let folder = root().join("web");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let file = get(&service, &format!("/{name}")).await;
        assert!(file.text() == read(&path), "{name}");
        let kind = file.header("content-type");
        assert!(
            ["text/html", "text/javascript", "text/css"]
                .iter()
                .any(|k| kind.starts_with(k)),
            "{name}"
        );
    }
}
