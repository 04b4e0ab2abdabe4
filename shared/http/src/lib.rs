//! How a function meets what calls it: a browser through the gateway, the bus, a schedule.
//!
//! A function declares itself as an [`Operation`], a [`Listener`], an [`Observer`], a [`Chore`] or a [`Feed`]; this
//! crate parses, admits, runs, writes the changes in one transaction and answers.

mod answer;
mod background;
mod call;
mod confirm;
mod desk;
pub mod door;
mod figures;
mod function;
mod identifiers;
mod limits;
mod links;
mod openapi;
mod origin;
mod pages;
mod paths;
mod problem;
pub mod proof;
mod refusals;
mod round;
pub mod sessions;
pub mod terms;
mod throttle;
mod who;

pub use answer::{Answer, Reply};
pub use background::{Chore, Feed, Listener, Named, Observer, Ours};
pub use call::{Call, Nothing, Notice, Operation, PageAsked, RawBody};
pub use confirm::{confirm_password, hashing, is_password};
pub use desk::{Desk, Settings};
pub use door::recovery_codes;
pub use figures::Figure;
pub use function::{
    BusRule, Function, Invoke, Kind, Pages, Route, start_chore, start_feed, start_listener,
    start_observer, start_operation, start_pages,
};
pub use identifiers::exchange_identifier;
pub use limits::{Every, Limits, Stream};
pub use links::{
    agent_feed_owner, alert_of_token, alert_token, calendar_feed, calendar_feed_owner,
    is_calendar_feed, link_expired, mission_calendar, mission_of_calendar, newsletter_account,
    newsletter_token, read_link,
};
pub use openapi::openapi;
pub use pages::{Calendar, Dressing, Html, Page, Svg, Unserved, Xml};
pub use paths::{BookingPath, OrderPath, QuoteRequestPath, ReviewPath};
pub use problem::Problem;
pub use round::{Round, Tour};
pub use sessions::{Employment, Session};
pub use throttle::{
    ByAddress, DAY, HOUR, QUARTER, Tried, by_email, by_ip, by_mailbox, forgive, throttle,
};
pub use who::{
    Access, AccountHolder, Admin, Agent, Anyone, Applicant, Client, Correspondent, FileHolder,
    Owner, Principal, Professional, SignedIn, Visitor, Who, session_ended,
};
