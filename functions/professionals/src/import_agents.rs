//! A company adds its agents from a list with their cards, all or none.

use adapters::ids::fresh;
use domain::professional::{Agent, Asking, ImportFault, ImportedAgent, Proposal, read_agents};
use domain::time::paris;
use http_function::{Call, Desk, Nothing, Operation, Owner, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ask_change::Asked;
use crate::file_view::{FileView, changes_of, view};
use crate::own::own;

/// Add agents from a list.
pub struct ImportAgents;

/// A list as a spreadsheet writes it.
#[derive(Deserialize, JsonSchema)]
pub struct AgentList {
    /// A line that names the columns, then one for each agent: first name, last name, number of the card,
    /// its last day, its activities.
    #[schemars(length(max = 20_000))]
    csv: String,
}

/// What was made of a list.
#[derive(Serialize, JsonSchema)]
pub struct Imported {
    /// How many agents wait now; none when a line has a fault.
    added: usize,
    /// What is wrong, line by line.
    faults: Vec<ImportFault>,
    /// The file then.
    file: FileView,
}

impl Operation for ImportAgents {
    const NAME: &'static str = "import-agents";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/file/agents";
    const SUMMARY: &'static str = "Add several agents from a list with their cards. Nobody is added while a line has a \
        fault, and each fault is named.";
    type Outside = ();
    type Who = Owner;
    type Path = Nothing;
    type Input = AgentList;
    type Output = Imported;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Imported>, Problem> {
        let read = own(desk, &call.who.professional).await?;
        let known = changes_of(desk, &read.record.id).await?;
        let today = paris::local_date(call.now);
        let mut asked = Asked::of(&read, &known);
        let open = known.iter().filter(|one| one.record.state.is_open());
        let announced: Vec<_> = open
            .filter_map(|one| one.record.proposal.announced_card())
            .collect();
        let list = read_agents(&call.input.csv, &read.record, &announced, today);
        let (added, faults) = match list {
            Ok(agents) => {
                for one in &agents {
                    asked.ask(joining(one, call.now), &asking(call))?;
                }
                (agents.len(), Vec::new())
            }
            Err(faults) => (0, faults),
        };
        let (changes, versions) = if added > 0 {
            asked.changes(call.changes(), Self::NAME)
        } else {
            let unchanged = known.iter().map(|one| one.record.clone());
            (call.changes(), unchanged.collect())
        };
        let file = view(desk, &asked.professional, versions, call.now).await?;
        let imported = Imported {
            added,
            faults,
            file,
        };
        Ok(Reply::ok(imported).changing(changes))
    }
}

fn asking(call: &Call<ImportAgents>) -> Asking<'_> {
    Asking {
        by: &call.who.account,
        ip: &call.trace.ip,
        browser: &call.trace.browser,
        at: call.now,
    }
}

fn joining(one: &ImportedAgent, now: Timestamp) -> Proposal {
    Proposal::AgentJoins {
        agent: Agent {
            id: fresh(now),
            first_name: one.first_name.clone(),
            last_name: one.last_name.clone(),
        },
        card: Some(one.card.clone()),
    }
}
