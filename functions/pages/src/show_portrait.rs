//! The photo or logo of a professional. What the gateway is given is text: the picture is drawn in an SVG.

use adapters::store::Portrait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use catalogue::{ProfessionalPath, portrait_of};
use http_function::{Call, Desk, Nothing, Operation, Problem, Reply, Svg, Visitor};

use crate::KEPT_SECONDS;

/// Shows a photo or a logo.
pub struct ShowPortrait;

impl Operation for ShowPortrait {
    const NAME: &'static str = "show-portrait";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/professionnels/{slug}/portrait";
    const SUMMARY: &'static str = "The photo or logo of a professional that the public may see.";
    type Outside = ();
    type Who = Visitor;
    type Path = ProfessionalPath;
    type Input = Nothing;
    type Output = Svg;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Svg>, Problem> {
        let found = portrait_of(&desk.store, &call.path).await?;
        let portrait = found.ok_or_else(Problem::not_found)?;
        Ok(Reply::ok(Svg(drawn(&portrait))).kept_for(KEPT_SECONDS))
    }
}

fn drawn(portrait: &Portrait) -> String {
    let picture = STANDARD.encode(&portrait.jpeg);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 192 192\">\
         <rect width=\"192\" height=\"192\" fill=\"#fff\"/>\
         <image width=\"192\" height=\"192\" href=\"data:image/jpeg;base64,{picture}\"/></svg>"
    )
}
