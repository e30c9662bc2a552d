//! Orders in a PostgreSQL database, which several servers may use at once.
//!
//! Each method is one transaction, tried again where another one got in its way. An order moves from the version that was read and from
//! no other. Where more than that has to hold still, it is locked, and where a lock has to be waited for, the next statement sees what its
//! holder has done. No call to Toss is made inside a transaction. Nothing here needs triggers, sequences, types of its own or advisory locks,
//! which databases that speak as PostgreSQL does may not have.

mod accounts;
mod address;
mod apply;
mod archive;
mod books;
mod connection;
mod fault;
mod findings;
mod forget;
mod inbox;
mod lease;
mod migrate;
mod options;
mod orders;
mod outbox;
mod password_file;
mod place;
mod pool;
mod rows;
mod servers;
mod settlements;
mod stock;
mod tls;
mod transaction;
mod tries;

pub use address::BadPostgresUrl;
pub use options::PostgresOptions;

use super::{
    Applied, ApplyError, Backlog, Books, BooksLease, BooksTaken, Closing, EventRecord, Finding, FindingQuery, Forget, Inbound, Kept, Keys,
    LaneLoad, Listed, Message, NewOrder, Note, OrderQuery, OrderRecord, Owner, PayOut, Placement, Proof, SettlementRecord, StockLevel,
    Store, StoreError,
};
use crate::gateway::{Fingerprint, Mode};
use crate::order::{Account, Event, Lane};
use async_trait::async_trait;
use pool::Pool;
use servers::Server;
use std::fmt;
use std::sync::Arc;
use toss_types::{OrderId, PaymentKey};
use transaction::statement;
use tries::tried;

/// A store that a PostgreSQL server keeps, on this machine or another. Any number of servers may share it: each works on what the others do
/// not, and takes up what one that is gone has left ([`Store::keep_alive`]). Give their engines its [`clock`](Postgres::clock).
#[derive(Clone)]
pub struct Postgres {
    pool: Pool,
    server: Arc<Server>,
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres").field("connections", &self.pool.most()).finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for Postgres {
    async fn place(&self, order: &NewOrder, note: &Note) -> Result<Placement, StoreError> {
        self.place_order(order, note).await
    }

    async fn order(&self, id: &OrderId) -> Result<Option<OrderRecord>, StoreError> {
        self.read_order(id).await
    }

    async fn versions(&self, ids: &[OrderId]) -> Result<Vec<(OrderId, i64)>, StoreError> {
        self.read_versions(ids).await
    }

    async fn toss_answer(&self, id: &OrderId) -> Result<Option<String>, StoreError> {
        self.read_toss_answer(id).await
    }

    async fn undecided_of(&self, owner: &Owner) -> Result<Option<OrderId>, StoreError> {
        self.read_undecided_of(owner).await
    }

    async fn apply(&self, id: &OrderId, event: &Event, note: &Note) -> Result<Applied, ApplyError> {
        self.apply_event(id, event, note).await
    }

    async fn take_due(&self, lane: Lane, now_ms: i64, lease_until_ms: i64, limit: u32) -> Result<Vec<OrderRecord>, StoreError> {
        self.take_due_of(lane, now_ms, lease_until_ms, limit).await
    }

    async fn look_later(&self, record: &OrderRecord, now_ms: i64, at_ms: i64) -> Result<(), StoreError> {
        self.set_next_look(record, now_ms, at_ms).await
    }

    async fn recover(&self, now_ms: i64) -> Result<u64, StoreError> {
        self.end_leases(now_ms).await
    }

    async fn keep_alive(&self, now_ms: i64, until_ms: i64) -> Result<u64, StoreError> {
        self.live_until(now_ms, until_ms).await
    }

    async fn load(&self) -> Result<Vec<LaneLoad>, StoreError> {
        self.read_load().await
    }

    async fn backlog(&self) -> Result<Backlog, StoreError> {
        self.count_backlog().await
    }

    async fn events(&self, id: &OrderId) -> Result<Vec<EventRecord>, StoreError> {
        self.read_events(id).await
    }

    async fn claimed_by(&self, payment_key: &PaymentKey) -> Result<Option<OrderId>, StoreError> {
        self.read_claim(payment_key).await
    }

    async fn orders(&self, query: &OrderQuery) -> Result<Vec<OrderRecord>, StoreError> {
        self.read_orders(query).await
    }

    async fn set_stock(&self, sku: &str, total: Option<u32>) -> Result<(), StoreError> {
        self.write_stock(sku, total).await
    }

    async fn stock(&self) -> Result<Vec<StockLevel>, StoreError> {
        self.read_stock().await
    }

    async fn forget(&self, before: &Forget, now_ms: i64, limit: u32) -> Result<u64, StoreError> {
        self.forget_details(before, now_ms, limit).await
    }

    async fn archive(&self, before_ms: i64, now_ms: i64, limit: u32) -> Result<u64, StoreError> {
        self.archive_histories(before_ms, now_ms, limit).await
    }

    async fn keep_inbound(&self, inbound: &Inbound, pause_ms: i64) -> Result<bool, StoreError> {
        self.write_inbound(inbound, pause_ms).await
    }

    async fn take_inbound(&self, now_ms: i64, lease_until_ms: i64, limit: u32) -> Result<Vec<Inbound>, StoreError> {
        self.take_due_inbound(now_ms, lease_until_ms, limit).await
    }

    async fn inbound_done(
        &self,
        payment_key: &PaymentKey,
        began_ms: i64,
        now_ms: i64,
        pause_ms: i64,
        came_of_it: &str,
    ) -> Result<(), StoreError> {
        self.end_inbound(payment_key, began_ms, now_ms, pause_ms, came_of_it).await
    }

    async fn inbound_later(&self, payment_key: &PaymentKey, at_ms: i64) -> Result<(), StoreError> {
        self.put_off_inbound(payment_key, at_ms).await
    }

    async fn take_messages(&self, channel: &str, now_ms: i64, lease_until_ms: i64, limit: u32) -> Result<Vec<Message>, StoreError> {
        self.take_due_messages(channel, now_ms, lease_until_ms, limit).await
    }

    async fn message_delivered(&self, message: &Message, now_ms: i64) -> Result<(), StoreError> {
        self.end_message(message, now_ms).await
    }

    async fn message_failed(&self, message: &Message, now_ms: i64, again_at_ms: Option<i64>, why: &str) -> Result<(), StoreError> {
        self.put_off_message(message, now_ms, again_at_ms, why).await
    }

    async fn messages(&self, is_dead: bool, limit: u32) -> Result<Vec<Message>, StoreError> {
        self.read_messages(is_dead, limit).await
    }

    async fn replay_messages(&self, id: Option<&str>, now_ms: i64) -> Result<u64, StoreError> {
        self.revive_messages(id, now_ms).await
    }

    async fn take_books(
        &self,
        account: &Account,
        lease: &BooksLease,
        now_ms: i64,
        ran_before_ms: Option<i64>,
    ) -> Result<BooksTaken, StoreError> {
        self.take_books_of(account, lease, now_ms, ran_before_ms).await
    }

    async fn keep_books(&self, books: &Books, lease: &BooksLease, is_over: bool) -> Result<bool, StoreError> {
        self.write_books(books, lease, is_over).await
    }

    async fn keep_listed(&self, listed: &Listed) -> Result<(), StoreError> {
        self.write_listed(listed).await
    }

    async fn listed(&self, payment_key: &PaymentKey) -> Result<Vec<Listed>, StoreError> {
        self.read_listed(payment_key).await
    }

    async fn with_money(&self, changed_since_ms: i64, behind: Option<&OrderId>, limit: u32) -> Result<Vec<(i64, OrderRecord)>, StoreError> {
        self.read_with_money(changed_since_ms, behind, limit).await
    }

    async fn keep_finding(&self, finding: &Finding) -> Result<Kept, StoreError> {
        self.write_finding(finding).await
    }

    async fn close_finding(&self, id: &str, at_ms: i64, how: &Closing) -> Result<bool, StoreError> {
        self.end_finding(id, at_ms, how).await
    }

    async fn findings(&self, query: &FindingQuery) -> Result<Vec<Finding>, StoreError> {
        self.read_findings(query).await
    }

    async fn findings_to_check(&self, checked_before_ms: i64, limit: u32) -> Result<Vec<Finding>, StoreError> {
        self.read_findings_to_check(checked_before_ms, limit).await
    }

    async fn keep_settlements(&self, settlements: &[SettlementRecord]) -> Result<(), StoreError> {
        self.write_settlements(settlements).await
    }

    async fn settlements_of(&self, id: &OrderId) -> Result<Vec<SettlementRecord>, StoreError> {
        self.read_settlements(id).await
    }

    async fn pay_outs(&self, from_day: &str, to_day: &str) -> Result<Vec<PayOut>, StoreError> {
        self.read_pay_outs(from_day, to_day).await
    }

    async fn keys(&self) -> Result<Keys, StoreError> {
        self.read_keys().await
    }

    async fn add_key(&self, key: &Fingerprint, account: &Account, mode: Mode) -> Result<(), StoreError> {
        self.write_key(key, account, mode).await
    }

    async fn proofs(&self, limit: u32) -> Result<Vec<Proof>, StoreError> {
        self.read_proofs(limit).await
    }

    async fn check_read(&self) -> Result<(), StoreError> {
        tried!("answering whether it is there", self.row(statement("SELECT at_ms FROM write_probe")));
        Ok(())
    }

    async fn check_write(&self, now_ms: i64) -> Result<(), StoreError> {
        tried!("proving that it can be written to", self.execute(statement("UPDATE write_probe SET at_ms = $1").bind(now_ms)));
        Ok(())
    }

    async fn close(&self) {
        self.leave().await;
        self.pool.close().await;
    }
}
