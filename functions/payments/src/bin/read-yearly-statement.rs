//! Lambda `read-yearly-statement`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_function::start_operation::<payments::ReadYearlyStatement>().await
}
