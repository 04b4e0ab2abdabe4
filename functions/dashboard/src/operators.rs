//! Who runs the marketplace: operators, what each may do, and when they were last here.

use adapters::store::{ActivityLine, Question};
use askama::Template;
use domain::ids::AccountId;
use domain::operator::{Duty, OperatorRole};
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use operator::{Invitation, Invited, KnownOperator, invite, operators};

use crate::frame::{Frame, Section, Sent, moment, shown};

/// Every operator.
pub(crate) struct OperatorsPage;

struct RoleChoice {
    code: &'static str,
    label: &'static str,
    allows: &'static str,
    held: bool,
}

struct Line {
    id: AccountId,
    email: String,
    since: String,
    last: String,
    by: Option<String>,
    factor: bool,
    roles: Vec<RoleChoice>,
    held: String,
    oneself: bool,
}

#[derive(Template)]
#[template(path = "operators.html")]
struct OperatorsTemplate {
    frame: Frame,
    lines: Vec<Line>,
    roles: Vec<RoleChoice>,
    typed_email: String,
}

impl Operation for OperatorsPage {
    const NAME: &'static str = "show-operators";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/exploitants";
    const SUMMARY: &'static str = "Operators, their roles and their last use.";
    const DUTY: Duty = Duty::Administer;
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let all = operators(&desk.store).await?;
        let emails: Vec<(AccountId, String)> = all
            .iter()
            .map(|one| {
                (
                    one.account.id.clone(),
                    one.account.email.as_str().to_owned(),
                )
            })
            .collect();
        let mut lines = Vec::new();
        for one in all {
            lines.push(line(desk, one, &emails, &call.who.account).await?);
        }
        let sent = Sent::new(&call.notice);
        let held = |role: OperatorRole| sent.had("roles", &role.code());
        shown(&OperatorsTemplate {
            frame: Frame::of(Section::Settings, &call.notice),
            lines,
            roles: choices(held),
            typed_email: call.notice.typed("email").to_owned(),
        })
    }
}

fn choices(held: impl Fn(OperatorRole) -> bool) -> Vec<RoleChoice> {
    let choice = |role: OperatorRole| RoleChoice {
        code: role.code(),
        label: role.label(),
        allows: role.allows(),
        held: held(role),
    };
    OperatorRole::ALL.into_iter().map(choice).collect()
}

/// An operator, and the last thing that they did or looked at.
async fn line(
    desk: &Desk<()>,
    one: KnownOperator,
    emails: &[(AccountId, String)],
    asking: &AccountId,
) -> Result<Line, Problem> {
    let question = Question::activity_of(one.account.id.as_str()).limit(1);
    let page = desk.store.ask::<ActivityLine>(question).await?;
    let last = page.records.first().map(|read| read.record.at);
    let roles = one.roles();
    let known = one.known.as_ref().map(|read| &read.record);
    let email_of = |id: &AccountId| {
        let named = emails.iter().find(|(known, _)| known == id);
        named.map_or_else(|| id.to_string(), |(_, email)| email.clone())
    };
    let labels: Vec<&str> = roles.iter().map(|role| role.label()).collect();
    Ok(Line {
        oneself: one.account.id == *asking,
        email: one.account.email.as_str().to_owned(),
        since: moment(&one.account.created_at),
        last: last.map_or_else(|| "jamais".to_owned(), |at| moment(&at)),
        by: known.map(|known| email_of(&known.invited_by)),
        factor: one.account.has_second_factor(),
        held: labels.join(", "),
        roles: choices(|role| roles.contains(&role)),
        id: one.account.id,
    })
}

/// Lets another operator in: what they are given is shown once, to be handed over.
pub(crate) struct InviteOperator;

#[derive(Template)]
#[template(path = "invited.html")]
struct InvitedTemplate {
    frame: Frame,
    email: String,
    password: String,
    secret: String,
}

impl Operation for InviteOperator {
    const NAME: &'static str = "invite-operator";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/exploitants";
    const SUMMARY: &'static str = "Let another operator in; what they are given is shown once.";
    const DUTY: Duty = Duty::Administer;
    const SECRET: bool = true;
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = Invitation;
    type Output = Html;

    async fn run(_: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let by = &call.who.account;
        let (invited, changes) = invite(&call.input, by, call.now, call.changes())?;
        let Invited {
            account,
            password,
            factor,
        } = invited;
        let page = InvitedTemplate {
            frame: Frame::of(Section::Settings, &call.notice),
            email: account.email.as_str().to_owned(),
            password,
            secret: factor.secret_text(),
        };
        Ok(shown(&page)?.changing(changes))
    }
}
