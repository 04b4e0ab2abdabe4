//! Changes of professionals' files: those that wait, and what the page of one professional shows of them.

use std::collections::BTreeMap;

use adapters::store::{Key, Question};
use askama::Template;
use domain::ids::{DocumentId, FileChangeId, ProfessionalId};
use domain::professional::{ChangeState, Difference, FileChange, Professional};
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};

use crate::frame::{Frame, Section, moment, shown, since};
use crate::words;

/// How many a page shows: those behind them come once they are dealt with.
const MOST: i32 = 50;

/// The changes that wait for a decision.
pub(crate) struct ChangesPage;

struct Waiting {
    professional: ProfessionalId,
    name: String,
    change: FileChangeId,
    title: String,
    asked: String,
    age: String,
}

#[derive(Template)]
#[template(path = "changes.html")]
struct ChangesTemplate {
    frame: Frame,
    waiting: Vec<Waiting>,
}

impl Operation for ChangesPage {
    const NAME: &'static str = "show-file-changes";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/changements";
    const SUMMARY: &'static str =
        "Changes of professionals' files that wait for a decision, longest waiting first.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let question = Question::file_changes_waiting().limit(MOST);
        let page = desk.store.ask::<FileChange>(question).await?;
        let mut names: BTreeMap<ProfessionalId, String> = BTreeMap::new();
        let mut waiting = Vec::new();
        for change in page.records.into_iter().map(|read| read.record) {
            let id = change.professional.clone();
            if !names.contains_key(&id) {
                let read = desk
                    .store
                    .get::<Professional>(Key::professional(&id))
                    .await?;
                let name = read.map_or_else(String::new, |read| read.record.name().to_owned());
                names.insert(id.clone(), name);
            }
            let from = change.waits_since().unwrap_or(change.asked_at);
            waiting.push(Waiting {
                name: names.get(&id).cloned().unwrap_or_default(),
                professional: id,
                title: change.proposal.title(),
                asked: moment(&change.asked_at),
                age: since(&from, &call.now),
                change: change.id,
            });
        }
        shown(&ChangesTemplate {
            frame: Frame::of(Section::Professionals, &call.notice),
            waiting,
        })
    }
}

/// A document that goes with a change.
pub(crate) struct ChangeDocument {
    pub(crate) id: DocumentId,
    pub(crate) label: &'static str,
    pub(crate) state: &'static str,
    pub(crate) tone: &'static str,
    pub(crate) opens: bool,
}

/// Something that was asked or answered.
pub(crate) struct RemarkLine {
    pub(crate) who: &'static str,
    pub(crate) at: String,
    pub(crate) text: String,
}

/// A change on the page of its professional.
pub(crate) struct ChangeLine {
    pub(crate) id: FileChangeId,
    pub(crate) title: String,
    pub(crate) state: &'static str,
    pub(crate) tone: &'static str,
    pub(crate) asked: String,
    pub(crate) from: String,
    pub(crate) differences: Vec<Difference>,
    pub(crate) documents: Vec<ChangeDocument>,
    pub(crate) remarks: Vec<RemarkLine>,
    pub(crate) decided: Option<String>,
}

/// The changes of one file: those to decide, oldest first, and the versions before, newest first.
pub(crate) async fn of_file(
    desk: &Desk<()>,
    professional: &Professional,
) -> Result<(Vec<ChangeLine>, Vec<ChangeLine>), Problem> {
    let question = Question::file_changes_of(&professional.id);
    let all = desk.store.ask_all::<FileChange>(question).await?;
    let all = all.into_iter().map(|read| read.record);
    let (mut open, past): (Vec<FileChange>, Vec<FileChange>) =
        all.partition(|change| change.state.is_open());
    open.sort_by_key(|change| change.asked_at);
    let line = |change: FileChange| line(change, professional);
    Ok((
        open.into_iter().map(line).collect(),
        past.into_iter().map(line).collect(),
    ))
}

fn line(change: FileChange, professional: &Professional) -> ChangeLine {
    let (state, tone) = state(change.state);
    let differences = change.differences();
    let whose = change.proposal.holder();
    let documents = professional.documents.iter();
    let documents = documents.filter(|document| Some(document.holder()) == whose);
    let asked_by = &change.asked_by;
    let remarks = change.remarks.iter().map(|remark| RemarkLine {
        who: if remark.by == *asked_by {
            "Le professionnel"
        } else {
            "Exploitation"
        },
        at: moment(&remark.at),
        text: remark.text.clone(),
    });
    let decided = change.decision.as_ref().map(|decision| {
        let how = decision.method.as_ref().or(decision.reason.as_ref());
        let how = how.map(|how| format!(" : {how}")).unwrap_or_default();
        format!("le {}, par {}{how}", moment(&decision.at), decision.by)
    });
    ChangeLine {
        title: change.proposal.title(),
        state,
        tone,
        asked: moment(&change.asked_at),
        from: format!("{}, {}", change.ip, change.browser),
        differences,
        documents: documents
            .map(|document| ChangeDocument {
                id: document.id.clone(),
                label: document.kind().label(),
                state: words::document(document.status),
                tone: words::document_tone(document.status),
                opens: document.is_deposited(),
            })
            .collect(),
        remarks: remarks.collect(),
        decided,
        id: change.id,
    }
}

fn state(state: ChangeState) -> (&'static str, &'static str) {
    match state {
        ChangeState::Applied => ("Fait aussitôt", "good"),
        ChangeState::Waiting => ("À décider", "warn"),
        ChangeState::ComplementAsked => ("Complément demandé", ""),
        ChangeState::Accepted => ("Accepté", "good"),
        ChangeState::Refused => ("Refusé", "bad"),
        ChangeState::Withdrawn => ("Repris par le professionnel", ""),
        ChangeState::Replaced => ("Remplacé par une autre demande", ""),
    }
}
