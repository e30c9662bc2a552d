//! What happens in a shop, moment by moment, and what is done at the one that was drawn.

use async_trait::async_trait;
use payment_engine::gateway::{Fingerprint, Gateway, Mode, TossGateway};
use payment_engine::order::{Attempt, Refund};
use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex};
use toss_payments::settlement::Settlement;
use toss_payments::transaction::Transaction;
use toss_payments::{Date, DateTime, Error, Payment, RefundReceiveAccount, Response, TransactionKey};
use toss_types::{OrderId, PaymentKey};

/// Numbers by chance, the same for the same seed (splitmix64).
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn of(seed: u64) -> Dice {
        Dice(seed)
    }

    /// Below that.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    /// Once in so many times.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

/// The seed that is set, or another one each time. It is printed, past what holds tests' output back.
pub fn seed(test: &str) -> u64 {
    let by_time = || std::time::UNIX_EPOCH.elapsed().unwrap().subsec_nanos().into();
    let seed = std::env::var("FAILOVER_SEED").map_or_else(|_| by_time(), |seed| seed.parse().unwrap());
    std::io::stderr().write_all(format!("FAILOVER_SEED={seed} ({test})\n").as_bytes()).unwrap();
    seed
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Moment {
    /// An order is about to be placed.
    Place,
    /// A payment has come back.
    Return,
    /// It is claimed, and Toss is about to be asked to charge it.
    Confirm,
    /// Toss has answered that, and nobody has stored it.
    Confirmed,
    /// Toss is about to be asked to give back.
    Cancel,
    /// Toss has answered that, and nobody has stored it.
    Canceled,
}

impl Moment {
    const ALL: [Moment; 6] = [Moment::Place, Moment::Return, Moment::Confirm, Moment::Confirmed, Moment::Cancel, Moment::Canceled];
}

type Strike = Box<dyn FnOnce() + Send>;

/// Counts moments, and strikes at one of them. Whoever has come to that one goes on when it is done, and all others meanwhile.
pub struct Moments {
    pub drawn: (Moment, u64),
    passed: Mutex<HashMap<Moment, u64>>,
    strike: Mutex<Option<Strike>>,
}

impl Moments {
    pub fn draw(seed: u64, strike: impl FnOnce() + Send + 'static) -> Arc<Moments> {
        let (all, mut dice) = (Moment::ALL, Dice::of(seed));
        let drawn = (all[usize::try_from(seed).unwrap() % all.len()], 3 + dice.below(30));
        Arc::new(Moments { drawn, passed: Mutex::default(), strike: Mutex::new(Some(Box::new(strike))) })
    }

    pub async fn pass(&self, moment: Moment) {
        let is_it = {
            let mut passed = self.passed.lock().unwrap();
            let count = passed.entry(moment).or_default();
            *count += 1;
            (moment, *count) == self.drawn
        };
        let strike = if is_it { self.strike.lock().unwrap().take() } else { None };
        if let Some(strike) = strike {
            tokio::task::spawn_blocking(strike).await.unwrap();
        }
    }
}

/// The way to Toss, as moments.
pub struct Watched {
    toss: TossGateway,
    moments: Arc<Moments>,
}

impl Watched {
    pub fn new(toss: TossGateway, moments: &Arc<Moments>) -> Watched {
        Watched { toss, moments: moments.clone() }
    }
}

#[async_trait]
impl Gateway for Watched {
    fn fingerprint(&self) -> &Fingerprint {
        self.toss.fingerprint()
    }

    fn mode(&self) -> Mode {
        self.toss.mode()
    }

    async fn confirm(&self, order_id: &OrderId, attempt: &Attempt) -> Result<Response<Payment>, Error> {
        self.moments.pass(Moment::Confirm).await;
        let answer = self.toss.confirm(order_id, attempt).await;
        self.moments.pass(Moment::Confirmed).await;
        answer
    }

    async fn payment(&self, payment_key: &PaymentKey) -> Result<Response<Payment>, Error> {
        self.toss.payment(payment_key).await
    }

    async fn cancel(&self, refund: &Refund, account: Option<&RefundReceiveAccount>) -> Result<Response<Payment>, Error> {
        self.moments.pass(Moment::Cancel).await;
        let answer = self.toss.cancel(refund, account).await;
        self.moments.pass(Moment::Canceled).await;
        answer
    }

    async fn transactions(
        &self,
        from: &DateTime,
        to: &DateTime,
        after: Option<&TransactionKey>,
    ) -> Result<Response<Vec<Transaction>>, Error> {
        self.toss.transactions(from, to, after).await
    }

    async fn settlements(&self, from: &Date, to: &Date, page: u32) -> Result<Response<Vec<Settlement>>, Error> {
        self.toss.settlements(from, to, page).await
    }
}
