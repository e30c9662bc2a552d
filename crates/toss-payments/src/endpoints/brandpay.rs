//! `/v1/brandpay` (Toss docs, BrandPay reference; official sample): a customer who pays with what is stored at Toss.

use super::Asked;
use crate::body::{Body, Put as _, ToObject as _, request};
use crate::brandpay::AccessToken;
use crate::client::{Client, Response};
use crate::error::{Effect, Error};
use crate::ids::{AccessCode, CustomerKey, IdempotencyKey, OrderId, PaymentKey};
use crate::money::Won;
use crate::payment::whole::Payment;

request! {
    /// What to charge. The amount is the one that the shop stored with the order.
    ///
    /// ```
    /// use toss_payments::{BrandPayConfirmRequest, CustomerKey, OrderId, PaymentKey, Won};
    ///
    /// let request = BrandPayConfirmRequest::new(
    ///     PaymentKey::parse("tviva20260801120000AbC12")?,
    ///     OrderId::parse("order-20260801-0001")?,
    ///     Won::new(45_000)?,
    ///     CustomerKey::parse("c7f3a9d2")?,
    /// );
    /// assert_eq!(request.amount.get(), 45_000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct BrandPayConfirmRequest {
        required {
            /// From the success URL.
            payment_key: PaymentKey = "paymentKey",
            /// From the shop's own order.
            order_id: OrderId = "orderId",
            /// From the shop's own order, in KRW.
            amount: Won = "amount",
            /// Who pays.
            customer_key: CustomerKey = "customerKey",
        }
        optional {}
    }
}

impl Client {
    /// Turns the code that the redirect URL was given into a token. Check first that the customer key is the one of the
    /// session that asks.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{AccessCode, CustomerKey, IdempotencyKey};
    ///
    /// let (customer, code) = (CustomerKey::parse("c7f3a9d2")?, AccessCode::parse("EKV4ZW01F0lJqQbY")?);
    /// let token = client.brandpay_access_token(&customer, &code, &IdempotencyKey::parse("token-EKV4ZW01F0lJqQbY")?).await?.value;
    /// println!("good for {:?} seconds", token.expires_in_s);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`Client::confirm`].
    pub async fn brandpay_access_token(
        &self,
        customer: &CustomerKey,
        code: &AccessCode,
        key: &IdempotencyKey,
    ) -> Result<Response<AccessToken>, Error> {
        let mut body = Body::new();
        body.text("grantType", "AuthorizationCode");
        customer.put("customerKey", &mut body);
        code.put("code", &mut body);
        let answer = self.post("/v1/brandpay/authorizations/access-token", &[], key, body.into_json()).await?;
        answer.read(Effect::Issue, AccessToken::from_json)
    }

    /// Charges an authenticated BrandPay payment. `Ok` is a payment of this key, order and amount in KRW.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{BrandPayConfirmRequest, CustomerKey, IdempotencyKey, OrderId, PaymentKey, Won};
    ///
    /// let payment_key = PaymentKey::parse("tviva20260801120000AbC12")?;
    /// let (order, customer) = (OrderId::parse("order-20260801-0001")?, CustomerKey::parse("c7f3a9d2")?);
    /// let request = BrandPayConfirmRequest::new(payment_key, order, Won::new(45_000)?, customer);
    /// let payment = client.confirm_brandpay(&request, &IdempotencyKey::parse("attempt-7f3a")?).await?.value;
    /// println!("{} is {}", payment.order_id, payment.status);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`Client::confirm`].
    pub async fn confirm_brandpay(&self, request: &BrandPayConfirmRequest, key: &IdempotencyKey) -> Result<Response<Payment>, Error> {
        let answer = self.post("/v1/brandpay/payments/confirm", &[], key, request.to_json()).await?;
        let asked =
            Asked { payment_key: Some(&request.payment_key), order_id: Some(&request.order_id), amount: Some(request.amount.into()) };
        asked.read(answer, Effect::Charge)
    }
}
