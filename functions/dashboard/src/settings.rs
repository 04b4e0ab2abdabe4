//! What the operator configures, dated.

use std::collections::HashMap;

use adapters::store::Key;
use askama::Template;
use domain::account::Account;
use domain::configuration::{Configuration, Dated, Rhythm, holding};
use domain::ids::AccountId;
use domain::money::BasisPoints;
use domain::places::Department;
use domain::pricing::{AddedHoliday, CommissionTerms, HourRules};
use domain::time::paris;
use domain::typography::unbroken;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::civil::Date;

use crate::frame::{Frame, Section, Sent, moment, shown};

/// The settings.
pub(crate) struct SettingsPage;

/// One thing that is configured: what holds, and everything that was ever decided.
struct Part {
    setting: &'static str,
    title: &'static str,
    holds: String,
    lines: Vec<Line>,
}

struct Line {
    from: String,
    day: String,
    value: String,
    decided: String,
    by: String,
    state: String,
    planned: bool,
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsTemplate {
    frame: Frame,
    commission: Part,
    rhythm: Part,
    tax: Part,
    hours: Part,
    tomorrow: String,
    typed: Typed,
    sent: Sent,
}

/// What a form held that was refused, or what holds now.
struct Typed {
    typed: HashMap<&'static str, String>,
}

impl Typed {
    fn of(&self, name: &str) -> &str {
        self.typed.get(name).map_or("", String::as_str)
    }
}

impl Operation for SettingsPage {
    const NAME: &'static str = "show-settings";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/reglages";
    const SUMMARY: &'static str = "What is configured, and since when.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let (_, configuration) = operator::configuration(desk).await?;
        let now = configuration.in_force_at(call.now);
        let today = paris::local_date(call.now);
        let tomorrow = today.tomorrow().map_err(Problem::internal)?;
        let names = names(desk, &configuration).await?;
        let rhythm = Rhythm::of(&now.delays);
        let pricing = &now.pricing;
        let tax = pricing.cnaps_tax_rate(today);
        shown(&SettingsTemplate {
            frame: Frame::of(Section::Settings, &call.notice),
            commission: Part {
                setting: "commission",
                title: "Commissions décidées",
                holds: said_commission(&pricing.commission),
                lines: lines(&configuration.commission, today, &names, said_commission),
            },
            rhythm: Part {
                setting: "rhythm",
                title: "Délais décidés",
                holds: said_rhythm(&rhythm),
                lines: lines(&configuration.rhythm, today, &names, said_rhythm),
            },
            tax: Part {
                setting: "cnaps_tax",
                title: "Taux décidés",
                holds: said_tax(&tax),
                lines: lines(&configuration.cnaps_tax, today, &names, said_tax),
            },
            hours: Part {
                setting: "hours",
                title: "Règles décidées",
                holds: said_hours(&pricing.hours),
                lines: lines(&configuration.hours, today, &names, said_hours),
            },
            tomorrow: tomorrow.to_string(),
            typed: typed(call, &rhythm, &pricing.hours),
            sent: Sent::new(&call.notice),
        })
    }
}

/// What each form shows: what was typed, where it was refused; else what holds, ready to be changed.
fn typed(call: &Call<SettingsPage>, rhythm: &Rhythm, hours: &HourRules) -> Typed {
    let typed_holiday = |added: &AddedHoliday| {
        let departments = added
            .departments
            .iter()
            .map(|one| format!(" {}", one.code()));
        added.day.to_string() + &departments.collect::<String>()
    };
    let added: Vec<_> = hours.added_holidays.iter().map(typed_holiday).collect();
    let holds = [
        ("validation", rhythm.validation.to_string()),
        (
            "validation_first",
            rhythm.validation_reminders[0].to_string(),
        ),
        (
            "validation_last",
            rhythm.validation_reminders[1].to_string(),
        ),
        ("answer_first", rhythm.answer_reminders[0].to_string()),
        ("answer_last", rhythm.answer_reminders[1].to_string()),
        ("mission", rhythm.mission_reminder.to_string()),
        ("review", rhythm.review_reminder.to_string()),
        ("night_from", hours.night.from.to_string()),
        ("night_until", hours.night.until.to_string()),
        (
            "local_holidays",
            if hours.local_holidays { "true" } else { "" }.to_owned(),
        ),
        ("added_holidays", added.join(", ")),
    ];
    let refused = call.notice.refused.is_some();
    let value = |name: &str, held: String| match call.notice.typed(name) {
        "" if !refused => held,
        "" if name != "local_holidays" => held,
        typed => typed.to_owned(),
    };
    Typed {
        typed: holds
            .into_iter()
            .map(|(name, held)| (name, value(name, held)))
            .collect(),
    }
}

/// The e-mail of everybody who decided something.
async fn names(
    desk: &Desk<()>,
    configuration: &Configuration,
) -> Result<HashMap<AccountId, String>, Problem> {
    fn all<T>(values: &[Dated<T>]) -> impl Iterator<Item = &AccountId> {
        values.iter().flat_map(|dated| {
            let withdrawn = dated.withdrawn.as_ref().map(|withdrawn| &withdrawn.by);
            [Some(&dated.by), withdrawn].into_iter().flatten()
        })
    }
    let Configuration {
        commission,
        rhythm,
        cnaps_tax,
        hours,
    } = configuration;
    let everybody = all(commission)
        .chain(all(rhythm))
        .chain(all(cnaps_tax))
        .chain(all(hours));
    let mut names = HashMap::new();
    for id in everybody {
        if names.contains_key(id) {
            continue;
        }
        let account = desk.store.get::<Account>(Key::account(id)).await?;
        let name = account.map_or_else(
            || id.to_string(),
            |read| read.record.email.as_str().to_owned(),
        );
        names.insert(id.clone(), name);
    }
    Ok(names)
}

/// Every value, the newest first.
fn lines<T>(
    values: &[Dated<T>],
    today: Date,
    names: &HashMap<AccountId, String>,
    say: impl Fn(&T) -> String,
) -> Vec<Line> {
    let in_force = holding(values, today).map(|dated| dated.from);
    let name = |id: &AccountId| names.get(id).cloned().unwrap_or_default();
    let line = |dated: &Dated<T>| Line {
        from: paris::short_date(dated.from),
        day: dated.from.to_string(),
        value: say(&dated.value),
        decided: moment(&dated.decided_at),
        by: name(&dated.by),
        state: match &dated.withdrawn {
            Some(withdrawn) => {
                format!(
                    "Retirée le {} par {}",
                    moment(&withdrawn.at),
                    name(&withdrawn.by)
                )
            }
            None if dated.from > today => "À venir".to_owned(),
            None if Some(dated.from) == in_force => "En vigueur".to_owned(),
            None => "Passée".to_owned(),
        },
        planned: dated.from > today && dated.withdrawn.is_none(),
    };
    values.iter().rev().map(line).collect()
}

fn said_commission(terms: &CommissionTerms) -> String {
    format!(
        "{} du prix du professionnel, {} au moins, TVA comprise",
        terms.rate, terms.minimum
    )
}

fn said_rhythm(rhythm: &Rhythm) -> String {
    let [first, last] = rhythm.validation_reminders;
    let [early, late] = rhythm.answer_reminders;
    unbroken(&format!(
        "validation d’office {} h après la fin, rappels à {first} et {last} h ; rappels de réponse {early} et {late} h avant l’échéance ; rappel de la mission {} h avant, de l’avis {} h après",
        rhythm.validation, rhythm.mission_reminder, rhythm.review_reminder
    ))
}

fn said_tax(rate: &BasisPoints) -> String {
    if *rate == BasisPoints::ZERO {
        return format!("{rate} (supprimée depuis 2020)");
    }
    rate.to_string()
}

/// `15/01/2027`, or `15/01/2027 (974, 976)` where it is limited.
fn said_holiday(added: &AddedHoliday) -> String {
    let day = paris::short_date(added.day);
    if added.departments.is_empty() {
        return day;
    }
    let codes: Vec<_> = added.departments.iter().map(Department::code).collect();
    format!("{day} ({})", codes.join(", "))
}

fn said_hours(rules: &HourRules) -> String {
    let local = if rules.local_holidays {
        "fériés locaux (Alsace-Moselle, outre-mer) comptés"
    } else {
        "fériés locaux (Alsace-Moselle, outre-mer) non comptés"
    };
    let added: Vec<_> = rules.added_holidays.iter().map(said_holiday).collect();
    let added = match added.as_slice() {
        [] => "aucun jour ajouté".to_owned(),
        days => format!("jours ajoutés\u{a0}: {}", days.join(", ")),
    };
    format!(
        "nuit de {}\u{a0}h à {}\u{a0}h, {local}, {added}",
        rules.night.from, rules.night.until
    )
}
