//! Medians, percentiles, and how they are written.

use std::time::Duration;

/// The value below which `percent` of the sorted values lie.
pub(crate) fn percentile<T: Copy + PartialOrd>(values: &[T], percent: usize) -> Option<T> {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied()
}

/// Milliseconds of a percentile.
pub(crate) fn milliseconds(values: &[Duration], percent: usize) -> f64 {
    percentile(values, percent).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
}

/// Millions, as in megabytes.
#[expect(clippy::cast_precision_loss, reason = "sizes of files and memory")]
pub(crate) fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// A table in Markdown.
pub(crate) struct Table {
    text: String,
}

impl Table {
    /// With these columns.
    pub(crate) fn new(columns: &[&str]) -> Self {
        let mut table = Self {
            text: String::new(),
        };
        table.row(columns);
        table.row(&vec!["---"; columns.len()]);
        table
    }

    /// One row more.
    pub(crate) fn row(&mut self, cells: &[impl AsRef<str>]) {
        for cell in cells {
            self.text.push_str("| ");
            self.text.push_str(cell.as_ref());
            self.text.push(' ');
        }
        self.text.push_str("|\n");
    }

    /// The Markdown.
    pub(crate) fn text(self) -> String {
        self.text
    }
}
