//! What comes out of the press.

#[path = "../../domain/tests/invoice_samples/mod.rs"]
mod invoice_samples;
#[path = "../../domain/tests/samples/mod.rs"]
mod samples;

use invoice_samples::*;

#[test]
fn the_same_invoice_gives_the_same_bytes() {
    for (name, invoice) in one_of_each() {
        let once = invoicing::render(&invoice).unwrap();
        let twice = invoicing::render(&invoice).unwrap();
        assert!(once == twice, "{name}");
        if let Ok(folder) = std::env::var("INVOICES_TO") {
            std::fs::write(format!("{folder}/{name}.pdf"), &once.bytes).unwrap();
            std::fs::write(format!("{folder}/{name}.xml"), invoicing::factur_x(&invoice).unwrap()).unwrap();
        }
    }
}
