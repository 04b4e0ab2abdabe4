//! A contract is concluded and paid for: the order is printed and kept for both parties, as it stands then,
//! with the conditions of sale that were accepted and the form to withdraw with (C. conso., L213-1 and
//! L221-13).

use adapters::secrets::sha256;
use adapters::store::{Annexes, Changes, KeptPaper, Key, PrintedOrder, Store};
use domain::account::Account;
use domain::booking::Booking;
use domain::booking::confirmation::{OrderPaper, order_paper, paper_of_several};
use domain::event::Event;
use domain::ids::BookingId;
use domain::invoice::Buyer;
use domain::order::Order;
use domain::professional::Professional;
use http_function::{Desk, Problem};
use invoicing::Pdf;

use crate::print_papers::Press;

/// What is read to print an order.
struct Contract {
    booking: Booking,
    /// The order of several missions, which is printed once for all of them.
    several: Option<Order>,
    client: Account,
    professional: Professional,
}

/// Prints the order of a booking with what goes with it, unless that is done already.
pub(crate) async fn print_order(
    desk: &Desk<Press>,
    id: &BookingId,
    changes: Changes,
) -> Result<Changes, Problem> {
    let printed = desk
        .store
        .get::<PrintedOrder>(Key::printed_order(id))
        .await?;
    let known = printed.as_ref().map(|read| &read.record);
    let Some(contract) = Contract::read(desk, id).await? else {
        return Ok(changes);
    };
    let modified = contract.booking.former.len();
    if known.is_some_and(|order| order.annexes.is_some() && order.former.len() >= modified) {
        return Ok(changes);
    }
    if !contract.is_printed_under(id) {
        return Ok(changes);
    }
    let paper = contract.paper()?;
    let (client, professional) = (paper.client.clone(), paper.professional.clone());
    // Setting pages is heavy work: where it keeps nobody waiting.
    let set = tokio::task::spawn_blocking(move || {
        let form = invoicing::render_withdrawal_form(&paper).transpose()?;
        invoicing::render_order(&paper).map(|order| (order, form))
    });
    let (order, form) = set
        .await
        .map_err(Problem::internal)?
        .map_err(Problem::internal)?;
    let annexes = Some(contract.keep_annexes(desk, form).await?);
    let order = match known {
        Some(before) if before.former.len() < modified => {
            let file_name = of_version(&order.file_name, modified + 1);
            let paper = keep(desk, id, Pdf { file_name, ..order }).await?;
            PrintedOrder {
                annexes,
                ..before.reprinted(paper, modified, changes.now())
            }
        }
        // Printed before annexes were kept: it stays as both parties have it.
        Some(order) => PrintedOrder {
            annexes,
            ..order.clone()
        },
        None => {
            let order = keep(desk, id, order).await?;
            PrintedOrder {
                booking: id.clone(),
                client,
                professional,
                pdf: order.key,
                name: order.name,
                sha256: order.sha256,
                at: changes.now(),
                annexes,
                former: Vec::new(),
            }
        }
    };
    let event = Event::OrderPrinted {
        booking: id.clone(),
    };
    // A second delivery at the same moment finds it written, and stops on its next try.
    Ok(changes.upsert(printed.as_ref(), &order).event(event))
}

/// `commande-MAS-2026-ABCD.pdf` as `commande-MAS-2026-ABCD-version-2.pdf`.
fn of_version(name: &str, version: usize) -> String {
    let stem = name.strip_suffix(".pdf").unwrap_or(name);
    format!("{stem}-version-{version}.pdf")
}

/// What it says is in the key: a second printing after a change of the professional's file is another
/// object, and the one that is written down counts.
async fn keep(desk: &Desk<Press>, id: &BookingId, pdf: Pdf) -> Result<KeptPaper, Problem> {
    let sha256 = sha256(&pdf.bytes);
    let paper = KeptPaper {
        name: pdf.file_name,
        key: format!("orders/{id}/{sha256}.pdf"),
        mime: "application/pdf".to_owned(),
        sha256,
    };
    put(desk, &paper, pdf.bytes).await?;
    Ok(paper)
}

async fn put(desk: &Desk<Press>, paper: &KeptPaper, bytes: Vec<u8>) -> Result<(), Problem> {
    let kept = &desk.outside.kept;
    let put = kept.put_once(&paper.key, &paper.mime, bytes).await;
    put.map_err(Problem::unavailable)
}

impl Contract {
    async fn read(desk: &Desk<Press>, id: &BookingId) -> Result<Option<Self>, Problem> {
        let Some(read) = desk.store.get::<Booking>(Key::booking(id)).await? else {
            return Ok(None);
        };
        let booking = read.record;
        let client = desk
            .store
            .get::<Account>(Key::account(&booking.client))
            .await?;
        let professional = desk
            .store
            .get::<Professional>(Key::professional(&booking.professional))
            .await?;
        let several = match &booking.order {
            Some(id) => desk.store.get::<Order>(Key::order(id)).await?,
            None => None,
        };
        Ok(client.zip(professional).map(|(client, professional)| Self {
            booking,
            several: several.map(|read| read.record),
            client: client.record,
            professional: professional.record,
        }))
    }

    /// Whether the paper goes by the name of this booking.
    fn is_printed_under(&self, id: &BookingId) -> bool {
        let several = self.several.as_ref();
        several.is_none_or(|order| order.printed_under() == Some(id))
    }

    fn paper(&self) -> Result<OrderPaper, Problem> {
        let profile = self.client.client.as_ref();
        let profile = profile.ok_or_else(|| Problem::internal("an order without a client"))?;
        let buyer = Buyer::of_client(profile, self.booking.billed_at(), None);
        let (booking, professional) = (&self.booking, &self.professional);
        let paper = match &self.several {
            Some(order) => paper_of_several(order, booking, professional, &buyer),
            None => order_paper(booking, professional, &buyer),
        };
        paper.ok_or_else(|| Problem::internal("an order that nobody accepted"))
    }

    /// Keeps what goes with the order.
    async fn keep_annexes(
        &self,
        desk: &Desk<Press>,
        form: Option<Pdf>,
    ) -> Result<Annexes, Problem> {
        let withdrawal_form = match form {
            Some(form) => Some(keep(desk, &self.booking.id, form).await?),
            None => None,
        };
        Ok(Annexes {
            conditions: self.keep_conditions(desk).await?,
            withdrawal_form,
        })
    }

    /// Keeps a copy of the conditions that were accepted, and only of these: the digest says so.
    async fn keep_conditions(&self, desk: &Desk<Press>) -> Result<KeptPaper, Problem> {
        let read = &self.booking.acknowledgements;
        let document = self.professional.document(&read.conditions_of_sale);
        let document = document.ok_or_else(|| {
            Problem::internal(format!("no conditions {}", read.conditions_of_sale))
        })?;
        let bytes = desk.outside.documents.read(&document.file.key).await?;
        let found = sha256(&bytes);
        if found != read.conditions_of_sale_sha256 {
            return Err(Problem::internal(format!(
                "conditions {} are not those that were accepted",
                read.conditions_of_sale
            )));
        }
        let file_type = document.file.file_type;
        let ending = file_type.extension();
        let paper = KeptPaper {
            name: format!("conditions-de-vente-{}.{ending}", self.booking.reference),
            key: format!("orders/{}/{found}.{ending}", self.booking.id),
            mime: file_type.mime().to_owned(),
            sha256: found,
        };
        put(desk, &paper, bytes).await?;
        Ok(paper)
    }
}

/// The booking under whose name the paper of this one is kept: of a mission of an order, the first that
/// was accepted.
pub(crate) async fn kept_under(store: &Store, booking: &Booking) -> Result<BookingId, Problem> {
    let Some(id) = &booking.order else {
        return Ok(booking.id.clone());
    };
    let order = store.get::<Order>(Key::order(id)).await?;
    let order = order.map(|read| read.record);
    let under = order.as_ref().and_then(Order::printed_under);
    Ok(under.unwrap_or(&booking.id).clone())
}
