//! What a function costs when Lambda starts it: the release binary, from spawn to its first poll of
//! the runtime API and to its first answer, its memory, and the size of what is deployed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use adapters::store::OutboxItem;
use domain::event::Event;
use domain::ids::{BookingId, TypedId as _};
use http_function::sessions::SESSION_COOKIE;
use http_function::{Access, Function, Kind};
use journeys::{Browser, sign_operator_in};
use local::demo::PASSWORD;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::Failure;
use crate::figures::{Table, mega, milliseconds, percentile};
use crate::marketplace::Marketplace;

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

/// One way to run a binary, and what came of it.
struct Subject {
    name: &'static str,
    binary: PathBuf,
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

/// Measures, and writes the table.
pub(crate) async fn measure(binaries: &Path, all: bool) -> Result<String, Failure> {
    let marketplace = Marketplace::start().await?;
    let sessions = sign_in(&marketplace).await?;
    let mut subjects = vec![hello(binaries, &marketplace)];
    for function in directory::functions() {
        if all || REPRESENTATIVE.contains(&function.name) {
            subjects.push(subject(binaries, &function, &marketplace, &sessions)?);
        }
    }
    // In turns, so that whatever else the machine does meanwhile falls on all of them.
    for run in 0..=RUNS {
        eprintln!(
            "  starts: round {run} of {RUNS}, {} binaries",
            subjects.len()
        );
        for subject in &mut subjects {
            let ran = subject.run(&marketplace).await?;
            // The first round fetches the files from the disk.
            if run > 0 {
                subject.polls.push(ran.0);
                subject.answers.push(ran.1);
                subject.memory.push(ran.2);
            }
        }
    }
    table(&subjects).await
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
                Access::Anyone | Access::Applicant => "",
                Access::SignedIn | Access::Client | Access::AccountHolder => &sessions.client,
                Access::Professional | Access::FileHolder => &sessions.professional,
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
            name,
            binary: binaries.join(name),
            event,
            variables,
            polls: Vec::new(),
            answers: Vec::new(),
            memory: Vec::new(),
            answered: String::new(),
        }
    }

    /// One start: to the first poll, to the first answer, and the most memory in bytes.
    async fn run(
        &mut self,
        marketplace: &Marketplace,
    ) -> Result<(Duration, Duration, u64), Failure> {
        let now = marketplace.now().as_millisecond();
        let api = crate::runtime_api::RuntimeApi::start(&self.event, now).await?;
        let mut command = Command::new(&self.binary);
        command
            .env_clear()
            .envs(&self.variables)
            .env("AWS_LAMBDA_RUNTIME_API", &api.address)
            .env("AWS_LAMBDA_FUNCTION_NAME", self.name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let spawned = Instant::now();
        let mut child = command
            .spawn()
            .map_err(|error| format!("{}: {error}", self.binary.display()))?;
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
        let (binary, zip) = sizes(&subject.binary).await?;
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
            subject.name.to_owned(),
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
