//! Somebody whom an invoice concerns downloads it: as a PDF, or as structured data. The download is
//! written down (terms, article 5).

use adapters::invoices::{Invoices, LINK_SECONDS};
use adapters::store::{Key, StoredInvoice};
use domain::ids::InvoiceId;
use http_function::{Call, Desk, Nothing, Operation, Problem, Reply, SignedIn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::view::may_see;

/// Downloading an invoice.
pub struct ReadInvoice;

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum InvoiceFormat {
    /// For people; carries the structured data too (Factur-X).
    Pdf,
    /// For machines (CII).
    Xml,
}

/// The route's invoice and form.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct InvoicePath {
    /// The invoice's identifier.
    invoice: InvoiceId,
    /// In which form.
    format: InvoiceFormat,
}

/// Where the file is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InvoiceLink {
    /// A link that opens the file.
    pub(crate) url: String,
    /// For how many seconds.
    pub(crate) expires_in: u64,
    /// The SHA-256 of the file, hexadecimal, as written down when it was made.
    pub(crate) sha256: String,
}

impl Operation for ReadInvoice {
    const NAME: &'static str = "read-invoice";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/invoices/{invoice}/{format}";
    const SUMMARY: &'static str = "A link to an invoice, as `pdf` or as `xml`.";
    type Outside = Invoices;
    type Who = SignedIn;
    type Path = InvoicePath;
    type Input = Nothing;
    type Output = InvoiceLink;

    async fn run(desk: &Desk<Invoices>, call: &Call<Self>) -> Result<Reply<InvoiceLink>, Problem> {
        let key = Key::invoice(&call.path.invoice);
        let stored = desk.store.get::<StoredInvoice>(key).await?;
        let stored = stored
            .map(|read| read.record)
            .filter(|stored| may_see(&call.who.0, stored))
            .ok_or_else(Problem::not_found)?;
        let files = stored.files.ok_or_else(|| {
            Problem::new(
                409,
                "invoice_not_ready",
                "Cette facture est en cours d’impression : réessayez dans un instant.",
            )
        })?;
        let (file, sha256, ending) = match call.path.format {
            InvoiceFormat::Pdf => (files.pdf, files.pdf_sha256, "pdf"),
            InvoiceFormat::Xml => (files.xml, files.xml_sha256, "xml"),
        };
        let name = format!("{}.{ending}", stored.invoice.number);
        let link = desk.outside.link(&file, &name).await;
        let invoice = call.path.invoice.as_str();
        let changes = call.changes().activity_because(Self::NAME, invoice, &name);
        Ok(Reply::ok(InvoiceLink {
            url: link.map_err(Problem::unavailable)?,
            expires_in: LINK_SECONDS,
            sha256,
        })
        .changing(changes))
    }
}
