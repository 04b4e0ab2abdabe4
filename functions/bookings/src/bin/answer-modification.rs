//! Lambda `answer-modification`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_function::start_operation::<bookings::AnswerModification>().await
}
