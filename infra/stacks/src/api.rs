//! The two HTTP APIs: each operation is handed to its function by the gateway's own role, so that no
//! route needs a permission.

use http_function::Function;
use serde_json::{Map, Value, json};

/// Which API a route is of: one takes no more than 300 integrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Everybody's.
    Public,
    /// The operator's: `/admin` and `/api/admin`.
    Operator,
}

impl Door {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Public, Self::Operator];

    /// Which API answers a path.
    pub fn of(path: &str) -> Self {
        let under = |prefix: &str| {
            let rest = path.strip_prefix(prefix);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if under("/admin") || under("/api/admin") {
            Self::Operator
        } else {
            Self::Public
        }
    }

    /// The logical name of its API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "Public",
            Self::Operator => "Operator",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Public => "${Stage}-monagentdesecu",
            Self::Operator => "${Stage}-monagentdesecu-operator",
        }
    }
}

/// The template of both APIs.
pub fn api(functions: &[Function]) -> String {
    let mut resources = Map::new();
    let mut outputs = Map::new();
    for door in Door::ALL {
        resources.insert(
            door.name().to_owned(),
            json!({
                "Type": "AWS::ApiGatewayV2::Api",
                "Properties": {
                    "FailOnWarnings": true,
                    "Body": {
                        "openapi": "3.0.1",
                        "info": { "title": { "Fn::Sub": door.title() }, "version": "1" },
                        "paths": paths(functions, door),
                    },
                },
            }),
        );
        outputs.insert(
            door.name().to_owned(),
            json!({ "Value": { "Ref": door.name() } }),
        );
    }
    let template = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "MonAgentDeSecu, the HTTP APIs. Written by `make docs` from functions/*/src/lib.rs.",
        "Parameters": {
            "Stage": { "Type": "String" },
            "InvokeRole": { "Type": "String" },
        },
        "Resources": resources,
        "Outputs": outputs,
    });
    format!("{template:#}\n")
}

fn paths(functions: &[Function], door: Door) -> Map<String, Value> {
    let mut paths = Map::new();
    for function in functions {
        for (method, path) in function.routes() {
            if Door::of(&path) != door {
                continue;
            }
            let method = match method {
                "ANY" => "x-amazon-apigateway-any-method".to_owned(),
                named => named.to_lowercase(),
            };
            let operations = paths.entry(path).or_insert_with(|| json!({}));
            operations[method] = operation(function.name);
        }
    }
    paths
}

fn operation(function: &str) -> Value {
    let called = format!(
        "arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/\
         arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:${{Stage}}-{function}/invocations"
    );
    json!({
        "responses": { "default": { "description": "Answered by the function" } },
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "payloadFormatVersion": "2.0",
            "credentials": { "Ref": "InvokeRole" },
            "uri": { "Fn::Sub": called },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_operator_asks_for_has_an_api_of_its_own() {
        for path in ["/admin", "/admin/{proxy+}", "/api/admin/registrations"] {
            assert_eq!(Door::of(path), Door::Operator, "{path}");
        }
        for path in [
            "/api/administrators",
            "/administration",
            "/api/search",
            "/webhooks/stripe",
        ] {
            assert_eq!(Door::of(path), Door::Public, "{path}");
        }
    }
}
