//! What a server build gets.
#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use toss_widget::checkout::{CheckoutWidget, Settings};
use toss_widget::machine::Phase;
use toss_widget::v1::PaymentWidget;
use toss_widget::v2::TossPayments;
use toss_widget::{Checkout, Customer, ErrorCode, LoadOptions, Sdk, WidgetError, Won, clear};

fn code<T>(load: impl Future<Output = Result<T, WidgetError>>) -> ErrorCode {
    let Poll::Ready(result) = pin!(load).poll(&mut Context::from_waker(Waker::noop())) else {
        unreachable!("there is nothing to wait for")
    };
    result.err().expect("no widget without a browser").code
}

#[test]
fn loading_answers_not_in_browser() {
    let options = LoadOptions::default();
    assert_eq!(options.timeout_ms, 10_000);
    let guest = Customer::Anonymous;
    assert_eq!(code(PaymentWidget::load(&options, "test_gck_a", &guest)), ErrorCode::NotInBrowser);
    let url = "https://shop.example/brandpay";
    let load = PaymentWidget::load_with_brandpay(&options, "test_gck_a", &guest, url);
    assert_eq!(code(load), ErrorCode::NotInBrowser);
    assert_eq!(code(TossPayments::load(&options, "test_gck_a")), ErrorCode::NotInBrowser);
    for sdk in [Sdk::V1, Sdk::V2] {
        let settings = Settings::new(sdk, "test_gck_a", Customer::Anonymous, "#methods", "#agreement");
        assert_eq!(code(CheckoutWidget::load(&settings)), ErrorCode::NotInBrowser);
    }
    clear();
}

#[test]
fn a_checkout_stays_in_its_first_phase() {
    let settings = Settings::new(Sdk::V2, "test_gck_a", Customer::Anonymous, "#methods", "#agreement");
    let checkout = Checkout::new(settings, Won::of(50_000), |_| ());
    checkout.open();
    checkout.want(Won::of(45_000), None);
    checkout.retry();
    assert!(checkout.press().is_none());
    assert_eq!(checkout.phase(), Phase::Loading { wanted: Won::of(45_000) });
}

#[test]
fn arguments_are_checked_as_they_are_in_the_browser() {
    let options = LoadOptions::default();
    let is_about = |code: ErrorCode, named: &str| matches!(code, ErrorCode::InvalidArgument { field, .. } if field == named);
    let guest = Customer::Anonymous;
    assert!(is_about(code(PaymentWidget::load(&options, "test_gsk_a", &guest)), "client_key"));
    let load = PaymentWidget::load_with_brandpay(&options, "test_gck_a", &guest, "/brandpay");
    assert!(is_about(code(load), "redirect_url"));
}
