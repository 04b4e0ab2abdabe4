//! Mails that did not reach their reader, and what to do about each.

use adapters::store::{Key, Question, SentMail};
use askama::Template;
use domain::account::{Account, Role};
use domain::again::MAIL_IS_LOST;
use domain::ids::{AccountId, ProfessionalId};
use domain::mail::MailFate;
use domain::professional::Professional;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::frame::{Frame, Section, moment, shown, since};

/// The mails that wait for the operator.
pub(crate) struct MailsPage;

/// Where the list goes on.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct MailsQuery {
    apres: Option<String>,
}

struct Line {
    mail: SentMail,
    fate: &'static str,
    todo: &'static str,
    when: String,
    message: String,
    reader: Reader,
}

/// A mail that was begun, and of which nobody knows whether it left.
struct Unsent {
    mail: SentMail,
    age: String,
    reader: Reader,
}

/// Where one reads about whom a mail was for.
struct Reader {
    address: String,
    kind: &'static str,
    name: String,
}

#[derive(Template)]
#[template(path = "mails.html")]
struct MailsTemplate {
    frame: Frame,
    lines: Vec<Line>,
    unsent: Vec<Unsent>,
    next: Option<String>,
}

impl Operation for MailsPage {
    const NAME: &'static str = "show-mails";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/courriels";
    const SUMMARY: &'static str = "Mails that were lost or unwanted, longest waiting first.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = MailsQuery;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let question = Question::returned_mails().after(call.input.apres.clone());
        let page = desk.store.ask::<SentMail>(question).await?;
        let lines = page.records.into_iter().map(|read| read.record);
        let mut lines: Vec<Line> = lines.filter_map(line).collect();
        for line in &mut lines {
            name(desk, &line.mail.recipient, &mut line.reader).await?;
        }
        shown(&MailsTemplate {
            frame: Frame::of(Section::Overview, &call.notice),
            lines,
            unsent: unsent(desk, call.now).await?,
            next: page.next.map(|next| format!("{}?apres={next}", Self::PATH)),
        })
    }
}

fn line(mail: SentMail) -> Option<Line> {
    let news = mail.news.as_ref()?;
    Some(Line {
        fate: news.fate.label(),
        todo: todo(news.fate),
        when: moment(&news.at),
        message: news.message.clone(),
        reader: reader(&mail.recipient),
        mail,
    })
}

/// How many unsent mails are shown at once: the oldest.
const UNSENT: i32 = 50;

/// Mails that were begun long enough ago to be known as sent, and are not.
async fn unsent(desk: &Desk<()>, now: Timestamp) -> Result<Vec<Unsent>, Problem> {
    let question = Question::unsent_mails(now - MAIL_IS_LOST).limit(UNSENT);
    let mut unsent = Vec::new();
    for read in desk.store.ask::<SentMail>(question).await?.records {
        let mail = read.record;
        let mut reader = reader(&mail.recipient);
        name(desk, &mail.recipient, &mut reader).await?;
        let age = since(&mail.at, &now);
        unsent.push(Unsent { mail, age, reader });
    }
    Ok(unsent)
}

/// Says whom a mail was for by name, and leads to their page.
async fn name(desk: &Desk<()>, recipient: &str, reader: &mut Reader) -> Result<(), Problem> {
    if let Ok(id) = ProfessionalId::parse(recipient) {
        let key = Key::professional(&id);
        if let Some(read) = desk.store.get::<Professional>(key).await? {
            read.record.name().clone_into(&mut reader.name);
        }
    } else if let Ok(id) = AccountId::parse(recipient)
        && let Some(read) = desk.store.get::<Account>(Key::account(&id)).await?
    {
        let account = read.record;
        account.email.as_str().clone_into(&mut reader.name);
        if let Some(professional) = account.professional {
            reader.address = format!("/admin/professionnels/{professional}");
        } else if account.role == Role::Client {
            reader.address = format!("/admin/clients/{id}");
        }
    }
    Ok(())
}

fn todo(fate: MailFate) -> &'static str {
    match fate {
        MailFate::Bounced => {
            "L’adresse n’existe pas ou refuse nos envois : joindre la personne par téléphone, corriger l’adresse, puis la retirer de la liste de suppression d’Amazon SES."
        }
        MailFate::Complained => {
            "La personne ne veut plus de nos courriels et n’en recevra plus : la joindre autrement pour ses missions en cours."
        }
        MailFate::Rejected => {
            "Le message a été pris pour dangereux : relire ce qu’il contenait, puis écrire à la personne."
        }
        MailFate::Delivered | MailFate::PutOff => "",
    }
}

fn reader(recipient: &str) -> Reader {
    let (address, kind) = match recipient.split_once('_').map(|(kind, _)| kind) {
        Some("pro") => (
            format!("/admin/professionnels/{recipient}"),
            "Professionnel",
        ),
        Some("acc") => (format!("/admin/activite?who={recipient}"), "Compte"),
        Some("rpt") => (
            format!("/admin/signalements/{recipient}"),
            "Auteur d’un signalement",
        ),
        Some("prf") => (
            format!("/admin/activite?subject={recipient}"),
            "Adresse à confirmer",
        ),
        Some(_) | None => ("/admin".to_owned(), "Exploitant"),
    };
    Reader {
        address,
        kind,
        name: recipient.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::reader;

    #[test]
    fn whom_a_mail_was_for_leads_to_where_one_reads_about_them() {
        for (recipient, address) in [
            ("pro_1", "/admin/professionnels/pro_1"),
            ("acc_1", "/admin/activite?who=acc_1"),
            ("rpt_1", "/admin/signalements/rpt_1"),
            ("prf_1", "/admin/activite?subject=prf_1"),
            ("operator", "/admin"),
        ] {
            assert_eq!(reader(recipient).address, address);
        }
    }
}
