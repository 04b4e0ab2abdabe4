//! What each party sees of a booking: whitelists, built field by field.

use domain::booking::{
    Booking, BookingParty, BookingState, Calling, CardStatus, ClaimReason, Contact, DisputeStage,
    Intervention, Leaving, MissionContext, MoneyPosition, MoneyStep, Proposal, Shares, Wait,
};
use domain::ids::{BookingId, DocumentId, OfferId, OrderId, ProfessionalId, QuoteRequestId};
use domain::money::Euros;
use domain::offer::{Activity, CancellationPolicy};
use domain::pricing::PriceBreakdown;
use domain::professional::{Document, Professional};
use domain::time::zone::ZoneView;
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// Where a mission takes place.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PlaceView {
    /// Five digits.
    pub postal_code: String,
    /// The town.
    pub town: String,
    /// The department's code.
    pub department: String,
}

/// What only the two parties of a concluded contract share (terms, article 22).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CoordinatesView {
    /// Whom to call.
    pub contact: Contact,
    /// Street and number.
    pub address: String,
}

/// An agent who comes, as the client of an accepted booking sees them (CSI, R631-25).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AgentView {
    /// First name.
    pub first_name: String,
    /// Number of the professional card.
    pub card_number: String,
    /// Its last day.
    pub card_valid_until: Option<Date>,
}

/// What a consumer who withdraws now gets back, or why withdrawing is not possible.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WithdrawalRight {
    /// Whether the function is available.
    pub possible: bool,
    /// Until when; none before the contract is concluded.
    pub until: Option<Timestamp>,
    /// What is given back, in cents; nothing when the card was not debited.
    pub refund: i64,
    /// Why, in French.
    pub explanation: String,
}

/// How a booking ended otherwise than by validation.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ClosingView {
    /// When.
    pub at: Timestamp,
    /// Why, when somebody said so.
    pub reason: Option<String>,
    /// Who ended it: `client`, `professional` or `platform`.
    pub by: &'static str,
    /// What the client gets back of what was debited, in cents.
    pub refund: i64,
}

/// What is proposed to end a claim.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProposalView {
    /// Who proposes.
    pub by: BookingParty,
    /// How much of the price is given back.
    pub percent: u8,
    /// The same in cents.
    pub refund: i64,
    /// What is said with it.
    pub message: String,
    /// When.
    pub at: Timestamp,
}

/// A claim, as both parties see it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ClaimView {
    /// When it was made.
    pub opened_at: Timestamp,
    /// What went wrong.
    pub reason: ClaimReason,
    /// The same in French.
    pub reason_label: &'static str,
    /// In the client's words.
    pub description: String,
    /// What can be accepted.
    pub proposal: Option<ProposalView>,
    /// How it ended: what was given back, in cents.
    pub settled_refund: Option<i64>,
    /// Why, when the operator decided.
    pub decision: Option<String>,
    /// When the mediator is named if it is still open.
    pub mediation_at: Timestamp,
}

/// What one party proposes to change.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ModificationView {
    /// Who proposes.
    pub by: BookingParty,
    /// When the mission would begin.
    pub start: Timestamp,
    /// When it would end.
    pub end: Timestamp,
    /// How many agents would come.
    pub agents: u16,
    /// The price it would have.
    pub price: PriceBreakdown,
    /// What would go back to the client.
    pub given_back: Euros,
    /// What is said with it.
    pub message: String,
    /// When it was proposed, which names it.
    pub proposed_at: Timestamp,
    /// The last moment to agree.
    pub answer_by: Timestamp,
}

/// What the contract said before a modification.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FormerTermsView {
    /// When the mission was to begin.
    pub start: Timestamp,
    /// When it was to end.
    pub end: Timestamp,
    /// How many agents were to come.
    pub agents: u16,
    /// Its price, everything included.
    pub total: Euros,
    /// Until when this held.
    pub until: Timestamp,
}

/// A booking as the caller may see it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BookingView {
    /// Its identifier.
    pub id: BookingId,
    /// The order of several missions that it is part of.
    pub order: Option<OrderId>,
    /// The request for quotes of which it orders one: paying concludes the contract.
    pub quote: Option<QuoteRequestId>,
    /// The reference that people quote.
    pub reference: String,
    /// Where it stands.
    pub state: BookingState,
    /// The same in French.
    pub state_label: &'static str,
    /// What happened to the card.
    pub payment: CardStatus,
    /// How the money is divided now.
    pub money: MoneyPosition,
    /// Where the money is, step by step: what happened, and what is still to come.
    pub money_steps: Vec<MoneyStep>,
    /// What comes to the professional after every reduction.
    pub professional_share: Euros,
    /// Where the money is and what happens next, in a sentence for the reader.
    pub money_now: String,
    /// The cancellation policy that was ordered under.
    pub cancellation_policy: CancellationPolicy,
    /// The same in French.
    pub cancellation_label: &'static str,
    /// What cancelling now would give: for the client, when it is possible.
    pub cancellation: Option<Leaving>,
    /// The right of withdrawal: for a consumer.
    pub withdrawal: Option<WithdrawalRight>,
    /// How it ended otherwise than by validation.
    pub closing: Option<ClosingView>,
    /// The client's claim.
    pub claim: Option<ClaimView>,
    /// Whether either party may propose to change the mission now.
    pub modifiable: bool,
    /// What one party proposes to change, while the other can agree.
    pub modification: Option<ModificationView>,
    /// What the contract said before each modification, oldest first.
    pub former: Vec<FormerTermsView>,
    /// How far a chargeback is.
    pub dispute: Option<DisputeStage>,
    /// What the payout waits for: for the professional.
    pub payout_wait: Option<&'static str>,
    /// With whom the contract is made.
    pub professional: ProfessionalId,
    /// Its name.
    pub professional_name: String,
    /// The offer.
    pub offer: OfferId,
    /// Its title.
    pub offer_title: String,
    /// The activity.
    pub activity: Activity,
    /// Start.
    pub start: Timestamp,
    /// End.
    pub end: Timestamp,
    /// By whose clocks its hours are told: those of its place.
    pub zone: ZoneView,
    /// How many agents.
    pub agents: u16,
    /// Where, without the street.
    pub place: PlaceView,
    /// What the professional must know.
    pub context: MissionContext,
    /// The price, frozen.
    pub price: PriceBreakdown,
    /// The conditions of sale that were accepted.
    pub conditions_of_sale: DocumentId,
    /// Until when agents are held while the client pays.
    pub hold_until: Option<Timestamp>,
    /// When the request reached the professional.
    pub requested_at: Option<Timestamp>,
    /// The last moment to answer.
    pub respond_by: Option<Timestamp>,
    /// When the contract was concluded.
    pub accepted_at: Option<Timestamp>,
    /// The professional's advice.
    pub advice: Option<String>,
    /// Until when a consumer may withdraw.
    pub withdrawal_deadline: Option<Timestamp>,
    /// When the mission was declared done.
    pub completed_at: Option<Timestamp>,
    /// When it is validated if the client says nothing.
    pub validates_itself_at: Option<Timestamp>,
    /// When it was validated.
    pub validated_at: Option<Timestamp>,
    /// Whether the delay did.
    pub validated_automatically: bool,
    /// Why it was refused.
    pub refusal_reason: Option<String>,
    /// Address and contact: for the client always, for the professional once accepted.
    pub coordinates: Option<CoordinatesView>,
    /// Who comes, once accepted: for the client.
    pub assigned_agents: Vec<AgentView>,
    /// Whether the client reviewed it.
    pub reviewed: bool,
    /// Whether the professional evaluated the client: for the professional alone.
    pub client_evaluated: Option<bool>,
    /// Whether it is over, so that it may be archived.
    pub over: bool,
    /// Whether the reader finds it with the archived ones.
    pub archived: bool,
}

fn common(booking: &Booking, reader: BookingParty, now: Timestamp) -> BookingView {
    let place = &booking.mission.place;
    BookingView {
        id: booking.id.clone(),
        order: booking.order.clone(),
        quote: booking.quote.clone(),
        reference: booking.reference.clone(),
        state: booking.state,
        state_label: booking.state_label(),
        payment: booking.payment.card,
        money: booking.money(),
        money_steps: booking.money_steps(reader),
        professional_share: booking.professional_share(),
        money_now: booking.money_now(reader),
        cancellation_policy: booking.cancellation,
        cancellation_label: booking.cancellation.sentence(),
        cancellation: None,
        withdrawal: None,
        closing: closing(booking),
        claim: claim(booking),
        modifiable: booking.check_modifiable(now).is_ok(),
        modification: modification(booking, now),
        former: former(booking),
        dispute: booking.payment.dispute_stage(),
        payout_wait: None,
        professional: booking.professional.clone(),
        professional_name: booking.professional_name.clone(),
        offer: booking.offer.clone(),
        offer_title: booking.offer_title.clone(),
        activity: booking.mission.activity,
        start: booking.mission.interval.start(),
        end: booking.mission.interval.end(),
        zone: booking.mission.zone().view(),
        agents: booking.mission.agents,
        place: PlaceView {
            postal_code: place.postal_code.as_str().to_owned(),
            town: place.town.clone(),
            department: place.department.code().to_owned(),
        },
        context: booking.mission.context.clone(),
        price: booking.price.clone(),
        conditions_of_sale: booking.acknowledgements.conditions_of_sale.clone(),
        hold_until: (booking.state == BookingState::AwaitingPayment).then_some(booking.hold_until),
        requested_at: booking.requested_at,
        respond_by: booking.respond_by,
        accepted_at: booking.accepted_at,
        advice: booking.advice.clone(),
        withdrawal_deadline: booking.withdrawal_deadline,
        completed_at: booking.completed_at,
        validates_itself_at: (booking.state == BookingState::Completed)
            .then(|| booking.mission.interval.end() + booking.delays.automatic_validation),
        validated_at: booking.validated_at,
        validated_automatically: booking.validated_automatically,
        refusal_reason: booking.refusal_reason.clone(),
        coordinates: None,
        assigned_agents: Vec::new(),
        reviewed: booking.review.is_some(),
        client_evaluated: None,
        over: booking.ended_at().is_some(),
        archived: booking.is_archived(reader, now),
    }
}

fn coordinates(booking: &Booking) -> CoordinatesView {
    CoordinatesView {
        contact: booking.contact.clone(),
        address: booking.mission.place.address.clone(),
    }
}

/// What the client sees. The professional is read for the agents' cards, once accepted.
pub fn for_client(
    booking: &Booking,
    professional: Option<&Professional>,
    now: Timestamp,
) -> BookingView {
    let concluded = booking.state.contract_concluded();
    let agents = professional
        .filter(|_| concluded)
        .map_or_else(Vec::new, |professional| agents(booking, professional));
    BookingView {
        coordinates: Some(coordinates(booking)),
        assigned_agents: agents,
        cancellation: booking.cancelling(now),
        withdrawal: booking.consumer.then(|| withdrawal(booking, now)),
        ..common(booking, BookingParty::Client, now)
    }
}

/// What the professional sees: coordinates from acceptance on until 30 days after its end, never before.
pub fn for_professional(booking: &Booking, now: Timestamp) -> BookingView {
    let shared = booking.shares_coordinates(now);
    let shown = common(booking, BookingParty::Professional, now);
    BookingView {
        place: PlaceView {
            town: booking.shown_before_contract(&shown.place.town),
            ..shown.place
        },
        context: booking.context_for_professional(),
        coordinates: shared.then(|| coordinates(booking)),
        client_evaluated: Some(booking.evaluation.is_some()),
        payout_wait: payout_wait(booking),
        ..shown
    }
}

fn agents(booking: &Booking, professional: &Professional) -> Vec<AgentView> {
    let first_day = booking.first_day();
    let card_of = |agent: &domain::ids::AgentId| {
        professional.credential(agent, booking.mission.activity, first_day)
    };
    let number = |card: &Document| card.number();
    // Who left is named on what they did, while their card counted.
    let gone = professional.departed.iter();
    let gone = gone.filter(|agent| card_of(&agent.id).is_some());
    let team = professional.profile.agents.iter().chain(gone);
    let booked = team.filter(|agent| booking.agents.contains(&agent.id));
    booked
        .map(|agent| AgentView {
            first_name: agent.first_name.clone(),
            card_number: card_of(&agent.id).and_then(number).unwrap_or_default(),
            card_valid_until: card_of(&agent.id).and_then(Document::expires_on),
        })
        .collect()
}

fn withdrawal(booking: &Booking, now: Timestamp) -> WithdrawalRight {
    let (possible, refund, explanation) = match booking.withdrawing(now) {
        Ok(leaving) => (true, leaving.refund.cents(), leaving.explanation),
        Err(refused) => (false, 0, refused.to_string()),
    };
    WithdrawalRight {
        possible,
        until: booking.withdrawal_deadline,
        refund,
        explanation,
    }
}

fn closing(booking: &Booking) -> Option<ClosingView> {
    let by = match booking.state {
        BookingState::Cancelled | BookingState::Withdrawn => "client",
        BookingState::Refused | BookingState::CancelledByProfessional => "professional",
        _ => "platform",
    };
    let said = booking.refusal_reason.as_ref();
    let decided = booking.intervention.as_ref().and_then(decided_reason);
    let due = booking.due.as_ref().filter(|_| booking.is_debited());
    Some(ClosingView {
        at: booking.closed_at?,
        reason: said
            .or(booking.cancellation_reason.as_ref())
            .cloned()
            .or(decided),
        by,
        refund: due.map_or(0, |due| due.client.cents()),
    })
}

/// Why the platform decided in the parties' place, for both.
fn decided_reason(intervention: &Intervention) -> Option<String> {
    match intervention {
        Intervention::CalledOff {
            calling: Calling::TitleMissing,
            ..
        } => Some(
            "Un titre, une carte professionnelle ou l’assurance du professionnel manquait un des jours de la mission."
                .to_owned(),
        ),
        Intervention::CalledOff {
            calling: Calling::Operator { reason },
            ..
        }
        | Intervention::Refunded { reason, .. } => Some(reason.clone()),
    }
}

fn claim(booking: &Booking) -> Option<ClaimView> {
    let claim = booking.claim.as_ref()?;
    let refund = |percent| Shares::reduced_by(&booking.price, percent).client.cents();
    let proposal = |proposal: &Proposal| ProposalView {
        by: proposal.by,
        percent: proposal.percent,
        refund: refund(proposal.percent),
        message: proposal.message.clone(),
        at: proposal.at,
    };
    let outcome = claim.outcome.as_ref();
    Some(ClaimView {
        opened_at: claim.opened_at,
        reason: claim.reason,
        reason_label: claim.reason.label(),
        description: claim.description.clone(),
        proposal: claim.pending().map(proposal),
        settled_refund: outcome.map(|outcome| refund(outcome.percent)),
        decision: outcome.and_then(|outcome| outcome.decision.clone()),
        mediation_at: claim.opened_at + booking.delays.mediation,
    })
}

fn modification(booking: &Booking, now: Timestamp) -> Option<ModificationView> {
    let proposed = booking.open_modification(now)?;
    let terms = &proposed.terms;
    Some(ModificationView {
        by: proposed.by,
        start: terms.interval.start(),
        end: terms.interval.end(),
        agents: terms.agents,
        price: terms.price.clone(),
        given_back: booking.given_back_under(terms),
        message: proposed.message.clone(),
        proposed_at: proposed.at,
        answer_by: proposed.answer_by,
    })
}

fn former(booking: &Booking) -> Vec<FormerTermsView> {
    let each = booking.former.iter().map(|terms| FormerTermsView {
        start: terms.interval.start(),
        end: terms.interval.end(),
        agents: terms.agents,
        total: terms.price.total,
        until: terms.until,
    });
    each.collect()
}

fn payout_wait(booking: &Booking) -> Option<&'static str> {
    Some(match booking.payment.waiting.as_ref()? {
        Wait::PayoutsNotActive => "not_active",
        Wait::BankDetailsChanged => "bank_details_changed",
        Wait::Disputed => "contested",
        Wait::TitleMissing => "title_missing",
        Wait::Refused | Wait::RefundFailed => "being_sent",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn the_professional_sees_the_clients_coordinates_from_acceptance_on_and_never_before() {
        for state in BookingState::ALL {
            let booking = samples::booking_in(state);
            let seen = for_professional(&booking, samples::START);
            let text = serde_json::to_string(&seen).unwrap();
            let shared = [&booking.contact.name, &booking.mission.place.address]
                .map(|private| text.contains(private.as_str()));
            let phone = text.contains(booking.contact.phone.as_str());
            assert_eq!(
                (shared, phone),
                ([state.contract_concluded(); 2], state.contract_concluded()),
                "{state:?}"
            );
        }
    }
}
