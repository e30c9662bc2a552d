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
         account: {reason}. Start with the key of before until these payments are decided, or with `Settings::is_same_account` if you \
         know that it is"
    )]
    Unproven {
        /// How many.
        open_ends: u64,
        /// Why.
        reason: String,
    },
    /// No engine has started on this store with this key, and [`Engine::attach`] makes no key known.
    #[error("no server has started on it with the secret key that is set: start one first, or set the key that it runs with")]
    UnknownKey,
    /// Toss could not be asked. Why is said here in full, so that [`source`](std::error::Error::source) has nothing to add.
    #[error("the secret key is a new one, and Toss could not be asked whose it is: {0}; start again when Toss answers")]
    NotAsked(Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Engine {
    /// Finds out whose payments the store holds, and takes up what the last server left. That one has to be gone: a store is one
    /// engine's at a time. What a second one takes up under the hands of the first is called twice, under one idempotency key, and
    /// charged once.
    ///
    /// # Errors
    /// [`AccountError`]: when the store fails, or holds what the key of this gateway may not decide about.
    ///
    /// # Panics
    /// Where store and gateway do: those that come along, outside a Tokio runtime.
    pub async fn start(parts: Parts) -> Result<Engine, AccountError> {
        let account = admit(parts.store.as_ref(), parts.gateway.as_ref(), parts.settings.is_same_account).await?;
        let left = parts.store.recover(parts.clock.now_ms()).await?;
        if left > 0 {
            tracing::warn!(orders = left, "payments were undecided when the last server ended; looking them up");
        }
        Ok(Engine::new(parts, account))
    }

    /// An engine beside the one that runs on the same store, for an operator's program: it looks orders up, refunds and replays, and
    /// what it leaves undecided the other one's work takes up. It does not [`work`](Engine::work), and it takes over no leases. Only a
    /// key that an engine has started with on this store is let in. Toss is not asked.
    ///
    /// Couriers are told apart by their channels: give it those of the engine that runs, so that what happens here is told as well.
    ///
    /// # Errors
    /// [`AccountError`]: when the store fails, holds another kind of money, or does not know the key of this gateway.
    ///
    /// # Panics
    /// Where store and gateway do: those that come along, outside a Tokio runtime.
    pub async fn attach(parts: Parts) -> Result<Engine, AccountError> {
        let (key, mode) = (parts.gateway.fingerprint(), parts.gateway.mode());
        let keys = parts.store.keys().await?;
        if let Some(theirs) = keys.of_another_mode(mode) {
            return Err(AccountError::AnotherMode { theirs: theirs.to_owned(), ours: mode.word() });
        }
        let account = keys.account_of(key).cloned().ok_or(AccountError::UnknownKey)?;
        Ok(Engine::new(parts, account))
    }
}

/// The account of the gateway's key. `is_same` is the operator's word for it.
///
/// # Errors
/// [`AccountError`]; nothing has been written then.
async fn admit(store: &dyn Store, gateway: &dyn Gateway, is_same: bool) -> Result<Account, AccountError> {
    let (key, mode) = (gateway.fingerprint(), gateway.mode());
    let keys = store.keys().await?;
    if let Some(theirs) = keys.of_another_mode(mode) {
        return Err(AccountError::AnotherMode { theirs: theirs.to_owned(), ours: mode.word() }); // 1 no money of another kind
    }
    if let Some(account) = keys.account_of(key) {
        return keys.without_open_ends_of_others(account); //                                   2 a key that is known
    }
    let account = match keys.accounts.last() {
        None => new_account(&keys), //                                                         3 a fresh store
        Some((account, _)) if is_same || mode == Mode::Sandbox => account.clone(), //          4 no doubt, or no money
        Some(_) => prove(store, gateway, &keys).await?, //                                     5 a new key proves itself
    };
    store.add_key(key, &account, mode).await?; //                                              6 and is known from now on
    Ok(account)
}

fn new_account(keys: &Keys) -> Account {
    Account::new(format!("account-{}", keys.accounts.len() + 1))
}

/// Who can look up a payment of an account has a key of that account.
async fn prove(store: &dyn Store, gateway: &dyn Gateway, keys: &Keys) -> Result<Account, AccountError> {
    /// Enough to find one that Toss knows among the invented.
    const MOST: u32 = 10;
    let first = || keys.accounts.first().map_or_else(|| new_account(keys), |(account, _)| account.clone());
    let mut said = "there is no payment that it could look up".to_owned();
    for proof in store.proofs(MOST).await? {
        match gateway.payment(&proof.payment_key).await {
            Ok(answer) if answer.value.order_id == proof.order_id => {
                tracing::info!("the secret key is a new one of the same account");
                return Ok(proof.account.unwrap_or_else(first));
            }
            Ok(_) => said = "Toss shows it another order's payment".to_owned(),
            Err(Error::Rejected(rejected)) if rejected.status == 404 || rejected.class == Class::Key => {
                said = format!("Toss answered {} {} to a look-up of a payment of these orders", rejected.status, rejected.code);
            }
            Err(error) => return Err(AccountError::NotAsked(error)),
        }
    }
    match keys.open_ends.iter().map(|(_, count)| count).sum() {
        // From before keys were kept, and nothing is open.
        0 if keys.keys.is_empty() => Ok(first()),
        0 => {
            tracing::warn!("the secret key belongs to another account than the orders of before; nothing of theirs is open");
            Ok(new_account(keys))
        }
        open_ends => Err(AccountError::Unproven { open_ends, reason: said }),
    }
}

impl Keys {
    /// That account, unless payments of another one are open: these keys could not decide them.
    fn without_open_ends_of_others(&self, account: &Account) -> Result<Account, AccountError> {
        // What has none is from before accounts were kept, and belongs to the first.
        let first = self.accounts.first().map(|(account, _)| account);
        let others = self.open_ends.iter().filter(|(of, _)| of.as_ref().or(first) != Some(account));
        match others.map(|(_, count)| count).sum() {
            0 => Ok(account.clone()),
            open_ends => Err(AccountError::Unproven { open_ends, reason: "it belongs to another account of these orders".to_owned() }),
        }
    }

    /// An account of another kind of money, where there is one.
    fn of_another_mode(&self, mode: Mode) -> Option<&str> {
        self.accounts.iter().map(|(_, word)| word.as_str()).find(|word| *word != mode.word())
    }
}
