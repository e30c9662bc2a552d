//! `GET /v1/payments/{paymentKey}` and `GET /v1/payments/orders/{orderId}`.

use super::{
    Answer, Input,
    work::{Desk, Work},
};
use crate::{
    endpoint::Endpoint,
    error::{ApiError, Code},
    payment::Status,
};

pub(super) struct Lookup {
    payment_key: String,
}

impl Work for Lookup {
    const ENDPOINT: Endpoint = Endpoint::Lookup;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        Ok(Self { payment_key: input.segment(Code::NOT_FOUND_PAYMENT)? })
    }

    fn order_id(&self, desk: &mut Desk<'_>) -> Option<String> {
        desk.payment(&self.payment_key).ok().map(|payment| payment.order.order_id.clone())
    }

    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        show(desk, &self.payment_key)
    }
}

pub(super) struct LookupByOrder {
    order_id: String,
}

impl Work for LookupByOrder {
    const ENDPOINT: Endpoint = Endpoint::LookupByOrder;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        Ok(Self { order_id: input.segment(Code::NOT_FOUND_PAYMENT)? })
    }

    fn order_id(&self, _desk: &mut Desk<'_>) -> Option<String> {
        Some(self.order_id.clone())
    }

    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        let found = desk.state.payments.of_order(desk.merchant, &self.order_id, desk.now);
        let payment_key = found.ok_or(Code::NOT_FOUND_PAYMENT)?.payment_key.clone();
        show(desk, &payment_key)
    }
}

fn show(desk: &mut Desk<'_>, payment_key: &str) -> Result<Answer, ApiError> {
    let hide = desk.choices.hide_unconfirmed;
    let status = desk.payment(payment_key)?.status();
    if hide && matches!(status, Status::Ready | Status::InProgress) {
        return Err(Code::NOT_FOUND_PAYMENT.into());
    }
    desk.show(payment_key)
}
