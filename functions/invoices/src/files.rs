//! How the files of an invoice are called.

use domain::invoice::Invoice;

/// The key of a file, and the name to save it under, such as
/// `2026/123456782-2026-000001.pdf`.
pub(crate) fn key(invoice: &Invoice, ending: &str) -> String {
    format!("{}/{}.{ending}", invoice.issued_on.year(), invoice.number)
}
