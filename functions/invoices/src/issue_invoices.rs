//! What is due of a booking is known, or something was given back of it: its documents are numbered, all
//! in one transaction with the series they are taken from.

use std::collections::BTreeMap;

use adapters::ids::fresh;
use adapters::platform::PlatformIdentity;
use adapters::store::{Bills, Changes, Key, OutboxItem, Store, StoredInvoice, Versioned};
use domain::account::Account;
use domain::booking::Booking;
use domain::event::Event;
use domain::ids::{BookingId, InvoiceId};
use domain::invoice::{
    Bill, Buyer, Credit, Invoice, InvoiceKind, Issue, Kept, OwedDocument, Series, SeriesKey,
    commission_invoice, credit_note, indemnity, mission_invoice, owed_documents,
};
use domain::professional::Professional;
use http_function::{Desk, Listener, Problem};

/// Numbering invoices.
pub struct IssueInvoices;

impl Listener for IssueInvoices {
    const NAME: &'static str = "issue-invoices";
    const SUMMARY: &'static str = "What is due of a booking is known, or something was given back of it: its documents \
        are numbered, all in one transaction with the series they are taken from.";
    const EVENTS: &'static [&'static str] = &[
        "BookingValidated",
        "ClaimSettled",
        "BookingRefundDecided",
        "BookingCancelled",
        "BookingWithdrawn",
        "RefundMade",
        "DisputeLost",
    ];
    type Outside = PlatformIdentity;

    async fn on(
        desk: &Desk<PlatformIdentity>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        let (Event::BookingValidated { booking }
        | Event::ClaimSettled { booking }
        | Event::BookingRefundDecided { booking }
        | Event::BookingCancelled { booking }
        | Event::BookingWithdrawn { booking }
        | Event::RefundMade { booking }
        | Event::DisputeLost { booking }) = &happened.event
        else {
            return Ok(changes);
        };
        let file = BookingFile::read(&desk.store, booking).await?;
        let billed = desk.store.get::<Bills>(Key::bills(booking)).await?;
        let known = billed.as_ref().map(|read| read.record.bills.clone());
        let mut bills = known.unwrap_or_default();
        let owed = owed_documents(&file.booking, &bills);
        if owed.is_empty() {
            return Ok(changes);
        }
        let mut writer = Writer {
            desk,
            file: &file,
            series: BTreeMap::new(),
            changes,
        };
        for document in &owed {
            writer.write(document, &mut bills).await?;
        }
        let after = Bills {
            booking: booking.clone(),
            bills,
        };
        Ok(writer.finish().upsert(billed.as_ref(), &after))
    }
}

/// A booking, its client and its professional.
struct BookingFile {
    booking: Booking,
    client: Account,
    professional: Professional,
}

impl BookingFile {
    async fn read(store: &Store, id: &BookingId) -> Result<Self, Problem> {
        let absent = || Problem::internal(format!("{id} is not whole"));
        let booking = store.get::<Booking>(Key::booking(id)).await?;
        let booking = booking.ok_or_else(absent)?.record;
        let client = store.get::<Account>(Key::account(&booking.client)).await?;
        let professional = store
            .get::<Professional>(Key::professional(&booking.professional))
            .await?;
        Ok(Self {
            client: client.ok_or_else(absent)?.record,
            professional: professional.ok_or_else(absent)?.record,
            booking,
        })
    }

    /// The client as buyer, at the billing address given with the order or else where the mission is.
    fn buyer(&self) -> Result<Buyer, Problem> {
        let profile = self.client.client.as_ref();
        let profile = profile.ok_or_else(|| Problem::internal("an order without a client"))?;
        let email = Some(self.client.email.clone());
        Ok(Buyer::of_client(profile, self.booking.billed_at(), email))
    }
}

/// The documents of one booking as they are written, and the series they take numbers from.
struct Writer<'a> {
    desk: &'a Desk<PlatformIdentity>,
    file: &'a BookingFile,
    /// Each series as it was read, and as it is left.
    series: BTreeMap<SeriesKey, (Option<Versioned<Series>>, Series)>,
    changes: Changes,
}

impl Writer<'_> {
    async fn write(&mut self, owed: &OwedDocument, bills: &mut Vec<Bill>) -> Result<(), Problem> {
        match owed {
            OwedDocument::Invoice { kind, amount } => {
                let key = self.series_of(*kind)?;
                let issue = self.issue(key).await?;
                let invoice = self.invoice(*kind, *amount, &issue)?;
                bills.push(Bill {
                    invoice: invoice.id.clone(),
                    kind: *kind,
                    gross: invoice.totals.gross,
                    credited: domain::money::Euros::ZERO,
                });
                self.keep(invoice)
            }
            OwedDocument::CreditNote {
                invoice,
                amount,
                already_credited,
                reason,
            } => {
                let corrected = self.stored(invoice).await?;
                let key = self.series_of(corrected.kind)?.credit_notes();
                let issue = self.issue(key).await?;
                let credit = Credit {
                    refunded: *amount,
                    already_credited: *already_credited,
                    reason: (*reason).to_owned(),
                };
                let platform = &self.desk.outside.0;
                let note = credit_note(&corrected, &credit, platform, &issue)
                    .map_err(|refused| Problem::internal(refused.code()))?;
                for bill in bills.iter_mut().filter(|bill| bill.invoice == *invoice) {
                    bill.credited = *already_credited;
                    bill.credited = bill.credited.checked_add(*amount).unwrap_or(bill.gross);
                }
                self.keep(note)
            }
        }
    }

    fn invoice(
        &self,
        kind: InvoiceKind,
        amount: domain::money::Euros,
        issue: &Issue,
    ) -> Result<Invoice, Problem> {
        let BookingFile {
            booking,
            professional,
            ..
        } = self.file;
        let (buyer, platform) = (self.file.buyer()?, &self.desk.outside.0);
        let made = match kind {
            InvoiceKind::Commission => commission_invoice(booking, &buyer, platform, issue, amount),
            InvoiceKind::Indemnity => {
                let kept = Kept {
                    amount,
                    reason: booking.cancellation.sentence().to_owned(),
                };
                indemnity(booking, professional, &buyer, platform, issue, &kept)
            }
            InvoiceKind::Mission | InvoiceKind::CreditNote => {
                mission_invoice(booking, professional, &buyer, platform, issue, amount)
            }
        };
        made.map_err(|refused| Problem::internal(refused.code()))
    }

    fn series_of(&self, kind: InvoiceKind) -> Result<SeriesKey, Problem> {
        let siren = self.file.professional.profile.siren.as_ref();
        match (kind, siren) {
            (InvoiceKind::Commission, _) => Ok(self.desk.outside.0.series()),
            (_, Some(siren)) => Ok(SeriesKey::of_professional(siren)),
            (_, None) => Err(Problem::internal("a professional without a SIREN")),
        }
    }

    /// Takes the next number of a series.
    async fn issue(&mut self, key: SeriesKey) -> Result<Issue, Problem> {
        let now = self.changes.now();
        let begun = Series::begin(key.clone(), now);
        let (read, present) = match self.series.remove(&key) {
            Some(known) => known,
            None => {
                let read = self
                    .desk
                    .store
                    .get::<Series>(Key::series(&begun.name()))
                    .await?;
                let present = read.as_ref().map_or(begun, |read| read.record.clone());
                (read, present)
            }
        };
        let (number, after) = present
            .take()
            .map_err(|refused| Problem::internal(refused.code()))?;
        self.series.insert(key, (read, after));
        Ok(Issue {
            id: fresh::<InvoiceId>(now),
            number,
            at: now,
        })
    }

    async fn stored(&self, id: &InvoiceId) -> Result<Invoice, Problem> {
        let read = self
            .desk
            .store
            .get::<StoredInvoice>(Key::invoice(id))
            .await?;
        let read = read.ok_or_else(|| Problem::internal(format!("no invoice {id}")))?;
        Ok(read.record.invoice)
    }

    fn keep(&mut self, invoice: Invoice) -> Result<(), Problem> {
        let issued = Event::InvoiceIssued {
            invoice: invoice.id.clone(),
        };
        let name = invoice.id.to_string();
        let stored = StoredInvoice {
            professional: self.file.booking.professional.clone(),
            client: self.file.booking.client.clone(),
            issued_at: self.changes.now(),
            files: None,
            invoice,
        };
        let empty = Changes::by(&adapters::store::Trace::system(""), self.changes.now());
        let changes = std::mem::replace(&mut self.changes, empty);
        self.changes = changes
            .create(&stored, "invoice")
            .event(issued)
            .activity(IssueInvoices::NAME, &name);
        Ok(())
    }

    /// Everything to be written, the series with it.
    fn finish(self) -> Changes {
        self.series
            .into_values()
            .fold(self.changes, |changes, (read, after)| {
                changes.upsert(read.as_ref(), &after)
            })
    }
}
