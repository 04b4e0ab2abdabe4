//! The templates of `infra/`, read.

use serde_yaml_ng::Value;

use crate::world::root;

/// The text of `infra/<name>.yaml`.
///
/// # Panics
/// When it is not there.
pub fn template_text(name: &str) -> String {
    std::fs::read_to_string(root().join(format!("infra/{name}.yaml"))).unwrap()
}

/// The template `infra/<name>.yaml`, with its short forms as tags.
///
/// # Panics
/// When it is not there, or no YAML.
pub fn template(name: &str) -> Value {
    serde_yaml_ng::from_str(&template_text(name)).unwrap()
}
