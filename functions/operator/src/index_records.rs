//! Keeps what the operator's search and lists read: something happened to a booking, a client, a professional
//! or an invoice, and what it is found under is written again from what is stored now.

use adapters::finding;
use adapters::store::{Changes, Key, OutboxItem};
use domain::booking::Booking;
use domain::event::Event;
use domain::ids::BookingId;
use domain::professional::{Complaint, Complaints};
use http_function::{Desk, Listener, Problem};

/// Keeps what search and lists read.
pub struct IndexRecords;

impl Listener for IndexRecords {
    const NAME: &'static str = "index-records";
    const SUMMARY: &'static str = "Keeps what the operator's search and lists read: something happened to a booking, \
        a client, a professional or an invoice, and what it is found under is written again.";
    const EVENTS: &'static [&'static str] = &[
        "AccountChanged",
        "AccountClosed",
        "AccessSuspected",
        "IdentifierChanged",
        "RegistrationSubmitted",
        "ProfessionalAccepted",
        "ProfessionalChanged",
        "DocumentRenewed",
        "DocumentDecided",
        "MemberJoined",
        "MemberRemoved",
        "BookingOrdered",
        "BookingRequested",
        "BookingAbandoned",
        "BookingAccepted",
        "BookingModified",
        "BookingRefused",
        "BookingCancelled",
        "BookingCancelledByProfessional",
        "BookingCalledOff",
        "BookingWithdrawn",
        "BookingPaymentFailed",
        "BookingExpired",
        "MissionCompleted",
        "BookingValidated",
        "ClaimOpened",
        "ClaimSettled",
        "InvoiceIssued",
    ];
    type Outside = ();

    /// Writes apart: copies, which whoever comes next makes again.
    async fn on(
        desk: &Desk<()>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        index(desk, &happened.event, &changes).await?;
        Ok(changes)
    }
}

async fn index(desk: &Desk<()>, event: &Event, changes: &Changes) -> Result<(), Problem> {
    let store = &desk.store;
    match event {
        Event::AccountChanged { account }
        | Event::AccountClosed { account }
        | Event::AccessSuspected { account }
        | Event::IdentifierChanged { account } => {
            finding::index_client(store, account, None, changes).await?;
        }
        Event::RegistrationSubmitted { professional }
        | Event::ProfessionalAccepted { professional }
        | Event::ProfessionalChanged { professional }
        | Event::DocumentRenewed { professional, .. }
        | Event::DocumentDecided { professional, .. }
        | Event::MemberJoined { professional, .. }
        | Event::MemberRemoved { professional, .. } => {
            finding::index_professional(store, professional, changes).await?;
        }
        Event::ClaimOpened { booking } => {
            finding::index_booking(store, booking, changes).await?;
            count_complaint(desk, booking, changes).await?;
        }
        Event::BookingOrdered { booking }
        | Event::BookingRequested { booking }
        | Event::BookingAbandoned { booking }
        | Event::BookingAccepted { booking }
        | Event::BookingModified { booking }
        | Event::BookingRefused { booking }
        | Event::BookingCancelled { booking }
        | Event::BookingCancelledByProfessional { booking }
        | Event::BookingCalledOff { booking }
        | Event::BookingWithdrawn { booking }
        | Event::BookingPaymentFailed { booking }
        | Event::BookingExpired { booking }
        | Event::MissionCompleted { booking }
        | Event::BookingValidated { booking }
        | Event::ClaimSettled { booking } => {
            finding::index_booking(store, booking, changes).await?;
        }
        Event::InvoiceIssued { invoice } => {
            finding::index_invoice(store, invoice, changes).await?;
        }
        _ => {}
    }
    Ok(())
}

/// Counts a claim about its professional, once however often its event comes.
async fn count_complaint(
    desk: &Desk<()>,
    booking: &BookingId,
    changes: &Changes,
) -> Result<(), Problem> {
    let read = desk.store.get::<Booking>(Key::booking(booking)).await?;
    let Some((booking, opened_at)) = read.and_then(|read| {
        let opened_at = read.record.claim.as_ref()?.opened_at;
        Some((read.record, opened_at))
    }) else {
        return Ok(());
    };
    let key = Key::complaints(&booking.professional);
    let known = desk.store.get::<Complaints>(key).await?;
    let before = known.as_ref().map_or_else(
        || Complaints::about(booking.professional.clone()),
        |known| known.record.clone(),
    );
    let after = before.with(Complaint {
        booking: booking.id,
        at: opened_at,
    });
    if after != before {
        let changes = changes.clone().upsert(known.as_ref(), &after);
        desk.store.commit(changes).await?;
    }
    Ok(())
}
