//! Every day of January: professionals are told what they were paid over the last year (CGI, article 242 bis,
//! before the 31st), once each.

use adapters::store::{Changes, Question, Trace, Versioned};
use domain::event::Event;
use domain::ledger::Movement;
use domain::professional::{Professional, ProfessionalStatus};
use domain::time::paris;
use domain::yearly::{Year, paid_in};
use http_function::{Chore, Desk, Every, Problem, Round};

/// Tells of the last year.
pub struct TellYearlyStatements;

/// Professionals carry their documents: a page of them stays well under 1 MB.
const PAGE: i32 = 20;

impl Chore for TellYearlyStatements {
    const NAME: &'static str = "tell-yearly-statements";
    const EVERY: Every = Every::Day;
    const SUMMARY: &'static str = "Every day of January: professionals are told what they were paid over the last year, \
        once each.";
    type Outside = ();

    async fn run(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
        let now = desk.clock.now();
        let Some(year) = Year::told_of(now) else {
            return Ok(());
        };
        let mut round = Round::begin(desk, trace, Self::NAME).await?;
        let everybody = Question::professionals_in_status(ProfessionalStatus::Accepted);
        let today = Some(paris::local_date(now));
        if let Some(mut tour) = round
            .tour::<Professional>(everybody.limit(PAGE), today)
            .await?
        {
            while let Some(read) = round.next(&mut tour).await? {
                let work = tell(desk, trace, year, &read);
                round.item(read.record.id.as_str(), work).await;
            }
        }
        round.end()
    }
}

/// Whoever was paid nothing is noted too, and not written to.
async fn tell(
    desk: &Desk<()>,
    trace: &Trace,
    year: Year,
    read: &Versioned<Professional>,
) -> Result<(), Problem> {
    let number = year.number();
    if read.record.statement_told >= Some(number) {
        return Ok(());
    }
    let mut told = read.record.clone();
    told.statement_told = Some(number);
    let who = &told.id;
    let (from, until) = year.bounds();
    let question = Question::movements_of_professional_between(who, from, until);
    let movements = desk.store.ask_all::<Movement>(question).await?;
    let paid = paid_in(year, movements.iter().map(|read| &read.record));
    let changes = Changes::by(trace, desk.clock.now()).replace(read, &told);
    let changes = match paid.get(who) {
        Some(paid) => changes
            .activity(TellYearlyStatements::NAME, who.as_str())
            .event(Event::YearlyStatementReady {
                professional: who.clone(),
                year: number,
                whole: paid.whole(),
            }),
        None => changes,
    };
    desk.store.commit(changes).await?;
    Ok(())
}
