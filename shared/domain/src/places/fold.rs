//! How names of towns are compared: read by the module and, before it is built, by `build.rs`.

use deunicode::deunicode_char;

/// A name in small ASCII letters and digits, each run of anything else being one space.
pub(crate) fn fold(text: &str) -> impl Iterator<Item = char> {
    let mut started = false;
    let mut gap = false;
    text.chars()
        .flat_map(|c| deunicode_char(c).unwrap_or_default().chars())
        .flat_map(move |c| {
            let kept = c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase());
            let space = (kept.is_some() && gap && started).then_some(' ');
            gap = kept.is_none();
            started |= kept.is_some();
            [space, kept].into_iter().flatten()
        })
}
