//! A professional looks at the file: what is in force beside what waits, and every version.

use http_function::{Call, Desk, Nothing, Operation, Owner, Problem, Reply};

use crate::file_view::{FileView, changes_of, view};
use crate::own::own;

/// Read one's own file.
pub struct ReadFile;

impl Operation for ReadFile {
    const NAME: &'static str = "read-file";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/file";
    const SUMMARY: &'static str =
        "The caller's own file: what is in force, what waits for the operator, and every version.";
    type Outside = ();
    type Who = Owner;
    type Path = Nothing;
    type Input = Nothing;
    type Output = FileView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<FileView>, Problem> {
        let professional = own(desk, &call.who.professional).await?.record;
        let changes = changes_of(desk, &professional.id).await?;
        let changes = changes.into_iter().map(|read| read.record).collect();
        let file = view(desk, &professional, changes, call.now).await?;
        Ok(Reply::ok(file))
    }
}
