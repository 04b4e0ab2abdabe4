//! A professional answers for an order: all dates, some, or none. The card is debited for those that are
//! taken, and the rest of its authorisation is given back.

use adapters::agenda::{self, Agenda};
use adapters::orders;
use adapters::store::Key;
use domain::ids::{AgentId, BookingId};
use domain::order::{Order, OrderCommand, OrderRefused, OrderedMission, decide};
use domain::professional::Professional as Seller;
use domain::staffing::Team;
use http_function::{Call, Desk, Operation, OrderPath, Problem, Professional, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::order_ownership::own_order;
use crate::order_view::{OrderView, order_for_professional};

/// Answering for an order.
pub struct AnswerOrder;

/// The answer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct OrderAnswer {
    /// The dates that are taken: none refuses the order.
    #[schemars(length(max = 60))]
    pub accepted: Vec<BookingId>,
    /// Advice to the client (CSI, R631-20).
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub advice: Option<String>,
    /// Why the other dates are not taken: asked for when none is.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub reason: Option<String>,
}

impl OrderAnswer {
    fn advice(&self) -> Result<Option<String>, Problem> {
        written(self.advice.as_ref(), 1000).map_err(|()| {
            let detail = "Le conseil ne doit pas dépasser 1 000 caractères.";
            Problem::new(422, "advice_too_long", detail).about("advice")
        })
    }

    fn reason(&self) -> Result<Option<String>, Problem> {
        let invalid = || {
            let detail = "Le motif doit compter de 5 à 500 caractères.";
            Problem::new(422, "reason_invalid", detail).about("reason")
        };
        let reason = written(self.reason.as_ref(), 500).map_err(|()| invalid())?;
        let long = |text: &String| text.chars().count() >= 5;
        let asked_for = self.accepted.is_empty();
        match reason {
            Some(text) if long(&text) => Ok(Some(text)),
            None if !asked_for => Ok(None),
            Some(_) | None => Err(invalid()),
        }
    }
}

/// A text without what surrounds it; nothing when it is empty.
fn written(text: Option<&String>, most: usize) -> Result<Option<String>, ()> {
    let text = text.map(|text| text.trim()).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > most) {
        return Err(());
    }
    Ok(text.map(str::to_owned))
}

impl Operation for AnswerOrder {
    const NAME: &'static str = "answer-order";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/orders/{order}/answer";
    const SUMMARY: &'static str = "Take all, some or none of an order's dates before `respond_by`.";
    type Outside = ();
    type Who = Professional;
    type Path = OrderPath;
    type Input = OrderAnswer;
    type Output = OrderView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OrderView>, Problem> {
        let (advice, reason) = (call.input.advice()?, call.input.reason()?);
        let read = own_order(&desk.store, &call.who, &call.path.order).await?;
        let command = OrderCommand::Answer {
            accepted: staffed(desk, &read.record, &call.input.accepted, call.now).await?,
            advice,
            reason,
        };
        let decision = decide(&read.record, &command, call.now)?;
        let view = order_for_professional(&decision.order, &[], call.now);
        let changes = orders::write(&desk.store, &read, decision, call.changes()).await?;
        Ok(Reply::ok(view).changing(changes.activity(Self::NAME, read.record.id.as_str())))
    }
}

/// The dates that are taken, each with who goes: those who are held, or others where they may not any
/// more. What was true when the order was placed may not be.
async fn staffed(
    desk: &Desk<()>,
    order: &Order,
    accepted: &[BookingId],
    now: Timestamp,
) -> Result<Vec<(BookingId, Vec<AgentId>)>, Problem> {
    let span = order.span().ok_or(OrderRefused::NoMission)?;
    let key = Key::professional(&order.professional);
    let read = desk.store.get::<Seller>(key).await?;
    let professional = read.ok_or_else(Problem::not_found)?.record;
    let agenda = agenda::read(&desk.store, &order.professional, span).await?;
    let each = accepted.iter().map(|booking| -> Result<_, Problem> {
        let mission = order.mission(booking).ok_or(OrderRefused::NoSuchMission)?;
        let agents = who_goes(order, mission, &professional, &agenda, now)
            .map_err(|problem| on_that_date(order, mission, problem))?;
        Ok((booking.clone(), agents))
    });
    each.collect()
}

fn who_goes(
    order: &Order,
    mission: &OrderedMission,
    professional: &Seller,
    agenda: &Agenda,
    now: Timestamp,
) -> Result<Vec<AgentId>, Problem> {
    let (shift, zone) = (mission.interval, order.zone());
    let own = Some(&mission.booking);
    let team: Team = agenda.team(professional, order.activity, shift, zone, own, now);
    let held = &mission.agents;
    let may_go = team.check(professional, held);
    let agents = match may_go {
        Ok(()) => held.clone(),
        Err(refused) => team.proposal(order.agents).ok_or(refused)?,
    };
    professional.may_accept(order.activity, shift, zone, &agents)?;
    Ok(agents)
}

fn on_that_date(order: &Order, mission: &OrderedMission, problem: Problem) -> Problem {
    let start = order.zone().named_date_time(mission.interval.start());
    let detail = format!(
        "Le {start} : {} Retirez cette date pour accepter les autres.",
        problem.detail
    );
    Problem::new(problem.status, problem.code, detail).about("accepted")
}
