//! Somebody asks something about their own data (GDPR, articles 15 to 22): from their account, or from an
//! address that they prove by the link of a mail. Whether there is an account behind an address is told to
//! nobody.

use adapters::ids::fresh;
use adapters::store::{Key, Token, TokenPurpose};
use domain::account::Account;
use domain::data_request::{Channel, DataRequest, DataRight};
use domain::event::{DataStep, Event};
use domain::identifiers::Email;
use domain::ids::AccountId;
use domain::members::{Member, Members};
use domain::professional::Professional;
use http_function::{
    AccountHolder, Anyone, Call, DAY, Desk, HOUR, Nothing, Operation, Problem, Reply, by_ip,
    by_mailbox, link_expired, read_link, throttle,
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many requests an account makes a day.
const MOST_A_DAY: u64 = 5;
/// How many requests one address may make within an hour.
const MOST_PER_HOUR: u64 = 5;
/// How many mails a day an address gets that nobody proved.
const MOST_MAILS_A_DAY: u64 = 3;

/// That a request was taken in.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TakenRequest {
    /// When.
    received_at: Timestamp,
    /// Until when it is answered; nothing before the address is proved.
    due_at: Option<Timestamp>,
    /// What follows.
    notice: &'static str,
}

/// Ask about one's data, signed in.
pub struct AskAboutData;

/// What is asked.
#[derive(Deserialize, JsonSchema)]
pub struct DataAsked {
    /// What.
    right: DataRight,
    /// In the person’s words.
    #[schemars(length(min = 10, max = 4000))]
    text: String,
}

impl Operation for AskAboutData {
    const NAME: &'static str = "ask-about-data";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/account/data-requests";
    const SUMMARY: &'static str = "Ask something about one's own data: five times a day.";
    const BEFORE_TERMS: bool = true;
    const WHILE_BARRED: bool = true;
    type Outside = ();
    type Who = AccountHolder;
    type Path = Nothing;
    type Input = DataAsked;
    type Output = TakenRequest;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<TakenRequest>, Problem> {
        let id = &call.who.account;
        let (name, email) = holder(desk, call).await?;
        let request = DataRequest {
            account: Some(id.clone()),
            proved_at: Some(call.now),
            ..asked(call.now, call.input.right, &call.input.text, name, email)
        };
        let request = request.taken()?;
        throttle(desk, &format!("{}#{id}", Self::NAME), MOST_A_DAY, DAY).await?;
        let changes = call
            .changes()
            .create(&request, "data request")
            .event(Event::DataRequestMoved {
                request: request.id.clone(),
                step: DataStep::Received,
            })
            .activity(Self::NAME, request.id.as_str());
        Ok(Reply::created(taken(&request)).changing(changes))
    }
}

/// Name and address of who is signed in.
async fn holder(desk: &Desk<()>, call: &Call<AskAboutData>) -> Result<(String, Email), Problem> {
    let key = Key::account(&call.who.account);
    let read = desk.store.get::<Account>(key).await?;
    let account = read.ok_or_else(Problem::not_found)?.record;
    let name = match (&account.client, &account.professional) {
        (Some(client), _) => format!("{} {}", client.first_name, client.last_name),
        (None, Some(professional)) if call.who.owns.is_some() => {
            let key = Key::professional(professional);
            let read = desk.store.get::<Professional>(key).await?;
            read.map_or_else(String::new, |read| read.record.name().to_owned())
        }
        (None, Some(professional)) => {
            let key = Key::members(professional);
            let read = desk.store.get::<Members>(key).await?;
            let members = read.map(|read| read.record);
            let member = members.as_ref().and_then(|all| all.whoever(&account.id));
            member.map_or_else(String::new, Member::name)
        }
        (None, None) => String::new(),
    };
    Ok((name, account.email))
}

fn asked(now: Timestamp, right: DataRight, text: &str, name: String, email: Email) -> DataRequest {
    DataRequest {
        id: fresh(now),
        right,
        text: text.to_owned(),
        name,
        email,
        account: None::<AccountId>,
        channel: Channel::Site,
        entered_by: None,
        received_at: now,
        proved_at: None,
        lengthening: None,
        answer: None,
    }
}

fn taken(request: &DataRequest) -> TakenRequest {
    let proved = request.proved_at.is_some();
    TakenRequest {
        received_at: request.received_at,
        due_at: proved.then(|| request.due_at()),
        notice: if proved {
            "Votre demande est enregistrée : un courriel vous le confirme."
        } else {
            "Un courriel vient de partir vers cette adresse : ouvrez son lien pour que votre demande soit enregistrée."
        },
    }
}

/// Ask about one's data from an address.
pub struct AskAboutDataByMail;

/// What is asked, and from where.
#[derive(Deserialize, JsonSchema)]
pub struct DataAskedByMail {
    /// What.
    right: DataRight,
    /// In the person’s words.
    #[schemars(length(min = 10, max = 4000))]
    text: String,
    /// Who asks.
    #[schemars(length(min = 2, max = 120))]
    name: String,
    /// Where to answer.
    email: Email,
}

impl Operation for AskAboutDataByMail {
    const NAME: &'static str = "ask-about-data-by-mail";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/data-requests";
    const SUMMARY: &'static str = "Ask something about one's own data without an account: the link of a mail proves the address within seven days.";
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = DataAskedByMail;
    type Output = TakenRequest;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<TakenRequest>, Problem> {
        let DataAskedByMail {
            right,
            text,
            name,
            email,
        } = &call.input;
        let request = asked(call.now, *right, text, name.clone(), email.clone()).taken()?;
        let counted = by_ip(Self::NAME, &call.trace.ip);
        throttle(desk, &counted, MOST_PER_HOUR, HOUR).await?;
        throttle(desk, &by_mailbox(email), MOST_MAILS_A_DAY, DAY).await?;
        let changes = call
            .changes()
            .create(&request, "data request")
            .event(Event::DataRequestMoved {
                request: request.id.clone(),
                step: DataStep::ToProve,
            })
            .activity(Self::NAME, request.id.as_str());
        Ok(Reply::created(taken(&request)).changing(changes))
    }
}

/// Prove the address of a request.
pub struct ConfirmDataRequest;

/// The link's token.
#[derive(Deserialize, JsonSchema)]
pub struct DataRequestLink {
    /// Its secret.
    #[schemars(length(max = 100))]
    token: String,
}

impl Operation for ConfirmDataRequest {
    const NAME: &'static str = "confirm-data-request";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/data-requests/confirm";
    const SUMMARY: &'static str =
        "Prove the address of a request by the link of a mail: the month to answer begins.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = DataRequestLink;
    type Output = TakenRequest;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<TakenRequest>, Problem> {
        let link: adapters::store::Versioned<Token> = read_link(desk, &call.input.token).await?;
        let TokenPurpose::ProveDataRequest(id) = &link.record.purpose else {
            return Err(link_expired());
        };
        let read = desk.store.get::<DataRequest>(Key::data_request(id)).await?;
        let read = read.ok_or_else(link_expired)?;
        let mut request = read.record.clone();
        // Opened twice, it is proved once.
        if !request.prove(call.now) {
            return Ok(Reply::ok(taken(&request)));
        }
        let changes = call
            .changes()
            .replace(&read, &request)
            .event(Event::DataRequestMoved {
                request: request.id.clone(),
                step: DataStep::Received,
            })
            .activity(Self::NAME, request.id.as_str());
        Ok(Reply::ok(taken(&request)).changing(changes))
    }
}
