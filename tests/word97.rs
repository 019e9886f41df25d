//! Word 97 files as blocks: the text after all changes, numbers, tables, boxes and pictures, and what is refused.

use nianbao::import::{Block, Document, Flag, Paragraph, SourceTable, read};

use super::support::numbers;
use super::support::word97::{CELL, PARAGRAPH, Word97, compound, record, row, sprm};

/// Modifiers: deleted, hidden, not hidden by the style.
fn deleted() -> Vec<u8> {
    sprm(0x0800, &[1])
}
fn hidden() -> Vec<u8> {
    sprm(0x083C, &[1])
}

fn document(word: &Word97) -> Document {
    read(&word.file()).unwrap()
}

fn refused(word: &Word97) -> String {
    read(&word.file()).unwrap_err().0
}

fn paragraphs(document: &Document) -> Vec<Paragraph> {
    let paragraphs = document.blocks.iter().filter_map(|block| match block {
        Block::Paragraph(paragraph) => Some(paragraph.clone()),
        _ => None,
    });
    paragraphs.collect()
}

fn texts(document: &Document) -> Vec<String> {
    paragraphs(document).iter().map(Paragraph::whole).collect()
}

fn table(document: &Document) -> &SourceTable {
    let mut tables = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    tables.next().unwrap()
}

/// The cells of a table, each with its place and spans.
fn cells(table: &SourceTable) -> Vec<String> {
    let cells = table.cells.iter().map(|cell| {
        let spans = format!("{}x{}", cell.rowspan, cell.colspan);
        let flags: String = cell.flags.iter().map(|flag| format!(" {flag:?}")).collect();
        format!(
            "{},{} {spans} {}{flags}",
            cell.row,
            cell.column,
            cell.text.replace('\n', "/")
        )
    });
    cells.collect()
}

#[test]
fn text_stands_as_after_all_changes() {
    let mut word = Word97::default();
    word.run("本年", &[])
        .run("旧", &deleted())
        .run("新\u{b}件\t数", &[]);
    word.run("密", &hidden()).end(PARAGRAPH, 0, &[]);
    // The code of a field is left out, within another too; its result is kept.
    word.paragraph("日期：\u{13} DATE \u{13}A\u{14}B\u{15}\u{14}一月\u{15}止");
    word.paragraph("页前\u{c}页后\u{1e}止\u{1f}");
    word.run("(", &sprm(0x6A09, &[0; 4]))
        .run("号", &[])
        .end(PARAGRAPH, 0, &[]);
    // A mark that was deleted joins two paragraphs.
    word.run("前", &[]).run("\r", &deleted()).paragraph("后");
    word.piece(true, 0);
    word.paragraph("\u{93}9.5%\u{94}");
    // The whole piece is deleted, by a modifier of its own and by one that it names.
    word.piece(false, 0x0100 | 0x41 << 1);
    word.run("一", &[]);
    word.named.push(deleted());
    word.piece(false, 1);
    word.run("二", &[]);
    word.piece(false, 0);
    word.paragraph("三");
    word.end(0x0C, 0, &[]);
    word.paragraph("节后");
    word.run("全删", &deleted()).end(PARAGRAPH, 0, &[]);
    let found = document(&word);
    let expected = [
        "本年新\n件\t数",
        "日期：一月止",
        "页前页后-止",
        "\u{fffd}号",
        "前后",
        "“9.5%”",
        "三",
        "节后",
    ];
    assert_eq!(texts(&found), expected);
    let flags: Vec<Vec<Flag>> = paragraphs(&found).into_iter().map(|p| p.flags).collect();
    assert_eq!(flags[0], [Flag::Deleted, Flag::Hidden]);
    assert_eq!(flags[3], [Flag::Unmapped]);
    assert_eq!(flags[4], [Flag::Deleted]);
    assert_eq!(flags[6], [Flag::Deleted]);
    assert_eq!(found.left_out[0].what, "修订中删除的段落");
    assert_eq!(found.left_out[0].text, "全删");
    assert!(
        [1, 2, 5, 7].iter().all(|at| flags[*at].is_empty()),
        "{flags:?}"
    );
}

/// A file with styles and a list.
fn numbered() -> Word97 {
    let of =
        |list: u16, level: u8| [sprm(0x460B, &list.to_le_bytes()), sprm(0x260A, &[level])].concat();
    let mut word = Word97::default();
    word.list(&[
        (0x27, 1, "\0、"),
        (0x0B, 1, "（\u{1}）"),
        (0, 1, "\0.\u{2}."),
        (0x2D, 1, "\u{3}"),
    ]);
    word.overrides(5);
    word.styles(&[
        (0, 0xFFF, Vec::new(), Vec::new()),
        (1, 0, of(1, 0), Vec::new()),
        (0x5E, 1, sprm(0x2640, &[2]), hidden()),
    ]);
    let centred = sprm(0x2461, &[1]);
    word.run("总体", &[]).end(PARAGRAPH, 1, &centred);
    for (text, level) in [("主动", 1), ("依申请", 1), ("甲", 2)] {
        word.run(text, &[]).end(PARAGRAPH, 0, &of(1, level));
    }
    word.run("处理", &[]).end(PARAGRAPH, 1, &[]);
    word.run("又", &[]).end(PARAGRAPH, 0, &of(1, 1));
    word.run("另", &[]).end(PARAGRAPH, 0, &of(2, 0));
    word.run("希", &[]).end(PARAGRAPH, 0, &of(1, 3));
    word.run("无", &[]).end(PARAGRAPH, 1, &of(0, 0));
    word.run("隐", &[])
        .run("显", &sprm(0x083C, &[0x81]))
        .end(PARAGRAPH, 2, &[]);
    word.run("缺", &[]).end(PARAGRAPH, 0, &of(9, 0));
    word
}

#[test]
fn styles_and_lists_give_levels_and_numbers() {
    let word = numbered();
    let found = document(&word);
    let expected = [
        "一、总体",
        "（一）主动",
        "（二）依申请",
        "一.1.甲",
        "二、处理",
        "（一）又",
        "五、另",
        "希",
        "无",
        "六、显",
        "缺",
    ];
    assert_eq!(texts(&found), expected);
    let found = paragraphs(&found);
    assert!(found[0].centred && !found[4].centred);
    let levels: Vec<Option<u8>> = found.iter().map(|p| p.outline).collect();
    assert_eq!(levels[..2], [Some(1), None]);
    assert_eq!(levels[9], Some(3));
    assert_eq!(found[7].flags, [Flag::Unnumbered]);
    assert_eq!(found[9].flags, [Flag::Hidden]);
    assert_eq!(found[10].flags, [Flag::Unnumbered]);
}

/// A file with all that is done to the cells of a table.
fn merged() -> Word97 {
    let mut word = Word97::default();
    word.paragraph("表前");
    // 3: begins a cell that goes on below; 1: goes on. 1 of the lower bits: one with the cell before it.
    word.cell("甲").cell("乙").cell("").cell("丁");
    word.row(&[0, 1000, 2000, 3000, 4000], &[3 << 5, 2, 1]);
    word.cell("").cell("1").cell("2");
    // Edges that differ by less than a hair are one.
    word.row(&[10, 1010, 2990, 4000], &[1 << 5]);
    word.run("3", &[])
        .run("9", &deleted())
        .end(CELL, 0, &sprm(0x2416, &[1]));
    // Deleted text takes no mark of a cell along.
    word.run("4\u{7}", &deleted()).cell("5");
    let vertical = |cell, how| sprm(0xD62B, &[2, cell, how]);
    let edges = [0, 1000, 2000, 4000];
    word.end(CELL, 0, &[row(&edges, &[]), vertical(2, 3)].concat());
    word.cell("删").cell("除").cell("行");
    word.end_of(CELL, 0, &row(&edges, &[]), &deleted());
    word.cell("6").cell("7").cell("盖");
    word.end(CELL, 0, &[row(&edges, &[]), vertical(2, 1)].concat());
    // The first two cells are made one, and cells are put in: nobody knows where.
    let merge = [
        row(&edges, &[]),
        sprm(0x5624, &[0, 2]),
        sprm(0x7621, &[0; 4]),
    ]
    .concat();
    word.cell("8").cell("").cell("9").end(CELL, 0, &merge);
    // Long properties stand elsewhere; a row with fewer cells than edges is one of another shape.
    word.data = row(&edges, &[]);
    let length = u16::try_from(word.data.len()).unwrap();
    word.data = [&length.to_le_bytes()[..], &word.data].concat();
    word.cell("10")
        .cell("11")
        .end(CELL, 0, &sprm(0x6646, &[0; 4]));
    word.paragraph("表后");
    word
}

#[test]
fn cells_have_their_spans() {
    let word = merged();
    let found = document(&word);
    let expected = [
        "0,0 2x1 甲",
        "0,1 1x2 乙",
        "0,3 1x1 丁",
        "1,1 1x2 1",
        "1,3 1x1 2",
        "2,0 1x1 3 Deleted",
        "2,1 1x1  Deleted",
        "2,2 2x2 5/盖 Covered",
        "3,0 1x1 6",
        "3,1 1x1 7",
        "4,0 1x2 8 Irregular",
        "4,2 1x2 9 Irregular",
        "5,0 1x1 10 Irregular",
        "5,1 1x1 11 Irregular",
    ];
    assert_eq!(cells(table(&found)), expected);
    assert_eq!(found.left_out[0].what, "修订中删除的行");
    assert_eq!(found.left_out[0].text, "删 除 行");
    assert_eq!(texts(&found), ["表前", "表后"]);
}

#[test]
fn a_table_without_a_shape_is_read_by_its_order() {
    let mut word = Word97::default();
    // More cells than edges, and a row that nothing ends.
    word.cell("甲")
        .cell("乙")
        .cell("丙")
        .row(&[0, 1000, 2000], &[]);
    word.cell("1").cell("2").paragraph("后");
    let found = document(&word);
    let expected = ["甲", "乙", "丙", "1", "2"];
    let read = table(&found).cells.iter().map(|cell| cell.text.as_str());
    assert_eq!(read.collect::<Vec<_>>(), expected);
    let all = &table(&found).cells;
    assert!(
        all.iter()
            .all(|cell| cell.flags == [Flag::Irregular] && cell.colspan == 1)
    );
    assert_eq!(texts(&found), ["后"]);
}

#[test]
fn tables_within_cells_are_their_children() {
    let depth = |depth: u8| [sprm(0x2416, &[1]), sprm(0x6649, &[depth, 0, 0, 0])].concat();
    let inner = |word: &mut Word97, texts: [&str; 2]| {
        for text in texts {
            let end = [depth(2), sprm(0x244B, &[1])].concat();
            word.run(text, &[]).end(PARAGRAPH, 0, &end);
        }
        let end = [depth(2), sprm(0x244C, &[1]), row(&[0, 500, 900], &[])].concat();
        let end: Vec<u8> = end.into_iter().collect();
        word.end(PARAGRAPH, 0, &[end, depth(2)].concat());
    };
    let mut word = Word97::default();
    word.cell("甲");
    word.run("内前", &[]).end(PARAGRAPH, 0, &sprm(0x2416, &[1]));
    inner(&mut word, ["乙", "1"]);
    inner(&mut word, ["丙", "2"]);
    word.cell("内后").row(&[0, 1000, 3000], &[]);
    let found = document(&word);
    let cell = &table(&found).cells[1];
    assert_eq!(cell.text, "内前\n内后");
    let Block::Table(inner) = &cell.children[1] else {
        panic!("{cell:?}");
    };
    assert_eq!(
        cells(inner),
        ["0,0 1x1 乙", "0,1 1x1 1", "1,0 1x1 丙", "1,1 1x1 2"]
    );
    word.run("深", &[]).end(PARAGRAPH, 0, &depth(200));
    assert!(refused(&word).contains("表中有表的层数"));
}

/// A shape of a drawing: its id, and the words for it.
fn shape(id: u32, picture: Option<u32>, words: &str) -> Vec<u8> {
    let words: Vec<u8> = words
        .encode_utf16()
        .chain([0])
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut own = Vec::new();
    own.extend(0x0104_u16.to_le_bytes());
    own.extend(picture.unwrap_or_default().to_le_bytes());
    own.extend(0xC381_u16.to_le_bytes());
    own.extend(u32::try_from(words.len()).unwrap().to_le_bytes());
    own.extend(words);
    let id = [id.to_le_bytes(), [0; 4]].concat();
    let content = [record(0xF00A, 2, &id), record(0xF00B, 0x23, &own)].concat();
    record(0xF004, 0xF, &content)
}

/// A stored picture, its file behind 17 bytes.
fn stored(kind: u16, bytes: &[u8]) -> Vec<u8> {
    let picture = record(kind, 0x6E00, &[&[0; 17][..], bytes].concat());
    record(0xF007, 2, &[vec![0; 36], picture].concat())
}

/// A file with boxes, pictures and notes.
fn drawn() -> Word97 {
    let mut word = Word97::default();
    let inline = [shape(1, None, "图一"), stored(0xF01E, b"png")].concat();
    let length = u32::try_from(inline.len() + 68).unwrap();
    word.data.extend(length.to_le_bytes());
    word.data.extend([68, 0, 0x64, 0]);
    word.data.resize(68, 0);
    word.data.extend(inline);
    let at = sprm(0x6A03, &[0; 4]);
    word.run("前", &[])
        .run("\u{1}", &at)
        .run("\u{1}", &sprm(0x0806, &[1]))
        .end(PARAGRAPH, 0, &[]);
    word.run("\u{1}", &[]).paragraph("无");
    let mut anchors = Vec::new();
    for (text, id) in [("框\u{8}", 7_u32), ("浮\u{8}", 8), ("元\u{8}", 9)] {
        word.run(text, &[]);
        anchors.push((word.at() - 1, id));
        word.end(PARAGRAPH, 0, &[]);
    }
    word.run("注\u{2}", &[]).end(PARAGRAPH, 0, &[]);
    let end = word.at();
    word.story(0);
    word.paragraph("\u{2}脚注一").story(1);
    word.paragraph("框内").paragraph("二行").story(6);
    let table = |places: &[usize], own: Vec<Vec<u8>>| {
        let places = places
            .iter()
            .flat_map(|at| u32::try_from(*at).unwrap().to_le_bytes());
        [places.collect(), own.concat()].concat()
    };
    let places: Vec<usize> = anchors.iter().map(|(at, _)| *at).chain([end]).collect();
    let own = anchors
        .iter()
        .map(|(_, id)| [&id.to_le_bytes()[..], &[0; 22]].concat());
    word.entry(40, table(&places, own.collect()), Vec::new());
    let own = vec![[&[0; 14][..], &7_u32.to_le_bytes(), &[0; 4]].concat()];
    word.entry(56, table(&[0, 6], own), Vec::new());
    let group = [stored(0xF01D, b"jpeg"), stored(0xF01A, b"emf")].concat();
    let group = record(0xF000, 0xF, &group);
    let shapes = [shape(8, Some(1), "图二"), shape(9, Some(2), "图三")].concat();
    word.entry(
        50,
        [group, vec![0], record(0xF002, 0xF, &shapes)].concat(),
        Vec::new(),
    );
    word
}

#[test]
fn boxes_and_pictures_stand_behind_their_anchors() {
    let word = drawn();
    let found = document(&word);
    let said = found.blocks.iter().map(|block| match block {
        Block::Paragraph(paragraph) => format!("{} {:?}", paragraph.text, paragraph.flags),
        Block::Picture(picture) => format!(
            "{}:{}",
            picture.alt,
            String::from_utf8_lossy(&picture.bytes)
        ),
        Block::Table(_) => "表".to_owned(),
    });
    let expected = [
        "前 []",
        "图一:png",
        "无 []",
        "框 []",
        "框内 [Boxed]",
        "二行 [Boxed]",
        "浮 []",
        "图二:jpeg",
        "元 []",
        "注 []",
    ];
    assert_eq!(said.collect::<Vec<_>>(), expected);
    let left: Vec<String> = found
        .left_out
        .iter()
        .map(|left| format!("{}{}", left.what, left.text))
        .collect();
    assert_eq!(left, ["图形", "图形图三", "脚注脚注一"]);
}

#[test]
fn what_is_no_such_file_or_too_much_is_refused() {
    let one = |change: &dyn Fn(&mut Word97)| {
        let mut word = Word97::default();
        word.paragraph("正文");
        change(&mut word);
        refused(&word)
    };
    assert!(one(&|word| word.magic = 0xA5DC).contains("Word 95"));
    assert!(one(&|word| word.flags |= 0x100).contains("密码"));
    assert!(one(&|word| word.flags ^= 0x200).contains("没有表的流"));
    // A text that says to be longer than it is.
    assert!(one(&|word| word.story_of(0, 1_000)).contains("文字的位置"));
    // The same characters in many pieces.
    let long = one(&|word| {
        word.run(&"字".repeat(70_000), &[]);
        word.story_of(0, 70_000 * 80);
        let mut pieces = (0..=80_u32)
            .flat_map(|piece| (piece * 70_000).to_le_bytes())
            .collect::<Vec<u8>>();
        pieces.extend([0, 0, 0, 8, 0, 0, 0, 0].repeat(80));
        let length = u32::try_from(pieces.len()).unwrap();
        word.entry(
            33,
            [&[2][..], &length.to_le_bytes(), &pieces].concat(),
            Vec::new(),
        );
    });
    assert!(long.contains("文字的字数"), "{long}");
    // The same page of runs many times.
    let runs = one(&|word| {
        for _ in 0..100 {
            word.run("字", &[]);
        }
        let mut table = vec![0; 4 * 20_001];
        table.extend((0x800_u32 / 512 + 1).to_le_bytes().repeat(20_000));
        word.entry(12, table, Vec::new());
    });
    assert!(runs.contains("格式的段数"), "{runs}");
    // The same picture many times.
    let pictures = one(&|word| {
        let inline = stored(0xF01E, &vec![1; 1 << 20]);
        let length = u32::try_from(inline.len() + 68).unwrap();
        word.data = [
            &length.to_le_bytes()[..],
            &[68, 0, 0x64, 0],
            &[0; 60],
            &inline,
        ]
        .concat();
        word.run(&"\u{1}".repeat(65), &sprm(0x6A03, &[0; 4]))
            .end(PARAGRAPH, 0, &[]);
    });
    assert!(pictures.contains("图片的字节数"), "{pictures}");
}

#[test]
fn a_row_has_no_more_cells_than_word_gives_it() {
    let mut word = Word97::default();
    for cell in 0..70 {
        word.cell(&cell.to_string());
    }
    let edges: Vec<i16> = (0..=70).map(|edge| edge * 100).collect();
    let length = u16::try_from(row(&edges, &[]).len()).unwrap();
    word.data = [&length.to_le_bytes()[..], &row(&edges, &[])].concat();
    word.end(CELL, 0, &sprm(0x6646, &[0; 4]));
    let found = document(&word);
    assert!(
        table(&found)
            .cells
            .iter()
            .all(|cell| cell.flags == [Flag::Irregular])
    );
}

/// Damage within the streams, which the file around them does not notice.
#[test]
fn damaged_streams_end_without_a_panic() {
    let runs: u64 = std::env::var("NIANBAO_MUTATIONS").map_or(300, |runs| runs.parse().unwrap());
    for whole in [numbered(), merged(), drawn()].map(|word| word.streams()) {
        let mut next = numbers();
        let mut read_at_all = 0;
        for _ in 0..runs {
            let mut streams = whole.clone();
            for _ in 0..=next(6) {
                let stream = &mut streams[next(2)];
                let at = next(stream.len());
                match next(8) {
                    0 => stream.truncate(at.max(1)),
                    1 => stream[at] = 0xFF,
                    _ => stream[at] ^= 1 << next(8),
                }
            }
            read_at_all += usize::from(read(&compound(&streams)).is_ok());
        }
        assert!(read_at_all > 0, "all of them were refused");
    }
}
