//! Sessions: a short signed cookie that says who, and a rotating refresh token that renews it.
//!
//! The signed cookie is a JSON Web Token. It ends in the environment's time, so a moved clock moves
//! sessions too.

use adapters::ids::fresh;
use adapters::keys::Claims;
use adapters::secrets::OneTimeToken;
use adapters::store::{
    Changes, Devices, Key as StoreKey, SignedInDevice, SignedInWith, Token, TokenPurpose, Versioned,
};
use cookie::{Cookie, SameSite};
use domain::account::{Account, Role, SignInMethod};
use domain::ids::{AgentId, ProfessionalId, SessionId};
use domain::professional::MeasureKind;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::desk::{Desk, Settings};
use crate::problem::Problem;

/// The cookie that says who.
pub const SESSION_COOKIE: &str = Session::PURPOSE;
/// The cookie that renews it.
pub const REFRESH_COOKIE: &str = "refresh";
/// Where it is sent, and nowhere else.
const REFRESH_PATH: &str = "/api/session";

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
    #[serde(rename = "sid")]
    pub session: SessionId,
    /// Who: an account, or a registration being written.
    #[serde(rename = "sub")]
    pub subject: String,
    /// What they may do.
    pub role: Role,
    /// The professional acted for, by its owner or a manager.
    pub professional: Option<ProfessionalId>,
    /// For whom an agent is sent, who acts for nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employment: Option<Employment>,
    /// The attributed password is still to be changed: nothing else works.
    pub must_change_password: bool,
    /// New terms are still to be accepted: nothing else works.
    pub terms_to_accept: bool,
    /// The measure that took effect on them: only what is theirs to read and answer works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barred: Option<MeasureKind>,
    /// How they signed in.
    #[serde(rename = "amr")]
    pub methods: Vec<SignInMethod>,
    /// When they signed in: what renews a session does not change it.
    pub since: Timestamp,
}

impl Claims for Session {
    const PURPOSE: &'static str = "session";
}

/// Which agent somebody is, and of whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employment {
    /// The professional.
    pub professional: ProfessionalId,
    /// The agent of its file.
    pub agent: AgentId,
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
    /// For whom an agent is sent.
    pub employment: Option<Employment>,
    /// The attributed password is still to be changed.
    pub must_change_password: bool,
    /// New terms are still to be accepted.
    pub terms_to_accept: bool,
    /// The measure that took effect on them.
    pub barred: Option<MeasureKind>,
    /// How they proved who they are.
    pub methods: Vec<SignInMethod>,
}

impl Subject {
    /// Somebody with an account, who may have new terms to accept.
    ///
    /// # Errors
    /// When the versions of the terms cannot be read.
    pub async fn account<O>(
        desk: &Desk<O>,
        account: &Account,
        (barred, employment): (Option<MeasureKind>, Option<Employment>),
        methods: &[SignInMethod],
    ) -> Result<Self, Problem> {
        let (_, register) = crate::terms::register(&desk.store).await?;
        let now = desk.clock.now();
        let asked = register.to_accept(account.role, &account.acceptances, now);
        Ok(Self {
            // Nobody has to accept terms to read why they may not go on.
            terms_to_accept: asked.is_some() && barred.is_none(),
            barred,
            id: account.id.to_string(),
            role: account.role,
            professional: match employment {
                None => account.professional.clone(),
                Some(_) => None,
            },
            employment,
            must_change_password: account.must_change_password,
            methods: methods.to_vec(),
        })
    }

    /// Somebody registering a professional.
    pub fn applicant(professional: &ProfessionalId, methods: &[SignInMethod]) -> Self {
        Self {
            id: professional.to_string(),
            role: Role::Applicant,
            professional: None,
            employment: None,
            must_change_password: false,
            terms_to_accept: false,
            barred: None,
            methods: methods.to_vec(),
        }
    }
}

/// Opens a session on a new device: add the changes, set the cookies.
pub(crate) async fn open<O>(
    desk: &Desk<O>,
    subject: &Subject,
    browser: &SessionId,
    changes: Changes,
) -> Result<(SessionId, Changes, Vec<Cookie<'static>>), Problem> {
    let now = changes.now();
    let session: SessionId = fresh(now);
    let device = SignedInDevice {
        session,
        subject: subject.id.clone(),
        methods: subject.methods.clone(),
        browser: changes.browser().to_owned(),
        country: changes.country().map(str::to_owned),
        since: now,
        used_at: None,
        expires_at: now + SignedDuration::from_hours(90 * 24),
    };
    let read = desk
        .store
        .get::<Devices>(StoreKey::devices(&subject.id))
        .await?;
    let known = read.as_ref().map(|read| read.record.clone());
    let mut devices = known.unwrap_or_else(|| Devices {
        subject: subject.id.clone(),
        signed_in: Vec::new(),
    });
    let ended = devices.add(SignedInWith {
        session: device.session.clone(),
        browser: browser.clone(),
    });
    let changes = ended.iter().fold(changes, |changes, session| {
        changes.forget::<SignedInDevice>(StoreKey::token(session.as_str()))
    });
    let changes = changes
        .create(&device, "session")
        .upsert(read.as_ref(), &devices);
    let (changes, cookies) = renew(desk, subject, &device, changes);
    Ok((device.session, changes, cookies))
}

/// Gives a signed-in device a new pair of cookies: add the changes, set the cookies.
pub fn renew<O>(
    desk: &Desk<O>,
    subject: &Subject,
    device: &SignedInDevice,
    changes: Changes,
) -> (Changes, Vec<Cookie<'static>>) {
    let now = changes.now();
    let token = OneTimeToken::fresh();
    let purpose = TokenPurpose::Refresh {
        session: device.session.clone(),
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
        session: device.session.clone(),
        subject: subject.id.clone(),
        role: subject.role,
        professional: subject.professional.clone(),
        employment: subject.employment.clone(),
        must_change_password: subject.must_change_password,
        terms_to_accept: subject.terms_to_accept,
        barred: subject.barred,
        methods: device.methods.clone(),
        since: device.since,
    };
    let cookies = vec![
        signed_cookie(&desk.settings, claims, now, now + SESSION_LIFE),
        shape(
            &desk.settings,
            Cookie::new(REFRESH_COOKIE, token.secret),
            REFRESH_PATH,
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
        no_cookie::<Session>(settings),
        shape(
            settings,
            Cookie::new(REFRESH_COOKIE, ""),
            REFRESH_PATH,
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
        employment: None,
        must_change_password: false,
        terms_to_accept: false,
        barred: None,
        methods: vec![SignInMethod::Password, SignInMethod::OneTimeCode],
        since: now,
    };
    signed_cookie(settings, claims, now, now + OPERATOR_IDLE)
}

/// Prolongs an operator's session that is being used, to the end of its hours at most.
pub fn prolong_operator(settings: &Settings, session: &Session, now: Timestamp) -> Cookie<'static> {
    let until = (session.since + OPERATOR_LIFE).min(now + OPERATOR_IDLE);
    signed_cookie(settings, session.clone(), now, until)
}

/// A cookie that only we can have written, with the name of what it is for.
pub fn signed_cookie<T: Claims>(
    settings: &Settings,
    claims: T,
    now: Timestamp,
    until: Timestamp,
) -> Cookie<'static> {
    // Claims are structs, and a function does not start without a key: there is always a token.
    let token = settings.session_keys.sign(claims, now, until);
    let cookie = Cookie::new(T::PURPOSE, token.unwrap_or_default());
    shape(settings, cookie, T::PATH, until.duration_since(now))
}

/// Removes such a cookie.
pub fn no_cookie<T: Claims>(settings: &Settings) -> Cookie<'static> {
    let cookie = Cookie::new(T::PURPOSE, "");
    shape(settings, cookie, T::PATH, SignedDuration::ZERO)
}

/// Reads a signed cookie; one that is unsigned, altered, expired, or signed for something else says
/// nothing.
pub fn read_signed<T: Claims>(
    settings: &Settings,
    cookies: &[Cookie<'static>],
    now: Timestamp,
) -> Option<T> {
    let value = read_cookie(settings, cookies, T::PURPOSE, T::PATH)?;
    settings.session_keys.read(value, now)
}

/// The value of one of our cookies, sent to `path`.
pub fn read_cookie<'a>(
    settings: &Settings,
    cookies: &'a [Cookie<'static>],
    name: &str,
    path: &str,
) -> Option<&'a str> {
    let name = cookie_name(settings.secure_cookies(), name, path);
    let found = cookies.iter().find(|cookie| cookie.name() == name)?;
    Some(found.value())
}

/// The refresh token that a browser sent, whatever it is worth.
pub fn read_refresh_cookie<'a>(
    settings: &Settings,
    cookies: &'a [Cookie<'static>],
) -> Option<&'a str> {
    read_cookie(settings, cookies, REFRESH_COOKIE, REFRESH_PATH)
}

/// What a cookie is called. Over TLS browsers take a name with these prefixes from nobody but us: not from
/// another host of the domain, nor from plain HTTP (RFC 6265bis, 4.1.3).
fn cookie_name(secure: bool, name: &str, path: &str) -> String {
    match (secure, path) {
        (false, _) => name.to_owned(),
        (true, "/") => format!("__Host-{name}"),
        (true, _) => format!("__Secure-{name}"),
    }
}

pub(crate) fn shape(
    settings: &Settings,
    cookie: Cookie<'static>,
    path: &'static str,
    life: SignedDuration,
) -> Cookie<'static> {
    let mut cookie = cookie;
    cookie.set_name(cookie_name(settings.secure_cookies(), cookie.name(), path));
    cookie.set_path(path);
    cookie.set_http_only(true);
    cookie.set_secure(settings.secure_cookies());
    cookie.set_same_site(SameSite::Lax);
    cookie.set_max_age(cookie::time::Duration::seconds(life.as_secs()));
    cookie
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_tls_nobody_else_can_write_our_cookies() {
        for (secure, path, called) in [
            (true, "/", "__Host-session"),
            (true, "/api/session", "__Secure-session"),
            (false, "/", "session"),
            (false, "/admin", "session"),
        ] {
            assert_eq!(cookie_name(secure, "session", path), called, "{path}");
        }
    }
}
