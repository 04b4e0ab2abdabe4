//! When a notification was received, where a delay runs from there (terms, articles 16 and 16.1): the
//! mail service tells it, or the operator, who brought it by other means.

use super::*;

/// How long the mail service may take to tell that a mail arrived.
const TOLD_WITHIN: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// A mail whose reception starts a delay, and what is known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The event that the mail tells.
    pub mail: String,
    /// When and how it was received, once that is known.
    pub received: Option<Received>,
    /// When the mail came back.
    pub lost_at: Option<Timestamp>,
}

/// A reception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// When; the beginning of the day where only the day is known.
    pub at: Timestamp,
    /// Who says so, where it is not the mail service.
    pub by_hand: Option<ByHand>,
}

/// A reception that the operator recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    /// Who recorded it.
    pub by: AccountId,
    /// How the notification was brought.
    pub how: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// What was notified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Notified {
    /// A measure.
    Measure,
    /// A formal notice.
    Notice,
}

/// What became of a mail that starts a delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// The reader's server took it, then.
    Arrived(Timestamp),
    /// It came back, or was never sent.
    Lost(Timestamp),
}

impl Received {
    /// From when the delay runs: a day counts from its end, so that nobody loses hours.
    fn counted_from(&self) -> Timestamp {
        match &self.by_hand {
            None => self.at,
            Some(_) => {
                let day = paris::local_date(self.at);
                paris::day_start(day.saturating_add(jiff::Span::new().days(1)))
            }
        }
    }
}

impl Receipt {
    fn awaited(&self) -> bool {
        self.received.is_none()
    }

    fn needs_delivery(&self, sent_at: Timestamp, now: Timestamp) -> bool {
        self.awaited() && (self.lost_at.is_some() || now >= sent_at + TOLD_WITHIN)
    }

    /// Takes in what became of the mail; answers from when the delay runs if that is known now, and
    /// nothing when this changes nothing. What somebody recorded by hand stays; of the same news the
    /// first counts; a mail that came back was not received, even if a server had taken it.
    fn told(&mut self, arrival: Arrival) -> Option<Option<Timestamp>> {
        let by_hand = self
            .received
            .as_ref()
            .is_some_and(|one| one.by_hand.is_some());
        match arrival {
            Arrival::Arrived(at) if self.awaited() && self.lost_at.is_none() => {
                let received = Received { at, by_hand: None };
                let from = received.counted_from();
                self.received = Some(received);
                Some(Some(from))
            }
            Arrival::Lost(at) if !by_hand && self.lost_at.is_none() => {
                self.received = None;
                self.lost_at = Some(at);
                Some(None)
            }
            Arrival::Arrived(_) | Arrival::Lost(_) => None,
        }
    }
}

impl Measure {
    /// Whether its delay waits for its mail to be received.
    pub fn awaits_receipt(&self) -> bool {
        self.receipt.as_ref().is_some_and(Receipt::awaited)
    }

    /// Whether somebody has to bring it by other means.
    pub fn needs_delivery(&self, now: Timestamp) -> bool {
        let receipt = self.receipt.as_ref();
        receipt.is_some_and(|receipt| receipt.needs_delivery(self.announced_at, now))
    }
}

impl FormalNotice {
    /// When it is due, its thirty days running from `start`.
    pub fn due_at(start: Timestamp) -> Timestamp {
        start + jiff::SignedDuration::from_hours(30 * 24)
    }

    /// Whether its delay waits for its mail to be received.
    pub fn awaits_receipt(&self) -> bool {
        self.receipt.as_ref().is_some_and(Receipt::awaited)
    }

    /// Whether somebody has to bring it by other means.
    pub fn needs_delivery(&self, now: Timestamp) -> bool {
        let receipt = self.receipt.as_ref();
        receipt.is_some_and(|receipt| receipt.needs_delivery(self.given_at, now))
    }

    /// Whether its delay is over: the operator terminates, or closes it.
    pub fn is_due(&self, now: Timestamp) -> bool {
        !self.awaits_receipt() && self.due_at <= now
    }
}

impl Professional {
    /// Says which event's mail tells what was just decided, so that its reception can be recognised.
    pub fn name_mail(&mut self, step: StandingStep, event: &str) {
        let receipt = match step {
            StandingStep::Announced => self.standing.measure.as_mut().map(|it| &mut it.receipt),
            StandingStep::NoticeGiven => self.standing.notice.as_mut().map(|it| &mut it.receipt),
            _ => None,
        };
        if let Some(Some(receipt)) = receipt {
            event.clone_into(&mut receipt.mail);
        }
    }

    /// Takes in what became of the mail that tells `event`. Whether anything changed: nothing does once
    /// the delay is over, and no date that a person was told comes earlier.
    pub fn mail_told(&mut self, event: &str, arrival: Arrival, now: Timestamp) -> bool {
        let of_event = |receipt: &&mut Receipt| receipt.mail == event;
        if let Some(measure) = &mut self.standing.measure
            && measure.applied_at.is_none()
            && let Some(receipt) = measure.receipt.as_mut().filter(of_event)
            && (receipt.awaited() || now < measure.effective_at)
        {
            let told = receipt.told(arrival);
            if let Some(from) = told.flatten() {
                let counted = measure.kind.effective_at(from);
                measure.effective_at = measure.effective_at.max(counted);
            }
            return told.is_some();
        }
        if let Some(notice) = &mut self.standing.notice
            && let Some(receipt) = notice.receipt.as_mut().filter(of_event)
            && (receipt.awaited() || now < notice.due_at)
        {
            let told = receipt.told(arrival);
            if let Some(from) = told.flatten() {
                notice.due_at = notice.due_at.max(FormalNotice::due_at(from));
            }
            return told.is_some();
        }
        false
    }

    /// The operator brought a notification by other means, and records on which day it was received.
    pub fn record_receipt(
        &mut self,
        what: Notified,
        day: Date,
        how: &str,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), StandingRefused> {
        let standing = &mut self.standing;
        let sent = match what {
            Notified::Measure => standing.measure.as_ref().map(|it| it.announced_at),
            Notified::Notice => standing.notice.as_ref().map(|it| it.given_at),
        };
        let receipt = match what {
            Notified::Measure => standing.measure.as_mut().and_then(|it| it.receipt.as_mut()),
            Notified::Notice => standing.notice.as_mut().and_then(|it| it.receipt.as_mut()),
        };
        let (Some(sent), Some(receipt)) = (sent, receipt.filter(|receipt| receipt.awaited()))
        else {
            return Err(StandingRefused::NoReceiptAwaited);
        };
        if day < paris::local_date(sent) || paris::local_date(now) < day {
            return Err(StandingRefused::ReceiptImpossible);
        }
        let received = Received {
            at: paris::day_start(day),
            by_hand: Some(ByHand {
                by: by.clone(),
                how: how.to_owned(),
                recorded_at: now,
            }),
        };
        let from = received.counted_from();
        receipt.received = Some(received);
        match what {
            Notified::Measure => {
                if let Some(measure) = &mut standing.measure {
                    let counted = measure.kind.effective_at(from);
                    measure.effective_at = measure.effective_at.max(counted);
                }
            }
            Notified::Notice => {
                if let Some(notice) = &mut standing.notice {
                    notice.due_at = notice.due_at.max(FormalNotice::due_at(from));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::TypedId as _;

    const ULID: &str = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";
    const MAIL: &str = "evt_1";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn by() -> AccountId {
        AccountId::from_ulid(ULID)
    }

    fn sent() -> Timestamp {
        at("2026-11-23T10:00:00Z")
    }

    fn open() -> Professional {
        let accepted = Acceptance::of(crate::account::legal::TERMS_PROFESSIONALS, sent(), "", "");
        let email = Email::parse("chef@exemple.fr").unwrap();
        Professional {
            status: ProfessionalStatus::Accepted,
            ..Professional::begin(ProfessionalId::from_ulid(ULID), email, accepted)
        }
    }

    fn announced(kind: MeasureKind) -> Professional {
        let mut one = open();
        let reasons = Reasons {
            ground: Ground::TermsBroken,
            text: "Trois absences.".to_owned(),
        };
        one.announce(kind, reasons, LiveBookings::Keep, None, &by(), sent())
            .unwrap();
        one.name_mail(StandingStep::Announced, MAIL);
        one
    }

    fn noticed() -> Professional {
        let mut one = open();
        one.give_notice("Fournir l’attestation.".to_owned(), &by(), sent())
            .unwrap();
        one.name_mail(StandingStep::NoticeGiven, MAIL);
        one
    }

    fn effect(one: &Professional) -> Timestamp {
        one.standing.measure.as_ref().unwrap().effective_at
    }

    fn hours(hours: i64) -> jiff::SignedDuration {
        jiff::SignedDuration::from_hours(hours)
    }

    #[test]
    fn two_months_run_from_the_reception_and_nothing_happens_before_it_is_known() {
        let mut one = announced(MeasureKind::Termination);
        assert_eq!(effect(&one), at("2027-01-23T10:00:00Z"));
        assert_eq!(one.standing.next_due(), None);
        assert_eq!(one.apply_due(at("2027-06-01T00:00:00Z")), None);
        let told = one
            .told_of(StandingStep::Announced, Timestamp::MIN)
            .join(" ");
        assert!(told.contains("au plus tôt le"), "{told}");
        let arrived = at("2026-11-25T08:30:00Z");
        assert!(!one.mail_told("evt_2", Arrival::Arrived(arrived), arrived));
        assert!(one.mail_told(MAIL, Arrival::Arrived(arrived), arrived));
        assert_eq!(effect(&one), at("2027-01-25T08:30:00Z"));
        assert_eq!(one.standing.next_due(), Some(effect(&one)));
        let told = one
            .told_of(StandingStep::Announced, Timestamp::MIN)
            .join(" ");
        assert!(!told.contains("au plus tôt"), "{told}");
        // Told again, later, and as another time: the first counts.
        for later in [
            "2026-11-25T08:30:00Z",
            "2026-11-24T00:00:00Z",
            "2026-12-24T00:00:00Z",
        ] {
            assert!(!one.mail_told(
                MAIL,
                Arrival::Arrived(at(later)),
                at("2026-12-25T00:00:00Z")
            ));
        }
        assert_eq!(one.apply_due(effect(&one) - hours(1)), None);
        assert_eq!(one.apply_due(effect(&one)), Some(StandingStep::Applied));
        let late = effect(&one) + hours(1);
        assert!(!one.mail_told(MAIL, Arrival::Lost(late), late));
    }

    #[test]
    fn suspension_closure_and_immediate_termination_run_from_the_sending() {
        for kind in [
            MeasureKind::Suspension,
            MeasureKind::Closure,
            MeasureKind::ImmediateTermination,
        ] {
            let mut one = announced(kind);
            let before = one.clone();
            let later = sent() + hours(30);
            assert!(!one.mail_told(MAIL, Arrival::Arrived(later), later));
            assert!(!one.mail_told(MAIL, Arrival::Lost(later), later));
            assert!(!one.standing.needs_delivery(later));
            assert!(one == before, "{kind:?}");
            assert_eq!(effect(&one), sent() + hours(120));
        }
    }

    #[test]
    fn a_mail_that_came_back_or_says_nothing_for_a_day_is_brought_by_hand() {
        for mut one in [announced(MeasureKind::Termination), noticed()] {
            let what = if one.standing.notice.is_some() {
                Notified::Notice
            } else {
                Notified::Measure
            };
            assert!(!one.standing.needs_delivery(sent() + hours(24) - hours(1)));
            assert!(one.standing.needs_delivery(sent() + hours(24)));
            let soon = sent() + hours(1);
            assert!(one.mail_told(MAIL, Arrival::Arrived(soon), soon));
            assert!(!one.standing.needs_delivery(sent() + hours(48)));
            // A server took it, and then sent it back.
            let back = sent() + hours(2);
            assert!(one.mail_told(MAIL, Arrival::Lost(back), back));
            assert!(!one.mail_told(MAIL, Arrival::Lost(back), back));
            assert!(!one.mail_told(MAIL, Arrival::Arrived(back), back));
            assert!(one.standing.needs_delivery(back));
            let now = at("2026-12-04T10:00:00Z");
            let day = |text: &str| text.parse::<Date>().unwrap();
            let mut record =
                |date: &str| one.record_receipt(what, day(date), "Lettre recommandée", &by(), now);
            assert_eq!(
                record("2026-11-22"),
                Err(StandingRefused::ReceiptImpossible)
            );
            assert_eq!(
                record("2026-12-05"),
                Err(StandingRefused::ReceiptImpossible)
            );
            assert_eq!(record("2026-12-02"), Ok(()));
            assert_eq!(record("2026-12-03"), Err(StandingRefused::NoReceiptAwaited));
            assert!(!one.standing.needs_delivery(now));
            // Counted from the end of that day, in Paris. News of the mail no longer matter.
            assert!(!one.mail_told(MAIL, Arrival::Lost(now), now));
            match what {
                Notified::Measure => assert_eq!(effect(&one), at("2027-02-02T23:00:00Z")),
                Notified::Notice => {
                    let notice = one.standing.notice.as_ref().unwrap();
                    assert_eq!(notice.due_at, at("2027-01-01T23:00:00Z"));
                    assert!(!notice.is_due(at("2027-01-01T22:59:59Z")));
                    assert!(notice.is_due(at("2027-01-01T23:00:00Z")));
                }
            }
        }
    }

    #[test]
    fn a_notice_is_never_due_before_its_reception_is_known() {
        let mut one = noticed();
        let late = at("2027-06-01T00:00:00Z");
        assert!(!one.standing.notice.as_ref().unwrap().is_due(late));
        let arrived = sent() + hours(3);
        assert!(one.mail_told(MAIL, Arrival::Arrived(arrived), late));
        let notice = one.standing.notice.as_ref().unwrap();
        assert_eq!(notice.due_at, arrived + hours(30 * 24));
        assert!(notice.is_due(late));
    }

    proptest! {
        /// Whatever is told, however often and in any order: a date never comes earlier, and one that
        /// took effect does not move.
        #[test]
        fn no_news_shortens_a_delay(news in proptest::collection::vec((any::<bool>(), 0_i64..3000, 0_i64..3000), 0..12)) {
            let mut one = announced(MeasureKind::Termination);
            let mut now = sent();
            for (arrived, past, wait) in news {
                now += hours(wait / 12);
                let then = (now - hours(past / 12)).max(sent());
                let arrival = if arrived { Arrival::Arrived(then) } else { Arrival::Lost(then) };
                let before = one.standing.measure.clone().unwrap();
                one.mail_told(MAIL, arrival, now);
                let after = one.standing.measure.clone().unwrap();
                prop_assert!(after.effective_at >= before.effective_at);
                prop_assert!(after.effective_at >= MeasureKind::Termination.effective_at(sent()));
                if before.applied_at.is_some() {
                    prop_assert!(before == after);
                }
                one.apply_due(now);
                let applied = one.standing.measure.clone().unwrap();
                if let Some(at) = applied.applied_at {
                    prop_assert!(at >= applied.effective_at && !applied.awaits_receipt());
                }
            }
        }
    }
}
