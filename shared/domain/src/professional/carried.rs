//! The activities that titles carry: what a company's authorisation allows it to sell, and an agent's card
//! to do (CSI, L611-1, L612-2, L612-9 and L612-20). Fire safety is outside book VI: it asks for a diploma.

use super::*;
use crate::offer::Activity;

/// An activity as the CNAPS writes it on an authorisation or a card.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the French label of each says what it is")]
pub enum TitleActivity {
    Surveillance,
    DogHandling,
    VideoProtection,
    CashTransport,
    CloseProtection,
    ArmedSurveillance,
    AirportSecurity,
    PrivateInvestigation,
}

impl TitleActivity {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Surveillance,
        Self::DogHandling,
        Self::VideoProtection,
        Self::CashTransport,
        Self::CloseProtection,
        Self::ArmedSurveillance,
        Self::AirportSecurity,
        Self::PrivateInvestigation,
    ];

    /// The words on the title.
    pub fn label(self) -> &'static str {
        match self {
            Self::Surveillance => "surveillance humaine, par systèmes électroniques ou gardiennage",
            Self::DogHandling => "agent cynophile",
            Self::VideoProtection => "opérateur de vidéoprotection",
            Self::CashTransport => "transport de fonds",
            Self::CloseProtection => "protection physique des personnes",
            Self::ArmedSurveillance => "surveillance armée",
            Self::AirportSecurity => "sûreté aéroportuaire",
            Self::PrivateInvestigation => "recherches privées",
        }
    }

    /// Whether one company may exercise it only alone (CSI, L612-2 and L622-2); a person's card may carry
    /// several.
    fn is_exclusive(self) -> bool {
        match self {
            Self::CloseProtection
            | Self::ArmedSurveillance
            | Self::AirportSecurity
            | Self::PrivateInvestigation => true,
            Self::Surveillance
            | Self::DogHandling
            | Self::VideoProtection
            | Self::CashTransport => false,
        }
    }
}

impl Activity {
    /// What titles must carry for it; nothing for fire safety, which asks for a diploma instead.
    pub fn on_titles(self) -> Option<TitleActivity> {
        match self {
            Self::HumanSurveillance | Self::EventSecurity | Self::ElectronicSurveillance => {
                Some(TitleActivity::Surveillance)
            }
            Self::DogHandling => Some(TitleActivity::DogHandling),
            Self::VideoProtection => Some(TitleActivity::VideoProtection),
            Self::CashTransport => Some(TitleActivity::CashTransport),
            Self::CloseProtection => Some(TitleActivity::CloseProtection),
            Self::ArmedSurveillance => Some(TitleActivity::ArmedSurveillance),
            Self::AirportSecurity => Some(TitleActivity::AirportSecurity),
            Self::PrivateInvestigation => Some(TitleActivity::PrivateInvestigation),
            Self::FireSafety => None,
        }
    }

    /// What every agent sent for it must hold.
    pub fn agents_document(self) -> DocumentKind {
        match self.on_titles() {
            Some(_) => DocumentKind::ProfessionalCard,
            None => DocumentKind::FireSafetyDiploma,
        }
    }
}

impl DocumentDetails {
    /// The activities that were typed of a title: none for what carries no activities, and for titles that
    /// were deposited before they were asked for.
    pub fn activities(&self) -> Option<&BTreeSet<TitleActivity>> {
        match self {
            Self::Authorisation { activities, .. } | Self::ProfessionalCard { activities, .. } => {
                activities.as_ref()
            }
            Self::ManagerApproval { .. }
            | Self::FireSafetyDiploma { .. }
            | Self::Insurance { .. }
            | Self::BankDetails { .. }
            | Self::ConditionsOfSale { .. }
            | Self::Photo => None,
        }
    }

    /// Whether it is a title on which activities are written, and none was typed.
    pub fn lacks_activities(&self) -> bool {
        match self.kind() {
            DocumentKind::Authorisation | DocumentKind::ProfessionalCard => {
                self.activities().is_none_or(BTreeSet::is_empty)
            }
            DocumentKind::ManagerApproval
            | DocumentKind::FireSafetyDiploma
            | DocumentKind::Insurance
            | DocumentKind::BankDetails
            | DocumentKind::ConditionsOfSale
            | DocumentKind::Photo => false,
        }
    }

    /// Whether an authorisation carries activities that one company may not exercise together.
    pub(super) fn mixes_exclusive_activities(&self) -> bool {
        let Self::Authorisation {
            activities: Some(activities),
            ..
        } = self
        else {
            return false;
        };
        activities.len() > 1 && activities.iter().any(|one| one.is_exclusive())
    }
}

impl Professional {
    /// The activities that a title of this professional carries. One that was verified before activities
    /// were asked for carries surveillance, and what the operator looked up on it by hand.
    pub fn carried(&self, document: &Document) -> BTreeSet<TitleActivity> {
        if let Some(typed) = document.details.activities() {
            return typed.clone();
        }
        if !document.details.lacks_activities() {
            return BTreeSet::new();
        }
        let looked_up = TitleActivity::ALL.into_iter().filter(|one| {
            Activity::ALL.into_iter().any(|activity| {
                activity.on_titles() == Some(*one)
                    && self.has_found_right(Checked::Activity(activity))
            })
        });
        std::iter::once(TitleActivity::Surveillance)
            .chain(looked_up)
            .collect()
    }

    /// Whether a document is one of those that a mission of this kind may rely on.
    pub(super) fn carries(&self, document: &Document, activity: Option<TitleActivity>) -> bool {
        activity.is_none_or(|wanted| self.carried(document).contains(&wanted))
    }
}
