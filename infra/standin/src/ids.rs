//! Identifiers that look like the real ones and cannot be guessed.

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A new identifier, such as `pi_3…`.
pub(crate) fn fresh(prefix: &str) -> String {
    let (start, length) = match prefix {
        "cs_test" => ("_a1", 56),
        "pi" | "ch" | "re" => ("_3", 23),
        "req" => ("_", 14),
        _ => ("_1", 23),
    };
    format!("{prefix}{start}{}", letters(length))
}

/// What follows `_secret_`.
pub(crate) fn letters(length: usize) -> String {
    let mut random = vec![0; length];
    #[expect(
        clippy::expect_used,
        clippy::disallowed_methods,
        reason = "the operating system always has randomness to give, and nothing here is replayed"
    )]
    getrandom::fill(&mut random).expect("randomness");
    // 256 is not a multiple of 62: the slight bias does not matter to a stand-in.
    random
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
        .collect()
}
