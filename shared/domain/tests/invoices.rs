//! Numbers without gaps, sums to the cent, and every mention that the law asks for.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod invoice_samples;
mod order;
mod samples;

use domain::invoice::*;
use domain::money::Euros;
use domain::platform::Platform;
use domain::pricing::VatStatus;
use domain::professional::NO_PUBLIC_POWER;
use invoice_samples::*;
use jiff::Timestamp;
use proptest::prelude::*;

fn assert_sums(invoice: &Invoice) {
    let totals = invoice.totals;
    let sum = |amounts: &[Euros]| Euros::try_sum(amounts.iter().copied()).unwrap();
    let lines: Vec<Euros> = invoice.lines.iter().map(|line| line.amount).collect();
    let discount = invoice
        .discount
        .as_ref()
        .map_or(Euros::ZERO, |off| off.amount);
    assert_eq!(sum(&lines), totals.lines);
    assert_eq!(sum(&[totals.net, discount]), totals.lines);
    assert_eq!(sum(&[totals.net, totals.vat]), totals.gross);
    assert_eq!(sum(&[totals.paid, totals.left_to_pay]), totals.gross);
    assert_eq!(totals.left_to_pay, Euros::ZERO);
    assert_eq!(
        (invoice.vat.base, invoice.vat.amount),
        (totals.net, totals.vat)
    );
    let exact = totals.net.percent_of(invoice.vat.rate);
    assert!(
        (exact.cents() - totals.vat.cents()).abs() <= 1,
        "{invoice:?}"
    );
}

#[test]
fn every_mention_is_on_the_documents_that_need_it() {
    use MentionKind::*;
    let registered = VatStatus::Registered;
    let mission_of = |vat, department: &str| {
        let booking = booking(vat, department, 1, 0);
        let due = booking.price.professional_total;
        let issue = first_of(of_professional());
        mission_invoice(
            &booking,
            &professional(vat),
            &consumer(),
            &platform(),
            &issue,
            due,
        )
        .unwrap()
    };
    let consumer_mission = mission(registered, &consumer());
    let business_mission = mission(registered, &business());
    let franchise = mission(VatStatus::Franchise, &consumer());
    let authorisation = format!("AUT-069-2029-06-19-20240183149. {NO_PUBLIC_POWER}");
    for (name, invoice, kind, expected) in [
        (
            "mandate",
            &consumer_mission,
            Mandate,
            Some("au nom et pour le compte de Bastion Sud"),
        ),
        (
            "mandate of a credit",
            &credit(&consumer_mission, 100),
            Mandate,
            Some("Avoir établi par AUXILYO"),
        ),
        (
            "no mandate for oneself",
            &commission(&business()),
            Mandate,
            None,
        ),
        (
            "no mandate to credit oneself",
            &credit(&commission(&business()), 100),
            Mandate,
            None,
        ),
        (
            "franchise",
            &franchise,
            VatExemption,
            Some("TVA non applicable, art. 293 B du CGI"),
        ),
        (
            "credit under franchise",
            &credit(&franchise, 100),
            VatExemption,
            Some("art. 293 B du CGI"),
        ),
        ("VAT is charged", &consumer_mission, VatExemption, None),
        (
            "Mayotte",
            &mission_of(registered, "976"),
            VatExemption,
            Some("art. 294 du CGI"),
        ),
        (
            "Guyane",
            &mission_of(registered, "973"),
            VatExemption,
            Some("art. 294 du CGI"),
        ),
        (
            "Guyane under franchise",
            &mission_of(VatStatus::Franchise, "973"),
            VatExemption,
            Some("art. 293 B du CGI"),
        ),
        (
            "Martinique",
            &mission_of(registered, "972"),
            VatExemption,
            None,
        ),
        (
            "indemnity",
            &kept(&consumer()),
            VatExemption,
            Some("hors du champ d’application de la TVA"),
        ),
        (
            "category",
            &consumer_mission,
            Category,
            Some("prestation de services"),
        ),
        (
            "an indemnity is no service",
            &kept(&consumer()),
            Category,
            None,
        ),
        (
            "paid on order",
            &consumer_mission,
            Payment,
            Some("Payée par carte à la commande"),
        ),
        (
            "given back",
            &credit(&consumer_mission, 100),
            Payment,
            Some("Somme rendue le 12 janvier 2027"),
        ),
        (
            "no discount",
            &business_mission,
            EarlyPayment,
            Some("Pas d’escompte"),
        ),
        (
            "penalties",
            &business_mission,
            LatePenalties,
            Some("majoré de 10 points"),
        ),
        (
            "recovery costs",
            &business_mission,
            RecoveryCosts,
            Some("40 €"),
        ),
        (
            "penalties of the platform",
            &commission(&business()),
            RecoveryCosts,
            Some("D441-5"),
        ),
        (
            "a consumer has no penalties",
            &consumer_mission,
            LatePenalties,
            None,
        ),
        ("nor recovery costs", &consumer_mission, RecoveryCosts, None),
        (
            "a credit has them too",
            &credit(&business_mission, 100),
            LatePenalties,
            Some("majoré de 10 points"),
        ),
        (
            "authorisation",
            &consumer_mission,
            Authorisation,
            Some(authorisation.as_str()),
        ),
        (
            "the platform has none",
            &commission(&consumer()),
            Authorisation,
            None,
        ),
        (
            "correction",
            &credit(&consumer_mission, 100),
            Correction,
            Some("Avoir sur la facture 123456782-2027-000001 du 12 janvier 2027"),
        ),
        ("nothing corrected", &consumer_mission, Correction, None),
        (
            "VAT on debits is a choice",
            &commission(&business()),
            VatOnDebits,
            None,
        ),
    ] {
        match (invoice.mention(kind), expected) {
            (Some(text), Some(part)) => assert!(text.contains(part), "{name}: {text}"),
            (said, expected) => assert_eq!(said, expected, "{name}"),
        }
    }
}

#[test]
fn vat_on_debits_is_said_where_it_was_chosen() {
    let chosen = Platform {
        vat_on_debits: true,
        ..platform()
    };
    let booking = booking(VatStatus::Registered, "69", 1, 0);
    let issue = first_of(chosen.series());
    let due = booking.price.commission;
    let invoice = commission_invoice(&booking, &business(), &chosen, &issue, due).unwrap();
    assert_eq!(
        invoice.mention(MentionKind::VatOnDebits),
        Some("Option pour le paiement de la taxe d’après les débits")
    );
}

#[test]
fn both_parties_are_named_in_full() {
    let invoice = mission(VatStatus::Registered, &business());
    let seller = &invoice.seller;
    assert_eq!(
        (seller.name.as_str(), seller.legal_form.as_str()),
        ("Bastion Sud", "SARL")
    );
    assert_eq!(
        (seller.siren.as_str(), seller.registry.as_str()),
        (SIREN, "RCS Lyon")
    );
    assert!(seller.siret.is_some() && seller.vat_number.is_some() && seller.head_office.is_some());
    assert!(
        matches!(&invoice.buyer.kind, BuyerKind::Business { siren, .. } if siren.as_str() == "732829320")
    );
    assert_eq!(invoice.mission.reference, "MAS-2026-Y7R1S6AB");
    assert_eq!(invoice.mission.town, "Lyon");
    assert_eq!(invoice.issued_on.to_string(), "2027-01-12");
    assert_eq!(invoice.title(), "Facture 123456782-2027-000001");
}

#[test]
fn every_document_adds_up_and_survives_storage() {
    for (name, invoice) in one_of_each() {
        assert_sums(&invoice);
        assert!(!invoice.lines.is_empty(), "{name}");
        let stored = serde_json::to_string(&invoice).unwrap();
        assert_eq!(
            serde_json::from_str::<Invoice>(&stored).unwrap(),
            invoice,
            "{name}"
        );
        assert!(!format!("{invoice:?}").contains("Martin"), "{name}");
    }
}

#[test]
fn the_former_tax_is_named_at_nothing() {
    let invoice = mission(VatStatus::Registered, &consumer());
    let tax = invoice
        .lines
        .iter()
        .find(|line| line.label == "Taxe CNAPS")
        .unwrap();
    assert_eq!(tax.amount, Euros::ZERO);
    assert_eq!(
        tax.detail.as_deref(),
        Some("Contribution supprimée au 1er janvier 2020")
    );
}

#[test]
fn a_commission_is_sold_with_its_vat_and_a_credit_note_takes_it_back() {
    use domain::accounting::Account::{Clients, Commissions, Vat};
    use domain::accounting::Entry;
    let lines = |entry: &Entry| {
        let each = entry.lines.iter();
        each.map(|line| (line.account, line.debit, line.credit))
            .collect::<Vec<_>>()
    };
    let (sold, none) = (commission(&business()), Euros::ZERO);
    let InvoiceTotals {
        net, vat, gross, ..
    } = sold.totals;
    assert_eq!(
        lines(&Entry::of_invoice(&sold)),
        [
            (Clients, gross, none),
            (Commissions, none, net),
            (Vat, none, vat)
        ]
    );
    let returned = credit(&sold, 100);
    let InvoiceTotals {
        net, vat, gross, ..
    } = returned.totals;
    assert_eq!(
        lines(&Entry::of_invoice(&returned)),
        [
            (Clients, none, gross),
            (Commissions, net, none),
            (Vat, vat, none)
        ]
    );
}

#[test]
fn what_cannot_be_invoiced_is_refused() {
    let registered = VatStatus::Registered;
    let booking = booking(registered, "69", 1, 0);
    let due = booking.price.professional_total;
    let issue = first_of(of_professional());
    let invoice = |seller: &domain::professional::Professional, issue: &Issue, due| {
        mission_invoice(&booking, seller, &consumer(), &platform(), issue, due).unwrap_err()
    };
    let seller = professional(registered);
    let above = Euros::from_cents(due.cents() + 1);
    assert_eq!(invoice(&seller, &issue, above), InvoiceRefused::Amount);
    assert_eq!(
        invoice(&seller, &issue, Euros::ZERO),
        InvoiceRefused::Amount
    );
    for key in [platform().series(), of_professional().credit_notes()] {
        assert_eq!(
            invoice(&seller, &first_of(key), due),
            InvoiceRefused::WrongSeries
        );
    }
    let next_year = Issue {
        at: ISSUED + jiff::SignedDuration::from_hours(365 * 24),
        ..issue.clone()
    };
    assert_eq!(
        invoice(&seller, &next_year, due),
        InvoiceRefused::WrongSeries
    );
    let mut without_number = seller.clone();
    without_number.profile.vat_number = None;
    assert_eq!(
        invoice(&without_number, &issue, due),
        InvoiceRefused::VatNumberMissing
    );
    let mut without_title = seller.clone();
    without_title.documents.clear();
    assert_eq!(
        invoice(&without_title, &issue, due),
        InvoiceRefused::SellerIncomplete
    );
    let correction = credit(&mission(registered, &consumer()), 100);
    let twice = Credit {
        refunded: Euros::from_cents(50),
        already_credited: Euros::ZERO,
        reason: String::new(),
    };
    let refused = credit_note(
        &correction,
        &twice,
        &platform(),
        &first_of(of_professional().credit_notes()),
    );
    assert_eq!(refused.unwrap_err(), InvoiceRefused::CreditOfCredit);
}

#[test]
fn the_year_of_a_series_is_that_of_paris() {
    let year = |at: &str| Series::begin(SeriesKey::of_platform(), at.parse().unwrap()).year;
    assert_eq!(year("2026-12-31T22:59:59Z"), 2026);
    assert_eq!(year("2026-12-31T23:00:00Z"), 2027);
}

#[test]
fn numbers_are_read_back_and_others_refused() {
    for good in [
        "MADS-2026-000001",
        "MADS-A-2026-000012",
        "123456782-2026-999999",
        "123456782-A-2026-000001",
    ] {
        assert_eq!(InvoiceNumber::parse(good).unwrap().as_str(), good);
    }
    for bad in [
        "",
        "MADS-2026-000000",
        "MADS-2026-1",
        "MADS-26-000001",
        "X-2026-000001",
        "12345678-2026-000001",
        "MADS-B-2026-000001",
    ] {
        assert_eq!(
            InvoiceNumber::parse(bad),
            Err(InvoiceRefused::NumberMalformed),
            "{bad}"
        );
    }
}

#[test]
fn the_last_number_of_a_year_is_the_last() {
    let last = Series {
        key: SeriesKey::of_platform(),
        year: 2026,
        next: 999_999,
    };
    let (number, after) = last.take().unwrap();
    assert_eq!(number.as_str(), "MADS-2026-999999");
    assert_eq!(after.take(), Err(InvoiceRefused::SeriesExhausted));
}

proptest! {
    #[test]
    fn a_series_has_no_gap(count in 1u32..200, start in 1u32..900_000, seconds in 0i64..4_000_000_000) {
        let at = Timestamp::from_second(seconds).unwrap();
        let mut series = Series { next: start, ..Series::begin(of_professional(), at) };
        let mut previous: Option<InvoiceNumber> = None;
        for rank in start..start + count {
            let (number, after) = series.take().unwrap();
            let ending = format!("-{rank:06}");
            prop_assert!(number.as_str().ends_with(&ending));
            prop_assert!(number.belongs_to(&series.key, series.year));
            prop_assert!(previous.as_ref().is_none_or(|previous| *previous < number));
            prop_assert_eq!(InvoiceNumber::parse(number.as_str()), Ok(number.clone()));
            previous = Some(number);
            series = after;
        }
        prop_assert_eq!(series.next, start + count);
    }

    #[test]
    fn a_mission_adds_up_to_its_frozen_price(
        agents in 1u16..20, travel in 0i64..100_000, registered: bool,
        department in prop::sample::select(vec!["69", "971", "973", "976", "2A"]),
        share in 1i64..=10_000, commission_share in 1i64..=10_000,
    ) {
        let vat = if registered { VatStatus::Registered } else { VatStatus::Franchise };
        let booking = booking(vat, department, agents, travel);
        let seller = professional(vat);
        let price = &booking.price;
        let issue = first_of(of_professional());
        let all = mission_invoice(&booking, &seller, &consumer(), &platform(), &issue, price.professional_total).unwrap();
        assert_sums(&all);
        prop_assert_eq!(all.totals.gross, price.professional_total);
        prop_assert_eq!(all.totals.vat, price.vat);
        prop_assert_eq!(all.totals.net, price.subtotal_excluding_tax);
        prop_assert_eq!(&all.discount, &None);

        let due = price.professional_total.times_ratio(share, 10_000).unwrap().max(Euros::from_cents(1));
        let part = mission_invoice(&booking, &seller, &consumer(), &platform(), &issue, due).unwrap();
        assert_sums(&part);
        prop_assert_eq!(part.totals.gross, due);

        let issue = first_of(platform().series());
        let fee = commission_invoice(&booking, &business(), &platform(), &issue, price.commission).unwrap();
        assert_sums(&fee);
        prop_assert_eq!((fee.totals.net, fee.totals.vat), (price.commission_excluding_tax, price.commission_vat));
        let due = price.commission.times_ratio(commission_share, 10_000).unwrap().max(Euros::from_cents(1));
        let part = commission_invoice(&booking, &business(), &platform(), &issue, due).unwrap();
        assert_sums(&part);
        prop_assert_eq!(part.totals.gross, due);
    }

    #[test]
    fn credits_add_up_to_their_invoice(cuts in prop::collection::vec(1i64..20_000, 0..6)) {
        let invoice = mission(VatStatus::Registered, &consumer());
        let issue = first_of(of_professional().credit_notes());
        let gross = invoice.totals.gross.cents();
        let (mut given, mut net, mut vat) = (0, 0, 0);
        let give = |refunded: i64, given: i64| {
            let terms = Credit {
                refunded: Euros::from_cents(refunded),
                already_credited: Euros::from_cents(given),
                reason: "geste".to_owned(),
            };
            credit_note(&invoice, &terms, &platform(), &issue)
        };
        for cut in cuts.into_iter().chain([gross]) {
            let cut = cut.min(gross - given);
            if cut == 0 { break }
            let note = give(cut, given).unwrap();
            assert_sums(&note);
            given += cut;
            net += note.totals.net.cents();
            vat += note.totals.vat.cents();
        }
        prop_assert_eq!((given, net, vat), (gross, invoice.totals.net.cents(), invoice.totals.vat.cents()));
        prop_assert_eq!(give(1, given), Err(InvoiceRefused::Amount));
    }
}
