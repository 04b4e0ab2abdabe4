//! What becomes of a mail once the mail service took it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the mail service tells of a mail, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailFate {
    /// The reader's server took it.
    Delivered,
    /// It came back for a reason that may pass: a full mailbox, an absence message.
    PutOff,
    /// The mail service did not send it: it took it for harmful.
    Rejected,
    /// It came back for good: there is no such mailbox, or it takes nothing from us.
    Bounced,
    /// Its reader said that it was unwanted.
    Complained,
}

impl MailFate {
    /// Whether somebody should look at it.
    pub fn needs_somebody(self) -> bool {
        match self {
            Self::Delivered | Self::PutOff => false,
            Self::Rejected | Self::Bounced | Self::Complained => true,
        }
    }

    /// The words that the operator reads.
    pub fn label(self) -> &'static str {
        match self {
            Self::Delivered => "remis",
            Self::PutOff => "retardé",
            Self::Rejected => "refusé à l’envoi",
            Self::Bounced => "revenu",
            Self::Complained => "signalé comme indésirable",
        }
    }
}

/// What is known of a mail, since when, and what it is called at the mail service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailNews {
    /// What became of it.
    pub fate: MailFate,
    /// When.
    pub at: Timestamp,
    /// Its name at the mail service.
    pub message: String,
}

impl MailNews {
    /// Whether this adds to what was known. News come in any order and more than once: the worst
    /// stays, and of the same the first.
    pub fn worsens(&self, known: Option<&Self>) -> bool {
        known.is_none_or(|known| self.fate > known.fate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [MailFate; 5] = [
        MailFate::Delivered,
        MailFate::PutOff,
        MailFate::Rejected,
        MailFate::Bounced,
        MailFate::Complained,
    ];

    fn news(fate: MailFate) -> MailNews {
        MailNews {
            fate,
            at: Timestamp::UNIX_EPOCH,
            message: "m-1".to_owned(),
        }
    }

    /// What is kept once all of them came.
    fn kept(told: &[MailFate]) -> Option<MailFate> {
        let mut known: Option<MailNews> = None;
        for fate in told {
            let news = news(*fate);
            if news.worsens(known.as_ref()) {
                known = Some(news);
            }
        }
        known.map(|known| known.fate)
    }

    #[test]
    fn the_order_of_news_and_their_repetition_do_not_matter() {
        for first in ALL {
            for second in ALL {
                let worst = Some(first.max(second));
                assert_eq!(kept(&[first, second]), worst);
                assert_eq!(kept(&[second, first, second, first]), worst);
            }
        }
        assert_eq!(kept(&[]), None);
    }

    #[test]
    fn only_what_was_lost_or_unwanted_needs_somebody() {
        let asked: Vec<MailFate> = ALL
            .into_iter()
            .filter(|fate| fate.needs_somebody())
            .collect();
        assert_eq!(
            asked,
            [MailFate::Rejected, MailFate::Bounced, MailFate::Complained]
        );
    }
}
