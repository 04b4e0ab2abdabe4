//! A professional takes a mission: the contract is concluded and the card will be debited.

use adapters::bookings;
use domain::booking::{Actor, Command, decide};
use domain::ids::AgentId;
use http_function::{Call, Desk, Operation, Problem, Professional, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ownership::{BookingPath, own_booking};
use crate::staffing::Staffing;
use crate::view::{BookingView, for_professional};

/// A professional takes a mission: the contract is concluded and the card will be debited.
pub struct AcceptBooking;

/// What the professional adds.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Agreement {
    /// Advice to the client (CSI, R631-20).
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub advice: Option<String>,
    /// Who goes, when it is not those who were held for the request.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub agents: Option<Vec<AgentId>>,
}

impl Agreement {
    fn advice(&self) -> Result<Option<String>, Problem> {
        let advice = self.advice.as_deref().map(str::trim);
        let advice = advice.filter(|text| !text.is_empty());
        if advice.is_some_and(|text| text.chars().count() > 1000) {
            return Err(Problem::new(
                422,
                "advice_too_long",
                "Le conseil ne doit pas dépasser 1 000 caractères.",
            )
            .about("advice"));
        }
        Ok(advice.map(str::to_owned))
    }
}

impl Operation for AcceptBooking {
    const NAME: &'static str = "accept-booking";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/accept";
    const SUMMARY: &'static str = "Accept a booking request before `respond_by`.";
    type Outside = ();
    type Who = Professional;
    type Path = BookingPath;
    type Input = Agreement;
    type Output = BookingView;

    /// What was true when the mission was ordered may not be any more: the professional is not hidden, each
    /// title is in force on every day of the mission, and those who go may.
    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let advice = call.input.advice()?;
        let read = own_booking(&desk.store, &call.who, &call.path.booking).await?;
        let before = &read.record;
        let agents = call.input.agents.as_ref().unwrap_or(&before.agents);
        let staffed = before.with_agents(agents.clone());
        let command = Command::Accept { advice };
        let decision = decide(&staffed, Actor::Professional, &command, call.now)?;
        let mission = &before.mission;
        let staffing = Staffing::read(desk, before, mission.interval, call.now).await?;
        let professional = &staffing.professional;
        staffing.team.check_choice(agents, mission.agents)?;
        professional.may_accept(mission.activity, mission.interval, mission.zone(), agents)?;
        staffing.team.check(professional, agents)?;
        let seen = for_professional(&decision.booking, call.now);
        let mut changes = bookings::write(&desk.store, &read, decision, call.changes()).await?;
        if *agents != before.agents {
            let all = mission.interval.start();
            changes = staffing.agenda.hand_over(before, &staffed, all, changes);
        }
        Ok(Reply::ok(seen).changing(changes.activity(Self::NAME, before.id.as_str())))
    }
}
