//! Accounts into which somebody else may have come, as their holders said.

use adapters::store::Question;
use askama::Template;
use domain::account::Account;
use domain::ids::{AccountId, ProfessionalId};
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};

use crate::frame::{Frame, Section, moment, shown};
use crate::waiting::waiting;

/// The suspect accesses that wait.
pub(crate) struct SuspicionsPage;

struct Suspicion {
    account: AccountId,
    professional: Option<ProfessionalId>,
    email: String,
    reported: String,
    password: &'static str,
}

#[derive(Template)]
#[template(path = "suspicions.html")]
struct SuspicionsTemplate {
    frame: Frame,
    suspicions: Vec<Suspicion>,
}

impl Operation for SuspicionsPage {
    const NAME: &'static str = "show-suspicions";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/acces-suspects";
    const SUMMARY: &'static str = "Suspect accesses that were reported, longest waiting first.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let suspicions = waiting(desk, Question::suspected_accesses(), suspicion).await?;
        shown(&SuspicionsTemplate {
            frame: Frame::of(Section::Overview, &call.notice),
            suspicions,
        })
    }
}

fn suspicion(account: Account) -> Option<Suspicion> {
    let reported = account.suspected_at?;
    Some(Suspicion {
        reported: moment(&reported),
        email: account.email.as_str().to_owned(),
        password: match account.password_hash {
            Some(_) => "un autre a été choisi depuis",
            None => "aucun ne vaut, un autre est à choisir par courriel",
        },
        account: account.id,
        professional: account.professional,
    })
}
