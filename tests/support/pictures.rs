//! Pictures, good and hostile, written as they are needed.

/// A chunk of a PNG. Nobody looks at the checksums of those that these pictures have but the decoder, which is told
/// the right ones.
pub fn chunk(kind: &[u8], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap();
    let mut chunk = length.to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(content);
    chunk.extend(crc(&chunk[4..]).to_be_bytes());
    chunk
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & 0u32.wrapping_sub(crc & 1))
        })
    };
    !bytes.iter().fold(!0, step)
}

/// Bytes in the format of zlib, stored as they are.
pub fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    let (mut a, mut b) = (1u32, 0u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    let mut stream = vec![0x78, 0x01, 0x01];
    stream.extend(length.to_le_bytes());
    stream.extend((!length).to_le_bytes());
    stream.extend(bytes);
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}

/// A stream of zlib that inflates to some 2,064 bytes for each 13: a block of fixed codes, each of which repeats a
/// byte 258 times (RFC 1951, 3.2.6). It has no end.
pub fn bomb(bytes: usize) -> Vec<u8> {
    let mut bits = vec![true, true, false]; // the last block, with fixed codes
    bits.extend([false, false, true, true, false, false, false, false]); // a byte 0
    let repeat = [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0].map(|bit| bit == 1);
    bits.extend(repeat.repeat(8));
    let pack = |bits: &[bool]| -> Vec<u8> {
        let byte = |eight: &[bool]| (0..8).map(|i| u8::from(eight[i]) << i).sum::<u8>();
        bits.chunks_exact(8).map(byte).collect()
    };
    // Eight repetitions are 13 whole bytes, wherever they begin.
    bits.extend(repeat.repeat(8));
    let packed = pack(&bits);
    let (head, again) = packed.split_at(packed.len() - 13);
    let mut stream = vec![0x78, 0x9C];
    stream.extend(head);
    stream.extend(again.repeat(bytes / 2_064));
    stream
}

/// A PNG of 10 × 10 pixels, in grey or in RGB, with some chunks before its pixels.
pub fn png(grey: bool, chunks: &[u8]) -> Vec<u8> {
    let (colours, samples) = if grey { (0, 1) } else { (2, 3) };
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(chunk(
        b"IHDR",
        &[0, 0, 0, 10, 0, 0, 0, 10, 8, colours, 0, 0, 0],
    ));
    png.extend(chunks);
    png.extend(chunk(b"IDAT", &stored(&vec![0; 10 * (1 + 10 * samples)])));
    png.extend(chunk(b"IEND", &[]));
    png
}

/// A profile of colours: its class, its colours and its tags, all of which have the same content.
pub fn profile(class: &[u8], colours: &[u8], tags: &[&[u8; 4]]) -> Vec<u8> {
    let word = |number: usize| u32::try_from(number).unwrap().to_be_bytes();
    let start = 132 + 12 * tags.len();
    let mut profile = word(start + 20).to_vec();
    profile.extend([0, 0, 0, 0, 2, 0x10, 0, 0]);
    profile.extend(class);
    profile.extend(colours);
    profile.extend(b"XYZ ");
    profile.resize(36, 0);
    profile.extend(b"acsp");
    profile.resize(128, 0);
    profile.extend(word(tags.len()));
    for tag in tags {
        profile.extend(*tag);
        profile.extend([word(start), word(20)].concat());
    }
    profile.extend(b"XYZ \0\0\0\0\0\0\x80\0\0\0\x80\0\0\0\x80\0");
    profile
}

/// The tags of a profile of RGB by a matrix.
pub const MATRIX: [&[u8; 4]; 6] = [b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"];

/// A PNG with a profile.
pub fn profiled(grey: bool, profile: &[u8]) -> Vec<u8> {
    png(
        grey,
        &chunk(b"iCCP", &[b"x\0\0", &stored(profile)[..]].concat()),
    )
}

/// A JPEG of 16 × 16 grey pixels, with some segments before its scans, as far as a decoder would look at them.
pub fn jpeg(segments: &[u8], scans: usize) -> Vec<u8> {
    let frame = b"\xFF\xC2\0\x0B\x08\0\x10\0\x10\x01\x01\x11\0";
    let scan = b"\xFF\xDA\0\x08\x01\x01\0\0\0\0\x12\x34";
    [
        b"\xFF\xD8",
        segments,
        frame,
        &scan.repeat(scans),
        b"\xFF\xD9",
    ]
    .concat()
}

/// A drawing.
pub fn svg(inside: &str) -> String {
    format!("<svg xmlns='http://www.w3.org/2000/svg' width='99' height='99'>{inside}</svg>")
}

/// A drawing within the bounds that takes half a second for each time that its path is used, up to twenty.
pub fn costly(uses: usize) -> String {
    let curves: String = (0..130_000)
        .map(|i| format!("q{} {} 1 1", i % 7, i % 5))
        .collect();
    let style = "fill='none' stroke='red' stroke-width='9' stroke-linejoin='round'";
    let path = format!("<path id='p' d='M0 0{curves}' {style}/>");
    svg(&format!("{path}{}", "<use href='#p'/>".repeat(uses - 1)))
}

/// Elements of a kind, each of which refers six times to the next, and a shape that refers to the first; `refer`
/// is what refers to the one with a number.
pub fn nested(kind: &str, refer: impl Fn(usize) -> String) -> String {
    let shape = |number| format!("<path d='M0 0h1v1h1' {}/>", refer(number));
    let step = |number: usize| {
        let shapes = shape(number + 1).repeat(6);
        format!("<{kind} id='m{number}' width='1' height='1'>{shapes}</{kind}>")
    };
    let steps: String = (0..12).map(step).collect();
    let last =
        format!("<{kind} id='m12' width='1' height='1'><rect width='1' height='1'/></{kind}>");
    format!("<defs>{steps}{last}</defs>{}", shape(0))
}
