//! Lambda `set-alert`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_function::start_operation::<catalogue::SetAlert>().await
}
