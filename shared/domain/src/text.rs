//! What people write, as it is kept: one form for what looks the same (Unicode's NFC), nothing that
//! cannot be seen, nothing that no text holds.

use std::borrow::Cow;

use thiserror::Error;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::conversation::masked;

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TextRefused {
    /// A control character, or a number that Unicode gives no character.
    #[error(
        "Ce texte contient un caractère invisible que nous ne pouvons pas garder : saisissez-le de nouveau."
    )]
    Characters,
    /// A name with what no name has.
    #[error(
        "Un nom s’écrit en lettres, avec espaces, traits d’union, apostrophes et points : sans chiffre, adresse électronique ni adresse de site."
    )]
    Name,
}

impl TextRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Characters => "text_characters_invalid",
            Self::Name => "name_invalid",
        }
    }
}

/// What becomes of a character.
enum Fate {
    Kept,
    /// It cannot be seen, and turns or hides what can: it is dropped, since it often comes along when
    /// a text is pasted.
    Dropped,
    /// It ends a line.
    LineEnd,
    Refused,
}

fn fate(letter: char) -> Fate {
    match letter {
        '\n' | '\t' => Fate::Kept,
        // Form feed and vertical tab are what word processors put between lines and pages.
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Fate::LineEnd,
        letter if letter.is_control() => Fate::Refused,
        // Soft hyphen, zero-width space and joiners, marks of direction, embeddings and isolates,
        // invisible operators, fillers, the byte order mark, annotations, tags.
        '\u{ad}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => Fate::Dropped,
        '\u{fdd0}'..='\u{fdef}' => Fate::Refused,
        letter if u32::from(letter) & 0xfffe == 0xfffe => Fate::Refused,
        _ => Fate::Kept,
    }
}

/// The text as it is kept: in NFC, lines that end in `\n`, without what cannot be seen.
///
/// # Errors
/// [`TextRefused::Characters`] for control characters and for numbers that are no characters.
pub fn cleaned(text: &str) -> Result<Cow<'_, str>, TextRefused> {
    if text
        .bytes()
        .all(|byte| matches!(byte, b'\n' | b'\t' | b' '..=b'~'))
    {
        return Ok(Cow::Borrowed(text));
    }
    let mut kept = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match fate(letter) {
            Fate::Kept => kept.push(letter),
            Fate::Dropped => {}
            Fate::LineEnd => {
                if letter != '\r' || letters.peek() != Some(&'\n') {
                    kept.push('\n');
                }
            }
            Fate::Refused => return Err(TextRefused::Characters),
        }
    }
    if is_nfc(&kept) {
        return Ok(Cow::Owned(kept));
    }
    Ok(Cow::Owned(kept.nfc().collect()))
}

/// The text on one line: what was kept before texts were [`cleaned`] may hold anything.
pub fn on_one_line(text: &str) -> String {
    let visible = text.split(|letter: char| letter.is_control() || letter.is_whitespace());
    let words: Vec<&str> = visible.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Whether somebody can have this name: letters and what stands between them. A first name is greeted
/// in mails, so it must not carry an address.
///
/// # Errors
/// [`TextRefused::Name`].
pub fn check_name(name: &str) -> Result<(), TextRefused> {
    let between = |letter: char| " '’ʼ`´-‐‑.·,".contains(letter);
    // A mark that no letter precedes in NFC, as in names of other scripts, is neither alphabetic nor
    // one of these.
    let mark = unicode_normalization::char::is_combining_mark;
    let possible = |letter: char| letter.is_alphabetic() || between(letter) || mark(letter);
    let named = name.chars().any(char::is_alphabetic);
    if named && name.chars().all(possible) && !masked(name).hides {
        Ok(())
    } else {
        Err(TextRefused::Name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_seen_is_not_kept() {
        for (written, kept) in [
            ("Léa", "Léa"),
            ("Le\u{301}a", "Léa"),
            ("Dur\u{ad}and", "Durand"),
            ("Du\u{200b}ra\u{200d}nd\u{feff}", "Durand"),
            ("abc\u{202e}fdp.exe", "abcfdp.exe"),
            ("\u{2066}a\u{2069}", "a"),
            (
                "une\r\nligne\rpuis\u{2028}une\u{b}autre",
                "une\nligne\npuis\nune\nautre",
            ),
            ("à\u{a0}20\u{202f}h\tici 🙂", "à\u{a0}20\u{202f}h\tici 🙂"),
            ("", ""),
        ] {
            assert_eq!(cleaned(written).unwrap(), kept, "{written:?}");
        }
        for refused in [
            "a\0b",
            "\u{1}",
            "\u{1b}[31m",
            "\u{7f}",
            "\u{9b}",
            "\u{fffe}",
            "\u{1ffff}",
            "\u{fdd0}",
        ] {
            assert_eq!(
                cleaned(refused),
                Err(TextRefused::Characters),
                "{refused:?}"
            );
        }
    }

    #[test]
    fn one_line_has_no_other() {
        assert_eq!(
            on_one_line(" Lyon\r\nBEGIN:VALARM\0\t3e "),
            "Lyon BEGIN:VALARM 3e"
        );
    }

    #[test]
    fn a_name_carries_no_address() {
        for name in [
            "Léa",
            "Jean-Pierre",
            "O’Neil",
            "D'Arc",
            "de La Tour",
            "Ng",
            "J. R.",
            "Martín",
            "Łukasz",
            "李",
            "محمد",
            "ᐃᓄᒃ",
            "Müller, fils",
            "Σωκράτης",
        ] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for name in [
            "Cliquez http://exemple.fr",
            "exemple.fr",
            "www.exemple.fr",
            "lea@exemple.fr",
            "Léa2",
            "٣",
            "06 12 34 56 78",
            "<b>Léa</b>",
            "a/b",
            "a:b",
            "",
            " ",
            "-",
            "Léa\nDurand",
            "lea arobase exemple point fr",
        ] {
            assert_eq!(check_name(name), Err(TextRefused::Name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in any::<String>()) {
            if let Ok(once) = cleaned(&text) {
                let twice = cleaned(&once);
                prop_assert_eq!(twice.as_deref(), Ok(&*once));
                prop_assert!(!once.chars().any(|letter| letter.is_control() && !"\n\t".contains(letter)));
            }
        }
    }
}
