//! What the operator decides about a professional who may sell, and when it takes effect (terms,
//! articles 6, 8, 11 and 16; P2B regulation, article 4). Four decisions, never mixed up: hiding at
//! once; suspension or closure five days after the mail was sent; termination two months after it was
//! received; immediate termination. And a formal notice, which leaves thirty days from its reception
//! to put things right. A professional may also leave by themselves (articles 7 and 16).

use jiff::ToSpan as _;

use super::*;
use crate::offer::Offer;
use crate::retention::after_closure;

/// What an operator may announce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// The account stops for a time.
    Suspension,
    /// The account is closed (article 8).
    Closure,
    /// The contract ends with two months' notice (article 16).
    Termination,
    /// The contract ends at once (article 16.1): hidden now, closed five days later.
    ImmediateTermination,
    /// The professional leaves within five days (article 7).
    Departure,
    /// The professional leaves with two months' notice (article 16).
    Resignation,
}

impl MeasureKind {
    /// Every kind that the operator announces.
    pub const ALL: [Self; 4] = [
        Self::Suspension,
        Self::Closure,
        Self::Termination,
        Self::ImmediateTermination,
    ];

    /// Whether the professional asked for it: nobody else may announce it or take it back.
    pub fn is_own(self) -> bool {
        match self {
            Self::Departure | Self::Resignation => true,
            Self::Suspension | Self::Closure | Self::Termination | Self::ImmediateTermination => {
                false
            }
        }
    }

    /// Whether its delay runs from the moment the mail is received, not sent (article 16). What a
    /// professional writes here is received as it is written.
    pub fn counts_from_receipt(self) -> bool {
        self == Self::Termination
    }

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Suspension => "Suspension du compte",
            Self::Closure => "Fermeture du compte",
            Self::Termination => "Résiliation avec préavis de deux mois",
            Self::ImmediateTermination => "Résiliation immédiate",
            Self::Departure => "Désinscription demandée par le professionnel",
            Self::Resignation => {
                "Résiliation demandée par le professionnel, avec préavis de deux mois"
            }
        }
    }

    /// When it takes effect, its delay running from `start`: five days are 120 hours (article 8);
    /// two months are counted on the calendar in Paris (article 16).
    pub fn effective_at(self, start: Timestamp) -> Timestamp {
        match self {
            Self::Suspension | Self::Closure | Self::ImmediateTermination | Self::Departure => {
                start + jiff::SignedDuration::from_hours(120)
            }
            Self::Termination | Self::Resignation => {
                let local = paris::to_local(start);
                paris::local_to_utc(local.saturating_add(2.months()))
            }
        }
    }
}

/// Why (terms, articles 6, 8 and 16): one of these, and a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The service is disturbed.
    ServiceDisturbed,
    /// Somebody's rights are violated.
    RightsOfOthers,
    /// The platform's reputation is harmed.
    Reputation,
    /// The terms are not kept.
    TermsBroken,
    /// Credentials are misused (article 6).
    CredentialsMisused,
    /// A title or the insurance is missing.
    TitlesMissing,
    /// None of these: only with notice.
    Other,
    /// The professional's own wish.
    OwnWish,
}

impl Ground {
    /// Every ground that the operator gives.
    pub const ALL: [Self; 7] = [
        Self::ServiceDisturbed,
        Self::RightsOfOthers,
        Self::Reputation,
        Self::TermsBroken,
        Self::CredentialsMisused,
        Self::TitlesMissing,
        Self::Other,
    ];

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::ServiceDisturbed => "atteinte au bon fonctionnement du service",
            Self::RightsOfOthers => "atteinte aux droits de tiers",
            Self::Reputation => "atteinte à la réputation de la plateforme",
            Self::TermsBroken => "non-respect des conditions générales",
            Self::CredentialsMisused => "mésusage des identifiants",
            Self::TitlesMissing => "titre ou assurance manquant",
            Self::Other => "autre motif",
            Self::OwnWish => "souhait du professionnel",
        }
    }
}

impl Ground {
    /// What is done at once needs one of the grounds that the terms name (P2B regulation, article 4).
    fn check_without_notice(self) -> Result<(), StandingRefused> {
        match self {
            Self::Other | Self::OwnWish => Err(StandingRefused::GroundNeeded),
            Self::ServiceDisturbed
            | Self::RightsOfOthers
            | Self::Reputation
            | Self::TermsBroken
            | Self::CredentialsMisused
            | Self::TitlesMissing => Ok(()),
        }
    }
}

/// What becomes of missions already confirmed when an account closes. Requests that nobody answered
/// are refused in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LiveBookings {
    /// They take place.
    Keep,
    /// They are cancelled and clients are paid back.
    Refund,
}

/// A decision's reasons, as the professional reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reasons {
    /// Which.
    pub ground: Ground,
    /// In words.
    pub text: String,
}

/// Hidden at once, for as long as the operator leaves it so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hiding {
    /// Why.
    pub reasons: Reasons,
    /// Who decided.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// One offer hidden at once (article 11), for as long as the operator leaves it so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiddenOffer {
    /// Which.
    pub offer: OfferId,
    /// What it was called then.
    pub title: String,
    /// Its activity then; not written down by earlier releases.
    #[serde(default)]
    pub activity: Option<Activity>,
    /// Why.
    pub reasons: Reasons,
    /// Who decided.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// An announced decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Which.
    pub kind: MeasureKind,
    /// Why.
    pub reasons: Reasons,
    /// What becomes of confirmed missions.
    pub bookings: LiveBookings,
    /// Until when, for a suspension.
    pub until: Option<Timestamp>,
    /// Who decided.
    pub by: AccountId,
    /// When it was announced.
    pub announced_at: Timestamp,
    /// When it takes effect; at the earliest, while the mail's reception is not known.
    pub effective_at: Timestamp,
    /// When it took effect: it cannot be taken back any more.
    pub applied_at: Option<Timestamp>,
    /// Its mail, where the delay runs from its reception.
    #[serde(default)]
    pub receipt: Option<Receipt>,
}

/// Thirty days to put things right (article 16.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormalNotice {
    /// What is asked.
    pub text: String,
    /// Who gave it.
    pub by: AccountId,
    /// When.
    pub given_at: Timestamp,
    /// Until when; at the earliest, while the mail's reception is not known.
    pub due_at: Timestamp,
    /// Its mail: the delay runs from its reception. Absent from notices older than this rule.
    #[serde(default)]
    pub receipt: Option<Receipt>,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Decided {
    /// Everything was hidden at once.
    Hiding {
        /// Why.
        ground: Ground,
    },
    /// One offer was hidden at once.
    OfferHiding {
        /// What it was called then.
        title: String,
        /// Why.
        ground: Ground,
    },
    /// A measure was announced, or asked for.
    Measure {
        /// Which.
        kind: MeasureKind,
        /// Why.
        ground: Ground,
    },
    /// A formal notice was given.
    FormalNotice {
        /// What was asked.
        text: String,
    },
}

/// How a decision ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// The operator lifted it, in force.
    Lifted,
    /// The operator took it back before its effect.
    Revoked,
    /// Another one took its place.
    Replaced,
    /// Its time was over.
    Expired,
    /// The professional, who had asked for it, took it back.
    Withdrawn,
    /// Things were put right.
    Remedied,
}

/// A decision that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastDecision {
    /// What it was.
    pub decided: Decided,
    /// When it was decided.
    pub at: Timestamp,
    /// When it was over.
    pub over_at: Timestamp,
    /// How it ended.
    pub ended: Ended,
}

impl PastDecision {
    /// What it was, in the words that people read.
    pub fn what(&self) -> String {
        match &self.decided {
            Decided::Hiding { ground } => format!("Masquage : {}", ground.label()),
            Decided::OfferHiding { title, ground } => {
                format!("Masquage de l’offre « {title} » : {}", ground.label())
            }
            Decided::Measure { kind, ground } => format!("{} : {}", kind.label(), ground.label()),
            Decided::FormalNotice { text } => format!("Mise en demeure : {text}"),
        }
    }

    /// How it ended, in the words that people read.
    pub fn outcome(&self) -> &'static str {
        match (self.ended, &self.decided) {
            (Ended::Lifted, Decided::Hiding { .. } | Decided::OfferHiding { .. }) => "levé",
            (Ended::Lifted, Decided::Measure { .. } | Decided::FormalNotice { .. }) => "levée",
            (Ended::Revoked, _) => "révoquée",
            (Ended::Replaced, _) => "remplacée",
            (Ended::Expired, _) => "terminée",
            (Ended::Withdrawn, _) => "retirée par le professionnel",
            (Ended::Remedied, _) => "régularisée",
        }
    }
}

/// What the professional answers to a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// In the professional's words.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// What the operator answered, where the decision is maintained.
    #[serde(default)]
    pub answer: Option<AppealAnswer>,
}

/// The answer to an appeal: the decision is maintained. One that is lifted answers by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealAnswer {
    /// Why, as the professional reads it.
    pub text: String,
    /// Who answered.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// How to contest, in every mail about a decision.
const CONTEST: &str = "Vous pouvez contester cette décision depuis votre espace, page « Contester une décision », ou en écrivant à contact@monagentdesecu.com ; votre réclamation est examinée par une personne.";

/// The same in the mail that says that an account is closed: nobody signs in any more.
const CONTEST_BY_LINK: &str = "Vous pouvez contester cette décision par le lien de ce courriel, pendant six mois, ou en écrivant à contact@monagentdesecu.com ; votre réclamation est examinée par une personne.";

/// Every decision about a professional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Hidden at once.
    pub hiding: Option<Hiding>,
    /// Single offers hidden at once, oldest first.
    #[serde(default)]
    pub hidden_offers: Vec<HiddenOffer>,
    /// Announced, or in force.
    pub measure: Option<Measure>,
    /// A formal notice that runs.
    pub notice: Option<FormalNotice>,
    /// What the professional answered to the present decision.
    pub appeal: Option<Appeal>,
    /// Decisions that are over, oldest first.
    pub past: Vec<PastDecision>,
}

/// A step in a professional's standing, of which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StandingStep {
    /// Hidden at once.
    Hidden,
    /// Shown again: a hiding was lifted, or a suspension ended.
    ShownAgain,
    /// One offer was hidden at once.
    OfferHidden,
    /// An offer is shown again.
    OfferShownAgain,
    /// An offer waits for the operator, since another of its activity is hidden.
    OfferHeld,
    /// The operator let an offer that waited be published.
    OfferAllowed,
    /// A measure was announced.
    Announced,
    /// A measure was taken back before its effect, or lifted after it.
    Revoked,
    /// A measure took effect.
    Applied,
    /// A formal notice was given.
    NoticeGiven,
    /// The professional contested the present decision.
    Contested,
    /// The operator answered, and maintains the decision.
    AppealAnswered,
    /// The professional asked for the account to be closed.
    Leaving,
    /// The professional stays after all.
    Stayed,
}

/// Why a decision is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StandingRefused {
    /// Not accepted, or closed already.
    #[error("Ce professionnel n’a pas de compte ouvert.")]
    NotOpen,
    /// Hidden already.
    #[error("Ce professionnel est déjà masqué.")]
    AlreadyHidden,
    /// Not hidden.
    #[error("Ce professionnel n’est pas masqué.")]
    NotHidden,
    /// This offer is hidden already.
    #[error("Cette offre est déjà masquée.")]
    OfferAlreadyHidden,
    /// This offer is not hidden.
    #[error("Cette offre n’est pas masquée.")]
    OfferNotHidden,
    /// The professional may not publish what the operator hid.
    #[error(
        "Cette offre est masquée par la plateforme : vous pouvez contester cette décision depuis votre espace."
    )]
    OfferHidden,
    /// Another measure runs.
    #[error("Une mesure est déjà annoncée : révoquez-la d’abord.")]
    MeasureRunning,
    /// No measure runs.
    #[error("Aucune mesure n’est annoncée.")]
    NoMeasure,
    /// It took effect.
    #[error("Cette mesure a pris effet : elle ne peut plus être révoquée.")]
    TookEffect,
    /// A notice runs.
    #[error("Une mise en demeure court déjà.")]
    NoticeRunning,
    /// No notice runs.
    #[error("Aucune mise en demeure ne court.")]
    NoNotice,
    /// A suspension ends after it begins.
    #[error("La fin de la suspension doit suivre sa prise d’effet.")]
    EndsTooEarly,
    /// A ground is needed without notice (P2B regulation, article 4).
    #[error("Sans préavis de deux mois, il faut l’un des motifs prévus.")]
    GroundNeeded,
    /// Nothing to contest.
    #[error("Il n’y a pas de décision à contester.")]
    NothingToContest,
    /// One appeal runs already.
    #[error("Vous avez déjà contesté cette décision : nous vous répondrons.")]
    ContestedAlready,
    /// No appeal waits for an answer.
    #[error("Aucune contestation n’attend de réponse.")]
    NoAppeal,
    /// The professional alone asks for it, and takes it back.
    #[error("Seul le professionnel peut demander la fermeture de son compte ou y renoncer.")]
    OwnWish,
    /// A measure is announced or asked for already.
    #[error("Une mesure concernant votre compte est déjà annoncée ou demandée.")]
    EndsAlready,
    /// The professional did not ask to leave, or has left.
    #[error("Vous n’avez pas demandé la fermeture de votre compte.")]
    NotLeaving,
    /// No delay waits for a mail to be received.
    #[error("Aucune notification n’attend sa date de réception.")]
    NoReceiptAwaited,
    /// Received before it was sent, or in the future.
    #[error("La réception ne peut ni précéder l’envoi, ni être à venir.")]
    ReceiptImpossible,
}

impl StandingRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotOpen => "professional_not_open",
            Self::AlreadyHidden => "already_hidden",
            Self::NotHidden => "not_hidden",
            Self::OfferAlreadyHidden => "offer_already_hidden",
            Self::OfferNotHidden => "offer_not_hidden",
            Self::OfferHidden => "offer_hidden",
            Self::MeasureRunning => "measure_running",
            Self::NoMeasure => "no_measure",
            Self::TookEffect => "measure_took_effect",
            Self::NoticeRunning => "notice_running",
            Self::NoNotice => "no_notice",
            Self::EndsTooEarly => "suspension_ends_too_early",
            Self::GroundNeeded => "ground_needed",
            Self::NothingToContest => "nothing_to_contest",
            Self::ContestedAlready => "contested_already",
            Self::NoAppeal => "no_appeal",
            Self::OwnWish => "own_wish",
            Self::EndsAlready => "ends_already",
            Self::NotLeaving => "not_leaving",
            Self::NoReceiptAwaited => "no_receipt_awaited",
            Self::ReceiptImpossible => "receipt_impossible",
        }
    }
}

impl Standing {
    /// Whether the professional is offline now.
    fn is_offline(&self) -> bool {
        let by_measure = self.measure.as_ref().is_some_and(|measure| {
            measure.applied_at.is_some() || measure.kind == MeasureKind::ImmediateTermination
        });
        self.hiding.is_some() || by_measure
    }

    /// The measure that keeps the account from signing in, once it took effect.
    pub fn bars_sign_in(&self) -> Option<&Measure> {
        self.measure
            .as_ref()
            .filter(|measure| measure.applied_at.is_some())
    }

    /// When the sweep has something to do: a measure takes effect, or a suspension ends. Nothing takes
    /// effect while it is not known that its mail was received.
    pub fn next_due(&self) -> Option<Timestamp> {
        let measure = self.measure.as_ref()?;
        match measure.applied_at {
            None => Some(measure.effective_at).filter(|_| !measure.awaits_receipt()),
            Some(_) => measure.until,
        }
    }

    /// What the professional asked for by themselves and has not happened yet.
    pub fn leaving(&self) -> Option<&Measure> {
        self.measure
            .as_ref()
            .filter(|measure| measure.kind.is_own() && measure.applied_at.is_none())
    }

    /// What the operator decided, whatever else ends the account.
    fn operators_measure(&self) -> Option<&Measure> {
        self.measure.as_ref().filter(|one| !one.kind.is_own())
    }

    /// Whether somebody has to bring a notification by other means: its mail came back, or nobody
    /// knows after a day whether it arrived.
    pub fn needs_delivery(&self, now: Timestamp) -> bool {
        let measure = self
            .measure
            .as_ref()
            .is_some_and(|one| one.needs_delivery(now));
        let notice = self
            .notice
            .as_ref()
            .is_some_and(|one| one.needs_delivery(now));
        measure || notice
    }

    /// The appeal that waits for the operator's answer.
    pub fn awaits_answer(&self) -> Option<&Appeal> {
        self.appeal
            .as_ref()
            .filter(|appeal| appeal.answer.is_none())
    }

    /// Whether there is a decision of the operator that can be contested.
    fn is_contestable(&self) -> bool {
        self.hiding.is_some()
            || !self.hidden_offers.is_empty()
            || self.notice.is_some()
            || self.operators_measure().is_some()
    }

    /// Whether the operator hid this offer.
    pub fn hides(&self, offer: &OfferId) -> bool {
        self.hidden_offers.iter().any(|one| one.offer == *offer)
    }

    /// The activities of the offers that the operator hides. Of those hidden by an earlier release, the
    /// offer itself says which, among `offers`.
    pub fn hidden_activities(&self, offers: &[Offer]) -> Vec<Activity> {
        let hidden = self.hidden_offers.iter();
        let activities = hidden.filter_map(|hidden| {
            let now = offers.iter().find(|offer| offer.id == hidden.offer);
            hidden
                .activity
                .or_else(|| now.map(|offer| offer.terms.activity))
        });
        activities.collect()
    }

    /// A decision is over. What was answered to it goes with it, unless another decision remains that
    /// it may be about.
    fn end(&mut self, decided: Decided, at: Timestamp, now: Timestamp, ended: Ended) {
        self.past.push(PastDecision {
            decided,
            at,
            over_at: now,
            ended,
        });
        if !self.is_contestable() {
            self.appeal = None;
        }
    }
}

impl Professional {
    fn check_open(&self) -> Result<(), StandingRefused> {
        if self.status == ProfessionalStatus::Accepted {
            Ok(())
        } else {
            Err(StandingRefused::NotOpen)
        }
    }

    /// What the public sees follows what was decided.
    fn follow_standing(&mut self, now: Timestamp) {
        self.hidden_at = self
            .standing
            .is_offline()
            .then(|| self.hidden_at.unwrap_or(now));
    }

    /// Hides everything at once; confirmed missions go on.
    pub fn hide(
        &mut self,
        reasons: Reasons,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), StandingRefused> {
        self.check_open()?;
        reasons.ground.check_without_notice()?;
        if self.standing.hiding.is_some() {
            return Err(StandingRefused::AlreadyHidden);
        }
        self.standing.hiding = Some(Hiding {
            reasons,
            by: by.clone(),
            at: now,
        });
        self.follow_standing(now);
        Ok(())
    }

    /// Ends the hiding.
    pub fn show_again(&mut self, now: Timestamp) -> Result<(), StandingRefused> {
        let hiding = self
            .standing
            .hiding
            .take()
            .ok_or(StandingRefused::NotHidden)?;
        let ground = hiding.reasons.ground;
        let decided = Decided::Hiding { ground };
        self.standing.end(decided, hiding.at, now, Ended::Lifted);
        self.follow_standing(now);
        Ok(())
    }

    /// Hides one offer at once; the others, and confirmed missions, go on.
    pub fn hide_offer(
        &mut self,
        offer: &Offer,
        reasons: Reasons,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), StandingRefused> {
        self.check_open()?;
        reasons.ground.check_without_notice()?;
        if self.standing.hides(&offer.id) {
            return Err(StandingRefused::OfferAlreadyHidden);
        }
        self.standing.hidden_offers.push(HiddenOffer {
            offer: offer.id.clone(),
            title: offer.terms.title.clone(),
            activity: Some(offer.terms.activity),
            reasons,
            by: by.clone(),
            at: now,
        });
        Ok(())
    }

    /// Ends the hiding of one offer.
    pub fn show_offer_again(
        &mut self,
        offer: &OfferId,
        now: Timestamp,
    ) -> Result<(), StandingRefused> {
        let hidden = &mut self.standing.hidden_offers;
        let place = hidden.iter().position(|one| one.offer == *offer);
        let over = hidden.remove(place.ok_or(StandingRefused::OfferNotHidden)?);
        let decided = Decided::OfferHiding {
            title: over.title,
            ground: over.reasons.ground,
        };
        self.standing.end(decided, over.at, now, Ended::Lifted);
        Ok(())
    }

    /// Announces a measure, to take effect when its kind says.
    pub fn announce(
        &mut self,
        kind: MeasureKind,
        reasons: Reasons,
        bookings: LiveBookings,
        until: Option<Timestamp>,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), StandingRefused> {
        self.check_open()?;
        if kind.is_own() || reasons.ground == Ground::OwnWish {
            return Err(StandingRefused::OwnWish);
        }
        if self.standing.operators_measure().is_some() {
            return Err(StandingRefused::MeasureRunning);
        }
        if reasons.ground == Ground::Other && kind != MeasureKind::Termination {
            return Err(StandingRefused::GroundNeeded);
        }
        let effective_at = kind.effective_at(now);
        let until = until.filter(|_| kind == MeasureKind::Suspension);
        if until.is_some_and(|until| until <= effective_at) {
            return Err(StandingRefused::EndsTooEarly);
        }
        // A professional who leaves does not escape a decision.
        self.end_measure(now, Ended::Replaced);
        self.standing.measure = Some(Measure {
            kind,
            reasons,
            bookings,
            until,
            by: by.clone(),
            announced_at: now,
            effective_at,
            applied_at: None,
            receipt: kind.counts_from_receipt().then(Receipt::default),
        });
        self.follow_standing(now);
        Ok(())
    }

    /// Takes a measure back; once it took effect, only a suspension can be lifted, or what the
    /// professional contests with good reason: the account is opened again.
    pub fn revoke(&mut self, now: Timestamp) -> Result<(), StandingRefused> {
        let measure = self
            .standing
            .measure
            .as_ref()
            .ok_or(StandingRefused::NoMeasure)?;
        if measure.kind.is_own() {
            return Err(StandingRefused::OwnWish);
        }
        let contested = self.standing.awaits_answer().is_some();
        let in_force = measure.applied_at.is_some();
        if in_force && measure.kind != MeasureKind::Suspension {
            if !contested {
                return Err(StandingRefused::TookEffect);
            }
            self.status = ProfessionalStatus::Accepted;
        }
        let ended = if in_force {
            Ended::Lifted
        } else {
            Ended::Revoked
        };
        self.end_measure(now, ended);
        Ok(())
    }

    pub(super) fn end_measure(&mut self, now: Timestamp, ended: Ended) {
        if let Some(measure) = self.standing.measure.take() {
            let decided = Decided::Measure {
                kind: measure.kind,
                ground: measure.reasons.ground,
            };
            self.standing.end(decided, measure.announced_at, now, ended);
        }
        self.follow_standing(now);
    }

    /// Does what is due at `now`, once: however late, twice, or twice at the same time on what was
    /// stored.
    pub fn apply_due(&mut self, now: Timestamp) -> Option<StandingStep> {
        if self.standing.next_due().is_none_or(|due| now < due) {
            return None;
        }
        let measure = self.standing.measure.as_mut()?;
        if measure.applied_at.is_some() {
            self.end_measure(now, Ended::Expired);
            return Some(StandingStep::ShownAgain);
        }
        measure.applied_at = Some(now);
        if measure.kind != MeasureKind::Suspension {
            self.status = ProfessionalStatus::Closed;
        }
        self.follow_standing(now);
        Some(StandingStep::Applied)
    }

    /// Gives thirty days to put things right.
    pub fn give_notice(
        &mut self,
        text: String,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), StandingRefused> {
        self.check_open()?;
        if self.standing.notice.is_some() {
            return Err(StandingRefused::NoticeRunning);
        }
        self.standing.notice = Some(FormalNotice {
            text,
            by: by.clone(),
            given_at: now,
            due_at: FormalNotice::due_at(now),
            receipt: Some(Receipt::default()),
        });
        Ok(())
    }

    /// Ends the notice: things were put right.
    pub fn close_notice(&mut self, now: Timestamp) -> Result<(), StandingRefused> {
        let notice = self
            .standing
            .notice
            .take()
            .ok_or(StandingRefused::NoNotice)?;
        let decided = Decided::FormalNotice { text: notice.text };
        let ended = Ended::Remedied;
        self.standing.end(decided, notice.given_at, now, ended);
        Ok(())
    }

    /// The professional contests the present decision (P2B regulation, article 11).
    pub fn contest(&mut self, text: String, now: Timestamp) -> Result<(), StandingRefused> {
        let standing = &self.standing;
        if !standing.is_contestable() {
            return Err(StandingRefused::NothingToContest);
        }
        if standing.awaits_answer().is_some() {
            return Err(StandingRefused::ContestedAlready);
        }
        self.standing.appeal = Some(Appeal {
            text,
            at: now,
            answer: None,
        });
        Ok(())
    }

    /// The operator examined the appeal and maintains the decision.
    pub fn answer_appeal(
        &mut self,
        text: String,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), StandingRefused> {
        let appeal = self.standing.appeal.as_mut();
        let appeal = appeal.filter(|appeal| appeal.answer.is_none());
        appeal.ok_or(StandingRefused::NoAppeal)?.answer = Some(AppealAnswer {
            text,
            by: by.clone(),
            at: now,
        });
        Ok(())
    }

    /// What the professional was told of what is decided now, paragraph by paragraph.
    pub fn present_decision(&self) -> Vec<String> {
        let standing = &self.standing;
        let measure = standing.operators_measure();
        let applied = measure.is_some_and(|measure| measure.applied_at.is_some());
        let steps = [
            (standing.hiding.is_some(), StandingStep::Hidden),
            (
                !standing.hidden_offers.is_empty(),
                StandingStep::OfferHidden,
            ),
            (measure.is_some() && !applied, StandingStep::Announced),
            (applied, StandingStep::Applied),
            (standing.notice.is_some(), StandingStep::NoticeGiven),
        ];
        let told = steps.into_iter().filter(|(present, _)| *present);
        let mut paragraphs: Vec<String> = told
            .flat_map(|(_, step)| self.told_of(step, Timestamp::MIN))
            .collect();
        paragraphs.retain(|paragraph| paragraph != CONTEST && paragraph != CONTEST_BY_LINK);
        paragraphs
    }

    /// Whether a mission that ends at `end` comes after the end that was announced.
    pub fn ends_before(&self, end: Timestamp) -> bool {
        self.standing
            .measure
            .as_ref()
            .is_some_and(|measure| measure.effective_at < end && !measure.ends_by(end))
    }

    /// From when on, and until when where it is known, missions are refused because an end was announced.
    pub fn announced_absence(&self) -> Option<(Timestamp, Option<Timestamp>)> {
        let measure = self.standing.measure.as_ref()?;
        Some((measure.effective_at, measure.until))
    }

    /// Whether the measure that was taken back last had taken effect before.
    pub fn was_lifted_last(&self) -> bool {
        let of_measures = |past: &&PastDecision| matches!(past.decided, Decided::Measure { .. });
        let mut taken_back = self.standing.past.iter().rev().filter(of_measures);
        taken_back
            .find(|past| matches!(past.ended, Ended::Revoked | Ended::Lifted))
            .is_some_and(|past| past.ended == Ended::Lifted)
    }

    /// What the public sees once one decision is over: another one may still hide everything.
    fn visible_again(&self) -> String {
        if self.hidden_at.is_some() {
            "Cette décision est levée, mais une autre, qui vous a été notifiée, masque encore votre page et vos offres.".to_owned()
        } else {
            "Votre page et vos offres sont de nouveau visibles et réservables.".to_owned()
        }
    }

    /// What the professional is told of a step made at `since`, paragraph by paragraph: the mail, and its
    /// preview. What else ended since then is told with it.
    pub fn told_of(&self, step: StandingStep, since: Timestamp) -> Vec<String> {
        let reasons =
            |reasons: &Reasons| format!("Motif : {}. {}", reasons.ground.label(), reasons.text);
        let contest = CONTEST.to_owned();
        let when = paris::french_date_time;
        match step {
            StandingStep::Hidden => self.standing.hiding.iter().flat_map(|hiding| [
                "Votre page et vos offres ne sont plus visibles, et aucune nouvelle réservation ne peut vous parvenir. Les missions confirmées restent à votre charge.".to_owned(),
                reasons(&hiding.reasons),
                contest.clone(),
            ]).collect(),
            StandingStep::ShownAgain => vec![self.visible_again()],
            StandingStep::OfferHidden if self.standing.hidden_offers.is_empty() => Vec::new(),
            // Every hidden offer is told of: two decisions may be a moment apart.
            StandingStep::OfferHidden => self.standing.hidden_offers.iter().flat_map(|hidden| [
                format!("Votre offre « {} » n’est plus visible et ne peut plus être réservée. Vos autres offres ne changent pas ; les missions confirmées restent à votre charge.", hidden.title),
                reasons(&hidden.reasons),
            ]).chain([contest.clone()]).collect(),
            // Two offers may be shown again before the mail is written.
            StandingStep::OfferShownAgain => {
                let over = self.standing.past.iter().filter(|past| past.over_at >= since);
                over.filter(|past| matches!(past.decided, Decided::OfferHiding { .. }))
                    .map(|past| format!("{}. Cette décision est levée : l’offre est de nouveau publiée.", past.what()))
                    .collect()
            }
            // The operator is told, and the professional's own page.
            StandingStep::OfferHeld => Vec::new(),
            StandingStep::OfferAllowed => vec!["L’offre dont la publication attendait notre décision est publiée : elle est visible et réservable.".to_owned()],
            StandingStep::Revoked => if self.was_lifted_last() {
                vec!["La mesure qui touchait votre compte est levée : toutes vos pages s’ouvrent de nouveau.".to_owned(), self.visible_again()]
            } else {
                vec!["La mesure qui vous avait été annoncée est révoquée : elle ne prendra pas effet.".to_owned()]
            },
            StandingStep::Announced => self.standing.measure.iter().flat_map(|measure| {
                let effect = match (measure.kind, measure.until) {
                    (MeasureKind::Suspension, Some(until)) => format!("Votre compte sera suspendu le {}, jusqu’au {}.", when(measure.effective_at), when(until)),
                    (MeasureKind::Suspension, None) => format!("Votre compte sera suspendu le {}.", when(measure.effective_at)),
                    (MeasureKind::Closure, _) => format!("Votre compte sera fermé le {}.", when(measure.effective_at)),
                    (MeasureKind::Termination, _) if measure.awaits_receipt() => format!("Nous mettons fin à notre contrat, avec un préavis de deux mois qui court dès la réception de ce courriel. Il prendra donc fin au plus tôt le {} : seules les missions terminées avant cette date peuvent être réservées. Votre espace affiche la date définitive dès que la réception est établie.", when(measure.effective_at)),
                    (MeasureKind::Termination, _) => format!("Nous mettons fin à notre contrat. Il prendra fin le {}, deux mois après la réception de notre courriel ; d’ici là, seules les missions terminées avant cette date peuvent être réservées.", when(measure.effective_at)),
                    (MeasureKind::ImmediateTermination, _) => format!("Nous mettons fin à notre contrat. Votre page et vos offres sont masquées dès maintenant ; votre compte sera fermé le {}.", when(measure.effective_at)),
                    (MeasureKind::Departure | MeasureKind::Resignation, _) => format!("Votre compte sera fermé le {}.", when(measure.effective_at)),
                };
                [effect, reasons(&measure.reasons), measure.bookings.told().to_owned(), contest.clone()]
            }).collect(),
            StandingStep::Leaving => self.standing.leaving().into_iter().flat_map(|measure| [
                match measure.kind {
                    MeasureKind::Resignation => format!("Vous résiliez notre contrat avec un préavis de deux mois : votre compte sera fermé le {}. D’ici là, seules les missions terminées avant cette date peuvent être réservées.", when(measure.effective_at)),
                    _ => format!("Vous avez demandé votre désinscription : votre compte sera fermé le {}.", when(measure.effective_at)),
                },
                measure.bookings.told().to_owned(),
                "Vous pouvez y renoncer jusque-là depuis votre espace, page « Mon compte ». Cette demande n’est pas de vous ? Changez votre mot de passe et écrivez-nous.".to_owned(),
            ]).collect(),
            StandingStep::Stayed => vec!["Vous avez renoncé à fermer votre compte : il reste ouvert et rien n’a changé.".to_owned()],
            StandingStep::Applied => self.standing.measure.iter().flat_map(|measure| {
                let effect = match measure.kind {
                    MeasureKind::Suspension => "Votre compte est suspendu : vous vous connectez encore pour lire cette décision et y répondre, vos autres pages ne s’ouvrent plus, et rien de ce qui vous concerne n’est visible.",
                    MeasureKind::Closure | MeasureKind::Termination | MeasureKind::ImmediateTermination => "Votre compte est fermé.",
                    MeasureKind::Departure | MeasureKind::Resignation => return vec!["Votre compte est fermé, comme vous l’avez demandé.".to_owned(), after_closure()],
                };
                let kept = (measure.kind != MeasureKind::Suspension).then(after_closure);
                std::iter::once(effect.to_owned()).chain(kept).chain([reasons(&measure.reasons), CONTEST_BY_LINK.to_owned()]).collect()
            }).collect(),
            StandingStep::NoticeGiven => self.standing.notice.iter().flat_map(|notice| [
                if notice.awaits_receipt() {
                    format!("Vous êtes mis en demeure de régulariser votre situation dans les trente jours qui suivent la réception de ce courriel, soit au plus tôt le {}.", when(notice.due_at))
                } else {
                    format!("Vous êtes mis en demeure de régulariser votre situation avant le {}.", when(notice.due_at))
                },
                notice.text.clone(),
                "Sans régularisation à cette date, le contrat pourra être résilié sans autre préavis.".to_owned(),
                contest.clone(),
            ]).collect(),
            StandingStep::Contested => self.standing.appeal.iter().flat_map(|appeal| [
                format!("Votre contestation du {} nous est parvenue. Une personne l’examine et vous répond par courriel.", when(appeal.at)),
                appeal.text.clone(),
            ]).collect(),
            StandingStep::AppealAnswered => self.standing.appeal.iter().filter_map(|appeal| appeal.answer.as_ref()).flat_map(|answer| [
                "Nous avons examiné votre contestation. La décision est maintenue.".to_owned(),
                answer.text.clone(),
                "Vous pouvez encore saisir un médiateur ou le tribunal de commerce de Paris.".to_owned(),
            ]).collect(),
        }
    }
}

impl Measure {
    /// Whether a suspension is over at `moment`.
    fn ends_by(&self, moment: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= moment)
    }
}

impl LiveBookings {
    /// What the professional reads of it.
    fn told(self) -> &'static str {
        match self {
            Self::Keep => {
                "Les missions déjà confirmées ont lieu et vous sont payées. Les demandes restées sans réponse seront refusées."
            }
            Self::Refund => {
                "Les missions confirmées qui n’auront pas commencé seront annulées et remboursées aux clients."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::legal;
    use crate::ids::TypedId as _;

    const ULID: &str = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn by() -> AccountId {
        AccountId::from_ulid(ULID)
    }

    fn reasons(ground: Ground) -> Reasons {
        Reasons {
            ground,
            text: "Trois absences en un mois.".to_owned(),
        }
    }

    fn open() -> Professional {
        let now = at("2026-11-23T10:00:00Z");
        let accepted = Acceptance::of(legal::TERMS_PROFESSIONALS, now, "", "");
        let email = Email::parse("chef@exemple.fr").unwrap();
        Professional {
            status: ProfessionalStatus::Accepted,
            ..Professional::begin(ProfessionalId::from_ulid(ULID), email, accepted)
        }
    }

    fn announce(kind: MeasureKind, now: Timestamp) -> Professional {
        let mut one = open();
        let ground = reasons(Ground::TermsBroken);
        one.announce(kind, ground, LiveBookings::Keep, None, &by(), now)
            .unwrap();
        one
    }

    #[test]
    fn each_measure_takes_effect_when_the_terms_say() {
        // The clocks change on the last Sunday of October: two months are two months in Paris.
        for (kind, announced, effective) in [
            (
                MeasureKind::Suspension,
                "2026-11-23T10:00:00Z",
                "2026-11-28T10:00:00Z",
            ),
            (
                MeasureKind::Closure,
                "2026-10-22T10:00:00Z",
                "2026-10-27T10:00:00Z",
            ),
            (
                MeasureKind::Termination,
                "2026-09-23T10:00:00Z",
                "2026-11-23T11:00:00Z",
            ),
            (
                MeasureKind::Termination,
                "2026-12-31T10:00:00Z",
                "2027-02-28T10:00:00Z",
            ),
            (
                MeasureKind::ImmediateTermination,
                "2026-11-23T10:00:00Z",
                "2026-11-28T10:00:00Z",
            ),
        ] {
            assert_eq!(kind.effective_at(at(announced)), at(effective), "{kind:?}");
        }
    }

    #[test]
    fn a_measure_applies_once_and_not_early() {
        let now = at("2026-11-23T10:00:00Z");
        for kind in MeasureKind::ALL {
            let mut one = announce(kind, now);
            one.name_mail(StandingStep::Announced, "evt_1");
            one.mail_told("evt_1", Arrival::Arrived(now), now);
            let effect = kind.effective_at(now);
            let hidden_at_once = kind == MeasureKind::ImmediateTermination;
            assert_eq!(one.hidden_at.is_some(), hidden_at_once, "{kind:?}");
            let early = effect - jiff::SignedDuration::from_secs(1);
            assert_eq!(one.apply_due(early), None);
            assert_eq!(one.standing.bars_sign_in(), None);
            let late = effect + jiff::SignedDuration::from_hours(50);
            assert_eq!(one.apply_due(late), Some(StandingStep::Applied));
            assert_eq!(one.apply_due(late), None);
            assert!(one.hidden_at.is_some() && one.standing.bars_sign_in().is_some());
            let closed = kind != MeasureKind::Suspension;
            assert_eq!(one.status == ProfessionalStatus::Closed, closed, "{kind:?}");
            assert_eq!(one.revoke(late).is_err(), closed, "{kind:?}");
        }
    }

    #[test]
    fn a_measure_taken_back_in_time_never_applies() {
        let now = at("2026-11-23T10:00:00Z");
        let mut one = announce(MeasureKind::ImmediateTermination, now);
        one.revoke(now).unwrap();
        assert_eq!(one.hidden_at, None);
        assert_eq!(one.apply_due(at("2027-11-23T10:00:00Z")), None);
        assert_eq!(one.revoke(now), Err(StandingRefused::NoMeasure));
        assert_eq!(one.standing.past.len(), 1);
    }

    #[test]
    fn a_suspension_ends_by_itself() {
        let now = at("2026-11-23T10:00:00Z");
        let mut one = open();
        let until = Some(at("2026-12-23T10:00:00Z"));
        let ground = || reasons(Ground::Reputation);
        let keep = LiveBookings::Keep;
        let early = Some(at("2026-11-24T10:00:00Z"));
        assert_eq!(
            one.announce(MeasureKind::Suspension, ground(), keep, early, &by(), now),
            Err(StandingRefused::EndsTooEarly)
        );
        one.announce(MeasureKind::Suspension, ground(), keep, until, &by(), now)
            .unwrap();
        assert_eq!(
            one.apply_due(at("2026-11-28T10:00:00Z")),
            Some(StandingStep::Applied)
        );
        assert_eq!(
            one.apply_due(at("2026-12-23T10:00:00Z")),
            Some(StandingStep::ShownAgain)
        );
        assert_eq!((one.hidden_at, one.standing.next_due()), (None, None));
    }

    #[test]
    fn a_closure_that_is_contested_with_good_reason_is_undone() {
        let now = at("2026-11-23T10:00:00Z");
        for kind in MeasureKind::ALL {
            let mut one = announce(kind, now);
            let effect = at("2027-03-01T10:00:00Z");
            one.name_mail(StandingStep::Announced, "evt_1");
            one.mail_told("evt_1", Arrival::Arrived(now), now);
            assert_eq!(one.apply_due(effect), Some(StandingStep::Applied));
            let told = one
                .told_of(StandingStep::Applied, Timestamp::MIN)
                .join("\n");
            assert!(told.contains("lien de ce courriel"), "{told}");
            let text = || "Les trois absences étaient couvertes.".to_owned();
            one.contest(text(), effect).unwrap();
            assert_eq!(
                one.contest(text(), effect),
                Err(StandingRefused::ContestedAlready)
            );
            one.revoke(effect).unwrap();
            assert_eq!(one.status, ProfessionalStatus::Accepted);
            assert_eq!((one.hidden_at, one.standing.bars_sign_in()), (None, None));
        }
    }

    #[test]
    fn hiding_is_at_once_and_outlives_a_revoked_measure() {
        let now = at("2026-11-23T10:00:00Z");
        let mut one = announce(MeasureKind::ImmediateTermination, now);
        one.hide(reasons(Ground::RightsOfOthers), &by(), now)
            .unwrap();
        assert_eq!(
            one.hide(reasons(Ground::RightsOfOthers), &by(), now),
            Err(StandingRefused::AlreadyHidden)
        );
        one.revoke(now).unwrap();
        assert!(one.hidden_at.is_some());
        one.show_again(now).unwrap();
        assert_eq!(one.hidden_at, None);
        assert_eq!(one.show_again(now), Err(StandingRefused::NotHidden));
        let why = reasons(Ground::Other);
        assert_eq!(
            one.hide(why, &by(), now),
            Err(StandingRefused::GroundNeeded)
        );
    }

    fn offer_called(title: &str, id: &OfferId, of: &Professional) -> Offer {
        let now = at("2026-11-23T10:00:00Z");
        serde_json::from_value(serde_json::json!({
            "id": id, "professional": of.id, "status": "published", "published_at": now, "updated_at": now,
            "terms": {
                "title": title, "activity": "dog_handling", "description": "Rondes avec un chien.",
                "modalities": ["Rondes"], "departments": ["69"], "minimum_hours": 4, "notice_hours": 24,
                "maximum_agents": 1, "rates": { "day": 2800, "night": 3080, "sunday": 3080, "holiday": 5600 },
                "cancellation": "moderate",
            },
        }))
        .unwrap()
    }

    #[test]
    fn one_offer_is_hidden_beside_others_and_can_be_contested() {
        let now = at("2026-11-23T10:00:00Z");
        let offer = OfferId::from_ulid(ULID);
        let mut one = open();
        let sold = offer_called("Chiens de garde", &offer, &one);
        let hide = |one: &mut Professional| {
            let why = reasons(Ground::RightsOfOthers);
            one.hide_offer(&sold, why, &by(), now)
        };
        assert_eq!(hide(&mut one), Ok(()));
        assert_eq!(hide(&mut one), Err(StandingRefused::OfferAlreadyHidden));
        assert!(one.standing.hides(&offer));
        assert_eq!(one.standing.hidden_activities(&[]), [Activity::DogHandling]);
        // Written down before activities were: the offer itself says which.
        let mut older = one.standing.clone();
        older.hidden_offers[0].activity = None;
        assert_eq!(older.hidden_activities(&[]), []);
        assert_eq!(
            older.hidden_activities(std::slice::from_ref(&sold)),
            [Activity::DogHandling]
        );
        assert_eq!(one.hidden_at, None, "everything else stays");
        let told = one
            .told_of(StandingStep::OfferHidden, Timestamp::MIN)
            .join("\n");
        assert!(
            told.contains("« Chiens de garde »") && told.contains("contester"),
            "{told}"
        );
        assert!(one.present_decision().join("\n").contains("Chiens"));
        one.contest("Ces chiens sont les nôtres.".to_owned(), now)
            .unwrap();
        one.show_offer_again(&offer, now).unwrap();
        assert_eq!(
            one.show_offer_again(&offer, now),
            Err(StandingRefused::OfferNotHidden)
        );
        assert_eq!(one.standing.appeal, None, "lifted, it is answered");
        let told = one
            .told_of(StandingStep::OfferShownAgain, Timestamp::MIN)
            .join("\n");
        assert!(told.contains("« Chiens de garde »"), "{told}");
    }

    #[test]
    fn every_offer_that_is_shown_again_since_a_decision_is_named() {
        let [before, first, second] = [
            "2026-11-23T10:00:00Z",
            "2026-11-24T10:00:00Z",
            "2026-11-24T10:00:01Z",
        ]
        .map(at);
        let offers = ["Rondes de nuit", "Chiens de garde", "Accueil"];
        let mut one = open();
        let id = |place: usize| OfferId::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S6A{place}"));
        for (place, title) in offers.iter().enumerate() {
            let why = reasons(Ground::RightsOfOthers);
            let offer = offer_called(title, &id(place), &one);
            one.hide_offer(&offer, why, &by(), before).unwrap();
        }
        for (place, now) in [before, first, second].into_iter().enumerate() {
            one.show_offer_again(&id(place), now).unwrap();
        }
        let told = |since| one.told_of(StandingStep::OfferShownAgain, since).join("\n");
        for (since, named) in [(first, [false, true, true]), (second, [false, false, true])] {
            assert_eq!(
                offers.map(|title| told(since).contains(title)),
                named,
                "{}",
                told(since)
            );
        }
    }

    #[test]
    fn the_past_is_told_in_words() {
        let now = at("2026-11-23T10:00:00Z");
        let mut one = announce(MeasureKind::Termination, now);
        one.revoke(now).unwrap();
        one.hide(reasons(Ground::RightsOfOthers), &by(), now)
            .unwrap();
        one.show_again(now).unwrap();
        one.give_notice("Fournissez l’attestation.".to_owned(), &by(), now)
            .unwrap();
        one.close_notice(now).unwrap();
        one.leave(Departing::InFiveDays, &by(), now).unwrap();
        one.stay(now).unwrap();
        let past = one.standing.past.iter();
        let told: Vec<String> = past
            .map(|past| format!("{}, {}", past.what(), past.outcome()))
            .collect();
        assert_eq!(
            told,
            [
                "Résiliation avec préavis de deux mois : non-respect des conditions générales, révoquée",
                "Masquage : atteinte aux droits de tiers, levé",
                "Mise en demeure : Fournissez l’attestation., régularisée",
                "Désinscription demandée par le professionnel : souhait du professionnel, retirée par le professionnel",
            ]
        );
    }

    #[test]
    fn an_appeal_outlives_the_end_of_another_decision() {
        let now = at("2026-11-23T10:00:00Z");
        let mut one = announce(MeasureKind::Closure, now);
        one.hide(reasons(Ground::RightsOfOthers), &by(), now)
            .unwrap();
        one.contest("Les trois absences étaient couvertes.".to_owned(), now)
            .unwrap();
        one.show_again(now).unwrap();
        assert!(one.standing.awaits_answer().is_some());
        one.revoke(now).unwrap();
        assert_eq!(one.standing.appeal, None);
    }

    #[test]
    fn what_is_told_of_the_end_of_a_decision_is_true() {
        let now = at("2026-11-23T10:00:00Z");
        let mut one = announce(MeasureKind::Suspension, now);
        one.revoke(now).unwrap();
        let told = one
            .told_of(StandingStep::Revoked, Timestamp::MIN)
            .join("\n");
        assert!(told.contains("ne prendra pas effet"), "{told}");
        // A suspension in force was lifted, while the page is hidden for another reason.
        let mut one = announce(MeasureKind::Suspension, now);
        one.hide(reasons(Ground::RightsOfOthers), &by(), now)
            .unwrap();
        let later = MeasureKind::Suspension.effective_at(now);
        assert_eq!(one.apply_due(later), Some(StandingStep::Applied));
        one.revoke(later).unwrap();
        let told = one
            .told_of(StandingStep::Revoked, Timestamp::MIN)
            .join("\n");
        assert!(told.contains("s’ouvrent de nouveau"), "{told}");
        assert!(told.contains("masque encore"), "{told}");
        one.show_again(later).unwrap();
        let told = one
            .told_of(StandingStep::ShownAgain, Timestamp::MIN)
            .join("\n");
        assert!(told.contains("de nouveau visibles"), "{told}");
    }

    #[test]
    fn only_a_termination_with_notice_needs_no_ground() {
        let now = at("2026-11-23T10:00:00Z");
        for kind in MeasureKind::ALL {
            let decided = open().announce(
                kind,
                reasons(Ground::Other),
                LiveBookings::Refund,
                None,
                &by(),
                now,
            );
            let allowed = kind == MeasureKind::Termination;
            assert_eq!(decided.is_ok(), allowed, "{kind:?}");
        }
    }

    #[test]
    fn what_was_announced_limits_what_can_be_booked() {
        let now = at("2026-11-23T10:00:00Z");
        let one = announce(MeasureKind::Termination, now);
        assert!(!one.ends_before(at("2027-01-23T10:00:00Z")));
        assert!(one.ends_before(at("2027-01-23T10:00:01Z")));
    }

    #[test]
    fn a_notice_leaves_thirty_days_and_can_be_contested() {
        let now = at("2026-11-23T10:00:00Z");
        let mut one = open();
        let text = || "Fournissez l’attestation d’assurance.".to_owned();
        assert_eq!(
            one.contest(text(), now),
            Err(StandingRefused::NothingToContest)
        );
        one.give_notice(text(), &by(), now).unwrap();
        let due = one.standing.notice.as_ref().map(|notice| notice.due_at);
        assert_eq!(due, Some(at("2026-12-23T10:00:00Z")));
        assert_eq!(
            one.give_notice(text(), &by(), now),
            Err(StandingRefused::NoticeRunning)
        );
        one.contest(text(), now).unwrap();
        one.close_notice(now).unwrap();
        assert_eq!(one.standing.appeal, None);
        assert_eq!(one.close_notice(now), Err(StandingRefused::NoNotice));
    }

    #[test]
    fn every_step_is_told_with_its_reasons_and_a_way_to_contest() {
        let now = at("2026-11-23T10:00:00Z");
        for kind in MeasureKind::ALL {
            let told = announce(kind, now)
                .told_of(StandingStep::Announced, Timestamp::MIN)
                .join("\n");
            assert!(
                told.contains("Trois absences") && told.contains("contester"),
                "{told}"
            );
            assert!(told.contains("non-respect"), "{told}");
        }
    }
}
