//! Lambda `open-attachment`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_function::start_operation::<messages::OpenAttachment>().await
}
