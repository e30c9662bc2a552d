//! What mails say, to whom, and in which state of the order they are not sent.

use super::*;
use crate::domain::cart::Cart;
use crate::domain::customer::Customer;
use crate::server::details::Details;
use payment_engine::order::{NoticeKind, State};
use payment_engine::toss_payments::Won;
use payment_engine::{NewOrder, Owner};
use serde_json::{Value, json};
use std::path::Path;
use toss_types::OrderId;

/// Sat 28 Nov 2026, 2:05 PM in Korea.
const AT_MS: i64 = 1_795_842_300_000;
const ACCOUNT: &str = "X6505636518308";

struct At(i64);

impl Clock for At {
    fn now_ms(&self) -> i64 {
        self.0
    }
}

fn shop() -> Shop {
    Shop { public_url: "https://shop.example".to_owned() }
}

fn details(lang: Lang, name: &str, email: &str) -> Details {
    let customer = Customer { name: name.to_owned(), email: email.to_owned(), phone: "01012345678".to_owned() };
    Details { cart: Cart::demo().to_request(), customer, lang }
}

fn attempt() -> Value {
    json!({"payment_key": "tgen_hidden_key", "idempotency_key": "confirm-hidden", "amount": 50_000, "claimed_at_ms": AT_MS})
}

fn account() -> Value {
    let due_at_ms = AT_MS + 86_400_000;
    json!({"bank_code": "20", "account_number": ACCOUNT, "holder": "토스페이먼츠", "due_at_ms": due_at_ms, "secret": "ps_hidden"})
}

fn waiting(reversed_at_ms: Option<i64>) -> Value {
    json!({"status": "awaiting_deposit", "attempt": attempt(), "account": account(), "reversed_at_ms": reversed_at_ms})
}

fn paid(deposit: Option<Value>) -> Value {
    let approval =
        json!({"method": "카드", "approved_at": "2026-11-28T14:05:00+09:00", "receipt_url": "https://toss.example/tgen_hidden_key"});
    json!({"status": "paid", "attempt": attempt(), "approval": approval, "deposit": deposit})
}

fn expired(reason: &str) -> Value {
    json!({"status": "expired", "reason": reason, "attempt": attempt()})
}

fn done(id: &str, amount: i64, origin: &str) -> Value {
    let done = json!({"progress": "done", "transaction_key": "hidden", "done_at": "2026-11-28T14:05:00+09:00"});
    json!({"id": id, "payment_key": "tgen_hidden_key", "amount": amount, "balance_before": 50_000, "reason": "hidden", "origin": origin,
        "asked_at_ms": AT_MS, "progress": done})
}

fn order(state: Value, refunds: Value) -> OrderRecord {
    let order = NewOrder {
        id: OrderId::parse("order-0001").unwrap(),
        owner: Owner::new("hidden"),
        name: "티셔츠 외 2건".to_owned(),
        total: Won::of(50_000).into(),
        details: String::new(),
        reserves: Vec::new(),
        placed_at_ms: AT_MS,
        expires_at_ms: AT_MS,
    };
    let (state, refunds) = (serde_json::from_value(state).unwrap(), serde_json::from_value(refunds).unwrap());
    OrderRecord { order, state, refunds, version: 3, attempts: 1, looks: 0, looked_at_ms: None }
}

fn message(kind: NoticeKind, data: &Value) -> Message {
    let mut all = json!({"paid": "50000", "refunded": "0", "refundable": "50000", "refunds": []});
    all.as_object_mut().unwrap().extend(data.as_object().unwrap().clone());
    let body = json!({"type": kind.word(), "timestamp": "2026-11-28T05:05:00Z", "data": all});
    Message::new("msg_order-0001_3_0", "mail", OrderId::parse("order-0001").unwrap(), kind, body.to_string(), AT_MS)
}

fn told_of(kind: NoticeKind, data: &Value, order: &OrderRecord, details: &Details) -> Option<Letter> {
    compose::letter(&shop(), &message(kind, data), order, details, AT_MS + 1_000).unwrap()
}

/// Both forms say all of it, and nothing that is nobody's business.
fn says(letter: &Letter, texts: &[&str]) {
    let (plain, html) = (letter.plain(), letter.html());
    for text in texts.iter().chain(&["https://shop.example/orders/order-0001", "order-0001", "티셔츠 외 2건"]) {
        assert!(plain.contains(text) && html.contains(text), "{text}: {plain}\n{html}");
    }
    for form in [&plain, &html] {
        assert!(!form.contains("hidden"), "{form}");
        assert!(!form.contains("<table") && !form.contains("<style"), "{form}");
    }
    assert!(html.contains("color-scheme:light dark") && !html.contains("background:#fff"), "{html}");
    assert!(letter.subject.starts_with('['), "{}", letter.subject);
}

#[test]
fn a_receipt_says_what_was_paid_how_and_when() {
    let order = order(paid(None), json!([]));
    let ko = told_of(NoticeKind::Paid, &json!({}), &order, &details(Lang::Ko, "김토스", "a@b.co")).unwrap();
    says(&ko, &["결제를 완료했어요", "김토스님, 안녕하세요.", "50,000원", "카드", "11월 28일(토) 오후 2:05", "주문 보기"]);
    assert_eq!(ko.subject, "[토스 데모 상점] 결제를 완료했어요");
    let en = told_of(NoticeKind::Paid, &json!({}), &order, &details(Lang::En, "Ann O'Neil", "a@b.co")).unwrap();
    assert!(en.plain().contains("Hello Ann O'Neil,") && en.html().contains("Hello Ann O&#39;Neil,"));
    says(&en, &["Payment complete", "₩50,000", "Sat 28 Nov, 2:05 PM (Korean time)", "See your order"]);
    assert!(en.html().contains("<html lang=\"en\"") && ko.html().contains("<html lang=\"ko\""));
}

#[test]
fn a_receipt_of_a_deposit_says_that_goods_wait_while_they_do() {
    let deposit = |has_stayed| json!({"account": account(), "hold_until_ms": AT_MS + 120_000, "has_stayed": has_stayed});
    let held = json!({"holdUntil": "2026-11-28T05:07:00Z"});
    let details = details(Lang::Ko, "김토스", "a@b.co");
    let letter = |has_stayed, data: &Value| told_of(NoticeKind::Paid, data, &order(paid(Some(deposit(has_stayed))), json!([])), &details);
    assert!(letter(false, &held).unwrap().plain().contains("잠시 뒤에 상품을 준비해요"));
    let late = letter(true, &held).unwrap();
    assert!(!late.plain().contains("잠시 뒤에") && !late.plain().contains(ACCOUNT), "nobody transfers any more");
    assert!(letter(false, &json!({"holdUntil": "2026-11-28T04:00:00Z"})).is_none(), "of a deposit that was taken back and made again");
    assert!(told_of(NoticeKind::Paid, &held, &order(waiting(Some(AT_MS + 5)), json!([])), &details).is_none(), "taken back since");
}

#[test]
fn a_deposit_is_asked_for_with_bank_number_holder_amount_and_deadline() {
    let order = order(waiting(None), json!([]));
    let ko = told_of(NoticeKind::DepositWaiting, &json!({}), &order, &details(Lang::Ko, "김토스", "a@b.co")).unwrap();
    says(&ko, &["입금해 주세요", "우리은행", ACCOUNT, "토스페이먼츠", "50,000원", "11월 29일(일) 오후 2:05까지 50,000원을 한 번에"]);
    let en = told_of(NoticeKind::DepositWaiting, &json!({}), &order, &details(Lang::En, "김토스", "a@b.co")).unwrap();
    says(
        &en,
        &["Transfer the money", "Woori Bank", ACCOUNT, "Transfer exactly ₩50,000 in one payment by Sun 29 Nov, 2:05 PM (Korean time)."],
    );
}

#[test]
fn a_deposit_that_was_taken_back_is_asked_for_again() {
    let order = order(waiting(Some(AT_MS)), json!([]));
    for (lang, text) in [(Lang::Ko, "은행에서 입금을 취소했어요"), (Lang::En, "The bank has taken the deposit back")] {
        let letter = told_of(NoticeKind::DepositReversed, &json!({}), &order, &details(lang, "김토스", "a@b.co")).unwrap();
        says(&letter, &[text, ACCOUNT]);
    }
}

#[test]
fn nobody_is_sent_to_an_account_that_is_over_or_has_been_paid_into() {
    let details = details(Lang::Ko, "김토스", "a@b.co");
    let open = json!({"status": "open"});
    for (kind, at_ms, state) in [
        (NoticeKind::DepositWaiting, AT_MS + 86_400_000, waiting(None)),
        (NoticeKind::DepositWaiting, AT_MS, waiting(Some(AT_MS + 5))),
        (NoticeKind::DepositWaiting, AT_MS, paid(None)),
        (NoticeKind::DepositWaiting, AT_MS, expired("canceled")),
        (NoticeKind::DepositReversed, AT_MS + 86_400_000, waiting(Some(AT_MS))),
        (NoticeKind::DepositReversed, AT_MS, waiting(Some(AT_MS + 5))),
        (NoticeKind::DepositReversed, AT_MS, paid(None)),
        (NoticeKind::Expired, AT_MS, paid(None)),
        (NoticeKind::Expired, AT_MS, expired("out_of_time")),
        (NoticeKind::Expired, AT_MS, expired("replaced")),
        (NoticeKind::RefundRefused, AT_MS, paid(None)),
        (NoticeKind::RefundFailed, AT_MS, paid(None)),
        (NoticeKind::Declined, AT_MS, open.clone()),
        (NoticeKind::InDoubt, AT_MS, open.clone()),
    ] {
        let order = order(state, json!([]));
        let letter = compose::letter(&shop(), &message(kind, &json!({})), &order, &details, at_ms).unwrap();
        assert!(letter.is_none(), "{kind:?} in {:?}", order.state);
    }
}

#[test]
fn an_account_that_is_over_is_told_without_its_number() {
    for (reason, ko, en) in [
        ("no_deposit", "입금 기한이 지났어요", "The time for the transfer is over"),
        ("canceled", "주문이 취소됐어요", "This order was cancelled"),
    ] {
        let order = order(expired(reason), json!([]));
        for (lang, heading, not) in [(Lang::Ko, ko, "계좌로 입금하지 마세요"), (Lang::En, en, "Please do not transfer to the account")]
        {
            says(&told_of(NoticeKind::Expired, &json!({}), &order, &details(lang, "김토스", "a@b.co")).unwrap(), &[heading, not]);
        }
    }
}

fn refund_told(id: &str, amount: &str, status: &str, origin: &str) -> Value {
    json!({"id": id, "amount": amount, "status": status, "origin": origin, "reason": "hidden"})
}

#[test]
fn a_refund_says_how_much_what_is_left_and_where_the_money_goes() {
    // It has gone on since: the rest is given back by now.
    let order = order(paid(None), json!([done("refund-1", 20_000, "shop"), done("refund-2", 30_000, "toss")]));
    let first = json!({"refunded": "20000", "refunds": [refund_told("refund-1", "20000", "done", "shop"), refund_told("refund-2", "30000", "pending", "shop")]});
    let ko = told_of(NoticeKind::Refunded, &first, &order, &details(Lang::Ko, "김토스", "a@b.co")).unwrap();
    says(&ko, &["일부를 환불했어요", "20,000원 (11월 28일(토) 오후 2:05)", "환불 후 결제 금액", "30,000원", "영업일 기준 3~4일"]);
    assert!(!ko.plain().contains("환불 합계"), "{}", ko.plain());
    let both = json!({"refunded": "50000", "refunds": [refund_told("refund-1", "20000", "done", "shop"), refund_told("refund-2", "30000", "done", "toss")]});
    let en = told_of(NoticeKind::Refunded, &both, &order, &details(Lang::En, "Ann", "a@b.co")).unwrap();
    says(&en, &["Your payment was refunded", "₩20,000 (Sat", "₩30,000 (Sat", "Refunded in all", "₩50,000", "₩0", "3 to 4 business days"]);
}

#[test]
fn a_refund_of_a_deposit_goes_to_the_account_that_was_named() {
    let deposit = json!({"account": account(), "hold_until_ms": AT_MS, "has_stayed": true});
    let order = order(paid(Some(deposit)), json!([done("refund-1", 50_000, "shop")]));
    let data = json!({"refunded": "50000", "refunds": [refund_told("refund-1", "50000", "done", "shop")]});
    for (lang, text) in [(Lang::Ko, "알려 주신 계좌로 보내드려요"), (Lang::En, "to the account that you named")] {
        says(&told_of(NoticeKind::Refunded, &data, &order, &details(lang, "김토스", "a@b.co")).unwrap(), &[text]);
    }
}

#[test]
fn what_was_charged_besides_the_order_is_told_apart() {
    let order = order(expired("out_of_time"), json!([done("refund-1", 50_000, "duplicate")]));
    let data = json!({"paid": "0", "refunded": "0", "refunds": [refund_told("refund-1", "50000", "done", "duplicate")]});
    let ko = told_of(NoticeKind::Refunded, &data, &order, &details(Lang::Ko, "김토스", "a@b.co")).unwrap();
    says(&ko, &["별도로 결제된 금액을 환불했어요", "50,000원", "결제한 수단으로 돌려드려요"]);
    assert!(!ko.plain().contains("환불 후 결제 금액"), "nothing of the order is left or gone");
    let en = told_of(NoticeKind::Refunded, &data, &order, &details(Lang::En, "Ann", "a@b.co")).unwrap();
    says(&en, &["A payment besides your order was refunded", "₩50,000"]);
}

#[test]
fn what_others_have_written_stays_text() {
    let hostile = "</p><script>alert(1)</script>\r\nBcc: x@y.example\u{202e}";
    let mut state = waiting(None);
    state["account"]["holder"] = json!(hostile);
    state["account"]["bank_code"] = json!("\"><b>");
    let mut order = order(state, json!([]));
    order.order.name = format!("티셔츠 외 2건 {hostile}");
    let letter = told_of(NoticeKind::DepositWaiting, &json!({}), &order, &details(Lang::Ko, hostile, "a@b.co")).unwrap();
    let (plain, html) = (letter.plain(), letter.html());
    assert!(
        html.contains("&lt;script&gt;") && html.contains("&quot;&gt;&lt;b&gt;") && !html.contains("<script") && !html.contains("<b>"),
        "{html}"
    );
    assert!(plain.lines().all(|line| !line.starts_with("Bcc:")) && !plain.contains(['\r', '\u{202e}']), "{plain}");
    for name in [hostile, "https://evil.example", "evil.example", "a@evil.example", "", " ", "1588", &"가".repeat(41)] {
        let letter = told_of(NoticeKind::DepositWaiting, &json!({}), &order, &details(Lang::Ko, name, "a@b.co")).unwrap();
        assert!(letter.plain().contains("\n안녕하세요.\n"), "{name}: {}", letter.plain());
    }
}

fn courier(folder: &Path) -> MailCourier {
    let transport = MailTransport::Files(folder.to_owned());
    MailCourier::new(&transport, "orders@shop.example".parse().unwrap(), "https://shop.example", Arc::new(At(AT_MS + 1_000))).unwrap()
}

fn with_details(state: Value, details: String) -> OrderRecord {
    let mut record = order(state, json!([]));
    record.order.details = details;
    record
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect())
        .unwrap_or_default();
    names.sort();
    names
}

#[tokio::test]
async fn a_mail_that_comes_twice_is_recognised() {
    let folder = tempfile::tempdir().unwrap();
    let courier = courier(folder.path());
    let record = with_details(paid(None), details(Lang::En, "Ann", "ann@shopper.example").to_text());
    let mut message = message(NoticeKind::Paid, &json!({}));
    for _ in 0..2 {
        courier.deliver(&message, &record).await.unwrap();
    }
    assert_eq!(files(folder.path()), ["msg_order-0001_3_0.eml"]);
    let mail = std::fs::read_to_string(folder.path().join("msg_order-0001_3_0.eml")).unwrap();
    let (head, _) = mail.split_once("\r\n\r\n").unwrap();
    for line in [
        "From: \"Toss demo shop\" <orders@shop.example>",
        "To: ann@shopper.example",
        "Subject: [Toss demo shop] Payment complete",
        "Date: Sat, 28 Nov 2026 05:05:00 +0000",
        "Message-ID: <msg_order-0001_3_0@shop.example>",
        "Auto-Submitted: auto-generated",
        "Content-Language: en",
        "MIME-Version: 1.0",
    ] {
        assert!(head.lines().any(|known| known == line), "{line}: {head}");
    }
    assert!(head.contains("multipart/alternative") && mail.contains("text/plain") && mail.contains("text/html"), "{mail}");
    message.id = "../a b".to_owned();
    courier.deliver(&message, &record).await.unwrap();
    assert_eq!(files(folder.path()), ["msg_order-0001_3_0.eml", "~2e~2e~2fa~20b.eml"], "no id leads out of the folder");
}

#[tokio::test]
async fn whom_nobody_can_write_to_is_no_reason_to_try_again() {
    let folder = tempfile::tempdir().unwrap();
    let courier = courier(folder.path());
    let paid_message = message(NoticeKind::Paid, &json!({}));
    for gone in [String::new(), details(Lang::Ko, "김토스", "").to_text()] {
        courier.deliver(&paid_message, &with_details(paid(None), gone)).await.unwrap();
    }
    for kind in NoticeKind::ALL.into_iter().filter(|kind| !matches!(kind, NoticeKind::Paid | NoticeKind::Refunded)) {
        let record = with_details(paid(None), details(Lang::Ko, "김토스", "a@b.co").to_text());
        courier.deliver(&message(kind, &json!({})), &record).await.unwrap();
    }
    let hidden = "hidden@b.co\r\nBcc: hidden@y.example";
    for details in
        ["{\"hidden\":1}".to_owned(), details(Lang::Ko, "김토스", hidden).to_text(), details(Lang::Ko, "n", "hidden<a@b.co").to_text()]
    {
        let undelivered = courier.deliver(&paid_message, &with_details(paid(None), details)).await.unwrap_err();
        assert!(undelivered.is_final && !undelivered.why.contains("hidden"), "{undelivered}");
    }
    assert_eq!(files(folder.path()), Vec::<String>::new());
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_to_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("mail");
    std::fs::write(&taken, "a file").unwrap();
    let record = with_details(paid(None), details(Lang::Ko, "김토스", "a@b.co").to_text());
    let undelivered = courier(&taken).deliver(&message(NoticeKind::Paid, &json!({})), &record).await.unwrap_err();
    assert!(!undelivered.is_final && undelivered.why.contains("could not be written"), "{undelivered}");
}

#[test]
fn a_body_that_is_none_is_told() {
    let order = order(paid(None), json!([]));
    let details = details(Lang::Ko, "김토스", "a@b.co");
    for data in [json!({"paid": "much"}), json!({"paid": 1})] {
        assert!(compose::letter(&shop(), &message(NoticeKind::Paid, &data), &order, &details, AT_MS).is_err(), "{data}");
    }
    assert!(matches!(order.state, State::Paid { .. }));
}
