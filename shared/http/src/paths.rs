//! What routes of several contexts name.

use domain::ids::{BookingId, OrderId, QuoteRequestId, ReviewId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The route's booking.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct BookingPath {
    /// The booking's identifier.
    pub booking: BookingId,
}

/// The route's order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct OrderPath {
    /// The order's identifier.
    pub order: OrderId,
}

/// The review named in the route.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ReviewPath {
    /// The review.
    pub review: ReviewId,
}

/// The request for quotes named in the route.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct QuoteRequestPath {
    /// The request.
    pub request: QuoteRequestId,
}
