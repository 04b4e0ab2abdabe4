//! Titles that a mission needs and that its professional will not have on one of its days: withdrawn,
//! suspended or cancelled meanwhile, or not renewed. Both parties are told of each once; the operator
//! sees what is still open; what is not covered in time is cancelled by the platform.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Booking, BookingState};
use crate::ids::DocumentId;
use crate::professional::{Gap, Professional};

/// How long before its start a mission that lacks a title is cancelled.
pub const CANCELLED_BEFORE_START: SignedDuration = SignedDuration::from_hours(24);

/// That a title ends before the mission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleAlert {
    /// Which.
    pub document: DocumentId,
    /// Its last day.
    pub ends_on: Date,
    /// When it was noticed, and the client told.
    pub told_at: Timestamp,
    /// When another title took its place, if one did.
    pub lifted_at: Option<Timestamp>,
}

impl Booking {
    /// The first local day of its mission: the one on which titles are named to people.
    pub fn first_day(&self) -> Date {
        self.mission
            .zone()
            .local_date(self.mission.interval.start())
    }

    /// What the mission needs and its professional does not have on one of its days.
    pub fn title_gaps(&self, professional: &Professional) -> Vec<Gap> {
        let mission = &self.mission;
        professional.gaps(
            mission.activity,
            mission.interval,
            mission.zone(),
            &self.agents,
        )
    }

    /// Whether the mission lacks a title, as far as was noticed, while that still changes something: it
    /// is asked for, to come, under way, or not paid out.
    pub fn lacks_title(&self) -> bool {
        let mut alerts = self.title_alerts.iter();
        self.state.is_watched_for_titles() && alerts.any(|alert| alert.lifted_at.is_none())
    }

    /// When the platform cancels the mission unless a title takes the place of the one that it lacks.
    pub fn cancelled_without_title_at(&self) -> Timestamp {
        self.mission.interval.start() - CANCELLED_BEFORE_START
    }

    /// Compares what the mission needs with what its professional has now, and writes the difference
    /// down: `None` when nothing changed, else the titles that both are to be told of. However often it
    /// is asked, a title is told of once.
    pub fn watch_titles(
        &mut self,
        professional: &Professional,
        now: Timestamp,
    ) -> Option<Vec<DocumentId>> {
        if !self.state.is_watched_for_titles() {
            return None;
        }
        let gaps = self.title_gaps(professional);
        let missing = |document: &DocumentId| {
            let mut gaps = gaps.iter();
            gaps.any(|gap| gap.document.as_ref() == Some(document))
        };
        let before = self.title_alerts.clone();
        for alert in &mut self.title_alerts {
            alert.lifted_at = match (missing(&alert.document), alert.lifted_at) {
                (true, _) => None,
                (false, Some(at)) => Some(at),
                (false, None) => Some(now),
            };
        }
        let known = |document: &DocumentId| before.iter().any(|one| one.document == *document);
        let ended = gaps.iter().filter_map(|gap| {
            let document = professional.document(gap.document.as_ref()?)?;
            // One that lasts on, and does not carry the activity any more, counts no longer than this.
            let last = document.expires_on()?.min(gap.from.yesterday().ok()?);
            Some((document.id.clone(), last))
        });
        let new: Vec<(DocumentId, Date)> = ended.filter(|(id, _)| !known(id)).collect();
        let told = new.iter().map(|(id, _)| id.clone()).collect();
        self.title_alerts
            .extend(new.into_iter().map(|(document, ends_on)| TitleAlert {
                document,
                ends_on,
                told_at: now,
                lifted_at: None,
            }));
        (self.title_alerts != before).then_some(told)
    }

    /// Whether the platform must cancel the mission now: less than a day before its start, or after it,
    /// it still lacks a title.
    pub fn is_to_be_cancelled_for_titles(
        &self,
        professional: &Professional,
        now: Timestamp,
    ) -> bool {
        self.state == BookingState::Accepted
            && now >= self.cancelled_without_title_at()
            && now < self.mission.interval.end()
            && !self.title_gaps(professional).is_empty()
    }
}

impl BookingState {
    /// Whether a title that is missing still changes something in this state.
    fn is_watched_for_titles(self) -> bool {
        match self {
            Self::Requested
            | Self::Accepted
            | Self::Completed
            | Self::UnderClaim
            | Self::Validated => true,
            Self::AwaitingPayment
            | Self::Refused
            | Self::Expired
            | Self::Cancelled
            | Self::Abandoned
            | Self::CancelledByProfessional
            | Self::CancelledByPlatform
            | Self::Withdrawn
            | Self::Settled
            | Self::PaymentFailed => false,
        }
    }
}
