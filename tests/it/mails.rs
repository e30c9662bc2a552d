//! The mails that shoppers get, as files and by a mail server.

use crate::app::{Browser, DEADLINE, Order, TestApp, order_request};
use crate::mail_server::MailServer;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use payment_engine::RefundRequest;
use payment_engine::order::State;
use payment_engine::toss_payments::{CancelReason, Won};
use std::fs;
use std::time::Duration;
use toss_sandbox::Method;
use toss_types::OrderId;

/// Unset: files beside the database.
const FILES: [(&str, &str); 1] = [("MAIL_TRANSPORT", "")];

/// A mail as it was written: its head, and both of its forms.
#[derive(Debug)]
struct Mail {
    head: String,
    plain: String,
    html: String,
}

impl Mail {
    fn read(content: &str) -> Mail {
        let (head, body) = content.split_once("\r\n\r\n").unwrap();
        let boundary = head.split_once("boundary=\"").unwrap().1.split('"').next().unwrap();
        let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
        assert_eq!(parts.len(), 4, "nothing, two parts, the end: {content}");
        let part = |part: &str, kind: &str| {
            let (head, body) = part.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(kind), "{head}");
            decoded(head, body.trim_end_matches("\r\n")).replace("\r\n", "\n")
        };
        Mail { head: head.to_owned(), plain: part(parts[1], "text/plain"), html: part(parts[2], "text/html") }
    }

    /// Both forms say all of it.
    fn says(&self, texts: &[&str]) {
        for text in texts {
            assert!(self.plain.contains(text) && self.html.contains(text), "{text}: {self:#?}");
        }
    }
}

fn decoded(head: &str, body: &str) -> String {
    if head.contains("base64") {
        return String::from_utf8(STANDARD.decode(body.replace("\r\n", "")).unwrap()).unwrap();
    }
    if !head.contains("quoted-printable") {
        return body.to_owned();
    }
    let (body, mut bytes) = (body.replace("=\r\n", ""), Vec::new());
    let mut rest = body.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'=' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Of that order, oldest first, from the folder beside the database.
fn mails(app: &TestApp, order: &Order) -> Vec<Mail> {
    let Ok(entries) = fs::read_dir(app.folder().join("mail")) else { return Vec::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut found: Vec<(u32, String)> = names
        .filter_map(|name| {
            let version = name.strip_prefix(&format!("msg_{}_", order.id))?.split('_').next()?.parse().unwrap();
            Some((version, fs::read_to_string(app.folder().join("mail").join(&name)).unwrap()))
        })
        .collect();
    found.sort();
    found.iter().map(|(_, content)| Mail::read(content)).collect()
}

async fn pay(app: &TestApp, browser: &Browser, order: &Order, method: Method) -> String {
    let key = app.approve_by(order, method);
    browser.follow(&order.success(&key)).await;
    app.told().await;
    key
}

async fn refund(app: &TestApp, order: &Order, won: Option<u32>) {
    let all = RefundRequest::new(CancelReason::parse("한 벌 반품").unwrap());
    let request = won.map_or(all.clone(), |won| all.amount(Won::of(won)));
    app.ctx.engine.refund(&OrderId::parse(&order.id).unwrap(), request, DEADLINE).await.unwrap();
    app.told().await;
}

#[tokio::test]
async fn a_receipt_and_each_refund_are_mailed() {
    let app = TestApp::start_set(&FILES).await;
    let (browser, order) = app.order().await;
    assert!(mails(&app, &order).is_empty(), "nothing has happened yet");
    let key = pay(&app, &browser, &order, Method::Card).await;
    let all = mails(&app, &order);
    assert_eq!(all.len(), 1);
    let page = format!("{}{}", app.ctx.config.http.public_url, order.page());
    all[0].says(&["결제를 완료했어요", "김토스님", "50,000원", "카드", &order.name, &order.id, &page]);
    for line in ["To: member@example.com", "Auto-Submitted: auto-generated", "Content-Language: ko"] {
        assert!(all[0].head.contains(line), "{line}: {}", all[0].head);
    }
    refund(&app, &order, Some(20_000)).await;
    refund(&app, &order, None).await;
    let all = mails(&app, &order);
    assert_eq!(all.len(), 3, "one for each");
    all[1].says(&["일부를 환불했어요", "20,000원", "환불 후 결제 금액", "30,000원", "영업일 기준 3~4일"]);
    all[2].says(&["모두 환불했어요", "20,000원", "30,000원", "환불 합계", "50,000원"]);
    assert!(all.iter().all(|mail| !format!("{mail:?}").contains(&key)), "the payment key is nobody's business");
    app.finish().await;
}

#[tokio::test]
async fn a_deposit_is_mailed_from_the_account_to_the_receipt() {
    let app = TestApp::start_set(&FILES).await;
    let browser = app.browser();
    browser.get("/checkout").await;
    let mut request = order_request(None, 50_000);
    request["lang"] = "en".into();
    let placed = browser.post_json("/api/place_order", &request).await.json()["Placed"].clone();
    let text = |name: &str| placed[name].as_str().unwrap().to_owned();
    let order = Order { id: text("order_id"), name: text("order_name"), amount: 50_000 };
    let key = pay(&app, &browser, &order, Method::VirtualAccount).await;
    let State::AwaitingDeposit { account, .. } = app.record(&order.id).await.state else { panic!() };
    let number = account.account_number.as_deref().unwrap();
    let all = mails(&app, &order);
    assert_eq!(all.len(), 1);
    all[0].says(&["Transfer the money", "₩50,000", number, "Bank", "(Korean time)", "Hello 김토스,"]);
    assert!(!format!("{:?}", all[0]).contains(account.secret.as_deref().unwrap()), "what Toss's notices prove themselves with");

    app.sandbox.deposit(&key).unwrap();
    app.told().await;
    app.sandbox.reverse_deposit(&key).unwrap();
    app.advance(Duration::from_secs(3));
    app.told().await;
    app.sandbox.deposit(&key).unwrap();
    app.advance(Duration::from_secs(3));
    app.told().await;
    let all = mails(&app, &order);
    assert_eq!(all.len(), 4);
    all[1].says(&["Payment complete", "Your deposit has arrived", "₩50,000"]);
    all[2].says(&["Your deposit was taken back", number]);
    all[3].says(&["Payment complete"]);
    assert!(!all[3].plain.contains(number), "nobody transfers a third time");
    app.advance(Duration::from_secs(130));
    app.finish().await;
}

#[tokio::test]
async fn whoever_was_told_an_account_is_told_that_it_is_over_and_nobody_else() {
    let app = TestApp::start_set(&FILES).await;
    let (browser, order) = app.order().await;
    pay(&app, &browser, &order, Method::VirtualAccount).await;
    let (_, unpaid) = app.order().await;
    app.advance(Duration::from_secs(30 * 86_400));
    app.told().await;
    assert!(matches!(app.state(&unpaid).await, State::Expired { .. }) && mails(&app, &unpaid).is_empty());
    let all = mails(&app, &order);
    assert_eq!(all.len(), 2);
    all[1].says(&["입금 기한이 지났어요", "계좌로 입금하지 마세요", "50,000원"]);
    app.finish().await;
}

#[tokio::test]
async fn a_mail_server_is_tried_until_it_takes_the_mail() {
    let server = MailServer::start().await;
    let to = format!("smtp://shop%40x:p%2Fw@{}", server.addr);
    let app = TestApp::start_set(&[("MAIL_TRANSPORT", &to), ("MAIL_FROM", "가게 <orders@shop.example>")]).await;
    let (browser, order) = app.order().await;
    server.answer("451 4.7.1 <member@example.com> later");
    pay(&app, &browser, &order, Method::Card).await;
    assert_eq!((server.recipients(), server.received().len()), (1, 0));
    let waiting = app.ctx.engine.messages(false, 10).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].last_error.as_deref(), Some("the mail server answered 451"), "without the shopper's address");
    app.advance(Duration::from_secs(10));
    app.told().await;
    let received = server.received();
    assert_eq!((server.recipients(), received.len()), (2, 1));
    let one = &received[0];
    assert_eq!((one.hello.as_str(), one.recipient.as_str()), ("shop.example", "<member@example.com>"));
    assert!(one.sender.starts_with("<orders@shop.example>"), "{}", one.sender);
    assert_eq!(STANDARD.decode(one.login.as_deref().unwrap()).unwrap(), b"\0shop@x\0p/w");
    let mail = Mail::read(&one.content);
    mail.says(&["결제를 완료했어요", &order.id]);
    assert!(mail.head.contains(&format!("<{}@shop.example>", waiting[0].id)), "{}", mail.head);
    app.finish().await;
}

#[tokio::test]
async fn an_address_that_the_server_does_not_know_is_given_up_until_it_is_replayed() {
    let server = MailServer::start().await;
    let to = format!("smtp://{}", server.addr);
    let app = TestApp::start_set(&[("MAIL_TRANSPORT", &to), ("MAIL_FROM", "orders@shop.example")]).await;
    let (browser, order) = app.order().await;
    server.answer("550 5.1.1 <member@example.com> is not known");
    pay(&app, &browser, &order, Method::Card).await;
    app.advance(Duration::from_secs(60));
    app.told().await;
    assert_eq!((server.recipients(), server.received().len()), (1, 0), "asked once");
    let dead = app.ctx.engine.messages(true, 10).await.unwrap();
    assert_eq!(dead.len(), 1);
    let why = dead[0].last_error.as_deref().unwrap();
    assert!(why.contains("550") && !why.contains("member@"), "{why}");
    assert_eq!(app.ctx.engine.replay_messages(None).await.unwrap(), 1);
    app.told().await;
    assert_eq!(server.received().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn a_refusal_of_the_shop_itself_is_for_the_operator_to_end() {
    let server = MailServer::start().await;
    let to = format!("smtp://{}", server.addr);
    let app = TestApp::start_set(&[("MAIL_TRANSPORT", &to), ("MAIL_FROM", "orders@shop.example")]).await;
    let (browser, order) = app.order().await;
    server.answer("530 5.7.0 log in first");
    pay(&app, &browser, &order, Method::Card).await;
    assert!(app.ctx.engine.messages(true, 10).await.unwrap().is_empty(), "what is put right is sent then");
    app.advance(Duration::from_secs(10));
    app.told().await;
    assert_eq!(server.received().len(), 1);
    app.finish().await;
}
