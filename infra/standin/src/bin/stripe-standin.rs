//! The stand-in on its own, for what calls it from other processes: functions deployed into a local
//! AWS (`tests/deploy`). It listens on LISTEN, keeps its state in STANDIN_FILE, and signs what it sends
//! to WEBHOOK_URL with STRIPE_WEBHOOK_SECRET. API calls must carry STRIPE_SECRET_KEY.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use stripe_standin::{Clock, Settings, StripeStandin};

/// How often to look for what fell due by the clock, though nothing was announced.
const GLANCE: Duration = Duration::from_millis(200);

struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "time comes in here")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The Stripe stand-in does not start: {error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "settings come in here, once")]
async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let setting = |name: &str| std::env::var(name).map_err(|error| format!("{name}: {error}"));
    let listen = setting("LISTEN")?;
    let settings = Settings {
        database: setting("STANDIN_FILE")?.into(),
        public_url: format!("http://{listen}"),
        webhook_url: setting("WEBHOOK_URL")?,
        webhook_secret: setting("STRIPE_WEBHOOK_SECRET")?,
        secret_key: setting("STRIPE_SECRET_KEY")?,
    };
    let standin = StripeStandin::open(settings, Arc::new(SystemClock))?;
    let listener = tokio::net::TcpListener::bind(&listen).await?;
    println!("The Stripe stand-in listens on http://{listen}");
    let deliveries = tokio::spawn(deliver(standin.clone()));
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    let stopped = async move {
        terminate.recv().await;
    };
    axum::serve(listener, standin.router())
        .with_graceful_shutdown(stopped)
        .await?;
    deliveries.abort();
    Ok(())
}

/// Sends webhooks as they fall due, for ever.
async fn deliver(standin: StripeStandin) {
    loop {
        standin.run_due().await;
        // Running into the limit is the ordinary case and not an error.
        let _ = tokio::time::timeout(GLANCE, standin.woken()).await;
    }
}
