//! Cards that a customer has left with a shop, and what proves that they did (Toss docs /guides/v2/billing).

use serde::{Deserialize, Serialize};

use crate::{clock::UnixMs, config::MerchantId, ids, shelf::Shelf};

/// What a customer has agreed to in the window of `requestBillingAuth`, or of BrandPay. It works once; that it never
/// runs out is assumed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Authorization {
    pub(crate) merchant: MerchantId,
    pub(crate) customer_key: String,
    pub(crate) means: Means,
}

/// With what a billing key charges.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Means {
    Card(CardNumber),
    Transfer,
}

/// A card as answers name it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct CardNumber {
    /// `94100012****789*`: the form of Toss's answers.
    pub(crate) masked: String,
    /// Whether the kind of the card is known. Measured: a card whose kind is not cannot be charged by billing.
    pub(crate) known: bool,
}

impl CardNumber {
    /// Numbers that begin like this are known: the one that was measured to work, and the one of the sandbox's window.
    const KNOWN: [&str; 2] = ["9410", "4330"];

    /// The card of the sandbox's window.
    pub(crate) fn of_window() -> Self {
        Self { masked: "43301234****123*".to_owned(), known: true }
    }

    /// 14 to 20 digits. The documentation says that the first six suffice; measured, they do not.
    pub(crate) fn parse(digits: &str) -> Option<Self> {
        if !(14..=20).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let masked =
            digits.char_indices().map(|(i, digit)| if (8..12).contains(&i) || i + 1 == digits.len() { '*' } else { digit }).collect();
        Some(Self { masked, known: Self::KNOWN.iter().any(|bin| digits.starts_with(bin)) })
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BillingKey {
    pub(crate) key: String,
    pub(crate) merchant: MerchantId,
    pub(crate) customer_key: String,
    pub(crate) means: Means,
    pub(crate) authenticated_at: UnixMs,
    pub(crate) removed: bool,
}

/// Every authorisation that has not been used, and every billing key, also removed ones.
#[derive(Serialize, Deserialize)]
pub(crate) struct Billing {
    authorizations: Shelf<Authorization>,
    keys: Shelf<BillingKey>,
}

impl Billing {
    pub(crate) fn new(limit: usize) -> Self {
        Self { authorizations: Shelf::new(limit), keys: Shelf::new(limit) }
    }

    /// Goes on after a restart.
    pub(crate) fn revive(&mut self, limit: usize) {
        self.authorizations.revive(limit);
        self.keys.revive(limit);
    }

    /// The customer agrees in the window. Gives the `authKey`, or the `code` of BrandPay.
    pub(crate) fn authorize(&mut self, authorization: Authorization) -> String {
        let key = ids::auth_key();
        self.authorizations.put(key.clone(), authorization);
        key
    }

    /// Forgets everything that customers have left with one shop.
    pub(crate) fn forget(&mut self, merchant: MerchantId) {
        self.authorizations.retain(|it| it.merchant != merchant);
        self.keys.retain(|it| it.merchant != merchant);
    }

    pub(crate) fn authorization(&self, key: &str) -> Option<&Authorization> {
        self.authorizations.get(key)
    }

    /// Uses an authorisation up.
    pub(crate) fn spend(&mut self, key: &str) {
        self.authorizations.take(key);
    }

    pub(crate) fn issue(&mut self, merchant: MerchantId, customer_key: String, means: Means, now: UnixMs) -> BillingKey {
        let key = ids::billing_key();
        let issued = BillingKey { key: key.clone(), merchant, customer_key, means, authenticated_at: now, removed: false };
        self.keys.put(key, issued.clone());
        issued
    }

    pub(crate) fn key(&mut self, merchant: MerchantId, key: &str) -> Option<&mut BillingKey> {
        self.keys.get_mut(key).filter(|found| found.merchant == merchant)
    }
}
