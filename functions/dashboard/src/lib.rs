//! The operator's dashboard: pages of HTML under `/admin`, behind one function, without scripts.
//!
//! A page reads and shows. What it changes is an operation of its own context, sent as a form:
//! `operator::AcceptProfessional` is the same for a program and for a person.

mod acting;
mod activity;
mod attendance;
mod bookings;
mod books;
mod case;
mod changes;
mod clients;
mod csv_file;
mod data_requests;
mod documents;
mod frame;
mod identifiers;
mod intervention;
mod lists;
mod mails;
mod messages;
mod money;
mod names;
mod notes;
mod operators;
mod overview;
mod professionals;
mod proposals;
mod queue;
mod reports;
mod retention;
mod reviews;
mod search;
mod sellers;
pub mod sentences;
mod settings;
mod sign_in;
mod statistics;
mod style;
mod suspicions;
mod texts;
mod titles;
mod undelivered;
mod waiting;
mod words;

use http_function::{Dressing, Function, Page, Pages};

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![Function::pages(PAGES)]
}

/// The pages.
pub const PAGES: Pages = Pages {
    name: "show-dashboard",
    summary: "Everything that the operator sees and decides, as pages.",
    prefix: "/admin",
    list: pages,
    dressing: Dressing {
        sign_in: "/admin/connexion",
        unserved: frame::unserved,
        // No script at all. Documents are shown in a frame, from their bucket.
        policy: "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
                 frame-src 'self' https://*.amazonaws.com; base-uri 'none'; frame-ancestors 'none'",
    },
};

fn pages() -> Vec<Page> {
    let mut pages = finding();
    pages.extend(deciding());
    pages.extend(keeping());
    pages
}

/// What is kept how long, and what people ask about their data.
fn keeping() -> Vec<Page> {
    vec![
        Page::shown::<data_requests::DataRequestsPage>(),
        Page::form::<operator::EnterDataRequest, data_requests::DataRequestsPage>(),
        Page::shown::<data_requests::DataRequestPage>(),
        Page::form::<operator::LengthenDataRequest, data_requests::DataRequestPage>(),
        Page::form::<operator::AnswerDataRequest, data_requests::DataRequestPage>(),
        Page::shown::<retention::RetentionPage>(),
        Page::shown::<retention::RetentionFilePage>(),
        Page::form::<operator::HoldData, retention::RetentionFilePage>(),
        Page::form::<operator::LiftHold, retention::RetentionFilePage>(),
    ]
}

/// What finds, what operators set up, and what is done at somebody's request.
fn finding() -> Vec<Page> {
    vec![
        Page::shown::<search::SearchPage>(),
        Page::shown::<lists::BookingsPage>(),
        Page::served::<lists::DownloadBookings>(),
        Page::shown::<lists::ClientsPage>(),
        Page::served::<lists::DownloadClients>(),
        Page::form::<acting::EnterLeaving, professionals::ProfessionalPage>(),
        Page::form::<operator::NoteOnProfessional, professionals::ProfessionalPage>(),
        Page::form::<operator::NoteOnClient, clients::ClientPage>(),
        Page::shown::<acting::ClosingPage>(),
        Page::form::<acting::CloseForClient, acting::ClosingPage>(),
        Page::form::<acting::CorrectAddress, clients::ClientPage>(),
        Page::form::<operator::NoteOnBooking, bookings::BookingPage>(),
        Page::shown::<proposals::ProposalsPage>(),
        Page::form::<proposals::PutDecisionAside, bookings::BookingPage>(),
        Page::shown::<operators::OperatorsPage>(),
        Page::form::<operators::InviteOperator, operators::OperatorsPage>(),
        Page::form::<operator::SetOperatorRoles, operators::OperatorsPage>(),
        Page::form::<operator::RevokeOperator, operators::OperatorsPage>(),
        Page::shown::<settings::SettingsPage>(),
        Page::form::<operator::PlanCommission, settings::SettingsPage>(),
        Page::form::<operator::PlanRhythm, settings::SettingsPage>(),
        Page::form::<operator::PlanCnapsTax, settings::SettingsPage>(),
        Page::form::<operator::PlanHours, settings::SettingsPage>(),
        Page::form::<operator::WithdrawSetting, settings::SettingsPage>(),
        Page::shown::<texts::TextsPage>(),
        Page::form::<operator::PublishTerms, texts::TextsPage>(),
        Page::shown::<activity::ActivityPage>(),
        Page::served::<activity::DownloadActivity>(),
        Page::shown::<statistics::StatisticsPage>(),
        Page::shown::<undelivered::UndeliveredPage>(),
        Page::form::<operator::GiveEventAgain, undelivered::UndeliveredPage>(),
        Page::form::<operator::HandleEvent, undelivered::UndeliveredPage>(),
        Page::shown::<mails::MailsPage>(),
        Page::form::<operator::HandleMail, mails::MailsPage>(),
        Page::form::<operator::SendMailAgain, mails::MailsPage>(),
    ]
}

/// What is looked at and decided on.
fn deciding() -> Vec<Page> {
    vec![
        Page::served::<style::ReadStyle>(),
        Page::shown::<sign_in::SignInPage>(),
        Page::form::<sign_in::SignInOperator, sign_in::SignInPage>(),
        Page::shown::<sign_in::GiveCodePage>(),
        Page::form::<sign_in::GiveCode, sign_in::GiveCodePage>(),
        Page::shown::<sign_in::EnrolmentPage>(),
        Page::form::<sign_in::EnrolSecondFactor, sign_in::EnrolmentPage>(),
        Page::form::<sign_in::SignOutOperator, overview::OverviewPage>(),
        Page::shown::<overview::OverviewPage>(),
        Page::shown::<professionals::RegistrationsPage>(),
        Page::shown::<professionals::ProfessionalsPage>(),
        Page::shown::<professionals::ProfessionalPage>(),
        Page::served::<operator::OpenDocument>(),
        Page::form::<operator::VerifyDocument, professionals::ProfessionalPage>(),
        Page::form::<operator::RejectDocument, professionals::ProfessionalPage>(),
        Page::form::<operator::EndDocument, professionals::ProfessionalPage>(),
        Page::form::<operator::VerifyByHand, professionals::ProfessionalPage>(),
        Page::form::<operator::ExemptDuplicate, professionals::ProfessionalPage>(),
        Page::form::<operator::AcceptProfessional, professionals::ProfessionalPage>(),
        Page::form::<operator::AskForComplements, professionals::ProfessionalPage>(),
        Page::form::<operator::RefuseProfessional, professionals::ProfessionalPage>(),
        Page::shown::<changes::ChangesPage>(),
        Page::shown::<documents::DocumentsPage>(),
        Page::form::<operator::AcceptChange, professionals::ProfessionalPage>(),
        Page::form::<operator::RefuseChange, professionals::ProfessionalPage>(),
        Page::form::<operator::AskComplement, professionals::ProfessionalPage>(),
        Page::form::<operator::HideProfessional, professionals::ProfessionalPage>(),
        Page::form::<operator::ShowProfessionalAgain, professionals::ProfessionalPage>(),
        Page::form::<operator::HideOffer, professionals::ProfessionalPage>(),
        Page::form::<operator::ShowOfferAgain, professionals::ProfessionalPage>(),
        Page::shown::<professionals::MeasurePage>(),
        Page::form::<operator::AnnounceMeasure, professionals::ProfessionalPage>(),
        Page::form::<operator::RevokeMeasure, professionals::ProfessionalPage>(),
        Page::form::<operator::GiveFormalNotice, professionals::ProfessionalPage>(),
        Page::form::<operator::RecordReceipt, professionals::ProfessionalPage>(),
        Page::form::<operator::AnswerAppeal, professionals::ProfessionalPage>(),
        Page::form::<operator::CloseFormalNotice, professionals::ProfessionalPage>(),
        Page::shown::<reviews::ReviewsPage>(),
        Page::shown::<reviews::ReviewPage>(),
        Page::form::<operator::PublishReview, reviews::ReviewPage>(),
        Page::form::<operator::RejectReview, reviews::ReviewPage>(),
        Page::form::<operator::NormaliseReview, reviews::ReviewPage>(),
        Page::form::<operator::RemoveReview, reviews::ReviewPage>(),
        Page::form::<operator::KeepReview, reviews::ReviewPage>(),
        Page::shown::<reports::ReportsPage>(),
        Page::shown::<reports::ReportPage>(),
        Page::form::<operator::DecideReport, reports::ReportPage>(),
        Page::shown::<identifiers::IdentifiersPage>(),
        Page::form::<operator::AllowIdentifierChange, identifiers::IdentifiersPage>(),
        Page::form::<operator::DeclineIdentifierChange, identifiers::IdentifiersPage>(),
        Page::shown::<suspicions::SuspicionsPage>(),
        Page::form::<operator::HandleSuspicion, suspicions::SuspicionsPage>(),
        Page::shown::<money::MoneyPage>(),
        Page::served::<money::DownloadCommissions>(),
        Page::served::<books::DownloadBooks>(),
        Page::served::<sellers::DownloadSellers>(),
        Page::shown::<titles::TitlesPage>(),
        Page::shown::<clients::ClientPage>(),
        Page::form::<clients::ShowEvaluations, clients::ClientPage>(),
        Page::shown::<bookings::BookingPage>(),
        Page::form::<messages::ShowMessages, bookings::BookingPage>(),
        Page::form::<::bookings::DecideClaim, bookings::BookingPage>(),
        Page::shown::<intervention::InterventionPage>(),
        Page::form::<::bookings::CallOffBooking, bookings::BookingPage>(),
        Page::form::<::bookings::RefundBooking, bookings::BookingPage>(),
        Page::form::<payments::SettleByHand, bookings::BookingPage>(),
    ]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// On a phone each cell stands under the name of its column.
    #[test]
    fn every_cell_of_a_table_says_which_column_it_is_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let mut tables = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            for table in text.split("<table>").skip(1) {
                tables += 1;
                let table = table.split("</table>").next().unwrap();
                let (head, body) = table.split_once("<tbody>").unwrap();
                let body = body.split("</tbody>").next().unwrap();
                let columns = head
                    .split("<th")
                    .skip(1)
                    .filter(|one| !one.starts_with("ead"));
                let columns: Vec<&str> = columns
                    .map(|one| {
                        let cell = one.split_once('>').unwrap().1;
                        let cell = cell.split("</th>").next().unwrap();
                        // What sorts by a column is a link in its head.
                        let linked = cell.split_once('>').map(|(_, rest)| rest);
                        linked.map_or(cell, |rest| rest.split("</a>").next().unwrap())
                    })
                    .collect();
                let cells: Vec<&str> = body.split("<td").skip(1).collect();
                assert_eq!(cells.len(), columns.len(), "{}", path.display());
                for (cell, column) in cells.iter().zip(columns) {
                    let label = format!(" data-label=\"{column}\"");
                    assert!(cell.starts_with(&label), "{}: {column}", path.display());
                }
            }
        }
        assert!(tables > 10, "only {tables} tables were found");
    }
}
