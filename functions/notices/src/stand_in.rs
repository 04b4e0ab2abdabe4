//! A stand-in for the AWS services, for tests: answers over HTTP what a closure says.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;

use adapters::clock::Clock;
use adapters::environment::Environment;
use serde_json::Value;

/// Listens until the test ends. The closure is given the `x-amz-target` (or the path, without one) and
/// the body, and says the status and the body of the answer.
pub(crate) fn listen(
    mut answer: impl FnMut(&str, Value) -> (u16, Value) + Send + 'static,
) -> Environment {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut reader = BufReader::new(connection.try_clone().unwrap());
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            let mut target = line.split(' ').nth(1).unwrap_or_default().to_owned();
            let mut length = 0;
            loop {
                line.clear();
                reader.read_line(&mut line).unwrap();
                let Some((name, value)) = line.trim_end().split_once(':') else {
                    break;
                };
                match name.to_lowercase().as_str() {
                    "content-length" => length = value.trim().parse().unwrap(),
                    "x-amz-target" => value.trim().clone_into(&mut target),
                    _ => {}
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let (status, body) = answer(&target, serde_json::from_slice(&body).unwrap_or_default());
            let body = body.to_string();
            let head = format!(
                "HTTP/1.1 {status} -\r\ncontent-type: application/x-amz-json-1.0\r\nconnection: close"
            );
            write!(
                connection,
                "{head}\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
        }
    });
    let mut variables = BTreeMap::new();
    for (name, value) in [
        ("TABLE_PREFIX", "test-"),
        ("DYNAMODB_ENDPOINT", address.as_str()),
        ("EVENTBRIDGE_ENDPOINT", address.as_str()),
        ("SES_ENDPOINT", address.as_str()),
        ("EVENT_BUS", "marketplace"),
        (
            "MAIL_SENDER",
            "MonAgentDeSecu <notification@monagentdesecu.test>",
        ),
        ("PUBLIC_URL", "https://monagentdesecu.test"),
        (
            "SESSION_SECRET",
            "a secret of at least thirty-two characters",
        ),
        ("AWS_REGION", "eu-west-3"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
    ] {
        variables.insert(name.to_owned(), value.to_owned());
    }
    Environment::given(variables, Clock::system())
}
