//! Somebody signs out on this device.

use adapters::store::TokenPurpose;
use domain::ids::SessionId;
use http_function::{Anyone, Call, Desk, Nothing, Operation, Problem, Reply, sessions};

use crate::refresh_session::read_refresh;

/// Sign out.
pub struct SignOut;

impl Operation for SignOut {
    const NAME: &'static str = "sign-out";
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/api/session";
    const SUMMARY: &'static str = "Sign out on this device; without a session nothing happens.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let Some(session) = device_of(desk, call).await? else {
            return Ok(Reply::ok(Nothing {}).cookies(sessions::no_cookies(&desk.settings)));
        };
        let changes = call.changes().activity(Self::NAME, session.as_str());
        let (changes, cookies) = sessions::close(&desk.settings, &session, changes);
        Ok(Reply::ok(Nothing {}).changing(changes).cookies(cookies))
    }
}

/// The device, by the session or, when that ended, by the token that renews it.
async fn device_of(desk: &Desk<()>, call: &Call<SignOut>) -> Result<Option<SessionId>, Problem> {
    if let Some(session) = &call.who.0 {
        return Ok(Some(session.session.clone()));
    }
    let cookie = sessions::read_refresh_cookie(&desk.settings, &call.cookies);
    let refresh = read_refresh(desk, cookie).await?;
    Ok(refresh.and_then(|token| match token.record.purpose {
        TokenPurpose::Refresh { session, .. } => Some(session),
        TokenPurpose::ProveAddress(_)
        | TokenPurpose::ResumeRegistration(_)
        | TokenPurpose::Activate(_)
        | TokenPurpose::JoinTeam { .. }
        | TokenPurpose::ConfirmIdentifier { .. }
        | TokenPurpose::ProveDataRequest(_)
        | TokenPurpose::Contest { .. } => None,
    }))
}
