//! The event bus (EventBridge).

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::error::DisplayErrorContext;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use thiserror::Error;

use crate::environment::{Environment, Outside};
use crate::store::OutboxItem;

/// The source of every event that the marketplace publishes.
pub const SOURCE: &str = "monagentdesecu";

/// The bus did not take an event.
#[derive(Debug, Error)]
#[error("the bus did not take the event: {0}")]
pub struct BusError(pub String);

/// The bus.
#[derive(Clone, Debug)]
pub struct Bus {
    client: Client,
    name: String,
}

impl Outside for Bus {
    fn open(environment: &Environment) -> Self {
        Self {
            client: Client::new(&crate::aws::configuration(
                environment,
                "EVENTBRIDGE_ENDPOINT",
                &crate::aws::SERVICE,
            )),
            name: environment.required("EVENT_BUS"),
        }
    }
}

impl Bus {
    /// Publishes up to ten events, and says of each whether it was taken.
    pub async fn publish(
        &self,
        items: &[OutboxItem],
    ) -> Result<Vec<Result<(), BusError>>, BusError> {
        let mut entries = Vec::with_capacity(items.len());
        for item in items {
            let detail =
                serde_json::to_string(item).map_err(|error| BusError(error.to_string()))?;
            entries.push(
                PutEventsRequestEntry::builder()
                    .event_bus_name(&self.name)
                    .source(SOURCE)
                    .detail_type(item.event.name())
                    .detail(detail)
                    .time(aws_smithy_types::DateTime::from_secs(item.at.as_second()))
                    .build(),
            );
        }
        let answer = self
            .client
            .put_events()
            .set_entries(Some(entries))
            .send()
            .await
            .map_err(|error| BusError(DisplayErrorContext(&error).to_string()))?;
        let refused = |code: &str| Err(BusError(code.to_owned()));
        Ok(answer
            .entries()
            .iter()
            .map(|entry| entry.error_code().map_or(Ok(()), refused))
            .collect())
    }
}
