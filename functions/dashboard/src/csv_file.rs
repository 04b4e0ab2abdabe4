//! Files for a spreadsheet.

use http_function::{Answer, Problem};

/// A file of values separated by semicolons, as French spreadsheets read them.
pub(crate) struct Csv(String);

impl Answer for Csv {
    const MEDIA_TYPE: &'static str = "text/csv; charset=utf-8";
    fn body(&self) -> Result<String, Problem> {
        Ok(self.0.clone())
    }
}

impl Csv {
    /// A line of titles, then the lines.
    pub(crate) fn of<const N: usize>(
        head: [&str; N],
        lines: impl IntoIterator<Item = [String; N]>,
    ) -> Result<Self, Problem> {
        let mut csv = csv::WriterBuilder::new()
            .delimiter(b';')
            .from_writer(Vec::new());
        csv.write_record(head).map_err(Problem::internal)?;
        for cells in lines {
            csv.write_record(cells.map(harmless))
                .map_err(Problem::internal)?;
        }
        let bytes = csv.into_inner().map_err(Problem::internal)?;
        String::from_utf8(bytes)
            .map(Self)
            .map_err(Problem::internal)
    }
}

/// A cell that a spreadsheet does not take for a formula: browsers choose their own names. An amount
/// keeps its sign.
fn harmless(cell: String) -> String {
    let amount = cell.strip_prefix('-').is_some_and(|rest| {
        rest.chars()
            .all(|sign| sign.is_ascii_digit() || sign == ',')
    });
    if !amount && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, written) in [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("-2+3", "'-2+3"),
            ("-12,50", "-12,50"),
            ("Mozilla/5.0", "Mozilla/5.0"),
        ] {
            assert_eq!(harmless(cell.to_owned()), written);
        }
    }

    #[test]
    fn cells_with_separators_are_quoted() {
        let csv = Csv::of(
            ["nom", "montant"],
            [["A ; B".to_owned(), "1,00".to_owned()]],
        );
        assert_eq!(
            csv.and_then(|csv| csv.body()).ok().as_deref(),
            Some("nom;montant\n\"A ; B\";1,00\n")
        );
    }
}
