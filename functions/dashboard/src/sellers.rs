//! What each professional was paid in a year, with who they are: what the tax office is told of them before
//! the end of January (CGI, article 1649 ter A; directive 2021/514, "DAC 7"). The tax office takes these facts
//! in its own form, which is filled in from this file.

use std::collections::BTreeMap;

use adapters::store::Key;
use domain::ids::ProfessionalId;
use domain::money::decimal;
use domain::operator::Duty;
use domain::professional::{PersonKind, Professional};
use domain::yearly::{Paid, Quarter, Year, paid_in};
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::csv_file::Csv;
use crate::money::movements_between;

/// The sellers of a year.
pub(crate) struct DownloadSellers;

/// Which year.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct YearQuery {
    /// Such as `2026`.
    pub(crate) annee: String,
}

const HEAD: [&str; 28] = [
    "année",
    "identifiant",
    "nature",
    "nom",
    "SIREN",
    "SIRET",
    "TVA intracommunautaire",
    "rue",
    "code postal",
    "commune",
    "pays",
    "titulaire du compte",
    "IBAN",
    "versé T1",
    "missions T1",
    "frais T1",
    "versé T2",
    "missions T2",
    "frais T2",
    "versé T3",
    "missions T3",
    "frais T3",
    "versé T4",
    "missions T4",
    "frais T4",
    "versé dans l’année",
    "missions de l’année",
    "frais de l’année",
];

impl Operation for DownloadSellers {
    const NAME: &'static str = "download-sellers";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/argent/vendeurs.csv";
    const SUMMARY: &'static str =
        "What each professional was paid in a year, by quarter, as the tax office is told it.";
    const DUTY: Duty = Duty::Money;
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = YearQuery;
    type Output = Csv;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Csv>, Problem> {
        let year = Year::parse(&call.input.annee, call.now);
        let year = year.map_err(|refused| Problem::from(refused).about("annee"))?;
        let (from, until) = year.bounds();
        let movements = movements_between(&desk.store, from, until).await?;
        let paid = paid_in(year, &movements);
        let keys = paid.keys().map(Key::professional).collect();
        let files = desk.store.get_many::<Professional>(keys).await?;
        let files: BTreeMap<ProfessionalId, Professional> = files
            .into_iter()
            .map(|read| (read.record.id.clone(), read.record))
            .collect();
        let lines = paid
            .iter()
            .map(|(id, paid)| cells(year, id, files.get(id), paid));
        Ok(Reply::ok(Csv::of(HEAD, lines)?))
    }
}

/// Whoever's file is erased is told of by their identifier alone.
fn cells(
    year: Year,
    id: &ProfessionalId,
    file: Option<&Professional>,
    paid: &Paid,
) -> [String; 28] {
    let profile = file.map(|file| &file.profile);
    let text = |found: Option<String>| found.unwrap_or_default();
    let seat = profile.and_then(|one| one.head_office.as_ref().or(one.establishment.as_ref()));
    let account = file.and_then(Professional::current_bank_account);
    let kind = profile.and_then(|one| one.kind).map(|kind| match kind {
        PersonKind::Natural => "personne physique".to_owned(),
        PersonKind::Legal => "entité".to_owned(),
    });
    let [first, second, third, fourth] = paid.quarters.map(figures);
    let whole = figures(paid.whole());
    let figures = [first, second, third, fourth, whole];
    let mut figures = figures.into_iter().flatten();
    let facts = [
        year.number().to_string(),
        id.to_string(),
        text(kind),
        text(file.map(|file| file.name().to_owned())),
        text(profile.and_then(|one| one.siren.as_ref().map(|it| it.as_str().to_owned()))),
        text(profile.and_then(|one| one.siret.as_ref().map(|it| it.as_str().to_owned()))),
        text(profile.and_then(|one| one.vat_number.as_ref().map(|it| it.as_str().to_owned()))),
        text(seat.map(|at| at.street.clone())),
        text(seat.map(|at| at.postal_code.as_str().to_owned())),
        text(seat.map(|at| at.town.clone())),
        text(seat.map(|_| "FR".to_owned())),
        text(account.as_ref().map(|one| one.holder.clone())),
        text(account.as_ref().map(|one| one.iban.as_str().to_owned())),
    ];
    let mut facts = facts.into_iter();
    std::array::from_fn(|_| facts.next().or_else(|| figures.next()).unwrap_or_default())
}

fn figures(quarter: Quarter) -> [String; 3] {
    [
        decimal(quarter.paid),
        quarter.missions.to_string(),
        decimal(quarter.fees),
    ]
}
