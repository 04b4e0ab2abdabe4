//! Somebody looks at whom they write with.

use adapters::store::{Question, Versioned};
use domain::booking::BookingParty;
use domain::conversation::Conversation;
use domain::ids::{AccountId, BookingId, ProfessionalId};
use domain::professional::of_slug;
use http_function::{Call, Correspondent, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::correspondents::{between, own_booking, party};
use crate::view::ConversationView;

/// Looking at one's conversations.
pub struct ListConversations;

/// With whom, and which page.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ConversationsAsked {
    /// The one with the other party of this booking, if it has begun.
    #[serde(default)]
    pub booking: Option<BookingId>,
    /// The one with the professional whose public address ends so, if it has begun: for clients.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub slug: Option<String>,
    /// Where the page before ended.
    #[serde(default)]
    pub after: Option<String>,
}

/// A page of conversations, the last written in first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ConversationsPage {
    /// The conversations.
    pub conversations: Vec<ConversationView>,
    /// How to ask for the next page.
    pub next: Option<String>,
}

impl Operation for ListConversations {
    const NAME: &'static str = "list-conversations";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/conversations";
    const SUMMARY: &'static str = "The conversations of a client or a professional, the last written in first; or the one about a booking, or with a professional.";
    type Outside = ();
    type Who = Correspondent;
    type Path = Nothing;
    type Input = ConversationsAsked;
    type Output = ConversationsPage;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<ConversationsPage>, Problem> {
        let who = &call.who;
        if let Some((client, professional)) = wanted(desk, call).await? {
            let found = between(&desk.store, &client, &professional).await?;
            return Ok(Reply::ok(page(found, None, who)));
        }
        let question = match &who.professional {
            None => Question::conversations_of_client(&who.account),
            Some(professional) => Question::conversations_of_professional(professional),
        };
        let question = question.limit(30).after(call.input.after.clone());
        let answer = desk.store.ask::<Conversation>(question).await?;
        Ok(Reply::ok(page(answer.records, answer.next, who)))
    }
}

fn page(
    conversations: impl IntoIterator<Item = Versioned<Conversation>>,
    next: Option<String>,
    who: &Correspondent,
) -> ConversationsPage {
    ConversationsPage {
        conversations: conversations
            .into_iter()
            .map(|read| ConversationView::of(&read.record, party(who)))
            .collect(),
        next,
    }
}

/// The two whose conversation is asked for, if one is.
async fn wanted(
    desk: &Desk<()>,
    call: &Call<ListConversations>,
) -> Result<Option<(AccountId, ProfessionalId)>, Problem> {
    if let Some(booking) = &call.input.booking {
        let booking = own_booking(&desk.store, &call.who, booking).await?;
        return Ok(Some((booking.client, booking.professional)));
    }
    match (&call.input.slug, party(&call.who)) {
        (Some(slug), BookingParty::Client) => {
            let professional = of_slug(slug).map_err(|_| Problem::not_found())?;
            Ok(Some((call.who.account.clone(), professional)))
        }
        (Some(_), BookingParty::Professional) => Err(Problem::not_found()),
        (None, _) => Ok(None),
    }
}
