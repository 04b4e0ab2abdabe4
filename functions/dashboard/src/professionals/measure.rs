//! A measure before it is announced: the mail that the professional will read, and the missions that
//! it touches. Nothing is decided by looking.

use adapters::store::{Key, Question};
use askama::Template;
use domain::booking::{Booking, BookingState};
use domain::ids::BookingId;
use domain::professional::{
    Ground, LiveBookings, MeasureKind, Professional, Reasons, StandingStep,
};
use http_function::{Admin, Call, Desk, Html, Operation, Problem, Reply};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::file::ProfessionalPath;
use crate::frame::{Frame, Section, moment, shown};

/// A measure being prepared.
pub(crate) struct MeasurePage;

/// What was written so far.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Draft {
    kind: Option<MeasureKind>,
    ground: Option<Ground>,
    text: Option<String>,
    bookings: Option<LiveBookings>,
    until: Option<Date>,
}

struct Choice {
    code: String,
    label: &'static str,
    chosen: bool,
}

struct Live {
    id: BookingId,
    reference: String,
    state: &'static str,
    starts: String,
}

#[derive(Template)]
#[template(path = "measure.html")]
struct MeasureTemplate {
    frame: Frame,
    professional: Professional,
    kinds: Vec<Choice>,
    grounds: Vec<Choice>,
    bookings: Vec<Choice>,
    text: String,
    until: String,
    live: Vec<Live>,
    preview: Vec<String>,
    confirm: Vec<(&'static str, String)>,
}

impl Operation for MeasurePage {
    const NAME: &'static str = "show-measure";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/professionnels/{professional}/mesures";
    const SUMMARY: &'static str = "A measure before it is announced, with its mail.";
    type Outside = ();
    type Who = Admin;
    type Path = ProfessionalPath;
    type Input = Draft;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let id = &call.path.professional;
        let read = desk
            .store
            .get::<Professional>(Key::professional(id))
            .await?;
        let professional = read.ok_or_else(Problem::not_found)?.record;
        let question = Question::bookings_of_professional(id);
        let bookings = desk.store.ask_all::<Booking>(question).await?;
        let draft = &call.input;
        let mut frame = Frame::of(Section::Professionals, &call.notice);
        let (preview, confirm) = match preview(&professional, draft, call) {
            Ok(ready) => ready.unwrap_or_default(),
            Err(problem) => {
                frame.refuse(&problem);
                Default::default()
            }
        };
        let text = draft.text.as_deref().unwrap_or(call.notice.typed("text"));
        shown(&MeasureTemplate {
            frame,
            kinds: choices(&MeasureKind::ALL, draft.kind, MeasureKind::label)?,
            grounds: choices(&Ground::ALL, draft.ground, Ground::label)?,
            bookings: choices(
                &[LiveBookings::Keep, LiveBookings::Refund],
                draft.bookings,
                kept,
            )?,
            text: text.to_owned(),
            until: draft.until.map(|day| day.to_string()).unwrap_or_default(),
            live: bookings
                .iter()
                .filter_map(|read| live(&read.record))
                .collect(),
            preview,
            confirm,
            professional,
        })
    }
}

fn kept(choice: LiveBookings) -> &'static str {
    match choice {
        LiveBookings::Keep => "Les missions confirmées ont lieu",
        LiveBookings::Refund => "Les missions confirmées sont annulées et remboursées",
    }
}

/// How a choice is written in a form.
pub(super) fn code<T: serde::Serialize>(choice: T) -> Result<String, Problem> {
    let value = serde_json::to_value(choice).map_err(Problem::internal)?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}

fn choices<T: Copy + PartialEq + serde::Serialize>(
    all: &[T],
    chosen: Option<T>,
    label: fn(T) -> &'static str,
) -> Result<Vec<Choice>, Problem> {
    all.iter()
        .map(|one| {
            Ok(Choice {
                code: code(*one)?,
                label: label(*one),
                chosen: chosen == Some(*one),
            })
        })
        .collect()
}

/// Missions that the measure touches.
fn live(booking: &Booking) -> Option<Live> {
    matches!(
        booking.state,
        BookingState::Requested
            | BookingState::Accepted
            | BookingState::Completed
            | BookingState::UnderClaim
    )
    .then(|| Live {
        id: booking.id.clone(),
        reference: booking.reference.clone(),
        state: booking.state.label(),
        starts: moment(&booking.mission.interval.start()),
    })
}

type Ready = (Vec<String>, Vec<(&'static str, String)>);

/// The mail, paragraph by paragraph, and the fields that confirm it; nothing while something is
/// missing. The rules are asked on a copy.
fn preview(
    professional: &Professional,
    draft: &Draft,
    call: &Call<MeasurePage>,
) -> Result<Option<Ready>, Problem> {
    let (Some(kind), Some(ground), Some(text), Some(bookings)) =
        (draft.kind, draft.ground, draft.text.clone(), draft.bookings)
    else {
        return Ok(None);
    };
    let until = draft.until.map(operator::end_of);
    let reasons = Reasons {
        ground,
        text: text.clone(),
    };
    let mut copy = professional.clone();
    copy.announce(kind, reasons, bookings, until, &call.who.account, call.now)?;
    let confirm = vec![
        ("kind", code(kind)?),
        ("ground", code(ground)?),
        ("text", text),
        ("bookings", code(bookings)?),
        (
            "until",
            draft.until.map(|day| day.to_string()).unwrap_or_default(),
        ),
    ];
    Ok(Some((
        copy.told_of(StandingStep::Announced, call.now),
        confirm,
    )))
}
