//! `POST /v1/payments/key-in` (Toss docs `/reference`): a card whose number the shop has. Needs a contract with Toss.

use super::Asked;
use crate::body::{ToObject as _, request};
use crate::card::{CardDetails, InstallmentPlan};
use crate::client::{Client, Response};
use crate::error::{Effect, Error};
use crate::ids::{IdempotencyKey, OrderId};
use crate::money::Won;
use crate::payment::whole::Payment;
use crate::text::{CardHolderNumber, CardPassword, CustomerEmail, CustomerName, OrderName};
use std::net::IpAddr;

request! {
    /// The card to charge, and what for. Printing shows nothing of the card.
    ///
    /// ```
    /// use toss_payments::{CardDetails, CardExpiry, CardNumber, KeyInRequest, OrderId, OrderName, Won};
    ///
    /// let card = CardDetails::new(CardNumber::parse("9410001234567890")?, CardExpiry::new(28, 12).unwrap());
    /// let order = OrderId::parse("order-20260801-0001")?;
    /// let request = KeyInRequest::new(Won::new(45_000)?, order, OrderName::parse("토스 티셔츠")?, card);
    /// assert!(!format!("{request:?}").contains("941000"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct KeyInRequest {
        required {
            /// What to charge.
            amount: Won = "amount",
            /// The shop's order.
            order_id: OrderId = "orderId",
            /// What the order is called.
            order_name: OrderName = "orderName",
            /// The card.
            card: CardDetails = "cardNumber",
        }
        optional {
            /// Whose card it is.
            customer_identity_number: CardHolderNumber = "customerIdentityNumber",
            /// The beginning of its password.
            card_password: CardPassword = "cardPassword",
            /// In how many months it is paid off; at once where absent.
            card_installment_plan: InstallmentPlan = "cardInstallmentPlan",
            /// Whether the shop pays the interest.
            use_free_installment_plan: bool = "useFreeInstallmentPlan",
            /// Whether card points are used.
            use_card_point: bool = "useCardPoint",
            /// The tax-free part; 0 where absent.
            tax_free_amount: Won = "taxFreeAmount",
            /// Where Toss writes when the payment changes.
            customer_email: CustomerEmail = "customerEmail",
            /// Who pays.
            customer_name: CustomerName = "customerName",
            /// Where the buyer is, for fraud detection.
            customer_ip: IpAddr = "customerIp",
        }
    }
}

impl Client {
    /// Charges a card by its number. `Ok` is a payment of this order and amount in KRW.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{CardDetails, CardExpiry, CardNumber, IdempotencyKey, KeyInRequest, OrderId, OrderName, Won};
    ///
    /// let card = CardDetails::new(CardNumber::parse("9410001234567890")?, CardExpiry::new(28, 12).ok_or("no such month")?);
    /// let order = OrderId::parse("order-20260801-0001")?;
    /// let request = KeyInRequest::new(Won::new(45_000)?, order, OrderName::parse("토스 티셔츠")?, card);
    /// let payment = client.key_in(&request, &IdempotencyKey::parse("attempt-7f3a")?).await?.value;
    /// println!("{} is {}", payment.order_id, payment.status);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`Client::confirm`].
    pub async fn key_in(&self, request: &KeyInRequest, key: &IdempotencyKey) -> Result<Response<Payment>, Error> {
        let answer = self.post("/v1/payments/key-in", &[], key, request.to_json()).await?;
        let asked = Asked { order_id: Some(&request.order_id), amount: Some(request.amount.into()), ..Asked::default() };
        asked.read(answer, Effect::Charge)
    }
}
