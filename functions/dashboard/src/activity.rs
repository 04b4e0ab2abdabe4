//! Who did what, when and from where (terms, article 5).

use adapters::store::{ActivityLine, Key, Question, SYSTEM, UniqueClaim};
use askama::Template;
use domain::account::device::browser_name;
use domain::finding::{Reading, understood};
use domain::identifiers::Email;
use domain::time::paris;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::csv_file::Csv;
use crate::frame::{Frame, Section, shown};
use crate::names::{Named, names};
use crate::sentences::{ActKind, is_asked_for, said, sentence};

/// The log.
pub(crate) struct ActivityPage;

/// Whose actions, or on what; which; and when.
#[derive(Clone, Deserialize, JsonSchema)]
pub(crate) struct ActivityQuery {
    /// What this account, or `system`, did.
    who: Option<String>,
    /// What was done to this, an identifier.
    subject: Option<String>,
    /// Only actions that have this in their name or their words.
    action: Option<String>,
    /// Only actions of this kind.
    genre: Option<String>,
    /// The day, where neither a person nor a thing is asked for; today otherwise.
    #[serde(default, deserialize_with = "day")]
    jour: Option<Date>,
    /// From this day on, in Paris.
    #[serde(default, deserialize_with = "day")]
    du: Option<Date>,
    /// Until the end of this day, in Paris.
    #[serde(default, deserialize_with = "day")]
    au: Option<Date>,
    apres: Option<String>,
}

/// A line, as a sentence.
struct Sentence {
    at: String,
    who: Named,
    /// Whose lines the name leads to.
    whose: String,
    predicate: String,
    /// What it was done to; nothing where it was done to oneself or to nothing in particular.
    object: Option<Named>,
    subject: String,
    note: Option<String>,
    /// The name of what was done, as the log keeps it.
    action: String,
    from: String,
}

struct KindChoice {
    code: &'static str,
    label: &'static str,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityTemplate {
    frame: Frame,
    title: String,
    who: String,
    subject: String,
    action: String,
    from: String,
    until: String,
    day: String,
    kinds: Vec<KindChoice>,
    by_day: bool,
    before: Option<String>,
    after: Option<String>,
    lines: Vec<Sentence>,
    csv: Option<String>,
    next: Option<String>,
}

impl Operation for ActivityPage {
    const NAME: &'static str = "show-activity";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/activite";
    const SUMMARY: &'static str = "Who did what: by day, by person, or by what it was done to.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = ActivityQuery;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let asked = &resolved(desk, &call.input).await?;
        let mut frame = Frame::of(Section::Activity, &call.notice);
        let today = paris::local_date(call.now);
        let by_day = asked.is_by_day();
        let day = asked.jour.unwrap_or(today);
        let page = match asked.question(today) {
            Ok(question) => read(desk, asked, question).await?,
            Err(problem) => {
                frame.refuse(&problem);
                Lines::default()
            }
        };
        let text = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let on = |day: Date| format!("{}?{}", Self::PATH, asked.on(day));
        shown(&ActivityTemplate {
            frame,
            title: paris::french_date(day),
            who: asked.who.clone().unwrap_or_default(),
            subject: asked.subject.clone().unwrap_or_default(),
            action: asked.action.clone().unwrap_or_default(),
            from: text(asked.du),
            until: text(asked.au),
            day: day.to_string(),
            kinds: kinds(asked),
            before: day.yesterday().ok().map(on),
            after: day.tomorrow().ok().filter(|day| *day <= today).map(on),
            csv: (!by_day).then(|| format!("{}?{}", DownloadActivity::PATH, asked.again(None))),
            by_day,
            next: page
                .next
                .map(|next| format!("{}?{}", Self::PATH, asked.again(Some(next)))),
            lines: sentences(desk, page.lines, by_day).await?,
        })
    }
}

fn kinds(asked: &ActivityQuery) -> Vec<KindChoice> {
    let choice = |kind: ActKind| KindChoice {
        code: kind.code(),
        label: kind.label(),
        chosen: asked.genre.as_deref() == Some(kind.code()),
    };
    ActKind::ALL.into_iter().map(choice).collect()
}

/// The question with what people type in the place of identifiers: an e-mail, a booking's reference.
async fn resolved(desk: &Desk<()>, asked: &ActivityQuery) -> Result<ActivityQuery, Problem> {
    let given = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let mut asked = ActivityQuery {
        who: given(&asked.who),
        subject: given(&asked.subject),
        action: given(&asked.action),
        genre: given(&asked.genre),
        ..asked.clone()
    };
    for text in [&mut asked.who, &mut asked.subject] {
        if let Some(typed) = text.clone() {
            *text = Some(identifier(desk, typed).await?);
        }
    }
    Ok(asked)
}

async fn identifier(desk: &Desk<()>, typed: String) -> Result<String, Problem> {
    if typed.len() > LONGEST {
        return Ok(typed);
    }
    if let Ok(email) = Email::parse(&typed) {
        let key = Key::unique(&UniqueClaim::email_key(&email));
        let claim = desk.store.get::<UniqueClaim>(key).await?;
        return Ok(claim.map_or(typed, |read| read.record.owner));
    }
    if let [reference @ Reading::Reference(_)] = &understood(&typed)[..] {
        let found = adapters::finding::find(&desk.store, reference).await?;
        let booking = found.things.into_iter().next();
        return Ok(booking.map_or(typed, |thing| thing.opens));
    }
    Ok(typed)
}

/// Each line with names in the place of identifiers. A page of one day leaves the day out.
async fn sentences(
    desk: &Desk<()>,
    lines: Vec<ActivityLine>,
    by_day: bool,
) -> Result<Vec<Sentence>, Problem> {
    let ids = lines
        .iter()
        .flat_map(|line| [line.who.as_str(), line.subject.as_str()]);
    let known = names(&desk.store, ids).await?;
    let named = |id: &str| {
        known.get(id).cloned().unwrap_or_else(|| Named {
            name: id.to_owned(),
            address: None,
        })
    };
    let sentence = |line: ActivityLine| {
        let who = named(&line.who);
        let object = named(&line.subject);
        Sentence {
            at: if by_day {
                paris::french_time(line.at)
            } else {
                crate::frame::moment(&line.at)
            },
            object: Some(object).filter(|object| *object != who && line.subject != line.who),
            who,
            predicate: predicate(&line.action),
            action: line.action,
            note: line.note,
            from: if line.who == SYSTEM {
                String::new()
            } else {
                format!("{}, {}", line.ip, browser(&line.browser))
            },
            subject: line.subject,
            whose: line.who,
        }
    };
    Ok(lines.into_iter().map(sentence).collect())
}

/// A browser by its name; what has none, as it names itself.
fn browser(agent: &str) -> &str {
    browser_name(agent).unwrap_or(agent)
}

/// What was done: its verb, or its name in the log where it has none.
fn predicate(action: &str) -> String {
    sentence(action).map_or_else(|| format!("a fait «\u{a0}{action}\u{a0}»"), str::to_owned)
}

impl ActivityQuery {
    /// The same question as an address asks it, perhaps further on.
    fn again(&self, after: Option<String>) -> String {
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        let given = [
            ("who", self.who.clone()),
            ("subject", self.subject.clone()),
            ("action", self.action.clone()),
            ("genre", self.genre.clone()),
            ("jour", day(self.jour)),
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

    /// Whether a day is asked for, and not a person or a thing.
    fn is_by_day(&self) -> bool {
        self.who.is_none() && self.subject.is_none()
    }

    /// The same on another day.
    fn on(&self, day: Date) -> String {
        let other = Self {
            jour: Some(day),
            apres: None,
            ..self.clone()
        };
        other.again(None)
    }

    /// What is read: what was done to something, or else what somebody did, or else what people did on a day.
    fn question(&self, today: Date) -> Result<Option<Question>, Problem> {
        let asked = [&self.subject, &self.who].into_iter().flatten();
        if asked.map(String::len).any(|long| long > LONGEST) {
            return Ok(None);
        }
        let question = match (self.subject.as_deref(), self.who.as_deref()) {
            (Some(subject), _) => Question::activity_on(subject),
            (None, Some(who)) => Question::activity_of(who),
            (None, None) => return Ok(Some(Question::activity_on_day(self.jour.unwrap_or(today)))),
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
        let kind = self.genre.as_deref();
        let of_kind = |kind| said(&line.action).is_some_and(|(known, _)| known.code() == kind);
        action.is_none_or(|action| is_asked_for(&line.action, action))
            && kind.is_none_or(of_kind)
            && who.is_none_or(|who| line.who == who)
    }
}

/// A day as a form sends it: nothing where it was left empty.
fn day<'a, D: serde::Deserializer<'a>>(from: D) -> Result<Option<Date>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    let text = text.filter(|text| !text.is_empty());
    let read = text.map(|text| text.parse::<Date>()).transpose();
    read.map_err(serde::de::Error::custom)
}

/// The longest thing that a line is about is an e-mail: no key may be much longer.
const LONGEST: usize = 400;

#[derive(Default)]
struct Lines {
    lines: Vec<ActivityLine>,
    next: Option<String>,
}

/// How many lines a page shows before it ends.
const SHOWN: usize = 50;
/// How many pages of fifty lines are read at most for one that is shown: an action may be rare.
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
        let question = question.clone().limit(50).after(next);
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
        if call.input.is_by_day() {
            return Err(Problem::not_found());
        }
        let today = paris::local_date(call.now);
        let question = call.input.question(today)?.ok_or_else(Problem::not_found)?;
        let question = question.limit(100);
        let lines = desk.store.ask_all::<ActivityLine>(question).await?;
        let lines = lines.into_iter().map(|read| read.record);
        let lines = lines.filter(|line| call.input.wants(line)).map(|line| {
            [
                paris::to_local(line.at)
                    .strftime("%Y-%m-%d %H:%M:%S")
                    .to_string(),
                line.who,
                sentence(&line.action).unwrap_or_default().to_owned(),
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
            genre: None,
            jour: None,
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
        let question = |du, au| {
            asked(du, au)
                .question("2026-11-30".parse().unwrap())
                .map(Option::unwrap)
        };
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
