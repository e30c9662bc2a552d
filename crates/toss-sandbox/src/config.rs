//! What a sandbox is started with: address, keys, clock, limits, and the choices where Toss's behaviour is not known.

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use serde::{Deserialize, Serialize};

use crate::{
    clock::Clock,
    error::Code,
    webhook::{Registration, SECURITY_KEY},
};

/// The sandbox's own widget client key.
pub const CLIENT_KEY: &str = "test_gck_sandbox_4W0nJQ5yXv8kZ2aRtB7mC1pL";
/// The sandbox's own widget secret key, the partner of [`CLIENT_KEY`].
pub const SECRET_KEY: &str = "test_gsk_sandbox_9Hd3sTfU6bE0iGxK5wNqPzYo";
/// The sandbox's own client key for the API and the payment window.
pub const API_CLIENT_KEY: &str = "test_ck_sandbox7Tq2LwXn4Rb9VdKc3";
/// The sandbox's own secret key for the API, the partner of [`API_CLIENT_KEY`].
pub const API_SECRET_KEY: &str = "test_sk_sandbox5Pm8JgYh1Ze6UsFa0";
/// Toss's public documentation pair for the widget (Toss docs /reference/using-api/api-keys), accepted as well.
pub const DOCS_WIDGET_PAIR: [&str; 2] = ["test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm", "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6"];
/// Toss's public documentation pair for the API (same source). The widget refuses it and its secret key confirms no
/// payment of a widget, so that the commonest mix-up of keys shows here as it does at Toss.
pub const DOCS_API_PAIR: [&str; 2] = ["test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq", "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R"];

/// What [`Sandbox::start`](crate::Sandbox::start) needs. The default listens on a free port of 127.0.0.1.
///
/// ```
/// use toss_sandbox::{Clock, Config, Registration, Sandbox, UnixMs};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::start(Config {
///     clock: Clock::stopped_at(UnixMs::new(1_785_542_400_000)),
///     webhooks: vec![Registration::new("http://127.0.0.1:3000/webhooks")],
///     ..Config::default()
/// })
/// .await?;
/// assert_eq!(sandbox.control().clock().now().to_kst(), "2026-08-01T09:00:00+09:00");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Config {
    /// Where to listen. Port 0 takes a free one.
    pub addr: SocketAddr,
    /// Further names under which the sandbox may be asked, such as `toss.test`. By itself it takes IP addresses (on a loopback
    /// address only such), `localhost` and `*.localhost`, names without a dot as containers have, and `host.docker.internal`;
    /// any other may be a stranger's that points here. Pages of those names count as pages of this machine.
    pub host_names: Vec<String>,
    /// The merchant's client key, `test_gck_…`; by default [`CLIENT_KEY`].
    pub client_key: String,
    /// The merchant's secret key, `test_gsk_…`; by default [`SECRET_KEY`].
    pub secret_key: String,
    /// The clock on which everything runs.
    pub clock: Clock,
    /// How much the sandbox remembers.
    pub limits: Limits,
    /// What it does where Toss's behaviour is not confirmed.
    pub choices: Choices,
    /// Who is told about events, by webhook.
    pub webhooks: Vec<Registration>,
    /// Whether webhooks may leave this machine.
    pub allow_remote_webhooks: bool,
    /// What signs `payout.changed` and `seller.changed`: 64 hexadecimal characters, by default [`SECURITY_KEY`].
    pub security_key: String,
    /// Decides about faults that strike by chance.
    pub seed: u64,
    /// A file that holds everything the sandbox knows, so that it goes on from there at the next start; without one all
    /// of it is in memory and gone at the end. The file belongs to the key pairs and to one sandbox at a time. What it
    /// holds goes before `clock`, `security_key` and `seed`; `webhooks` are registered besides those that it has.
    pub state: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            host_names: Vec::new(),
            client_key: CLIENT_KEY.to_owned(),
            secret_key: SECRET_KEY.to_owned(),
            clock: Clock::system(),
            limits: Limits::default(),
            choices: Choices::default(),
            webhooks: Vec::new(),
            allow_remote_webhooks: false,
            security_key: SECURITY_KEY.to_owned(),
            seed: 0,
            state: None,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("addr", &self.addr)
            .field("host_names", &self.host_names)
            .field("client_key", &self.client_key)
            .field("secret_key", &"…")
            .field("clock", &self.clock)
            .field("limits", &self.limits)
            .field("choices", &self.choices)
            .field("webhooks", &self.webhooks)
            .field("allow_remote_webhooks", &self.allow_remote_webhooks)
            .field("security_key", &"…")
            .field("seed", &self.seed)
            .field("state", &self.state)
            .finish()
    }
}

impl Config {
    /// The key pairs that the sandbox knows.
    pub(crate) fn merchants(&self) -> Result<Vec<Merchant>, BadKeys> {
        if !is_key(&self.client_key, "test_gck_") || !is_key(&self.secret_key, "test_gsk_") {
            return Err(BadKeys);
        }
        let mut merchants = vec![Merchant::new(&self.client_key, &self.secret_key, "tsandboxshop")];
        let others = [([API_CLIENT_KEY, API_SECRET_KEY], "tsandboxapi"), (DOCS_WIDGET_PAIR, "tdocswidget"), (DOCS_API_PAIR, "tdocsapi")];
        for ([client_key, secret_key], m_id) in others {
            let taken = merchants.iter().any(|m| m.client_key == client_key || m.secret_key == secret_key);
            if !taken {
                merchants.push(Merchant::new(client_key, secret_key, m_id));
            }
        }
        Ok(merchants)
    }
}

fn is_key(key: &str, prefix: &str) -> bool {
    key.strip_prefix(prefix)
        .is_some_and(|rest| (1..=100).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
}

/// The configured keys are not a pair of widget test keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the sandbox takes a client key `test_gck_…` and a secret key `test_gsk_…` of letters, digits and `_`")]
pub struct BadKeys;

/// How much the sandbox remembers. At the limits ordinary payments take some 700 MB (`examples/memory.rs`).
///
/// ```
/// use toss_sandbox::{Config, Limits};
///
/// // As strict as Toss's test environment, and small.
/// let limits = Limits { payments: 1_000, calls_a_minute: Some(Limits::CALLS_A_MINUTE), ..Limits::default() };
/// let config = Config { limits, ..Config::default() };
/// assert_eq!(config.limits.calls_a_minute, Some(100));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Payments, and entries of the ledger. The oldest finished payment goes first.
    pub payments: usize,
    /// Entries of the request log. The oldest goes first.
    pub requests: usize,
    /// Idempotency keys. The oldest goes first, also before its 15 days are over.
    pub idempotency_keys: usize,
    /// Deliveries of webhooks, waiting and done. The oldest finished one goes first.
    pub webhooks: usize,
    /// Billing keys, and authorisations that wait to be used. The oldest goes first.
    pub billing_keys: usize,
    /// Cash receipts, cancels included. The oldest goes first, and is null in its payment then.
    pub cash_receipts: usize,
    /// Calls a minute of one merchant to one API, above which the answer is 429. Toss's test environment has
    /// [`Limits::CALLS_A_MINUTE`]; without one, the default, there is no limit.
    pub calls_a_minute: Option<usize>,
}

impl Limits {
    /// What Toss's test environment admits (Toss docs /guides/v2/get-started/environment).
    pub const CALLS_A_MINUTE: usize = 100;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            payments: 100_000,
            requests: 10_000,
            idempotency_keys: 100_000,
            webhooks: 10_000,
            billing_keys: 10_000,
            cash_receipts: 10_000,
            calls_a_minute: None,
        }
    }
}

/// What the sandbox does where no source says what Toss does.
///
/// ```
/// use toss_sandbox::{Choices, Code, Config};
///
/// // A shop should cope with either answer.
/// let choices = Choices { wrong_amount: Code::FORBIDDEN_REQUEST, bind_server_errors: true, ..Choices::default() };
/// let config = Config { choices, ..Config::default() };
/// assert_ne!(config.choices, Choices::default());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Choices {
    /// Answer to a confirm whose amount differs from the one bound to the paymentKey.
    pub wrong_amount: Code,
    /// Answer to a confirm whose orderId differs from the one bound to the paymentKey.
    pub wrong_order: Code,
    /// Whether a 5xx answer is bound to the idempotency key and replayed, as 2xx and 4xx answers are.
    pub bind_server_errors: bool,
    /// Whether look-ups answer 404 `NOT_FOUND_PAYMENT` for payments that are READY or IN_PROGRESS.
    pub hide_unconfirmed: bool,
    /// Whether any 2xx answer to a webhook counts as received, not only 200.
    pub accept_any_2xx: bool,
    /// Whether each retry of a webhook has a transmission id of its own.
    pub new_id_on_retry: bool,
    /// Whether the HMAC key is the 32 bytes that the security key spells, not its text.
    pub hex_security_key: bool,
    /// Whether the issue of a virtual account sends PAYMENT_STATUS_CHANGED too.
    pub status_changed_on_issue: bool,
    /// Whether `data` of PAYMENT_STATUS_CHANGED holds the payment's `secret`.
    pub secret_in_status_changed: bool,
    /// Whether a cancel of a payment abroad is DONE at once and needs no `cancelRequestId`, as a merchant logged one of
    /// PayPal. The documentation has it IN_PROGRESS first.
    pub foreign_cancels_at_once: bool,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            wrong_amount: Code::INVALID_REQUEST,
            wrong_order: Code::FORBIDDEN_REQUEST,
            bind_server_errors: false,
            hide_unconfirmed: false,
            accept_any_2xx: false,
            new_id_on_retry: false,
            hex_security_key: false,
            status_changed_on_issue: false,
            secret_in_status_changed: false,
            foreign_cancels_at_once: false,
        }
    }
}

/// How the mIds of the documentation pairs begin.
const DOCS_M_ID: &str = "tdocs";

/// The holder of a key pair. Payments of one merchant do not exist for another.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Merchant {
    pub(crate) client_key: String,
    pub(crate) secret_key: String,
    pub(crate) m_id: &'static str,
}

impl Merchant {
    /// The documentation pairs cannot register webhooks (Toss docs /guides/v2/webhook).
    pub(crate) fn has_webhooks(&self) -> bool {
        !self.m_id.starts_with(DOCS_M_ID)
    }

    fn new(client_key: &str, secret_key: &str, m_id: &'static str) -> Self {
        Self { client_key: client_key.to_owned(), secret_key: secret_key.to_owned(), m_id }
    }
}

/// The place of a merchant in the sandbox's list.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(crate) struct MerchantId(pub(crate) usize);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_widget_test_keys_are_taken() {
        for (client_key, secret_key) in [
            ("live_gck_abc", SECRET_KEY),
            (CLIENT_KEY, "live_gsk_abc"),
            (CLIENT_KEY, "test_gsk_"),
            ("test_gck_a'b", SECRET_KEY),
            ("test_ck_abc", "test_sk_abc"),
        ] {
            let config = Config { client_key: client_key.to_owned(), secret_key: secret_key.to_owned(), ..Config::default() };
            assert!(config.merchants().is_err(), "{client_key} {secret_key}");
        }
    }

    #[test]
    fn the_documentation_pair_may_be_the_configured_one() {
        let [client_key, secret_key] = DOCS_WIDGET_PAIR.map(str::to_owned);
        let config = Config { client_key, secret_key, ..Config::default() };
        assert!(matches!(config.merchants(), Ok(merchants) if merchants.len() == 3));
    }

    #[test]
    fn debug_prints_no_secret() {
        let printed = format!("{:?}", Config::default());
        assert!(!printed.contains(SECRET_KEY) && !printed.contains(SECURITY_KEY));
    }
}
