//! What letters are written with: links, one-time tokens, and to whom they go.

use adapters::keys::KeySet;
use adapters::store::{KeptPaper, Token, TokenPurpose};
use domain::account::Account;
use domain::account::identifier::ConfirmedBy;
use domain::account::proof::Wish;
use domain::alerts::Alert;
use domain::booking::{Booking, BookingParty};
use domain::identifiers::Email;
use domain::ids::{
    AccountId, AlertId, BookingId, ConversationId, OrderId, ProfessionalId, QuoteRequestId,
};
use domain::members::{Member, MemberRole, Members};
use domain::offer::Activity;
use domain::order::Order;
use domain::places::Department;
use domain::platform::Platform;
use domain::professional::Professional;
use domain::time::interval::Interval;
use domain::time::zone::Zone;
use http_function::{alert_token, mission_calendar, newsletter_token};
use jiff::{SignedDuration, Timestamp};

use crate::letter::Letter;

/// A letter and its addressee.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// The account, the registration, or `operator`: an identifier, never an address.
    pub(crate) recipient: String,
    pub(crate) to: Email,
    pub(crate) letter: Letter,
    /// The token whose secret the letter carries.
    pub(crate) token: Option<Token>,
    /// The files that go with it.
    pub(crate) papers: Vec<KeptPaper>,
    /// The company whose managers get it too: the day's work, not its money.
    pub(crate) managers_of: Option<ProfessionalId>,
}

/// A mission that somebody is looked for.
pub(crate) struct Wished<'a> {
    activity: Activity,
    /// A postal code or a town.
    place: &'a str,
    department: &'a Department,
    interval: Interval,
    agents: u16,
}

impl<'a> From<&'a Alert> for Wished<'a> {
    fn from(alert: &'a Alert) -> Self {
        Self {
            activity: alert.activity,
            place: &alert.place,
            department: &alert.department,
            interval: alert.interval,
            agents: alert.agents,
        }
    }
}

impl<'a> From<&'a Booking> for Wished<'a> {
    fn from(booking: &'a Booking) -> Self {
        let mission = &booking.mission;
        Self {
            activity: mission.activity,
            place: mission.place.postal_code.as_str(),
            department: &mission.place.department,
            interval: mission.interval,
            agents: mission.agents,
        }
    }
}

impl<'a> Wished<'a> {
    /// The first mission of an order; nothing of one without any.
    pub(crate) fn first_of(order: &'a Order) -> Option<Self> {
        let first = order.missions.iter().map(|one| one.interval);
        Some(Self {
            activity: order.activity,
            place: order.place.postal_code.as_str(),
            department: &order.place.department,
            interval: first.min_by_key(|one| one.start())?,
            agents: order.agents,
        })
    }
}

/// What one event's letters are written with.
pub(crate) struct Post<'a> {
    /// Where links lead, without a slash at the end.
    pub(crate) site: &'a str,
    /// What tokens and codes are derived from.
    pub(crate) keys: &'a KeySet,
    /// Who runs the marketplace.
    pub(crate) platform: &'a Platform,
    /// The operator's mailbox, where one is set.
    pub(crate) operator: Option<&'a Email>,
    /// The event told: its identifier makes tokens that are the same when it is delivered again.
    pub(crate) event: &'a str,
    /// When it happened.
    pub(crate) happened_at: Timestamp,
    pub(crate) now: Timestamp,
}

impl Post<'_> {
    /// Where one writes to the platform.
    pub(crate) fn contact(&self) -> &str {
        self.platform.email.as_str()
    }

    /// Home, where searches begin.
    pub(crate) fn home(&self) -> String {
        format!("{}/", self.site)
    }

    /// Signing in.
    pub(crate) fn sign_in(&self) -> String {
        format!("{}/connexion", self.site)
    }

    /// Giving up the newsletter, without signing in.
    pub(crate) fn leave_newsletter(&self, account: &AccountId) -> String {
        let token = newsletter_token(self.keys, account);
        format!("{}/lettre?jeton={token}", self.site)
    }

    /// A client's mission, for a calendar application.
    pub(crate) fn calendar(&self, booking: &BookingId) -> String {
        let file = mission_calendar(self.keys, booking);
        format!("{}/api/calendars/missions/{file}", self.site)
    }

    /// Ending an alert, without signing in.
    pub(crate) fn end_alert(&self, alert: &AlertId) -> String {
        format!(
            "{}/alerte?jeton={}",
            self.site,
            alert_token(self.keys, alert)
        )
    }

    /// Who is free for a mission now.
    pub(crate) fn search(&self, wish: &Wished<'_>) -> String {
        let zone = Zone::of(wish.department);
        let [start, end] = [wish.interval.start(), wish.interval.end()].map(|at| zone.to_local(at));
        let clock = "%H%%3A%M";
        format!(
            "{}/recherche?activite={}&lieu={}&date={}&debut={}&fin={}&agents={}",
            self.site,
            wish.activity.code(),
            escaped(wish.place),
            start.strftime("%Y-%m-%d"),
            start.strftime(clock),
            end.strftime(clock),
            wish.agents,
        )
    }

    /// A client's booking.
    pub(crate) fn booking(&self, booking: &BookingId) -> String {
        format!("{}/reservations/{booking}", self.site)
    }

    /// A client's order of several missions.
    pub(crate) fn order(&self, order: &OrderId) -> String {
        format!("{}/commandes/{order}", self.site)
    }

    /// A professional's view of an order of several missions.
    pub(crate) fn order_request(&self, order: &OrderId) -> String {
        format!("{}/pro/dates/{order}", self.site)
    }

    /// The review form of a client's booking.
    pub(crate) fn review(&self, booking: &BookingId) -> String {
        format!("{}/avis", self.booking(booking))
    }

    /// A professional's view of a booking.
    pub(crate) fn request(&self, booking: &BookingId) -> String {
        format!("{}/pro/demandes/{booking}", self.site)
    }

    /// Where a client compares quotes.
    pub(crate) fn quote_request(&self, request: &QuoteRequestId) -> String {
        format!("{}/devis/{request}", self.site)
    }

    /// Where a professional answers a request for a quote.
    pub(crate) fn quote_to_give(&self, request: &QuoteRequestId) -> String {
        format!("{}/{request}", self.quotes_to_give())
    }

    /// What a professional is asked a quote for.
    pub(crate) fn quotes_to_give(&self) -> String {
        format!("{}/pro/devis", self.site)
    }

    /// An agent's own page.
    pub(crate) fn agent(&self) -> String {
        format!("{}/agent", self.site)
    }

    /// Where a party reads a conversation.
    pub(crate) fn conversation(&self, id: &ConversationId, reader: BookingParty) -> String {
        let space = match reader {
            BookingParty::Client => "",
            BookingParty::Professional => "/pro",
        };
        format!("{}{space}/messages/{id}", self.site)
    }

    /// Where a professional reads and answers reviews.
    pub(crate) fn own_reviews(&self) -> String {
        format!("{}/pro/avis", self.site)
    }

    /// Whether and where a professional is paid.
    pub(crate) fn payouts(&self) -> String {
        format!("{}/pro/versements", self.site)
    }

    /// The file of an accepted professional.
    pub(crate) fn file(&self) -> String {
        format!("{}/pro/dossier", self.site)
    }

    /// A professional's registration.
    pub(crate) fn registration(&self) -> String {
        format!("{}/pro/inscription", self.site)
    }

    /// The operator's dashboard.
    pub(crate) fn dashboard(&self) -> String {
        format!("{}/admin", self.site)
    }

    /// Where a token is used, and the token as it is stored. The page asks before it acts.
    pub(crate) fn token_link(&self, purpose: TokenPurpose) -> (String, Token) {
        let (word, path, hours) = match &purpose {
            TokenPurpose::ResumeRegistration(_) => {
                ("resume-registration", "/inscription/reprendre", 7 * 24)
            }
            TokenPurpose::JoinTeam { .. } => ("join-team", "/equipe/rejoindre", 7 * 24),
            TokenPurpose::Activate(_) => ("activate", "/activation", 72),
            TokenPurpose::ConfirmIdentifier { by, .. } => {
                let word = match by {
                    ConfirmedBy::Current => "confirm-current-identifier",
                    ConfirmedBy::Wanted => "confirm-wanted-identifier",
                };
                (word, "/changer-adresse", 72)
            }
            TokenPurpose::ProveDataRequest(_) => ("prove-data-request", "/mes-donnees", 7 * 24),
            TokenPurpose::Contest { .. } => ("contest", "/contester", 183 * 24),
            // The others have links of their own, or are never mailed: the shortest delay there is.
            TokenPurpose::ProveAddress(_) | TokenPurpose::Refresh { .. } => {
                ("prove-address", "/verifier-adresse", 1)
            }
        };
        self.link(word, path, hours, purpose)
    }

    /// Where an address is proved, by what is wished from it.
    pub(crate) fn proof_link(&self, wish: &Wish, purpose: TokenPurpose) -> (String, Token) {
        let (path, hours) = match wish {
            Wish::OpenClient { .. } => ("/verifier-adresse", 24),
            Wish::Register { .. } => ("/inscription/reprendre", 7 * 24),
            Wish::ResetPassword => ("/mot-de-passe", 1),
        };
        self.link("prove-address", path, hours, purpose)
    }

    fn link(&self, word: &str, path: &str, hours: i64, purpose: TokenPurpose) -> (String, Token) {
        let token = self.keys.derive(&format!("{word} {}", self.event));
        let link = format!("{}{path}?jeton={}", self.site, token.secret);
        let expires_at = self.now + SignedDuration::from_hours(hours);
        (
            link,
            Token {
                hash: token.hash,
                purpose,
                expires_at,
            },
        )
    }

    pub(crate) fn to_account(&self, account: &Account, letter: Letter) -> Notice {
        let first_name = account
            .client
            .as_ref()
            .map(|client| client.first_name.as_str());
        Notice {
            recipient: account.id.to_string(),
            to: account.email.clone(),
            letter: letter.to(first_name),
            token: None,
            papers: Vec::new(),
            managers_of: None,
        }
    }

    pub(crate) fn to_professional(&self, professional: &Professional, letter: Letter) -> Notice {
        Notice {
            recipient: professional.id.to_string(),
            to: professional.email.clone(),
            letter: letter.to(professional.profile.denomination.as_deref()),
            token: None,
            papers: Vec::new(),
            managers_of: None,
        }
    }

    /// To those who run a professional's day: its owner, and the managers of the team.
    pub(crate) fn to_office(&self, professional: &Professional, letter: Letter) -> Notice {
        Notice {
            managers_of: Some(professional.id.clone()),
            ..self.to_professional(professional, letter)
        }
    }

    /// To the operator, where there is a mailbox for it.
    pub(crate) fn to_operator(&self, letter: Letter) -> Option<Notice> {
        let to = self.operator?.clone();
        Some(Notice {
            recipient: "operator".to_owned(),
            to,
            letter,
            token: None,
            papers: Vec::new(),
            managers_of: None,
        })
    }
}

/// A text as an address carries it.
fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

impl Notice {
    /// The same for each manager, greeted by their own name.
    pub(crate) fn for_managers(&self, members: &Members) -> Vec<Self> {
        let managers = members.present();
        let managers =
            managers.filter(|one| one.role == MemberRole::Manager && one.email != self.to);
        let copy = |manager: &Member| Self {
            recipient: manager.account.to_string(),
            to: manager.email.clone(),
            letter: self.letter.clone().to(Some(&manager.first_name)),
            token: None,
            papers: self.papers.clone(),
            managers_of: None,
        };
        managers.map(copy).collect()
    }

    /// The same, recorded under an account or a registration.
    pub(crate) fn addressed_to(self, recipient: &str) -> Self {
        Self {
            recipient: recipient.to_owned(),
            ..self
        }
    }

    /// With files.
    pub(crate) fn with_papers(self, papers: Vec<KeptPaper>) -> Self {
        Self { papers, ..self }
    }

    pub(crate) fn carrying(self, token: Token) -> Self {
        Self {
            token: Some(token),
            ..self
        }
    }
}
