//! A professional looks through the requests and bookings that reached them.

use adapters::store::Question;
use domain::booking::Booking;
use http_function::{Call, Desk, Nothing, Operation, PageAsked, Problem, Professional, Reply};

use crate::list_bookings::BookingsPage;
use crate::view::for_professional;

/// Looking through one's requests.
pub struct ListRequests;

impl Operation for ListRequests {
    const NAME: &'static str = "list-requests";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/bookings";
    const SUMMARY: &'static str = "The bookings that reached the professional, newest first: only those whose card was authorised.";
    type Outside = ();
    type Who = Professional;
    type Path = Nothing;
    type Input = PageAsked;
    type Output = BookingsPage;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingsPage>, Problem> {
        let question = Question::bookings_of_professional(&call.who.professional)
            .limit(20)
            .after(call.input.after.clone());
        let page = desk.store.ask::<Booking>(question).await?;
        let bookings = page
            .records
            .iter()
            .map(|read| for_professional(&read.record, call.now))
            .collect();
        Ok(Reply::ok(BookingsPage {
            bookings,
            next: page.next,
        }))
    }
}
