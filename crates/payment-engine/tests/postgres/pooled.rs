//! Two servers behind a pooler that hands out connections for a transaction each.

use crate::{NOTE, id, options, order, paid, started};
use futures_util::future::join_all;
use payment_engine::store::{Postgres, Store as _};

#[allow(clippy::duplicate_mod, reason = "the same tests, on another way")]
#[path = "together.rs"]
mod together;

fn fresh() -> String {
    crate::pooler::pooler().fresh()
}

/// More connections than the pooler has, each of which says the same again and again: what one has said before is not there for it on the
/// next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_again_and_again_is_heard_on_whichever_connection() {
    let options = options(&fresh()).connections(8);
    let stores = [Postgres::connect(&options).await.unwrap(), Postgres::connect(&options).await.unwrap()];
    let shoppers = (0..16).map(|shopper| {
        let store = stores[shopper % 2].clone();
        tokio::spawn(async move {
            for number in (0..12).map(|round| shopper * 100 + round) {
                let name = format!("key-{number}");
                store.place(&order(number), &NOTE).await.unwrap();
                store.apply(&id(number), &started(&name), &NOTE).await.unwrap();
                store.apply(&id(number), &paid(&name), &NOTE).await.unwrap();
                let record = store.order(&id(number)).await.unwrap().unwrap();
                assert!(record.order.id == id(number) && record.version == 2, "{record:?}");
            }
        })
    });
    for shopper in join_all(shoppers).await {
        shopper.unwrap();
    }
}
