//! What a function costs when Lambda starts it: the release binary, from spawn to its first poll of
//! the runtime API and to its first answer, its memory, and the size of what is deployed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use adapters::store::OutboxItem;
use adapters::vault::{LinkSecret, Secret as _, SessionSecret, StripeSecret};
use domain::event::Event;
use domain::ids::{BookingId, TypedId as _};
use http_function::sessions::SESSION_COOKIE;
use http_function::{Access, Function, Kind};
use journeys::{Browser, root, sign_operator_in};
use local::demo::PASSWORD;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::Failure;
use crate::figures::{Table, mega, milliseconds, percentile};
use crate::marketplace::Marketplace;
use crate::tls::{self, Authority};

/// Of each kind the heaviest, and the ones that people wait for.
const REPRESENTATIVE: [&str; 12] = [
    "read-offer",
    "search-offers",
    "quote-mission",
    "request-booking",
    "accept-booking",
    "sign-in",
    "publish-offer",
    "open-checkout",
    "receive-stripe-event",
    "send-mail",
    "publish-events",
    "sweep-deadlines",
];
const HELLO: &str = "hello-lambda";
const RUNS: usize = 15;
const UNKNOWN: &str = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";
const PATIENCE: Duration = Duration::from_secs(20);

/// One way to run a program, and what came of it.
struct Subject {
    name: String,
    program: PathBuf,
    arguments: Vec<PathBuf>,
    event: Value,
    variables: BTreeMap<String, String>,
    polls: Vec<Duration>,
    answers: Vec<Duration>,
    memory: Vec<u64>,
    answered: String,
}

/// Cookies by who they sign in.
struct Sessions {
    client: String,
    professional: String,
    admin: String,
}

/// Measures, and writes the tables: at what each function costs to start, and how the same goes with
/// the secret and the TLS that AWS has.
pub(crate) async fn measure(binaries: &Path, all: bool) -> Result<String, Failure> {
    let marketplace = Marketplace::start().await?;
    let sessions = sign_in(&marketplace).await?;
    let mut subjects = vec![hello(binaries, &marketplace)];
    for function in directory::functions() {
        if all || REPRESENTATIVE.contains(&function.name) {
            subjects.push(subject(binaries, &function, &marketplace, &sessions)?);
        }
    }
    run_all(&mut subjects, &marketplace).await?;
    let plain = table(&subjects).await?;
    Ok(format!(
        "{plain}\n{}",
        as_on_aws(binaries, subjects, &marketplace).await?
    ))
}

/// The representative functions once more, with TLS to the tables and a secret to read; beside them
/// the same read in other languages.
async fn as_on_aws(
    binaries: &Path,
    plain: Vec<Subject>,
    marketplace: &Marketplace,
) -> Result<String, Failure> {
    let authority = Authority::make().await?;
    let tables = marketplace.surroundings().dynamodb_endpoint.clone();
    let tables = authority
        .door(tables.trim_start_matches("http://").trim_end_matches('/'))
        .await?;
    let mut secrets = BTreeMap::<String, BTreeMap<&str, String>>::new();
    for (held, named_by) in SECRETS {
        let known = marketplace.surroundings().environment.get(held);
        let known = known.ok_or_else(|| format!("no {held} here"))?.clone();
        let secret = secrets.entry(named_by.to_owned()).or_default();
        secret.insert(held, known);
    }
    let vault = tls::vault(secrets).await?;
    let door = authority.door(&vault.address).await?;
    let certificate = authority.certificate().to_string_lossy().into_owned();
    let surroundings = [
        ("DYNAMODB_ENDPOINT", tables.address.clone()),
        ("SECRETSMANAGER_ENDPOINT", door.address.clone()),
        ("AWS_DEFAULT_REGION", "eu-west-3".to_owned()),
        ("AWS_CA_BUNDLE", certificate.clone()),
        ("NODE_EXTRA_CA_CERTS", certificate),
    ];
    let peers = peers(&plain).await;
    let missing = peers.iter().filter_map(|peer| peer.as_ref().err());
    let missing: String = missing
        .map(|why| format!("\nNot measured: {why}.\n"))
        .collect();
    let measured = |subject: &Subject| REPRESENTATIVE.contains(&subject.name.as_str());
    let mut subjects: Vec<Subject> = plain.into_iter().filter(measured).collect();
    subjects.iter_mut().for_each(Subject::forget);
    subjects.extend(peers.into_iter().flatten());
    for subject in &mut subjects {
        let held = |name: &str| SECRETS.iter().any(|(held, _)| *held == name);
        subject.variables.retain(|name, _| !held(name));
        let more = surroundings.iter();
        let more = more.map(|(name, value)| ((*name).to_owned(), value.clone()));
        subject.variables.extend(more);
        // Each reads those that its types name.
        let named = SECRETS.map(|(_, named_by)| (named_by.to_owned(), named_by.to_owned()));
        subject.variables.extend(named);
    }
    subjects.insert(0, hello(binaries, marketplace));
    run_all(&mut subjects, marketplace).await?;
    let table = short_table(&subjects);
    Ok(format!("{AS_ON_AWS}\n{table}{missing}"))
}

/// As the table of all functions, without what does not change.
fn short_table(subjects: &[Subject]) -> String {
    let mut table = Table::new(&[
        "function",
        "to first poll (ms)",
        "to first answer (ms)",
        "× hello",
        "p90 (ms)",
        "memory (MB)",
        "answer",
    ]);
    let base = subjects
        .first()
        .map_or(1.0, |hello| milliseconds(&hello.answers, 50));
    for subject in subjects {
        let answer = milliseconds(&subject.answers, 50);
        let memory = percentile(&subject.memory, 100).unwrap_or_default();
        table.row(&[
            subject.name.clone(),
            format!("{:.1}", milliseconds(&subject.polls, 50)),
            format!("{answer:.1}"),
            format!("{:.2}", answer / base),
            format!("{:.1}", milliseconds(&subject.answers, 90)),
            format!("{:.1}", mega(memory)),
            subject.answered.clone(),
        ]);
    }
    table.text()
}

/// What the secrets of a stage hold, and the variable that names each; the other variables are no
/// secrets.
const SECRETS: [(&str, &str); 4] = [
    ("SESSION_SECRETS", SessionSecret::NAMED_BY),
    ("LINK_SECRETS", LinkSecret::NAMED_BY),
    ("STRIPE_SECRET_KEY", StripeSecret::NAMED_BY),
    ("STRIPE_WEBHOOK_SECRETS", StripeSecret::NAMED_BY),
];

const AS_ON_AWS: &str = "\
### With the secrets and the TLS of AWS

The same starts, each reading the secrets that it is given on AWS (none where nobody has to sign in) and the tables at the same time, over TLS 1.3 (ECDSA on P-256, a new authority for each measurement, trusted through `AWS_CA_BUNDLE` instead of Amazon's roots that are built in), all on this machine: a handshake for each is paid for, the network between is not. Beside them what `read-offer` does, written with the AWS SDK for JavaScript v3 (bundled by esbuild) and with boto3 (`tests/bench/peers`), which reads no secret either, both with a bare loop in place of Lambda's own runtime client, which does more.
";

const PEERED: &str = "read-offer";

/// What `read-offer` does, in other languages; or why that is not measured.
async fn peers(plain: &[Subject]) -> [Result<Subject, String>; 2] {
    let ours = plain.iter().find(|subject| subject.name == PEERED);
    let folder = root().join("tests/bench/peers");
    let peer = |name: &str, program: String, argument: PathBuf| {
        let ours = ours.ok_or("read-offer itself was not measured")?;
        Ok(Subject {
            name: format!("{PEERED} in {name}"),
            program: program.into(),
            arguments: vec![argument],
            ..Subject::new(
                Path::new(""),
                "",
                ours.event.clone(),
                ours.variables.clone(),
            )
        })
    };
    let bundle = folder.join("built/read-offer.mjs");
    let node = said("node", &["-p", "process.execPath"]).await;
    let node = match node.filter(|_| bundle.exists()) {
        Some(program) => peer("Node", program, bundle),
        None => Err("Node, since `npm run bundle` in tests/bench/peers made nothing".to_owned()),
    };
    let asked = ["-c", "import boto3, sys; print(sys.executable)"];
    let python = match said("python3", &asked).await {
        Some(program) => peer("Python", program, folder.join("read_offer.py")),
        None => Err("Python, since boto3 is not installed".to_owned()),
    };
    [node, python]
}

/// What a program prints, if it is there and goes well.
async fn said(program: &str, arguments: &[&str]) -> Option<String> {
    let ran = Command::new(program).args(arguments).output().await.ok()?;
    let printed = String::from_utf8_lossy(&ran.stdout).trim().to_owned();
    ran.status.success().then_some(printed)
}

/// Starts each so many times.
async fn run_all(subjects: &mut [Subject], marketplace: &Marketplace) -> Result<(), Failure> {
    // In turns, so that whatever else the machine does meanwhile falls on all of them.
    for run in 0..=RUNS {
        eprintln!(
            "  starts: round {run} of {RUNS}, {} binaries",
            subjects.len()
        );
        for subject in subjects.iter_mut() {
            let ran = subject.run(marketplace).await?;
            // The first round fetches the files from the disk.
            if run > 0 {
                subject.polls.push(ran.0);
                subject.answers.push(ran.1);
                subject.memory.push(ran.2);
            }
        }
    }
    Ok(())
}

async fn sign_in(marketplace: &Marketplace) -> Result<Sessions, Failure> {
    let session = async |email: &str, password: &str| {
        cookie_of(&marketplace.signed_in(email, password).await)
    };
    Ok(Sessions {
        client: session("camille@demo.monagentdesecu.fr", PASSWORD).await?,
        professional: session("bastion@demo.monagentdesecu.fr", PASSWORD).await?,
        admin: {
            let browser = marketplace.browser();
            sign_operator_in(&browser).await;
            cookie_of(&browser)?
        },
    })
}

fn cookie_of(browser: &Browser) -> Result<String, Failure> {
    let value = browser.cookie(SESSION_COOKIE);
    let value = value.ok_or("signing in set no cookie")?;
    Ok(format!("{SESSION_COOKIE}={value}"))
}

fn hello(binaries: &Path, marketplace: &Marketplace) -> Subject {
    let event = http_event(marketplace, "GET", "/", "/", "", &Value::Null, "");
    Subject::new(binaries, HELLO, event, BTreeMap::new())
}

fn subject(
    binaries: &Path,
    function: &Function,
    marketplace: &Marketplace,
    sessions: &Sessions,
) -> Result<Subject, Failure> {
    let event = match function.kind {
        Kind::Http(route) => {
            let cookie = match route.access {
                Access::Anyone | Access::Applicant | Access::Agent => "",
                Access::SignedIn
                | Access::Client
                | Access::AccountHolder
                | Access::Correspondent
                | Access::Principal => &sessions.client,
                Access::Professional | Access::Owner | Access::FileHolder => &sessions.professional,
                Access::Admin => &sessions.admin,
            };
            let (query, body) = asked(function.name, marketplace);
            http_event(
                marketplace,
                route.method,
                route.path,
                &filled_in(route.path),
                &query,
                &body,
                cookie,
            )
        }
        Kind::Listener(_) => {
            let item = OutboxItem {
                id: format!("evt_{UNKNOWN}"),
                at: marketplace.now(),
                request: "bench".to_owned(),
                event: Event::BookingRequested {
                    booking: BookingId::from_ulid(UNKNOWN),
                },
            };
            json!({ "version": "0", "id": "bench", "detail-type": "BookingRequested", "source": "bench", "detail": serde_json::to_value(item)? })
        }
        Kind::Observer { source, events, .. } => {
            json!({ "version": "0", "id": "bench", "detail-type": events.first(), "source": source, "detail": { "eventType": "Delivery", "delivery": {}, "mail": { "messageId": "bench" } } })
        }
        Kind::Chore(_) => json!({ "id": "bench" }),
        Kind::Feed(_) => json!({ "Records": [] }),
        Kind::Pages(pages) => {
            let front = format!("{}/connexion", pages.prefix);
            http_event(marketplace, "GET", &front, &front, "", &json!({}), "")
        }
    };
    let surroundings = marketplace.surroundings();
    let mut variables = surroundings
        .environments
        .get(function.name)
        .cloned()
        .unwrap_or_else(|| surroundings.environment.clone());
    let local = [
        ("AWS_ACCESS_KEY_ID", local::ACCESS_KEY),
        ("AWS_SECRET_ACCESS_KEY", local::SECRET_KEY),
        ("AWS_REGION", "eu-west-3"),
        ("DYNAMODB_ENDPOINT", &surroundings.dynamodb_endpoint),
        ("S3_ENDPOINT", &surroundings.s3_endpoint),
        ("SES_ENDPOINT", &surroundings.aws_endpoint),
        ("EVENTBRIDGE_ENDPOINT", &surroundings.aws_endpoint),
        ("SQS_ENDPOINT", &surroundings.aws_endpoint),
        ("LAMBDA_ENDPOINT", &surroundings.aws_endpoint),
        ("STRIPE_ENDPOINT", &surroundings.stripe_base),
        ("PUBLIC_URL", &surroundings.public_url),
    ];
    variables.extend(local.map(|(name, value)| (name.to_owned(), value.to_owned())));
    Ok(Subject::new(binaries, function.name, event, variables))
}

/// Query and body of a real request: most are about something that does not exist.
fn asked(name: &str, marketplace: &Marketplace) -> (String, Value) {
    let hours = |hours| {
        (marketplace.now() + jiff::SignedDuration::from_hours(hours))
            .strftime("%Y-%m-%dT%H:00:00Z")
            .to_string()
    };
    let mission = json!({ "offer": format!("off_{UNKNOWN}"), "start": hours(100), "end": hours(106), "agents": 1, "postal_code": "69002" });
    match name {
        "search-offers" => (
            format!(
                "activity=human_surveillance&place=13001&start={}&end={}",
                hours(100),
                hours(106)
            ),
            Value::Null,
        ),
        "quote-mission" => (String::new(), mission),
        "request-booking" => (
            String::new(),
            json!({
                "mission": mission, "address": "12 rue de la République", "town": "Lyon",
                "context": { "site": "Chantier", "public_road": false, "public_expected": false, "risks": "", "instructions": "" },
                "expected_total": 10_000, "conditions_of_sale": format!("doc_{UNKNOWN}"),
            }),
        ),
        "sign-in" => (
            String::new(),
            json!({ "email": "nobody@example.org", "password": "Some-Secret-77" }),
        ),
        _ => (String::new(), json!({})),
    }
}

/// A path with identifiers of things that do not exist.
fn filled_in(path: &str) -> String {
    let id = |segment: &str| match segment {
        "{offer}" => format!("off_{UNKNOWN}"),
        "{booking}" => format!("bkg_{UNKNOWN}"),
        "{professional}" => format!("pro_{UNKNOWN}"),
        "{account}" => format!("acc_{UNKNOWN}"),
        "{document}" => format!("doc_{UNKNOWN}"),
        "{review}" => format!("rev_{UNKNOWN}"),
        "{slug}" => format!("nobody-{UNKNOWN}"),
        other => other.to_owned(),
    };
    let segments: Vec<String> = path.split('/').map(id).collect();
    segments.join("/")
}

/// As API Gateway sends it.
fn http_event(
    marketplace: &Marketplace,
    method: &str,
    route: &str,
    path: &str,
    query: &str,
    body: &Value,
    cookie: &str,
) -> Value {
    let origin = &marketplace.surroundings().public_url;
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let parameters: BTreeMap<&str, &str> = pairs.collect();
    let names = route.split('/').zip(path.split('/'));
    let path_parameters: BTreeMap<&str, &str> = names
        .filter_map(|(name, value)| Some((name.strip_prefix('{')?.strip_suffix('}')?, value)))
        .collect();
    let mut event = json!({
        "version": "2.0",
        "routeKey": format!("{method} {route}"),
        "rawPath": path,
        "rawQueryString": query,
        "headers": { "origin": origin, "user-agent": "bench", "content-type": "application/json", "host": "127.0.0.1" },
        "queryStringParameters": parameters,
        "pathParameters": path_parameters,
        "requestContext": {
            "accountId": "000000000000", "apiId": "bench", "domainName": "127.0.0.1", "domainPrefix": "bench",
            "http": { "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "bench" },
            "requestId": "bench", "routeKey": format!("{method} {route}"), "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000", "timeEpoch": 1_767_225_600_000_i64,
        },
        "isBase64Encoded": false,
    });
    if !cookie.is_empty() {
        event["cookies"] = json!([cookie]);
    }
    if method != "GET" && !body.is_null() {
        event["body"] = json!(body.to_string());
    }
    event
}

impl Subject {
    fn new(
        binaries: &Path,
        name: &'static str,
        event: Value,
        variables: BTreeMap<String, String>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            program: binaries.join(name),
            arguments: Vec::new(),
            event,
            variables,
            polls: Vec::new(),
            answers: Vec::new(),
            memory: Vec::new(),
            answered: String::new(),
        }
    }

    /// Forgets what was measured.
    fn forget(&mut self) {
        self.polls.clear();
        self.answers.clear();
        self.memory.clear();
    }

    /// One start: to the first poll, to the first answer, and the most memory in bytes.
    async fn run(
        &mut self,
        marketplace: &Marketplace,
    ) -> Result<(Duration, Duration, u64), Failure> {
        let now = marketplace.now().as_millisecond();
        let api = crate::runtime_api::RuntimeApi::start(&self.event, now).await?;
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .env_clear()
            .envs(&self.variables)
            .env("AWS_LAMBDA_RUNTIME_API", &api.address)
            .env("AWS_LAMBDA_FUNCTION_NAME", &self.name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let spawned = Instant::now();
        let mut child = command
            .spawn()
            .map_err(|error| format!("{}: {error}", self.program.display()))?;
        let seen = tokio::select! {
            seen = api.answered() => seen,
            ended = child.wait() => return Err(format!("{} ended before it answered: {}", self.name, ended?).into()),
            () = tokio::time::sleep(PATIENCE) => return Err(format!("{} does not answer", self.name).into()),
        };
        let memory = highest_memory(child.id().unwrap_or_default()).await?;
        child.kill().await?;
        self.answered = how(&seen.answer, seen.succeeded);
        let (Some(poll), Some(answer)) = (seen.first_poll, seen.first_answer) else {
            return Err(format!("{} failed to start: {}", self.name, seen.answer).into());
        };
        Ok((poll - spawned, answer - spawned, memory))
    }
}

/// The status of an answer, or whether it failed.
fn how(answer: &str, succeeded: bool) -> String {
    let parsed: Value = serde_json::from_str(answer).unwrap_or_default();
    match parsed["statusCode"].as_u64() {
        Some(status) => status.to_string(),
        None if succeeded => "done".to_owned(),
        None => "failed".to_owned(),
    }
}

/// What Linux calls the high water mark of the resident set, in bytes.
async fn highest_memory(process: u32) -> Result<u64, Failure> {
    let status = tokio::fs::read_to_string(format!("/proc/{process}/status")).await?;
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    Ok(kilobytes.ok_or("no VmHWM in /proc")? * 1024)
}

/// Size of the binary, and of the zip that is deployed.
async fn sizes(binary: &Path) -> Result<(u64, u64), Failure> {
    const ZIP: &str = "import io,sys,zipfile\n\
        out=io.BytesIO()\n\
        with zipfile.ZipFile(out,'w',zipfile.ZIP_DEFLATED,compresslevel=9) as z: z.write(sys.argv[1],'bootstrap')\n\
        print(len(out.getvalue()))";
    let size = tokio::fs::metadata(binary).await?.len();
    let zip = Command::new("python3")
        .args(["-c", ZIP])
        .arg(binary)
        .output()
        .await?;
    Ok((size, String::from_utf8_lossy(&zip.stdout).trim().parse()?))
}

async fn table(subjects: &[Subject]) -> Result<String, Failure> {
    let mut table = Table::new(&[
        "function",
        "to first poll (ms)",
        "to first answer (ms)",
        "× hello",
        "p90 (ms)",
        "memory (MB)",
        "binary (MB)",
        "zip (MB)",
        "answer",
        "misses",
    ]);
    let base = subjects
        .first()
        .map_or(1.0, |hello| milliseconds(&hello.answers, 50));
    for subject in subjects {
        eprintln!("  zip of {}", subject.name);
        let (binary, zip) = sizes(&subject.program).await?;
        let memory = percentile(&subject.memory, 100).unwrap_or_default();
        let answer = milliseconds(&subject.answers, 50);
        let mut misses = Vec::new();
        if answer > 2.0 * base {
            misses.push("time");
        }
        if mega(memory) > 32.0 {
            misses.push("memory");
        }
        if mega(zip) > 4.0 {
            misses.push("zip");
        }
        table.row(&[
            subject.name.clone(),
            format!("{:.1}", milliseconds(&subject.polls, 50)),
            format!("{answer:.1}"),
            format!("{:.2}", answer / base),
            format!("{:.1}", milliseconds(&subject.answers, 90)),
            format!("{:.1}", mega(memory)),
            format!("{:.2}", mega(binary)),
            format!("{:.2}", mega(zip)),
            subject.answered.clone(),
            misses.join(", "),
        ]);
    }
    Ok(table.text())
}
