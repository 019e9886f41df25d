//! Fields that are text: single lines, paragraphs, headings, notes, waivers, the signature.

use std::collections::BTreeMap;

use super::unread::{NOT_READ, TO_FILL_IN};
use super::{Binder, here, lacking, shorten};
use crate::diagnostic::{Called, Diagnostic, Said};
use crate::form::{Body, Form, NUMERALS, Section, ordinal};
use crate::report::almost_table::{AlmostRow, LIKE_BARS};
use crate::report::cell::is_not_filled;
use crate::report::field::{self, Field, IMPORT_MARK};
use crate::report::own_table::OwnTableFault;
use crate::report::prose::is_second_level;
use crate::report::rules;
use crate::report::unbroken::is_unbroken;
use crate::report::{
    LONGEST_WORD, MAX_OWN_COLUMNS, MAX_OWN_HEAD, MAX_OWN_ROWS, MAX_SIGNATORIES, MAX_TITLE_LINES,
    MAX_TITLE_WIDTH, MAX_TITLED, Paragraph, Prose, TableTexts, Text, Titled, Waiver, title_width,
};
use crate::source::{Entry, Node, NodeKind, Scalar, Span, Style};

/// Quotes that YAML takes for text, opening and closing; straight ones within those of YAML.
const QUOTES: [(char, char); 7] = [
    ('“', '”'),
    ('‘', '’'),
    ('”', '”'),
    ('「', '」'),
    ('『', '』'),
    ('"', '"'),
    ('\'', '\''),
];

/// Whether a line begins as one of several items or paragraphs does.
fn begins_item(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = rest.len() < line.len() && rest.starts_with(['.', '．', '、']);
    let counted = line.chars().nth(1) == Some('是') && line.starts_with(|c| NUMERALS.contains(c));
    numbered || counted || is_second_level(line) || line.starts_with("![") || line.starts_with('|')
}

/// The finding about a text that nobody has written yet.
fn not_filled(called: Called, span: Span) -> Diagnostic {
    let message = Said::naming(called, |name| format!("“{name}”还没有写，只有待填的记号"));
    Diagnostic::new(rules::NOT_FILLED, span, message).hint("换成内容；没有内容可写的，删去它")
}

impl Binder<'_> {
    /// The written text of a value without parts; a finding if it has parts or is empty.
    pub(super) fn scalar<'n>(&mut self, entry: &'n Entry) -> Option<&'n str> {
        let written = match &entry.value.kind {
            NodeKind::Scalar(scalar) if !entry.value.is_blank() => scalar.text.trim(),
            _ => "",
        };
        if written.is_empty() {
            let called = self.called(entry);
            let message = match &entry.value.kind {
                NodeKind::Scalar(_) => Said::naming(called, |name| format!("“{name}”没有内容")),
                _ => Said::new(
                    format!("“{}”应为一个值，不是列表或映射", called.key),
                    format!("“{}”没有读懂", called.title),
                ),
            };
            let hint = Said::new(format!("在 {}: 后写明内容", entry.key), "写明内容");
            self.push(Diagnostic::new(rules::INVALID_VALUE, entry.value.span, message).hint(hint));
            return None;
        }
        if is_not_filled(written) {
            self.push(not_filled(self.called(entry), entry.value.span));
            return None;
        }
        Some(written)
    }

    /// Reports paragraphs and cells of one's own tables that nobody has written yet.
    fn open_texts(&mut self, entry: &Entry, prose: &Prose) {
        let texts = prose.paragraphs.iter().flat_map(Paragraph::texts);
        let mut open = texts.filter(|text| is_not_filled(&text.text));
        if let Some(first) = open.next() {
            let finding = not_filled(self.called(entry), first.span);
            self.push(finding.also_at(open.map(|text| text.span)));
        }
    }

    /// Finds what a plain value of text loses behind ` #`: YAML takes it for a comment.
    fn cut(&mut self, entry: &Entry) {
        let NodeKind::Scalar(scalar) = &entry.value.kind else {
            return;
        };
        let span = entry.value.span;
        let behind = &self.source[span.end.min(self.source.len())..];
        let line = behind.split(['\r', '\n']).next().unwrap_or_default();
        let lost = line.trim_start_matches([' ', '\t']);
        let is_plain = scalar.style == Style::Plain && !scalar.text.is_empty();
        let is_noted = lost.starts_with(IMPORT_MARK);
        if !is_plain || !lost.starts_with('#') || is_noted || entry.value.is_blank() {
            return;
        }
        let start = span.end + line.len() - lost.len();
        let lost = lost.trim_end();
        let place = Span::new(start, start + lost.len());
        let message = Said::naming(self.called(entry), |name| {
            let lost = shorten(lost, 40);
            format!("“{name}”中 # 起的文字当作注释，不印：“{lost}”")
        });
        let hint = Said::new(
            format!(
                "要印的，整个值用引号括起来，或写在 {}: | 的下一行；是注释的，另写一行",
                entry.key
            ),
            "要印的，补写在这里",
        );
        self.push(Diagnostic::new(rules::CUT_BY_COMMENT, place, message).hint(hint));
    }

    /// Reports paragraphs that YAML joins into one, because they do not stand behind `|`.
    fn joined(&mut self, entry: &Entry, scalar: &Scalar) {
        let Span { start, end } = entry.value.span;
        let written = self.source.get(start..end).unwrap_or_default();
        let later = || written.lines().skip(1).any(|line| begins_item(line.trim()));
        let bar = written.starts_with(LIKE_BARS);
        if scalar.style != Style::Plain || !(bar || later()) {
            return;
        }
        let called = self.called(entry);
        let message = Said::new(
            format!("“{}”的几行没有写在 | 之后，会连成一段", called.key),
            format!("“{}”的几段会连成一段", called.title),
        );
        let hint = Said::new(
            format!(
                "写作 {}: |（半角的竖线），文字从下一行起，缩进两格，一行一段",
                called.key
            ),
            "重新分段，一行一段",
        );
        self.push(Diagnostic::new(rules::JOINED_PARAGRAPHS, entry.key_span, message).hint(hint));
    }

    /// Reports quotes around a whole name or title, which are printed with it.
    fn quoted(&mut self, entry: &Entry, field: Field, written: &str) {
        let names = [field::AGENCY, field::TITLE, field::NAME];
        if !names.iter().any(|name| name.key == field.key) {
            return;
        }
        let pair = QUOTES.iter().find(|(open, _)| written.starts_with(*open));
        let Some(&(open, close)) = pair else { return };
        let inner = written[open.len_utf8()..].strip_suffix(close);
        let Some(inner) = inner.filter(|inner| !inner.contains([open, close])) else {
            return;
        };
        let message = Said::naming(self.called(entry), |name| {
            format!("“{name}”写在引号里，引号会印出来")
        });
        self.push(
            Diagnostic::new(rules::QUOTED_NAME, entry.value.span, message)
                .hint(format!("去掉引号，写作 {}", inner.trim())),
        );
    }

    /// The single line of text of a field.
    pub(super) fn line_of_text(&mut self, entry: &Entry, field: Field) -> Option<Text> {
        self.cut(entry);
        let most = field.most.unwrap_or(usize::MAX);
        let written = self.scalar(entry)?;
        let span = entry.value.span;
        let fault = if written.lines().count() > 1 {
            "只能有一行".to_owned()
        } else if written.chars().count() > most {
            format!("超过 {most} 字")
        } else if is_unbroken(written) {
            format!("中有连续 {LONGEST_WORD} 个以上的字母或符号，排不进一行")
        } else {
            self.quoted(entry, field, written);
            let text = written.to_owned();
            return Some(Text { text, span });
        };
        let message = Said::naming(self.called(entry), |name| format!("“{name}”{fault}"));
        let hint = "改写得短一些；需要展开的内容写进正文";
        self.push(Diagnostic::new(rules::INVALID_VALUE, span, message).hint(hint));
        None
    }

    /// The title in one line, and its lines if the author broke it.
    pub(super) fn title(&mut self, entry: &Entry) -> (Option<Text>, Vec<String>) {
        let Some(written) = self.scalar(entry) else {
            return (None, Vec::new());
        };
        let lines = written.lines().map(str::trim);
        let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        if lines.len() < 2 {
            return (self.line_of_text(entry, field::TITLE), Vec::new());
        }
        let too_wide = |line: &&&str| title_width(line) > MAX_TITLE_WIDTH;
        let message = if lines.len() > MAX_TITLE_LINES {
            Said::naming(self.called(entry), |name| {
                format!("“{name}”至多 {MAX_TITLE_LINES} 行")
            })
        } else if let Some(line) = lines.iter().find(too_wide) {
            let line = shorten(line, 40);
            format!("标题的这一行排不下：“{line}”，一行至多 {MAX_TITLE_WIDTH} 字").into()
        } else {
            let (text, span) = (lines.concat(), entry.value.span);
            let lines = lines.into_iter().map(str::to_owned).collect();
            return (Some(Text { text, span }), lines);
        };
        let hint = "写成一行的，由程序分行";
        self.push(Diagnostic::new(rules::INVALID_VALUE, entry.value.span, message).hint(hint));
        (None, Vec::new())
    }

    /// Paragraphs; an empty field has none.
    pub(super) fn prose(&mut self, entry: &Entry) -> Option<Prose> {
        match &entry.value.kind {
            _ if entry.value.is_blank() => Some(Prose {
                paragraphs: Vec::new(),
                span: entry.value.span,
            }),
            NodeKind::Scalar(scalar) => {
                self.cut(entry);
                self.joined(entry, scalar);
                let mut prose = Prose::new(scalar, entry.value.span, self.source);
                self.without_swallowed(&mut prose);
                self.own_tables(&prose);
                self.almost_rows(&prose);
                self.open_texts(entry, &prose);
                Some(prose)
            }
            _ => {
                let called = self.called(entry);
                let message = Said::new(
                    format!("“{}”应为文字，不是列表或映射", called.key),
                    format!("“{}”没有读懂", called.title),
                );
                let hint = format!("写 {}: |，文字从下一行起缩进两格，一行一段", called.key);
                let finding = Diagnostic::new(rules::INVALID_VALUE, entry.value.span, message);
                self.push(finding.hint(Said::new(hint, "填写文字，一行一段")));
                None
            }
        }
    }

    /// Reports what is wrong with tables of the author's own.
    fn own_tables(&mut self, prose: &Prose) {
        for paragraph in &prose.paragraphs {
            let Paragraph::Table(table) = paragraph else {
                continue;
            };
            let (span, message, hint) = match table.fault() {
                None => continue,
                Some(OwnTableFault::HeadAlone) => (
                    table.span(),
                    "正文中的表只有表头".to_owned(),
                    "表头下至少写一行，每行以 | 开头和结尾",
                ),
                Some(OwnTableFault::TooWide) => (
                    table.span(),
                    format!("正文中的表超过 {MAX_OWN_COLUMNS} 栏"),
                    "分成几个表，中间空一行",
                ),
                Some(OwnTableFault::TooLong) => (
                    table.span(),
                    format!("正文中的表超过 {MAX_OWN_ROWS} 行"),
                    "分成几个表，中间空一行",
                ),
                Some(OwnTableFault::HeadTooLong) => (
                    table.span(),
                    format!("正文中的表，表头的一格超过 {MAX_OWN_HEAD} 字"),
                    "表头每页重印，写栏的名称；说明写进正文",
                ),
                Some(OwnTableFault::Uneven {
                    row,
                    cells,
                    columns,
                }) => (
                    row,
                    format!("正文中的表，这一行有 {cells} 格，表头有 {columns} 格"),
                    "各行格数要相同，空格也写出来；格与格之间用半角的 |，格中的 | 写作 \\|",
                ),
            };
            self.push(Diagnostic::new(rules::INVALID_VALUE, span, message).hint(hint));
        }
    }

    /// Reports lines that are almost rows of such a table.
    fn almost_rows(&mut self, prose: &Prose) {
        for row in prose.almost_rows(self.source) {
            let (span, hint) = match row {
                AlmostRow::Miswritten(span, row) => (
                    span,
                    format!(
                        "表的每行以半角的 | 开头和结尾，写作 {}；不是表的，改写这一行",
                        shorten(&row, 40)
                    ),
                ),
                AlmostRow::BetweenRows(span) => (
                    span,
                    "是表中一行的，也以 | 开头和结尾，各格之间写 |；不是的，前后各空一行"
                        .to_owned(),
                ),
            };
            let message = "这不是表中的一行，会原样印出";
            self.push(Diagnostic::new(rules::NO_TABLE, span, message).hint(hint));
        }
    }

    /// Sections with their titles.
    pub(super) fn titled(&mut self, entry: &Entry) -> Vec<Titled> {
        let items = match &entry.value.kind {
            NodeKind::Sequence(items) if (1..=MAX_TITLED).contains(&items.len()) => {
                items.as_slice()
            }
            _ => {
                let message = Said::new(
                    format!("“{}”应为 1 至 {MAX_TITLED} 个部分的列表", entry.key),
                    format!("应有 1 至 {MAX_TITLED} 个部分"),
                );
                let [title, text] = [field::SECTION_TITLE, field::TEXT].map(Field::shown);
                let hint = Said::new(
                    format!("每个部分从“- ”起，写 {title} 和 {text}"),
                    "每个部分写标题和文字",
                );
                self.push(
                    Diagnostic::new(rules::INVALID_VALUE, entry.value.span, message).hint(hint),
                );
                &[]
            }
        };
        let titled = |item| {
            let [title, text] = self.parts(item, [field::SECTION_TITLE, field::TEXT]);
            let title = title.and_then(|title| self.line_of_text(title, field::SECTION_TITLE));
            Some(Titled {
                prose: self.prose(text?)?,
                title: title?,
            })
        };
        items.iter().filter_map(titled).collect()
    }

    /// The entries of a field that is a map; a finding if it is none.
    pub(super) fn map<'n>(&mut self, entry: &'n Entry) -> &'n [Entry] {
        match &entry.value.kind {
            NodeKind::Mapping(entries) => entries,
            _ if entry.value.is_blank() => &[],
            _ => {
                let span = entry.value.span;
                let is_plain = |scalar: &Scalar| scalar.style == Style::Plain;
                let slipped = match &entry.value.kind {
                    NodeKind::Scalar(scalar) if is_plain(scalar) => self.slipped(span),
                    _ => None,
                };
                let finding = slipped.map(|(_, finding)| finding);
                self.push(finding.unwrap_or_else(|| {
                    let called = self.called(entry);
                    let message = Said::new(
                        format!("“{}”下应为“键: 值”", called.key),
                        format!("“{}”没有读懂", called.title),
                    );
                    Diagnostic::new(rules::INVALID_VALUE, span, message)
                }));
                &[]
            }
        }
    }

    pub(super) fn headings(
        &mut self,
        entry: Option<&Entry>,
        form: &Form,
    ) -> BTreeMap<String, Text> {
        let titled_by_form = |section: &Section| section.body != Body::Titled;
        self.by_section(entry, form, titled_by_form, Self::wording)
    }

    /// The wording of a section title, which leaves the ordinal to the form.
    fn wording(&mut self, entry: &Entry) -> Option<Text> {
        let text = self.line_of_text(entry, field::HEADINGS)?;
        let ordinal = ordinal(&text.text);
        if !ordinal.is_empty() {
            let message = format!("标题措辞“{}”带有序号", shorten(&text.text, 40));
            let bare = &text.text[ordinal.len()..];
            let finding = Diagnostic::new(rules::INVALID_VALUE, text.span, message)
                .hint(format!("序号由格式给出，写作 {bare}"));
            self.push(finding);
        }
        Some(text)
    }

    pub(super) fn notes(&mut self, entry: Option<&Entry>, form: &Form) -> BTreeMap<String, Prose> {
        let with_tables = |section: &Section| section.body == Body::Tables;
        self.by_section(entry, form, with_tables, |binder, entry| {
            let text = binder.line_of_text(entry, field::NOTES)?;
            Some(Prose {
                span: text.span,
                paragraphs: vec![Paragraph::Body(text)],
            })
        })
    }

    /// The text before and behind the tables of sections.
    pub(super) fn table_texts(
        &mut self,
        entry: Option<&Entry>,
        form: &Form,
    ) -> BTreeMap<String, TableTexts> {
        let with_tables = |section: &Section| section.body == Body::Tables;
        self.by_section(entry, form, with_tables, |binder, entry| {
            let names = [field::BEFORE, field::AFTER].map(Field::name);
            let entries = binder.map(entry);
            let fields = binder.fields_under(entry, entries, names.into());
            let mut text = |field| fields.get(field).and_then(|entry| binder.prose(entry));
            Some(TableTexts {
                before: text(field::BEFORE).unwrap_or_default(),
                after: text(field::AFTER).unwrap_or_default(),
            })
        })
    }

    fn by_section<T>(
        &mut self,
        entry: Option<&Entry>,
        form: &Form,
        which: impl Fn(&Section) -> bool,
        mut read: impl FnMut(&mut Self, &Entry) -> Option<T>,
    ) -> BTreeMap<String, T> {
        let Some(entry) = entry else {
            return BTreeMap::new();
        };
        let sections = form.sections.iter().filter(|section| which(section));
        let names = sections.map(Section::name);
        let entries = self.map(entry);
        let fields = self.fields_under(entry, entries, names.collect());
        let given = fields.found.into_iter();
        given
            .filter_map(|(name, entry)| Some((name.key, read(self, entry?)?)))
            .collect()
    }

    pub(super) fn waivers(&mut self, entry: Option<&Entry>) -> Vec<Waiver> {
        let items = match entry.map(|entry| &entry.value.kind) {
            Some(NodeKind::Sequence(items)) => items.as_slice(),
            Some(NodeKind::Scalar(_)) if entry.is_some_and(|e| e.value.is_blank()) => &[],
            None => &[],
            Some(_) => {
                let span = entry.map(|e| e.value.span).unwrap_or_default();
                let message = Said::new("豁免应为列表", NOT_READ);
                let hint = Said::new("每项写作 - {rule: 规则名, reason: 理由}", TO_FILL_IN);
                self.push(Diagnostic::new(rules::INVALID_VALUE, span, message).hint(hint));
                &[]
            }
        };
        let waiver = |item| {
            let mut both = self.members(item, [field::RULE, field::REASON]).into_iter();
            Some(Waiver {
                rule: both.next()??,
                reason: both.next()??,
            })
        };
        items.iter().filter_map(waiver).collect()
    }

    /// The signatories: one name, or a list of the agencies of a joint report.
    pub(super) fn signature(&mut self, entry: Option<&Entry>) -> Vec<Text> {
        let parts = entry.map_or([None], |entry| self.parts(&entry.value, [field::NAME]));
        let Some(entry) = parts[0] else {
            return Vec::new();
        };
        let NodeKind::Sequence(items) = &entry.value.kind else {
            return self.line_of_text(entry, field::NAME).into_iter().collect();
        };
        if !(1..=MAX_SIGNATORIES).contains(&items.len()) {
            let message = format!("署名应为 1 至 {MAX_SIGNATORIES} 个机关");
            self.push(Diagnostic::new(
                rules::INVALID_VALUE,
                entry.value.span,
                message,
            ));
        }
        let name = |item: &Node| {
            let entry = Entry {
                value: item.clone(),
                ..entry.clone()
            };
            self.line_of_text(&entry, field::NAME)
        };
        items
            .iter()
            .take(MAX_SIGNATORIES)
            .filter_map(name)
            .collect()
    }

    /// The required one-line members of a map.
    fn members<const N: usize>(&mut self, node: &Node, members: [Field; N]) -> [Option<Text>; N] {
        let parts = self.parts(node, members);
        let mut fields = members.into_iter();
        parts.map(|entry| self.line_of_text(entry?, fields.next()?))
    }

    /// The required members of a map.
    fn parts<'n, const N: usize>(
        &mut self,
        node: &'n Node,
        members: [Field; N],
    ) -> [Option<&'n Entry>; N] {
        let NodeKind::Mapping(entries) = &node.kind else {
            let shown = members.map(Field::shown).join("、");
            let terms = members.map(|field| field.term).join("、");
            let message = Said::new(format!("此处应写明 {shown}"), format!("此处应写明{terms}"));
            self.push(Diagnostic::new(rules::INVALID_VALUE, node.span, message));
            return members.map(|_| None);
        };
        let names = members.iter().map(|field| field.name()).collect();
        let fields = self.fields(entries, names, here("此处"));
        let missing = members.into_iter().filter(|field| fields.lacks(field.key));
        let missing: Vec<Field> = missing.collect();
        if !missing.is_empty() {
            let message = lacking(&missing);
            let span = Span::new(node.span.start, node.span.start);
            self.push(Diagnostic::new(rules::MISSING_FIELD, span, message));
        }
        members.map(|field| fields.get(field))
    }
}
