//! A client takes an order back before it is answered, or some of its dates: nothing is debited for them.

use adapters::orders;
use domain::ids::BookingId;
use domain::order::{OrderCommand, decide};
use http_function::{Call, Client, Desk, Operation, OrderPath, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::order_ownership::own_order;
use crate::order_view::{OrderView, order_for_client};

/// Taking an order back.
pub struct CancelOrder;

/// What is taken back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct TakenBack {
    /// Which dates: all of them when none is named.
    #[serde(default)]
    #[schemars(length(max = 60))]
    pub missions: Vec<BookingId>,
}

impl Operation for CancelOrder {
    const NAME: &'static str = "cancel-order";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/orders/{order}/cancel";
    const SUMMARY: &'static str = "Take an order back before it is answered, or some of its dates. A date that was accepted is a booking, and is cancelled as one.";
    type Outside = ();
    type Who = Client;
    type Path = OrderPath;
    type Input = TakenBack;
    type Output = OrderView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OrderView>, Problem> {
        let read = own_order(&desk.store, &call.who, &call.path.order).await?;
        let missions = call.input.missions.clone();
        let decision = decide(&read.record, &OrderCommand::Cancel { missions }, call.now)?;
        let view = order_for_client(&decision.order, &[], call.now);
        let changes = orders::write(&desk.store, &read, decision, call.changes()).await?;
        Ok(Reply::ok(view).changing(changes.activity(Self::NAME, read.record.id.as_str())))
    }
}
