//! The SQLite file of what is ours alone: mails, deliveries, schedules. Tables and Stripe have
//! their own files.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

/// One connection behind a lock. A statement here takes well under a millisecond, so it runs on
/// the asynchronous threads; nobody holds the lock across an `await`.
#[derive(Debug)]
pub(crate) struct Disk(Mutex<Connection>);

impl Disk {
    pub(crate) fn open(file: &Path) -> Result<Self, rusqlite::Error> {
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // With a write-ahead log a killed process loses nothing; a power cut may lose the last
        // instants, which a development machine can bear.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS mails (
                 id INTEGER PRIMARY KEY AUTOINCREMENT,
                 at TEXT NOT NULL,
                 sender TEXT NOT NULL,
                 recipients TEXT NOT NULL,
                 subject TEXT NOT NULL,
                 text TEXT NOT NULL,
                 html TEXT NOT NULL,
                 attachments TEXT NOT NULL
             );
             CREATE TABLE IF NOT EXISTS deliveries (
                 id INTEGER PRIMARY KEY AUTOINCREMENT,
                 function TEXT NOT NULL,
                 what TEXT NOT NULL,
                 payload TEXT NOT NULL,
                 tries INTEGER NOT NULL DEFAULT 0,
                 due_at INTEGER NOT NULL,
                 parked_at TEXT,
                 error TEXT
             );
             CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_at) WHERE parked_at IS NULL;
             CREATE TABLE IF NOT EXISTS schedules (
                 name TEXT PRIMARY KEY,
                 last_run TEXT NOT NULL
             );",
        )?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Runs `work` alone on the file.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, rusqlite::Error>,
    ) -> Result<T, rusqlite::Error> {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Forgets everything.
    pub(crate) fn wipe(&self) -> Result<(), rusqlite::Error> {
        self.with(|connection| {
            connection.execute_batch(
                "DELETE FROM mails; DELETE FROM deliveries; DELETE FROM schedules;
                 DELETE FROM sqlite_sequence;",
            )
        })
    }
}
