//! A client asks several professionals what one mission would cost; each names a price, conditions and
//! until when it holds; one of them is ordered, at that price.
//!
//! Nothing is held and nothing is debited before an order. The mission is told to those who are asked
//! without its address, and without coordinates in what the client wrote (terms, article 22).

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::booking::{BookedMission, Delays, MissionContext};
use crate::conversation::masked;
use crate::event::Event;
use crate::ids::{AccountId, BookingId, OfferId, ProfessionalId, QuoteRequestId};
use crate::pricing::{Mission, PriceBreakdown};

/// How many professionals are asked at most.
pub const MOST_ASKED: usize = 5;
/// How many characters conditions have at most.
pub const LONGEST_CONDITIONS: usize = 500;
/// The longest validity that can be chosen, in hours: 30 days.
pub const LONGEST_VALIDITY: u16 = 30 * 24;

/// A quote is answered and chosen this long before the mission at the latest: as for an urgent order.
fn last_order(mission: &BookedMission, delays: &Delays) -> Timestamp {
    mission.interval.start() - delays.urgent_notice
}

/// Somebody must have this long to answer, and the client as long to choose.
const LEAST_TIME: SignedDuration = SignedDuration::from_hours(1);

/// What a professional named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotedPrice {
    /// The price in full, as an order of it freezes it.
    pub price: PriceBreakdown,
    /// Under which conditions, in the professional's words.
    pub conditions: String,
    /// Until when it can be ordered.
    pub valid_until: Timestamp,
    /// When it was named.
    pub at: Timestamp,
}

/// What came of one professional's being asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuoteReply {
    /// Nothing yet; nothing any more once the deadline has passed.
    Awaited,
    /// A price.
    Quoted(Box<QuotedPrice>),
    /// Not this mission.
    Declined {
        /// When.
        at: Timestamp,
    },
}

/// One of those who are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedProfessional {
    /// Who.
    pub professional: ProfessionalId,
    /// Their name when they were asked.
    pub name: String,
    /// Under which of their offers.
    pub offer: OfferId,
    /// Its title when they were asked.
    pub offer_title: String,
    /// What they answered.
    pub reply: QuoteReply,
}

impl AskedProfessional {
    /// The price that was named.
    pub fn quoted(&self) -> Option<&QuotedPrice> {
        match &self.reply {
            QuoteReply::Quoted(quoted) => Some(quoted),
            QuoteReply::Awaited | QuoteReply::Declined { .. } => None,
        }
    }
}

/// Where a request for quotes stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuoteRequestState {
    /// Quotes come in, or can be chosen.
    Open,
    /// One was ordered and its card authorised.
    Ordered {
        /// The booking.
        booking: BookingId,
        /// Whose quote.
        professional: ProfessionalId,
        /// When.
        at: Timestamp,
    },
    /// The client gave it up.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// Nobody answered, or no quote was ordered while one was valid.
    Ended {
        /// When.
        at: Timestamp,
    },
}

/// A reminder that is sent at most once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuoteReminder {
    /// Those who have not answered.
    ToAnswer,
    /// The client, who has not chosen.
    ToChoose,
}

/// What somebody is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuoteStep {
    /// A professional is asked.
    Asked,
    /// A professional has not answered yet.
    AnswerDue,
    /// A professional named a price: for the client.
    Quoted,
    /// Quotes end soon: for the client.
    ChoiceDue,
    /// Nobody named a price: for the client.
    Unanswered,
    /// Another quote was ordered, or none: for a professional who had answered.
    NotChosen,
}

/// A request for quotes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteRequest {
    /// Its identifier.
    pub id: QuoteRequestId,
    /// Who asks.
    pub client: AccountId,
    /// What is to be done. The address stays here until a contract is concluded.
    pub mission: BookedMission,
    /// When it was asked.
    pub created_at: Timestamp,
    /// Until when it can be answered.
    pub answer_by: Timestamp,
    /// Who is asked, in the order of the client's choice.
    pub asked: Vec<AskedProfessional>,
    /// Where it stands.
    pub state: QuoteRequestState,
    /// Reminders that were sent.
    pub reminded: Vec<QuoteReminder>,
}

/// Why something about quotes is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum QuoteRefused {
    /// Nobody, or too many.
    #[error("Choisissez de 1 à 5 professionnels.")]
    NumberAsked,
    /// Two offers of one professional.
    #[error("Chaque professionnel n’est interrogé qu’une fois.")]
    AskedTwice,
    /// The mission begins too soon to wait for quotes.
    #[error(
        "La mission commence trop tôt pour attendre des devis : réservez directement un professionnel disponible."
    )]
    TooSoon,
    /// It is over: ordered, withdrawn or ended.
    #[error("Cette demande de devis est close.")]
    Closed,
    /// The deadline for answers has passed.
    #[error("Le délai de réponse est dépassé : cette demande de devis n’attend plus de réponse.")]
    AnsweredTooLate,
    /// This professional has answered already.
    #[error("Vous avez déjà répondu à cette demande de devis.")]
    AnsweredAlready,
    /// Conditions that nobody would read.
    #[error("Les conditions comptent 500 caractères au plus.")]
    Conditions,
    /// No validity, or one of more than 30 days.
    #[error("La validité va de 1 heure à 30 jours.")]
    Validity,
    /// This professional has named no price.
    #[error("Ce professionnel n’a pas proposé de prix pour cette demande.")]
    NotQuoted,
    /// The quote is not valid any more.
    #[error("Ce devis n’est plus valable : choisissez-en un autre ou faites une nouvelle demande.")]
    QuoteEnded,
    /// Another mission is ordered than the one that was quoted.
    #[error(
        "Ce devis vaut pour la mission décrite dans votre demande : elle ne se change plus à la commande."
    )]
    AnotherMission,
    /// This quote is ordered, and its card is not authorised or not taken note of yet.
    #[error(
        "Ce devis est déjà commandé et attend votre paiement : reprenez-le depuis votre demande de devis."
    )]
    BeingPaid,
    /// Another quote of the same request is paid for.
    #[error("Vous avez déjà commandé un devis de cette demande.")]
    OrderedAlready,
}

impl QuoteRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::NumberAsked => "quote_number_asked",
            Self::AskedTwice => "quote_asked_twice",
            Self::TooSoon => "quote_mission_too_soon",
            Self::Closed => "quote_request_closed",
            Self::AnsweredTooLate => "quote_answered_too_late",
            Self::AnsweredAlready => "quote_answered_already",
            Self::Conditions => "quote_conditions_too_long",
            Self::Validity => "quote_validity_invalid",
            Self::NotQuoted => "quote_not_given",
            Self::QuoteEnded => "quote_ended",
            Self::AnotherMission => "quote_for_another_mission",
            Self::BeingPaid => "quote_being_paid",
            Self::OrderedAlready => "quote_request_ordered",
        }
    }
}

/// A request as it becomes, and what is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteMove {
    /// The request.
    pub request: QuoteRequest,
    /// What happened.
    pub events: Vec<Event>,
}

/// Until when a request made at `now` can be answered: two days, or half of the time until the last
/// order, whichever is shorter, so that the client has as long to choose.
///
/// # Errors
/// When that would be less than an hour.
pub fn answer_by(
    mission: &BookedMission,
    delays: &Delays,
    now: Timestamp,
) -> Result<Timestamp, QuoteRefused> {
    let left = last_order(mission, delays).duration_since(now);
    let half = left.as_mins() / 2;
    if half < LEAST_TIME.as_mins() {
        return Err(QuoteRefused::TooSoon);
    }
    Ok(now + SignedDuration::from_mins(half).min(delays.answer))
}

impl QuoteRequest {
    /// Asks. Whether each of them can take the mission is seen before.
    ///
    /// # Errors
    /// When nobody, too many or somebody twice is asked, or the mission begins too soon.
    pub fn ask(
        id: QuoteRequestId,
        client: AccountId,
        mission: BookedMission,
        asked: Vec<AskedProfessional>,
        delays: &Delays,
        now: Timestamp,
    ) -> Result<QuoteMove, QuoteRefused> {
        if !(1..=MOST_ASKED).contains(&asked.len()) {
            return Err(QuoteRefused::NumberAsked);
        }
        let twice = |(at, one): (usize, &AskedProfessional)| {
            let mut others = asked.iter().skip(at + 1);
            others.any(|other| other.professional == one.professional)
        };
        if asked.iter().enumerate().any(twice) {
            return Err(QuoteRefused::AskedTwice);
        }
        let answer_by = answer_by(&mission, delays, now)?;
        let request = Self {
            id,
            client,
            mission,
            created_at: now,
            answer_by,
            asked,
            state: QuoteRequestState::Open,
            reminded: Vec::new(),
        };
        let told = request.asked.iter().map(|one| &one.professional);
        let events = told.map(|who| request.tell(Some(who), QuoteStep::Asked));
        Ok(QuoteMove {
            events: events.collect(),
            request,
        })
    }

    fn tell(&self, professional: Option<&ProfessionalId>, step: QuoteStep) -> Event {
        Event::QuotesMoved {
            request: self.id.clone(),
            professional: professional.cloned(),
            step,
        }
    }

    /// The mission as it is priced.
    pub fn priced(&self) -> Mission {
        Mission {
            interval: self.mission.interval,
            agents: self.mission.agents,
            department: self.mission.place.department,
        }
    }

    /// The town, as those who are asked may read it.
    pub fn town_before_contract(&self) -> String {
        masked(&self.mission.place.town).text
    }

    /// What the client says of the mission, as those who are asked may read it.
    pub fn context_before_contract(&self) -> MissionContext {
        let context = &self.mission.context;
        MissionContext {
            site: masked(&context.site).text,
            risks: masked(&context.risks).text,
            instructions: masked(&context.instructions).text,
            ..*context
        }
    }

    /// What was asked of one of those who are asked.
    pub fn of(&self, professional: &ProfessionalId) -> Option<&AskedProfessional> {
        let mut asked = self.asked.iter();
        asked.find(|one| one.professional == *professional)
    }

    fn of_mut(&mut self, professional: &ProfessionalId) -> Option<&mut AskedProfessional> {
        let mut asked = self.asked.iter_mut();
        asked.find(|one| one.professional == *professional)
    }

    fn check_open(&self) -> Result<(), QuoteRefused> {
        match self.state {
            QuoteRequestState::Open => Ok(()),
            QuoteRequestState::Ordered { .. }
            | QuoteRequestState::Withdrawn { .. }
            | QuoteRequestState::Ended { .. } => Err(QuoteRefused::Closed),
        }
    }

    /// Whether this professional may still answer.
    ///
    /// # Errors
    /// When the request is over, its deadline has passed, or they answered already.
    pub fn check_answerable(
        &self,
        professional: &ProfessionalId,
        now: Timestamp,
    ) -> Result<(), QuoteRefused> {
        let asked = self.of(professional).ok_or(QuoteRefused::NotQuoted)?;
        if asked.reply != QuoteReply::Awaited {
            return Err(QuoteRefused::AnsweredAlready);
        }
        self.check_open()?;
        if now >= self.answer_by {
            return Err(QuoteRefused::AnsweredTooLate);
        }
        Ok(())
    }

    /// Until when a price named now would hold for so many hours: never longer than it can be ordered.
    pub fn valid_until(&self, hours: u16, delays: &Delays, now: Timestamp) -> Timestamp {
        let chosen = now + SignedDuration::from_hours(i64::from(hours));
        chosen.min(last_order(&self.mission, delays))
    }

    /// A professional names a price. The client is told.
    ///
    /// # Errors
    /// When it cannot be answered any more, or conditions or validity are out of range.
    pub fn quote(
        &self,
        professional: &ProfessionalId,
        price: PriceBreakdown,
        conditions: &str,
        hours: u16,
        delays: &Delays,
        now: Timestamp,
    ) -> Result<QuoteMove, QuoteRefused> {
        self.check_answerable(professional, now)?;
        let conditions = conditions.trim();
        if conditions.chars().count() > LONGEST_CONDITIONS {
            return Err(QuoteRefused::Conditions);
        }
        if !(1..=LONGEST_VALIDITY).contains(&hours) {
            return Err(QuoteRefused::Validity);
        }
        let reply = QuoteReply::Quoted(Box::new(QuotedPrice {
            price,
            conditions: conditions.to_owned(),
            valid_until: self.valid_until(hours, delays, now),
            at: now,
        }));
        let request = self.replied(professional, reply);
        let events = vec![request.tell(Some(professional), QuoteStep::Quoted)];
        Ok(QuoteMove { request, events })
    }

    /// A professional does not want the mission. When nobody is left who could answer, it is over.
    ///
    /// # Errors
    /// When it cannot be answered any more.
    pub fn decline(
        &self,
        professional: &ProfessionalId,
        now: Timestamp,
    ) -> Result<QuoteMove, QuoteRefused> {
        self.check_answerable(professional, now)?;
        let declined = |one: &AskedProfessional| matches!(one.reply, QuoteReply::Declined { .. });
        let request = self.replied(professional, QuoteReply::Declined { at: now });
        if request.asked.iter().all(declined) {
            return Ok(request.ended_unanswered(now));
        }
        Ok(QuoteMove {
            request,
            events: Vec::new(),
        })
    }

    fn replied(&self, professional: &ProfessionalId, reply: QuoteReply) -> Self {
        let mut next = self.clone();
        if let Some(asked) = next.of_mut(professional) {
            asked.reply = reply;
        }
        next
    }

    fn ended_unanswered(mut self, now: Timestamp) -> QuoteMove {
        self.state = QuoteRequestState::Ended { at: now };
        QuoteMove {
            events: vec![self.tell(None, QuoteStep::Unanswered)],
            request: self,
        }
    }

    /// The price at which this professional's quote is ordered now.
    ///
    /// # Errors
    /// When the request is over, or this quote was not given or has ended.
    pub fn orderable(
        &self,
        professional: &ProfessionalId,
        now: Timestamp,
    ) -> Result<&QuotedPrice, QuoteRefused> {
        if let QuoteRequestState::Ordered { .. } = self.state {
            return Err(QuoteRefused::OrderedAlready);
        }
        let quoted = self.of(professional).and_then(AskedProfessional::quoted);
        let quoted = quoted.ok_or(QuoteRefused::NotQuoted)?;
        if now >= quoted.valid_until {
            return Err(QuoteRefused::QuoteEnded);
        }
        self.check_open()?;
        Ok(quoted)
    }

    /// An order of one quote is paid for: those who answered and were not chosen are told.
    ///
    /// # Errors
    /// When another order was before it, or the request is over.
    pub fn order(
        &self,
        booking: &BookingId,
        professional: &ProfessionalId,
        now: Timestamp,
    ) -> Result<QuoteMove, QuoteRefused> {
        if let QuoteRequestState::Ordered { .. } = self.state {
            return Err(QuoteRefused::OrderedAlready);
        }
        self.check_open()?;
        let mut request = self.clone();
        request.state = QuoteRequestState::Ordered {
            booking: booking.clone(),
            professional: professional.clone(),
            at: now,
        };
        let events = request.not_chosen();
        Ok(QuoteMove { request, events })
    }

    /// The client gives it up: those who answered are told.
    ///
    /// # Errors
    /// When it is over already.
    pub fn withdraw(&self, now: Timestamp) -> Result<QuoteMove, QuoteRefused> {
        self.check_open()?;
        let mut request = self.clone();
        request.state = QuoteRequestState::Withdrawn { at: now };
        let events = request.not_chosen();
        Ok(QuoteMove { request, events })
    }

    fn not_chosen(&self) -> Vec<Event> {
        let chosen = match &self.state {
            QuoteRequestState::Ordered { professional, .. } => Some(professional),
            QuoteRequestState::Open
            | QuoteRequestState::Withdrawn { .. }
            | QuoteRequestState::Ended { .. } => None,
        };
        let others = self.asked.iter().filter(|one| one.quoted().is_some());
        let others = others.map(|one| &one.professional);
        others
            .filter(|one| Some(*one) != chosen)
            .map(|one| self.tell(Some(one), QuoteStep::NotChosen))
            .collect()
    }

    /// The last moment at which a quote that was given can be ordered.
    pub fn last_valid(&self) -> Option<Timestamp> {
        let quoted = self.asked.iter().filter_map(AskedProfessional::quoted);
        quoted.map(|quoted| quoted.valid_until).max()
    }

    /// When those who have not answered are reminded: when a quarter of the time is left.
    fn remind_to_answer_at(&self) -> Timestamp {
        let time = self.answer_by.duration_since(self.created_at);
        self.answer_by - SignedDuration::from_mins(time.as_mins() / 4)
    }

    /// When the client is reminded: when a quarter of the time since the last quote is left, at most a day.
    fn remind_to_choose_at(&self) -> Option<Timestamp> {
        let last = self.last_valid()?;
        let quoted = self.asked.iter().filter_map(AskedProfessional::quoted);
        let since = quoted.map(|quoted| quoted.at).max()?;
        let quarter = last.duration_since(since).as_mins() / 4;
        Some(last - SignedDuration::from_mins(quarter.min(24 * 60)))
    }

    fn awaited(&self) -> impl Iterator<Item = &AskedProfessional> {
        let awaited = |one: &&AskedProfessional| one.reply == QuoteReply::Awaited;
        self.asked.iter().filter(awaited)
    }

    /// When it is over by itself: once no answer can come and no quote is valid.
    fn ends_at(&self) -> Timestamp {
        let answers = if self.awaited().next().is_some() {
            self.answer_by
        } else {
            Timestamp::MIN
        };
        self.last_valid().map_or(answers, |last| last.max(answers))
    }

    /// When something is due on it by itself.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.check_open().ok()?;
        let unsent = |reminder| !self.reminded.contains(&reminder);
        let to_answer = (unsent(QuoteReminder::ToAnswer) && self.awaited().next().is_some())
            .then(|| self.remind_to_answer_at());
        let to_choose = self
            .remind_to_choose_at()
            .filter(|_| unsent(QuoteReminder::ToChoose));
        [to_answer, to_choose, Some(self.ends_at())]
            .into_iter()
            .flatten()
            .min()
    }

    /// Does everything that is due at `now`; nothing when nothing is. Late or twice does no harm.
    pub fn do_what_is_due(&self, now: Timestamp) -> Option<QuoteMove> {
        if self.next_due().is_none_or(|due| now < due) {
            return None;
        }
        if now >= self.ends_at() {
            let mut request = self.clone();
            if request.last_valid().is_none() {
                return Some(request.ended_unanswered(now));
            }
            request.state = QuoteRequestState::Ended { at: now };
            let events = request.not_chosen();
            return Some(QuoteMove { request, events });
        }
        let mut request = self.clone();
        let mut events = Vec::new();
        let unsent = |reminder| !self.reminded.contains(&reminder);
        let (ask, choose) = (QuoteReminder::ToAnswer, QuoteReminder::ToChoose);
        if unsent(ask) && now >= self.remind_to_answer_at() {
            request.reminded.push(ask);
            let late = now >= self.answer_by;
            let awaited = self.awaited().filter(|_| !late);
            let due = awaited.map(|one| self.tell(Some(&one.professional), QuoteStep::AnswerDue));
            events.extend(due);
        }
        if unsent(choose) && self.remind_to_choose_at().is_some_and(|at| now >= at) {
            request.reminded.push(choose);
            events.push(self.tell(None, QuoteStep::ChoiceDue));
        }
        Some(QuoteMove { request, events })
    }
}

#[cfg(test)]
mod tests;
