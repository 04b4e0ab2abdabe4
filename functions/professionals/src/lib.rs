//! Professionals: registration with its documents; then the page, the offers, the calendar and the
//! statistics.

mod ask_change;
mod asked_change;
mod change_asked;
mod change_offer;
mod confirm_document;
mod contest_decision;
mod create_offer;
mod deposits;
mod draft_profile;
mod file_view;
mod import_agents;
mod invite_member;
mod list_members;
mod list_offers;
mod own;
mod prepare_document;
mod publish_offer;
mod read_calendar;
mod read_file;
mod read_page;
mod read_planning;
mod read_ranking;
mod read_registration;
mod read_statistics;
mod record_scan;
mod remove_document;
mod remove_member;
mod renew_agent_feed;
mod renew_calendar_feed;
mod resume_registration;
mod save_absences;
mod save_calendar;
mod save_page;
mod save_registration;
mod send_invitation_again;
mod start_registration;
mod submit_registration;
mod take_back_invitation;
mod team;
mod view;
mod watch_documents;
mod withdraw_offer;

use http_function::Function;

pub use ask_change::AskChange;
pub use change_asked::{AnswerComplement, WithdrawChange};
pub use change_offer::ChangeOffer;
pub use confirm_document::ConfirmDocument;
pub use contest_decision::ContestDecision;
pub use create_offer::CreateOffer;
pub use import_agents::ImportAgents;
pub use invite_member::InviteMember;
pub use list_members::ListMembers;
pub use list_offers::ListOffers;
pub use prepare_document::PrepareDocument;
pub use publish_offer::PublishOffer;
pub use read_calendar::ReadCalendar;
pub use read_file::ReadFile;
pub use read_page::ReadPage;
pub use read_planning::ReadPlanning;
pub use read_ranking::ReadRanking;
pub use read_registration::ReadRegistration;
pub use read_statistics::ReadStatistics;
pub use record_scan::RecordScan;
pub use remove_document::RemoveDocument;
pub use remove_member::RemoveMember;
pub use renew_agent_feed::RenewAgentFeed;
pub use renew_calendar_feed::RenewCalendarFeed;
pub use resume_registration::ResumeRegistration;
pub use save_absences::SaveAbsences;
pub use save_calendar::SaveCalendar;
pub use save_page::SavePage;
pub use save_registration::SaveRegistration;
pub use send_invitation_again::SendInvitationAgain;
pub use start_registration::StartRegistration;
pub use submit_registration::SubmitRegistration;
pub use take_back_invitation::TakeBackInvitation;
pub use watch_documents::WatchDocuments;
pub use withdraw_offer::WithdrawOffer;

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::operation::<StartRegistration>(),
        Function::operation::<ResumeRegistration>(),
        Function::operation::<ReadRegistration>(),
        Function::operation::<SaveRegistration>(),
        Function::operation::<PrepareDocument>(),
        // An image of 40 megapixels is decoded here.
        Function::operation::<ConfirmDocument>().memory(1024),
        Function::observer::<RecordScan>().memory(1024),
        Function::operation::<RemoveDocument>(),
        Function::operation::<SubmitRegistration>(),
        Function::operation::<ReadFile>(),
        Function::operation::<AskChange>(),
        Function::operation::<AnswerComplement>(),
        Function::operation::<WithdrawChange>(),
        Function::operation::<ImportAgents>(),
        Function::operation::<ReadPage>(),
        Function::operation::<SavePage>(),
        Function::operation::<ListOffers>(),
        Function::operation::<CreateOffer>(),
        Function::operation::<ChangeOffer>(),
        Function::operation::<PublishOffer>(),
        Function::operation::<WithdrawOffer>(),
        Function::operation::<ReadCalendar>(),
        Function::operation::<SaveCalendar>(),
        Function::operation::<RenewCalendarFeed>(),
        Function::operation::<ReadPlanning>(),
        Function::operation::<SaveAbsences>(),
        Function::operation::<ListMembers>(),
        Function::operation::<InviteMember>(),
        Function::operation::<SendInvitationAgain>(),
        Function::operation::<TakeBackInvitation>(),
        Function::operation::<RemoveMember>(),
        Function::operation::<RenewAgentFeed>(),
        Function::operation::<ReadStatistics>(),
        Function::operation::<ReadRanking>(),
        Function::operation::<ContestDecision>(),
        Function::chore::<WatchDocuments>().timeout(600).alone(),
    ]
}
