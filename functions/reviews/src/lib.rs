//! Reviews: what clients say in public, what professionals and visitors tell the operator alone, and
//! what answers and missions add to a professional's record.

mod evaluate_client;
mod ownership;
mod record_experience;
mod reply_to_review;
mod report_content;
mod review_mission;

use http_function::Function;

pub use evaluate_client::EvaluateClient;
pub use record_experience::RecordExperience;
pub use reply_to_review::{DoubtReview, ReplyToReview};
pub use report_content::ReportContent;
pub use review_mission::ReviewMission;

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::operation::<ReviewMission>(),
        Function::operation::<EvaluateClient>(),
        Function::operation::<ReplyToReview>(),
        Function::operation::<DoubtReview>(),
        Function::operation::<ReportContent>(),
        Function::listener::<RecordExperience>(),
    ]
}
