//! The form that comes before whatever is readable for a stated reason alone: evaluations, messages.
//!
//! A page holds a [`CaseForm`] as `case` and includes `case_form.html`; the form is sent to an operation
//! that takes `operator::CaseAsked` and answers with a page of its own.

use http_function::Notice;

/// The form.
pub(crate) struct CaseForm {
    /// Where it is sent.
    pub(crate) address: String,
    /// What it opens, as its button says.
    pub(crate) opens: &'static str,
    pub(crate) typed_reason: String,
    pub(crate) typed_case: String,
}

impl CaseForm {
    /// A form with what had been typed into it.
    pub(crate) fn new(address: String, opens: &'static str, notice: &Notice) -> Self {
        Self {
            address,
            opens,
            typed_reason: notice.typed("reason").to_owned(),
            typed_case: notice.typed("case").to_owned(),
        }
    }
}
