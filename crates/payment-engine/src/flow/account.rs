//! Whose payments does the store hold? A paymentKey means nothing at another account of Toss, and what a look-up there does
//! not find may have been charged all the same. So a key has to prove that it belongs to the account before it decides.

use crate::engine::{Engine, Parts};
use crate::gateway::{Gateway, Mode};
use crate::order::Account;
use crate::store::{Keys, Store, StoreError};
use toss_payments::{Class, Error};

/// Why the engine does not start.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The store holds orders of another kind of money.
    #[error(
        "its orders were paid with keys of the kind {theirs:?}, and the keys that are set are of the kind {ours:?}: give each a database of its own"
    )]
    AnotherMode {
        /// The word of the kind that the store holds.
        theirs: String,
        /// The word of the kind that the keys are of.
        ours: &'static str,
    },
    /// Payments are open, and the key may be another account's.
    #[error(
        "{open_ends} payments in it are undecided or wait for a deposit, and the secret key that is set has not proved to be of the same \
         account: {reason}. Set the keys of before until these payments are decided"
    )]
    Unproven {
        /// How many.
        open_ends: u64,
        /// Why.
        reason: String,
    },
    /// Toss could not be asked.
    #[error("the secret key is a new one, and Toss could not be asked whose it is: {0}; start again when Toss answers")]
    NotAsked(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Engine {
    /// Finds out whose payments the store holds, and takes up what the last server left.
    ///
    /// # Errors
    /// [`AccountError`]: when the store fails, or holds what the key of this gateway may not decide about.
    pub async fn start(parts: Parts) -> Result<Engine, AccountError> {
        let account = admit(parts.store.as_ref(), parts.gateway.as_ref()).await?;
        let left = parts.store.recover(parts.clock.now_ms()).await?;
        if left > 0 {
            tracing::warn!(orders = left, "payments were under way when the last server ended; looking them up");
        }
        Ok(Engine::new(parts, account))
    }
}

/// The account of the gateway's key.
///
/// # Errors
/// [`AccountError`]; nothing has been written then.
async fn admit(store: &dyn Store, gateway: &dyn Gateway) -> Result<Account, AccountError> {
    let (key, mode) = (gateway.fingerprint(), gateway.mode());
    let keys = store.keys().await?;
    if let Some(theirs) = keys.of_another_mode(mode) {
        return Err(AccountError::AnotherMode { theirs: theirs.to_owned(), ours: mode.word() }); // 1 no money of another kind
    }
    if let Some(account) = keys.account_of(key) {
        return Ok(account.clone()); //                                                         2 a key that is known
    }
    let account = match (keys.accounts.first(), keys.keys.is_empty()) {
        (None, _) => new_account(&keys), //                                                    3 a fresh store
        (Some((account, _)), true) => account.clone(), //                                      4 one from before keys were kept
        (Some(_), false) => prove(store, gateway, &keys).await?, //                            5 a new key proves itself
    };
    store.add_key(key, &account, mode).await?; //                                              6 and is known from now on
    Ok(account)
}

fn new_account(keys: &Keys) -> Account {
    Account(format!("account-{}", keys.accounts.len() + 1))
}

/// Who can look up a payment of an account has a key of that account.
async fn prove(store: &dyn Store, gateway: &dyn Gateway, keys: &Keys) -> Result<Account, AccountError> {
    let unproven = |reason: String| match keys.open_ends {
        0 => Ok(new_account(keys)),
        open_ends => Err(AccountError::Unproven { open_ends, reason }),
    };
    let Some((order_id, payment_key, account)) = store.latest_paid().await? else {
        return unproven("no order has been paid, so there is no payment that it could look up".to_owned());
    };
    match gateway.payment(&payment_key).await {
        Ok(answer) if answer.value.order_id == order_id => {
            let first = keys.accounts.first().map(|(account, _)| account.clone());
            tracing::info!("the secret key is a new one of the same account");
            Ok(account.or(first).unwrap_or_else(|| new_account(keys)))
        }
        Ok(_) => unproven("Toss shows it another order's payment".to_owned()),
        Err(Error::Rejected(rejected)) if rejected.status == 404 || rejected.class == Class::Key => {
            let account = unproven(format!("Toss answered {} {} to a look-up of a payment that is paid", rejected.status, rejected.code))?;
            tracing::warn!("the secret key belongs to another account than the orders of before; nothing of theirs is undecided");
            Ok(account)
        }
        Err(error) => Err(AccountError::NotAsked(error.to_string())),
    }
}

impl Keys {
    /// An account of another kind of money, where there is one.
    fn of_another_mode(&self, mode: Mode) -> Option<&str> {
        self.accounts.iter().map(|(_, word)| word.as_str()).find(|word| *word != mode.word())
    }
}
