//! What happens when somebody pays: the same for the page and for the levers.

use serde_json::Value;

use crate::cards::{Card, Decline, NOT_AUTHENTICATED, Outcome};
use crate::errors::Fault;
use crate::payment_intents::{authorise, decline, require_action};
use crate::store::Work;

/// What came of an attempt to pay.
pub(crate) enum Paid {
    /// The person goes back to the marketplace.
    Done { redirect: String },
    /// The bank wants to see them first.
    NeedsAuthentication,
    /// Another card may be tried.
    Declined(Decline),
}

/// A session that can still be paid.
pub(crate) fn open_session(work: &Work<'_>, id: &str) -> Result<Value, Fault> {
    let session = work.found("checkout.session", id)?;
    let open = session["status"] == "open";
    if open {
        Ok(session)
    } else {
        Err(Fault::refused(
            Some("session_closed"),
            "This Checkout Session is not open any more.",
        ))
    }
}

/// Tries a card on a session.
pub(crate) fn try_card(work: &Work<'_>, id: &str, card: &Card) -> Result<Paid, Fault> {
    let session = open_session(work, id)?;
    match card.outcome {
        Outcome::Authorised => authorise(work, session, card).map(|session| Paid::Done {
            redirect: redirect(&session),
        }),
        Outcome::NeedsAuthentication => {
            require_action(work, session, card).map(|()| Paid::NeedsAuthentication)
        }
        Outcome::Declined(reason) => {
            decline(work, session, card, reason).map(|()| Paid::Declined(reason))
        }
    }
}

/// A session whose payment waits for the bank's authentication, and its card.
pub(crate) fn under_authentication(work: &Work<'_>, id: &str) -> Result<(Value, Card), Fault> {
    let session = open_session(work, id)?;
    let card = Card::of_kept(&session["_card"]);
    let card = card.ok_or_else(|| {
        Fault::refused(Some("no_authentication"), "No authentication is under way.")
    })?;
    Ok((session, card))
}

/// The bank saw the person who pays, and knew them.
pub(crate) fn authenticated(work: &Work<'_>, id: &str) -> Result<Paid, Fault> {
    let (session, card) = under_authentication(work, id)?;
    let session = authorise(work, session, &card)?;
    Ok(Paid::Done {
        redirect: redirect(&session),
    })
}

/// The person who pays did not authenticate.
pub(crate) fn not_authenticated(work: &Work<'_>, id: &str) -> Result<Paid, Fault> {
    let (session, card) = under_authentication(work, id)?;
    decline(work, session, &card, NOT_AUTHENTICATED)?;
    Ok(Paid::Declined(NOT_AUTHENTICATED))
}

/// Where a person who paid goes.
pub(crate) fn redirect(session: &Value) -> String {
    let id = session["id"].as_str().unwrap_or_default();
    session["success_url"]
        .as_str()
        .unwrap_or_default()
        .replace("{CHECKOUT_SESSION_ID}", id)
}
