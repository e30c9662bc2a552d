//! `POST /v1/payments/key-in`: a card that the shop types in.

use serde::Deserialize;

use super::{
    Answer, Input,
    fields::{CardFields, OrderFields},
    input::Figure,
    work::{Desk, Work},
};
use crate::{
    endpoint::Endpoint,
    error::{ApiError, Code},
    order::{Method, Order},
    payment::Kind,
};

/// Instalments begin at 50,000 KRW (Toss docs).
const INSTALMENT_MINIMUM: i64 = 50_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(flatten)]
    order: OrderFields,
    #[serde(flatten)]
    card: CardFields,
    card_installment_plan: Option<Figure>,
    use_free_installment_plan: Option<bool>,
    use_card_point: Option<bool>,
}

pub(super) struct KeyIn {
    order: Order,
}

impl Work for KeyIn {
    const ENDPOINT: Endpoint = Endpoint::KeyIn;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        let body: Body = input.json()?;
        let mut order = body.order.check(Method::Card)?;
        let months = body.card_installment_plan.map_or(0, |figure| figure.0);
        if !matches!(months, 0 | 2..=12) {
            return Err(Code::INVALID_CARD_INSTALLMENT_PLAN.into());
        }
        if months > 0 && order.amount.get() < INSTALMENT_MINIMUM {
            return Err(Code::NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT.into());
        }
        order.card_number = body.card.check(input.now)?;
        order.installment_months = months;
        order.use_card_point = body.use_card_point.unwrap_or(false);
        order.is_interest_free = months > 0 && body.use_free_installment_plan.unwrap_or(false);
        Ok(Self { order })
    }

    fn order_id(&self, _desk: &mut Desk<'_>) -> Option<String> {
        Some(self.order.order_id.clone())
    }

    fn order_name(&self, _desk: &mut Desk<'_>) -> Option<String> {
        Some(self.order.order_name.clone())
    }

    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        desk.charge_directly(Kind::Normal, self.order.clone())
    }
}
