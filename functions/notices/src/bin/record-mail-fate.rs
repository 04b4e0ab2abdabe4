//! Lambda `record-mail-fate`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_function::start_observer::<notices::RecordMailFate>().await
}
