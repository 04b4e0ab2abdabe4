//! Titles that end before a mission that was accepted under them: withdrawn, suspended or cancelled
//! meanwhile. The client is told of each once; the operator sees what is still open.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Booking, BookingState};
use crate::ids::DocumentId;
use crate::professional::{EndingTitle, Professional};

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
    /// Whether the mission is still to come and lacks a title.
    pub fn lacks_title(&self) -> bool {
        self.state == BookingState::Accepted
            && self
                .title_alerts
                .iter()
                .any(|alert| alert.lifted_at.is_none())
    }

    /// Compares what the mission needs with what its professional has now, and writes the difference
    /// down: `None` when nothing changed, else the titles that the client is to be told of. However
    /// often it is asked, a title is told of once.
    pub fn watch_titles(
        &mut self,
        professional: &Professional,
        now: Timestamp,
    ) -> Option<Vec<DocumentId>> {
        let mission = self.mission.interval;
        if self.state != BookingState::Accepted || now >= mission.start() {
            return None;
        }
        let last_day = self.mission.zone().local_date(mission.end());
        let ending = professional.titles_ending_before(last_day, &self.agents);
        let before = self.title_alerts.clone();
        for alert in &mut self.title_alerts {
            let ends = ending.iter().any(|title| title.document == alert.document);
            alert.lifted_at = match (ends, alert.lifted_at) {
                (true, _) => None,
                (false, Some(at)) => Some(at),
                (false, None) => Some(now),
            };
        }
        let known = |title: &EndingTitle| before.iter().any(|one| one.document == title.document);
        let new: Vec<EndingTitle> = ending.into_iter().filter(|title| !known(title)).collect();
        let told = new.iter().map(|title| title.document.clone()).collect();
        self.title_alerts
            .extend(new.into_iter().map(|title| TitleAlert {
                document: title.document,
                ends_on: title.ends_on,
                told_at: now,
                lifted_at: None,
            }));
        (self.title_alerts != before).then_some(told)
    }
}
