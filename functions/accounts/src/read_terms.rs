//! Anybody reads the terms: the version that holds, one that comes, or one that held.

use adapters::store::Store;
use domain::terms::{Audience, Block, TermsVersion, blocks};
use http_function::{Call, Desk, Operation, Problem, Reply, Visitor, terms};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Read the terms.
pub struct ReadTerms;

/// Whose.
#[derive(Deserialize, JsonSchema)]
pub struct TermsPath {
    /// `clients` or `professionnels`.
    pub audience: Audience,
}

/// Which.
#[derive(Deserialize, JsonSchema)]
pub struct TermsQuery {
    /// A version by its name; else the one that holds now.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub version: Option<String>,
}

/// A version and its text.
#[derive(Serialize, JsonSchema)]
pub struct TermsView {
    /// For whom.
    pub audience: Audience,
    /// What the text is called.
    pub title: &'static str,
    /// Its name.
    pub version: String,
    /// SHA-256 of the text, hexadecimal.
    pub sha256: String,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// When it takes effect, or took it.
    pub effective_at: Timestamp,
    /// Whether it holds now.
    pub in_force: bool,
    /// The text.
    pub text: Vec<Block>,
    /// Every version, the newest first.
    pub versions: Vec<VersionView>,
}

/// A version among the others.
#[derive(Serialize, JsonSchema)]
pub struct VersionView {
    /// Its name.
    pub version: String,
    /// When it takes effect, or took it.
    pub effective_at: Timestamp,
    /// Whether it holds now.
    pub in_force: bool,
}

/// A version as anybody may read it.
///
/// # Errors
/// `not_found` when there is no such version.
pub async fn shown_terms(
    store: &Store,
    audience: Audience,
    version: Option<&str>,
    now: Timestamp,
) -> Result<TermsView, Problem> {
    let (_, register) = terms::register(store).await?;
    let versions = register.versions(audience);
    let holds = register.in_force(audience, now);
    let wanted = version.unwrap_or(&holds.version);
    let found: &TermsVersion = versions
        .iter()
        .find(|one| one.version == wanted)
        .ok_or_else(Problem::not_found)?;
    let text = terms::text(store, found).await?;
    let in_force = |one: &TermsVersion| one.version == holds.version;
    Ok(TermsView {
        audience,
        title: audience.title(),
        version: found.version.clone(),
        sha256: adapters::secrets::sha256(text.as_bytes()),
        published_at: found.published_at,
        effective_at: found.effective_at,
        in_force: in_force(found),
        text: blocks(&text),
        versions: versions
            .iter()
            .rev()
            .map(|one| VersionView {
                version: one.version.clone(),
                effective_at: one.effective_at,
                in_force: in_force(one),
            })
            .collect(),
    })
}

impl Operation for ReadTerms {
    const NAME: &'static str = "read-terms";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/terms/{audience}";
    const SUMMARY: &'static str = "The terms that hold now, or another version of them.";
    type Outside = ();
    type Who = Visitor;
    type Path = TermsPath;
    type Input = TermsQuery;
    type Output = TermsView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<TermsView>, Problem> {
        let version = call.input.version.as_deref();
        let view = shown_terms(&desk.store, call.path.audience, version, call.now).await?;
        Ok(Reply::ok(view))
    }
}
