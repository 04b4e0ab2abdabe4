//! Registrations to decide on, and the professionals that came of them.

mod file;
mod lists;
mod measure;

pub(crate) use file::ProfessionalPage;
pub(crate) use lists::{ProfessionalsPage, RegistrationsPage};
pub(crate) use measure::MeasurePage;
