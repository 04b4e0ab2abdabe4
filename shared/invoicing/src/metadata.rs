//! Says in the file's own metadata (XMP) that it is a Factur-X invoice, which Typst has no way to say.
//!
//! The file is not rewritten: a new version of one object is added at its end, as PDF has it
//! (ISO 32000-1, 7.5.6), with the properties that Factur-X asks for and the description of them that
//! PDF/A asks for.

use std::io::{self, Write as _};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};

use crate::RenderFailed;
use crate::xml::{Element, element, text};

const NAMESPACE: &str = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#";

/// The properties, their values and what they are.
const PROPERTIES: [(&str, &str, &str, &str); 4] = [
    (
        "fx:DocumentType",
        "DocumentType",
        "INVOICE",
        "The type of the hybrid document",
    ),
    (
        "fx:DocumentFileName",
        "DocumentFileName",
        "factur-x.xml",
        "The name of the embedded XML document",
    ),
    (
        "fx:Version",
        "Version",
        "1.0",
        "The version of the standard that the embedded XML document follows",
    ),
    (
        "fx:ConformanceLevel",
        "ConformanceLevel",
        "EN 16931",
        "The profile that the embedded XML document follows",
    ),
];

/// The same file, with its metadata completed.
pub(crate) fn mark_as_factur_x(pdf: &[u8]) -> Result<Vec<u8>, RenderFailed> {
    let file = Layout::read(pdf)?;
    let packet = complete(file.packet)?;
    let mut marked = pdf.to_vec();
    marked.push(b'\n');
    let object_at = marked.len();
    write!(
        marked,
        "{} 0 obj\n<</Length {}/Type/Metadata/Subtype/XML>>\nstream\n",
        file.object,
        packet.len()
    )?;
    marked.extend_from_slice(&packet);
    marked.extend_from_slice(b"\nendstream\nendobj\n");
    let table_at = marked.len();
    // An entry is 20 bytes long, its end of line included.
    write!(
        marked,
        "xref\n{} 1\n{object_at:010} 00000 n\r\ntrailer\n{}/Prev {}>>\nstartxref\n{table_at}\n%%EOF\n",
        file.object, file.trailer, file.table_at
    )?;
    Ok(marked)
}

/// Where things are in a file that Typst wrote.
struct Layout<'a> {
    /// The number of the metadata's object.
    object: u32,
    /// The metadata.
    packet: &'a str,
    /// The trailer's dictionary, but for its closing brackets.
    trailer: &'a str,
    /// Where the table of objects begins.
    table_at: usize,
}

impl<'a> Layout<'a> {
    fn read(pdf: &'a [u8]) -> Result<Self, RenderFailed> {
        let missing = |what| RenderFailed::Metadata(what);
        let stream = b"/Type/Metadata/Subtype/XML>>\nstream\n";
        let head_at = last(pdf, stream).ok_or(missing("no metadata"))?;
        let (before, rest) = pdf.split_at(head_at);
        let packet = rest.get(stream.len()..).unwrap_or_default();
        let length = first(packet, b"\nendstream").ok_or(missing("endless metadata"))?;
        let object = last(before, b" 0 obj\n")
            .and_then(|end| before.get(..end))
            .and_then(|before| before.rsplit(|byte| *byte == b'\n').next())
            .and_then(parsed)
            .ok_or(missing("metadata without a number"))?;
        let (trailer, start) = last(pdf, b"trailer\n")
            .and_then(|at| pdf.get(at + b"trailer\n".len()..))
            .and_then(|tail| std::str::from_utf8(tail).ok())
            .and_then(|tail| tail.split_once(">>\nstartxref\n"))
            .ok_or(missing("no trailer"))?;
        let table_at = start
            .split('\n')
            .next()
            .and_then(|number| number.trim().parse().ok())
            .ok_or(missing("no table of objects"))?;
        Ok(Self {
            object,
            packet: packet
                .get(..length)
                .and_then(|packet| std::str::from_utf8(packet).ok())
                .ok_or(missing("metadata that is not text"))?,
            trailer,
            table_at,
        })
    }
}

fn parsed(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.trim().parse().ok()
}

fn first(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|part| part == what)
}

fn last(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|part| part == what)
}

/// The packet with the properties in its description and their schema in the list of schemas.
fn complete(packet: &str) -> Result<Vec<u8>, RenderFailed> {
    let mut reader = Reader::from_str(packet);
    let mut writer = Writer::new(Vec::new());
    let mut open: Vec<String> = Vec::new();
    let (mut described, mut said) = (false, false);
    loop {
        let event = reader
            .read_event()
            .map_err(|error| RenderFailed::Xml(io::Error::other(error)))?;
        match event {
            Event::Eof => break,
            Event::Start(start) => {
                open.push(start.name().as_ref().to_owned());
                if start.name().as_ref() == "rdf:Description" {
                    let start: BytesStart<'_> = start.with_attributes([("xmlns:fx", NAMESPACE)]);
                    writer.write_event(Event::Start(start))?;
                } else {
                    writer.write_event(Event::Start(start))?;
                }
            }
            Event::End(end) => {
                let parent = open.len().checked_sub(2).and_then(|at| open.get(at));
                let in_schemas = parent.is_some_and(|name| name == "pdfaExtension:schemas");
                if end.name().as_ref() == "rdf:Bag" && in_schemas {
                    schema().write(&mut writer)?;
                    described = true;
                }
                if end.name().as_ref() == "rdf:Description" {
                    for (name, _, value, _) in PROPERTIES {
                        text(name, value).write(&mut writer)?;
                    }
                    said = true;
                }
                open.pop();
                writer.write_event(Event::End(end))?;
            }
            other => writer.write_event(other)?,
        }
    }
    if described && said {
        Ok(writer.into_inner())
    } else {
        Err(RenderFailed::Metadata("no list of schemas"))
    }
}

/// What the properties are, for those who check the archive.
fn schema() -> Element {
    let resource = |children| element("rdf:li", children).with("rdf:parseType", "Resource");
    let properties = PROPERTIES.map(|(_, name, _, description)| {
        resource(vec![
            text("pdfaProperty:name", name),
            text("pdfaProperty:valueType", "Text"),
            text("pdfaProperty:category", "external"),
            text("pdfaProperty:description", description),
        ])
    });
    resource(vec![
        text("pdfaSchema:schema", "Factur-X PDFA Extension Schema"),
        text("pdfaSchema:namespaceURI", NAMESPACE),
        text("pdfaSchema:prefix", "fx"),
        element(
            "pdfaSchema:property",
            vec![element("rdf:Seq", properties.into())],
        ),
    ])
}
