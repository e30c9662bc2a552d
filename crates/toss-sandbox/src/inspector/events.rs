//! `GET /sandbox/control/events`: says that something has changed, as server-sent events.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;

use crate::world::World;

/// However much happens, ten events a second: whoever looks reads the whole state again.
const AT_MOST_EVERY: Duration = Duration::from_millis(100);
/// A sign of life, so that both sides notice when the other has gone.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// One event at once, then one after every change. It holds no more of the sandbox than its signal.
pub(super) async fn events(State(world): State<World>) -> Response {
    let changes = stream::unfold((world.changes(), true), |(mut changes, first)| async move {
        if !first {
            tokio::time::sleep(AT_MOST_EVERY).await;
            changes.changed().await.ok()?;
        }
        changes.borrow_and_update();
        Some((Ok::<_, Infallible>(Event::default().event("change").data("look again")), (changes, false)))
    });
    Sse::new(changes).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)).into_response()
}
