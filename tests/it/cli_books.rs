//! The operator's commands for the books, and refunds that are asked for twice.

use crate::app::TestApp;
use crate::cli::{Operator, cancels, paid};
use std::time::Duration;
use toss_sandbox::OperatorRefund;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_books_have_found_is_reported_and_closed() {
    let app = TestApp::start_set(&[("BOOKS_EVERY_MINUTES", "60")]).await;
    let operator = Operator::of(&app);
    let ran = operator.json(&["books", "run"]).await.json();
    assert_eq!((&ran["found"], &ran["mended"], ran["open"].as_array().unwrap().len()), (&0.into(), &0.into(), 0));
    assert!(operator.run(&["books", "report"]).await.out.contains("Nothing waits for a person."));

    // The same twice in Toss's console, of which nobody tells: the books learn of both, and a person has to say whether it was meant.
    let (_, order, key) = paid(&app).await;
    app.sandbox.unregister_webhooks();
    for _ in 0..2 {
        app.sandbox.refund(&key, OperatorRefund::part(10_000)).unwrap();
    }
    app.advance(Duration::from_secs(2 * 3_600));
    while app.work().await > 0 {}
    let shown = operator.json(&["orders", "show", &order.id]).await.json();
    assert_eq!((&shown["order"]["refunded"], shown["refunds"].as_array().unwrap().len()), (&"20000".into(), 2), "{shown}");

    let report = operator.json(&["books", "report"]).await.json();
    let found = &report["findings"][0];
    assert_eq!(
        (&found["kind"], &found["status"], &found["orderId"]),
        (&"doubled_refund".into(), &"open".into(), &order.id.as_str().into())
    );
    let id = found["id"].as_str().unwrap();
    let korean = operator.run(&["--lang", "ko", "books", "report"]).await;
    assert!(korean.out.contains("두 번 환불") && korean.out.contains(&order.id) && !korean.out.contains(&key), "{}", korean.out);

    assert_eq!(operator.json(&["books", "close", "no-such-finding", "--note", "x"]).await.complaint(), (1, "finding_not_found".to_owned()));
    assert_eq!(operator.json(&["books", "close", id, "--note", " "]).await.complaint(), (2, "note_missing".to_owned()));
    assert_eq!(operator.run(&["books", "close", id, "--note", "asked the shopper: meant"]).await.code, 0);
    assert_eq!(operator.json(&["books", "report"]).await.json()["findings"].as_array().unwrap().len(), 0);
    let all = operator.json(&["books", "report", "--all"]).await.json();
    let closed = all["findings"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap();
    assert_eq!((&closed["status"], &closed["note"]), (&"closed".into(), &"asked the shopper: meant".into()));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pay_outs_are_asked_for_by_days() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app);
    let none = operator.json(&["books", "payouts", "--from", "2026-11-01", "--to", "2026-11-30"]).await;
    assert_eq!((none.code, none.json()["payOuts"].as_array().unwrap().len()), (0, 0));
    for days in [["2026-13-01", "2026-11-30"], ["yesterday", "2026-11-30"]] {
        let wrong = operator.json(&["books", "payouts", "--from", days[0], "--to", days[1]]).await;
        assert_eq!(wrong.complaint(), (2, "date_malformed".to_owned()), "{days:?}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_command_given_twice_refunds_once() {
    let app = TestApp::start().await;
    let (_, order, _) = paid(&app).await;
    let operator = Operator::of(&app);
    let named = ["refund", &order.id, "--amount", "10000", "--id", "return-17"];
    for _ in 0..2 {
        let ran = operator.json(&named).await;
        assert_eq!((ran.code, &ran.json()["refund"]["id"]), (0, &"return-17".into()), "{}", ran.err);
    }
    assert_eq!((cancels(&app), app.balance(&order.id)), (1, 40_000));
    let other = ["refund", &order.id, "--amount", "10001", "--id", "return-17"];
    assert_eq!(operator.json(&other).await.complaint(), (1, "other_amount".to_owned()));
    assert_eq!(operator.json(&["refund", &order.id, "--id", ""]).await.complaint(), (2, "id_malformed".to_owned()));
    let known = ["refund", &order.id, "--amount", "10000", "--left", "50000"];
    assert_eq!(operator.json(&known).await.complaint(), (1, "other_left".to_owned()), "somebody has refunded since");
    assert_eq!(cancels(&app), 1);
    app.told().await;
    app.finish().await;
}

/// Orders of before may have such a number.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_begins_with_a_hyphen_is_a_number() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app);
    for words in [
        &["orders", "show", "-IStGXR8_Z5jdHi6B-myT"][..],
        &["orders", "check", "--tGXR8_Z5jdHi6B-myT1"],
        &["refund", "-StGXR8_Z5jdHi6B-myTI"],
    ] {
        assert_eq!(operator.json(words).await.complaint(), (1, "order_not_found".to_owned()), "{words:?}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_limited_and_who_bought_is_shown_to_whoever_packs() {
    let app = TestApp::start_set(&[("STOCK", "tshirt=5")]).await;
    let (_, order, _) = paid(&app).await;
    let operator = Operator::of(&app);
    let stock = operator.json(&["stock"]).await.json();
    let tshirts = stock["stock"].as_array().unwrap().iter().find(|level| level["sku"] == "tshirt").unwrap();
    assert_eq!((&tshirts["total"], &tshirts["taken"], &tshirts["left"]), (&5.into(), &1.into(), &4.into()), "{stock}");
    let shown = operator.run(&["orders", "show", &order.id]).await;
    assert!(shown.out.contains("tshirt × 1") && !shown.out.contains("김토스"), "{}", shown.out);
    let whole = operator.run(&["orders", "show", &order.id, "--contact"]).await;
    assert!(whole.out.contains("김토스") && whole.out.contains("01012345678"), "{}", whole.out);
    app.finish().await;
}
