//! Mails that did not reach their reader, and what to do about each.

use adapters::store::{Question, SentMail};
use askama::Template;
use domain::mail::MailFate;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::frame::{Frame, Section, moment, shown};

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

/// Where one reads about whom a mail was for.
struct Reader {
    address: String,
    kind: &'static str,
}

#[derive(Template)]
#[template(path = "mails.html")]
struct MailsTemplate {
    frame: Frame,
    lines: Vec<Line>,
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
        shown(&MailsTemplate {
            frame: Frame::of(Section::Overview, &call.notice),
            lines: lines.filter_map(line).collect(),
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
        Some(_) | None => ("/admin".to_owned(), "Exploitant"),
    };
    Reader { address, kind }
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
            ("operator", "/admin"),
        ] {
            assert_eq!(reader(recipient).address, address);
        }
    }
}
