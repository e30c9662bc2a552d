//! What the shop says holds against the sandbox's ledger, whatever a test has done.

use crate::app::TestApp;
use payment_engine::order::holds_stock;
use payment_engine::store::OrderQuery;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use toss_sandbox::{Charge, ChargeKind};

impl TestApp {
    /// What the sandbox has charged for the order, less what it has given back.
    pub fn balance(&self, order_id: &str) -> i64 {
        let ledger = self.sandbox.ledger();
        let signed = |charge: &Charge| if charge.kind == ChargeKind::Charge { charge.amount.get() } else { -charge.amount.get() };
        ledger.iter().filter(|charge| charge.order_id == order_id).map(signed).sum()
    }

    pub async fn balances(&self) {
        // Webhooks of one payment are looked into at intervals.
        for _ in 0..4 {
            self.told().await;
            self.advance(Duration::from_secs(3));
        }
        for order_id in self.sandbox.ledger().iter().map(|charge| charge.order_id.clone()).collect::<BTreeSet<_>>() {
            let record = self.record(&order_id).await;
            let balance = record.balance();
            let paid = balance.paid.as_ref().map_or(0, |paid| paid.as_won().unwrap().get());
            let left = paid - balance.refunded.as_won().unwrap().get();
            assert_eq!(left, self.balance(&order_id), "Toss has another balance: {:?} {:?}", record.state, record.refunds);
            assert!(record.refunds.under_way().is_none(), "{:?}", record.refunds);
            let charges = self.sandbox.charges(&order_id).iter().map(|charge| charge.amount.get()).max();
            assert_eq!(charges, record.order.total.as_won().map(|won| won.get()), "charged another amount");
        }
        self.stock().await;
        assert_eq!(self.work().await, 0, "something is due still");
        assert!(self.ctx.engine.messages(true, 10).await.unwrap().is_empty(), "a message is dead");
    }

    /// What is taken of each thing is what orders hold that are paid or may be.
    async fn stock(&self) {
        let orders = self.ctx.engine.orders(&OrderQuery::newest(1_000)).await.unwrap();
        let holding = orders.iter().filter(|record| holds_stock(&record.state, &record.refunds));
        let mut held = BTreeMap::<String, u32>::new();
        for reserve in holding.flat_map(|record| &record.order.reserves) {
            *held.entry(reserve.sku.clone()).or_default() += reserve.quantity;
        }
        for level in self.ctx.engine.stock().await.unwrap() {
            assert_eq!(held.get(&level.sku).copied().unwrap_or(0), level.taken, "{} is held by other orders", level.sku);
        }
    }
}
