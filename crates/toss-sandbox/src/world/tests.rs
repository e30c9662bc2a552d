//! What a reset does to whatever is under way, and who is told what time has done.

use super::*;
use crate::{
    Config, Control, NewPayment, READY_FOR, SECURITY_KEY,
    idempotency::{Found, Identity},
};

fn world() -> World {
    let config = Config::default();
    let clock = Clock::stopped_at(UnixMs::new(0));
    let address = Address { origin: "http://127.0.0.1:1".to_owned(), is_local: true, names: Vec::new() };
    let webhooks = Setup::new(&[], false, SECURITY_KEY).expect("a valid key");
    let merchants = config.merchants().expect("valid keys");
    World::new(address, merchants, clock, config.limits, config.choices, webhooks, 0)
}

#[test]
fn a_reset_begins_no_count_anew_that_something_under_way_may_hold() {
    let world = world();
    let take = || {
        let path = "/v1/payments/key-in".to_owned();
        let identity = Identity { key: "key-1".to_owned(), merchant: MerchantId(0), method: "POST".to_owned(), path };
        world.with(|state, now| match state.idempotency.begin(identity, None, now) {
            Found::New(turn) => Some(turn),
            Found::InFlight | Found::Replay(_) => None,
        })
    };
    let before = take();
    world.reset();
    assert_eq!((before, take()), (Some(0), Some(1)), "the key is free, and its holder from before is not taken for the new one");
}

#[test]
fn a_call_that_is_forgotten_finds_no_state_to_work_on() {
    let world = world();
    let about = Subject { merchant: Some(MerchantId(0)), id: Some("order-0001".to_owned()), name: None };
    for (whose, is_left) in [
        (Some(Whose::Order("order-0002")), true),
        (Some(Whose::Shop(MerchantId(1))), true),
        (Some(Whose::Order("order-0001")), false),
        (Some(Whose::Shop(MerchantId(0))), false),
        (None, false),
    ] {
        world.with(|state, _| state.under_way.insert(7, about.clone()));
        match whose {
            Some(whose) => world.forget(whose),
            None => world.reset(),
        }
        assert_eq!(world.for_call(7, |_, _| ()).is_ok(), is_left, "{whose:?}");
    }
}

#[test]
fn what_time_has_done_is_told_once_to_whoever_looks_on() {
    let world = world();
    Control::new(world.clone()).open(NewPayment::new("order-0001", "주문", 45_000)).expect("a valid payment");
    let mut changes = world.changes();
    changes.borrow_and_update();

    world.clock().advance(READY_FOR);
    assert!(matches!(changes.has_changed(), Ok(false)));
    world.peek(|_, _| ());
    assert!(matches!(changes.has_changed(), Ok(true)));
    changes.borrow_and_update();
    world.peek(|_, _| ());
    assert!(matches!(changes.has_changed(), Ok(false)), "there was nothing new");
}
