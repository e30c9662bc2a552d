//! An idempotency key in the hands of the call that uses it first.

use axum::http::StatusCode;

use super::{Answer, Call};
use crate::{
    forget::Forgotten,
    idempotency::{Bound, Found, Identity},
    world::World,
};

pub(super) enum Taken {
    Held(Hold),
    InFlight,
    Replay(Bound),
}

pub(super) fn take(call: &Call, identity: Identity, order_id: Option<&str>) -> Result<Taken, Forgotten> {
    Ok(match call.world.for_call(call.number, |state, now| state.idempotency.begin(identity.clone(), order_id, now))? {
        Found::New(turn) => Taken::Held(Hold { world: call.world.clone(), identity, turn }),
        Found::InFlight => Taken::InFlight,
        Found::Replay(bound) => Taken::Replay(bound),
    })
}

/// An idempotency key while its first request is processed. Dropped without an answer, the key is free again.
pub(super) struct Hold {
    world: World,
    identity: Identity,
    turn: u64,
}

impl Hold {
    /// Binds what is bound: 2xx and 4xx. Measured for 4xx; for 5xx nobody knows, see
    /// [`Choices`](crate::Choices::bind_server_errors). Otherwise the key is free again, by the drop of self.
    pub(super) fn settle(self, call: &Call, answer: &Answer) {
        let binds = if answer.status.is_server_error() {
            self.world.choices().bind_server_errors
        } else {
            !matches!(answer.status, StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS)
        };
        if binds {
            let bound = Bound { answer: answer.clone(), trace_id: call.trace_id.clone() };
            self.world.with(|state, _| state.idempotency.bind(&self.identity, self.turn, bound));
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.world.with(|state, _| state.idempotency.free(&self.identity, self.turn));
    }
}
