//! A professional contests what the operator decided (P2B regulation, article 11): signed in, or, once
//! a measure took effect and nobody signs in any more, with the link of the mail that said so.

use adapters::store::{TokenPurpose, Versioned};
use domain::event::Event;
use domain::professional::{Professional as Record, StandingStep};
use http_function::{
    Anyone, Call, Desk, HOUR, Nothing, Operation, Problem, Professional, Reply, Who as _, by_ip,
    link_expired, read_link, throttle,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::own::own;

/// Contest a decision.
pub struct ContestDecision;

/// The appeal.
#[derive(Deserialize, JsonSchema)]
pub struct Contestation {
    /// In the professional's words.
    #[schemars(length(min = 20, max = 3000))]
    text: String,
    /// The `token` of the link, where nobody is signed in.
    #[schemars(length(max = 100))]
    token: Option<String>,
}

/// How many appeals an hour an address may send with a link.
const APPEALS: u64 = 10;

impl Operation for ContestDecision {
    const NAME: &'static str = "contest-decision";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/appeal";
    const SUMMARY: &'static str = "Contest the operator's present decision, signed in or with the link of its mail; a person examines it.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = Contestation;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let text = call.input.text.trim();
        if !(20..=3000).contains(&text.chars().count()) {
            return Err(Problem::new(
                422,
                "text_invalid",
                "Expliquez votre contestation en 20 à 3 000 caractères.",
            )
            .about("text"));
        }
        let read = match &call.input.token {
            Some(token) => by_link(desk, call, token).await?,
            None => own(desk, &signed_in(call)?.professional).await?,
        };
        let mut professional = read.record.clone();
        professional.contest(text.to_owned(), call.now)?;
        let id = professional.id.clone();
        let changes = call
            .changes()
            .replace(&read, &professional)
            .activity(Self::NAME, id.as_str())
            .event(Event::StandingChanged {
                professional: id,
                step: StandingStep::Contested,
            });
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

/// The professional who is signed in, as any other function of theirs admits them. New terms keep
/// nobody from contesting, an attributed password does.
fn signed_in(call: &Call<ContestDecision>) -> Result<Professional, Problem> {
    if call
        .who
        .0
        .as_ref()
        .is_some_and(|session| session.must_change_password)
    {
        return Err(http_function::sessions::password_change_required());
    }
    Professional::admit(call.who.0.clone())
}

/// The professional whose measure the link is about, as long as that measure holds.
async fn by_link(
    desk: &Desk<()>,
    call: &Call<ContestDecision>,
    token: &str,
) -> Result<Versioned<Record>, Problem> {
    let counted = by_ip(ContestDecision::NAME, &call.trace.ip);
    throttle(desk, &counted, APPEALS, HOUR).await?;
    let link = read_link(desk, token).await?;
    let TokenPurpose::Contest {
        professional,
        announced_at,
    } = &link.record.purpose
    else {
        return Err(link_expired());
    };
    let read = own(desk, professional).await?;
    let measure = read.record.standing.measure.as_ref();
    if measure.is_none_or(|measure| measure.announced_at != *announced_at) {
        return Err(Problem::new(
            410,
            "decision_over",
            "Cette décision ne vaut plus : il n’y a rien à contester.",
        ));
    }
    Ok(read)
}
