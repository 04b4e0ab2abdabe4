//! Lambda `read-file`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_function::start_operation::<professionals::ReadFile>().await
}
