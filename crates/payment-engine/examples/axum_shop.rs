//! A whole shop on axum, with the offline Toss behind it: `cargo run --example axum_shop`, then open the address that it prints.
//!
//! With `TOSS_CLIENT_KEY` and `TOSS_SECRET_KEY` (a `test_gck_` and a `test_gsk_` key) it is the real test environment.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use payment_engine::gateway::{Mode, TossGateway};
use payment_engine::order::State as OrderState;
use payment_engine::store::{Options, Sqlite};
use payment_engine::{ConfirmError, Engine, Owner, Parts, Returned, Sale};
use std::collections::HashMap;
use std::time::Duration;
use toss_payments::{OrderId, SecretKey, Won};
use toss_sandbox::{Config, Sandbox};

type AnyError = Box<dyn std::error::Error>;

#[derive(Clone)]
struct Shop {
    engine: Engine,
    client_key: String,
    script: String,
}

#[tokio::main]
async fn main() -> Result<(), AnyError> {
    let sandbox = Sandbox::start(Config::default()).await?;
    let (client_key, secret_key, api, script, mode) = match (std::env::var("TOSS_CLIENT_KEY"), std::env::var("TOSS_SECRET_KEY")) {
        (Ok(client), Ok(secret)) => {
            (client, secret, "https://api.tosspayments.com".to_owned(), "https://js.tosspayments.com".to_owned(), Mode::Test)
        }
        _ => (sandbox.client_key().to_owned(), sandbox.secret_key().to_owned(), sandbox.url(), sandbox.url(), Mode::Sandbox),
    };
    let folder = std::env::temp_dir().join(format!("axum-shop-{}", std::process::id()));
    let store = Sqlite::open(&Options::at(folder.join("orders.db"))).await?;
    let toss = TossGateway::new(SecretKey::parse(&secret_key)?, &api, mode)?;
    let engine = Engine::start(Parts::new(store, toss)).await?;
    tokio::spawn({
        let engine = engine.clone();
        async move { engine.work(Default::default()).await }
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
    Html(format!(
        r#"<!doctype html><meta charset=utf-8><title>사과 가게</title><script src="{script}/v1/payment-widget"></script>
<h1>사과 3개, {price}원</h1><div id=methods></div><div id=agreement></div><button id=pay>결제하기</button>
<script>
const widget = PaymentWidget({client_key:?}, PaymentWidget.ANONYMOUS);
const methods = widget.renderPaymentMethods('#methods', {price}, {{ variantKey: 'DEFAULT' }});
widget.renderAgreement('#agreement', {{ variantKey: 'AGREEMENT' }});
pay.onclick = async () => {{
  const answer = await fetch('/order', {{ method: 'POST' }});
  if (!answer.ok) return alert(await answer.text());
  const here = location.origin;
  await widget.requestPayment({{ orderId: await answer.text(), orderName: '사과 3개', successUrl: here + '/success', failUrl: here + '/fail' }});
}};
</script>"#,
        price = PRICE.get()
    ))
}

/// Stored before anybody is asked to pay. A real shop takes the owner from its session.
async fn order(State(shop): State<Shop>) -> Result<String, (StatusCode, String)> {
    let sale = Sale::new(Owner::new("the only browser"), "사과 3개", PRICE);
    let placed = shop.engine.place(sale).await;
    placed.map(|order| order.id.to_string()).map_err(|error| (StatusCode::CONFLICT, error.to_string()))
}

/// Where Toss sends the browser back to. Reloading it charges once.
async fn success(State(shop): State<Shop>, Query(query): Query<HashMap<String, String>>) -> Result<Redirect, (StatusCode, String)> {
    let text = |name| query.get(name).map(String::as_str);
    let returned = Returned::parse(text("orderId"), text("paymentKey"), text("amount"))
        .map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    let receipt = Redirect::to(&format!("/orders/{}", returned.order_id));
    match shop.engine.confirm(returned, Duration::from_millis(2_500)).await {
        Ok(_) | Err(ConfirmError::PaidOtherwise(_) | ConfirmError::Expired(_) | ConfirmError::Slow) => Ok(receipt),
        Err(error) => Err((StatusCode::CONFLICT, error.to_string())),
    }
}

async fn fail(Query(query): Query<HashMap<String, String>>) -> String {
    format!("결제하지 않았어요 ({})", query.get("code").map_or("?", String::as_str))
}

async fn receipt(State(shop): State<Shop>, Path(id): Path<String>) -> Result<Html<String>, StatusCode> {
    let id = OrderId::parse(&id).map_err(|_| StatusCode::NOT_FOUND)?;
    let order = shop.engine.order(&id).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?.ok_or(StatusCode::NOT_FOUND)?;
    let text = match &order.state {
        _ if shop.engine.is_undecided(&order) => "확인 중이에요. 다시 결제하지 마세요.".to_owned(),
        OrderState::Paid { .. } => format!("{} 결제했어요. 고맙습니다!", order.order.total),
        OrderState::AwaitingDeposit { account, .. } => format!("{:?} 계좌에 입금해 주세요.", account.account_number),
        OrderState::Open
        | OrderState::Confirming { .. }
        | OrderState::InDoubt { .. }
        | OrderState::Declined { .. }
        | OrderState::Expired { .. } => "결제하지 않았어요.".to_owned(),
    };
    Ok(Html(format!("<!doctype html><meta charset=utf-8><title>주문</title><h1>{text}</h1>")))
}
