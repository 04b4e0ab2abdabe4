//! A mail as content: what it says, without how it looks. One layout renders it as HTML, another as
//! plain text.

use adapters::mailer::Mail;
use askama::Template;
use domain::booking::confirmation::Part;
use domain::identifiers::Email;
use domain::platform::Platform;
use domain::typography::{of, unbroken};

/// The longest subject, in characters: phones show less, some mail systems cut after.
const LONGEST_SUBJECT: usize = 120;

/// Whether a letter may carry anything beside its purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// The layout of every mail.
    Usual,
    /// The invitation to review: words, one link, and nothing that sells (terms, article 3.2).
    Survey,
}

/// One line of a table: what, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) value: String,
}

/// A titled part after the button.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) title: String,
    pub(crate) facts: Vec<Fact>,
    pub(crate) lines: Vec<String>,
}

impl Section {
    pub(crate) fn new(title: &str) -> Self {
        Self {
            title: unbroken(title),
            ..Self::default()
        }
    }

    /// A part of a document, as a letter shows it.
    pub(crate) fn of(part: Part) -> Self {
        let section = part
            .facts
            .into_iter()
            .fold(Self::new(&part.title), |section, (label, value)| {
                section.fact(&one_line(&label), value)
            });
        part.lines.into_iter().fold(section, Self::line)
    }

    pub(crate) fn fact(mut self, label: &str, value: impl Into<String>) -> Self {
        self.facts.push(fact(label, value));
        self
    }

    pub(crate) fn line(mut self, text: impl AsRef<str>) -> Self {
        self.lines.push(unbroken(text.as_ref()));
        self
    }
}

/// A page that the reader is sent to. Opening it changes nothing: acting takes a click there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Action {
    pub(crate) label: String,
    pub(crate) url: String,
}

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    /// Its name in the record of what was sent.
    pub(crate) template: &'static str,
    pub(crate) layout: Layout,
    pub(crate) subject: String,
    pub(crate) greeting: String,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) action: Option<Action>,
    /// What else can be done, below the button.
    pub(crate) links: Vec<Action>,
    pub(crate) sections: Vec<Section>,
    pub(crate) small_print: Vec<String>,
}

impl Letter {
    pub(crate) fn new(template: &'static str, subject: impl AsRef<str>) -> Self {
        Self {
            template,
            layout: Layout::Usual,
            subject: shortened(&unbroken(&one_line(subject.as_ref())), LONGEST_SUBJECT),
            greeting: "Bonjour,".to_owned(),
            paragraphs: Vec::new(),
            facts: Vec::new(),
            action: None,
            links: Vec::new(),
            sections: Vec::new(),
            small_print: Vec::new(),
        }
    }

    pub(crate) fn survey(template: &'static str, subject: impl AsRef<str>) -> Self {
        Self {
            layout: Layout::Survey,
            ..Self::new(template, subject)
        }
    }

    /// Greets by name.
    pub(crate) fn to(mut self, name: Option<&str>) -> Self {
        if let Some(name) = name {
            self.greeting = format!("Bonjour {},", one_line(name));
        }
        self
    }

    pub(crate) fn say(mut self, text: impl AsRef<str>) -> Self {
        self.paragraphs.push(unbroken(text.as_ref()));
        self
    }

    pub(crate) fn fact(mut self, label: &str, value: impl Into<String>) -> Self {
        self.facts.push(fact(label, value));
        self
    }

    pub(crate) fn button(mut self, label: &str, url: String) -> Self {
        self.action = Some(Action {
            label: unbroken(label),
            url,
        });
        self
    }

    /// One more link, below the button.
    pub(crate) fn link(mut self, label: &str, url: String) -> Self {
        self.links.push(Action {
            label: unbroken(label),
            url,
        });
        self
    }

    pub(crate) fn section(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }

    pub(crate) fn note(mut self, text: impl AsRef<str>) -> Self {
        self.small_print.push(unbroken(text.as_ref()));
        self
    }

    /// The mail, in both forms. `site` is where the footer leads, and `platform` whom it names.
    pub(crate) fn render(
        &self,
        to: Email,
        site: &str,
        platform: &Platform,
    ) -> Result<Mail, askama::Error> {
        let letter = self;
        let footer = &Footer::of(platform);
        let (html, text) = match self.layout {
            Layout::Usual => (
                LetterHtml {
                    letter,
                    site,
                    footer,
                }
                .render()?,
                LetterText {
                    letter,
                    site,
                    footer,
                }
                .render()?,
            ),
            Layout::Survey => (
                SurveyHtml {
                    letter,
                    site,
                    footer,
                }
                .render()?,
                SurveyText {
                    letter,
                    site,
                    footer,
                }
                .render()?,
            ),
        };
        Ok(Mail {
            to,
            subject: self.subject.clone(),
            text,
            html,
            attachments: Vec::new(),
        })
    }
}

/// Who writes, at the foot of every mail.
struct Footer {
    email: String,
    operator: String,
}

impl Footer {
    fn of(platform: &Platform) -> Self {
        let Platform {
            brand,
            name,
            address,
            email,
            ..
        } = platform;
        Self {
            email: email.as_str().to_owned(),
            operator: unbroken(&format!("{brand} est un service {}, {address}.", of(name))),
        }
    }
}

#[derive(Template)]
#[template(path = "letter.html")]
struct LetterHtml<'a> {
    letter: &'a Letter,
    site: &'a str,
    footer: &'a Footer,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct LetterText<'a> {
    letter: &'a Letter,
    site: &'a str,
    footer: &'a Footer,
}

#[derive(Template)]
#[template(path = "survey.html")]
struct SurveyHtml<'a> {
    letter: &'a Letter,
    site: &'a str,
    footer: &'a Footer,
}

#[derive(Template)]
#[template(path = "survey.txt")]
struct SurveyText<'a> {
    letter: &'a Letter,
    site: &'a str,
    footer: &'a Footer,
}

fn fact(label: &str, value: impl Into<String>) -> Fact {
    Fact {
        label: unbroken(label),
        value: unbroken(&value.into()),
    }
}

/// Without line ends or control characters, which a subject cannot carry.
pub(crate) fn one_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    spaced
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// At most `most` characters, the last an ellipsis where something was cut.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_line_of_at_most_120_characters() {
        let letter = Letter::new(
            "test",
            format!("Une demande\r\nBcc: autre@exemple.fr {}", "é".repeat(200)),
        );
        assert_eq!(letter.subject.chars().count(), 120);
        assert!(letter.subject.ends_with('…'));
        assert!(!letter.subject.contains(['\r', '\n']));
    }

    #[test]
    fn markup_in_words_is_shown_not_obeyed() {
        let letter = Letter::new("test", "Objet")
            .to(Some("<script>alert(1)</script>"))
            .say("<b>gras</b>")
            .fact("Lieu", "<img src=x>")
            .section(Section::new("<i>titre</i>").line("<u>ligne</u>"))
            .note("<s>note</s>");
        let mail = letter
            .render(
                Email::parse("lea@exemple.fr").unwrap(),
                "https://site.test",
                &Platform::auxilyo().unwrap(),
            )
            .unwrap();
        for tag in ["<script", "<b>", "<img", "<i>", "<u>", "<s>"] {
            assert!(!mail.html.contains(tag), "{tag}");
        }
        assert!(mail.text.contains("Bonjour <script>alert(1)</script>,"));
    }

    #[test]
    fn both_forms_say_the_same() {
        let letter = Letter::new("test", "Objet")
            .to(Some("Léa"))
            .say("Votre demande est partie.")
            .fact("Référence", "MAS-2026-7K3F9Q2A")
            .button(
                "Voir la demande",
                "https://site.test/reservations/1".to_owned(),
            )
            .section(
                Section::new("Prix")
                    .fact("Total", "12,00 €")
                    .line("Toutes taxes comprises."),
            )
            .note("Ce lien ne sert qu’une fois.");
        let mail = letter
            .render(
                Email::parse("lea@exemple.fr").unwrap(),
                "https://site.test",
                &Platform::auxilyo().unwrap(),
            )
            .unwrap();
        for words in [
            "Bonjour Léa,",
            "Votre demande est partie.",
            "MAS-2026-7K3F9Q2A",
            "Voir la demande",
            "https://site.test/reservations/1",
            "Prix",
            "12,00\u{a0}€",
            "Toutes taxes comprises.",
            "Ce lien ne sert qu’une fois.",
            "contact@monagentdesecu.com",
            "https://site.test/confidentialite-et-cookies",
        ] {
            assert!(mail.html.contains(words), "{words} is not in {}", mail.html);
            assert!(mail.text.contains(words), "{words} is not in {}", mail.text);
        }
    }
}
