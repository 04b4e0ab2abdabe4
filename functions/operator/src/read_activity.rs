//! The operator reads who did what, when and from where (terms, article 5).

use adapters::store::{ActivityLine, Question};
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Read the activity log.
pub struct ReadActivity;

/// Whose actions, or on what: one of the two.
#[derive(Deserialize, JsonSchema)]
pub struct ActivityQuery {
    /// What this account, or `system`, did.
    who: Option<String>,
    /// What was done to this, an identifier.
    subject: Option<String>,
    /// Only lines from this moment on.
    from: Option<Timestamp>,
    /// Only lines before this moment.
    until: Option<Timestamp>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// A page of the log, newest first.
#[derive(Serialize, JsonSchema)]
pub struct ActivityPage {
    /// The lines.
    lines: Vec<ActivityView>,
    /// How to ask for the next page.
    next: Option<String>,
}

/// A line of the log.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ActivityView {
    /// Its identifier.
    id: String,
    /// The account, or `system`.
    who: String,
    /// What was done.
    action: String,
    /// To what.
    subject: String,
    /// When.
    at: Timestamp,
    /// From which address.
    ip: String,
    /// With which browser.
    browser: String,
    /// In which request.
    request: String,
    /// Why, where a reason had to be given.
    note: Option<String>,
}

impl Operation for ReadActivity {
    const NAME: &'static str = "read-activity";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/admin/activity";
    const SUMMARY: &'static str =
        "Who did what, by account or by what it was done to, newest first.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = ActivityQuery;
    type Output = ActivityPage;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<ActivityPage>, Problem> {
        let question = question(&call.input)?.after(call.input.after.clone());
        let page = desk.store.ask::<ActivityLine>(question).await?;
        let lines = page
            .records
            .into_iter()
            .map(|read| view(read.record))
            .collect();
        Ok(Reply::ok(ActivityPage {
            lines,
            next: page.next,
        }))
    }
}

fn question(asked: &ActivityQuery) -> Result<Question, Problem> {
    let from = asked.from.unwrap_or(Timestamp::UNIX_EPOCH);
    let until = asked.until.unwrap_or(Timestamp::MAX);
    if until <= from {
        return Err(Problem::new(
            422,
            "period_reversed",
            "La période doit finir après le moment où elle commence.",
        )
        .about("until"));
    }
    let question = whose(asked)?;
    Ok(match (asked.from, asked.until) {
        (None, None) => question,
        _ => question.lines_between(from, until),
    })
}

fn whose(asked: &ActivityQuery) -> Result<Question, Problem> {
    match (asked.who.as_deref(), asked.subject.as_deref()) {
        (Some(who), None) if !who.is_empty() => Ok(Question::activity_of(who)),
        (None, Some(subject)) if !subject.is_empty() => Ok(Question::activity_on(subject)),
        (Some(_) | None, Some(_) | None) => Err(Problem::new(
            400,
            "who_or_subject",
            "Indiquez soit `who`, soit `subject`.",
        )),
    }
}

fn view(line: ActivityLine) -> ActivityView {
    let ActivityLine {
        id,
        who,
        action,
        subject,
        at,
        ip,
        browser,
        request,
        note,
    } = line;
    ActivityView {
        id,
        who,
        action,
        subject,
        at,
        ip,
        browser,
        request,
        note,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(who: Option<&str>, subject: Option<&str>) -> Result<Question, Problem> {
        question(&ActivityQuery {
            who: who.map(str::to_owned),
            subject: subject.map(str::to_owned),
            from: None,
            until: None,
            after: None,
        })
    }

    #[test]
    fn the_log_is_read_by_one_of_its_two_orders() {
        assert_eq!(
            asked(Some("system"), None).ok(),
            Some(Question::activity_of("system"))
        );
        assert_eq!(
            asked(None, Some("pro_1")).ok(),
            Some(Question::activity_on("pro_1"))
        );
        for (who, subject) in [
            (None, None),
            (Some("a"), Some("b")),
            (Some(""), None),
            (None, Some("")),
        ] {
            assert_eq!(
                asked(who, subject).err().map(|problem| problem.status),
                Some(400)
            );
        }
    }
}
