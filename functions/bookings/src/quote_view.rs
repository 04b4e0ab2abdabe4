//! What each side sees of a request for quotes: whitelists, built field by field.

use domain::booking::{Booking, MissionContext};
use domain::ids::{BookingId, OfferId, ProfessionalId, QuoteRequestId};
use domain::money::Euros;
use domain::offer::Activity;
use domain::pricing::PriceBreakdown;
use domain::professional::slug;
use domain::quotes::{AskedProfessional, QuoteReply, QuoteRequest, QuoteRequestState};
use domain::time::zone::ZoneView;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::view::PlaceView;

/// Where a request stands, for whoever reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuotesStand {
    /// Answers may still come.
    Awaited,
    /// No answer comes any more; quotes can be chosen.
    ToChoose,
    /// One was ordered.
    Ordered,
    /// The client gave it up.
    Withdrawn,
    /// Nobody answered, or no quote was ordered in time.
    Ended,
}

impl QuotesStand {
    fn of(request: &QuoteRequest, now: Timestamp) -> Self {
        match request.state {
            QuoteRequestState::Ordered { .. } => Self::Ordered,
            QuoteRequestState::Withdrawn { .. } => Self::Withdrawn,
            QuoteRequestState::Ended { .. } => Self::Ended,
            QuoteRequestState::Open if now < request.answer_by && awaits(request) => Self::Awaited,
            QuoteRequestState::Open => Self::ToChoose,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Awaited => "Réponses attendues",
            Self::ToChoose => "À vous de choisir",
            Self::Ordered => "Devis commandé",
            Self::Withdrawn => "Abandonnée",
            Self::Ended => "Close",
        }
    }
}

fn awaits(request: &QuoteRequest) -> bool {
    let mut asked = request.asked.iter();
    asked.any(|one| one.reply == QuoteReply::Awaited)
}

/// What came of one quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuoteStands {
    /// The professional may still answer.
    Awaited,
    /// It can be ordered.
    Valid,
    /// It was ordered.
    Ordered,
    /// Another was ordered, or the request is over.
    NotChosen,
    /// Its validity is over.
    Lapsed,
    /// The professional does not take the mission.
    Declined,
    /// The professional did not answer in time.
    Missing,
}

impl QuoteStands {
    fn of(request: &QuoteRequest, asked: &AskedProfessional, now: Timestamp) -> Self {
        let open = request.state == QuoteRequestState::Open;
        let ordered = matches!(&request.state, QuoteRequestState::Ordered { professional, .. }
            if *professional == asked.professional);
        match &asked.reply {
            QuoteReply::Quoted(_) if ordered => Self::Ordered,
            QuoteReply::Quoted(quoted) if now >= quoted.valid_until => Self::Lapsed,
            QuoteReply::Quoted(_) if open => Self::Valid,
            QuoteReply::Quoted(_) => Self::NotChosen,
            QuoteReply::Declined { .. } => Self::Declined,
            QuoteReply::Awaited if open && now < request.answer_by => Self::Awaited,
            QuoteReply::Awaited => Self::Missing,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Awaited => "Réponse attendue",
            Self::Valid => "Devis reçu",
            Self::Ordered => "Commandé",
            Self::NotChosen => "Non retenu",
            Self::Lapsed => "Plus valable",
            Self::Declined => "Ne prend pas la mission",
            Self::Missing => "Sans réponse",
        }
    }
}

/// A price that was named, on the lines on which all are compared.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QuotedPriceView {
    /// What is paid, commission and VAT included.
    pub total: Euros,
    /// What one agent costs in one hour, everything included.
    pub hourly: Option<Euros>,
    /// The price in full.
    pub price: PriceBreakdown,
    /// The professional's conditions.
    pub conditions: String,
    /// Until when it can be ordered.
    pub valid_until: Timestamp,
    /// When it was named.
    pub at: Timestamp,
}

impl QuotedPriceView {
    fn of(request: &QuoteRequest, asked: &AskedProfessional) -> Option<Self> {
        let quoted = asked.quoted()?;
        Some(Self {
            total: quoted.price.total,
            hourly: quoted.price.hourly(&request.priced()),
            price: quoted.price.clone(),
            conditions: quoted.conditions.clone(),
            valid_until: quoted.valid_until,
            at: quoted.at,
        })
    }
}

/// One of those who are asked, for the client.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AskedView {
    /// Who.
    pub professional: ProfessionalId,
    /// The name.
    pub name: String,
    /// The address of the page.
    pub slug: String,
    /// Under which offer.
    pub offer: OfferId,
    /// Its title.
    pub offer_title: String,
    /// Where it stands.
    pub state: QuoteStands,
    /// The same in French.
    pub state_label: &'static str,
    /// The price, once it is named.
    pub quote: Option<QuotedPriceView>,
    /// The booking, while the ordered quote is being paid: told where one request is read.
    pub paying: Option<BookingId>,
}

/// The mission that quotes are asked for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QuotedMissionView {
    /// The activity.
    pub activity: Activity,
    /// The same in French.
    pub activity_label: &'static str,
    /// Start.
    pub start: Timestamp,
    /// End.
    pub end: Timestamp,
    /// By whose clocks its hours are told.
    pub zone: ZoneView,
    /// How many agents.
    pub agents: u16,
    /// Where, without the street.
    pub place: PlaceView,
    /// Street and number: for the client alone.
    pub address: Option<String>,
    /// What professionals must know.
    pub context: MissionContext,
}

fn mission(request: &QuoteRequest) -> QuotedMissionView {
    let mission = &request.mission;
    QuotedMissionView {
        activity: mission.activity,
        activity_label: mission.activity.label(),
        start: mission.interval.start(),
        end: mission.interval.end(),
        zone: mission.zone().view(),
        agents: mission.agents,
        place: PlaceView {
            postal_code: mission.place.postal_code.as_str().to_owned(),
            town: mission.place.town.clone(),
            department: mission.place.department.code().to_owned(),
        },
        address: None,
        context: mission.context.clone(),
    }
}

/// A request for quotes, as its client sees it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QuoteRequestView {
    /// Its identifier.
    pub id: QuoteRequestId,
    /// Where it stands.
    pub state: QuotesStand,
    /// The same in French.
    pub state_label: &'static str,
    /// What is to be done.
    pub mission: QuotedMissionView,
    /// When it was asked.
    pub created_at: Timestamp,
    /// Until when professionals may answer.
    pub answer_by: Timestamp,
    /// The booking that came of it.
    pub booking: Option<BookingId>,
    /// Who is asked, and what they answered.
    pub asked: Vec<AskedView>,
}

impl QuoteRequestView {
    /// What its client sees at a moment.
    pub fn of(request: &QuoteRequest, now: Timestamp) -> Self {
        let stand = QuotesStand::of(request, now);
        let booking = match &request.state {
            QuoteRequestState::Ordered { booking, .. } => Some(booking.clone()),
            QuoteRequestState::Open
            | QuoteRequestState::Withdrawn { .. }
            | QuoteRequestState::Ended { .. } => None,
        };
        let asked = request.asked.iter().map(|one| {
            let state = QuoteStands::of(request, one, now);
            AskedView {
                professional: one.professional.clone(),
                name: one.name.clone(),
                slug: slug(&one.name, &one.professional),
                offer: one.offer.clone(),
                offer_title: one.offer_title.clone(),
                state,
                state_label: state.label(),
                quote: QuotedPriceView::of(request, one),
                paying: None,
            }
        });
        Self {
            id: request.id.clone(),
            state: stand,
            state_label: stand.label(),
            mission: QuotedMissionView {
                address: Some(request.mission.place.address.clone()),
                ..mission(request)
            },
            created_at: request.created_at,
            answer_by: request.answer_by,
            booking,
            asked: asked.collect(),
        }
    }

    /// The same with what is being paid of it.
    pub fn paying(mut self, bookings: &[Booking]) -> Self {
        for one in &mut self.asked {
            let paying = bookings.iter().find(|booking| booking.offer == one.offer);
            one.paying = paying.map(|booking| booking.id.clone());
        }
        self
    }
}

/// What one professional is asked, as they see it: no client, no address, no coordinates, and nothing of
/// who else is asked.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QuoteToGiveView {
    /// The request.
    pub id: QuoteRequestId,
    /// Where their quote stands.
    pub state: QuoteStands,
    /// The same in French.
    pub state_label: &'static str,
    /// Under which of their offers.
    pub offer: OfferId,
    /// Its title.
    pub offer_title: String,
    /// What is to be done.
    pub mission: QuotedMissionView,
    /// When it was asked.
    pub created_at: Timestamp,
    /// Until when it can be answered.
    pub answer_by: Timestamp,
    /// What they answered.
    pub quote: Option<QuotedPriceView>,
    /// The booking, when their quote was ordered.
    pub booking: Option<BookingId>,
}

impl QuoteToGiveView {
    pub(crate) fn of(request: &QuoteRequest, asked: &AskedProfessional, now: Timestamp) -> Self {
        let state = QuoteStands::of(request, asked, now);
        let booking = match &request.state {
            QuoteRequestState::Ordered {
                booking,
                professional,
                ..
            } => (*professional == asked.professional).then(|| booking.clone()),
            QuoteRequestState::Open
            | QuoteRequestState::Withdrawn { .. }
            | QuoteRequestState::Ended { .. } => None,
        };
        let shown = mission(request);
        Self {
            id: request.id.clone(),
            state,
            state_label: match state {
                QuoteStands::Awaited => "À répondre",
                QuoteStands::Valid => "Devis envoyé",
                QuoteStands::Declined => "Déclinée",
                QuoteStands::Ordered
                | QuoteStands::NotChosen
                | QuoteStands::Lapsed
                | QuoteStands::Missing => state.label(),
            },
            offer: asked.offer.clone(),
            offer_title: asked.offer_title.clone(),
            mission: QuotedMissionView {
                place: PlaceView {
                    town: request.town_before_contract(),
                    ..shown.place
                },
                context: request.context_before_contract(),
                ..shown
            },
            created_at: request.created_at,
            answer_by: request.answer_by,
            quote: QuotedPriceView::of(request, asked),
            booking,
        }
    }
}
