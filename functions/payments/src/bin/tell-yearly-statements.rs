//! Lambda `tell-yearly-statements`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_function::start_chore::<payments::TellYearlyStatements>().await
}
