//! French typography of what is written here for people: spaces at which no line may break.

/// A space at which no line breaks.
const UNBROKEN: char = '\u{a0}';
/// Words that stay with the number before them.
const UNITS: &[&str] = &[
    "h",
    "min",
    "heure",
    "heures",
    "minute",
    "minutes",
    "jour",
    "jours",
    "mois",
    "an",
    "ans",
    "agent",
    "agents",
    "km",
    "caractères",
    "€",
    "%",
];

/// With spaces that do not break before `: ; ? ! »`, after `«`, before units and within hours. Other
/// words and line ends stay as they are; what was typeset already does too.
pub fn unbroken(text: &str) -> String {
    let mut typeset = String::with_capacity(text.len() + 8);
    for (at, letter) in text.char_indices() {
        let kept = letter == ' ' && stays(&text[..at], &text[at + 1..]);
        typeset.push(if kept { UNBROKEN } else { letter });
    }
    typeset
}

/// `de Lyon`, `d’Alpha` : what belongs to somebody or something whose name is interpolated.
pub fn of(name: &str) -> String {
    elided("de", name)
}

/// `que Lyon`, `qu’Alpha`.
pub fn than(name: &str) -> String {
    elided("que", name)
}

/// A short word before a name: its last letter goes before a vowel. An h is taken for one that is
/// aspirated, and a y for a vowel before a consonant alone (`d’Yves`, `de Yann`).
fn elided(word: &str, name: &str) -> String {
    let mut letters = deunicode::deunicode(name.trim_start()).to_lowercase();
    letters.truncate(2);
    let vowel = |letter: u8| b"aeiou".contains(&letter);
    let begins = match letters.as_bytes() {
        [b'y', second] => second.is_ascii_alphabetic() && !vowel(*second),
        [first, ..] => vowel(*first),
        [] => false,
    };
    let kept = word.get(..word.len() - 1).filter(|_| begins);
    kept.map_or_else(|| format!("{word} {name}"), |kept| format!("{kept}’{name}"))
}

/// How long something lasts: `8 h`, `7 h 30`, `45 min`, on one line.
pub fn duration(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest}{UNBROKEN}min"),
        (hours, 0) => format!("{hours}{UNBROKEN}h"),
        (hours, rest) => format!("{hours}{UNBROKEN}h{UNBROKEN}{rest:02}"),
    }
}

/// A text for comparing: without accents, be they composed or apart, capitals nor signs of other
/// alphabets.
pub fn folded(text: &str) -> String {
    deunicode::deunicode(text).to_lowercase()
}

/// Whether what is before a space and what is after it stay on one line.
fn stays(before: &str, after: &str) -> bool {
    let next = after.chars().next();
    if before.ends_with('«') || next == Some('»') || before.ends_with("art.") {
        return true;
    }
    if matches!(next, Some(':' | ';' | '?' | '!')) {
        // Not a sign of an address or of a smiley: a space, an end or a bracket follows.
        let then = after.chars().nth(1);
        return then.is_none_or(|letter| letter.is_whitespace() || letter == ')');
    }
    if matches!(next, Some('€' | '%')) {
        return true;
    }
    let word = after
        .find(|letter: char| !letter.is_alphabetic())
        .map_or(after, |end| &after[..end]);
    if before.ends_with(|last: char| last.is_ascii_digit()) {
        return UNITS.contains(&word);
    }
    // The minutes of an hour: `20 h 05`.
    let hours = before
        .strip_suffix('h')
        .and_then(|rest| rest.strip_suffix([' ', UNBROKEN]))
        .is_some_and(|rest| rest.ends_with(|last: char| last.is_ascii_digit()));
    let minutes = after.bytes().take_while(u8::is_ascii_digit).count();
    hours && minutes == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_word_loses_its_vowel_before_another() {
        for (name, written) in [
            ("Vigie Sûreté", "de Vigie Sûreté"),
            ("Alpha", "d’Alpha"),
            ("Élysée Sécurité", "d’Élysée Sécurité"),
            ("E\u{301}lyse\u{301}e", "d’E\u{301}lyse\u{301}e"),
            ("Œil de lynx", "d’Œil de lynx"),
            ("Yves Martin", "d’Yves Martin"),
            ("Yann Martin", "de Yann Martin"),
            ("Henri Martin", "de Henri Martin"),
            ("3 Rivières", "de 3 Rivières"),
            ("", "de "),
        ] {
            assert_eq!(of(name), written);
        }
        assert_eq!(than("Alpha"), "qu’Alpha");
        assert_eq!(than("Lyon"), "que Lyon");
    }

    #[test]
    fn a_duration_says_no_hour_of_nothing_and_no_minute_of_nothing() {
        for (minutes, written) in [
            (0, "0\u{a0}min"),
            (45, "45\u{a0}min"),
            (60, "1\u{a0}h"),
            (65, "1\u{a0}h\u{a0}05"),
            (540, "9\u{a0}h"),
        ] {
            assert_eq!(duration(minutes), written);
        }
    }

    #[test]
    fn accents_compare_alike_however_they_are_written() {
        for written in ["Élysée", "E\u{301}lyse\u{301}e", "ELYSEE", "élysée"] {
            assert_eq!(folded(written), "elysee");
        }
    }

    #[test]
    fn lines_break_where_a_reader_expects_it() {
        for (written, typeset) in [
            (
                "Souple : jusqu’à 24 h avant",
                "Souple\u{a0}: jusqu’à 24\u{a0}h avant",
            ),
            ("à 20 h 05, puis", "à 20\u{a0}h\u{a0}05, puis"),
            ("22 h 15", "22\u{a0}h\u{a0}15"),
            ("48 heures", "48\u{a0}heures"),
            ("12 % et 5 €", "12\u{a0}% et 5\u{a0}€"),
            ("« ici », là", "«\u{a0}ici\u{a0}», là"),
            ("Vraiment ?", "Vraiment\u{a0}?"),
            ("fait (vraiment !)", "fait (vraiment\u{a0}!)"),
            ("TVA, art. 293 B", "TVA, art.\u{a0}293 B"),
            ("14 hommes", "14 hommes"),
            ("3 habitants et 2 minuscules", "3 habitants et 2 minuscules"),
            ("le h 12", "le h 12"),
            ("24 h 7 jours", "24\u{a0}h 7\u{a0}jours"),
            ("bien :-)", "bien :-)"),
            ("a:b https://x", "a:b https://x"),
            ("ligne :\nautre", "ligne\u{a0}:\nautre"),
            ("", ""),
        ] {
            assert_eq!(unbroken(written), typeset);
        }
    }

    proptest::proptest! {
        #[test]
        fn typesetting_changes_spaces_only_and_once(text in "[ a-h0-9:;?!«»€%é.\u{a0}\n]{0,40}") {
            let typeset = unbroken(&text);
            proptest::prop_assert_eq!(typeset.replace('\u{a0}', " "), text.replace('\u{a0}', " "));
            proptest::prop_assert_eq!(unbroken(&typeset), typeset);
        }
    }
}
