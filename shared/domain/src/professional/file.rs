//! The file of an accepted professional lives. What binds nobody else changes at once; what the operator
//! verifies waits, and the value in force stays public meanwhile. Every change is kept: who asked for it,
//! when, from where, what it said before and after, and how it was decided (terms, articles 4.2 and 5).

use super::*;
use crate::ids::FileChangeId;
use crate::pricing::VatStatus;

mod applying;
mod differences;
mod import;

pub use differences::Difference;
pub use import::{ImportFault, ImportedAgent, MOST_IMPORTED, read_agents};

/// The most changes of one file that wait at once.
pub const MOST_WAITING: usize = 60;

/// Something that a professional changes in the file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Proposal {
    /// Another telephone.
    Phone {
        /// The number.
        phone: Phone,
    },
    /// Other skills and experience.
    Description {
        /// The text.
        description: String,
    },
    /// Another mediator.
    Mediator {
        /// Which.
        mediator: Mediator,
    },
    /// Another page.
    Page {
        /// What it says.
        page: PresentationPage,
    },
    /// An agent who leaves.
    AgentLeaves {
        /// Who.
        agent: Agent,
    },
    /// Another name, or another legal form.
    Identity {
        /// Name, or corporate name.
        denomination: String,
        /// EI, SAS, SARL …
        legal_form: String,
    },
    /// Another establishment, or another head office.
    Addresses {
        /// SIRET of the establishment.
        siret: Siret,
        /// Where it is.
        establishment: Address,
        /// The head office, where it is another place.
        head_office: Option<Address>,
    },
    /// Charging VAT, or not any more.
    Vat {
        /// What.
        vat: Vat,
        /// From which day on.
        from: Date,
    },
    /// A manager more.
    ManagerJoins {
        /// Who.
        manager: Manager,
    },
    /// A manager less.
    ManagerLeaves {
        /// Who.
        manager: Manager,
    },
    /// An agent more.
    AgentJoins {
        /// Who.
        agent: Agent,
        /// What was typed of the card before it was deposited.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        card: Option<AnnouncedCard>,
    },
    /// An establishment more.
    EstablishmentOpens {
        /// Which.
        establishment: Establishment,
    },
    /// An establishment less.
    EstablishmentCloses {
        /// Which.
        establishment: Establishment,
    },
    /// A subcontractor more.
    SubcontractorJoins {
        /// Who.
        subcontractor: Subcontractor,
    },
    /// A subcontractor less.
    SubcontractorLeaves {
        /// Who.
        subcontractor: Subcontractor,
    },
}

/// What a list of agents says of a card before its copy is deposited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnnouncedCard {
    /// Its number.
    pub number: CnapsNumber,
    /// Its last day.
    pub expires_on: Date,
    /// The activities written on it.
    pub activities: BTreeSet<TitleActivity>,
}

/// Where a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// Nobody had to agree.
    Applied,
    /// The operator is to decide.
    Waiting,
    /// The operator asked for something first.
    ComplementAsked,
    /// In force, or from its day on.
    Accepted,
    /// Turned down.
    Refused,
    /// Taken back by the professional.
    Withdrawn,
    /// Another change of the same thing took its place before it was decided.
    Replaced,
}

impl ChangeState {
    /// Whether it is still to be decided.
    pub fn is_open(self) -> bool {
        match self {
            Self::Waiting | Self::ComplementAsked => true,
            Self::Applied | Self::Accepted | Self::Refused | Self::Withdrawn | Self::Replaced => {
                false
            }
        }
    }
}

/// Who asks for something, when, and from where.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// Which account.
    pub by: &'a AccountId,
    /// From which address.
    pub ip: &'a str,
    /// With which browser.
    pub browser: &'a str,
    /// When.
    pub at: Timestamp,
}

/// Something said about a change: what the operator asks for, or what the professional answers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
}

/// How a change was decided.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeDecision {
    /// By whom: the operator, or the professional who took it back.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// How it was verified.
    #[serde(default)]
    pub method: Option<String>,
    /// Why it was turned down.
    #[serde(default)]
    pub reason: Option<String>,
}

/// A change of a file: kept for ever.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    /// Its identifier.
    pub id: FileChangeId,
    /// Whose file.
    pub professional: ProfessionalId,
    /// What it changes.
    pub proposal: Proposal,
    /// What was in force when it was asked for.
    #[serde(default)]
    pub before: Option<Proposal>,
    /// By which account.
    pub asked_by: AccountId,
    /// When.
    pub asked_at: Timestamp,
    /// From which address.
    pub ip: String,
    /// With which browser.
    pub browser: String,
    /// Where it stands.
    pub state: ChangeState,
    /// What was asked and answered about it.
    #[serde(default)]
    pub remarks: Vec<Remark>,
    /// How it was decided.
    #[serde(default)]
    pub decision: Option<ChangeDecision>,
}

// What a change says may be personal: logs learn which one it is, and no more.
impl std::fmt::Debug for Proposal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proposal")
    }
}

impl std::fmt::Debug for FileChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FileChange({}, {:?})", self.id, self.state)
    }
}

/// People and places that wait for the operator: their documents are deposited and verified meanwhile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Proposed {
    /// Managers to come.
    pub managers: Vec<Manager>,
    /// Agents to come.
    pub agents: Vec<Agent>,
    /// Establishments to come.
    pub establishments: Vec<Establishment>,
}

/// Why a change is not made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ChangeRefused {
    /// The professional is not accepted, or the account is closed.
    #[error("Ce dossier n’est pas celui d’un professionnel accepté : il ne peut pas être modifié.")]
    NotAccepted,
    /// Nothing would change.
    #[error("Rien ne change : c’est déjà ce qui figure à votre dossier.")]
    Unchanged,
    /// What the file would say is refused.
    #[error(transparent)]
    Profile(#[from] RegistrationRefused),
    /// Nobody, or nothing, of this file.
    #[error("Cette personne ou cet établissement ne figure pas à votre dossier.")]
    Unknown,
    /// Without an agent nothing can be sold.
    #[error("C’est votre dernier agent : ajoutez-en un autre avant de le retirer.")]
    LastAgent,
    /// A company has a manager.
    #[error(
        "C’est votre seul dirigeant : ajoutez le suivant, et faites-le vérifier, avant de le retirer."
    )]
    LastManager,
    /// Registered without a number.
    #[error("Indiquez le numéro de TVA intracommunautaire.")]
    VatNumberMissing,
    /// What was invoiced stays what it was.
    #[error("Un changement de TVA prend effet aujourd’hui au plus tôt, et dans un an au plus.")]
    VatDay,
    /// A subcontractor of a subcontractor of a subcontractor.
    #[error("La sous-traitance s’arrête au second rang.")]
    Rank,
    /// One is not one’s own subcontractor.
    #[error("Un sous-traitant est une autre entreprise que la vôtre.")]
    OwnSubcontractor,
    /// Declared already.
    #[error("Ce numéro figure déjà à votre dossier.")]
    Twice,
    /// More than are read.
    #[error("Au plus 20 établissements et 20 sous-traitants.")]
    TooMany,
    /// Too many changes wait.
    #[error("Trop de changements attendent déjà une décision : attendez qu’ils soient examinés.")]
    TooManyWaiting,
    /// Somebody decided it already.
    #[error("Ce changement est déjà décidé.")]
    AlreadyDecided,
    /// Nothing was asked.
    #[error("Aucun complément n’est demandé.")]
    NothingAsked,
    /// What was in force when it was asked for is not any more.
    #[error(
        "Le dossier a changé depuis cette demande : refusez-la en le disant, et demandez-en une nouvelle."
    )]
    GroundMoved,
    /// No approval, card or authorisation was verified that is in force.
    #[error("Il manque une pièce vérifiée et en vigueur : {}.", .0.label())]
    DocumentMissing(DocumentKind),
    /// No card that carries what the company is authorised for, and no diploma.
    #[error(
        "La carte de cet agent ne porte aucune activité de l’autorisation de l’entreprise, et il n’a pas de diplôme SSIAP."
    )]
    NoActivity,
    /// Too short or too long.
    #[error("Dites-le en 10 à 1 000 caractères.")]
    Text,
}

impl ChangeRefused {
    /// The stable code of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAccepted => "file_not_accepted",
            Self::Unchanged => "change_without_difference",
            Self::Profile(refused) => refused.code(),
            Self::Unknown => "person_unknown",
            Self::LastAgent => "last_agent",
            Self::LastManager => "last_manager",
            Self::VatNumberMissing => "vat_number_missing",
            Self::VatDay => "vat_day_invalid",
            Self::Rank => "subcontractor_rank",
            Self::OwnSubcontractor => "subcontractor_is_oneself",
            Self::Twice => "declared_already",
            Self::TooMany => "file_too_long",
            Self::TooManyWaiting => "too_many_changes_wait",
            Self::AlreadyDecided => "change_already_decided",
            Self::NothingAsked => "no_complement_asked",
            Self::GroundMoved => "change_ground_moved",
            Self::DocumentMissing(_) => "change_document_missing",
            Self::NoActivity => "agent_without_activity",
            Self::Text => "change_text_invalid",
        }
    }
}

impl Proposal {
    /// The number of the card with which an agent is announced, before it is deposited.
    pub fn announced_card(&self) -> Option<&CnapsNumber> {
        match self {
            Self::AgentJoins { card, .. } => card.as_ref().map(|card| &card.number),
            _ => None,
        }
    }

    /// The word that names what is changed.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Phone { .. } => "phone",
            Self::Description { .. } => "description",
            Self::Mediator { .. } => "mediator",
            Self::Page { .. } => "page",
            Self::AgentLeaves { .. } => "agent_leaves",
            Self::Identity { .. } => "identity",
            Self::Addresses { .. } => "addresses",
            Self::Vat { .. } => "vat",
            Self::ManagerJoins { .. } => "manager_joins",
            Self::ManagerLeaves { .. } => "manager_leaves",
            Self::AgentJoins { .. } => "agent_joins",
            Self::EstablishmentOpens { .. } => "establishment_opens",
            Self::EstablishmentCloses { .. } => "establishment_closes",
            Self::SubcontractorJoins { .. } => "subcontractor_joins",
            Self::SubcontractorLeaves { .. } => "subcontractor_leaves",
        }
    }

    /// Whether it needs nobody's leave. That an agent left is one of them: who is gone is not sent.
    pub fn is_at_once(&self) -> bool {
        match self {
            Self::Phone { .. }
            | Self::Description { .. }
            | Self::Mediator { .. }
            | Self::Page { .. }
            | Self::AgentLeaves { .. }
            | Self::SubcontractorLeaves { .. } => true,
            Self::Identity { .. }
            | Self::Addresses { .. }
            | Self::Vat { .. }
            | Self::ManagerJoins { .. }
            | Self::ManagerLeaves { .. }
            | Self::AgentJoins { .. }
            | Self::EstablishmentOpens { .. }
            | Self::EstablishmentCloses { .. }
            | Self::SubcontractorJoins { .. } => false,
        }
    }

    /// Whether two change the same thing: the later one takes the place of the one that waits.
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Identity { .. }, Self::Identity { .. })
            | (Self::Addresses { .. }, Self::Addresses { .. })
            | (Self::Vat { .. }, Self::Vat { .. }) => true,
            (Self::ManagerLeaves { manager: one }, Self::ManagerLeaves { manager: other }) => {
                one.id == other.id
            }
            (
                Self::EstablishmentCloses { establishment: one },
                Self::EstablishmentCloses {
                    establishment: other,
                },
            ) => one.id == other.id,
            (_, _) => false,
        }
    }

    /// What the operator looks up with it.
    fn looked_up(&self) -> &'static [Checked] {
        match self {
            Self::Identity { .. } => &[Checked::Identity],
            Self::Addresses { .. } => &[Checked::Identity, Checked::Siret],
            Self::Vat { .. } => &[Checked::Vat],
            Self::ManagerJoins { .. } | Self::ManagerLeaves { .. } => &[Checked::Managers],
            Self::Phone { .. }
            | Self::Description { .. }
            | Self::Mediator { .. }
            | Self::Page { .. }
            | Self::AgentLeaves { .. }
            | Self::AgentJoins { .. }
            | Self::EstablishmentOpens { .. }
            | Self::EstablishmentCloses { .. }
            | Self::SubcontractorJoins { .. }
            | Self::SubcontractorLeaves { .. } => &[],
        }
    }
}

/// A text of 10 to 1 000 characters, without the spaces around it.
fn checked_text(text: &str) -> Result<String, ChangeRefused> {
    let text = text.trim();
    let fits = (10..=1000).contains(&text.chars().count());
    fits.then(|| text.to_owned()).ok_or(ChangeRefused::Text)
}

impl FileChange {
    /// What changes, field by field, for people.
    pub fn differences(&self) -> Vec<Difference> {
        Difference::between(self.before.as_ref(), &self.proposal)
    }

    fn check_open(&self) -> Result<(), ChangeRefused> {
        if self.state.is_open() {
            Ok(())
        } else {
            Err(ChangeRefused::AlreadyDecided)
        }
    }

    /// The operator accepts: what was proposed is in force, and what was looked up is verified.
    pub fn accept(
        &mut self,
        professional: &mut Professional,
        finding: &Finding<'_>,
    ) -> Result<(), ChangeRefused> {
        self.check_open()?;
        professional.check_living()?;
        if professional.in_force_of(&self.proposal) != self.before {
            return Err(ChangeRefused::GroundMoved);
        }
        let today = paris::local_date(finding.at);
        professional.check_documents(&self.proposal, today)?;
        let mut after = professional.clone();
        after.no_longer_proposed(&self.proposal);
        after.write_change(&self.proposal, finding.at)?;
        after.profile.check()?;
        after.record_lookups(&self.proposal, finding);
        *professional = after;
        self.state = ChangeState::Accepted;
        self.decision = Some(ChangeDecision {
            by: finding.by.clone(),
            at: finding.at,
            method: Some(finding.method.to_owned()),
            reason: None,
        });
        Ok(())
    }

    /// The operator turns it down, and says why; what was in force stays.
    pub fn refuse(
        &mut self,
        professional: &mut Professional,
        by: &AccountId,
        reason: &str,
        at: Timestamp,
    ) -> Result<(), ChangeRefused> {
        self.check_open()?;
        let reason = checked_text(reason)?;
        professional.give_up(&self.proposal);
        self.end(ChangeState::Refused, by, Some(reason), at);
        Ok(())
    }

    /// The operator asks for something before deciding.
    pub fn ask_complement(
        &mut self,
        by: &AccountId,
        text: &str,
        at: Timestamp,
    ) -> Result<(), ChangeRefused> {
        self.check_open()?;
        let text = checked_text(text)?;
        let by = by.clone();
        self.remarks.push(Remark { by, at, text });
        self.state = ChangeState::ComplementAsked;
        Ok(())
    }

    /// The professional answers: the operator decides again.
    pub fn answer(
        &mut self,
        by: &AccountId,
        text: &str,
        at: Timestamp,
    ) -> Result<(), ChangeRefused> {
        if self.state != ChangeState::ComplementAsked {
            return Err(ChangeRefused::NothingAsked);
        }
        let text = checked_text(text)?;
        let by = by.clone();
        self.remarks.push(Remark { by, at, text });
        self.state = ChangeState::Waiting;
        Ok(())
    }

    /// The professional takes it back.
    pub fn withdraw(
        &mut self,
        professional: &mut Professional,
        by: &AccountId,
        at: Timestamp,
    ) -> Result<(), ChangeRefused> {
        self.check_open()?;
        professional.give_up(&self.proposal);
        self.end(ChangeState::Withdrawn, by, None, at);
        Ok(())
    }

    /// Another change of the same thing takes its place.
    pub fn give_way(&mut self, by: &AccountId, at: Timestamp) -> Result<(), ChangeRefused> {
        self.check_open()?;
        self.end(ChangeState::Replaced, by, None, at);
        Ok(())
    }

    fn end(&mut self, state: ChangeState, by: &AccountId, reason: Option<String>, at: Timestamp) {
        self.state = state;
        self.decision = Some(ChangeDecision {
            by: by.clone(),
            at,
            method: None,
            reason,
        });
    }

    /// Since when it waits for the operator; nothing while it does not.
    pub fn waits_since(&self) -> Option<Timestamp> {
        match self.state {
            ChangeState::Waiting => {
                let answered = self.remarks.last().map(|remark| remark.at);
                Some(answered.unwrap_or(self.asked_at))
            }
            ChangeState::Applied
            | ChangeState::ComplementAsked
            | ChangeState::Accepted
            | ChangeState::Refused
            | ChangeState::Withdrawn
            | ChangeState::Replaced => None,
        }
    }
}
