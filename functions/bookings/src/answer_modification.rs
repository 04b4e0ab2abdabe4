//! The other party agrees to a modification or declines it; its author may take it back.

use adapters::bookings;
use http_function::{Call, Desk, Operation, Problem, Reply, SignedIn};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::eligibility::reprice;
use crate::ownership::{BookingPath, booking_of_either, seen_by};
use crate::view::BookingView;

/// Answering a modification.
pub struct AnswerModification;

/// What is answered.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ModificationAnswer {
    /// When the proposal that was read was made: another that took its place is not agreed to.
    pub proposed_at: Timestamp,
    /// Whether the mission changes. The author of a proposal can only take it back.
    pub agreed: bool,
}

impl Operation for AnswerModification {
    const NAME: &'static str = "answer-modification";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/modification/answer";
    const SUMMARY: &'static str = "Agree to a modification, which holds from then on and gives a difference back, or \
        decline it; whoever proposed it takes it back.";
    type Outside = ();
    type Who = SignedIn;
    type Path = BookingPath;
    type Input = ModificationAnswer;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let (read, party) = booking_of_either(&desk.store, &call.who, &call.path.booking).await?;
        let (booking, proposed_at) = (&read.record, call.input.proposed_at);
        let changes = call.changes().activity(Self::NAME, booking.id.as_str());
        if !call.input.agreed {
            let decision = booking.drop_modification(party, proposed_at)?;
            let seen = seen_by(party, &decision.booking, call.now);
            let changes = bookings::write(&desk.store, &read, decision, changes).await?;
            return Ok(Reply::ok(seen).changing(changes));
        }
        // At the price that was proposed; who may go, and that the offer still takes it, is asked anew.
        let wanted = &booking.proposed_to(party, proposed_at, call.now)?.terms;
        let (interval, agents) = (wanted.interval, wanted.agents);
        let found = Box::pin(reprice(desk, booking, interval, agents, call.now)).await?;
        let decision = booking.agree_to_modification(party, proposed_at, found.agents, call.now)?;
        let after = decision.booking.clone();
        let seen = seen_by(party, &after, call.now);
        let changes = bookings::write(&desk.store, &read, decision, changes).await?;
        let changes = found.agenda.relocate(booking, &after, changes);
        Ok(Reply::ok(seen).changing(changes))
    }
}
