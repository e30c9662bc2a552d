//! Looks, leases, expiry, keys.

use crate::{EXPIRES_AT, at, attempt, ended, id, order, paid, started, stores, unknown};
use payment_engine::LaneLoad;
use payment_engine::gateway::{Fingerprint, Mode};
use payment_engine::order::{Account, DepositAccount, Event, Expiry, Illegal, LEASE_MS, Lane, Outcome, Shown, State};
use payment_engine::store::{ApplyError, Proof, Store};
use toss_types::OrderId;

async fn due(store: &dyn Store, lane: Lane, now_ms: i64, limit: u32) -> Vec<OrderId> {
    let records = store.take_due(lane, now_ms, now_ms + LEASE_MS, limit).await.unwrap();
    records.into_iter().map(|record| record.order.id).collect()
}

#[tokio::test]
async fn looks_fall_due_once_and_stop_with_the_doubt() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        for number in 1..=3 {
            store.place(&order(number), &crate::placed()).await.unwrap();
        }
        store.apply(&id(1), &started("a"), &at(100)).await.unwrap();
        store.apply(&id(2), &started("b"), &at(50)).await.unwrap();
        assert_eq!(due(store, Lane::Unheard, 49 + LEASE_MS, 9).await, []);
        let now = 100 + LEASE_MS;
        assert_eq!(due(store, Lane::Unheard, now, 1).await, [id(2)], "the longest overdue first");
        assert_eq!(due(store, Lane::Unheard, now, 9).await, [id(1)], "and none that is taken");
        assert_eq!(due(store, Lane::Unheard, now + LEASE_MS - 1, 9).await, []);

        let record = |number| async move { store.order(&id(number)).await.unwrap().unwrap() };
        let first = record(1).await;
        store.look_later(&first, now, now + 300).await.unwrap();
        store.look_later(&first, now + 1, now + 301).await.unwrap();
        assert_eq!(due(store, Lane::Unheard, now + 400, 9).await, [id(1)]);
        assert_eq!((record(1).await.looks, record(1).await.looked_at_ms), (2, Some(now + 1)));

        store.apply(&id(1), &ended("a", unknown(Shown::Yes)), &at(now + 500)).await.unwrap();
        assert_eq!((record(1).await.looks, record(1).await.looked_at_ms), (0, None), "news begin anew");
        store.look_later(&first, now, 1).await.unwrap();
        assert_eq!(due(store, Lane::Shown, now + 499, 9).await, [], "what was read before an event moves nothing after it");
        store.apply(&id(1), &ended("a", paid()), &at(now + 501)).await.unwrap();
        store.look_later(&record(1).await, now, 1).await.unwrap();
        for lane in [Lane::Shown, Lane::Unheard, Lane::Missing, Lane::Deposit] {
            assert!(!due(store, lane, now + 10 * LEASE_MS, 9).await.contains(&id(1)), "{lane:?}");
        }
    }
}

#[tokio::test]
async fn each_lane_takes_its_own() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        for number in 1..=5 {
            store.place(&order(number), &crate::placed()).await.unwrap();
        }
        for (number, outcome) in [
            (1, unknown(Shown::Yes)),
            (2, unknown(Shown::Unheard)),
            (3, unknown(Shown::Missing)),
            (4, Outcome::AwaitingDeposit(DepositAccount::default())),
        ] {
            let key = format!("key{number}");
            store.apply(&id(number), &started(&key), &at(10)).await.unwrap();
            store.apply(&id(number), &ended(&key, outcome), &at(20)).await.unwrap();
        }
        let load = store.load().await.unwrap();
        for (lane, number, since) in
            [(Lane::Shown, 1, 10), (Lane::Unheard, 2, 10), (Lane::Missing, 3, 10), (Lane::Deposit, 4, 10), (Lane::Expiry, 5, 1)]
        {
            assert!(load.contains(&LaneLoad { lane, orders: 1, oldest_since_ms: Some(since) }), "{load:?}");
            assert_eq!(due(store, lane, 20 + 10 * 60_000 + EXPIRES_AT, 9).await, [id(number)], "{lane:?}");
        }
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_delays_nothing() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        store.place(&order(1), &crate::placed()).await.unwrap();
        let year_ms = 365 * 24 * 3_600_000_i64;
        let mut late = order(2);
        (late.placed_at_ms, late.expires_at_ms) = (year_ms, year_ms + 40 * 60_000);
        store.place(&late, &crate::placed()).await.unwrap();
        store.apply(&id(2), &started("a"), &at(year_ms)).await.unwrap();
        // The clock said next year, and now it says this one again.
        assert_eq!(due(store, Lane::Unheard, 1_000, 9).await, [id(2)]);
        assert_eq!(due(store, Lane::Unheard, 1_000, 9).await, [], "the lease is of the clock as it is now");
        let record = store.order(&id(2)).await.unwrap().unwrap();
        store.look_later(&record, 1_000, 1_000 + Lane::Unheard.longest_wait_ms()).await.unwrap();
        assert_eq!(due(store, Lane::Unheard, 1_000, 9).await, [], "what is as far ahead as can be is no mistake");
        assert_eq!(due(store, Lane::Unheard, 990, 9).await, [], "nor is it to a server whose clock is a moment behind");
    }
}

#[tokio::test]
async fn what_a_dead_server_had_taken_is_due_at_once() {
    for fresh in stores().await {
        fresh.store.place(&order(1), &crate::placed()).await.unwrap();
        fresh.store.apply(&id(1), &started("a"), &at(100)).await.unwrap();
        let fresh = fresh.reopen().await;
        assert_eq!(due(fresh.store.as_ref(), Lane::Unheard, 200, 9).await, []);
        assert_eq!(fresh.store.recover(200).await.unwrap(), 1);
        assert_eq!(due(fresh.store.as_ref(), Lane::Unheard, 200, 9).await, [id(1)]);
    }
}

#[tokio::test]
async fn orders_expire_when_their_time_is_up() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        store.place(&order(1), &crate::placed()).await.unwrap();
        assert_eq!(due(store, Lane::Expiry, EXPIRES_AT - 1, 9).await, []);
        let mut late = attempt("a");
        late.claimed_at_ms = EXPIRES_AT;
        let late = store.apply(&id(1), &Event::ConfirmStarted(late), &at(EXPIRES_AT)).await;
        assert!(matches!(late, Err(ApplyError::Illegal { illegal: Illegal::Expired, .. })), "before any lane has looked");
        assert_eq!(due(store, Lane::Expiry, EXPIRES_AT, 9).await, [id(1)]);
        store.apply(&id(1), &Event::TimeRanOut, &at(EXPIRES_AT)).await.unwrap();
        assert_eq!(store.order(&id(1)).await.unwrap().unwrap().state, State::Expired { reason: Expiry::OutOfTime, attempt: None });
        assert_eq!(due(store, Lane::Expiry, EXPIRES_AT * 2 + LEASE_MS, 9).await, []);
    }
}

#[tokio::test]
async fn keys_belong_to_accounts() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        assert_eq!(store.keys().await.unwrap(), payment_engine::store::Keys::default());
        let (key, account) = (Fingerprint::new("one"), Account::new("account-1"));
        for _ in 0..2 {
            store.add_key(&key, &account, Mode::Test).await.unwrap();
        }
        let fresh = fresh.reopen().await;
        let keys = fresh.store.keys().await.unwrap();
        assert_eq!((keys.account_of(&key), keys.accounts.len()), (Some(&account), 1));
        assert_eq!(keys.account_of(&Fingerprint::new("two")), None);
        assert_eq!(keys.open_ends, []);

        fresh.store.place(&order(1), &crate::placed()).await.unwrap();
        assert_eq!(fresh.store.proofs(9).await.unwrap(), []);
        fresh.store.apply(&id(1), &started("a"), &at(10)).await.unwrap();
        let proof = Proof { order_id: id(1), payment_key: attempt("a").payment_key, account: Some(account.clone()) };
        assert_eq!(fresh.store.keys().await.unwrap().open_ends, [(Some(account.clone()), 1)]);
        assert_eq!(fresh.store.proofs(9).await.unwrap(), std::slice::from_ref(&proof));
        fresh.store.apply(&id(1), &ended("a", paid()), &at(11)).await.unwrap();
        assert_eq!(fresh.store.keys().await.unwrap().open_ends, []);
        assert_eq!(fresh.store.proofs(9).await.unwrap(), [proof]);
    }
}

#[tokio::test]
async fn it_says_whether_it_answers_and_whether_it_can_write() {
    for fresh in stores().await {
        assert!(fresh.store.check_read().await.is_ok() && fresh.store.check_write(1).await.is_ok());
        fresh.store.close().await;
        assert!(fresh.store.check_read().await.is_err() && fresh.store.check_write(2).await.is_err());
    }
}
