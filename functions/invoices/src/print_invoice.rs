//! An invoice was numbered: it is printed, kept where nothing can change it, and its parties are told.

use adapters::secrets::sha256;
use adapters::store::{Changes, InvoiceFiles, Key, StoredInvoice};
use domain::event::Event;
use domain::ids::InvoiceId;
use http_function::{Desk, Problem};

use crate::files::key;
use crate::print_papers::Press;

/// Prints an invoice, unless it is printed already.
pub(crate) async fn print_invoice(
    desk: &Desk<Press>,
    id: &InvoiceId,
    changes: Changes,
) -> Result<Changes, Problem> {
    let read = desk.store.get::<StoredInvoice>(Key::invoice(id)).await?;
    let read = read.ok_or_else(|| Problem::internal(format!("no invoice {id}")))?;
    if read.record.files.is_some() {
        return Ok(changes);
    }
    let mut stored = read.record.clone();
    let invoice = stored.invoice.clone();
    // Setting a page is heavy work: where it keeps nobody waiting.
    let printed = tokio::task::spawn_blocking(move || {
        invoicing::render(&invoice).and_then(|pdf| Ok((pdf, invoicing::factur_x(&invoice)?)))
    });
    let (pdf, xml) = printed
        .await
        .map_err(Problem::internal)?
        .map_err(Problem::internal)?;
    let files = InvoiceFiles {
        pdf: key(&stored.invoice, "pdf"),
        pdf_sha256: sha256(&pdf.bytes),
        xml: key(&stored.invoice, "xml"),
        xml_sha256: sha256(xml.as_bytes()),
    };
    let kept = async {
        let s3 = &desk.outside.kept;
        s3.put_once(&files.pdf, "application/pdf", pdf.bytes)
            .await?;
        s3.put_once(&files.xml, "application/xml", xml.into_bytes())
            .await
    };
    kept.await.map_err(Problem::unavailable)?;
    stored.files = Some(files);
    Ok(changes
        .replace(&read, &stored)
        .event(Event::InvoiceReady {
            invoice: id.clone(),
        })
        .activity("print-invoice", id.as_str()))
}
