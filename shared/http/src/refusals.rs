//! The one place where refusals become problems.

use adapters::documents::DocumentsError;
use adapters::store::StoreError;
use adapters::stripe::StripeError;
use domain::account::AccountRefused;
use domain::account::identifier::IdentifierRefused;
use domain::account::proof::{AGAIN_AFTER, ProofRefused};
use domain::account::second_factor::SecondFactorRefused;
use domain::account::sites::SitesRefused;
use domain::alerts::AlertRefused;
use domain::booking::{BookingRefused, OrdersRefused};
use domain::calendar::CalendarRefused;
use domain::configuration::ConfigurationRefused;
use domain::consultation::CaseReasonRefused;
use domain::conversation::MessageRefused;
use domain::data_request::DataRequestRefused;
use domain::members::{MembersRefused, SEND_AGAIN_AFTER};
use domain::offer::OfferRefused;
use domain::operator::OperatorRefused;
use domain::order::{DatesRefused, OrderRefused};
use domain::passwords::PasswordRefused;
use domain::places::PlaceRefused;
use domain::pricing::PricingRefused;
use domain::professional::{
    AbsenceRefused, ChangeRefused, DocumentRefused, DuplicateRefused, ProfessionalRefused,
    RegistrationRefused, StandingRefused,
};
use domain::quotes::QuoteRefused;
use domain::report::ReportRefused;
use domain::retention::HoldRefused;
use domain::review::ReviewRefused;
use domain::shift::ShiftRefused;
use domain::staffing::MayNotGo;
use domain::statistics::StatisticsRefused;
use domain::terms::TermsRefused;
use domain::text::TextRefused;
use domain::yearly::NoSuchYear;

use crate::problem::Problem;

impl From<OrderRefused> for Problem {
    fn from(refused: OrderRefused) -> Self {
        let problem = |status| Self::new(status, refused.code(), refused.to_string());
        match refused {
            OrderRefused::WrongState
            | OrderRefused::AnsweredTooLate
            | OrderRefused::TooEarly
            | OrderRefused::HoldLapsed
            | OrderRefused::AmountDiffers
            | OrderRefused::NoSuchMission => problem(409),
            OrderRefused::Overlapping
            | OrderRefused::NoMission
            | OrderRefused::TooManyMissions
            | OrderRefused::TooManyDays => problem(422).about("missions"),
        }
    }
}

impl From<DatesRefused> for Problem {
    fn from(refused: DatesRefused) -> Self {
        Self::new(422, refused.code(), refused.to_string()).about("pattern")
    }
}

impl From<ReportRefused> for Problem {
    fn from(refused: ReportRefused) -> Self {
        let (status, field) = match refused {
            ReportRefused::Text => (422, Some("text")),
            ReportRefused::GoodFaith => (422, Some("good_faith")),
            ReportRefused::NoAddress => (422, Some("email")),
            ReportRefused::AlreadyDecided => (409, None),
        };
        let problem = Self::new(status, refused.code(), refused.to_string());
        match field {
            Some(field) => problem.about(field),
            None => problem,
        }
    }
}

impl From<HoldRefused> for Problem {
    fn from(refused: HoldRefused) -> Self {
        let problem = |status| Self::new(status, refused.code(), refused.to_string());
        match refused {
            HoldRefused::Reason => problem(422).about("reason"),
            HoldRefused::HeldAlready | HoldRefused::NotHeld => problem(409),
        }
    }
}

impl From<OperatorRefused> for Problem {
    fn from(refused: OperatorRefused) -> Self {
        let problem = |status| Self::new(status, refused.code(), refused.to_string());
        match refused {
            OperatorRefused::NoRole => problem(422).about("roles"),
            OperatorRefused::LastAdministrator
            | OperatorRefused::Oneself
            | OperatorRefused::SecondOperatorNeeded
            | OperatorRefused::AnotherProposed
            | OperatorRefused::NothingProposed => problem(409),
        }
    }
}

impl From<MembersRefused> for Problem {
    fn from(refused: MembersRefused) -> Self {
        let problem = |status| Self::new(status, refused.code(), refused.to_string());
        match refused {
            MembersRefused::NaturalPerson => problem(403),
            MembersRefused::Name | MembersRefused::Text(_) => problem(422).about("last_name"),
            MembersRefused::UnknownAgent => problem(422).about("agent"),
            MembersRefused::AgentIsMember | MembersRefused::AgentInvited => {
                problem(409).about("agent")
            }
            MembersRefused::AlreadyMember
            | MembersRefused::AlreadyInvited
            | MembersRefused::AddressTaken => problem(409).about("email"),
            MembersRefused::TooMany => problem(409),
            MembersRefused::TooSoon => Self {
                retry_after: Some(SEND_AGAIN_AFTER.as_secs()),
                ..problem(429)
            },
            MembersRefused::InvitationOver => problem(410),
        }
    }
}

impl From<ShiftRefused> for Problem {
    fn from(refused: ShiftRefused) -> Self {
        let problem = |status| Self::new(status, refused.code(), refused.to_string());
        match refused {
            ShiftRefused::MissionOff
            | ShiftRefused::TakenAway
            | ShiftRefused::TooEarly(_)
            | ShiftRefused::Over(_)
            | ShiftRefused::AlreadyArrived(_)
            | ShiftRefused::NotArrived
            | ShiftRefused::AlreadyLeft(_)
            | ShiftRefused::AlreadyReported
            | ShiftRefused::TooLate
            | ShiftRefused::LogFull => problem(409),
            ShiftRefused::Text => problem(422).about("text"),
            ShiftRefused::Position => problem(422).about("position"),
        }
    }
}

impl From<DataRequestRefused> for Problem {
    fn from(refused: DataRequestRefused) -> Self {
        let problem = |status| Self::new(status, refused.code(), refused.to_string());
        match refused {
            DataRequestRefused::Text | DataRequestRefused::Answer => problem(422).about("text"),
            DataRequestRefused::Name => problem(422).about("name"),
            DataRequestRefused::Reason => problem(422).about("reason"),
            DataRequestRefused::Proof => problem(422).about("proof"),
            DataRequestRefused::NotYet => problem(422).about("received_on"),
            DataRequestRefused::NotOpen
            | DataRequestRefused::LengthenedAlready
            | DataRequestRefused::TooLate => problem(409),
        }
    }
}

impl From<IdentifierRefused> for Problem {
    fn from(refused: IdentifierRefused) -> Self {
        let problem = |status| Self::new(status, refused.code(), refused.to_string());
        match refused {
            IdentifierRefused::Unchanged => problem(422).about("email"),
            IdentifierRefused::Reason => problem(422).about("reason"),
            IdentifierRefused::NothingWaits | IdentifierRefused::Taken => problem(409),
            IdentifierRefused::ByInvitation => problem(403),
        }
    }
}

impl From<ProofRefused> for Problem {
    fn from(refused: ProofRefused) -> Self {
        let problem = |status| Self::new(status, refused.code(), refused.to_string());
        match refused {
            ProofRefused::Wrong => problem(422).about("code"),
            ProofRefused::Expired => problem(410),
            ProofRefused::TooSoon => Self {
                retry_after: Some(AGAIN_AFTER.as_secs()),
                ..problem(429)
            },
        }
    }
}

impl From<MessageRefused> for Problem {
    fn from(refused: MessageRefused) -> Self {
        let (status, field) = match refused {
            MessageRefused::Text => (422, "text"),
            MessageRefused::TooManyAttachments
            | MessageRefused::FileName
            | MessageRefused::FileSize
            | MessageRefused::FileDigest
            | MessageRefused::FileType
            | MessageRefused::FileDiffers
            | MessageRefused::File(_) => (422, "attachments"),
            MessageRefused::AlreadySent | MessageRefused::BeingScanned => (409, "attachments"),
            MessageRefused::NobodyThere => (409, "to"),
            MessageRefused::EmailNotVerified => (403, "to"),
        };
        Self::new(status, refused.code(), refused.to_string()).about(field)
    }
}

impl From<StatisticsRefused> for Problem {
    fn from(refused: StatisticsRefused) -> Self {
        Self::new(422, refused.code(), refused.to_string()).about("to")
    }
}

impl From<SitesRefused> for Problem {
    fn from(refused: SitesRefused) -> Self {
        let (status, field) = match refused {
            SitesRefused::TooMany | SitesRefused::TooManyFavourites => (409, None),
            SitesRefused::Name => (422, Some("name")),
            SitesRefused::Text => (422, Some("address")),
            SitesRefused::Place => (422, Some("town")),
            SitesRefused::Contact => (422, Some("contact")),
        };
        let problem = Self::new(status, refused.code(), refused.to_string());
        match field {
            Some(field) => problem.about(field),
            None => problem,
        }
    }
}

impl From<AlertRefused> for Problem {
    fn from(refused: AlertRefused) -> Self {
        Self::new(409, refused.code(), refused.to_string())
    }
}

impl From<QuoteRefused> for Problem {
    fn from(refused: QuoteRefused) -> Self {
        let (status, field) = match refused {
            QuoteRefused::NumberAsked | QuoteRefused::AskedTwice => (422, Some("offers")),
            QuoteRefused::TooSoon => (422, Some("start")),
            QuoteRefused::Conditions => (422, Some("conditions")),
            QuoteRefused::Validity => (422, Some("valid_hours")),
            QuoteRefused::AnotherMission => (422, None),
            QuoteRefused::Closed
            | QuoteRefused::AnsweredTooLate
            | QuoteRefused::AnsweredAlready
            | QuoteRefused::NotQuoted
            | QuoteRefused::QuoteEnded
            | QuoteRefused::BeingPaid
            | QuoteRefused::OrderedAlready => (409, None),
        };
        let problem = Self::new(status, refused.code(), refused.to_string());
        match field {
            Some(field) => problem.about(field),
            None => problem,
        }
    }
}

impl From<BookingRefused> for Problem {
    fn from(refused: BookingRefused) -> Self {
        let status = match refused {
            BookingRefused::NotYours => 403,
            BookingRefused::WrongState
            | BookingRefused::NotOver
            | BookingRefused::MissionBegun
            | BookingRefused::MissionOver
            | BookingRefused::AgentsChanged
            | BookingRefused::RefundChanged
            | BookingRefused::NoWithdrawalForBusinesses
            | BookingRefused::WithdrawalOver
            | BookingRefused::FullyPerformed
            | BookingRefused::NoSuchProposal
            | BookingRefused::AnsweredTooLate
            | BookingRefused::ModificationTooLate
            | BookingRefused::TooManyReplacements
            | BookingRefused::TooManyModifications
            | BookingRefused::TooManyProposals
            | BookingRefused::NoSuchModification
            | BookingRefused::OneOfSeveral
            | BookingRefused::HoldLapsed => 409,
            BookingRefused::TooEarly
            | BookingRefused::MissionNotOver
            | BookingRefused::MissionNotBegun
            | BookingRefused::PercentInvalid
            | BookingRefused::AmountDiffers
            | BookingRefused::NothingChanges
            | BookingRefused::ModificationDearer
            | BookingRefused::PriceWasNamed
            | BookingRefused::NoticeTooShort
            | BookingRefused::TooFarAhead => 422,
        };
        Self::new(status, refused.code(), refused.to_string())
    }
}

impl From<OrdersRefused> for Problem {
    fn from(refused: OrdersRefused) -> Self {
        let status = match refused {
            OrdersRefused::Waiting | OrdersRefused::WaitingHere | OrdersRefused::DatesWaiting => {
                409
            }
            OrdersRefused::Closed => 403,
            OrdersRefused::Abandoned | OrdersRefused::DatesAbandoned => 429,
        };
        Self::new(status, refused.code(), refused.to_string())
    }
}

macro_rules! unprocessable {
    ($($refusal:ty)*) => {$(
        impl From<$refusal> for Problem {
            fn from(refused: $refusal) -> Self {
                Self::new(422, refused.code(), refused.to_string())
            }
        }
    )*};
}
unprocessable! { AbsenceRefused AccountRefused OfferRefused ReviewRefused CalendarRefused PasswordRefused PricingRefused SecondFactorRefused ConfigurationRefused TermsRefused TextRefused PlaceRefused NoSuchYear }

impl From<ProfessionalRefused> for Problem {
    fn from(refused: ProfessionalRefused) -> Self {
        Self::new(409, refused.code(), refused.to_string())
    }
}

impl From<MayNotGo> for Problem {
    fn from(refused: MayNotGo) -> Self {
        let status = match refused {
            MayNotGo::Unknown | MayNotGo::Number(_) => 422,
            MayNotGo::Broken { .. } => 409,
        };
        Self::new(status, refused.code(), refused.to_string()).about("agents")
    }
}

impl From<DocumentRefused> for Problem {
    fn from(refused: DocumentRefused) -> Self {
        match refused {
            DocumentRefused::Reason => {
                Self::new(422, refused.code(), refused.to_string()).about("reason")
            }
            DocumentRefused::NotDeposited
            | DocumentRefused::NotExamined
            | DocumentRefused::NothingToVerify
            | DocumentRefused::NotEnding => Self::new(409, refused.code(), refused.to_string()),
        }
    }
}

impl From<DuplicateRefused> for Problem {
    fn from(refused: DuplicateRefused) -> Self {
        let status = match refused {
            DuplicateRefused::Unresolved | DuplicateRefused::NothingToDecide => 409,
            DuplicateRefused::Reason => 422,
        };
        Self::new(status, refused.code(), refused.to_string())
    }
}

impl From<CaseReasonRefused> for Problem {
    fn from(refused: CaseReasonRefused) -> Self {
        let field = match refused {
            CaseReasonRefused::Reason => "reason",
            CaseReasonRefused::Case => "case",
        };
        Self::new(422, refused.code(), refused.to_string()).about(field)
    }
}

impl From<ChangeRefused> for Problem {
    fn from(refused: ChangeRefused) -> Self {
        let (status, field) = match refused {
            ChangeRefused::Profile(refused) => return refused.into(),
            ChangeRefused::NotAccepted
            | ChangeRefused::LastAgent
            | ChangeRefused::LastManager
            | ChangeRefused::TooManyWaiting
            | ChangeRefused::AlreadyDecided
            | ChangeRefused::NothingAsked
            | ChangeRefused::GroundMoved
            | ChangeRefused::DocumentMissing(_)
            | ChangeRefused::NoActivity => (409, None),
            ChangeRefused::Unknown => (404, None),
            ChangeRefused::Unchanged
            | ChangeRefused::OwnSubcontractor
            | ChangeRefused::Twice
            | ChangeRefused::TooMany => (422, None),
            ChangeRefused::VatNumberMissing => (422, Some("number")),
            ChangeRefused::VatDay => (422, Some("from")),
            ChangeRefused::Rank => (422, Some("rank")),
            ChangeRefused::Text => (422, Some("text")),
        };
        let problem = Self::new(status, refused.code(), refused.to_string());
        match field {
            Some(field) => problem.about(field),
            None => problem,
        }
    }
}

impl From<StandingRefused> for Problem {
    fn from(refused: StandingRefused) -> Self {
        Self::new(409, refused.code(), refused.to_string())
    }
}

impl From<RegistrationRefused> for Problem {
    fn from(refused: RegistrationRefused) -> Self {
        let status = match refused {
            RegistrationRefused::BankDetailsElsewhere
            | RegistrationRefused::Verified
            | RegistrationRefused::NotEditable
            | RegistrationRefused::NotSubmitted
            | RegistrationRefused::Undecided(_) => 409,
            RegistrationRefused::Incomplete(_)
            | RegistrationRefused::SiretOfAnother
            | RegistrationRefused::VatNumberOfAnother
            | RegistrationRefused::TownElsewhere(_)
            | RegistrationRefused::Text(_)
            | RegistrationRefused::Description(_)
            | RegistrationRefused::UnknownPerson
            | RegistrationRefused::ActsAlone
            | RegistrationRefused::TooManyDocuments
            | RegistrationRefused::AlreadyExpired
            | RegistrationRefused::ActivitiesMissing
            | RegistrationRefused::DatesReversed
            | RegistrationRefused::NumberOfAnother
            | RegistrationRefused::FileSize
            | RegistrationRefused::FileType
            | RegistrationRefused::PhotoType
            | RegistrationRefused::FileDigest
            | RegistrationRefused::FileDiffers
            | RegistrationRefused::File(_) => 422,
        };
        let mut problem = Self::new(status, refused.code(), refused.to_string());
        if let RegistrationRefused::Incomplete(missing) | RegistrationRefused::Undecided(missing) =
            refused
        {
            problem.missing = missing;
        }
        problem
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale => Self {
                stale: true,
                retry_after: Some(1),
                ..Self::new(
                    409,
                    "changed_meanwhile",
                    "Ces informations ont changé entre-temps : réessayez.",
                )
            },
            StoreError::Busy(cause) => Self {
                stale: true,
                ..Self::unavailable(cause)
            },
            StoreError::Taken("email") => Self::new(
                409,
                "email_taken",
                "Cette adresse électronique est déjà utilisée.",
            ),
            StoreError::Taken("siren") => Self::new(
                409,
                "siren_taken",
                "Un professionnel est déjà inscrit avec ce SIREN. Si c’est le vôtre, écrivez-nous par la page « Aide ».",
            ),
            // Somebody was quicker on the same request: what they wrote decides now.
            StoreError::Taken(_) => Self {
                stale: true,
                ..Self::new(409, "already_done", "Cette demande a déjà été traitée.")
            },
            StoreError::Cursor => Self::new(
                400,
                "cursor_invalid",
                "Cette page de résultats n’existe plus : recommencez la recherche.",
            ),
            StoreError::Outside(cause) => Self::unavailable(cause),
            StoreError::Shape(cause) => Self::internal(cause),
        }
    }
}

impl From<StripeError> for Problem {
    fn from(error: StripeError) -> Self {
        if error.is_passing() {
            Self::unavailable(error)
        } else {
            Self::internal(error)
        }
    }
}

impl From<DocumentsError> for Problem {
    fn from(error: DocumentsError) -> Self {
        match error {
            DocumentsError::Absent => Self::new(
                409,
                "file_absent",
                "Le fichier n’a pas été reçu : envoyez-le d’abord.",
            ),
            DocumentsError::NotClean => Self::new(
                409,
                "file_not_clean",
                "Ce fichier ne s’ouvre pas : l’analyse antivirus n’a pas dit qu’il est sain.",
            ),
            DocumentsError::Outside(cause) => Self::unavailable(cause),
        }
    }
}
