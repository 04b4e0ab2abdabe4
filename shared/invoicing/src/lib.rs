//! Sets papers: orders as both parties keep them, and invoices, each one A4 file that people read and machines too (Factur-X: PDF/A-3 with the same
//! invoice in XML inside). What is printed and why is decided in [`domain::invoice`]; here it is only
//! laid out.
//!
//! ```no_run
//! # fn issued() -> domain::invoice::Invoice { unimplemented!() }
//! let invoice = issued();
//! let pdf = invoicing::render(&invoice)?;
//! std::fs::write(pdf.file_name, pdf.bytes)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::io;

use domain::invoice::Invoice;
use thiserror::Error;

mod factur_x;
mod metadata;
mod order;
mod page;
mod typesetting;
mod xml;

pub use factur_x::factur_x;
pub use order::{render_order, render_withdrawal_form};

/// An invoice ready to be kept and sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The name to save it under, of ASCII letters: `facture-123456782-2026-000001.pdf`.
    pub file_name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Pdf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pdf({}, {} bytes)", self.file_name, self.bytes.len())
    }
}

/// Why an invoice could not be set. None of these depends on what people wrote: each is a defect here.
#[derive(Debug, Error)]
pub enum RenderFailed {
    /// The XML could not be written.
    #[error("the XML could not be written: {0}")]
    Xml(#[from] io::Error),
    /// The invoice could not be handed to the template.
    #[error("the template's data could not be written: {0}")]
    Data(#[from] serde_json::Error),
    /// The template or the PDF standard refused it.
    #[error("the page could not be set: {0}")]
    Page(String),
    /// The file's metadata is not where it was expected.
    #[error("the file could not be marked as Factur-X: {0}")]
    Metadata(&'static str),
}

/// Sets an invoice. The same invoice always gives the same bytes.
///
/// Some 60 ms of computing, a fifth of a second in a development build: call it where blocking is allowed.
pub fn render(invoice: &Invoice) -> Result<Pdf, RenderFailed> {
    let page = page::json(invoice)?;
    let xml = factur_x(invoice)?;
    let set = typesetting::pdf(page, xml, invoice)?;
    Ok(Pdf {
        file_name: file_name(invoice),
        bytes: metadata::mark_as_factur_x(&set)?,
    })
}

fn file_name(invoice: &Invoice) -> String {
    format!(
        "{}-{}.pdf",
        invoice.kind.label().to_lowercase(),
        invoice.number
    )
}
