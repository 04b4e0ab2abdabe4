//! What the template prints, in words: every text ready, nothing left to compute or to look up.

use domain::invoice::{
    Buyer, BuyerKind, Invoice, InvoiceKind, InvoiceLine, MentionKind, Quantity, Seller,
    VatTreatment, long_date,
};
use domain::professional::Address;
use domain::typography::{duration, unbroken};
use serde::Serialize;
use serde_json::Value;

use crate::typesetting::can_draw;

/// What the template calls `page-data`.
#[derive(Serialize)]
struct Page {
    title: &'static str,
    document_title: String,
    number: String,
    subject: String,
    under_title: Option<String>,
    seller: Party,
    buyer: Party,
    facts: Vec<Fact>,
    lines: Vec<Line>,
    /// What heads say of prices: nothing where no VAT is charged.
    before_tax: &'static str,
    totals: Vec<Fact>,
    paid: Fact,
    left_to_pay: Option<Fact>,
    mentions: Vec<String>,
}

/// A party: the name, then lines under it.
#[derive(Serialize)]
struct Party {
    name: String,
    lines: Vec<String>,
}

/// The data of an invoice's page, in JSON. Every text in it can be printed, whoever wrote it.
pub(crate) fn json(invoice: &Invoice) -> Result<Vec<u8>, serde_json::Error> {
    printable_json(&Page::of(invoice))
}

/// A page's data in JSON, every text of it as it can be printed.
pub(crate) fn printable_json(page: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut page = serde_json::to_value(page)?;
    make_printable(&mut page);
    serde_json::to_vec(&page)
}

fn make_printable(value: &mut Value) {
    match value {
        Value::String(text) => *text = printable(text),
        Value::Array(values) => values.iter_mut().for_each(make_printable),
        Value::Object(fields) => fields.values_mut().for_each(make_printable),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// How many letters a word may have before it may be cut anywhere: no honest word is longer.
const LONGEST_WORD: usize = 32;

/// A text as it can be printed: on one line, in letters that the font has (others are written the
/// Latin way), with words cut where they would not fit.
fn printable(text: &str) -> String {
    let mut printed = String::new();
    let mut word = 0;
    for letter in text.chars().flat_map(drawn) {
        word = if letter.is_whitespace() { 0 } else { word + 1 };
        if word > LONGEST_WORD {
            printed.push(CUT);
            word = 1;
        }
        printed.push(letter);
    }
    printed
}

/// What is printed for a letter: itself, its Latin transcription, or a question mark.
pub(crate) fn drawn(letter: char) -> Vec<char> {
    if letter.is_control() {
        return vec![' '];
    }
    if can_draw(letter) {
        return vec![letter];
    }
    match deunicode::deunicode_char(letter) {
        Some(latin) if latin.chars().all(can_draw) => latin.chars().collect(),
        _ => vec!['?'],
    }
}

/// A place where a line may end, without a hyphen.
const CUT: char = '\u{200b}';

/// A label and its value.
#[derive(Serialize)]
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) value: String,
}

/// A row of the table.
#[derive(Serialize)]
struct Line {
    label: String,
    detail: Option<String>,
    quantity: String,
    unit_price: String,
    amount: String,
}

fn fact(label: &str, value: impl ToString) -> Fact {
    Fact {
        label: label.to_owned(),
        value: value.to_string(),
    }
}

impl Page {
    fn of(invoice: &Invoice) -> Self {
        let credit = invoice.kind == InvoiceKind::CreditNote;
        let mention = |kind| invoice.mention(kind).map(str::to_owned);
        let first = [MentionKind::Mandate, MentionKind::Correction];
        Self {
            title: invoice.kind.label(),
            document_title: invoice.title(),
            number: invoice.number.to_string(),
            subject: subject(invoice).to_owned(),
            under_title: mention(MentionKind::Correction).or(mention(MentionKind::Mandate)),
            seller: seller(&invoice.seller),
            buyer: buyer(&invoice.buyer),
            facts: facts(invoice),
            lines: invoice.lines.iter().map(line).collect(),
            before_tax: if is_taxed(invoice) { " HT" } else { "" },
            totals: totals(invoice),
            paid: if credit {
                fact(
                    &format!("Rendu sur la carte le {}", long_date(invoice.paid_on)),
                    invoice.totals.paid,
                )
            } else {
                fact(
                    &format!("Payé par carte le {}", long_date(invoice.paid_on)),
                    invoice.totals.paid,
                )
            },
            left_to_pay: (!credit).then(|| fact("Reste à payer", invoice.totals.left_to_pay)),
            mentions: invoice
                .mentions
                .iter()
                .filter(|mention| {
                    !first.contains(&mention.kind)
                        || (credit && mention.kind == MentionKind::Mandate)
                })
                .map(|mention| {
                    let sentence = mention.text.trim_end_matches('.');
                    unbroken(&format!("{sentence}."))
                })
                .collect(),
        }
    }
}

fn subject(invoice: &Invoice) -> &'static str {
    match invoice.corrects.as_ref().map_or(invoice.kind, |of| of.kind) {
        InvoiceKind::Mission => "Mission de sécurité privée",
        InvoiceKind::Commission => "Frais de service",
        InvoiceKind::Indemnity => "Indemnité d’annulation",
        InvoiceKind::CreditNote => "Avoir",
    }
}

fn seller(seller: &Seller) -> Party {
    let mut lines = vec![match seller.capital {
        Some(capital) => format!("{} au capital de {capital}", seller.legal_form),
        None => seller.legal_form.clone(),
    }];
    lines.extend(address(&seller.address));
    if let Some(seat) = &seller.head_office {
        lines.push(format!(
            "Siège : {}, {} {}",
            seat.street, seat.postal_code, seat.town
        ));
    }
    lines.push(format!(
        "{} · SIREN {}",
        seller.registry,
        by_three(seller.siren.as_str())
    ));
    lines.extend(
        seller
            .siret
            .as_ref()
            .map(|siret| format!("SIRET {}", siret_in_groups(siret.as_str()))),
    );
    lines.extend(
        seller
            .vat_number
            .as_ref()
            .map(|number| format!("N° de TVA {number}")),
    );
    Party {
        name: seller.name.clone(),
        lines,
    }
}

fn buyer(buyer: &Buyer) -> Party {
    let mut lines = address(&buyer.address).to_vec();
    if let BuyerKind::Business { siren, vat_number } = &buyer.kind {
        lines.push(format!("SIREN {}", by_three(siren.as_str())));
        lines.extend(
            vat_number
                .as_ref()
                .map(|number| format!("N° de TVA {number}")),
        );
    }
    lines.extend(buyer.email.as_ref().map(|email| email.as_str().to_owned()));
    Party {
        name: buyer.name.clone(),
        lines,
    }
}

fn address(address: &Address) -> [String; 2] {
    [
        address.street.clone(),
        format!("{} {}", address.postal_code, address.town),
    ]
}

/// `123 456 782`, with spaces that do not break.
fn by_three(digits: &str) -> String {
    let mut grouped = String::new();
    for (rank, digit) in digits.chars().enumerate() {
        if rank > 0 && rank % 3 == 0 {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    grouped
}

/// `123 456 782 00002`.
fn siret_in_groups(siret: &str) -> String {
    match siret.split_at_checked(9) {
        Some((siren, establishment)) => format!("{}\u{a0}{establishment}", by_three(siren)),
        None => siret.to_owned(),
    }
}

fn facts(invoice: &Invoice) -> Vec<Fact> {
    let mission = &invoice.mission;
    let mut facts = vec![fact("Date d’émission", long_date(invoice.issued_on))];
    if invoice.kind != InvoiceKind::CreditNote {
        facts.push(fact(
            "Échéance",
            format!("{}, payée à la commande", long_date(invoice.paid_on)),
        ));
    }
    facts.extend([
        fact(
            "Mission",
            format!("{}, {}", mission.reference, mission.title),
        ),
        fact("Activité", &mission.activity),
        fact("Dates", dates(invoice)),
        fact(
            "Lieu",
            format!(
                "{}, {} {}",
                mission.address, mission.postal_code, mission.town
            ),
        ),
    ]);
    facts
}

/// `du 14 novembre 2026 à 20 h au 15 novembre 2026 à 4 h`, by the clocks of the place; the day
/// once where it is the same, the zone where it is not Paris.
fn dates(invoice: &Invoice) -> String {
    let interval = invoice.mission.interval;
    let (start, end) = (interval.start(), interval.end());
    let zone = invoice.mission.zone();
    let (first, last) = (zone.local_date(start), zone.local_date(end));
    let (from, to) = (zone.french_time(start), zone.french_time(end));
    let written = if first == last {
        format!("{}, de {from} à {to}", long_date(first))
    } else {
        format!(
            "du {} à {from} au {} à {to}",
            long_date(first),
            long_date(last)
        )
    };
    written + &zone.named()
}

fn line(line: &InvoiceLine) -> Line {
    let (quantity, per_hour) = match line.quantity {
        Quantity::Time { agent_minutes } => (duration(agent_minutes), true),
        Quantity::Flat => ("1".to_owned(), false),
    };
    Line {
        label: line.label.clone(),
        detail: line.detail.clone(),
        quantity,
        unit_price: if per_hour {
            format!("{}\u{202f}/\u{202f}h", line.unit_price)
        } else {
            line.unit_price.to_string()
        },
        amount: line.amount.to_string(),
    }
}

fn is_taxed(invoice: &Invoice) -> bool {
    invoice.vat.treatment == VatTreatment::Charged
}

fn totals(invoice: &Invoice) -> Vec<Fact> {
    let totals = &invoice.totals;
    let taxed = is_taxed(invoice);
    let mut shown = Vec::new();
    if let Some(discount) = &invoice.discount {
        shown.push(fact(
            if taxed { "Sous-total HT" } else { "Sous-total" },
            totals.lines,
        ));
        shown.push(Fact {
            label: discount.label.clone(),
            value: format!("−\u{202f}{}", discount.amount),
        });
    }
    // Without VAT there is one total: a mention says why none is charged.
    if !taxed {
        shown.push(fact("Total", totals.gross));
        return shown;
    }
    shown.push(fact("Total HT", totals.net));
    shown.push(fact(&format!("TVA {}", invoice.vat.rate), totals.vat));
    shown.push(fact("Total TTC", totals.gross));
    shown
}
