//! What somebody tells the operator: that something on the site is illegal or false (regulation (EU)
//! 2022/2065, article 16), or that they need help; and what was made of it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::identifiers::Email;
use crate::ids::{AccountId, ProfessionalId, ReportId, ReviewId};

/// What is said to be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportReason {
    /// False or misleading information: a title, an identity, a price.
    Misleading,
    /// Insults, threats, discrimination.
    Insulting,
    /// Somebody's personal data or picture.
    PersonalData,
    /// Somebody's brand, text or picture.
    Copied,
    /// Against the law in another way.
    Illegal,
    /// Help with a search or a booking.
    HelpBooking,
    /// Help with a payment, a refund or an invoice.
    HelpPayment,
    /// Help with an account or signing in.
    HelpAccount,
    /// A professional needs help with a registration, offers or payouts.
    HelpProfessional,
    /// Somebody cannot use a page.
    HelpAccessibility,
    /// Any other question.
    HelpOther,
}

impl ReportReason {
    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Misleading => "information fausse ou trompeuse",
            Self::Insulting => "propos injurieux, menaçants ou discriminatoires",
            Self::PersonalData => "données personnelles ou image d’un tiers",
            Self::Copied => "atteinte à une marque ou à un droit d’auteur",
            Self::Illegal => "autre contenu illicite",
            Self::HelpBooking => "aide : recherche ou réservation",
            Self::HelpPayment => "aide : paiement, remboursement ou facture",
            Self::HelpAccount => "aide : compte ou connexion",
            Self::HelpProfessional => "aide : inscription ou activité d’un professionnel",
            Self::HelpAccessibility => "aide : accessibilité d’une page",
            Self::HelpOther => "aide : autre question",
        }
    }

    /// Whether somebody asks for help, and reports nothing.
    pub fn is_help(self) -> bool {
        match self {
            Self::HelpBooking
            | Self::HelpPayment
            | Self::HelpAccount
            | Self::HelpProfessional
            | Self::HelpAccessibility
            | Self::HelpOther => true,
            Self::Misleading
            | Self::Insulting
            | Self::PersonalData
            | Self::Copied
            | Self::Illegal => false,
        }
    }
}

/// What was made of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportDecision {
    /// What was decided and why, for whoever reported.
    pub text: String,
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// A report. Who made it is told to nobody but the operator.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Its identifier.
    pub id: ReportId,
    /// On whose page; a question is about none.
    #[serde(default)]
    pub professional: Option<ProfessionalId>,
    /// Which review, if it is about one.
    pub review: Option<ReviewId>,
    /// What is wrong.
    pub reason: ReportReason,
    /// Why, in the reporter's words.
    pub text: String,
    /// Where to tell what was decided, if that is wanted.
    pub email: Option<Email>,
    /// When it was made.
    pub reported_at: Timestamp,
    /// What was made of it.
    pub decision: Option<ReportDecision>,
}

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Report({})", self.id)
    }
}

/// Why a report, or what is made of it, is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReportRefused {
    /// A text too short or too long.
    #[error("Ce texte doit compter de 20 à 2 000 caractères.")]
    Text,
    /// The reporter does not say that they believe it.
    #[error("Confirmez que vous faites ce signalement de bonne foi.")]
    GoodFaith,
    /// Nobody could be answered.
    #[error("Indiquez l’adresse électronique à laquelle vous répondre.")]
    NoAddress,
    /// Decided already.
    #[error("Ce signalement a déjà été traité.")]
    AlreadyDecided,
}

impl ReportRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Text => "report_text_invalid",
            Self::GoodFaith => "report_good_faith_missing",
            Self::NoAddress => "help_address_missing",
            Self::AlreadyDecided => "report_already_decided",
        }
    }
}

fn written(text: &str) -> Result<String, ReportRefused> {
    let text = text.trim();
    if (20..=2000).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(ReportRefused::Text)
    }
}

/// Whether a report waits for the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    /// It does.
    Open,
    /// It was decided on.
    Decided,
}

impl Report {
    /// Whether it waits for the operator.
    pub fn state(&self) -> ReportState {
        match self.decision {
            None => ReportState::Open,
            Some(_) => ReportState::Decided,
        }
    }

    /// Takes a report in, if it says why and that it is made in good faith; a question, if it can be answered.
    pub fn taken(report: Self, good_faith: bool) -> Result<Self, ReportRefused> {
        let text = written(&report.text)?;
        if report.reason.is_help() {
            if report.email.is_none() {
                return Err(ReportRefused::NoAddress);
            }
        } else if !good_faith {
            return Err(ReportRefused::GoodFaith);
        }
        Ok(Self {
            text,
            decision: None,
            ..report
        })
    }

    /// The operator says what was made of it, once.
    pub fn decide(
        &mut self,
        text: &str,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), ReportRefused> {
        if self.decision.is_some() {
            return Err(ReportRefused::AlreadyDecided);
        }
        self.decision = Some(ReportDecision {
            text: written(text)?,
            by: by.clone(),
            at: now,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TypedId as _;

    fn report(text: &str) -> Report {
        let ulid = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";
        Report {
            id: ReportId::from_ulid(ulid),
            professional: Some(ProfessionalId::from_ulid(ulid)),
            review: None,
            reason: ReportReason::Misleading,
            text: text.to_owned(),
            email: None,
            reported_at: Timestamp::UNIX_EPOCH,
            decision: None,
        }
    }

    #[test]
    fn a_question_needs_an_address_and_no_good_faith() {
        let question = |email| Report {
            professional: None,
            reason: ReportReason::HelpPayment,
            email,
            ..report("Je ne trouve pas la facture de ma mission de mardi.")
        };
        let address = Email::parse("nadia@exemple.fr").unwrap();
        assert!(Report::taken(question(Some(address)), false).is_ok());
        assert_eq!(
            Report::taken(question(None), false),
            Err(ReportRefused::NoAddress)
        );
    }

    #[test]
    fn a_report_of_before_still_reads() {
        let stored = serde_json::json!({
            "id": "rpt_01J8Z6K3V5Q0T4W9X2Y7R1S6AB",
            "professional": "pro_01J8Z6K3V5Q0T4W9X2Y7R1S6AB",
            "review": null, "reason": "misleading", "text": "Faux.", "email": null,
            "reported_at": "2026-11-18T09:00:00Z", "decision": null,
        });
        let read: Report = serde_json::from_value(stored).unwrap();
        assert!(read.professional.is_some());
    }

    #[test]
    fn a_report_says_why_and_is_made_in_good_faith() {
        let said = "Le numéro d’autorisation est celui d’une autre entreprise.";
        assert!(Report::taken(report(said), true).is_ok());
        assert_eq!(
            Report::taken(report(said), false),
            Err(ReportRefused::GoodFaith)
        );
        for text in ["", "Faux.", &" ".repeat(40), &"x".repeat(2001)] {
            assert_eq!(
                Report::taken(report(text), true),
                Err(ReportRefused::Text),
                "{text}"
            );
        }
    }

    #[test]
    fn a_report_is_decided_once() {
        let operator = AccountId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB");
        let mut decided = report("Le numéro d’autorisation est faux.");
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(
            decided.decide("Non.", &operator, now),
            Err(ReportRefused::Text)
        );
        let text = "Le numéro a été vérifié auprès du CNAPS : il est exact.";
        assert_eq!(decided.decide(text, &operator, now), Ok(()));
        assert_eq!(
            decided.decide(text, &operator, now),
            Err(ReportRefused::AlreadyDecided)
        );
    }
}
