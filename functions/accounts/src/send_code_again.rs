//! Somebody who waits for a code asks for another mail.

use http_function::{
    Anyone, Call, Desk, HOUR, Nothing, Operation, Problem, Reply, by_ip, proof, throttle,
};

use crate::sign_up_client::{LOOK_AT_YOUR_MAIL, MailSent};

/// Send the mail again.
pub struct SendCodeAgain;

impl Operation for SendCodeAgain {
    const NAME: &'static str = "send-code-again";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/proofs/again";
    const SUMMARY: &'static str = "Send again the mail that proves an address, with another code, in the browser that asked: after 60 seconds.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = Nothing;
    type Output = MailSent;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<MailSent>, Problem> {
        throttle(desk, &by_ip(Self::NAME, &call.trace.ip), 60, HOUR).await?;
        let changes = proof::ask_again(desk, call).await?;
        Ok(Reply::accepted(LOOK_AT_YOUR_MAIL).changing(changes))
    }
}
