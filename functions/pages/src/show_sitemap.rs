//! What search engines may show: the site's own pages, and those of professionals.

use adapters::site::{Site, SiteFile};
use catalogue::public_slugs;
use http_function::{Call, Desk, Nothing, Operation, Problem, Reply, Visitor, Xml};
use serde_json::Value;

use crate::shell::file;

/// Shows the sitemap.
pub struct ShowSitemap;

/// Professionals come and go; search engines read this once a day at most.
const KEPT_SECONDS: u32 = 3600;
/// The most addresses that one sitemap may have.
const MOST: usize = 50_000;

impl Operation for ShowSitemap {
    const NAME: &'static str = "show-sitemap";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/sitemap.xml";
    const SUMMARY: &'static str = "The pages that search engines may show.";
    type Outside = Site;
    type Who = Visitor;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Xml;

    async fn run(desk: &Desk<Site>, call: &Call<Self>) -> Result<Reply<Xml>, Problem> {
        let addresses = file(&desk.outside, SiteFile::Addresses, call.now).await;
        let pages = addresses.map_or_else(Vec::new, |text| indexed(&text));
        let slugs = public_slugs(&desk.store).await?;
        let professionals = slugs.iter().map(|slug| format!("/professionnels/{slug}"));
        let xml = sitemap(&desk.settings.site, pages.into_iter().chain(professionals));
        Ok(Reply::ok(Xml(xml)).kept_for(KEPT_SECONDS))
    }
}

/// The site's own pages, as its build lists them.
fn indexed(text: &str) -> Vec<String> {
    let list: Value = serde_json::from_str(text).unwrap_or_default();
    let pages = list["indexed"].as_array().into_iter().flatten();
    pages.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn sitemap(site: &str, addresses: impl Iterator<Item = String>) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    // Addresses are letters, digits, `-`, `_` and `/`: nothing that XML would read otherwise.
    for address in addresses.take(MOST) {
        xml.push_str(&format!("<url><loc>{site}{address}</loc></url>\n"));
    }
    xml.push_str("</urlset>\n");
    xml
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_the_site_and_of_professionals_are_listed() {
        let pages = indexed(r#"{"application": ["/compte"], "indexed": ["/", "/avis"]}"#);
        let xml = sitemap("https://exemple.fr", pages.into_iter());
        assert!(xml.contains("<loc>https://exemple.fr/</loc>"));
        assert!(xml.contains("<loc>https://exemple.fr/avis</loc>"));
        assert!(!xml.contains("compte"));
        assert_eq!(indexed("not JSON"), Vec::<String>::new());
    }
}
