//! One search for everything: a booking by its reference, people by name or number, invoices, agents.

use adapters::finding::{self, MOST_FOUND};
use adapters::store::{BookingRow, FoundKind, FoundUnder, Key};
use askama::Template;
use domain::finding::{Reading, understood};
use domain::ids::{AccountId, BookingId, ProfessionalId, ReportId};
use domain::time::paris;
use futures::future::try_join_all;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::frame::{Frame, Section, shown};

/// The answer to what was typed into the box of every page.
pub(crate) struct SearchPage;

/// What was typed.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct SearchQuery {
    #[serde(default)]
    q: String,
}

/// Longer is nothing that has a page.
const LONGEST: usize = 200;

struct Group {
    title: &'static str,
    things: Vec<Thing>,
}

struct Thing {
    address: String,
    label: String,
    hint: String,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchTemplate {
    frame: Frame,
    asked: String,
    groups: Vec<Group>,
    understood: Vec<String>,
    more: bool,
}

impl Operation for SearchPage {
    const NAME: &'static str = "search-everything";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/recherche";
    const SUMMARY: &'static str =
        "Bookings, people, agents and invoices by what they are called or numbered.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = SearchQuery;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let asked: String = call.input.q.trim().chars().take(LONGEST).collect();
        if let Some(address) = named(&asked) {
            return Ok(Reply::ok(Html(String::new())).redirect(address));
        }
        let readings = understood(&asked);
        let found =
            try_join_all(readings.iter().map(|one| finding::find(&desk.store, one))).await?;
        let more = found.iter().any(|one| one.more);
        let mut things: Vec<FoundUnder> = Vec::new();
        for thing in found.into_iter().flat_map(|one| one.things) {
            if !things
                .iter()
                .any(|known| known.kind == thing.kind && known.item == thing.item)
            {
                things.push(thing);
            }
        }
        // A number names one thing: there is nothing to choose.
        if let ([Reading::Name(_)], _) | (_, []) | (_, [_, _, ..]) = (&readings[..], &things[..]) {
        } else if let [thing] = &things[..] {
            return Ok(Reply::ok(Html(String::new())).redirect(address(thing)));
        }
        let mut frame = Frame::of(Section::Overview, &call.notice);
        frame.at_no_entry();
        frame.searched.clone_from(&asked);
        shown(&SearchTemplate {
            frame,
            asked,
            groups: groups(desk, things).await?,
            understood: readings.iter().map(Reading::said).collect(),
            more,
        })
    }
}

/// The page of what is named by its identifier.
fn named(asked: &str) -> Option<String> {
    if BookingId::parse(asked).is_ok() {
        return Some(format!("/admin/reservations/{asked}"));
    }
    if ProfessionalId::parse(asked).is_ok() {
        return Some(format!("/admin/professionnels/{asked}"));
    }
    if ReportId::parse(asked).is_ok() {
        return Some(format!("/admin/signalements/{asked}"));
    }
    // A professional's account has no page of its own: the log says whose it is.
    AccountId::parse(asked)
        .is_ok()
        .then(|| format!("/admin/activite?who={asked}"))
}

fn address(thing: &FoundUnder) -> String {
    let opens = &thing.opens;
    match thing.kind {
        FoundKind::Booking | FoundKind::Invoice => format!("/admin/reservations/{opens}"),
        FoundKind::Client => format!("/admin/clients/{opens}"),
        FoundKind::Professional | FoundKind::Agent | FoundKind::Member => {
            format!("/admin/professionnels/{opens}")
        }
    }
}

fn title(kind: FoundKind) -> &'static str {
    match kind {
        FoundKind::Booking => "Réservations",
        FoundKind::Client => "Clients",
        FoundKind::Professional => "Professionnels",
        FoundKind::Agent => "Agents",
        FoundKind::Member => "Membres d’une équipe",
        FoundKind::Invoice => "Factures et avoirs",
    }
}

const GROUPS: [FoundKind; 6] = [
    FoundKind::Booking,
    FoundKind::Client,
    FoundKind::Professional,
    FoundKind::Agent,
    FoundKind::Member,
    FoundKind::Invoice,
];

async fn groups(desk: &Desk<()>, things: Vec<FoundUnder>) -> Result<Vec<Group>, Problem> {
    let mut groups = Vec::new();
    for kind in GROUPS {
        let of_kind = things
            .iter()
            .filter(|thing| thing.kind == kind)
            .take(MOST_FOUND);
        let things = try_join_all(of_kind.map(|thing| said(desk, thing))).await?;
        if !things.is_empty() {
            groups.push(Group {
                title: title(kind),
                things,
            });
        }
    }
    Ok(groups)
}

/// A booking says where it stands; the others say what tells them apart.
async fn said(desk: &Desk<()>, thing: &FoundUnder) -> Result<Thing, Problem> {
    let row = match (thing.kind, BookingId::parse(&thing.opens)) {
        (FoundKind::Booking, Ok(id)) => desk.store.get::<BookingRow>(Key::booking_row(&id)).await?,
        _ => None,
    };
    let hint = row.map_or_else(
        || thing.hint.clone(),
        |row| {
            let row = row.record;
            let day = paris::short_date(paris::local_date(row.starts_at));
            let parties = format!("{} et {}", row.client_name, row.professional_name);
            format!("{parties}, {}, le {day} : {}", row.town, row.state.label())
        },
    );
    Ok(Thing {
        address: address(thing),
        label: thing.label.clone(),
        hint,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_leads_to_its_page() {
        for (asked, address) in [
            (
                "bkg_01J8Z6K3V5Q0T4W9X2Y7R1S6AB",
                Some("/admin/reservations/bkg_01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
            ),
            (
                "pro_01J8Z6K3V5Q0T4W9X2Y7R1S6AB",
                Some("/admin/professionnels/pro_01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
            ),
            ("pro_court", None),
            ("Dupont", None),
        ] {
            assert_eq!(named(asked).as_deref(), address, "{asked}");
        }
    }
}
