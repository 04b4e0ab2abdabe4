//! Letters about messages. What was written is read on the site, never in a mail (terms, article 22).

use domain::booking::BookingParty;
use domain::typography::of;

use crate::files::ConversationFile;
use crate::letter::Letter;
use crate::letters::brief;
use crate::post::{Notice, Post};

/// A message waits for somebody who had read all others.
pub(crate) fn message_waiting(post: &Post<'_>, file: &ConversationFile) -> Vec<Notice> {
    let link = post.conversation(&file.conversation.id, file.reader);
    match file.reader {
        BookingParty::Client => {
            let name = &file.conversation.professional_name;
            let letter = Letter::new(
                "client-message-waiting",
                format!("Nouveau message {}", of(&brief(name))),
            )
            .say(format!("{} vous a écrit sur MonAgentDeSecu.", brief(name)));
            vec![post.to_account(&file.client, on_the_site(letter, link))]
        }
        BookingParty::Professional => {
            let letter = Letter::new(
                "professional-message-waiting",
                "Nouveau message d’un client",
            )
            .say("Un client vous a écrit sur MonAgentDeSecu.");
            vec![post.to_office(&file.professional, on_the_site(letter, link))]
        }
    }
}

fn on_the_site(letter: Letter, link: String) -> Letter {
    letter
        .say("Le message se lit sur le site, une fois connecté : son contenu ne circule pas par courriel.")
        .button("Lire et répondre", link)
        .note("Vous recevez un seul courriel, même si plusieurs messages vous attendent. Répondre à ce courriel n’écrit pas à votre correspondant.")
}
