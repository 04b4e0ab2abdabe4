//! The document in force: one rule for every screen, mail, check and payout. A document is in force on
//! a day when the operator verified it and the day is between its first and its last, which is the day
//! that is written on it or the one on which it was withdrawn. Of several, the one that lasts longest
//! counts (terms, articles 4.2 and 10; CSI, L612-9 and L612-20).

use jiff::ToSpan as _;

use super::*;

/// Whose a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder<'a> {
    /// The professional's own: authorisation, insurance, bank details, conditions of sale, photo.
    Company,
    /// A manager's approval.
    Manager(&'a ManagerId),
    /// An agent's card.
    Agent(&'a AgentId),
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
            Self::ProfessionalCard { agent, .. } => Holder::Agent(agent),
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
            Holder::Company | Holder::Agent(_) => None,
        }
    }

    /// The agent whose card it is.
    pub fn agent(&self) -> Option<&AgentId> {
        match self.holder() {
            Holder::Agent(agent) => Some(agent),
            Holder::Company | Holder::Manager(_) => None,
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

impl Professional {
    /// The document of a kind that is in force for somebody on a day.
    pub fn in_force(&self, kind: DocumentKind, whose: Holder<'_>, on: Date) -> Option<&Document> {
        let held = self.verified_of(kind, whose);
        longest(held.filter(|document| document.is_in_force(on)))
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

    /// An agent's card in force on a day.
    pub fn card_in_force(&self, agent: &AgentId, on: Date) -> Option<&Document> {
        self.in_force(DocumentKind::ProfessionalCard, Holder::Agent(agent), on)
    }

    /// The last day up to which an agent has a card in force on every day from `from` on.
    pub fn card_lasts_until(&self, agent: &AgentId, from: Date) -> Option<Date> {
        self.lasts_until(DocumentKind::ProfessionalCard, Holder::Agent(agent), from)
    }

    /// Agents with a card in force on every day of `mission`, by the clocks of its place.
    pub fn agents_with_titles(&self, mission: Interval, zone: Zone) -> Vec<&Agent> {
        let (first, last) = mission.first_and_last_day(zone);
        let agents = self.profile.agents.iter();
        let carded = agents.filter(|agent| {
            let card = Holder::Agent(&agent.id);
            self.gap(DocumentKind::ProfessionalCard, card, first, last)
                .is_none()
        });
        carded.collect()
    }

    /// The last day up to which authorisation, managers' approvals and insurance are all in force on
    /// every day from `from` on; `None` when one of them is not on `from` itself.
    pub fn titles_valid_until(&self, from: Date) -> Option<Date> {
        self.needed()
            .map(|(kind, whose)| self.lasts_until(kind, whose, from))
            .reduce(|one, other| Some(one?.min(other?)))
            .flatten()
    }

    /// The titles and the insurance that a mission by these agents needs on each of its days, by the clocks
    /// of its place, and that are not in force on one of them.
    pub fn gaps(&self, mission: Interval, zone: Zone, agents: &[AgentId]) -> Vec<Gap> {
        let (first, last) = mission.first_and_last_day(zone);
        self.gaps_between(first, last, agents)
    }

    /// The same on each day from one to another.
    pub fn gaps_between(&self, first: Date, last: Date, agents: &[AgentId]) -> Vec<Gap> {
        let cards = agents
            .iter()
            .map(|agent| (DocumentKind::ProfessionalCard, Holder::Agent(agent)));
        self.needed()
            .chain(cards)
            .filter_map(|(kind, whose)| self.gap(kind, whose, first, last))
            .collect()
    }

    /// Whether nothing is missing on any day between two, whoever of its agents is sent.
    pub fn has_everything_from(&self, first: Date, last: Date) -> bool {
        let agents = self.profile.agents.iter();
        let cards = agents.map(|one| (DocumentKind::ProfessionalCard, Holder::Agent(&one.id)));
        let mut needed = self.needed().chain(cards);
        needed.all(|(kind, whose)| self.gap(kind, whose, first, last).is_none())
    }

    /// What the professional needs for whatever mission, beside the cards of its agents.
    fn needed(&self) -> impl Iterator<Item = (DocumentKind, Holder<'_>)> {
        let approvals = self.profile.managers.iter();
        [
            (DocumentKind::Authorisation, Holder::Company),
            (DocumentKind::Insurance, Holder::Company),
        ]
        .into_iter()
        .chain(approvals.map(|one| (DocumentKind::ManagerApproval, Holder::Manager(&one.id))))
    }

    fn gap(&self, kind: DocumentKind, whose: Holder<'_>, first: Date, last: Date) -> Option<Gap> {
        let covered = self.lasts_until(kind, whose, first);
        if covered.is_some_and(|until| until >= last) {
            return None;
        }
        Some(Gap {
            kind,
            from: covered.map_or(first, |until| until.saturating_add(1.day())),
            document: longest(self.verified_of(kind, whose)).map(|document| document.id.clone()),
        })
    }

    /// The last day up to which a document of the kind is in force on every day from `from` on: one may
    /// take over from another. Kinds that do not end last for ever.
    fn lasts_until(&self, kind: DocumentKind, whose: Holder<'_>, from: Date) -> Option<Date> {
        let mut until = None;
        let mut day = from;
        while let Some(document) = self.in_force(kind, whose, day) {
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
