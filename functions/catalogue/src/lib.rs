//! The catalogue: search, compare, and the pages that anybody reads.
//!
//! What search reads is kept by `index-offers` and `refresh-listings`; everything else reads the
//! records themselves.

mod alert_view;
mod asked;
mod compare_offers;
mod end_alert;
mod index_offers;
mod leave_alerts;
mod list_alerts;
mod list_reviews;
mod public;
mod read_conditions_of_sale;
mod read_health;
mod read_offer;
mod read_professional_page;
mod refresh_listings;
mod reveal_phone;
#[cfg(test)]
mod samples;
mod search_offers;
mod set_alert;
mod shelves;
mod suggest_places;
mod watch_alerts;

use http_function::Function;

pub use compare_offers::CompareOffers;
pub use end_alert::EndAlert;
pub use index_offers::IndexOffers;
pub use leave_alerts::LeaveAlerts;
pub use list_alerts::ListAlerts;
pub use list_reviews::{ListReviews, ReviewView, published_reviews};
pub use public::{ProfessionalPath, portrait_of, public_slugs};
pub use read_conditions_of_sale::ReadConditionsOfSale;
pub use read_health::ReadHealth;
pub use read_offer::ReadOffer;
pub use read_professional_page::{ProfessionalPage, ReadProfessionalPage, count_view, public_page};
pub use refresh_listings::RefreshListings;
pub use reveal_phone::RevealPhone;
pub use search_offers::SearchOffers;
pub use set_alert::SetAlert;
pub use suggest_places::SuggestPlaces;
pub use watch_alerts::WatchAlerts;

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::operation::<SearchOffers>(),
        Function::operation::<CompareOffers>(),
        Function::operation::<ReadOffer>(),
        Function::operation::<ReadProfessionalPage>(),
        Function::operation::<ReadConditionsOfSale>(),
        Function::operation::<RevealPhone>(),
        Function::operation::<ListReviews>(),
        Function::operation::<SuggestPlaces>(),
        Function::operation::<ReadHealth>(),
        Function::operation::<SetAlert>(),
        Function::operation::<ListAlerts>(),
        Function::operation::<EndAlert>(),
        Function::operation::<LeaveAlerts>(),
        Function::listener::<IndexOffers>(),
        Function::chore::<WatchAlerts>().alone(),
        Function::chore::<RefreshListings>().timeout(300).alone(),
    ]
}
