//! A debit that the client's bank took back, spread over the missions that it paid for.
//!
//! The bank contests one amount of one debit. Each mission bears a part of it, decided once, when the
//! dispute is first seen: first those whose professional was not paid yet, since their money is still
//! kept, and among these the last to take place; then those that were paid out, the last first. A mission
//! bears no more than what the client has not got back of it, as long as that is enough.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Order;
use crate::booking::{DisputeStage, MoneyPosition, Seen};
use crate::ids::BookingId;
use crate::money::Euros;

/// How the money of one mission stands when its order's debit is contested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContestedMission {
    /// Which.
    pub booking: BookingId,
    /// When it begins.
    pub start: Timestamp,
    /// How its money is divided.
    pub money: MoneyPosition,
    /// What it bears already of earlier disputes.
    pub borne: Euros,
}

/// A dispute of an order's debit, and what each mission bears of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedDispute {
    /// Stripe's name of it.
    pub id: String,
    /// How much is contested.
    pub amount: Euros,
    /// How far it is.
    pub stage: DisputeStage,
    /// When we first saw it.
    pub at: Timestamp,
    /// What each mission bears, where it bears anything.
    pub shares: Vec<(BookingId, Euros)>,
}

impl SharedDispute {
    /// Whether the bank has not decided.
    pub fn is_open(&self) -> bool {
        self.stage == DisputeStage::Open
    }
}

/// What each mission bears of a contested amount. The shares add up to it as far as the missions were
/// debited for as much.
pub fn spread(amount: Euros, missions: &[ContestedMission]) -> Vec<(BookingId, Euros)> {
    let mut order: Vec<&ContestedMission> = missions.iter().collect();
    order.sort_by_key(|one| {
        (
            one.money.transferred > Euros::ZERO,
            std::cmp::Reverse(one.start),
        )
    });
    let mut left = amount.cents();
    let mut shares: Vec<(BookingId, i64)> = Vec::new();
    // What the client has already got back is contested last.
    let rooms: [fn(&ContestedMission) -> i64; 2] = [
        |one| one.money.captured.cents() - one.money.refunded.cents().max(one.borne.cents()),
        |one| one.money.captured.cents() - one.borne.cents(),
    ];
    for room in rooms {
        for one in &order {
            let known = shares
                .iter_mut()
                .find(|(booking, _)| *booking == one.booking);
            let borne = known.as_ref().map_or(0, |(_, cents)| *cents);
            let part = left.min((room(one) - borne).max(0));
            if part == 0 {
                continue;
            }
            left -= part;
            match known {
                Some((_, cents)) => *cents += part,
                None => shares.push((one.booking.clone(), part)),
            }
        }
    }
    let euros = |(booking, cents)| (booking, Euros::from_cents(cents));
    shares.into_iter().map(euros).collect()
}

impl Order {
    /// Takes in a dispute of the debit: spread when it is new, and moved on otherwise. A decided dispute
    /// stays decided. Answers whether it is new. It is spread once, so not before every mission has seen
    /// its part of the debit: until then nothing is taken in, and it is seen again at the next look.
    pub fn contest(
        &mut self,
        (id, amount, stage): (&str, Euros, DisputeStage),
        missions: &[ContestedMission],
        now: Timestamp,
    ) -> bool {
        if let Some(known) = self.disputes.iter_mut().find(|known| known.id == id) {
            if known.is_open() {
                known.stage = stage;
            }
            return false;
        }
        let debited: i64 = missions.iter().map(|one| one.money.captured.cents()).sum();
        if debited < self.accepted_total().cents() {
            return false;
        }
        self.disputes.push(SharedDispute {
            id: id.to_owned(),
            amount,
            stage,
            at: now,
            shares: spread(amount, missions),
        });
        true
    }

    /// What a mission bears of the disputes that are known.
    pub fn borne_by(&self, booking: &BookingId) -> Euros {
        let shares = self.disputes.iter().flat_map(|dispute| &dispute.shares);
        let own = shares.filter(|(of, _)| of == booking);
        Euros::from_cents(own.map(|(_, amount)| amount.cents()).sum())
    }

    /// The disputes as one of its bookings sees them.
    pub fn disputes_told(&self, booking: &BookingId) -> Vec<Seen> {
        let told = self.disputes.iter().filter_map(|dispute| {
            let (_, amount) = dispute.shares.iter().find(|(of, _)| of == booking)?;
            Some(Seen::Dispute {
                id: dispute.id.clone(),
                amount: *amount,
                stage: dispute.stage,
            })
        });
        told.collect()
    }
}
