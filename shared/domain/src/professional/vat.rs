//! Whether a professional charges VAT, day by day: a change takes effect on its day, and missions of the
//! days before stay what they were.

use jiff::ToSpan as _;

use super::*;

/// Whether VAT is charged, and under which number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vat {
    /// Registered, or under the exemption.
    pub status: VatStatus,
    /// The number, when registered.
    pub number: Option<VatNumber>,
}

/// What was in force up to a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerVat {
    /// The last day on which it was.
    pub until: Date,
    /// What.
    pub vat: Vat,
}

/// What will be in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextVat {
    /// From which day on.
    pub from: Date,
    /// What.
    pub vat: Vat,
}

/// What was in force before, and what the operator accepted for later.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VatHistory {
    /// Oldest first.
    pub former: Vec<FormerVat>,
    /// What takes effect on a day to come.
    pub next: Option<NextVat>,
}

impl Professional {
    /// What is written in the profile; nothing while it is being written.
    fn vat_written(&self) -> Option<Vat> {
        Some(Vat {
            status: self.profile.vat_status?,
            number: self.profile.vat_number.clone(),
        })
    }

    /// Whether VAT is charged for what is performed on a day.
    pub fn vat_on(&self, day: Date) -> Option<Vat> {
        let history = &self.vat_history;
        if let Some(next) = history.next.as_ref().filter(|next| next.from <= day) {
            return Some(next.vat.clone());
        }
        let mut former = history.former.iter();
        let then = former.find(|one| day <= one.until);
        then.map(|one| one.vat.clone())
            .or_else(|| self.vat_written())
    }

    /// The number of whoever charged VAT on a day, or of the last time that they did: what was agreed on
    /// with VAT is invoiced with it.
    pub fn vat_number_for(&self, day: Date) -> Option<VatNumber> {
        let then = self.vat_on(day).and_then(|vat| vat.number);
        let former = self.vat_history.former.iter().rev();
        let mut known = former.filter_map(|one| one.vat.number.clone());
        then.or_else(|| self.profile.vat_number.clone())
            .or_else(|| known.next())
    }

    /// Writes what is in force from a day on, which is `today` or later.
    pub(super) fn set_vat(&mut self, vat: Vat, from: Date, today: Date) {
        self.vat_history.next = Some(NextVat { from, vat });
        self.take_vat_in(today);
    }

    /// Writes into the profile what took effect by `today`; says whether something did.
    pub fn take_vat_in(&mut self, today: Date) -> bool {
        let Some(next) = self.vat_history.next.take_if(|next| next.from <= today) else {
            return false;
        };
        if let Some(vat) = self.vat_written() {
            let until = next.from.saturating_sub(1.day());
            self.vat_history.former.push(FormerVat { until, vat });
        }
        self.profile.vat_status = Some(next.vat.status);
        self.profile.vat_number = next.vat.number;
        true
    }
}
