//! What is kept and until when: the table of durations, what will be erased tomorrow, what was, and the
//! legal holds.

use std::collections::BTreeMap;

use adapters::store::Question;
use askama::Template;
use domain::retention::{Erasure, PlannedErasure, RULES, RetentionFile, RetentionReport, Subject};
use domain::time::paris;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use operator::{SubjectPath, known};

use crate::frame::{Frame, Section, moment, shown};

/// How many of a kind are named; the others are counted.
const NAMED: usize = 20;
/// How many days are reported.
const DAYS: i32 = 30;

/// Retention.
pub(crate) struct RetentionPage;

/// A line of the table of durations.
struct RuleLine {
    what: &'static str,
    keeps: String,
    then: &'static str,
    law: &'static str,
}

/// What is listed of one kind.
struct Kind {
    label: &'static str,
    count: usize,
    subjects: Vec<Listed>,
    others: usize,
}

struct Listed {
    subject: Subject,
    since: String,
    done: String,
}

struct Held {
    subject: Subject,
    reason: String,
    since: String,
}

struct Reported {
    day: String,
    label: &'static str,
    subjects: u32,
    records: u32,
    files: u32,
}

#[derive(Template)]
#[template(path = "retention.html")]
struct RetentionTemplate {
    frame: Frame,
    rules: Vec<RuleLine>,
    kinds: Vec<Kind>,
    held: Vec<Held>,
    reported: Vec<Reported>,
}

impl Operation for RetentionPage {
    const NAME: &'static str = "show-retention";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/conservation";
    const SUMMARY: &'static str =
        "What is kept how long, what will be erased, what was, and the legal holds.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let store = &desk.store;
        let (planned, held, reports) = tokio::try_join!(
            store.ask_all::<PlannedErasure>(Question::planned_erasures().limit(100)),
            store.ask_all::<RetentionFile>(Question::legal_holds()),
            store.ask::<RetentionReport>(Question::retention_reports().limit(DAYS)),
        )?;
        let planned = planned.into_iter().map(|read| read.record);
        let held = held.into_iter().filter_map(|read| held_line(read.record));
        let reports = reports.records.into_iter().map(|read| read.record);
        shown(&RetentionTemplate {
            frame: Frame::of(Section::Data, &call.notice),
            rules: rules(),
            kinds: kinds(planned),
            held: held.collect(),
            reported: reports.flat_map(reported).collect(),
        })
    }
}

fn rules() -> Vec<RuleLine> {
    let line = |rule: &domain::retention::Rule| RuleLine {
        what: rule.what,
        keeps: rule.duration_in_words(),
        then: rule.then_in_words(),
        law: rule.law,
    };
    RULES.iter().map(line).collect()
}

fn kinds(planned: impl Iterator<Item = PlannedErasure>) -> Vec<Kind> {
    let mut by_kind = BTreeMap::<Erasure, Vec<PlannedErasure>>::new();
    for one in planned {
        by_kind.entry(one.erasure).or_default().push(one);
    }
    let kind = |(erasure, all): (Erasure, Vec<PlannedErasure>)| Kind {
        label: erasure.label(),
        count: all.len(),
        others: all.len().saturating_sub(NAMED),
        subjects: all.into_iter().take(NAMED).map(listed).collect(),
    };
    by_kind.into_iter().map(kind).collect()
}

fn listed(planned: PlannedErasure) -> Listed {
    let next = planned.listed_on.tomorrow().unwrap_or(planned.listed_on);
    Listed {
        since: moment(&planned.since),
        done: paris::short_date(next),
        subject: planned.subject,
    }
}

fn held_line(file: RetentionFile) -> Option<Held> {
    let hold = file.hold?;
    Some(Held {
        subject: file.subject,
        since: moment(&hold.at),
        reason: hold.reason,
    })
}

fn reported(report: RetentionReport) -> Vec<Reported> {
    let day = paris::short_date(report.day);
    let lines = report.lines.into_iter().map(|line| Reported {
        day: day.clone(),
        label: line.erasure.label(),
        subjects: line.subjects,
        records: line.records,
        files: line.files,
    });
    lines.collect()
}

/// What is kept of one account, until when.
pub(crate) struct RetentionFilePage;

struct Step {
    label: &'static str,
    due: String,
    done: Option<String>,
}

struct Past {
    reason: String,
    since: String,
    lifted: String,
    why: String,
}

#[derive(Template)]
#[template(path = "retention_file.html")]
struct RetentionFileTemplate {
    frame: Frame,
    subject: Subject,
    name: String,
    file: String,
    closed: Option<String>,
    steps: Vec<Step>,
    held: Option<Held>,
    past: Vec<Past>,
    typed: String,
}

impl Operation for RetentionFilePage {
    const NAME: &'static str = "show-retention-file";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/conservation/{subject}";
    const SUMMARY: &'static str = "Until when what is kept of one account, and its legal hold.";
    type Outside = ();
    type Who = Admin;
    type Path = SubjectPath;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let subject = &call.path.subject;
        let known = known(&desk.store, subject).await?;
        let known = known.ok_or_else(Problem::not_found)?;
        let planned = known.facts.planned();
        let steps = planned.iter().map(|due| Step {
            label: due.erasure.label(),
            due: moment(&due.since),
            done: done(&known.file, due.erasure),
        });
        shown(&RetentionFileTemplate {
            frame: Frame::of(Section::Data, &call.notice),
            steps: steps.collect(),
            file: address(subject),
            name: known.name,
            closed: known.facts.closed_at.map(|at| moment(&at)),
            past: past(&known.file),
            held: held_line(known.file),
            typed: call.notice.typed("reason").to_owned(),
            subject: subject.clone(),
        })
    }
}

fn done(file: &RetentionFile, erasure: Erasure) -> Option<String> {
    let done = file.done.iter().find(|done| done.erasure == erasure)?;
    Some(moment(&done.at))
}

fn past(file: &RetentionFile) -> Vec<Past> {
    let past = file.past_holds.iter().map(|past| Past {
        reason: past.hold.reason.clone(),
        since: moment(&past.hold.at),
        lifted: moment(&past.lifted_at),
        why: past.reason.clone(),
    });
    past.collect()
}

/// Where the dashboard shows somebody.
fn address(subject: &Subject) -> String {
    match subject {
        Subject::Client(id) => format!("/admin/clients/{id}"),
        Subject::Professional(id) => format!("/admin/professionnels/{id}"),
        Subject::Booking(id) => format!("/admin/reservations/{id}"),
    }
}
