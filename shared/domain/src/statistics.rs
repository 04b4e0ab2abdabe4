//! What a professional's page, requests, missions and reviews add up to, month by month (terms,
//! article 2.1). Counted from what is stored, each time it is asked for: nothing here is kept.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::booking::{Booking, BookingState};
use crate::money::Euros;
use crate::review::{Review, ReviewStatus};
use crate::time::paris;

/// The longest period that is counted at once.
pub const MOST_MONTHS: usize = 24;

/// The period that is counted when none is asked for.
const USUAL_MONTHS: usize = 6;

/// How long before a period a booking may have been requested and still have a mission, a payment or
/// a cancellation in it: missions end at most 75 days after their order, and Stripe keeps money for
/// at most 90 days.
pub const LOOKED_BACK_DAYS: i32 = 180;

/// A calendar month, Paris time: `2026-11`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("pattern" = "^2[01][0-9]{2}-(0[1-9]|1[0-2])$"))]
pub struct Month(Date);

/// The years of which figures may be asked: others have none, and not four digits on every side.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2199;

impl Month {
    /// Reads `2026-11`.
    pub fn parse(text: &str) -> Result<Self, StatisticsRefused> {
        let well_formed = text.len() == 7 && text.as_bytes().get(4) == Some(&b'-');
        if !well_formed {
            return Err(StatisticsRefused::Month);
        }
        let first: Date = format!("{text}-01")
            .parse()
            .map_err(|_| StatisticsRefused::Month)?;
        if YEARS.contains(&first.year()) {
            Ok(Self(first))
        } else {
            Err(StatisticsRefused::Month)
        }
    }

    /// The month that a day is in.
    pub fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// The month that a moment is in.
    pub fn at(moment: Timestamp) -> Self {
        Self::of(paris::local_date(moment))
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        self.0
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        self.0.last_of_month()
    }

    /// The month so many months before; the first of which figures may be asked at the earliest.
    pub fn before(self, months: usize) -> Self {
        (0..months).fold(self, |month, _| {
            let before = month.first_day().yesterday().ok();
            let before = before.filter(|day| YEARS.contains(&day.year()));
            before.map_or(month, Self::of)
        })
    }

    /// The month after; the last one that the calendar can write is followed by itself.
    pub fn next(self) -> Self {
        self.last_day().tomorrow().map_or(self, Self::of)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl TryFrom<String> for Month {
    type Error = StatisticsRefused;
    fn try_from(text: String) -> Result<Self, StatisticsRefused> {
        Self::parse(&text)
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

/// Why figures are not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StatisticsRefused {
    /// Not a month.
    #[error("Indiquez un mois, comme 2026-11.")]
    Month,
    /// The end is before the beginning.
    #[error("Le dernier mois doit suivre le premier.")]
    Order,
    /// More than two years.
    #[error("La période compte 24 mois au plus.")]
    TooLong,
}

impl StatisticsRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Month => "month_invalid",
            Self::Order => "period_reversed",
            Self::TooLong => "period_too_long",
        }
    }
}

/// Whole months, from the first to the last: one at least, 24 at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    first: Month,
    last: Month,
}

impl Period {
    /// From `first` to `last`, both included: to the present month, and from five months before the
    /// last, where nothing is asked for.
    pub fn asked(
        first: Option<Month>,
        last: Option<Month>,
        now: Timestamp,
    ) -> Result<Self, StatisticsRefused> {
        let last = last.unwrap_or_else(|| Month::at(now));
        Self::new(first.unwrap_or_else(|| last.before(USUAL_MONTHS - 1)), last)
    }

    /// From `first` to `last`, both included.
    pub fn new(first: Month, last: Month) -> Result<Self, StatisticsRefused> {
        if last < first {
            return Err(StatisticsRefused::Order);
        }
        let period = Self { first, last };
        let most = period.months().nth(MOST_MONTHS);
        most.map_or(Ok(period), |_| Err(StatisticsRefused::TooLong))
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        self.first.first_day()
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        self.last.last_day()
    }

    /// Every month of it, oldest first.
    pub fn months(self) -> impl Iterator<Item = Month> {
        let next = move |month: &Month| Some(month.next()).filter(|next| *next > *month);
        std::iter::successors(Some(self.first), next).take_while(move |month| *month <= self.last)
    }
}

/// What is counted of a month, or of several.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// How often the page was opened.
    pub views: u64,
    /// Requests received. Their answers count with them, whenever they came.
    pub requests: u32,
    /// Requests accepted.
    pub accepted: u32,
    /// Requests refused.
    pub refused: u32,
    /// Requests that nobody answered in time.
    pub expired: u32,
    /// Minutes that all answers, either way, took together.
    pub answer_minutes: u64,
    /// Accepted missions that the professional gave up, or that fell for want of a title.
    pub cancellations: u32,
    /// Missions that took place, by the day they ended.
    pub missions: u32,
    /// What the agents of those missions worked together, in minutes.
    pub agent_minutes: u64,
    /// Paid to the professional, reversals taken off, by the day of the transfer.
    pub revenue: Euros,
    /// Sum of the marks of the reviews published.
    pub ratings_sum: u32,
    /// How many reviews were published.
    pub ratings: u32,
}

impl Figures {
    /// Of the requests that were answered or expired, how many in a hundred were accepted; nothing
    /// when there was none. What the client took back before the answer says nothing of it.
    pub fn acceptance_percent(&self) -> Option<u32> {
        let closed = self.answered().saturating_add(self.expired);
        let rounded = u64::from(self.accepted) * 200 + u64::from(closed);
        let percent = rounded.checked_div(u64::from(closed) * 2)?;
        u32::try_from(percent).ok()
    }

    /// The mean time of an answer, in minutes.
    pub fn mean_answer_minutes(&self) -> Option<u64> {
        self.answer_minutes.checked_div(u64::from(self.answered()))
    }

    /// The mean of the marks in tenths, such as 46 for 4.6 out of 5.
    pub fn rating_tenths(&self) -> Option<u32> {
        let count = u64::from(self.ratings);
        let rounded = u64::from(self.ratings_sum) * 20 + count;
        u32::try_from(rounded.checked_div(count * 2)?).ok()
    }

    fn answered(&self) -> u32 {
        self.accepted.saturating_add(self.refused)
    }

    /// These and those together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            views: self.views.saturating_add(other.views),
            requests: self.requests.saturating_add(other.requests),
            accepted: self.accepted.saturating_add(other.accepted),
            refused: self.refused.saturating_add(other.refused),
            expired: self.expired.saturating_add(other.expired),
            answer_minutes: self.answer_minutes.saturating_add(other.answer_minutes),
            cancellations: self.cancellations.saturating_add(other.cancellations),
            missions: self.missions.saturating_add(other.missions),
            agent_minutes: self.agent_minutes.saturating_add(other.agent_minutes),
            revenue: together(self.revenue, other.revenue),
            ratings_sum: self.ratings_sum.saturating_add(other.ratings_sum),
            ratings: self.ratings.saturating_add(other.ratings),
        }
    }

    fn of_request(booking: &Booking) -> Self {
        let refused = booking.state == BookingState::Refused;
        let answered_at = booking
            .accepted_at
            .or(booking.closed_at.filter(|_| refused));
        let minutes = booking
            .requested_at
            .zip(answered_at)
            .map_or(0, |(asked, answered)| {
                asked.duration_until(answered).as_mins()
            });
        Self {
            requests: 1,
            accepted: u32::from(booking.accepted_at.is_some()),
            refused: u32::from(refused),
            expired: u32::from(booking.state == BookingState::Expired),
            answer_minutes: u64::try_from(minutes).unwrap_or(0),
            ..Self::default()
        }
    }

    fn of_mission(booking: &Booking) -> Self {
        let minutes = u64::try_from(booking.mission.interval.minutes()).unwrap_or(0);
        Self {
            missions: 1,
            agent_minutes: minutes.saturating_mul(u64::from(booking.mission.agents)),
            ..Self::default()
        }
    }
}

fn together(one: Euros, other: Euros) -> Euros {
    Euros::from_cents(one.cents().saturating_add(other.cents()))
}

/// The figures of each month of `period`, oldest first. `views` are counts for days; bookings are
/// those that reached the professional, and nothing of other professionals may be among them.
pub fn by_month(
    period: Period,
    views: &[(Date, u64)],
    bookings: &[Booking],
    reviews: &[Review],
) -> Vec<(Month, Figures)> {
    let mut months: Vec<(Month, Figures)> = period
        .months()
        .map(|month| (month, Figures::default()))
        .collect();
    let counted = views
        .iter()
        .map(|(day, views)| {
            let figures = Figures {
                views: *views,
                ..Figures::default()
            };
            (Month::of(*day), figures)
        })
        .chain(bookings.iter().flat_map(of_booking))
        .chain(reviews.iter().filter_map(of_review));
    for (month, figures) in counted {
        if let Some((_, sum)) = months.iter_mut().find(|(known, _)| *known == month) {
            *sum = sum.and(figures);
        }
    }
    months
}

/// What a booking adds, and to which months.
fn of_booking(booking: &Booking) -> Vec<(Month, Figures)> {
    // A request that was never paid for did not reach the professional.
    let Some(requested_at) = booking.requested_at else {
        return Vec::new();
    };
    let mut counted = vec![(Month::at(requested_at), Figures::of_request(booking))];
    if took_place(booking.state) {
        let ended = Month::at(booking.mission.interval.end());
        counted.push((ended, Figures::of_mission(booking)));
    }
    if let (true, Some(at)) = (booking.was_let_fall(), booking.closed_at) {
        let cancelled = Figures {
            cancellations: 1,
            ..Figures::default()
        };
        counted.push((Month::at(at), cancelled));
    }
    counted.extend(booking.payment.transfers.iter().map(|transfer| {
        let kept = transfer.amount.cents() - transfer.reversed.cents();
        let revenue = Figures {
            revenue: Euros::from_cents(kept),
            ..Figures::default()
        };
        (Month::at(transfer.at), revenue)
    }));
    counted
}

fn took_place(state: BookingState) -> bool {
    match state {
        BookingState::Completed
        | BookingState::Validated
        | BookingState::UnderClaim
        | BookingState::Settled => true,
        BookingState::AwaitingPayment
        | BookingState::Requested
        | BookingState::Accepted
        | BookingState::Refused
        | BookingState::Expired
        | BookingState::Cancelled
        | BookingState::Abandoned
        | BookingState::CancelledByProfessional
        | BookingState::CancelledByPlatform
        | BookingState::Withdrawn
        | BookingState::PaymentFailed => false,
    }
}

/// A review counts in the month it was published; one that was taken down does not count.
fn of_review(review: &Review) -> Option<(Month, Figures)> {
    let published_at = review
        .published_at
        .filter(|_| review.status == ReviewStatus::Published)?;
    let figures = Figures {
        ratings: 1,
        ratings_sum: u32::from(review.text.rating.value()),
        ..Figures::default()
    };
    Some((Month::at(published_at), figures))
}

/// Whether a browser says that it is a program that reads pages by itself. Those that hide it are
/// counted as people.
pub fn is_robot(browser: &str) -> bool {
    let browser = browser.to_ascii_lowercase();
    browser.is_empty()
        || [
            "bot", "crawl", "spider", "slurp", "preview", "curl/", "wget", "python",
        ]
        .iter()
        .any(|sign| browser.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        Month::parse(text).unwrap()
    }

    fn period(first: &str, last: &str) -> Result<Period, StatisticsRefused> {
        Period::new(month(first), month(last))
    }

    #[test]
    fn without_a_period_the_last_six_months_in_paris_are_counted() {
        let now = "2026-10-31T23:30:00Z".parse().unwrap(); // November in Paris
        assert_eq!(Period::asked(None, None, now), period("2026-06", "2026-11"));
        let last = Some(month("2026-03"));
        assert_eq!(Period::asked(None, last, now), period("2025-10", "2026-03"));
        let first = Some(month("2026-09"));
        assert_eq!(
            Period::asked(first, None, now),
            period("2026-09", "2026-11")
        );
    }

    #[test]
    fn a_month_is_written_with_its_year_and_nothing_else_is_one() {
        assert_eq!(month("2026-02").last_day(), jiff::civil::date(2026, 2, 28));
        assert_eq!(month("2026-12").next().to_string(), "2027-01");
        assert_eq!(month("2026-02").before(3).to_string(), "2025-11");
        assert_eq!(month("2000-03").before(5).to_string(), "2000-01");
        for wrong in [
            "", "2026", "2026-13", "2026-00", "2026-1", "26-01", "2026-1é", "2026/01", "2026-011",
        ] {
            assert_eq!(
                Month::parse(wrong),
                Err(StatisticsRefused::Month),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_month_begins_and_ends_by_the_clocks_in_paris() {
        let at = |text: &str| Month::at(text.parse().unwrap()).to_string();
        assert_eq!(at("2026-10-31T22:59:59Z"), "2026-10");
        assert_eq!(at("2026-10-31T23:00:00Z"), "2026-11");
        assert_eq!(at("2026-06-30T22:00:00Z"), "2026-07");
    }

    #[test]
    fn a_period_has_from_one_to_twenty_four_months_in_order() {
        let all = period("2025-11", "2026-02").unwrap();
        let names: Vec<String> = all.months().map(|month| month.to_string()).collect();
        assert_eq!(names, ["2025-11", "2025-12", "2026-01", "2026-02"]);
        assert_eq!(period("2026-02", "2026-02").unwrap().months().count(), 1);
        assert_eq!(period("2025-01", "2026-12").unwrap().months().count(), 24);
        assert_eq!(
            period("2024-12", "2026-12"),
            Err(StatisticsRefused::TooLong)
        );
        assert_eq!(period("2026-02", "2026-01"), Err(StatisticsRefused::Order));
    }

    #[test]
    fn rates_and_means_are_rounded_and_nothing_has_none() {
        let figures = Figures {
            requests: 4,
            accepted: 2,
            refused: 0,
            expired: 1,
            answer_minutes: 61,
            ratings: 3,
            ratings_sum: 14,
            ..Figures::default()
        };
        assert_eq!(figures.acceptance_percent(), Some(67));
        assert_eq!(figures.mean_answer_minutes(), Some(30));
        assert_eq!(figures.rating_tenths(), Some(47));
        let none = Figures::default();
        assert_eq!(none.acceptance_percent(), None);
        assert_eq!(none.mean_answer_minutes(), None);
        assert_eq!(none.rating_tenths(), None);
    }

    #[test]
    fn programs_that_say_so_are_no_visitors() {
        for robot in [
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (compatible; YandexBot/3.0)",
            "curl/8.5",
            "",
        ] {
            assert!(is_robot(robot), "{robot}");
        }
        assert!(!is_robot(
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
        ));
    }
}
