//! The operator reads what a month's movements, or a professional's, add up to.

use adapters::store::Question;
use domain::ids::ProfessionalId;
use domain::ledger::Movement;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ledger::Balances;

/// Reading balances.
pub struct ReadBalance;

/// Of which movements: one of the two.
#[derive(Deserialize, JsonSchema)]
pub struct BalanceQuery {
    /// Those of this month, such as `2026-11` (UTC).
    month: Option<String>,
    /// Those of this professional's missions.
    professional: Option<ProfessionalId>,
}

/// What movements add up to.
#[derive(Serialize, JsonSchema)]
pub struct Balance {
    /// The balance of every account, in signed cents.
    balances: Balances,
    /// How many movements there are.
    movements: usize,
}

impl Operation for ReadBalance {
    const NAME: &'static str = "read-balance";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/admin/balance";
    const SUMMARY: &'static str =
        "The balances of the platform for a month, or of one professional's missions.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = BalanceQuery;
    type Output = Balance;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Balance>, Problem> {
        let question = match (&call.input.month, &call.input.professional) {
            (Some(month), None) if is_month(month) => Question::movements_in_month(month),
            (None, Some(professional)) => {
                Question::movements_of_professional(professional).limit(100)
            }
            _ => {
                return Err(Problem::new(
                    422,
                    "balance_of_what",
                    "Indiquez un mois (AAAA-MM) ou un professionnel.",
                ));
            }
        };
        let read = desk.store.ask_all::<Movement>(question).await?;
        let movements: Vec<Movement> = read.into_iter().map(|read| read.record).collect();
        Ok(Reply::ok(Balance {
            balances: Balances::of(&movements),
            movements: movements.len(),
        }))
    }
}

fn is_month(text: &str) -> bool {
    format!("{text}-01").parse::<Date>().is_ok() && text.len() == 7
}
