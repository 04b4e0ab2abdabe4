//! A client orders several missions at once: every date is priced and staffed again, and all agents are
//! held for a quarter of an hour while the card is authorised.

use adapters::ids::fresh;
use domain::account::ClientProfile;
use domain::account::sites::check_contact;
use domain::booking::{Contact, MissionContext, MissionPlace, Payment};
use domain::ids::{BookingId, DocumentId, OrderId};
use domain::money::Euros;
use domain::order::{MissionAnswer, Order, OrderRefused, OrderState, OrderedMission};
use domain::places::Place;
use domain::professional::Address;
use domain::terms::Audience;
use domain::time::holidays::withdrawal_deadline;
use domain::time::paris;
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply, terms};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::order_dates::{AskedMissions, Plan};
use crate::order_view::{OrderView, order_for_client};
use crate::ordering::{Agreed, Asked, Details, open_orders, ordering_client, whom_to_call};

/// What one transaction writes at most, less what the answer kept for a repeated request takes.
const MOST_WRITES: usize = 98;

/// Ordering several missions.
pub struct PlaceOrder;

/// An order of several missions.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SeveralMissions {
    /// The missions.
    pub asked: AskedMissions,
    /// Street and number.
    #[schemars(length(min = 3, max = 120))]
    pub address: String,
    /// The town.
    #[schemars(length(min = 1, max = 80))]
    pub town: String,
    /// Where invoices are addressed, when it is not where the missions take place.
    #[serde(default)]
    pub billing_address: Option<Address>,
    /// What the professional must know.
    pub context: MissionContext,
    /// Whom to call about the missions, when it is not the client.
    #[serde(default)]
    pub contact: Option<Contact>,
    /// The total of all dates that the client was shown, in cents.
    pub expected_total: Euros,
    /// The conditions of sale that the client read and accepts.
    pub conditions_of_sale: DocumentId,
    /// A consumer was told of the right of withdrawal.
    #[serde(default)]
    pub withdrawal_information: bool,
    /// A consumer asks for a start before the withdrawal delay ends.
    #[serde(default)]
    pub early_start_requested: bool,
    /// A consumer knows that the right is lost once a mission is fully performed.
    #[serde(default)]
    pub loss_of_withdrawal_acknowledged: bool,
}

impl SeveralMissions {
    fn details(&self) -> Details<'_> {
        Details {
            address: &self.address,
            town: &self.town,
            postal_code: &self.asked.postal_code,
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

impl Operation for PlaceOrder {
    const NAME: &'static str = "place-order";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/orders";
    const SUMMARY: &'static str = "Order several missions of one offer at one place, paid with one card authorisation. \
        Agents are held for 15 minutes while the client pays.";
    type Outside = ();
    type Who = Client;
    type Path = Nothing;
    type Input = SeveralMissions;
    type Output = OrderView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OrderView>, Problem> {
        let town = call.input.details().check()?;
        call.input.contact.as_ref().map_or(Ok(()), check_contact)?;
        let client = ordering_client(desk, &call.who).await?;
        let (_, register) = terms::register(&desk.store).await?;
        let version = register.in_force(Audience::Clients, call.now).version;
        let (read, mut orders) = open_orders(desk, &call.who.account, call.now).await?;
        // What many may want at once, the agenda, is read last.
        let plan = Plan::make(desk, &call.input.asked, call.now).await?;
        let missions = missions(&plan, call)?;
        check_agreement(call, &plan, &client)?;
        let order = new_order(call, &client, &plan, missions, (version, town));
        let first = order.missions.first().ok_or(OrderRefused::NoMission)?;
        let (booking, professional) = (first.booking.clone(), order.professional.clone());
        let dates = u32::try_from(order.missions.len()).unwrap_or(u32::MAX);
        let placed = Some(order.id.clone());
        orders.add(booking, placed, professional, dates, call.now)?;
        let changes = call.changes().upsert(read.as_ref(), &orders);
        let changes = plan
            .agenda
            .write_order(&order, call.now, changes)
            .create(&order, "order")
            .activity(Self::NAME, order.id.as_str());
        if changes.len() > MOST_WRITES {
            return Err(OrderRefused::TooManyDays.into());
        }
        let view = order_for_client(&order, &[], call.now);
        Ok(Reply::created(view).changing(changes))
    }
}

fn check_agreement(
    call: &Call<PlaceOrder>,
    plan: &Plan,
    client: &ClientProfile,
) -> Result<(), Problem> {
    let first = plan.dates.first().map(|date| date.interval.start());
    let until = withdrawal_deadline(plan.respond_by);
    call.input.agreement().check(&Asked {
        total: plan.total(),
        conditions_of_sale: &plan.basis.conditions_of_sale.id,
        early_start: first.is_some_and(|start| start < until),
        consumer: client.is_consumer(),
    })
}

/// The missions, each of which can be ordered; the first that cannot says why, and when it would be.
fn missions(plan: &Plan, call: &Call<PlaceOrder>) -> Result<Vec<OrderedMission>, Problem> {
    let zone = plan.basis.zone();
    let each = plan.dates.iter().enumerate();
    each.map(|(number, date)| match &date.outcome {
        Ok((price, agents)) => Ok(OrderedMission {
            booking: fresh::<BookingId>(call.now),
            interval: date.interval,
            agents: agents.clone(),
            price: price.clone(),
            answer: MissionAnswer::Waiting,
        }),
        Err(problem) => {
            let start = zone.named_date_time(date.interval.start());
            let detail = format!("Le {start} : {}", problem.detail);
            let field = format!("asked.missions.{number}");
            Err(Problem::new(problem.status, problem.code, detail).about(field))
        }
    })
    .collect()
}

fn new_order(
    call: &Call<PlaceOrder>,
    client: &ClientProfile,
    plan: &Plan,
    missions: Vec<OrderedMission>,
    (terms_version, town): (String, Place),
) -> Order {
    let asked = &call.input;
    let basis = &plan.basis;
    let id: OrderId = fresh(call.now);
    let delays = basis.in_force.delays.clone();
    Order {
        reference: id.reference(paris::local_date(call.now).year()),
        id,
        client: call.who.account.clone(),
        consumer: client.is_consumer(),
        contact: whom_to_call(asked.contact.as_ref(), client),
        professional: basis.professional.id.clone(),
        professional_name: basis.professional.name().to_owned(),
        offer: basis.offer.id.clone(),
        offer_title: plan.terms().title.clone(),
        activity: plan.terms().activity,
        agents: asked.asked.agents,
        place: MissionPlace {
            address: asked.address.trim().to_owned(),
            postal_code: asked.asked.postal_code.clone(),
            town: town.town.to_owned(),
            department: basis.department,
        },
        context: asked.context.clone(),
        billing_address: asked.billing_address.clone(),
        hold_until: call.now + delays.payment_hold,
        delays,
        cancellation: plan.terms().cancellation,
        acknowledgements: asked.agreement().kept(
            &basis.conditions_of_sale.file.sha256,
            terms_version,
            (&call.trace, call.now),
        ),
        missions,
        state: OrderState::AwaitingPayment,
        payment: Payment::NONE,
        disputes: Vec::new(),
        created_at: call.now,
        requested_at: None,
        respond_by: None,
        answered_at: None,
        advice: None,
        refusal_reason: None,
        closed_at: None,
        reminded: Vec::new(),
    }
}
