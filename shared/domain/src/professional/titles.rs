//! The document in force: one rule for every screen, mail, check and payout. A document is in force on
//! a day when the operator verified it and the day is between its first and its last, which is the day
//! that is written on it or the one on which it was withdrawn. Of several, the one that lasts longest
//! counts (terms, articles 4.2 and 10; CSI, L612-9 and L612-20).

use jiff::ToSpan as _;

use super::*;
use crate::offer::Activity;

/// Whose a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder<'a> {
    /// The professional's own: authorisation, insurance, bank details, conditions of sale, photo.
    Company,
    /// A manager's approval.
    Manager(&'a ManagerId),
    /// An agent's card.
    Agent(&'a AgentId),
    /// The authorisation of an establishment beside the main one.
    Establishment(&'a EstablishmentId),
}

/// A title or an insurance that a mission needs, on the first of its days on which none is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What is needed.
    pub kind: DocumentKind,
    /// The first day without it.
    pub from: Date,
    /// The verified document of its holder that lasts longest, which ends before `from` or begins after
    /// it; nothing when none was ever verified.
    pub document: Option<DocumentId>,
}

impl DocumentDetails {
    /// Whose the document is.
    pub fn holder(&self) -> Holder<'_> {
        match self {
            Self::ManagerApproval { manager, .. } => Holder::Manager(manager),
            Self::ProfessionalCard { agent, .. } | Self::FireSafetyDiploma { agent, .. } => {
                Holder::Agent(agent)
            }
            Self::Authorisation {
                establishment: Some(establishment),
                ..
            } => Holder::Establishment(establishment),
            Self::Authorisation { .. }
            | Self::Insurance { .. }
            | Self::BankDetails { .. }
            | Self::ConditionsOfSale { .. }
            | Self::Photo => Holder::Company,
        }
    }
}

impl Document {
    /// Whose it is.
    pub fn holder(&self) -> Holder<'_> {
        self.details.holder()
    }

    /// The manager whose approval it is.
    pub fn manager(&self) -> Option<&ManagerId> {
        match self.holder() {
            Holder::Manager(manager) => Some(manager),
            Holder::Company | Holder::Agent(_) | Holder::Establishment(_) => None,
        }
    }

    /// The agent whose card it is.
    pub fn agent(&self) -> Option<&AgentId> {
        match self.holder() {
            Holder::Agent(agent) => Some(agent),
            Holder::Company | Holder::Manager(_) | Holder::Establishment(_) => None,
        }
    }

    /// The first day on which it is valid, for kinds that begin.
    pub fn valid_from(&self) -> Option<Date> {
        if let DocumentDetails::Insurance { valid_from, .. } = &self.details {
            Some(*valid_from)
        } else {
            None
        }
    }

    /// Whether it is in force on `day`.
    pub fn is_in_force(&self, day: Date) -> bool {
        self.status == DocumentStatus::Verified
            && self.valid_from().is_none_or(|first| first <= day)
            && self.expires_on().is_none_or(|last| day <= last)
    }
}

/// A document that is needed, and what it must carry.
#[derive(Debug, Clone, Copy)]
struct Need<'a> {
    kind: DocumentKind,
    whose: Holder<'a>,
    carries: Option<TitleActivity>,
}

impl<'a> Need<'a> {
    fn of_agent(activity: Activity, agent: &'a AgentId) -> Self {
        Self {
            kind: activity.agents_document(),
            whose: Holder::Agent(agent),
            carries: activity.on_titles(),
        }
    }
}

impl Professional {
    /// The document of a kind that is in force for somebody on a day.
    pub fn in_force(&self, kind: DocumentKind, whose: Holder<'_>, on: Date) -> Option<&Document> {
        let carries = None;
        self.meets(
            Need {
                kind,
                whose,
                carries,
            },
            on,
        )
    }

    /// The conditions of sale in force: the last that were verified.
    pub fn conditions_of_sale(&self) -> Option<&Document> {
        self.verified(DocumentKind::ConditionsOfSale).last()
    }

    /// The verified documents of one kind, whether or not they are still in force.
    pub fn verified(&self, kind: DocumentKind) -> impl DoubleEndedIterator<Item = &Document> {
        self.documents.iter().filter(move |document| {
            document.kind() == kind && document.status == DocumentStatus::Verified
        })
    }

    /// An agent's card in force on a day, whatever it carries.
    pub fn card_in_force(&self, agent: &AgentId, on: Date) -> Option<&Document> {
        self.in_force(DocumentKind::ProfessionalCard, Holder::Agent(agent), on)
    }

    /// What lets an agent work for an activity on a day: a card that carries it, or the diploma that it
    /// asks for.
    pub fn credential(&self, agent: &AgentId, activity: Activity, on: Date) -> Option<&Document> {
        self.meets(Need::of_agent(activity, agent), on)
    }

    /// The last day up to which an agent may work for an activity on every day from `from` on.
    pub fn credential_lasts_until(
        &self,
        agent: &AgentId,
        activity: Activity,
        from: Date,
    ) -> Option<Date> {
        self.lasts_until(Need::of_agent(activity, agent), from)
    }

    /// Agents who may work for the activity on every day of `mission`, by the clocks of its place.
    pub fn agents_with_titles(
        &self,
        activity: Activity,
        mission: Interval,
        zone: Zone,
    ) -> Vec<&Agent> {
        let agents = self.profile.agents.iter();
        let titled = agents.filter(|agent| self.has_titles(&agent.id, activity, mission, zone));
        titled.collect()
    }

    /// Whether one agent may work for the activity on every day of `mission`, by the clocks of its place.
    pub fn has_titles(
        &self,
        agent: &AgentId,
        activity: Activity,
        mission: Interval,
        zone: Zone,
    ) -> bool {
        let (first, last) = mission.first_and_last_day(zone);
        let need = Need::of_agent(activity, agent);
        self.gap(need, first, last).is_none()
    }

    /// Agents who hold a card or a diploma on every day of `mission`, whatever it carries: where the activity
    /// is not known.
    pub fn agents_with_some_title(&self, mission: Interval, zone: Zone) -> Vec<&Agent> {
        let (first, last) = mission.first_and_last_day(zone);
        let holds = |agent: &Agent, kind: DocumentKind| {
            let need = Need {
                kind,
                whose: Holder::Agent(&agent.id),
                carries: None,
            };
            self.gap(need, first, last).is_none()
        };
        let agents = self.profile.agents.iter();
        let titled = agents.filter(|agent| {
            holds(agent, DocumentKind::ProfessionalCard)
                || holds(agent, DocumentKind::FireSafetyDiploma)
        });
        titled.collect()
    }

    /// The last day up to which authorisation, managers' approvals and insurance are all in force on
    /// every day from `from` on, whatever they carry; `None` when one of them is not on `from` itself.
    pub fn titles_valid_until(&self, from: Date) -> Option<Date> {
        self.all_last_until(self.of_company(None), from)
    }

    /// The same for what an activity asks of the company.
    pub fn covered_until(&self, activity: Activity, from: Date) -> Option<Date> {
        self.all_last_until(self.needed(activity), from)
    }

    fn all_last_until<'a>(
        &self,
        needs: impl Iterator<Item = Need<'a>>,
        from: Date,
    ) -> Option<Date> {
        needs
            .map(|need| self.lasts_until(need, from))
            .reduce(|one, other| Some(one?.min(other?)))
            .flatten()
    }

    /// What a mission of an activity by these agents needs on each of its days, by the clocks of its place,
    /// and that is not in force on one of them.
    pub fn gaps(
        &self,
        activity: Activity,
        mission: Interval,
        zone: Zone,
        agents: &[AgentId],
    ) -> Vec<Gap> {
        let (first, last) = mission.first_and_last_day(zone);
        self.gaps_between(activity, first, last, agents)
    }

    /// The same on each day from one to another.
    pub fn gaps_between(
        &self,
        activity: Activity,
        first: Date,
        last: Date,
        agents: &[AgentId],
    ) -> Vec<Gap> {
        let of_agents = agents.iter().map(|agent| Need::of_agent(activity, agent));
        self.needed(activity)
            .chain(of_agents)
            .filter_map(|need| self.gap(need, first, last))
            .collect()
    }

    /// Whose a document is, by name or address, whether they are of the file, asked to be, or were: nothing
    /// of the professional's own.
    pub fn whose(&self, document: &Document) -> Option<String> {
        let (profile, proposed) = (&self.profile, &self.proposed);
        match document.holder() {
            Holder::Company => None,
            Holder::Manager(id) => {
                let mut managers = profile.managers.iter().chain(&proposed.managers);
                managers
                    .find(|one| one.id == *id)
                    .map(|one| one.name.clone())
            }
            Holder::Agent(id) => {
                let agents = profile.agents.iter().chain(&proposed.agents);
                let mut agents = agents.chain(&self.departed);
                agents.find(|one| one.id == *id).map(Agent::name)
            }
            Holder::Establishment(id) => {
                let places = profile.establishments.iter();
                let mut places = places.chain(&proposed.establishments);
                let found = places.find(|one| one.id == *id);
                found.map(|one| one.address.to_string())
            }
        }
    }

    /// Whether something that was verified of the company, or of this agent, is not in force on a day
    /// between two: a title, an activity that it carried, the insurance. Whatever was sold was sold on
    /// something verified, so that nothing is missing when this is false.
    pub fn lost_something(&self, first: Date, last: Date, agent: Option<&AgentId>) -> bool {
        let concerned = self.documents.iter().filter(|document| {
            let of_whom = match document.holder() {
                Holder::Agent(of) => agent.is_none_or(|agent| agent == of),
                Holder::Company | Holder::Manager(_) => self.has_holder(document.holder()),
                // Its authorisation is not what missions are performed under.
                Holder::Establishment(_) => false,
            };
            of_whom
                && document.status == DocumentStatus::Verified
                && document.expires_on().is_some()
        });
        let mut needs = concerned.flat_map(|document| {
            let carried = self.carried(document).into_iter().map(Some);
            std::iter::once(None).chain(carried).map(|carries| Need {
                kind: document.kind(),
                whose: document.holder(),
                carries,
            })
        });
        needs.any(|need| self.gap(need, first, last).is_some())
    }

    /// What a mission of the activity asks of the company: its authorisation with the activity, each
    /// manager's approval, and the insurance; for fire safety, which is no activity of book VI, the
    /// insurance alone.
    fn needed(&self, activity: Activity) -> impl Iterator<Item = Need<'_>> {
        let titled = activity.on_titles();
        self.of_company(titled)
            .filter(move |need| titled.is_some() || need.kind == DocumentKind::Insurance)
    }

    fn of_company(&self, carries: Option<TitleActivity>) -> impl Iterator<Item = Need<'_>> {
        let of = |kind, whose, carries| Need {
            kind,
            whose,
            carries,
        };
        let approvals = self.profile.managers.iter();
        let approvals = approvals.map(move |one| {
            of(
                DocumentKind::ManagerApproval,
                Holder::Manager(&one.id),
                None,
            )
        });
        [
            of(DocumentKind::Authorisation, Holder::Company, carries),
            of(DocumentKind::Insurance, Holder::Company, None),
        ]
        .into_iter()
        .chain(approvals)
    }

    fn meets(&self, need: Need<'_>, on: Date) -> Option<&Document> {
        let held = self.verified_of(need.kind, need.whose);
        longest(
            held.filter(|document| {
                document.is_in_force(on) && self.carries(document, need.carries)
            }),
        )
    }

    fn gap(&self, need: Need<'_>, first: Date, last: Date) -> Option<Gap> {
        let covered = self.lasts_until(need, first);
        if covered.is_some_and(|until| until >= last) {
            return None;
        }
        let held = || self.verified_of(need.kind, need.whose);
        let carrying = longest(held().filter(|document| self.carries(document, need.carries)));
        Some(Gap {
            kind: need.kind,
            from: covered.map_or(first, |until| until.saturating_add(1.day())),
            document: carrying
                .or_else(|| longest(held()))
                .map(|document| document.id.clone()),
        })
    }

    /// The last day up to which a document meets the need on every day from `from` on: one may take over
    /// from another. Kinds that do not end last for ever.
    fn lasts_until(&self, need: Need<'_>, from: Date) -> Option<Date> {
        let mut until = None;
        let mut day = from;
        while let Some(document) = self.meets(need, day) {
            let Some(last) = document.expires_on() else {
                return Some(Date::MAX);
            };
            until = Some(last);
            day = last.saturating_add(1.day());
            if day == last {
                break;
            }
        }
        until
    }

    fn verified_of<'a, 'b>(
        &'a self,
        kind: DocumentKind,
        whose: Holder<'b>,
    ) -> impl Iterator<Item = &'a Document> + use<'a, 'b> {
        self.verified(kind)
            .filter(move |document| document.holder() == whose)
    }
}

/// The document that lasts longest; of two that last as long, the later one. One without a last day
/// lasts for ever.
fn longest<'a>(documents: impl Iterator<Item = &'a Document>) -> Option<&'a Document> {
    documents.max_by_key(|document| document.expires_on().unwrap_or(Date::MAX))
}
