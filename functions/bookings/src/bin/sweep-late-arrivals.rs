//! Lambda `sweep-late-arrivals`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_function::start_chore::<bookings::SweepLateArrivals>().await
}
