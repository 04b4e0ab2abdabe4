//! What comes out of the press. `INVOICES_TO=folder` keeps the files, to look at them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../../domain/tests/invoice_samples/mod.rs"]
mod invoice_samples;
#[path = "../../domain/tests/samples/mod.rs"]
mod samples;

use domain::booking::confirmation::{OrderPaper, Part};
use domain::identifiers::Email;
use domain::ids::TypedId;
use domain::invoice::{Invoice, InvoiceKind, Quantity, mission_invoice};
use domain::money::Euros;
use domain::pricing::VatStatus;
use invoice_samples::*;
use invoicing::{factur_x, render, render_order};
use proptest::prelude::*;

fn keep(name: &str, invoice: &Invoice) -> Vec<u8> {
    let pdf = render(invoice).unwrap();
    keep_file(&format!("{name}.pdf"), &pdf.bytes);
    keep_file(
        &format!("{name}.xml"),
        factur_x(invoice).unwrap().as_bytes(),
    );
    keep_file(
        &format!("{name}.json"),
        &serde_json::to_vec(invoice).unwrap(),
    );
    pdf.bytes
}

#[expect(
    clippy::disallowed_methods,
    reason = "whoever looks at the pages says where to keep them"
)]
fn keep_file(name: &str, bytes: &[u8]) {
    if let Ok(folder) = std::env::var("INVOICES_TO") {
        std::fs::write(format!("{folder}/{name}"), bytes).unwrap();
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

fn pages(bytes: &[u8]) -> usize {
    let page = b"/Type/Page/";
    bytes
        .windows(page.len())
        .filter(|part| part == page)
        .count()
}

/// A mission with as many lines as a year of rounds might have.
fn long() -> Invoice {
    let mut invoice = mission(VatStatus::Franchise, &business());
    let line = invoice.lines[0].clone();
    invoice.lines = vec![line; 45];
    invoice
}

#[test]
fn the_same_invoice_gives_the_same_bytes() {
    for (name, invoice) in one_of_each() {
        let once = keep(name, &invoice);
        assert!(once == render(&invoice).unwrap().bytes, "{name}");
        assert_eq!(pages(&once), 1, "{name}");
    }
}

#[test]
fn a_file_says_that_it_is_an_archive_for_all_and_factur_x() {
    let invoice = mission(VatStatus::Registered, &consumer());
    let pdf = render(&invoice).unwrap();
    assert_eq!(pdf.file_name, "facture-123456782-2027-000001.pdf");
    for said in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>",
        "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>",
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>",
        "(factur-x.xml)",
        "/AFRelationship/Alternative",
        "/Lang(fr-FR)",
        "/Title(Facture 123456782-2027-000001)",
        "/CreationDate(D:20270112000000Z)",
    ] {
        assert!(holds(&pdf.bytes, said), "{said}");
    }
}

#[test]
fn every_case_of_price_can_be_set() {
    for (name, vat, department, part) in [
        ("part", VatStatus::Registered, "69", 7_000),
        ("martinique", VatStatus::Registered, "972", 10_000),
        ("mayotte", VatStatus::Registered, "976", 10_000),
        ("polynesia", VatStatus::Registered, "987", 10_000),
        ("franchise-part", VatStatus::Franchise, "33", 3_333),
    ] {
        let booking = booking(vat, department, 3, 4500);
        let due = booking
            .price
            .professional_total
            .times_ratio(part, 10_000)
            .unwrap();
        let issue = first_of(of_professional());
        let seller = professional(vat);
        let invoice =
            mission_invoice(&booking, &seller, &business(), &platform(), &issue, due).unwrap();
        assert_eq!(pages(&keep(name, &invoice)), 1, "{name}");
    }
    keep(
        "credit-business",
        &credit(&mission(VatStatus::Registered, &business()), 100),
    );
    keep("indemnity-business", &kept(&business()));
    keep("credit-commission", &credit(&commission(&business()), 100));
    keep("credit-indemnity", &credit(&kept(&consumer()), 100));
}

#[test]
fn a_long_invoice_takes_several_pages() {
    assert!(pages(&keep("long", &long())) > 1);
}

#[test]
fn what_people_write_is_printed_and_never_run() {
    let hostile = [
        "#panic() $x$ *a* \"é",
        "#read(\"/etc/passwd\") \\ // <a> @b [c] `d` = e",
        "</ram:Name><ram:ID>1</ram:ID> ]]> & <?xpacket end=\"r\"?>",
        "日本語 🛡️ \u{0}\u{7}\u{202e}\u{fffe}\u{e000} عربي",
        &"Wolfeschlegelsteinhausenbergerdorff".repeat(6),
        &"Société générale de surveillance et de gardiennage ".repeat(8),
        "",
    ];
    for text in hostile {
        let mut invoice = mission(VatStatus::Registered, &business());
        text.clone_into(&mut invoice.buyer.name);
        text.clone_into(&mut invoice.seller.name);
        text.clone_into(&mut invoice.mission.title);
        text.clone_into(&mut invoice.mission.address);
        text.clone_into(&mut invoice.buyer.address.street);
        text.clone_into(&mut invoice.lines[0].label);
        invoice.lines[0].detail = Some(text.to_owned());
        text.clone_into(&mut invoice.mentions[0].text);
        invoice.buyer.email = Email::parse("a@example.fr").ok();
        let name = format!("hostile-{}", text.len());
        assert!(pages(&keep(&name, &invoice)) > 0, "{text}");
        let xml = factur_x(&invoice).unwrap();
        assert!(!xml.contains("<ram:ID>1</ram:ID>"), "{text}");
    }
}

fn order(change: impl Fn(&mut OrderPaper)) -> OrderPaper {
    let mut order = OrderPaper {
        booking: TypedId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
        reference: "MAS-2026-7K3F9Q2A".to_owned(),
        client: TypedId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
        professional: TypedId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
        professional_name: "Bastion Sud".to_owned(),
        concluded_at: "2026-11-20T09:00:00Z".parse().unwrap(),
        parts: vec![Part {
            title: "La mission".to_owned(),
            facts: vec![("Prestation".to_owned(), "Agent cynophile".to_owned())],
            lines: vec!["Sonner au portail.".to_owned()],
        }],
        withdrawal_form: None,
    };
    change(&mut order);
    order
}

fn keep_order(name: &str, order: &OrderPaper) -> Vec<u8> {
    let pdf = render_order(order).unwrap();
    keep_file(&format!("{name}.pdf"), &pdf.bytes);
    pdf.bytes
}

#[test]
fn the_same_order_gives_the_same_bytes_and_another_day_gives_others() {
    let one = keep_order("order", &order(|_| ()));
    assert_eq!(one, keep_order("order", &order(|_| ())));
    assert!(holds(&one, "<pdfaid:part>2</pdfaid:part>"));
    let later = order(|order| order.concluded_at = "2026-11-21T09:00:00Z".parse().unwrap());
    assert_ne!(one, keep_order("order-later", &later));
}

#[test]
fn a_long_order_takes_several_pages_and_what_people_write_is_never_run() {
    let long = order(|order| {
        let part = order.parts[0].clone();
        order.parts = vec![part; 40];
    });
    assert!(pages(&keep_order("order-long", &long)) > 1);
    for text in ["#panic() $x$ *a* \"é", "日本語 \u{0}\u{202e} عربي", ""] {
        let hostile = order(|order| {
            text.clone_into(&mut order.professional_name);
            text.clone_into(&mut order.parts[0].facts[0].1);
            text.clone_into(&mut order.parts[0].lines[0]);
        });
        assert!(pages(&keep_order("order-hostile", &hostile)) > 0, "{text}");
    }
}

#[test]
fn the_data_say_what_the_page_says() {
    for (name, invoice) in one_of_each() {
        let xml = factur_x(&invoice).unwrap();
        let code = if invoice.kind == InvoiceKind::CreditNote {
            "381"
        } else {
            "380"
        };
        let cents = invoice.totals.gross.cents();
        for said in [
            format!("<ram:TypeCode>{code}</ram:TypeCode>"),
            format!("<ram:ID>{}</ram:ID>", invoice.number),
            format!(
                "<ram:GrandTotalAmount>{}.{:02}</ram:GrandTotalAmount>",
                cents / 100,
                cents % 100
            ),
            "<ram:DuePayableAmount>0.00</ram:DuePayableAmount>".to_owned(),
            "<ram:TypeCode>48</ram:TypeCode>".to_owned(),
        ] {
            assert!(xml.contains(&said), "{name}: {said}");
        }
    }
}

/// What stands between a mark and the next `<`.
fn after<'a>(xml: &'a str, mark: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(mark)?;
    rest.split_once('<').map(|(said, _)| said)
}

#[test]
fn quantity_times_price_is_the_amount_to_the_cent() {
    for (agent_minutes, rate) in [
        (443, 2_750),
        (7, 30),
        (440, 3_333),
        (1_201, 4_597),
        (480, 2_500),
    ] {
        let mut invoice = mission(VatStatus::Registered, &consumer());
        let line = &mut invoice.lines[0];
        line.quantity = Quantity::Time { agent_minutes };
        line.unit_price = Euros::from_cents(rate);
        let xml = factur_x(&invoice).unwrap();
        // Ten thousandths of the unit that is said, and how many of it the price is for.
        let (quantity, base) = match after(&xml, "<ram:BilledQuantity unitCode=\"HUR\">") {
            Some(hours) => (hours.replace('.', "").parse::<i64>().unwrap(), 1),
            None => {
                let minutes = after(&xml, "<ram:BilledQuantity unitCode=\"MIN\">").unwrap();
                let base = after(&xml, "<ram:BasisQuantity unitCode=\"MIN\">").unwrap();
                (
                    minutes.parse::<i64>().unwrap() * 10_000,
                    base.parse::<i64>().unwrap(),
                )
            }
        };
        // quantity ÷ 10 000 × rate ÷ base = minutes × rate ÷ 60, without any rest.
        assert_eq!(
            quantity * rate * 60,
            agent_minutes * rate * base * 10_000,
            "{agent_minutes} min at {rate}"
        );
    }
}

#[test]
fn a_name_is_spelt_in_the_data_as_on_the_page() {
    let mut invoice = mission(VatStatus::Registered, &business());
    "حسن Sécurité".clone_into(&mut invoice.buyer.name);
    let xml = factur_x(&invoice).unwrap();
    // The page writes it the Latin way: no font on it has these letters.
    let name = after(&xml, "<ram:BuyerTradeParty><ram:Name>")
        .or_else(|| after(xml.split_once("BuyerTradeParty").unwrap().1, "<ram:Name>"));
    let name = name.unwrap();
    assert!(name.ends_with(" Sécurité"), "{name}");
    assert!(name.chars().all(|letter| letter < '\u{600}'), "{name}");
}

#[test]
fn each_treatment_of_vat_has_its_code() {
    for (invoice, category, said) in [
        (
            mission(VatStatus::Registered, &consumer()),
            "S",
            "<ram:RateApplicablePercent>20.00<",
        ),
        (
            mission(VatStatus::Franchise, &consumer()),
            "E",
            "VATEX-FR-FRANCHISE",
        ),
        (kept(&consumer()), "O", "VATEX-EU-O"),
        (commission(&business()), "S", "<ram:ID schemeID=\"VA\">FR"),
        (
            credit(&mission(VatStatus::Franchise, &consumer()), 100),
            "E",
            "<ram:InvoiceReferencedDocument>",
        ),
    ] {
        let xml = factur_x(&invoice).unwrap();
        assert!(
            xml.contains(&format!("<ram:CategoryCode>{category}</ram:CategoryCode>")),
            "{invoice:?}"
        );
        assert!(xml.contains(said), "{invoice:?}: {said}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_name_can_be_printed(name in "\\PC{0,60}", street in any::<String>()) {
        let mut invoice = commission(&consumer());
        invoice.buyer.name = name;
        invoice.buyer.address.street = street;
        prop_assert!(render(&invoice).is_ok());
    }
}
