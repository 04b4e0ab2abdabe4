//! The templates of `infra/`, read.

use std::path::PathBuf;

use serde_yaml_ng::Value;

use crate::world::root;

/// Where the template of a stack is: `data`, `template`, `edge`, `api`, or a context's name.
pub fn template_path(stack: &str) -> PathBuf {
    root().join(match stack {
        "data" | "template" | "edge" => format!("infra/{stack}.yaml"),
        "api" => "infra/api.json".to_owned(),
        context => format!("infra/contexts/{context}.yaml"),
    })
}

/// Its text; empty when it is not there.
pub fn template_text(stack: &str) -> String {
    std::fs::read_to_string(template_path(stack)).unwrap_or_default()
}

/// The template of a stack, with its short forms as tags.
///
/// # Panics
/// When it is no YAML.
pub fn template(stack: &str) -> Value {
    serde_yaml_ng::from_str(&template_text(stack)).unwrap()
}

/// The names of the stacks that hold functions.
pub fn context_names() -> Vec<&'static str> {
    let contexts = directory::contexts().into_iter();
    contexts.map(|context| context.name).collect()
}
