//! Which documents a booking still needs, given those it has.

use serde::{Deserialize, Serialize};

use super::InvoiceKind;
use crate::booking::{Booking, BookingState, DisputeStage, RefundStatus};
use crate::ids::InvoiceId;
use crate::money::Euros;

/// An invoice that was issued, and how much of it credit notes gave back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// Which.
    pub invoice: InvoiceId,
    /// What it is; never a credit note.
    pub kind: InvoiceKind,
    /// Its total, including VAT.
    pub gross: Euros,
    /// Given back by credit notes so far, including VAT.
    pub credited: Euros,
}

/// A document that is to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwedDocument {
    /// An invoice of that kind for that amount, including VAT.
    Invoice {
        /// What it is; never a credit note.
        kind: InvoiceKind,
        /// Including VAT.
        amount: Euros,
    },
    /// A credit note on an invoice.
    CreditNote {
        /// Which.
        invoice: InvoiceId,
        /// Given back now, including VAT.
        amount: Euros,
        /// Given back before, including VAT.
        already_credited: Euros,
        /// Why.
        reason: &'static str,
    },
}

/// The documents that are still to be issued for a booking that has `bills`. The commission is invoiced
/// when it is earned (terms, article 15), the mission when what is due of it is known; what is given
/// back afterwards makes credit notes.
pub fn owed_documents(booking: &Booking, bills: &[Bill]) -> Vec<OwedDocument> {
    let Some(due) = booking.due.filter(|_| booking.is_debited()) else {
        return Vec::new();
    };
    let mission = match booking.state {
        BookingState::Cancelled => InvoiceKind::Indemnity,
        _ => InvoiceKind::Mission,
    };
    let wanted = [
        (mission, due.professional),
        (InvoiceKind::Commission, due.commission),
    ];
    let mut owed = Vec::new();
    for (kind, amount) in wanted {
        match bills.iter().find(|bill| bill.kind == kind) {
            None if amount > Euros::ZERO => owed.push(OwedDocument::Invoice { kind, amount }),
            None => {}
            Some(bill) => owed.extend(correction(booking, bill)),
        }
    }
    owed
}

/// What is to be given back of a bill. The commission gives way first; a chargeback that was lost takes
/// the commission, and leaves the professional's claim against the client as it is.
fn correction(booking: &Booking, bill: &Bill) -> Option<OwedDocument> {
    let due = booking.due?;
    let lost = booking.payment.dispute_stage() == Some(DisputeStage::Lost);
    let refunded: i64 = booking
        .payment
        .refunds
        .iter()
        .filter(|refund| refund.status != RefundStatus::Failed)
        .map(|refund| refund.amount.cents())
        .sum();
    let beyond = (refunded - booking.goes_back(&due).cents()).max(0);
    let from_commission = beyond.min(due.commission.cents());
    let (given_back, reason) = match bill.kind {
        InvoiceKind::Commission if lost => {
            (bill.gross.cents(), "Paiement rendu au client par sa banque")
        }
        InvoiceKind::Commission => (from_commission, "Remboursement accordé au client"),
        InvoiceKind::Mission | InvoiceKind::Indemnity => (
            (beyond - from_commission).min(bill.gross.cents()),
            "Remboursement accordé au client",
        ),
        InvoiceKind::CreditNote => return None,
    };
    let more = given_back - bill.credited.cents();
    (more > 0).then(|| OwedDocument::CreditNote {
        invoice: bill.invoice.clone(),
        amount: Euros::from_cents(more),
        already_credited: bill.credited,
        reason,
    })
}
