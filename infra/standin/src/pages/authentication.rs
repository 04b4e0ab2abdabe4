//! The bank's 3-D Secure page.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::checkout::{CardForm, form};
use super::{follow, page, payable, total};
use crate::StripeStandin;
use crate::paying::{authenticated, not_authenticated, under_authentication};

#[derive(Template)]
#[template(path = "authentication.html")]
struct AuthenticationPage<'a> {
    session: &'a str,
    total: String,
    card: String,
}

#[derive(Deserialize)]
pub(super) struct Answer {
    outcome: Outcome,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Success,
    Failure,
}

/// Without a payment that waits for the bank, there is only the payment page.
pub(super) async fn show(State(standin): State<StripeStandin>, Path(id): Path<String>) -> Response {
    if let Err(response) = payable(&standin, &id) {
        return *response;
    }
    match standin.act(|work| under_authentication(work, &id)) {
        Ok((session, card)) => {
            let card = format!("{} •••• {}", card.brand.to_uppercase(), card.last4);
            page(
                &AuthenticationPage {
                    session: &id,
                    total: total(&session),
                    card,
                },
                StatusCode::OK,
            )
        }
        Err(_) => Redirect::to(&format!("/local/stripe/checkout/{id}")).into_response(),
    }
}

pub(super) async fn answer(
    State(standin): State<StripeStandin>,
    Path(id): Path<String>,
    Form(given): Form<Answer>,
) -> Response {
    let session = match payable(&standin, &id) {
        Ok(session) => session,
        Err(response) => return *response,
    };
    let paid = standin.act(|work| match given.outcome {
        Outcome::Success => authenticated(work, &id),
        Outcome::Failure => not_authenticated(work, &id),
    });
    if paid.is_err() && payable(&standin, &id).is_ok() {
        return Redirect::to(&format!("/local/stripe/checkout/{id}")).into_response();
    }
    follow(&standin, &id, paid, |decline| {
        form(&id, &session, Some(decline.into()), &CardForm::default())
    })
}
