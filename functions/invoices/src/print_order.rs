//! A contract is concluded: the order is printed and kept for both parties, as it stands then (C. conso.,
//! L213-1 and L221-13).

use adapters::invoices::Invoices;
use adapters::secrets::sha256;
use adapters::store::{Changes, Key, PrintedOrder};
use domain::booking::Booking;
use domain::booking::confirmation::order_paper;
use domain::ids::BookingId;
use domain::professional::Professional;
use http_function::{Desk, Problem};

/// Prints the order of a booking, unless it is printed already.
pub(crate) async fn print_order(
    desk: &Desk<Invoices>,
    id: &BookingId,
    changes: Changes,
) -> Result<Changes, Problem> {
    let printed = Key::printed_order(id);
    if desk.store.get::<PrintedOrder>(printed).await?.is_some() {
        return Ok(changes);
    }
    let booking = desk.store.get::<Booking>(Key::booking(id)).await?;
    let Some(booking) = booking.map(|read| read.record) else {
        return Ok(changes);
    };
    let key = Key::professional(&booking.professional);
    let professional = desk.store.get::<Professional>(key).await?;
    let paper = professional.and_then(|read| order_paper(&booking, &read.record));
    let Some(paper) = paper else {
        return Ok(changes);
    };
    let (client, professional) = (paper.client.clone(), paper.professional.clone());
    // Setting a page is heavy work: where it keeps nobody waiting.
    let set = tokio::task::spawn_blocking(move || invoicing::render_order(&paper));
    let pdf = set
        .await
        .map_err(Problem::internal)?
        .map_err(Problem::internal)?;
    let sha256 = sha256(&pdf.bytes);
    // What it says is in the key: a second printing after a change of the professional's file is
    // another object, and the one that is written down counts.
    let order = PrintedOrder {
        booking: id.clone(),
        client,
        professional,
        pdf: format!("orders/{id}/{sha256}.pdf"),
        name: pdf.file_name,
        sha256,
        at: changes.now(),
    };
    desk.outside
        .put_once(&order.pdf, "application/pdf", pdf.bytes)
        .await
        .map_err(Problem::unavailable)?;
    // A second delivery at the same moment finds it written, and stops on its next try.
    Ok(changes.create(&order, "order"))
}
