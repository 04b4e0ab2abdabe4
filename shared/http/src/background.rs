//! Functions that no person calls: they listen to the bus, follow a schedule, or feed on a stream.

use std::future::Future;

use adapters::environment::Outside;
use adapters::store::{Changes, OutboxItem, Trace};
use serde::Deserialize;
use serde_json::Value;

use crate::desk::Desk;
use crate::problem::Problem;

/// Does something when something happened. The bus delivers at least once: running twice on one
/// event must change nothing the second time.
pub trait Listener: Send + Sync + 'static {
    /// The name of the binary and of the Lambda.
    const NAME: &'static str;
    /// The events it listens to, as the template's rule lists them.
    const EVENTS: &'static [&'static str];
    /// What it needs beside the store.
    type Outside: Outside;

    /// Reacts to one event, and says what changes. May run again when what it read changed meanwhile.
    fn on(
        desk: &Desk<Self::Outside>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> impl Future<Output = Result<Changes, Problem>> + Send;
}

/// Does something at regular times. Two runs at once, a late run or a missed one must be harmless.
pub trait Chore: Send + Sync + 'static {
    /// The name of the binary and of the Lambda.
    const NAME: &'static str;
    /// What it needs beside the store.
    type Outside: Outside;

    /// Does what is due; writes by itself, page by page.
    fn run(
        desk: &Desk<Self::Outside>,
        trace: &Trace,
    ) -> impl Future<Output = Result<(), Problem>> + Send;
}

/// Takes a batch from a stream, and answers which records failed.
pub trait Feed: Send + Sync + 'static {
    /// The name of the binary and of the Lambda.
    const NAME: &'static str;
    /// What it needs beside the store.
    type Outside: Outside;

    /// Takes the stream's event as AWS sends it.
    fn run(
        desk: &Desk<Self::Outside>,
        batch: Value,
    ) -> impl Future<Output = Result<Value, Problem>> + Send;
}

#[derive(Deserialize)]
struct BusEvent {
    detail: OutboxItem,
}

/// How often a listener decides again when what it read has changed meanwhile.
const DECISIONS: u32 = 8;

pub(crate) async fn listen<L: Listener>(
    desk: &Desk<L::Outside>,
    payload: Value,
) -> Result<Value, String> {
    let event: BusEvent = serde_json::from_value(payload)
        .map_err(|error| logged(L::NAME, &Problem::internal(error)))?;
    let mut decision = 1;
    loop {
        let changes = Changes::by(&Trace::system(&event.detail.request), desk.clock.now());
        let outcome = match L::on(desk, &event.detail, changes).await {
            Ok(changes) => desk.store.commit(changes).await.map_err(Problem::from),
            Err(problem) => Err(problem),
        };
        match outcome {
            Ok(()) => return Ok(Value::Null),
            Err(problem) if problem.stale && decision < DECISIONS => decision += 1,
            Err(problem) => return Err(logged(L::NAME, &problem)),
        }
    }
}

pub(crate) async fn do_chore<C: Chore>(
    desk: &Desk<C::Outside>,
    request: &str,
) -> Result<Value, String> {
    let done = C::run(desk, &Trace::system(request)).await;
    done.map(|()| Value::Null)
        .map_err(|problem| logged(C::NAME, &problem))
}

pub(crate) async fn feed<F: Feed>(
    desk: &Desk<F::Outside>,
    payload: Value,
) -> Result<Value, String> {
    F::run(desk, payload)
        .await
        .map_err(|problem| logged(F::NAME, &problem))
}

fn logged(function: &str, problem: &Problem) -> String {
    tracing::error!(
        function,
        code = problem.code,
        cause = problem.cause,
        "function failed"
    );
    problem.code.to_owned()
}
