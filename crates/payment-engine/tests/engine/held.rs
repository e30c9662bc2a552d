//! A way to Toss on which tests hold calls, so that others overtake them.

use crate::toss::SpoiledGateway;
use crate::world::World;
use async_trait::async_trait;
use payment_engine::gateway::{Fingerprint, Gateway, Mode};
use payment_engine::order::{Attempt, Refund};
use payment_engine::toss_payments::settlement::Settlement;
use payment_engine::toss_payments::transaction::Transaction;
use payment_engine::toss_payments::{
    Date, DateTime, Error, Payment, RefundReceiveAccount, Response, TransactionKey, UnknownCause, UnknownOutcome,
};
use payment_engine::{Engine, Parts, Settings};
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;
use toss_types::{OrderId, PaymentKey};

/// A call that is held: it says that it is there, and waits until it may go on.
#[derive(Clone, Default)]
pub struct Gate {
    there: Arc<Notify>,
    go: Arc<Notify>,
}

impl Gate {
    pub async fn reached(&self) {
        self.there.notified().await;
    }

    pub fn open(&self) {
        self.go.notify_one();
    }

    async fn pass(&self) {
        self.there.notify_one();
        self.go.notified().await;
    }
}

#[derive(Default)]
pub struct Holds {
    /// Toss does not repeat the ids of cancels.
    pub keeps_ids_to_itself: bool,
    pub before_look_up: Mutex<Option<Gate>>,
    pub after_look_up: Mutex<Option<Gate>>,
    /// Cancels that are lost, each with these words.
    pub lost: Mutex<Vec<&'static str>>,
}

impl Holds {
    /// The next look-up is held on its way to Toss.
    pub fn hold_look_up(&self) -> Gate {
        self.before_look_up.lock().unwrap().insert(Gate::default()).clone()
    }

    /// The answer to the next look-up is held.
    pub fn hold_answer(&self) -> Gate {
        self.after_look_up.lock().unwrap().insert(Gate::default()).clone()
    }

    fn shown(&self, mut response: Response<Payment>) -> Response<Payment> {
        if self.keeps_ids_to_itself {
            response.value.cancels.iter_mut().for_each(|cancel| cancel.cancel_request_id = None);
        }
        response
    }
}

pub struct HeldGateway(SpoiledGateway, Arc<Holds>);

#[async_trait]
impl Gateway for HeldGateway {
    fn fingerprint(&self) -> &Fingerprint {
        self.0.fingerprint()
    }

    fn mode(&self) -> Mode {
        self.0.mode()
    }

    async fn confirm(&self, order_id: &OrderId, attempt: &Attempt) -> Result<Response<Payment>, Error> {
        self.0.confirm(order_id, attempt).await
    }

    async fn payment(&self, key: &PaymentKey) -> Result<Response<Payment>, Error> {
        let gate = self.1.before_look_up.lock().unwrap().take();
        if let Some(gate) = gate {
            gate.pass().await;
        }
        let answer = self.0.payment(key).await;
        let gate = self.1.after_look_up.lock().unwrap().take();
        if let Some(gate) = gate {
            gate.pass().await;
        }
        answer.map(|response| self.1.shown(response))
    }

    async fn cancel(&self, refund: &Refund, account: Option<&RefundReceiveAccount>) -> Result<Response<Payment>, Error> {
        let lost = self.1.lost.lock().unwrap().pop();
        if let Some(words) = lost {
            let mut lost = UnknownOutcome::new(UnknownCause::Reset);
            lost.detail = words.to_owned();
            return Err(lost.into());
        }
        self.0.cancel(refund, account).await.map(|response| self.1.shown(response))
    }

    async fn transactions(
        &self,
        from: &DateTime,
        to: &DateTime,
        after: Option<&TransactionKey>,
    ) -> Result<Response<Vec<Transaction>>, Error> {
        self.0.transactions(from, to, after).await
    }

    async fn settlements(&self, from: &Date, to: &Date, page: u32) -> Result<Response<Vec<Settlement>>, Error> {
        self.0.settlements(from, to, page).await
    }
}

/// A world whose engine calls Toss on such a way.
pub async fn world(holds: Holds) -> (World, Arc<Holds>) {
    let (mut world, holds) = (World::start().await, Arc::new(holds));
    let gateway = HeldGateway(world.spoiler.before(world.gateway()), holds.clone());
    let parts = Parts::new(world.store().await, gateway).clock(world.clock.clone()).settings(Settings::default().books_every(None));
    world.engine = Engine::start(parts).await.unwrap();
    (world, holds)
}
