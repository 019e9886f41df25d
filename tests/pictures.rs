//! Small pictures of pages, compared pixel by pixel. `NIANBAO_UPDATE=1` writes them anew.

use std::fs;

use nianbao::typeset::{Document, ReportCopy, SealSize};

use super::seal::{copy_in, seals};
use super::support::{read, root};

/// Low, so that a picture stays small; enough to see that anything moved.
const PPI: f32 = 32.0;
const LARGEST: usize = 22 << 10;

#[test]
fn pages_look_as_they_did() {
    let shanghai = "shanghai-science-commission/2024";
    let joint = "date: 2024-01-22\nsignature: {name: [樟树市科技局, 樟树市教育体育局, 樟树市人力资源和社会保障局]}";
    let signing = ReportCopy::Signing {
        seal: SealSize::default(),
        duplex: false,
    };
    let draft = ReportCopy::Draft { watermark: None };
    let mut pages = Pages::default();
    let sample = "zhangshu-science-bureau/2023";
    pages.compare(sample, "", "", &ReportCopy::Public, &[1, 3, 4, 5]);
    pages.compare(shanghai, "", "", &ReportCopy::Public, &[5]);
    pages.compare(shanghai, "", "sealed-", &seals("42", 1), &[5]);
    pages.compare(sample, joint, "joint-", &seals("42", 3), &[6]);
    pages.compare(shanghai, "", "signing-", &signing, &[1, 4, 6]);
    pages.compare(shanghai, "", "draft-", &draft, &[3]);
    let (of_2014, of_2019) = ("example-science-bureau/2018", "example-science-bureau/2020");
    pages.compare(of_2014, "", "", &ReportCopy::Public, &[2, 3, 4]);
    pages.compare(of_2014, "", "sealed-", &seals("42", 1), &[2]);
    pages.compare(of_2019, "", "", &ReportCopy::Public, &[2, 3]);
    pages.compare("hongze-district/2023", "", "", &ReportCopy::Public, &[3, 4]);
    let different = pages.different;
    assert!(
        different.is_empty(),
        "pages differ from tests/pages; look at {different:?}, then NIANBAO_UPDATE=1 if they are right"
    );
}

/// The pictures that are not as kept.
#[derive(Default)]
struct Pages {
    different: Vec<String>,
}

impl Pages {
    /// Compares pages of a copy of a sample with something added to its file.
    fn compare(
        &mut self,
        sample: &str,
        added: &str,
        copy: &str,
        purpose: &ReportCopy,
        pages: &[usize],
    ) {
        let update = std::env::var_os("NIANBAO_UPDATE").is_some();
        let path = root().join(format!("samples/{sample}.yaml"));
        let text = format!("{}{added}\n", read(&path));
        let document: Document = copy_in(&text, purpose, path.parent().unwrap());
        for page in pages {
            let png = gray(&document.to_png(page - 1, PPI).unwrap().unwrap());
            assert!(png.len() <= LARGEST, "{} bytes", png.len());
            let name = format!("{}-{copy}{page}.png", sample.replace('/', "-"));
            let path = root().join("tests/pages").join(&name);
            if update {
                fs::write(&path, &png).unwrap();
            } else if !same(&fs::read(&path).unwrap_or_default(), &png) {
                let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
                fs::write(folder.join(&name), &png).unwrap();
                self.different
                    .push(folder.join(&name).display().to_string());
            }
        }
    }
}

/// The size and the pixels of a PNG file.
pub fn decode(bytes: &[u8]) -> Option<(u32, u32, Vec<u8>)> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes))
        .read_info()
        .ok()?;
    let mut buffer = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut buffer).ok()?;
    Some((info.width, info.height, buffer))
}

/// The picture in gray, as the pages are: a third of the size.
fn gray(rgba: &[u8]) -> Vec<u8> {
    let (width, height, pixels) = decode(rgba).unwrap();
    let pixels: Vec<u8> = pixels.chunks(4).map(|pixel| pixel[0]).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
    bytes
}

/// Whether two PNG files show the same pixels, however they are compressed.
fn same(wanted: &[u8], found: &[u8]) -> bool {
    decode(wanted).is_some() && decode(wanted) == decode(found)
}
