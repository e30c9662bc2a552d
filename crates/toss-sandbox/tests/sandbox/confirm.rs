use serde_json::{Value, json};
use toss_sandbox::{Choices, Code, Config, NewPayment, Status};

use crate::support::{CONFIRM, Shop, refused};

#[tokio::test]
async fn a_confirm_charges_once_and_answers_with_the_payment() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);

    let reply = shop.confirm(&payment).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("x-tosspayments-trace-id").len(), 32);
    let body = reply.json();
    assert_eq!(body["status"], "DONE");
    assert_eq!(body["totalAmount"], 45_000);
    assert_eq!(body["orderId"], "order-0001");

    assert_eq!(shop.confirm(&payment).await.error(), refused(400, "ALREADY_PROCESSED_PAYMENT"));
    let charges = shop.control.charges("order-0001");
    assert_eq!(charges.len(), 1);
    assert_eq!((charges[0].amount.get(), charges[0].payment_key.as_str()), (45_000, payment.payment_key.as_str()));
    let charged: Vec<_> = shop.control.requests().iter().map(|request| (request.status, request.charged)).collect();
    assert_eq!(charged, [(Some(200), true), (Some(400), false)]);
}

#[tokio::test]
async fn the_payment_object_is_complete_and_in_order() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let text = shop.confirm(&payment).await.text();
    let body: Value = serde_json::from_str(&text).unwrap();
    let key = &payment.payment_key;
    let expected = json!({
        "mId": "tsandboxshop", "lastTransactionKey": body["lastTransactionKey"], "transactionKey": null,
        "paymentKey": key, "orderId": "order-0001", "orderName": "토스 티셔츠 외 2건",
        "taxExemptionAmount": 0, "status": "DONE",
        "requestedAt": "2026-08-01T09:00:00+09:00", "approvedAt": "2026-08-01T09:00:00+09:00",
        "useEscrow": false, "cultureExpense": false,
        "card": {
            "amount": 45_000, "issuerCode": "41", "acquirerCode": "41", "number": "43301234****123*",
            "installmentPlanMonths": 0, "approveNo": "00000000", "useCardPoint": false, "cardType": "신용",
            "ownerType": "개인", "acquireStatus": "READY", "isInterestFree": false, "interestPayer": null,
        },
        "virtualAccount": null, "transfer": null, "mobilePhone": null, "giftCertificate": null,
        "cashReceipt": null, "cashReceipts": null, "discount": null, "cancels": null,
        "secret": body["secret"], "type": "NORMAL", "easyPay": null, "easyPayAmount": null,
        "easyPayDiscountAmount": null, "country": "KR", "failure": null, "isPartialCancelable": true,
        "receipt": { "url": format!("{}/receipt/redirection?transactionId={key}&ref=PX", shop.sandbox.url()) },
        "checkout": { "url": format!("{}/v1/payments/{key}/checkout", shop.sandbox.url()) },
        "currency": "KRW", "totalAmount": 45_000, "balanceAmount": 45_000, "suppliedAmount": 40_909, "vat": 4_091,
        "taxFreeAmount": 0, "method": "카드", "version": "2022-11-16", "metadata": null,
    });
    assert_eq!(body, expected);
    assert!(body["secret"].as_str().unwrap().starts_with("ps_"));
    assert_eq!(body["lastTransactionKey"].as_str().unwrap().len(), 32);

    // The order of real bodies, as far as it is known.
    let order = "mId lastTransactionKey paymentKey orderId orderName taxExemptionAmount status requestedAt approvedAt \
        useEscrow cultureExpense card virtualAccount transfer mobilePhone giftCertificate cashReceipt cashReceipts discount \
        cancels secret type easyPay country failure isPartialCancelable receipt checkout currency totalAmount balanceAmount \
        suppliedAmount vat taxFreeAmount method version metadata";
    let places: Vec<_> = order.split_whitespace().map(|field| text.find(&format!("\"{field}\":")).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
}

#[tokio::test]
async fn english_reaches_messages_and_enum_words_but_not_the_shops_own_text() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let english = [("accept-language", "en-US")];
    let body = shop.send(shop.confirm_request(&payment, &english)).await.json();
    assert_eq!(body["method"], "CARD");
    assert_eq!(body["card"]["cardType"], "CREDIT");
    assert_eq!(body["orderName"], "토스 티셔츠 외 2건");
    let message = |reply: crate::support::Reply| reply.json()["message"].as_str().unwrap().to_owned();
    assert!(message(shop.send(shop.confirm_request(&payment, &english)).await).is_ascii());
    assert!(!message(shop.confirm(&payment).await).is_ascii());
}

#[tokio::test]
async fn easy_pay_has_its_object_in_place_of_the_cards() {
    let shop = Shop::open().await;
    let payment = shop
        .control
        .authenticate(NewPayment { method: toss_sandbox::Method::Tosspay, ..NewPayment::new("order-0001", "주문", 11_000) })
        .unwrap();
    let body = shop.confirm(&payment).await.json();
    assert_eq!(body["card"], Value::Null);
    assert_eq!(body["method"], "간편결제");
    assert_eq!(body["easyPay"], json!({ "provider": "토스페이", "amount": 11_000, "discountAmount": 0 }));
    assert_eq!((&body["suppliedAmount"], &body["vat"]), (&json!(10_000), &json!(1_000)));
}

#[tokio::test]
async fn order_and_amount_are_bound_to_the_payment_key() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let other = shop.pay("order-0002", 45_000);
    let confirm =
        |payment_key: &str, order_id: &str, amount: i64| json!({ "paymentKey": payment_key, "orderId": order_id, "amount": amount });
    for (body, error) in [
        (confirm(&payment.payment_key, "order-0001", 44_999), refused(400, "INVALID_REQUEST")),
        (confirm(&payment.payment_key, "order-0002", 45_000), refused(403, "FORBIDDEN_REQUEST")),
        (confirm(&other.payment_key, "order-0001", 45_000), refused(403, "FORBIDDEN_REQUEST")),
        (confirm("tsand20260801090000nobod", "order-0001", 45_000), refused(404, "NOT_FOUND_PAYMENT")),
    ] {
        assert_eq!(shop.send(shop.confirm_body(&body, &[])).await.error(), error, "{body}");
    }
    assert_eq!(shop.control.ledger(), []);
    assert_eq!(shop.confirm(&payment).await.status, 200, "a mistaken confirm leaves the payment as it was");
}

#[tokio::test]
async fn what_is_refused_where_nothing_is_known_can_be_chosen() {
    let choices = Choices { wrong_amount: Code::FORBIDDEN_REQUEST, wrong_order: Code::NOT_FOUND_PAYMENT, ..Choices::default() };
    let shop = Shop::with(Config { choices, ..Config::default() }).await;
    let key = shop.pay("order-0001", 45_000).payment_key;
    let amount = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 1 });
    assert_eq!(shop.send(shop.confirm_body(&amount, &[])).await.error(), refused(403, "FORBIDDEN_REQUEST"));
    let order = json!({ "paymentKey": key, "orderId": "order-0002", "amount": 45_000 });
    assert_eq!(shop.send(shop.confirm_body(&order, &[])).await.error(), refused(404, "NOT_FOUND_PAYMENT"));
}

#[tokio::test]
async fn a_malformed_confirm_is_an_invalid_request() {
    let shop = Shop::open().await;
    let key = shop.pay("order-0001", 45_000).payment_key;
    for body in [
        json!({}),
        json!([]),
        json!("text"),
        json!({ "paymentKey": key, "orderId": "order-0001" }),
        json!({ "paymentKey": key, "orderId": "order-0001", "amount": null }),
        json!({ "paymentKey": key, "orderId": "order-0001", "amount": "45,000" }),
        json!({ "paymentKey": key, "orderId": "order-0001", "amount": 45_000.5 }),
        json!({ "paymentKey": key, "orderId": "order-0001", "amount": -45_000 }),
        json!({ "paymentKey": key, "orderId": 1, "amount": 45_000 }),
        json!({ "paymentKey": "k".repeat(201), "orderId": "order-0001", "amount": 45_000 }),
        json!({ "paymentKey": "x".repeat(70_000), "orderId": "order-0001", "amount": 45_000 }),
    ] {
        let reply = shop.send(shop.confirm_body(&body, &[])).await;
        assert_eq!(reply.error(), refused(400, "INVALID_REQUEST"), "{:.200}", body.to_string());
    }
    let mut form = shop.confirm_body(&json!({ "paymentKey": key, "orderId": "order-0001", "amount": 45_000 }), &[]);
    form.headers_mut().insert("content-type", "text/plain".parse().unwrap());
    assert_eq!(shop.send(form).await.error(), refused(400, "INVALID_REQUEST"));
    assert_eq!(shop.control.ledger(), []);
}

#[tokio::test]
async fn a_string_of_digits_is_taken_as_an_amount() {
    let shop = Shop::open().await;
    let key = shop.pay("order-0001", 45_000).payment_key;
    let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": "45000", "unknown": true });
    assert_eq!(shop.send(shop.confirm_body(&body, &[])).await.status, 200);
}

#[tokio::test]
async fn cards_take_a_hundred_won_and_no_less() {
    let shop = Shop::open().await;
    assert_eq!(shop.confirm(&shop.pay("order-0099", 99)).await.error(), refused(400, "BELOW_MINIMUM_AMOUNT"));
    assert_eq!(shop.confirm(&shop.pay("order-0100", 100)).await.status, 200);
}

#[tokio::test]
async fn a_transfer_takes_ten_million_won_and_no_more() {
    let shop = Shop::open().await;
    let transfer = |order_id: &str, amount: i64| {
        let new = NewPayment { method: toss_sandbox::Method::Transfer, ..NewPayment::new(order_id, "주문", amount) };
        shop.control.authenticate(new).unwrap()
    };
    let above = shop.confirm(&transfer("order-0001", 10_000_001)).await;
    assert_eq!(above.error(), refused(400, "EXCEEDS_TRANSFER_AMOUNT_MAXIMUM"));
    assert_eq!(shop.confirm(&transfer("order-0002", 10_000_000)).await.status, 200);
    assert_eq!(shop.confirm(&shop.pay("order-0003", 10_000_001)).await.status, 200, "cards have no such limit");
}

#[tokio::test]
async fn an_order_is_charged_once_whichever_of_its_payments_comes_first() {
    let shop = Shop::open().await;
    let (first, second) = (shop.pay("order-0001", 45_000), shop.pay("order-0001", 45_000));
    assert_eq!(shop.confirm(&second).await.status, 200);
    assert_eq!(shop.confirm(&first).await.error(), refused(400, "DUPLICATED_ORDER_ID"));
    let third = shop.control.authenticate(NewPayment::new("order-0001", "주문", 45_000)).unwrap_err();
    assert_eq!(third.code, "DUPLICATED_ORDER_ID");
    assert_eq!(shop.control.charges("order-0001").len(), 1);
}

#[tokio::test]
async fn a_payment_nobody_has_authenticated_has_no_session() {
    let shop = Shop::open().await;
    let payment = shop.control.open(NewPayment::new("order-0001", "주문", 45_000)).unwrap();
    assert_eq!(shop.confirm(&payment).await.error(), refused(404, "NOT_FOUND_PAYMENT_SESSION"));
    assert_eq!(shop.lookup(&payment).await["status"], "READY");
}

#[tokio::test]
async fn a_decline_aborts_the_payment_and_names_the_failure() {
    let shop = Shop::open().await;
    let declined =
        NewPayment { decline_at_confirm: Some("REJECT_CARD_PAYMENT".to_owned()), ..NewPayment::new("order-0001", "주문", 45_000) };
    let payment = shop.control.authenticate(declined).unwrap();
    assert_eq!(shop.confirm(&payment).await.error(), refused(403, "REJECT_CARD_PAYMENT"));
    let body = shop.lookup(&payment).await;
    assert_eq!(body["status"], "ABORTED");
    assert_eq!(body["failure"]["code"], "REJECT_CARD_PAYMENT");
    assert_eq!(body["approvedAt"], Value::Null);
    assert_eq!(shop.confirm(&payment).await.error(), refused(400, "ALREADY_PROCESSED_PAYMENT"));
    assert_eq!(shop.control.ledger(), []);
    assert_eq!(shop.control.payment(&payment.payment_key).unwrap().status, Status::Aborted);
}

#[tokio::test]
async fn every_code_of_the_table_can_be_asked_for_with_the_test_code_header() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let made_up = json!({ "paymentKey": "dummy", "orderId": "dummy-order", "amount": 1 });
    for code in Code::ALL {
        let header = [("TossPayments-Test-Code", code.as_str())];
        let expected = refused(code.status().as_u16(), code.as_str());
        assert_eq!(shop.send(shop.confirm_body(&made_up, &header)).await.error(), expected);
        assert_eq!(shop.send(shop.confirm_request(&payment, &header)).await.error(), expected);
    }
    let unknown = [("TossPayments-Test-Code", "NO_SUCH_CODE")];
    assert_eq!(shop.send(shop.confirm_request(&payment, &unknown)).await.error(), refused(400, "INVALID_TEST_CODE"));
    assert_eq!(shop.confirm(&payment).await.status, 200, "the header leaves no trace on the payment");
    let ignored = shop.get_request(&format!("/v1/payments/{}", payment.payment_key));
    let (mut parts, body) = ignored.into_parts();
    parts.headers.insert("tosspayments-test-code", "COMMON_ERROR".parse().unwrap());
    assert_eq!(shop.send(hyper::Request::from_parts(parts, body)).await.status, 200);
}

/// Statuses as others have measured them against Toss.
#[tokio::test]
async fn statuses_agree_with_what_was_measured() {
    for (code, status) in [
        ("REJECT_CARD_PAYMENT", 403),
        ("ALREADY_PROCESSED_PAYMENT", 400),
        ("DUPLICATED_ORDER_ID", 400),
        ("IDEMPOTENT_REQUEST_PROCESSING", 409),
        ("FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING", 500),
        ("COMMON_ERROR", 500),
        ("PROVIDER_ERROR", 400),
        ("UNAUTHORIZED_KEY", 401),
        ("NOT_FOUND_PAYMENT_SESSION", 404),
        ("NOT_FOUND_HTTP_METHOD", 404),
    ] {
        assert_eq!(Code::parse(code).unwrap().status().as_u16(), status, "{code}");
    }
}

#[tokio::test]
async fn a_wrong_verb_and_an_unknown_path_are_404_with_an_error_body() {
    let shop = Shop::open().await;
    assert_eq!(shop.get(CONFIRM).await.error(), refused(404, "NOT_FOUND_HTTP_METHOD"));
    assert_eq!(shop.get("/v1/nothing/here").await.error(), refused(404, "NOT_FOUND"));
    assert_eq!(shop.get("/elsewhere").await.error(), refused(404, "NOT_FOUND"));
    let statuses: Vec<_> = shop.control.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [Some(404), Some(404)], "calls of the API are recorded, others are not");
}

#[tokio::test]
async fn a_hundred_confirms_at_once_without_a_key_charge_once() {
    let shop = std::sync::Arc::new(Shop::open().await);
    let payment = shop.pay("order-0001", 45_000);
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let (shop, payment) = (shop.clone(), payment.clone());
            tokio::spawn(async move { shop.confirm(&payment).await.status })
        })
        .collect();
    let mut paid = 0;
    for call in calls {
        match call.await.unwrap() {
            200 => paid += 1,
            400 | 500 => {}
            status => panic!("{status}"),
        }
    }
    assert_eq!(paid, 1);
    assert_eq!(shop.control.ledger().len(), 1);
}
