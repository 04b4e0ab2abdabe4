//! A party puts a booking that is over with the archived ones, or takes it out again.

use adapters::store::{Changes, Versioned};
use domain::account::Role;
use domain::booking::{Booking, BookingParty};
use http_function::{Call, Client, Desk, Operation, Problem, Professional, Reply, SignedIn, Who};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ownership::{BookingPath, own_booking};
use crate::view::{BookingView, for_client, for_professional};

/// Archiving a booking.
pub struct ArchiveBooking;

/// Where it is to be.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ArchiveWanted {
    /// Whether it is to be with the archived ones.
    pub archived: bool,
}

impl Operation for ArchiveBooking {
    const NAME: &'static str = "archive-booking";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/bookings/{booking}/archive";
    const SUMMARY: &'static str =
        "Archive a booking that is over, or take it out again, for the caller alone.";
    type Outside = ();
    type Who = SignedIn;
    type Path = BookingPath;
    type Input = ArchiveWanted;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let session = Some(call.who.0.clone());
        let id = &call.path.booking;
        match call.who.0.role {
            Role::Client => {
                let read = own_booking(&desk.store, &Client::admit(session)?, id).await?;
                let (booking, changes) = archived(call, &read, BookingParty::Client)?;
                let view = for_client(&booking, None, call.now);
                Ok(Reply::ok(view).changing(changes))
            }
            Role::Professional | Role::Manager => {
                let read = own_booking(&desk.store, &Professional::admit(session)?, id).await?;
                let (booking, changes) = archived(call, &read, BookingParty::Professional)?;
                let view = for_professional(&booking, call.now);
                Ok(Reply::ok(view).changing(changes))
            }
            Role::Agent | Role::Admin | Role::Applicant => Err(Problem::not_found()),
        }
    }
}

fn archived(
    call: &Call<ArchiveBooking>,
    read: &Versioned<Booking>,
    party: BookingParty,
) -> Result<(Booking, Changes), Problem> {
    let mut booking = read.record.clone();
    booking.archive(party, call.input.archived)?;
    let changes = call
        .changes()
        .replace(read, &booking)
        .activity(ArchiveBooking::NAME, booking.id.as_str());
    Ok((booking, changes))
}
