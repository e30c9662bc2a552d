//! Every error code that Toss documents for its SDKs arrives as its own variant, thrown or rejected with.

use crate::fake::{self, Page, order_id};
use toss_widget::v1::PaymentRequest as V1Request;
use toss_widget::v2::{Amount, CardOptions, Method, PaymentRequest};
use toss_widget::{Customer, ErrorCode, LoadOptions, Order, Won};
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Toss docs /sdk/widget-js and /blog/widget-client-error-handling.
const V1: &[&str] = &[
    "INVALID_PARAMETER",
    "USER_CANCEL",
    "FORBIDDEN_SCRIPT",
    "NETWORK_ERROR",
    "UNAUTHORIZED_KEY",
    "NOT_REGISTERED_PAYMENT_WIDGET",
    "INVALID_CLIENT_KEY",
    "INVALID_CUSTOMER_KEY",
    "INVALID_SELECTOR",
    "INVALID_VARIANT_KEY",
    "NEED_CARD_PAYMENT_DETAIL",
    "NEED_AGREEMENT_WITH_REQUIRED_TERMS",
    "NEED_REFUND_ACCOUNT_DETAIL",
    "UNKNOWN_ERROR",
];

/// Toss docs /sdk/v2/error-codes.
const V2: &[&str] = &[
    "USER_CANCEL",
    "INVALID_CLIENT_KEY",
    "INVALID_CUSTOMER_KEY",
    "INSECURE_KEY_USAGE",
    "NOT_SUPPORTED_API_INDIVIDUAL_KEY",
    "NOT_SUPPORTED_WIDGET_KEY",
    "INVALID_PARAMETERS",
    "INVALID_PARAMETER",
    "INVALID_METHOD_TRANSACTION",
    "INVALID_AMOUNT_VALUE",
    "INVALID_AMOUNT_CURRENCY",
    "BELOW_ZERO_AMOUNT",
    "INVALID_METADATA",
    "INCORRECT_SUCCESS_URL_FORMAT",
    "INCORRECT_FAIL_URL_FORMAT",
    "NOT_SUPPORTED_PROMISE",
    "NOT_SUPPORTED_METHOD",
    "NOT_SETUP_AMOUNT",
    "INVALID_SELECTOR",
    "INVALID_VARIANT_KEY",
    "PAYMENT_METHODS_WIDGET_ALREADY_RENDERED",
    "AGREEMENT_WIDGET_ALREADY_RENDERED",
    "PAYMENT_WINDOW_ALREADY_RENDERED",
    "NOT_SELECTED_PAYMENT_METHOD",
    "NEED_CARD_PAYMENT_DETAIL",
    "NEED_AGREEMENT_WITH_REQUIRED_TERMS",
    "NEED_REFUND_ACCOUNT_DETAIL",
    "EXCEED_DEPOSIT_AMOUNT_LIMIT",
    "EXCEED_MAX_DUE_DATE",
    "CUSTOM_PAYMENT_METHOD_UNABLE_TO_PAY",
    "PROVIDER_STATUS_UNHEALTHY",
    "UNSUPPORTED_TEST_PHASE_PAYMENT_METHOD",
    "PAYMENT_REQUEST_ABORTED",
    "NO_ACTIVE_PAYMENT_REQUEST",
    "V1_METHOD_NOT_SUPPORTED",
    "UNKNOWN",
    "NEED_AGREEMENT_WITH_TERMS",
    "NEED_MERCHANT_ONE_TOUCH_SETTING",
    "NOT_REGISTERED_REDIRECT_URL",
];

fn named(code: &ErrorCode, word: &str) {
    assert!(!matches!(code, ErrorCode::Unknown(_)), "{word} is not known");
    assert_eq!(code.as_str(), word);
}

#[test]
async fn every_code_of_v1_arrives_by_name() {
    let _page = Page::new();
    let widget = fake::widget().await;
    for word in V1 {
        fake::behave("requestPayment", &format!("return Promise.reject({{ code: '{word}', message: 'm' }})"));
        named(&widget.request_payment(&V1Request::new(Order::new(order_id("order-1"), "사과"))).await.expect_err(word).code, word);
        fake::behave("renderPaymentMethods", &format!("throw {{ code: '{word}', message: 'm' }}"));
        named(&widget.render_payment_methods("#a", Won::of(1), None).expect_err(word).code, word);
    }
}

#[test]
async fn every_code_of_v2_arrives_by_name() {
    let _page = Page::new();
    let toss = fake::toss().await;
    let widgets = fake::widgets().await;
    let payment = toss.payment(&Customer::Anonymous).expect("makes");
    let request = PaymentRequest::new(Won::of(1), Order::new(order_id("order-1"), "사과"), Method::Card(CardOptions::default()));
    for word in V2 {
        let (rejects, throws) =
            (format!("return Promise.reject({{ code: '{word}', message: 'm' }})"), format!("throw {{ code: '{word}', message: 'm' }}"));
        fake::behave("requestPayment", &rejects);
        named(&payment.request_payment(&request).await.expect_err(word).code, word);
        fake::behave("setAmount", &throws);
        named(&widgets.set_amount(&Amount::Won(Won::of(1))).await.expect_err(word).code, word);
        fake::behave("widgets", &throws);
        named(&toss.widgets(&Customer::Anonymous).expect_err(word).code, word);
        fake::behave("TossPayments", &throws);
        let loaded = toss_widget::v2::TossPayments::load(&LoadOptions::default(), "test_gck_a").await;
        named(&loaded.expect_err(word).code, word);
    }
}
