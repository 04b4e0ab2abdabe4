//! What each party sees of an order: whitelists, built field by field.

use domain::booking::{Booking, BookingParty, BookingState, CardStatus, MissionContext};
use domain::ids::{BookingId, DocumentId, OfferId, OrderId, ProfessionalId};
use domain::money::Euros;
use domain::offer::{Activity, CancellationPolicy};
use domain::order::{MissionAnswer, Order, OrderState, OrderedMission};
use domain::time::zone::ZoneView;
use domain::typography::unbroken;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::view::{CoordinatesView, PlaceView};

/// One mission of an order.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OrderMissionView {
    /// The booking that it is, or would become.
    pub booking: BookingId,
    /// Start.
    pub start: Timestamp,
    /// End.
    pub end: Timestamp,
    /// What the order knows of it.
    pub answer: MissionAnswer,
    /// Where its booking stands: none before it is accepted.
    pub state: Option<BookingState>,
    /// Where it stands, in French.
    pub state_label: &'static str,
    /// Its price, commission and VAT included.
    pub total: Euros,
    /// What comes to the professional after every reduction.
    pub professional_share: Euros,
    /// What was given back of it.
    pub refunded: Euros,
    /// What was paid out of it.
    pub transferred: Euros,
}

/// An order as the caller may see it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OrderView {
    /// Its identifier.
    pub id: OrderId,
    /// The reference that people quote.
    pub reference: String,
    /// Where it stands.
    pub state: OrderState,
    /// The same in French.
    pub state_label: String,
    /// What happened to the card.
    pub payment: CardStatus,
    /// Where the money is and what happens next, in a sentence for the reader.
    pub money_now: String,
    /// With whom the contracts are made.
    pub professional: ProfessionalId,
    /// Its name.
    pub professional_name: String,
    /// The offer.
    pub offer: OfferId,
    /// Its title.
    pub offer_title: String,
    /// The activity.
    pub activity: Activity,
    /// How many agents each mission wants.
    pub agents: u16,
    /// By whose clocks hours are told.
    pub zone: ZoneView,
    /// Where, without the street.
    pub place: PlaceView,
    /// What the professional must know.
    pub context: MissionContext,
    /// Address and contact: for the client always, for the professional once something is accepted.
    pub coordinates: Option<CoordinatesView>,
    /// Every mission, in the order of their start.
    pub missions: Vec<OrderMissionView>,
    /// What was authorised, or is to be.
    pub total: Euros,
    /// What is debited: the missions that were accepted.
    pub accepted_total: Euros,
    /// What comes to the professional of all that may still take place, before later reductions.
    pub professional_total: Euros,
    /// What was given back so far.
    pub refunded: Euros,
    /// What was paid out so far.
    pub transferred: Euros,
    /// The conditions of sale that were accepted.
    pub conditions_of_sale: DocumentId,
    /// The cancellation policy that was ordered under.
    pub cancellation_policy: CancellationPolicy,
    /// The same in French.
    pub cancellation_label: &'static str,
    /// Until when agents are held while the client pays.
    pub hold_until: Option<Timestamp>,
    /// When the request reached the professional.
    pub requested_at: Option<Timestamp>,
    /// The last moment to answer.
    pub respond_by: Option<Timestamp>,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// The professional's advice.
    pub advice: Option<String>,
    /// Why dates were not taken.
    pub refusal_reason: Option<String>,
}

/// An order in a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OrderSummary {
    /// Its identifier.
    pub id: OrderId,
    /// The reference that people quote.
    pub reference: String,
    /// Where it stands.
    pub state: OrderState,
    /// The same in French.
    pub state_label: String,
    /// With whom.
    pub professional_name: String,
    /// The offer's title.
    pub offer_title: String,
    /// The town.
    pub town: String,
    /// By whose clocks hours are told.
    pub zone: ZoneView,
    /// When its first mission starts.
    pub first_start: Option<Timestamp>,
    /// When its last mission starts: the day that people call it by.
    pub last_start: Option<Timestamp>,
    /// When its last mission ends.
    pub last_end: Option<Timestamp>,
    /// How many missions were ordered.
    pub missions: usize,
    /// How many were accepted.
    pub accepted: usize,
    /// What was authorised.
    pub total: Euros,
    /// What is debited.
    pub accepted_total: Euros,
    /// The last moment to answer.
    pub respond_by: Option<Timestamp>,
}

/// An order in a client's list.
pub(crate) fn summary(order: &Order) -> OrderSummary {
    OrderSummary {
        id: order.id.clone(),
        reference: order.reference.clone(),
        state: order.state,
        state_label: state_label(order),
        professional_name: order.professional_name.clone(),
        offer_title: order.offer_title.clone(),
        town: order.place.town.clone(),
        zone: order.zone().view(),
        first_start: order.first_start(),
        last_start: order.last_start(),
        last_end: order.last_end(),
        missions: order.dates_asked(),
        accepted: order.accepted().count(),
        total: order.total(),
        accepted_total: order.accepted_total(),
        respond_by: order.respond_by,
    }
}

/// An order in a professional's list: the town without coordinates that were written into it.
pub(crate) fn summary_for_professional(order: &Order) -> OrderSummary {
    OrderSummary {
        town: order.shown_before_contract(&order.place.town),
        ..summary(order)
    }
}

/// What the client sees, with the bookings that were opened so far.
pub(crate) fn order_for_client(order: &Order, bookings: &[Booking], now: Timestamp) -> OrderView {
    OrderView {
        coordinates: Some(coordinates(order)),
        ..common(order, bookings, BookingParty::Client, now)
    }
}

/// What the professional sees: coordinates while one of the missions shares them, never before something is
/// accepted.
pub(crate) fn order_for_professional(
    order: &Order,
    bookings: &[Booking],
    now: Timestamp,
) -> OrderView {
    let shown = common(order, bookings, BookingParty::Professional, now);
    let mut bookings = bookings.iter();
    let shared = bookings
        .clone()
        .any(|booking| booking.shares_coordinates(now));
    let stands = bookings.any(|booking| booking.state.contract_concluded());
    let context = if stands {
        order.context.clone()
    } else {
        order.masked_context()
    };
    OrderView {
        place: PlaceView {
            town: order.shown_before_contract(&order.place.town),
            ..shown.place
        },
        context,
        coordinates: shared.then(|| coordinates(order)),
        ..shown
    }
}

fn coordinates(order: &Order) -> CoordinatesView {
    CoordinatesView {
        contact: order.contact.clone(),
        address: order.place.address.clone(),
    }
}

fn common(order: &Order, bookings: &[Booking], reader: BookingParty, now: Timestamp) -> OrderView {
    let of = |mission: &OrderedMission| bookings.iter().find(|one| one.id == mission.booking);
    let missions = order.missions.iter();
    let moved = |part: fn(&Booking) -> Euros| {
        Euros::from_cents(bookings.iter().map(|booking| part(booking).cents()).sum())
    };
    let place = &order.place;
    OrderView {
        id: order.id.clone(),
        reference: order.reference.clone(),
        state: order.state,
        state_label: state_label(order),
        payment: order.payment.card,
        money_now: unbroken(&order.money_now(reader)),
        professional: order.professional.clone(),
        professional_name: order.professional_name.clone(),
        offer: order.offer.clone(),
        offer_title: order.offer_title.clone(),
        activity: order.activity,
        agents: order.agents,
        zone: order.zone().view(),
        place: PlaceView {
            postal_code: place.postal_code.as_str().to_owned(),
            town: place.town.clone(),
            department: place.department.code().to_owned(),
        },
        context: order.context.clone(),
        coordinates: None,
        missions: missions.map(|one| mission_view(one, of(one))).collect(),
        total: order.total(),
        accepted_total: order.accepted_total(),
        professional_total: order.professional_total(),
        refunded: moved(|booking| booking.money().refunded),
        transferred: moved(|booking| booking.money().transferred),
        conditions_of_sale: order.acknowledgements.conditions_of_sale.clone(),
        cancellation_policy: order.cancellation,
        cancellation_label: order.cancellation.sentence(),
        hold_until: (order.state == OrderState::AwaitingPayment && now < order.hold_until)
            .then_some(order.hold_until),
        requested_at: order.requested_at,
        respond_by: order.respond_by,
        answered_at: order.answered_at,
        advice: order.advice.clone(),
        refusal_reason: order.refusal_reason.clone(),
    }
}

/// Where the order stands: how many of its dates were taken, when not all were.
fn state_label(order: &Order) -> String {
    let (accepted, all) = (order.accepted().count(), order.dates_asked());
    match order.state {
        OrderState::Answered if accepted == 1 && all > 1 => format!("Acceptée : 1 date sur {all}"),
        OrderState::Answered if accepted < all => format!("Acceptée : {accepted} dates sur {all}"),
        OrderState::AwaitingPayment
        | OrderState::Requested
        | OrderState::Answered
        | OrderState::Refused
        | OrderState::Expired
        | OrderState::Cancelled
        | OrderState::Abandoned
        | OrderState::PaymentFailed => order.state.label().to_owned(),
    }
}

fn mission_view(mission: &OrderedMission, booking: Option<&Booking>) -> OrderMissionView {
    let money = booking.map(Booking::money);
    let due = match mission.answer {
        MissionAnswer::Waiting | MissionAnswer::Accepted => mission.price.professional_total,
        MissionAnswer::Refused | MissionAnswer::Cancelled | MissionAnswer::Lapsed => Euros::ZERO,
    };
    OrderMissionView {
        booking: mission.booking.clone(),
        start: mission.interval.start(),
        end: mission.interval.end(),
        answer: mission.answer,
        state: booking.map(|booking| booking.state),
        state_label: booking.map_or(mission.answer.label(), Booking::state_label),
        total: mission.price.total,
        professional_share: booking.map_or(due, Booking::professional_share),
        refunded: money.map_or(Euros::ZERO, |money| money.refunded),
        transferred: money.map_or(Euros::ZERO, |money| money.transferred),
    }
}
