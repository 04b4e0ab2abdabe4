//! An order as both parties keep it: PDF/A-2, so that it can be read as long as the contract matters.

use domain::booking::confirmation::OrderPaper;
use domain::time::paris;
use serde::Serialize;

use crate::page::{Fact, printable_json};
use crate::typesetting::{self, Identity};
use crate::{Pdf, RenderFailed};

#[derive(Serialize)]
struct Page {
    title: String,
    author: String,
    subject: String,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    title: String,
    facts: Vec<Fact>,
    lines: Vec<String>,
}

/// Sets an order. The same order always gives the same bytes.
///
/// As costly as an invoice: call it where blocking is allowed.
pub fn render_order(order: &OrderPaper) -> Result<Pdf, RenderFailed> {
    let page = Page {
        title: format!("Commande {}", order.reference),
        author: order.professional_name.clone(),
        subject: format!(
            "Contrat conclu le {} entre {} et le client, par MonAgentDeSecu.",
            paris::french_date_time(order.concluded_at),
            order.professional_name,
        ),
        parts: order.parts.iter().map(part).collect(),
    };
    set(order, &page, order.booking.to_string(), "commande")
}

/// Sets the form that a consumer withdraws with (C. conso., R221-1), where the order has one.
pub fn render_withdrawal_form(order: &OrderPaper) -> Option<Result<Pdf, RenderFailed>> {
    let form = order.withdrawal_form.as_ref()?;
    let page = Page {
        title: form.title.clone(),
        author: order.professional_name.clone(),
        subject: format!("Commande {}", order.reference),
        parts: vec![Part {
            title: String::new(),
            ..part(form)
        }],
    };
    let id = format!("{}-retractation", order.booking);
    Some(set(order, &page, id, "formulaire-de-retractation"))
}

fn set(order: &OrderPaper, page: &Page, id: String, name: &str) -> Result<Pdf, RenderFailed> {
    let identity = Identity {
        id,
        day: paris::local_date(order.concluded_at),
    };
    Ok(Pdf {
        file_name: format!("{name}-{}.pdf", order.reference),
        bytes: typesetting::order(printable_json(page)?, &identity)?,
    })
}

fn part(part: &domain::booking::confirmation::Part) -> Part {
    let facts = part.facts.iter().map(|(label, value)| Fact {
        label: label.clone(),
        value: value.clone(),
    });
    Part {
        title: part.title.clone(),
        facts: facts.collect(),
        lines: part.lines.clone(),
    }
}
