//! What a change writes into the file, and what it needs first.

use jiff::ToSpan as _;

use super::*;

/// The most establishments, and the most subcontractors, of one file.
const MOST_LISTED: usize = 20;

impl Professional {
    pub(super) fn check_living(&self) -> Result<(), ChangeRefused> {
        if self.status == ProfessionalStatus::Accepted {
            Ok(())
        } else {
            Err(ChangeRefused::NotAccepted)
        }
    }

    /// The professional asks for a change. What needs nobody's leave is in force when this returns; what
    /// the operator decides is checked as if it were, and its people may have documents from now on.
    pub fn ask_change(
        &mut self,
        id: FileChangeId,
        proposal: Proposal,
        asking: &Asking<'_>,
    ) -> Result<FileChange, ChangeRefused> {
        self.check_living()?;
        let before = self.in_force_of(&proposal);
        if before.as_ref() == Some(&proposal) {
            return Err(ChangeRefused::Unchanged);
        }
        let mut after = self.clone();
        after.check_asked(&proposal, paris::local_date(asking.at))?;
        after.write_change(&proposal, asking.at)?;
        after.profile.check()?;
        let state = if proposal.is_at_once() {
            *self = after;
            ChangeState::Applied
        } else {
            self.propose(&proposal);
            ChangeState::Waiting
        };
        Ok(FileChange {
            id,
            professional: self.id.clone(),
            proposal,
            before,
            asked_by: asking.by.clone(),
            asked_at: asking.at,
            ip: asking.ip.to_owned(),
            browser: asking.browser.to_owned(),
            state,
            remarks: Vec::new(),
            decision: None,
        })
    }

    /// What is in force now of what a change is about, in the form in which it would be proposed.
    pub(super) fn in_force_of(&self, proposal: &Proposal) -> Option<Proposal> {
        let profile = &self.profile;
        Some(match proposal {
            Proposal::Phone { .. } => Proposal::Phone {
                phone: profile.phone.clone()?,
            },
            Proposal::Description { .. } => Proposal::Description {
                description: profile.description.clone()?,
            },
            Proposal::Mediator { .. } => Proposal::Mediator {
                mediator: profile.mediator.clone()?,
            },
            Proposal::Page { .. } => Proposal::Page {
                page: self.page.clone()?,
            },
            Proposal::Identity { .. } => Proposal::Identity {
                denomination: profile.denomination.clone()?,
                legal_form: profile.legal_form.clone()?,
            },
            Proposal::Addresses { .. } => Proposal::Addresses {
                siret: profile.siret.clone()?,
                establishment: profile.establishment.clone()?,
                head_office: profile.head_office.clone(),
            },
            Proposal::Vat { .. } => self.vat_in_force()?,
            Proposal::AgentLeaves {
                agent: Agent { id, .. },
            }
            | Proposal::AgentJoins {
                agent: Agent { id, .. },
                ..
            } => Proposal::AgentJoins {
                agent: profile.agents.iter().find(|one| one.id == *id)?.clone(),
                card: None,
            },
            Proposal::ManagerLeaves {
                manager: Manager { id, .. },
            }
            | Proposal::ManagerJoins {
                manager: Manager { id, .. },
            } => Proposal::ManagerJoins {
                manager: profile.managers.iter().find(|one| one.id == *id)?.clone(),
            },
            Proposal::EstablishmentOpens { establishment }
            | Proposal::EstablishmentCloses { establishment } => {
                let mut all = profile.establishments.iter();
                Proposal::EstablishmentOpens {
                    establishment: all.find(|one| one.id == establishment.id)?.clone(),
                }
            }
            Proposal::SubcontractorJoins { subcontractor }
            | Proposal::SubcontractorLeaves { subcontractor } => {
                let mut all = profile.subcontractors.iter();
                Proposal::SubcontractorJoins {
                    subcontractor: all.find(|one| one.id == subcontractor.id)?.clone(),
                }
            }
        })
    }

    /// What is charged now, and since when as far as it is known; a change that was accepted for later is
    /// what holds.
    fn vat_in_force(&self) -> Option<Proposal> {
        let history = &self.vat_history;
        if let Some(next) = &history.next {
            return Some(Proposal::Vat {
                vat: next.vat.clone(),
                from: next.from,
            });
        }
        let since = history.former.last();
        let since = since.map(|one| one.until.saturating_add(1.day()));
        Some(Proposal::Vat {
            vat: self.vat_on(Date::MAX)?,
            from: since.unwrap_or_else(|| paris::local_date(self.created_at)),
        })
    }

    /// What is asked of a change on the day on which it is asked for.
    fn check_asked(&self, proposal: &Proposal, today: Date) -> Result<(), ChangeRefused> {
        match proposal {
            Proposal::Vat { vat, from } => {
                let year = today.saturating_add(1.year());
                if !(today..=year).contains(from) {
                    return Err(ChangeRefused::VatDay);
                }
                if vat.status == VatStatus::Registered && vat.number.is_none() {
                    return Err(ChangeRefused::VatNumberMissing);
                }
                let siren = self.profile.siren.as_ref();
                let of_another = siren
                    .zip(vat.number.as_ref())
                    .is_some_and(|(siren, number)| !number.matches(siren));
                if of_another {
                    return Err(RegistrationRefused::VatNumberOfAnother.into());
                }
                let now = self.vat_on(*from);
                if now.is_some_and(|now| now.status == vat.status && now.number == vat.number) {
                    return Err(ChangeRefused::Unchanged);
                }
                Ok(())
            }
            Proposal::EstablishmentOpens { establishment } => {
                self.check_establishment(establishment)
            }
            Proposal::SubcontractorJoins { subcontractor } => {
                self.check_subcontractor(subcontractor, today)
            }
            // Who is proposed beside them may take their place once verified.
            Proposal::Phone { .. }
            | Proposal::Description { .. }
            | Proposal::Mediator { .. }
            | Proposal::Page { .. }
            | Proposal::AgentLeaves { .. }
            | Proposal::Identity { .. }
            | Proposal::Addresses { .. }
            | Proposal::ManagerJoins { .. }
            | Proposal::ManagerLeaves { .. }
            | Proposal::AgentJoins { .. }
            | Proposal::EstablishmentCloses { .. }
            | Proposal::SubcontractorLeaves { .. } => Ok(()),
        }
    }

    fn check_establishment(&self, opened: &Establishment) -> Result<(), ChangeRefused> {
        let listed = self.profile.establishments.iter();
        let mut listed = listed.chain(&self.proposed.establishments);
        if self.profile.siret.as_ref() == Some(&opened.siret)
            || listed.any(|one| one.siret == opened.siret)
        {
            return Err(ChangeRefused::Twice);
        }
        Ok(())
    }

    fn check_subcontractor(
        &self,
        declared: &Subcontractor,
        today: Date,
    ) -> Result<(), ChangeRefused> {
        if !(1..=2).contains(&declared.rank) {
            return Err(ChangeRefused::Rank);
        }
        if self.profile.siren.as_ref() == Some(&declared.siren) {
            return Err(ChangeRefused::OwnSubcontractor);
        }
        let mut listed = self.profile.subcontractors.iter();
        if listed.any(|one| one.siren == declared.siren) {
            return Err(ChangeRefused::Twice);
        }
        if declared.expires_on < today {
            return Err(RegistrationRefused::AlreadyExpired.into());
        }
        if declared.activities.is_empty() {
            return Err(RegistrationRefused::ActivitiesMissing.into());
        }
        Ok(())
    }

    /// Writes a change into the file.
    pub(super) fn write_change(
        &mut self,
        proposal: &Proposal,
        at: Timestamp,
    ) -> Result<(), ChangeRefused> {
        let today = paris::local_date(at);
        let profile = &mut self.profile;
        match proposal.clone() {
            Proposal::Phone { phone } => profile.phone = Some(phone),
            Proposal::Description { description } => profile.description = Some(description),
            Proposal::Mediator { mediator } => profile.mediator = Some(mediator),
            Proposal::Page { page } => self.write_page(page)?,
            Proposal::AgentLeaves { agent } => self.let_agent_go(&agent.id, at)?,
            Proposal::Identity {
                denomination,
                legal_form,
            } => {
                profile.denomination = Some(denomination);
                profile.legal_form = Some(legal_form);
            }
            Proposal::Addresses {
                siret,
                establishment,
                head_office,
            } => {
                profile.siret = Some(siret);
                profile.establishment = Some(establishment);
                profile.head_office = head_office;
            }
            // Whoever decides after its day decides for what comes: what was invoiced stays.
            Proposal::Vat { vat, from } => self.set_vat(vat, from.max(today), today),
            Proposal::ManagerJoins { manager } => profile.managers.push(manager),
            Proposal::ManagerLeaves { manager } => self.let_manager_go(&manager.id, at)?,
            Proposal::AgentJoins { agent, .. } => profile.agents.push(agent),
            Proposal::EstablishmentOpens { establishment } => {
                profile.establishments.push(establishment);
            }
            Proposal::EstablishmentCloses { establishment } => {
                self.close_establishment(&establishment.id, at)?;
            }
            Proposal::SubcontractorJoins { subcontractor } => {
                profile.subcontractors.push(subcontractor);
            }
            Proposal::SubcontractorLeaves { subcontractor } => {
                let before = profile.subcontractors.len();
                profile
                    .subcontractors
                    .retain(|one| one.id != subcontractor.id);
                known(before != profile.subcontractors.len())?;
            }
        }
        let profile = &self.profile;
        if profile.establishments.len() > MOST_LISTED || profile.subcontractors.len() > MOST_LISTED
        {
            return Err(ChangeRefused::TooMany);
        }
        Ok(())
    }

    /// An agent leaves: nobody sends them from now on, and their card counts for nothing after today, so
    /// that missions to come that they were chosen for ask for somebody else.
    fn let_agent_go(&mut self, id: &AgentId, at: Timestamp) -> Result<(), ChangeRefused> {
        known(self.profile.agents.iter().any(|one| one.id == *id))?;
        if self.profile.agents.len() == 1 {
            return Err(ChangeRefused::LastAgent);
        }
        let gone = self.profile.agents.extract_if(.., |one| one.id == *id);
        self.departed.extend(gone);
        self.absences.retain(|absence| absence.agent != *id);
        self.end_documents_of(Holder::Agent(id), "L’agent a quitté l’équipe.", at);
        Ok(())
    }

    fn let_manager_go(&mut self, id: &ManagerId, at: Timestamp) -> Result<(), ChangeRefused> {
        known(self.profile.managers.iter().any(|one| one.id == *id))?;
        if self.profile.managers.len() == 1 {
            return Err(ChangeRefused::LastManager);
        }
        self.profile.managers.retain(|one| one.id != *id);
        self.end_documents_of(
            Holder::Manager(id),
            "Le dirigeant a quitté l’entreprise.",
            at,
        );
        Ok(())
    }

    fn close_establishment(
        &mut self,
        id: &EstablishmentId,
        at: Timestamp,
    ) -> Result<(), ChangeRefused> {
        known(self.profile.establishments.iter().any(|one| one.id == *id))?;
        self.profile.establishments.retain(|one| one.id != *id);
        self.end_documents_of(Holder::Establishment(id), "L’établissement est fermé.", at);
        Ok(())
    }

    /// Verified documents of who left end today; what was never verified leaves with them.
    fn end_documents_of(&mut self, whose: Holder<'_>, reason: &str, at: Timestamp) {
        let today = paris::local_date(at);
        self.documents
            .retain(|one| one.holder() != whose || one.status == DocumentStatus::Verified);
        let theirs = self.documents.iter_mut().filter(|one| {
            one.holder() == whose && one.expires_on().is_some_and(|last| last > today)
        });
        for document in theirs {
            document.ended_early = Some(EarlyEnd {
                on: today,
                reason: reason.to_owned(),
                at,
            });
        }
    }

    /// Whoever is proposed may have documents.
    fn propose(&mut self, proposal: &Proposal) {
        match proposal {
            Proposal::ManagerJoins { manager } => self.proposed.managers.push(manager.clone()),
            Proposal::AgentJoins { agent, .. } => self.proposed.agents.push(agent.clone()),
            Proposal::EstablishmentOpens { establishment } => {
                self.proposed.establishments.push(establishment.clone());
            }
            Proposal::Phone { .. }
            | Proposal::Description { .. }
            | Proposal::Mediator { .. }
            | Proposal::Page { .. }
            | Proposal::AgentLeaves { .. }
            | Proposal::Identity { .. }
            | Proposal::Addresses { .. }
            | Proposal::Vat { .. }
            | Proposal::ManagerLeaves { .. }
            | Proposal::EstablishmentCloses { .. }
            | Proposal::SubcontractorJoins { .. }
            | Proposal::SubcontractorLeaves { .. } => {}
        }
    }

    pub(super) fn no_longer_proposed(&mut self, proposal: &Proposal) {
        let proposed = &mut self.proposed;
        if let Proposal::ManagerJoins { manager } = proposal {
            proposed.managers.retain(|one| one.id != manager.id);
        }
        if let Proposal::AgentJoins { agent, .. } = proposal {
            proposed.agents.retain(|one| one.id != agent.id);
        }
        if let Proposal::EstablishmentOpens { establishment } = proposal {
            proposed
                .establishments
                .retain(|one| one.id != establishment.id);
        }
    }

    /// Nobody comes: what was deposited for them goes.
    pub(super) fn give_up(&mut self, proposal: &Proposal) {
        self.no_longer_proposed(proposal);
        if let Some(whose) = proposal.holder() {
            self.documents.retain(|one| one.holder() != whose);
        }
    }

    /// What the operator looked up with a change is verified as it is written now, or as it will be.
    pub(super) fn record_lookups(&mut self, proposal: &Proposal, finding: &Finding<'_>) {
        let mut then = self.clone();
        then.take_vat_in(Date::MAX);
        for what in proposal.looked_up() {
            let Some(about) = then.about(*what) else {
                continue;
            };
            self.verifications.push(Verification {
                what: *what,
                about,
                method: finding.method.to_owned(),
                by: finding.by.clone(),
                at: finding.at,
                reason: None,
                fault: None,
            });
        }
    }

    /// Whoever joins has a title that was verified and is in force.
    pub(super) fn check_documents(
        &self,
        proposal: &Proposal,
        today: Date,
    ) -> Result<(), ChangeRefused> {
        let has = |kind: DocumentKind, whose: Holder<'_>| {
            let found = self.in_force(kind, whose, today);
            found.ok_or(ChangeRefused::DocumentMissing(kind))
        };
        match proposal {
            Proposal::ManagerJoins { manager } => {
                has(DocumentKind::ManagerApproval, Holder::Manager(&manager.id)).map(drop)
            }
            Proposal::AgentJoins { agent, .. } => self.check_credentials(&agent.id, today),
            Proposal::EstablishmentOpens { establishment } => has(
                DocumentKind::Authorisation,
                Holder::Establishment(&establishment.id),
            )
            .map(drop),
            Proposal::Phone { .. }
            | Proposal::Description { .. }
            | Proposal::Mediator { .. }
            | Proposal::Page { .. }
            | Proposal::AgentLeaves { .. }
            | Proposal::Identity { .. }
            | Proposal::Addresses { .. }
            | Proposal::Vat { .. }
            | Proposal::ManagerLeaves { .. }
            | Proposal::EstablishmentCloses { .. }
            | Proposal::SubcontractorJoins { .. }
            | Proposal::SubcontractorLeaves { .. } => Ok(()),
        }
    }

    /// A card that carries something of what the company may do, or a diploma.
    fn check_credentials(&self, agent: &AgentId, today: Date) -> Result<(), ChangeRefused> {
        let whose = Holder::Agent(agent);
        if self
            .in_force(DocumentKind::FireSafetyDiploma, whose, today)
            .is_some()
        {
            return Ok(());
        }
        let card = self.in_force(DocumentKind::ProfessionalCard, whose, today);
        let card = card.ok_or(ChangeRefused::DocumentMissing(
            DocumentKind::ProfessionalCard,
        ))?;
        let authorised = self.in_force(DocumentKind::Authorisation, Holder::Company, today);
        let carries = self.carried(card);
        let useful = authorised.is_none_or(|one| !self.carried(one).is_disjoint(&carries));
        if useful {
            Ok(())
        } else {
            Err(ChangeRefused::NoActivity)
        }
    }
}

fn known(found: bool) -> Result<(), ChangeRefused> {
    if found {
        Ok(())
    } else {
        Err(ChangeRefused::Unknown)
    }
}

impl Proposal {
    /// Whose documents go with it.
    pub fn holder(&self) -> Option<Holder<'_>> {
        match self {
            Self::ManagerJoins { manager } => Some(Holder::Manager(&manager.id)),
            Self::AgentJoins { agent, .. } => Some(Holder::Agent(&agent.id)),
            Self::EstablishmentOpens { establishment } => {
                Some(Holder::Establishment(&establishment.id))
            }
            Self::Phone { .. }
            | Self::Description { .. }
            | Self::Mediator { .. }
            | Self::Page { .. }
            | Self::AgentLeaves { .. }
            | Self::Identity { .. }
            | Self::Addresses { .. }
            | Self::Vat { .. }
            | Self::ManagerLeaves { .. }
            | Self::EstablishmentCloses { .. }
            | Self::SubcontractorJoins { .. }
            | Self::SubcontractorLeaves { .. } => None,
        }
    }
}
