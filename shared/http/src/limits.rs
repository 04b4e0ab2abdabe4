//! What a function is deployed with, beside its code: how often a chore runs, which stream a feed
//! reads, and what a function may take where that differs from the rest. Its context's `lib.rs`
//! says it; the templates are written from there.

use adapters::store::Table;
use jiff::SignedDuration;

/// How often a chore runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Once a minute, the most that EventBridge offers.
    Minute,
    /// Once an hour.
    Hour,
    /// Once a day.
    Day,
}

impl Every {
    /// How long it is from one run to the next.
    pub fn period(self) -> SignedDuration {
        match self {
            Self::Minute => SignedDuration::from_mins(1),
            Self::Hour => SignedDuration::from_hours(1),
            Self::Day => SignedDuration::from_hours(24),
        }
    }

    /// As EventBridge writes it.
    pub fn expression(self) -> &'static str {
        match self {
            Self::Minute => "rate(1 minute)",
            Self::Hour => "rate(1 hour)",
            Self::Day => "rate(1 day)",
        }
    }
}

/// The stream that a feed reads, in order, from the oldest record that is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    /// Whose changes it is.
    pub table: Table,
    /// How many records are given at once, at most.
    pub batch: u32,
    /// How often a record that fails is given again before it is put aside; those behind it wait.
    pub retries: u32,
}

/// What a function may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Memory in MB; Lambda gives CPU in proportion.
    pub memory: u32,
    /// Seconds until a call is ended.
    pub timeout: u32,
    /// How many calls may run at once; `None` is as many as the account has left.
    pub at_once: Option<u32>,
    /// How often an event that it fails on is given to it again before it is put aside, two at most.
    /// Who is called over HTTP asks again by itself.
    pub retries: u32,
}

impl Limits {
    /// What a function has that says nothing else.
    pub const ORDINARY: Self = Self {
        // Argon2id takes 19 MiB and a moment of CPU.
        memory: 256,
        // Under the gateway's 30 s, so that a slow answer is ours to explain.
        timeout: 25,
        at_once: None,
        retries: 2,
    };
}
