//! Free text of a party: trimmed, and of a length that people can read.

use http_function::Problem;

/// The text of `field` without the blanks around it, `least` to `most` characters long.
pub(crate) fn words(
    field: &'static str,
    text: &str,
    least: usize,
    most: usize,
) -> Result<String, Problem> {
    let text = text.trim();
    if (least..=most).contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    let detail = format!("Ce texte doit compter de {least} à {most} caractères.");
    Err(Problem::new(422, "text_length_invalid", detail).about(field))
}
