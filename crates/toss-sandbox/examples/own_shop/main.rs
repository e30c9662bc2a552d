//! Tests one's own shop, in Rust, with the sandbox in the same process.
//!
//! [`shop`] is what you have already; the rest is a test of it. In your project [`main`] is a `#[tokio::test]` or several.
//!
//! In a copy of the package: `cargo run --example own_shop`

#![allow(clippy::print_stdout, reason = "the verdict is what the program is for")]

#[path = "../foreign_shop/http.rs"]
mod http;
mod shop;

use std::time::Duration;

use shop::{Outcome, Shop};
use toss_sandbox::{Clock, Config, Endpoint, Fault, NewPayment, Sandbox, Scope, Times, UnixMs};

const PRICE: i64 = 45_000;

#[tokio::main]
async fn main() -> Result<(), http::Failure> {
    // A free port, and a clock that stands still: every run is the same.
    let sandbox = Sandbox::start(Config { clock: Clock::stopped_at(UnixMs::new(1_785_542_400_000)), ..Config::default() }).await?;
    let control = sandbox.control();
    let shop = Shop::new(&sandbox.url(), sandbox.secret_key());

    // A confirm: the shopper has paid in the window, the shop charges.
    let payment = control.authenticate(NewPayment::new("order-0001", "토스 티셔츠 외 2건", PRICE))?;
    assert_eq!(shop.confirm("order-0001", &payment.payment_key, PRICE).await, Outcome::Paid);
    assert_eq!(control.charges("order-0001").len(), 1);

    // A decline is one, and nothing is charged.
    let declined = NewPayment { decline_at_confirm: Some("REJECT_CARD_PAYMENT".to_owned()), ..NewPayment::new("order-0002", "책", PRICE) };
    let payment = control.authenticate(declined)?;
    let outcome = shop.confirm("order-0002", &payment.payment_key, PRICE).await;
    assert_eq!(outcome, Outcome::Declined("REJECT_CARD_PAYMENT".to_owned()));
    assert_eq!(control.charges("order-0002"), []);

    // An answer that is lost is no decline: the shop asks again with the same key, and the shopper is charged once.
    let payment = control.authenticate(NewPayment::new("order-0003", "책", PRICE))?;
    control.fault(Fault::ResetAfter, Scope::order(Endpoint::Confirm, "order-0003"), Times::Once)?;
    assert_eq!(shop.confirm("order-0003", &payment.payment_key, PRICE).await, Outcome::Paid);
    assert_eq!(control.charges("order-0003").len(), 1);

    // Too late: ten minutes are over.
    let payment = control.authenticate(NewPayment::new("order-0004", "책", PRICE))?;
    control.advance(Duration::from_secs(600));
    let outcome = shop.confirm("order-0004", &payment.payment_key, PRICE).await;
    assert_eq!(outcome, Outcome::Declined("NOT_FOUND_PAYMENT_SESSION".to_owned()));

    println!("The shop has charged {} times in {} calls.", control.ledger().len(), control.requests().len());
    sandbox.shutdown().await;
    Ok(())
}
