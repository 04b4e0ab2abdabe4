//! How many orders a client may leave unpaid: each holds agents that nobody else can book meanwhile.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::booking::{Booking, BookingState};
use crate::ids::{AccountId, BookingId, OrderId, ProfessionalId, QuoteRequestId};

/// How many orders of one client wait for payment at once.
const MOST_WAITING: usize = 3;
/// How many of them with one professional.
const MOST_WAITING_HERE: usize = 2;
/// How many may be left unpaid within a day.
const MOST_ABANDONED: usize = 10;
/// How many dates wait for payment at once: those of the longest order.
const MOST_DATES_WAITING: u32 = 60;
/// How many dates may be left unpaid within a day: an order of many holds as many days.
const MOST_DATES_ABANDONED: u32 = 120;
/// What a day is.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Why another order is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OrdersRefused {
    /// Three wait already.
    #[error(
        "Vous avez déjà 3 commandes en attente de paiement : payez-les, ou attendez qu’elles expirent (15 minutes), avant d’en passer une autre."
    )]
    Waiting,
    /// Two wait already with this professional.
    #[error(
        "Vous avez déjà 2 commandes en attente de paiement auprès de ce professionnel : payez-les, ou attendez qu’elles expirent (15 minutes)."
    )]
    WaitingHere,
    /// Ten were left unpaid within a day.
    #[error(
        "Vous avez laissé 10 commandes sans paiement en 24 heures : réessayez plus tard, ou écrivez-nous."
    )]
    Abandoned,
    /// As many dates wait as the longest order has.
    #[error(
        "Vos commandes en attente de paiement comptent déjà trop de dates : payez-les, ou attendez qu’elles expirent (15 minutes)."
    )]
    DatesWaiting,
    /// Too many dates were left unpaid within a day.
    #[error(
        "Vous avez laissé trop de dates sans paiement en 24 heures : réessayez plus tard, ou écrivez-nous."
    )]
    DatesAbandoned,
    /// The client's account was closed.
    #[error("Votre compte est fermé : il ne passe plus de commande.")]
    Closed,
}

impl OrdersRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "too_many_orders_waiting",
            Self::WaitingHere => "too_many_orders_waiting_here",
            Self::Abandoned => "too_many_orders_abandoned",
            Self::DatesWaiting => "too_many_dates_waiting",
            Self::DatesAbandoned => "too_many_dates_abandoned",
            Self::Closed => "account_closed",
        }
    }
}

/// What became of an order's payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderFate {
    /// Agents are held while the client pays.
    Waiting,
    /// It was not paid.
    Abandoned,
    /// The card was authorised: the professional has it.
    Paid,
}

impl OrderFate {
    /// That of a booking.
    pub fn of(booking: &Booking, now: Timestamp) -> Self {
        if booking.requested_at.is_some() {
            Self::Paid
        } else if booking.state == BookingState::AwaitingPayment && now < booking.hold_until {
            Self::Waiting
        } else {
            Self::Abandoned
        }
    }
}

impl Booking {
    /// Whether it is of this request for quotes and may still become its contract: it is being paid, or
    /// paid and not concluded yet.
    pub fn may_conclude(&self, request: &QuoteRequestId, now: Timestamp) -> bool {
        self.quote.as_ref() == Some(request)
            && (self.state == BookingState::Requested
                || OrderFate::of(self, now) == OrderFate::Waiting)
    }
}

/// An order that was not paid yet when it was last looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenOrder {
    /// The booking: of an order of several missions, the first.
    pub booking: BookingId,
    /// The order of several missions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// With whom.
    pub professional: ProfessionalId,
    /// When.
    pub at: Timestamp,
    /// What became of it.
    pub fate: OrderFate,
    /// How many dates it has.
    #[serde(default = "one")]
    pub dates: u32,
}

fn one() -> u32 {
    1
}

/// The orders of one client within a day that were not paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenOrders {
    /// Whose.
    pub client: AccountId,
    /// Oldest first.
    pub orders: Vec<OpenOrder>,
    /// When the account was closed: written in the transaction that closes it, as an order is in its own,
    /// so that of both at the same moment one fails.
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
}

impl OpenOrders {
    /// None yet.
    pub fn of(client: AccountId) -> Self {
        Self {
            client,
            orders: Vec::new(),
            closed_at: None,
        }
    }

    /// The account is closed: no order is taken any more.
    pub fn close(&mut self, now: Timestamp) {
        self.closed_at = Some(now);
    }

    /// Those to look at again: what waited may be paid or given up by now.
    pub fn waiting(&self) -> impl Iterator<Item = &OpenOrder> {
        self.orders
            .iter()
            .filter(|order| order.fate == OrderFate::Waiting)
    }

    /// Takes in what became of a booking.
    pub fn learn(&mut self, booking: &BookingId, fate: OrderFate) {
        for order in &mut self.orders {
            if order.booking == *booking {
                order.fate = fate;
            }
        }
    }

    /// Adds an order, if there are not too many already. What is paid or a day old is forgotten.
    ///
    /// # Errors
    /// See [`OrdersRefused`].
    pub fn add(
        &mut self,
        booking: BookingId,
        order: Option<OrderId>,
        professional: ProfessionalId,
        dates: u32,
        now: Timestamp,
    ) -> Result<(), OrdersRefused> {
        if self.closed_at.is_some() {
            return Err(OrdersRefused::Closed);
        }
        self.orders
            .retain(|order| order.fate != OrderFate::Paid && now < order.at + DAY);
        let count =
            |of: &dyn Fn(&OpenOrder) -> bool| self.orders.iter().filter(|order| of(order)).count();
        let waits = |order: &OpenOrder| order.fate == OrderFate::Waiting;
        if count(&|order| waits(order) && order.professional == professional) >= MOST_WAITING_HERE {
            return Err(OrdersRefused::WaitingHere);
        }
        if count(&waits) >= MOST_WAITING {
            return Err(OrdersRefused::Waiting);
        }
        if count(&|order| order.fate == OrderFate::Abandoned) >= MOST_ABANDONED {
            return Err(OrdersRefused::Abandoned);
        }
        let dates_of = |fate: OrderFate| -> u32 {
            let orders = self.orders.iter().filter(|order| order.fate == fate);
            orders.map(|order| order.dates).sum()
        };
        if dates_of(OrderFate::Waiting) + dates > MOST_DATES_WAITING {
            return Err(OrdersRefused::DatesWaiting);
        }
        if dates_of(OrderFate::Abandoned) + dates > MOST_DATES_ABANDONED {
            return Err(OrdersRefused::DatesAbandoned);
        }
        self.orders.push(OpenOrder {
            dates,
            booking,
            order,
            professional,
            at: now,
            fate: OrderFate::Waiting,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id<T: crate::ids::TypedId>(number: usize) -> T {
        T::from_ulid(&format!("{number:026}"))
    }

    fn at(minutes: i64) -> Timestamp {
        let start: Timestamp = "2027-01-05T08:00:00Z".parse().unwrap();
        start + SignedDuration::from_mins(minutes)
    }

    /// Orders with these professionals and fates, one a minute.
    fn orders(given: &[(usize, OrderFate)]) -> OpenOrders {
        let order = |(minute, (professional, fate)): (usize, &(usize, OrderFate))| OpenOrder {
            booking: id(minute + 1),
            order: None,
            professional: id(*professional),
            at: at(i64::try_from(minute).unwrap()),
            fate: *fate,
            dates: 1,
        };
        OpenOrders {
            client: id(1),
            orders: given.iter().enumerate().map(order).collect(),
            closed_at: None,
        }
    }

    #[test]
    fn three_wait_two_with_one_and_ten_are_given_up() {
        use OrderFate::{Abandoned, Paid, Waiting};
        for (before, with, expected) in [
            (vec![], 1, Ok(())),
            (vec![(1, Waiting)], 1, Ok(())),
            (vec![(1, Waiting); 2], 1, Err(OrdersRefused::WaitingHere)),
            (vec![(1, Waiting); 2], 2, Ok(())),
            (
                vec![(1, Waiting), (2, Waiting), (3, Waiting)],
                4,
                Err(OrdersRefused::Waiting),
            ),
            (vec![(1, Waiting), (1, Paid), (1, Abandoned)], 1, Ok(())),
            (vec![(1, Abandoned); 9], 1, Ok(())),
            (vec![(1, Abandoned); 10], 2, Err(OrdersRefused::Abandoned)),
            (vec![(1, Paid); 40], 1, Ok(())),
        ] {
            let mut orders = orders(&before);
            let added = orders.add(id(99), None, id(with), 1, at(60));
            assert_eq!(added, expected, "{before:?} then {with}");
        }
        // A day later it is forgotten.
        let mut old = orders(&[(1, Abandoned); 10]);
        assert!(old.add(id(99), None, id(1), 1, at(24 * 60)).is_ok());
    }

    #[test]
    fn an_order_of_many_dates_counts_as_many() {
        use OrderFate::{Abandoned, Waiting};
        for (fate, before, dates, expected) in [
            (Waiting, 0, 60, Ok(())),
            (Waiting, 0, 61, Err(OrdersRefused::DatesWaiting)),
            (Waiting, 40, 20, Ok(())),
            (Waiting, 40, 21, Err(OrdersRefused::DatesWaiting)),
            (Abandoned, 60, 60, Ok(())),
            (Abandoned, 61, 60, Err(OrdersRefused::DatesAbandoned)),
        ] {
            let mut orders = orders(&[(1, fate)]);
            orders.orders[0].dates = before;
            let added = orders.add(id(99), None, id(2), dates, at(60));
            assert_eq!(added, expected, "{fate:?}: {before} then {dates}");
        }
    }

    #[test]
    fn nothing_is_ordered_once_the_account_is_closed() {
        let mut orders = orders(&[]);
        orders.close(at(0));
        let refused = orders.add(id(99), None, id(1), 1, at(0));
        assert_eq!(refused, Err(OrdersRefused::Closed));
        assert!(orders.orders.is_empty());
    }

    /// Those written before accounts were closed here.
    #[test]
    fn older_orders_are_read_as_those_of_an_open_account() {
        let written = r#"{"client":"acc_01J8Z6K3V5Q0T4W9X2Y7R1S6AB","orders":[]}"#;
        let read: OpenOrders = serde_json::from_str(written).unwrap();
        assert_eq!(read.closed_at, None);
    }
}
