//! A professional goes to answer Stripe's questions.

use adapters::stripe::Stripe;
use http_function::{Call, Desk, Nothing, Operation, Owner, Problem, Reply};
use schemars::JsonSchema;
use serde::Serialize;

use crate::open_payout_account::open;
use crate::payouts::own;

/// Going to Stripe's pages.
pub struct StartPayoutOnboarding;

/// Where to go.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OnboardingPage {
    /// Stripe's page: it serves once, within minutes.
    url: String,
}

impl Operation for StartPayoutOnboarding {
    const NAME: &'static str = "start-payout-onboarding";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/payouts/onboarding";
    const SUMMARY: &'static str =
        "A link to the pages on which Stripe verifies the professional before it pays.";
    const SECRET: bool = true;
    type Outside = Stripe;
    type Who = Owner;
    type Path = Nothing;
    type Input = Nothing;
    type Output = OnboardingPage;

    async fn run(desk: &Desk<Stripe>, call: &Call<Self>) -> Result<Reply<OnboardingPage>, Problem> {
        let read = own(&desk.store, &call.who.professional).await?;
        let (account, changes) = open(desk, &read, call.changes()).await?;
        let page = format!("{}/pro/versements", desk.settings.site);
        let (back, again) = (format!("{page}?retour=1"), format!("{page}?reprendre=1"));
        let url = desk
            .outside
            .onboarding_link(&account, &back, &again, &call.trace.request)
            .await?;
        let changes = changes.activity(Self::NAME, call.who.professional.as_str());
        Ok(Reply::ok(OnboardingPage { url }).changing(changes))
    }
}
