//! What people see: the payment page, the bank's 3-D Secure page, and a list of everything.
//! Plain HTML forms: they work without JavaScript.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::Value;

use crate::StripeStandin;
use crate::cards::{HELP, look_at};
use crate::errors::Fault;
use crate::levers::{Paid, finish_authentication, open_session, try_card};

pub(crate) fn router(standin: &StripeStandin) -> Router {
    Router::new()
        .route("/local/stripe", get(overview))
        .route("/local/stripe/style.css", get(style))
        .route("/local/stripe/checkout/{session}", get(checkout).post(pay))
        .route(
            "/local/stripe/checkout/{session}/3ds",
            get(bank).post(authenticate),
        )
        .with_state(standin.clone())
}

#[derive(Template)]
#[template(path = "checkout.html")]
struct CheckoutPage<'a> {
    session: &'a str,
    amount: String,
    description: &'a str,
    email: &'a str,
    cancel_url: &'a str,
    error: Option<&'a str>,
    name: &'a str,
    expiry: &'a str,
    help: [(&'static str, &'static str); 4],
}

#[derive(Template)]
#[template(path = "bank.html")]
struct BankPage<'a> {
    session: &'a str,
    amount: String,
}

#[derive(Template)]
#[template(path = "closed.html")]
struct ClosedPage<'a> {
    message: &'a str,
    back: &'a str,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    groups: Vec<(&'static str, Vec<Row>)>,
}

struct Row {
    id: String,
    status: String,
    amount: String,
    about: String,
}

fn page(template: &impl Template, status: StatusCode) -> Response {
    match template.render() {
        Ok(html) => (status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `1 234,56 €`, with spaces that do not break.
fn euros(cents: i64) -> String {
    let whole = (cents / 100).to_string();
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    format!("{grouped},{:02}\u{a0}€", cents % 100)
}

fn field<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name].as_str().unwrap_or_default()
}

fn amount(session: &Value) -> String {
    euros(session["amount_total"].as_i64().unwrap_or(0))
}

/// The session when it can be paid; else the page that says why not.
fn payable(standin: &StripeStandin, id: &str) -> Result<Value, Box<Response>> {
    standin
        .act(|work| open_session(work, id))
        .map_err(|_| Box::new(closed(standin, id)))
}

fn closed(standin: &StripeStandin, id: &str) -> Response {
    let session = standin.store(|store| store.read(id)).ok().flatten();
    let Some(session) = session else {
        return page(
            &ClosedPage {
                message: "Cette page de paiement n’existe pas.",
                back: "/",
            },
            StatusCode::NOT_FOUND,
        );
    };
    let (message, back) = if session["status"] == "complete" {
        (
            "Ce paiement a déjà été effectué : votre carte est autorisée.",
            field(&session, "success_url"),
        )
    } else {
        (
            "Cette page de paiement a expiré. Rien n’a été débité.",
            field(&session, "cancel_url"),
        )
    };
    page(&ClosedPage { message, back }, StatusCode::OK)
}

fn form(id: &str, session: &Value, error: Option<&str>, card: &CardForm) -> Response {
    let template = CheckoutPage {
        session: id,
        amount: amount(session),
        description: field(session, "_description"),
        email: field(session, "customer_email"),
        cancel_url: field(session, "cancel_url"),
        error,
        name: &card.name,
        expiry: &card.expiry,
        help: HELP,
    };
    page(
        &template,
        if error.is_some() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        },
    )
}

async fn checkout(State(standin): State<StripeStandin>, Path(id): Path<String>) -> Response {
    match payable(&standin, &id) {
        Ok(session) => form(&id, &session, None, &CardForm::default()),
        Err(response) => *response,
    }
}

#[derive(Default, Deserialize)]
struct CardForm {
    number: String,
    expiry: String,
    cvc: String,
    name: String,
}

impl CardForm {
    fn check(&self, now: i64) -> Result<(), &'static str> {
        const EXPIRY: &str = "La date d’expiration doit être au format MM/AA.";
        let (month, year) = self.expiry.trim().split_once('/').ok_or(EXPIRY)?;
        let month: i16 = month.trim().parse().map_err(|_| EXPIRY)?;
        let year: i16 = year.trim().parse().map_err(|_| EXPIRY)?;
        if !(1..=12).contains(&month) || !(0..=99).contains(&year) {
            return Err(EXPIRY);
        }
        let today = jiff::Timestamp::from_second(now)
            .unwrap_or_default()
            .to_zoned(jiff::tz::TimeZone::UTC);
        if (2000 + year, month) < (today.year(), i16::from(today.month())) {
            return Err("Cette carte est expirée.");
        }
        let cvc = self.cvc.trim();
        if !(3..=4).contains(&cvc.len()) || !cvc.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("Le code de sécurité compte 3 ou 4 chiffres.");
        }
        if self.name.trim().is_empty() {
            Err("Indiquez le nom du titulaire de la carte.")
        } else {
            Ok(())
        }
    }
}

async fn pay(
    State(standin): State<StripeStandin>,
    Path(id): Path<String>,
    Form(card): Form<CardForm>,
) -> Response {
    let session = match payable(&standin, &id) {
        Ok(session) => session,
        Err(response) => return *response,
    };
    let looked_at =
        look_at(&card.number).and_then(|found| card.check(standin.now()).map(|()| found));
    let found = match looked_at {
        Ok(found) => found,
        Err(message) => return form(&id, &session, Some(message), &card),
    };
    follow(
        &standin,
        &id,
        standin.act(|work| try_card(work, &id, &found)),
        |message| form(&id, &session, Some(message), &card),
    )
}

fn follow(
    standin: &StripeStandin,
    id: &str,
    paid: Result<Paid, Fault>,
    again: impl FnOnce(&str) -> Response,
) -> Response {
    match paid {
        Ok(Paid::Done { redirect }) => Redirect::to(&redirect).into_response(),
        Ok(Paid::NeedsAuthentication) => {
            Redirect::to(&format!("/local/stripe/checkout/{id}/3ds")).into_response()
        }
        Ok(Paid::Declined { message, .. }) => again(message),
        Err(_) => closed(standin, id),
    }
}

async fn bank(State(standin): State<StripeStandin>, Path(id): Path<String>) -> Response {
    match payable(&standin, &id) {
        Ok(session) => page(
            &BankPage {
                session: &id,
                amount: amount(&session),
            },
            StatusCode::OK,
        ),
        Err(response) => *response,
    }
}

#[derive(Deserialize)]
struct BankForm {
    outcome: String,
}

async fn authenticate(
    State(standin): State<StripeStandin>,
    Path(id): Path<String>,
    Form(asked): Form<BankForm>,
) -> Response {
    let session = match payable(&standin, &id) {
        Ok(session) => session,
        Err(response) => return *response,
    };
    let paid = standin.act(|work| finish_authentication(work, &id, asked.outcome == "success"));
    follow(&standin, &id, paid, |message| {
        form(&id, &session, Some(message), &CardForm::default())
    })
}

async fn style() -> Response {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("../templates/style.css"),
    )
        .into_response()
}

async fn overview(State(standin): State<StripeStandin>) -> Response {
    let kinds = [
        ("Sessions de paiement", "checkout.session"),
        ("Paiements", "payment_intent"),
        ("Virements", "transfer"),
        ("Comptes", "account"),
        ("Événements", "event"),
    ];
    let groups = kinds.into_iter().map(|(title, kind)| {
        let objects = standin
            .store(|store| store.list(kind, 20))
            .unwrap_or_default();
        (title, objects.iter().map(row).collect())
    });
    page(
        &OverviewPage {
            groups: groups.collect(),
        },
        StatusCode::OK,
    )
}

fn row(object: &Value) -> Row {
    let cents = object["amount_total"]
        .as_i64()
        .or(object["amount"].as_i64());
    let about = [
        field(object, "type"),
        field(object, "transfer_group"),
        field(object, "client_reference_id"),
        field(object, "display_name"),
    ];
    Row {
        id: field(object, "id").to_owned(),
        status: field(object, "status").to_owned(),
        amount: cents.map(euros).unwrap_or_default(),
        about: about
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default()
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::euros;

    #[test]
    fn amounts_are_written_the_french_way() {
        assert_eq!(euros(123_456), "1\u{202f}234,56\u{a0}€");
        assert_eq!(euros(500), "5,00\u{a0}€");
        assert_eq!(euros(100_000_007), "1\u{202f}000\u{202f}000,07\u{a0}€");
    }
}
