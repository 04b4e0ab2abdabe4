//! What people see: the payment page, the bank's 3-D Secure page, and a list of everything.
//! Plain HTML forms: they work without JavaScript.

mod authentication;
mod checkout;
mod onboarding;
mod overview;

use askama::Template;
use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use serde_json::Value;

use crate::StripeStandin;
use crate::cards::Decline;
use crate::errors::Fault;
use crate::paying::{Paid, open_session, redirect};

pub(crate) fn router(standin: &StripeStandin) -> Router {
    Router::new()
        .route("/local/stripe", get(overview::show))
        .route("/local/stripe/style.css", get(style))
        .route(
            "/local/stripe/checkout/{session}",
            get(checkout::show).post(checkout::pay),
        )
        .route(
            "/local/stripe/checkout/{session}/3ds",
            get(authentication::show).post(authentication::answer),
        )
        .route(
            "/local/stripe/onboarding/{link}",
            get(onboarding::show).post(onboarding::answer),
        )
        .with_state(standin.clone())
}

/// Nothing runs on these pages, and nothing is fetched but their style.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
);

async fn style() -> Response {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("../templates/style.css"),
    )
        .into_response()
}

fn page(template: &impl Template, status: StatusCode) -> Response {
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    match template.render() {
        Ok(html) => (status, headers, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Template)]
#[template(path = "closed.html")]
struct ClosedPage<'a> {
    title: &'a str,
    message: &'a str,
    back: &'a str,
}

/// The session when it can be paid; else the page that says why not.
fn payable(standin: &StripeStandin, id: &str) -> Result<Value, Box<Response>> {
    standin
        .act(|work| open_session(work, id))
        .map_err(|_| Box::new(closed(standin, id)))
}

/// Why a session cannot be paid.
fn closed(standin: &StripeStandin, id: &str) -> Response {
    let session = standin.store(|store| store.read(id)).ok().flatten();
    let Some(session) = session.filter(|found| found["object"] == "checkout.session") else {
        let message = "L’adresse est incomplète, ou cette page de paiement n’a jamais existé.";
        return page(
            &ClosedPage {
                title: "Page introuvable",
                message,
                back: "/",
            },
            StatusCode::NOT_FOUND,
        );
    };
    if session["status"] == "complete" {
        let (title, message) = match session["_intent"]["capture_method"].as_str() {
            Some("manual") => (
                "Paiement déjà autorisé",
                "Votre carte a été autorisée : vous n’avez plus rien à faire ici.",
            ),
            _ => (
                "Paiement déjà effectué",
                "Votre paiement a été enregistré : vous n’avez plus rien à faire ici.",
            ),
        };
        return page(
            &ClosedPage {
                title,
                message,
                back: &redirect(&session),
            },
            StatusCode::OK,
        );
    }
    let message =
        "Le délai pour payer est dépassé. Rien n’a été débité. Revenez au site pour recommencer.";
    page(
        &ClosedPage {
            title: "Page de paiement expirée",
            message,
            back: field(&session, "cancel_url"),
        },
        StatusCode::OK,
    )
}

/// Where the person goes after an attempt; `again` shows the form with what went wrong.
fn follow(
    standin: &StripeStandin,
    id: &str,
    paid: Result<Paid, Fault>,
    again: impl FnOnce(Decline) -> Response,
) -> Response {
    match paid {
        Ok(Paid::Done { redirect }) => Redirect::to(&redirect).into_response(),
        Ok(Paid::NeedsAuthentication) => {
            Redirect::to(&format!("/local/stripe/checkout/{id}/3ds")).into_response()
        }
        Ok(Paid::Declined(decline)) => again(decline),
        Err(_) => closed(standin, id),
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

fn total(session: &Value) -> String {
    euros(session["amount_total"].as_i64().unwrap_or(0))
}

fn field<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name].as_str().unwrap_or_default()
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
