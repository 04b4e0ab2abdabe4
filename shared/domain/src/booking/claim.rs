//! A claim: the client says that the mission went wrong; the two parties settle, or the operator does.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimReason {
    /// Nobody came.
    NotPerformed,
    /// Fewer agents or hours than ordered.
    PartlyPerformed,
    /// The agents came late.
    Late,
    /// How the agents behaved.
    Behaviour,
    /// Something else.
    Other,
}

impl ClaimReason {
    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::NotPerformed => "La mission n’a pas eu lieu",
            Self::PartlyPerformed => "La mission n’a été faite qu’en partie",
            Self::Late => "Les agents sont arrivés en retard",
            Self::Behaviour => "Le comportement des agents",
            Self::Other => "Un autre problème",
        }
    }
}

/// One of the two parties of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BookingParty {
    /// Who ordered.
    Client,
    /// Who performs.
    Professional,
}

/// What one party proposes to end the claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Proposal {
    /// Who proposes.
    pub by: BookingParty,
    /// How much of the price is given back, 0 to 100.
    pub percent: u8,
    /// What they say.
    pub message: String,
    /// When.
    pub at: Timestamp,
}

/// A claim of the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// When it was made: automatic validation stopped then.
    pub opened_at: Timestamp,
    /// What went wrong.
    pub reason: ClaimReason,
    /// In the client's words.
    pub description: String,
    /// Proposals, oldest first. Only the last one can be accepted.
    pub proposals: Vec<Proposal>,
    /// How much was given back, in percent, and when, once it is over.
    pub outcome: Option<ClaimOutcome>,
}

/// How a claim ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimOutcome {
    /// How much of the price was given back, 0 to 100.
    pub percent: u8,
    /// Why, when the operator decided.
    pub decision: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl Claim {
    /// The proposal that can be accepted.
    pub fn pending(&self) -> Option<&Proposal> {
        self.proposals.last().filter(|_| self.outcome.is_none())
    }
}
