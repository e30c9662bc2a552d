//! `GET /v1/payments/{paymentKey}` (Toss docs `/reference`).

use super::Asked;
use crate::client::{Client, Response};
use crate::error::{Effect, Error};
use crate::ids::PaymentKey;
use crate::payment::whole::Payment;

impl Client {
    /// Looks a payment up by its key: the way to resolve an unknown outcome. Changes nothing at Toss.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::PaymentKey;
    ///
    /// let payment = client.payment(&PaymentKey::parse("tviva20260801120000AbC12")?).await?.value;
    /// println!("{} is {}, {:?} left", payment.order_id, payment.status, payment.balance_won());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; a payment that Toss does not know is [`Class::State`](crate::Class::State). That is no proof that it
    /// does not exist: the documents promise to show approved payments only.
    pub async fn payment(&self, key: &PaymentKey) -> Result<Response<Payment>, Error> {
        let answer = self.get("/v1/payments/{paymentKey}", &[key.expose()]).await?;
        Asked { payment_key: Some(key), ..Asked::default() }.read(answer, Effect::Lookup)
    }
}
