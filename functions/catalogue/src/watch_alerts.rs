//! Every minute: alerts that are due are looked at, and whoever waits for somebody who is free now is told.

use adapters::store::{Changes, Key, Question, Trace, Versioned};
use domain::account::Account;
use domain::alerts::Alert;
use domain::event::Event;
use domain::places::Understood;
use http_function::{Chore, Desk, Every, Problem, Round};

use crate::asked::AskedMission;
use crate::search_offers::is_anybody_free;

/// The look-out.
pub struct WatchAlerts;

impl Chore for WatchAlerts {
    const NAME: &'static str = "watch-alerts";
    const EVERY: Every = Every::Minute;
    const SUMMARY: &'static str = "Every minute: alerts that are due are looked at, and who waits for somebody free is told once.";
    type Outside = ();

    async fn run(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
        let mut round = Round::begin(desk, trace, Self::NAME).await?;
        let mut after = None;
        while round.goes_on() {
            let question = Question::alerts_due(desk.clock.now()).after(after);
            let page = desk.store.ask::<Alert>(question).await?;
            for read in page.records {
                let work = look(desk, trace, &read);
                round.item(read.record.id.as_str(), work).await;
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        round.end()
    }
}

/// Looks whether somebody is free. An alert that its client ended at this moment is left as it is.
async fn look(desk: &Desk<()>, trace: &Trace, read: &Versioned<Alert>) -> Result<(), Problem> {
    let now = desk.clock.now();
    let alert = &read.record;
    let account = desk
        .store
        .get::<Account>(Key::account(&alert.client))
        .await?;
    let open = account.is_some_and(|account| account.record.closed_at.is_none());
    let changes = Changes::by(trace, now);
    let changes = if !open {
        changes.replace(read, &alert.over(now))
    } else if now < alert.interval.start()
        && is_anybody_free(desk, alert.activity, &mission(alert)).await?
    {
        let met = Event::AlertMet {
            alert: alert.id.clone(),
        };
        changes.replace(read, &alert.told(now)).event(met)
    } else {
        changes.replace(read, &alert.looked(now))
    };
    match desk.store.commit(changes).await.map_err(Problem::from) {
        Err(problem) if problem.is_stale() => Ok(()),
        done => done,
    }
}

fn mission(alert: &Alert) -> AskedMission {
    AskedMission {
        place: Understood {
            label: alert.place.clone(),
            department: alert.department,
            position: None,
            others: Vec::new(),
        },
        interval: alert.interval,
        agents: alert.agents,
    }
}
