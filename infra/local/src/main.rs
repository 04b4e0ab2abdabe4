//! `make run`: the whole product on one machine. PORT (8080) and DATA_DIR (.data) may be set.

use std::path::Path;
use std::process::ExitCode;

use local::{Platform, demo, functions, start};
use tracing_subscriber::EnvFilter;

// More threads than cores: a function that hashes a password and a table that writes to disk hold
// theirs meanwhile, and the others must go on answering.
const THREADS: usize = 8;
// What a page asks at once is more than two megabytes hold in a development build.
const STACK_BYTES: usize = 8 << 20;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,s3s=off")),
        )
        .with_writer(std::io::stderr)
        .init();
    let served = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        .thread_stack_size(STACK_BYTES)
        .enable_all()
        .build()
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(run()));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("La plateforme locale ne démarre pas : {error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "settings come in here, once")]
async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let port = match std::env::var("PORT") {
        Ok(port) => port
            .parse()
            .map_err(|_| format!("PORT={port} n'est pas un numéro de port"))?,
        Err(_) => 8080,
    };
    let data_dir = std::env::var_os("DATA_DIR").unwrap_or_else(|| ".data".into());
    let settings = local::settings(port, data_dir.into(), Path::new("."));
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    let platform = start(settings, functions::all).await?;
    say_what_is_where(&platform);
    tokio::select! {
        stopped = tokio::signal::ctrl_c() => stopped?,
        _ = terminate.recv() => {}
    }
    println!("Arrêt en cours…");
    platform.stop().await;
    Ok(())
}

fn say_what_is_where(platform: &Platform) {
    let url = &platform.surroundings().public_url;
    println!(
        "MonAgentDeSecu est prêt sur cette machine.

  Le site               {url}/
  L'API                 {url}/api/
  La boîte d'envoi      {url}/local/outbox   (aucun courriel ne part)
  Stripe (doublure)     {url}/local/stripe
  L'exploitation        {url}/admin   (code : {url}/local/operator)
  Horloge et leviers    {url}/local

Charger la démonstration : curl -X POST {url}/local/demo
Y vivre quelques jours :   curl -X POST {url}/local/demo/week
Tout effacer :             curl -X POST {url}/local/reset
Compte administrateur :    {email} / {password}
Arrêter : Ctrl-C",
        email = demo::ADMIN_EMAIL,
        password = demo::ADMIN_PASSWORD,
    );
}
