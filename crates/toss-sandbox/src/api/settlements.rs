//! `GET` and `POST /v1/settlements`. The test environment settles nothing (Toss docs), and neither does the sandbox.

use serde::Deserialize;
use serde_json::json;

use super::{
    Answer, Input,
    work::{Desk, Work},
};
use crate::{
    endpoint::Endpoint,
    error::{ApiError, Code},
    kst,
};

/// Toss docs: entries of a page.
const SIZE: usize = 100;
const MAX_SIZE: usize = 5_000;

/// Checks its parameters and is always empty.
pub(super) struct Settlements;

impl Work for Settlements {
    const ENDPOINT: Endpoint = Endpoint::Settlements;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        let date = |name| {
            let text = input.query(name).ok_or(Code::INVALID_REQUIRED_PARAM)?;
            kst::date(&text).ok_or(Code::INVALID_DATE)
        };
        if date("startDate")? > date("endDate")? {
            return Err(Code::INVALID_DATE.into());
        }
        if input.query("dateType").is_some_and(|kind| kind != "soldDate" && kind != "paidOutDate") {
            return Err(Code::INVALID_REQUEST.into());
        }
        input.count("page", 1, usize::MAX)?;
        input.count("size", SIZE, MAX_SIZE)?;
        Ok(Self)
    }

    fn decide(&self, _desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        Ok(Answer::json(&[(); 0]))
    }
}

/// `POST`: asks for the settlement of one payment.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SettleByHand {
    payment_key: String,
}

impl Work for SettleByHand {
    const ENDPOINT: Endpoint = Endpoint::SettleByHand;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        input.json()
    }

    fn order_id(&self, desk: &mut Desk<'_>) -> Option<String> {
        desk.payment(&self.payment_key).ok().map(|payment| payment.order.order_id.clone())
    }

    /// Assumed: only a payment that has been approved can be settled.
    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        if !desk.payment(&self.payment_key)?.is_approved() {
            return Err(Code::UNAPPROVED_ORDER_ID.into());
        }
        Ok(Answer::json(&json!({ "result": true })))
    }
}
