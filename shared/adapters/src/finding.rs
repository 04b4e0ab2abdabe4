//! The index that the operator's search reads, and the rows of lists: copies, made again from what is stored
//! whenever it changes, in any order and as often as one likes (decision 0100).

use std::collections::{BTreeMap, BTreeSet};

use domain::account::{Account, ClientKind, ClientProfile, Role};
use domain::booking::Booking;
use domain::finding::{Reading, bucket_of, buckets, code, matches, words};
use domain::ids::{AccountId, BookingId, InvoiceId, ProfessionalId};
use domain::members::{Member, Members};
use domain::money::Euros;
use domain::professional::{Likeness, Professional, Resemblance};

use crate::store::{
    BookingRow, Changes, ClientRow, ClientState, DocumentsRow, FoundKind, FoundPlaces, FoundUnder,
    Key, Question, Store, StoreError, StoredInvoice, Versioned,
};

/// How many are shown of what one reading finds.
pub const MOST_FOUND: usize = 50;

/// After how many tenths of a read unit a bucket is read no further: it holds everybody of whom a word begins
/// so, and one more page of a hundred stays under twenty units.
const ENOUGH: u32 = 120;

/// What one reading of what was typed found.
pub struct Found {
    /// What was found, those called exactly so first.
    pub things: Vec<FoundUnder>,
    /// Whether there may be more that was not looked at.
    pub more: bool,
}

/// Where a number or an address is found: its hash, since keys carry nothing personal. Eighty bits tell all
/// there are apart.
fn place_of_code(code: &str) -> String {
    place(&format!("code:{code}"))
}

fn place_of_bucket(bucket: &str) -> String {
    place(&format!("word:{bucket}"))
}

fn place(what: &str) -> String {
    let mut hash = crate::secrets::sha256(what.as_bytes());
    hash.truncate(20);
    hash
}

/// Somebody's entry under the last bucket of a word, for tests that want many of a name.
pub fn entry_of_word(word: &str, item: &str, label: &str) -> FoundUnder {
    let bucket = bucket_of(&[word.to_owned()]).unwrap_or_default().to_owned();
    FoundUnder {
        place: place_of_bucket(&bucket),
        item: item.to_owned(),
        kind: FoundKind::Client,
        opens: item.to_owned(),
        label: label.to_owned(),
        hint: String::new(),
        words: words(label),
    }
}

/// A thing that is to be found: under each of its words and of its numbers.
struct Findable {
    kind: FoundKind,
    item: String,
    opens: String,
    label: String,
    hint: String,
    words: Vec<String>,
    codes: Vec<String>,
}

impl Findable {
    fn entries(self) -> Vec<FoundUnder> {
        let mut places: BTreeMap<String, bool> = BTreeMap::new();
        for word in &self.words {
            places.extend(
                buckets(word)
                    .into_iter()
                    .map(|bucket| (place_of_bucket(bucket), true)),
            );
        }
        let codes = self.codes.iter().filter(|code| !code.is_empty());
        places.extend(codes.map(|code| (place_of_code(code), false)));
        let entry = |(place, by_word): (String, bool)| FoundUnder {
            place,
            item: self.item.clone(),
            kind: self.kind,
            opens: self.opens.clone(),
            label: self.label.clone(),
            hint: self.hint.clone(),
            words: if by_word {
                self.words.clone()
            } else {
                Vec::new()
            },
        };
        places.into_iter().map(entry).collect()
    }
}

/// What a client's account is found under.
fn of_client(account: &Account, profile: &ClientProfile) -> Findable {
    let (company, siren) = match &profile.kind {
        ClientKind::Consumer => (None, None),
        ClientKind::Business { company, siren } => (Some(company), Some(siren)),
    };
    let name = person(&profile.first_name, &profile.last_name);
    let mut all_words = words(&name);
    all_words.extend(company.map(|company| words(company)).unwrap_or_default());
    let former = account.former_identifiers.iter().map(|one| &one.email);
    let emails = std::iter::once(&account.email).chain(former);
    let emails = emails.map(|email| email.as_str().to_lowercase());
    let numbers = std::iter::once(code(profile.phone.as_str()));
    let siren = siren.map(|siren| code(siren.as_str()));
    Findable {
        kind: FoundKind::Client,
        item: account.id.to_string(),
        opens: account.id.to_string(),
        hint: company.cloned().unwrap_or_default(),
        label: name,
        codes: emails.chain(numbers).chain(siren).collect(),
        words: all_words,
    }
}

fn person(first: &str, last: &str) -> String {
    format!("{} {}", first.trim(), last.trim())
}

/// What a professional is found under, and each of its agents.
fn of_professional(professional: &Professional) -> Vec<Findable> {
    let profile = &professional.profile;
    let mut all_words = words(
        professional
            .profile
            .denomination
            .as_deref()
            .unwrap_or_default(),
    );
    let managers = profile
        .managers
        .iter()
        .flat_map(|manager| words(&manager.name));
    all_words.extend(managers);
    let numbers = [
        profile.siren.as_ref().map(|it| code(it.as_str())),
        profile.siret.as_ref().map(|it| code(it.as_str())),
        profile.vat_number.as_ref().map(|it| code(it.as_str())),
        Some(professional.email.as_str().to_lowercase()),
    ];
    let likenesses = professional.likenesses();
    let shared = likenesses
        .iter()
        .filter(|one| is_of_company(one))
        .map(|one| code(&one.value));
    let company = Findable {
        kind: FoundKind::Professional,
        item: professional.id.to_string(),
        opens: professional.id.to_string(),
        label: professional.name().to_owned(),
        hint: profile
            .siren
            .as_ref()
            .map(|it| format!("SIREN {}", it.as_str()))
            .unwrap_or_default(),
        codes: numbers.into_iter().flatten().chain(shared).collect(),
        words: all_words,
    };
    let agents = profile.agents.iter().map(|agent| {
        let cards = professional
            .documents
            .iter()
            .filter(|document| document.agent() == Some(&agent.id));
        let cards = cards.filter_map(|document| document.title());
        let label = person(&agent.first_name, &agent.last_name);
        Findable {
            kind: FoundKind::Agent,
            item: format!("{}#{}", professional.id, agent.id),
            opens: professional.id.to_string(),
            hint: professional.name().to_owned(),
            codes: cards.map(|(_, number)| code(number.as_str())).collect(),
            words: words(&label),
            label,
        }
    });
    std::iter::once(company).chain(agents).collect()
}

/// What each member of a team is found under, whether or not they still sign in.
fn of_members(company: &Professional, members: &Members) -> Vec<Findable> {
    let findable = |member: &Member| {
        let label = person(&member.first_name, &member.last_name);
        Findable {
            kind: FoundKind::Member,
            item: format!("{}#{}", company.id, member.account),
            opens: company.id.to_string(),
            hint: company.name().to_owned(),
            codes: vec![member.email.as_str().to_lowercase()],
            words: words(&label),
            label,
        }
    };
    members.members.iter().map(findable).collect()
}

/// Numbers of the company itself; its agents' cards are found as theirs, and an IBAN is not looked for.
fn is_of_company(likeness: &Likeness) -> bool {
    match likeness.of {
        Resemblance::Phone | Resemblance::Authorisation | Resemblance::ManagerApproval => true,
        Resemblance::Siren | Resemblance::Iban | Resemblance::ProfessionalCard => false,
    }
}

/// Writes what a professional is found under, if it changed.
///
/// # Errors
/// `StoreError::Stale` when somebody else does so at the same time: to be done again.
pub async fn index_professional(
    store: &Store,
    id: &ProfessionalId,
    changes: &Changes,
) -> Result<(), StoreError> {
    // What is found first, the record afterwards: whoever wrote in between knew less.
    let known = store
        .get::<FoundPlaces>(Key::found_places(id.as_str()))
        .await?;
    let read = store.get::<Professional>(Key::professional(id)).await?;
    list_documents(store, id, read.as_ref().map(|read| &read.record), changes).await?;
    let mut findable = Vec::new();
    if let Some(read) = &read {
        findable.extend(of_professional(&read.record));
        let members = store.get::<Members>(Key::members(id)).await?;
        let team = members
            .iter()
            .flat_map(|team| of_members(&read.record, &team.record));
        findable.extend(team);
    }
    let entries = findable.into_iter().flat_map(Findable::entries).collect();
    write(store, id.as_str(), known, entries, changes).await
}

/// Writes which documents of a professional wait for the operator, if that changed.
async fn list_documents(
    store: &Store,
    id: &ProfessionalId,
    professional: Option<&Professional>,
    changes: &Changes,
) -> Result<(), StoreError> {
    let key = Key::documents_row(id.as_str());
    let known = store.get::<DocumentsRow>(key.clone()).await?;
    let now = professional.and_then(DocumentsRow::of);
    match (&known, now) {
        (None, None) => Ok(()),
        (Some(known), Some(now)) if known.record == now => Ok(()),
        (known, Some(now)) => {
            let written = changes.clone().upsert(known.as_ref(), &now);
            store.commit(written).await
        }
        (Some(_), None) => {
            store
                .commit(changes.clone().forget::<DocumentsRow>(key))
                .await
        }
    }
}

/// Writes what a client is found under and their row, if these changed. `counted` is what their bookings
/// came to, where they were read; what was counted last stays otherwise.
///
/// # Errors
/// `StoreError::Stale` when somebody else does so at the same time: to be done again.
pub async fn index_client(
    store: &Store,
    id: &AccountId,
    counted: Option<&Spent>,
    changes: &Changes,
) -> Result<(), StoreError> {
    let known = store
        .get::<FoundPlaces>(Key::found_places(id.as_str()))
        .await?;
    let row = store.get::<ClientRow>(Key::client_row(id)).await?;
    let Some(read) = store.get::<Account>(Key::account(id)).await? else {
        return Ok(());
    };
    let account = read.record;
    let Some(profile) = account
        .client
        .as_ref()
        .filter(|_| account.role == Role::Client)
    else {
        return Ok(());
    };
    let now = client_row(&account, profile, row.as_ref(), counted);
    if row.as_ref().is_none_or(|row| row.record != now) {
        store
            .commit(changes.clone().upsert(row.as_ref(), &now))
            .await?;
    }
    let entries = of_client(&account, profile).entries();
    write(store, id.as_str(), known, entries, changes).await
}

/// What a client's bookings came to.
#[derive(Default)]
pub struct Spent {
    /// The total of those that were accepted.
    pub total: Euros,
    /// How many.
    pub bookings: u32,
    /// Where the last of them is.
    pub department: Option<domain::places::Department>,
}

impl Spent {
    /// Counts bookings, newest first.
    pub fn on(bookings: &[Booking]) -> Self {
        let accepted = bookings
            .iter()
            .filter(|booking| booking.accepted_at.is_some());
        let last = accepted.clone().next();
        let totals = accepted.clone().map(|booking| booking.price.total);
        Self {
            total: Euros::try_sum(totals).unwrap_or(Euros::ZERO),
            bookings: u32::try_from(accepted.count()).unwrap_or(u32::MAX),
            department: last.map(|booking| booking.mission.place.department),
        }
    }
}

fn client_row(
    account: &Account,
    profile: &ClientProfile,
    before: Option<&Versioned<ClientRow>>,
    counted: Option<&Spent>,
) -> ClientRow {
    let before = before.map(|read| &read.record);
    let state = if account.closed_at.is_some() {
        ClientState::Closed
    } else if account.suspected_at.is_some() {
        ClientState::Suspected
    } else {
        ClientState::Open
    };
    let (spent, bookings, department) = match (counted, before) {
        (Some(counted), _) => (counted.total, counted.bookings, counted.department),
        (None, Some(before)) => (before.spent, before.bookings, before.department),
        (None, None) => (Euros::ZERO, 0, None),
    };
    ClientRow {
        id: account.id.clone(),
        name: person(&profile.first_name, &profile.last_name),
        company: match &profile.kind {
            ClientKind::Consumer => None,
            ClientKind::Business { company, .. } => Some(company.clone()),
        },
        state,
        opened_at: account.created_at,
        spent,
        bookings,
        department,
    }
}

/// Writes a booking's row if it changed, and where its reference leads.
///
/// # Errors
/// `StoreError::Stale` when somebody else does so at the same time: to be done again.
pub async fn index_booking(
    store: &Store,
    id: &BookingId,
    changes: &Changes,
) -> Result<Indexed, StoreError> {
    let row = store.get::<BookingRow>(Key::booking_row(id)).await?;
    let Some(read) = store.get::<Booking>(Key::booking(id)).await? else {
        return Ok(Indexed::Unchanged);
    };
    let booking = read.record;
    let now = BookingRow::of(&booking);
    match &row {
        Some(row) if row.record == now => return Ok(Indexed::Unchanged),
        Some(_) => {}
        // The row comes last: while there is none, where the reference leads is written again.
        None => put(store, found_booking(&booking), changes).await?,
    }
    store
        .commit(changes.clone().upsert(row.as_ref(), &now))
        .await?;
    Ok(match row {
        Some(_) => Indexed::Changed,
        None => Indexed::New,
    })
}

fn found_booking(booking: &Booking) -> Vec<FoundUnder> {
    let findable = Findable {
        kind: FoundKind::Booking,
        item: booking.id.to_string(),
        opens: booking.id.to_string(),
        label: booking.reference.clone(),
        hint: String::new(),
        words: Vec::new(),
        codes: vec![code(&booking.reference)],
    };
    findable.entries()
}

/// Forgets where a booking's reference leads: it is about to be erased.
///
/// # Errors
/// When the store does not answer.
pub async fn forget_booking(
    store: &Store,
    booking: &Booking,
    changes: &Changes,
) -> Result<(), StoreError> {
    take_away(store, found_booking(booking), changes).await
}

/// What became of what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indexed {
    /// It was there for the first time.
    New,
    /// It was written again.
    Changed,
    /// Nothing was written.
    Unchanged,
}

/// Writes where an invoice's number leads: to its booking.
///
/// # Errors
/// When the store does not answer.
pub async fn index_invoice(
    store: &Store,
    id: &InvoiceId,
    changes: &Changes,
) -> Result<(), StoreError> {
    let read = store.get::<StoredInvoice>(Key::invoice(id)).await?;
    match read {
        Some(read) => put(store, found_invoice(&read.record), changes).await,
        None => Ok(()),
    }
}

/// Writes where the numbers of a booking's invoices lead.
///
/// # Errors
/// When the store does not answer.
pub async fn index_invoices_of(
    store: &Store,
    booking: &BookingId,
    changes: &Changes,
) -> Result<(), StoreError> {
    let question = Question::invoices_of_booking(booking);
    for read in store.ask_all::<StoredInvoice>(question).await? {
        put(store, found_invoice(&read.record), changes).await?;
    }
    Ok(())
}

fn found_invoice(stored: &StoredInvoice) -> Vec<FoundUnder> {
    let invoice = &stored.invoice;
    let number = invoice.number.to_string();
    let findable = Findable {
        kind: FoundKind::Invoice,
        item: invoice.id.to_string(),
        opens: invoice.mission.booking.to_string(),
        label: format!("{} {number}", invoice.kind.label()),
        hint: invoice.mission.reference.clone(),
        words: Vec::new(),
        codes: vec![code(&number)],
    };
    findable.entries()
}

/// Forgets where an invoice's number leads: it is about to be erased.
///
/// # Errors
/// When the store does not answer.
pub async fn forget_invoice(
    store: &Store,
    stored: &StoredInvoice,
    changes: &Changes,
) -> Result<(), StoreError> {
    take_away(store, found_invoice(stored), changes).await
}

async fn take_away(
    store: &Store,
    entries: Vec<FoundUnder>,
    changes: &Changes,
) -> Result<(), StoreError> {
    let take = |changes: Changes, entry: &FoundUnder| {
        changes.forget::<FoundUnder>(Key::found_under(&entry.place, &entry.item))
    };
    store
        .commit_apart(entries.iter().fold(changes.clone(), take))
        .await
}

async fn put(store: &Store, entries: Vec<FoundUnder>, changes: &Changes) -> Result<(), StoreError> {
    let put = |changes: Changes, entry: &FoundUnder| changes.overwrite(entry);
    store
        .commit_apart(entries.iter().fold(changes.clone(), put))
        .await
}

/// Writes the places of a subject: those that were, with those that come, are noted first, so that whoever
/// dies in between leaves nothing behind that nobody knows of.
async fn write(
    store: &Store,
    subject: &str,
    known: Option<Versioned<FoundPlaces>>,
    entries: Vec<FoundUnder>,
    changes: &Changes,
) -> Result<(), StoreError> {
    let said =
        serde_json::to_vec(&entries).map_err(|error| StoreError::Shape(error.to_string()))?;
    let sha256 = crate::secrets::sha256(&said);
    let wanted: BTreeSet<String> = entries.iter().map(named).collect();
    let before = known.as_ref().map(|read| &read.record);
    let settled = before.is_some_and(|known| !known.under_way && known.sha256 == sha256);
    if settled || (before.is_none() && entries.is_empty()) {
        return Ok(());
    }
    let had: BTreeSet<String> = before
        .map(|known| known.places.iter().cloned().collect())
        .unwrap_or_default();
    let noted = FoundPlaces {
        subject: subject.to_owned(),
        label: entries
            .first()
            .map(|entry| entry.label.clone())
            .unwrap_or_default(),
        under_way: true,
        sha256: sha256.clone(),
        places: had.union(&wanted).cloned().collect(),
    };
    store
        .commit(changes.clone().upsert(known.as_ref(), &noted))
        .await?;
    put(store, entries, changes).await?;
    let gone = had
        .difference(&wanted)
        .filter_map(|one| one.split_once(' '));
    let take = |changes: Changes, (place, item): (&str, &str)| {
        changes.forget::<FoundUnder>(Key::found_under(place, item))
    };
    store.commit_apart(gone.fold(changes.clone(), take)).await?;
    if wanted.is_empty() {
        let places = Key::found_places(subject);
        let none = changes.clone().forget::<FoundPlaces>(places);
        return store.commit(none).await;
    }
    let version = known.map_or(1, |read| read.version + 1);
    let written = Versioned {
        record: noted,
        version,
    };
    let done = FoundPlaces {
        under_way: false,
        places: wanted.into_iter().collect(),
        ..written.record.clone()
    };
    store.commit(changes.clone().replace(&written, &done)).await
}

fn named(entry: &FoundUnder) -> String {
    format!("{} {}", entry.place, entry.item)
}

/// Takes everything away that an account or a professional is found under, for whoever erases them: their
/// names stand in no copy then.
///
/// # Errors
/// `StoreError::Stale` when somebody else writes it at the same time: to be done again.
pub async fn forget(store: &Store, subject: &str, changes: &Changes) -> Result<(), StoreError> {
    let known = store.get::<FoundPlaces>(Key::found_places(subject)).await?;
    write(store, subject, known, Vec::new(), changes).await?;
    let documents = Key::documents_row(subject);
    store
        .commit(changes.clone().forget::<DocumentsRow>(documents))
        .await
}

/// What one reading of what was typed finds.
///
/// # Errors
/// When the store does not answer.
pub async fn find(store: &Store, reading: &Reading) -> Result<Found, StoreError> {
    let (place, asked) = match (reading, reading.code()) {
        (Reading::Name(words), _) => match bucket_of(words) {
            Some(bucket) => (place_of_bucket(bucket), words.as_slice()),
            None => {
                return Ok(Found {
                    things: Vec::new(),
                    more: false,
                });
            }
        },
        (_, Some(code)) => (place_of_code(&code), [].as_slice()),
        (_, None) => {
            return Ok(Found {
                things: Vec::new(),
                more: false,
            });
        }
    };
    let mut found = Found {
        things: Vec::new(),
        more: false,
    };
    let mut next = None;
    let mut spent = 0;
    loop {
        let question = Question::found_under(&place).limit(100).after(next);
        let page = store.ask::<FoundUnder>(question).await?;
        let things = page.records.into_iter().map(|read| read.record);
        found
            .things
            .extend(things.filter(|thing| matches(&thing.words, asked)));
        spent += page.read_units_tenths;
        next = page.next;
        found.more = next.is_some();
        if next.is_none() || found.things.len() >= MOST_FOUND || spent >= ENOUGH {
            break;
        }
    }
    found.things.sort_by_key(|thing| {
        (
            !asked.iter().all(|word| thing.words.contains(word)),
            thing.kind,
        )
    });
    found.more |= found.things.len() > MOST_FOUND;
    found.things.truncate(MOST_FOUND);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Record as _;

    #[test]
    fn no_key_says_who_is_found() {
        let findable = Findable {
            kind: FoundKind::Client,
            item: "acc_1".to_owned(),
            opens: "acc_1".to_owned(),
            label: "Zoé Quenneville".to_owned(),
            hint: String::new(),
            words: words("Zoé Quenneville"),
            codes: vec!["zoe@exemple.fr".to_owned()],
        };
        let entries = findable.entries();
        // zoe, que, quenne and the e-mail.
        assert_eq!(entries.len(), 4);
        for entry in entries {
            let key = format!("{:?}", entry.key());
            assert!(!key.contains("zoe") && !key.contains("que"), "{key}");
        }
    }
}
