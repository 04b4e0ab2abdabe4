//! Limits on what may be tried again and again. Periods slide, and a request counts once, however
//! often its decision is made.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex};

use adapters::secrets::sha256;
use domain::identifiers::Email;

use crate::desk::Desk;
use crate::problem::Problem;

/// A quarter of an hour, in seconds: a period within which tries are counted.
pub const QUARTER: i64 = 15 * 60;
/// An hour, in seconds.
pub const HOUR: i64 = 60 * 60;
/// A day, in seconds.
pub const DAY: i64 = 24 * HOUR;

/// How much more than one network of an IPv6 site the whole site may do.
const SITE_SHARE: u64 = 10;

/// What is counted for an e-mail: its hash, so that counters name nobody.
pub fn by_email(what: &str, email: &Email) -> String {
    format!("{what}#email#{}", sha256(email.as_str().as_bytes()))
}

/// What is counted for a mailbox that nobody proved to be theirs: the mails of all forms together.
pub fn by_mailbox(email: &Email) -> String {
    format!("mails#{}", sha256(email.mailbox().as_bytes()))
}

/// What is counted for an address.
///
/// A subscriber of IPv6 has 2⁶⁴ addresses and often 2¹⁶ networks of as many: the network (/64) has
/// the limit, and the site around it (/48) ten times as much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByAddress {
    network: String,
    site: Option<String>,
}

/// What is counted for an address.
pub fn by_ip(what: &str, ip: &str) -> ByAddress {
    let counter = |of: &dyn std::fmt::Display| format!("{what}#ip#{of}");
    match ip.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => ByAddress {
            network: counter(&format!("{}/64", leading(address, 64))),
            site: Some(counter(&format!("{}/48", leading(address, 48)))),
        },
        Ok(IpAddr::V4(address)) => ByAddress {
            network: counter(&address),
            site: None,
        },
        Err(_) => ByAddress {
            network: counter(&ip),
            site: None,
        },
    }
}

fn leading(address: Ipv6Addr, bits: u32) -> Ipv6Addr {
    Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - bits)))
}

/// What is counted, under one name or several.
pub trait Tried {
    /// The names, each with how many times the limit it is allowed.
    fn counters(&self) -> Vec<(&str, u64)>;
}

impl Tried for str {
    fn counters(&self) -> Vec<(&str, u64)> {
        vec![(self, 1)]
    }
}

impl Tried for String {
    fn counters(&self) -> Vec<(&str, u64)> {
        vec![(self, 1)]
    }
}

impl Tried for ByAddress {
    fn counters(&self) -> Vec<(&str, u64)> {
        let site = self.site.as_deref().map(|site| (site, SITE_SHARE));
        std::iter::once((self.network.as_str(), 1))
            .chain(site)
            .collect()
    }
}

/// What one request has counted already.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts(Arc<Mutex<BTreeSet<String>>>);

impl Counts {
    /// Whether it is counted now for the first time.
    fn begin(&self, name: &str) -> bool {
        let Ok(mut counted) = self.0.lock() else {
            return true;
        };
        counted.insert(name.to_owned())
    }

    /// Whether it was counted; it is so no longer.
    fn end(&self, name: &str) -> bool {
        let Ok(mut counted) = self.0.lock() else {
            return true;
        };
        counted.remove(name)
    }
}

/// Counts one more try of `what`, once for each request, and refuses beyond `limit` within
/// `period_seconds`. A refused try is not counted: one may always try `limit` times in the period.
pub async fn throttle<O>(
    desk: &Desk<O>,
    what: &(impl Tried + ?Sized),
    limit: u64,
    period_seconds: i64,
) -> Result<(), Problem> {
    for (name, share) in what.counters() {
        if !desk.counts.begin(name) {
            continue;
        }
        let now = desk.clock.now();
        let counted = desk.store.count(name, period_seconds, now).await?;
        if counted.count > limit.saturating_mul(share) {
            forgive(desk, what, period_seconds).await?;
            return Err(refused(counted.eases_in));
        }
    }
    Ok(())
}

/// Takes one try of `what` back: it succeeded, and only failures are to be limited.
pub async fn forgive<O>(
    desk: &Desk<O>,
    what: &(impl Tried + ?Sized),
    period_seconds: i64,
) -> Result<(), Problem> {
    for (name, _) in what.counters() {
        if desk.counts.end(name) {
            let now = desk.clock.now();
            desk.store.uncount(name, period_seconds, now).await?;
        }
    }
    Ok(())
}

fn refused(seconds: i64) -> Problem {
    let seconds = seconds.max(1);
    let minutes = (seconds + 59) / 60;
    Problem {
        retry_after: Some(seconds),
        ..Problem::new(
            429,
            "too_many_attempts",
            format!("Trop de tentatives : réessayez dans {minutes} min."),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_is_one_and_its_site_ten() {
        let counted = |ip| {
            let counted = by_ip("sign-in", ip);
            counted
                .counters()
                .into_iter()
                .map(|(name, share)| (name.to_owned(), share))
                .collect::<Vec<_>>()
        };
        let network = ("sign-in#ip#2001:db8:1:2::/64".to_owned(), 1);
        let site = ("sign-in#ip#2001:db8:1::/48".to_owned(), 10);
        for ip in ["2001:db8:1:2::7", "2001:DB8:1:2:ffff:ffff:ffff:ffff"] {
            assert_eq!(counted(ip), [network.clone(), site.clone()], "{ip}");
        }
        assert_eq!(
            counted("2001:db8:1:3::7"),
            [("sign-in#ip#2001:db8:1:3::/64".to_owned(), 1), site]
        );
        let v4 = [("sign-in#ip#198.51.100.7".to_owned(), 1)];
        assert_eq!(counted("198.51.100.7"), v4);
        assert_eq!(counted("::ffff:198.51.100.7"), v4);
    }

    #[test]
    fn a_request_counts_once() {
        let counts = Counts::default();
        assert!(counts.begin("sign-up"));
        assert!(!counts.begin("sign-up"));
        assert!(counts.end("sign-up"));
        assert!(!counts.end("sign-up"));
        assert!(counts.begin("sign-up"));
    }
}
