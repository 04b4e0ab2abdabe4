//! What its role lets each function do, held against what it asks of DynamoDB, S3, SES and the
//! bus: a call that its policy does not allow is refused here as it is on AWS.
//!
//! Each function signs with an access key of its own, so a request tells who makes it. Keys that
//! belong to no function (the operator's first account, the demonstration, tests) may do anything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use http::{HeaderMap, Uri, header};
use serde_json::Value;

use crate::s3::ACCESS_KEY;
use crate::template::{ACCOUNT, REGION, Template, table_arn};

/// What begins the access key of a function; its name follows.
const OWN: &str = "function-";

/// An action on a resource, such as `dynamodb:GetItem` on a table's ARN.
pub(crate) type Permission = (String, String);

/// The roles of the templates.
#[derive(Clone)]
pub(crate) struct Permissions {
    granted: Arc<BTreeMap<String, BTreeSet<Permission>>>,
}

/// The access key with which a function signs on this machine.
#[must_use]
pub fn access_key(function: &str) -> String {
    format!("{OWN}{function}")
}

impl Permissions {
    pub(crate) fn new(template: &Template) -> Self {
        Self {
            granted: Arc::new(template.permissions.clone()),
        }
    }

    /// Every access key that may sign here.
    pub(crate) fn keys(&self) -> impl Iterator<Item = String> {
        let functions = self.granted.keys().map(|name| access_key(name));
        functions.chain([ACCESS_KEY.to_owned()])
    }

    /// Refuses what the key's policy does not allow, in a sentence for the log.
    pub(crate) fn check(&self, key: Option<&str>, asked: &[Permission]) -> Result<(), String> {
        let Some(function) = key.and_then(|key| key.strip_prefix(OWN)) else {
            return Ok(());
        };
        let nothing = BTreeSet::new();
        let granted = self.granted.get(function).unwrap_or(&nothing);
        for (action, resource) in asked {
            let allowed = granted
                .iter()
                .any(|(known, of)| known == action && covers(of, resource));
            if !allowed {
                return Err(format!("{function} may not {action} on {resource}"));
            }
        }
        Ok(())
    }
}

/// A policy's resource is the very one, or every object of a bucket or of a folder in it.
fn covers(granted: &str, asked: &str) -> bool {
    match granted.strip_suffix('*') {
        Some(beginning) => asked.starts_with(beginning),
        None => granted == asked,
    }
}

/// The access key that signed a request: in its `Authorization`, or in a presigned address.
pub(crate) fn signer(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let signed = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split("Credential=").nth(1));
    let presigned = uri
        .query()
        .and_then(|query| query.split("X-Amz-Credential=").nth(1));
    let scope = signed.or(presigned)?;
    let end = scope.find(['/', '%'])?;
    Some(scope[..end].to_owned())
}

/// What a request of DynamoDB's JSON protocol asks for.
pub(crate) fn of_tables(operation: &str, body: &Value) -> Vec<Permission> {
    let on = |action: &str, table: &Value| {
        let table = table.as_str().unwrap_or_default();
        (format!("dynamodb:{action}"), table_arn(table))
    };
    match operation {
        "TransactWriteItems" => {
            let items = body["TransactItems"].as_array().into_iter().flatten();
            let writes = items.flat_map(|item| item.as_object().into_iter().flatten());
            let action = |kind: &str| match kind {
                "ConditionCheck" => "ConditionCheckItem".to_owned(),
                write => format!("{write}Item"),
            };
            writes
                .map(|(kind, write)| on(&action(kind), &write["TableName"]))
                .collect()
        }
        "BatchGetItem" => {
            let tables = body["RequestItems"].as_object().into_iter().flatten();
            tables
                .map(|(table, _)| on(operation, &table.as_str().into()))
                .collect()
        }
        "TransactGetItems" => {
            let items = body["TransactItems"].as_array().into_iter().flatten();
            items
                .map(|item| on("GetItem", &item["Get"]["TableName"]))
                .collect()
        }
        _ => {
            let (action, table) = on(operation, &body["TableName"]);
            let resource = match body["IndexName"].as_str() {
                Some(index) => format!("{table}/index/{index}"),
                None => table,
            };
            vec![(action, resource)]
        }
    }
}

/// Names the object that S3 is asked to copy.
pub(crate) const COPY_SOURCE: &str = "x-amz-copy-source";

/// What a request asks of S3, path style. Who copies also reads.
pub(crate) fn of_buckets(
    method: &http::Method,
    path: &str,
    headers: &HeaderMap,
) -> Vec<Permission> {
    let action = match *method {
        http::Method::GET | http::Method::HEAD => "s3:GetObject",
        http::Method::PUT | http::Method::POST => "s3:PutObject",
        _ => "s3:DeleteObject",
    };
    let on = |action: &str, path: &str| {
        let object = path.trim_start_matches('/');
        (action.to_owned(), format!("arn:aws:s3:::{object}"))
    };
    let source = headers
        .get(COPY_SOURCE)
        .and_then(|source| source.to_str().ok());
    let reading = source.map(|source| on("s3:GetObject", source));
    [on(action, path)].into_iter().chain(reading).collect()
}

/// What sending a mail asks for: the identity that it comes from, an address or its domain.
pub(crate) fn of_mail(body: &Value) -> Vec<Permission> {
    let sender = body["FromEmailAddress"].as_str().unwrap_or_default();
    let address = sender.rsplit('<').next().unwrap_or_default();
    let address = address.trim_end_matches('>');
    let domain = address.rsplit('@').next().unwrap_or_default();
    let identity = format!("arn:aws:ses:{REGION}:{ACCOUNT}:identity/{domain}");
    vec![("ses:SendEmail".to_owned(), identity)]
}

/// What publishing events asks for.
pub(crate) fn of_bus(body: &Value) -> Vec<Permission> {
    let entries = body["Entries"].as_array().into_iter().flatten();
    let bus = |entry: &Value| {
        let name = crate::template::bus_name(entry["EventBusName"].as_str().unwrap_or("default"));
        let arn = format!("arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{name}");
        ("events:PutEvents".to_owned(), arn)
    };
    entries.map(bus).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn permissions() -> Permissions {
        let table = table_arn("local-bookings");
        let granted = [
            ("dynamodb:GetItem", table.clone()),
            ("dynamodb:Query", format!("{table}/index/by-client")),
            ("s3:GetObject", "arn:aws:s3:::local-documents/*".to_owned()),
        ];
        let granted = granted.map(|(action, resource)| (action.to_owned(), resource));
        Permissions {
            granted: Arc::new([("read-booking".to_owned(), granted.into())].into()),
        }
    }

    #[test]
    fn a_function_does_what_its_policy_lists_and_nothing_else() {
        let permissions = permissions();
        let key = access_key("read-booking");
        let tables = |operation: &str, body: Value| {
            permissions.check(Some(&key), &of_tables(operation, &body))
        };
        let bookings = json!({ "TableName": "local-bookings" });
        assert!(tables("GetItem", bookings.clone()).is_ok());
        assert!(
            tables(
                "Query",
                json!({ "TableName": "local-bookings", "IndexName": "by-client" })
            )
            .is_ok()
        );
        for (operation, body) in [
            ("Query", bookings.clone()),
            ("Scan", bookings.clone()),
            ("GetItem", json!({ "TableName": "local-bookings-2" })),
            (
                "Query",
                json!({ "TableName": "local-bookings", "IndexName": "by-deadline" }),
            ),
            (
                "TransactWriteItems",
                json!({ "TransactItems": [{ "Put": { "TableName": "local-bookings" } }] }),
            ),
        ] {
            let refused = tables(operation, body).unwrap_err();
            assert!(
                refused.starts_with("read-booking may not dynamodb:"),
                "{refused}"
            );
        }
        let buckets = |method, path| {
            permissions.check(Some(&key), &of_buckets(&method, path, &HeaderMap::new()))
        };
        assert!(buckets(http::Method::GET, "/local-documents/pro/1").is_ok());
        assert!(buckets(http::Method::PUT, "/local-documents/pro/1").is_err());
        assert!(buckets(http::Method::GET, "/local-invoices/1").is_err());
        let mut copying = HeaderMap::new();
        copying.insert(COPY_SOURCE, "local-invoices/1".parse().unwrap());
        assert_eq!(
            of_buckets(&http::Method::PUT, "/local-documents/pro/1", &copying),
            [
                ("s3:PutObject", "arn:aws:s3:::local-documents/pro/1"),
                ("s3:GetObject", "arn:aws:s3:::local-invoices/1"),
            ]
            .map(|(action, resource)| (action.to_owned(), resource.to_owned()))
        );
        let stranger = access_key("nobody");
        assert!(
            permissions
                .check(Some(&stranger), &of_tables("GetItem", &bookings))
                .is_err()
        );
        assert!(
            permissions
                .check(Some(ACCESS_KEY), &of_tables("GetItem", &bookings))
                .is_ok()
        );
    }

    #[test]
    fn a_request_tells_who_signed_it() {
        let uri: Uri = "/b/k?X-Amz-Credential=function-link%2F20260101%2Feu-west-3"
            .parse()
            .unwrap();
        assert_eq!(signer(&HeaderMap::new(), &uri).unwrap(), "function-link");
        let mut headers = HeaderMap::new();
        let value =
            "AWS4-HMAC-SHA256 Credential=function-read/20260101/eu-west-3/dynamodb/aws4_request";
        headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        assert_eq!(
            signer(&headers, &Uri::from_static("/")).unwrap(),
            "function-read"
        );
        assert_eq!(signer(&HeaderMap::new(), &Uri::from_static("/")), None);
    }
}
