//! The operator's second factor: a code that changes every 30 seconds (RFC 6238), or one of ten
//! recovery codes, each good once.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use totp_rs::{Builder, Secret, Totp};

/// How many recovery codes are given.
pub const RECOVERY_CODES: usize = 10;

/// How long a code lasts.
const STEP_SECONDS: i64 = 30;

/// A shared secret of 160 bits, as RFC 4226 recommends.
pub type SharedSecret = [u8; 20];

/// What a second factor is checked against.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    secret: SharedSecret,
    /// Since when codes are asked for; before, somebody is still setting the factor up.
    pub enrolled_at: Option<Timestamp>,
    /// The last step that was used: a code serves once.
    last_step: Option<u64>,
    /// SHA-256 of the recovery codes that are left, hexadecimal.
    recovery: Vec<String>,
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecondFactor(enrolled at {:?})", self.enrolled_at)
    }
}

/// Why a code is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SecondFactorRefused {
    /// Not the code of this minute, or one that was used.
    #[error("Ce code n’est pas valable ou a déjà servi : attendez le suivant.")]
    Wrong,
    /// Codes are asked for already.
    #[error("La double authentification est déjà activée.")]
    AlreadyEnrolled,
}

impl SecondFactorRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Wrong => "second_factor_wrong",
            Self::AlreadyEnrolled => "second_factor_enrolled",
        }
    }
}

impl SecondFactor {
    /// A factor that somebody begins to set up.
    pub fn begin(secret: SharedSecret) -> Self {
        Self {
            secret,
            enrolled_at: None,
            last_step: None,
            recovery: Vec::new(),
        }
    }

    /// A factor that is set up already, without recovery codes.
    pub fn enrolled(secret: SharedSecret, now: Timestamp) -> Self {
        Self {
            enrolled_at: Some(now),
            ..Self::begin(secret)
        }
    }

    /// The address that an authenticator application reads, as a picture or by hand.
    pub fn address(&self, email: &str) -> String {
        self.totp(email).to_url().unwrap_or_default()
    }

    /// The secret in base 32, for who cannot scan a picture.
    pub fn secret_text(&self) -> String {
        Secret::from(self.secret).to_base32()
    }

    /// The code of `now`. Only tests and the demonstration make one here: people have a telephone.
    pub fn code_at(&self, now: Timestamp) -> String {
        self.totp("").generate(seconds(now)).to_string()
    }

    /// A code that is taken at `now` and was not used, for the demonstration.
    pub fn unused_code(&self, now: Timestamp) -> Option<String> {
        let mut steps = [-STEP_SECONDS, 0, STEP_SECONDS]
            .into_iter()
            .map(|seconds| now + SignedDuration::from_secs(seconds));
        let unused = steps.find(|at| self.last_step.is_none_or(|last| step(*at) > last))?;
        Some(self.code_at(unused))
    }

    /// The first right code ends the setting up; `recovery` are hashes of the codes that were shown.
    pub fn enrol(
        &mut self,
        code: &str,
        recovery: Vec<String>,
        now: Timestamp,
    ) -> Result<(), SecondFactorRefused> {
        if self.enrolled_at.is_some() {
            return Err(SecondFactorRefused::AlreadyEnrolled);
        }
        self.spend_code(code, now)?;
        self.enrolled_at = Some(now);
        self.recovery = recovery;
        Ok(())
    }

    /// Takes a code, 30 seconds early or late at most, and once.
    pub fn spend_code(&mut self, code: &str, now: Timestamp) -> Result<(), SecondFactorRefused> {
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let step = self.totp("").check(&digits, seconds(now));
        let step = step.filter(|step| self.last_step.is_none_or(|last| *step > last));
        self.last_step = Some(step.ok_or(SecondFactorRefused::Wrong)?);
        Ok(())
    }

    /// Takes the recovery code that has this hash, once.
    pub fn spend_recovery(&mut self, hash: &str) -> Result<(), SecondFactorRefused> {
        let left = self.recovery.iter().position(|known| known == hash);
        self.recovery
            .remove(left.ok_or(SecondFactorRefused::Wrong)?);
        Ok(())
    }

    /// How many recovery codes are left.
    pub fn recovery_left(&self) -> usize {
        self.recovery.len()
    }

    fn totp(&self, email: &str) -> Totp {
        Builder::new()
            .with_secret(Secret::from(self.secret))
            .with_issuer(Some("MonAgentDeSecu"))
            .with_account_name(email)
            .build_noncompliant()
    }
}

fn step(at: Timestamp) -> u64 {
    seconds(at) / STEP_SECONDS.unsigned_abs()
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_second()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// RFC 6238, appendix B: the secret is the ASCII of "12345678901234567890", SHA-1, 8 digits; the
    /// last six are ours.
    #[test]
    fn codes_are_those_of_the_standard() {
        let factor = SecondFactor::begin(*b"12345678901234567890");
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            let now = Timestamp::from_second(second).unwrap();
            assert_eq!(factor.code_at(now), code, "{second}");
        }
    }

    #[test]
    fn a_code_serves_once_and_is_half_a_minute_early_or_late_at_most() {
        let now = at("2026-11-23T10:00:00Z");
        let later = at("2026-11-23T10:00:30Z");
        let much_later = at("2026-11-23T10:01:30Z");
        let mut factor = SecondFactor::begin([7; 20]);
        let code = factor.code_at(now);
        assert_eq!(
            factor.clone().spend_code(&code, much_later),
            Err(SecondFactorRefused::Wrong)
        );
        assert_eq!(factor.spend_code(&code, later), Ok(()));
        assert_eq!(
            factor.spend_code(&code, later),
            Err(SecondFactorRefused::Wrong)
        );
        let spaced = {
            let code = factor.code_at(later);
            format!("{} {}", &code[..3], &code[3..])
        };
        assert_eq!(factor.spend_code(&spaced, later), Ok(()));
        for wrong in ["", "abc", "000", "1234567"] {
            assert!(factor.spend_code(wrong, much_later).is_err(), "{wrong}");
        }
    }

    #[test]
    fn three_codes_can_be_had_in_half_a_minute() {
        let now = at("2026-11-23T10:00:10Z");
        let mut factor = SecondFactor::begin([7; 20]);
        for _ in 0..3 {
            let code = factor.unused_code(now).unwrap();
            assert_eq!(factor.spend_code(&code, now), Ok(()));
        }
        assert_eq!(factor.unused_code(now), None);
    }

    #[test]
    fn the_first_code_enrols_and_recovery_codes_serve_once() {
        let now = at("2026-11-23T10:00:00Z");
        let mut factor = SecondFactor::begin([7; 20]);
        assert!(factor.enrol("000000", vec!["a".into()], now).is_err());
        assert_eq!(factor.enrolled_at, None);
        let code = factor.code_at(now);
        factor
            .enrol(&code, vec!["a".into(), "b".into()], now)
            .unwrap();
        assert_eq!(
            factor.enrol(&code, Vec::new(), now),
            Err(SecondFactorRefused::AlreadyEnrolled)
        );
        assert_eq!(factor.spend_recovery("a"), Ok(()));
        assert_eq!(factor.spend_recovery("a"), Err(SecondFactorRefused::Wrong));
        assert_eq!(factor.recovery_left(), 1);
    }

    #[test]
    fn an_application_reads_the_address() {
        let factor = SecondFactor::begin([7; 20]);
        let address = factor.address("chef@example.fr");
        assert!(
            address.starts_with("otpauth://totp/MonAgentDeSecu:chef"),
            "{address}"
        );
        assert!(address.contains(&factor.secret_text()), "{address}");
    }
}
