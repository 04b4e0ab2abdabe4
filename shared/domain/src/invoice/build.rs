//! From a booking to a document. Sums are those of the frozen price, to the cent.

use jiff::Timestamp;
use jiff::civil::Date;

use super::mentions::{Circumstances, mentions};
use super::{
    Buyer, Corrected, Discount, Invoice, InvoiceKind, InvoiceLine, InvoiceRefused, InvoiceTotals,
    InvoicedMission, Issue, Platform, Quantity, Seller, SeriesKey, Vat, VatTreatment,
};
use crate::booking::Booking;
use crate::money::{BasisPoints, Euros};
use crate::pricing::PriceBreakdown;
use crate::professional::Professional;
use crate::time::paris;
use crate::typography::of as elided_of;

/// The sentence of the line that the terms ask for (article 14).
const FORMER_CNAPS_TAX: &str = "Contribution supprimée au 1er janvier 2020";

/// What the professional keeps of a cancelled mission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// How much of what was paid.
    pub amount: Euros,
    /// The policy that says so, for the reader: « Conditions d’annulation strictes … ».
    pub reason: String,
}

/// What is given back of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// Given back now, including VAT.
    pub refunded: Euros,
    /// Given back by earlier credit notes on the same invoice, including VAT.
    pub already_credited: Euros,
    /// Why, for the reader.
    pub reason: String,
}

/// The mission, sold by the professional and billed by the platform under its mandate. `due` is what is
/// due of it, including VAT: all of `price.professional_total`, or less when it was partly performed.
///
/// Refused when the seller's identity is incomplete, when the number is not of the professional's
/// series, or when `due` is not within the price.
pub fn mission_invoice(
    booking: &Booking,
    professional: &Professional,
    buyer: &Buyer,
    platform: &Platform,
    issue: &Issue,
    due: Euros,
) -> Result<Invoice, InvoiceRefused> {
    let mut seller = seller_of(booking, professional)?;
    let price = &booking.price;
    let day = booking.first_day();
    let treatment = VatTreatment::of_price(
        price.vat_rate,
        &booking.mission.place.department,
        professional.vat_on(day).map(|vat| vat.status),
    );
    if treatment == VatTreatment::Charged {
        seller.vat_number = professional.vat_number_for(day);
    }
    if treatment == VatTreatment::Charged && seller.vat_number.is_none() {
        return Err(InvoiceRefused::VatNumberMissing);
    }
    let net = Euros::try_sum([price.subtotal_excluding_tax, price.cnaps_tax])?;
    let part = Part::of(net, price.professional_total, due)?;
    let discount = discount(net, part, "Part de la mission non due")?;
    Draft {
        kind: InvoiceKind::Mission,
        seller,
        lines: mission_lines(price)?,
        discount,
        treatment,
        rate: price.vat_rate,
        part,
        corrects: None,
        paid_on: debited_on(booking, issue.at),
    }
    .issue(mission_of(booking), buyer, platform, issue)
}

/// The platform's service, sold to the client. `due` is what is due of the commission, including VAT:
/// all of `price.commission`, or less.
pub fn commission_invoice(
    booking: &Booking,
    buyer: &Buyer,
    platform: &Platform,
    issue: &Issue,
    due: Euros,
) -> Result<Invoice, InvoiceRefused> {
    let price = &booking.price;
    let net = price.commission_excluding_tax;
    let part = Part::of(net, price.commission, due)?;
    let discount = discount(net, part, "Part des frais de service non due")?;
    let line = InvoiceLine {
        label: format!("Frais de service {}", platform.brand),
        detail: Some(format!(
            "Mise en relation et paiement en ligne, mission {} {}",
            booking.reference,
            elided_of(&booking.professional_name)
        )),
        quantity: Quantity::Flat,
        unit_price: net,
        amount: net,
    };
    Draft {
        kind: InvoiceKind::Commission,
        seller: Seller::platform(platform),
        lines: vec![line],
        discount,
        treatment: VatTreatment::Charged,
        rate: platform.commission_vat,
        part,
        corrects: None,
        paid_on: debited_on(booking, issue.at),
    }
    .issue(mission_of(booking), buyer, platform, issue)
}

/// What the professional keeps of a cancelled mission, numbered in the professional's series and not
/// subject to VAT.
pub fn indemnity(
    booking: &Booking,
    professional: &Professional,
    buyer: &Buyer,
    platform: &Platform,
    issue: &Issue,
    kept: &Kept,
) -> Result<Invoice, InvoiceRefused> {
    let part = Part::of(
        booking.price.professional_total,
        booking.price.professional_total,
        kept.amount,
    )?;
    let line = InvoiceLine {
        label: "Indemnité d’annulation".to_owned(),
        detail: Some(kept.reason.clone()),
        quantity: Quantity::Flat,
        unit_price: kept.amount,
        amount: kept.amount,
    };
    Draft {
        kind: InvoiceKind::Indemnity,
        seller: seller_of(booking, professional)?,
        lines: vec![line],
        discount: None,
        treatment: VatTreatment::Indemnity,
        rate: BasisPoints::ZERO,
        part,
        corrects: None,
        paid_on: debited_on(booking, issue.at),
    }
    .issue(mission_of(booking), buyer, platform, issue)
}

/// Gives back all or part of an invoice, numbered in its seller's series of credit notes. Parts given
/// back one after the other add up to the invoice, VAT included and excluded.
pub fn credit_note(
    invoice: &Invoice,
    credit: &Credit,
    platform: &Platform,
    issue: &Issue,
) -> Result<Invoice, InvoiceRefused> {
    if invoice.kind == InvoiceKind::CreditNote {
        return Err(InvoiceRefused::CreditOfCredit);
    }
    let InvoiceTotals { net, gross, .. } = invoice.totals;
    if credit.already_credited < Euros::ZERO {
        return Err(InvoiceRefused::Amount);
    }
    let both = Euros::try_sum([credit.already_credited, credit.refunded])?;
    let (before, after) = (
        Part::cut(net, gross, credit.already_credited)?,
        Part::of(net, gross, both)?,
    );
    let part = after.less(before)?;
    if part.gross <= Euros::ZERO {
        return Err(InvoiceRefused::Amount);
    }
    let line = InvoiceLine {
        label: if part.gross == gross {
            format!("Remboursement de la facture {}", invoice.number)
        } else {
            format!("Remboursement partiel de la facture {}", invoice.number)
        },
        detail: None,
        quantity: Quantity::Flat,
        unit_price: part.net,
        amount: part.net,
    };
    let corrects = Corrected {
        kind: invoice.kind,
        number: invoice.number.clone(),
        issued_on: invoice.issued_on,
        reason: credit.reason.clone(),
    };
    Draft {
        kind: InvoiceKind::CreditNote,
        seller: invoice.seller.clone(),
        lines: vec![line],
        discount: None,
        treatment: invoice.vat.treatment,
        rate: invoice.vat.rate,
        part,
        corrects: Some(corrects),
        paid_on: issue.date(),
    }
    .issue(invoice.mission.clone(), &invoice.buyer, platform, issue)
}

/// A part of an amount, without and with VAT.
#[derive(Clone, Copy)]
struct Part {
    net: Euros,
    gross: Euros,
}

impl Part {
    /// The part of which `due` is the amount including VAT; more than nothing, at most all.
    fn of(net: Euros, gross: Euros, due: Euros) -> Result<Self, InvoiceRefused> {
        if due <= Euros::ZERO || due > gross {
            return Err(InvoiceRefused::Amount);
        }
        Self::cut(net, gross, due)
    }

    /// The same, of which `due` may be nothing.
    fn cut(net: Euros, gross: Euros, due: Euros) -> Result<Self, InvoiceRefused> {
        Ok(Self {
            net: due
                .times_ratio(net.cents(), gross.cents())
                .ok_or(InvoiceRefused::TooLarge)?,
            gross: due,
        })
    }

    fn less(self, other: Self) -> Result<Self, InvoiceRefused> {
        Ok(Self {
            net: less(self.net, other.net)?,
            gross: less(self.gross, other.gross)?,
        })
    }
}

fn less(from: Euros, what: Euros) -> Result<Euros, InvoiceRefused> {
    from.checked_sub(what).ok_or(InvoiceRefused::TooLarge)
}

/// What is taken off the lines to come to the part that is due.
fn discount(net: Euros, due: Part, label: &str) -> Result<Option<Discount>, InvoiceRefused> {
    let amount = less(net, due.net)?;
    Ok((amount > Euros::ZERO).then(|| Discount {
        label: label.to_owned(),
        amount,
    }))
}

fn seller_of(booking: &Booking, professional: &Professional) -> Result<Seller, InvoiceRefused> {
    if booking.professional != professional.id {
        return Err(InvoiceRefused::AnotherProfessional);
    }
    Seller::professional(professional, booking.first_day())
}

/// Each class of hours, travel where there is any, and the former tax, which the terms ask to name.
fn mission_lines(price: &PriceBreakdown) -> Result<Vec<InvoiceLine>, InvoiceRefused> {
    let mut lines = Vec::new();
    for hours in &price.lines {
        let agent_minutes = hours
            .minutes
            .checked_mul(i64::from(hours.agents))
            .ok_or(InvoiceRefused::TooLarge)?;
        let agents = if hours.agents > 1 { "agents" } else { "agent" };
        lines.push(InvoiceLine {
            label: format!(
                "Heures d’agent : {}",
                lower_first(&hours.class.label(price.night))
            ),
            detail: Some(format!("{} {agents}", hours.agents)),
            quantity: Quantity::Time { agent_minutes },
            unit_price: hours.hourly_rate,
            amount: hours.amount,
        });
    }
    let flat = |label: &str, detail: Option<String>, amount| InvoiceLine {
        label: label.to_owned(),
        detail,
        quantity: Quantity::Flat,
        unit_price: amount,
        amount,
    };
    if let Some(agreed) = price.flat {
        lines.push(flat("Mission, prix convenu par devis", None, agreed));
    }
    if price.travel > Euros::ZERO {
        lines.push(flat("Déplacement", None, price.travel));
    }
    let abolished = price.cnaps_tax_rate == BasisPoints::ZERO;
    let sentence = abolished.then(|| FORMER_CNAPS_TAX.to_owned());
    lines.push(flat("Taxe CNAPS", sentence, price.cnaps_tax));
    Ok(lines)
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}

fn mission_of(booking: &Booking) -> InvoicedMission {
    let mission = &booking.mission;
    InvoicedMission {
        booking: booking.id.clone(),
        reference: booking.reference.clone(),
        title: booking.offer_title.clone(),
        activity: mission.activity.label().to_owned(),
        interval: mission.interval,
        agents: mission.agents,
        address: mission.place.address.clone(),
        postal_code: mission.place.postal_code.to_string(),
        town: mission.place.town.clone(),
    }
}

/// The card is debited when the professional accepts.
fn debited_on(booking: &Booking, otherwise: Timestamp) -> Date {
    let debited = booking.payment.captured_at.or(booking.accepted_at);
    paris::local_date(debited.unwrap_or(otherwise))
}

/// A document before its mentions.
struct Draft {
    kind: InvoiceKind,
    seller: Seller,
    lines: Vec<InvoiceLine>,
    discount: Option<Discount>,
    treatment: VatTreatment,
    rate: BasisPoints,
    part: Part,
    corrects: Option<Corrected>,
    paid_on: Date,
}

impl Draft {
    fn issue(
        self,
        mission: InvoicedMission,
        buyer: &Buyer,
        platform: &Platform,
        issue: &Issue,
    ) -> Result<Invoice, InvoiceRefused> {
        let origin = self.corrects.as_ref().map_or(self.kind, |of| of.kind);
        let invoices = match origin {
            InvoiceKind::Commission => platform.series(),
            InvoiceKind::Mission | InvoiceKind::Indemnity | InvoiceKind::CreditNote => {
                SeriesKey::of_professional(&self.seller.siren)
            }
        };
        let series = match self.kind {
            InvoiceKind::CreditNote => invoices.credit_notes(),
            InvoiceKind::Mission | InvoiceKind::Commission | InvoiceKind::Indemnity => invoices,
        };
        let issued_on = issue.date();
        if !issue.number.belongs_to(&series, issued_on.year()) {
            return Err(InvoiceRefused::WrongSeries);
        }
        let vat = less(self.part.gross, self.part.net)?;
        let mentions = mentions(&Circumstances {
            kind: self.kind,
            origin,
            seller: &self.seller,
            buyer,
            treatment: self.treatment,
            corrects: self.corrects.as_ref(),
            platform,
            paid_on: self.paid_on,
        });
        Ok(Invoice {
            id: issue.id.clone(),
            kind: self.kind,
            number: issue.number.clone(),
            issued_on,
            paid_on: self.paid_on,
            seller: self.seller,
            buyer: buyer.clone(),
            mission,
            totals: InvoiceTotals {
                lines: Euros::try_sum(self.lines.iter().map(|line| line.amount))?,
                net: self.part.net,
                vat,
                gross: self.part.gross,
                paid: self.part.gross,
                left_to_pay: Euros::ZERO,
            },
            lines: self.lines,
            discount: self.discount,
            vat: Vat {
                treatment: self.treatment,
                rate: self.rate,
                base: self.part.net,
                amount: vat,
            },
            mentions,
            corrects: self.corrects,
        })
    }
}
