//! The press: prints what both parties keep, orders and invoices. One function, since the typesetter is
//! most of its weight.

use adapters::invoices::Invoices;
use adapters::store::{Changes, OutboxItem};
use domain::event::Event;
use http_function::{Desk, Listener, Problem};

use crate::print_invoice::print_invoice;
use crate::print_order::print_order;

/// Printing orders and invoices.
pub struct PrintPapers;

impl Listener for PrintPapers {
    const NAME: &'static str = "print-papers";
    const SUMMARY: &'static str = "The press: prints what both parties keep, orders and invoices.";
    const EVENTS: &'static [&'static str] = &["BookingAccepted", "InvoiceIssued"];
    type Outside = Invoices;

    async fn on(
        desk: &Desk<Invoices>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        match &happened.event {
            Event::BookingAccepted { booking } => print_order(desk, booking, changes).await,
            Event::InvoiceIssued { invoice } => print_invoice(desk, invoice, changes).await,
            _ => Ok(changes),
        }
    }
}
