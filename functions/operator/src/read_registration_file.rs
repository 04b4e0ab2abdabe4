//! The operator reads everything that was handed in (terms, articles 4.1 and 5).

use adapters::likenesses;
use adapters::store::Key;
use adapters::store::UniqueClaim;
use domain::account::Acceptance;
use domain::identifiers::Email;
use domain::ids::{AccountId, ProfessionalId};
use domain::professional::{
    Check, Document, Missing, PresentationPage, Professional, ProfessionalStatus, Profile,
    ShownDocument,
};
use domain::time::paris;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::list_registrations::HintView;
use crate::view::{RegistrationPath, professional};

/// Read a registration in full.
pub struct ReadRegistrationFile;

/// A registration as the operator sees it.
#[derive(Serialize, JsonSchema)]
pub struct RegistrationFile {
    /// The professional.
    id: ProfessionalId,
    /// Where the registration stands.
    status: ProfessionalStatus,
    /// What will sign in, or does.
    email: Email,
    /// When the e-mail was proved.
    email_verified_at: Option<Timestamp>,
    /// Who they are.
    profile: Profile,
    /// What proves it, IBAN masked.
    documents: Vec<FiledDocument>,
    /// What is missing.
    missing: Vec<Missing>,
    /// What to verify, and how far that is.
    checklist: Vec<Check>,
    /// Others who may be the same professional.
    duplicate_hints: Vec<HintView>,
    /// What was accepted, when and from where.
    acceptances: Vec<AcceptanceView>,
    /// Another professional who holds the same SIREN.
    siren_held_by: Option<ProfessionalId>,
    /// When the registration began.
    created_at: Timestamp,
    /// When it was last submitted.
    submitted_at: Option<Timestamp>,
    /// When it was last decided.
    decided_at: Option<Timestamp>,
    /// By whom.
    decided_by: Option<AccountId>,
    /// Why, for this file only.
    internal_reason: Option<String>,
    /// What the applicant was asked to complete.
    complements: Option<String>,
    /// The account that acts for them.
    account: Option<AccountId>,
    /// When they were hidden.
    hidden_at: Option<Timestamp>,
    /// The page that the public sees.
    page: Option<PresentationPage>,
    /// Whether payouts are set up.
    payable: bool,
}

/// A document in the file.
#[derive(Serialize, JsonSchema)]
pub(crate) struct FiledDocument {
    /// What it is and says.
    #[serde(flatten)]
    document: ShownDocument,
    /// SHA-256 of the file, hexadecimal.
    sha256: String,
    /// When it was decided on.
    reviewed_at: Option<Timestamp>,
    /// How it was verified.
    review_method: Option<String>,
}

/// A text that was accepted, and the proof of it.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AcceptanceView {
    /// Which text.
    document: String,
    /// Its version.
    version: String,
    /// When.
    at: Timestamp,
    /// From which address.
    ip: String,
    /// With which browser.
    browser: String,
}

impl Operation for ReadRegistrationFile {
    const NAME: &'static str = "read-registration-file";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/admin/registrations/{professional}";
    const SUMMARY: &'static str = "A registration in full, with what should be looked at twice.";
    type Outside = ();
    type Who = Admin;
    type Path = RegistrationPath;
    type Input = Nothing;
    type Output = RegistrationFile;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<RegistrationFile>, Problem> {
        let read = professional(desk, &call.path.professional).await?.record;
        let siren_held_by = siren_holder(desk, &read).await?;
        let others = likenesses::alike(&desk.store, &read).await?;
        let today = paris::local_date(call.now);
        Ok(Reply::ok(file(read, siren_held_by, &others, today)))
    }
}

/// Another professional who claimed the same SIREN.
async fn siren_holder(
    desk: &Desk<()>,
    professional: &Professional,
) -> Result<Option<ProfessionalId>, Problem> {
    let Some(siren) = &professional.profile.siren else {
        return Ok(None);
    };
    let ours = UniqueClaim::siren(siren, &professional.id);
    let claim = desk
        .store
        .get::<UniqueClaim>(Key::unique(&ours.what))
        .await?;
    let other = claim.filter(|claim| claim.record.owner != ours.owner);
    Ok(other.and_then(|claim| ProfessionalId::parse(&claim.record.owner).ok()))
}

fn file(
    professional: Professional,
    siren_held_by: Option<ProfessionalId>,
    others: &[Professional],
    today: Date,
) -> RegistrationFile {
    let payable = professional.is_payable();
    let hints = professional.duplicate_hints(others);
    RegistrationFile {
        missing: professional.missing(),
        checklist: professional.checklist(&[], others, today),
        duplicate_hints: hints.into_iter().map(HintView::of).collect(),
        documents: professional.documents.iter().map(filed).collect(),
        acceptances: professional.acceptances.into_iter().map(accepted).collect(),
        siren_held_by,
        payable,
        id: professional.id,
        status: professional.status,
        email: professional.email,
        email_verified_at: professional.email_verified_at,
        profile: professional.profile,
        created_at: professional.created_at,
        submitted_at: professional.submitted_at,
        decided_at: professional.decided_at,
        decided_by: professional.decided_by,
        internal_reason: professional.internal_reason,
        complements: professional.complements,
        account: professional.account,
        hidden_at: professional.hidden_at,
        page: professional.page,
    }
}

fn filed(document: &Document) -> FiledDocument {
    FiledDocument {
        document: document.shown(),
        sha256: document.file.sha256.clone(),
        reviewed_at: document.reviewed_at,
        review_method: document.review_method.clone(),
    }
}

fn accepted(acceptance: Acceptance) -> AcceptanceView {
    let Acceptance {
        document,
        version,
        at,
        ip,
        browser,
        sha256: _,
    } = acceptance;
    AcceptanceView {
        document,
        version,
        at,
        ip,
        browser,
    }
}
