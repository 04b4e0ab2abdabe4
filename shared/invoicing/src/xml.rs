//! A tree of elements, written out with its text escaped.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::page::drawn;

/// An element that holds either others or a text.
pub(crate) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Element>,
    text: Option<String>,
}

/// An element with others inside.
pub(crate) fn element(name: &'static str, children: Vec<Element>) -> Element {
    Element {
        name,
        attributes: Vec::new(),
        children,
        text: None,
    }
}

/// An element with a text inside, in the letters in which the page shows it: the two must say the same.
/// Characters that XML cannot hold are left out.
pub(crate) fn text(name: &'static str, text: &str) -> Element {
    let letters = text.chars().filter(|letter| is_xml(*letter));
    Element {
        text: Some(letters.flat_map(drawn).collect()),
        ..element(name, Vec::new())
    }
}

/// Whether XML 1.0 can hold the character.
fn is_xml(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

impl Element {
    /// The element with an attribute more.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.attributes.push((name, value.to_owned()));
        self
    }

    /// The element as a whole document, in UTF-8.
    pub(crate) fn to_document(&self) -> io::Result<String> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        self.write(&mut writer)?;
        String::from_utf8(writer.into_inner()).map_err(io::Error::other)
    }

    /// Writes the element and what is inside.
    pub(crate) fn write(&self, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
        let attributes = self.attributes.iter();
        let start = BytesStart::new(self.name)
            .with_attributes(attributes.map(|(name, value)| (*name, value.as_str())));
        writer.write_event(Event::Start(start))?;
        if let Some(text) = &self.text {
            writer.write_event(Event::Text(BytesText::new(text)))?;
        }
        for child in &self.children {
            child.write(writer)?;
        }
        writer.write_event(Event::End(BytesEnd::new(self.name)))
    }
}
