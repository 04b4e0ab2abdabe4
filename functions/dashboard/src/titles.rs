//! Accepted missions that lack a title which ended early: their clients were told.

use std::collections::BTreeMap;

use adapters::store::{Key, Question};
use askama::Template;
use domain::booking::Booking;
use domain::ids::{BookingId, ProfessionalId};
use domain::professional::Professional;
use domain::time::paris;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};

use crate::frame::{Frame, Section, moment, shown};

/// The missions that lack a title.
pub(crate) struct TitlesPage;

/// One mission and one title.
pub(crate) struct TitleLine {
    pub(crate) booking: BookingId,
    pub(crate) reference: String,
    pub(crate) professional: ProfessionalId,
    pub(crate) professional_name: String,
    pub(crate) starts: String,
    pub(crate) title: &'static str,
    pub(crate) ends: String,
    pub(crate) told: String,
}

#[derive(Template)]
#[template(path = "titles.html")]
struct TitlesTemplate {
    frame: Frame,
    lines: Vec<TitleLine>,
}

impl Operation for TitlesPage {
    const NAME: &'static str = "show-missions-without-title";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/titres";
    const SUMMARY: &'static str = "Accepted missions whose professional lacks a title by then.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let question = Question::missions_without_title();
        let bookings = desk.store.ask_all::<Booking>(question).await?;
        let mut known: BTreeMap<String, Professional> = BTreeMap::new();
        let mut list = Vec::new();
        for booking in bookings.into_iter().map(|read| read.record) {
            let id = &booking.professional;
            if !known.contains_key(id.as_str()) {
                let read = desk
                    .store
                    .get::<Professional>(Key::professional(id))
                    .await?;
                if let Some(read) = read {
                    known.insert(id.to_string(), read.record);
                }
            }
            list.extend(lines(&booking, known.get(id.as_str())));
        }
        shown(&TitlesTemplate {
            frame: Frame::of(Section::Professionals, &call.notice),
            lines: list,
        })
    }
}

/// What a booking lacks.
pub(crate) fn lines(booking: &Booking, professional: Option<&Professional>) -> Vec<TitleLine> {
    if !booking.lacks_title() {
        return Vec::new();
    }
    let open = booking.title_alerts.iter();
    let open = open.filter(|alert| alert.lifted_at.is_none());
    open.map(|alert| TitleLine {
        booking: booking.id.clone(),
        reference: booking.reference.clone(),
        professional: booking.professional.clone(),
        professional_name: booking.professional_name.clone(),
        starts: moment(&booking.mission.interval.start()),
        title: professional
            .and_then(|professional| professional.document(&alert.document))
            .map_or("Titre", |document| document.kind().label()),
        ends: paris::short_date(alert.ends_on),
        told: moment(&alert.told_at),
    })
    .collect()
}
