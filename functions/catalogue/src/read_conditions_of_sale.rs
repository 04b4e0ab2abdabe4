//! Opens a professional's own conditions of sale, which a client must read before ordering.

use adapters::documents::Documents;
use http_function::{Anyone, Call, Desk, Nothing, Operation, Problem, Reply};

use crate::public::ProfessionalPath;

/// Opens the conditions of sale.
pub struct ReadConditionsOfSale;

impl Operation for ReadConditionsOfSale {
    const NAME: &'static str = "read-conditions-of-sale";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professionals/{slug}/conditions";
    const SUMMARY: &'static str =
        "Open a professional's verified conditions of sale: answers 303 with a link.";
    const REDIRECTS: bool = true;
    type Outside = Documents;
    type Who = Anyone;
    type Path = ProfessionalPath;
    type Input = Nothing;
    type Output = Nothing;

    async fn run(desk: &Desk<Documents>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let professional = call.path.read(&desk.store).await?;
        let conditions = professional
            .conditions_of_sale()
            .ok_or_else(Problem::not_found)?;
        let name = format!(
            "conditions-de-vente-{}.{}",
            professional.slug(),
            conditions.file.file_type.extension()
        );
        let url = desk.outside.link(&conditions.file, &name).await?;
        Ok(Reply::ok(Nothing {}).redirect(url))
    }
}
