//! Money of another kind than won, from the order to the charge.

use crate::toss::Spoiled;
use crate::world::{DEADLINE, World, returned};
use payment_engine::gateway::Gateway as _;
use payment_engine::order::{Attempt, Outcome, State};
use payment_engine::toss_payments::{Amount, Currency, Money, Payment, Response};
use payment_engine::verdict::{Found, of_confirm, of_look_up};
use payment_engine::{ConfirmError, NewOrder, Owner, Returned, Sale};
use std::time::Duration;
use toss_sandbox::{Method, NewPayment};
use toss_types::{IdempotencyKey, PaymentKey};

fn dollars(amount: &str) -> Money {
    Money::new(Amount::parse(amount).unwrap(), Currency::Usd).unwrap()
}

async fn order(world: &World, owner: &str) -> NewOrder {
    world.engine.place(Sale::new(Owner::new(owner), "Three apples", dollars("45.50"))).await.unwrap()
}

/// What the sandbox's window does when the shopper pays by PayPal.
fn approve(world: &World, order: &NewOrder, cents: i64) -> PaymentKey {
    let new = NewPayment::new(order.id.as_str(), &order.name, cents);
    let payment = NewPayment { currency: toss_sandbox::Currency::Usd, method: Method::Paypal, ..new };
    PaymentKey::parse(&world.sandbox.control().authenticate(payment).unwrap().payment_key).unwrap()
}

fn back(order: &NewOrder, key: &PaymentKey, amount: &str) -> Returned {
    Returned::parse(Some(order.id.as_str()), Some(key.expose()), Some(amount)).unwrap()
}

#[tokio::test]
async fn dollars_are_charged_to_the_cent_however_the_address_writes_them() {
    let world = World::start().await;
    for (owner, amount) in ["45.5", "45.50", "45.500"].into_iter().enumerate() {
        let order = order(&world, &format!("browser {owner}")).await;
        let key = approve(&world, &order, 4_550);
        let record = world.engine.confirm(back(&order, &key, amount), DEADLINE).await.unwrap();
        assert!(matches!(record.state, State::Paid { .. }), "{amount}: {:?}", record.state);
        assert_eq!((record.order.total.to_string().as_str(), world.charged(&order)), ("45.50 USD", vec![4_550]));
        let charge = &world.sandbox.control().charges(order.id.as_str())[0];
        assert_eq!(charge.amount.currency(), toss_sandbox::Currency::Usd);
    }
}

#[tokio::test]
async fn dollars_in_doubt_are_looked_up_like_won() {
    let world = World::start().await;
    let order = order(&world, "browser").await;
    let key = approve(&world, &order, 4_550);
    world.spoiler.confirm(&order.id, &[Spoiled::AnswerLost]);
    drop(world.engine.confirm(returned(&order, &key), Duration::ZERO).await);
    world.until(&order.id, |record| matches!(record.state, State::InDoubt { .. })).await;
    world.engine.work_once().await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
    assert_eq!(world.charged(&order), [4_550]);
}

#[tokio::test]
async fn another_amount_of_dollars_is_refused_before_toss() {
    let world = World::start().await;
    let order = order(&world, "browser").await;
    let key = approve(&world, &order, 4_550);
    for amount in ["45", "45.51", "4550", "0.455", "45500000"] {
        let refused = world.engine.confirm(back(&order, &key, amount), DEADLINE).await;
        assert!(matches!(refused, Err(ConfirmError::AmountMismatch)), "{amount}: {refused:?}");
    }
    assert_eq!((world.requests().len(), world.charged(&order)), (0, vec![]));
    assert!(matches!(world.engine.confirm(back(&order, &key, "45.50"), DEADLINE).await.unwrap().state, State::Paid { .. }));
}

/// The window was made to ask for as many won as the order has dollars.
#[tokio::test]
async fn a_payment_in_another_currency_does_not_pay_the_order() {
    let world = World::start().await;
    let sale = Sale::new(Owner::new("browser"), "Three apples", dollars("4550"));
    let order = world.engine.place(sale).await.unwrap();
    let won = NewPayment::new(order.id.as_str(), &order.name, 4_550);
    let key = PaymentKey::parse(&world.sandbox.control().authenticate(won).unwrap().payment_key).unwrap();
    // The address names no currency. Toss charges by the number alone, and its answer says what it has charged.
    drop(world.engine.confirm(returned(&order, &key), Duration::ZERO).await);
    world.until(&order.id, |record| matches!(record.state, State::InDoubt { .. })).await;
    for _ in 0..5 {
        world.engine.work_once().await.unwrap();
        world.set_clock(600_000);
    }
    assert!(matches!(world.state(&order.id).await, State::InDoubt { .. }), "a charge in won is no dollars: a person has to look");
    assert_eq!(world.charged(&order), [4_550], "nor is it charged a second time");
}

/// Millionths of a dollar, as Toss has been seen to write them: nobody has said what they are worth, so nothing is converted.
#[tokio::test]
async fn millionths_of_a_dollar_are_not_guessed_at() {
    let world = World::start().await;
    let order = order(&world, "browser").await;
    let key = approve(&world, &order, 4_550);
    world.come_back(&order, &key).await.unwrap();
    let attempt = Attempt::new(key.clone(), IdempotencyKey::parse("k").unwrap(), order.total.clone(), 0);
    let raw = world.gateway().payment(&key).await.unwrap().raw;
    let raw = raw.replace("45.50", "45500000").replace("45.5", "45500000").replace("\"USD\"", "\"MUSD\"");
    let answer = || Response::new(Payment::from_json(&raw).unwrap(), raw.clone());
    assert_eq!(answer().value.currency, Currency::Musd);
    assert!(matches!(of_look_up(&order.id, &attempt, Ok(answer())), Ok(Found::Differs(_))));
    let judged = of_confirm(&order.id, &attempt, Ok(answer()));
    assert!(matches!(judged.outcome, Outcome::Unknown { .. }), "{judged:?}");
}
