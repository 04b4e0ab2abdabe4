//! The marketplace, started on a free port with a data folder of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use http_function::Kind;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use local::{Functions, Invoke, Platform};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::Browser;

/// A running marketplace; it ends when dropped.
pub struct World {
    /// Its public address.
    pub site: String,
    platform: Platform,
    heard: Heard,
    called: Called,
    /// The operator's session: a code serves once, and one operator serves every test.
    pub(crate) operator: tokio::sync::Mutex<Option<String>>,
    data: TempDir,
}

/// What each listener was given: its name, and the event as the bus delivered it.
type Heard = Arc<Mutex<Vec<(String, Value)>>>;

/// What functions were called with and answered: by function, and by the kind of what arrived.
type Called = Arc<Mutex<BTreeMap<(String, String), Call>>>;

/// One call of a function.
#[derive(Debug, Clone)]
pub struct Call {
    /// What it was called with.
    pub payload: Value,
    /// What it returned.
    pub answer: Value,
}

/// Several kinds of thing arrive at one function: events of Stripe, events of the bus.
fn kind_of(payload: &Value) -> String {
    let body = payload["body"].as_str().unwrap_or_default();
    let stripe = serde_json::from_str::<Value>(body).unwrap_or_default();
    let kind = payload["detail-type"].as_str().or(stripe["type"].as_str());
    kind.unwrap_or_default().to_owned()
}

/// Remembers the first call of each kind that went well.
fn watching(functions: Functions, called: &Called) -> Functions {
    let watch = |(name, invoke): (String, Invoke)| {
        let (called, function) = (Arc::clone(called), name.clone());
        let watching: Invoke = Arc::new(move |payload| {
            let key = (function.clone(), kind_of(&payload));
            let (called, invoke) = (Arc::clone(&called), Arc::clone(&invoke));
            Box::pin(async move {
                let answer = invoke(payload.clone()).await?;
                let refused = answer["statusCode"]
                    .as_u64()
                    .is_some_and(|code| code >= 400);
                if !refused {
                    let call = Call {
                        payload,
                        answer: answer.clone(),
                    };
                    called.lock().unwrap().entry(key).or_insert(call);
                }
                Ok(answer)
            })
        });
        (name, watching)
    };
    functions.into_iter().map(watch).collect()
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Compares a generated document, or writes it when `UPDATE_DOCS` is set (`make docs`).
///
/// # Panics
/// When they differ.
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told what to do by its environment"
)]
pub fn same_as_on_disk(path: &Path, generated: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, generated).unwrap();
    }
    let on_disk = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        on_disk == generated,
        "{} is not up to date: run `make docs`",
        path.display()
    );
}

/// Listens at the door of everything that hears a bus.
fn listening(functions: Functions, heard: &Heard) -> Functions {
    let listeners: Vec<&str> = directory::functions()
        .iter()
        .filter(|function| matches!(function.kind, Kind::Listener(_) | Kind::Observer { .. }))
        .map(|function| function.name)
        .collect();
    let listen = |(name, invoke): (String, Invoke)| {
        if !listeners.contains(&name.as_str()) {
            return (name, invoke);
        }
        let (heard, function) = (Arc::clone(heard), name.clone());
        let listening: Invoke = Arc::new(move |payload| {
            heard
                .lock()
                .unwrap()
                .push((function.clone(), payload.clone()));
            invoke(payload)
        });
        (name, listening)
    };
    functions.into_iter().map(listen).collect()
}

impl World {
    /// Starts one, empty but for the operator's account.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap()).await
    }

    /// Starts one on the first of March of next year at noon, for what is to be counted the same whatever
    /// the day: no year ends within months of it.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_in_march() -> Self {
        let data = tempfile::tempdir().unwrap();
        let clock = local::MovedClock::open(data.path().join("clock")).unwrap();
        let next_year = clock.now().to_zoned(TimeZone::UTC).year() + 1;
        let noon = jiff::civil::date(next_year, 3, 1).at(12, 0, 0, 0);
        let noon = noon.to_zoned(TimeZone::UTC).unwrap().timestamp();
        clock.set(noon).unwrap();
        Self::start_in(data).await
    }

    async fn start_in(data: TempDir) -> Self {
        let settings = local::settings(0, data.path().to_owned(), &root());
        let heard = Heard::default();
        let called = Called::default();
        let (ears, eyes) = (Arc::clone(&heard), Arc::clone(&called));
        let functions = move |surroundings| {
            watching(listening(local::functions::all(surroundings), &ears), &eyes)
        };
        let platform = local::start(settings, functions).await.unwrap();
        Self {
            site: platform.surroundings().public_url.clone(),
            platform,
            heard,
            called,
            operator: tokio::sync::Mutex::default(),
            data,
        }
    }

    /// A new browser.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.site)
    }

    /// DynamoDB refuses the next `count` transactions as throttled.
    pub fn throttle(&self, count: u32) {
        self.platform.throttle(count);
    }

    /// What was spent since this was asked last: units, calls, bytes.
    pub fn spent(&self) -> local::Spent {
        self.platform.spent()
    }

    /// The first call of each function that went well, for each kind of what arrived.
    ///
    /// # Panics
    /// When a test that recorded calls panicked.
    pub fn calls(&self) -> BTreeMap<(String, String), Call> {
        self.called.lock().unwrap().clone()
    }

    /// Gives every listener each of its events once more, as the bus may.
    ///
    /// # Panics
    /// When a listener fails, or when nothing was heard at all.
    pub async fn repeat_every_event(&self) {
        self.settle().await;
        let heard = self.heard.lock().unwrap().clone();
        assert!(heard.len() > 5, "only {} events were heard", heard.len());
        let functions = local::functions::all(self.surroundings().clone());
        for (function, event) in heard {
            let done = functions[&function](event.clone()).await;
            assert!(done.is_ok(), "{function}: {done:?} on {event}");
        }
        self.settle().await;
    }

    /// Everything that is stored, in DynamoDB's JSON: the name of the table, and the item.
    ///
    /// # Panics
    /// When a table cannot be read.
    pub async fn everything_stored(&self) -> Vec<(String, serde_json::Map<String, Value>)> {
        self.settle().await;
        self.platform.everything_stored().await.unwrap()
    }

    /// What surrounds the functions here, to reach the store under them.
    pub fn surroundings(&self) -> &local::Surroundings {
        self.platform.surroundings()
    }

    /// Waits until nothing is under way: events, mails, webhooks.
    ///
    /// # Panics
    /// When it never ends.
    pub async fn settle(&self) {
        self.platform.settle().await.unwrap();
    }

    /// What time it is here.
    pub async fn now(&self) -> Timestamp {
        let answer = self.browser().get("/local/clock").await.ok();
        answer["now"].as_str().unwrap().parse().unwrap()
    }

    /// Moves the clock on, and lives through what falls due.
    pub async fn advance(&self, seconds: i64) {
        self.browser()
            .post("/local/clock", json!({ "advance_seconds": seconds }))
            .await
            .ok();
    }

    /// Moves the clock to a moment.
    pub async fn advance_to(&self, at: Timestamp) {
        self.browser()
            .post("/local/clock", json!({ "now": at.to_string() }))
            .await
            .ok();
    }

    /// Moves the clock to a moment by strides of so many days: years pass in seconds, and what falls due
    /// within a stride is lived through at its end.
    pub async fn stride_to(&self, at: Timestamp, days: i64) {
        let asked = json!({ "now": at.to_string(), "stride_seconds": days * 86_400 });
        self.browser().post("/local/clock", asked).await.ok();
    }

    /// The files of the bucket whose name has `part` in it, by their keys.
    ///
    /// # Panics
    /// When its folder cannot be read.
    pub fn files(&self, part: &str) -> Vec<String> {
        let buckets = self.data.path().join("s3");
        let bucket = std::fs::read_dir(buckets)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.to_string_lossy().contains(part))
            .unwrap();
        let (mut files, mut folders) = (Vec::new(), vec![bucket.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                // What the local S3 knows of its objects is beside them.
                if name.starts_with('.') {
                    continue;
                }
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let key = path.strip_prefix(&bucket).unwrap();
                    files.push(key.to_string_lossy().into_owned());
                }
            }
        }
        files.sort();
        files
    }

    /// The bytes of one of these files.
    ///
    /// # Panics
    /// When it is not there.
    pub fn file(&self, part: &str, key: &str) -> Vec<u8> {
        let buckets = std::fs::read_dir(self.data.path().join("s3")).unwrap();
        let mut buckets = buckets.map(|entry| entry.unwrap().path());
        let bucket = buckets.find(|path| path.to_string_lossy().contains(part));
        std::fs::read(bucket.unwrap().join(key)).unwrap()
    }

    /// Every mail sent to an address, oldest first.
    pub async fn mails_to(&self, address: &str) -> Vec<Value> {
        self.settle().await;
        let mails = self.browser().get("/local/mail").await.ok();
        let all = mails.as_array().unwrap().iter();
        all.filter(|mail| mail["to"].to_string().contains(address))
            .cloned()
            .collect()
    }

    /// The last mail to an address whose subject or text contains `words`.
    ///
    /// # Panics
    /// When there is none.
    pub async fn mail(&self, address: &str, words: &str) -> Value {
        let mails = self.mails_to(address).await;
        let found = mails.iter().rev().find(|mail| {
            mail["subject"].as_str().unwrap().contains(words)
                || mail["text"].as_str().unwrap().contains(words)
        });
        let subjects: Vec<&str> = mails
            .iter()
            .map(|mail| mail["subject"].as_str().unwrap())
            .collect();
        found
            .unwrap_or_else(|| panic!("no mail to {address} with « {words} » among {subjects:?}"))
            .clone()
    }

    /// The code of six digits of the last mail to an address that carries one.
    ///
    /// # Panics
    /// When there is none.
    pub async fn code(&self, address: &str) -> String {
        let mails = self.mails_to(address).await;
        let code = mails.iter().rev().find_map(|mail| {
            let (_, rest) = mail["text"].as_str()?.split_once("Code")?;
            let digits = rest.chars().filter(char::is_ascii_digit);
            Some(digits.take(6).collect())
        });
        code.unwrap_or_else(|| panic!("no mail to {address} with a code"))
    }

    /// The one-time token of the last mail to an address that carries one.
    ///
    /// # Panics
    /// When there is none.
    pub async fn token(&self, address: &str) -> String {
        let mails = self.mails_to(address).await;
        let token = mails.iter().rev().find_map(|mail| {
            let text = mail["text"].as_str().unwrap();
            let (_, rest) = text.split_once("jeton=")?;
            Some(
                rest.split(|letter: char| {
                    !(letter.is_ascii_alphanumeric() || "-_".contains(letter))
                })
                .next()
                .unwrap()
                .to_owned(),
            )
        });
        token.unwrap_or_else(|| panic!("no mail to {address} with a token"))
    }
}
