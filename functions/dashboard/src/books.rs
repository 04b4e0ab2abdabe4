//! The platform's books of a month, as the file of accounting entries (LPF, article A47 A-1).

use adapters::platform::PlatformIdentity;
use adapters::store::{PLATFORM, Question, StoredInvoice};
use domain::accounting::{COLUMNS, Entry, cells, file_name};
use domain::time::paris;
use http_function::{Admin, Answer, Call, Desk, Nothing, Operation, Problem, Reply};
use jiff::SignedDuration;

use crate::money::{MonthQuery, month_of, movements_between};

/// The books of a month.
pub(crate) struct DownloadBooks;

/// The file: a line for each line of an entry, its cells between tabs.
pub(crate) struct Books {
    name: String,
    text: String,
}

impl Answer for Books {
    const MEDIA_TYPE: &'static str = "text/plain; charset=utf-8";
    fn body(&self) -> Result<String, Problem> {
        Ok(self.text.clone())
    }
    fn file_name(&self) -> Option<String> {
        Some(self.name.clone())
    }
}

impl Operation for DownloadBooks {
    const NAME: &'static str = "download-books";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/argent/ecritures.txt";
    const SUMMARY: &'static str =
        "The platform's accounting entries of a month, as the tax office reads them.";
    type Outside = PlatformIdentity;
    type Who = Admin;
    type Path = Nothing;
    type Input = MonthQuery;
    type Output = Books;

    async fn run(
        desk: &Desk<PlatformIdentity>,
        call: &Call<Self>,
    ) -> Result<Reply<Books>, Problem> {
        let (from, until) = month_of(&call.input.mois)?;
        let movements = movements_between(&desk.store, from, until).await?;
        let question = Question::invoices_between(PLATFORM, from, until);
        let invoices = desk.store.ask_all::<StoredInvoice>(question).await?;
        let moved = movements.iter().filter_map(Entry::of_movement);
        let sold = invoices
            .iter()
            .map(|read| Entry::of_invoice(&read.record.invoice));
        let lines = cells(moved.chain(sold).collect());
        let head = COLUMNS.map(str::to_owned);
        let text: String = std::iter::once(head)
            .chain(lines)
            .map(|cells| format!("{}\r\n", cells.join("\t")))
            .collect();
        let last = paris::local_date(until - SignedDuration::from_secs(1));
        let name = file_name(desk.outside.0.siren.as_str(), last);
        Ok(Reply::ok(Books { name, text }))
    }
}
