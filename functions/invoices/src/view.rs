//! What is shown of invoices, and to whom.

use adapters::store::StoredInvoice;
use domain::account::Role;
use domain::ids::InvoiceId;
use domain::invoice::InvoiceKind;
use http_function::Session;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// One line of a list of invoices.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InvoiceView {
    /// Its identifier.
    id: InvoiceId,
    /// Its number, as printed.
    number: String,
    /// `mission`, `commission`, `indemnity` or `credit_note`.
    kind: &'static str,
    /// The same in French.
    label: &'static str,
    /// The booking that it is about, as people quote it.
    reference: String,
    /// The day of issue.
    issued_on: Date,
    /// Its total, including VAT, in cents; given back on a credit note.
    total: i64,
    /// Whether it can be downloaded.
    ready: bool,
}

impl InvoiceView {
    /// What is shown of an invoice.
    pub fn of(stored: &StoredInvoice) -> Self {
        let invoice = &stored.invoice;
        let (kind, label) = match invoice.kind {
            InvoiceKind::Mission => ("mission", "Facture de la mission"),
            InvoiceKind::Commission => ("commission", "Facture des frais de service"),
            InvoiceKind::Indemnity => ("indemnity", "Facture de l’indemnité d’annulation"),
            InvoiceKind::CreditNote => ("credit_note", "Avoir"),
        };
        Self {
            id: invoice.id.clone(),
            number: invoice.number.to_string(),
            kind,
            label,
            reference: invoice.mission.reference.clone(),
            issued_on: invoice.issued_on,
            total: invoice.totals.gross.cents(),
            ready: stored.files.is_some(),
        }
    }
}

/// Whether somebody may see an invoice: its buyer, the professional in whose name it is, the operator.
pub(crate) fn may_see(session: &Session, stored: &StoredInvoice) -> bool {
    match session.role {
        Role::Client => session.subject == stored.client.as_str(),
        Role::Professional | Role::Manager => {
            session.professional.as_ref().is_some_and(|professional| {
                *professional == stored.professional && stored.seller() == professional.as_str()
            })
        }
        Role::Admin => true,
        Role::Agent | Role::Applicant => false,
    }
}
