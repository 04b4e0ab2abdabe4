//! Lambda `receive-stripe-event`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_function::start_operation::<payments::ReceiveStripeEvent>().await
}
