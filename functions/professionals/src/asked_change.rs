//! A change as a professional asks for it: who is new in it has no identifier yet.

use std::collections::BTreeSet;

use domain::identifiers::{CnapsNumber, Phone, Siren, Siret, VatNumber};
use domain::ids::{AgentId, EstablishmentId, ManagerId, SubcontractorId};
use domain::pricing::VatStatus;
use domain::professional::{
    Address, Agent, ChangeRefused, Establishment, Manager, Mediator, Professional, Proposal,
    Subcontractor, TitleActivity, Vat,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is to change. The SIREN never does, and the address that signs in changes in the account.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(crate) enum AskedChange {
    Phone {
        phone: Phone,
    },
    Description {
        #[schemars(length(min = 50, max = 2000))]
        description: String,
    },
    Mediator {
        mediator: Mediator,
    },
    Identity(Identity),
    Addresses(MainAddresses),
    Vat {
        status: VatStatus,
        number: Option<VatNumber>,
        from: Date,
    },
    ManagerJoins {
        #[schemars(length(min = 2, max = 120))]
        name: String,
    },
    ManagerLeaves {
        manager: ManagerId,
    },
    AgentJoins(Newcomer),
    AgentLeaves {
        agent: AgentId,
    },
    EstablishmentOpens {
        siret: Siret,
        address: Address,
    },
    EstablishmentCloses {
        establishment: EstablishmentId,
    },
    SubcontractorJoins(DeclaredSubcontractor),
    SubcontractorLeaves {
        subcontractor: SubcontractorId,
    },
}

/// Who the professional is called.
#[derive(Clone, Deserialize, JsonSchema)]
pub(crate) struct Identity {
    /// Name, or corporate name.
    #[schemars(length(min = 2, max = 120))]
    denomination: String,
    /// EI, SAS, SARL …
    #[schemars(length(min = 2, max = 40))]
    legal_form: String,
}

/// Where the professional is.
#[derive(Clone, Deserialize, JsonSchema)]
pub(crate) struct MainAddresses {
    /// SIRET of the establishment.
    siret: Siret,
    /// Where it is.
    establishment: Address,
    /// The head office, where it is another place.
    head_office: Option<Address>,
}

/// An agent to come.
#[derive(Clone, Deserialize, JsonSchema)]
pub(crate) struct Newcomer {
    /// First name.
    #[schemars(length(min = 1, max = 80))]
    first_name: String,
    /// Last name.
    #[schemars(length(min = 1, max = 80))]
    last_name: String,
}

/// A subcontractor to come.
#[derive(Clone, Deserialize, JsonSchema)]
pub(crate) struct DeclaredSubcontractor {
    /// Corporate name.
    #[schemars(length(min = 2, max = 120))]
    denomination: String,
    /// SIREN.
    siren: Siren,
    /// Its authorisation to exercise.
    authorisation: CnapsNumber,
    /// The last day of the authorisation.
    expires_on: Date,
    /// The activities written on it.
    activities: BTreeSet<TitleActivity>,
    /// 1, or 2 for a subcontractor of a subcontractor.
    #[schemars(range(min = 1, max = 2))]
    rank: u8,
}

/// Gives an identifier to whoever is new.
pub(crate) trait Names {
    fn manager(&self) -> ManagerId;
    fn agent(&self) -> AgentId;
    fn establishment(&self) -> EstablishmentId;
    fn subcontractor(&self) -> SubcontractorId;
}

fn of_file<T: Clone>(all: &[T], is: impl Fn(&T) -> bool) -> Result<T, ChangeRefused> {
    let mut all = all.iter();
    all.find(|one| is(one))
        .cloned()
        .ok_or(ChangeRefused::Unknown)
}

/// A number goes with charging VAT.
fn vat(status: VatStatus, number: Option<VatNumber>, from: Date) -> Proposal {
    let number = number.filter(|_| status == VatStatus::Registered);
    Proposal::Vat {
        vat: Vat { status, number },
        from,
    }
}

impl AskedChange {
    /// The change of this file that is asked for.
    pub(crate) fn of(
        self,
        professional: &Professional,
        names: &impl Names,
    ) -> Result<Proposal, ChangeRefused> {
        let profile = &professional.profile;
        Ok(match self {
            Self::Phone { phone } => Proposal::Phone { phone },
            Self::Description { description } => Proposal::Description { description },
            Self::Mediator { mediator } => Proposal::Mediator { mediator },
            Self::Identity(Identity {
                denomination,
                legal_form,
            }) => Proposal::Identity {
                denomination,
                legal_form,
            },
            Self::Addresses(asked) => asked.proposal(),
            Self::Vat {
                status,
                number,
                from,
            } => vat(status, number, from),
            Self::ManagerJoins { name } => {
                let id = names.manager();
                let manager = Manager { id, name };
                Proposal::ManagerJoins { manager }
            }
            Self::ManagerLeaves { manager } => {
                let manager = of_file(&profile.managers, |one| one.id == manager)?;
                Proposal::ManagerLeaves { manager }
            }
            Self::AgentJoins(Newcomer {
                first_name,
                last_name,
            }) => {
                let agent = Agent {
                    id: names.agent(),
                    first_name,
                    last_name,
                };
                Proposal::AgentJoins { agent, card: None }
            }
            Self::AgentLeaves { agent } => {
                let agent = of_file(&profile.agents, |one| one.id == agent)?;
                Proposal::AgentLeaves { agent }
            }
            Self::EstablishmentOpens { siret, address } => {
                let id = names.establishment();
                let establishment = Establishment { id, siret, address };
                Proposal::EstablishmentOpens { establishment }
            }
            Self::EstablishmentCloses { establishment } => {
                let found = of_file(&profile.establishments, |one| one.id == establishment)?;
                Proposal::EstablishmentCloses {
                    establishment: found,
                }
            }
            Self::SubcontractorJoins(declared) => declared.proposal(names.subcontractor()),
            Self::SubcontractorLeaves { subcontractor } => {
                let found = of_file(&profile.subcontractors, |one| one.id == subcontractor)?;
                Proposal::SubcontractorLeaves {
                    subcontractor: found,
                }
            }
        })
    }
}

impl MainAddresses {
    fn proposal(self) -> Proposal {
        Proposal::Addresses {
            siret: self.siret,
            establishment: self.establishment,
            head_office: self.head_office,
        }
    }
}

impl DeclaredSubcontractor {
    fn proposal(self, id: SubcontractorId) -> Proposal {
        Proposal::SubcontractorJoins {
            subcontractor: Subcontractor {
                id,
                denomination: self.denomination,
                siren: self.siren,
                authorisation: self.authorisation,
                expires_on: self.expires_on,
                activities: self.activities,
                rank: self.rank,
            },
        }
    }
}
