//! The second factor is set up, at the first sign-in.

use askama::Template;
use domain::account::second_factor::SecondFactorRefused;
use http_function::{
    Anyone, Call, Desk, Html, Nothing, Operation, Problem, QUARTER, Reply, door, recovery_codes,
    throttle,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{end_step, in_step};
use crate::frame::{Frame, shown};

/// Where the second factor is set up. Its key was given with the account and is not shown here: who only
/// knows the password cannot set a telephone of theirs up.
pub(crate) struct EnrolmentPage;

#[derive(Template)]
#[template(path = "enrolment.html")]
struct EnrolmentTemplate {
    frame: Frame,
}

impl Operation for EnrolmentPage {
    const NAME: &'static str = "show-second-factor-enrolment";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/connexion/activation";
    const SUMMARY: &'static str = "Where the operator sets the second factor up.";
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let account = in_step(desk, &call.cookies, call.now).await?.record;
        if account.has_second_factor() {
            return Err(SecondFactorRefused::AlreadyEnrolled.into());
        }
        shown(&EnrolmentTemplate {
            frame: Frame::signed_out(&call.notice),
        })
    }
}

/// Sets the second factor up.
pub(crate) struct EnrolSecondFactor;

/// The first code.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct FirstCode {
    #[schemars(length(max = 7))]
    code: String,
}

#[derive(Template)]
#[template(path = "recovery.html")]
struct RecoveryTemplate {
    frame: Frame,
    codes: Vec<String>,
}

impl Operation for EnrolSecondFactor {
    const NAME: &'static str = "enrol-second-factor";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/connexion/activation";
    const SUMMARY: &'static str =
        "The first code: the session opens, recovery codes are shown once.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = FirstCode;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let read = in_step(desk, &call.cookies, call.now).await?;
        let tries = format!("{}#{}", Self::NAME, read.record.id);
        throttle(desk, &tries, 10, QUARTER).await?;
        let (codes, hashes) = recovery_codes();
        let mut account = read.record.clone();
        let given = door::enrol_factor(&mut account, &call.input.code, hashes, call.now)?;
        let mut cookies = door::open_operator(desk, &account, &given, &call.cookies, call.now)?;
        cookies.push(end_step(desk));
        let changes = call
            .changes()
            .replace(&read, &account)
            .activity(Self::NAME, account.id.as_str());
        let page = RecoveryTemplate {
            frame: Frame::signed_out(&call.notice),
            codes,
        };
        Ok(shown(&page)?.changing(changes).cookies(cookies))
    }
}
