//! Starting and stopping: ports, files, then the parts in the order in which they need each other.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

use crate::aws::TablesDoor;
use crate::deliveries::Deliveries;
use crate::disk::Disk;
use crate::events::Events;
use crate::gateway::Gateway;
use crate::lambdas::Lambdas;
use crate::mail::Outbox;
use crate::meter::{Meter, Spent};
use crate::outbox::Outboxes;
use crate::permissions::Permissions;
use crate::s3::Buckets;
use crate::scanner::Scanner;
use crate::schedules::Schedules;
use crate::site::Site;
use crate::stripe::{self, Stripe};
use crate::tables::{TableError, Tables};
use crate::template::{Template, TemplateError};
use crate::world::{LeverError, World};
use crate::{Functions, LocalSettings, MovedClock, Surroundings, aws, declared, front};

/// How long requests under way may take once asked to stop.
const FAREWELL: Duration = Duration::from_secs(5);

/// Why the platform does not start.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// Another program listens there.
    #[error(
        "le port {0} est déjà pris : arrêtez le programme qui l'occupe, ou choisissez-en un autre avec PORT=8081 make run"
    )]
    PortTaken(u16),
    /// Another platform uses the data folder.
    #[error("une autre plateforme locale utilise déjà {} : arrêtez-la, ou choisissez un autre dossier avec DATA_DIR=…", .0.display())]
    AlreadyRunning(PathBuf),
    /// A file or a folder cannot be used.
    #[error("{} : {cause}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// A port cannot be opened for another reason.
    #[error("impossible d'écouter sur 127.0.0.1 : {0}")]
    Network(std::io::Error),
    /// The template says something this machine does not serve as AWS would.
    #[error("infra/*.yaml, {0}")]
    Template(#[from] TemplateError),
    /// Functions are declared that nobody registered.
    #[error("des fonctions sont déclarées que src/functions.rs n'inscrit pas : {0}")]
    MissingFunctions(String),
    /// Functions are registered that are not declared.
    #[error("src/functions.rs inscrit des fonctions qui ne sont pas déclarées : {0}")]
    UnknownFunctions(String),
    /// The tables cannot be opened.
    #[error("les tables ne s'ouvrent pas : {0}")]
    Tables(#[from] TableError),
    /// The local file cannot be opened.
    #[error("local.sqlite ne s'ouvre pas : {0}")]
    Disk(#[from] rusqlite::Error),
    /// What a machine begins with could not be written.
    #[error(transparent)]
    Beginning(LeverError),
    /// The Stripe stand-in cannot be opened.
    #[error("la doublure de Stripe ne s'ouvre pas : {0}")]
    Stripe(String),
}

/// The running platform. Dropped without [`Platform::stop`], it ends at once, like a killed process.
pub struct Platform {
    world: Arc<World>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Platform {
    /// Where everything answers.
    #[must_use]
    pub fn surroundings(&self) -> &Surroundings {
        &self.world.surroundings
    }

    /// DynamoDB refuses the next `count` transactions as throttled.
    pub fn throttle(&self, count: u32) {
        self.world.conflicts.throttle(count);
    }

    /// What was spent since this was asked last; the first time starts counting.
    #[must_use]
    pub fn spent(&self) -> Spent {
        let calls = self.world.lambdas.calls_since_asked();
        Spent {
            calls,
            ..self.world.meter.read()
        }
    }

    /// Everything that is stored, in DynamoDB's JSON: the name of the table, and the item.
    ///
    /// # Errors
    /// When a table cannot be read.
    pub async fn everything_stored(
        &self,
    ) -> Result<Vec<(String, serde_json::Map<String, serde_json::Value>)>, TableError> {
        self.world.tables.everything().await
    }

    /// Waits until nothing follows any more from what was done: outbox, deliveries, webhooks.
    ///
    /// # Errors
    /// [`LeverError::Restless`] when work keeps coming for a minute.
    pub async fn settle(&self) -> Result<(), LeverError> {
        self.world.settle().await
    }

    /// Moves the clock to `asked`, living through what falls due on the way; says what time it is.
    ///
    /// # Errors
    /// [`LeverError::Clock`] when `asked` is past, [`LeverError::Restless`] as for
    /// [`Platform::settle`].
    pub async fn travel(&self, asked: jiff::Timestamp) -> Result<jiff::Timestamp, LeverError> {
        self.world.travel(asked).await
    }

    /// Stops taking requests, lets those under way finish, and frees the ports and the files.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let all = async {
            futures::future::join_all(&mut self.tasks).await;
            self.world.deliveries.all_landed().await;
        };
        if tokio::time::timeout(FAREWELL, all).await.is_err() {
            tracing::warn!("some work did not end in time; it will be taken up at the next start");
        }
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        self.world.deliveries.abandon();
    }
}

/// Starts everything and returns once requests are answered.
///
/// # Errors
/// See [`LocalError`].
pub async fn start(
    settings: LocalSettings,
    functions: impl FnOnce(Surroundings) -> Functions,
) -> Result<Platform, LocalError> {
    let data = settings.data_dir.as_path();
    std::fs::create_dir_all(data).map_err(in_file(data))?;
    let lock = lock(data)?;
    let mut texts = Vec::with_capacity(settings.templates.len());
    for path in &settings.templates {
        texts.push(std::fs::read_to_string(path).map_err(in_file(path))?);
    }
    let mut template = Template::parse(&texts, &settings.parameters, &settings.environment)?;
    let declared = settings.functions.as_slice();
    declared::check(declared, &template)?;

    let (public, port) = listen(settings.port).await?;
    let (internal, internal_port) = listen(0).await?;
    let (unguarded, unguarded_port) = listen(0).await?;
    let (dynamodb, dynamodb_port) = listen(0).await?;
    let (behind, behind_port) = listen(0).await?;
    let public_url = url(port);
    let clock_file = data.join("clock");
    let clock = MovedClock::open(&clock_file).map_err(in_file(&clock_file))?;
    let surroundings = Surroundings {
        dynamodb_endpoint: url(dynamodb_port),
        aws_endpoint: url(internal_port),
        s3_endpoint: public_url.clone(),
        stripe_base: public_url.clone(),
        public_url: public_url.clone(),
        gateway_endpoint: url(unguarded_port),
        environment: template.environment.clone(),
        environments: environments(&template, &settings.environment),
        clock: clock.clone(),
    };

    let permissions = Permissions::new(&template);
    let lambdas = Arc::new(Lambdas::new(declared, functions(surroundings.clone()))?);
    let tables = Tables::open(&data.join("tables.sqlite"), &mut template).await?;
    let documents = data.join("s3");
    let buckets = Buckets::open(
        documents.clone(),
        template.buckets.clone(),
        permissions.clone(),
        Scanner::new(template.protection_plans.clone()),
    )
    .map_err(in_file(&documents))?;
    let disk = Arc::new(Disk::open(&data.join("local.sqlite"))?);
    let deliveries = Arc::new(Deliveries::new(
        Arc::clone(&disk),
        Arc::clone(&lambdas),
        clock.clone(),
    ));
    let stripe = Stripe::open(
        stripe::Settings {
            database: data.join("stripe.sqlite"),
            public_url,
            webhook_secret: settings.stripe_webhook_secret,
            secret_key: settings.stripe_secret_key,
        },
        clock.clone(),
    )
    .map_err(LocalError::Stripe)?;

    let world = Arc::new(World {
        port,
        origin_proof: origin_proof(&template),
        gateway: Gateway::new(declared, Arc::clone(&lambdas)),
        site: Site::new(settings.site, &template, &documents),
        mail: Outbox::new(
            Arc::clone(&disk),
            template.told_mails.clone(),
            clock.clone(),
        ),
        events: Events::new(
            declared,
            template.buses.clone(),
            Arc::clone(&deliveries),
            clock.clone(),
        )?,
        outboxes: Outboxes::new(
            declared,
            tables.clone(),
            Arc::clone(&lambdas),
            Arc::clone(&deliveries),
            clock.clone(),
        ),
        schedules: Schedules::new(
            declared,
            Arc::clone(&disk),
            Arc::clone(&deliveries),
            clock.clone(),
        ),
        surroundings,
        clock,
        disk,
        tables,
        buckets,
        permissions: permissions.clone(),
        meter: Arc::new(Meter::default()),
        conflicts: Arc::default(),
        lambdas,
        deliveries,
        stripe,
        demo: settings.demo,
        beginning: settings.beginning,
        demonstrating: Mutex::new(()),
        moving: Mutex::new(()),
        _lock: lock,
    });
    let (stop, stopped) = watch::channel(false);
    let mut tasks = world.background(&stopped);
    tasks.push(serve(public, front::router(Arc::clone(&world)), &stopped));
    tasks.push(serve(
        unguarded,
        front::gateway_router(Arc::clone(&world)),
        &stopped,
    ));
    tasks.push(serve(internal, aws::router(Arc::clone(&world)), &stopped));
    let door = TablesDoor::router(
        permissions,
        world.tables.database(),
        format!("127.0.0.1:{behind_port}"),
        Arc::clone(&world.meter),
        Arc::clone(&world.conflicts),
    );
    tasks.push(serve(dynamodb, door, &stopped));
    tasks.push(serve_tables(behind, &world, &stopped));
    let platform = Platform { world, stop, tasks };
    platform
        .world
        .begin()
        .await
        .map_err(LocalError::Beginning)?;
    Ok(platform)
}

fn environments(
    template: &Template,
    given: &BTreeMap<String, String>,
) -> BTreeMap<String, BTreeMap<String, String>> {
    let with_given = |(name, environment): (&String, &BTreeMap<String, String>)| {
        let mut environment = environment.clone();
        environment.extend(given.clone());
        (name.clone(), environment)
    };
    template.environments.iter().map(with_given).collect()
}

/// What CloudFront proves itself with: the first of the values that the functions accept.
fn origin_proof(template: &Template) -> String {
    let proofs = template.environment.get("ORIGIN_PROOFS");
    let first = proofs.and_then(|proofs| proofs.split(',').next());
    first.unwrap_or_default().to_owned()
}

fn lock(data: &Path) -> Result<File, LocalError> {
    let path = data.join("lock");
    let file = File::create(&path).map_err(in_file(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LocalError::AlreadyRunning(data.to_path_buf())),
        Err(TryLockError::Error(cause)) => Err(LocalError::File { path, cause }),
    }
}

async fn listen(port: u16) -> Result<(TcpListener, u16), LocalError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address).await.map_err(|error| {
        if error.kind() == std::io::ErrorKind::AddrInUse {
            LocalError::PortTaken(port)
        } else {
            LocalError::Network(error)
        }
    })?;
    let port = listener.local_addr().map_err(LocalError::Network)?.port();
    Ok((listener, port))
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn in_file(path: &Path) -> impl FnOnce(std::io::Error) -> LocalError {
    let path = path.to_path_buf();
    move |cause| LocalError::File { path, cause }
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means the platform was dropped, which is a way of stopping it.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

fn serve(listener: TcpListener, router: Router, stopped: &watch::Receiver<bool>) -> JoinHandle<()> {
    // Answers are written whole; waiting to fill a packet would only delay them.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY");
        }
    });
    let stopped = until(stopped.clone());
    tokio::spawn(async move {
        let router = router.into_make_service_with_connect_info::<SocketAddr>();
        let served = axum::serve(listener, router)
            .with_graceful_shutdown(stopped)
            .await;
        if let Err(error) = served {
            tracing::error!(%error, "the server stopped");
        }
    })
}

fn serve_tables(
    listener: TcpListener,
    world: &World,
    stopped: &watch::Receiver<bool>,
) -> JoinHandle<()> {
    let database = world.tables.database();
    let stopped = until(stopped.clone());
    tokio::spawn(async move {
        let served = dynoxide::server::serve_with_shutdown(listener, database, stopped).await;
        if let Err(error) = served {
            tracing::error!(error, "the tables stopped");
        }
    })
}
