//! Pages with all that belongs to them (MHTML), as browsers and Word save them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::bounds::{MAX_PARTS, bounded};
use super::document::Document;
use super::html;
use super::refusal::Refusal;

/// A part of a message, decoded.
struct Part {
    kind: String,
    charset: Option<String>,
    location: String,
    bytes: Vec<u8>,
}

/// Reads an archived page.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let mut parts = Vec::new();
    collect(bytes, 0, &mut parts)?;
    let page = parts.iter().find(|part| part.kind == "text/html");
    let page = page.ok_or_else(|| Refusal::damaged("MHT 网页", "没有正文"))?;
    let text = html::decoded(&page.bytes, page.charset.as_deref());
    html::read_text(&text, &|name| {
        let own = |part: &&Part| !name.is_empty() && part.location.ends_with(name);
        Some(parts.iter().find(own)?.bytes.clone())
    })
}

fn collect(message: &[u8], depth: usize, parts: &mut Vec<Part>) -> Result<(), Refusal> {
    bounded(depth, MAX_PARTS[0], "网页各部分的层数")?;
    let (head, body) = split_head(message);
    let kind = head.value("content-type");
    let boundary = parameter(&kind, "boundary").filter(|boundary| !boundary.is_empty());
    if let Some(boundary) = boundary.filter(|_| kind.to_lowercase().starts_with("multipart/")) {
        for part in parted(body, &boundary) {
            collect(part, depth + 1, parts)?;
        }
        return Ok(());
    }
    bounded(parts.len() + 1, MAX_PARTS[1], "网页各部分的数目")?;
    let location = [head.value("content-location"), head.value("content-id")];
    let location = location.into_iter().find(|location| !location.is_empty());
    let encoding = head.value("content-transfer-encoding").to_lowercase();
    let mime = kind.split(';').next().unwrap_or_default();
    parts.push(Part {
        kind: mime.trim().to_lowercase(),
        charset: parameter(&kind, "charset"),
        location: location.unwrap_or_default().trim().to_owned(),
        bytes: match encoding.trim() {
            "base64" => {
                let plain = |byte: &u8| !byte.is_ascii_whitespace();
                let data: Vec<u8> = body.iter().copied().filter(plain).collect();
                BASE64_STANDARD.decode(data).unwrap_or_default()
            }
            "quoted-printable" => unquoted(body),
            _ => body.to_vec(),
        },
    });
    Ok(())
}

/// The fields of the head of a part.
struct Head(Vec<(String, String)>);

impl Head {
    fn value(&self, name: &str) -> String {
        let mut fields = self.0.iter();
        let found = fields.find(|(own, _)| own == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

fn split_head(message: &[u8]) -> (Head, &[u8]) {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut rest = message;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n');
        let (line, behind) = rest.split_at(end.map_or(rest.len(), |end| end + 1));
        rest = behind;
        let text = String::from_utf8_lossy(line);
        if text.trim().is_empty() {
            if fields.is_empty() {
                continue;
            }
            break;
        }
        if let (true, Some((_, value))) = (text.starts_with([' ', '\t']), fields.last_mut()) {
            value.push_str(text.trim_end());
        } else {
            let (name, value) = text.split_once(':').unwrap_or((&text, ""));
            let field = (name.trim().to_lowercase(), value.trim().to_owned());
            fields.push(field);
        }
    }
    (Head(fields), rest)
}

/// A parameter of a field, such as `boundary`.
fn parameter(field: &str, name: &str) -> Option<String> {
    let mut parameters = field.split(';').skip(1);
    parameters.find_map(|parameter| {
        let (own, value) = parameter.split_once('=')?;
        let is_own = own.trim().eq_ignore_ascii_case(name);
        is_own.then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// The parts between lines that begin with a boundary.
fn parted<'b>(body: &'b [u8], boundary: &str) -> Vec<&'b [u8]> {
    let mark = format!("--{boundary}");
    let mut parts = Vec::new();
    let (mut at, mut start) = (0, None);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(mark.as_bytes()) {
            parts.extend(start.map(|start| &body[start..at]));
            start = Some(at + line.len());
        }
        at += line.len();
    }
    // A part that nothing ends is one all the same; what stands behind the last mark is none.
    let last = start.map(|start| &body[start..]);
    parts.extend(last.filter(|last| !last.trim_ascii().is_empty()));
    parts
}

/// Bytes without the quoting of RFC 2045.
fn unquoted(body: &[u8]) -> Vec<u8> {
    let mut found = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        if *byte != b'=' {
            found.push(*byte);
            continue;
        }
        let digit = |at: usize| char::from(*behind.get(at)?).to_digit(16);
        match (digit(0), digit(1), behind) {
            (Some(high), Some(low), _) => {
                found.extend(u8::try_from(high * 16 + low));
                rest = &behind[2..];
            }
            (_, _, [b'\r', b'\n', ..]) => rest = &behind[2..],
            (_, _, [b'\n', ..]) => rest = &behind[1..],
            _ => found.push(b'='),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_decoded() {
        assert_eq!(unquoted(b"a=3D=\r\nb=E5=B9=B4=zz"), "a=b年=zz".as_bytes());
        let message = b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n boundary=\"x\"\r\n\r\n--x\r\nContent-Type: text/html; charset=gbk\r\n\r\n<p>\xC4\xEA\xB1\xA8</p>\r\n--x--\r\n";
        let mut parts = Vec::new();
        collect(message, 0, &mut parts).unwrap();
        assert_eq!(parts.len(), 1);
        assert_eq!(parts[0].charset.as_deref(), Some("gbk"));
        let document = read(message).unwrap();
        assert_eq!(document.blocks.len(), 1);
    }
}
