//! A commit waits until the standby has it.

use crate::moments::{Dice, Moments, seed};
use crate::pair::{Pair, Replication};
use crate::shop::{DEADLINE, Shop, TOTAL, work};
use crate::shoppers::{Promise, Street};
use futures_util::future::join_all;
use payment_engine::Engine;
use payment_engine::order::{LEASE_MS, State};
use payment_engine::store::OrderQuery;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use toss_sandbox::{Code, Endpoint, Fault, Scope, Times};

const SHOPPERS: u64 = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_acknowledged_is_lost_when_the_primary_dies() {
    let seed = seed("a synchronous standby");
    let mut dice = Dice::of(seed);
    let pair = spawn_blocking(|| Pair::start(Replication::Synchronous)).await.unwrap();
    let shop = Arc::new(Shop::start(pair.url()).await);
    // Some payments are declined, and some answers are lost.
    for (fault, endpoint) in [
        (Fault::decline(Code::REJECT_CARD_PAYMENT), Endpoint::Confirm),
        (Fault::ResetAfter, Endpoint::Confirm),
        (Fault::ErrorBefore, Endpoint::Confirm),
        (Fault::ResetAfter, Endpoint::Cancel),
    ] {
        shop.sandbox.control().fault(fault, Scope::any(endpoint), Times::Chance { percent: 8 }).unwrap();
    }

    let (pair, is_dead, has_died) = (Arc::new(Mutex::new(pair)), Arc::<AtomicBool>::default(), watch::Sender::new(false));
    let moments = Moments::draw(seed, {
        let (pair, is_dead, has_died) = (pair.clone(), is_dead.clone(), has_died.clone());
        move || {
            is_dead.store(true, Ordering::SeqCst);
            pair.lock().unwrap().kill_primary();
            has_died.send_replace(true);
        }
    });
    let servers = [shop.server_in(&moments).await, shop.server_in(&moments).await];
    let street = Street::new(shop.clone(), servers.clone(), moments.clone(), is_dead);
    let stop = watch::Sender::new(false);
    let lanes = servers.clone().map(|server| {
        let mut stop = stop.subscribe();
        tokio::spawn(async move { server.work(async move { drop(stop.wait_for(|stop| *stop).await) }).await })
    });
    let shoppers = (0..SHOPPERS).map(|number| tokio::spawn(street.clone().shopper(Dice::of(seed.wrapping_mul(31).wrapping_add(number)))));
    let shoppers = tokio::spawn(join_all(shoppers.collect::<Vec<_>>()));

    let story = async {
        has_died.subscribe().wait_for(|has| *has).await.unwrap();
        // How long nobody can write: until so many have been told.
        street.failed(dice.below(8)).await;
        let promotes = pair.clone();
        spawn_blocking(move || promotes.lock().unwrap().promote()).await.unwrap();
        street.taken_over();
        for shopper in shoppers.await.unwrap() {
            shopper.unwrap();
        }
    };
    timeout(DEADLINE, story).await.unwrap_or_else(|_| panic!("FAILOVER_SEED={seed}: not in time, {:?}", moments.drawn));
    stop.send_replace(true);
    for lane in lanes {
        timeout(DEADLINE, lane).await.unwrap().unwrap();
    }
    for (at, server) in servers.iter().enumerate() {
        assert!(server.close(DEADLINE).await, "what is under way ends");
        assert!(street.paid_at(at, true) > 0, "server {at} has found the standby");
    }
    assert!(street.paid_at(0, false) + street.paid_at(1, false) > 0, "some was paid before");
    agrees(&shop, &shop.server().await, &street.promises(), seed).await;
}

/// What is in doubt is looked up, what is late comes, and then what Toss has charged is what the orders say.
async fn agrees(shop: &Shop, server: &Engine, promises: &[Promise], seed: u64) {
    shop.advance(Duration::from_millis(LEASE_MS.unsigned_abs()));
    for _ in 0..12 {
        work(server).await;
        shop.advance(Duration::from_secs(10 * 60));
    }
    let records = server.orders(&OrderQuery::newest(10_000)).await.unwrap();
    for promise in promises {
        let kept = records.iter().any(|record| promise.is_kept_by(record));
        assert!(kept, "FAILOVER_SEED={seed}: {promise:?} {:?}", records.iter().find(|record| record.order.id == promise.id));
    }
    for record in &records {
        let (id, balance) = (&record.order.id, record.balance());
        let told = format!("FAILOVER_SEED={seed}: {id} {record:?}");
        let expected = match &record.state {
            State::Paid { .. } => vec![TOTAL],
            State::Declined { .. } | State::Expired { .. } => vec![],
            State::Open | State::Confirming { .. } | State::InDoubt { .. } | State::AwaitingDeposit { .. } => panic!("undecided: {told}"),
        };
        assert_eq!(shop.charges(id), expected, "{told}");
        let left = balance.paid.map_or(0, |paid| paid.as_won().unwrap().get()) - balance.refunded.as_won().unwrap().get();
        assert_eq!((shop.balance(id), record.refunds.under_way()), (left, None), "{told}");
    }
    for charge in shop.sandbox.control().ledger() {
        assert!(records.iter().any(|record| record.order.id.as_str() == charge.order_id), "FAILOVER_SEED={seed}: no order for {charge:?}");
    }
    // The books know of no difference either.
    let report = server.run_books().await.unwrap();
    assert_eq!((report.mended, report.found), (0, 0), "FAILOVER_SEED={seed}: {report:?}");
    assert!(report.transactions > 0);
}
