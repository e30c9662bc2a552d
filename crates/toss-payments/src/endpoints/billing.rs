//! `/v1/billing` (Toss docs `/reference` and `/guides/v2/billing/integration`): charging without the customer. When to
//! charge is the shop's business, and no webhook tells of it.

use super::Asked;
use crate::billing::Billing;
use crate::body::{Body, Put as _, ToObject as _, request};
use crate::call::nothing_or_json;
use crate::card::CardDetails;
use crate::client::{Client, Response};
use crate::error::{Effect, Error};
use crate::ids::{AuthKey, BillingKey, CustomerKey, IdempotencyKey, OrderId};
use crate::money::Won;
use crate::payment::whole::Payment;
use crate::text::{CardHolderNumber, CardPassword, CustomerEmail, CustomerName, OrderName};
use std::net::IpAddr;

request! {
    /// The card to register without the window of Toss. Needs a contract with Toss.
    ///
    /// ```
    /// use toss_payments::{BillingCardRequest, CardDetails, CardExpiry, CardHolderNumber, CardNumber, CustomerKey};
    ///
    /// let card = CardDetails::new(CardNumber::parse("9410001234567890")?, CardExpiry::new(28, 12).unwrap());
    /// let request = BillingCardRequest::new(CustomerKey::parse("c7f3a9d2")?, card, CardHolderNumber::parse("900101")?);
    /// assert!(!format!("{request:?}").contains("900101"));
    /// # Ok::<(), toss_payments::IdError>(())
    /// ```
    pub struct BillingCardRequest {
        required {
            /// Whose card it is, in the shop's words.
            customer_key: CustomerKey = "customerKey",
            /// The card.
            card: CardDetails = "cardNumber",
            /// Whose card it is, in the card company's words.
            customer_identity_number: CardHolderNumber = "customerIdentityNumber",
        }
        optional {
            /// The beginning of the card's password.
            card_password: CardPassword = "cardPassword",
            /// The customer's name.
            customer_name: CustomerName = "customerName",
            /// The customer's address.
            customer_email: CustomerEmail = "customerEmail",
        }
    }
}

request! {
    /// What to charge to a billing key.
    ///
    /// ```
    /// use toss_payments::{BillingChargeRequest, CustomerKey, OrderId, OrderName, Won};
    ///
    /// let request = BillingChargeRequest::new(
    ///     Won::new(4_900)?,
    ///     CustomerKey::parse("c7f3a9d2")?,
    ///     OrderId::parse("subscription-0042-2026-08")?, // the subscription's own number is in it: the next one pays in August too
    ///     OrderName::parse("8월 구독")?,
    /// );
    /// assert_eq!(request.tax_free_amount, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct BillingChargeRequest {
        required {
            /// What to charge.
            amount: Won = "amount",
            /// Whose billing key it is.
            customer_key: CustomerKey = "customerKey",
            /// The shop's order, a new one for each charge.
            order_id: OrderId = "orderId",
            /// What the order is called.
            order_name: OrderName = "orderName",
        }
        optional {
            /// Where Toss writes when the payment changes.
            customer_email: CustomerEmail = "customerEmail",
            /// The customer's name.
            customer_name: CustomerName = "customerName",
            /// Where the customer is, for fraud detection.
            customer_ip: IpAddr = "customerIp",
            /// The tax-free part; 0 where absent.
            tax_free_amount: Won = "taxFreeAmount",
            /// The part excluded from taxation; 0 where absent.
            tax_exemption_amount: Won = "taxExemptionAmount",
        }
    }
}

impl Client {
    /// Turns what the success URL of a registration brought into a billing key. The auth key is good for one issue.
    ///
    /// `Ok` is a billing key of this customer. Toss has no call to look it up: an unknown outcome is asked for again with
    /// the same idempotency key.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{AuthKey, CustomerKey, IdempotencyKey};
    ///
    /// // Both from the success URL; that the customer is the one of the session is for the shop to check.
    /// let (auth, customer) = (AuthKey::parse("bln_K1aJOrvRk")?, CustomerKey::parse("c7f3a9d2")?);
    /// let billing = client.issue_billing_key(&auth, &customer, &IdempotencyKey::parse("issue-bln_K1aJOrvRk")?).await?.value;
    /// println!("store {:?} of {:?}", billing.billing_key, billing.customer_key);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`Client::confirm`].
    pub async fn issue_billing_key(
        &self,
        auth: &AuthKey,
        customer: &CustomerKey,
        key: &IdempotencyKey,
    ) -> Result<Response<Billing>, Error> {
        let mut body = Body::new();
        auth.put("authKey", &mut body);
        customer.put("customerKey", &mut body);
        let answer = self.post("/v1/billing/authorizations/issue", &[], key, body.into_json()).await?;
        answer.read_if(Effect::Issue, Billing::from_json, |billing| of_another(billing, customer))
    }

    /// Registers a card by its number.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{BillingCardRequest, CardDetails, CardExpiry, CardHolderNumber, CardNumber, CustomerKey, IdempotencyKey};
    ///
    /// let card = CardDetails::new(CardNumber::parse("9410001234567890")?, CardExpiry::new(28, 12).ok_or("no such month")?);
    /// let request = BillingCardRequest::new(CustomerKey::parse("c7f3a9d2")?, card, CardHolderNumber::parse("900101")?);
    /// let billing = client.issue_billing_key_by_card(&request, &IdempotencyKey::parse("register-7f3a")?).await?.value;
    /// println!("store {:?}", billing.billing_key);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`Client::issue_billing_key`].
    pub async fn issue_billing_key_by_card(&self, request: &BillingCardRequest, key: &IdempotencyKey) -> Result<Response<Billing>, Error> {
        let answer = self.post("/v1/billing/authorizations/card", &[], key, request.to_json()).await?;
        answer.read_if(Effect::Issue, Billing::from_json, |billing| of_another(billing, &request.customer_key))
    }

    /// Charges a billing key. `Ok` is a payment of this order and amount in KRW. Toss takes up to 60 seconds for it.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{BillingChargeRequest, BillingKey, CustomerKey, IdempotencyKey, OrderId, OrderName, Won};
    ///
    /// let billing_key = BillingKey::parse("Z_t5vOvQxrj4499PeiJcjen28")?; // as stored
    /// let (customer, order) = (CustomerKey::parse("c7f3a9d2")?, OrderId::parse("subscription-0042-2026-08")?);
    /// let request = BillingChargeRequest::new(Won::new(4_900)?, customer, order, OrderName::parse("8월 구독")?);
    /// // One key for one month of one subscription, so that it is charged once however often this runs.
    /// let payment = client.charge_billing_key(&billing_key, &request, &IdempotencyKey::parse("subscription-0042-2026-08")?).await?.value;
    /// println!("{} is {}", payment.order_id, payment.status);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`Client::confirm`]; [`Client::payment_by_order`] finds what became of an unknown one.
    pub async fn charge_billing_key(
        &self,
        billing_key: &BillingKey,
        request: &BillingChargeRequest,
        key: &IdempotencyKey,
    ) -> Result<Response<Payment>, Error> {
        let answer = self.post("/v1/billing/{billingKey}", &[billing_key.expose()], key, request.to_json()).await?;
        let asked = Asked { order_id: Some(&request.order_id), amount: Some(request.amount.into()), ..Asked::default() };
        asked.read(answer, Effect::Charge)
    }

    /// Deletes a billing key for good. Toss answers with nothing; deleting it again is
    /// [`Class::State`](crate::Class::State).
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{BillingKey, Class};
    ///
    /// match client.delete_billing_key(&BillingKey::parse("Z_t5vOvQxrj4499PeiJcjen28")?).await {
    ///     Ok(_) => println!("deleted"),
    ///     Err(error) if error.class() == Class::State => println!("was deleted before"),
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; deleting is safe to repeat.
    pub async fn delete_billing_key(&self, billing_key: &BillingKey) -> Result<Response<()>, Error> {
        let answer = self.delete("/v1/billing/{billingKey}", &[billing_key.expose()]).await?;
        answer.read(Effect::Cancel, nothing_or_json)
    }
}

/// The field by which a billing key is another customer's.
fn of_another(billing: &Billing, customer: &CustomerKey) -> Option<&'static str> {
    (billing.customer_key != *customer).then_some("customerKey")
}
