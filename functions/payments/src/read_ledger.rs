//! The operator reads how the money of one booking moved.

use adapters::store::Question;
use domain::booking::MoneyPosition;
use domain::ledger::Movement;
use http_function::{Admin, BookingPath, Call, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Serialize;

use crate::ledger::{Balances, MovementView};
use crate::stored::find_booking;

/// Reading a booking's ledger.
pub struct ReadLedger;

/// How the money of a booking moved, and where it is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BookingLedger {
    /// Movements, oldest first.
    movements: Vec<MovementView>,
    /// What they add up to.
    balances: Balances,
    /// What the booking's payment says.
    money: MoneyPosition,
    /// Whether the two say the same.
    balanced: bool,
}

impl Operation for ReadLedger {
    const NAME: &'static str = "read-ledger";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/admin/bookings/{booking}/ledger";
    const SUMMARY: &'static str = "Every movement of a booking's money, and where it is now.";
    type Outside = ();
    type Who = Admin;
    type Path = BookingPath;
    type Input = Nothing;
    type Output = BookingLedger;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingLedger>, Problem> {
        let booking = find_booking(&desk.store, &call.path.booking)
            .await?
            .ok_or_else(Problem::not_found)?
            .record;
        let question = Question::movements_of_booking(&booking.id);
        let read = desk.store.ask_all::<Movement>(question).await?;
        let mut movements: Vec<Movement> = read.into_iter().map(|read| read.record).collect();
        movements.sort_by_key(|movement| movement.at);
        let balances = Balances::of(&movements);
        let money = booking.money();
        Ok(Reply::ok(BookingLedger {
            balanced: balances.agree_with(&money),
            movements: movements.iter().map(MovementView::of).collect(),
            balances,
            money,
        }))
    }
}
