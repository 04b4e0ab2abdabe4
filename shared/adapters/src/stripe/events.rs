//! What Stripe could not tell: events whose webhooks did not arrive.

use jiff::Timestamp;

use super::objects::{List, StripeEvent};
use super::{Stripe, StripeError};

impl Stripe {
    /// Events made from `from` until `until` that at least one webhook did not bring, newest first: a
    /// hundred at most.
    ///
    /// # Errors
    /// When Stripe does not answer.
    pub async fn events_not_brought(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<StripeEvent>, StripeError> {
        let (from, until) = (from.as_second(), until.as_second());
        let path = format!(
            "/v1/events?delivery_success=false&created[gte]={from}&created[lte]={until}&limit=100"
        );
        let list: List<StripeEvent> = self.read(&path).await?;
        Ok(list.data)
    }
}
