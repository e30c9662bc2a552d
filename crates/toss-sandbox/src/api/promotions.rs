//! `GET /v1/promotions` and `GET /v1/promotions/card`. The sandbox has no promotions; the shape is assumed.

use serde::Serialize;

use super::{
    Answer, Input,
    work::{Desk, Work},
};
use crate::{endpoint::Endpoint, error::ApiError};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CardBenefits {
    discount_cards: [(); 0],
    interest_free_cards: [(); 0],
}

/// The name is that of BrandPay's promotions of banks (Toss docs, BrandPay reference).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BankBenefits {
    discount_banks: [(); 0],
}

#[derive(Serialize)]
struct Benefits {
    card: CardBenefits,
    bank: BankBenefits,
}

const NO_CARDS: CardBenefits = CardBenefits { discount_cards: [], interest_free_cards: [] };

pub(super) struct All;

impl Work for All {
    const ENDPOINT: Endpoint = Endpoint::Promotions;

    fn read(_input: &Input<'_>) -> Result<Self, ApiError> {
        Ok(Self)
    }

    fn decide(&self, _desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        Ok(Answer::json(&Benefits { card: NO_CARDS, bank: BankBenefits { discount_banks: [] } }))
    }
}

pub(super) struct OfCards;

impl Work for OfCards {
    const ENDPOINT: Endpoint = Endpoint::CardPromotions;

    fn read(_input: &Input<'_>) -> Result<Self, ApiError> {
        Ok(Self)
    }

    fn decide(&self, _desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        Ok(Answer::json(&NO_CARDS))
    }
}
