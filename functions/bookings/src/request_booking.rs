//! A client orders a mission: agents are held for a quarter of an hour while the card is authorised.

use adapters::ids::fresh;
use adapters::store::{Key, Versioned};
use domain::account::sites::check_contact;
use domain::account::{Account, ClientProfile};
use domain::booking::{
    Acknowledgements, BookedMission, Booking, BookingState, Contact, MissionContext, MissionPlace,
    OpenOrders, OrderFate, Payment,
};
use domain::event::Event;
use domain::ids::{AccountId, BookingId, DocumentId, QuoteRequestId};
use domain::money::Euros;
use domain::places::{NotTogether, Place, PostalCode, together};
use domain::professional::Address;
use domain::terms::Audience;
use domain::time::paris;
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply, terms};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::eligibility::{self, AskedMission, Eligible};
use crate::quoting::agreed;
use crate::view::{BookingView, for_client};

/// Ordering.
pub struct RequestBooking;

/// An order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Order {
    /// The mission.
    pub mission: AskedMission,
    /// Street and number.
    #[schemars(length(min = 3, max = 120))]
    pub address: String,
    /// The town.
    #[schemars(length(min = 1, max = 80))]
    pub town: String,
    /// Where invoices are addressed, when it is not where the mission takes place.
    #[serde(default)]
    pub billing_address: Option<Address>,
    /// What the professional must know.
    pub context: MissionContext,
    /// Whom to call about the mission, when it is not the client.
    #[serde(default)]
    pub contact: Option<Contact>,
    /// The request for quotes, when one of its quotes is ordered: the price is the quoted one.
    #[serde(default)]
    pub quote: Option<QuoteRequestId>,
    /// The total that the client was shown, in cents.
    pub expected_total: Euros,
    /// The conditions of sale that the client read and accepts.
    pub conditions_of_sale: DocumentId,
    /// A consumer was told of the right of withdrawal.
    #[serde(default)]
    pub withdrawal_information: bool,
    /// A consumer asks for a start before the withdrawal delay ends.
    #[serde(default)]
    pub early_start_requested: bool,
    /// A consumer knows that the right is lost once the mission is fully performed.
    #[serde(default)]
    pub loss_of_withdrawal_acknowledged: bool,
}

/// Refuses a text of an order.
fn wrong<T>(field: &'static str, detail: &'static str) -> Result<T, Problem> {
    Err(Problem::new(422, "order_text_invalid", detail).about(field))
}

fn length(text: &str) -> usize {
    text.trim().chars().count()
}

/// Whether a postal code and a commune belong together; the commune as the table of communes names it.
fn pair(code: &PostalCode, town: &str, field: &'static str) -> Result<Place, Problem> {
    together(code, town)
        .map_err(|refused| Problem::new(422, NotTogether::CODE, refused.to_string()).about(field))
}

/// Checks where a mission is and what is written of it; the town as the table of communes names it.
pub(crate) fn check_site(
    address: &str,
    code: &PostalCode,
    town: &str,
    context: &MissionContext,
) -> Result<Place, Problem> {
    if !(3..=120).contains(&length(address)) {
        return wrong("address", "L’adresse doit compter de 3 à 120 caractères.");
    }
    if !(1..=80).contains(&length(town)) {
        return wrong("town", "La commune doit compter de 1 à 80 caractères.");
    }
    let town = pair(code, town, "town")?;
    if !(2..=100).contains(&length(&context.site)) {
        return wrong(
            "context.site",
            "Le type de site doit compter de 2 à 100 caractères.",
        );
    }
    if length(&context.risks) > 1000 || length(&context.instructions) > 2000 {
        return wrong(
            "context",
            "Les risques (1 000) ou les consignes (2 000 caractères) sont trop longs.",
        );
    }
    Ok(town)
}

impl Order {
    /// Checks what was written; the town as the table of communes names it.
    fn check_texts(&self) -> Result<Place, Problem> {
        let addressed = |to: &Address| {
            (3..=120).contains(&length(&to.street)) && (1..=80).contains(&length(&to.town))
        };
        if !self.billing_address.as_ref().is_none_or(addressed) {
            return wrong(
                "billing_address",
                "L’adresse de facturation doit avoir une rue (3 à 120 caractères) et une commune.",
            );
        }
        if let Some(contact) = &self.contact {
            check_contact(contact)?;
        }
        if let Some(to) = &self.billing_address {
            pair(&to.postal_code, &to.town, "billing_address")?;
        }
        check_site(
            &self.address,
            &self.mission.postal_code,
            &self.town,
            &self.context,
        )
    }

    /// What the law and the terms ask the client to acknowledge before an order binds.
    fn check_acknowledgements(&self, eligible: &Eligible, consumer: bool) -> Result<(), Problem> {
        if self.expected_total != eligible.price.total {
            return Err(Problem::new(
                409,
                "price_changed",
                "Le prix a changé depuis le devis : vérifiez le nouveau total.",
            ));
        }
        if self.conditions_of_sale != eligible.conditions_of_sale.id {
            return Err(Problem::new(409, "conditions_of_sale_changed", "Les conditions de vente du professionnel ont changé : relisez-les avant de commander.")
                .about("conditions_of_sale"));
        }
        if consumer && !self.withdrawal_information {
            return Err(Problem::new(
                422,
                "withdrawal_information_required",
                "Confirmez avoir pris connaissance de votre droit de rétractation.",
            )
            .about("withdrawal_information"));
        }
        if consumer
            && eligible.needs_early_start_request()
            && !(self.early_start_requested && self.loss_of_withdrawal_acknowledged)
        {
            return Err(Problem::new(
                422,
                "early_start_request_required",
                "La mission commence avant la fin du délai de rétractation : demandez expressément son exécution anticipée et reconnaissez perdre ce droit une fois la mission pleinement exécutée.",
            )
            .about("early_start_requested"));
        }
        Ok(())
    }
}

/// A client who may order: with a verified e-mail.
pub(crate) async fn ordering_client<O>(
    desk: &Desk<O>,
    who: &Client,
) -> Result<ClientProfile, Problem> {
    let account = desk
        .store
        .get::<Account>(Key::account(&who.account))
        .await?
        .filter(|read| read.record.closed_at.is_none())
        .ok_or_else(Problem::not_found)?
        .record;
    if account.email_verified_at.is_none() {
        return Err(Problem::new(
            403,
            "email_not_verified",
            "Vérifiez d’abord votre adresse électronique : un lien vous a été envoyé.",
        ));
    }
    account.client.ok_or_else(Problem::not_found)
}

impl Operation for RequestBooking {
    const NAME: &'static str = "request-booking";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings";
    const SUMMARY: &'static str =
        "Order a mission. Agents are held for 15 minutes while the client pays.";
    type Outside = ();
    type Who = Client;
    type Path = Nothing;
    type Input = Order;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let town = call.input.check_texts()?;
        let client = ordering_client(desk, &call.who).await?;
        let (_, register) = terms::register(&desk.store).await?;
        let terms = register.in_force(Audience::Clients, call.now);
        let (read, mut orders) = open_orders(desk, &call.who.account, call.now).await?;
        // What many may want at once, the agenda, is read last.
        let eligible = match &call.input.quote {
            Some(request) => agreed(desk, &call.who, request, &call.input, call.now).await?,
            None => eligibility::check(desk, &call.input.mission, call.now).await?,
        };
        call.input
            .check_acknowledgements(&eligible, client.is_consumer())?;
        let booking = new_booking(call, &client, &eligible, terms.version, town);
        orders.add(booking.id.clone(), booking.professional.clone(), call.now)?;
        let changes = call.changes().upsert(read.as_ref(), &orders);
        let changes = eligible
            .agenda
            .hold(&booking, call.now, changes)
            .create(&booking, "booking")
            .activity(Self::NAME, booking.id.as_str())
            .event(Event::BookingOrdered {
                booking: booking.id.clone(),
            });
        Ok(Reply::created(for_client(&booking, None, call.now)).changing(changes))
    }
}

/// The client's unpaid orders: as they were read, and as they are.
async fn open_orders<O>(
    desk: &Desk<O>,
    client: &AccountId,
    now: Timestamp,
) -> Result<(Option<Versioned<OpenOrders>>, OpenOrders), Problem> {
    let key = Key::open_orders(client);
    let read = desk.store.get::<OpenOrders>(key).await?;
    let known = read.as_ref().map(|read| read.record.clone());
    let mut orders = known.unwrap_or_else(|| OpenOrders::of(client.clone()));
    let waiting: Vec<_> = orders.waiting().cloned().collect();
    for waits in waiting {
        let found = desk.store.get::<Booking>(Key::booking(&waits)).await?;
        let fate = found.map(|found| OrderFate::of(&found.record, now));
        orders.learn(&waits, fate.unwrap_or(OrderFate::Abandoned));
    }
    Ok((read, orders))
}

fn new_booking(
    call: &Call<RequestBooking>,
    client: &ClientProfile,
    eligible: &Eligible,
    terms_version: String,
    town: Place,
) -> Booking {
    let order = &call.input;
    let id: BookingId = fresh(call.now);
    let place = MissionPlace {
        address: order.address.trim().to_owned(),
        postal_code: order.mission.postal_code.clone(),
        town: town.town.to_owned(),
        department: eligible.department,
    };
    Booking {
        reference: id.reference(paris::local_date(call.now).year()),
        id,
        client: call.who.account.clone(),
        consumer: client.is_consumer(),
        contact: order.contact.clone().unwrap_or_else(|| Contact {
            name: format!("{} {}", client.first_name, client.last_name),
            phone: client.phone.clone(),
        }),
        professional: eligible.professional.id.clone(),
        professional_name: eligible.professional.name().to_owned(),
        offer: eligible.offer.id.clone(),
        offer_title: eligible.offer.terms.title.clone(),
        mission: BookedMission {
            activity: eligible.offer.terms.activity,
            interval: eligible.interval,
            agents: order.mission.agents,
            place,
            context: order.context.clone(),
        },
        billing_address: order.billing_address.clone(),
        agents: eligible.agents.clone(),
        price: eligible.price.clone(),
        quote: order.quote.clone(),
        delays: eligible.delays.clone(),
        cancellation: eligible.offer.terms.cancellation,
        acknowledgements: Acknowledgements {
            conditions_of_sale: order.conditions_of_sale.clone(),
            conditions_of_sale_sha256: eligible.conditions_of_sale.file.sha256.clone(),
            terms_version,
            withdrawal_information: order.withdrawal_information,
            early_start_requested: order.early_start_requested,
            loss_of_withdrawal_acknowledged: order.loss_of_withdrawal_acknowledged,
            at: call.now,
            ip: call.trace.ip.clone(),
            browser: call.trace.browser.clone(),
        },
        state: BookingState::AwaitingPayment,
        payment: Payment::NONE,
        created_at: call.now,
        hold_until: call.now + eligible.delays.payment_hold,
        requested_at: None,
        respond_by: None,
        accepted_at: None,
        advice: None,
        withdrawal_deadline: None,
        completed_at: None,
        validated_at: None,
        validated_automatically: false,
        closed_at: None,
        refusal_reason: None,
        cancellation_reason: None,
        claim: None,
        due: None,
        reminded: Vec::new(),
        review: None,
        evaluation: None,
        archived: Default::default(),
        title_alerts: Vec::new(),
        intervention: None,
        replacements: Vec::new(),
    }
}
