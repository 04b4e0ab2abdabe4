//! A professional: who they are, the documents that prove it, and whether they may sell.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::account::Acceptance;
use crate::calendar::OpeningCalendar;
use crate::identifiers::{
    CnapsKind, CnapsNumber, CnapsWarning, Email, Iban, Phone, Siren, Siret, VatNumber,
};
use crate::ids::{
    AccountId, AgentId, DocumentId, EstablishmentId, IdRefused, ManagerId, OfferId, ProfessionalId,
    SubcontractorId,
};
use crate::offer::Activity;
use crate::places::PostalCode;
use crate::pricing::VatStatus;
use crate::ranking::TrackRecord;
use crate::time::interval::Interval;
use crate::time::paris;
use crate::time::zone::Zone;

mod absences;
mod carried;
mod checklist;
mod complaints;
mod deposit;
mod documents;
mod duplicates;
mod feed;
mod file;
mod leaving;
mod payouts;
mod public_text;
mod publication;
mod receipt;
mod registration;
mod standing;
mod titles;
mod validity;
mod vat;

pub use absences::{Absence, AbsenceKind, AbsenceRefused, MOST_ABSENCES};
pub use carried::TitleActivity;
pub use checklist::{Check, CheckState, Checked, Contradiction, Finding, NotChecked, Verification};
pub use complaints::{Complaint, Complaints, TOLD_FROM};
pub use deposit::{FileFault, OtherFile, ScanVerdict, SeenFile};
pub use documents::{
    Conditions, Despite, Document, DocumentDetails, DocumentFile, DocumentKind, DocumentStatus,
    EarlyEnd, FileType, LARGEST_FILE_BYTES, ShownDetails, ShownDocument,
};
pub use duplicates::{DuplicateExemption, DuplicateHint, DuplicateRefused, Likeness, Resemblance};
pub use feed::CalendarFeed;
pub use file::{
    AnnouncedCard, Asking, ChangeDecision, ChangeRefused, ChangeState, Difference, FileChange,
    ImportFault, ImportedAgent, MOST_IMPORTED, MOST_WAITING, Proposal, Proposed, Remark,
    read_agents,
};
pub use leaving::Departing;
pub use payouts::{BANK_CHANGE_HOLD, BankAccount, BankChange, PayoutAccount, PayoutStatus};
pub use public_text::{Weapons, check_public_text};
pub use receipt::{Arrival, ByHand, Notified, Receipt, Received};
pub use registration::{Missing, RegistrationRefused};
pub use standing::{
    Appeal, AppealAnswer, Decided, Ended, FormalNotice, Ground, HiddenOffer, Hiding, LiveBookings,
    Measure, MeasureKind, PastDecision, Reasons, Standing, StandingRefused, StandingStep,
};
pub use titles::{Gap, Holder};
pub use validity::{DocumentRefused, ExpiryReminder, ExpiryStep};
pub use vat::{FormerVat, NextVat, Vat, VatHistory};

/// The sentence that goes with every authorisation number (CSI, L612-14 and L612-15).
pub const NO_PUBLIC_POWER: &str = "L’autorisation d’exercice ne confère aucune prérogative de puissance publique à l’entreprise ou aux personnes qui en bénéficient.";

/// Natural person or company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    /// A sole trader who performs missions in person.
    Natural,
    /// A company with managers and agents.
    Legal,
}

/// Where a registration stands. Only `Accepted` professionals are shown and can be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProfessionalStatus {
    /// Being written.
    Draft,
    /// Waits for the operator.
    Submitted,
    /// Sent back for complements.
    ComplementsRequested,
    /// May sell.
    Accepted,
    /// Turned down.
    Refused,
    /// Was accepted; the account is closed.
    Closed,
}

/// A postal address in France.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Address {
    /// Street and number.
    #[schemars(length(min = 3, max = 120))]
    pub street: String,
    /// Five digits.
    pub postal_code: PostalCode,
    /// The town.
    #[schemars(length(min = 1, max = 80))]
    pub town: String,
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {} {}", self.street, self.postal_code, self.town)
    }
}

/// Where the professional is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Registry {
    /// Trade and companies register of a town.
    Rcs {
        /// The town of the court.
        #[schemars(length(min = 1, max = 80))]
        town: String,
    },
    /// National register of enterprises, which replaced the trades register in 2023.
    Rne,
}

/// A manager named in the register extract: each holds an approval.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Manager {
    /// Its identifier.
    pub id: ManagerId,
    /// First and last name.
    #[schemars(length(min = 2, max = 120))]
    pub name: String,
}

/// A guard made available to clients: each holds a professional card.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Agent {
    /// Its identifier.
    pub id: AgentId,
    /// First name, shown to the client of an accepted booking.
    #[schemars(length(min = 1, max = 80))]
    pub first_name: String,
    /// Last name.
    #[schemars(length(min = 1, max = 80))]
    pub last_name: String,
}

impl Agent {
    /// First and last name.
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// A place of business beside the main one: each has an authorisation of its own (CSI, L612-9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Establishment {
    /// Its identifier.
    pub id: EstablishmentId,
    /// SIRET, 14 digits.
    pub siret: Siret,
    /// Where it is.
    pub address: Address,
}

/// A company to which services may be subcontracted (terms, article 2.2; CSI, R631-23).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Subcontractor {
    /// Its identifier.
    pub id: SubcontractorId,
    /// Corporate name.
    #[schemars(length(min = 2, max = 120))]
    pub denomination: String,
    /// SIREN, 9 digits.
    pub siren: Siren,
    /// Its authorisation to exercise.
    pub authorisation: CnapsNumber,
    /// The last day of the authorisation.
    pub expires_on: Date,
    /// The activities written on it.
    pub activities: BTreeSet<TitleActivity>,
    /// 1, or 2 for a subcontractor of a subcontractor.
    #[schemars(range(min = 1, max = 2))]
    pub rank: u8,
}

macro_rules! hidden_debug {
    ($($name:ident)*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.id)
            }
        }
    )*};
}
hidden_debug! { Manager Agent Subcontractor Professional }

/// The mediator that consumers may turn to (C. conso., L616-1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mediator {
    /// Its name.
    #[schemars(length(min = 2, max = 120))]
    pub name: String,
    /// Its site, `https` only.
    #[schemars(length(max = 200))]
    pub website: String,
}

/// Everything that the terms ask of a professional (article 4.2). Every field may be empty while
/// the registration is being written; `Professional::missing` says what is left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    /// Natural person or company.
    pub kind: Option<PersonKind>,
    /// Legal form: EI, SAS, SARL …
    #[schemars(length(max = 40))]
    pub legal_form: Option<String>,
    /// Name, or corporate name.
    #[schemars(length(max = 120))]
    pub denomination: Option<String>,
    /// SIREN, 9 digits.
    pub siren: Option<Siren>,
    /// SIRET of the establishment, 14 digits.
    pub siret: Option<Siret>,
    /// RCS and town, or RNE.
    pub registry: Option<Registry>,
    /// Registered for VAT, or under the exemption (CGI, article 293 B).
    pub vat_status: Option<VatStatus>,
    /// VAT number, required when registered for VAT.
    pub vat_number: Option<VatNumber>,
    /// Address of the establishment.
    pub establishment: Option<Address>,
    /// Head office, where it is another place.
    pub head_office: Option<Address>,
    /// Phone number, public by the terms (article 2.2).
    pub phone: Option<Phone>,
    /// Skills and experience, 50 to 2 000 characters.
    #[schemars(length(max = 2000))]
    pub description: Option<String>,
    /// Managers named in the register extract.
    #[schemars(length(max = 20))]
    pub managers: Vec<Manager>,
    /// Agents made available.
    #[schemars(length(max = 50))]
    pub agents: Vec<Agent>,
    /// Mediator for consumers.
    pub mediator: Option<Mediator>,
    /// Establishments beside the main one.
    #[schemars(length(max = 20))]
    pub establishments: Vec<Establishment>,
    /// Subcontractors who perform services, if any.
    #[schemars(length(max = 20))]
    pub subcontractors: Vec<Subcontractor>,
}

/// What the applicant declares on submitting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Declarations {
    /// Accepts the terms for professionals.
    pub accepts_terms: bool,
    /// Certifies that everything is true and complete (terms, article 4.2).
    pub certifies_accuracy: bool,
    /// Undertakes to follow the code of ethics (CSI, R631-1 and following).
    pub follows_code_of_ethics: bool,
    /// Gives the mandate to invoice in their name (CGI, 289 I-2).
    pub gives_billing_mandate: bool,
}

/// The page that the public sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PresentationPage {
    /// A line under the name.
    #[schemars(length(min = 5, max = 120))]
    pub headline: String,
    /// Presentation, plain text.
    #[schemars(length(min = 50, max = 4000))]
    pub presentation: String,
    /// Specialities.
    #[schemars(length(max = 12))]
    #[serde(default)]
    pub specialities: Vec<String>,
    /// Languages spoken.
    #[schemars(length(max = 10))]
    #[serde(default)]
    pub languages: Vec<String>,
    /// Whether the page can be seen.
    pub published: bool,
}

/// A professional, from the first line of a registration on.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Professional {
    /// Its identifier.
    pub id: ProfessionalId,
    /// The e-mail that will sign in.
    pub email: Email,
    /// When it was verified.
    pub email_verified_at: Option<Timestamp>,
    /// Where the registration stands.
    pub status: ProfessionalStatus,
    /// Who they are.
    pub profile: Profile,
    /// What proves it.
    pub documents: Vec<Document>,
    /// Terms and mandates accepted, append-only.
    pub acceptances: Vec<Acceptance>,
    /// When the registration began.
    pub created_at: Timestamp,
    /// When it was last submitted.
    pub submitted_at: Option<Timestamp>,
    /// When it was last decided.
    pub decided_at: Option<Timestamp>,
    /// By which admin.
    pub decided_by: Option<AccountId>,
    /// Why, for the operator's file only.
    pub internal_reason: Option<String>,
    /// What the applicant is asked to complete.
    pub complements: Option<String>,
    /// The account that acts for them, once accepted.
    pub account: Option<AccountId>,
    /// Since when the public sees nothing of them: what `standing` says.
    pub hidden_at: Option<Timestamp>,
    /// What the operator decided since.
    #[serde(default)]
    pub standing: Standing,
    /// The page.
    pub page: Option<PresentationPage>,
    /// When missions may take place.
    pub calendar: OpeningCalendar,
    /// Where their calendar application reads accepted missions.
    #[serde(default)]
    pub feed: CalendarFeed,
    /// The Connect account that is paid.
    pub payout_account: Option<PayoutAccount>,
    /// The bank account that replaced the one of the registration.
    pub bank_account: Option<BankAccount>,
    /// A bank account that will replace it.
    pub bank_change: Option<BankChange>,
    /// What clients and bookings say of them.
    pub record: TrackRecord,
    /// Reminders of documents that end, already sent.
    #[serde(default)]
    pub expiry_reminders: Vec<ExpiryReminder>,
    /// What the operator allowed two professionals to have in common.
    #[serde(default)]
    pub exemptions: Vec<DuplicateExemption>,
    /// What the operator looked up by hand.
    #[serde(default)]
    pub verifications: Vec<Verification>,
    /// When agents are not there.
    #[serde(default)]
    pub absences: Vec<Absence>,
    /// Who waits for the operator since acceptance.
    #[serde(default)]
    pub proposed: Proposed,
    /// Whether VAT was charged before, and will be.
    #[serde(default)]
    pub vat_history: VatHistory,
    /// Agents who left: missions and their papers still name them.
    #[serde(default)]
    pub departed: Vec<Agent>,
    /// The last year of which they were told what they were paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement_told: Option<i16>,
}

impl Professional {
    /// The name that the public reads.
    pub fn name(&self) -> &str {
        self.profile
            .denomination
            .as_deref()
            .unwrap_or("Professionnel de sécurité")
    }

    /// Somebody of the team, or who was once.
    pub fn agent(&self, id: &AgentId) -> Option<&Agent> {
        let mut all = self.profile.agents.iter().chain(&self.departed);
        all.find(|one| one.id == *id)
    }

    /// Whether the public may see the page.
    pub fn is_before_the_public(&self) -> bool {
        self.status == ProfessionalStatus::Accepted
            && self.hidden_at.is_none()
            && self.page.as_ref().is_some_and(|page| page.published)
    }

    /// Whether a page that the public saw is offline because its account is suspended or closed.
    pub fn is_gone(&self) -> bool {
        let over = self.status == ProfessionalStatus::Closed;
        let shown = self.page.as_ref().is_some_and(|page| page.published);
        shown && (over || self.standing.bars_sign_in().is_some())
    }

    /// Whether somebody can sign in for this professional: accepted, and not closed since.
    pub fn has_an_account(&self) -> bool {
        self.status == ProfessionalStatus::Accepted
    }

    /// Whether the public may see this professional and book any mission.
    pub fn is_open_for_missions(&self) -> Result<(), ProfessionalRefused> {
        if self.status != ProfessionalStatus::Accepted || self.hidden_at.is_some() {
            return Err(ProfessionalRefused::NotAvailable);
        }
        if self.is_payable() {
            Ok(())
        } else {
            Err(ProfessionalRefused::NotPayable)
        }
    }

    /// Up to which day what this professional sells of an activity can be ordered at `now`; or why it
    /// cannot be.
    pub fn sells(&self, activity: Activity, now: Timestamp) -> Result<Date, ProfessionalRefused> {
        self.is_open_for_missions()?;
        if self.ends_before(now) {
            return Err(ProfessionalRefused::NotAvailable);
        }
        self.covered_until(activity, paris::local_date(now))
            .ok_or(ProfessionalRefused::TitlesExpire)
    }

    /// Whether the public may see and book this professional for `mission` of an activity, at a place with
    /// this zone; whether its agents have their cards is asked when they are chosen.
    pub fn may_perform(
        &self,
        activity: Activity,
        mission: Interval,
        zone: Zone,
    ) -> Result<(), ProfessionalRefused> {
        self.is_open_for_missions()?;
        if self.ends_before(mission.end()) {
            return Err(ProfessionalRefused::NotAvailable);
        }
        if self.gaps(activity, mission, zone, &[]).is_empty() {
            Ok(())
        } else {
            Err(ProfessionalRefused::TitlesExpire)
        }
    }

    /// Whether this professional may take a mission on now with these agents: not hidden meanwhile, and
    /// with every title in force on every day of it.
    pub fn may_accept(
        &self,
        activity: Activity,
        mission: Interval,
        zone: Zone,
        agents: &[AgentId],
    ) -> Result<(), ProfessionalRefused> {
        if self.status != ProfessionalStatus::Accepted || self.hidden_at.is_some() {
            return Err(ProfessionalRefused::NotAvailable);
        }
        if self.gaps(activity, mission, zone, agents).is_empty() {
            Ok(())
        } else {
            Err(ProfessionalRefused::TitlesMissing)
        }
    }

    /// The address in public links: the name in plain letters and the identifier.
    pub fn slug(&self) -> String {
        slug(self.name(), &self.id)
    }
}

/// The address in public links of the professional `id` called `name`.
pub fn slug(name: &str, id: &ProfessionalId) -> String {
    let plain = deunicode::deunicode(name).to_lowercase();
    let words: Vec<&str> = plain
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    format!("{}-{}", words.join("-"), id.as_str())
}

/// The professional whom an address in public links names; what is before the identifier is for
/// people and may have changed.
pub fn of_slug(slug: &str) -> Result<ProfessionalId, IdRefused> {
    ProfessionalId::parse(slug.rsplit('-').next().unwrap_or_default())
}

/// Why a professional cannot take a mission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProfessionalRefused {
    /// Not accepted, or hidden.
    #[error("Ce professionnel n’est pas disponible.")]
    NotAvailable,
    /// Cannot be paid yet.
    #[error(
        "Ce professionnel sera bientôt réservable : son compte de paiement n’est pas encore actif."
    )]
    NotPayable,
    /// A title for the activity, or the insurance, is not in force until the end of the mission.
    #[error(
        "Un titre de ce professionnel pour cette activité, ou son assurance, n’est pas en vigueur jusqu’à la fin de la mission."
    )]
    TitlesExpire,
    /// The professional, or an agent who was chosen, lacks a title on a day of the mission.
    #[error(
        "Un titre, une carte professionnelle ou l’assurance manque un des jours de la mission : déposez la pièce à jour, ou faites-la vérifier, avant d’accepter."
    )]
    TitlesMissing,
    /// No authorisation in force carries the activity (CSI, L612-9).
    #[error(
        "Aucune autorisation d’exercice vérifiée et en vigueur ne porte cette activité : déposez celle qui la porte."
    )]
    NotAuthorised,
    /// No agent has a card that carries the activity, or the diploma that it asks for.
    #[error(
        "Aucun de vos agents n’a de carte professionnelle vérifiée et en vigueur pour cette activité, ou de diplôme SSIAP pour la sécurité incendie."
    )]
    NoAgentForActivity,
    /// The insurance, or a manager's approval, is not in force.
    #[error(
        "L’assurance, ou l’agrément d’un dirigeant, n’est pas en vigueur : déposez la pièce à jour avant de publier."
    )]
    NotCovered,
    /// Not enough agents are free.
    #[error("Il n’y a pas assez d’agents disponibles à ces dates.")]
    AgentsUnavailable,
    /// No conditions of sale were verified (terms, article 10).
    #[error(
        "Vos conditions générales de vente doivent être déposées et vérifiées avant de publier une offre."
    )]
    ConditionsMissing,
}

impl ProfessionalRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAvailable => "professional_not_available",
            Self::NotPayable => "professional_not_payable",
            Self::TitlesExpire => "professional_titles_expire",
            Self::TitlesMissing => "titles_missing",
            Self::NotAuthorised => "activity_not_authorised",
            Self::NoAgentForActivity => "activity_without_agent",
            Self::NotCovered => "professional_not_covered",
            Self::AgentsUnavailable => "agents_unavailable",
            Self::ConditionsMissing => "conditions_of_sale_missing",
        }
    }
}
