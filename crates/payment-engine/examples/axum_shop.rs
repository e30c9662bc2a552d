//! A whole shop on axum, with the offline Toss behind it: `cargo run --example axum_shop` in a copy of the package, then open the
//! address that it prints.
//!
//! With `TOSS_CLIENT_KEY` and `TOSS_SECRET_KEY` (a `test_gck_` and a `test_gsk_` key) it is the real test environment.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use payment_engine::gateway::TossGateway;
use payment_engine::order::State as OrderState;
use payment_engine::store::{Options, Sqlite};
use payment_engine::toss_payments::{OrderId, SecretKey, Won};
use payment_engine::{ConfirmError, Engine, Owner, Parts, PlaceError, Returned, Sale};
use std::collections::HashMap;
use std::time::Duration;
use toss_sandbox::{Config, Sandbox};

type AnyError = Box<dyn std::error::Error>;

/// What a shopper is told where there is no page to show.
type Refusal = (StatusCode, &'static str);

#[derive(Clone)]
struct Shop {
    engine: Engine,
    client_key: String,
    script: String,
}

#[tokio::main]
async fn main() -> Result<(), AnyError> {
    let keys = std::env::var("TOSS_CLIENT_KEY").ok().zip(std::env::var("TOSS_SECRET_KEY").ok());
    let mut sandbox = None;
    let (toss, client_key, script) = match keys {
        Some((client, secret)) => {
            let toss = TossGateway::new(SecretKey::parse(&secret)?, "https://api.tosspayments.com")?;
            (toss, client, "https://js.tosspayments.com".to_owned())
        }
        None => {
            let offline = sandbox.insert(Sandbox::start(Config::default()).await?);
            let toss = TossGateway::new(SecretKey::parse(offline.secret_key())?, &offline.url())?.sandbox()?;
            (toss, offline.client_key().to_owned(), offline.url())
        }
    };
    let folder = std::env::temp_dir().join(format!("axum-shop-{}", std::process::id()));
    let store = Sqlite::open(&Options::at(folder.join("orders.db"))).await?;
    let engine = Engine::start(Parts::new(store, toss)).await?;
    tokio::spawn({
        let engine = engine.clone();
        async move { engine.work(std::future::pending()).await }
    });
    let routes = Router::new()
        .route("/", get(page))
        .route("/order", post(order))
        .route("/success", get(success))
        .route("/fail", get(fail))
        .route("/orders/{id}", get(receipt))
        .with_state(Shop { engine, client_key, script });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    #[expect(clippy::print_stdout, reason = "whoever runs it has to know where to look")]
    {
        println!("open http://{}", listener.local_addr()?);
    }
    Ok(axum::serve(listener, routes).await?)
}

/// The price is the server's: the page is told, and never asked.
const PRICE: Won = Won::of(9_000);

async fn page(State(shop): State<Shop>) -> Html<String> {
    let Shop { client_key, script, .. } = shop;
    html(&format!(
        r#"<script src="{script}/v1/payment-widget"></script>
<h1>사과 3개, {price}원</h1><div id=methods></div><div id=agreement></div><button id=pay>{price}원 결제하기</button>
<script>
const widget = PaymentWidget({client_key:?}, PaymentWidget.ANONYMOUS);
widget.renderPaymentMethods('#methods', {price}, {{ variantKey: 'DEFAULT' }});
widget.renderAgreement('#agreement', {{ variantKey: 'AGREEMENT' }});
pay.onclick = async () => {{
  const answer = await fetch('/order', {{ method: 'POST' }});
  if (!answer.ok) return alert(await answer.text());
  const here = location.origin;
  const order = {{ orderId: await answer.text(), orderName: '사과 3개', successUrl: here + '/success', failUrl: here + '/fail' }};
  // Such as terms that nobody has agreed to: the shopper mends it and presses again.
  await widget.requestPayment(order).catch((error) => alert(error.message));
}};
</script>"#,
        price = PRICE.get()
    ))
}

/// Stored before anybody is asked to pay. A real shop takes the owner from its session.
async fn order(State(shop): State<Shop>) -> Result<String, Refusal> {
    let sale = Sale::new(Owner::new("the only browser"), "사과 3개", PRICE);
    match shop.engine.place(sale).await {
        Ok(order) => Ok(order.id.to_string()),
        // This browser may have paid already, and is not asked to pay twice.
        Err(PlaceError::Undecided(_)) => Err((StatusCode::CONFLICT, "앞의 결제를 확인하고 있어요. 잠시 뒤에 다시 눌러 주세요.")),
        Err(PlaceError::SoldOut(_)) => Err((StatusCode::CONFLICT, "다 팔렸어요.")),
        Err(PlaceError::Busy) => Err((StatusCode::SERVICE_UNAVAILABLE, "주문이 몰리고 있어요. 잠시 뒤에 다시 눌러 주세요.")),
        Err(error @ (PlaceError::Total(_) | PlaceError::Store(_))) => Err(sorry(&error)),
    }
}

/// Where Toss sends the browser back to. Reloading it charges once.
async fn success(State(shop): State<Shop>, Query(query): Query<HashMap<String, String>>) -> Result<Redirect, Refusal> {
    let text = |name| query.get(name).map(String::as_str);
    let returned = Returned::parse(text("orderId"), text("paymentKey"), text("amount"));
    let returned = returned.map_err(|_| (StatusCode::BAD_REQUEST, "주소가 잘못됐어요."))?;
    let receipt = Redirect::to(&format!("/orders/{}", returned.order_id));
    match shop.engine.confirm(returned, Duration::from_millis(2_500)).await {
        Ok(_) | Err(ConfirmError::PaidOtherwise(_) | ConfirmError::Expired(_) | ConfirmError::SoldOut(_) | ConfirmError::Slow) => {
            Ok(receipt)
        }
        Err(error @ (ConfirmError::Busy | ConfirmError::Store(_))) => Err(sorry(&error)),
        Err(
            ConfirmError::NoSuchOrder | ConfirmError::AmountMismatch | ConfirmError::PaymentMismatch | ConfirmError::TooManyAttempts(_),
        ) => Err((StatusCode::CONFLICT, "주문과 다른 결제라서 확인하지 않았어요.")),
    }
}

/// What errors say is for the log: it may name files and hosts.
fn sorry(error: &dyn std::error::Error) -> Refusal {
    #[expect(clippy::print_stderr, reason = "the log of an example")]
    {
        eprintln!("{error}");
    }
    (StatusCode::SERVICE_UNAVAILABLE, "잠시 뒤에 새로고침해 주세요.")
}

async fn fail(Query(query): Query<HashMap<String, String>>) -> Html<String> {
    let code = query.get("code").map_or("?", String::as_str);
    html(&format!("<h1>결제하지 않았어요</h1><p>{}</p><a href=/>다시 결제하기</a>", escape(code)))
}

/// A real shop shows it to the browser that ordered, and to nobody else.
async fn receipt(State(shop): State<Shop>, Path(id): Path<String>) -> Result<Html<String>, Refusal> {
    let none = (StatusCode::NOT_FOUND, "그런 주문은 없어요.");
    let id = OrderId::parse(&id).map_err(|_| none)?;
    let order = shop.engine.order(&id).await.map_err(|error| sorry(&error))?.ok_or(none)?;
    Ok(html(&match &order.state {
        // Looks again by itself until somebody knows.
        _ if shop.engine.is_undecided(&order) => {
            "<meta http-equiv=refresh content=3><h1>확인하고 있어요. 다시 결제하지 마세요.</h1>".to_owned()
        }
        OrderState::Paid { .. } => format!("<h1>{}원을 결제했어요. 고맙습니다!</h1>", order.order.total.amount()),
        OrderState::AwaitingDeposit { account, .. } => {
            let text = |value: &Option<String>| escape(value.as_deref().unwrap_or("?"));
            // A real shop says the bank by its name.
            let (bank, number, until) = (text(&account.bank_code), text(&account.account_number), text(&account.due_date));
            format!("<h1>입금해 주세요</h1><p>은행 코드 {bank}, 계좌 {number}, {until}까지</p>")
        }
        OrderState::Declined { decline, .. } => {
            format!("<h1>결제하지 않았어요</h1><p>{}</p><a href=/>다시 결제하기</a>", escape(&decline.message))
        }
        OrderState::Open | OrderState::Confirming { .. } | OrderState::InDoubt { .. } | OrderState::Expired { .. } => {
            "<h1>결제하지 않았어요</h1><a href=/>다시 결제하기</a>".to_owned()
        }
    }))
}

fn html(body: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=ko><meta charset=utf-8><meta name=viewport content=width=device-width><link rel=icon href=data:,><style>body{{word-break:keep-all}}</style><title>사과 가게</title>{body}"
    ))
}

/// What Toss or an address says is text, never a part of the page.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
