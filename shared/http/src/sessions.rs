//! Sessions: a short signed cookie that says who, and a rotating refresh token that renews it.
//!
//! The signed cookie is checked against the clock of the environment, so a moved clock moves
//! sessions too; that is why it is the `cookie` crate's signed jar and not a JWT library.

use adapters::ids::fresh;
use adapters::secrets::OneTimeToken;
use adapters::store::{Changes, Key as StoreKey, SignedInDevice, Token, TokenPurpose, Versioned};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::{Cookie, CookieJar, Key, SameSite};
use domain::account::{Account, Role};
use domain::ids::{ProfessionalId, SessionId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::desk::{Desk, Settings};
use crate::problem::Problem;

/// The cookie that says who.
pub const SESSION_COOKIE: &str = "session";
/// The cookie that renews it; sent to `/api/session` only.
pub const REFRESH_COOKIE: &str = "refresh";

const SESSION_LIFE: SignedDuration = SignedDuration::from_mins(15);
const REFRESH_LIFE: SignedDuration = SignedDuration::from_hours(14 * 24);
/// An operator who asks for no page for this long is signed out.
const OPERATOR_IDLE: SignedDuration = SignedDuration::from_mins(30);
/// An operator signs in again after this long, whatever happens.
const OPERATOR_LIFE: SignedDuration = SignedDuration::from_hours(8);

/// What the signed cookie says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The device.
    pub session: SessionId,
    /// Who: an account, or a registration being written.
    pub subject: String,
    /// What they may do.
    pub role: Role,
    /// The professional acted for.
    pub professional: Option<ProfessionalId>,
    /// The attributed password is still to be changed: nothing else works.
    pub must_change_password: bool,
    /// New terms are still to be accepted: nothing else works.
    #[serde(default)]
    pub terms_to_accept: bool,
    /// Until when.
    pub expires_at: Timestamp,
    /// When an operator signed in: their sessions are renewed by use, for some hours at most.
    #[serde(default)]
    pub operator_since: Option<Timestamp>,
}

/// Who a session is opened for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// An account, or a registration being written.
    pub id: String,
    /// What they may do.
    pub role: Role,
    /// The professional acted for.
    pub professional: Option<ProfessionalId>,
    /// The attributed password is still to be changed.
    pub must_change_password: bool,
    /// New terms are still to be accepted.
    pub terms_to_accept: bool,
}

impl Subject {
    /// Somebody with an account, who may have new terms to accept.
    ///
    /// # Errors
    /// When the versions of the terms cannot be read.
    pub async fn account<O>(desk: &Desk<O>, account: &Account) -> Result<Self, Problem> {
        let (_, register) = crate::terms::register(&desk.store).await?;
        let now = desk.clock.now();
        let asked = register.to_accept(account.role, &account.acceptances, now);
        Ok(Self {
            terms_to_accept: asked.is_some(),
            id: account.id.to_string(),
            role: account.role,
            professional: account.professional.clone(),
            must_change_password: account.must_change_password,
        })
    }

    /// Somebody registering a professional.
    pub fn applicant(professional: &ProfessionalId) -> Self {
        Self {
            id: professional.to_string(),
            role: Role::Applicant,
            professional: None,
            must_change_password: false,
            terms_to_accept: false,
        }
    }
}

/// Opens a session on a new device: add the changes, set the cookies.
pub fn open<O>(
    desk: &Desk<O>,
    subject: &Subject,
    changes: Changes,
) -> (Changes, Vec<Cookie<'static>>) {
    let now = changes.now();
    let session: SessionId = fresh(now);
    let device = SignedInDevice {
        session: session.clone(),
        subject: subject.id.clone(),
        since: now,
        expires_at: now + SignedDuration::from_hours(90 * 24),
    };
    renew(desk, subject, &session, changes.create(&device, "session"))
}

/// Gives a signed-in device a new pair of cookies: add the changes, set the cookies.
pub fn renew<O>(
    desk: &Desk<O>,
    subject: &Subject,
    session: &SessionId,
    changes: Changes,
) -> (Changes, Vec<Cookie<'static>>) {
    let now = changes.now();
    let token = OneTimeToken::fresh();
    let purpose = TokenPurpose::Refresh {
        session: session.clone(),
        subject: subject.id.clone(),
        role: subject.role,
        used_at: None,
    };
    let refresh = Token {
        hash: token.hash,
        purpose,
        expires_at: now + REFRESH_LIFE,
    };
    let claims = Session {
        session: session.clone(),
        subject: subject.id.clone(),
        role: subject.role,
        professional: subject.professional.clone(),
        must_change_password: subject.must_change_password,
        terms_to_accept: subject.terms_to_accept,
        expires_at: now + SESSION_LIFE,
        operator_since: None,
    };
    let cookies = vec![
        signed_cookie(&desk.settings, SESSION_COOKIE, "/", SESSION_LIFE, &claims),
        shape(
            &desk.settings,
            Cookie::new(REFRESH_COOKIE, token.secret),
            "/api/session",
            REFRESH_LIFE,
        ),
    ];
    (changes.create(&refresh, "refresh"), cookies)
}

/// Ends a device's session: its refresh tokens stop working; the cookies are removed.
pub fn close(
    settings: &Settings,
    session: &SessionId,
    changes: Changes,
) -> (Changes, Vec<Cookie<'static>>) {
    (
        changes.forget::<SignedInDevice>(StoreKey::token(session.as_str())),
        no_cookies(settings),
    )
}

/// Removes both cookies.
pub fn no_cookies(settings: &Settings) -> Vec<Cookie<'static>> {
    vec![
        shape(
            settings,
            Cookie::new(SESSION_COOKIE, ""),
            "/",
            SignedDuration::ZERO,
        ),
        shape(
            settings,
            Cookie::new(REFRESH_COOKIE, ""),
            "/api/session",
            SignedDuration::ZERO,
        ),
    ]
}

/// Marks a refresh token as used, so that using it again shows that it was stolen.
pub fn used(read: &Versioned<Token>, changes: Changes) -> Changes {
    let mut token = read.record.clone();
    if let TokenPurpose::Refresh { used_at, .. } = &mut token.purpose {
        *used_at = Some(changes.now());
    }
    changes.replace(read, &token)
}

/// Opens an operator's session, both factors given. It is not renewed by a refresh token.
pub fn open_operator(settings: &Settings, account: &Account, now: Timestamp) -> Cookie<'static> {
    let claims = Session {
        session: fresh(now),
        subject: account.id.to_string(),
        role: Role::Admin,
        professional: None,
        must_change_password: false,
        terms_to_accept: false,
        expires_at: now + OPERATOR_IDLE,
        operator_since: Some(now),
    };
    signed_cookie(settings, SESSION_COOKIE, "/", OPERATOR_IDLE, &claims)
}

/// Prolongs an operator's session that is being used, to the end of its hours at most.
pub fn prolong_operator(
    settings: &Settings,
    session: &Session,
    now: Timestamp,
) -> Option<Cookie<'static>> {
    let end = session.operator_since? + OPERATOR_LIFE;
    let claims = Session {
        expires_at: end.min(now + OPERATOR_IDLE),
        ..session.clone()
    };
    let life = claims.expires_at.duration_since(now);
    Some(signed_cookie(settings, SESSION_COOKIE, "/", life, &claims))
}

/// A cookie that only we can have written.
pub fn signed_cookie<T: Serialize>(
    settings: &Settings,
    name: &'static str,
    path: &'static str,
    life: SignedDuration,
    claims: &T,
) -> Cookie<'static> {
    let value = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims).unwrap_or_default());
    let mut jar = CookieJar::new();
    jar.signed_mut(&settings.session_key)
        .add(Cookie::new(name, value));
    let signed = jar
        .get(name)
        .map(|cookie| cookie.value().to_owned())
        .unwrap_or_default();
    shape(settings, Cookie::new(name, signed), path, life)
}

/// Reads a signed cookie; an unsigned or altered one says nothing.
pub fn read_signed<T: serde::de::DeserializeOwned>(
    cookies: &[Cookie<'static>],
    name: &str,
    key: &Key,
) -> Option<T> {
    let cookie = cookies.iter().find(|cookie| cookie.name() == name)?;
    let verified = CookieJar::new().signed(key).verify(cookie.clone())?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(verified.value()).ok()?).ok()
}

pub(crate) fn shape(
    settings: &Settings,
    cookie: Cookie<'static>,
    path: &'static str,
    life: SignedDuration,
) -> Cookie<'static> {
    let mut cookie = cookie;
    cookie.set_path(path);
    cookie.set_http_only(true);
    cookie.set_secure(settings.secure_cookies());
    cookie.set_same_site(SameSite::Lax);
    cookie.set_max_age(cookie::time::Duration::seconds(life.as_secs()));
    cookie
}

/// Reads the session from the request's cookies; an unsigned, altered or expired one is nobody's.
pub(crate) fn read(cookies: &[Cookie<'static>], key: &Key, now: Timestamp) -> Option<Session> {
    read_signed(cookies, SESSION_COOKIE, key).filter(|claims: &Session| now < claims.expires_at)
}

/// Why an attributed password must be changed before anything else.
pub(crate) fn terms_not_accepted() -> Problem {
    Problem::new(
        403,
        "terms_not_accepted",
        "De nouvelles conditions d’utilisation s’appliquent : acceptez-les pour continuer.",
    )
}

/// The password was attributed: nothing else works until it is changed.
pub fn password_change_required() -> Problem {
    Problem::new(
        403,
        "password_change_required",
        "Choisissez d’abord votre mot de passe : celui qui vous a été attribué est provisoire.",
    )
}
