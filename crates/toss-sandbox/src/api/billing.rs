//! Billing keys: issued for an `authKey` or a typed card, charged, deleted (Toss docs /guides/v2/billing).

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Answer, Input,
    fields::{self, CardFields, OrderFields},
    work::{Desk, Work},
};
use crate::{
    billing::{BillingKey, CardNumber, Means},
    body::Words,
    endpoint::Endpoint,
    error::{ApiError, Code, Language},
    order::{CardCompany, Method, Order},
    payment::Kind,
    webhook::EventType,
};

/// `POST /v1/billing/authorizations/issue`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Issue {
    auth_key: String,
    customer_key: String,
}

impl Work for Issue {
    const ENDPOINT: Endpoint = Endpoint::BillingIssue;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        let issue: Self = input.json()?;
        if issue.auth_key.chars().count() > 300 {
            return Err(Code::INVALID_REQUEST.into());
        }
        Ok(Self { customer_key: fields::customer_key(issue.customer_key)?, ..issue })
    }

    /// Assumed: an authKey that is unknown or used is `INVALID_BILLING_AUTH`; one of another customer stays unused.
    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        let found = desk.state.billing.authorization(&self.auth_key);
        let authorization = found.filter(|found| found.merchant == desk.merchant).ok_or(Code::INVALID_BILLING_AUTH)?;
        if authorization.customer_key != self.customer_key {
            return Err(Code::NOT_MATCHES_CUSTOMER_KEY.into());
        }
        let means = authorization.means.clone();
        desk.state.billing.spend(&self.auth_key);
        Ok(issue(desk, self.customer_key.clone(), means))
    }
}

/// `POST /v1/billing/authorizations/card`
pub(super) struct IssueByCard {
    customer_key: String,
    card: CardNumber,
}

impl Work for IssueByCard {
    const ENDPOINT: Endpoint = Endpoint::BillingIssueByCard;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            customer_key: String,
            #[serde(flatten)]
            card: CardFields,
        }
        let body: Body = input.json()?;
        Ok(Self { customer_key: fields::customer_key(body.customer_key)?, card: body.card.check_with_holder(input.now)? })
    }

    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        Ok(issue(desk, self.customer_key.clone(), Means::Card(self.card.clone())))
    }
}

fn issue(desk: &mut Desk<'_>, customer_key: String, means: Means) -> Answer {
    let key = desk.state.billing.issue(desk.merchant, customer_key, means, desk.now);
    Answer::json(&Body::of(&key, desk.m_id, desk.language))
}

/// `POST /v1/billing/{billingKey}`
pub(super) struct Charge {
    billing_key: String,
    customer_key: String,
    order: Order,
}

impl Work for Charge {
    const ENDPOINT: Endpoint = Endpoint::BillingCharge;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            customer_key: String,
            #[serde(flatten)]
            order: OrderFields,
        }
        let billing_key = input.segment(Code::NOT_FOUND_BILLING)?;
        let body: Body = input.json()?;
        Ok(Self { billing_key, customer_key: fields::customer_key(body.customer_key)?, order: body.order.check(Method::Card)? })
    }

    fn order_id(&self, _desk: &mut Desk<'_>) -> Option<String> {
        Some(self.order.order_id.clone())
    }

    fn order_name(&self, _desk: &mut Desk<'_>) -> Option<String> {
        Some(self.order.order_name.clone())
    }

    /// Measured: another customer's key, a removed key, and a card of unknown kind are 400.
    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        let merchant = desk.merchant;
        let key = desk.state.billing.key(merchant, &self.billing_key).ok_or(Code::NOT_FOUND_BILLING)?;
        if key.removed {
            return Err(Code::ALREADY_REMOVED_BILLING_KEY.into());
        }
        if key.customer_key != self.customer_key {
            return Err(Code::NOT_MATCHES_CUSTOMER_KEY.into());
        }
        let mut order = self.order.clone();
        match &key.means {
            Means::Card(card) if !card.known => return Err(Code::NOT_SUPPORTED_CARD_TYPE.into()),
            Means::Card(card) => order.card_number = card.clone(),
            Means::Transfer => order.method = Method::Transfer,
        }
        if order.amount.get() < order.method.minimum() {
            return Err(Code::BELOW_MINIMUM_AMOUNT.into());
        }
        desk.charge_directly(Kind::Billing { customer_key: self.customer_key.clone() }, order)
    }
}

/// `DELETE /v1/billing/{billingKey}`
pub(super) struct Delete {
    billing_key: String,
}

impl Work for Delete {
    const ENDPOINT: Endpoint = Endpoint::BillingDelete;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        Ok(Self { billing_key: input.segment(Code::NOT_FOUND_BILLING)? })
    }

    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        let merchant = desk.merchant;
        let key = desk.state.billing.key(merchant, &self.billing_key).ok_or(Code::NOT_FOUND_BILLING)?;
        if key.removed {
            return Err(Code::ALREADY_REMOVED_BILLING_KEY.into());
        }
        key.removed = true;
        let data = json!({ "billingKey": self.billing_key }).to_string();
        desk.announce(EventType::BillingDeleted, data);
        Ok(Answer::empty())
    }
}

/// Toss docs /reference (Billing). Version 2022-11-16 still has `cardCompany` and `cardNumber`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    m_id: &'a str,
    customer_key: &'a str,
    authenticated_at: String,
    method: &'static str,
    billing_key: &'a str,
    card_company: Option<&'static str>,
    card_number: Option<&'a str>,
    card: Option<Card<'a>>,
    transfers: Option<[Transfer; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Card<'a> {
    issuer_code: &'static str,
    acquirer_code: &'static str,
    number: &'a str,
    card_type: &'static str,
    owner_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Transfer {
    bank_name: &'static str,
    bank_account_number: &'static str,
}

impl<'a> Body<'a> {
    fn of(key: &'a BillingKey, m_id: &'a str, language: Language) -> Self {
        let words = Words::of(language);
        let company = CardCompany::DEFAULT;
        let (method, card, transfers) = match &key.means {
            Means::Card(card) => (Method::Card, Some(card), None),
            Means::Transfer => {
                (Method::Transfer, None, Some([Transfer { bank_name: words.toss_bank, bank_account_number: "1000****0001" }]))
            }
        };
        Self {
            m_id,
            customer_key: &key.customer_key,
            authenticated_at: key.authenticated_at.to_kst(),
            method: method.word(language),
            billing_key: &key.key,
            card_company: card.map(|_| company.word(language)),
            card_number: card.map(|card| card.masked.as_str()),
            card: card.map(|card| Card {
                issuer_code: company.code,
                acquirer_code: company.code,
                number: &card.masked,
                card_type: if card.known { words.credit } else { words.unknown },
                owner_type: words.personal,
            }),
            transfers,
        }
    }
}
