//! Every function of the marketplace in one list, by context.

pub use http_function::{Function, Kind};

/// The functions that one crate of `functions/` holds. They log into one group and are one stack.
pub struct Context {
    /// The crate's name.
    pub name: &'static str,
    /// Its functions.
    pub functions: Vec<Function>,
}

/// Every context.
pub fn contexts() -> Vec<Context> {
    let of = |name, functions: fn() -> Vec<Function>| Context {
        name,
        functions: functions(),
    };
    vec![
        of("accounts", accounts::functions),
        of("professionals", professionals::functions),
        of("operator", operator::functions),
        of("catalogue", catalogue::functions),
        of("bookings", bookings::functions),
        of("payments", payments::functions),
        of("invoices", invoices::functions),
        of("reviews", reviews::functions),
        of("messages", messages::functions),
        of("notices", notices::functions),
        of("dashboard", dashboard::functions),
        of("pages", pages::functions),
    ]
}

/// Every function.
pub fn functions() -> Vec<Function> {
    let contexts = contexts().into_iter();
    contexts.flat_map(|context| context.functions).collect()
}
