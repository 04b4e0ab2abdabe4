//! Pages that are written here rather than in the browser, for who runs no scripts: search engines
//! first of all. They are the site's own shell with the text already in it, and the sitemap.

mod shell;
mod show_portrait;
mod show_professional;
mod show_sitemap;
mod show_terms;
mod written;

use http_function::Function;

pub use show_portrait::ShowPortrait;
pub use show_professional::ShowProfessional;
pub use show_sitemap::ShowSitemap;
pub use show_terms::ShowTerms;

/// For how long a page may be kept by CloudFront and by browsers, in seconds.
const KEPT_SECONDS: u32 = 300;

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::document::<ShowProfessional>(),
        Function::document::<ShowPortrait>(),
        Function::document::<ShowSitemap>(),
        Function::document::<ShowTerms>(),
    ]
}
