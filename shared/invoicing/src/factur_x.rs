//! The invoice as data: UN/CEFACT Cross Industry Invoice, profile EN 16931 (Factur-X, ZUGFeRD).

use std::io;

use domain::invoice::{
    BuyerKind, Invoice, InvoiceKind, InvoiceLine, Mention, MentionKind, Quantity, VatTreatment,
};
use domain::money::{BasisPoints, Euros};
use domain::professional::Address;
use jiff::civil::Date;

use crate::xml::{Element, element, text};

/// The profile: all of the European standard and nothing beyond it.
const PROFILE: &str = "urn:cen.eu:en16931:2017";

/// The invoice in XML, as embedded in its PDF under the name `factur-x.xml`.
///
/// The same invoice always gives the same text. Failing to write to memory is the only error.
pub fn factur_x(invoice: &Invoice) -> io::Result<String> {
    let namespaces = [
        (
            "xmlns:rsm",
            "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
        ),
        (
            "xmlns:ram",
            "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
        ),
        (
            "xmlns:qdt",
            "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
        ),
        (
            "xmlns:udt",
            "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
        ),
    ];
    let lines = invoice.lines.iter().zip(1..);
    let mut transaction: Vec<Element> = lines
        .map(|(line, rank)| trade_line(invoice, line, rank))
        .collect();
    transaction.extend([agreement(invoice), delivery(invoice), settlement(invoice)]);
    let root = element(
        "rsm:CrossIndustryInvoice",
        vec![
            context(),
            document(invoice),
            element("rsm:SupplyChainTradeTransaction", transaction),
        ],
    );
    namespaces
        .into_iter()
        .fold(root, |root, (name, uri)| root.with(name, uri))
        .to_document()
}

/// The French process `S2`: a service that was already paid for.
fn context() -> Element {
    element(
        "rsm:ExchangedDocumentContext",
        vec![
            element(
                "ram:BusinessProcessSpecifiedDocumentContextParameter",
                vec![text("ram:ID", "S2")],
            ),
            element(
                "ram:GuidelineSpecifiedDocumentContextParameter",
                vec![text("ram:ID", PROFILE)],
            ),
        ],
    )
}

fn document(invoice: &Invoice) -> Element {
    // UNTDID 1001: commercial invoice, credit note.
    let code = match invoice.kind {
        InvoiceKind::Mission | InvoiceKind::Commission | InvoiceKind::Indemnity => "380",
        InvoiceKind::CreditNote => "381",
    };
    let mut children = vec![
        text("ram:ID", invoice.number.as_str()),
        text("ram:TypeCode", code),
        element("ram:IssueDateTime", vec![date("udt", invoice.issued_on)]),
    ];
    children.extend(invoice.mentions.iter().map(note));
    element("rsm:ExchangedDocument", children)
}

/// A sentence, with the subject code (UNTDID 4451) that French rules give to those between traders.
fn note(mention: &Mention) -> Element {
    let subject = match mention.kind {
        MentionKind::EarlyPayment => Some("AAB"),
        MentionKind::LatePenalties => Some("PMD"),
        MentionKind::RecoveryCosts => Some("PMT"),
        MentionKind::Authorisation => Some("REG"),
        MentionKind::Correction
        | MentionKind::Mandate
        | MentionKind::VatExemption
        | MentionKind::Category
        | MentionKind::VatOnDebits
        | MentionKind::Payment => None,
    };
    let mut children = vec![text("ram:Content", &mention.text)];
    children.extend(subject.map(|code| text("ram:SubjectCode", code)));
    element("ram:IncludedNote", children)
}

fn trade_line(invoice: &Invoice, line: &InvoiceLine, rank: u32) -> Element {
    let mut product = vec![text("ram:Name", &line.label)];
    product.extend(
        line.detail
            .as_ref()
            .map(|detail| text("ram:Description", detail)),
    );
    // UN/ECE recommendation 20: hour, minute, one. What four decimals of an hour cannot say is told in
    // minutes, the price being that of sixty: quantity × price is exact either way (EN 16931, BT-149).
    let (quantity, unit, base) = match line.quantity {
        Quantity::Time { agent_minutes } if agent_minutes * 10_000 % 60 == 0 => {
            (hours(agent_minutes), "HUR", None)
        }
        Quantity::Time { agent_minutes } => (agent_minutes.to_string(), "MIN", Some("60")),
        Quantity::Flat => ("1".to_owned(), "C62", None),
    };
    let mut price = vec![text("ram:ChargeAmount", &amount(line.unit_price))];
    price.extend(base.map(|base| text("ram:BasisQuantity", base).with("unitCode", unit)));
    element(
        "ram:IncludedSupplyChainTradeLineItem",
        vec![
            element(
                "ram:AssociatedDocumentLineDocument",
                vec![text("ram:LineID", &rank.to_string())],
            ),
            element("ram:SpecifiedTradeProduct", product),
            element(
                "ram:SpecifiedLineTradeAgreement",
                vec![element("ram:NetPriceProductTradePrice", price)],
            ),
            element(
                "ram:SpecifiedLineTradeDelivery",
                vec![text("ram:BilledQuantity", &quantity).with("unitCode", unit)],
            ),
            element(
                "ram:SpecifiedLineTradeSettlement",
                vec![
                    element("ram:ApplicableTradeTax", category(invoice)),
                    element(
                        "ram:SpecifiedTradeSettlementLineMonetarySummation",
                        vec![text("ram:LineTotalAmount", &amount(line.amount))],
                    ),
                ],
            ),
        ],
    )
}

fn agreement(invoice: &Invoice) -> Element {
    element(
        "ram:ApplicableHeaderTradeAgreement",
        vec![
            seller(invoice),
            buyer(invoice),
            element(
                "ram:BuyerOrderReferencedDocument",
                vec![text("ram:IssuerAssignedID", &invoice.mission.reference)],
            ),
        ],
    )
}

fn seller(invoice: &Invoice) -> Element {
    let seller = &invoice.seller;
    let mut children = vec![
        text("ram:Name", &seller.name),
        text(
            "ram:Description",
            &format!("{}, {}", seller.legal_form, seller.registry),
        ),
        legal_organisation(seller.siren.as_str()),
        postal_address(&seller.address),
        directory(seller.siren.as_str()),
    ];
    // A document outside the scope of VAT names no VAT number (BR-O-02).
    if category_code(invoice) != "O" {
        children.push(match &seller.vat_number {
            Some(number) => tax_registration(number.as_str(), "VA"),
            None => tax_registration(seller.siren.as_str(), "FC"),
        });
    }
    element("ram:SellerTradeParty", children)
}

fn buyer(invoice: &Invoice) -> Element {
    let buyer = &invoice.buyer;
    let mut children = vec![text("ram:Name", &buyer.name)];
    if let BuyerKind::Business { siren, .. } = &buyer.kind {
        children.push(legal_organisation(siren.as_str()));
    }
    children.push(postal_address(&buyer.address));
    match (&buyer.kind, &buyer.email) {
        (BuyerKind::Business { siren, .. }, _) => children.push(directory(siren.as_str())),
        (BuyerKind::Consumer, Some(email)) => {
            children.push(electronic_address(email.as_str(), "EM"));
        }
        (BuyerKind::Consumer, None) => {}
    }
    if let BuyerKind::Business {
        vat_number: Some(number),
        ..
    } = &buyer.kind
        && category_code(invoice) != "O"
    {
        children.push(tax_registration(number.as_str(), "VA"));
    }
    element("ram:BuyerTradeParty", children)
}

/// A SIREN, in the register that ISO 6523 numbers 0002.
fn legal_organisation(siren: &str) -> Element {
    element(
        "ram:SpecifiedLegalOrganization",
        vec![text("ram:ID", siren).with("schemeID", "0002")],
    )
}

/// Where the party receives invoices in the French directory: by default, at its SIREN.
fn directory(siren: &str) -> Element {
    electronic_address(siren, "0225")
}

fn electronic_address(address: &str, scheme: &str) -> Element {
    element(
        "ram:URIUniversalCommunication",
        vec![text("ram:URIID", address).with("schemeID", scheme)],
    )
}

fn tax_registration(number: &str, scheme: &str) -> Element {
    element(
        "ram:SpecifiedTaxRegistration",
        vec![text("ram:ID", number).with("schemeID", scheme)],
    )
}

fn postal_address(address: &Address) -> Element {
    place(address.postal_code.as_str(), &address.street, &address.town)
}

fn place(postal_code: &str, street: &str, town: &str) -> Element {
    element(
        "ram:PostalTradeAddress",
        vec![
            text("ram:PostcodeCode", postal_code),
            text("ram:LineOne", street),
            text("ram:CityName", town),
            text("ram:CountryID", "FR"),
        ],
    )
}

fn delivery(invoice: &Invoice) -> Element {
    let mission = &invoice.mission;
    let last_day = mission.zone().local_date(mission.interval.end());
    element(
        "ram:ApplicableHeaderTradeDelivery",
        vec![
            element(
                "ram:ShipToTradeParty",
                vec![
                    text("ram:Name", &mission.title),
                    place(&mission.postal_code, &mission.address, &mission.town),
                ],
            ),
            element(
                "ram:ActualDeliverySupplyChainEvent",
                vec![element(
                    "ram:OccurrenceDateTime",
                    vec![date("udt", last_day)],
                )],
            ),
        ],
    )
}

fn settlement(invoice: &Invoice) -> Element {
    let mut children = vec![
        text("ram:InvoiceCurrencyCode", "EUR"),
        // UNTDID 4461: bank card.
        element(
            "ram:SpecifiedTradeSettlementPaymentMeans",
            vec![
                text("ram:TypeCode", "48"),
                text("ram:Information", "Carte bancaire"),
            ],
        ),
        tax(invoice),
        period(invoice),
    ];
    children.extend(allowance(invoice));
    // Of a service already paid for, the day it is due is the day it was paid (BR-FR-CO-09).
    let payment = invoice.mention(MentionKind::Payment).unwrap_or_default();
    children.push(element(
        "ram:SpecifiedTradePaymentTerms",
        vec![
            text("ram:Description", payment),
            element("ram:DueDateDateTime", vec![date("udt", invoice.paid_on)]),
        ],
    ));
    children.push(summation(invoice));
    if let Some(corrected) = &invoice.corrects {
        children.push(element(
            "ram:InvoiceReferencedDocument",
            vec![
                text("ram:IssuerAssignedID", corrected.number.as_str()),
                element(
                    "ram:FormattedIssueDateTime",
                    vec![date("qdt", corrected.issued_on)],
                ),
            ],
        ));
    }
    element("ram:ApplicableHeaderTradeSettlement", children)
}

fn tax(invoice: &Invoice) -> Element {
    let vat = &invoice.vat;
    let code = match vat.treatment {
        VatTreatment::Franchise => Some("VATEX-FR-FRANCHISE"),
        VatTreatment::OutsideTerritory | VatTreatment::Indemnity => Some("VATEX-EU-O"),
        VatTreatment::Charged | VatTreatment::GuyaneMayotte => None,
    };
    let mut children = vec![
        text("ram:CalculatedAmount", &amount(vat.amount)),
        text("ram:TypeCode", "VAT"),
    ];
    let reason = vat.treatment.mention();
    children.extend(reason.map(|reason| text("ram:ExemptionReason", reason)));
    children.push(text("ram:BasisAmount", &amount(vat.base)));
    children.push(text("ram:CategoryCode", category_code(invoice)));
    children.extend(code.map(|code| text("ram:ExemptionReasonCode", code)));
    // UNTDID 2475: due on the date of the invoice, where the seller chose it.
    if invoice.mention(MentionKind::VatOnDebits).is_some() {
        children.push(text("ram:DueDateTypeCode", "5"));
    }
    children.extend(rate_of(invoice));
    element("ram:ApplicableTradeTax", children)
}

/// Type, category and rate of VAT, as lines and allowances have them.
fn category(invoice: &Invoice) -> Vec<Element> {
    let mut children = vec![
        text("ram:TypeCode", "VAT"),
        text("ram:CategoryCode", category_code(invoice)),
    ];
    children.extend(rate_of(invoice));
    children
}

/// UNTDID 5305: standard rate, exempt, outside the scope.
fn category_code(invoice: &Invoice) -> &'static str {
    match invoice.vat.treatment {
        VatTreatment::Charged => "S",
        VatTreatment::Franchise | VatTreatment::GuyaneMayotte => "E",
        VatTreatment::OutsideTerritory | VatTreatment::Indemnity => "O",
    }
}

/// The rate, which a document outside the scope of VAT does not have (BR-O-05).
fn rate_of(invoice: &Invoice) -> Option<Element> {
    (category_code(invoice) != "O")
        .then(|| text("ram:RateApplicablePercent", &percent(invoice.vat.rate)))
}

fn period(invoice: &Invoice) -> Element {
    let (interval, zone) = (invoice.mission.interval, invoice.mission.zone());
    let day = |moment| vec![date("udt", zone.local_date(moment))];
    element(
        "ram:BillingSpecifiedPeriod",
        vec![
            element("ram:StartDateTime", day(interval.start())),
            element("ram:EndDateTime", day(interval.end())),
        ],
    )
}

fn allowance(invoice: &Invoice) -> Option<Element> {
    let discount = invoice.discount.as_ref()?;
    Some(element(
        "ram:SpecifiedTradeAllowanceCharge",
        vec![
            element("ram:ChargeIndicator", vec![text("udt:Indicator", "false")]),
            text("ram:ActualAmount", &amount(discount.amount)),
            text("ram:Reason", &discount.label),
            element("ram:CategoryTradeTax", category(invoice)),
        ],
    ))
}

fn summation(invoice: &Invoice) -> Element {
    let totals = &invoice.totals;
    let mut children = vec![text("ram:LineTotalAmount", &amount(totals.lines))];
    if let Some(discount) = &invoice.discount {
        children.push(text("ram:AllowanceTotalAmount", &amount(discount.amount)));
    }
    children.extend([
        text("ram:TaxBasisTotalAmount", &amount(totals.net)),
        text("ram:TaxTotalAmount", &amount(totals.vat)).with("currencyID", "EUR"),
        text("ram:GrandTotalAmount", &amount(totals.gross)),
        text("ram:TotalPrepaidAmount", &amount(totals.paid)),
        text("ram:DuePayableAmount", &amount(totals.left_to_pay)),
    ]);
    element(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        children,
    )
}

/// A day as `20261114`, UNTDID 2379 format 102.
fn date(prefix: &str, day: Date) -> Element {
    let digits = format!("{:04}{:02}{:02}", day.year(), day.month(), day.day());
    let name = if prefix == "qdt" {
        "qdt:DateTimeString"
    } else {
        "udt:DateTimeString"
    };
    text(name, &digits).with("format", "102")
}

/// `1234.56`.
fn amount(euros: Euros) -> String {
    decimal(euros.cents(), 100)
}

/// `8.50`.
fn percent(rate: BasisPoints) -> String {
    decimal(i64::from(rate.points()), 100)
}

/// Minutes as hours with four decimals, which are exact here: `7.3500`.
fn hours(minutes: i64) -> String {
    let ten_thousandths = Euros::from_cents(minutes).times_ratio(10_000, 60);
    decimal(ten_thousandths.unwrap_or_default().cents(), 10_000)
}

/// `value ÷ scale`, where `scale` is 100 or 10 000.
fn decimal(value: i64, scale: u64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let value = value.unsigned_abs();
    let width = scale.ilog10() as usize;
    format!("{sign}{}.{:0width$}", value / scale, value % scale)
}
