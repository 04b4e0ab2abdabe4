//! One of the two parties looks at the invoices of a booking.

use adapters::store::{Question, StoredInvoice};
use http_function::{BookingPath, Call, Desk, Nothing, Operation, Problem, Reply, SignedIn};
use schemars::JsonSchema;
use serde::Serialize;

use crate::view::{InvoiceView, may_see};

/// Looking at the invoices of a booking.
pub struct ListBookingInvoices;

/// The invoices of a booking that the caller may see, oldest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BookingInvoices {
    /// Invoices and credit notes.
    invoices: Vec<InvoiceView>,
}

impl Operation for ListBookingInvoices {
    const NAME: &'static str = "list-booking-invoices";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/bookings/{booking}/invoices";
    const SUMMARY: &'static str = "The invoices and credit notes of a booking, for its parties.";
    type Outside = ();
    type Who = SignedIn;
    type Path = BookingPath;
    type Input = Nothing;
    type Output = BookingInvoices;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingInvoices>, Problem> {
        let question = Question::invoices_of_booking(&call.path.booking);
        let read = desk.store.ask_all::<StoredInvoice>(question).await?;
        let seen = read
            .iter()
            .filter(|read| may_see(&call.who.0, &read.record));
        Ok(Reply::ok(BookingInvoices {
            invoices: seen.map(|read| InvoiceView::of(&read.record)).collect(),
        }))
    }
}
