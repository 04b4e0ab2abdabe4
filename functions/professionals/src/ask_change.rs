//! A professional changes the file: at once, or once the operator agrees.

use adapters::ids::fresh;
use adapters::likenesses;
use adapters::store::{Changes, Versioned};
use domain::event::Event;
use domain::ids::{AgentId, EstablishmentId, ManagerId, SubcontractorId};
use domain::professional::{
    Asking, ChangeRefused, FileChange, MOST_WAITING, Professional as Record, Proposal,
};
use http_function::{Call, DAY, Desk, Nothing, Operation, Owner, Problem, Reply, throttle};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::asked_change::{AskedChange, Names};
use crate::file_view::{FileView, changes_of, view};
use crate::own::own;

/// Ask for a change of one's own file.
pub struct AskChange;

/// What is to change.
#[derive(Deserialize, JsonSchema)]
pub struct WantedChange {
    /// The change.
    change: AskedChange,
}

/// Identifiers made now.
pub(crate) struct FreshNames(pub(crate) Timestamp);

impl Names for FreshNames {
    fn manager(&self) -> ManagerId {
        fresh(self.0)
    }
    fn agent(&self) -> AgentId {
        fresh(self.0)
    }
    fn establishment(&self) -> EstablishmentId {
        fresh(self.0)
    }
    fn subcontractor(&self) -> SubcontractorId {
        fresh(self.0)
    }
}

/// How many changes one company asks for in a day: each is kept, and mailed about.
const MOST_A_DAY: u64 = 60;

impl Operation for AskChange {
    const NAME: &'static str = "ask-change";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/file/changes";
    const SUMMARY: &'static str = "Change the caller's own file. What the operator verifies waits, and the value in force \
        stays public meanwhile; the rest changes at once.";
    type Outside = ();
    type Who = Owner;
    type Path = Nothing;
    type Input = WantedChange;
    type Output = FileView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<FileView>, Problem> {
        let read = own(desk, &call.who.professional).await?;
        let counted = format!("{}#{}", Self::NAME, read.record.id);
        throttle(desk, &counted, MOST_A_DAY, DAY).await?;
        let names = FreshNames(call.now);
        let proposal = call.input.change.clone().of(&read.record, &names)?;
        let asking = Asking {
            by: &call.who.account,
            ip: &call.trace.ip,
            browser: &call.trace.browser,
            at: call.now,
        };
        let known = changes_of(desk, &read.record.id).await?;
        let mut asked = Asked::of(&read, &known);
        asked.ask(proposal, &asking)?;
        let (changes, versions) = asked.changes(call.changes(), Self::NAME);
        let after = asked.professional;
        let file = view(desk, &after, versions, call.now).await?;
        Ok(Reply::created(file).changing(changes))
    }
}

/// What is asked for, on the file as it was read with its changes.
pub(crate) struct Asked<'a> {
    read: &'a Versioned<Record>,
    known: &'a [Versioned<FileChange>],
    pub(crate) professional: Record,
    new: Vec<FileChange>,
    replaced: Vec<FileChange>,
}

impl<'a> Asked<'a> {
    pub(crate) fn of(read: &'a Versioned<Record>, known: &'a [Versioned<FileChange>]) -> Self {
        Self {
            read,
            known,
            professional: read.record.clone(),
            new: Vec::new(),
            replaced: Vec::new(),
        }
    }

    /// One change more. The one that waits about the same thing gives way to it.
    pub(crate) fn ask(
        &mut self,
        proposal: Proposal,
        asking: &Asking<'_>,
    ) -> Result<(), ChangeRefused> {
        let open = self.known.iter().map(|read| &read.record);
        let open: Vec<&FileChange> = open.filter(|change| change.state.is_open()).collect();
        if open.len() + self.new.len() >= MOST_WAITING && !proposal.is_at_once() {
            return Err(ChangeRefused::TooManyWaiting);
        }
        for other in open {
            if other.proposal.is_about_the_same(&proposal) {
                let mut given_up = other.clone();
                given_up.give_way(asking.by, asking.at)?;
                self.replaced.push(given_up);
            }
        }
        let id = fresh(asking.at);
        let change = self.professional.ask_change(id, proposal, asking)?;
        self.new.push(change);
        Ok(())
    }

    /// What is written, and every change as it is then.
    pub(crate) fn changes(&self, changes: Changes, action: &str) -> (Changes, Vec<FileChange>) {
        let mut changes = changes.replace(self.read, &self.professional);
        let mut versions = self.new.clone();
        for read in self.known {
            let mut replaced = self.replaced.iter();
            match replaced.find(|one| one.id == read.record.id) {
                Some(given_up) => {
                    changes = changes.replace(read, given_up);
                    versions.push(given_up.clone());
                }
                None => versions.push(read.record.clone()),
            }
        }
        for change in &self.new {
            changes = changes.create(change, "change");
        }
        let said = match self.new.as_slice() {
            [change] => change.proposal.label().to_owned(),
            several => format!("{} changements", several.len()),
        };
        changes = changes.activity_because(action, self.professional.id.as_str(), &said);
        let professional = self.professional.id.clone();
        let waiting = self.new.iter().rfind(|change| change.state.is_open());
        if let Some(change) = waiting {
            let change = change.id.clone();
            changes = changes.event(Event::FileChangeAsked {
                professional: professional.clone(),
                change,
            });
        }
        if self.new.iter().any(|change| !change.state.is_open()) {
            changes = likenesses::mark(changes, &self.professional)
                .event(Event::ProfessionalChanged { professional });
        }
        (changes, versions)
    }
}
