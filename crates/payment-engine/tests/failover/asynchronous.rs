//! A commit does not wait for the standby, which has not got the last of them when the primary dies.

use crate::pair::{Pair, Replication};
use crate::shop::{DEADLINE, Shop, TOTAL, is_paid_by, returned, sale, work};
use payment_engine::order::{LEASE_MS, State};
use payment_engine::store::{Closing, FindingKind, FindingQuery};
use payment_engine::toss_payments::CancelReason;
use payment_engine::{Engine, NewOrder, OrderRecord, RefundRequest};
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use toss_sandbox::{Code, Endpoint, Fault, Scope, Times};
use toss_types::{OrderId, PaymentKey, Won};

async fn place(server: &Engine, owner: &str) -> NewOrder {
    server.place(sale(owner)).await.unwrap()
}

async fn pay(shop: &Shop, server: &Engine, order: &NewOrder) -> PaymentKey {
    let key = shop.approve(order);
    let record = server.confirm(returned(order, &key), DEADLINE).await.unwrap();
    assert!(is_paid_by(&record, &key), "{record:?}");
    key
}

/// Comes back with a payment, which Toss charges without an answer so far.
async fn pay_without_an_answer(shop: &Shop, server: &Engine, order: &NewOrder) {
    shop.sandbox.control().fault(Fault::TimeoutAfter, Scope::order(Endpoint::Confirm, order.id.as_str()), Times::Once).unwrap();
    let record = server.confirm(returned(order, &shop.approve(order)), Duration::from_millis(1)).await;
    drop(record);
    let charged = async {
        while shop.charges(&order.id).is_empty() {
            tokio::task::yield_now().await;
        }
    };
    timeout(DEADLINE, charged).await.unwrap();
}

fn refund() -> RefundRequest {
    RefundRequest::new(CancelReason::parse("단순 변심").unwrap())
}

async fn record(server: &Engine, id: &OrderId) -> OrderRecord {
    server.order(id).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_books_find_what_the_standby_had_not_got_when_the_primary_died() {
    let mut pair = spawn_blocking(|| Pair::start(Replication::Asynchronous)).await.unwrap();
    let shop = Shop::start(pair.url()).await;
    let server = shop.server().await;

    let (paid_later, paid_twice, in_flight, untouched) =
        (place(&server, "a").await, place(&server, "b").await, place(&server, "c").await, place(&server, "d").await);
    // In another tab.
    let second = shop.approve(&paid_twice);
    let replaced = place(&server, "l").await;
    let declined = place(&server, "e").await;
    let decline = Fault::decline(Code::REJECT_CARD_PAYMENT);
    shop.sandbox.control().fault(decline, Scope::order(Endpoint::Confirm, declined.id.as_str()), Times::Once).unwrap();
    let record_of_it = server.confirm(returned(&declined, &shop.approve(&declined)), DEADLINE).await.unwrap();
    assert!(matches!(record_of_it.state, State::Declined { .. }));
    let (refunded, partly, kept) = (place(&server, "f").await, place(&server, "g").await, place(&server, "h").await);
    for order in [&refunded, &partly, &kept] {
        pay(&shop, &server, order).await;
    }
    shop.advance(Duration::from_secs(5 * 60));
    server.run_books().await.unwrap();
    let claimed = place(&server, "i").await;
    pay_without_an_answer(&shop, &server, &claimed).await;

    let mut pair = spawn_blocking(move || {
        pair.part();
        pair
    })
    .await
    .unwrap();
    shop.sandbox.control().release_hung();
    let answered = server.decided(&claimed.id, DEADLINE).await.unwrap().unwrap();
    assert_eq!(answered.standing(), "paid");
    for order in [&paid_later, &declined, &paid_twice, &replaced] {
        pay(&shop, &server, order).await;
    }
    server.refund(&refunded.id, refund(), DEADLINE).await.unwrap();
    server.refund(&partly.id, refund().amount(Won::of(10_000)), DEADLINE).await.unwrap();
    let (lost, lost_unpaid) = (place(&server, "j").await, place(&server, "k").await);
    pay(&shop, &server, &lost).await;
    pay_without_an_answer(&shop, &server, &in_flight).await;

    let pair = spawn_blocking(move || {
        pair.kill_primary();
        pair.promote();
        pair
    });
    let pair = pair.await.unwrap();
    // The server that goes on meets a database that has forgotten, and so does a shopper.
    for order in [&paid_later, &paid_twice, &in_flight] {
        assert!(matches!(record(&server, &order.id).await.state, State::Open), "the standby has not got it");
    }
    assert!(matches!(record(&server, &claimed.id).await.state, State::Confirming { .. }));
    assert_eq!(record(&server, &refunded.id).await.standing(), "paid");
    for order in [&lost, &lost_unpaid] {
        assert!(server.order(&order.id).await.unwrap().is_none());
    }
    drop(server.confirm(returned(&paid_twice, &second), Duration::from_secs(1)).await);
    let replaces = place(&server, "l").await;
    pay(&shop, &server, &replaces).await;
    shop.sandbox.control().release_hung();
    assert!(server.close(DEADLINE).await);

    let server = shop.server().await;
    shop.advance(Duration::from_millis(LEASE_MS.unsigned_abs()));
    work(&server).await;
    assert_eq!(record(&server, &claimed.id).await.standing(), "paid", "a claim that the standby has is looked up");
    shop.advance(Duration::from_secs(3 * 3_600));
    work(&server).await;
    let report = server.run_books().await.unwrap();

    for (order, standing) in [
        (&paid_later, "paid"),
        (&paid_twice, "paid"),
        (&replaced, "expired"),
        (&replaces, "paid"),
        (&in_flight, "paid"),
        (&declined, "paid"),
        (&claimed, "paid"),
        (&kept, "paid"),
        (&refunded, "refunded"),
        (&partly, "partly_refunded"),
        (&untouched, "expired"),
    ] {
        let record = record(&server, &order.id).await;
        let known = record.balance();
        let left = known.paid.map_or(0, |paid| paid.as_won().unwrap().get()) - known.refunded.as_won().unwrap().get();
        assert_eq!((record.standing(), left), (standing, shop.balance(&order.id)), "{record:?}");
    }
    assert!(!is_paid_by(&record(&server, &paid_twice.id).await, &second) && shop.charges(&paid_twice.id) == [TOTAL]);
    let findings = server.books_findings(&FindingQuery::all(100)).await.unwrap();
    let mut mended: Vec<FindingKind> =
        findings.iter().filter(|found| matches!(found.closed, Some((_, Closing::Mended)))).map(|found| found.kind).collect();
    mended.sort_unstable_by_key(|kind| kind.word());
    let charge = FindingKind::Charge;
    assert_eq!(mended, [charge, charge, charge, charge, FindingKind::Duplicate, FindingKind::Refund, FindingKind::Refund]);
    let open: Vec<_> = findings.iter().filter(|found| found.closed.is_none()).map(|found| (found.kind, found.order_id.clone())).collect();
    assert_eq!(open, [(FindingKind::UnknownOrder, Some(lost.id))], "the one that a person has to look at");
    assert_eq!((report.mended, report.found), (7, 1));
    let again = server.run_books().await.unwrap();
    assert_eq!((again.mended, again.found, again.transactions), (0, 0, 0));
    drop(pair);
}
