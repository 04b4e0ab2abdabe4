//! A world to test in: the whole marketplace on this machine, and browsers that talk to it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod browser;
pub mod life;
mod people;
mod stored;
mod templates;
mod world;

pub use browser::{Answer, Browser};
pub use people::{
    Client, Professional, accept, admin, confirm, decide_each_point, documents, pdf, prepare,
    put_file, scanned, sign_operator_in, sign_up, upload,
};
pub use stored::hold_to_stored_shapes;
pub use templates::{context_names, template, template_path, template_text};
pub use world::{Call, World, root, same_as_on_disk};
