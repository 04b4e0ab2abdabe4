//! Lists, newest first, a page at a time.

use serde_json::{Value, json};

use crate::errors::Fault;
use crate::store::{Selection, Work};
use crate::wire::{integer, only, text};

const DEFAULT_LIMIT: i64 = 10;
const HIGHEST_LIMIT: i64 = 100;

/// A kind of objects that can be listed.
pub(crate) struct Listing {
    pub(crate) kind: &'static str,
    pub(crate) address: &'static str,
    /// Parameters that must equal the field of the same name.
    pub(crate) filters: &'static [&'static str],
}

impl Listing {
    /// The page that the parameters ask for.
    pub(crate) fn page(&self, work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
        self.page_of(work, params, &[], Vec::new())
    }

    /// The same, with parameters and conditions of the resource's own.
    pub(crate) fn page_of(
        &self,
        work: &Work<'_>,
        params: &Value,
        own: &[&str],
        mut conditions: Vec<(String, rusqlite::types::Value)>,
    ) -> Result<Value, Fault> {
        let common = [
            "limit",
            "starting_after",
            "ending_before",
            "created",
            "created[gt]",
            "created[gte]",
            "created[lt]",
            "created[lte]",
        ];
        let known: Vec<&str> = common
            .iter()
            .chain(self.filters)
            .chain(own)
            .copied()
            .collect();
        only(params, &known)?;
        let limit = integer(params, "limit", "limit")?.unwrap_or(DEFAULT_LIMIT);
        if !(1..=HIGHEST_LIMIT).contains(&limit) {
            let fault = Fault::invalid(
                Some("parameter_invalid_integer"),
                format!("Limit must be between 1 and {HIGHEST_LIMIT}."),
            );
            return Err(fault.on("limit"));
        }
        for filter in self.filters {
            if let Some(value) = text(params, filter) {
                conditions.push((
                    format!("json_extract(body, '$.{filter}') = ?"),
                    value.to_owned().into(),
                ));
            }
        }
        for (name, sign) in [("gt", ">"), ("gte", ">="), ("lt", "<"), ("lte", "<=")] {
            if let Some(bound) = integer(&params["created"], name, &format!("created[{name}]"))? {
                conditions.push((
                    format!("json_extract(body, '$.created') {sign} ?"),
                    bound.into(),
                ));
            }
        }
        if !params["created"].is_object()
            && let Some(moment) = integer(params, "created", "created")?
        {
            conditions.push((
                "json_extract(body, '$.created') = ?".to_owned(),
                moment.into(),
            ));
        }
        let selection = Selection {
            conditions,
            after: self.place(work, params, "starting_after")?,
            before: self.place(work, params, "ending_before")?,
            limit: limit + 1,
        };
        if selection.after.is_some() && selection.before.is_some() {
            return Err(Fault::invalid(
                None,
                "You cannot parametrize both starting_after and ending_before.",
            ));
        }
        let backwards = selection.before.is_some();
        let mut found = work.select(self.kind, selection)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = found.len() > limit;
        found.truncate(limit);
        if backwards {
            found.reverse();
        }
        Ok(json!({ "object": "list", "data": found, "has_more": has_more, "url": self.address }))
    }

    fn place(&self, work: &Work<'_>, params: &Value, name: &str) -> Result<Option<i64>, Fault> {
        let Some(id) = text(params, name) else {
            return Ok(None);
        };
        let place = work.place(self.kind, id)?;
        place
            .map(Some)
            .ok_or_else(|| Fault::no_such_in(name, self.kind, id))
    }
}
