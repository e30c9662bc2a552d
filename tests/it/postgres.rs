//! The shop with its orders in PostgreSQL.

use crate::app::TestApp;
use crate::cli::{Operator, cancels, paid};
use crate::postgres_server::server;
use payment_engine::order::State;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_placed_paid_and_refunded() {
    let url = server().fresh();
    let app = TestApp::start_set(&[("DATABASE_URL", &url), ("SESSION_SECRET", SECRET)]).await;
    let (browser, order, _) = paid(&app).await;
    assert_eq!(app.charged(&order), [order.amount]);
    assert!(browser.get(&order.page()).await.body.contains("50,000"));
    assert!(matches!(app.record(&order.id).await.state, State::Paid { .. }));
    assert!(!app.folder().join("shop.db").exists(), "no file is made besides");

    let operator = Operator::of(&app).set("DATABASE_URL", url.clone()).set("SESSION_SECRET", SECRET);
    let refunded = operator.run(&["refund", &order.id, "--amount", "20000", "--reason", "한 벌 반품"]).await;
    assert_eq!((refunded.code, cancels(&app)), (0, 1), "{}", refunded.err);
    assert_eq!(app.record(&order.id).await.standing(), "partly_refunded");
    assert!(operator.run(&["orders", "show", &order.id]).await.out.contains("20,000"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_makes_no_tables_and_a_database_that_is_away_is_told_without_its_password() {
    let app = TestApp::start().await;
    let operator = |url: &str| Operator::of(&app).set("DATABASE_URL", url).set("SESSION_SECRET", SECRET);
    let url = server().fresh();
    assert_eq!(operator(&url).json(&["orders", "list"]).await.complaint(), (4, "store_unreachable".to_owned()));
    let schema = url.rsplit_once("%3D").unwrap().1;
    let tables = server().run(&format!("SELECT COUNT(*) FROM pg_tables WHERE schemaname = '{schema}'"));
    assert_eq!(tables.trim(), "0");
    let away = operator("postgres://shop:hunter2@127.0.0.1:1/shop").run(&["orders", "list"]).await;
    assert!(away.code == 4 && away.err.contains("PostgreSQL") && !away.err.contains("hunter2"), "{}", away.err);
    let without = Operator::of(&app).set("DATABASE_URL", url).run(&["orders", "list"]).await;
    assert!(without.code == 2 && without.err.contains("SESSION_SECRET"), "{}", without.err);
    app.finish().await;
}
