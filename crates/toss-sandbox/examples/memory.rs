//! How much memory a sandbox holds at its default limits: fills it with ordinary payments, each confirmed with an
//! idempotency key and told by a webhook, and prints what the system counts. Linux only.
//!
//! In a copy of the package: `cargo run --release --example memory`

#![allow(clippy::print_stdout, reason = "the figure is what the program is for")]

use std::{error::Error, fs};

use http_body_util::{BodyExt, Full};
use hyper::{Request, body::Bytes, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpStream;
use toss_sandbox::{API_SECRET_KEY, Config, Limits, NewPayment, Registration, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let limits = Limits::default();
    println!("empty: {} MB", resident()?);
    // Nothing listens there: what cannot be delivered is kept longest.
    let webhooks = vec![Registration::new("http://127.0.0.1:9/")];
    let sandbox = Sandbox::start(Config { webhooks, ..Config::default() }).await?;
    let control = sandbox.control();
    let stream = TcpStream::connect(sandbox.addr()).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let mut post = async |path: &str, secret_key: &str, key: String, body: serde_json::Value| -> Result<(), Box<dyn Error>> {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let request = Request::post(path)
            .header(header::HOST, "127.0.0.1")
            .header(header::AUTHORIZATION, format!("Basic {}", STANDARD.encode(format!("{secret_key}:"))))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key)
            .body(Full::<Bytes>::from(body.to_string()))?;
        sender.ready().await?;
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if status.is_success() { Ok(()) } else { Err(format!("{path}: {status} {body:?}").into()) }
    };
    for i in 0..limits.billing_keys.max(limits.cash_receipts) {
        let card = json!({
            "customerKey": format!("customer-{i}"), "cardNumber": "9410001234567890", "cardExpirationYear": "40",
            "cardExpirationMonth": "12", "customerIdentityNumber": "881212",
        });
        post("/v1/billing/authorizations/card", API_SECRET_KEY, format!("card-{i}"), card).await?;
        let receipt = json!({
            "amount": 11_000, "orderId": format!("receipt-{i:06}"), "orderName": "토스 티셔츠 외 2건", "type": "소득공제",
            "customerIdentityNumber": "01012345678",
        });
        post("/v1/cash-receipts", sandbox.secret_key(), format!("receipt-{i}"), receipt).await?;
    }
    for i in 0..limits.payments.max(limits.idempotency_keys) {
        let payment = control.authenticate(NewPayment::new(format!("order-{i:06}"), "토스 티셔츠 외 2건", 45_000))?;
        let body = json!({ "paymentKey": payment.payment_key, "orderId": payment.order_id, "amount": payment.amount });
        post("/v1/payments/confirm", sandbox.secret_key(), payment.payment_key, body).await?;
    }
    println!("{} payments, {} requests, {} webhooks", control.payments().len(), control.requests().len(), control.webhooks().len());
    println!("at the limits: {} MB", resident()?);
    drop(sender);
    connection.await??;
    sandbox.shutdown().await;
    Ok(())
}

/// The resident set of this process, in MB.
fn resident() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS in /proc/self/status")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1_000)
}
