//! The product's time on one machine: real time plus an offset kept on disk, so that a test or a
//! demonstration can live through forty-eight hours in a second.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Why the clock stays where it is.
#[derive(Debug, thiserror::Error)]
pub enum ClockRefused {
    /// Time only goes forward: deadlines that passed would not come back.
    #[error("l'horloge ne recule pas : il est {now}, vous demandez {asked}")]
    Backwards {
        /// What the clock says.
        now: Timestamp,
        /// What was asked for.
        asked: Timestamp,
    },
    /// The moment asked for is outside what a timestamp can hold.
    #[error("cette date est hors des limites")]
    OutOfRange,
    /// The offset could not be kept on disk.
    #[error("l'horloge n'a pas pu être enregistrée : {0}")]
    Disk(#[from] std::io::Error),
}

/// Real time plus an offset that survives a restart. Clones share the same offset.
#[derive(Clone, Debug)]
pub struct MovedClock {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    offset_milliseconds: AtomicI64,
    file: PathBuf,
    /// One writer at a time: two moves at once would otherwise add up to one.
    moving: Mutex<()>,
}

impl MovedClock {
    /// The clock whose offset is kept in `file`; no file means real time.
    ///
    /// # Errors
    /// When the file is there but cannot be read or does not hold a number of milliseconds.
    pub fn open(file: impl AsRef<Path>) -> Result<Self, std::io::Error> {
        let file = file.as_ref().to_path_buf();
        let offset = match std::fs::read_to_string(&file) {
            Ok(text) => text
                .trim()
                .parse()
                .map_err(|cause| std::io::Error::other(format!("{}: {cause}", file.display())))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        Ok(Self {
            inner: Arc::new(Inner {
                offset_milliseconds: AtomicI64::new(offset),
                file,
                moving: Mutex::new(()),
            }),
        })
    }

    /// The product's present.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the platform is where time and chance come from on this machine"
    )]
    pub fn now(&self) -> Timestamp {
        let offset = self.inner.offset_milliseconds.load(Ordering::Acquire);
        Timestamp::now()
            .saturating_add(SignedDuration::from_millis(offset))
            .unwrap_or(Timestamp::MAX)
    }

    /// Moves the clock to `asked`. What falls due meanwhile is the business of the caller.
    ///
    /// # Errors
    /// [`ClockRefused::Backwards`] when `asked` is past; [`ClockRefused::Disk`] when the offset
    /// cannot be kept, in which case the clock has not moved.
    pub fn set(&self, asked: Timestamp) -> Result<(), ClockRefused> {
        let _moving = self.lock();
        let now = self.now();
        if asked < now {
            return Err(ClockRefused::Backwards { now, asked });
        }
        let further = i64::try_from(asked.duration_since(now).as_millis())
            .map_err(|_| ClockRefused::OutOfRange)?;
        self.further(further)
    }

    /// Moves the clock forward by `seconds`.
    ///
    /// # Errors
    /// [`ClockRefused::Backwards`] when `seconds` is negative; [`ClockRefused::Disk`] as for
    /// [`MovedClock::set`].
    pub fn advance(&self, seconds: i64) -> Result<(), ClockRefused> {
        let _moving = self.lock();
        let now = self.now();
        let asked = now
            .checked_add(SignedDuration::from_secs(seconds))
            .map_err(|_| ClockRefused::OutOfRange)?;
        if seconds < 0 {
            return Err(ClockRefused::Backwards { now, asked });
        }
        self.further(seconds.checked_mul(1_000).ok_or(ClockRefused::OutOfRange)?)
    }

    /// Back to real time. Only a reset may do this: it also forgets everything that has a date.
    pub(crate) fn back_to_real_time(&self) -> Result<(), ClockRefused> {
        let _moving = self.lock();
        self.keep(0)
    }

    fn further(&self, milliseconds: i64) -> Result<(), ClockRefused> {
        let offset = self.inner.offset_milliseconds.load(Ordering::Acquire);
        self.keep(
            offset
                .checked_add(milliseconds)
                .ok_or(ClockRefused::OutOfRange)?,
        )
    }

    /// Disk first, by rename: a crash leaves the old offset or the new one, never half of one.
    fn keep(&self, offset: i64) -> Result<(), ClockRefused> {
        let draft = self.inner.file.with_extension("new");
        std::fs::write(&draft, offset.to_string())?;
        std::fs::rename(&draft, &self.inner.file)?;
        self.inner
            .offset_milliseconds
            .store(offset, Ordering::Release);
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, ()> {
        self.inner
            .moving
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
