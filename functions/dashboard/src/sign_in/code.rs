//! The second factor.

use accounts::take_factor;
use askama::Template;
use http_function::{Anyone, Call, Desk, Html, Nothing, Operation, Problem, Reply, door};
use schemars::JsonSchema;
use serde::Deserialize;

use super::password::Back;
use super::{back, end_step, in_step};
use crate::frame::{Frame, shown};

/// Where the code is given.
pub(crate) struct GiveCodePage;

#[derive(Template)]
#[template(path = "second_factor.html")]
struct CodeTemplate {
    frame: Frame,
    back: String,
}

impl Operation for GiveCodePage {
    const NAME: &'static str = "show-second-factor";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/connexion/code";
    const SUMMARY: &'static str = "Where the operator gives a code.";
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = Back;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        in_step(desk, &call.cookies, call.now).await?;
        let typed = call.notice.typed("back");
        shown(&CodeTemplate {
            frame: Frame::signed_out(&call.notice),
            back: back(Some(call.input.retour.as_deref().unwrap_or(typed))),
        })
    }
}

/// The second factor.
pub(crate) struct GiveCode;

/// A code.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct SecondCode {
    /// Six digits, or a recovery code.
    #[schemars(length(max = 20))]
    code: String,
    back: Option<String>,
}

impl Operation for GiveCode {
    const NAME: &'static str = "give-second-factor";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/connexion/code";
    const SUMMARY: &'static str = "An operator's code, or a recovery code: the session opens.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = SecondCode;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let read = in_step(desk, &call.cookies, call.now).await?;
        let mut account = read.record.clone();
        let given = take_factor(desk, &mut account, Some(&call.input.code), call.now).await?;
        let mut cookies = door::open_operator(desk, &account, &given, &call.cookies, call.now)?;
        cookies.push(end_step(desk));
        let changes = call
            .changes()
            .replace(&read, &account)
            .activity(Self::NAME, account.id.as_str());
        Ok(Reply::ok(Nothing {})
            .changing(changes)
            .cookies(cookies)
            .redirect(back(call.input.back.as_deref())))
    }
}
