//! Forgetting a part of what the sandbox knows, so that tests that share one sandbox can each clear up after themselves.

use std::collections::HashSet;

use axum::http::StatusCode;

use crate::{config::MerchantId, error::ApiError, world::State};

/// What is to be forgotten.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Whose<'a> {
    /// What belongs to one order, whichever shop has it.
    Order(&'a str),
    /// What belongs to one shop, which has that client key.
    Shop(MerchantId, &'a str),
}

/// What a call is about was forgotten while it was under way. It has no effect any more, and no answer of its own: what it
/// would tell is not so in what is there now. An error of the server, for that decides nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Forgotten;

impl From<Forgotten> for ApiError {
    fn from(Forgotten: Forgotten) -> Self {
        Self::other(
            StatusCode::INTERNAL_SERVER_ERROR,
            "SANDBOX_RESET",
            "이 요청이 처리되는 동안 샌드박스가 초기화되었습니다. 초기화된 뒤에는 아무 영향도 없습니다.",
            "The sandbox was reset while this call was under way; it has no effect on what is there now.",
        )
    }
}

impl Whose<'_> {
    /// Whether a thing of that shop and order is meant; what is not known of it is not.
    fn is(self, merchant: Option<MerchantId>, order_id: Option<&str>) -> bool {
        match self {
            Self::Order(meant) => order_id == Some(meant),
            Self::Shop(meant, _) => merchant == Some(meant),
        }
    }
}

impl State {
    /// Forgets payments, ledger entries, requests, idempotency keys, cash receipts, webhooks (those that wait are not sent
    /// any more), the calls that are under way, and faults. Of a shop also its billing keys, and how often it has called; of
    /// faults those for it, and those that name no shop but an order which this shop has and no other.
    pub(crate) fn forget(&mut self, whose: Whose<'_>) {
        let Self { payments, ledger, requests, idempotency, billing, cash_receipts, rates, faults, webhooks, under_way, hung } = self;
        match whose {
            Whose::Order(order_id) => faults.clear_order(order_id),
            Whose::Shop(merchant, client_key) => {
                let orders = |of_it: bool| -> HashSet<_> {
                    let chosen = payments.all().filter(|payment| (payment.merchant == merchant) == of_it);
                    chosen.map(|payment| payment.order.order_id.as_str()).collect()
                };
                faults.clear_shop(client_key);
                faults.clear_orders_of_any_shop(&orders(true).difference(&orders(false)).copied().collect());
                billing.forget(merchant);
                rates.forget(merchant);
            }
        }
        payments.forget(|payment| whose.is(Some(payment.merchant), Some(&payment.order.order_id)));
        ledger.retain(|booked| !whose.is(Some(booked.merchant), Some(&booked.charge.order_id)));
        requests.retain(|record| !whose.is(record.merchant, record.order_id.as_deref()));
        idempotency.forget(|merchant, order_id| whose.is(Some(merchant), order_id));
        cash_receipts.retain(|receipt| !whose.is(Some(receipt.merchant), Some(&receipt.order_id)));
        webhooks.forget(|merchant, order_id| whose.is(merchant, order_id));
        under_way.retain(|_, call| !whose.is(call.merchant, call.id.as_deref()));
        hung.retain(|number| under_way.contains_key(number));
    }
}
