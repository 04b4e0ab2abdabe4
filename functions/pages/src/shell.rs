//! The site's shell, into which a page's text is put.

use std::sync::Arc;

use adapters::site::{Site, SiteFile};
use jiff::Timestamp;

/// Where the application draws itself; what stands in it is removed when it starts.
const PLACE: &str = "<div class=\"page\">";

/// For a site that was not deployed yet: the text without the application.
const BARE: &str = "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n</head>\n<body>\n<div class=\"page\"></div>\n</body>\n</html>\n";

/// A file of the site; without it a page does with less, and the log says so.
pub(crate) async fn file(site: &Site, file: SiteFile, now: Timestamp) -> Option<Arc<str>> {
    match site.read(file, now).await {
        Ok(found) => Some(found),
        Err(error) => {
            tracing::error!(%error, "the site's files cannot be read");
            None
        }
    }
}

/// The shell with this in its head and this before the application. A shell that has no room for
/// them is not one of ours: the text is then shown without it.
pub(crate) fn fill(shell: Option<&str>, head: &str, body: &str) -> String {
    let shell = shell
        .filter(|shell| shell.contains("</head>") && shell.contains(PLACE))
        .unwrap_or(BARE);
    shell
        .replacen("</head>", &format!("{head}</head>"), 1)
        .replacen(PLACE, &format!("{PLACE}{body}"), 1)
}

/// JSON inside a `script` element: nothing in it may end the element.
pub(crate) fn for_script(json: &serde_json::Value) -> String {
    json.to_string()
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_and_text_go_where_they_belong_once() {
        let shell =
            "<html><head><a></head><body><div class=\"page\"><script></script></div></body>";
        assert_eq!(
            fill(Some(shell), "<title>T</title>", "<main>M</main>"),
            "<html><head><a><title>T</title></head><body><div class=\"page\"><main>M</main><script></script></div></body>"
        );
        for absent in [None, Some(""), Some("<html></html>")] {
            let page = fill(absent, "<title>T</title>", "<main>M</main>");
            assert!(
                page.contains("<title>T</title>\n</head>")
                    || page.contains("<title>T</title></head>")
            );
            assert!(page.contains("<main>M</main>"), "{page}");
        }
    }

    #[test]
    fn what_a_professional_writes_cannot_end_the_script() {
        let text = for_script(&serde_json::json!({ "name": "</script><script>alert(1)" }));
        assert!(!text.contains('<'));
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["name"], "</script><script>alert(1)");
    }
}
