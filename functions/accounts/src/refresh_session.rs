//! A browser asks for a new session with its refresh token, which works once.

use adapters::secrets::hash_token;
use adapters::store::{Changes, Key, SignedInDevice, Token, TokenPurpose, Versioned};
use domain::account::{Account, Role};
use domain::ids::{AccountId, ProfessionalId, SessionId};
use domain::professional::Professional;
use http_function::sessions::{self, Subject};
use http_function::{Anyone, Call, Desk, Nothing, Operation, Problem, Reply, door, session_ended};

/// Renew a session.
pub struct RefreshSession;

impl Operation for RefreshSession {
    const NAME: &'static str = "refresh-session";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/session/refresh";
    const SUMMARY: &'static str =
        "Renew the session with the refresh cookie; one that was used before signs the device out.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let cookie = sessions::read_refresh_cookie(&desk.settings, &call.cookies);
        let refresh = read_refresh(desk, cookie)
            .await?
            .ok_or_else(session_ended)?;
        let TokenPurpose::Refresh {
            session,
            subject,
            role,
            used_at,
        } = &refresh.record.purpose
        else {
            return Err(session_ended());
        };
        if used_at.is_some() {
            // Two hold this token, and one of them stole it: neither goes on.
            let (changes, _cookies) = sessions::close(&desk.settings, session, call.changes());
            desk.store
                .commit(changes.activity("refresh-token-reused", subject))
                .await?;
            return Err(session_ended());
        }
        let read = read_device(desk, session)
            .await?
            .filter(|read| call.now < read.record.expires_at)
            .ok_or_else(session_ended)?;
        let device = SignedInDevice {
            used_at: Some(call.now),
            country: call.trace.country.clone(),
            ..read.record.clone()
        };
        let subject = subject_now(desk, subject, *role, &device)
            .await?
            .ok_or_else(session_ended)?;
        let changes: Changes = sessions::used(&refresh, call.changes()).replace(&read, &device);
        let (changes, cookies) = sessions::renew(desk, &subject, &device, changes);
        Ok(Reply::ok(Nothing {}).changing(changes).cookies(cookies))
    }
}

/// The refresh token of a cookie, unless it ended.
pub(crate) async fn read_refresh(
    desk: &Desk<()>,
    cookie: Option<&str>,
) -> Result<Option<Versioned<Token>>, Problem> {
    let Some(secret) = cookie else {
        return Ok(None);
    };
    let token = desk
        .store
        .get::<Token>(Key::token(&hash_token(secret)))
        .await?;
    Ok(token.filter(|token| desk.clock.now() < token.record.expires_at))
}

async fn read_device(
    desk: &Desk<()>,
    session: &SessionId,
) -> Result<Option<Versioned<SignedInDevice>>, Problem> {
    let key = Key::token(session.as_str());
    Ok(desk.store.get::<SignedInDevice>(key).await?)
}

/// Who the device is signed in for, as things stand now: rights may have changed since.
async fn subject_now(
    desk: &Desk<()>,
    subject: &str,
    role: Role,
    device: &SignedInDevice,
) -> Result<Option<Subject>, Problem> {
    if role == Role::Applicant {
        let Ok(id) = ProfessionalId::parse(subject) else {
            return Ok(None);
        };
        let read = desk
            .store
            .get::<Professional>(Key::professional(&id))
            .await?;
        // With the account of who was accepted, the registration's own sessions end.
        let waits = read.is_some_and(|read| read.record.account.is_none());
        return Ok(waits.then(|| Subject::applicant(&id, &device.methods)));
    }
    let Ok(id) = AccountId::parse(subject) else {
        return Ok(None);
    };
    let account = desk
        .store
        .get::<Account>(Key::account(&id))
        .await?
        .map(|read| read.record);
    let Some(account) = account.filter(|account| account.keeps_device(device.since)) else {
        return Ok(None);
    };
    match door::admitted(desk, &account, &device.methods).await {
        Ok(subject) => Ok(Some(subject)),
        Err(refused) if refused.status == 403 => Ok(None),
        Err(failure) => Err(failure),
    }
}
