//! The provenance of the PDF of an archive: digests in its XMP metadata, which tell years later why the same
//! report gives other bytes.
//!
//! The namespace and its properties are described in `docs/copies.md`. PDF/A wants each property
//! declared in the file itself (ISO 19005-3, 6.6.2.3).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::digest::Digest;

/// The namespace of the properties.
const NAMESPACE: &str = "urn:x-nianbao:origin:1#";

/// The digests of all that a PDF was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The program.
    pub engine: Digest,
    /// The layout of the edition.
    pub layout: Digest,
    /// The fonts.
    pub fonts: Digest,
    /// The canonical report.
    pub report: Digest,
    /// The files in the PDF.
    pub files: Digest,
}

impl Provenance {
    /// The digest of files, independent of their order.
    #[must_use]
    pub fn of_files<'a>(files: impl IntoIterator<Item = (&'a str, Digest)>) -> Digest {
        let files: BTreeMap<_, _> = files.into_iter().collect();
        Digest::of_parts(
            files
                .into_iter()
                .map(|(name, content)| (name, Some(content))),
        )
    }

    fn properties(&self) -> [(&'static str, &'static str, Digest); 5] {
        [
            ("engine", "SHA-256 of the program", self.engine),
            ("layout", "SHA-256 of the layout", self.layout),
            ("fonts", "SHA-256 of the fonts", self.fonts),
            ("report", "SHA-256 of the canonical report", self.report),
            ("files", "SHA-256 of the files attached", self.files),
        ]
    }

    /// Adds it to an XMP packet that declares other properties in the same way; `None` for any other packet.
    pub(crate) fn added_to(&self, packet: &str) -> Option<String> {
        const DECLARED: &str = "</rdf:Bag></pdfaExtension:schemas>";
        const DESCRIBED: &str = "</rdf:RDF>";
        let (before, rest) = packet.split_once(DECLARED)?;
        let (between, after) = rest.split_once(DESCRIBED)?;
        let (mut declared, mut described) = (String::new(), String::new());
        for (name, says, digest) in self.properties() {
            let _ = write!(
                declared,
                "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:category>external\
                 </pdfaProperty:category><pdfaProperty:description>{says}</pdfaProperty:description>\
                 <pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text\
                 </pdfaProperty:valueType></rdf:li>"
            );
            let _ = write!(described, "<nianbao:{name}>{digest}</nianbao:{name}>");
        }
        Some(format!(
            "{before}<rdf:li rdf:parseType=\"Resource\"><pdfaSchema:namespaceURI>{NAMESPACE}\
             </pdfaSchema:namespaceURI><pdfaSchema:prefix>nianbao</pdfaSchema:prefix>\
             <pdfaSchema:property><rdf:Seq>{declared}</rdf:Seq></pdfaSchema:property>\
             <pdfaSchema:schema>nianbao: what the file was made from</pdfaSchema:schema></rdf:li>\
             {DECLARED}{between}<rdf:Description rdf:about=\"\" xmlns:nianbao=\"{NAMESPACE}\">\
             {described}</rdf:Description>{DESCRIBED}{after}"
        ))
    }

    /// Reads it from an XMP packet.
    #[must_use]
    pub fn read(packet: &str) -> Option<Self> {
        let (_, described) = packet.split_once(&format!("xmlns:nianbao=\"{NAMESPACE}\""))?;
        let digest = |name: &str| {
            let (_, rest) = described.split_once(&format!("<nianbao:{name}>"))?;
            rest.split_once("</nianbao:")?.0.parse().ok()
        };
        Some(Self {
            engine: digest("engine")?,
            layout: digest("layout")?,
            fonts: digest("fonts")?,
            report: digest("report")?,
            files: digest("files")?,
        })
    }
}
