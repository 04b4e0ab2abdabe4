//! The rules of the marketplace, pure: no clock, no randomness, no I/O.
//!
//! Time and identifiers come in as arguments; what comes out is a new state and what happened.

pub mod account;
pub mod accounting;
pub mod again;
pub mod alerts;
pub mod booking;
pub mod calendar;
pub mod configuration;
pub mod consultation;
pub mod conversation;
pub mod data_request;
pub mod event;
pub mod finding;
pub mod identifiers;
pub mod ids;
pub mod invoice;
pub mod ledger;
pub mod mail;
pub mod market;
pub mod members;
pub mod money;
pub mod offer;
pub mod operator;
pub mod order;
pub mod passwords;
pub mod places;
pub mod platform;
pub mod pricing;
pub mod professional;
pub mod quotes;
pub mod ranking;
pub mod report;
pub mod retention;
pub mod review;
pub mod shift;
pub mod staffing;
pub mod statistics;
pub mod terms;
pub mod text;
pub mod time;
pub mod typography;
pub mod yearly;
