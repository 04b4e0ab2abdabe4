//! The API's documentation (OpenAPI 3.1), from what the functions declare of themselves.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::call::{Nothing, Operation};
use crate::function::{Function, Kind};
use crate::problem::ProblemBody;
use crate::who::Access;

/// What one operation takes and gives.
pub(crate) struct OperationSchema {
    summary: &'static str,
    path: Value,
    input: Value,
    output: Option<Schema>,
    takes_input: bool,
    repeatable: bool,
}

impl OperationSchema {
    pub(crate) fn of<O: Operation<Output: JsonSchema>>(generator: &mut SchemaGenerator) -> Self {
        let nothing = std::any::TypeId::of::<Nothing>();
        let resolved =
            |generator: &mut SchemaGenerator, schema: Schema| resolve(generator, schema.to_value());
        let path = generator.subschema_for::<O::Path>();
        let path = resolved(generator, path);
        let input_schema = generator.subschema_for::<O::Input>();
        let input = if O::METHOD == "GET" {
            resolved(generator, input_schema)
        } else {
            input_schema.to_value()
        };
        Self {
            summary: O::SUMMARY,
            path,
            input,
            output: (!O::REDIRECTS).then(|| generator.subschema_for::<O::Output>()),
            takes_input: nothing != std::any::TypeId::of::<O::Input>() && !O::RAW_BODY,
            repeatable: !O::SECRET,
        }
    }
}

/// Follows a reference to a definition, so that parameters can be listed one by one.
fn resolve(generator: &SchemaGenerator, schema: Value) -> Value {
    let name = schema["$ref"]
        .as_str()
        .and_then(|target| target.rsplit('/').next())
        .map(str::to_owned);
    name.and_then(|name| generator.definitions().get(&name).cloned())
        .unwrap_or(schema)
}

fn parameters(schema: &Value, place: &str) -> Vec<Value> {
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, schema)| {
            json!({ "name": name, "in": place, "required": place == "path" || required.contains(&name.as_str()), "schema": schema })
        })
        .collect()
}

fn responses(output: Option<Schema>, problem: &Schema) -> Value {
    let refused = json!({ "description": "Refused", "content": { "application/problem+json": { "schema": problem } } });
    match output {
        Some(output) => json!({
            "2XX": { "description": "Done", "content": { "application/json": { "schema": output } } },
            "default": refused,
        }),
        None => json!({
            "303": {
                "description": "There it is, for a minute",
                "headers": { "Location": { "required": true, "schema": { "type": "string" } } },
            },
            "default": refused,
        }),
    }
}

/// The document, of every function over HTTP.
pub fn openapi(functions: &[Function]) -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let problem = generator.subschema_for::<ProblemBody<'static>>();
    let mut paths: Map<String, Value> = Map::new();
    for function in functions {
        let (Kind::Http(route), Some(schema)) = (function.kind, function.schema) else {
            continue;
        };
        let schema = schema(&mut generator);
        let mut list = parameters(&schema.path, "path");
        let mut operation = json!({
            "operationId": function.name,
            "summary": schema.summary,
            "tags": [route.path.split('/').nth(2).unwrap_or("webhooks")],
            "responses": responses(schema.output, &problem),
        });
        if route.method == "GET" {
            list.extend(parameters(&schema.input, "query"));
        } else {
            if schema.takes_input {
                operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schema.input } } });
            }
            if schema.repeatable {
                list.push(json!({
                    "name": "Idempotency-Key", "in": "header", "required": false,
                    "description": "Repeat a request with the same key and it is done once.",
                    "schema": { "type": "string", "maxLength": 100 },
                }));
            }
        }
        operation["parameters"] = Value::Array(list);
        if route.access != Access::Anyone {
            operation["security"] = json!([{ "session": [] }]);
            operation["x-access"] = json!(format!("{:?}", route.access).to_lowercase());
        }
        let path = paths
            .entry(route.path.to_owned())
            .or_insert_with(|| json!({}));
        path[route.method.to_lowercase()] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "MonAgentDeSecu", "version": env!("CARGO_PKG_VERSION"), "description": "Book checked security professionals in France. Amounts are integer cents, times RFC 3339." },
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": { "session": { "type": "apiKey", "in": "cookie", "name": "session" } },
        },
    })
}
