//! Two servers of the shop, which share a PostgreSQL database and nothing else. A browser meets now one, now the other, as behind a proxy.

use crate::app::DEADLINE;
use crate::postgres_server::server;
use crate::process::{LEASE, Program, approve, charged, confirms, ordered};
use serde_json::json;
use tokio::time::{Instant, timeout};
use toss_sandbox::{Config, Endpoint, Fault, Sandbox, Scope, Times};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

struct Shop {
    sandbox: Sandbox,
    url: String,
    folder: tempfile::TempDir,
}

impl Shop {
    async fn open() -> Shop {
        let (sandbox, folder) = (Sandbox::start(Config::default()).await.unwrap(), tempfile::tempdir().unwrap());
        Shop { sandbox, url: server().fresh(), folder }
    }

    async fn server(&self) -> Program {
        let settings = [("DATABASE_URL", self.url.as_str()), ("SESSION_SECRET", SECRET), ("MAIL_TRANSPORT", "off")];
        Program::start_set(self.folder.path(), &self.sandbox, &settings).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_may_meet_another_server_at_each_step() {
    let shop = Shop::open().await;
    let toss = shop.sandbox.control();
    let (one, other) = (shop.server().await, shop.server().await);
    let (browser, order) = ordered(&one).await;
    let elsewhere = browser.at(other.addr);
    let sheet = elsewhere.get("/checkout").await;
    assert_eq!(sheet.status, 200);
    // It waits at one server while the payment comes back to the other.
    let waiting = tokio::spawn({
        let (browser, question) = (browser.at(one.addr), json!({"order_id": order.id, "seen": 0}));
        async move { browser.post_json("/api/await_order", &question).await }
    });
    let back = elsewhere.get(&approve(&toss, &order)).await;
    assert_eq!((back.status, back.location.as_deref()), (303, Some(order.page().as_str())));
    let heard = timeout(DEADLINE, waiting).await.unwrap().unwrap();
    assert_eq!(heard.status, 200, "{}", heard.body);
    for at in [one.addr, other.addr] {
        assert!(browser.at(at).get(&order.page()).await.body.contains("결제를 완료했어요"));
    }
    // The same payment comes back to the first one too: a reload, another tab.
    let again = browser.get(&format!("/success?paymentType=NORMAL&orderId={}&paymentKey=x&amount=50000", order.id)).await;
    assert_eq!(again.status, 303);
    assert_eq!((charged(&toss, &order), confirms(&toss, &order).len()), (vec![50_000], 1));
    shop.sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_server_had_under_way_is_ended_by_the_other() {
    let shop = Shop::open().await;
    let toss = shop.sandbox.control();
    let (mut one, other) = (shop.server().await, shop.server().await);
    let mut shoppers = Vec::new();
    for fault in [Fault::TimeoutBefore, Fault::TimeoutAfter] {
        let (browser, order) = ordered(&one).await;
        let url = approve(&toss, &order);
        toss.fault(fault, Scope::order(Endpoint::Confirm, &order.id), Times::Once).unwrap();
        browser.get(&url).await;
        shoppers.push((browser, order, url));
    }
    toss.wait_for(|view| view.hung() == 2, DEADLINE).await.unwrap();
    let killed = Instant::now();
    one.kill();
    for (browser, order, url) in &shoppers {
        let browser = browser.at(other.addr);
        let known = async { while browser.post_json("/api/await_order", &json!({"order_id": order.id})).await.json() != "Known" {} };
        timeout(LEASE / 2, known).await.expect("it is taken up before the lease of the call would have run out");
        assert!(browser.get(&order.page()).await.body.contains("결제를 완료했어요"));
        assert_eq!(browser.get(url).await.location.as_deref(), Some(order.page().as_str()));
        assert_eq!(charged(&toss, order), [50_000]);
        let keys: Vec<_> = confirms(&toss, order).into_iter().map(|confirm| confirm.idempotency_key.unwrap()).collect();
        assert!(keys.iter().all(|key| *key == keys[0]), "the key of the killed server: {keys:?}");
    }
    assert!(killed.elapsed() < LEASE / 2, "{:?}", killed.elapsed());
    assert_eq!(confirms(&toss, &shoppers[0].1).len(), 2, "nothing had been charged, so it was asked again");
    assert_eq!(confirms(&toss, &shoppers[1].1).len(), 1, "what had been charged was looked up");
    shop.sandbox.shutdown().await;
}

/// As when servers are exchanged one by one: who starts takes nothing from who works.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_starts_beside_a_server_leaves_its_calls_alone() {
    let shop = Shop::open().await;
    let toss = shop.sandbox.control();
    let one = shop.server().await;
    let (browser, order) = ordered(&one).await;
    let url = approve(&toss, &order);
    toss.fault(Fault::TimeoutBefore, Scope::order(Endpoint::Confirm, &order.id), Times::Once).unwrap();
    browser.get(&url).await;
    toss.wait_for(|view| view.hung() == 1, DEADLINE).await.unwrap();
    let other = shop.server().await;
    let (second, another) = ordered(&other).await;
    assert_eq!(second.get(&approve(&toss, &another)).await.status, 303);
    assert_eq!(charged(&toss, &another), [50_000], "it works");
    assert_eq!(
        toss.requests().iter().filter(|request| request.order_id.as_deref() == Some(&order.id)).count(),
        1,
        "and looks up nothing of the other's"
    );
    assert!(browser.at(other.addr).get(&order.page()).await.body.contains("결제를 확인 중이에요"));
    shop.sandbox.shutdown().await;
}
