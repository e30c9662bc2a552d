//! A script of SDK v2 that throws, answers nonsense, never answers, answers twice, or answers after it was let go.

use crate::fake::{self, Page, order_id, poll_once, toss, until, widgets};
use crate::hostile::{check, exceptions, unexpected};
use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use toss_widget::v2::{
    Amount, BillingAuthRequest, BrandPayRequest, CardOptions, Method, PaymentRequest, TossPayments, WidgetRequest, WindowVariants,
};
use toss_widget::{Customer, ErrorCode, LoadOptions, Order, WidgetError, Won};
use wasm_bindgen_test::wasm_bindgen_test as test;

const GUEST: Customer = Customer::Anonymous;

fn order() -> Order {
    Order::new(order_id("order-1"), "사과")
}

fn won() -> Amount {
    Amount::Won(Won::of(1))
}

fn code(error: WidgetError) -> ErrorCode {
    error.code
}

#[test]
async fn whatever_any_member_throws_or_rejects_with_becomes_an_error() {
    let _page = Page::new();
    let toss = toss().await;
    let widgets = widgets().await;
    let mut methods = widgets.render_payment_methods("#a", None).await.expect("draws");
    let mut agreement = widgets.render_agreement("#b", None).await.expect("draws");
    let mut window = widgets.render_payment_window(&WindowVariants::default()).await.expect("draws");
    let payment = toss.payment(&GUEST).expect("makes");
    let brandpay = toss.brandpay(&GUEST, None).expect("makes");
    let (request, none) = (WidgetRequest::new(order()), WindowVariants::default());
    let by_card = PaymentRequest::new(won(), order(), Method::Card(CardOptions::default()));
    let with_brandpay = BrandPayRequest::new(Won::of(1), order());
    let billing = BillingAuthRequest::card("https://shop.example/s", "https://shop.example/f");
    for (thrown, expected, message) in exceptions() {
        for how in
            [format!("throw {thrown}"), format!("return Promise.reject({thrown})"), format!("return {{ then() {{ throw {thrown} }} }}")]
        {
            for member in [
                "setAmount",
                "renderPaymentMethods",
                "renderAgreement",
                "renderPaymentWindow",
                "requestPayment",
                "requestPaymentWindow",
                "getSelectedPaymentMethod",
                "requestBillingAuth",
                "payment.destroy",
                "addPaymentMethod",
                "changePassword",
                "openSettings",
                "changeOneTouchPay",
                "isOneTouchPayEnabled",
            ] {
                fake::behave(member, &how);
            }
            check(widgets.set_amount(&won()).await, &expected, message, thrown);
            check(widgets.render_payment_methods("#a", None).await, &expected, message, thrown);
            check(widgets.render_agreement("#a", None).await, &expected, message, thrown);
            check(widgets.render_payment_window(&none).await, &expected, message, thrown);
            check(widgets.request_payment(&request).await, &expected, message, thrown);
            check(widgets.request_payment_window(&request, &won(), &none).await, &expected, message, thrown);
            check(methods.selected().await, &expected, message, thrown);
            check(payment.request_payment(&by_card).await, &expected, message, thrown);
            check(payment.request_billing_auth(&billing).await, &expected, message, thrown);
            check(payment.destroy().await, &expected, message, thrown);
            check(brandpay.request_payment(&with_brandpay).await, &expected, message, thrown);
            check(brandpay.add_payment_method().await, &expected, message, thrown);
            check(brandpay.change_password().await, &expected, message, thrown);
            check(brandpay.open_settings().await, &expected, message, thrown);
            check(brandpay.change_one_touch_pay().await, &expected, message, thrown);
            check(brandpay.is_one_touch_pay_enabled().await, &expected, message, thrown);
            check(brandpay.request_billing_auth().await, &expected, message, thrown);
        }
        let throws = format!("throw {thrown}");
        for member in ["on", "widgets", "payment", "brandpay"] {
            fake::behave(member, &throws);
        }
        check(methods.on_select(|_| ()), &expected, message, thrown);
        check(agreement.on_change(|_| ()), &expected, message, thrown);
        check(window.on_cancel(|| async {}), &expected, message, thrown);
        check(window.on_payment_request(|_| async {}), &expected, message, thrown);
        check(toss.widgets(&GUEST), &expected, message, thrown);
        check(toss.payment(&GUEST), &expected, message, thrown);
        check(toss.brandpay(&GUEST, None), &expected, message, thrown);
    }
    fake::behave("PAYMENT_METHODS_WIDGET.destroy", "throw { code: 'UNKNOWN', message: 'm' }");
    assert_eq!(methods.destroy().await.map_err(code), Err(ErrorCode::UnknownV2));
    fake::behave("AGREEMENT_WIDGET.destroy", "return Promise.reject({ code: 'UNKNOWN', message: 'm' })");
    assert_eq!(agreement.destroy().await.map_err(code), Err(ErrorCode::UnknownV2));
}

#[test]
async fn nonsense_answers_are_errors() {
    let _page = Page::new();
    let (toss, widgets) = (toss().await, widgets().await);
    let methods = widgets.render_payment_methods("#a", None).await.expect("draws");
    let brandpay = toss.brandpay(&GUEST, None).expect("makes");
    for nonsense in ["undefined", "null", "1", "'x'"] {
        let answers = format!("return {nonsense}");
        for member in ["renderPaymentMethods", "renderAgreement", "renderPaymentWindow", "widgets", "payment", "brandpay", "TossPayments"] {
            fake::behave(member, &answers);
        }
        assert_eq!(unexpected(widgets.render_payment_methods("#a", None).await), Some("renderPaymentMethods"), "{nonsense}");
        assert_eq!(unexpected(widgets.render_agreement("#a", None).await), Some("renderAgreement"), "{nonsense}");
        let window = widgets.render_payment_window(&WindowVariants::default()).await;
        assert_eq!(unexpected(window), Some("renderPaymentWindow"), "{nonsense}");
        assert_eq!(unexpected(toss.widgets(&GUEST)), Some("widgets"), "{nonsense}");
        assert_eq!(unexpected(toss.payment(&GUEST)), Some("payment"), "{nonsense}");
        assert_eq!(unexpected(toss.brandpay(&GUEST, None)), Some("brandpay"), "{nonsense}");
        let loaded = TossPayments::load(&LoadOptions::default(), "test_gck_a").await;
        assert_eq!(unexpected(loaded), Some("TossPayments"), "{nonsense}");
    }
    for nonsense in ["undefined", "null", "1", "'x'", "[]", "{}", "() => 1", "{ code: 7 }", "{ isEnabled: 'yes' }"] {
        fake::behave("getSelectedPaymentMethod", &format!("return ({nonsense})"));
        assert_eq!(unexpected(methods.selected().await), Some("getSelectedPaymentMethod"), "{nonsense}");
        fake::behave("isOneTouchPayEnabled", &format!("return ({nonsense})"));
        assert_eq!(unexpected(brandpay.is_one_touch_pay_enabled().await), Some("isOneTouchPayEnabled"), "{nonsense}");
    }
}

#[test]
async fn members_that_are_missing_are_errors() {
    let _page = Page::new();
    let toss = toss().await;
    fake::behave("widgets", "return {}");
    let widgets = toss.widgets(&GUEST).expect("an object is a set of widgets");
    assert_eq!(widgets.set_amount(&won()).await.map_err(code), Err(ErrorCode::Threw));
    assert_eq!(widgets.render_payment_methods("#a", None).await.err().map(code), Some(ErrorCode::Threw));
    assert_eq!(widgets.request_payment(&WidgetRequest::new(order())).await.map_err(code), Err(ErrorCode::Threw));
    fake::behave("TossPayments", "return {}");
    let bare = TossPayments::load(&LoadOptions::default(), "test_gck_a").await.expect("an object is an SDK");
    assert_eq!(bare.widgets(&GUEST).err().map(code), Some(ErrorCode::Threw));
}

#[test]
async fn a_result_that_cannot_be_trusted_is_an_error_that_does_not_repeat_it() {
    let _page = Page::new();
    let widgets = widgets().await;
    let payment = toss().await.payment(&GUEST).expect("makes");
    let asked = PaymentRequest::new(won(), order(), Method::Card(CardOptions::default()));
    for result in [
        "undefined",
        "'tgen_1'",
        "{}",
        "{ paymentKey: '', orderId: 'order-1', amount: { value: 1, currency: 'KRW' } }",
        "{ paymentKey: 'tgen_1', orderId: 'order-2', amount: { value: 1, currency: 'KRW' } }",
        "{ paymentKey: 'tgen_1', orderId: 'order-1' }",
        "{ paymentKey: 'tgen_1', orderId: 'order-1', amount: 1 }",
        "{ paymentKey: 'tgen_1', orderId: 'order-1', amount: { value: 1 } }",
        "{ paymentKey: 'tgen_1', orderId: 'order-1', amount: { value: 1.5, currency: 'KRW' } }",
        "{ paymentKey: 'tgen_1', orderId: 'order-1', amount: { value: '1', currency: 'KRW' } }",
        "{ paymentKey: 'tgen_1', orderId: 'order-1', amount: { value: 0.00001, currency: 'USD' } }",
        "{ paymentKey: 'tgen_1', orderId: 'order-1', get amount() { throw 1 } }",
    ] {
        fake::behave("requestPayment", &format!("return {result}"));
        let error = widgets.request_payment(&WidgetRequest::new(order())).await.expect_err(result);
        assert!(!error.message.contains("tgen"), "{error}");
        assert!(matches!(error.code, ErrorCode::UnexpectedValue { member: "requestPayment", .. }), "{result}: {error}");
        assert_eq!(unexpected(payment.request_payment(&asked).await), Some("requestPayment"), "{result}");
    }
    // Of this order, but not what was asked for: only who named the amount can tell.
    for result in ["{ value: 2, currency: 'KRW' }", "{ value: 1, currency: 'USD' }"] {
        fake::behave("requestPayment", &format!("return {{ paymentKey: 'tgen_1', orderId: 'order-1', amount: {result} }}"));
        assert_eq!(unexpected(payment.request_payment(&asked).await), Some("requestPayment"), "{result}");
    }
}

#[test]
async fn arguments_that_are_out_of_bounds_never_reach_the_script() {
    let _page = Page::new();
    let toss = toss().await;
    let widgets = widgets().await;
    assert!(toss.widgets_with_brandpay(&GUEST, "/brandpay").is_err() && toss.brandpay(&GUEST, Some("")).is_err());
    assert!(TossPayments::load(&LoadOptions::default(), "test_gsk_a").await.is_err());
    assert!(widgets.render_payment_methods(" ", None).await.is_err());
    assert!(widgets.render_agreement("", None).await.is_err());
    assert!(widgets.request_payment(&WidgetRequest::new(Order::new(order_id("order-1"), ""))).await.is_err());
    let with = |name: &str, value: &str| WidgetRequest::new(order()).extra(name, value);
    let field = |request: WidgetRequest| match request.validate().map_err(code) {
        Err(ErrorCode::InvalidArgument { field, limit, .. }) => Some((field, limit)),
        Ok(()) | Err(_) => None,
    };
    for name in ["", "amount", "customerEmail", "customerMobilePhone", "taxFreeAmount", "windowTarget", "sandbox", "card"] {
        assert_eq!(field(with(name, "1")), Some(("extra", "names that have no field of their own")), "{name}");
    }
    assert_eq!(field(with("subOrders", "[")), Some(("extra", "JSON")));
    assert_eq!(fake::take_calls(), "");
}

#[test]
async fn events_with_nonsense_are_ignored() {
    let _page = Page::new();
    let widgets = widgets().await;
    let mut methods = widgets.render_payment_methods("#a", None).await.expect("draws");
    let mut agreement = widgets.render_agreement("#b", None).await.expect("draws");
    let mut window = widgets.render_payment_window(&WindowVariants::default()).await.expect("draws");
    let times = Rc::new(Cell::new(0));
    let count = || {
        let times = Rc::clone(&times);
        move || times.set(times.get() + 1)
    };
    let (select, change, ask) = (count(), count(), count());
    methods.on_select(move |_| select()).expect("registers");
    agreement.on_change(move |_| change()).expect("registers");
    window
        .on_payment_request(move |_| {
            ask();
            async {}
        })
        .expect("registers");
    for nonsense in
        ["undefined", "null", "1", "[]", "{}", "() => 1", "{ agreedRequiredTerms: 'yes' }", "{ code: 1 }", "{ paymentMethod: 1 }"]
    {
        let argument = fake::evaluate(nonsense);
        assert_eq!(fake::fire("paymentMethodSelect", &argument), None, "{nonsense}");
        assert_eq!(fake::fire("agreementStatusChange", &argument), None, "{nonsense}");
        let answer = fake::fire_and_wait("paymentRequest", &argument).await;
        assert_eq!(answer.as_string().as_deref(), Some("resolved"), "the script is not kept waiting: {nonsense}");
    }
    assert_eq!(times.get(), 0);
}

#[test]
async fn a_drawing_that_nobody_waits_for_any_more_is_taken_away_when_it_comes() {
    let _page = Page::new();
    let widgets = widgets().await;
    {
        let mut drawing = pin!(widgets.render_payment_methods("#a", None));
        // What the test before has left behind may have to go first.
        while fake::drawn_now().is_empty() {
            assert!(poll_once(drawing.as_mut()).is_pending());
            fake::turn().await;
        }
    }
    // The next one waits for that, and is not refused.
    let methods = widgets.render_payment_methods("#a", None).await.expect("draws");
    assert_eq!((fake::drawn_now().as_str(), fake::refused_count()), ("PAYMENT_METHODS_WIDGET", 0));
    drop(methods);
    until("it is gone", || fake::drawn_now().is_empty()).await;
}

#[test]
async fn mounting_a_hundred_times_keeps_no_closure_and_never_draws_twice() {
    let _page = Page::new();
    let widgets = widgets().await;
    let times = Rc::new(Cell::new(0));
    for _ in 0..100 {
        let mut methods = widgets.render_payment_methods("#a", None).await.expect("draws");
        let mut agreement = widgets.render_agreement("#b", None).await.expect("draws");
        let (select, change) = (Rc::clone(&times), Rc::clone(&times));
        methods.on_select(move |_| select.set(select.get() + 1)).expect("registers");
        agreement.on_change(move |_| change.set(change.get() + 1)).expect("registers");
    }
    assert_eq!(fake::refused_count(), 0, "a second widget beside the first");
    assert_eq!(Rc::strong_count(&times), 1, "closures are still alive");
    assert_eq!(fake::fire("paymentMethodSelect", &fake::evaluate("{ code: 'CARD' }")), None);
    assert_eq!(fake::fire("agreementStatusChange", &fake::evaluate("{ agreedRequiredTerms: true }")), None);
    assert_eq!(times.get(), 0, "heard after the drop");
    until("all are gone", || fake::drawn_now().is_empty()).await;
    let destroyed = fake::take_calls().lines().filter(|call| call.contains(".destroy")).count();
    assert_eq!(destroyed, 200);
}

#[test]
async fn a_request_that_is_never_answered_can_be_dropped() {
    let _page = Page::new();
    let widgets = widgets().await;
    fake::behave("requestPayment", "return new Promise((resolve) => { window.answer = resolve })");
    let request = WidgetRequest::new(order());
    {
        let mut pending = pin!(widgets.request_payment(&request));
        assert!(poll_once(pending.as_mut()).is_pending());
    }
    fake::evaluate("window.answer({ late: true })");
    fake::behave("requestPayment", "throw { code: 'USER_CANCEL' }");
    assert_eq!(widgets.request_payment(&request).await.map_err(code), Err(ErrorCode::UserCancel));
}
