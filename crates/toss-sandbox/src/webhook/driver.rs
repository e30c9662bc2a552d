//! The thin part that sends: woken by every change and by the clock, it takes what is due and reports what came of it.
//!
//! HTTP/1 without TLS, one connection per attempt; redirects are not followed, proxies not used.

use std::{future::pending, time::Duration};

use axum::body::Body;
use hyper::{
    Request, StatusCode,
    client::conn::http1,
    header::{CONTENT_TYPE, HOST, HeaderValue, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinSet};

use super::{Letter, outbox::Outcome};
use crate::{state_file::Saving, world::World};

/// Toss docs /guides/v2/webhook: 200 within 10 seconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// Of real time: a jump of the clock alone does not cut off a receiver that is about to answer.
const AT_LEAST: Duration = Duration::from_secs(1);

const TRANSMISSION_TIME: &str = "tosspayments-webhook-transmission-time";
const RETRIED_COUNT: &str = "tosspayments-webhook-transmission-retried-count";
const TRANSMISSION_ID: &str = "tosspayments-webhook-transmission-id";
const SIGNATURE: &str = "tosspayments-webhook-signature";

/// Sends until it is dropped; attempts that are under way end with it.
pub(crate) async fn run(world: World, saving: Option<Saving>) {
    let mut changes = world.changes();
    let mut under_way = JoinSet::new();
    loop {
        changes.borrow_and_update();
        while let Some(letter) = take(&world) {
            under_way.spawn(deliver(world.clone(), saving.clone(), letter));
        }
        // What time does to payments happens whenever the state is looked at, as the next round does.
        let next = world.peek(|state, _| state.webhooks.next_due().into_iter().chain(state.payments.next_deadline()).min());
        let due = async {
            match next {
                Some(at) => world.clock().sleep_until(at).await,
                None => pending().await,
            }
        };
        tokio::select! {
            changed = changes.changed() => changed.expect("invariant: the sender lives as long as self"),
            Some(_) = under_way.join_next() => {}
            () = due => {}
        }
    }
}

fn take(world: &World) -> Option<Letter> {
    let choices = world.choices();
    let letter = world.peek(|state, now| state.webhooks.take_due(choices, now));
    if letter.is_some() {
        world.tell();
    }
    letter
}

async fn deliver(world: World, saving: Option<Saving>, letter: Letter) {
    let outcome = tokio::select! {
        biased;
        () = forgotten(&world, &letter) => return,
        outcome = attempt(&world, saving, &letter) => outcome,
    };
    let choices = world.choices();
    world.with(|state, _| state.webhooks.report(&letter.dispatch, outcome, choices));
}

/// Ends when the letter is one that a reset has forgotten: nobody is to hear of it any more.
async fn forgotten(world: &World, letter: &Letter) {
    let mut changes = world.changes();
    while world.peek(|state, _| state.webhooks.is_under_way(&letter.dispatch)) {
        changes.changed().await.expect("invariant: the sender lives as long as self");
    }
}

async fn attempt(world: &World, saving: Option<Saving>, letter: &Letter) -> Outcome {
    // What the shop is told must be true after a restart too.
    if let Some(saving) = saving
        && let Err(why) = saving.caught_up().await
    {
        return Outcome::Unreachable { why };
    }
    let patience = async { tokio::join!(world.clock().sleep(ANSWER_WITHIN), tokio::time::sleep(AT_LEAST)) };
    tokio::select! {
        answer = send(letter) => match answer {
            Ok(status) => Outcome::Answered { status: status.as_u16() },
            Err(why) => Outcome::Unreachable { why },
        },
        _ = patience => Outcome::TimedOut,
    }
}

async fn send(letter: &Letter) -> Result<StatusCode, String> {
    let request = request(letter)?;
    let stream = TcpStream::connect(letter.dispatch.target.address()).await.map_err(|error| error.to_string())?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    let answer = async { sender.send_request(request).await.map(|response| response.status()).map_err(|error| error.to_string()) };
    let broken = async {
        match connection.await {
            // It has ended because the answer is complete, or the answer says better what is wrong.
            Ok(()) => pending().await,
            Err(error) => error.to_string(),
        }
    };
    tokio::select! {
        biased;
        status = answer => status,
        why = broken => Err(why),
    }
}

fn request(letter: &Letter) -> Result<Request<Body>, String> {
    let Letter { dispatch, transmission_time, signature } = letter;
    let mut request = Request::post(dispatch.target.path_and_query())
        .header(HOST, dispatch.target.authority())
        .header(CONTENT_TYPE, "application/json")
        .header(USER_AGENT, HeaderValue::from_static("toss-sandbox"))
        .header(TRANSMISSION_TIME, transmission_time)
        .header(RETRIED_COUNT, dispatch.retried_count)
        .header(TRANSMISSION_ID, &dispatch.transmission_id);
    if let Some(signature) = signature {
        request = request.header(SIGNATURE, signature);
    }
    request.body(Body::from(dispatch.body.clone())).map_err(|error| error.to_string())
}
