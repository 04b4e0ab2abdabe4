//! The operator: decides on registrations and reviews, and reads who did what.

mod accept_professional;
mod announce_terms;
mod answer_data_request;
mod ask_for_complements;
mod configure;
mod consult;
mod decide_change;
mod decide_document;
mod decide_identifier_change;
mod decide_report;
mod end_document;
mod exempt_duplicate;
mod give_event_again;
mod handle_mail;
mod handle_suspicion;
mod hide_offer;
mod hold_data;
mod index_records;
mod list_evaluations;
mod list_pending_reviews;
mod list_registrations;
mod manage_operators;
mod moderate_review;
mod open_document;
mod publish_review;
mod publish_terms;
mod read_activity;
mod read_registration_file;
mod refresh_index;
mod refuse_professional;
mod reject_review;
mod standing;
mod sweep_retention;
mod sweep_standings;
mod verify_by_hand;
mod view;
mod write_note;

use http_function::Function;

pub use accept_professional::AcceptProfessional;
pub use answer_data_request::{
    AnswerDataRequest, DataRequestPath, EnterDataRequest, LengthenDataRequest,
};
pub use ask_for_complements::AskForComplements;
pub use configure::{
    PlanCnapsTax, PlanCommission, PlanHours, PlanRhythm, WithdrawSetting, configuration,
};
pub use consult::CaseAsked;
pub use decide_change::{AcceptChange, AskComplement, RefuseChange};
pub use decide_document::{RejectDocument, VerifyDocument};
pub use decide_identifier_change::{AllowIdentifierChange, DeclineIdentifierChange};
pub use decide_report::DecideReport;
pub use end_document::EndDocument;
pub use exempt_duplicate::{ExemptDuplicate, duplicate_hints};
pub use give_event_again::{GiveEventAgain, HandleEvent, SendMailAgain};
pub use handle_mail::HandleMail;
pub use handle_suspicion::HandleSuspicion;
pub use hide_offer::{HideOffer, ShowOfferAgain};
pub use hold_data::{HoldData, LiftHold, SubjectPath};
pub use index_records::IndexRecords;
pub use list_evaluations::ListEvaluations;
pub use list_pending_reviews::ListPendingReviews;
pub use list_registrations::ListRegistrations;
pub use manage_operators::{
    Invitation, Invited, KnownOperator, RevokeOperator, SetOperatorRoles, invite, operators,
};
pub use moderate_review::{KeepReview, NormaliseReview, RemoveReview};
pub use open_document::OpenDocument;
pub use publish_review::PublishReview;
pub use publish_terms::PublishTerms;
pub use read_activity::ReadActivity;
pub use read_registration_file::ReadRegistrationFile;
pub use refresh_index::RefreshIndex;
pub use refuse_professional::RefuseProfessional;
pub use reject_review::RejectReview;
pub use standing::{
    AnnounceMeasure, AnswerAppeal, CloseFormalNotice, GiveFormalNotice, HideProfessional,
    RecordReceipt, RevokeMeasure, ShowProfessionalAgain, end_of,
};
pub use sweep_retention::{Known, SweepRetention, known};
pub use sweep_standings::SweepStandings;
pub use verify_by_hand::VerifyByHand;
pub use write_note::{NoteOnBooking, NoteOnClient, NoteOnProfessional};

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::operation::<ListRegistrations>(),
        Function::operation::<ReadRegistrationFile>(),
        Function::operation::<OpenDocument>(),
        Function::operation::<VerifyDocument>(),
        Function::operation::<RejectDocument>(),
        Function::operation::<VerifyByHand>(),
        Function::operation::<AcceptProfessional>(),
        Function::operation::<RefuseProfessional>(),
        Function::operation::<AskForComplements>(),
        Function::operation::<ListPendingReviews>(),
        Function::operation::<PublishReview>(),
        Function::operation::<RejectReview>(),
        Function::operation::<ListEvaluations>(),
        Function::operation::<ReadActivity>(),
        Function::listener::<IndexRecords>(),
        Function::chore::<RefreshIndex>().timeout(300).alone(),
        Function::chore::<SweepStandings>().timeout(55).alone(),
        Function::chore::<SweepRetention>().timeout(300).alone(),
    ]
}
