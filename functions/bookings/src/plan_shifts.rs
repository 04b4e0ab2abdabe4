//! A company with a team has a mission, sends another agent, or an agent joins: from then on it is looked
//! whether who is sent comes. Whoever has no access tells nothing, and is not waited for.

use adapters::store::{Changes, Key, OutboxItem};
use domain::booking::Booking;
use domain::event::Event;
use domain::ids::{AccountId, AgentId, ProfessionalId};
use domain::members::Members;
use domain::shift::{Duty, Shift};
use http_function::{Desk, Employment, Listener, Problem};

use crate::shifts::bookings_of;

/// Writes down whose arrival is waited for.
pub struct PlanShifts;

impl Listener for PlanShifts {
    const NAME: &'static str = "plan-shifts";
    const SUMMARY: &'static str = "A mission is accepted, another agent is sent, or an agent gets an access: from then \
        on it is looked whether who is sent arrives.";
    const EVENTS: &'static [&'static str] = &[
        "BookingAccepted",
        "AgentReplaced",
        "BookingModified",
        "MemberJoined",
    ];
    type Outside = ();

    async fn on(
        desk: &Desk<()>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        match &happened.event {
            Event::BookingAccepted { booking }
            | Event::AgentReplaced { booking, .. }
            | Event::BookingModified { booking } => {
                let read = desk.store.get::<Booking>(Key::booking(booking)).await?;
                let Some(booking) = read.map(|read| read.record) else {
                    return Ok(changes);
                };
                let changes = match &happened.event {
                    Event::BookingModified { .. } => forget_former(desk, &booking, changes).await?,
                    _ => changes,
                };
                of_booking(desk, &booking, changes).await
            }
            Event::MemberJoined {
                professional,
                account,
            } => of_newcomer(desk, professional, account, changes).await,
            _ => Ok(changes),
        }
    }
}

async fn members(desk: &Desk<()>, of: &ProfessionalId) -> Result<Option<Members>, Problem> {
    let read = desk.store.get::<Members>(Key::members(of)).await?;
    Ok(read.map(|read| read.record))
}

async fn of_booking(
    desk: &Desk<()>,
    booking: &Booking,
    mut changes: Changes,
) -> Result<Changes, Problem> {
    let Some(members) = members(desk, &booking.professional).await? else {
        return Ok(changes);
    };
    for agent in &booking.agents {
        if members.member_of(agent).is_some() {
            changes = planned(desk, booking, agent, changes).await?;
        }
    }
    Ok(changes)
}

/// Nobody is waited for at the hours of before a modification. Nobody had come then: a mission changes hours
/// before it begins.
async fn forget_former(
    desk: &Desk<()>,
    booking: &Booking,
    mut changes: Changes,
) -> Result<Changes, Problem> {
    let former = booking.former.last();
    for agent in former.into_iter().flat_map(|former| &former.sent) {
        let key = Key::shift(&booking.id, agent);
        let known = desk.store.get::<Shift>(key).await?;
        let Some(known) = known.filter(|known| known.record.arrived.is_none()) else {
            continue;
        };
        changes = if booking.agents.contains(agent) {
            changes.replace(&known, &Shift::planned(booking, agent))
        } else {
            changes.delete(&known)
        };
    }
    Ok(changes)
}

async fn of_newcomer(
    desk: &Desk<()>,
    professional: &ProfessionalId,
    account: &AccountId,
    mut changes: Changes,
) -> Result<Changes, Problem> {
    let members = members(desk, professional).await?;
    let member = members.and_then(|members| members.member(account).cloned());
    let Some(agent) = member.and_then(|member| member.role.agent().cloned()) else {
        return Ok(changes);
    };
    let of = Employment {
        professional: professional.clone(),
        agent,
    };
    for id in bookings_of(&desk.store, &of, changes.now()).await? {
        if let Some(read) = desk.store.get::<Booking>(Key::booking(&id)).await? {
            changes = planned(desk, &read.record, &of.agent, changes).await?;
        }
    }
    Ok(changes)
}

/// Waits for an agent, unless that was begun before.
async fn planned(
    desk: &Desk<()>,
    booking: &Booking,
    agent: &AgentId,
    changes: Changes,
) -> Result<Changes, Problem> {
    let to_come = match Duty::of(booking, agent) {
        Some(Duty::Sent(interval)) => interval.end() > changes.now(),
        Some(Duty::Relieved(_)) | None => false,
    };
    let known = desk
        .store
        .get::<Shift>(Key::shift(&booking.id, agent))
        .await?;
    if !to_come || !booking.state.contract_concluded() || known.is_some() {
        return Ok(changes);
    }
    Ok(changes.create(&Shift::planned(booking, agent), "shift"))
}
