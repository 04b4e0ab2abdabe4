//! Functions that no person calls: they listen to the bus, follow a schedule, or feed on a stream.

use std::future::Future;

use adapters::deadline::Tries;
use adapters::environment::Outside;
use adapters::store::{Changes, OutboxItem, Trace};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::desk::Desk;
use crate::limits::Every;
use crate::problem::Problem;

/// Does something when something happened. The bus delivers at least once: running twice on one
/// event must change nothing the second time.
pub trait Listener: Send + Sync + 'static {
    /// The name of the binary and of the Lambda.
    const NAME: &'static str;
    /// What it does, in a sentence: the Lambda's description.
    const SUMMARY: &'static str;
    /// The events it listens to.
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

/// Does something when an AWS service told something on the account's own bus: at least once, in any
/// order, so that running twice must change nothing the second time.
pub trait Observer: Send + Sync + 'static {
    /// The name of the binary and of the Lambda.
    const NAME: &'static str;
    /// What it does, in a sentence: the Lambda's description.
    const SUMMARY: &'static str;
    /// The service, as it names itself: `aws.ses`.
    const SOURCE: &'static str;
    /// The kinds of events.
    const EVENTS: &'static [&'static str];
    /// How an event says that it is about this stage: other stages of the account tell there too.
    const OURS: Ours;
    /// What the service tells: what is read of the event's `detail`.
    type Told: DeserializeOwned + Send + Sync;
    /// What it needs beside the store.
    type Outside: Outside;

    /// Reacts to one event, and says what changes. May run again when what it read changed meanwhile.
    fn on(
        desk: &Desk<Self::Outside>,
        told: &Self::Told,
        changes: Changes,
    ) -> impl Future<Output = Result<Changes, Problem>> + Send;
}

/// How an event of a service says which stage it is about.
#[derive(Debug, Clone, Copy)]
pub struct Ours {
    /// Where its `detail` names a resource, field by field.
    pub at: &'static [&'static str],
    /// The resource's name, after the stage's own and a dash.
    pub name: Named,
}

/// A resource's name, after the stage's own and a dash.
#[derive(Debug, Clone, Copy)]
pub enum Named {
    /// In full.
    Exactly(&'static str),
    /// Its beginning: the account's number follows, which the code does not know.
    Beginning(&'static str),
}

/// Does something at regular times. Two runs at once, a late run or a missed one must be harmless.
pub trait Chore: Send + Sync + 'static {
    /// The name of the binary and of the Lambda.
    const NAME: &'static str;
    /// How often: a tick that comes later than the next one is due does nothing.
    const EVERY: Every;
    /// What it does, in a sentence: the Lambda's description.
    const SUMMARY: &'static str;
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
    /// What it does, in a sentence: the Lambda's description.
    const SUMMARY: &'static str;
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

#[derive(Deserialize)]
struct ServiceEvent<T> {
    id: String,
    detail: T,
}

pub(crate) async fn listen<L: Listener>(
    desk: &Desk<L::Outside>,
    payload: Value,
) -> Result<Value, String> {
    let event: BusEvent = serde_json::from_value(payload)
        .map_err(|error| logged(L::NAME, &Problem::internal(error)))?;
    let trace = Trace::system(&event.detail.request);
    decide(desk, L::NAME, &trace, |changes| {
        L::on(desk, &event.detail, changes)
    })
    .await
}

pub(crate) async fn observe<O: Observer>(
    desk: &Desk<O::Outside>,
    payload: Value,
) -> Result<Value, String> {
    let event: ServiceEvent<O::Told> = serde_json::from_value(payload)
        .map_err(|error| logged(O::NAME, &Problem::internal(error)))?;
    let trace = Trace::system(&event.id);
    decide(desk, O::NAME, &trace, |changes| {
        O::on(desk, &event.detail, changes)
    })
    .await
}

/// Decides on what is stored, and again when that changed meanwhile, for as long as there is time.
async fn decide<O, F>(
    desk: &Desk<O>,
    function: &str,
    trace: &Trace,
    on: impl Fn(Changes) -> F,
) -> Result<Value, String>
where
    F: Future<Output = Result<Changes, Problem>>,
{
    let mut tries = Tries::begin();
    loop {
        let outcome = match on(Changes::by(trace, desk.clock.now())).await {
            Ok(changes) => desk.store.commit(changes).await.map_err(Problem::from),
            Err(problem) => Err(problem),
        };
        match outcome {
            Ok(()) => return Ok(Value::Null),
            Err(problem) if problem.stale && tries.again().await => {}
            Err(problem) => return Err(logged(function, &problem)),
        }
    }
}

#[derive(Deserialize)]
struct Tick {
    time: Option<Timestamp>,
}

/// Whether a tick of a schedule came so late that another one has come since: after an outage, or
/// because it failed and is given again.
fn is_stale(tick: Value, period: SignedDuration, now: Timestamp) -> bool {
    let tick: Option<Tick> = serde_json::from_value(tick).ok();
    let told = tick.and_then(|tick| tick.time);
    told.is_some_and(|told| now.duration_since(told) > period)
}

pub(crate) async fn do_chore<C: Chore>(
    desk: &Desk<C::Outside>,
    tick: Value,
    request: &str,
) -> Result<Value, String> {
    if is_stale(tick, C::EVERY.period(), desk.clock.now()) {
        tracing::info!(function = C::NAME, "a tick that came too late");
        return Ok(Value::Null);
    }
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_tick_is_stale_once_another_has_come() {
        let now: Timestamp = "2026-11-29T12:00:30Z".parse().unwrap();
        let minute = SignedDuration::from_mins(1);
        for (tick, stale) in [
            (json!({ "time": "2026-11-29T12:00:00Z" }), false),
            (json!({ "time": "2026-11-29T11:59:30Z" }), false),
            (json!({ "time": "2026-11-29T11:59:29Z" }), true),
            (json!({ "time": "2026-11-29T12:01:00Z" }), false),
            // Called by hand.
            (json!({}), false),
            (json!({ "time": "noon" }), false),
        ] {
            assert_eq!(is_stale(tick.clone(), minute, now), stale, "{tick}");
        }
        let earlier = json!({ "time": "2026-11-29T11:30:00Z" });
        assert!(!is_stale(earlier, SignedDuration::from_hours(1), now));
    }
}
