//! The courier by itself: what each answer means for a message, and what is kept of it.

use crate::receiver::{Answer, Receiver, SECRET, TOKEN};
use crate::world::World;
use payment_engine::OrderRecord;
use payment_engine::clock::SystemClock;
use payment_engine::order::NoticeKind;
use payment_engine::outbox::{Courier, Message, Undelivered, WebhookCourier, WebhookSecret, WebhookUrl};
use std::time::Duration;
use tokio::net::TcpListener;
use toss_types::OrderId;

const BODY: &str = r#"{"type":"order.paid","data":{"orderName":"사과 3개"}}"#;

fn message(id: &str) -> Message {
    Message::new(id, "webhook", OrderId::parse("order-0001").unwrap(), NoticeKind::Paid, BODY, 0)
}

async fn record() -> OrderRecord {
    let world = World::start().await;
    let order = world.order().await;
    world.engine.order(&order.id).await.unwrap().unwrap()
}

fn tells_nothing(undelivered: &Undelivered) {
    let why = &undelivered.why;
    assert!(!why.contains(TOKEN) && !why.contains("사과") && !why.contains("words") && !why.contains('\n'), "{why}");
    assert!(!why.is_empty() && why.len() < 300, "{why}");
}

#[tokio::test]
async fn each_answer_means_one_thing_for_the_message() {
    let (receiver, record) = (Receiver::start().await, record().await);
    let courier = receiver.courier(SystemClock);
    assert_eq!(courier.channel(), "webhook");
    let elsewhere = Receiver::start().await;
    let gone = Undelivered::never("answered 410: nobody listens there any more");
    let again = |why: &str| Some(Undelivered::again(why));
    let in_a_minute = |why: &str| Some(Undelivered::again(why).retry_after(Duration::from_secs(60)));
    for (answer, expected) in [
        (Answer::Status(200), None),
        (Answer::Status(204), None),
        (Answer::Status(299), None),
        (Answer::Redirect(format!("http://{}/orders", elsewhere.address)), again("answered 307: redirects are not followed")),
        (Answer::Status(400), again("answered 400")),
        (Answer::Status(404), again("answered 404")),
        (Answer::Status(500), again("answered 500")),
        (Answer::Status(410), Some(gone)),
        (Answer::Later(429, "60"), in_a_minute("answered 429")),
        (Answer::Later(503, "60"), in_a_minute("answered 503")),
        (Answer::Later(500, "60"), again("answered 500")),
        (Answer::Later(503, "Fri, 27 Nov 2026 09:00:00 GMT"), again("answered 503")),
        (Answer::Later(503, "-1"), again("answered 503")),
    ] {
        receiver.answer([answer]);
        let outcome = courier.deliver(&message("msg_1"), &record).await;
        assert_eq!(outcome.err(), expected);
    }
    assert_eq!((receiver.taken().len(), elsewhere.taken()), (13, vec![]), "one request each, and none to anywhere else");
    assert!(receiver.taken().iter().all(|delivery| delivery.body == BODY && delivery.id == "msg_1"));
}

#[tokio::test]
async fn no_more_of_an_answer_is_read_than_serves() {
    let (receiver, record) = (Receiver::start().await, record().await);
    receiver.answer([Answer::Endless]);
    let courier = receiver.courier(SystemClock);
    // Less than the courier itself would wait.
    let outcome = tokio::time::timeout(Duration::from_secs(10), courier.deliver(&message("msg_1"), &record)).await;
    assert_eq!(outcome.expect("it lets go of the answer"), Ok(()));
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_is_given_up_in_time() {
    let (receiver, record) = (Receiver::start().await, record().await);
    let courier = receiver.courier(SystemClock);
    // The connection is there, so that only the answer is missing.
    courier.deliver(&message("msg_1"), &record).await.unwrap();
    let _never = receiver.hold();
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    let outcome = tokio::time::timeout(Duration::from_secs(600), courier.deliver(&message("msg_2"), &record)).await;
    assert_eq!(outcome.expect("it gives up"), Err(Undelivered::again("no answer within 20 s")));
    assert!((20..22).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_failure_says_why_and_neither_where_nor_what() {
    let (receiver, record) = (Receiver::start().await, record().await);
    let secret = || WebhookSecret::parse(SECRET).unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let nobody = WebhookUrl::parse(&format!("http://{closed}/orders?token={TOKEN}")).unwrap();
    let nobody = WebhookCourier::new(nobody, secret()).unwrap();
    let undelivered = nobody.deliver(&message("msg_1"), &record).await.unwrap_err();
    assert_eq!(undelivered, Undelivered::again("connection refused"));

    let plain = WebhookCourier::new(receiver.url("https"), secret()).unwrap();
    let undelivered = plain.deliver(&message("msg_1"), &record).await.unwrap_err();
    assert!(undelivered.why.starts_with("no connection: ") && !undelivered.is_final, "{undelivered}");
    tells_nothing(&undelivered);

    // Whoever hangs up in the middle.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let rude = format!("http://{}/orders?token={TOKEN}", listener.local_addr().unwrap());
    let hangs_up = tokio::spawn(async move { drop(listener.accept().await) });
    let rude = WebhookCourier::new(WebhookUrl::parse(&rude).unwrap(), secret()).unwrap();
    let undelivered = rude.deliver(&message("msg_1"), &record).await.unwrap_err();
    hangs_up.await.unwrap();
    assert!(undelivered.why.starts_with("the connection broke: ") && !undelivered.is_final, "{undelivered}");
    tells_nothing(&undelivered);

    let undelivered = receiver.courier(SystemClock).deliver(&message("msg\n1"), &record).await.unwrap_err();
    assert!(undelivered.is_final, "{undelivered}");
    tells_nothing(&undelivered);
    assert_eq!(receiver.taken(), []);
    let printed = format!("{plain:?}");
    assert!(printed.contains(&receiver.address) && !printed.contains(TOKEN) && !printed.contains("orders"), "{printed}");
}

#[tokio::test]
async fn while_a_secret_is_replaced_both_sign() {
    let (receiver, record) = (Receiver::start().await, record().await);
    let old = "whsec_YW5vdGhlciBvbmUgdGhhdCBpcyBnb2luZyBhd2F5IQ==";
    let courier = receiver.courier(SystemClock).also_signed_with(WebhookSecret::parse(old).unwrap());
    courier.deliver(&message("msg_1"), &record).await.unwrap();
    let [told] = &receiver.taken()[..] else { panic!("{:?}", receiver.taken()) };
    assert_eq!(told.signatures.len(), 2);
    assert!(told.is_signed_with(SECRET) && told.is_signed_with(old));
}
