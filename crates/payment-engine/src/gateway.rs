//! What the engine needs of Toss.

use crate::order::Attempt;
use async_trait::async_trait;
use std::time::Duration;
use toss_payments::{Client, ConfirmRequest, Error, Payment, Response, SecretKey, UnknownCause, UnknownOutcome};
use toss_types::{OrderId, PaymentKey};

const LOOK_UP_PATIENCE: Duration = Duration::from_secs(10);

/// What tells one secret key from another and says nothing about either ([`SecretKey::fingerprint`]).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Fingerprint(pub String);

/// Which kind of money an account of Toss moves. Orders of different kinds do not share a store.
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
}

/// Toss's core API.
#[derive(Debug)]
pub struct TossGateway {
    client: Client,
    fingerprint: Fingerprint,
    mode: Mode,
}

impl TossGateway {
    /// Does not call Toss yet.
    ///
    /// # Errors
    /// When the address or the TLS set-up is unusable.
    pub fn new(secret_key: SecretKey, api_url: &str, mode: Mode) -> Result<TossGateway, toss_payments::BuildError> {
        Ok(TossGateway::over(Client::builder(secret_key).base_url(api_url).build()?, mode))
    }

    /// Over a client that is set up already: with a proxy, certificates, a transport of one's own.
    ///
    /// ```
    /// use payment_engine::gateway::{Gateway, Mode, TossGateway};
    /// use toss_payments::{Client, SecretKey};
    ///
    /// let client = Client::builder(SecretKey::parse("test_gsk_0123456789abcdef")?).proxy("http://proxy.internal:3128").build()?;
    /// assert_eq!(TossGateway::over(client, Mode::Test).mode(), Mode::Test);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn over(client: Client, mode: Mode) -> TossGateway {
        TossGateway { fingerprint: Fingerprint(client.fingerprint().to_owned()), client, mode }
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
        self.client.confirm(&request, &attempt.idempotency_key).await
    }

    async fn payment(&self, payment_key: &PaymentKey) -> Result<Response<Payment>, Error> {
        // Unlike a confirm, a look-up may be dropped at any time.
        match tokio::time::timeout(LOOK_UP_PATIENCE, self.client.payment(payment_key)).await {
            Ok(answer) => answer,
            Err(_) => {
                let mut silence = UnknownOutcome::new(UnknownCause::TimedOut);
                silence.detail = format!("no answer to a look-up within {} s", LOOK_UP_PATIENCE.as_secs());
                Err(silence.into())
            }
        }
    }
}
