//! Sorts the register of communes before it is built in, so that no function reads 35 000 lines to
//! find one town: `by_name.bin` and `by_code.bin`, read by `src/places/register.rs`.
//!
//! Numbers are little-endian, of 32 bits. A line is where it begins in the register.

#[path = "src/places/fold.rs"]
mod fold;

use std::error::Error;
use std::path::Path;

const REGISTER: &str = "data/communes.tsv";

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script by its environment where to write"
)]
fn main() -> Result<(), Box<dyn Error>> {
    for read in ["build.rs", "src/places/fold.rs", REGISTER] {
        println!("cargo::rerun-if-changed={read}");
    }
    let register = std::fs::read_to_string(REGISTER)?;
    let mut by_name: Vec<(String, u32)> = Vec::new();
    let mut by_code: Vec<(u32, u32)> = Vec::new();
    let mut beginning = 0;
    for line in register.lines() {
        let mut cells = line.split('\t');
        let (name, _department, codes) = (cells.next(), cells.next(), cells.next());
        let name = name.ok_or("a commune has a name")?;
        by_name.push((fold::fold(name).collect(), beginning));
        for code in codes.ok_or("a commune has postal codes")?.split(' ') {
            by_code.push((code.parse()?, beginning));
        }
        beginning += u32::try_from(line.len())? + 1;
    }
    by_name.sort();
    by_code.sort();
    let out = std::env::var("OUT_DIR")?;
    let lines = by_name.iter().flat_map(|(_, line)| line.to_le_bytes());
    std::fs::write(
        Path::new(&out).join("by_name.bin"),
        lines.collect::<Vec<u8>>(),
    )?;
    let pairs = by_code
        .iter()
        .flat_map(|(code, line)| [code.to_le_bytes(), line.to_le_bytes()])
        .flatten();
    std::fs::write(
        Path::new(&out).join("by_code.bin"),
        pairs.collect::<Vec<u8>>(),
    )?;
    Ok(())
}
