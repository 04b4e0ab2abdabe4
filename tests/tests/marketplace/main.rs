//! The whole marketplace, driven over HTTP on one machine.
//!
//! One binary: each further one would link every SDK again, for six seconds and 300 MB.

mod access;
mod account;
mod again;
mod agreement;
mod barred;
mod contract;
mod costs;
mod dashboard;
mod deciding;
mod decisions;
mod deployment_rules;
mod edge;
mod examples;
mod file;
mod finding;
mod hostile;
mod identifiers;
mod identity;
mod journey;
mod mails;
mod messages;
mod modifications;
mod operator;
mod orders;
mod payments;
mod quotes;
mod race;
mod ranking;
mod receipts;
mod reports;
mod running;
mod scans;
mod staffing;
mod stored;
mod team;
mod template_rules;
mod terms_page;
mod tidy;
mod titles;
mod tours;
mod undelivered;
mod years;
