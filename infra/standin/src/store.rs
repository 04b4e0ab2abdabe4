//! Objects, events, idempotency records and deliveries, in one SQLite file.

use std::cell::Cell;
use std::path::Path;

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Transaction, params, params_from_iter};
use serde_json::{Value, json};

use crate::errors::Fault;
use crate::idempotency::Keyed;
use crate::ids;

/// The file.
pub(crate) struct Store(Connection);

/// A delivery that is due.
pub(crate) struct Delivery {
    pub(crate) number: i64,
    pub(crate) event: Value,
    /// How often it was tried in vain.
    pub(crate) attempts: i64,
}

/// What a key was answered.
pub(crate) struct Kept {
    pub(crate) endpoint: String,
    pub(crate) digest: String,
    pub(crate) status: u16,
    pub(crate) body: String,
    /// The request that was carried out.
    pub(crate) request: String,
}

/// Which objects a list is made of.
#[derive(Default)]
pub(crate) struct Selection {
    /// Conditions on `body`, each with its value.
    pub(crate) conditions: Vec<(String, Sql)>,
    /// Those created before this object.
    pub(crate) after: Option<i64>,
    /// Those created after this object.
    pub(crate) before: Option<i64>,
    pub(crate) limit: i64,
}

// FULL: what was answered is on disk, even if the machine stops at once.
const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS objects (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, number);
    CREATE INDEX IF NOT EXISTS objects_by_status ON objects (kind, json_extract(body, '$.status'));
    CREATE INDEX IF NOT EXISTS objects_by_group ON objects (kind, json_extract(body, '$.transfer_group'));
    CREATE INDEX IF NOT EXISTS objects_by_intent ON objects (kind, json_extract(body, '$.payment_intent'));
    CREATE INDEX IF NOT EXISTS objects_by_source ON objects (kind, json_extract(body, '$.source_transaction'));
    CREATE TABLE IF NOT EXISTS kept_answers (key TEXT PRIMARY KEY, endpoint TEXT NOT NULL, digest TEXT NOT NULL,
        status INTEGER NOT NULL, body TEXT NOT NULL, request TEXT NOT NULL, at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS deliveries (number INTEGER PRIMARY KEY, event TEXT NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL, done INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (done, due);
    CREATE TABLE IF NOT EXISTS attempts (delivery INTEGER NOT NULL, at INTEGER NOT NULL, outcome TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS attempts_by_delivery ON attempts (delivery);
";

const WAITING: i64 = 0;
pub(crate) const DELIVERED: i64 = 1;
const ABANDONED: i64 = 2;

impl Store {
    pub(crate) fn open(file: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(file)?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self(connection))
    }

    pub(crate) fn clear(&mut self) -> rusqlite::Result<()> {
        self.0.execute_batch(
            "BEGIN; DELETE FROM objects; DELETE FROM kept_answers; DELETE FROM deliveries; DELETE FROM attempts; COMMIT;",
        )
    }

    /// Begins work that is kept only if `Work::keep` is called.
    pub(crate) fn work(&mut self, now: i64, origin: Origin) -> rusqlite::Result<Work<'_>> {
        Ok(Work {
            transaction: self.0.transaction()?,
            now,
            origin,
            told: Cell::new(false),
        })
    }

    /// The open sessions and the authorisations that have run out.
    pub(crate) fn lapsed(&self, now: i64) -> rusqlite::Result<(Vec<Value>, Vec<Value>)> {
        let sessions = "SELECT body FROM objects WHERE kind = 'checkout.session' AND json_extract(body, '$.status') = 'open'
             AND json_extract(body, '$.expires_at') <= ?1 ORDER BY number";
        let intents = "SELECT i.body FROM objects i JOIN objects c ON c.id = json_extract(i.body, '$.latest_charge')
             WHERE i.kind = 'payment_intent' AND json_extract(i.body, '$.status') = 'requires_capture'
             AND json_extract(c.body, '$.payment_method_details.card.capture_before') <= ?1 ORDER BY i.number";
        Ok((
            bodies(&self.0, sessions, vec![now.into()])?,
            bodies(&self.0, intents, vec![now.into()])?,
        ))
    }

    pub(crate) fn has_due(&self, now: i64) -> rusqlite::Result<bool> {
        let query = "SELECT EXISTS (SELECT 1 FROM deliveries WHERE done = ?1 AND due <= ?2)";
        self.0.query_row(query, [WAITING, now], |row| row.get(0))
    }

    pub(crate) fn next_due(&self, now: i64) -> rusqlite::Result<Option<Delivery>> {
        let query =
            "SELECT d.number, o.body, d.attempts FROM deliveries d JOIN objects o ON o.id = d.event
                     WHERE d.done = ?1 AND d.due <= ?2 ORDER BY d.due, d.number LIMIT 1";
        let read =
            |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?));
        let found = self.0.query_row(query, [WAITING, now], read).optional()?;
        Ok(found.map(|(number, body, attempts)| Delivery {
            number,
            event: parsed(&body),
            attempts,
        }))
    }

    /// Notes an attempt at a delivery. `again` is when it is tried next, if it is.
    pub(crate) fn tried(
        &mut self,
        delivery: &Delivery,
        now: i64,
        outcome: &str,
        delivered: bool,
        again: Option<i64>,
    ) -> rusqlite::Result<()> {
        let transaction = self.0.transaction()?;
        let done = match (delivered, again) {
            (true, _) => DELIVERED,
            (false, Some(_)) => WAITING,
            (false, None) => ABANDONED,
        };
        transaction.execute(
            "UPDATE deliveries SET attempts = attempts + 1, done = ?2, due = COALESCE(?3, due) WHERE number = ?1",
            params![delivery.number, done, again],
        )?;
        transaction.execute(
            "INSERT INTO attempts (delivery, at, outcome) VALUES (?1, ?2, ?3)",
            params![delivery.number, now, outcome],
        )?;
        transaction.execute(
            "UPDATE objects SET body = json_set(body, '$.pending_webhooks',
                 (SELECT COUNT(*) FROM deliveries WHERE event = objects.id AND done = ?2)) WHERE id = ?1",
            params![delivery.event["id"].as_str(), WAITING],
        )?;
        transaction.commit()
    }

    /// Sends an event once more.
    pub(crate) fn repeat(&self, event: &str, now: i64) -> rusqlite::Result<usize> {
        self.0.execute(
            "INSERT INTO deliveries (event, due, attempts, done) VALUES (?1, ?2, 0, ?3)",
            params![event, now, WAITING],
        )
    }

    /// Gives up every delivery that waits; says how many.
    pub(crate) fn lose_waiting(&self) -> rusqlite::Result<usize> {
        let query = "UPDATE deliveries SET done = ?2 WHERE done = ?1";
        self.0.execute(query, [WAITING, ABANDONED])
    }

    /// Deliveries and their attempts, newest first.
    pub(crate) fn deliveries(&self, limit: i64) -> rusqlite::Result<Vec<Value>> {
        let mut query = self.0.prepare(
            "SELECT d.number, d.event, json_extract(o.body, '$.type'), d.due, d.done,
                 (SELECT json_group_array(json_object('at', a.at, 'outcome', a.outcome)) FROM attempts a WHERE a.delivery = d.number)
             FROM deliveries d JOIN objects o ON o.id = d.event ORDER BY d.number DESC LIMIT ?1",
        )?;
        let rows = query.query_map([limit], |row| {
            let status = match row.get(4)? {
                DELIVERED => "delivered",
                ABANDONED => "abandoned",
                _ => "waiting",
            };
            Ok(json!({
                "id": row.get::<_, i64>(0)?,
                "object": "delivery",
                "attempts": parsed(&row.get::<_, String>(5)?),
                "due": row.get::<_, i64>(3)?,
                "event": row.get::<_, String>(1)?,
                "status": status,
                "type": row.get::<_, String>(2)?,
            }))
        })?;
        rows.collect()
    }

    pub(crate) fn kept(&self, key: &str, since: i64) -> rusqlite::Result<Option<Kept>> {
        let query = "SELECT endpoint, digest, status, body, request FROM kept_answers WHERE key = ?1 AND at > ?2";
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Kept {
                endpoint: row.get(0)?,
                digest: row.get(1)?,
                status: row.get(2)?,
                body: row.get(3)?,
                request: row.get(4)?,
            })
        };
        self.0
            .query_row(query, params![key, since], read)
            .optional()
    }

    pub(crate) fn read(&self, id: &str) -> rusqlite::Result<Option<Value>> {
        read(&self.0, id)
    }

    /// The newest objects of a kind.
    pub(crate) fn newest(&self, kind: &str, limit: i64) -> rusqlite::Result<Vec<Value>> {
        let query = "SELECT body FROM objects WHERE kind = ?1 ORDER BY number DESC LIMIT ?2";
        bodies(&self.0, query, vec![kind.to_owned().into(), limit.into()])
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

fn bodies(connection: &Connection, query: &str, values: Vec<Sql>) -> rusqlite::Result<Vec<Value>> {
    let mut query = connection.prepare_cached(query)?;
    let rows = query.query_map(params_from_iter(values), |row| row.get::<_, String>(0))?;
    rows.map(|row| Ok(parsed(&row?))).collect()
}

/// Who caused what happens: events say it.
#[derive(Default, Clone)]
pub(crate) struct Origin {
    pub(crate) request: Option<String>,
    pub(crate) key: Option<String>,
}

/// What one API call does: all of it is kept, or none.
pub(crate) struct Work<'a> {
    transaction: Transaction<'a>,
    /// Unix seconds.
    pub(crate) now: i64,
    origin: Origin,
    told: Cell<bool>,
}

impl Work<'_> {
    pub(crate) fn read(&self, id: &str) -> rusqlite::Result<Option<Value>> {
        read(&self.transaction, id)
    }

    /// An object of this kind that must be there.
    pub(crate) fn found(&self, kind: &str, id: &str) -> Result<Value, Fault> {
        let object = self.read(id)?.filter(|object| object["object"] == kind);
        object.ok_or_else(|| Fault::no_such(kind, id))
    }

    /// The place of an object in the order of creation.
    pub(crate) fn place(&self, kind: &str, id: &str) -> rusqlite::Result<Option<i64>> {
        let query = "SELECT number FROM objects WHERE kind = ?1 AND id = ?2";
        self.transaction
            .query_row(query, [kind, id], |row| row.get(0))
            .optional()
    }

    /// Objects of a kind, newest first.
    pub(crate) fn select(&self, kind: &str, selection: Selection) -> rusqlite::Result<Vec<Value>> {
        let mut query = "SELECT body FROM objects WHERE kind = ?".to_owned();
        let mut values: Vec<Sql> = vec![kind.to_owned().into()];
        for (condition, value) in selection.conditions {
            query += &format!(" AND {condition}");
            values.push(value);
        }
        if let Some(after) = selection.after {
            query += " AND number < ?";
            values.push(after.into());
        }
        if let Some(before) = selection.before {
            query += " AND number > ?";
            values.push(before.into());
        }
        query += if selection.before.is_some() {
            " ORDER BY number ASC LIMIT ?"
        } else {
            " ORDER BY number DESC LIMIT ?"
        };
        values.push(selection.limit.into());
        bodies(&self.transaction, &query, values)
    }

    /// A sum of whole numbers over the objects of a kind; `expression` and `condition` are SQL.
    pub(crate) fn sum(
        &self,
        kind: &str,
        expression: &str,
        condition: &str,
    ) -> rusqlite::Result<i64> {
        let query = format!(
            "SELECT COALESCE(SUM({expression}), 0) FROM objects WHERE kind = ?1 AND {condition}"
        );
        self.transaction.query_row(&query, [kind], |row| row.get(0))
    }

    /// The same over the objects whose `field` is `value`.
    pub(crate) fn sum_of(
        &self,
        kind: &str,
        expression: &str,
        field: &str,
        value: &str,
    ) -> rusqlite::Result<i64> {
        let query = format!(
            "SELECT COALESCE(SUM({expression}), 0) FROM objects WHERE kind = ?1 AND json_extract(body, '$.{field}') = ?2"
        );
        self.transaction
            .query_row(&query, [kind, value], |row| row.get(0))
    }

    /// What has already left a charge by transfers that were not reversed.
    pub(crate) fn transferred_from(&self, charge: &str) -> rusqlite::Result<i64> {
        let query = "SELECT COALESCE(SUM(json_extract(body, '$.amount') - json_extract(body, '$.amount_reversed')), 0)
                     FROM objects WHERE kind = 'transfer' AND json_extract(body, '$.source_transaction') = ?1";
        self.transaction
            .query_row(query, [charge], |row| row.get(0))
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
        self.event_of(kind, object, None)
    }

    /// The same, on a connected account.
    pub(crate) fn event_of(
        &self,
        kind: &str,
        object: &Value,
        account: Option<&str>,
    ) -> rusqlite::Result<()> {
        let mut event = json!({
            "id": ids::fresh("evt"),
            "object": "event",
            "api_version": crate::api::API_VERSION,
            "created": self.now,
            "data": { "object": object },
            "livemode": false,
            "pending_webhooks": 1,
            "request": { "id": self.origin.request, "idempotency_key": self.origin.key },
            "type": kind,
        });
        if let Some(account) = account {
            event["account"] = json!(account);
        }
        self.tell(&event)
    }

    /// Notes that something happened to an object of `/v2`: the event names it, and carries nothing
    /// of it.
    pub(crate) fn notify(
        &self,
        kind: &str,
        object: &str,
        id: &str,
        address: &str,
    ) -> rusqlite::Result<()> {
        let moment = jiff::Timestamp::from_second(self.now)
            .map(|moment| format!("{moment:.3}"))
            .unwrap_or_default();
        let event = json!({
            "id": ids::fresh("evt"),
            "object": "v2.core.event",
            "context": null,
            "created": moment,
            "livemode": false,
            "reason": null,
            "related_object": { "id": id, "type": object, "url": address },
            "type": kind,
        });
        self.tell(&event)
    }

    /// Keeps an event, and that it is to be delivered.
    fn tell(&self, event: &Value) -> rusqlite::Result<()> {
        self.write("event", event)?;
        self.told.set(true);
        let query = "INSERT INTO deliveries (event, due, attempts, done) VALUES (?1, ?2, 0, ?3)";
        self.transaction
            .execute(query, params![event["id"].as_str(), self.now, WAITING])
            .map(|_| ())
    }

    /// Notes the answer that a key was given.
    pub(crate) fn answered(&self, keyed: &Keyed, status: u16, body: &str) -> rusqlite::Result<()> {
        let query =
            "INSERT OR REPLACE INTO kept_answers (key, endpoint, digest, status, body, request, at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let request = self.origin.request.as_deref().unwrap_or_default();
        let values = params![
            keyed.key,
            keyed.endpoint,
            keyed.digest,
            status,
            body,
            request,
            self.now
        ];
        self.transaction.execute(query, values).map(|_| ())
    }

    /// Keeps everything. Says whether there is something to deliver.
    pub(crate) fn keep(self) -> rusqlite::Result<bool> {
        self.transaction.commit()?;
        Ok(self.told.get())
    }
}
