//! Accounts that wait for the operator in a queue.

use adapters::store::Question;
use domain::account::Account;
use http_function::{Desk, Problem};

/// How many a page shows: those behind them come once they are dealt with.
const MOST: i32 = 50;

/// What a page shows of the accounts that wait, the longest waiting first.
pub(crate) async fn waiting<T>(
    desk: &Desk<()>,
    queue: Question,
    shown: impl Fn(Account) -> Option<T>,
) -> Result<Vec<T>, Problem> {
    let page = desk.store.ask::<Account>(queue.limit(MOST)).await?;
    let accounts = page.records.into_iter().map(|read| read.record);
    Ok(accounts.filter_map(shown).collect())
}
