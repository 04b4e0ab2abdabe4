//! How accepted professionals are written, and the first three, in three departments.

use std::collections::BTreeSet;

use adapters::secrets::sha256;
use adapters::store::{Changes, Portrait, UniqueClaim};
use domain::account::{Account, Role};
use domain::event::Event;
use domain::ids::{AccountId, DocumentId, OfferId, ProfessionalId};
use domain::offer::{Activity, Offer, OfferStatus};
use domain::professional::{
    Document, DocumentDetails, DocumentFile, DocumentStatus, FileType, Finding, PayoutAccount,
    PayoutStatus, Professional, ProfessionalStatus, TitleActivity,
};
use domain::time::paris;
use http::Request;
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

use super::{PASSWORD, Stage, id, new_account, said};

/// What differs between them.
pub(super) struct Seller {
    pub(super) n: u16,
    pub(super) email: String,
    pub(super) profile: Value,
    pub(super) page: Value,
    pub(super) opens: (&'static str, &'static str),
    pub(super) offers: Vec<Value>,
    /// A picture in PNG, where the page has one.
    pub(super) picture: Option<&'static [u8]>,
}

pub(super) async fn accepted(stage: &Stage) -> Result<Vec<(Professional, Offer)>, String> {
    let mut all = Vec::new();
    for seller in [rex(), bastion(), vigie()] {
        let (professional, offers) = write(stage, &seller).await?;
        let first = offers.into_iter().next();
        all.push((professional, first.ok_or("a seller without an offer")?));
    }
    Ok(all)
}

/// Which number the offer of a professional has, by its place among theirs.
pub(super) fn offer_number(seller: u16, place: u16) -> u16 {
    seller * 10 + place
}

/// A professional who waits for the operator's decision. Says whether it was not there yet.
pub(super) async fn waiting(stage: &Stage) -> Result<bool, String> {
    let seller = sentinelle();
    let mut professional = professional(stage, &seller)?;
    professional.page = None;
    put_documents(stage, &professional, None).await?;
    let changes = stage.changes().create(&professional, "professional");
    stage.write(claimed(changes, &professional)).await
}

/// Decides each point of the checklist, as the operator would.
fn decide(
    professional: &mut Professional,
    operator: &AccountId,
    now: Timestamp,
) -> Result<(), String> {
    let finding = Finding {
        by: operator,
        method: "démonstration",
        reason: None,
        at: now,
    };
    for point in professional.checklist(&[], &[], paris::local_date(now)) {
        match (point.is_open(), point.by_hand, point.document) {
            (true, Some(what), _) => professional.verify(what, &finding),
            (true, None, Some(document)) => professional.verify_document(&document, &finding, &[]),
            (_, _, _) => Ok(()),
        }
        .map_err(said)?;
    }
    Ok(())
}

/// Its SIREN and what it has in common with others, for the search for duplicates.
fn claimed(changes: Changes, professional: &Professional) -> Changes {
    let siren = professional.profile.siren.as_ref();
    let claim = siren.map(|siren| UniqueClaim::siren(siren, &professional.id));
    let changes = claim
        .into_iter()
        .fold(changes, |changes, claim| changes.claim(claim, "siren"));
    adapters::likenesses::mark(changes, professional)
}

async fn put_documents(
    stage: &Stage,
    professional: &Professional,
    picture: Option<&[u8]>,
) -> Result<(), String> {
    for document in &professional.documents {
        let bytes = contents(&document.details, picture);
        stage
            .documents
            .put(&document.file, bytes)
            .await
            .map_err(said)?;
    }
    Ok(())
}

/// Sends the form of the stand-in's onboarding page, as somebody would.
async fn answer_questions(page: &str) -> Result<(), String> {
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let request = Request::post(page).body(Empty::new()).map_err(said)?;
    client.request(request).await.map(|_| ()).map_err(said)
}

pub(super) async fn write(
    stage: &Stage,
    seller: &Seller,
) -> Result<(Professional, Vec<Offer>), String> {
    let mut professional = professional(stage, seller)?;
    let account = Account {
        professional: Some(professional.id.clone()),
        ..new_account(10 + seller.n, &seller.email, Role::Professional, stage.now)?
    };
    let operator = new_account(1, super::ADMIN_EMAIL, Role::Admin, stage.now)?.id;
    decide(&mut professional, &operator, stage.now)?;
    professional
        .accept(&operator, account.id.clone(), &[], stage.now)
        .map_err(said)?;
    put_documents(stage, &professional, seller.picture).await?;
    let opened = stage
        .stripe
        .open_payout_account(
            &professional.id,
            professional.name(),
            professional.email.as_str(),
        )
        .await;
    let opened = opened.map_err(said)?;
    let site = "http://127.0.0.1/";
    let page = stage
        .stripe
        .onboarding_link(&opened.id, site, site, professional.id.as_str())
        .await;
    answer_questions(&page.map_err(said)?).await?;
    let opened = stage
        .stripe
        .payout_account(&opened.id)
        .await
        .map_err(said)?;
    professional.payout_account = Some(PayoutAccount {
        status: if opened.receives_transfers() {
            PayoutStatus::Active
        } else {
            PayoutStatus::Pending
        },
        id: opened.id,
    });
    let mut offers = Vec::new();
    for (place, terms) in (0_u16..).zip(&seller.offers) {
        offers.push(Offer {
            id: id::<OfferId>(offer_number(seller.n, place)),
            professional: professional.id.clone(),
            terms: serde_json::from_value(terms.clone()).map_err(said)?,
            status: OfferStatus::Published,
            published_at: Some(stage.now),
            updated_at: stage.now,
        });
    }
    stage.account(account, PASSWORD).await?;
    let mut changes = stage.changes().create(&professional, "professional");
    if let Some(portrait) = portrait(&professional, seller) {
        changes = changes.create(&portrait, "portrait");
    }
    for offer in &offers {
        let changed = Event::OfferChanged {
            professional: professional.id.clone(),
            offer: offer.id.clone(),
        };
        changes = changes.create(offer, "offer").event(changed);
    }
    stage.write(claimed(changes, &professional)).await?;
    Ok((professional, offers))
}

/// What pages show of a picture.
fn portrait(professional: &Professional, seller: &Seller) -> Option<Portrait> {
    Some(Portrait {
        professional: professional.id.clone(),
        document: professional.portrait()?.id.clone(),
        jpeg: adapters::documents::portrait(seller.picture?)?,
    })
}

fn professional(stage: &Stage, seller: &Seller) -> Result<Professional, String> {
    let profile: domain::professional::Profile =
        serde_json::from_value(seller.profile.clone()).map_err(said)?;
    let documents = documents(stage, seller, &profile)?;
    let (opens, closes) = seller.opens;
    let weekdays = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let weekly: Vec<Value> = weekdays
        .iter()
        .map(|day| json!({ "weekday": day, "opens": opens, "closes": closes }))
        .collect();
    Ok(Professional {
        id: id::<ProfessionalId>(seller.n),
        email: domain::identifiers::Email::parse(&seller.email).map_err(said)?,
        email_verified_at: Some(stage.now),
        status: ProfessionalStatus::Submitted,
        profile,
        documents,
        acceptances: Vec::new(),
        created_at: stage.now,
        submitted_at: Some(stage.now),
        decided_at: None,
        decided_by: None,
        internal_reason: None,
        complements: None,
        account: None,
        hidden_at: None,
        standing: Default::default(),
        expiry_reminders: Vec::new(),
        exemptions: Vec::new(),
        verifications: Vec::new(),
        absences: Vec::new(),
        proposed: Default::default(),
        vat_history: Default::default(),
        statement_told: None,
        departed: Vec::new(),
        page: Some(serde_json::from_value(seller.page.clone()).map_err(said)?),
        calendar: serde_json::from_value(json!({ "weekly": weekly, "exceptions": [] }))
            .map_err(said)?,
        feed: Default::default(),
        payout_account: None,
        bank_account: None,
        bank_change: None,
        record: domain::ranking::TrackRecord {
            page_completeness_percent: 90,
            ..Default::default()
        },
    })
}

/// An account at an invented branch, with the keys that a French IBAN has: 97 less the remainder of bank,
/// branch and account, and 76, which then always comes out.
fn iban(account: u64) -> String {
    const BANK: u64 = 30006;
    const BRANCH: u64 = 1;
    let key = 97 - (89 * BANK + 15 * BRANCH + 3 * account) % 97;
    format!("FR76{BANK:05}{BRANCH:05}{account:011}{key:02}")
}

fn documents(
    stage: &Stage,
    seller: &Seller,
    profile: &domain::professional::Profile,
) -> Result<Vec<Document>, String> {
    let today = paris::local_date(stage.now);
    let sold = sold(seller)?;
    let department = profile
        .establishment
        .as_ref()
        .map_or("69", |address| &address.postal_code.as_str()[..2]);
    let years = |years: i64| today.saturating_add(years.years());
    let number = |kind: &str, until: Date, n: usize| {
        format!(
            "{kind}-0{department}-{until}-{}91{:05}",
            today.year(),
            usize::from(seller.n) * 10 + n
        )
    };
    let carried = carried(&sold);
    let mut list = vec![
        json!({ "kind": "authorisation", "number": number("AUT", years(98), 0), "expires_on": years(98), "activities": carried }),
        json!({ "kind": "insurance", "insurer": "Assurance de démonstration", "insurer_contact": "10 rue de l’Exemple, 75002 Paris",
                "policy_number": format!("RCPRO-{}", seller.n), "coverage": "France métropolitaine", "valid_from": today, "expires_on": years(1) }),
        json!({ "kind": "bank_details", "holder": profile.denomination, "iban": iban(11 * (u64::from(seller.n) + 1)) }),
        json!({ "kind": "conditions_of_sale", "version": "2026-1", "contents": { "nature": true, "prices": true, "execution": true, "withdrawal": true } }),
    ];
    for (n, manager) in profile.managers.iter().enumerate() {
        list.push(json!({ "kind": "manager_approval", "manager": manager.id, "number": number("AGD", years(4), n), "expires_on": years(4) }));
    }
    for (n, agent) in profile.agents.iter().enumerate() {
        // The third agent's card of one of the first ends in twenty days, to show what that changes.
        let until = if n == 2 && seller.n < 10 {
            today.saturating_add(20.days())
        } else {
            years(4)
        };
        list.push(json!({ "kind": "professional_card", "agent": agent.id, "number": number("CAR", until, n), "expires_on": until, "activities": carried }));
    }
    if sold.contains(&Activity::FireSafety) {
        for (n, agent) in profile.agents.iter().enumerate() {
            let number = format!("SSIAP1-{department}-{}-{n}", seller.n);
            list.push(json!({ "kind": "fire_safety_diploma", "agent": agent.id, "number": number, "expires_on": years(2) }));
        }
    }
    if seller.picture.is_some() {
        list.push(json!({ "kind": "photo" }));
    }
    let mut documents = Vec::new();
    for (n, details) in (0_u16..).zip(list) {
        let details: DocumentDetails = serde_json::from_value(details).map_err(said)?;
        let bytes = contents(&details, seller.picture);
        let (ending, file_type) = match details {
            DocumentDetails::Photo => ("png", FileType::Png),
            _ => ("pdf", FileType::Pdf),
        };
        documents.push(Document {
            id: id::<DocumentId>(seller.n * 20 + n),
            file: DocumentFile {
                key: format!("demo/{}-{n}.{ending}", seller.n),
                size: u64::try_from(bytes.len()).map_err(said)?,
                sha256: sha256(&bytes),
                file_type,
            },
            details,
            status: DocumentStatus::Deposited,
            prepared_at: stage.now,
            reviewed_at: None,
            review_method: None,
            reviewed_by: None,
            despite: None,
            rejection: None,
            ended_early: None,
        });
    }
    Ok(documents)
}

/// The picture, or for anything else a page that says what it stands for.
fn contents(details: &DocumentDetails, picture: Option<&[u8]>) -> Vec<u8> {
    match (details, picture) {
        (DocumentDetails::Photo, Some(picture)) => picture.to_vec(),
        _ => pdf(details),
    }
}

/// The activities of a seller's offers.
fn sold(seller: &Seller) -> Result<BTreeSet<Activity>, String> {
    let activities = seller.offers.iter().map(|terms| &terms["activity"]);
    activities
        .map(|code| serde_json::from_value(code.clone()).map_err(said))
        .collect()
}

/// What titles carry for whoever sells this: surveillance where nothing of the code is sold.
fn carried(sold: &BTreeSet<Activity>) -> BTreeSet<TitleActivity> {
    let carried: BTreeSet<TitleActivity> = sold.iter().filter_map(|one| one.on_titles()).collect();
    if carried.is_empty() {
        BTreeSet::from([TitleActivity::Surveillance])
    } else {
        carried
    }
}

/// A one-page PDF.
fn pdf(details: &DocumentDetails) -> Vec<u8> {
    let words = serde_json::to_value(details)
        .ok()
        .and_then(|value| value["kind"].as_str().map(str::to_owned))
        .unwrap_or_default();
    let text = format!("BT /F1 20 Tf 60 760 Td (Document de demonstration : {words}) Tj ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{text}\nendstream", text.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (n, object) in (1..).zip(&objects) {
        offsets.push(pdf.len());
        pdf.push_str(&format!("{n} 0 obj\n{object}\nendobj\n"));
    }
    let table = pdf.len();
    pdf.push_str(&format!(
        "xref\n0 {}\n0000000000 65535 f \n",
        objects.len() + 1
    ));
    for offset in offsets {
        pdf.push_str(&format!("{offset:010} 00000 n \n"));
    }
    pdf.push_str(&format!(
        "trailer<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    ));
    pdf.into_bytes()
}

pub(super) fn mediator() -> Value {
    json!({ "name": "Médiateur de démonstration", "website": "https://mediateur.exemple.fr" })
}

pub(super) fn people(kind: &str, n: u16, names: &[(&str, &str)]) -> Value {
    let entry = |(place, (first, last)): (u16, &(&str, &str))| {
        let ulid = format!("01KDEM0DEM0DEM0DEM0DEM0{:03}", n * 10 + place);
        match kind {
            "mgr" => json!({ "id": format!("mgr_{ulid}"), "name": format!("{first} {last}") }),
            _ => json!({ "id": format!("agt_{ulid}"), "first_name": first, "last_name": last }),
        }
    };
    Value::Array((0_u16..).zip(names).map(entry).collect())
}

/// A dog handler alone, in Lyon, without VAT.
fn rex() -> Seller {
    Seller {
        n: 1,
        email: "rex@demo.monagentdesecu.fr".to_owned(),
        picture: None,
        profile: json!({
            "kind": "natural", "legal_form": "EI", "denomination": "Alex Moreau Cynophile", "siren": "910000017", "siret": "91000001700012",
            "registry": { "type": "rne" }, "vat_status": "franchise",
            "establishment": { "street": "8 quai Saint-Vincent", "postal_code": "69001", "town": "Lyon" },
            "phone": "06 00 00 00 01",
            "description": "Agent cynophile indépendant : rondes et gardiennage avec un chien, douze ans de métier dans la région lyonnaise.",
            "managers": people("mgr", 1, &[("Alex", "Moreau")]), "agents": people("agt", 1, &[("Alex", "Moreau")]), "mediator": mediator(),
        }),
        page: json!({
            "headline": "Un agent et son chien pour vos nuits de chantier",
            "presentation": "Je garde chantiers, dépôts et événements avec mon chien, de nuit surtout. Je viens reconnaître les lieux avant la première mission et je rends compte chaque matin.",
            "specialities": ["Chantiers", "Dépôts", "Nuit"], "languages": ["français", "anglais"], "published": true,
        }),
        opens: ("18:00", "08:00"),
        offers: vec![json!({
            "title": "Gardiennage de nuit avec chien", "activity": "dog_handling",
            "description": "Rondes aléatoires et surveillance d’un site par un agent cynophile et son chien, main courante remise le matin.",
            "modalities": ["Rondes", "Poste fixe"], "departments": ["69", "01", "38"], "minimum_hours": 4, "notice_hours": 24, "maximum_agents": 1,
            "rates": { "day": 2800, "night": 3080, "sunday": 3080, "holiday": 5600 }, "travel": 2000, "cancellation": "moderate",
        })],
    }
}

/// A company with three agents, in Marseille.
fn bastion() -> Seller {
    Seller {
        n: 2,
        email: "bastion@demo.monagentdesecu.fr".to_owned(),
        picture: None,
        profile: json!({
            "kind": "legal", "legal_form": "SAS", "denomination": "Bastion Sud", "siren": "910000025", "siret": "91000002500015",
            "registry": { "type": "rcs", "town": "Marseille" }, "vat_status": "registered", "vat_number": "FR77910000025",
            "establishment": { "street": "25 boulevard de Dunkerque", "postal_code": "13002", "town": "Marseille" },
            "phone": "04 00 00 00 02",
            "description": "Surveillance de sites et sécurité événementielle : une équipe salariée, formée et encadrée, dans toute la Provence.",
            "managers": people("mgr", 2, &[("Nadia", "Haddad")]),
            "agents": people("agt", 2, &[("Karim", "Benoit"), ("Léa", "Fabre"), ("Hugo", "Tessier")]), "mediator": mediator(),
        }),
        page: json!({
            "headline": "Sites et événements gardés en Provence, jour et nuit",
            "presentation": "Bastion Sud garde entrepôts, commerces et événements à Marseille et alentour. Un chef d’équipe joignable, des agents qui connaissent le site, un compte rendu après chaque mission.",
            "specialities": ["Événements", "Commerces", "Entrepôts"], "languages": ["français", "anglais", "arabe"], "published": true,
        }),
        opens: ("06:00", "06:00"),
        offers: vec![
            json!({
                "title": "Surveillance de site", "activity": "human_surveillance",
                "description": "Contrôle des accès, rondes et prévention sur votre site, de jour comme de nuit, par des agents à carte professionnelle.",
                "modalities": ["Poste fixe", "Rondes", "Contrôle d’accès"], "departments": ["13", "83", "84"], "minimum_hours": 4, "notice_hours": 24, "maximum_agents": 3,
                "rates": { "day": 2600, "night": 2860, "sunday": 2860, "holiday": 5200 }, "travel": 1500, "cancellation": "flexible",
            }),
            json!({
                "title": "Sécurité de votre événement", "activity": "event_security",
                "description": "Filtrage, palpations consenties et surveillance du public pour concerts, salons et fêtes privées.",
                "modalities": ["Filtrage", "Surveillance du public"], "departments": ["13", "83"], "minimum_hours": 5, "notice_hours": 48, "maximum_agents": 3,
                "rates": { "day": 2900, "night": 3190, "sunday": 3190, "holiday": 5800 }, "travel": 0, "cancellation": "strict",
            }),
        ],
    }
}

/// A company with two agents, in Nantes.
fn vigie() -> Seller {
    Seller {
        n: 3,
        email: "vigie@demo.monagentdesecu.fr".to_owned(),
        picture: None,
        profile: json!({
            "kind": "legal", "legal_form": "SARL", "denomination": "Vigie Ouest", "siren": "910000033", "siret": "91000003300019",
            "registry": { "type": "rcs", "town": "Nantes" }, "vat_status": "registered", "vat_number": "FR04910000033",
            "establishment": { "street": "3 quai de la Fosse", "postal_code": "44000", "town": "Nantes" },
            "phone": "02 00 00 00 03",
            "description": "Gardiennage et surveillance humaine en Loire-Atlantique et Vendée, pour entreprises et particuliers, depuis 2015.",
            "managers": people("mgr", 3, &[("Yann", "Le Goff")]),
            "agents": people("agt", 3, &[("Maëlle", "Guérin"), ("Tom", "Rivière")]), "mediator": mediator(),
        }),
        page: json!({
            "headline": "Le gardiennage de proximité en Loire-Atlantique",
            "presentation": "Vigie Ouest est une petite équipe nantaise. Nous préparons chaque mission avec vous, nous venons à l’heure et nous restons joignables du début à la fin.",
            "specialities": ["Magasins", "Chantiers"], "languages": ["français", "breton"], "published": true,
        }),
        opens: ("06:00", "06:00"),
        offers: vec![json!({
            "title": "Agent de surveillance", "activity": "human_surveillance",
            "description": "Un agent de sécurité pour votre magasin, votre chantier ou votre résidence, à l’heure et bien préparé.",
            "modalities": ["Poste fixe", "Rondes"], "departments": ["44", "85", "49"], "minimum_hours": 4, "notice_hours": 12, "takes_urgent": true, "maximum_agents": 2,
            "rates": { "day": 2450, "night": 2700, "sunday": 2700, "holiday": 4900 }, "travel": 1000, "cancellation": "moderate",
        })],
    }
}

/// A company of two agents near Grenoble, not yet decided on.
fn sentinelle() -> Seller {
    Seller {
        n: 4,
        email: "sentinelle@demo.monagentdesecu.fr".to_owned(),
        picture: None,
        profile: json!({
            "kind": "legal", "legal_form": "SARL", "denomination": "Sentinelle des Alpes", "siren": "910000058", "siret": "91000005800016",
            "registry": { "type": "rcs", "town": "Grenoble" }, "vat_status": "registered", "vat_number": "FR79910000058",
            "establishment": { "street": "6 quai Perrière", "postal_code": "38000", "town": "Grenoble" },
            "phone": "04 00 00 00 04",
            "description": "Surveillance de stations, de résidences et de chantiers de montagne, été comme hiver, par une équipe du pays.",
            "managers": people("mgr", 4, &[("Claire", "Vallet")]),
            "agents": people("agt", 4, &[("Bruno", "Perret"), ("Aïcha", "Mansouri")]), "mediator": mediator(),
        }),
        page: json!({ "headline": "", "presentation": "", "specialities": [], "languages": [], "published": false }),
        opens: ("06:00", "06:00"),
        offers: Vec::new(),
    }
}
