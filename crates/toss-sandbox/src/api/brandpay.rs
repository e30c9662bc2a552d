//! BrandPay: the access token, and the confirm of a BrandPay payment (official sample `express-react`).

use serde::{Deserialize, Serialize};

use super::{
    Answer, Input, confirm,
    confirm::Confirm,
    fields,
    work::{Desk, Work},
};
use crate::{
    endpoint::Endpoint,
    error::{ApiError, Code},
    ids,
    payment::Kind,
};

/// Assumed: a token lasts 30 days. Nothing in the sandbox asks for one.
const TOKEN_LASTS_SECONDS: u32 = 30 * 24 * 60 * 60;

/// `POST /v1/brandpay/authorizations/access-token`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Token {
    grant_type: String,
    customer_key: String,
    code: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tokens {
    access_token: String,
    refresh_token: String,
    token_type: &'static str,
    expires_in: u32,
}

impl Work for Token {
    const ENDPOINT: Endpoint = Endpoint::BrandpayToken;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        let token: Self = input.json()?;
        if token.grant_type != "AuthorizationCode" {
            return Err(Code::INVALID_REQUEST.into());
        }
        Ok(Self { customer_key: fields::customer_key(token.customer_key)?, ..token })
    }

    /// The code works once. Assumed: `INVALID_AUTHORIZE_AUTH` for one that is unknown or used.
    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        let found = desk.state.billing.authorization(&self.code);
        let authorization = found.filter(|found| found.merchant == desk.merchant).ok_or(Code::INVALID_AUTHORIZE_AUTH)?;
        if authorization.customer_key != self.customer_key {
            return Err(Code::NOT_MATCHES_CUSTOMER_KEY.into());
        }
        desk.state.billing.spend(&self.code);
        let (access_token, refresh_token) = (ids::auth_key(), ids::auth_key());
        Ok(Answer::json(&Tokens { access_token, refresh_token, token_type: "bearer", expires_in: TOKEN_LASTS_SECONDS }))
    }
}

/// `POST /v1/brandpay/payments/confirm`: a confirm that names the customer.
pub(super) struct BrandpayConfirm {
    confirm: Confirm,
    customer_key: String,
}

impl Work for BrandpayConfirm {
    const ENDPOINT: Endpoint = Endpoint::BrandpayConfirm;
    const DECIDES: bool = true;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Customer {
            customer_key: String,
        }
        let Customer { customer_key } = input.json()?;
        Ok(Self { confirm: Confirm::read(input)?, customer_key: fields::customer_key(customer_key)? })
    }

    fn order_id(&self, desk: &mut Desk<'_>) -> Option<String> {
        self.confirm.order_id(desk)
    }

    fn order_name(&self, desk: &mut Desk<'_>) -> Option<String> {
        self.confirm.order_name(desk)
    }

    /// Assumed: who has paid in the window of a customer is confirmed for that customer only.
    fn claim(&self, desk: &mut Desk<'_>) -> Result<(), ApiError> {
        // A payment of another key is for the confirm to refuse, which knows how.
        let of_another = |kind: &Kind| matches!(kind, Kind::Brandpay { customer_key } if *customer_key != self.customer_key);
        if desk.payment(&self.confirm.payment_key).is_ok_and(|payment| of_another(&payment.kind)) {
            return Err(Code::NOT_MATCHES_CUSTOMER_KEY.into());
        }
        self.confirm.claim(desk)
    }

    fn release(&self, desk: &mut Desk<'_>) {
        self.confirm.release(desk);
    }

    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        desk.payment(&self.confirm.payment_key)?.kind = Kind::Brandpay { customer_key: self.customer_key.clone() };
        confirm::approve(desk, &self.confirm.payment_key, &self.confirm.order_id)
    }
}
