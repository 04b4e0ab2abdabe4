//! The second factor is set up, at the first sign-in.

use adapters::secrets::{hexadecimal, random_bytes, sha256};
use askama::Template;
use domain::account::second_factor::{RECOVERY_CODES, SecondFactorRefused};
use http_function::{
    Anyone, Call, Desk, Html, Nothing, Operation, Problem, QUARTER, Reply, door, throttle,
};
use qrcode::QrCode;
use qrcode::render::svg;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{end_step, in_step};
use crate::frame::{Frame, shown};

/// Where the second factor is set up.
pub(crate) struct EnrolmentPage;

#[derive(Template)]
#[template(path = "enrolment.html")]
struct EnrolmentTemplate {
    frame: Frame,
    /// SVG made here, of our own address.
    picture: String,
    secret: String,
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
        let factor = account
            .second_factor
            .filter(|factor| factor.enrolled_at.is_none())
            .ok_or(SecondFactorRefused::AlreadyEnrolled)?;
        let code =
            QrCode::new(factor.address(account.email.as_str())).map_err(Problem::internal)?;
        shown(&EnrolmentTemplate {
            frame: Frame::signed_out(&call.notice),
            picture: code.render::<svg::Color<'_>>().build(),
            secret: factor.secret_text(),
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
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
        let hashes = codes.iter().map(|code| sha256(code.as_bytes())).collect();
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

/// Such as `3f9a-01cd-77be`: 48 random bits, behind a throttle.
fn recovery_code() -> String {
    let digits = hexadecimal(&random_bytes::<6>());
    let part = |from: usize| digits.get(from..from + 4).unwrap_or_default();
    format!("{}-{}-{}", part(0), part(4), part(8))
}
