//! Lambda `ask-about-data-by-mail`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_function::start_operation::<accounts::AskAboutDataByMail>().await
}
