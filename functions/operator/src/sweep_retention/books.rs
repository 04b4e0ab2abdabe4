//! The books of one booking: its movements, its invoices, its order, and the booking that they are about.

use adapters::finding;
use adapters::store::{Bills, BookingRow, Key, PrintedOrder, Question, StoredInvoice};
use domain::booking::Booking;
use domain::ids::BookingId;
use domain::ledger::Movement;
use domain::retention::{Kept, RetentionFile, Subject};
use domain::review::Review;
use http_function::{Desk, Problem};
use jiff::Timestamp;

use super::eraser::Eraser;
use super::{Files, known};

/// Whether the ten years of everything about a booking's money are over, and neither party's data are held.
pub(super) async fn is_due(
    desk: &Desk<Files>,
    booking: &BookingId,
    now: Timestamp,
) -> Result<bool, Problem> {
    let store = &desk.store;
    let movements = store.ask_all::<Movement>(Question::movements_of_booking(booking));
    let invoices = store.ask_all::<StoredInvoice>(Question::invoices_of_booking(booking));
    let (movements, invoices) = (movements.await?, invoices.await?);
    let moved = movements.iter().map(|read| read.record.at);
    let issued = invoices.iter().map(|read| read.record.issued_at);
    let Some(last) = moved.chain(issued).max() else {
        return Ok(false);
    };
    if now < Kept::Accounting.until(last) {
        return Ok(false);
    }
    let Some(read) = store.get::<Booking>(Key::booking(booking)).await? else {
        return Ok(true);
    };
    for party in [
        Subject::Client(read.record.client),
        Subject::Professional(read.record.professional),
    ] {
        let file: RetentionFile = known::file(store, &party).await?.file;
        if file.hold.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Erases them: the movements last, by which the booking is found.
pub(super) async fn booking(eraser: &mut Eraser<'_>, id: &BookingId) -> Result<(), Problem> {
    let store = &eraser.desk().store;
    let invoices = store.ask_all::<StoredInvoice>(Question::invoices_of_booking(id));
    for read in invoices.await? {
        let files = read.record.files.iter();
        let keys = files.flat_map(|files| [files.pdf.clone(), files.xml.clone()]);
        eraser.papers(keys.collect()).await?;
        finding::forget_invoice(store, &read.record, &eraser.changes()).await?;
        eraser.delete(&read).await?;
    }
    if let Some(read) = store.get::<Bills>(Key::bills(id)).await? {
        eraser.delete(&read).await?;
    }
    if let Some(read) = store.get::<PrintedOrder>(Key::printed_order(id)).await? {
        let papers = read.record.papers().into_iter();
        let papers = papers.chain(read.record.former.clone());
        let keys = papers.map(|paper| paper.key);
        eraser.papers(keys.collect()).await?;
        eraser.delete(&read).await?;
    }
    if let Some(read) = store.get::<Booking>(Key::booking(id)).await? {
        if let Some(review) = &read.record.review
            && let Some(review) = store.get::<Review>(Key::review(review)).await?
        {
            eraser.delete(&review).await?;
        }
        finding::forget_booking(store, &read.record, &eraser.changes()).await?;
        eraser.delete(&read).await?;
    }
    row(eraser, id).await?;
    let movements = store.ask_all::<Movement>(Question::movements_of_booking(id));
    eraser.delete_all(&movements.await?).await
}

/// Takes a booking out of lists.
pub(super) async fn row(eraser: &mut Eraser<'_>, id: &BookingId) -> Result<(), Problem> {
    let key = Key::booking_row(id);
    match eraser.desk().store.get::<BookingRow>(key).await? {
        Some(read) => eraser.delete(&read).await,
        None => Ok(()),
    }
}
