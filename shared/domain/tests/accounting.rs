//! The platform's books balance, and say of clients' money what the ledger says.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use domain::accounting::{Account, COLUMNS, Entry, Line, cells, file_name};
use domain::ids::{BookingId, ProfessionalId, TypedId as _};
use domain::ledger::{LedgerAccount, Movement, MovementKind, balance};
use domain::money::Euros;
use jiff::civil::date;
use proptest::prelude::*;

fn movement(kind: MovementKind, from: LedgerAccount, to: LedgerAccount, cents: i64) -> Movement {
    Movement {
        id: "mouvement".to_owned(),
        booking: BookingId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
        professional: ProfessionalId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
        payment: None,
        kind,
        from,
        to,
        amount: Euros::from_cents(cents),
        // Half past midnight in Paris, the first of December.
        at: "2026-11-30T23:30:00Z".parse().unwrap(),
        stripe_object: Some("ch_1".to_owned()),
    }
}

/// What is debited, and what is credited.
fn sides(entry: &Entry) -> (Vec<Account>, Vec<Account>) {
    let of = |side: fn(&Line) -> Euros| {
        let lines = entry.lines.iter().filter(|line| side(line) != Euros::ZERO);
        lines.map(|line| line.account).collect()
    };
    (of(|line| line.debit), of(|line| line.credit))
}

#[test]
fn money_at_stripe_is_owed_until_it_is_paid_out_or_given_back() {
    use Account::{Clients, Entrusted, Stripe};
    use LedgerAccount::{Client, Commission, Disputed, Held, Professional};
    for (kind, from, to, debited, credited) in [
        (MovementKind::Capture, Client, Held, Stripe, Entrusted),
        (MovementKind::Refund, Held, Client, Entrusted, Stripe),
        (MovementKind::RefundFailure, Client, Held, Stripe, Entrusted),
        (
            MovementKind::Transfer,
            Held,
            Professional,
            Entrusted,
            Stripe,
        ),
        (
            MovementKind::Reversal,
            Professional,
            Held,
            Stripe,
            Entrusted,
        ),
        (
            MovementKind::Commission,
            Held,
            Commission,
            Entrusted,
            Clients,
        ),
        (
            MovementKind::CommissionReturn,
            Commission,
            Held,
            Clients,
            Entrusted,
        ),
        (MovementKind::Dispute, Held, Disputed, Entrusted, Stripe),
        (MovementKind::DisputeWon, Disputed, Held, Stripe, Entrusted),
    ] {
        let entry = Entry::of_movement(&movement(kind, from, to, 12_345)).unwrap();
        assert_eq!(sides(&entry), (vec![debited], vec![credited]), "{kind:?}");
        assert_eq!(entry.date, date(2026, 12, 1), "the day is that of Paris");
    }
    let lost = movement(MovementKind::DisputeLost, Disputed, Client, 12_345);
    assert_eq!(Entry::of_movement(&lost), None, "it had left already");
}

#[test]
fn a_line_has_the_eighteen_fields_of_the_article() {
    let capture = movement(
        MovementKind::Capture,
        LedgerAccount::Client,
        LedgerAccount::Held,
        123_456,
    );
    let lines = cells(Entry::of_movement(&capture).into_iter().collect());
    let named: Vec<(&str, &str)> = COLUMNS
        .into_iter()
        .zip(lines[1].iter().map(String::as_str))
        .filter(|(_, cell)| !cell.is_empty())
        .collect();
    assert_eq!(
        named,
        [
            ("JournalCode", "ST"),
            ("JournalLib", "Stripe"),
            ("EcritureNum", "202612-000001"),
            ("EcritureDate", "20261201"),
            ("CompteNum", "467000"),
            ("CompteLib", "Fonds confiés par les clients"),
            ("CompAuxNum", "bkg_01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
            ("CompAuxLib", "bkg_01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
            ("PieceRef", "ch_1"),
            ("PieceDate", "20261201"),
            (
                "EcritureLib",
                "Débit de la carte bkg_01J8Z6K3V5Q0T4W9X2Y7R1S6AB"
            ),
            ("Debit", "0,00"),
            ("Credit", "1234,56"),
            ("ValidDate", "20261201"),
        ]
    );
    assert_eq!(
        file_name("834875593", date(2026, 12, 31)),
        "834875593FEC20261231.txt"
    );
}

fn any_movement() -> impl Strategy<Value = Movement> {
    use LedgerAccount::{Client, Commission, Disputed, Held, Professional};
    let kinds = prop::sample::select(vec![
        (MovementKind::Capture, Client, Held),
        (MovementKind::Refund, Held, Client),
        (MovementKind::Transfer, Held, Professional),
        (MovementKind::Reversal, Professional, Held),
        (MovementKind::Commission, Held, Commission),
        (MovementKind::Dispute, Held, Disputed),
        (MovementKind::DisputeLost, Disputed, Client),
    ]);
    (kinds, 1i64..1_000_000).prop_map(|((kind, from, to), cents)| movement(kind, from, to, cents))
}

proptest! {
    /// Every entry adds up to nothing, and what is owed to clients is what the ledger holds for them.
    #[test]
    fn the_books_balance_and_agree_with_the_ledger(movements in prop::collection::vec(any_movement(), 0..30)) {
        let entries: Vec<Entry> = movements.iter().filter_map(Entry::of_movement).collect();
        let mut owed = 0;
        for entry in &entries {
            let debits: i64 = entry.lines.iter().map(|line| line.debit.cents()).sum();
            let credits: i64 = entry.lines.iter().map(|line| line.credit.cents()).sum();
            prop_assert_eq!(debits, credits);
            let entrusted = entry.lines.iter().filter(|line| line.account == Account::Entrusted);
            owed += entrusted.map(|line| line.credit.cents() - line.debit.cents()).sum::<i64>();
        }
        prop_assert_eq!(owed, balance(&movements, LedgerAccount::Held));
        let lines = cells(entries);
        let numbers: std::collections::BTreeSet<&String> = lines.iter().map(|line| &line[2]).collect();
        prop_assert_eq!(numbers.len() * 2, lines.len());
    }
}
