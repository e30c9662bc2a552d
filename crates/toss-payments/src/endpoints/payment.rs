//! `GET /v1/payments/{paymentKey}` (Toss docs `/reference`).

use super::Asked;
use crate::client::{Client, Response};
use crate::error::{Endpoint, Error};
use crate::ids::PaymentKey;
use crate::payment::Payment;

impl Client {
    /// Looks a payment up by its key: the way to resolve an unknown outcome. Changes nothing at Toss.
    ///
    /// # Errors
    /// [`Error`]; a payment that Toss does not know is [`Class::State`](crate::Class::State). That is no proof that it
    /// does not exist: the documents promise to show approved payments only.
    pub async fn payment(&self, key: &PaymentKey) -> Result<Response<Payment>, Error> {
        let answer = self.get(&["v1", "payments", key.expose()]).await?;
        Asked { payment_key: Some(key), ..Asked::default() }.hold(answer.payment(Endpoint::Lookup)?)
    }
}
