//! The page of a professional as a document: what the application shows, readable without scripts.

use adapters::site::{Site, SiteFile};
use askama::Template;
use catalogue::{
    ProfessionalPage, ProfessionalPath, ReviewView, count_view, public_page, published_reviews,
};
use http_function::{Anyone, Call, Desk, Html, Operation, PageAsked, Problem, Reply};
use serde_json::{Value, json};

use crate::KEPT_SECONDS;
use crate::shell::{file, fill, for_script};
use crate::written::{day, day_of};

/// Shows a professional's page.
pub struct ShowProfessional;

impl Operation for ShowProfessional {
    const NAME: &'static str = "show-professional";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/professionnels/{slug}";
    const SUMMARY: &'static str = "A professional's page as a document, readable without scripts.";
    type Outside = Site;
    type Who = Anyone;
    type Path = ProfessionalPath;
    type Input = PageAsked;
    type Output = Html;

    async fn run(desk: &Desk<Site>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let page = match public_page(desk, &call.path, call.now).await {
            Ok(page) => page,
            Err(problem) if problem.status == 404 => {
                let page = missing(desk, call).await;
                // An account that is suspended or closed takes its page with it (terms, article 8).
                let gone = call.path.is_gone(&desk.store).await?;
                return Ok(page.with_status(if gone { 410 } else { 404 }));
            }
            Err(problem) => return Ok(unavailable(desk, call, &problem).await),
        };
        if page.slug != call.path.slug {
            let present = format!("{}/professionnels/{}", desk.settings.site, page.slug);
            let moved = Reply::ok(Html(String::new())).moved(present);
            return Ok(moved.kept_for(KEPT_SECONDS));
        }
        let reviews = match reviews(desk, call, &page).await {
            Ok(reviews) => reviews,
            Err(problem) => return Ok(unavailable(desk, call, &problem).await),
        };
        count_view(&desk.store, &page, call).await;
        let html = document(
            &page,
            &reviews,
            &desk.settings.site,
            shell(desk, call).await.as_deref(),
        )?;
        Ok(Reply::ok(Html(html)).kept_for(KEPT_SECONDS))
    }
}

/// Reviews as anybody reads them, from where the address says.
async fn reviews(
    desk: &Desk<Site>,
    call: &Call<ShowProfessional>,
    page: &ProfessionalPage,
) -> Result<Shown, Problem> {
    let after = call.input.after.clone();
    let (list, next) = published_reviews(&desk.store, &page.id, after, None).await?;
    Ok(Shown { list, next })
}

/// Some of the reviews of a page.
struct Shown {
    list: Vec<ReviewView>,
    next: Option<String>,
}

/// The site's shell; without it a page has its text and no application.
async fn shell(desk: &Desk<Site>, call: &Call<ShowProfessional>) -> Option<std::sync::Arc<str>> {
    file(&desk.outside, SiteFile::Professional, call.now).await
}

async fn missing(desk: &Desk<Site>, call: &Call<ShowProfessional>) -> Reply<Html> {
    let html = match file(&desk.outside, SiteFile::NotFound, call.now).await {
        Some(page) => page.to_string(),
        None => fill(
            None,
            "<title>Page introuvable</title>",
            "<main><h1>Cette page n’existe pas</h1><p><a href=\"/\">Retour à l’accueil</a></p></main>",
        ),
    };
    Reply::ok(Html(html))
}

/// The application can still start, and asks again by itself.
async fn unavailable(
    desk: &Desk<Site>,
    call: &Call<ShowProfessional>,
    problem: &Problem,
) -> Reply<Html> {
    tracing::error!(
        code = problem.code,
        cause = problem.cause,
        "a professional's page cannot be read"
    );
    let head = "<title>Professionnel de sécurité – MonAgentDeSecu</title>";
    let text = "<main class=\"column\" data-until-started><h1>Cette page ne s’affiche pas</h1><p>Réessayez dans un instant.</p></main>";
    let html = fill(shell(desk, call).await.as_deref(), head, text);
    Reply::ok(Html(html)).with_status(503)
}

#[derive(Template)]
#[template(path = "professional_head.html")]
struct Head<'a> {
    page: &'a ProfessionalPage,
    address: &'a str,

    structured: &'a str,
    data: &'a str,
}

#[derive(Template)]
#[template(path = "professional_body.html")]
struct Body<'a> {
    page: &'a ProfessionalPage,
    reviews: &'a Shown,
}

fn document(
    page: &ProfessionalPage,
    reviews: &Shown,
    site: &str,
    shell: Option<&str>,
) -> Result<String, Problem> {
    let address = format!("{site}/professionnels/{}", page.slug);
    let data = serde_json::to_value(page).map_err(Problem::internal)?;
    let head = Head {
        page,
        address: &address,
        structured: &for_script(&structured(page, &address)),
        data: &for_script(&data),
    };
    let head = head.render().map_err(Problem::internal)?;
    let body = Body { page, reviews }.render().map_err(Problem::internal)?;
    Ok(fill(shell, &head, &body))
}

/// What search engines are told, in the words of schema.org. No rating before there is one.
fn structured(page: &ProfessionalPage, address: &str) -> Value {
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "LocalBusiness",
        "name": page.name,
        "description": page.headline,
        "url": address,
    });
    if let Some(place) = &page.legal.establishment {
        data["address"] = json!({
            "@type": "PostalAddress",
            "streetAddress": place.street,
            "postalCode": place.postal_code,
            "addressLocality": place.town,
            "addressCountry": "FR",
        });
    }
    let mut areas: Vec<&str> = page
        .offers
        .iter()
        .flat_map(|offer| &offer.departments)
        .map(|department| department.name)
        .collect();
    areas.sort_unstable();
    areas.dedup();
    if !areas.is_empty() {
        data["areaServed"] = json!(areas);
    }
    if let Some(rating) = &page.record.rating {
        data["aggregateRating"] = json!({
            "@type": "AggregateRating",
            "ratingValue": format!("{}.{}", rating.average_tenths / 10, rating.average_tenths % 10),
            "ratingCount": rating.count,
            "bestRating": "5",
            "worstRating": "1",
        });
    }
    data
}
