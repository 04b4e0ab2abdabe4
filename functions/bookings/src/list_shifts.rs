//! An agent looks at their shifts: those of the last days and those to come.

use http_function::{Agent, Call, Desk, Nothing, Operation, Problem, Reply};

use crate::shifts::OwnShifts;

/// An agent looks at their shifts.
pub struct ListShifts;

impl Operation for ListShifts {
    const NAME: &'static str = "list-shifts";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/agent/shifts";
    const SUMMARY: &'static str = "The caller's own shifts, of the last three days and to come: where, when, whom to \
        call, instructions, and what the caller told of them.";
    type Outside = ();
    type Who = Agent;
    type Path = Nothing;
    type Input = Nothing;
    type Output = OwnShifts;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OwnShifts>, Problem> {
        let shifts = OwnShifts::read(&desk.store, &call.who.of, call.now).await?;
        Ok(Reply::ok(shifts))
    }
}
