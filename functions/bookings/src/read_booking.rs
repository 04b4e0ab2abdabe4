//! One of the two parties looks at a booking.

use adapters::store::Key;
use domain::account::Role;
use domain::booking::Booking;
use domain::professional;
use http_function::{
    Call, Client, Desk, Nothing, Operation, Problem, Professional, Reply, SignedIn, Who,
};

use crate::ownership::{BookingPath, own_booking};
use crate::view::{BookingView, for_client, for_professional};

/// Looking at a booking.
pub struct ReadBooking;

impl Operation for ReadBooking {
    const NAME: &'static str = "read-booking";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/bookings/{booking}";
    const SUMMARY: &'static str = "A booking as its client or its professional may see it.";
    type Outside = ();
    type Who = SignedIn;
    type Path = BookingPath;
    type Input = Nothing;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let session = Some(call.who.0.clone());
        let id = &call.path.booking;
        match call.who.0.role {
            Role::Client => {
                let booking = own_booking(&desk.store, &Client::admit(session)?, id)
                    .await?
                    .record;
                let seller = seller_of(desk, &booking).await?;
                Ok(Reply::ok(for_client(&booking, seller.as_ref(), call.now)))
            }
            Role::Professional | Role::Manager => {
                let booking = own_booking(&desk.store, &Professional::admit(session)?, id)
                    .await?
                    .record;
                Ok(Reply::ok(for_professional(&booking, call.now)))
            }
            Role::Agent | Role::Admin | Role::Applicant => Err(Problem::not_found()),
        }
    }
}

/// The professional, when the client may see who comes.
async fn seller_of(
    desk: &Desk<()>,
    booking: &Booking,
) -> Result<Option<professional::Professional>, Problem> {
    if !booking.state.contract_concluded() {
        return Ok(None);
    }
    let read = desk
        .store
        .get::<professional::Professional>(Key::professional(&booking.professional))
        .await?;
    Ok(read.map(|read| read.record))
}
