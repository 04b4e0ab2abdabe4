//! Everything that the stand-in holds, for the people who build the marketplace.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::Value;

use super::{euros, field, page};
use crate::{StripeStandin, accounts};

const SHOWN: i64 = 25;

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    now: String,
    paused: bool,
    webhook_url: String,
    groups: Vec<Group>,
}

struct Group {
    id: &'static str,
    title: &'static str,
    rows: Vec<Row>,
}

struct Row {
    at: String,
    id: String,
    address: String,
    status: String,
    amount: String,
    about: String,
}

pub(super) async fn show(State(standin): State<StripeStandin>) -> Response {
    standin.end_lapsed();
    let kinds = [
        ("sessions", "Sessions de paiement", "checkout.session"),
        ("intents", "Paiements", "payment_intent"),
        ("charges", "Débits", "charge"),
        ("transfers", "Virements", "transfer"),
        ("accounts", "Comptes", "account"),
        ("events", "Événements", "event"),
        ("deliveries", "Envois au site", "delivery"),
    ];
    let groups = kinds.into_iter().map(|(id, title, kind)| {
        let objects = standin.store(|store| match kind {
            "delivery" => store.deliveries(SHOWN),
            kind => store.newest(kind, SHOWN),
        });
        Group {
            id,
            title,
            rows: objects.unwrap_or_default().iter().map(row).collect(),
        }
    });
    let template = OverviewPage {
        now: moment(standin.now()),
        paused: standin.levers(|levers| levers.paused),
        webhook_url: standin.0.settings.webhook_url.clone(),
        groups: groups.collect(),
    };
    page(&template, StatusCode::OK)
}

/// `2026-07-01 12:00:00`, universal time.
fn moment(seconds: i64) -> String {
    let moment = Timestamp::from_second(seconds).unwrap_or_default();
    moment.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn row(object: &Value) -> Row {
    let cents = object["amount_total"]
        .as_i64()
        .or(object["amount"].as_i64());
    let at = object["created"]
        .as_i64()
        .or(object["due"].as_i64())
        .map(moment);
    Row {
        at: at
            .or_else(|| {
                object["created"]
                    .as_str()
                    .map(|text| text.chars().take(19).collect::<String>().replace('T', " "))
            })
            .unwrap_or_default(),
        id: object["id"]
            .as_str()
            .map_or_else(|| object["id"].to_string(), str::to_owned),
        address: if object["object"] == "checkout.session" {
            field(object, "url").to_owned()
        } else {
            String::new()
        },
        status: status(object),
        amount: cents.map(euros).unwrap_or_default(),
        about: about(object),
    }
}

fn status(object: &Value) -> String {
    match object["object"].as_str() {
        Some("v2.core.account") => format!(
            "virements : {}",
            field(accounts::transfers(object), "status")
        ),
        Some("charge") if object["captured"] == true => "captured".to_owned(),
        Some("charge") if object["refunded"] == true => "refunded".to_owned(),
        Some("event") => String::new(),
        _ => field(object, "status").to_owned(),
    }
}

fn about(object: &Value) -> String {
    match object["object"].as_str() {
        Some("event") => format!(
            "{} — {}",
            field(object, "type"),
            field(&object["data"]["object"], "id")
        ),
        Some("delivery") => {
            let attempts = object["attempts"].as_array().into_iter().flatten();
            let outcomes: Vec<&str> = attempts.map(|attempt| field(attempt, "outcome")).collect();
            let tried = if outcomes.is_empty() {
                String::new()
            } else {
                format!(" — {}", outcomes.join(", "))
            };
            format!("{}{tried}", field(object, "type"))
        }
        Some("transfer") => format!(
            "{} → {}",
            field(object, "transfer_group"),
            field(object, "destination")
        ),
        Some("charge") => {
            let card = &object["payment_method_details"]["card"];
            format!("{} •••• {}", field(card, "brand"), field(card, "last4"))
        }
        _ => {
            let told = [
                "client_reference_id",
                "transfer_group",
                "description",
                "display_name",
            ];
            told.into_iter()
                .map(|name| field(object, name))
                .find(|text| !text.is_empty())
                .unwrap_or_default()
                .to_owned()
        }
    }
}
