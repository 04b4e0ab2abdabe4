//! What the operator does at somebody's request, once they know who asks: closing a client's account,
//! correcting an address that mails come back from, entering that a professional leaves.

use accounts::close_client;
use adapters::platform::PlatformIdentity;
use adapters::store::{Key, Versioned};
use askama::Template;
use domain::account::{Account, Role};
use domain::event::Event;
use domain::identifiers::Email;
use domain::ids::{AccountId, ProfessionalId};
use domain::operator::Duty;
use domain::professional::{Departing, Professional, StandingStep};
use http_function::{
    Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply, exchange_identifier,
};
use notices::{Preview, letters_of_account};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::clients::ClientPath;
use crate::frame::{Frame, Section, shown};

/// How somebody asked, and how it is known that it was they.
const PROOF: std::ops::RangeInclusive<usize> = 10..=500;

fn proof(text: &str) -> Result<&str, Problem> {
    let text = text.trim();
    if PROOF.contains(&text.chars().count()) {
        return Ok(text);
    }
    let problem = Problem::new(
        422,
        "proof_missing",
        "Écrivez en 10 à 500 caractères comment la demande est venue et ce qui prouve qui la fait.",
    );
    Err(problem.about("proof"))
}

async fn client<O: Sync>(desk: &Desk<O>, id: &AccountId) -> Result<Versioned<Account>, Problem> {
    let read = desk.store.get::<Account>(Key::account(id)).await?;
    read.filter(|read| read.record.role == Role::Client)
        .ok_or_else(Problem::not_found)
}

/// What closing a client's account would do.
pub(crate) struct ClosingPage;

#[derive(Template)]
#[template(path = "closing.html")]
struct ClosingTemplate {
    frame: Frame,
    id: AccountId,
    email: String,
    mails: Vec<Preview>,
    typed: String,
}

impl Operation for ClosingPage {
    const NAME: &'static str = "show-closing";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/clients/{account}/fermeture";
    const SUMMARY: &'static str = "A client's account before it is closed at their request.";
    type Outside = PlatformIdentity;
    type Who = Admin;
    type Path = ClientPath;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<PlatformIdentity>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let read = client(desk, &call.path.account).await?;
        let mut frame = Frame::of(Section::Clients, &call.notice);
        let mut copy = read.record.clone();
        let event = Event::AccountClosed {
            account: copy.id.clone(),
        };
        // The rules are asked, and nothing is kept of what they answer.
        let closed = close_client(&desk.store, &read, call.now, call.changes()).await;
        let mails = match closed.and_then(|_| Ok(copy.close(call.now)?)) {
            Ok(()) => letters_of_account(&event, &copy, &desk.outside.0),
            Err(problem) => {
                frame.refuse(&problem);
                Vec::new()
            }
        };
        shown(&ClosingTemplate {
            frame,
            id: read.record.id.clone(),
            email: read.record.email.as_str().to_owned(),
            mails,
            typed: call.notice.typed("proof").to_owned(),
        })
    }
}

/// How it was asked.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Asked {
    /// How the request came, and what proves who made it.
    #[serde(default)]
    proof: String,
}

/// Closes a client's account at their request.
pub(crate) struct CloseForClient;

impl Operation for CloseForClient {
    const NAME: &'static str = "close-for-client";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/clients/{account}/fermer";
    const SUMMARY: &'static str = "Close a client's account at their request.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = ClientPath;
    type Input = Asked;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let proof = proof(&call.input.proof)?;
        let read = client(desk, &call.path.account).await?;
        let changes = close_client(&desk.store, &read, call.now, call.changes()).await?;
        let id = read.record.id.as_str();
        let changes = changes.activity_because(Self::NAME, id, proof);
        let to = format!("/admin/clients/{id}?fait={}", Self::NAME);
        Ok(Reply::ok(Nothing {}).changing(changes).redirect(to))
    }
}

/// A corrected address.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct CorrectedAddress {
    /// The address that is read.
    email: Email,
    /// How the request came, and what proves who made it.
    #[serde(default)]
    proof: String,
}

/// Corrects the address of a client whose mails come back.
pub(crate) struct CorrectAddress;

impl Operation for CorrectAddress {
    const NAME: &'static str = "correct-address";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/clients/{account}/adresse";
    const SUMMARY: &'static str = "Correct the address of a client whose mails come back.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = ClientPath;
    type Input = CorrectedAddress;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let proof = proof(&call.input.proof)?;
        let read = client(desk, &call.path.account).await?;
        let mut account = read.record.clone();
        account.correct_address(&call.input.email, &call.who.account, call.now)?;
        let changes = call
            .changes()
            .activity_because(Self::NAME, account.id.as_str(), proof);
        let changes = exchange_identifier(desk, &read, &account, changes).await?;
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

/// Which professional.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct LeavingPath {
    professional: ProfessionalId,
}

/// How a professional leaves.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Leaving {
    how: LeavingHow,
    /// How the request came, and what proves who made it.
    #[serde(default)]
    proof: String,
}

/// The two ways there are (terms, articles 7 and 16).
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LeavingHow {
    /// Within five days.
    InFiveDays,
    /// With two months' notice.
    WithNotice,
}

/// Enters that a professional leaves, who asked by mail, letter or telephone.
pub(crate) struct EnterLeaving;

impl Operation for EnterLeaving {
    const NAME: &'static str = "enter-leaving";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/professionnels/{professional}/desinscription";
    const SUMMARY: &'static str =
        "Enter that a professional leaves who asked otherwise than on the site.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = LeavingPath;
    type Input = Leaving;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let proof = proof(&call.input.proof)?;
        let id = &call.path.professional;
        let read = desk
            .store
            .get::<Professional>(Key::professional(id))
            .await?;
        let read = read.ok_or_else(Problem::not_found)?;
        let mut professional = read.record.clone();
        let how = match call.input.how {
            LeavingHow::InFiveDays => {
                accounts::check_nothing_live(&desk.store, id).await?;
                Departing::InFiveDays
            }
            LeavingHow::WithNotice => Departing::WithNotice,
        };
        professional.leave(how, &call.who.account, call.now)?;
        let changes = call
            .changes()
            .replace(&read, &professional)
            .activity_because(Self::NAME, id.as_str(), proof)
            .event(Event::ProfessionalChanged {
                professional: id.clone(),
            })
            .event(Event::StandingChanged {
                professional: id.clone(),
                step: StandingStep::Leaving,
            });
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}
