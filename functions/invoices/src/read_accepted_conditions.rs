//! A party reads the conditions of sale that were accepted with an order, for as long as the booking is kept:
//! whatever became of the professional's own since.

use adapters::documents::Documents;
use adapters::environment::{Environment, Outside};
use adapters::invoices::{Invoices, LINK_SECONDS};
use adapters::store::{Key, PrintedOrder};
use domain::booking::Booking;
use domain::professional::Professional;
use http_function::{Call, Desk, Nothing, Operation, Problem, Reply, SignedIn};

use crate::print_order::kept_under;
use crate::read_invoice::InvoiceLink;
use crate::read_order::{OrderPath, is_party};

/// Reading the conditions of sale that were accepted.
pub struct ReadAcceptedConditions;

/// Where the copy is kept, and the professional's own until there is one.
#[derive(Clone, Debug)]
pub struct Shelves {
    kept: Invoices,
    documents: Documents,
}

impl Outside for Shelves {
    fn open(environment: &Environment) -> Self {
        Self {
            kept: Invoices::open(environment),
            documents: Documents::open(environment),
        }
    }
}

impl Operation for ReadAcceptedConditions {
    const NAME: &'static str = "read-accepted-conditions";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/bookings/{booking}/conditions";
    const SUMMARY: &'static str =
        "A link to the conditions of sale that were accepted with the order.";
    type Outside = Shelves;
    type Who = SignedIn;
    type Path = OrderPath;
    type Input = Nothing;
    type Output = InvoiceLink;

    async fn run(desk: &Desk<Shelves>, call: &Call<Self>) -> Result<Reply<InvoiceLink>, Problem> {
        let id = &call.path.booking;
        let booking = desk.store.get::<Booking>(Key::booking(id)).await?;
        let booking = booking
            .map(|read| read.record)
            .filter(|booking| is_party(&call.who.0, booking))
            .ok_or_else(Problem::not_found)?;
        let key = Key::printed_order(&kept_under(&desk.store, &booking).await?);
        let order = desk.store.get::<PrintedOrder>(key).await?;
        let (url, sha256) = match order.and_then(|read| read.record.annexes) {
            Some(annexes) => {
                let paper = annexes.conditions;
                let link = desk.outside.kept.link(&paper.key, &paper.name).await;
                (link.map_err(Problem::unavailable)?, paper.sha256)
            }
            None => own_copy(desk, &booking).await?,
        };
        Ok(Reply::ok(InvoiceLink {
            url,
            expires_in: LINK_SECONDS,
            sha256,
        }))
    }
}

/// The professional's own file of what was accepted: documents that were verified stay on their list.
async fn own_copy(desk: &Desk<Shelves>, booking: &Booking) -> Result<(String, String), Problem> {
    let key = Key::professional(&booking.professional);
    let professional = desk.store.get::<Professional>(key).await?;
    let accepted = &booking.acknowledgements.conditions_of_sale;
    let file = professional
        .as_ref()
        .and_then(|read| read.record.document(accepted))
        .map(|document| &document.file)
        .ok_or_else(Problem::not_found)?;
    let ending = file.file_type.extension();
    let name = format!("conditions-de-vente-{}.{ending}", booking.reference);
    let url = desk.outside.documents.link(file, &name).await?;
    Ok((url, file.sha256.clone()))
}
