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
    /// How many mails were begun ten minutes ago and are not known to be sent.
    MailsUnsent,
    /// How many events were given again for a day and wait for the operator.
    EventsGivenUp,
}

impl Figure {
    /// Every figure.
    pub const ALL: [Self; 5] = [
        Self::OldestOverdueSeconds,
        Self::WebhookRefused,
        Self::OldestHeldDays,
        Self::MailsUnsent,
        Self::EventsGivenUp,
    ];

    /// Its name in logs, and as a metric.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OldestOverdueSeconds => "OldestOverdueSeconds",
            Self::WebhookRefused => "WebhookRefused",
            Self::OldestHeldDays => "OldestHeldDays",
            Self::MailsUnsent => "MailsUnsent",
            Self::EventsGivenUp => "EventsGivenUp",
        }
    }

    /// Logs it.
    pub fn is(self, value: u64) {
        tracing::info!(figure = self.name(), value, "figure");
    }
}
