//! Lambda `show-dashboard`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_function::start_pages(dashboard::PAGES).await
}
