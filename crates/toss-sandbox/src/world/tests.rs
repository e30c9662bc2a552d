//! What a reset does to whatever is under way, and who is told what time has done.

use super::*;
use crate::{
    CANCEL_TAKES, Config, Control, Currency, EventType, Method, NewPayment, READY_FOR, Registration, SECURITY_KEY,
    idempotency::{Found, Identity},
    payment::Refund,
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
        (Some(Whose::Shop(MerchantId(1), "test_gck_1")), true),
        (Some(Whose::Order("order-0001")), false),
        (Some(Whose::Shop(MerchantId(0), "test_gck_0")), false),
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

#[test]
fn a_cancel_that_is_due_is_booked_and_told_as_itself_whatever_ends_in_the_same_step() {
    let world = world();
    let control = Control::new(world.clone());
    control.register_webhook(&Registration::of("http://127.0.0.1:1/", [EventType::CancelStatusChanged])).expect("a valid URL");
    let new = NewPayment { method: Method::Paypal, currency: Currency::Usd, ..NewPayment::new("order-0001", "Kiaf tickets", 72_624) };
    let new = NewPayment { success_url: Some("http://127.0.0.1/s".to_owned()), fail_url: Some("http://127.0.0.1/f".to_owned()), ..new };
    let payment_key = control.authenticate(new).expect("a valid payment").payment_key;
    let cancel = |amount, at_once| {
        world.with(|state, now| {
            let payment = state.payments.get(&payment_key, now).expect("a payment");
            let refund = Refund { amount: Some(amount), ..Refund::all("no need", None) };
            payment.cancel_money(&refund, at_once, now).expect("money that is left").0.transaction_key
        })
    };
    world.with(|state, now| state.payments.get(&payment_key, now).map(|payment| payment.charge(now)));
    let due = cancel(18_156, false);
    world.clock().advance(CANCEL_TAKES);
    cancel(10_000, true);

    // Whoever cancels at once books it, which nobody does here.
    let booked: Vec<_> = control.ledger().into_iter().map(|it| (it.amount.get(), it.transaction_key)).collect();
    assert_eq!(booked, [(18_156, due.clone())]);
    let told: Vec<_> = control.webhooks().into_iter().map(|it| it.body.contains(&due)).collect();
    assert_eq!(told, [true]);
}
