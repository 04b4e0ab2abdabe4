//! The press: prints what both parties keep, orders and invoices. One function, since the typesetter is
//! most of its weight.

use adapters::documents::Documents;
use adapters::environment::{Environment, Outside};
use adapters::invoices::Invoices;
use adapters::store::{Changes, OutboxItem};
use domain::event::Event;
use http_function::{Desk, Listener, Problem};

use crate::print_invoice::print_invoice;
use crate::print_order::print_order;

/// Where papers are kept, and what professionals deposited.
#[derive(Clone, Debug)]
pub struct Press {
    pub(crate) kept: Invoices,
    pub(crate) documents: Documents,
}

impl Outside for Press {
    fn open(environment: &Environment) -> Self {
        Self {
            kept: Invoices::open(environment),
            documents: Documents::open(environment),
        }
    }
}

/// Printing orders and invoices.
pub struct PrintPapers;

impl Listener for PrintPapers {
    const NAME: &'static str = "print-papers";
    const SUMMARY: &'static str = "The press: prints what both parties keep, orders and invoices.";
    const EVENTS: &'static [&'static str] =
        &["PaymentCaptured", "BookingModified", "InvoiceIssued"];
    type Outside = Press;

    async fn on(
        desk: &Desk<Press>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        match &happened.event {
            Event::PaymentCaptured { booking } | Event::BookingModified { booking } => {
                print_order(desk, booking, changes).await
            }
            Event::InvoiceIssued { invoice } => print_invoice(desk, invoice, changes).await,
            _ => Ok(changes),
        }
    }
}
