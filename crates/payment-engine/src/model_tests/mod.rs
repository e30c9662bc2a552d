//! One order under two servers, searched through: two payments come back for it, two operators refund it, webhooks lead to look-ups, lanes look
//! and confirm again, its time runs out; calls to Toss are lost on the way there, on the way back, or arrive late; servers stop between any two
//! steps, and are slower than their leases. The rules are the engine's own ([`step`](crate::order::step), [`verdict`](crate::verdict), lanes and
//! pauses); who calls them when is written anew, in the shortest form, so that every order of it can be had. Each state that can be reached is
//! looked at once.
//!
//! Not in it: virtual accounts, stock, several orders, the books. The simulation of the engine as it is has those.

mod calling;
mod deciding;
mod toss;
mod world;

use crate::order::Attempt;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use toss_types::{OrderId, PaymentKey};
use world::{Left, World};

/// What is charged, in KRW.
const AMOUNT: u32 = 50_000;
const ORDER: usize = 1;

fn id_of(number: usize) -> OrderId {
    OrderId::parse(&format!("order_{number:015}")).expect("an order id")
}

fn key_of(number: usize) -> PaymentKey {
    PaymentKey::parse(&format!("tk_{number}")).expect("a paymentKey")
}

fn number_of(attempt: &Attempt) -> usize {
    number(attempt.payment_key.expose())
}

fn number(key: &str) -> usize {
    key.trim_start_matches("tk_").parse().expect("a number")
}

/// What a search has found.
struct Searched {
    states: usize,
    /// States of which nothing follows: everything is known and told.
    ends: usize,
}

/// Every state that can be reached. Panics with the way to one that breaks a promise, and where an order can get stuck.
fn search(left: Left) -> Searched {
    let first = World::new(left);
    let mut numbers: HashMap<u128, usize> = HashMap::from([(fingerprint(&first), 0)]);
    let mut worlds = vec![first];
    let mut came_from: Vec<(usize, String)> = vec![(0, "placed".to_owned())];
    let mut comes_from: Vec<Vec<usize>> = vec![Vec::new()];
    let mut ends = Vec::new();
    let mut at = 0;
    while at < worlds.len() {
        let world = worlds[at].clone();
        if let Err(broken) = world.check() {
            panic!("{broken}\n{}", way(&came_from, at));
        }
        let following = world.following();
        if world.is_quiet() {
            if let Err(broken) = world.check_end() {
                panic!("{broken}\n{}", way(&came_from, at));
            }
            ends.push(at);
        }
        for (what, next) in following {
            let number = *numbers.entry(fingerprint(&next)).or_insert_with(|| {
                worlds.push(next);
                came_from.push((at, what));
                comes_from.push(Vec::new());
                worlds.len() - 1
            });
            comes_from[number].push(at);
        }
        // What has been looked at is not needed any more.
        worlds[at] = World::new(left);
        at += 1;
    }
    let mut leads_to_an_end = vec![false; worlds.len()];
    let mut open = ends.clone();
    while let Some(number) = open.pop() {
        if !std::mem::replace(&mut leads_to_an_end[number], true) {
            open.extend(&comes_from[number]);
        }
    }
    if let Some(stuck) = leads_to_an_end.iter().position(|leads| !leads) {
        panic!("no way leads on to an end\n{}", way(&came_from, stuck));
    }
    Searched { states: worlds.len(), ends: ends.len() }
}

/// A hundred million states have no two of the same by chance.
fn fingerprint(world: &World) -> u128 {
    let text = world.text();
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, &text).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

fn way(came_from: &[(usize, String)], to: usize) -> String {
    let mut steps = Vec::new();
    let mut at = to;
    while at != 0 {
        let (before, what) = &came_from[at];
        steps.push(what.as_str());
        at = *before;
    }
    steps.reverse();
    steps.join("\n")
}

/// So many states are looked at. A change of the rules may change that; half of it is a search that leaves something out.
#[allow(clippy::print_stdout, reason = "`make model` shows it")]
fn has_searched(searched: &Searched, states: usize) {
    println!("{} states, {} ends", searched.states, searched.ends);
    assert!(searched.states > states && searched.ends > 1, "{} states, {} ends", searched.states, searched.ends);
}

/// What is searched where nobody asks for more (`make model`).
fn budget(usual: Left, large: Left) -> Left {
    if std::env::var_os("MODEL").is_some_and(|word| word == "large") { large } else { usual }
}

#[test]
fn one_payment_whatever_is_lost_refused_slow_or_stops() {
    let usual = Left { payments: 1, lost: 1, refused: 1, crashes: 1, slow: 1, refunds: 0 };
    has_searched(&search(budget(usual, Left { lost: 2, refused: 2, ..usual })), 20_000);
}

#[test]
fn two_payments_of_one_order() {
    let usual = Left { payments: 2, lost: 1, refused: 1, crashes: 0, slow: 0, refunds: 0 };
    has_searched(&search(budget(usual, Left { crashes: 1, slow: 1, ..usual })), 10_000);
}

#[test]
fn two_operators_who_give_back_more_than_there_is() {
    let usual = Left { payments: 1, lost: 1, refused: 0, crashes: 0, slow: 0, refunds: 2 };
    has_searched(&search(budget(usual, Left { crashes: 1, slow: 1, ..usual })), 10_000);
}

#[test]
fn one_operator_whose_server_stops() {
    let usual = Left { payments: 1, lost: 1, refused: 0, crashes: 1, slow: 0, refunds: 1 };
    has_searched(&search(budget(usual, Left { lost: 2, slow: 1, ..usual })), 10_000);
}
