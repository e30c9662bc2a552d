//! What the sandbox remembers for whoever tests against it: charges and requests.

use std::{collections::VecDeque, fmt};

use serde::{Deserialize, Serialize, Serializer};

use crate::{
    clock::UnixMs,
    config::MerchantId,
    fault::Fault,
    money::{Currency, Money},
    order::Method,
    payment::{Payment, Status, Transition},
};

/// Money that has moved. The ledger is the truth against which a shop's books are held.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Charge {
    /// The payment.
    pub payment_key: String,
    /// The order that it paid.
    pub order_id: String,
    /// How much. In JSON its `currency` stands beside it.
    #[serde(flatten, serialize_with = "with_currency")]
    pub amount: Money,
    /// Which way.
    pub kind: ChargeKind,
    /// What the payment became by it.
    pub status: Status,
    /// The transaction, `lastTransactionKey` of the payment right after it.
    pub transaction_key: String,
    /// When, in milliseconds since the epoch.
    pub at: UnixMs,
}

#[derive(Serialize)]
struct WithCurrency {
    amount: Money,
    currency: Currency,
}

fn with_currency<S: Serializer>(amount: &Money, serializer: S) -> Result<S::Ok, S::Error> {
    WithCurrency { amount: *amount, currency: amount.currency() }.serialize(serializer)
}

/// An entry of the ledger, and in whose books it stands.
#[derive(Serialize, Deserialize)]
pub(crate) struct Booked {
    pub(crate) merchant: MerchantId,
    #[serde(with = "stored_charge")]
    pub(crate) charge: Charge,
}

/// Which way money moved. There will be no others: whoever adds a ledger up has to know them all.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeKind {
    /// From the shopper to the shop.
    Charge,
    /// Back to the shopper, by a cancel.
    Refund,
    /// Back to the shopper, because the bank took a deposit back.
    Reversal,
}

/// A call of the core API, answered or not.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RequestRecord {
    /// Counts from 0 since the start of the sandbox.
    pub number: u64,
    /// HTTP method.
    pub method: String,
    /// Path without the query.
    pub path: String,
    /// The `Idempotency-Key` header.
    pub idempotency_key: Option<String>,
    /// The order that it is about, once that is known.
    pub order_id: Option<String>,
    /// Whose secret key it has, once that is known.
    #[serde(skip)]
    pub(crate) merchant: Option<MerchantId>,
    /// SHA-256 of the request body, hexadecimal.
    pub body_sha256: String,
    /// HTTP status of the answer; none when the call hangs, was reset, or the caller has hung up.
    pub status: Option<u16>,
    /// Whether this very call moved the money.
    pub charged: bool,
    /// Whether the answer was an earlier one, replayed for the idempotency key.
    pub replayed: bool,
    /// The fault that struck.
    pub fault: Option<Fault>,
    /// When it arrived, in milliseconds since the epoch.
    pub at: UnixMs,
    /// How long the answer took, in milliseconds of real time.
    pub took_ms: Option<u64>,
    /// The body that came. In JSON only where one request alone is asked for: lists stay small.
    #[serde(skip)]
    pub request: BodyCopy,
    /// The body of the answer as the fault has left it, whole where it was cut off on the way.
    #[serde(skip)]
    pub answer: Option<BodyCopy>,
}

/// A body as far as it is kept, with secret keys blotted out. It may hold a paymentKey: `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BodyCopy {
    /// The first [`MAX_COPIED_BYTES`]; what is not UTF-8 is replaced.
    pub text: String,
    /// How long the whole body was, in bytes.
    pub bytes: usize,
}

/// So much of a body is kept.
pub const MAX_COPIED_BYTES: usize = 8 * 1024;

impl BodyCopy {
    pub(crate) fn of<'a>(body: &[u8], secrets: impl Iterator<Item = &'a str>) -> Self {
        let mut text = String::from_utf8_lossy(body).into_owned();
        for secret in secrets.filter(|secret| !secret.is_empty()) {
            if text.contains(secret) {
                text = text.replace(secret, "[secret key]");
            }
        }
        text.truncate(text.floor_char_boundary(MAX_COPIED_BYTES));
        Self { text, bytes: body.len() }
    }
}

impl fmt::Debug for BodyCopy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.bytes)
    }
}

/// A payment as the control plane shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PaymentView {
    /// The payment.
    pub payment_key: String,
    /// The shop's order.
    pub order_id: String,
    /// What the shopper reads.
    pub order_name: String,
    /// How much. In JSON its `currency` stands beside it.
    #[serde(flatten, serialize_with = "with_currency")]
    pub amount: Money,
    /// What can still be cancelled.
    pub balance: Money,
    /// How the shopper pays.
    pub method: Method,
    /// Where it stands.
    pub status: Status,
    /// When the window was opened, in milliseconds since the epoch.
    pub requested_at: UnixMs,
    /// What has happened to it, oldest first.
    pub timeline: Vec<Transition>,
}

impl PaymentView {
    pub(crate) fn of(payment: &Payment) -> Self {
        Self {
            payment_key: payment.payment_key.clone(),
            order_id: payment.order.order_id.clone(),
            order_name: payment.order.order_name.clone(),
            amount: payment.order.amount,
            // What is left is less than the whole, which is in range.
            balance: Money::new(payment.balance(), payment.currency()).expect("invariant: a balance is an amount"),
            method: payment.order.method,
            status: payment.status(),
            requested_at: payment.requested_at,
            timeline: payment.timeline().to_vec(),
        }
    }
}

/// A queue that forgets its oldest entry at the limit. Each entry has its number, which no other ever gets.
#[derive(Serialize, Deserialize)]
pub(crate) struct Ring<T> {
    entries: VecDeque<(u64, T)>,
    next: u64,
    #[serde(skip)]
    limit: usize,
}

impl<T> Ring<T> {
    pub(crate) fn new(limit: usize, next: u64) -> Self {
        Self { entries: VecDeque::new(), next, limit: limit.max(1) }
    }

    /// Goes on after a restart.
    pub(crate) fn revive(&mut self, limit: usize) {
        self.limit = limit.max(1);
    }

    /// Adds an entry and gives its number, counted from the first one ever.
    pub(crate) fn push(&mut self, make: impl FnOnce(u64) -> T) -> u64 {
        while self.entries.len() >= self.limit {
            self.entries.pop_front();
        }
        let number = self.next;
        self.next += 1;
        self.entries.push_back((number, make(number)));
        number
    }

    /// The number that the next entry will get.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// Keeps those entries, and forgets the others.
    pub(crate) fn retain(&mut self, is_kept: impl Fn(&T) -> bool) {
        self.entries.retain(|(_, entry)| is_kept(entry));
    }

    fn place(&self, number: u64) -> Option<usize> {
        self.entries.binary_search_by_key(&number, |(number, _)| *number).ok()
    }

    /// The entry of that number, if it has not been forgotten.
    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        let place = self.place(number)?;
        self.entries.get_mut(place).map(|(_, entry)| entry)
    }

    pub(crate) fn get(&self, number: u64) -> Option<&T> {
        self.entries.get(self.place(number)?).map(|(_, entry)| entry)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.entries.iter().map(|(_, entry)| entry)
    }
}

/// The log of requests in the state file: there each has its bodies with it, and whose it is.
pub(crate) mod request_log {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{BodyCopy, MerchantId, RequestRecord, Ring};

    #[derive(Serialize)]
    struct Rest<'a> {
        merchant: Option<MerchantId>,
        request: &'a BodyCopy,
        answer: &'a Option<BodyCopy>,
    }

    #[derive(Deserialize)]
    struct ReadRest {
        merchant: Option<MerchantId>,
        request: BodyCopy,
        answer: Option<BodyCopy>,
    }

    pub(crate) fn serialize<S: Serializer>(log: &Ring<RequestRecord>, serializer: S) -> Result<S::Ok, S::Error> {
        fn rest(record: &RequestRecord) -> Rest<'_> {
            let RequestRecord { merchant, request, answer, .. } = record;
            Rest { merchant: *merchant, request, answer }
        }
        let entries: Vec<_> = log.iter().map(|record| (record, rest(record))).collect();
        (log.next, entries).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Ring<RequestRecord>, D::Error> {
        let (next, entries) = <(u64, Vec<(RequestRecord, ReadRest)>)>::deserialize(deserializer)?;
        let whole = |(record, rest): (RequestRecord, ReadRest)| {
            let ReadRest { merchant, request, answer } = rest;
            (record.number, RequestRecord { merchant, request, answer, ..record })
        };
        // No limit yet: `revive` knows it.
        Ok(Ring { entries: entries.into_iter().map(whole).collect(), next, limit: 0 })
    }
}

/// An entry of the ledger in the state file.
mod stored_charge {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Charge, ChargeKind, Money, Status, UnixMs};
    use crate::money::stored;

    #[derive(Serialize, Deserialize)]
    struct Stored {
        payment_key: String,
        order_id: String,
        #[serde(with = "stored")]
        amount: Money,
        kind: ChargeKind,
        status: Status,
        transaction_key: String,
        at: UnixMs,
    }

    pub(super) fn serialize<S: Serializer>(charge: &Charge, serializer: S) -> Result<S::Ok, S::Error> {
        let Charge { payment_key, order_id, amount, kind, status, transaction_key, at } = charge.clone();
        Stored { payment_key, order_id, amount, kind, status, transaction_key, at }.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Charge, D::Error> {
        let Stored { payment_key, order_id, amount, kind, status, transaction_key, at } = Stored::deserialize(deserializer)?;
        Ok(Charge { payment_key, order_id, amount, kind, status, transaction_key, at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copied_body_is_cut_between_characters_and_tells_no_secret() {
        let body = format!("{{\"key\":\"test_gsk_secret\"}}{}", "가".repeat(MAX_COPIED_BYTES));
        let copy = BodyCopy::of(body.as_bytes(), ["test_gsk_secret"].into_iter());
        assert!(copy.text.starts_with("{\"key\":\"[secret key]\"}가"), "{}", copy.text);
        assert!(copy.text.ends_with('가') && copy.text.len() <= MAX_COPIED_BYTES);
        assert_eq!(copy.bytes, body.len());
        assert_eq!(format!("{copy:?}"), format!("{} bytes", body.len()));
    }

    #[test]
    fn a_ring_forgets_the_oldest_and_keeps_its_numbers() {
        let mut ring = Ring::new(2, 5);
        let numbers: Vec<_> = ["a", "b", "c"].map(|text| ring.push(|_| text)).into();
        assert_eq!(numbers, [5, 6, 7]);
        assert_eq!(ring.get_mut(5), None);
        assert_eq!(ring.get_mut(6), Some(&mut "b"));
        assert_eq!(ring.get_mut(8), None);
        assert_eq!(ring.iter().copied().collect::<Vec<_>>(), ["b", "c"]);
        ring.retain(|entry| *entry != "b");
        assert_eq!((ring.get(6), ring.get(7), ring.next()), (None, Some(&"c"), 8), "nobody else gets the number");
    }
}
