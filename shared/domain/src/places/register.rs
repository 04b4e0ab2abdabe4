//! The official register of communes, with two tables made at build time (`build.rs`): a town is
//! found by halving, and nothing is read when a function starts.

use std::cmp::Ordering;

use super::fold::fold;
use super::{Department, Place, Position};

/// Name, department, postal codes, population and position of each commune, most populous first.
pub(super) static REGISTER: &str = include_str!("../../data/communes.tsv");

/// Where the line of each commune begins, sorted by folded name, then as in the register.
static BY_NAME: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/by_name.bin"));

/// Each postal code with the beginning of the line of each commune that has it, sorted.
static BY_CODE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/by_code.bin"));

/// One line of the register.
#[derive(Clone, Copy)]
pub(super) struct Commune {
    pub(super) name: &'static str,
    department: &'static str,
    pub(super) postal_codes: &'static str,
    position: &'static str,
}

impl Commune {
    /// The commune whose line begins there.
    pub(super) fn at_line(beginning: u32) -> Option<Self> {
        let rest = REGISTER.get(usize::try_from(beginning).ok()?..)?;
        let mut cells = rest.split(['\t', '\n']);
        Some(Self {
            name: cells.next()?,
            department: cells.next()?,
            postal_codes: cells.next()?,
            position: cells.nth(1)?,
        })
    }

    pub(super) fn place(&self) -> Option<Place> {
        Some(Place {
            town: self.name,
            postal_code: self.postal_codes.split(' ').next()?,
            department: Department::parse(self.department).ok()?,
            position: Position::parse(self.position),
            codes: self.postal_codes,
        })
    }

    /// The commune under the first of its postal codes that begins with these digits.
    pub(super) fn under(&self, digits: &str) -> Option<Place> {
        let mut codes = self.postal_codes.split(' ');
        let postal_code = codes.find(|code| code.starts_with(digits))?;
        Some(Place {
            postal_code,
            ..self.place()?
        })
    }
}

/// The communes whose folded name is `name`, most populous first.
pub(super) fn named(name: &str) -> impl Iterator<Item = Commune> {
    communes(range_of_names(|known| known.cmp(name.chars())))
}

/// The communes whose folded name begins with one of `prefixes`, most populous first.
pub(super) fn beginning_with(prefixes: [&str; 2]) -> impl Iterator<Item = Commune> {
    let lines = prefixes
        .into_iter()
        .flat_map(|prefix| range_of_names(|known| known.take(prefix.len()).cmp(prefix.chars())));
    communes(lines)
}

/// The communes with a postal code that begins with these digits, most populous first.
pub(super) fn coded(digits: &str) -> impl Iterator<Item = Commune> {
    let pairs = BY_CODE.as_chunks::<4>().0.as_chunks::<2>().0;
    let code = |pair: &[[u8; 4]; 2]| u32::from_le_bytes(pair[0]);
    let (first, last) = codes_beginning_with(digits);
    let from = pairs.partition_point(|pair| code(pair) < first);
    let to = pairs.partition_point(|pair| code(pair) <= last);
    let found = pairs.get(from..to).unwrap_or_default();
    communes(found.iter().map(|[_, line]| u32::from_le_bytes(*line)))
}

/// 69000 and 69999 for `69`; for what begins no postal code, a range that holds none.
fn codes_beginning_with(digits: &str) -> (u32, u32) {
    let bound = |filler: &str| {
        let missing = 5_usize.checked_sub(digits.len())?;
        let code = [digits, &filler.repeat(missing)].concat();
        let plain = code.bytes().all(|one| one.is_ascii_digit());
        code.parse().ok().filter(|_| plain)
    };
    bound("0").zip(bound("9")).unwrap_or((1, 0))
}

/// The lines of the folded names that compare as equal; names sort as the comparison does.
fn range_of_names(
    compare: impl Fn(&mut dyn Iterator<Item = char>) -> Ordering,
) -> impl Iterator<Item = u32> {
    let lines = BY_NAME.as_chunks::<4>().0;
    let order = |line: &[u8; 4]| {
        let commune = Commune::at_line(u32::from_le_bytes(*line));
        compare(&mut fold(commune.map_or("", |commune| commune.name)))
    };
    let from = lines.partition_point(|line| order(line).is_lt());
    let to = lines.partition_point(|line| order(line).is_le());
    let found = lines.get(from..to).unwrap_or_default();
    found.iter().map(|line| u32::from_le_bytes(*line))
}

/// The communes of these lines, once each, in the register's order: most populous first.
fn communes(lines: impl Iterator<Item = u32>) -> impl Iterator<Item = Commune> {
    let mut lines: Vec<u32> = lines.collect();
    lines.sort_unstable();
    lines.dedup();
    lines.into_iter().filter_map(Commune::at_line)
}
