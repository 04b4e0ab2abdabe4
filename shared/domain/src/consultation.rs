//! Why the operator reads what people wrote for few eyes: private evaluations, the bodies of messages.
//! They are readable for a stated reason alone, which is written down with the reading (terms, article 5).

use thiserror::Error;

use crate::ids::{BookingId, ReportId};

/// A stated reason, and the case that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseReason {
    reason: String,
    case: Option<String>,
}

/// Why a reason opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CaseReasonRefused {
    /// No reason, or none that says anything.
    #[error("Indiquez le motif de la consultation, de 10 à 300 caractères.")]
    Reason,
    /// Neither a booking's reference nor an identifier.
    #[error(
        "Un numéro de dossier est la référence d’une réservation (MAS-2026-7K3F9Q2A) ou un identifiant (bkg_…, rpt_…)."
    )]
    Case,
}

impl CaseReasonRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reason => "case_reason_invalid",
            Self::Case => "case_number_invalid",
        }
    }
}

impl CaseReason {
    /// Reads a reason of 10 to 300 characters, and the booking, its claim or the report that it is about.
    pub fn parse(reason: &str, case: Option<&str>) -> Result<Self, CaseReasonRefused> {
        let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        if !(10..=300).contains(&reason.chars().count()) {
            return Err(CaseReasonRefused::Reason);
        }
        let case = case.map(str::trim).filter(|case| !case.is_empty());
        if case.is_some_and(|case| !is_case(case)) {
            return Err(CaseReasonRefused::Case);
        }
        Ok(Self {
            reason,
            case: case.map(str::to_owned),
        })
    }

    /// What the activity log keeps: the reason, and the case after it.
    pub fn note(&self) -> String {
        match &self.case {
            Some(case) => format!("{} ({case})", self.reason),
            None => self.reason.clone(),
        }
    }
}

/// Whether a word can name a case: nothing else goes into the log under that title.
fn is_case(case: &str) -> bool {
    let reference = || {
        let mut parts = case.split('-');
        let (Some("MAS"), Some(year), Some(number), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return false;
        };
        year.len() == 4
            && year.bytes().all(|digit| digit.is_ascii_digit())
            && (6..=12).contains(&number.len())
            && number
                .bytes()
                .all(|sign| sign.is_ascii_digit() || sign.is_ascii_uppercase())
    };
    BookingId::parse(case).is_ok() || ReportId::parse(case).is_ok() || reference()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_something_and_is_kept_with_its_case() {
        let read = CaseReason::parse("  Réclamation\n du client ", Some("MAS-2026-7K3F9Q2A"));
        assert_eq!(
            read.unwrap().note(),
            "Réclamation du client (MAS-2026-7K3F9Q2A)"
        );
        let alone = CaseReason::parse("Demande d’accès du client", Some("  "));
        assert_eq!(alone.unwrap().note(), "Demande d’accès du client");
    }

    #[test]
    fn what_says_nothing_or_names_no_case_opens_nothing() {
        let (fine, long) = ("Réclamation du client", "é".repeat(301));
        for (reason, case, refused) in [
            ("", None, CaseReasonRefused::Reason),
            ("   court   ", None, CaseReasonRefused::Reason),
            (long.as_str(), None, CaseReasonRefused::Reason),
            (fine, Some("camille@exemple.fr"), CaseReasonRefused::Case),
            (fine, Some("MAS-26-1"), CaseReasonRefused::Case),
            (fine, Some("MAS-2026-7K3F9Q2A-1"), CaseReasonRefused::Case),
            (
                fine,
                Some("acc_01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
                CaseReasonRefused::Case,
            ),
        ] {
            assert_eq!(
                CaseReason::parse(reason, case),
                Err(refused),
                "{reason} {case:?}"
            );
        }
        for case in [
            "bkg_01J8Z6K3V5Q0T4W9X2Y7R1S6AB",
            "rpt_01J8Z6K3V5Q0T4W9X2Y7R1S6AB",
        ] {
            assert!(CaseReason::parse(fine, Some(case)).is_ok(), "{case}");
        }
    }
}
