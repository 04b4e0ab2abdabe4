//! The first factor.

use accounts::identify;
use askama::Template;
use domain::account::Role;
use domain::identifiers::Email;
use http_function::{Anyone, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{back, begin_step};
use crate::frame::{Frame, shown};

/// Where one signs in.
pub(crate) struct SignInPage;

/// Where to go afterwards.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Back {
    /// An address of the dashboard.
    pub(super) retour: Option<String>,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInTemplate {
    frame: Frame,
    back: String,
    email: String,
}

impl Operation for SignInPage {
    const NAME: &'static str = "show-operator-sign-in";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/connexion";
    const SUMMARY: &'static str = "Where the operator signs in.";
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = Back;
    type Output = Html;

    async fn run(_: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let typed = call.notice.typed("back");
        let asked = call.input.retour.as_deref().unwrap_or(typed);
        shown(&SignInTemplate {
            frame: Frame::signed_out(&call.notice),
            back: back(Some(asked)),
            email: call.notice.typed("email").to_owned(),
        })
    }
}

/// The first factor.
pub(crate) struct SignInOperator;

/// An e-mail and a password.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct FirstFactor {
    email: Email,
    #[schemars(length(max = 128))]
    password: String,
    back: Option<String>,
}

impl Operation for SignInOperator {
    const NAME: &'static str = "sign-in-operator";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/connexion";
    const SUMMARY: &'static str = "An operator's password; a code is asked for next.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = FirstFactor;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let FirstFactor {
            email,
            password,
            back: asked,
        } = &call.input;
        let read = identify(desk, call, email, password).await?;
        let account = &read.record;
        if account.role != Role::Admin {
            return Err(Problem::new(
                403,
                "wrong_role",
                "Cet espace est réservé à l’exploitant : connectez-vous sur le site.",
            ));
        }
        let step = begin_step(desk, &account.id, call.now);
        let back = back(asked.as_deref());
        if account.has_second_factor() {
            let back: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
            let to = format!("{}?retour={back}", super::GiveCodePage::PATH);
            return Ok(Reply::ok(Nothing {}).cookies(vec![step]).redirect(to));
        }
        // Its key was given with the account: nobody gets another by a password alone.
        if account.second_factor.is_none() {
            return Err(Problem::new(
                403,
                "second_factor_required",
                "Ce compte n’a pas de double authentification : faites-le ouvrir de nouveau.",
            ));
        }
        Ok(Reply::ok(Nothing {})
            .cookies(vec![step])
            .redirect(super::EnrolmentPage::PATH.to_owned()))
    }
}
