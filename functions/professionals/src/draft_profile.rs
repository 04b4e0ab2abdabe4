//! A profile as an applicant sends it: people who are new in it have no identifier yet.

use domain::identifiers::{Phone, Siren, Siret, VatNumber};
use domain::ids::{AgentId, ManagerId};
use domain::pricing::VatStatus;
use domain::professional::{
    Address, Agent, Establishment, Manager, Mediator, PersonKind, Profile, Registry, Subcontractor,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Everything that the terms ask for (article 4.2); every field may be absent for now.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DraftProfile {
    /// Natural person or company.
    kind: Option<PersonKind>,
    /// Legal form: EI, SAS, SARL …
    #[schemars(length(max = 40))]
    legal_form: Option<String>,
    /// Name, or corporate name.
    #[schemars(length(max = 120))]
    denomination: Option<String>,
    /// SIREN, 9 digits.
    siren: Option<Siren>,
    /// SIRET of the establishment, 14 digits.
    siret: Option<Siret>,
    /// RCS and town, or RNE.
    registry: Option<Registry>,
    /// Registered for VAT, or under the exemption.
    vat_status: Option<VatStatus>,
    /// VAT number, required when registered for VAT.
    vat_number: Option<VatNumber>,
    /// Address of the establishment.
    establishment: Option<Address>,
    /// Head office, where it is another place.
    head_office: Option<Address>,
    /// Phone number.
    phone: Option<Phone>,
    /// Skills and experience, 50 to 2 000 characters.
    #[schemars(length(max = 2000))]
    description: Option<String>,
    /// Managers named in the register extract.
    #[schemars(length(max = 20))]
    managers: Vec<DraftManager>,
    /// Agents made available.
    #[schemars(length(max = 50))]
    agents: Vec<DraftAgent>,
    /// Mediator for consumers.
    mediator: Option<Mediator>,
    /// As read, or absent: further establishments are declared in the file of an accepted professional.
    #[schemars(length(max = 20))]
    establishments: Option<Vec<Establishment>>,
    /// As read, or absent: likewise.
    #[schemars(length(max = 20))]
    subcontractors: Option<Vec<Subcontractor>>,
}

/// A manager: with an identifier once known.
#[derive(Clone, Deserialize, JsonSchema)]
pub(crate) struct DraftManager {
    /// As given before, absent for somebody new.
    id: Option<ManagerId>,
    /// First and last name.
    #[schemars(length(min = 2, max = 120))]
    name: String,
}

/// An agent: with an identifier once known.
#[derive(Clone, Deserialize, JsonSchema)]
pub(crate) struct DraftAgent {
    /// As given before, absent for somebody new.
    id: Option<AgentId>,
    /// First name.
    #[schemars(length(min = 1, max = 80))]
    first_name: String,
    /// Last name.
    #[schemars(length(min = 1, max = 80))]
    last_name: String,
}

/// Gives identifiers to people who are new.
pub(crate) struct Fresh<M, A> {
    pub(crate) manager: M,
    pub(crate) agent: A,
}

impl DraftProfile {
    /// The field that is shown with a profile, is not written with it, and was changed all the same.
    pub(crate) fn not_written_here(&self, known: &Profile) -> Option<&'static str> {
        let same_establishments = match &self.establishments {
            Some(sent) => *sent == known.establishments,
            None => true,
        };
        let same_subcontractors = match &self.subcontractors {
            Some(sent) => *sent == known.subcontractors,
            None => true,
        };
        match (same_establishments, same_subcontractors) {
            (false, _) => Some("profile.establishments"),
            (true, false) => Some("profile.subcontractors"),
            (true, true) => None,
        }
    }

    /// The profile: people known by their identifier keep it, the others are given one.
    pub(crate) fn into_profile<M, A>(self, known: &Profile, fresh: &Fresh<M, A>) -> Profile
    where
        M: Fn() -> ManagerId,
        A: Fn() -> AgentId,
    {
        let mut managers: Vec<Manager> = Vec::with_capacity(self.managers.len());
        for DraftManager { id, name } in self.managers {
            let kept = id.filter(|id| {
                known.managers.iter().any(|known| known.id == *id)
                    && managers.iter().all(|listed| listed.id != *id)
            });
            managers.push(Manager {
                id: kept.unwrap_or_else(&fresh.manager),
                name,
            });
        }
        let mut agents: Vec<Agent> = Vec::with_capacity(self.agents.len());
        for DraftAgent {
            id,
            first_name,
            last_name,
        } in self.agents
        {
            let kept = id.filter(|id| {
                known.agents.iter().any(|known| known.id == *id)
                    && agents.iter().all(|listed| listed.id != *id)
            });
            agents.push(Agent {
                id: kept.unwrap_or_else(&fresh.agent),
                first_name,
                last_name,
            });
        }
        Profile {
            kind: self.kind,
            legal_form: self.legal_form,
            denomination: self.denomination,
            siren: self.siren,
            siret: self.siret,
            registry: self.registry,
            vat_status: self.vat_status,
            vat_number: self.vat_number,
            establishment: self.establishment,
            head_office: self.head_office,
            phone: self.phone,
            description: self.description,
            managers,
            agents,
            mediator: self.mediator,
            establishments: known.establishments.clone(),
            subcontractors: known.subcontractors.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::TypedId as _;

    use super::*;

    fn agent_id(last: char) -> AgentId {
        AgentId::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S6A{last}"))
    }

    fn agents_of(ids: &[Option<char>], known: &[char]) -> Vec<AgentId> {
        let draft_agent = |id: &Option<char>| DraftAgent {
            id: id.map(agent_id),
            first_name: "Léa".to_owned(),
            last_name: "Roy".to_owned(),
        };
        let known_agent = |last: &char| Agent {
            id: agent_id(*last),
            first_name: "Léa".to_owned(),
            last_name: "Roy".to_owned(),
        };
        let draft = DraftProfile {
            agents: ids.iter().map(draft_agent).collect(),
            ..DraftProfile::default()
        };
        let known = Profile {
            agents: known.iter().map(known_agent).collect(),
            ..Profile::default()
        };
        let fresh = Fresh {
            manager: || ManagerId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
            agent: || agent_id('Z'),
        };
        draft
            .into_profile(&known, &fresh)
            .agents
            .into_iter()
            .map(|agent| agent.id)
            .collect()
    }

    #[test]
    fn known_people_keep_their_identifier_and_new_ones_are_given_one() {
        assert_eq!(
            agents_of(&[Some('A'), None], &['A', 'B']),
            [agent_id('A'), agent_id('Z')]
        );
    }

    #[test]
    fn an_identifier_of_nobody_known_is_not_kept() {
        assert_eq!(agents_of(&[Some('C')], &['A']), [agent_id('Z')]);
    }

    #[test]
    fn an_identifier_given_twice_names_the_first() {
        assert_eq!(
            agents_of(&[Some('A'), Some('A')], &['A']),
            [agent_id('A'), agent_id('Z')]
        );
    }
}
