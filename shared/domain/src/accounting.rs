//! The platform's books as the tax office reads them: the file of accounting entries (FEC; LPF, article
//! A47 A-1), made of the ledger's movements and of commission invoices.
//!
//! Clients' money is nobody's income: it stands on a third party's account from the debit until it is paid
//! out or given back. What the platform sells is its commission, by its invoices. Stripe's own fees are not in
//! the ledger, and so not here.

use jiff::civil::Date;

use crate::ids::BookingId;
use crate::invoice::Invoice;
use crate::ledger::{LedgerAccount, Movement, MovementKind};
use crate::money::{Euros, decimal};
use crate::text::on_one_line;
use crate::time::paris;

/// The names of the columns, in the order that the article gives.
pub const COLUMNS: [&str; 18] = [
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
];

/// An account of the French chart (plan comptable général).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// 411: what clients owe for the service fee, taken from what they entrusted.
    Clients,
    /// 445: VAT collected.
    Vat,
    /// 467: what was entrusted by clients, until it is paid out or given back.
    Entrusted,
    /// 512: the balance at Stripe.
    Stripe,
    /// 706: service fees, without VAT.
    Commissions,
}

impl Account {
    /// Its number, and what it is called.
    pub fn named(self) -> (&'static str, &'static str) {
        match self {
            Self::Clients => ("411000", "Clients"),
            Self::Vat => ("445710", "TVA collectée"),
            Self::Entrusted => ("467000", "Fonds confiés par les clients"),
            Self::Stripe => ("512000", "Stripe"),
            Self::Commissions => ("706000", "Frais de service"),
        }
    }
}

impl Account {
    /// Whether it is settled booking by booking.
    fn is_by_booking(self) -> bool {
        match self {
            Self::Clients | Self::Entrusted => true,
            Self::Vat | Self::Stripe | Self::Commissions => false,
        }
    }
}

/// In which journal an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Journal {
    /// What Stripe moved.
    Stripe,
    /// Commission invoices and their credit notes.
    Sales,
}

impl Journal {
    fn named(self) -> (&'static str, &'static str) {
        match self {
            Self::Stripe => ("ST", "Stripe"),
            Self::Sales => ("VE", "Ventes"),
        }
    }
}

/// A line of an entry: one of its two amounts is zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// On which account.
    pub account: Account,
    /// For which booking, where the account is settled by bookings.
    pub booking: Option<BookingId>,
    /// What is debited.
    pub debit: Euros,
    /// What is credited.
    pub credit: Euros,
}

/// An entry: its lines add up to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands.
    pub journal: Journal,
    /// Its day, in Paris.
    pub date: Date,
    /// The paper or the movement that it rests on.
    pub piece: String,
    /// What happened.
    pub label: String,
    /// Two or three.
    pub lines: Vec<Line>,
}

impl Entry {
    /// What a movement of the ledger is in the books; nothing where no money of the platform's accounts moved:
    /// what the bank had taken back to examine stays with the client.
    pub fn of_movement(movement: &Movement) -> Option<Self> {
        let (from, to) = (account_of(movement.from), account_of(movement.to));
        if from == to {
            return None;
        }
        // What money leaves is debited, what it enters is credited: a client's card that is debited makes
        // Stripe's balance grow, and with it what the platform owes.
        let line = |account: Account, debit: Euros, credit: Euros| Line {
            account,
            booking: account.is_by_booking().then(|| movement.booking.clone()),
            debit,
            credit,
        };
        Some(Self {
            journal: Journal::Stripe,
            date: paris::local_date(movement.at),
            piece: movement
                .stripe_object
                .clone()
                .unwrap_or_else(|| movement.id.clone()),
            label: format!("{} {}", said(movement.kind), movement.booking.as_str()),
            lines: vec![
                line(from, movement.amount, Euros::ZERO),
                line(to, Euros::ZERO, movement.amount),
            ],
        })
    }

    /// What a commission invoice, or the credit note of one, is in the books.
    pub fn of_invoice(invoice: &Invoice) -> Self {
        let totals = &invoice.totals;
        let credit_note = invoice.corrects.is_some();
        let sides = |amount: Euros, debited: bool| match debited {
            true => (amount, Euros::ZERO),
            false => (Euros::ZERO, amount),
        };
        let parts = [
            (Account::Clients, totals.gross, !credit_note),
            (Account::Commissions, totals.net, credit_note),
            (Account::Vat, totals.vat, credit_note),
        ];
        let parts = parts.into_iter().filter(|part| part.1 != Euros::ZERO);
        let lines = parts.map(|(account, amount, debited)| {
            let (debit, credit) = sides(amount, debited);
            Line {
                account,
                booking: (account.is_by_booking()).then(|| invoice.mission.booking.clone()),
                debit,
                credit,
            }
        });
        Self {
            journal: Journal::Sales,
            date: invoice.issued_on,
            piece: invoice.number.to_string(),
            label: format!("{} {}", invoice.title(), invoice.mission.reference),
            lines: lines.collect(),
        }
    }
}

/// On which account what the ledger names stands: whatever is outside Stripe's balance came from it or went
/// to it.
fn account_of(account: LedgerAccount) -> Account {
    match account {
        LedgerAccount::Client | LedgerAccount::Disputed | LedgerAccount::Professional => {
            Account::Stripe
        }
        LedgerAccount::Held => Account::Entrusted,
        LedgerAccount::Commission => Account::Clients,
    }
}

fn said(kind: MovementKind) -> &'static str {
    match kind {
        MovementKind::Capture => "Débit de la carte",
        MovementKind::Refund => "Remboursement au client",
        MovementKind::RefundFailure => "Remboursement revenu",
        MovementKind::Transfer => "Versement au professionnel",
        MovementKind::Reversal => "Versement repris",
        MovementKind::Commission => "Commission retenue",
        MovementKind::CommissionReturn => "Commission rendue",
        MovementKind::Dispute => "Débit contesté",
        MovementKind::DisputeWon => "Contestation gagnée",
        MovementKind::DisputeLost => "Contestation perdue",
    }
}

/// The entries of a month as cells, by day, each with its number: the month, and its place in it. Every entry
/// is in force when it is written, so its day is that of its validation too.
pub fn cells(mut entries: Vec<Entry>) -> Vec<[String; 18]> {
    entries.sort_by(|one, other| {
        let key = |entry: &Entry| (entry.date, entry.journal, entry.piece.clone());
        key(one).cmp(&key(other))
    });
    let numbered = (1..).zip(&entries);
    numbered
        .flat_map(|(number, entry): (u32, &Entry)| {
            let number = format!("{}-{number:06}", entry.date.strftime("%Y%m"));
            entry
                .lines
                .iter()
                .map(move |line| row(entry, line, &number))
        })
        .collect()
}

fn row(entry: &Entry, line: &Line, number: &str) -> [String; 18] {
    let (journal, account) = (entry.journal.named(), line.account.named());
    let day = entry.date.strftime("%Y%m%d").to_string();
    let booking = line
        .booking
        .as_ref()
        .map_or("", |id| id.as_str())
        .to_owned();
    [
        journal.0.to_owned(),
        journal.1.to_owned(),
        number.to_owned(),
        day.clone(),
        account.0.to_owned(),
        account.1.to_owned(),
        booking.clone(),
        booking,
        on_one_line(&entry.piece),
        day.clone(),
        on_one_line(&entry.label),
        decimal(line.debit.cents()),
        decimal(line.credit.cents()),
        String::new(),
        String::new(),
        day,
        String::new(),
        String::new(),
    ]
}

/// `1234,56`, as the article asks for.
/// The name that the file has to have: the SIREN, `FEC`, and the last day that it covers.
pub fn file_name(siren: &str, last: Date) -> String {
    format!("{siren}FEC{}.txt", last.strftime("%Y%m%d"))
}
