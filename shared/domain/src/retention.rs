//! How long things are kept, and what becomes of them then: one table, from which the sweep that erases
//! and every sentence about it are made (GDPR, article 5, 1 e; terms, articles 7, 8, 16.3 and 22).
//!
//! A professional’s account ends when it is closed, a registration when it is refused or given up. What
//! the law asks to keep, invoices and what proves a contract, is kept apart from the person and outlives
//! the account.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ids::{AccountId, BookingId, IdRefused, ProfessionalId};
use crate::time::paris;

mod erasing;
mod words;

pub use erasing::{ERASED_AUTHOR, ERASED_CLIENT, ERASED_MESSAGE, ERASED_PROFESSIONAL};
pub use words::{after_closure, kept_in_words, log_is_kept};

/// A kind of thing that is kept for a time.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// What identifies a person of a professional, and the bank details.
    IdentityDocuments,
    /// What was written, shown and exchanged.
    Content,
    /// What still says who somebody was.
    Personal,
    /// That terms were accepted.
    Proofs,
    /// Invoices, orders and the ledger.
    Accounting,
    /// Who did what, when, and from where.
    Connections,
    /// Reports of contents, once decided.
    Reports,
    /// How often pages were opened.
    Views,
    /// Requests about data, once answered.
    DataRequests,
    /// The account of a client who does nothing with it any more.
    InactiveClients,
}

/// How long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// So many months, by the calendar.
    Months(i32),
    /// So many years, by the calendar.
    Years(i32),
}

impl Length {
    fn span(self) -> Span {
        match self {
            Self::Months(months) => Span::new().months(months),
            Self::Years(years) => Span::new().years(years),
        }
    }

    /// The moment so long after another, by the calendar of Paris.
    pub fn after(self, at: Timestamp) -> Timestamp {
        let later = paris::to_local(at).checked_add(self.span());
        later.map_or(Timestamp::MAX, paris::local_to_utc)
    }

    /// The moment so long before another.
    pub fn before(self, at: Timestamp) -> Timestamp {
        let earlier = paris::to_local(at).checked_sub(self.span());
        earlier.map_or(Timestamp::MIN, paris::local_to_utc)
    }
}

/// From which moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// The account was closed, the registration refused or given up.
    Closure,
    /// The holder did something for the last time.
    LastActivity,
    /// The end of the calendar year, which is the fiscal year.
    YearEnd,
    /// It happened.
    Itself,
    /// It was decided.
    Decision,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It goes, files included.
    Erased,
    /// It stays without saying who it is about.
    Anonymised,
    /// The account is closed, and at once what closing leads to.
    Closed,
}

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What is kept.
    pub kept: Kept,
    /// The same, for people; in the plural, with its article.
    pub what: &'static str,
    /// For how long.
    pub keeps: Length,
    /// From when on.
    pub since: Since,
    /// What becomes of it.
    pub then: Then,
    /// Why so long.
    pub law: &'static str,
}

/// A month before an inactive account is closed, its holder is told.
pub const INACTIVITY_WARNING: Length = Length::Months(1);

/// For how long after a mission is over its professional still reads whom to call and where (terms,
/// article 22: coordinates are for the ordered service alone).
pub const COORDINATES_SHOWN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The table of durations.
pub const RULES: [Rule; 10] = [
    Rule {
        kept: Kept::IdentityDocuments,
        what: "les cartes, agréments, diplômes, photos et RIB d’un professionnel",
        keeps: Length::Months(6),
        since: Since::Closure,
        then: Then::Erased,
        law: "RGPD, article 5, 1, c et e",
    },
    Rule {
        kept: Kept::Content,
        what: "les messages et leurs pièces jointes, les pages, les offres, les avis, les autres documents, les consignes des missions",
        keeps: Length::Years(2),
        since: Since::Closure,
        then: Then::Erased,
        law: "CGU, articles 7, 8 et 16.3",
    },
    Rule {
        kept: Kept::Personal,
        what: "les noms, adresses et numéros de téléphone",
        keeps: Length::Years(3),
        since: Since::Closure,
        then: Then::Anonymised,
        law: "CGU, article 22",
    },
    Rule {
        kept: Kept::Proofs,
        what: "les acceptations des conditions générales, avec leur date et l’adresse IP",
        keeps: Length::Years(10),
        since: Since::Closure,
        then: Then::Erased,
        law: "Code de la consommation, article L213-1",
    },
    Rule {
        kept: Kept::Accounting,
        what: "les factures, les bons de commande, les mouvements d’argent et leurs réservations",
        keeps: Length::Years(10),
        since: Since::YearEnd,
        then: Then::Erased,
        law: "Code de commerce, article L123-22",
    },
    Rule {
        kept: Kept::Connections,
        what: "les lignes du journal des actions et des connexions",
        keeps: Length::Months(12),
        since: Since::Itself,
        then: Then::Erased,
        law: "Décret n° 2021-1362, article 5",
    },
    Rule {
        kept: Kept::Reports,
        what: "les signalements de contenus",
        keeps: Length::Months(12),
        since: Since::Decision,
        then: Then::Erased,
        law: "RGPD, article 5, 1, e",
    },
    Rule {
        kept: Kept::Views,
        what: "les nombres d’ouvertures des pages",
        keeps: Length::Months(26),
        since: Since::Itself,
        then: Then::Erased,
        law: "RGPD, article 5, 1, e",
    },
    Rule {
        kept: Kept::InactiveClients,
        what: "les comptes de clients qui ne servent plus",
        keeps: Length::Years(3),
        since: Since::LastActivity,
        then: Then::Closed,
        law: "CNIL, référentiel de gestion commerciale",
    },
    Rule {
        kept: Kept::DataRequests,
        what: "les demandes sur vos données, avec leurs réponses",
        keeps: Length::Years(5),
        since: Since::Decision,
        then: Then::Erased,
        law: "Code civil, article 2224",
    },
];

impl Kept {
    /// Its line of the table.
    pub fn rule(self) -> Rule {
        match self {
            Self::IdentityDocuments => RULES[0],
            Self::Content => RULES[1],
            Self::Personal => RULES[2],
            Self::Proofs => RULES[3],
            Self::Accounting => RULES[4],
            Self::Connections => RULES[5],
            Self::Reports => RULES[6],
            Self::Views => RULES[7],
            Self::InactiveClients => RULES[8],
            Self::DataRequests => RULES[9],
        }
    }

    /// Until when what began at `since` is kept.
    pub fn until(self, since: Timestamp) -> Timestamp {
        let rule = self.rule();
        let since = match rule.since {
            Since::YearEnd => year_end(since),
            Since::Closure | Since::LastActivity | Since::Itself | Since::Decision => since,
        };
        rule.keeps.after(since)
    }
}

/// The first moment of the next calendar year, in Paris.
fn year_end(at: Timestamp) -> Timestamp {
    let next = paris::local_date(at).year().saturating_add(1);
    Date::new(next, 1, 1).map_or(Timestamp::MAX, paris::day_start)
}

/// One thing that the sweep does to one subject.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Erasure {
    /// An inactive client is told that the account will be closed.
    WarnInactive,
    /// An inactive client’s account is closed.
    CloseInactive,
    /// Identity documents and bank details go.
    IdentityDocuments,
    /// Content and documents go.
    Content,
    /// The rest is anonymised.
    Personal,
    /// What is left goes, acceptances included.
    Proofs,
    /// The papers and the money of one booking go, and the booking.
    Accounting,
}

impl Erasure {
    /// Each, in the order in which they are done.
    pub const ALL: [Self; 7] = [
        Self::WarnInactive,
        Self::CloseInactive,
        Self::IdentityDocuments,
        Self::Content,
        Self::Personal,
        Self::Proofs,
        Self::Accounting,
    ];

    /// Of which line of the table it is made.
    pub fn kept(self) -> Kept {
        match self {
            Self::WarnInactive | Self::CloseInactive => Kept::InactiveClients,
            Self::IdentityDocuments => Kept::IdentityDocuments,
            Self::Content => Kept::Content,
            Self::Personal => Kept::Personal,
            Self::Proofs => Kept::Proofs,
            Self::Accounting => Kept::Accounting,
        }
    }

    /// Its name in keys; they sort as they are done.
    pub fn code(self) -> &'static str {
        match self {
            Self::WarnInactive => "1-warn-inactive",
            Self::CloseInactive => "2-close-inactive",
            Self::IdentityDocuments => "3-identity-documents",
            Self::Content => "4-content",
            Self::Personal => "5-personal",
            Self::Proofs => "6-proofs",
            Self::Accounting => "7-accounting",
        }
    }

    /// What the operator reads.
    pub fn label(self) -> &'static str {
        match self {
            Self::WarnInactive => "Avertir d’une fermeture pour inactivité",
            Self::CloseInactive => "Fermer pour inactivité",
            Self::IdentityDocuments => "Effacer les pièces d’identité et bancaires",
            Self::Content => "Effacer les contenus et documents",
            Self::Personal => "Anonymiser le reste",
            Self::Proofs => "Effacer les preuves",
            Self::Accounting => "Effacer les pièces comptables",
        }
    }
}

/// Whom or what retention is about.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Subject {
    /// A client’s account.
    Client(AccountId),
    /// A professional, with the account that acts for them.
    Professional(ProfessionalId),
    /// A booking.
    Booking(BookingId),
}

impl Subject {
    /// Reads one from its identifier.
    pub fn parse(text: &str) -> Result<Self, IdRefused> {
        AccountId::parse(text)
            .map(Self::Client)
            .or_else(|_| ProfessionalId::parse(text).map(Self::Professional))
            .or_else(|_| BookingId::parse(text).map(Self::Booking))
    }

    /// Its identifier.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Client(id) => id.as_str(),
            Self::Professional(id) => id.as_str(),
            Self::Booking(id) => id.as_str(),
        }
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Subject {
    type Error = IdRefused;
    fn try_from(text: String) -> Result<Self, IdRefused> {
        Self::parse(&text)
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.as_str().to_owned()
    }
}

/// Why nothing of an account may be erased: a dispute, an inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalHold {
    /// Why, for the file.
    pub reason: String,
    /// Which operator.
    pub by: AccountId,
    /// Since when.
    pub at: Timestamp,
}

/// A legal hold that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastHold {
    /// What it was.
    pub hold: LegalHold,
    /// Why it was lifted.
    pub reason: String,
    /// Which operator lifted it.
    pub lifted_by: AccountId,
    /// When.
    pub lifted_at: Timestamp,
}

/// Something that was done to a subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// What.
    pub erasure: Erasure,
    /// When.
    pub at: Timestamp,
    /// How many records were erased or anonymised.
    pub records: u32,
    /// How many files were erased.
    pub files: u32,
}

/// What retention knows of one account, apart from the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionFile {
    /// Whose.
    pub subject: Subject,
    /// Why nothing may be erased now.
    pub hold: Option<LegalHold>,
    /// Holds of before.
    pub past_holds: Vec<PastHold>,
    /// When its holder did something for the last time, as the activity log knew while it remembered.
    pub last_seen: Option<Timestamp>,
    /// When its holder was told that an inactive account is closed.
    pub warned_at: Option<Timestamp>,
    /// From when on content and what identifies go at once, whatever the delays: an inactive account was
    /// closed, or a request for erasure granted.
    pub hastened_at: Option<Timestamp>,
    /// What was done, in order.
    pub done: Vec<Done>,
}

/// Why a legal hold is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HoldRefused {
    /// No reason.
    #[error("Indiquez un motif, de 5 à 500 caractères.")]
    Reason,
    /// It is held already.
    #[error("Les données de ce compte sont déjà gelées.")]
    HeldAlready,
    /// It is not held.
    #[error("Les données de ce compte ne sont pas gelées.")]
    NotHeld,
}

impl HoldRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reason => "reason_invalid",
            Self::HeldAlready => "held_already",
            Self::NotHeld => "not_held",
        }
    }
}

fn reason_of(text: &str) -> Result<String, HoldRefused> {
    let text = text.trim();
    if (5..=500).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(HoldRefused::Reason)
    }
}

impl RetentionFile {
    /// Of somebody about whom nothing is known yet.
    pub fn of(subject: Subject) -> Self {
        Self {
            subject,
            hold: None,
            past_holds: Vec::new(),
            last_seen: None,
            warned_at: None,
            hastened_at: None,
            done: Vec::new(),
        }
    }

    /// Nothing is erased from now on.
    pub fn hold(
        &mut self,
        reason: &str,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), HoldRefused> {
        if self.hold.is_some() {
            return Err(HoldRefused::HeldAlready);
        }
        self.hold = Some(LegalHold {
            reason: reason_of(reason)?,
            by: by.clone(),
            at: now,
        });
        Ok(())
    }

    /// What is due is erased again: it is listed first, as everything is.
    pub fn lift(
        &mut self,
        reason: &str,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), HoldRefused> {
        let reason = reason_of(reason)?;
        let hold = self.hold.take().ok_or(HoldRefused::NotHeld)?;
        self.past_holds.push(PastHold {
            hold,
            reason,
            lifted_by: by.clone(),
            lifted_at: now,
        });
        Ok(())
    }

    /// Whether something was done.
    pub fn has_done(&self, erasure: Erasure) -> bool {
        self.done.iter().any(|done| done.erasure == erasure)
    }
}

/// What decides what is due of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Whether it is a professional, who has documents.
    pub professional: bool,
    /// When the account was closed, or the registration ended.
    pub closed_at: Option<Timestamp>,
    /// When its holder did something for the last time; of open clients’ accounts.
    pub last_seen: Option<Timestamp>,
    /// When its holder was told that it will be closed.
    pub warned_at: Option<Timestamp>,
    /// From when on everything that may go goes.
    pub hastened_at: Option<Timestamp>,
    /// Whether nothing may be erased.
    pub held: bool,
    /// What was done.
    pub done: BTreeSet<Erasure>,
}

/// Something that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// What is to be done.
    pub erasure: Erasure,
    /// Since when.
    pub since: Timestamp,
}

impl Facts {
    /// What retention’s own file knows of them; nothing is known of the account itself yet.
    pub fn of(file: &RetentionFile, professional: bool) -> Self {
        Self {
            professional,
            closed_at: None,
            last_seen: file.last_seen,
            warned_at: file.warned_at,
            hastened_at: file.hastened_at,
            held: file.hold.is_some(),
            done: file.done.iter().map(|done| done.erasure).collect(),
        }
    }

    /// Everything that is due at `now`, in the order in which it is done.
    pub fn due(&self, now: Timestamp) -> Vec<Due> {
        if self.held {
            return Vec::new();
        }
        let planned = self.planned().into_iter();
        planned
            .filter(|due| due.since <= now && !self.done.contains(&due.erasure))
            .collect()
    }

    /// When what will be done: each, whether or not it is done.
    pub fn planned(&self) -> Vec<Due> {
        match self.closed_at {
            Some(closed_at) => self.after_closure(closed_at),
            None => self.of_inactivity(),
        }
    }

    fn after_closure(&self, closed_at: Timestamp) -> Vec<Due> {
        let erasures = [
            Erasure::IdentityDocuments,
            Erasure::Content,
            Erasure::Personal,
            Erasure::Proofs,
        ];
        let of_theirs = erasures
            .into_iter()
            .filter(|erasure| self.professional || *erasure != Erasure::IdentityDocuments);
        of_theirs
            .map(|erasure| {
                let until = erasure.kept().until(closed_at);
                // What proves is kept all the same.
                let hastened = self.hastened_at.filter(|_| erasure != Erasure::Proofs);
                Due {
                    erasure,
                    since: hastened.map_or(until, |at| at.min(until)),
                }
            })
            .collect()
    }

    /// Somebody who was told is left a whole month, however late they were told; who came back since is
    /// told again another time.
    fn of_inactivity(&self) -> Vec<Due> {
        let Some(last_seen) = self.last_seen else {
            return Vec::new();
        };
        let ends = Kept::InactiveClients.until(last_seen);
        let warned = self.warned_at.filter(|at| *at > last_seen);
        vec![match warned {
            None => Due {
                erasure: Erasure::WarnInactive,
                since: INACTIVITY_WARNING.before(ends),
            },
            Some(at) => Due {
                erasure: Erasure::CloseInactive,
                since: ends.max(INACTIVITY_WARNING.after(at)),
            },
        }]
    }
}

/// A file that no record names any more: a document was taken off a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscardedFile {
    /// Its key in the bucket.
    pub file: String,
    /// Since when.
    pub at: Timestamp,
}

impl DiscardedFile {
    /// For how long it can still be brought back.
    pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
}

/// Something that will be done to somebody from the day after on which it was listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedErasure {
    /// Whom it is about.
    pub subject: Subject,
    /// What.
    pub erasure: Erasure,
    /// Since when it is due.
    pub since: Timestamp,
    /// The day on which it was listed, in Paris: it is done the next day at the earliest, so that
    /// somebody can look at the list before.
    pub listed_on: Date,
}

/// What was done on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionReport {
    /// The day, in Paris.
    pub day: Date,
    /// What was done, by kind.
    pub lines: Vec<ReportLine>,
}

/// What was done of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportLine {
    /// What.
    pub erasure: Erasure,
    /// To how many.
    pub subjects: u32,
    /// How many records.
    pub records: u32,
    /// How many files.
    pub files: u32,
}

impl RetentionReport {
    /// Of a day on which nothing was done yet.
    pub fn of(day: Date) -> Self {
        Self {
            day,
            lines: Vec::new(),
        }
    }

    /// One more was done.
    pub fn add(&mut self, done: &Done) {
        let known = self
            .lines
            .iter_mut()
            .find(|line| line.erasure == done.erasure);
        match known {
            Some(line) => {
                line.subjects += 1;
                line.records += done.records;
                line.files += done.files;
            }
            None => self.lines.push(ReportLine {
                erasure: done.erasure,
                subjects: 1,
                records: done.records,
                files: done.files,
            }),
        }
        self.lines.sort_by_key(|line| line.erasure);
    }
}

#[cfg(test)]
mod tests;
