//! Word 97 files made by hand: text in pieces, runs of properties, styles, lists, boxes and pictures.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use nianbao::import::SourceTable;

/// Ends of paragraphs and of cells.
pub const PARAGRAPH: u16 = 0x0D;
pub const CELL: u16 = 0x07;

/// Where the text begins in its stream.
const TEXT: usize = 0x800;
/// The size of a page of runs.
const PAGE: usize = 512;

/// A file that is being made.
pub struct Word97 {
    units: Vec<u16>,
    /// Where runs end, with their modifiers.
    runs: Vec<(usize, Vec<u8>)>,
    /// Where paragraphs end, with their styles and modifiers.
    paragraphs: Vec<(usize, Vec<u8>)>,
    /// Where pieces begin, whether their characters have one byte, and what is said of them.
    pieces: Vec<(usize, bool, u16)>,
    /// Lists of modifiers that pieces name.
    pub named: Vec<Vec<u8>>,
    /// The tables of the head by their numbers, each with what stands behind its end.
    pub entries: BTreeMap<usize, (Vec<u8>, Vec<u8>)>,
    /// The lengths of the stories behind the main one, by their numbers.
    stories: BTreeMap<usize, usize>,
    /// The stream of pictures and long properties.
    pub data: Vec<u8>,
    pub flags: u16,
    pub magic: u16,
}

impl Default for Word97 {
    fn default() -> Self {
        Self {
            units: Vec::new(),
            runs: Vec::new(),
            paragraphs: Vec::new(),
            pieces: vec![(0, false, 0)],
            named: Vec::new(),
            entries: BTreeMap::new(),
            stories: BTreeMap::new(),
            data: Vec::new(),
            flags: 0x1200,
            magic: 0xA5EC,
        }
    }
}

/// A modifier of a property.
pub fn sprm(code: u16, operand: &[u8]) -> Vec<u8> {
    [&code.to_le_bytes(), operand].concat()
}

/// The definition of a row: the edges of its cells in twips, and how they are merged.
pub fn row(edges: &[i16], merges: &[u16]) -> Vec<u8> {
    let count = edges.len() - 1;
    let mut operand = vec![u8::try_from(count).unwrap()];
    operand.extend(edges.iter().flat_map(|edge| edge.to_le_bytes()));
    for cell in 0..count {
        let merge = merges.get(cell).copied().unwrap_or_default();
        operand.extend(merge.to_le_bytes());
        operand.extend([0; 18]);
    }
    let length = u16::try_from(operand.len() + 1).unwrap();
    [
        sprm(0x2416, &[1]),
        sprm(0x2417, &[1]),
        sprm(0xD608, &length.to_le_bytes()),
        operand,
    ]
    .concat()
}

/// A record of a drawing.
pub fn record(kind: u16, head: u16, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap();
    [
        &head.to_le_bytes()[..],
        &kind.to_le_bytes(),
        &length.to_le_bytes(),
        content,
    ]
    .concat()
}

impl Word97 {
    /// Adds a table. A cell that spans rows is one that goes on in each.
    pub fn table(&mut self, table: &SourceTable) {
        for y in 0..table.rows {
            let (mut edges, mut merges) = (vec![0], Vec::new());
            let mut x = 0;
            while x < table.columns {
                let cell = table.at(y, x);
                let (width, rows) = cell.map_or((1, 1), |cell| (cell.colspan, cell.rowspan));
                let is_first = cell.is_none_or(|cell| cell.row == y);
                self.cell(cell.filter(|_| is_first).map_or("", |cell| &cell.text));
                merges.push(match (rows, is_first) {
                    (1, _) => 0,
                    (_, true) => 3 << 5,
                    (_, false) => 1 << 5,
                });
                x += width;
                edges.push(i16::try_from(x * 500).unwrap());
            }
            self.row(&edges, &merges);
        }
    }

    /// How long the text is so far.
    pub fn at(&self) -> usize {
        self.units.len()
    }

    /// Begins a piece.
    pub fn piece(&mut self, is_narrow: bool, prm: u16) {
        self.pieces.push((self.at(), is_narrow, prm));
    }

    /// Adds characters with modifiers.
    pub fn run(&mut self, text: &str, sprms: &[u8]) -> &mut Self {
        self.units.extend(text.encode_utf16());
        self.runs.push((self.at(), sprms.to_vec()));
        self
    }

    /// Ends a paragraph of a style with a mark.
    pub fn end(&mut self, mark: u16, style: u16, sprms: &[u8]) -> &mut Self {
        self.end_of(mark, style, sprms, &[])
    }

    /// Ends a paragraph of a style with a mark that has modifiers itself.
    pub fn end_of(&mut self, mark: u16, style: u16, sprms: &[u8], own: &[u8]) -> &mut Self {
        self.units.push(mark);
        self.runs.push((self.at(), own.to_vec()));
        let properties = [&style.to_le_bytes()[..], sprms].concat();
        self.paragraphs.push((self.at(), properties));
        self
    }

    pub fn paragraph(&mut self, text: &str) -> &mut Self {
        self.run(text, &[]).end(PARAGRAPH, 0, &[])
    }

    pub fn cell(&mut self, text: &str) -> &mut Self {
        self.run(text, &[]).end(CELL, 0, &sprm(0x2416, &[1]))
    }

    pub fn row(&mut self, edges: &[i16], merges: &[u16]) -> &mut Self {
        self.end(CELL, 0, &row(edges, merges))
    }

    /// Ends the main text, or a story behind it: what was added since is the story of that number.
    pub fn story(&mut self, number: usize) {
        let before: usize = self.stories.values().sum();
        self.stories.insert(number, self.at() - before);
    }

    /// Says that a story has a length.
    pub fn story_of(&mut self, number: usize, length: usize) {
        self.stories.insert(number, length);
    }

    /// Adds a table of the head.
    pub fn entry(&mut self, number: usize, bytes: Vec<u8>, behind: Vec<u8>) {
        self.entries.insert(number, (bytes, behind));
    }

    /// A list by its levels: format, first number, pattern, in which `\0` is the number of the first level.
    pub fn list(&mut self, levels: &[(u8, u32, &str)]) {
        let mut head = vec![1, 0];
        head.extend(7_u32.to_le_bytes());
        head.extend([0; 22]);
        head.extend([u8::from(levels.len() == 1), 0]);
        let mut behind = Vec::new();
        for at in 0..if levels.len() == 1 { 1 } else { 9 } {
            let (format, start, pattern) = levels.get(at).copied().unwrap_or((0, 1, ""));
            behind.extend(start.to_le_bytes());
            behind.push(format);
            behind.extend([0; 23]);
            let units: Vec<u16> = pattern.encode_utf16().collect();
            behind.extend(u16::try_from(units.len()).unwrap().to_le_bytes());
            behind.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
        }
        self.entry(73, head, behind);
    }

    /// Two ways to take numbers from the list: as it counts, and anew from `start`.
    pub fn overrides(&mut self, start: u32) {
        let mut table = 2_u32.to_le_bytes().to_vec();
        for levels in [0, 1] {
            table.extend(7_u32.to_le_bytes());
            table.extend([0; 8]);
            table.extend([levels, 0, 0, 0]);
        }
        table.extend([0xFF; 8]);
        table.extend(start.to_le_bytes());
        table.extend(0x10_u32.to_le_bytes());
        self.entry(74, table, Vec::new());
    }

    /// Styles of paragraphs: number among known ones, base, modifiers of paragraphs and of characters.
    pub fn styles(&mut self, styles: &[(u16, u16, Vec<u8>, Vec<u8>)]) {
        let mut table = 18_u16.to_le_bytes().to_vec();
        table.extend(u16::try_from(styles.len()).unwrap().to_le_bytes());
        table.extend(10_u16.to_le_bytes());
        table.extend([0; 14]);
        for (known, base, paragraph, characters) in styles {
            let mut style = known.to_le_bytes().to_vec();
            style.extend((base << 4 | 1).to_le_bytes());
            style.extend([0; 6]);
            style.extend([0; 4]); // no name
            let paragraph = [&[0, 0][..], paragraph].concat();
            for own in [&paragraph, characters] {
                style.extend(u16::try_from(own.len()).unwrap().to_le_bytes());
                style.extend(own);
                style.extend(vec![0; own.len() % 2]);
            }
            table.extend(u16::try_from(style.len()).unwrap().to_le_bytes());
            table.extend(&style);
            table.extend(vec![0; style.len() % 2]);
        }
        self.entry(1, table, Vec::new());
    }

    /// Where a character stands in the stream.
    fn fc(&self, at: usize) -> usize {
        let ends = self.pieces.iter().skip(1).map(|piece| piece.0);
        let ends = ends.chain([self.at()]);
        let lengths = self
            .pieces
            .iter()
            .zip(ends)
            .map(|((start, is_narrow, _), end)| {
                let count = at.clamp(*start, end) - start;
                if *is_narrow { count } else { count * 2 }
            });
        TEXT + lengths.sum::<usize>()
    }

    fn text(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (at, unit) in self.units.iter().enumerate() {
            let piece = self.pieces.iter().rfind(|piece| piece.0 <= at).unwrap();
            if piece.1 {
                bytes.push(u8::try_from(*unit).unwrap());
            } else {
                bytes.extend(unit.to_le_bytes());
            }
        }
        bytes
    }

    /// The table of pieces.
    fn clx(&self) -> Vec<u8> {
        let mut table = Vec::new();
        for named in &self.named {
            table.push(1);
            table.extend(u16::try_from(named.len()).unwrap().to_le_bytes());
            table.extend(named);
        }
        let mut pieces = Vec::new();
        let starts = self.pieces.iter().map(|piece| piece.0);
        for place in starts.chain([self.at()]) {
            pieces.extend(u32::try_from(place).unwrap().to_le_bytes());
        }
        for (start, is_narrow, prm) in &self.pieces {
            let fc = u32::try_from(self.fc(*start)).unwrap();
            let fc = if *is_narrow {
                (fc * 2) | 0x4000_0000
            } else {
                fc
            };
            pieces.extend([0, 0]);
            pieces.extend(fc.to_le_bytes());
            pieces.extend(prm.to_le_bytes());
        }
        table.push(2);
        table.extend(u32::try_from(pieces.len()).unwrap().to_le_bytes());
        [table, pieces].concat()
    }

    /// Pages of runs behind the text, and the table that leads to them.
    fn pages(&self, main: &mut Vec<u8>, runs: &[(usize, Vec<u8>)], size: usize) -> Vec<u8> {
        let (mut bounds, mut pages) = (Vec::new(), Vec::new());
        let (mut start, mut at) = (0, 0);
        while at < runs.len() {
            let (mut count, mut room) = (0, PAGE - 6);
            while let Some((_, own)) = runs.get(at + count) {
                let needed = size + 4 + own.len() + 4;
                if needed > room {
                    break;
                }
                (count, room) = (count + 1, room - needed);
            }
            assert!(count > 0, "a run is longer than a page");
            main.resize(main.len().next_multiple_of(PAGE), 0);
            let mut page = vec![0; PAGE];
            page[PAGE - 1] = u8::try_from(count).unwrap();
            let mut free = PAGE - 2;
            bounds.push(self.fc(start));
            for (index, (end, own)) in runs[at..at + count].iter().enumerate() {
                let own = match (size, own.len() % 2) {
                    (1, _) => [&[u8::try_from(own.len()).unwrap()], &own[..]].concat(),
                    (_, 0) => [&[0, u8::try_from(own.len() / 2).unwrap()], &own[..]].concat(),
                    _ => [&[u8::try_from(own.len().div_ceil(2)).unwrap()], &own[..]].concat(),
                };
                free = (free - own.len()) & !1;
                page[free..free + own.len()].copy_from_slice(&own);
                page[(count + 1) * 4 + index * size] = u8::try_from(free / 2).unwrap();
                let [first, end_fc] = [start, *end].map(|at| u32::try_from(self.fc(at)).unwrap());
                page[index * 4..index * 4 + 4].copy_from_slice(&first.to_le_bytes());
                page[index * 4 + 4..index * 4 + 8].copy_from_slice(&end_fc.to_le_bytes());
                start = *end;
            }
            pages.push(main.len() / PAGE);
            main.extend(page);
            at += count;
        }
        bounds.push(self.fc(start));
        let words = bounds.into_iter().chain(pages);
        words
            .flat_map(|word| u32::try_from(word).unwrap().to_le_bytes())
            .collect()
    }

    /// The file.
    pub fn file(&self) -> Vec<u8> {
        compound(&self.streams())
    }

    /// Its streams: the text with its head, the tables, and the data.
    pub fn streams(&self) -> [Vec<u8>; 3] {
        let mut main = vec![0; TEXT];
        main.extend(self.text());
        let mut entries = self.entries.clone();
        let pages = self.pages(&mut main, &self.runs, 1);
        entries.entry(12).or_insert((pages, Vec::new()));
        let pages = self.pages(&mut main, &self.paragraphs, 13);
        entries.insert(13, (pages, Vec::new()));
        entries.entry(33).or_insert((self.clx(), Vec::new()));
        let mut put = |at: usize, bytes: &[u8]| main[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, &self.magic.to_le_bytes());
        put(2, &0xC1_u16.to_le_bytes());
        put(10, &self.flags.to_le_bytes());
        let mut stories = self.stories.clone();
        let others: usize = stories.range(1..).map(|(_, length)| length).sum();
        stories.entry(0).or_insert(self.at() - others);
        for (number, length) in stories {
            put(
                0x4C + number * 4,
                &u32::try_from(length).unwrap().to_le_bytes(),
            );
        }
        let mut table = Vec::new();
        for (number, (bytes, behind)) in &entries {
            put(
                0x9A + number * 8,
                &u32::try_from(table.len()).unwrap().to_le_bytes(),
            );
            put(
                0x9E + number * 8,
                &u32::try_from(bytes.len()).unwrap().to_le_bytes(),
            );
            table.extend(bytes);
            table.extend(behind);
        }
        [main, table, self.data.clone()]
    }
}

/// A file of streams.
pub fn compound(streams: &[Vec<u8>; 3]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in ["/WordDocument", "/1Table", "/Data"].iter().zip(streams) {
        file.create_stream(name).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}
