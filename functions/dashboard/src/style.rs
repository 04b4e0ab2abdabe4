//! The style sheet: the site's own, then what only the dashboard has.

use http_function::{Answer, Call, Desk, Nothing, Operation, Problem, Reply, Visitor};

/// The style sheet.
pub(crate) struct ReadStyle;

/// A style sheet.
pub(crate) struct Css(String);

impl Answer for Css {
    const MEDIA_TYPE: &'static str = "text/css; charset=utf-8";
    fn body(&self) -> Result<String, Problem> {
        Ok(self.0.clone())
    }
}

impl Operation for ReadStyle {
    const NAME: &'static str = "read-style";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/style.css";
    const SUMMARY: &'static str = "The dashboard's style sheet.";
    type Outside = ();
    type Who = Visitor;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Css;

    async fn run(_: &Desk<()>, _: &Call<Self>) -> Result<Reply<Css>, Problem> {
        let css = [
            include_str!("../../../frontend/src/app.css"),
            include_str!("../assets/dashboard.css"),
        ];
        Ok(Reply::ok(Css(css.concat())))
    }
}
