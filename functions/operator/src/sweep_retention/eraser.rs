//! Erases records and files one after the other, and counts them.

use adapters::store::{Changes, Record, Trace, Versioned};
use http_function::{Desk, Problem};

use super::Files;

/// What is erased of one subject.
pub(super) struct Eraser<'a> {
    desk: &'a Desk<Files>,
    trace: &'a Trace,
    /// How many records were erased or changed.
    pub(super) records: u32,
    /// How many files were erased.
    pub(super) files: u32,
}

impl<'a> Eraser<'a> {
    pub(super) fn new(desk: &'a Desk<Files>, trace: &'a Trace) -> Self {
        Self {
            desk,
            trace,
            records: 0,
            files: 0,
        }
    }

    pub(super) fn desk(&self) -> &'a Desk<Files> {
        self.desk
    }

    pub(super) fn changes(&self) -> Changes {
        Changes::by(self.trace, self.desk.clock.now())
    }

    /// Removes a record.
    pub(super) async fn delete<R: Record>(&mut self, read: &Versioned<R>) -> Result<(), Problem> {
        let changes = self.changes().delete(read);
        self.desk.store.commit(changes).await?;
        self.records += 1;
        Ok(())
    }

    /// Removes records.
    pub(super) async fn delete_all<R: Record>(
        &mut self,
        all: &[Versioned<R>],
    ) -> Result<(), Problem> {
        for read in all {
            self.delete(read).await?;
        }
        Ok(())
    }

    /// Writes what is left of a record, if anything of it went.
    pub(super) async fn leave<R: Record + PartialEq>(
        &mut self,
        read: &Versioned<R>,
        left: &R,
    ) -> Result<(), Problem> {
        if read.record == *left {
            return Ok(());
        }
        let changes = self.changes().replace(read, left);
        self.desk.store.commit(changes).await?;
        self.records += 1;
        Ok(())
    }

    /// Erases documents and attachments.
    pub(super) async fn documents(&mut self, keys: Vec<String>) -> Result<(), Problem> {
        for key in keys {
            let (documents, _) = &self.desk.outside;
            documents.erase(&key).await.map_err(Problem::unavailable)?;
            self.files += 1;
        }
        Ok(())
    }

    /// Erases invoices and orders whose ten years are over.
    pub(super) async fn papers(&mut self, keys: Vec<String>) -> Result<(), Problem> {
        for key in keys {
            let (_, invoices) = &self.desk.outside;
            invoices.erase(&key).await.map_err(Problem::unavailable)?;
            self.files += 1;
        }
        Ok(())
    }
}
