//! A back-up is restored: one run of the books brings the orders in it to where Toss has them.

use crate::toss::Spoiled;
use crate::world::{DEADLINE, World};
use payment_engine::RefundRequest;
use payment_engine::order::State;
use payment_engine::store::FindingKind;
use payment_engine::toss_payments::CancelReason;
use std::fs;
use std::time::Duration;
use toss_types::Won;

impl World {
    /// Stops the server, does that with its database, and starts it again.
    async fn between(&mut self, with: impl FnOnce(&std::path::Path)) {
        assert!(self.engine.close(DEADLINE).await);
        with(&self.database.path());
        self.engine = self.restart_with(self.sandbox.secret_key()).await.unwrap();
    }
}

#[tokio::test]
async fn one_run_after_a_back_up_was_restored_is_enough() {
    let mut world = World::start().await;
    let refund = || RefundRequest::new(CancelReason::parse("단순 변심").unwrap());
    let (open, second_try) = (world.order().await, world.order().await);
    let first = world.approve(&second_try);
    world.sandbox.control().expire(first.expose()).unwrap();
    world.come_back(&second_try, &first).await.unwrap();
    world.work().await;
    assert!(matches!(world.state(&second_try.id).await, State::Declined { .. }));
    let (refunded, _) = world.paid().await;
    let (partly, _) = world.paid().await;
    let (deposited, account) = world.waiting().await;
    let issued_later = world.order().await;
    let (doubtful, _) = world.in_doubt(Spoiled::AnswerLost).await;
    let untouched = world.order().await;
    world.books().await;

    let folder = tempfile::tempdir().unwrap();
    let back_up = folder.path().join("back-up.db");
    world.between(|database| assert!(fs::copy(database, &back_up).is_ok())).await;

    for order in [&open, &second_try] {
        let key = world.approve(order);
        assert_eq!(world.come_back(order, &key).await.unwrap().standing(), "paid");
    }
    world.engine.refund(&refunded.id, refund(), DEADLINE).await.unwrap();
    for _ in 0..2 {
        world.engine.refund(&partly.id, refund().amount(Won::of(10_000)), DEADLINE).await.unwrap();
    }
    let later = world.approve_account(&issued_later);
    world.come_back(&issued_later, &later).await.unwrap();
    for key in [&account, &later] {
        world.sandbox.control().deposit(key.expose()).unwrap();
    }
    let (lost, _) = world.paid().await;
    world.advance(Duration::from_secs(600));
    world.work().await;

    world
        .between(|database| {
            for end in ["-wal", "-shm"] {
                drop(fs::remove_file(format!("{}{end}", database.display())));
            }
            fs::copy(&back_up, database).unwrap();
        })
        .await;
    world.advance(Duration::from_secs(3 * 3_600));
    // The clock has closed what was open when the back-up was made.
    world.work().await;
    let report = world.books().await;

    let standing = async |id| world.engine.order(id).await.unwrap().unwrap().standing();
    assert_eq!(standing(&open.id).await, "paid");
    assert_eq!(standing(&second_try.id).await, "paid");
    assert_eq!(standing(&doubtful.id).await, "paid");
    assert_eq!(standing(&deposited.id).await, "paid");
    assert_eq!(standing(&issued_later.id).await, "paid");
    assert_eq!(standing(&refunded.id).await, "refunded");
    assert_eq!(standing(&partly.id).await, "partly_refunded");
    assert!(matches!(world.state(&untouched.id).await, State::Expired { .. }));
    assert_eq!(world.engine.order(&partly.id).await.unwrap().unwrap().balance().refunded, Won::of(20_000).into());
    for order in [&open, &second_try, &doubtful, &deposited, &issued_later, &partly, &refunded] {
        let known = world.engine.order(&order.id).await.unwrap().unwrap().balance();
        let left = known.paid.unwrap().amount().checked_sub(known.refunded).unwrap();
        assert_eq!(left.as_won().unwrap().get(), world.balance(order), "{}", order.id);
    }
    assert_eq!((report.found, world.open_findings().await), (1, vec![FindingKind::UnknownOrder]));
    let finding = world.findings().await.into_iter().find(|finding| finding.kind == FindingKind::UnknownOrder).unwrap();
    assert_eq!(finding.order_id, Some(lost.id));
    let again = world.books().await;
    assert_eq!((again.mended, again.found, again.transactions), (0, 0, 0));
}
