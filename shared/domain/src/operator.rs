//! Who runs the marketplace: what each operator may do, and what takes two of them.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ids::{AccountId, BookingId};
use crate::money::Euros;

/// What an operator is there for. One person may have several.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OperatorRole {
    /// Looks, and changes nothing.
    Reader,
    /// Decides on registrations, files, reviews and reports.
    Moderator,
    /// Decides on claims and refunds, and sets up what costs money.
    Finance,
    /// Lets operators in and out, and publishes the terms.
    Administrator,
}

impl OperatorRole {
    /// Every role, the widest last.
    pub const ALL: [Self; 4] = [
        Self::Reader,
        Self::Moderator,
        Self::Finance,
        Self::Administrator,
    ];

    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Reader => "Lecture",
            Self::Moderator => "Modération",
            Self::Finance => "Finances",
            Self::Administrator => "Administration",
        }
    }

    /// What it allows.
    pub fn allows(self) -> &'static str {
        match self {
            Self::Reader => "Consulter, sans rien changer.",
            Self::Moderator => "Inscriptions, dossiers, avis, signalements, mesures.",
            Self::Finance => "Réclamations, remboursements, paiements, commission et taxes.",
            Self::Administrator => "Exploitants et conditions générales.",
        }
    }

    /// Its code in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Moderator => "moderator",
            Self::Finance => "finance",
            Self::Administrator => "administrator",
        }
    }
}

/// What a page or a form of the operator's asks of whoever uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// Looking: every operator.
    Read,
    /// What belongs to deciding of either kind: reading messages for a reason, writing a note.
    Decide,
    /// Registrations, files, reviews, reports.
    Moderate,
    /// Claims, refunds, payments, what costs money.
    Money,
    /// Operators, terms, and whatever nobody said is for others.
    Administer,
}

/// Whether somebody with these roles may do this.
pub fn may(roles: &[OperatorRole], duty: Duty) -> bool {
    let one_of = |wanted: &[OperatorRole]| roles.iter().any(|role| wanted.contains(role));
    match duty {
        Duty::Read => !roles.is_empty(),
        Duty::Decide => one_of(&[OperatorRole::Moderator, OperatorRole::Finance]),
        Duty::Moderate => one_of(&[OperatorRole::Moderator]),
        Duty::Money => one_of(&[OperatorRole::Finance]),
        Duty::Administer => one_of(&[OperatorRole::Administrator]),
    }
}

/// What is known of an operator beside their account. Whoever was one before there were roles has none of
/// these and may do everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// Who.
    pub account: AccountId,
    /// What they may do.
    pub roles: Vec<OperatorRole>,
    /// Who let them in.
    pub invited_by: AccountId,
    /// Since when.
    pub since: Timestamp,
    /// When and by whom their rights were taken.
    #[serde(default)]
    pub revoked: Option<Revoked>,
}

/// The end of an operator's rights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

impl Operator {
    /// What somebody may do of whom this is known.
    pub fn roles_of(known: Option<&Self>) -> Vec<OperatorRole> {
        match known {
            None => OperatorRole::ALL.to_vec(),
            Some(operator) if operator.revoked.is_some() => Vec::new(),
            Some(operator) => operator.roles.clone(),
        }
    }
}

/// Why something about operators is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OperatorRefused {
    /// Nobody would be left to let others in.
    #[error("Il doit rester un exploitant chargé de l’administration.")]
    LastAdministrator,
    /// No role at all.
    #[error("Choisissez au moins un rôle.")]
    NoRole,
    /// Somebody's own rights.
    #[error("Un autre exploitant doit changer vos droits.")]
    Oneself,
    /// The amount asks for somebody else.
    #[error(
        "Au-delà de 500 €, un second exploitant confirme : vous avez proposé cette décision, un autre doit la prendre."
    )]
    SecondOperatorNeeded,
    /// Another decision waits for its second operator.
    #[error(
        "Une autre décision attend déjà un second exploitant pour cette réservation : écartez-la d’abord."
    )]
    AnotherProposed,
    /// None waits.
    #[error("Aucune décision n’attend de second exploitant pour cette réservation.")]
    NothingProposed,
}

impl OperatorRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::LastAdministrator => "last_administrator",
            Self::NoRole => "operator_role_missing",
            Self::Oneself => "operator_oneself",
            Self::SecondOperatorNeeded => "second_operator_needed",
            Self::AnotherProposed => "another_decision_proposed",
            Self::NothingProposed => "nothing_proposed",
        }
    }
}

/// Gives somebody these roles, or none to take every right: `others` are the roles of everybody else.
pub fn check_roles(
    roles: &[OperatorRole],
    by: &AccountId,
    whose: &AccountId,
    others: &[Vec<OperatorRole>],
) -> Result<(), OperatorRefused> {
    if by == whose {
        return Err(OperatorRefused::Oneself);
    }
    let left = others.iter().any(|roles| may(roles, Duty::Administer));
    if !left && !may(roles, Duty::Administer) {
        return Err(OperatorRefused::LastAdministrator);
    }
    Ok(())
}

/// What moves more than this takes two operators.
pub const ALONE_UP_TO: Euros = Euros::from_cents(50_000);

/// Which decision on a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProposedKind {
    /// Calling it off.
    CallOff,
    /// Giving part of its price back.
    Refund,
    /// Deciding its claim.
    Claim,
}

impl ProposedKind {
    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::CallOff => "Annulation de la mission",
            Self::Refund => "Remboursement",
            Self::Claim => "Réclamation à trancher",
        }
    }
}

/// A decision that waits for a second operator, or what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedDecision {
    /// On which booking.
    pub booking: BookingId,
    /// Which.
    pub kind: ProposedKind,
    /// How much of the price is given back.
    pub percent: Option<u8>,
    /// Why, for both parties.
    pub reason: String,
    /// What moves.
    pub amount: Euros,
    /// Who proposed it.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// How it ended.
    #[serde(default)]
    pub ended: Option<ProposalEnd>,
}

/// How a proposed decision ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalEnd {
    /// Whether it was taken; it was put aside otherwise.
    pub taken: bool,
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

impl ProposedDecision {
    /// Whether it still waits.
    pub fn waits(&self) -> bool {
        self.ended.is_none()
    }

    fn is_the_same(&self, other: &Self) -> bool {
        (self.kind, self.percent, &self.reason, self.amount)
            == (other.kind, other.percent, &other.reason, other.amount)
    }

    fn end(&self, taken: bool, by: &AccountId, at: Timestamp) -> Self {
        let ended = ProposalEnd {
            taken,
            by: by.clone(),
            at,
        };
        Self {
            ended: Some(ended),
            ..self.clone()
        }
    }

    /// An operator puts it aside, be it their own.
    pub fn put_aside(&self, by: &AccountId, at: Timestamp) -> Result<Self, OperatorRefused> {
        if self.waits() {
            Ok(self.end(false, by, at))
        } else {
            Err(OperatorRefused::NothingProposed)
        }
    }
}

/// What becomes of a decision that an operator asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FourEyes {
    /// It is taken: nothing waited, and it is small enough for one.
    Alone,
    /// It is taken, and what was proposed ends so.
    Together(ProposedDecision),
    /// It waits for somebody else.
    Proposed(ProposedDecision),
}

/// Whether a decision is taken, or waits for a second operator.
pub fn four_eyes(
    known: Option<&ProposedDecision>,
    asked: ProposedDecision,
) -> Result<FourEyes, OperatorRefused> {
    let waiting = known.filter(|known| known.waits());
    let alone = asked.amount <= ALONE_UP_TO;
    match waiting {
        None if alone => Ok(FourEyes::Alone),
        None => Ok(FourEyes::Proposed(asked)),
        Some(waiting) if !waiting.is_the_same(&asked) => Err(OperatorRefused::AnotherProposed),
        Some(waiting) if waiting.by == asked.by => Err(OperatorRefused::SecondOperatorNeeded),
        Some(waiting) => Ok(FourEyes::Together(waiting.end(true, &asked.by, asked.at))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TypedId as _;

    fn who(last: char) -> AccountId {
        AccountId::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S6A{last}"))
    }

    /// Role by duty, written down.
    #[test]
    fn each_role_does_its_own() {
        use Duty::{Administer, Decide, Moderate, Money, Read};
        for (role, allowed) in [
            (OperatorRole::Reader, &[Read][..]),
            (OperatorRole::Moderator, &[Read, Decide, Moderate]),
            (OperatorRole::Finance, &[Read, Decide, Money]),
            (OperatorRole::Administrator, &[Read, Administer]),
        ] {
            for duty in [Read, Decide, Moderate, Money, Administer] {
                assert_eq!(
                    may(&[role], duty),
                    allowed.contains(&duty),
                    "{role:?} {duty:?}"
                );
            }
        }
        assert!(!may(&[], Duty::Read));
        assert!(may(&Operator::roles_of(None), Duty::Administer));
    }

    #[test]
    fn somebody_is_always_left_to_let_others_in() {
        let all = vec![OperatorRole::ALL.to_vec()];
        let reader = vec![vec![OperatorRole::Reader]];
        let (one, two) = (who('A'), who('B'));
        assert_eq!(check_roles(&[], &one, &two, &all), Ok(()));
        assert_eq!(
            check_roles(&[], &one, &two, &reader),
            Err(OperatorRefused::LastAdministrator)
        );
        assert_eq!(
            check_roles(&[OperatorRole::Administrator], &one, &two, &reader),
            Ok(())
        );
        assert_eq!(
            check_roles(&[], &one, &one, &all),
            Err(OperatorRefused::Oneself)
        );
    }

    fn asked(cents: i64, by: char, percent: u8) -> ProposedDecision {
        ProposedDecision {
            booking: BookingId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
            kind: ProposedKind::Refund,
            percent: Some(percent),
            reason: "L’agent est parti deux heures trop tôt.".to_owned(),
            amount: Euros::from_cents(cents),
            by: who(by),
            at: "2026-11-30T09:00:00Z".parse().unwrap(),
            ended: None,
        }
    }

    #[test]
    fn more_than_five_hundred_euros_take_two() {
        assert_eq!(four_eyes(None, asked(50_000, 'A', 50)), Ok(FourEyes::Alone));
        let proposed = asked(50_001, 'A', 50);
        assert_eq!(
            four_eyes(None, proposed.clone()),
            Ok(FourEyes::Proposed(proposed.clone()))
        );
        assert_eq!(
            four_eyes(Some(&proposed), asked(50_001, 'A', 50)),
            Err(OperatorRefused::SecondOperatorNeeded)
        );
        assert_eq!(
            four_eyes(Some(&proposed), asked(60_000, 'B', 60)),
            Err(OperatorRefused::AnotherProposed)
        );
        // A smaller one does not slip past what waits.
        assert_eq!(
            four_eyes(Some(&proposed), asked(100, 'A', 1)),
            Err(OperatorRefused::AnotherProposed)
        );
        let Ok(FourEyes::Together(taken)) = four_eyes(Some(&proposed), asked(50_001, 'B', 50))
        else {
            panic!("two operators decide");
        };
        assert_eq!(
            taken.ended.as_ref().map(|end| (end.taken, &end.by)),
            Some((true, &who('B')))
        );
        // What ended waits no more: the next decision is another one.
        assert_eq!(
            four_eyes(Some(&taken), asked(50_001, 'B', 50)),
            Ok(FourEyes::Proposed(asked(50_001, 'B', 50)))
        );
        let aside = proposed.put_aside(&who('A'), proposed.at).unwrap();
        assert!(!aside.waits());
        assert_eq!(
            aside.put_aside(&who('A'), proposed.at),
            Err(OperatorRefused::NothingProposed)
        );
    }
}
