//! Invoices: numbered without gaps when what is due is known, printed once, kept unchanged, and shown to
//! the two parties they concern.

mod files;
mod issue_invoices;
mod list_booking_invoices;
mod list_invoices;
mod print_invoice;
mod print_order;
mod print_papers;
mod read_accepted_conditions;
mod read_invoice;
mod read_order;
mod view;

use http_function::Function;

pub use issue_invoices::IssueInvoices;
pub use list_booking_invoices::ListBookingInvoices;
pub use list_invoices::ListInvoices;
pub use print_papers::{Press, PrintPapers};
pub use read_accepted_conditions::{ReadAcceptedConditions, Shelves};
pub use read_invoice::ReadInvoice;
pub use read_order::ReadOrder;
pub use view::InvoiceView;

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::listener::<IssueInvoices>(),
        Function::listener::<PrintPapers>().memory(512),
        Function::operation::<ListBookingInvoices>(),
        Function::operation::<ListInvoices>(),
        Function::operation::<ReadInvoice>(),
        Function::operation::<ReadOrder>(),
        Function::operation::<ReadAcceptedConditions>(),
    ]
}
