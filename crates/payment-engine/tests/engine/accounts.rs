//! Whose payments are they? Nothing is decided under another account.

use crate::toss::Spoiled;
use crate::world::World;
use payment_engine::AccountError;
use payment_engine::gateway::{Fingerprint, Gateway as _, TossGateway};
use payment_engine::order::{Account, Attempt, Event, State};
use payment_engine::store::{Note, Store as _};
use toss_payments::SecretKey;
use toss_sandbox::DOCS_WIDGET_PAIR;
use toss_types::{IdempotencyKey, Won};

/// The confirm charges, its answer is lost, and the server comes back with the key of another account, to which Toss says that there
/// is no such payment.
#[tokio::test]
async fn a_charge_is_not_called_failed_because_another_account_does_not_show_it() {
    let world = World::start().await;
    let (order, _) = world.in_doubt(Spoiled::AnswerLost).await;
    assert_eq!(world.charged(&order), [50_000]);

    let asked = world.requests().len();
    let refused = world.restart_with(DOCS_WIDGET_PAIR[1]).await.unwrap_err();
    assert!(matches!(refused, AccountError::Unproven { open_ends: 1, .. }), "{refused}");
    assert!(refused.to_string().contains("1 payments") && !refused.to_string().contains("gsk_"), "{refused}");
    let looked_up = world.requests().split_off(asked);
    assert!(looked_up.len() == 1 && looked_up[0].method == "GET", "it is asked for the one payment that there is: {looked_up:?}");
    assert!(matches!(world.state(&order.id).await, State::InDoubt { .. }));

    let engine = world.restart_with(world.sandbox.secret_key()).await.unwrap();
    engine.work_once().await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
    assert_eq!(world.charged(&order), [50_000]);
}

#[tokio::test]
async fn a_renewed_key_proves_itself_by_a_payment_that_is_known_to_be_paid() {
    let world = World::start().await;
    let (paid, key) = {
        let order = world.order().await;
        let key = world.approve(&order);
        world.come_back(&order, &key).await.unwrap();
        (order, key)
    };
    let (order, _) = world.in_doubt(Spoiled::AnswerLost).await;

    let asked = world.requests().len();
    let refused = world.restart_with(DOCS_WIDGET_PAIR[1]).await.unwrap_err();
    assert!(matches!(refused, AccountError::Unproven { .. }), "{refused}");
    let looked_up = world.requests().split_off(asked);
    assert_eq!(looked_up.len(), 2, "of what is paid and of what is open");
    assert!(looked_up[0].path.ends_with(key.expose()) && looked_up.iter().all(|request| request.method == "GET"), "{looked_up:?}");

    world.spoiler.renew_key("a new key of the same account");
    let engine = world.restart_with(world.sandbox.secret_key()).await.unwrap();
    engine.work_once().await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }), "what was in doubt is decided under the new key");
    assert_eq!((world.charged(&order), world.charged(&paid)), (vec![50_000], vec![50_000]));
    let asked = world.requests().len();
    world.restart_with(world.sandbox.secret_key()).await.unwrap();
    assert_eq!(world.requests().len(), asked, "a key that has proved itself is known");
}

#[tokio::test]
async fn a_new_key_is_not_taken_on_while_toss_cannot_be_asked() {
    let world = World::start().await;
    let order = world.order().await;
    let key = world.approve(&order);
    world.come_back(&order, &key).await.unwrap();
    world.spoiler.renew_key("a new key");
    world.spoiler.look_up(&[Spoiled::NotSent]);
    let refused = world.restart_with(world.sandbox.secret_key()).await.unwrap_err();
    assert!(matches!(&refused, AccountError::NotAsked(error) if refused.to_string().contains(&error.to_string())), "{refused}");
    world.restart_with(world.sandbox.secret_key()).await.unwrap();
}

/// With nothing undecided another account may go on; what turns up of the first one all the same is left alone.
#[tokio::test]
async fn under_another_account_nothing_is_decided_and_toss_is_not_asked() {
    let world = World::start().await;
    let order = world.order().await;
    let key = world.approve(&order);
    world.come_back(&order, &key).await.unwrap();
    let engine = world.restart_with(DOCS_WIDGET_PAIR[1]).await.unwrap();

    let late = world.order().await;
    let (idempotency_key, at_ms) = (IdempotencyKey::parse("confirm-of-the-first-account").unwrap(), engine.now_ms() - 100_000);
    let attempt = Attempt::new(world.approve(&late), idempotency_key, Won::of(50_000), at_ms).account(Account::new("account-1"));
    let note = Note::at(at_ms);
    world.store().await.apply(&late.id, &Event::ConfirmStarted(attempt), &note).await.unwrap();
    let asked = world.requests().len();
    assert_eq!(engine.work_once().await.unwrap(), 1);
    assert!(matches!(world.state(&late.id).await, State::Confirming { .. }));
    assert_eq!(world.requests().len(), asked, "not a word to Toss");

    world.set_clock(100_000);
    let first = world.restart_with(world.sandbox.secret_key()).await.unwrap();
    first.work_once().await.unwrap();
    assert!(matches!(world.state(&late.id).await, State::Paid { .. }), "the account of before decides");
}

#[tokio::test]
async fn orders_of_another_kind_of_money_are_refused() {
    let world = World::start().await;
    let live = SecretKey::parse("live_gsk_made_up_for_tests").unwrap();
    let gateway = TossGateway::new(live, &world.sandbox.url()).unwrap();
    assert_ne!(gateway.fingerprint(), &Fingerprint::new(""));
    let parts = payment_engine::Parts::new(world.store().await, gateway).clock(world.clock.clone());
    let refused = payment_engine::Engine::start(parts).await.unwrap_err();
    assert!(matches!(refused, AccountError::AnotherMode { .. }), "{refused}");
    assert!(refused.to_string().contains("\"test\"") && refused.to_string().contains("\"live\""), "{refused}");
}

/// A leaked key is renewed while the only payment that there is is in doubt: it proves the account as well.
#[tokio::test]
async fn a_payment_in_doubt_that_toss_shows_proves_a_renewed_key_too() {
    let world = World::start().await;
    let (order, _) = world.in_doubt(Spoiled::AnswerLost).await;
    world.spoiler.renew_key("a new key of the same account");
    let engine = world.restart_with(world.sandbox.secret_key()).await.unwrap();
    engine.work_once().await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
}

#[tokio::test]
async fn where_nothing_can_prove_it_the_operators_word_counts() {
    let world = World::start().await;
    let order = world.order().await;
    let made_up = toss_types::PaymentKey::parse("tgen_20261126000000ABCDE").unwrap();
    drop(world.engine.confirm(crate::world::returned(&order, &made_up), std::time::Duration::ZERO).await);
    world.until(&order.id, |record| matches!(record.state, State::InDoubt { .. })).await;
    world.spoiler.renew_key("a new key");
    let refused = world.restart_with(world.sandbox.secret_key()).await.unwrap_err();
    assert!(matches!(refused, AccountError::Unproven { .. }) && refused.to_string().contains("Settings::is_same_account"), "{refused}");
    let settings = payment_engine::Settings::default().is_same_account(true);
    let engine = world.restart_as(world.sandbox.secret_key(), settings).await.unwrap();
    engine.work_once().await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::Declined { .. }));
}

/// Two accounts in one database, both known: neither starts while the other's payments are open.
#[tokio::test]
async fn a_known_key_does_not_start_over_open_payments_of_another_account() {
    let world = World::start().await;
    world.restart_with(DOCS_WIDGET_PAIR[1]).await.unwrap();
    let (order, _) = world.in_doubt(Spoiled::AnswerLost).await;
    let refused = world.restart_with(DOCS_WIDGET_PAIR[1]).await.unwrap_err();
    assert!(matches!(refused, AccountError::Unproven { open_ends: 1, .. }), "{refused}");
    world.restart_with(world.sandbox.secret_key()).await.unwrap().work_once().await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
    world.restart_with(DOCS_WIDGET_PAIR[1]).await.unwrap();
}
