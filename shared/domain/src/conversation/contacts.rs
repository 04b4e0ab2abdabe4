//! Finds telephone numbers, e-mail addresses and web addresses in what people write.
//!
//! Digits may be spaced, of full width or of another script, and an address may be written out. It is
//! a courtesy of the site, not a wall: who spells a number out in words gets through, and the terms
//! forbid it all the same (article 22). What matters more is that nothing else is hidden: dates,
//! amounts, SIREN and CNAPS numbers stay readable.

use std::ops::Range;
use std::sync::LazyLock;

use regex_lite::Regex;
use unicode_normalization::UnicodeNormalization as _;

use crate::identifiers::Phone;

/// What stands in the place of what is hidden.
const IN_ITS_PLACE: &str = "[coordonnées masquées]";

/// A text, and whether something of it is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// What may be read.
    pub text: String,
    /// Whether something is hidden.
    pub hides: bool,
}

impl Masked {
    /// The text as it was written.
    pub fn untouched(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            hides: false,
        }
    }
}

#[expect(clippy::expect_used, reason = "the patterns are constants, and tested")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

/// `lea.roy@exemple.fr`, also as `lea.roy (at) exemple.fr` or `lea point roy arobase exemple point fr`.
static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)
        [a-z0-9._%+\-]+ (?: \s* (?: [(\[{]\s*(?:dot|point)\s*[)\]}] | \bpoint\b | \btiret\b ) \s* [a-z0-9._%+\-]+ )*
        \s* (?: @ | [(\[{]\s*(?:at|à|a|arobase|arrobase)\s*[)\]}] | \barr?obase\b ) \s*
        [a-z0-9\-]+ (?: \s* (?: \. | [(\[{]\s*(?:dot|point)\s*[)\]}] | \bpoint\b | \bdot\b ) \s* [a-z0-9\-]+ )+",
    )
});

/// `lea.roy chez exemple point fr`: two small words are an address only before a name of the web.
static EMAIL_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)[a-z0-9._%+\-]+\s+(?:at|chez)\s+[a-z0-9\-]+\s*(?:\.|\bpoint\b|\bdot\b)\s*(?:fr|com|net|org|eu|io|me|info|biz)\b",
    )
});

/// `https://…`, `www.…`, and names that end as sites do, also as `exemple point fr`.
static WEB: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:https?://|\bwww\.)[^\s]*[^\s.,;:!?)»]|\b[a-z0-9\-]+(?:\.|\s+(?:point|dot)\s+)(?:fr|com|net|org|eu|io|me|info|biz)\b(?:/[^\s]*[^\s.,;:!?)»])?",
    )
});

/// What may be a telephone number: `+` or `0`, then digits, alone or in groups.
static PHONE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:\+|\b0)[\d( .\-/][\d .\-/()]{7,30}\d"));

/// The text with each character in its plainest form, and where each of them was: digits and signs of
/// full width or of another script as their ASCII ones, every space as a blank.
struct Plain {
    text: String,
    /// Where the character of each byte begins in the original, and behind the last one its end.
    places: Vec<usize>,
}

impl Plain {
    fn of(text: &str) -> Self {
        let mut plain = Self {
            text: String::with_capacity(text.len()),
            places: Vec::with_capacity(text.len() + 1),
        };
        for (at, letter) in text.char_indices() {
            // What stands for several characters, such as an ellipsis, stays as it is.
            let mut forms = std::iter::once(letter).nfkc();
            let form = match (forms.next(), forms.next()) {
                (Some(form), None) => form,
                (Some(_) | None, _) => letter,
            };
            let form = digit(form).unwrap_or(if form.is_whitespace() { ' ' } else { form });
            plain.text.push(form);
            plain.places.resize(plain.text.len(), at);
        }
        plain.places.push(text.len());
        plain
    }

    /// Where a part of the plain text is in the original.
    fn original(&self, part: &Range<usize>) -> Range<usize> {
        let place = |at: usize| self.places.get(at).copied().unwrap_or_default();
        place(part.start)..place(part.end)
    }
}

/// The ASCII digit of a digit of another script: they stand in tens, in order.
fn digit(letter: char) -> Option<char> {
    const ZEROS: &[u32] = &[
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50,
        0xed0, 0xf20, 0x1040, 0x17e0, 0x1810,
    ];
    let number = u32::from(letter);
    let zero = ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&number))?;
    char::from_digit(number - zero, 10)
}

/// The text without telephone numbers, e-mail and web addresses.
pub fn masked(text: &str) -> Masked {
    let plain = Plain::of(text);
    let mut hidden: Vec<Range<usize>> = [&EMAIL, &EMAIL_IN_WORDS, &WEB]
        .into_iter()
        .flat_map(|pattern| pattern.find_iter(&plain.text))
        .map(|found| found.range())
        .chain(phones(&plain.text))
        .map(|part| plain.original(&part))
        .collect();
    hidden.sort_by_key(|range| range.start);
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for range in &hidden {
        if range.start >= from {
            shown.push_str(text.get(from..range.start).unwrap_or_default());
            shown.push_str(IN_ITS_PLACE);
        }
        from = from.max(range.end);
    }
    shown.push_str(text.get(from..).unwrap_or_default());
    Masked {
        text: shown,
        hides: !hidden.is_empty(),
    }
}

fn phones(text: &str) -> impl Iterator<Item = Range<usize>> {
    PHONE.find_iter(text).filter_map(|found| {
        let before = text.get(..found.start())?.chars().next_back();
        // `CAR-069-2030-06-19-…` begins in the middle of something.
        if before.is_some_and(|letter| letter.is_alphanumeric() || "-./".contains(letter)) {
            return None;
        }
        // What follows a number may have been taken with it: `06 12 34 56 78 - 2 agents`.
        ends(found.as_str())
            .find(|end| is_phone(found.as_str().get(..*end).unwrap_or_default()))
            .map(|end| found.start()..found.start() + end)
    })
}

/// Where a number may end, the longest first: after each of its digits.
fn ends(candidate: &str) -> impl Iterator<Item = usize> {
    let ends: Vec<usize> = candidate
        .char_indices()
        .filter(|(_, letter)| letter.is_ascii_digit())
        .map(|(at, _)| at + 1)
        .collect();
    ends.into_iter().rev()
}

/// A telephone number in the way people write one: `04.12.2026 18` has the digits, not the form.
fn is_phone(text: &str) -> bool {
    let separators: String = text
        .chars()
        .filter(|letter| !letter.is_ascii_digit() && !"+()".contains(*letter))
        .collect();
    let mut different = separators.chars().collect::<Vec<_>>();
    different.dedup();
    let spaced_evenly = different.len() <= 1;
    spaced_evenly && Phone::parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hidden(text: &str) -> String {
        masked(text).text
    }

    #[test]
    fn coordinates_are_hidden_however_people_write_them() {
        for contact in [
            "06 12 34 56 78",
            "0612345678",
            "06.12.34.56.78",
            "06-12-34-56-78",
            "06/12/34/56/78",
            "06\u{a0}12\u{a0}34\u{a0}56\u{a0}78",
            "+33 6 12 34 56 78",
            "+33612345678",
            "0033 6 12 34 56 78",
            "+33 (0)6 12 34 56 78",
            "+32 470 12 34 56",
            "0 6 1 2 3 4 5 6 7 8",
            "0-6-1-2-3-4-5-6-7-8",
            "0.6.1.2.3.4.5.6.7.8",
            "+3 3 6 1 2 3 4 5 6 7 8",
            "06  12  34  56  78",
            "０６ １２ ３４ ５６ ７８",
            "０６１２３４５６７８",
            "＋３３６１２３４５６７８",
            "٠٦١٢٣٤٥٦٧٨",
            "06\u{2009}12\u{2009}34\u{2009}56\u{2009}78",
            "lea.roy＠exemple．fr",
            "lea point roy arobase exemple point fr",
            "lea.roy [arobase] exemple [point] fr",
            "lea.roy {at} exemple {dot} fr",
            "lea.roy chez exemple point fr",
            "lea.roy at exemple dot com",
            "exemple point fr",
            "lea.roy@exemple.fr",
            "Lea.Roy+vigile@sous-domaine.exemple.com",
            "lea.roy (at) exemple.fr",
            "lea.roy arobase exemple point fr",
            "https://exemple.fr/contact?x=1",
            "www.exemple.fr",
            "exemple.fr",
            "exemple.com/devis",
        ] {
            let text = format!("Joignez-moi : {contact}, merci.");
            let shown = masked(&text);
            assert!(shown.hides, "{contact}");
            assert_eq!(
                shown.text, "Joignez-moi : [coordonnées masquées], merci.",
                "{contact}"
            );
        }
    }

    #[test]
    fn two_numbers_are_hidden_and_what_is_between_them_is_not() {
        assert_eq!(
            hidden("06 12 34 56 78 ou bien 01 75 00 17 47 le soir"),
            "[coordonnées masquées] ou bien [coordonnées masquées] le soir"
        );
    }

    #[test]
    fn what_an_agent_needs_to_know_stays_readable() {
        for text in [
            "Le 04.12.2026 18 h 30, deux agents.",
            "Le 04/12/2026 à 20 h 00 jusqu’au 05/12/2026 à 04 h 00.",
            "Entre 0800 et 1800, code 0412.",
            "Notre SIREN est 910 000 017, SIRET 910 000 017 00012.",
            "Carte CAR-069-2030-06-19-20250183149 valable.",
            "Référence MAS-2026-7K3F9Q2A, 1 234,56 €, 69003 Lyon.",
            "Bâtiment 3, 2e étage, porte 0123.",
            "M. Durand vous attend. Oui.",
            "Il y a 2 000 000 de raisons.",
            "À ce point, chez nous, rien à signaler. Point com : néant.",
            "Rondes à 0 h, 2 h, 4 h et 6 h ; code 0 1 2 3.",
            "Le point de rendez-vous est chez le gardien.",
        ] {
            assert_eq!(masked(text), Masked::untouched(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in any::<String>()) {
            let once = masked(&text);
            prop_assert_eq!(once.hides, once.text != text);
        }

        #[test]
        fn a_number_is_hidden_wherever_it_stands(
            before in "[a-zé ,]{0,20}",
            pairs in proptest::collection::vec(0u8..100, 4),
            after in "[a-zé ,]{0,20}",
        ) {
            let number = pairs.iter().fold("06".to_owned(), |number, pair| format!("{number} {pair:02}"));
            let shown = hidden(&format!("{before} {number} {after}"));
            prop_assert!(!shown.contains(&number), "{}", shown);
        }
    }
}
