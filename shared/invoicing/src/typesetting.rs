//! Typst as a library: two templates, one font and the data of one paper. No file system, no network,
//! no clock.

use std::sync::LazyLock;

use domain::invoice::Invoice;
use jiff::civil::Date;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::RenderFailed;

/// IBM Plex Sans, every weight in one variable file (SIL Open Font License: `fonts/OFL.txt`).
static FONT_FILE: &[u8] = include_bytes!("../fonts/IBMPlexSans.ttf");

/// What does not change from one invoice to the next.
struct Press {
    library: LazyHash<Library>,
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
}

static PRESS: LazyLock<Press> = LazyLock::new(|| {
    let fonts: Vec<Font> = Font::iter(Bytes::new(FONT_FILE)).collect();
    Press {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
    }
});

/// Everything that the template can see.
struct Sheet {
    template: Source,
    page: Bytes,
    /// What an invoice carries for machines.
    xml: Option<Bytes>,
}

impl Sheet {
    fn new(template: &str, page: Vec<u8>, xml: Option<String>) -> Result<Self, RenderFailed> {
        let path =
            VirtualPath::new("/page.typ").map_err(|error| RenderFailed::Page(error.to_string()))?;
        let id = RootedPath::new(VirtualRoot::Project, path).intern();
        Ok(Self {
            template: Source::new(id, template.to_owned()),
            page: Bytes::new(page),
            xml: xml.map(Bytes::from_string),
        })
    }
}

impl World for Sheet {
    fn library(&self) -> &LazyHash<Library> {
        &PRESS.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &PRESS.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            Ok(self.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match id.vpath().get_with_slash() {
            "/page.json" => Ok(self.page.clone()),
            "/factur-x.xml" => self.xml.clone().ok_or(FileError::AccessDenied),
            _ => Err(FileError::AccessDenied),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        PRESS.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Whether the font can draw a character: what it cannot has no place in a PDF/A file.
pub(crate) fn can_draw(letter: char) -> bool {
    PRESS
        .fonts
        .iter()
        .any(|font| font.info().coverage.contains(u32::from(letter)))
}

/// The invoice's pages.
pub(crate) fn document(page: Vec<u8>, xml: String) -> Result<PagedDocument, RenderFailed> {
    compile(&Sheet::new(include_str!("page.typ"), page, Some(xml))?)
}

fn compile(sheet: &Sheet) -> Result<PagedDocument, RenderFailed> {
    let set = typst::compile::<PagedDocument>(sheet);
    // Typst remembers what it computed: an instance that lives long must not keep every invoice.
    typst::comemo::evict(0);
    set.output.map_err(|errors| failed(&errors))
}

/// The file: PDF/A-3 for the archive, PDF/UA-1 for those who listen to it, dated on the day of issue.
pub(crate) fn pdf(page: Vec<u8>, xml: String, invoice: &Invoice) -> Result<Vec<u8>, RenderFailed> {
    let identity = Identity {
        id: invoice.id.to_string(),
        day: invoice.issued_on,
    };
    let standards = [PdfStandard::A_3b, PdfStandard::Ua_1];
    file(&document(page, xml)?, &identity, &standards)
}

/// The file of an order: the same, with nothing attached.
pub(crate) fn order(page: Vec<u8>, identity: &Identity) -> Result<Vec<u8>, RenderFailed> {
    let document = compile(&Sheet::new(include_str!("order.typ"), page, None)?)?;
    file(&document, identity, &[PdfStandard::A_2b, PdfStandard::Ua_1])
}

/// What tells a file from any other, and its date.
pub(crate) struct Identity {
    pub(crate) id: String,
    pub(crate) day: Date,
}

fn file(
    document: &PagedDocument,
    identity: &Identity,
    standards: &[PdfStandard],
) -> Result<Vec<u8>, RenderFailed> {
    let day = identity.day;
    let midnight = Datetime::from_ymd_hms(
        i32::from(day.year()),
        day.month().unsigned_abs(),
        day.day().unsigned_abs(),
        0,
        0,
        0,
    );
    let standards = PdfStandards::new(standards)
        .map_err(|error| RenderFailed::Page(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(identity.id.clone()),
        creator: Smart::Custom(Some("MonAgentDeSecu".to_owned())),
        timestamp: midnight.map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|errors| failed(&errors))
}

fn failed(errors: &[SourceDiagnostic]) -> RenderFailed {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    RenderFailed::Page(messages.join("; "))
}
