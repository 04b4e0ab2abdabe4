//! A professional looks at the invoices made in their name.

use adapters::store::{Question, StoredInvoice};
use http_function::{Call, Desk, Nothing, Operation, Owner, PageAsked, Problem, Reply};
use schemars::JsonSchema;
use serde::Serialize;

use crate::view::InvoiceView;

/// Looking at one's invoices.
pub struct ListInvoices;

/// A page of invoices, newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InvoicesPage {
    /// Invoices and credit notes.
    invoices: Vec<InvoiceView>,
    /// How to ask for the next page.
    next: Option<String>,
}

impl Operation for ListInvoices {
    const NAME: &'static str = "list-invoices";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/invoices";
    const SUMMARY: &'static str =
        "The invoices and credit notes made in the professional's name, newest first.";
    const WHILE_BARRED: bool = true;
    type Outside = ();
    type Who = Owner;
    type Path = Nothing;
    type Input = PageAsked;
    type Output = InvoicesPage;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<InvoicesPage>, Problem> {
        let question = Question::invoices_of_seller(call.who.professional.as_str())
            .after(call.input.after.clone());
        let page = desk.store.ask::<StoredInvoice>(question).await?;
        Ok(Reply::ok(InvoicesPage {
            invoices: page
                .records
                .iter()
                .map(|read| InvoiceView::of(&read.record))
                .collect(),
            next: page.next,
        }))
    }
}
