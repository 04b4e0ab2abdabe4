//! A client orders a mission: agents are held for a quarter of an hour while the card is authorised.

use adapters::ids::fresh;
use domain::account::ClientProfile;
use domain::account::sites::check_contact;
use domain::booking::{
    BookedMission, Booking, BookingState, Contact, MissionContext, MissionPlace, Payment,
};
use domain::event::Event;
use domain::ids::{BookingId, DocumentId, QuoteRequestId};
use domain::money::Euros;
use domain::places::Place;
use domain::professional::Address;
use domain::terms::Audience;
use domain::time::paris;
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply, terms};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::eligibility::{self, AskedMission, Eligible};
use crate::ordering::{Agreed, Asked, Details, open_orders, ordering_client, whom_to_call};
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

impl Order {
    fn details(&self) -> Details<'_> {
        Details {
            address: &self.address,
            town: &self.town,
            postal_code: &self.mission.postal_code,
            billing_address: self.billing_address.as_ref(),
            context: &self.context,
        }
    }

    fn agreement(&self) -> Agreed<'_> {
        Agreed {
            expected_total: self.expected_total,
            conditions_of_sale: &self.conditions_of_sale,
            withdrawal_information: self.withdrawal_information,
            early_start_requested: self.early_start_requested,
            loss_of_withdrawal_acknowledged: self.loss_of_withdrawal_acknowledged,
        }
    }
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
        let town = call.input.details().check()?;
        call.input.contact.as_ref().map_or(Ok(()), check_contact)?;
        let client = ordering_client(desk, &call.who).await?;
        let (_, register) = terms::register(&desk.store).await?;
        let terms = register.in_force(Audience::Clients, call.now);
        let (read, mut orders) = open_orders(desk, &call.who.account, call.now).await?;
        // What many may want at once, the agenda, is read last.
        let eligible = match &call.input.quote {
            Some(request) => {
                Box::pin(agreed(desk, &orders, request, &call.input, call.now)).await?
            }
            None => Box::pin(eligibility::check(desk, &call.input.mission, call.now)).await?,
        };
        let asked = Asked {
            total: eligible.price.total,
            conditions_of_sale: &eligible.conditions_of_sale.id,
            early_start: eligible.needs_early_start_request(),
            consumer: client.is_consumer(),
        };
        call.input.agreement().check(&asked)?;
        let booking = new_booking(call, &client, &eligible, terms.version, town);
        let professional = booking.professional.clone();
        orders.add(booking.id.clone(), None, professional, 1, call.now)?;
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

fn new_booking(
    call: &Call<RequestBooking>,
    client: &ClientProfile,
    eligible: &Eligible,
    terms_version: String,
    town: Place,
) -> Booking {
    let (order, id): (_, BookingId) = (&call.input, fresh(call.now));
    Booking {
        reference: id.reference(paris::local_date(call.now).year()),
        id,
        order: None,
        client: call.who.account.clone(),
        consumer: client.is_consumer(),
        contact: whom_to_call(order.contact.as_ref(), client),
        professional: eligible.professional.id.clone(),
        professional_name: eligible.professional.name().to_owned(),
        offer: eligible.offer.id.clone(),
        offer_title: eligible.offer.terms.title.clone(),
        mission: BookedMission {
            activity: eligible.offer.terms.activity,
            interval: eligible.interval,
            agents: order.mission.agents,
            place: place_of(order, eligible, town),
            context: order.context.clone(),
        },
        billing_address: order.billing_address.clone(),
        agents: eligible.agents.clone(),
        price: eligible.price.clone(),
        quote: order.quote.clone(),
        delays: eligible.delays.clone(),
        cancellation: eligible.offer.terms.cancellation,
        acknowledgements: order.agreement().kept(
            &eligible.conditions_of_sale.file.sha256,
            terms_version,
            (&call.trace, call.now),
        ),
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
        modification: None,
        former: Vec::new(),
    }
}

fn place_of(order: &Order, eligible: &Eligible, town: Place) -> MissionPlace {
    MissionPlace {
        address: order.address.trim().to_owned(),
        postal_code: order.mission.postal_code.clone(),
        town: town.town.to_owned(),
        department: eligible.department,
    }
}
