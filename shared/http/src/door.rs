//! The one door: every session is opened here, whatever somebody came with. It looks at the address, the
//! account, the professional's standing, the terms and the role.

use adapters::ids::fresh;
use adapters::keys::Claims;
use adapters::secrets::{hexadecimal, random_bytes, sha256};
use adapters::store::{Changes, Key, Store};
use cookie::Cookie;
use domain::account::second_factor::{RECOVERY_CODES, SecondFactorRefused};
use domain::account::{Account, Role, SignInMethod};
use domain::event::Event;
use domain::ids::{AccountId, SessionId};
use domain::members::{Member, Members};
use domain::professional::{Measure, MeasureKind, Professional};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::desk::{Desk, Settings};
use crate::problem::Problem;
use crate::sessions::{self, Employment, Subject};

/// What opening a session adds: changes to write, cookies to set.
pub type Opened = (Changes, Vec<Cookie<'static>>);

/// Opens a session for the holder of an account, or says why not.
///
/// # Errors
/// `second_factor_required` for an operator, who has a door of their own behind a code;
/// `address_unproved`, `account_closed`. A professional who was suspended, or whose account was ended, has a
/// session for what is theirs to read and answer.
pub async fn open<O>(
    desk: &Desk<O>,
    account: &Account,
    methods: &[SignInMethod],
    cookies: &[Cookie<'static>],
    changes: Changes,
) -> Result<Opened, Problem> {
    let subject = admitted(desk, account, methods).await?;
    enter(desk, account, &subject, cookies, changes).await
}

/// Opens the first session of somebody who joins a team, with the link of the invitation's mail: the account
/// and the membership are written with it.
///
/// # Errors
/// When the terms or the devices cannot be read.
pub async fn open_to_newcomer<O>(
    desk: &Desk<O>,
    account: &Account,
    member: &Member,
    cookies: &[Cookie<'static>],
    changes: Changes,
) -> Result<Opened, Problem> {
    let measure = barring(desk, account).await?;
    let barred = measure.map(|measure| measure.kind);
    let sent = employed_as(account, member);
    let methods = [SignInMethod::MailedLink];
    let subject = Subject::account(desk, account, (barred, sent), &methods).await?;
    enter(desk, account, &subject, cookies, changes).await
}

async fn enter<O>(
    desk: &Desk<O>,
    account: &Account,
    subject: &Subject,
    cookies: &[Cookie<'static>],
    changes: Changes,
) -> Result<Opened, Problem> {
    let known = KnownDevice::of(&desk.settings, cookies, changes.now());
    let (session, changes, mut opened) =
        sessions::open(desk, subject, &known.device, changes).await?;
    // Who proves the address, or comes with the password that we attributed, needs no news of it.
    let typed = subject.methods.contains(&SignInMethod::Password) && !account.must_change_password;
    let is_new = typed && !known.accounts.contains(&account.id);
    let changes = changes.events(is_new.then(|| Event::NewDeviceSignedIn {
        account: account.id.clone(),
        session,
    }));
    opened.push(known.remembering(&desk.settings, &account.id, changes.now()));
    Ok((changes, opened))
}

/// Who signed in with a browser, as it keeps it itself, signed by us. It opens nothing: wrong passwords
/// from elsewhere are not counted against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownDevice {
    /// The browser.
    #[serde(rename = "jti")]
    device: SessionId,
    /// The accounts, the latest last.
    accounts: Vec<AccountId>,
}

impl Claims for KnownDevice {
    const PURPOSE: &'static str = "device";
}

impl KnownDevice {
    /// For how long a browser that is not used is known.
    const LIFE: SignedDuration = SignedDuration::from_hours(365 * 24);
    /// How many accounts a browser knows.
    const MOST: usize = 8;

    /// What this browser keeps; nothing yet in a new one.
    pub fn of(settings: &Settings, cookies: &[Cookie<'static>], now: Timestamp) -> Self {
        let kept = sessions::read_signed(settings, cookies, now);
        kept.unwrap_or_else(|| Self {
            device: fresh(now),
            accounts: Vec::new(),
        })
    }

    /// What is counted for an account on this browser, if it signed in with it before.
    pub fn counter(&self, what: &str, account: &AccountId) -> Option<String> {
        let known = self.accounts.contains(account);
        known.then(|| format!("{what}#device#{}#{account}", self.device))
    }

    fn remembering(
        mut self,
        settings: &Settings,
        account: &AccountId,
        now: Timestamp,
    ) -> Cookie<'static> {
        self.accounts.retain(|known| known != account);
        self.accounts.push(account.clone());
        let over = self.accounts.len().saturating_sub(Self::MOST);
        self.accounts.drain(..over);
        sessions::signed_cookie(settings, self, now, now + Self::LIFE)
    }
}

/// Who may have a session now, as things stand in the store: asked at each opening and renewal.
///
/// # Errors
/// Those of [`open`].
pub async fn admitted<O>(
    desk: &Desk<O>,
    account: &Account,
    methods: &[SignInMethod],
) -> Result<Subject, Problem> {
    match account.role {
        Role::Admin => return Err(code_needed()),
        Role::Client | Role::Professional | Role::Manager | Role::Agent | Role::Applicant => {}
    }
    if account.closed_at.is_some() {
        return Err(closed("Ce compte est fermé."));
    }
    if account.email_verified_at.is_none() {
        return Err(Problem::new(
            403,
            "address_unproved",
            "Confirmez d’abord votre adresse électronique, par le courriel que vous avez reçu.",
        ));
    }
    let measure = barring(desk, account).await?;
    let barred = measure.map(|measure| measure.kind);
    let employment = employment(desk, account).await?;
    Subject::account(desk, account, (barred, employment), methods).await
}

/// Opens a session for a registration whose address was just proved.
///
/// # Errors
/// When the devices cannot be read.
pub async fn open_registration<O>(
    desk: &Desk<O>,
    registration: &Professional,
    changes: Changes,
) -> Result<Opened, Problem> {
    let subject = Subject::applicant(&registration.id, &[SignInMethod::MailedLink]);
    // A registration goes on in several browsers, and none of them is remembered.
    let browser: SessionId = fresh(changes.now());
    let (_, changes, cookies) = sessions::open(desk, &subject, &browser, changes).await?;
    Ok((changes, cookies))
}

/// That a second factor was given: there is no other way to make one.
#[derive(Debug)]
pub struct FactorGiven(());

/// Takes the second factor of an account: six digits, or a recovery code, which serves once.
///
/// # Errors
/// `second_factor_wrong`, also when none is set up.
pub fn take_factor(
    account: &mut Account,
    code: &str,
    now: Timestamp,
) -> Result<FactorGiven, SecondFactorRefused> {
    let factor = account
        .second_factor
        .as_mut()
        .filter(|factor| factor.enrolled_at.is_some())
        .ok_or(SecondFactorRefused::Wrong)?;
    let code = code.trim();
    if code.contains('-') {
        factor.spend_recovery(&sha256(code.to_lowercase().as_bytes()))?;
    } else {
        factor.spend_code(code, now)?;
    }
    Ok(FactorGiven(()))
}

/// Recovery codes such as `3f9a-01cd-77be`, 48 random bits behind a throttle, and the hashes that are kept.
pub fn recovery_codes() -> (Vec<String>, Vec<String>) {
    let code = |_| {
        let digits = hexadecimal(&random_bytes::<6>());
        let part = |from: usize| digits.get(from..from + 4).unwrap_or_default().to_owned();
        format!("{}-{}-{}", part(0), part(4), part(8))
    };
    let codes: Vec<String> = (0..RECOVERY_CODES).map(code).collect();
    let hashes = codes.iter().map(|code| sha256(code.as_bytes())).collect();
    (codes, hashes)
}

/// Takes the first code of a factor that is being set up: from then on codes are asked for.
///
/// # Errors
/// `second_factor_wrong`, or `second_factor_enrolled`.
pub fn enrol_factor(
    account: &mut Account,
    code: &str,
    recovery: Vec<String>,
    now: Timestamp,
) -> Result<FactorGiven, SecondFactorRefused> {
    let factor = account.second_factor.as_mut();
    factor
        .ok_or(SecondFactorRefused::Wrong)?
        .enrol(code, recovery, now)?;
    Ok(FactorGiven(()))
}

/// Opens an operator's session, the second factor given.
///
/// # Errors
/// `wrong_role` for anybody else.
pub fn open_operator<O>(
    desk: &Desk<O>,
    account: &Account,
    _given: &FactorGiven,
    cookies: &[Cookie<'static>],
    now: Timestamp,
) -> Result<Vec<Cookie<'static>>, Problem> {
    if account.role != Role::Admin || account.closed_at.is_some() {
        return Err(closed("Ce compte n’est pas celui d’un exploitant."));
    }
    let known = KnownDevice::of(&desk.settings, cookies, now);
    Ok(vec![
        sessions::open_operator(&desk.settings, account, now),
        known.remembering(&desk.settings, &account.id, now),
    ])
}

/// An operator has no session without a code.
pub fn code_needed() -> Problem {
    Problem::new(
        403,
        "second_factor_required",
        "L’exploitant se connecte par son tableau de bord, avec un code.",
    )
}

/// The measure that took effect on the professional for whom an account acts.
async fn barring<O>(desk: &Desk<O>, account: &Account) -> Result<Option<Measure>, Problem> {
    let Some(professional) = &account.professional else {
        return Ok(None);
    };
    let read = desk
        .store
        .get::<Professional>(Key::professional(professional))
        .await?;
    Ok(read.and_then(|read| read.record.standing.bars_sign_in().cloned()))
}

/// For whom an agent is sent. Somebody who is in no team any more has no session.
async fn employment<O>(desk: &Desk<O>, account: &Account) -> Result<Option<Employment>, Problem> {
    match account.role {
        Role::Client | Role::Professional | Role::Applicant | Role::Admin => return Ok(None),
        Role::Manager | Role::Agent => {}
    }
    let member = membership(&desk.store, account).await?;
    let member = member.ok_or_else(|| closed("Vous ne faites plus partie de cette équipe."))?;
    Ok(employed_as(account, &member))
}

/// Which agent of whom a member is; a manager is none.
fn employed_as(account: &Account, member: &Member) -> Option<Employment> {
    let agent = member.role.agent().cloned();
    let both = account.professional.clone().zip(agent);
    both.map(|(professional, agent)| Employment {
        professional,
        agent,
    })
}

/// As what somebody is in the team of the professional whom their account is for.
pub(crate) async fn membership(
    store: &Store,
    account: &Account,
) -> Result<Option<Member>, Problem> {
    let Some(professional) = &account.professional else {
        return Ok(None);
    };
    let read = store.get::<Members>(Key::members(professional)).await?;
    let member = read.and_then(|read| read.record.member(&account.id).cloned());
    Ok(member.filter(|member| member.role.of_account() == account.role))
}

/// Why a professional may do no more than read and answer what is theirs.
pub(crate) fn barred(kind: MeasureKind) -> Problem {
    match kind {
        MeasureKind::Suspension => Problem::new(
            403,
            "account_suspended",
            "Ce compte est suspendu. Le courriel qui vous l’a annoncé dit pourquoi et comment contester.",
        ),
        MeasureKind::Departure | MeasureKind::Resignation => {
            closed("Ce compte est fermé, comme son titulaire l’a demandé.")
        }
        MeasureKind::Closure | MeasureKind::Termination | MeasureKind::ImmediateTermination => {
            closed(
                "Ce compte est fermé. Le courriel qui vous l’a annoncé dit pourquoi et comment contester.",
            )
        }
    }
}

fn closed(detail: &str) -> Problem {
    Problem::new(403, "account_closed", detail)
}
