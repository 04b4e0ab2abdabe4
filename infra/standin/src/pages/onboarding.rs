//! The page on which a connected account answers Stripe's questions.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::{ClosedPage, field, page};
use crate::StripeStandin;
use crate::account_links::{answered, opened};

#[derive(Template)]
#[template(path = "onboarding.html")]
struct OnboardingPage<'a> {
    link: &'a str,
    name: &'a str,
    email: &'a str,
    bank: &'a str,
}

/// A link that was used or is too old leads to where a new one is asked for.
pub(super) async fn show(State(standin): State<StripeStandin>, Path(id): Path<String>) -> Response {
    match standin.act(|work| opened(work, &id)) {
        Ok(Ok((account, _back))) => page(
            &OnboardingPage {
                link: &id,
                name: field(&account, "display_name"),
                email: field(&account, "contact_email"),
                bank: field(&account["_bank"], "last4"),
            },
            StatusCode::OK,
        ),
        Ok(Err(again)) => Redirect::to(&again).into_response(),
        Err(_) => absent(),
    }
}

pub(super) async fn answer(
    State(standin): State<StripeStandin>,
    Path(id): Path<String>,
) -> Response {
    match standin.act(|work| answered(work, &id)) {
        Ok(back) => Redirect::to(&back).into_response(),
        Err(_) => absent(),
    }
}

fn absent() -> Response {
    page(
        &ClosedPage {
            title: "Page introuvable",
            message: "L’adresse est incomplète, ou ce lien n’a jamais existé.",
            back: "/",
        },
        StatusCode::NOT_FOUND,
    )
}
