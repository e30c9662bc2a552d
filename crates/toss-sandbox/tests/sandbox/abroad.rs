//! PayPal in USD: decimals that are exact from the window to the books, and cancels that take their time.

use std::time::Duration;

use http_body_util::Full;
use hyper::Request;
use serde_json::{Value, json};
use toss_sandbox::{
    API_CLIENT_KEY, CANCEL_TAKES, CLIENT_KEY, CancelOutcome, ChargeKind, Choices, Config, Currency, EventType, Fault, Method, Money,
    NewPayment, OperatorRefund, PAYPAL_CANCELABLE_FOR, Registration, Status, Trigger,
};

use crate::{
    api::{Api, paid, with},
    receiver::{Receiver, settled},
    support::{Reply, Shop, basic, query, refused, see_other},
};

const TOTAL: i64 = 72_624;

fn paypal(order_id: &str, cents: i64) -> NewPayment {
    NewPayment { method: Method::Paypal, currency: Currency::Usd, ..NewPayment::new(order_id, "Kiaf tickets", cents) }
}

fn order() -> Value {
    json!({
        "clientKey": API_CLIENT_KEY, "customerKey": "customer-1", "orderId": "order-0001", "orderName": "Kiaf tickets", "amount": 726.24,
        "currency": "USD", "country": "US", "flow": "WINDOW", "method": "PAYPAL",
        "successUrl": "http://127.0.0.1:3000/success", "failUrl": "http://127.0.0.1:3000/fail",
    })
}

async fn open(shop: &Shop, order: &str) -> Reply {
    let request = Request::post("/sandbox/window/payments").header("content-type", "application/json").body(Full::from(order.to_owned()));
    shop.send(request.unwrap()).await
}

/// A part of the body as the text that it is, so that a number is compared digit by digit.
fn has(reply: &Reply, text: &str) -> bool {
    reply.text().contains(text)
}

async fn cancel(shop: &Shop, key: &str, changes: Value) -> Reply {
    let body = json!({ "cancelReason": "no-show", "currency": "USD", "cancelRequestId": "cancel-0001" });
    Api::widget(shop).cancel(key, with(&body, changes)).await
}

#[tokio::test]
async fn a_paypal_payment_goes_from_the_window_to_the_books_to_the_cent() {
    let shop = Shop::open().await;
    let opened = open(&shop, &order().to_string()).await.json();
    let window = opened["windowUrl"].as_str().unwrap();
    let page = shop.get(window).await.text();
    assert!(page.contains("726.24 USD") && page.contains("페이팔"), "{page}");
    let url = see_other(&shop.post_form(&format!("{window}/approve"), "").await);
    let back = query(&url);
    assert_eq!(back.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["orderId", "paymentKey", "amount"]);
    assert_eq!(back[2].1, "726.24");

    // The amount digit by digit as the success URL has it.
    let body = format!(r#"{{"paymentKey":"{}","orderId":"order-0001","amount":{}}}"#, back[1].1, back[2].1);
    let confirm = Request::post("/v1/payments/confirm")
        .header("authorization", basic(&format!("{}:", toss_sandbox::API_SECRET_KEY)))
        .header("content-type", "application/json")
        .body(Full::from(body))
        .unwrap();
    let confirmed = shop.send(confirm).await;
    assert_eq!(confirmed.status, 200, "{confirmed:?}");
    assert!(has(
        &confirmed,
        r#""currency":"USD","totalAmount":726.24,"balanceAmount":726.24,"suppliedAmount":660.22,"vat":66.02,"taxFreeAmount":0,"#
    ));
    let payment = confirmed.json();
    let expected = json!({
        "status": "DONE", "type": "NORMAL", "method": "해외간편결제", "country": "US", "isPartialCancelable": true,
        "card": null, "transfer": null, "secret": null, "receipt": null, "useEscrow": null, "cancels": null,
        "easyPay": { "provider": "페이팔", "amount": 726.24, "discountAmount": 0 },
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&payment[name], value, "{name}");
    }

    let charges = shop.control.charges("order-0001");
    assert_eq!(charges.iter().map(|it| it.amount).collect::<Vec<_>>(), [Money::new(TOTAL, Currency::Usd).unwrap()]);
    let ledger = shop.drive("GET", "/ledger", None).await;
    assert!(has(&ledger, r#""amount":726.24,"currency":"USD""#), "{}", ledger.text());
    let range = "/v1/transactions?startDate=2026-08-01T00:00:00&endDate=2026-08-31T00:00:00";
    let transactions = Api::of(&shop).get(range).await;
    assert!(has(&transactions, r#""currency":"USD","amount":726.24"#), "{}", transactions.text());
    assert_eq!(
        shop.send(Api::of(&shop).request(hyper::Method::GET, range, None, &[("accept-language", "en-US")])).await.json()[0]["method"],
        "FOREIGN_EASY_PAY"
    );
}

#[tokio::test]
async fn a_window_takes_paypal_in_dollars_and_everything_else_in_won() {
    let shop = Shop::open().await;
    for (changes, code) in [
        (json!({ "currency": "KRW" }), "INVALID_PARAMETER"),
        (json!({ "currency": null }), "INVALID_PARAMETER"),
        (json!({ "currency": "EUR" }), "INVALID_PARAMETER"),
        (json!({ "method": "CARD" }), "INVALID_PARAMETER"),
        (json!({ "country": "America" }), "INVALID_PARAMETER"),
        (json!({ "clientKey": CLIENT_KEY }), "NOT_SUPPORTED_WIDGET_KEY"),
    ] {
        assert_eq!(open(&shop, &with(&order(), changes.clone()).to_string()).await.error(), refused(400, code), "{changes}");
    }
    for amount in ["726.245", "0", "-5.00", "1e2", "99999999999999.99", "\"726.24\""] {
        let order = order().to_string().replace("726.24", amount);
        assert_eq!(open(&shop, &order).await.error(), refused(400, "INVALID_PARAMETER"), "{amount}");
    }
    assert_eq!(shop.control.payments(), []);
    for amount in ["726.24", "726.240", "0.01", "10", "9999999999999.99"] {
        assert_eq!(open(&shop, &order().to_string().replace("726.24", amount)).await.status, 200, "{amount}");
    }
}

#[tokio::test]
async fn a_confirm_is_compared_with_the_payment_to_the_cent() {
    let shop = Shop::open().await;
    // 0.1 + 0.2: a float would have more digits than the payment.
    let payment = shop.control.authenticate(paypal("order-0001", 30)).unwrap();
    assert_eq!(payment.amount.to_string(), "0.3");
    let confirm = async |amount: &str| {
        let body = format!(r#"{{"paymentKey":"{}","orderId":"order-0001","amount":{amount}}}"#, payment.payment_key);
        let request =
            Request::post("/v1/payments/confirm").header("authorization", shop.basic()).header("content-type", "application/json");
        shop.send(request.body(Full::from(body)).unwrap()).await
    };
    for amount in ["0.31", "0.29", "0.3000000001", "30", "3e-1", "0.30000000000000004", "\"thirty\""] {
        assert_eq!(confirm(amount).await.error(), refused(400, "INVALID_REQUEST"), "{amount}");
    }
    assert_eq!(shop.control.ledger(), []);
    assert_eq!(confirm("\"0.30\"").await.status, 200, "the digits of the success URL, as the samples forward them");
    assert_eq!(shop.control.charges("order-0001").len(), 1);
}

#[tokio::test]
async fn a_cancel_is_in_progress_until_it_is_done_and_only_then_has_money_moved() {
    let receiver = Receiver::open().await;
    let webhooks = vec![Registration::of(receiver.url("/"), EventType::ALL)];
    let shop = Shop::with(Config { webhooks, ..Config::default() }).await;
    let key = paid(&shop, paypal("order-0001", TOTAL)).await;
    settled(&shop).await;
    receiver.heard();

    let asked = cancel(&shop, &key, json!({ "cancelAmount": 181.56 })).await;
    assert_eq!(asked.status, 200, "{asked:?}");
    assert!(has(&asked, r#""cancelAmount":181.56,"#) && has(&asked, r#""refundableAmount":544.68,"#), "{}", asked.text());
    let body = asked.json();
    let entry = &body["cancels"][0];
    assert_eq!((&entry["cancelStatus"], &entry["cancelRequestId"]), (&json!("IN_PROGRESS"), &json!("cancel-0001")));
    assert!(body["status"] == "DONE" && has(&asked, r#""balanceAmount":726.24,"#), "nothing has gone back yet");
    settled(&shop).await;
    assert!(receiver.heard().is_empty());
    assert_eq!(cancel(&shop, &key, json!({})).await.error(), refused(400, "ALREADY_REFUNDING_PAYMENT"));
    assert_eq!(shop.control.ledger().len(), 1);

    shop.control.finish_cancel(&key, CancelOutcome::Done).unwrap();
    let looked_up = shop.get(&format!("/v1/payments/{key}")).await;
    assert!(
        has(&looked_up, r#""balanceAmount":544.68,"suppliedAmount":495.16,"vat":49.52,"#),
        "as a merchant logged it: {}",
        looked_up.text()
    );
    let payment = looked_up.json();
    assert_eq!((&payment["status"], &payment["cancels"][0]["cancelStatus"]), (&json!("PARTIAL_CANCELED"), &json!("DONE")));
    assert_eq!(payment["lastTransactionKey"], payment["cancels"][0]["transactionKey"]);
    let refund = shop.control.ledger().pop().unwrap();
    assert_eq!((refund.kind, refund.amount.get(), refund.status), (ChargeKind::Refund, 18_156, Status::PartialCanceled));
    assert_eq!(refund.transaction_key, payment["lastTransactionKey"].as_str().unwrap());
    settled(&shop).await;
    let heard: Vec<_> = receiver.heard().iter().map(crate::receiver::Heard::json).collect();
    assert_eq!(
        heard.iter().map(|it| it["eventType"].as_str().unwrap()).collect::<Vec<_>>(),
        ["PAYMENT_STATUS_CHANGED", "CANCEL_STATUS_CHANGED"]
    );
    assert_eq!(heard[1]["data"], payment["cancels"][0], "the entry of the cancel");
    assert_eq!(shop.control.finish_cancel(&key, CancelOutcome::Done).unwrap_err().code, "CANNOT_MOVE_PAYMENT");

    // The rest at one go, decided by time.
    assert_eq!(cancel(&shop, &key, json!({ "cancelRequestId": "cancel-0002" })).await.status, 200);
    shop.control.advance(CANCEL_TAKES - Duration::from_millis(1));
    assert_eq!(shop.control.ledger().len(), 2);
    shop.control.advance(Duration::from_millis(1));
    let refund = shop.control.ledger().pop().unwrap();
    assert_eq!((refund.amount.get(), refund.at), (TOTAL - 18_156, shop.control.clock().now()));
    let view = shop.control.payment(&key).unwrap();
    assert_eq!((view.status, view.balance.get()), (Status::PartialCanceled, 0), "in parts it stays so, as in Korea");
    assert_eq!(cancel(&shop, &key, json!({})).await.error(), refused(403, "NOT_CANCELABLE_AMOUNT"));
    settled(&shop).await;
    assert_eq!(receiver.heard().len(), 2);
}

#[tokio::test]
async fn nothing_comes_of_a_cancel_that_is_aborted_and_the_next_one_may_work() {
    let receiver = Receiver::open().await;
    let webhooks = vec![Registration::of(receiver.url("/"), EventType::ALL)];
    let shop = Shop::with(Config { webhooks, ..Config::default() }).await;
    let key = paid(&shop, paypal("order-0001", TOTAL)).await;
    assert_eq!(cancel(&shop, &key, json!({})).await.status, 200);
    settled(&shop).await;
    receiver.heard();
    let finish = shop.drive("POST", &format!("/payments/{key}/finish-cancel"), Some(json!({ "status": "ABORTED" }))).await;
    assert_eq!(finish.status, 204);
    let payment = shop.get(&format!("/v1/payments/{key}")).await;
    assert!(has(&payment, r#""balanceAmount":726.24,"#) && has(&payment, r#""refundableAmount":726.24,"#));
    let body = payment.json();
    assert_eq!((&body["status"], &body["cancels"][0]["cancelStatus"]), (&json!("DONE"), &json!("ABORTED")));
    settled(&shop).await;
    let heard: Vec<_> =
        receiver.heard().iter().map(|it| (it.json()["eventType"].clone(), it.json()["data"]["cancelStatus"].clone())).collect();
    assert_eq!(heard, [(json!("CANCEL_STATUS_CHANGED"), json!("ABORTED"))]);
    shop.control.advance(CANCEL_TAKES);
    assert_eq!(shop.control.ledger().len(), 1, "time has nothing left to do");

    assert_eq!(cancel(&shop, &key, json!({ "cancelRequestId": "cancel-0002" })).await.status, 200);
    let finish = shop.drive("POST", &format!("/payments/{key}/finish-cancel"), None).await;
    assert_eq!(finish.status, 204, "done, if not said");
    assert_eq!(shop.control.payment(&key).unwrap().status, Status::Canceled, "at one go");
    assert_eq!(shop.drive("POST", &format!("/payments/{key}/finish-cancel"), None).await.error(), refused(409, "CANNOT_MOVE_PAYMENT"));
    assert_eq!(shop.drive("POST", "/payments/none/finish-cancel", None).await.error(), refused(404, "NOT_FOUND_PAYMENT"));
}

#[tokio::test]
async fn a_cancel_names_the_currency_of_its_payment_and_its_own_id() {
    let shop = Shop::open().await;
    let key = paid(&shop, paypal("order-0001", TOTAL)).await;
    let won = paid(&shop, NewPayment::new("order-0002", "주문", 45_000)).await;
    for (changes, error) in [
        (json!({ "currency": "KRW" }), refused(400, "INVALID_CURRENCY")),
        (json!({ "currency": "JPY" }), refused(400, "INVALID_CURRENCY")),
        (json!({ "cancelRequestId": null }), refused(400, "INVALID_REQUEST")),
        (json!({ "cancelAmount": 181.565 }), refused(400, "INVALID_REQUEST")),
        (json!({ "cancelAmount": 0.0 }), refused(400, "INVALID_REQUEST")),
        (json!({ "cancelAmount": 726.25 }), refused(403, "NOT_CANCELABLE_AMOUNT")),
        // The micro-unit of the developer centre's logs is none of the API.
        (json!({ "cancelAmount": 181_560_000 }), refused(403, "NOT_CANCELABLE_AMOUNT")),
        (json!({ "refundableAmount": 726.23 }), refused(400, "NOT_MATCHES_REFUNDABLE_AMOUNT")),
    ] {
        assert_eq!(cancel(&shop, &key, changes.clone()).await.error(), error, "{changes}");
    }
    assert_eq!(cancel(&shop, &won, json!({})).await.error(), refused(400, "INVALID_CURRENCY"), "USD for a payment in won");
    assert_eq!(cancel(&shop, &won, json!({ "currency": "KRW", "cancelAmount": 1_000.5 })).await.error(), refused(400, "INVALID_REQUEST"));
    assert_eq!(
        cancel(&shop, &won, json!({ "currency": "KRW", "cancelRequestId": null })).await.json()["status"],
        "CANCELED",
        "at once in Korea"
    );
    assert_eq!(
        cancel(&shop, &key, json!({ "currency": null, "refundableAmount": 726.24 })).await.status,
        200,
        "the currency may be left out"
    );
}

#[tokio::test]
async fn cancels_abroad_can_be_done_at_once_as_one_was_logged() {
    let choices = Choices { foreign_cancels_at_once: true, ..Choices::default() };
    let shop = Shop::with(Config { choices, ..Config::default() }).await;
    let key = paid(&shop, paypal("order-0001", TOTAL)).await;
    let done = cancel(&shop, &key, json!({ "cancelAmount": 181.56, "cancelRequestId": null })).await;
    let body = done.json();
    let entry = &body["cancels"][0];
    assert_eq!(
        (&body["status"], &entry["cancelStatus"], &entry["cancelRequestId"]),
        (&json!("PARTIAL_CANCELED"), &json!("DONE"), &Value::Null)
    );
    assert!(has(&done, r#""totalAmount":726.24,"balanceAmount":544.68,"suppliedAmount":495.16,"vat":49.52,"#));
    assert_eq!(shop.control.ledger().len(), 2);
}

#[tokio::test]
async fn paypal_is_cancelled_within_its_time_and_by_operators_too() {
    let shop = Shop::open().await;
    let key = paid(&shop, paypal("order-0001", TOTAL)).await;
    shop.control.refund(&key, OperatorRefund::part(624)).unwrap();
    assert_eq!(shop.control.payment(&key).unwrap().timeline.last().unwrap().trigger, Trigger::CancelRequested);
    shop.control.finish_cancel(&key, CancelOutcome::Done).unwrap();
    let refund = shop.drive("POST", &format!("/payments/{key}/refund"), Some(json!({ "amount": 0.5 }))).await;
    assert_eq!(refund.status, 204);
    shop.control.advance(CANCEL_TAKES);
    assert_eq!(shop.control.payment(&key).unwrap().balance.to_string(), "719.5");
    assert_eq!(
        shop.drive("POST", &format!("/payments/{key}/refund"), Some(json!({ "amount": 0.005 }))).await.error(),
        refused(400, "INVALID_REQUEST")
    );
    shop.control.advance(PAYPAL_CANCELABLE_FOR);
    assert_eq!(cancel(&shop, &key, json!({})).await.error(), refused(403, "EXCEED_MAX_REFUND_DUE"));
}

#[tokio::test]
async fn the_control_api_makes_payments_in_dollars() {
    let shop = Shop::open().await;
    let new = json!({ "orderId": "order-0001", "orderName": "Kiaf tickets", "amount": 726.24, "currency": "USD", "method": "PAYPAL" });
    let made = shop.drive("POST", "/payments", Some(new.clone())).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert!(has(&made, r#""amount":726.24,"#) && has(&made, r#""currency":"USD""#), "{}", made.text());
    let shown = shop.drive("GET", "/payments", None).await;
    assert!(has(&shown, r#""amount":726.24,"currency":"USD","balance":726.24,"#), "{}", shown.text());
    for changes in [json!({ "currency": null }), json!({ "method": "CARD" }), json!({ "amount": 726.245 }), json!({ "amount": 0 })] {
        let new = with(&with(&new, json!({ "orderId": "order-0002" })), changes.clone());
        assert_eq!(shop.drive("POST", "/payments", Some(new)).await.error(), refused(400, "INVALID_PARAMETER"), "{changes}");
    }
}

#[tokio::test]
async fn a_lie_about_dollars_is_one_dollar_too_much() {
    let shop = Shop::open().await;
    let payment = shop.control.authenticate(paypal("order-0001", TOTAL)).unwrap();
    shop.next_confirm(Fault::WrongAmount);
    let lie = shop.confirm(&payment).await;
    assert!(has(&lie, r#""totalAmount":727.24,"balanceAmount":726.24,"#), "{}", lie.text());
    assert_eq!(shop.control.ledger()[0].amount.get(), TOTAL);
}

#[tokio::test]
async fn dollars_survive_a_restart_and_so_does_a_cancel_that_is_under_way() {
    let directory = tempfile::tempdir().unwrap();
    let config = || Config { state: Some(directory.path().join("toss.json")), ..Config::default() };
    let shop = Shop::with(config()).await;
    let key = paid(&shop, paypal("order-0001", TOTAL)).await;
    assert_eq!(cancel(&shop, &key, json!({ "cancelAmount": 181.56 })).await.status, 200);
    shop.sandbox.shutdown().await;

    let shop = Shop::with(config()).await;
    assert_eq!(shop.control.ledger()[0].amount, Money::new(TOTAL, Currency::Usd).unwrap());
    shop.control.advance(CANCEL_TAKES);
    assert_eq!(shop.control.payment(&key).unwrap().balance.to_string(), "544.68");
    assert_eq!(shop.control.ledger().len(), 2);
    shop.sandbox.shutdown().await;
}
