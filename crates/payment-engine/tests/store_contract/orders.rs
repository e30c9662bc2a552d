//! Orders, events and claims.

use crate::{at, attempt, confirming, declined, ended, id, order, order_of, paid, started, stores, unknown};
use futures_util::future::join_all;
use payment_engine::order::{Effect, Event, Expiry, Illegal, MAX_ATTEMPTS, Shown, State};
use payment_engine::store::{ApplyError, Placement};
use payment_engine::{NewOrder, Owner};
use toss_payments::{Amount, Money};

#[tokio::test]
async fn an_order_comes_back_as_it_was_placed() {
    for fresh in stores().await {
        assert!(fresh.store.order(&id(1)).await.unwrap().is_none());
        assert_eq!(fresh.store.place(&order(1), &crate::placed()).await.unwrap(), Placement::Placed { replaced: Vec::new() });
        assert!(fresh.store.place(&order_of(1, "another"), &crate::placed()).await.is_err(), "an id is given once");
        let fresh = fresh.reopen().await;
        let record = fresh.store.order(&id(1)).await.unwrap().unwrap();
        assert_eq!((record.order, record.state, record.attempts), (order(1), State::Open, 0));
        assert!(fresh.store.events(&id(1)).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn money_of_every_kind_comes_back_exactly() {
    for fresh in stores().await {
        let totals = [("45.5", "USD"), ("0.01", "USD"), ("4500", "JPY"), ("100", "KRW"), ("9007199254740991", "KRW")];
        for (number, (amount, currency)) in (1..).zip(totals) {
            let total = Money::new(Amount::parse(amount).unwrap(), currency.into()).unwrap();
            let order = NewOrder { total: total.clone(), ..order(number) };
            fresh.store.place(&order, &crate::placed()).await.unwrap();
            let mut attempt = attempt(&format!("key-{number}"));
            attempt.amount = total;
            let event = Event::ConfirmStarted(attempt);
            fresh.store.apply(&id(number), &event, &at(10)).await.unwrap();
            let record = fresh.store.order(&id(number)).await.unwrap().unwrap();
            assert_eq!((&record.order.total, &record.state.attempt().unwrap().amount), (&order.total, &order.total));
            assert_eq!(fresh.store.events(&id(number)).await.unwrap()[0].event, event);
        }
    }
}

#[tokio::test]
async fn an_event_changes_row_and_history_together() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        store.place(&order(1), &crate::placed()).await.unwrap();
        let applied = store.apply(&id(1), &started("a"), &at(10)).await.unwrap();
        assert_eq!((applied.record.state, applied.effect, applied.record.attempts), (confirming("a"), Some(Effect::Confirm), 1));
        let note = at(20).toss_answer("{\"status\":\"DONE\"}");
        let applied = store.apply(&id(1), &ended("a", paid()), &note).await.unwrap();
        assert!(matches!(applied.record.state, State::Paid { .. }) && applied.effect.is_none());

        let fresh = fresh.reopen().await;
        let record = fresh.store.order(&id(1)).await.unwrap().unwrap();
        assert!(matches!(record.state, State::Paid { .. }));
        assert_eq!(fresh.store.toss_answer(&id(1)).await.unwrap().as_deref(), Some("{\"status\":\"DONE\"}"));
        assert_eq!(fresh.store.toss_answer(&id(9)).await.unwrap(), None);
        assert_eq!(fresh.store.versions(&[id(9), id(1)]).await.unwrap(), [(id(1), 2)]);
        assert_eq!(fresh.store.versions(&[]).await.unwrap(), []);
        let history = fresh.store.events(&id(1)).await.unwrap();
        let rows: Vec<_> = history.iter().map(|row| (row.seq, row.at_ms, row.toss_answer.is_some())).collect();
        assert_eq!(rows, [(1, 10, false), (2, 20, true)]);
        assert_eq!(history[0].event, started("a"));
    }
}

#[tokio::test]
async fn what_cannot_happen_writes_nothing() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        store.place(&order(1), &crate::placed()).await.unwrap();
        let early = store.apply(&id(1), &ended("a", unknown(Shown::Unheard)), &at(5)).await;
        assert!(matches!(early, Err(ApplyError::Illegal { illegal: Illegal::NotAwaited, .. })));
        store.apply(&id(1), &started("a"), &at(10)).await.unwrap();
        let second = store.apply(&id(1), &started("b"), &at(11)).await;
        let Err(ApplyError::Illegal { illegal: Illegal::NotPayable, record }) = second else { panic!("{second:?}") };
        assert_eq!(record.state, confirming("a"), "the order as it stands comes with the refusal");
        assert!(matches!(store.apply(&id(2), &started("a"), &at(1)).await, Err(ApplyError::NoSuchOrder)));
        assert_eq!(store.events(&id(1)).await.unwrap().len(), 1);
        // What was refused has not claimed its payment: another order still can.
        store.place(&order(3), &crate::placed()).await.unwrap();
        assert!(store.apply(&id(3), &started("b"), &at(12)).await.is_ok());
    }
}

#[tokio::test]
async fn a_payment_is_claimed_by_one_order_for_ever() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        for number in [1, 2] {
            store.place(&order(number), &crate::placed()).await.unwrap();
        }
        store.apply(&id(1), &started("a"), &at(10)).await.unwrap();
        store.apply(&id(1), &ended("a", declined()), &at(11)).await.unwrap();
        assert!(matches!(store.apply(&id(2), &started("a"), &at(12)).await, Err(ApplyError::PaymentTaken)));
        assert_eq!(store.order(&id(2)).await.unwrap().unwrap().state, State::Open);
        assert!(store.events(&id(2)).await.unwrap().is_empty());
        store.apply(&id(1), &started("b"), &at(13)).await.unwrap();
        store.apply(&id(1), &ended("b", declined()), &at(14)).await.unwrap();
        let own_again = store.apply(&id(1), &started("a"), &at(15)).await;
        assert!(matches!(own_again, Err(ApplyError::Illegal { illegal: Illegal::AlreadyDeclined, .. })), "{own_again:?}");
    }
}

#[tokio::test]
async fn a_payment_that_waits_is_claimed_and_follows_the_declined_one() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        for number in [1, 2] {
            store.place(&order(number), &crate::placed()).await.unwrap();
        }
        store.apply(&id(1), &started("a"), &at(10)).await.unwrap();
        store.apply(&id(1), &Event::AnotherReturned(attempt("b")), &at(11)).await.unwrap();
        assert!(matches!(store.apply(&id(2), &started("b"), &at(12)).await, Err(ApplyError::PaymentTaken)));
        let applied = store.apply(&id(1), &ended("a", declined()), &at(13)).await.unwrap();
        assert_eq!((applied.record.state, applied.effect, applied.record.attempts), (confirming("b"), Some(Effect::Confirm), 2));
    }
}

#[tokio::test]
async fn an_order_claims_so_many_payments_and_no_more() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        store.place(&order(1), &crate::placed()).await.unwrap();
        for number in 0..MAX_ATTEMPTS {
            let key = format!("key{number}");
            store.apply(&id(1), &started(&key), &at(10)).await.unwrap();
            store.apply(&id(1), &ended(&key, declined()), &at(11)).await.unwrap();
        }
        let events = store.events(&id(1)).await.unwrap().len();
        for number in 0..100 {
            let refused = store.apply(&id(1), &started(&format!("more{number}")), &at(12)).await;
            assert!(matches!(refused, Err(ApplyError::Illegal { illegal: Illegal::TooManyAttempts, .. })), "{refused:?}");
        }
        assert_eq!(store.events(&id(1)).await.unwrap().len(), events, "what is refused costs no row");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_claims_at_once_one_wins() {
    for fresh in stores().await {
        fresh.store.place(&order(1), &crate::placed()).await.unwrap();
        let claims = join_all((0..32).map(|number| {
            let store = fresh.store.clone();
            tokio::spawn(async move { store.apply(&id(1), &started(&format!("key{number}")), &at(10)).await.is_ok() })
        }));
        let won = claims.await.into_iter().filter(|claim| *claim.as_ref().unwrap()).count();
        assert_eq!(won, 1);
        assert_eq!(fresh.store.events(&id(1)).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_owner_has_one_payable_order_and_none_while_one_is_undecided() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        let placed = |replaced: &[usize]| Placement::Placed { replaced: replaced.iter().map(|number| id(*number)).collect() };
        assert_eq!(store.place(&order_of(1, "a"), &crate::placed()).await.unwrap(), placed(&[]));
        assert_eq!(store.place(&order_of(2, "b"), &crate::placed()).await.unwrap(), placed(&[]), "others have their own");
        assert_eq!(store.place(&order_of(3, "a"), &crate::placed()).await.unwrap(), placed(&[1]));
        let first = store.order(&id(1)).await.unwrap().unwrap();
        assert_eq!(first.state, State::Expired { reason: Expiry::Replaced, attempt: None });
        assert_eq!(store.events(&id(1)).await.unwrap()[0].event, Event::Replaced);
        let late = store.apply(&id(1), &started("late"), &at(5)).await;
        assert!(matches!(late, Err(ApplyError::Illegal { illegal: Illegal::Expired, .. })), "{late:?}");

        store.apply(&id(3), &started("x"), &at(10)).await.unwrap();
        for outcome in [None, Some(unknown(Shown::Unheard))] {
            if let Some(outcome) = outcome {
                store.apply(&id(3), &ended("x", outcome), &at(11)).await.unwrap();
            }
            assert_eq!(store.place(&order_of(4, "a"), &crate::placed()).await.unwrap(), Placement::Undecided(id(3)));
            assert_eq!(store.undecided_of(&Owner::new("a")).await.unwrap(), Some(id(3)));
        }
        assert!(store.order(&id(4)).await.unwrap().is_none(), "and nothing was stored");
        assert_eq!(store.undecided_of(&Owner::new("b")).await.unwrap(), None);

        store.apply(&id(3), &ended("x", declined()), &at(12)).await.unwrap();
        assert_eq!(store.place(&order_of(4, "a"), &crate::placed()).await.unwrap(), placed(&[3]), "a declined one could still be paid");
        store.apply(&id(4), &started("y"), &at(13)).await.unwrap();
        store.apply(&id(4), &ended("y", paid()), &at(14)).await.unwrap();
        assert_eq!(store.place(&order_of(5, "a"), &crate::placed()).await.unwrap(), placed(&[]), "a paid one stays what it is");
        assert!(matches!(store.order(&id(4)).await.unwrap().unwrap().state, State::Paid { .. }));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_tabs_that_order_at_once_one_order_is_payable() {
    for fresh in stores().await {
        let placed = join_all((0..16).map(|number| {
            let store = fresh.store.clone();
            tokio::spawn(async move { store.place(&order_of(number, "tabs"), &crate::placed()).await.unwrap() })
        }));
        placed.await;
        let mut payable = 0;
        for number in 0..16 {
            payable += usize::from(fresh.store.order(&id(number)).await.unwrap().unwrap().state.is_payable());
        }
        assert_eq!(payable, 1);
    }
}
