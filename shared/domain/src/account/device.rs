//! What somebody signs in with.

/// A browser in words, from how it names itself: what is not known is not guessed.
pub fn browser_name(agent: &str) -> Option<&'static str> {
    // Each names those that it resembles, so the order matters.
    const NAMES: [(&str, &str); 6] = [
        ("Edg", "Microsoft Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let known = NAMES.iter().find(|(sign, _)| agent.contains(sign));
    known.map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_by_its_own_sign() {
        for (agent, name) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                Some("Firefox"),
            ),
            (
                "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
                Some("Chrome"),
            ),
            (
                "Mozilla/5.0 AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
                Some("Microsoft Edge"),
            ),
            (
                "Mozilla/5.0 (iPhone) AppleWebKit/605.1 Version/18.0 Safari/604.1",
                Some("Safari"),
            ),
            ("curl/8.5.0", None),
        ] {
            assert_eq!(browser_name(agent), name, "{agent}");
        }
    }
}
