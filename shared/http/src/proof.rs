//! Proving an e-mail address: by the link of a mail, or by its code, typed where it was asked for.
//!
//! Whoever asks is answered the same whether or not the address is known: nothing is looked up. The mail
//! alone differs, and it is written by `send-mail`, later.

use adapters::ids::fresh;
use adapters::keys::LinkKeys;
use adapters::secrets::{OneTimeToken, hash_token, same_secret, sha256};
use adapters::store::{Changes, Key, Token, TokenPurpose, Versioned};
use cookie::Cookie;
use domain::account::proof::{AddressProof, ProofRefused, WISH_LIFE, Wish};
use domain::event::Event;
use domain::identifiers::Email;
use domain::ids::ProofId;
use jiff::SignedDuration;

use crate::call::{Call, Operation};
use crate::desk::{Desk, Settings};
use crate::links::{link_expired, read_link};
use crate::problem::Problem;
use crate::sessions::{read_cookie, shape};
use crate::throttle::{DAY, HOUR, throttle};

/// What the browser that asked keeps: `{proof}.{secret}`.
pub const PROOF_COOKIE: &str = "proof";
/// Where it is sent.
const PROOF_PATH: &str = "/api";
/// How many mails a day an address gets that nobody proved, from all forms together.
const MOST_UNPROVED: u64 = 3;
/// How many mails an hour an address gets from one form.
const MOST_AN_HOUR: u64 = 5;

/// Begins to seek the proof of an address: add the changes, set the cookie. A mail goes out with them.
///
/// # Errors
/// `mails_enough` when the address was written to often enough.
pub async fn ask<O: Operation>(
    desk: &Desk<O::Outside>,
    call: &Call<O>,
    email: &Email,
    wish: Wish,
) -> Result<(Changes, Cookie<'static>), Problem> {
    limit(desk, email, &wish).await?;
    let changes = call.changes();
    let (id, secret, event): (ProofId, _, _) = (
        fresh(call.now),
        OneTimeToken::fresh(),
        changes.fresh_event(),
    );
    let cookie = kept(&desk.settings, format!("{id}.{}", secret.secret), WISH_LIFE);
    let proof = AddressProof::begin(
        id.clone(),
        secret.hash,
        email.clone(),
        wish,
        event.clone(),
        call.now,
    );
    let changes = changes
        .create(&proof, "proof")
        .activity(O::NAME, id.as_str())
        .event_named(event, Event::AddressProofAsked { proof: id });
    Ok((changes, cookie))
}

/// Sends the mail again, with another code.
///
/// # Errors
/// `code_expired` in another browser or after seven days, `code_too_soon`, or `mails_enough`.
pub async fn ask_again<O: Operation>(
    desk: &Desk<O::Outside>,
    call: &Call<O>,
) -> Result<Changes, Problem> {
    let read = of_browser(desk, call).await?.ok_or(ProofRefused::Expired)?;
    let changes = call.changes();
    let event = changes.fresh_event();
    let mut proof = read.record.clone();
    proof.send_again(event.clone(), call.now)?;
    limit(desk, &proof.email, &proof.wish).await?;
    let id = proof.id.clone();
    Ok(changes
        .replace(&read, &proof)
        .activity(O::NAME, id.as_str())
        .event_named(event, Event::AddressProofAsked { proof: id }))
}

/// A proof that was given.
pub struct Proved {
    read: Versioned<AddressProof>,
    link: Option<Versioned<Token>>,
    /// Given in the browser that asked: what was typed beside the address is the reader's own.
    pub here: bool,
}

impl Proved {
    /// What was wished, and from which address.
    pub fn proof(&self) -> &AddressProof {
        &self.read.record
    }

    /// It serves once.
    pub fn spent(&self, changes: Changes) -> Changes {
        let changes = changes.delete(&self.read);
        match &self.link {
            Some(link) => changes.delete(link),
            None => changes,
        }
    }
}

/// Looks at a proof: the `token` of a link, or else the code that is typed where it was asked for.
///
/// # Errors
/// `link_expired`, `code_expired` or `code_wrong`.
pub async fn read<O: Operation<Outside = LinkKeys>>(
    desk: &Desk<LinkKeys>,
    call: &Call<O>,
    token: Option<&str>,
    code: Option<&str>,
) -> Result<Proved, Problem> {
    let of_browser = of_browser(desk, call).await?;
    if let Some(token) = token {
        let link = read_link(desk, token).await?;
        let TokenPurpose::ProveAddress(id) = &link.record.purpose else {
            return Err(link_expired());
        };
        let here = of_browser.is_some_and(|read| read.record.id == *id);
        let read = desk.store.get::<AddressProof>(Key::proof(id)).await?;
        let read = read.filter(|read| read.record.is_awaited(call.now));
        return Ok(Proved {
            read: read.ok_or_else(link_expired)?,
            link: Some(link),
            here,
        });
    }
    let read = of_browser.ok_or(ProofRefused::Expired)?;
    let mut tried = read.record.clone();
    tried.try_code(call.now)?;
    // Written before it is compared, with a line of its own in the log: a hundred guesses at once are
    // five at most, and no two of them are taken for one write that was sent twice.
    let try_of_it = call
        .changes()
        .replace(&read, &tried)
        .activity("try-code", tried.id.as_str());
    desk.store.commit(try_of_it).await?;
    let sent = desk.outside.0.code_of_six(&tried.sent.event);
    let typed = digits(code.unwrap_or_default());
    if !same_secret(sent.as_bytes(), typed.as_bytes()) {
        return Err(ProofRefused::Wrong.into());
    }
    Ok(Proved {
        read: Versioned {
            record: tried,
            version: read.version + 1,
        },
        link: None,
        here: true,
    })
}

/// A code as it was typed, without the blanks that mails show between its digits.
pub fn digits(code: &str) -> String {
    code.chars().filter(|sign| !sign.is_whitespace()).collect()
}

/// The browser keeps nothing any more.
pub fn forgotten(settings: &Settings) -> Cookie<'static> {
    kept(settings, String::new(), SignedDuration::ZERO)
}

fn kept(settings: &Settings, value: String, life: SignedDuration) -> Cookie<'static> {
    shape(settings, Cookie::new(PROOF_COOKIE, value), PROOF_PATH, life)
}

/// The proof that this browser asked for.
async fn of_browser<O: Operation>(
    desk: &Desk<O::Outside>,
    call: &Call<O>,
) -> Result<Option<Versioned<AddressProof>>, Problem> {
    let kept = read_cookie(&desk.settings, &call.cookies, PROOF_COOKIE, PROOF_PATH);
    let kept = kept.unwrap_or_default();
    let Some((id, secret)) = kept.split_once('.') else {
        return Ok(None);
    };
    let Ok(id) = ProofId::parse(id) else {
        return Ok(None);
    };
    let read = desk.store.get::<AddressProof>(Key::proof(&id)).await?;
    let hash = hash_token(secret);
    Ok(read.filter(|read| {
        let proof = &read.record;
        proof.is_awaited(call.now) && same_secret(proof.browser.as_bytes(), hash.as_bytes())
    }))
}

/// Counts a mail to an address that nobody proved, whichever form asks for it: three a day.
///
/// # Errors
/// `mails_enough` beyond.
pub async fn mail_to_unproved<O>(desk: &Desk<O>, email: &Email) -> Result<(), Problem> {
    let counted = format!("mails#{}", sha256(email.mailbox().as_bytes()));
    throttle(desk, &counted, MOST_UNPROVED, DAY)
        .await
        .map_err(|problem| enough(&problem, "trois courriels ont déjà été envoyés aujourd’hui"))
}

/// Counted for every address alike, so that a refusal tells nothing of it.
async fn limit<O>(desk: &Desk<O>, email: &Email, wish: &Wish) -> Result<(), Problem> {
    match wish {
        Wish::OpenClient { .. } | Wish::Register { .. } => mail_to_unproved(desk, email).await,
        // Who has no account gets no such mail.
        Wish::ResetPassword => {
            let counted = format!("reset-mails#{}", sha256(email.mailbox().as_bytes()));
            throttle(desk, &counted, MOST_AN_HOUR, HOUR)
                .await
                .map_err(|problem| {
                    enough(&problem, "cinq demandes ont déjà été faites en une heure")
                })
        }
    }
}

fn enough(problem: &Problem, why: &str) -> Problem {
    if problem.status != 429 {
        return problem.clone();
    }
    Problem {
        retry_after: problem.retry_after,
        ..Problem::new(
            429,
            "mails_enough",
            format!(
                "Pour cette adresse, {why}. Le lien du dernier courriel fonctionne encore ; sinon, réessayez plus tard."
            ),
        )
    }
}
