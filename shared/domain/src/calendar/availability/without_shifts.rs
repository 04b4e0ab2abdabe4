//! What the release before wrote: stretches of open hours, each with the set of agents who are free in
//! all of it. Who is not free is taken to be away: when a listing is written again, which it is every
//! day, their shifts are known.

use super::*;

/// Minutes from the base, and one bit for each free agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    start: u32,
    end: u32,
    free: u64,
}

pub(super) fn read(mut rest: &[u8]) -> Result<Availability, AvailabilityRefused> {
    let unreadable = AvailabilityRefused::Unreadable;
    let rest = &mut rest;
    let base = read_base(rest)?;
    let unit = u32::try_from(read_number(rest)?).map_err(|_| unreadable)?;
    let everybody = read_number(rest)?;
    let openings = read_openings(rest, unit)?;
    let mut missing = Vec::new();
    let mut forth = Forth { reached: 0, unit };
    while !rest.is_empty() && missing.len() < MOST_STRETCHES {
        let (start, end) = forth.by(read_number(rest)?, read_number(rest)?)?;
        let free = everybody & !read_number(rest)?;
        missing.push(Stretch { start, end, free });
    }
    let stretches = filled(&openings, everybody, &missing)
        .filter(|_| rest.is_empty())
        .ok_or(unreadable)?;
    let agents = (0..64).filter(|rank| everybody & (1 << rank) != 0);
    let away = |rank: u32| {
        let taken = stretches.iter().filter(|one| one.free & (1 << rank) == 0);
        let taken: Vec<(u32, u32)> = taken.map(|one| (one.start, one.end)).collect();
        let away = intervals(&taken, base)?;
        Ok(AgentTime {
            shifts: Vec::new(),
            away,
        })
    };
    Ok(Availability {
        base,
        openings: intervals(&openings, base)?,
        agents: agents.map(away).collect::<Result<_, _>>()?,
        worker: Worker::Employee,
    })
}

/// The stretches of openings in which everybody is free but those who are missing; `None` when somebody
/// is missing outside of an opening, or nobody is left.
fn filled(openings: &[(u32, u32)], everybody: u64, missing: &[Stretch]) -> Option<Vec<Stretch>> {
    let mut stretches = Vec::with_capacity(openings.len() + 2 * missing.len());
    let mut missing = missing.iter().peekable();
    for (opens, closes) in openings {
        let mut reached = *opens;
        while let Some(next) = missing.next_if(|next| next.start < *closes) {
            if next.start < reached || next.end > *closes {
                return None;
            }
            if next.start > reached {
                stretches.push(Stretch {
                    start: reached,
                    end: next.start,
                    free: everybody,
                });
            }
            stretches.push(*next);
            reached = next.end;
        }
        if reached < *closes {
            stretches.push(Stretch {
                start: reached,
                end: *closes,
                free: everybody,
            });
        }
    }
    let sound = missing.peek().is_none() && stretches.iter().all(|stretch| stretch.free != 0);
    sound.then_some(stretches)
}
