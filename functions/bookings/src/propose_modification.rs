//! One of the two parties proposes to change a mission (terms, article 6).

use adapters::bookings;
use domain::money::Euros;
use http_function::{Call, DAY, Desk, Operation, Problem, Reply, SignedIn, throttle};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::modifying::AskedTerms;
use crate::ownership::{BookingPath, booking_of_either, seen_by};
use crate::view::BookingView;
use crate::words::words;

/// Proposing to change a mission.
pub struct ProposeModification;

/// What is proposed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ProposedModification {
    /// What the mission would be.
    #[serde(flatten)]
    pub terms: AskedTerms,
    /// The price that was shown for it, everything included.
    pub total: Euros,
    /// What is said with it.
    #[schemars(length(max = 1000))]
    #[serde(default)]
    pub message: String,
}

/// How often a mission is proposed to change in a day.
const MOST_A_DAY: u64 = 20;

impl Operation for ProposeModification {
    const NAME: &'static str = "propose-modification";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/modification";
    const SUMMARY: &'static str = "Propose other hours or agents for a mission that is paid for; replaces what was \
        proposed before. Nothing changes until the other party agrees.";
    type Outside = ();
    type Who = SignedIn;
    type Path = BookingPath;
    type Input = ProposedModification;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let message = words("message", &call.input.message, 0, 1000)?;
        let (read, party) = booking_of_either(&desk.store, &call.who, &call.path.booking).await?;
        let terms = call
            .input
            .terms
            .of(desk, &read.record, call.now)
            .await?
            .terms;
        if terms.price.total != call.input.total {
            return Err(Problem::new(
                409,
                "price_changed",
                "Le prix a changé depuis que la page vous l’a montré : vérifiez-le avant de proposer.",
            ));
        }
        let booking = &read.record;
        // Each is mailed to the other party.
        let counted = format!("{}#{}", Self::NAME, booking.id);
        throttle(desk, &counted, MOST_A_DAY, DAY).await?;
        let decision = booking.propose_modification(party, terms, message, call.now)?;
        let seen = seen_by(party, &decision.booking, call.now);
        let changes = bookings::write(&desk.store, &read, decision, call.changes()).await?;
        Ok(Reply::ok(seen).changing(changes.activity(Self::NAME, booking.id.as_str())))
    }
}
