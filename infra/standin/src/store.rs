//! Objects, events, idempotency records and deliveries, in one SQLite file.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::{Value, json};
use ulid::Ulid;

/// The file.
pub(crate) struct Store(Connection);

/// A delivery that is due.
pub(crate) struct Delivery {
    pub(crate) number: i64,
    pub(crate) event: Value,
    pub(crate) attempts: i64,
}

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS objects (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, number);
    CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS deliveries (number INTEGER PRIMARY KEY, event TEXT NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL, done INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (done, due);
";

impl Store {
    pub(crate) fn open(file: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(file)?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self(connection))
    }

    pub(crate) fn clear(&mut self) -> rusqlite::Result<()> {
        self.0
            .execute_batch("DELETE FROM objects; DELETE FROM answers; DELETE FROM deliveries;")
    }

    /// Begins work that is kept only if `Work::keep` is called.
    pub(crate) fn work(&mut self, now: i64) -> rusqlite::Result<Work<'_>> {
        Ok(Work {
            transaction: self.0.transaction()?,
            now,
        })
    }

    pub(crate) fn has_due(&self, now: i64) -> rusqlite::Result<bool> {
        self.0.query_row(
            "SELECT EXISTS (SELECT 1 FROM deliveries WHERE done = 0 AND due <= ?1)",
            [now],
            |row| row.get(0),
        )
    }

    pub(crate) fn next_due(&self, now: i64) -> rusqlite::Result<Option<Delivery>> {
        let query =
            "SELECT d.number, o.body, d.attempts FROM deliveries d JOIN objects o ON o.id = d.event
                     WHERE d.done = 0 AND d.due <= ?1 ORDER BY d.due, d.number LIMIT 1";
        let row = self.0.query_row(query, [now], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?))
        });
        let found = row.optional()?;
        Ok(found.map(|(number, body, attempts)| Delivery {
            number,
            event: parsed(&body),
            attempts,
        }))
    }

    pub(crate) fn delivered(&self, number: i64) -> rusqlite::Result<usize> {
        self.0
            .execute("UPDATE deliveries SET done = 1 WHERE number = ?1", [number])
    }

    pub(crate) fn deliver_again(&self, number: i64, due: i64) -> rusqlite::Result<usize> {
        self.0.execute(
            "UPDATE deliveries SET attempts = attempts + 1, due = ?2 WHERE number = ?1",
            params![number, due],
        )
    }

    pub(crate) fn repeat(&self, event: &str, now: i64) -> rusqlite::Result<usize> {
        self.0.execute(
            "INSERT INTO deliveries (event, due, attempts, done) VALUES (?1, ?2, 0, 0)",
            params![event, now],
        )
    }

    pub(crate) fn answer(
        &self,
        key: &str,
        since: i64,
    ) -> rusqlite::Result<Option<(String, u16, String)>> {
        let query = "SELECT request, status, body FROM answers WHERE key = ?1 AND at >= ?2";
        self.0
            .query_row(query, params![key, since], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()
    }

    pub(crate) fn read(&self, id: &str) -> rusqlite::Result<Option<Value>> {
        read(&self.0, id)
    }

    pub(crate) fn list(&self, kind: &str, limit: i64) -> rusqlite::Result<Vec<Value>> {
        list(&self.0, kind, limit)
    }
}

fn parsed(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or(Value::Null)
}

fn read(connection: &Connection, id: &str) -> rusqlite::Result<Option<Value>> {
    let row = connection.query_row("SELECT body FROM objects WHERE id = ?1", [id], |row| {
        row.get::<_, String>(0)
    });
    Ok(row.optional()?.map(|body| parsed(&body)))
}

fn list(connection: &Connection, kind: &str, limit: i64) -> rusqlite::Result<Vec<Value>> {
    let mut query = connection
        .prepare("SELECT body FROM objects WHERE kind = ?1 ORDER BY number DESC LIMIT ?2")?;
    let rows = query.query_map(params![kind, limit], |row| row.get::<_, String>(0))?;
    rows.map(|row| Ok(parsed(&row?))).collect()
}

/// A new identifier such as `pi_…`, unguessable like the real ones.
pub(crate) fn fresh_id(prefix: &str) -> String {
    let mut random = [0; 16];
    #[expect(
        clippy::expect_used,
        clippy::disallowed_methods,
        reason = "the stand-in is no part of the product, and randomness is always to be had"
    )]
    getrandom::fill(&mut random).expect("randomness");
    format!(
        "{prefix}_{}",
        Ulid(u128::from_be_bytes(random)).to_string().to_lowercase()
    )
}

/// What one API call does: all of it is kept, or none.
pub(crate) struct Work<'a> {
    transaction: Transaction<'a>,
    pub(crate) now: i64,
}

impl Work<'_> {
    /// A new identifier such as `pi_…`.
    pub(crate) fn id(&self, prefix: &str) -> String {
        fresh_id(prefix)
    }

    pub(crate) fn read(&self, id: &str) -> rusqlite::Result<Option<Value>> {
        read(&self.transaction, id)
    }

    pub(crate) fn list(&self, kind: &str) -> rusqlite::Result<Vec<Value>> {
        list(&self.transaction, kind, -1)
    }

    /// Writes an object under its own `id`.
    pub(crate) fn write(&self, kind: &str, object: &Value) -> rusqlite::Result<()> {
        let query = "INSERT INTO objects (kind, id, body) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET body = ?3";
        self.transaction
            .execute(
                query,
                params![kind, object["id"].as_str(), object.to_string()],
            )
            .map(|_| ())
    }

    /// Notes that something happened to an object, and that it is to be told.
    pub(crate) fn event(&self, kind: &str, object: &Value) -> rusqlite::Result<()> {
        let event = json!({
            "id": self.id("evt"),
            "object": "event",
            "api_version": crate::api::API_VERSION,
            "created": self.now,
            "data": { "object": object },
            "livemode": false,
            "pending_webhooks": 1,
            "request": { "id": null, "idempotency_key": null },
            "type": kind,
        });
        self.write("event", &event)?;
        let query = "INSERT INTO deliveries (event, due, attempts, done) VALUES (?1, ?2, 0, 0)";
        self.transaction
            .execute(query, params![event["id"].as_str(), self.now])
            .map(|_| ())
    }

    /// Notes the answer that a key was given.
    pub(crate) fn answered(
        &self,
        key: &str,
        request: &str,
        status: u16,
        body: &str,
    ) -> rusqlite::Result<()> {
        let query = "INSERT OR REPLACE INTO answers (key, request, status, body, at) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.transaction
            .execute(query, params![key, request, status, body, self.now])
            .map(|_| ())
    }

    /// Keeps everything.
    pub(crate) fn keep(self) -> rusqlite::Result<()> {
        self.transaction.commit()
    }
}
