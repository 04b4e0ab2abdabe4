//! Sorts the register of communes before it is built in, so that no function reads 35 000 lines to
//! find one town: `by_name.bin` and `by_code.bin`, read by `src/places/register.rs`.
//!
//! `around.rs` has the middle of each department and its neighbours, read by `src/places/position.rs`.
//!
//! Numbers are little-endian, of 32 bits. A line is where it begins in the register.

#[path = "src/places/fold.rs"]
mod fold;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::fmt::Write as _;
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
    std::fs::write(Path::new(&out).join("around.rs"), around(&register)?)?;
    Ok(())
}

/// Two departments are neighbours when two of their communes are at most so many hundredths of a degree
/// of latitude apart: fifteen kilometres.
const TOUCHING: i32 = 14;

/// Its department, latitude and longitude.
type Commune<'a> = (&'a str, i32, i32);

/// `(code, latitude, longitude, codes of its neighbours)` of each department, as Rust.
fn around(register: &str) -> Result<String, Box<dyn Error>> {
    let mut of_department: BTreeMap<&str, Vec<(i32, i32)>> = BTreeMap::new();
    let mut squares: HashMap<(i32, i32), Vec<Commune<'_>>> = HashMap::new();
    for line in register.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let &[_, department, _, _, position] = cells.as_slice() else {
            return Err("a commune has five cells".into());
        };
        let Some((latitude, longitude)) = position.split_once(' ') else {
            continue;
        };
        let (latitude, longitude): (i32, i32) = (latitude.parse()?, longitude.parse()?);
        let all = of_department.entry(department).or_default();
        all.push((latitude, longitude));
        let square = (
            latitude.div_euclid(TOUCHING),
            longitude.div_euclid(TOUCHING),
        );
        let there = squares.entry(square).or_default();
        there.push((department, latitude, longitude));
    }
    let mut touching: BTreeSet<(&str, &str)> = BTreeSet::new();
    for ((north, east), communes) in &squares {
        for near in (-1..=1).flat_map(|y| (-2..=2).map(move |x| (north + y, east + x))) {
            for (other, latitude, longitude) in squares.get(&near).into_iter().flatten() {
                for (one, at, along) in communes {
                    // A degree of longitude is two thirds of one of latitude here.
                    let (y, x) = (at - latitude, (along - longitude) * 2 / 3);
                    if one != other && y * y + x * x <= TOUCHING * TOUCHING {
                        touching.insert((one, other));
                    }
                }
            }
        }
    }
    let mut text = "&[\n".to_owned();
    for (code, communes) in &of_department {
        let count = i32::try_from(communes.len())?;
        let latitude = communes.iter().map(|(latitude, _)| latitude).sum::<i32>() / count;
        let longitude = communes.iter().map(|(_, longitude)| longitude).sum::<i32>() / count;
        let others: Vec<&str> = touching
            .iter()
            .filter(|(one, _)| one == code)
            .map(|(_, other)| *other)
            .collect();
        writeln!(
            text,
            "    ({code:?}, {latitude}, {longitude}, &{others:?}),"
        )?;
    }
    text.push_str("]\n");
    Ok(text)
}
