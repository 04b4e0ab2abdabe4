//! What wakes each function, as this machine needs to know it: from the code's own list.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value;

use crate::template::{Template, TemplateError};

/// A function, and what wakes it.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// Such as `accept-booking`.
    pub name: String,
    /// How long a call may take.
    pub timeout: Duration,
    /// Methods (or `ANY`) and paths with `{parameters}`.
    pub routes: Vec<(String, String)>,
    /// How often it runs by itself.
    pub every: Option<SignedDuration>,
    /// What a bus gives to it.
    pub rule: Option<Rule>,
    /// The outbox that it reads.
    pub stream: Option<Stream>,
}

/// Which events of which bus.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The bus's name; the account's own is `default`.
    pub bus: String,
    /// The pattern, as EventBridge writes it.
    pub pattern: Value,
}

/// The stream of an outbox.
#[derive(Debug, Clone)]
pub struct Stream {
    /// The table's name.
    pub table: String,
    /// How many records are given at once.
    pub batch: usize,
    /// Tries in all before a record is parked.
    pub tries: u32,
}

/// AWS may be told to try for a day; here eight tries are enough to see that something is broken.
const MOST_TRIES: u32 = 8;

impl Declared {
    /// A function as the code declares it, in the stage of this machine.
    pub(crate) fn of(function: &directory::Function) -> Self {
        let stage = crate::template::STAGE;
        let (every, stream) = match function.kind {
            directory::Kind::Chore(every) => (Some(every.period()), None),
            directory::Kind::Feed(stream) => {
                let stream = Stream {
                    table: format!("{stage}-{}", stream.table.name()),
                    batch: usize::try_from(stream.batch).unwrap_or(1).max(1),
                    tries: stream.retries.saturating_add(1).min(MOST_TRIES),
                };
                (None, Some(stream))
            }
            directory::Kind::Http(_)
            | directory::Kind::Pages(_)
            | directory::Kind::Listener(_)
            | directory::Kind::Observer { .. } => (None, None),
        };
        let routes = function.routes().into_iter();
        Self {
            name: function.name.to_owned(),
            timeout: Duration::from_secs(function.limits.timeout.into()),
            routes: routes
                .map(|(method, path)| (method.to_owned(), path))
                .collect(),
            every,
            rule: function.rule(stage).map(|rule| Rule {
                bus: rule.bus.unwrap_or_else(|| "default".to_owned()),
                pattern: rule.pattern,
            }),
            stream,
        }
    }
}

/// What no single function can see is wrong.
pub(crate) fn check(
    declared: &[Declared],
    template: &Template,
) -> std::result::Result<(), TemplateError> {
    let mut names = BTreeSet::new();
    let mut routes = BTreeSet::new();
    let mut readers = BTreeMap::new();
    for function in declared {
        let wrong = |why: String| TemplateError::new(format!("fonction {}", function.name), why);
        if !names.insert(&function.name) {
            return Err(wrong("deux fonctions portent ce nom".to_owned()));
        }
        for route in &function.routes {
            if !routes.insert(route) {
                let (method, path) = route;
                return Err(wrong(format!(
                    "la route {method} {path} a déjà une fonction"
                )));
            }
        }
        if let Some(rule) = &function.rule
            && rule.bus != "default"
            && !template.buses.contains(&rule.bus)
        {
            return Err(wrong(format!("bus inconnu : {}", rule.bus)));
        }
        if let Some(stream) = &function.stream {
            let table = template.tables.iter().find(|it| it.name == stream.table);
            let table = table
                .ok_or_else(|| wrong(format!("flux d'une table inconnue : {}", stream.table)))?;
            if readers.insert(&stream.table, &function.name).is_some() {
                return Err(wrong(format!(
                    "deux fonctions lisent le flux de {} ; ici une seule peut",
                    table.name
                )));
            }
            // The local stand-in for a stream deletes what was read. Only a table whose items go
            // away by themselves on AWS may be treated so.
            if table.time_to_live.is_none() {
                return Err(wrong(format!(
                    "la table {} a un flux mais pas de TimeToLiveSpecification : ici le flux n'est imité que pour une boîte d'envoi",
                    table.name
                )));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(declared: &[Declared]) -> String {
        let tables = "
Resources:
  Bookings:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: bookings
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
";
        let nothing = BTreeMap::new();
        let template = Template::parse(&[tables], &nothing, &nothing).unwrap();
        check(declared, &template).unwrap_err().to_string()
    }

    #[test]
    fn what_cannot_be_served_is_said_at_the_start() {
        let toy = Declared {
            name: "toy".to_owned(),
            routes: vec![("GET".to_owned(), "/".to_owned())],
            ..Declared::default()
        };
        let other = Declared {
            name: "other".to_owned(),
            ..toy.clone()
        };
        assert!(refused(&[toy.clone(), toy.clone()]).contains("deux fonctions"));
        assert!(refused(&[toy, other.clone()]).contains("GET / a déjà"));
        let rule = Rule {
            bus: "nobody".to_owned(),
            pattern: Value::Null,
        };
        let listening = Declared {
            rule: Some(rule),
            ..other.clone()
        };
        assert!(refused(&[listening]).contains("nobody"));
        let reading = |table: &str| Declared {
            stream: Some(Stream {
                table: table.to_owned(),
                batch: 1,
                tries: 1,
            }),
            ..other.clone()
        };
        assert!(refused(&[reading("nothing")]).contains("nothing"));
        assert!(refused(&[reading("bookings")]).contains("TimeToLive"));
    }

    #[test]
    fn the_marketplace_is_declared_by_its_own_list() {
        let declared: Vec<Declared> = directory::functions().iter().map(Declared::of).collect();
        let named = |name: &str| declared.iter().find(|it| it.name == name).unwrap();
        assert_eq!(
            named("sweep-deadlines").every,
            Some(SignedDuration::from_mins(1))
        );
        assert_eq!(
            named("publish-events").stream.as_ref().unwrap().table,
            "local-outbox"
        );
        assert_eq!(
            named("send-mail").rule.as_ref().unwrap().bus,
            "local-events"
        );
        let told = &named("record-mail-fate").rule.as_ref().unwrap().pattern;
        assert_eq!(
            told["detail"]["mail"]["tags"]["ses:configuration-set"][0],
            "local-mail"
        );
        assert_eq!(named("show-dashboard").routes.len(), 2);
        assert_eq!(named("refresh-listings").timeout, Duration::from_secs(300));
    }
}
