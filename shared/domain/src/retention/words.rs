//! The table of durations in French. No page and no mail says a duration of retention in other words: a
//! test looks for them.

use super::{Kept, Length, RULES, Rule, Since, Then};

const NUMBERS: [(i32, &str); 8] = [
    (5, "cinq"),
    (1, "un"),
    (2, "deux"),
    (3, "trois"),
    (6, "six"),
    (10, "dix"),
    (12, "douze"),
    (26, "vingt-six"),
];

impl Length {
    /// `deux ans`, `six mois`.
    pub fn in_words(self) -> String {
        let (number, unit) = match self {
            Self::Months(months) => (months, "mois"),
            Self::Years(1) => (1, "an"),
            Self::Years(years) => (years, "ans"),
        };
        let known = NUMBERS.iter().find(|(known, _)| *known == number);
        known.map_or_else(
            || format!("{number} {unit}"),
            |(_, word)| format!("{word} {unit}"),
        )
    }
}

impl Since {
    fn in_words(self) -> &'static str {
        match self {
            Self::Closure => "après la fermeture du compte",
            Self::LastActivity => "après la dernière activité",
            Self::YearEnd => "après la fin de l’année",
            Self::Itself => "après chacune",
            Self::Decision => "après la décision",
        }
    }
}

impl Rule {
    /// `deux ans après la fermeture du compte`.
    pub fn duration_in_words(&self) -> String {
        let since = match (self.since, self.kept) {
            (Since::Itself, Kept::Views) => "après chaque jour",
            (since, _) => since.in_words(),
        };
        format!("{} {since}", self.keeps.in_words())
    }

    /// What becomes of it.
    pub fn then_in_words(&self) -> &'static str {
        match self.then {
            Then::Erased => "effacement, fichiers compris",
            Then::Anonymised => "anonymisation",
            Then::Closed => "fermeture après un avertissement, puis effacement",
        }
    }

    /// `les messages… : deux ans après la fermeture du compte, puis effacement`.
    pub fn sentence(&self) -> String {
        format!(
            "{} : {}, puis {}",
            self.what,
            self.duration_in_words(),
            self.then_in_words()
        )
    }
}

/// What somebody is told whose account is closed.
pub fn after_closure() -> String {
    let keeps = |kept: Kept| kept.rule().keeps.in_words();
    format!(
        "Vos contenus sont gardés {} à l’écart, puis effacés ; ce qui permet encore de vous identifier est anonymisé au bout de {} ; les factures et les preuves des contrats sont gardées {}, comme la loi l’impose.",
        keeps(Kept::Content),
        keeps(Kept::Personal),
        keeps(Kept::Accounting),
    )
}

/// The whole table, a sentence for each line.
pub fn kept_in_words() -> Vec<String> {
    RULES.iter().map(Rule::sentence).collect()
}

/// How long the log of actions is kept.
pub fn log_is_kept() -> String {
    Kept::Connections.rule().keeps.in_words()
}
