//! `GET /v1/promotions` and `GET /v1/promotions/card` (Toss docs `/reference`).

use crate::client::{Client, Response};
use crate::error::{Effect, Error};
use crate::promotion::{CardPromotions, Promotions};

impl Client {
    /// Every promotion of the shop. Changes nothing at Toss.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let all = client.promotions().await?.value;
    /// println!("{:?} {:?}", all.card, all.bank);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`].
    pub async fn promotions(&self) -> Result<Response<Promotions>, Error> {
        self.list("/v1/promotions", &[]).await?.read(Effect::Lookup, Promotions::from_json)
    }

    /// The promotions of card companies: discounts and interest-free instalments. Changes nothing at Toss.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// for card in client.card_promotions().await?.value.interest_free_cards {
    ///     println!("{:?}: {:?} months", card.issuer_code, card.installment_free_months);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`].
    pub async fn card_promotions(&self) -> Result<Response<CardPromotions>, Error> {
        self.list("/v1/promotions/card", &[]).await?.read(Effect::Lookup, CardPromotions::from_json)
    }
}
