//! A professional leaves by themselves: within five days (terms, article 7), or with two months'
//! notice (article 16).

use super::*;

/// How a professional leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Departing {
    /// Within five days.
    InFiveDays,
    /// With two months' notice.
    WithNotice,
}

impl Departing {
    fn kind(self) -> MeasureKind {
        match self {
            Self::InFiveDays => MeasureKind::Departure,
            Self::WithNotice => MeasureKind::Resignation,
        }
    }
}

impl Professional {
    /// The professional asks for their account to be closed. Confirmed missions take place. What is
    /// written here is received as it is written.
    pub fn leave(
        &mut self,
        how: Departing,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), StandingRefused> {
        if self.status != ProfessionalStatus::Accepted {
            return Err(StandingRefused::NotOpen);
        }
        if self.standing.measure.is_some() {
            return Err(StandingRefused::EndsAlready);
        }
        let kind = how.kind();
        self.standing.measure = Some(Measure {
            kind,
            reasons: Reasons {
                ground: Ground::OwnWish,
                text: String::new(),
            },
            bookings: LiveBookings::Keep,
            until: None,
            by: by.clone(),
            announced_at: now,
            effective_at: kind.effective_at(now),
            applied_at: None,
            receipt: None,
        });
        Ok(())
    }

    /// The professional stays after all, before the account was closed.
    pub fn stay(&mut self, now: Timestamp) -> Result<(), StandingRefused> {
        if self.standing.leaving().is_none() {
            return Err(StandingRefused::NotLeaving);
        }
        self.end_measure(now, Ended::Withdrawn);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TypedId as _;

    const ULID: &str = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn by() -> AccountId {
        AccountId::from_ulid(ULID)
    }

    fn open() -> Professional {
        let now = at("2026-11-23T10:00:00Z");
        let accepted = Acceptance::of(crate::account::legal::TERMS_PROFESSIONALS, now, "", "");
        let email = Email::parse("chef@exemple.fr").unwrap();
        Professional {
            status: ProfessionalStatus::Accepted,
            ..Professional::begin(ProfessionalId::from_ulid(ULID), email, accepted)
        }
    }

    #[test]
    fn a_professional_leaves_when_the_terms_say_once_and_not_early() {
        let now = at("2026-11-23T10:00:00Z");
        for (how, effect) in [
            (Departing::InFiveDays, "2026-11-28T10:00:00Z"),
            (Departing::WithNotice, "2027-01-23T10:00:00Z"),
        ] {
            let mut one = open();
            one.leave(how, &by(), now).unwrap();
            let again = one.leave(Departing::InFiveDays, &by(), now);
            assert_eq!(again, Err(StandingRefused::EndsAlready));
            let told = one.told_of(StandingStep::Leaving, Timestamp::MIN).join(" ");
            assert!(told.contains("sera fermé le"), "{told}");
            assert!(
                one.present_decision().is_empty(),
                "it is no decision of the operator"
            );
            assert_eq!(
                one.contest("x".to_owned(), now),
                Err(StandingRefused::NothingToContest)
            );
            assert_eq!(one.revoke(now), Err(StandingRefused::OwnWish));
            let effect = at(effect);
            assert_eq!(
                one.apply_due(effect - jiff::SignedDuration::from_secs(1)),
                None
            );
            assert_eq!((one.hidden_at, one.standing.bars_sign_in()), (None, None));
            assert_eq!(one.apply_due(effect), Some(StandingStep::Applied));
            assert_eq!(one.apply_due(effect), None);
            assert_eq!(one.status, ProfessionalStatus::Closed);
            assert_eq!(one.stay(effect), Err(StandingRefused::NotLeaving));
            let told = one.told_of(StandingStep::Applied, Timestamp::MIN).join(" ");
            assert!(!told.contains("contester"), "{told}");
        }
    }

    #[test]
    fn who_changes_their_mind_in_time_stays() {
        let now = at("2026-11-23T10:00:00Z");
        let mut one = open();
        assert_eq!(one.stay(now), Err(StandingRefused::NotLeaving));
        one.leave(Departing::InFiveDays, &by(), now).unwrap();
        one.stay(now).unwrap();
        assert_eq!(one.apply_due(at("2027-11-23T10:00:00Z")), None);
        assert_eq!(one.standing.past.len(), 1);
    }

    #[test]
    fn leaving_escapes_no_decision_and_nobody_leaves_in_somebody_elses_name() {
        let now = at("2026-11-23T10:00:00Z");
        let mut one = open();
        let reasons = |ground| Reasons {
            ground,
            text: "Trois absences.".to_owned(),
        };
        let keep = LiveBookings::Keep;
        let closure = MeasureKind::Closure;
        for (kind, ground) in [
            (MeasureKind::Departure, Ground::TermsBroken),
            (MeasureKind::Resignation, Ground::TermsBroken),
            (closure, Ground::OwnWish),
        ] {
            let announced = one.announce(kind, reasons(ground), keep, None, &by(), now);
            assert_eq!(announced, Err(StandingRefused::OwnWish));
        }
        one.leave(Departing::WithNotice, &by(), now).unwrap();
        let broken = reasons(Ground::TermsBroken);
        one.announce(closure, broken, keep, None, &by(), now)
            .unwrap();
        let kind = one.standing.measure.as_ref().map(|measure| measure.kind);
        assert_eq!(kind, Some(closure));
        assert_eq!(one.stay(now), Err(StandingRefused::NotLeaving));
        assert_eq!(
            one.leave(Departing::InFiveDays, &by(), now),
            Err(StandingRefused::EndsAlready)
        );
    }
}
