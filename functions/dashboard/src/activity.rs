//! Who did what, when and from where (terms, article 5).

use std::collections::BTreeMap;

use adapters::store::{ActivityLine, Key, Question};
use askama::Template;
use domain::account::Account;
use domain::ids::AccountId;
use domain::members::{MemberRole, Members};
use domain::professional::Professional;
use domain::time::paris;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions;
use crate::csv_file::Csv;
use crate::frame::{Frame, Section, moment, shown};

/// The log.
pub(crate) struct ActivityPage;

/// Whose actions, or on what; which; and when.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ActivityQuery {
    /// What this account, or `system`, did.
    who: Option<String>,
    /// What was done to this, an identifier.
    subject: Option<String>,
    /// Only actions that have this in their name or their words.
    action: Option<String>,
    /// From this day on, in Paris.
    du: Option<Date>,
    /// Until the end of this day, in Paris.
    au: Option<Date>,
    apres: Option<String>,
}

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityTemplate {
    frame: Frame,
    who: String,
    subject: String,
    action: String,
    from: String,
    until: String,
    asked: bool,
    lines: Vec<ActivityLine>,
    names: BTreeMap<String, String>,
    csv: String,
    next: Option<String>,
}

impl Operation for ActivityPage {
    const NAME: &'static str = "show-activity";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/activite";
    const SUMMARY: &'static str = "Who did what, by account or by what it was done to.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = ActivityQuery;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let asked = &call.input;
        let mut frame = Frame::of(Section::Activity, &call.notice);
        let page = match asked.question() {
            Ok(question) => read(desk, asked, question).await?,
            Err(problem) => {
                frame.refuse(&problem);
                Lines::default()
            }
        };
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        shown(&ActivityTemplate {
            frame,
            who: asked.who.clone().unwrap_or_default(),
            subject: asked.subject.clone().unwrap_or_default(),
            action: asked.action.clone().unwrap_or_default(),
            from: day(asked.du),
            until: day(asked.au),
            asked: asked.who.is_some() || asked.subject.is_some(),
            csv: format!("{}?{}", DownloadActivity::PATH, asked.again(None)),
            next: page
                .next
                .map(|next| format!("{}?{}", Self::PATH, asked.again(Some(next)))),
            names: names(desk, &page.lines).await?,
            lines: page.lines,
        })
    }
}

impl ActivityQuery {
    /// The same question as an address asks it, perhaps further on.
    fn again(&self, after: Option<String>) -> String {
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        let given = [
            ("who", self.who.clone()),
            ("subject", self.subject.clone()),
            ("action", self.action.clone()),
            ("du", day(self.du)),
            ("au", day(self.au)),
            ("apres", after),
        ];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in given {
            if let Some(value) = value {
                query.append_pair(name, &value);
            }
        }
        query.finish()
    }

    /// What is read: what was done to something, or else what somebody did; nothing when neither is named.
    fn question(&self) -> Result<Option<Question>, Problem> {
        let asked = [&self.subject, &self.who].into_iter().flatten();
        if asked.map(String::len).any(|long| long > LONGEST) {
            return Ok(None);
        }
        let question = match (self.subject.as_deref(), self.who.as_deref()) {
            (Some(subject), _) => Question::activity_on(subject),
            (None, Some(who)) => Question::activity_of(who),
            (None, None) => return Ok(None),
        };
        let from = self.du.map_or(Timestamp::UNIX_EPOCH, paris::day_start);
        // A day that has no day after it is the last there is.
        let until = self.au.and_then(|day| day.tomorrow().ok());
        let until = until.map(paris::day_start);
        if until.is_some_and(|until| until <= from) {
            return Err(Problem::new(
                422,
                "period_reversed",
                "La période doit finir au plus tôt le jour où elle commence.",
            )
            .about("au"));
        }
        Ok(Some(match (self.du, until) {
            (None, None) => question,
            (_, until) => question.lines_between(from, until.unwrap_or(Timestamp::MAX)),
        }))
    }

    /// Whether a line of that question is wanted.
    fn wants(&self, line: &ActivityLine) -> bool {
        let action = self.action.as_deref();
        let who = self.who.as_deref();
        action.is_none_or(|action| actions::is_asked_for(&line.action, action))
            && who.is_none_or(|who| line.who == who)
    }
}

/// The longest thing that a line is about is an e-mail: no key may be much longer.
const LONGEST: usize = 400;

/// Who the accounts are that did something: members of a team by name and role, others by theirs.
async fn names(
    desk: &Desk<()>,
    lines: &[ActivityLine],
) -> Result<BTreeMap<String, String>, Problem> {
    let mut names = BTreeMap::new();
    for line in lines {
        if names.contains_key(&line.who) {
            continue;
        }
        if let Ok(id) = AccountId::parse(&line.who)
            && let Some(name) = name_of(desk, &id).await?
        {
            names.insert(line.who.clone(), name);
        }
    }
    Ok(names)
}

async fn name_of(desk: &Desk<()>, id: &AccountId) -> Result<Option<String>, Problem> {
    let Some(read) = desk.store.get::<Account>(Key::account(id)).await? else {
        return Ok(None);
    };
    let account = read.record;
    let Some(professional) = &account.professional else {
        let client = account.client;
        return Ok(client.map(|client| format!("{} {}", client.first_name, client.last_name)));
    };
    let members = desk
        .store
        .get::<Members>(Key::members(professional))
        .await?;
    let member = members.and_then(|read| read.record.whoever(id).cloned());
    if let Some(member) = member {
        let role = match member.role {
            MemberRole::Manager => "gestionnaire",
            MemberRole::Agent { .. } => "agent",
        };
        return Ok(Some(format!("{} ({role})", member.name())));
    }
    let key = Key::professional(professional);
    let owned = desk.store.get::<Professional>(key).await?;
    Ok(owned.map(|read| format!("{} (titulaire)", read.record.name())))
}

#[derive(Default)]
struct Lines {
    lines: Vec<ActivityLine>,
    next: Option<String>,
}

/// How many lines a page shows before it ends.
const SHOWN: usize = 100;
/// How many pages of a hundred lines are read at most for one that is shown: an action may be rare.
const READ: usize = 20;

async fn read(
    desk: &Desk<()>,
    asked: &ActivityQuery,
    question: Option<Question>,
) -> Result<Lines, Problem> {
    let Some(question) = question else {
        return Ok(Lines::default());
    };
    let mut lines = Vec::new();
    let mut next = asked.apres.clone();
    for _ in 0..READ {
        let question = question.clone().limit(100).after(next);
        let page = desk.store.ask::<ActivityLine>(question).await?;
        let records = page.records.into_iter().map(|read| read.record);
        lines.extend(records.filter(|line| asked.wants(line)));
        next = page.next;
        if next.is_none() || lines.len() >= SHOWN {
            break;
        }
    }
    Ok(Lines { lines, next })
}

/// The same as a file for a spreadsheet, as far back as the log goes.
pub(crate) struct DownloadActivity;

impl Operation for DownloadActivity {
    const NAME: &'static str = "download-activity";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/activite.csv";
    const SUMMARY: &'static str = "The lines of the log that were asked for, for a spreadsheet.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = ActivityQuery;
    type Output = Csv;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Csv>, Problem> {
        let question = call.input.question()?.ok_or_else(Problem::not_found)?;
        let question = question.limit(100);
        let lines = desk.store.ask_all::<ActivityLine>(question).await?;
        let lines = lines.into_iter().map(|read| read.record);
        let lines = lines.filter(|line| call.input.wants(line)).map(|line| {
            [
                paris::to_local(line.at)
                    .strftime("%Y-%m-%d %H:%M:%S")
                    .to_string(),
                line.who,
                actions::label(&line.action).unwrap_or_default().to_owned(),
                line.action,
                line.subject,
                line.note.unwrap_or_default(),
                line.ip,
                line.browser,
                line.request,
            ]
        });
        let head = [
            "quand (heure de Paris)",
            "qui",
            "quoi",
            "action",
            "sur",
            "motif",
            "adresse IP",
            "navigateur",
            "requête",
        ];
        Ok(Reply::ok(Csv::of(head, lines)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(du: Option<&str>, au: Option<&str>) -> ActivityQuery {
        ActivityQuery {
            who: None,
            subject: Some("pro_1&x=y".to_owned()),
            action: Some("open document".to_owned()),
            du: du.map(|day| day.parse().unwrap()),
            au: au.map(|day| day.parse().unwrap()),
            apres: None,
        }
    }

    #[test]
    fn a_question_is_asked_again_as_it_was() {
        let again = asked(Some("2026-11-01"), None).again(Some("suite".to_owned()));
        assert_eq!(
            again,
            "subject=pro_1%26x%3Dy&action=open+document&du=2026-11-01&apres=suite"
        );
    }

    #[test]
    fn a_period_is_whole_days_of_paris_and_never_ends_before_it_begins() {
        let question = |du, au| asked(du, au).question().map(Option::unwrap);
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let on = Question::activity_on("pro_1&x=y");
        assert_eq!(question(None, None).ok(), Some(on.clone()));
        assert_eq!(
            question(Some("2026-11-02"), Some("2026-11-02")).ok(),
            Some(on.lines_between(at("2026-11-01T23:00:00Z"), at("2026-11-02T23:00:00Z")))
        );
        let reversed = question(Some("2026-11-02"), Some("2026-11-01"));
        assert_eq!(
            reversed.err().map(|problem| problem.code),
            Some("period_reversed")
        );
    }
}
