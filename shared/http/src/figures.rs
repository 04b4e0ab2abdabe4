//! Figures that the operator's alarms watch: logged as a line with `figure` and `value`, which a
//! metric filter of `infra/template.yaml` counts. No call to CloudWatch, nothing to wait for.

/// What is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// For how many seconds the booking that waits longest has been overdue, when the sweep begins.
    OldestOverdueSeconds,
    /// An event of Stripe's whose signature was refused.
    WebhookRefused,
    /// For how many days the money that is kept longest has been kept (Stripe's limit is 90).
    OldestHeldDays,
}

impl Figure {
    /// Every figure.
    pub const ALL: [Self; 3] = [
        Self::OldestOverdueSeconds,
        Self::WebhookRefused,
        Self::OldestHeldDays,
    ];

    /// Its name in logs, and as a metric.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OldestOverdueSeconds => "OldestOverdueSeconds",
            Self::WebhookRefused => "WebhookRefused",
            Self::OldestHeldDays => "OldestHeldDays",
        }
    }

    /// Logs it.
    pub fn is(self, value: u64) {
        tracing::info!(figure = self.name(), value, "figure");
    }
}
