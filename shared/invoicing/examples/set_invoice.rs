//! Sets one frozen invoice: JSON on standard input, PDF on standard output.
//!
//! `cargo run --release -p invoicing --example set_invoice < invoice.json > invoice.pdf`

use std::error::Error;
use std::io::{self, Read as _, Write as _};
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let invoice = serde_json::from_str(&text)?;
    let started = Instant::now();
    let pdf = invoicing::render(&invoice)?;
    eprintln!("{} in {:?}", pdf.file_name, started.elapsed());
    let again = Instant::now();
    invoicing::render(&invoice)?;
    eprintln!("and again in {:?}", again.elapsed());
    io::stdout().write_all(&pdf.bytes)?;
    Ok(())
}
