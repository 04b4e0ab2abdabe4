//! What a function may touch is read from its binary: the records that it can read and write, the
//! questions that it can ask, the clients that it can call are the symbols that the linker kept,
//! because something that the function runs leads there. Its role (`infra/contexts/*.yaml`) lists exactly
//! these, each on one resource. `make docs` writes the roles; this test compares.
//!
//! `infra/local` then refuses, as AWS does, what a policy does not list, in every other test.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use adapters::store::*;
use domain::account::Account;
use domain::account::proof::AddressProof;
use domain::account::sites::{Favourites, SavedSites};
use domain::alerts::Alert;
use domain::booking::{Booking, OpenOrders};
use domain::configuration::Configuration;
use domain::conversation::{AttachmentDraft, Conversation, Message};
use domain::data_request::DataRequest;
use domain::invoice::Series;
use domain::ledger::Movement;
use domain::members::Members;
use domain::offer::Offer;
use domain::operator::{Operator, ProposedDecision};
use domain::order::Order;
use domain::professional::{Complaints, FileChange, Professional};
use domain::quotes::QuoteRequest;
use domain::report::Report;
use domain::retention::{DiscardedFile, PlannedErasure, RetentionFile, RetentionReport};
use domain::review::{Evaluation, Review};
use domain::shift::Shift;
use domain::terms::TermsRegister;
use http_function::Kind;
use journeys::{context_names, root, same_as_on_disk, template_path, template_text};
use object::{Object as _, ObjectSymbol as _};

/// An action, such as `dynamodb:GetItem`, on a resource as the template writes it.
type Permission = (&'static str, String);

/// Every record's type as symbols name it, and its table.
fn records() -> BTreeMap<&'static str, Table> {
    fn of<R: Record>() -> (&'static str, Table) {
        (std::any::type_name::<R>(), R::TABLE)
    }
    [
        of::<Account>(),
        of::<ActivityLine>(),
        of::<AddressProof>(),
        of::<AgendaDay>(),
        of::<Alert>(),
        of::<Answered>(),
        of::<AttachmentDraft>(),
        of::<Bills>(),
        of::<Booking>(),
        of::<BookingRow>(),
        of::<ClientRow>(),
        of::<Complaints>(),
        of::<Configuration>(),
        of::<Conversation>(),
        of::<DataRequest>(),
        of::<Devices>(),
        of::<DiscardedFile>(),
        of::<DocumentsRow>(),
        of::<DoneOnce>(),
        of::<Evaluation>(),
        of::<Experience>(),
        of::<Favourites>(),
        of::<FileChange>(),
        of::<FoundPlaces>(),
        of::<FoundUnder>(),
        of::<InternalNote>(),
        of::<LikenessMark>(),
        of::<Listing>(),
        of::<Members>(),
        of::<Message>(),
        of::<Movement>(),
        of::<Offer>(),
        of::<OpenOrders>(),
        of::<Order>(),
        of::<Operator>(),
        of::<ProposedDecision>(),
        of::<OutboxItem>(),
        of::<Patron>(),
        of::<PlannedErasure>(),
        of::<Portrait>(),
        of::<Postponed>(),
        of::<PrintedOrder>(),
        of::<Professional>(),
        of::<QuoteAsked>(),
        of::<QuoteRequest>(),
        of::<Report>(),
        of::<RetentionFile>(),
        of::<RetentionReport>(),
        of::<Review>(),
        of::<SavedSites>(),
        of::<ScannedFile>(),
        of::<SentMail>(),
        of::<Series>(),
        of::<Shift>(),
        of::<SignedInDevice>(),
        of::<StoredInvoice>(),
        of::<Tally>(),
        of::<TermsRegister>(),
        of::<TermsText>(),
        of::<Token>(),
        of::<TourPlace>(),
        of::<UndeliveredEvent>(),
        of::<UniqueClaim>(),
    ]
    .into()
}

/// What is kept has names and no resource here: it is a stack of its own.
fn arn(service: &str, rest: &str) -> String {
    format!(
        "!Sub \"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{rest}\""
    )
}

fn table(table: Table) -> String {
    let name = table.name();
    arn("dynamodb", &format!("table/${{Stage}}-{name}"))
}

fn index(of: Table, index: Index) -> String {
    let name = of.name();
    let index = index.name();
    arn(
        "dynamodb",
        &format!("table/${{Stage}}-{name}/index/{index}"),
    )
}

fn bucket(parameter: &str) -> String {
    format!("!Sub \"arn:${{AWS::Partition}}:s3:::${{{parameter}}}\"")
}

fn objects(bucket: &str) -> String {
    format!("!Sub \"arn:${{AWS::Partition}}:s3:::${{{bucket}}}/*\"")
}

/// What reaching `symbol` lets a function do.
fn leads_to(symbol: &str, records: &BTreeMap<&'static str, Table>) -> Vec<Permission> {
    let generic = |beginning: &str| -> Option<Table> {
        let record = symbol.strip_prefix(beginning)?.split_once('>')?.0;
        let known = records.get(record);
        Some(*known.unwrap_or_else(|| panic!("{record} is missing from records()")))
    };
    let on = |action, found: Option<Table>| found.map(|of| (action, table(of)));
    if let Some(rest) = symbol.strip_prefix("<adapters::store::Store>::") {
        let read = on(
            "dynamodb:GetItem",
            generic("<adapters::store::Store>::get::<"),
        );
        let batch = on(
            "dynamodb:BatchGetItem",
            generic("<adapters::store::Store>::get_many::<"),
        );
        return match rest.split("::").next().unwrap_or_default() {
            "warm_up" => vec![("dynamodb:GetItem", table(Table::Uniques))],
            "add_to_count" => vec![("dynamodb:UpdateItem", table(Table::Requests))],
            "count_view" => vec![("dynamodb:UpdateItem", table(Table::Views))],
            "get" => read.into_iter().collect(),
            "get_many" => batch.into_iter().collect(),
            // They call those above, or ask a question, which is a symbol of its own.
            "ask" | "ask_all" | "batch" | "commit" | "commit_apart" | "count" | "cursor_after"
            | "delete_alone" | "is_reachable" | "name" | "put_alone" | "read_found"
            | "transact" | "uncount" | "views" => Vec::new(),
            other => panic!("say what Store::{other} lets a function do"),
        };
    }
    if let Some(rest) = symbol.strip_prefix("<adapters::store::changes::Changes>::") {
        let with = |method: &str| format!("<adapters::store::changes::Changes>::{method}::<");
        let action = match rest.split("::").next().unwrap_or_default() {
            "put" => on("dynamodb:PutItem", generic(&with("put"))),
            "delete" => on("dynamodb:DeleteItem", generic(&with("delete"))),
            "forget" => on("dynamodb:DeleteItem", generic(&with("forget"))),
            _ => None,
        };
        return action.into_iter().collect();
    }
    if let Some(question) = symbol.strip_prefix("<adapters::store::patterns::Question>::") {
        let asked = format!("Question::{question}");
        let patterns = PATTERNS.iter().filter(|pattern| {
            let name = pattern.name.split(' ').next();
            name == Some(asked.as_str())
        });
        let resource = |pattern: &AccessPattern| match pattern.index {
            Some(of) => index(pattern.table, of),
            None => table(pattern.table),
        };
        // An index of keys is asked for these, and the table for the records.
        let records = |pattern: &AccessPattern| {
            let index = pattern.index.filter(|index| index.holds_keys_only());
            index.map(|_| ("dynamodb:BatchGetItem", table(pattern.table)))
        };
        return patterns
            .flat_map(|pattern| {
                records(pattern)
                    .into_iter()
                    .chain([("dynamodb:Query", resource(pattern))])
            })
            .collect();
    }
    let method = |of: &str| {
        let rest = symbol.strip_prefix(of)?.strip_prefix(">::")?;
        rest.split("::").next()
    };
    let documents = method("<adapters::documents::Documents");
    match documents {
        Some("prepare_upload" | "put") => {
            return vec![("s3:PutObject", objects("DocumentsBucket"))];
        }
        Some("keep") => {
            return ["s3:GetObject", "s3:PutObject"]
                .map(|action| (action, objects("DocumentsBucket")))
                .into();
        }
        Some("link") => return vec![("s3:GetObject", objects("DocumentsBucket"))],
        Some("erase") => return vec![("s3:DeleteObject", objects("DocumentsBucket"))],
        // What is missing is only told to who may list.
        Some("find" | "read") => {
            return vec![
                ("s3:GetObject", objects("DocumentsBucket")),
                ("s3:ListBucket", bucket("DocumentsBucket")),
            ];
        }
        Some(_) | None => {}
    }
    match method("<adapters::invoices::Invoices") {
        Some("put_once") => return vec![("s3:PutObject", objects("InvoicesBucket"))],
        Some("erase") => return vec![("s3:DeleteObject", objects("InvoicesBucket"))],
        Some("link" | "read") => return vec![("s3:GetObject", objects("InvoicesBucket"))],
        Some(_) | None => {}
    }
    if method("<adapters::site::Site") == Some("read") {
        return vec![("s3:GetObject", objects("SiteBucket"))];
    }
    if method("<adapters::mailer::Mailer") == Some("send") {
        return ["identity/${MailDomain}", "configuration-set/${Stage}-mail"]
            .map(|of| ("ses:SendEmail", arn("ses", of)))
            .into();
    }
    if method("<adapters::bus::Bus") == Some("publish") {
        return vec![(
            "events:PutEvents",
            arn("events", "event-bus/${Stage}-events"),
        )];
    }
    let queue = arn("sqs", "${Stage}-undelivered");
    match method("<adapters::undelivered::UndeliveredQueue") {
        Some("count") => return vec![("sqs:GetQueueAttributes", queue)],
        Some("take") => return vec![("sqs:ReceiveMessage", queue)],
        Some("forget") => return vec![("sqs:DeleteMessage", queue)],
        Some(_) | None => {}
    }
    if method("<adapters::lambdas::Lambdas") == Some("give") {
        return listening();
    }
    if let Some(rest) = symbol.strip_prefix("adapters::vault::read::<adapters::vault::") {
        let secret = rest.split('>').next().unwrap_or_default();
        let name = match secret {
            "SessionSecret" => "session",
            "LinkSecret" => "links",
            "StripeSecret" => "stripe",
            other => panic!("say what {other} is called"),
        };
        // Secrets Manager adds six characters of its own to a name.
        let secret = format!("secret:${{Stage}}/monagentdesecu/{name}-??????");
        return vec![(
            "secretsmanager:GetSecretValue",
            arn("secretsmanager", &secret),
        )];
    }
    Vec::new()
}

/// What fails at an event may be given it again: every function that the bus or a service wakes.
fn listening() -> Vec<Permission> {
    let functions = directory::functions().into_iter();
    let listening = functions
        .filter(|function| matches!(function.kind, Kind::Listener(_) | Kind::Observer { .. }));
    listening
        .map(|function| {
            let name = format!("function:${{Stage}}-{}", function.name);
            ("lambda:InvokeFunction", arn("lambda", &name))
        })
        .collect()
}

fn binary(function: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("../debug")
        .join(function)
}

/// What the linker kept of our store and clients: read from the binary, or where binaries are not kept
/// (`infra/deploy/build --sparing`) from the list that was made of it.
fn symbols(function: &str) -> Vec<String> {
    let path = binary(function);
    let ours = |name: &str| name.contains("8adapters");
    let Ok(bytes) = std::fs::read(&path) else {
        let noted = root().join(format!("target/lambda/{function}.symbols"));
        let noted = std::fs::read_to_string(noted).unwrap_or_else(|_| {
            panic!("{function} is not built: cargo build --workspace --bins");
        });
        return noted.lines().map(str::to_owned).collect();
    };
    let file = object::File::parse(&*bytes).unwrap();
    let defined = file.symbols().filter(|symbol| symbol.is_definition());
    let names = defined.filter_map(|symbol| symbol.name().ok().filter(|name| ours(name)));
    names.map(str::to_owned).collect()
}

fn derived(function: &str, records: &BTreeMap<&'static str, Table>) -> BTreeSet<Permission> {
    let names = symbols(function).into_iter();
    let names = names.map(|name| format!("{:#}", rustc_demangle::demangle(&name)));
    names.flat_map(|name| leads_to(&name, records)).collect()
}

#[test]
fn every_role_lists_what_its_function_can_touch_and_nothing_else() {
    let records = records();
    for context in directory::contexts() {
        let policy = |name: &str| -> stacks::Policy {
            let derived = derived(name, &records).into_iter();
            derived
                .map(|(action, resource)| {
                    assert!(
                        stacks::ACTIONS.contains(&action),
                        "{action} would be left out"
                    );
                    (action.to_owned(), resource)
                })
                .collect()
        };
        let text = stacks::context(&context, policy);
        same_as_on_disk(&template_path(context.name), &text);
    }
}

#[test]
fn no_policy_speaks_of_everything() {
    let objects = |resource: &str| resource.ends_with("Bucket}/*\"");
    for stack in context_names() {
        for (function, policy) in stacks::written_policies(&template_text(stack)) {
            for (action, resource) in policy {
                assert!(
                    objects(&resource) || !resource.contains('*'),
                    "{function}: {action} on {resource}"
                );
            }
        }
        assert!(!template_text(stack).contains("Resource: \"*\""), "{stack}");
    }
}
