//! The route of a table from elsewhere: what goes where, what is said of it, and what is refused.

use nianbao::serve::MAX_REPORT;
use serde_json::{Value, json};

use super::support::http::{YAML, odd, options, post, service};

const JSON: &str = "application/json";
const PATH: &str = "/api/v1/match";

/// A table of rows that are parted by `|`, as a request has it.
fn rows(text: &str) -> Value {
    let cells = |row: &str| {
        row.split('|')
            .map(|text| json!({"text": text}))
            .collect::<Vec<_>>()
    };
    text.lines().map(cells).collect::<Vec<_>>().into()
}

#[tokio::test]
async fn a_table_from_elsewhere_is_held_to_the_form() {
    let service = service(options(odd()));
    let text = "|自然人|总计\n（一）予以公井|１２|1,234件\n（九）另行公布|4|5\n（二）部分公开|9（其中补正3件）|约9";
    let asked = json!({"edition": "2021", "table": "requests", "rows": rows(text)});
    let answer = post(&service, PATH, JSON, asked.to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let found = answer.json();
    assert_eq!(
        found["values"],
        json!([
            {"line": 2, "column": 0, "text": "１２", "value": "12", "note": null, "changes": ["全角改为半角"]},
            {"line": 2, "column": 6, "text": "1,234件", "value": "1234", "note": null, "changes": ["去掉千位分隔符", "去掉单位"]},
            {"line": 3, "column": 0, "text": "9（其中补正3件）", "value": "9", "note": "其中补正3件", "changes": []},
            {"line": 3, "column": 6, "text": "约9", "value": null, "note": null, "changes": []},
        ])
    );
    assert_eq!(
        found["near"],
        json!([{"written": "（一）予以公井", "label": "（一）予以公开"}])
    );
    assert_eq!(
        found["left"],
        json!([{"label": "（九）另行公布", "texts": ["4", "5"], "reason": "本表没有"}])
    );
    assert_eq!(
        (&found["missing"], &found["placed"]),
        (&json!(171), &json!(0))
    );

    // Another table of the edition, a table of another edition, no table of any.
    for (text, edition, table) in [
        (
            "信息内容|本年处理决定数量\n行政许可|3",
            "2021",
            json!("proactive"),
        ),
        (
            "信息内容|上一年项目数量|本年增/减|处理决定数量\n行政许可|1|+2|3",
            "2019",
            json!("proactive"),
        ),
        ("姓名|年龄\n某某|3", "2021", json!(null)),
    ] {
        let asked = json!({"edition": "2021", "table": "requests", "rows": rows(text)});
        let found = post(&service, PATH, JSON, asked.to_string()).await.json();
        assert_eq!(
            (&found["edition"], &found["table"]),
            (&json!(edition), &table),
            "{text}"
        );
    }
}

#[tokio::test]
async fn what_is_no_table_is_refused() {
    let service = service(options(odd()));
    let asked = |edition: &str, table: &str, rows: Value| {
        json!({"edition": edition, "table": table, "rows": rows}).to_string()
    };
    let wide = |colspan: u64| json!([[{"text": "", "colspan": colspan}], [{"text": "", "rowspan": 3, "colspan": 0}]]);
    for (kind, body, status) in [
        (JSON, asked("1999", "requests", rows("1")), 404),
        (JSON, asked("2021", "nothing", rows("1")), 404),
        (JSON, asked("2021", "requests", wide(5_000)), 200),
        (JSON, asked("2021", "requests", wide(1_000_000_000)), 413),
        (
            JSON,
            asked(
                "2021",
                "requests",
                json!(vec![json!([{"text": ""}, {"text": ""}]); 5_001]),
            ),
            413,
        ),
        (JSON, format!("\"{}\"", " ".repeat(MAX_REPORT)), 413),
        (JSON, "{\"edition\": 1}".to_owned(), 400),
        (JSON, "{".to_owned(), 400),
        (YAML, "edition: 1".to_owned(), 415),
    ] {
        let start: String = body.chars().take(60).collect();
        let answer = post(&service, PATH, kind, body).await;
        assert_eq!(answer.status, status, "{start} {}", answer.text());
        if status != 200 {
            answer.is_problem(status);
        }
    }
}
