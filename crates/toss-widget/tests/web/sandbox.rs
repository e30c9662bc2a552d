//! The bindings against the scripts of the sandbox, which hold their arguments against what Toss publishes.

use crate::fake::{self, Page, order_id, until};
use std::cell::RefCell;
use std::rc::Rc;
use toss_widget::checkout::Settings;
use toss_widget::goods::UnitAmount;
use toss_widget::machine::Phase;
use toss_widget::v1::{Agreement, PaymentMethods, PaymentRequest, PaymentWidget};
use toss_widget::v2::{Amount, CardOptions, Method, PaymentRequest as WindowRequest, TossPayments, WidgetRequest, WindowVariants};
use toss_widget::{Checkout, Customer, CustomerKey, ErrorCode, LoadOptions, Order, PaymentType, Sdk, UpdateReason, WidgetError, Won};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test as test;

#[wasm_bindgen(module = "/tests/web/sandbox.js")]
extern "C" {
    #[wasm_bindgen(js_name = tickTerms)]
    fn tick_terms();
    fn choose(value: &str);
    #[wasm_bindgen(js_name = hasWindow)]
    fn has_window() -> bool;
    #[wasm_bindgen(js_name = closeWindow)]
    fn close_window();
    #[wasm_bindgen(js_name = cutOff)]
    fn cut_off(cut: bool);
}

/// Toss's public documentation keys, which the sandbox takes.
const GCK: &str = "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm";
const CK: &str = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq";

fn from_sandbox(sdk: Sdk) -> LoadOptions {
    // Missed at run time only, so that clippy can do without. `scripts/test-bindings` starts the sandbox and says where it is.
    const SANDBOX: Option<&str> = option_env!("TOSS_SANDBOX_URL");
    let sandbox = SANDBOX.expect("scripts/test-bindings names the sandbox");
    let path = if sdk == Sdk::V1 { "v1/payment-widget" } else { "v2/standard" };
    fake::options(&format!("{sandbox}/{path}"))
}

async fn v1(client_key: &str) -> Result<PaymentWidget, WidgetError> {
    fake::plant_places();
    PaymentWidget::load(&from_sandbox(Sdk::V1), client_key, &Customer::Anonymous).await
}

fn code<T>(answer: Result<T, WidgetError>) -> Option<ErrorCode> {
    answer.err().map(|error| error.code)
}

/// Waits for the payment window and closes it. What is inside belongs to another origin: whole payments are for the
/// end-to-end tests.
async fn cancel() {
    until("the payment window is open", has_window).await;
    close_window();
}

/// Runs both until the first is done.
async fn beside<T>(work: impl Future<Output = T>, other: impl Future<Output = ()>) -> T {
    let (mut work, mut other) = (std::pin::pin!(work), std::pin::pin!(other));
    let mut other_is_done = false;
    std::future::poll_fn(|context| {
        other_is_done = other_is_done || other.as_mut().poll(context).is_ready();
        work.as_mut().poll(context)
    })
    .await
}

async fn drawn() -> (PaymentWidget, PaymentMethods, Agreement) {
    let widget = v1(GCK).await.expect("loads");
    let mut methods = widget.render_payment_methods("#methods", Won::of(50_000), Some("DEFAULT")).expect("draws");
    let agreement = widget.render_agreement("#agreement", Some("AGREEMENT")).expect("draws");
    let ready = Rc::new(RefCell::new(false));
    let hear = Rc::clone(&ready);
    methods.on_ready(move || *hear.borrow_mut() = true).expect("registers");
    until("it is ready", || *ready.borrow()).await;
    (widget, methods, agreement)
}

#[test]
async fn v1_takes_every_call_and_tells_every_event() {
    let _page = Page::new();
    let (widget, mut methods, mut agreement) = drawn().await;
    assert_eq!(methods.selected().map(|selected| selected.kind), Ok(PaymentType::Normal));
    methods.update_amount(Won::of(46_000), None).expect("changes");
    methods.update_amount(Won::of(45_000), Some(UpdateReason::Coupon)).expect("changes");
    methods.update_amount_for(Won::of(45_000), &[UpdateReason::Coupon, UpdateReason::Point]).expect("changes");
    methods.on_custom_request(|_| ()).expect("registers");
    methods.on_custom_select(|_| ()).expect("registers");
    methods.on_custom_unselect(|_| ()).expect("registers");

    let heard = Rc::new(RefCell::new(Vec::new()));
    let log = Rc::clone(&heard);
    agreement.on_change(move |status| log.borrow_mut().push(status.agreed_required_terms)).expect("registers");
    assert!(!agreement.status().expect("answers").agreed_required_terms);
    tick_terms();
    assert_eq!(*heard.borrow(), [true]);
    let status = agreement.status().expect("answers");
    assert!(status.agreed_required_terms && status.terms.iter().any(|term| term.required && term.agreed && !term.title.is_empty()));

    let order = Order::new(order_id("sandbox-v1-cancel"), "사과 외 2건")
        .customer_email("a@shop.example")
        .customer_mobile_phone("01012341234")
        .tax_free_amount(Won::of(0))
        .metadata("k", "v");
    let request = PaymentRequest::new(order);
    assert_eq!(code(beside(widget.request_payment(&request), cancel()).await), Some(ErrorCode::UserCancel));
}

#[test]
async fn v1_codes_arrive_by_name() {
    let _page = Page::new();
    assert_eq!(code(v1("nonsense").await), Some(ErrorCode::InvalidClientKey));
    let unknown = v1("test_gck_nobody").await.expect("checked when it draws");
    assert_eq!(code(unknown.render_payment_methods("#methods", Won::of(1), None)), Some(ErrorCode::UnauthorizedKey));
    let of_windows = v1(CK).await.expect("checked when it draws");
    assert_eq!(code(of_windows.render_agreement("#agreement", None)), Some(ErrorCode::NotRegisteredPaymentWidget));
    let widget = v1(GCK).await.expect("loads");
    assert_eq!(code(widget.render_payment_methods("#nowhere", Won::of(1), None)), Some(ErrorCode::InvalidSelector));
    let request = PaymentRequest::new(Order::new(order_id("sandbox-v1-codes"), "사과"));
    assert_eq!(code(widget.request_payment(&request).await), Some(ErrorCode::UnknownError), "before it is drawn");

    let (widget, _methods, _agreement) = drawn().await;
    assert_eq!(code(widget.request_payment(&request).await), Some(ErrorCode::NeedAgreementWithRequiredTerms));
    tick_terms();
    cut_off(true);
    let lost = widget.request_payment(&request).await;
    cut_off(false);
    assert_eq!(code(lost), Some(ErrorCode::NetworkError));
    choose("");
    assert_eq!(code(widget.request_payment(&request).await), Some(ErrorCode::NeedCardPaymentDetail));
}

fn settings(sdk: Sdk) -> Settings {
    fake::plant_places();
    Settings::new(sdk, GCK, Customer::Anonymous, "#methods", "#agreement").load(from_sandbox(sdk))
}

async fn checkout_runs(sdk: Sdk, id: &str) {
    let checkout = Checkout::new(settings(sdk), Won::of(50_000), |_| ());
    checkout.open();
    checkout.want(Won::of(45_000), Some(UpdateReason::Coupon));
    until("it is ready", || matches!(checkout.phase(), Phase::Ready { updating: None, .. })).await;
    tick_terms();
    checkout.want(Won::of(44_000), None);
    until("the amount is applied", || checkout.phase().can_pay()).await;
    let ticket = checkout.press().expect("a ticket");
    let order = Order::new(order_id(id), "사과");
    assert_eq!(ticket.amount(), Won::of(44_000));
    assert_eq!(code(beside(ticket.pay(&order), cancel()).await), Some(ErrorCode::UserCancel));
    assert!(checkout.phase().can_pay());
}

#[test]
async fn a_checkout_runs_on_v1() {
    let _page = Page::new();
    checkout_runs(Sdk::V1, "sandbox-checkout-v1").await;
}

#[test]
async fn a_checkout_runs_on_v2() {
    let _page = Page::new();
    checkout_runs(Sdk::V2, "sandbox-checkout-v2").await;
}

async fn v2(client_key: &str) -> TossPayments {
    fake::plant_places();
    TossPayments::load(&from_sandbox(Sdk::V2), client_key).await.expect("checked by the factories")
}

#[test]
async fn v2_takes_every_call_and_tells_every_event() {
    let _page = Page::new();
    let widgets = v2(GCK).await.widgets(&Customer::Anonymous).expect("makes");
    widgets.set_amount(&Amount::Won(Won::of(50_000))).await.expect("resolves");
    let mut methods = widgets.render_payment_methods("#methods", Some("DEFAULT")).await.expect("draws");
    let mut agreement = widgets.render_agreement("#agreement", Some("AGREEMENT")).await.expect("draws");
    methods.on_select(|_| ()).expect("registers");
    assert!(methods.selected().await.is_ok());
    let heard = Rc::new(RefCell::new(Vec::new()));
    let log = Rc::clone(&heard);
    agreement.on_change(move |status| log.borrow_mut().push(status.agreed_required_terms)).expect("registers");
    tick_terms();
    assert_eq!(*heard.borrow(), [true]);
    widgets.set_amount(&Amount::Won(Won::of(45_000))).await.expect("resolves");
    let request = WidgetRequest::new(Order::new(order_id("sandbox-v2-cancel"), "사과"));
    assert_eq!(code(beside(widgets.request_payment(&request), cancel()).await), Some(ErrorCode::UserCancel));
    methods.destroy().await.expect("resolves");
    agreement.destroy().await.expect("resolves");

    let mut window = widgets.render_payment_window(&WindowVariants::default()).await.expect("draws");
    window.on_cancel(|| async {}).expect("registers");
    window.on_payment_request(|_| async {}).expect("registers");
    window.destroy().await.expect("resolves");

    let payment = v2(CK).await.payment(&Customer::Anonymous).expect("makes");
    let by_card =
        WindowRequest::new(Won::of(45_000), Order::new(order_id("sandbox-v2-window"), "사과"), Method::Card(CardOptions::default()));
    assert_eq!(code(beside(payment.request_payment(&by_card), cancel()).await), Some(ErrorCode::UserCancel));
    assert_eq!(code(payment.destroy().await), Some(ErrorCode::NoActivePaymentRequest));
}

#[test]
async fn v2_codes_arrive_by_name() {
    let _page = Page::new();
    let guest = Customer::Anonymous;
    assert_eq!(code(v2("nonsense").await.widgets(&guest)), Some(ErrorCode::InvalidClientKey));
    assert_eq!(code(v2(CK).await.widgets(&guest)), Some(ErrorCode::NotSupportedApiIndividualKey));
    assert_eq!(code(v2(GCK).await.payment(&guest)), Some(ErrorCode::NotSupportedWidgetKey));
    assert_eq!(code(v2(GCK).await.brandpay(&guest, None)), Some(ErrorCode::NotSupportedWidgetKey));
    let secret = Customer::from(CustomerKey::parse("test_gsk_docs").expect("of allowed characters"));
    assert_eq!(code(v2(GCK).await.widgets(&secret)), Some(ErrorCode::InsecureKeyUsage));
    let brandpay = v2(CK).await.brandpay(&guest, None).expect("makes");
    assert_eq!(code(brandpay.open_settings().await), Some(ErrorCode::NotRegisteredRedirectUrl));

    let widgets = v2(GCK).await.widgets(&guest).expect("makes");
    assert_eq!(code(widgets.render_payment_methods("#methods", None).await), Some(ErrorCode::NotSetupAmount));
    // Dollars are PayPal's; of these there is no payment UI.
    let francs = Amount::foreign(UnitAmount::new(100, 2), "CHF");
    assert_eq!(code(widgets.set_amount(&francs).await), Some(ErrorCode::InvalidAmountCurrency));
    widgets.set_amount(&Amount::Won(Won::of(45_000))).await.expect("resolves");
    let request = WidgetRequest::new(Order::new(order_id("sandbox-v2-codes"), "사과"));
    assert_eq!(code(widgets.request_payment(&request).await), Some(ErrorCode::NotSelectedPaymentMethod), "before it is drawn");
    assert_eq!(code(widgets.render_payment_methods("#nowhere", None).await), Some(ErrorCode::InvalidSelector));
    let methods = widgets.render_payment_methods("#methods", None).await.expect("draws");
    let agreement = widgets.render_agreement("#agreement", None).await.expect("draws");
    assert_eq!(code(widgets.render_payment_methods("#methods", None).await), Some(ErrorCode::PaymentMethodsWidgetAlreadyRendered));
    assert_eq!(code(widgets.render_agreement("#agreement", None).await), Some(ErrorCode::AgreementWidgetAlreadyRendered));
    assert_eq!(code(widgets.request_payment(&request).await), Some(ErrorCode::NeedAgreementWithRequiredTerms));
    let odd = request.extra("nobodyKnows", "1");
    assert_eq!(code(widgets.request_payment(&odd).await), Some(ErrorCode::InvalidParameters));
    drop((methods, agreement));
}
