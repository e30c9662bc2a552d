//! What the engine needs of Toss.

use crate::order::{Attempt, LONGEST_CALL_MS, Refund};
use async_trait::async_trait;
use std::time::Duration;
use toss_payments::settlement::Settlement;
use toss_payments::transaction::Transaction;
use toss_payments::{
    BuildError, CallOptions, CancelReason, CancelRequest, Client, ConfirmRequest, Date, DateTime, Error, Payment, RefundReceiveAccount,
    Response, SecretKey, SettlementQuery, TransactionKey, TransactionQuery, UnknownCause, UnknownOutcome,
};
use toss_types::{OrderId, PaymentKey};

const LONGEST_CALL: Duration = Duration::from_millis(LONGEST_CALL_MS.unsigned_abs());
const LOOK_UP_PATIENCE: Duration = Duration::from_secs(10);
/// How many transactions or settlements are asked for at once: some hundred kilobytes.
const BOOKS_PAGE: u32 = 1_000;

/// What tells one secret key from another and says nothing about either ([`SecretKey::fingerprint`]).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// That text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Fingerprint {
        Fingerprint(text.into())
    }

    /// As the store keeps it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Which kind of money an account of Toss moves. Orders of different kinds do not share a store. [`TossGateway`] finds it out by
/// its key; the sandbox has to be said ([`TossGateway::sandbox`]), since test keys are used there too.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Mode {
    /// None: the offline Toss.
    Sandbox,
    /// None: Toss's test environment.
    Test,
    /// Real money.
    Live,
}

impl Mode {
    /// Its word in the store and in messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Mode::Sandbox => "sandbox",
            Mode::Test => "test",
            Mode::Live => "live",
        }
    }
}

/// The way to Toss. Answers are not believed here: [`crate::verdict`] judges them.
///
/// A call comes back within [`LONGEST_CALL_MS`], with an answer or with [`Error::Unknown`]. While it may still be answered nobody
/// else looks at its payment, and that holds for no longer than the lease ([`LEASE_MS`](crate::order::LEASE_MS)).
#[async_trait]
pub trait Gateway: Send + Sync + 'static {
    /// Of the secret key that calls are made with.
    fn fingerprint(&self) -> &Fingerprint;

    /// Which kind of money moves.
    fn mode(&self) -> Mode;

    /// Asks Toss to charge an attempt. Repeating it with the same idempotency key charges once.
    ///
    /// # Errors
    /// As [`Client::confirm`].
    async fn confirm(&self, order_id: &OrderId, attempt: &Attempt) -> Result<Response<Payment>, Error>;

    /// Asks Toss what became of a payment.
    ///
    /// # Errors
    /// As [`Client::payment`].
    async fn payment(&self, payment_key: &PaymentKey) -> Result<Response<Payment>, Error>;

    /// Asks Toss to give back what the refund says, from the balance that it says, to that account where it was a deposit. Repeating
    /// it with the same idempotency key gives back once.
    ///
    /// # Errors
    /// As [`Client::cancel`].
    async fn cancel(&self, refund: &Refund, account: Option<&RefundReceiveAccount>) -> Result<Response<Payment>, Error>;

    /// A page of approvals and cancels of that time, both ends included; those behind `after`, where a page came before. The first empty
    /// page is the end.
    ///
    /// # Errors
    /// As [`Client::transactions_page`].
    async fn transactions(
        &self,
        from: &DateTime,
        to: &DateTime,
        after: Option<&TransactionKey>,
    ) -> Result<Response<Vec<Transaction>>, Error>;

    /// A page of what is paid out for sales of these days, both included; the first page is 1. The first empty page is the end.
    ///
    /// # Errors
    /// As [`Client::settlements`].
    async fn settlements(&self, from: &Date, to: &Date, page: u32) -> Result<Response<Vec<Settlement>>, Error>;
}

/// A live key was to go to the sandbox, where whose key it is would not be asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a live key is not for the sandbox: give it the sandbox's own key, or leave `TossGateway::sandbox` out to go to Toss")]
pub struct LiveKey;

/// Toss's core API.
///
/// # Panics
/// Its calls do, outside a Tokio runtime with its timer enabled.
#[derive(Debug)]
pub struct TossGateway {
    client: Client,
    fingerprint: Fingerprint,
    mode: Mode,
}

impl TossGateway {
    /// The Toss at that address, with that key, which says whether real money moves. Does not call it yet.
    ///
    /// # Errors
    /// When the address or the TLS set-up is unusable.
    pub fn new(secret_key: SecretKey, api_url: &str) -> Result<TossGateway, BuildError> {
        Ok(TossGateway::over(Client::builder(secret_key).base_url(api_url).build()?))
    }

    /// Over a client that is set up already: with a proxy, certificates, a transport of one's own. Its key says whether real money
    /// moves. A time-out above [`LONGEST_CALL_MS`] is brought down to it.
    ///
    /// ```
    /// use payment_engine::gateway::{Gateway, Mode, TossGateway};
    /// use payment_engine::toss_payments::{Client, SecretKey};
    ///
    /// let client = Client::builder(SecretKey::parse("test_gsk_0123456789abcdef")?).proxy("http://proxy.internal:3128").build()?;
    /// assert_eq!(TossGateway::over(client).mode(), Mode::Test);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn over(client: Client) -> TossGateway {
        let client = if client.timeout() > LONGEST_CALL {
            client.with(&CallOptions::new().timeout(LONGEST_CALL)).expect("invariant: a time-out that is not zero can be set")
        } else {
            client
        };
        let mode = if client.is_live() { Mode::Live } else { Mode::Test };
        TossGateway { fingerprint: Fingerprint::new(client.fingerprint()), client, mode }
    }

    /// It is the offline Toss that is called: [`Mode::Sandbox`]. Sandboxes come and go with their keys, and no money is in them, so
    /// that a new key need not prove whose it is.
    ///
    /// ```
    /// use payment_engine::gateway::{Gateway, LiveKey, Mode, TossGateway};
    /// use payment_engine::toss_payments::SecretKey;
    ///
    /// let sandbox = "http://127.0.0.1:3100";
    /// let toss = TossGateway::new(SecretKey::parse("test_gsk_0123456789abcdef")?, sandbox)?.sandbox()?;
    /// assert_eq!(toss.mode(), Mode::Sandbox);
    /// let live = TossGateway::new(SecretKey::parse("live_gsk_0123456789abcdef")?, sandbox)?;
    /// assert_eq!(live.sandbox().unwrap_err(), LiveKey);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`LiveKey`].
    pub fn sandbox(self) -> Result<TossGateway, LiveKey> {
        match self.mode {
            Mode::Sandbox | Mode::Test => Ok(TossGateway { mode: Mode::Sandbox, ..self }),
            Mode::Live => Err(LiveKey),
        }
    }
}

#[async_trait]
impl Gateway for TossGateway {
    fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    async fn confirm(&self, order_id: &OrderId, attempt: &Attempt) -> Result<Response<Payment>, Error> {
        let request = ConfirmRequest::new(attempt.payment_key.clone(), order_id.clone(), attempt.amount.clone());
        // The client ends by then; a transport of somebody's own may not, and the lease is not longer for it.
        within(LONGEST_CALL, "a confirm", self.client.confirm(&request, &attempt.idempotency_key)).await
    }

    async fn payment(&self, payment_key: &PaymentKey) -> Result<Response<Payment>, Error> {
        // Unlike a confirm, a look-up may be dropped at any time.
        within(LOOK_UP_PATIENCE, "a look-up", self.client.payment(payment_key)).await
    }

    async fn cancel(&self, refund: &Refund, account: Option<&RefundReceiveAccount>) -> Result<Response<Payment>, Error> {
        let Some(key) = &refund.idempotency_key else {
            return Err(UnknownOutcome::new(UnknownCause::NotSent).into());
        };
        let Ok(reason) = CancelReason::parse(&refund.reason) else { return Err(UnknownOutcome::new(UnknownCause::NotSent).into()) };
        let mut request = CancelRequest::new(reason).refundable_amount(refund.balance_before.clone()).cancel_request_id(refund.id.clone());
        if !refund.is_whole() {
            request = request.amount(refund.amount.clone());
        }
        if let Some(tax_free) = &refund.tax_free {
            request = request.tax_free_amount(tax_free.clone());
        }
        if let Some(account) = account {
            request = request.refund_receive_account(account.clone());
        }
        within(LONGEST_CALL, "a cancel", self.client.cancel(&refund.payment_key, &request, key)).await
    }

    async fn transactions(
        &self,
        from: &DateTime,
        to: &DateTime,
        after: Option<&TransactionKey>,
    ) -> Result<Response<Vec<Transaction>>, Error> {
        let query = TransactionQuery::new(from.clone(), to.clone()).limit(BOOKS_PAGE);
        let query = after.cloned().into_iter().fold(query, TransactionQuery::starting_after);
        within(LONGEST_CALL, "a list of transactions", self.client.transactions_page(&query)).await
    }

    async fn settlements(&self, from: &Date, to: &Date, page: u32) -> Result<Response<Vec<Settlement>>, Error> {
        let query = SettlementQuery::new(from.clone(), to.clone()).size(BOOKS_PAGE).page(page);
        within(LONGEST_CALL, "a list of settlements", self.client.settlements(&query)).await
    }
}

async fn within<T>(patience: Duration, what: &str, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    match tokio::time::timeout(patience, call).await {
        Ok(answer) => answer,
        Err(_) => {
            let mut silence = UnknownOutcome::new(UnknownCause::TimedOut);
            silence.detail = format!("no answer to {what} within {} s", patience.as_secs());
            Err(silence.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::Attempt;
    use toss_payments::Won;
    use toss_payments::http::Request;
    use toss_payments::transport::{Exchange, Limits, Transport};
    use toss_types::IdempotencyKey;

    /// Cares for no limits.
    #[derive(Debug)]
    struct Silent;

    impl Transport for Silent {
        fn exchange(&self, _: Request<String>, _: Limits) -> Exchange<'_> {
            Box::pin(std::future::pending())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_transport_that_never_answers_does_not_outlast_the_lease() {
        let key = SecretKey::parse("test_gsk_0123456789abcdef").unwrap();
        let toss = TossGateway::over(Client::builder(key).transport(Silent).build().unwrap());
        let payment_key = PaymentKey::parse("tk_1").unwrap();
        let attempt = Attempt::new(payment_key.clone(), IdempotencyKey::parse("confirm-1").unwrap(), Won::of(45_000), 0);
        let start = tokio::time::Instant::now();
        for (answer, longest) in [
            (toss.confirm(&OrderId::parse("order-0001").unwrap(), &attempt).await, LONGEST_CALL),
            (toss.payment(&payment_key).await, LONGEST_CALL + LOOK_UP_PATIENCE),
        ] {
            let Err(Error::Unknown(silence)) = answer else { panic!("{answer:?}") };
            assert_eq!(silence.cause, UnknownCause::TimedOut);
            assert!(start.elapsed() <= longest + Duration::from_secs(20), "{:?}", start.elapsed());
        }
        assert_eq!(start.elapsed(), LONGEST_CALL + LOOK_UP_PATIENCE);
    }

    #[test]
    fn a_client_that_would_wait_past_the_lease_waits_less() {
        let key = || SecretKey::parse("test_gsk_0123456789abcdef").unwrap();
        for (wanted, kept) in [(5, 5), (60, 60), (61, 60), (3_600, 60)] {
            let client = Client::builder(key()).base_url("http://127.0.0.1:1").timeout(Duration::from_secs(wanted)).build().unwrap();
            assert_eq!(TossGateway::over(client).client.timeout(), Duration::from_secs(kept), "{wanted} s");
        }
    }

    #[test]
    fn the_key_says_whose_money_moves_and_a_live_one_is_not_for_the_sandbox() {
        let toss = |key| TossGateway::new(SecretKey::parse(key).unwrap(), "http://127.0.0.1:1").unwrap();
        let (test, live) = ("test_gsk_0123456789abcdef", "live_gsk_0123456789abcdef");
        assert_eq!([toss(test).mode(), toss(live).mode()], [Mode::Test, Mode::Live]);
        assert_eq!(toss(test).sandbox().unwrap().mode(), Mode::Sandbox);
        let refused = toss(live).sandbox().unwrap_err().to_string();
        assert!(refused.contains("TossGateway::sandbox") && !refused.contains('\n'), "{refused}");
    }
}
