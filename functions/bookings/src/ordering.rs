//! What an order of one mission and one of several have in common: what is written in it, what is agreed
//! to, and who may place it.

use adapters::store::{Key, Trace, Versioned};
use domain::account::{Account, ClientProfile};
use domain::booking::{Acknowledgements, Booking, Contact, MissionContext, OpenOrders, OrderFate};
use domain::ids::{AccountId, DocumentId};
use domain::money::Euros;
use domain::order::Order;
use domain::places::{NotTogether, Place, PostalCode, together};
use domain::professional::Address;
use http_function::{Client, Desk, Problem};
use jiff::Timestamp;

/// What the client writes of the mission.
pub(crate) struct Details<'a> {
    pub(crate) address: &'a str,
    pub(crate) town: &'a str,
    pub(crate) postal_code: &'a PostalCode,
    pub(crate) billing_address: Option<&'a Address>,
    pub(crate) context: &'a MissionContext,
}

impl Details<'_> {
    /// Whether each postal code and commune belong together; the mission's town as the table of communes
    /// names it.
    fn check_places(&self) -> Result<Place, Problem> {
        let pair = |code: &PostalCode, town: &str, field: &'static str| {
            together(code, town).map_err(|refused| {
                Problem::new(422, NotTogether::CODE, refused.to_string()).about(field)
            })
        };
        if let Some(to) = self.billing_address {
            pair(&to.postal_code, &to.town, "billing_address")?;
        }
        pair(self.postal_code, self.town, "town")
    }

    /// Checks what was written; the town as the table of communes names it.
    pub(crate) fn check(&self) -> Result<Place, Problem> {
        let length = |text: &str| text.trim().chars().count();
        let wrong = |field: &'static str, detail: &'static str| {
            Err(Problem::new(422, "order_text_invalid", detail).about(field))
        };
        if !(3..=120).contains(&length(self.address)) {
            return wrong("address", "L’adresse doit compter de 3 à 120 caractères.");
        }
        let addressed = |to: &Address| {
            (3..=120).contains(&length(&to.street)) && (1..=80).contains(&length(&to.town))
        };
        if !self.billing_address.is_none_or(addressed) {
            return wrong(
                "billing_address",
                "L’adresse de facturation doit avoir une rue (3 à 120 caractères) et une commune.",
            );
        }
        if !(1..=80).contains(&length(self.town)) {
            return wrong("town", "La commune doit compter de 1 à 80 caractères.");
        }
        let town = self.check_places()?;
        if !(2..=100).contains(&length(&self.context.site)) {
            return wrong(
                "context.site",
                "Le type de site doit compter de 2 à 100 caractères.",
            );
        }
        if length(&self.context.risks) > 1000 || length(&self.context.instructions) > 2000 {
            return wrong(
                "context",
                "Les risques (1 000) ou les consignes (2 000 caractères) sont trop longs.",
            );
        }
        Ok(town)
    }
}

/// What the client agreed to before the order binds.
pub(crate) struct Agreed<'a> {
    pub(crate) expected_total: Euros,
    pub(crate) conditions_of_sale: &'a DocumentId,
    pub(crate) withdrawal_information: bool,
    pub(crate) early_start_requested: bool,
    pub(crate) loss_of_withdrawal_acknowledged: bool,
}

/// What there is to agree to.
pub(crate) struct Asked<'a> {
    pub(crate) total: Euros,
    pub(crate) conditions_of_sale: &'a DocumentId,
    /// Whether something begins before the withdrawal delay ends.
    pub(crate) early_start: bool,
    pub(crate) consumer: bool,
}

impl Agreed<'_> {
    /// What the law and the terms ask the client to acknowledge before an order binds.
    pub(crate) fn check(&self, asked: &Asked<'_>) -> Result<(), Problem> {
        if self.expected_total != asked.total {
            return Err(Problem::new(
                409,
                "price_changed",
                "Le prix a changé depuis le devis : vérifiez le nouveau total.",
            ));
        }
        if self.conditions_of_sale != asked.conditions_of_sale {
            return Err(Problem::new(409, "conditions_of_sale_changed", "Les conditions de vente du professionnel ont changé : relisez-les avant de commander.")
                .about("conditions_of_sale"));
        }
        if asked.consumer && !self.withdrawal_information {
            return Err(Problem::new(
                422,
                "withdrawal_information_required",
                "Confirmez avoir pris connaissance de votre droit de rétractation.",
            )
            .about("withdrawal_information"));
        }
        if asked.consumer
            && asked.early_start
            && !(self.early_start_requested && self.loss_of_withdrawal_acknowledged)
        {
            return Err(Problem::new(
                422,
                "early_start_request_required",
                "La mission commence avant la fin du délai de rétractation : demandez expressément son exécution anticipée et reconnaissez perdre ce droit une fois la mission pleinement exécutée.",
            )
            .about("early_start_requested"));
        }
        Ok(())
    }
}

/// Whom to call about a mission: the client, when nobody else is named.
pub(crate) fn whom_to_call(named: Option<&Contact>, client: &ClientProfile) -> Contact {
    named.cloned().unwrap_or_else(|| Contact {
        name: format!("{} {}", client.first_name, client.last_name),
        phone: client.phone.clone(),
    })
}

/// A client who may order: with a verified e-mail.
pub(crate) async fn ordering_client<O>(
    desk: &Desk<O>,
    who: &Client,
) -> Result<ClientProfile, Problem> {
    let account = desk
        .store
        .get::<Account>(Key::account(&who.account))
        .await?
        .filter(|read| read.record.closed_at.is_none())
        .ok_or_else(Problem::not_found)?
        .record;
    if account.email_verified_at.is_none() {
        return Err(Problem::new(
            403,
            "email_not_verified",
            "Vérifiez d’abord votre adresse électronique : un lien vous a été envoyé.",
        ));
    }
    account.client.ok_or_else(Problem::not_found)
}

/// The client's unpaid orders: as they were read, and as they are.
pub(crate) async fn open_orders<O>(
    desk: &Desk<O>,
    client: &AccountId,
    now: Timestamp,
) -> Result<(Option<Versioned<OpenOrders>>, OpenOrders), Problem> {
    let key = Key::open_orders(client);
    let read = desk.store.get::<OpenOrders>(key).await?;
    let known = read.as_ref().map(|read| read.record.clone());
    let mut orders = known.unwrap_or_else(|| OpenOrders::of(client.clone()));
    let waiting: Vec<_> = orders.waiting().cloned().collect();
    for waits in waiting {
        let fate = match &waits.order {
            Some(order) => {
                let found = desk.store.get::<Order>(Key::order(order)).await?;
                found.map(|found| found.record.fate(now))
            }
            None => {
                let found = desk
                    .store
                    .get::<Booking>(Key::booking(&waits.booking))
                    .await?;
                found.map(|found| OrderFate::of(&found.record, now))
            }
        };
        orders.learn(&waits.booking, fate.unwrap_or(OrderFate::Abandoned));
    }
    Ok((read, orders))
}

impl Agreed<'_> {
    /// What is kept of it as proof: under which version of the terms, and when, from where.
    pub(crate) fn kept(
        &self,
        conditions_of_sale_sha256: &str,
        terms_version: String,
        (trace, at): (&Trace, Timestamp),
    ) -> Acknowledgements {
        Acknowledgements {
            conditions_of_sale: self.conditions_of_sale.clone(),
            conditions_of_sale_sha256: conditions_of_sale_sha256.to_owned(),
            terms_version,
            withdrawal_information: self.withdrawal_information,
            early_start_requested: self.early_start_requested,
            loss_of_withdrawal_acknowledged: self.loss_of_withdrawal_acknowledged,
            at,
            ip: trace.ip.clone(),
            browser: trace.browser.clone(),
        }
    }
}
