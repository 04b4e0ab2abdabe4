//! What goes of a client and of a professional, step by step.

use adapters::finding;
use adapters::store::{
    AgendaDay, ClientRow, Devices, Experience, InternalNote, Key, LikenessMark, Patron, Portrait,
    Question, QuoteAsked, Tally, UniqueClaim, Versioned,
};
use domain::account::Account;
use domain::account::sites::{Favourites, SavedSites};
use domain::alerts::Alert;
use domain::booking::{Booking, BookingParty};
use domain::conversation::{Conversation, Message};
use domain::event::{Event, InactivityStep};
use domain::ids::{AccountId, BookingId, ProfessionalId};
use domain::members::Members;
use domain::offer::Offer;
use domain::operator::ProposedDecision;
use domain::order::Order;
use domain::professional::{Complaints, FileChange, PersonKind, Professional};
use domain::quotes::QuoteRequest;
use domain::retention::{ERASED_PROFESSIONAL, Erasure, Subject};
use domain::review::{Evaluation, Review};
use domain::shift::Shift;
use http_function::Problem;

use super::eraser::Eraser;
use super::{books, known};

/// Does one step of a client's.
pub(super) async fn client(
    eraser: &mut Eraser<'_>,
    id: &AccountId,
    erasure: Erasure,
) -> Result<(), Problem> {
    match erasure {
        Erasure::WarnInactive => tell(eraser, id, InactivityStep::Warned).await,
        Erasure::CloseInactive => close(eraser, id).await,
        Erasure::Content => Box::pin(client_content(eraser, id)).await,
        Erasure::Personal => Box::pin(client_person(eraser, id)).await,
        Erasure::Proofs => client_proofs(eraser, id).await,
        Erasure::IdentityDocuments | Erasure::Accounting => Ok(()),
    }
}

async fn tell(
    eraser: &mut Eraser<'_>,
    id: &AccountId,
    step: InactivityStep,
) -> Result<(), Problem> {
    let account = id.clone();
    let changes = eraser
        .changes()
        .event(Event::AccountInactive { account, step });
    Ok(eraser.desk().store.commit(changes).await?)
}

/// Closes an account as its holder would; one with a booking under way is not inactive.
async fn close(eraser: &mut Eraser<'_>, id: &AccountId) -> Result<(), Problem> {
    let desk = eraser.desk();
    let Some(read) = desk.store.get::<Account>(Key::account(id)).await? else {
        return Ok(());
    };
    for booking in bookings(eraser, Question::bookings_of_client(id)).await? {
        if booking.record.state.is_live() {
            return Err(Problem::internal("an inactive account has a live booking"));
        }
    }
    let mut account = read.record.clone();
    if account.close(desk.clock.now()).is_err() {
        return Ok(());
    }
    let claim = Key::unique(&UniqueClaim::email_key(&account.email));
    let changes = eraser
        .changes()
        .replace(&read, &account)
        .forget::<UniqueClaim>(claim)
        .event(Event::AccountInactive {
            account: id.clone(),
            step: InactivityStep::Closed,
        });
    desk.store.commit(changes).await?;
    eraser.records += 1;
    Ok(())
}

async fn bookings(
    eraser: &Eraser<'_>,
    question: Question,
) -> Result<Vec<Versioned<Booking>>, Problem> {
    let read = eraser.desk().store.ask_all::<Booking>(question.limit(100));
    Ok(read.await?)
}

async fn client_content(eraser: &mut Eraser<'_>, id: &AccountId) -> Result<(), Problem> {
    let store = &eraser.desk().store;
    let question = Question::conversations_of_client(id).limit(100);
    let all = store.ask_all::<Conversation>(question).await?;
    conversations(eraser, all, BookingParty::Client).await?;
    let evaluations = store.ask_all::<Evaluation>(Question::evaluations_of(id));
    eraser.delete_all(&evaluations.await?).await?;
    for read in bookings(eraser, Question::bookings_of_client(id)).await? {
        noted(eraser, &read.record.id).await?;
        let mut left = read.record.clone();
        left.erase_content();
        eraser.leave(&read, &left).await?;
    }
    orders(eraser, id, Order::erase_content).await?;
    wishes(eraser, id).await?;
    notes(eraser, id.as_str()).await?;
    devices(eraser, id.as_str()).await
}

/// What a client kept for later and asked quotes for.
async fn wishes(eraser: &mut Eraser<'_>, id: &AccountId) -> Result<(), Problem> {
    let store = &eraser.desk().store;
    if let Some(read) = store.get::<SavedSites>(Key::saved_sites(id)).await? {
        eraser.delete(&read).await?;
    }
    if let Some(read) = store.get::<Favourites>(Key::favourites(id)).await? {
        eraser.delete(&read).await?;
    }
    let alerts = store.ask_all::<Alert>(Question::alerts_of_client(id).limit(100));
    eraser.delete_all(&alerts.await?).await?;
    let quotes = store.ask_all::<QuoteRequest>(Question::quote_requests_of_client(id).limit(100));
    eraser.delete_all(&quotes.await?).await
}

/// What is left of a client's orders of several missions.
async fn orders(
    eraser: &mut Eraser<'_>,
    id: &AccountId,
    erase: fn(&mut Order),
) -> Result<(), Problem> {
    let question = Question::orders_of_client(id).limit(100);
    for read in eraser.desk().store.ask_all::<Order>(question).await? {
        let mut left = read.record.clone();
        erase(&mut left);
        eraser.leave(&read, &left).await?;
    }
    Ok(())
}

/// What agents noted on site, and where they were; what operators noted and proposed.
async fn noted(eraser: &mut Eraser<'_>, booking: &BookingId) -> Result<(), Problem> {
    let store = &eraser.desk().store;
    let shifts = store.ask_all::<Shift>(Question::shifts_of(booking));
    eraser.delete_all(&shifts.await?).await?;
    let proposed = store.get::<ProposedDecision>(Key::proposed_decision(booking));
    if let Some(read) = proposed.await? {
        eraser.delete(&read).await?;
    }
    notes(eraser, booking.as_str()).await
}

/// What operators noted about somebody or something.
async fn notes(eraser: &mut Eraser<'_>, subject: &str) -> Result<(), Problem> {
    let notes = Question::internal_notes(subject).limit(100);
    let notes = eraser.desk().store.ask_all::<InternalNote>(notes).await?;
    eraser.delete_all(&notes).await
}

async fn devices(eraser: &mut Eraser<'_>, subject: &str) -> Result<(), Problem> {
    let key = Key::devices(subject);
    match eraser.desk().store.get::<Devices>(key).await? {
        Some(read) => eraser.delete(&read).await,
        None => Ok(()),
    }
}

/// What one party wrote goes, and its files; the whole conversation once the other is gone as well.
async fn conversations(
    eraser: &mut Eraser<'_>,
    all: Vec<Versioned<Conversation>>,
    gone: BookingParty,
) -> Result<(), Problem> {
    for read in all {
        let conversation = &read.record;
        let other = match gone {
            BookingParty::Client => Subject::Professional(conversation.professional.clone()),
            BookingParty::Professional => Subject::Client(conversation.client.clone()),
        };
        let store = &eraser.desk().store;
        let other = known::file(store, &other).await?.file;
        let both = other.has_done(Erasure::Content);
        let question = Question::messages_of(&conversation.id).limit(100);
        for message in store.ask_all::<Message>(question).await? {
            if message.record.by != gone && !both {
                continue;
            }
            let mut left = message.record.clone();
            let files = left.erase();
            eraser.documents(files).await?;
            if both {
                eraser.delete(&message).await?;
            } else {
                eraser.leave(&message, &left).await?;
            }
        }
        if both {
            eraser.delete(&read).await?;
        }
    }
    Ok(())
}

async fn client_person(eraser: &mut Eraser<'_>, id: &AccountId) -> Result<(), Problem> {
    let store = &eraser.desk().store;
    for read in bookings(eraser, Question::bookings_of_client(id)).await? {
        if let Some(review) = &read.record.review
            && let Some(review) = store.get::<Review>(Key::review(review)).await?
        {
            let mut left = review.record.clone();
            left.anonymise();
            eraser.leave(&review, &left).await?;
        }
        // What never became a contract proves nothing.
        if read.record.accepted_at.is_none() {
            eraser.delete(&read).await?;
            books::row(eraser, &read.record.id).await?;
            continue;
        }
        let mut left = read.record.clone();
        left.anonymise_client();
        eraser.leave(&read, &left).await?;
        found_again(eraser, &read.record.id).await?;
    }
    let question = Question::conversations_of_client(id).limit(100);
    for read in store.ask_all::<Conversation>(question).await? {
        let mut left = read.record.clone();
        left.anonymise_client();
        eraser.leave(&read, &left).await?;
    }
    orders(eraser, id, Order::anonymise_client).await?;
    anonymise_account(eraser, id).await?;
    let changes = eraser.changes();
    finding::index_client(store, id, None, &changes).await?;
    Ok(())
}

/// The row of lists says what the booking says now.
async fn found_again(eraser: &Eraser<'_>, booking: &BookingId) -> Result<(), Problem> {
    let changes = eraser.changes();
    finding::index_booking(&eraser.desk().store, booking, &changes).await?;
    Ok(())
}

async fn anonymise_account(eraser: &mut Eraser<'_>, id: &AccountId) -> Result<(), Problem> {
    let Some(read) = eraser.desk().store.get::<Account>(Key::account(id)).await? else {
        return Ok(());
    };
    free(
        eraser,
        &UniqueClaim::email_key(&read.record.email),
        id.as_str(),
    )
    .await?;
    let mut left = read.record.clone();
    left.anonymise();
    eraser.leave(&read, &left).await
}

/// Gives up what there is one of, where it is still theirs.
async fn free(eraser: &mut Eraser<'_>, what: &str, owner: &str) -> Result<(), Problem> {
    let claim = eraser.desk().store.get::<UniqueClaim>(Key::unique(what));
    match claim.await? {
        Some(read) if read.record.owner == owner => eraser.delete(&read).await,
        Some(_) | None => Ok(()),
    }
}

/// Ten years on, only what the books still name stays: it goes with them.
async fn client_proofs(eraser: &mut Eraser<'_>, id: &AccountId) -> Result<(), Problem> {
    let store = &eraser.desk().store;
    finding::forget(store, id.as_str(), &eraser.changes()).await?;
    if let Some(row) = store.get::<ClientRow>(Key::client_row(id)).await? {
        eraser.delete(&row).await?;
    }
    let orders = store.ask_all::<Order>(Question::orders_of_client(id).limit(100));
    eraser.delete_all(&orders.await?).await?;
    match eraser.desk().store.get::<Account>(Key::account(id)).await? {
        Some(read) => eraser.delete(&read).await,
        None => Ok(()),
    }
}

/// Does one step of a professional's.
pub(super) async fn professional(
    eraser: &mut Eraser<'_>,
    id: &ProfessionalId,
    erasure: Erasure,
) -> Result<(), Problem> {
    let key = Key::professional(id);
    let Some(read) = eraser.desk().store.get::<Professional>(key).await? else {
        return Ok(());
    };
    match erasure {
        Erasure::IdentityDocuments => {
            marks(eraser, &read.record).await?;
            portraits(eraser, &read.record).await?;
            let mut left = read.record.clone();
            let files = left.erase_identity_documents();
            eraser.documents(files).await?;
            eraser.leave(&read, &left).await
        }
        Erasure::Content => Box::pin(professional_content(eraser, &read)).await,
        Erasure::Personal => Box::pin(professional_person(eraser, &read)).await,
        Erasure::Proofs => {
            if let Some(account) = &read.record.account {
                client_proofs(eraser, account).await?;
            }
            team(eraser, id, erasure).await?;
            finding::forget(&eraser.desk().store, id.as_str(), &eraser.changes()).await?;
            eraser.delete(&read).await
        }
        Erasure::WarnInactive | Erasure::CloseInactive | Erasure::Accounting => Ok(()),
    }
}

/// The marks by which likenesses are found: while what they are made of is still known.
async fn marks(eraser: &mut Eraser<'_>, professional: &Professional) -> Result<(), Problem> {
    for likeness in professional.likenesses() {
        let mark = LikenessMark::of(&likeness, &professional.id);
        let key = Key::likeness(mark.of, &mark.sha256, &mark.professional);
        if let Some(read) = eraser.desk().store.get::<LikenessMark>(key).await? {
            eraser.delete(&read).await?;
        }
    }
    Ok(())
}

/// Photos and logos as pages showed them.
async fn portraits(eraser: &mut Eraser<'_>, professional: &Professional) -> Result<(), Problem> {
    for document in &professional.documents {
        let key = Key::portrait(&professional.id, &document.id);
        if let Some(read) = eraser.desk().store.get::<Portrait>(key).await? {
            eraser.delete(&read).await?;
        }
    }
    Ok(())
}

async fn professional_content(
    eraser: &mut Eraser<'_>,
    read: &Versioned<Professional>,
) -> Result<(), Problem> {
    let id = &read.record.id;
    let store = &eraser.desk().store;
    marks(eraser, &read.record).await?;
    portraits(eraser, &read.record).await?;
    let asked = store.ask_all::<QuoteAsked>(Question::quotes_asked_of(id).limit(100));
    eraser.delete_all(&asked.await?).await?;
    let versions = store.ask_all::<FileChange>(Question::file_changes_of(id).limit(100));
    eraser.delete_all(&versions.await?).await?;
    let offers = store.ask_all::<Offer>(Question::offers_of(id).limit(100));
    eraser.delete_all(&offers.await?).await?;
    let agenda = store.ask_all::<AgendaDay>(Question::whole_agenda(id));
    eraser.delete_all(&agenda.await?).await?;
    let question = Question::conversations_of_professional(id).limit(100);
    let all = store.ask_all::<Conversation>(question).await?;
    conversations(eraser, all, BookingParty::Professional).await?;
    for booking in bookings(eraser, Question::bookings_of_professional(id)).await? {
        noted(eraser, &booking.record.id).await?;
        if let Some(review) = &booking.record.review
            && let Some(review) = store.get::<Review>(Key::review(review)).await?
        {
            eraser.delete(&review).await?;
        }
    }
    notes(eraser, id.as_str()).await?;
    if let Some(complaints) = store.get::<Complaints>(Key::complaints(id)).await? {
        eraser.delete(&complaints).await?;
    }
    // A registration is signed in by itself, the account that follows too.
    devices(eraser, id.as_str()).await?;
    if let Some(account) = &read.record.account {
        devices(eraser, account.as_str()).await?;
    }
    let mut left = read.record.clone();
    let files = left.erase_content();
    eraser.documents(files).await?;
    eraser.leave(read, &left).await
}

async fn professional_person(
    eraser: &mut Eraser<'_>,
    read: &Versioned<Professional>,
) -> Result<(), Problem> {
    let professional = &read.record;
    let id = &professional.id;
    let store = &eraser.desk().store;
    let tallies = store.ask_all::<Tally>(Question::tallies_of(id));
    eraser.delete_all(&tallies.await?).await?;
    let patrons = store.ask_all::<Patron>(Question::patrons_of(id));
    eraser.delete_all(&patrons.await?).await?;
    if let Some(experience) = store.get::<Experience>(Key::experience(id)).await? {
        eraser.delete(&experience).await?;
    }
    // The name of a company names nobody, and the client's papers have it.
    if professional.profile.kind == Some(PersonKind::Natural) {
        for booking in bookings(eraser, Question::bookings_of_professional(id)).await? {
            let mut left = booking.record.clone();
            ERASED_PROFESSIONAL.clone_into(&mut left.professional_name);
            eraser.leave(&booking, &left).await?;
            found_again(eraser, &booking.record.id).await?;
        }
        let question = Question::conversations_of_professional(id).limit(100);
        for conversation in store.ask_all::<Conversation>(question).await? {
            let mut left = conversation.record.clone();
            ERASED_PROFESSIONAL.clone_into(&mut left.professional_name);
            eraser.leave(&conversation, &left).await?;
        }
    }
    if let Some(siren) = &professional.profile.siren {
        free(eraser, &format!("siren#{}", siren.as_str()), id.as_str()).await?;
    }
    let email = UniqueClaim::email_key(&professional.email);
    free(eraser, &email, id.as_str()).await?;
    marks(eraser, professional).await?;
    if let Some(account) = &professional.account {
        anonymise_account(eraser, account).await?;
    }
    team(eraser, id, Erasure::Personal).await?;
    let mut left = professional.clone();
    left.anonymise();
    eraser.leave(read, &left).await?;
    let changes = eraser.changes();
    finding::index_professional(store, id, &changes).await?;
    Ok(())
}

/// Who signed in for a company beside its owner: first without a name, then not at all.
async fn team(
    eraser: &mut Eraser<'_>,
    id: &ProfessionalId,
    erasure: Erasure,
) -> Result<(), Problem> {
    let Some(read) = eraser.desk().store.get::<Members>(Key::members(id)).await? else {
        return Ok(());
    };
    for member in &read.record.members {
        if erasure == Erasure::Personal {
            anonymise_account(eraser, &member.account).await?;
        } else {
            client_proofs(eraser, &member.account).await?;
        }
    }
    if erasure != Erasure::Personal {
        return eraser.delete(&read).await;
    }
    let mut left = read.record.clone();
    left.anonymise();
    eraser.leave(&read, &left).await
}
