//! A client looks through their bookings.

use adapters::store::Question;
use domain::booking::Booking;
use http_function::{Call, Client, Desk, Nothing, Operation, PageAsked, Problem, Reply};
use schemars::JsonSchema;
use serde::Serialize;

use crate::view::{BookingView, for_client};

/// Looking through one's bookings.
pub struct ListBookings;

/// A page of bookings, newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BookingsPage {
    /// The bookings.
    pub bookings: Vec<BookingView>,
    /// How to ask for the next page.
    pub next: Option<String>,
}

impl Operation for ListBookings {
    const NAME: &'static str = "list-bookings";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/bookings";
    const SUMMARY: &'static str = "The client's bookings, newest first.";
    type Outside = ();
    type Who = Client;
    type Path = Nothing;
    type Input = PageAsked;
    type Output = BookingsPage;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingsPage>, Problem> {
        let question = Question::bookings_of_client(&call.who.account)
            .limit(20)
            .after(call.input.after.clone());
        let page = desk.store.ask::<Booking>(question).await?;
        let bookings = page
            .records
            .iter()
            .map(|read| for_client(&read.record, None, call.now))
            .collect();
        Ok(Reply::ok(BookingsPage {
            bookings,
            next: page.next,
        }))
    }
}
