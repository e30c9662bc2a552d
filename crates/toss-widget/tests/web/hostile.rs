//! A script that throws, answers nonsense, never answers, answers twice, or answers after it was let go.

use crate::fake::{self, Page, load_error, order_id, poll_once, widget};
use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use toss_widget::v1::PaymentRequest;
use toss_widget::{ErrorCode, LoadOptions, Order, UpdateReason, WidgetError, Won};
use wasm_bindgen_test::wasm_bindgen_test as test;

/// What a script may throw, and what has to become of it.
pub fn exceptions() -> Vec<(&'static str, ErrorCode, &'static str)> {
    let threw = || ErrorCode::Threw;
    vec![
        (
            "Object.assign(new Error('약관 동의'), { code: 'NEED_AGREEMENT_WITH_REQUIRED_TERMS' })",
            ErrorCode::NeedAgreementWithRequiredTerms,
            "약관 동의",
        ),
        ("{ code: 'USER_CANCEL', message: '취소' }", ErrorCode::UserCancel, "취소"),
        ("{ code: 'A_NEW_ONE', message: 'm' }", ErrorCode::from("A_NEW_ONE"), "m"),
        ("{ code: 'INVALID_PARAMETER' }", ErrorCode::InvalidParameter, r#"{"code":"INVALID_PARAMETER"}"#),
        ("new TypeError('no')", threw(), "TypeError: no"),
        ("{ message: 'no name' }", threw(), "no name"),
        ("{ code: 7, reason: 'r' }", threw(), r#"{"code":7,"reason":"r"}"#),
        ("'a string'", threw(), "a string"),
        ("42", threw(), "42"),
        ("undefined", threw(), "undefined"),
        ("null", threw(), "null"),
        ("Symbol('s')", threw(), "Symbol(s)"),
        ("(() => { const a = {}; a.a = a; return a })()", threw(), "[object Object]"),
        (
            "new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 }, ownKeys() { throw 3 } })",
            threw(),
            "an exception that cannot be read",
        ),
        ("{ get code() { throw 1 }, get message() { throw 2 }, toJSON() { return 'j' } }", threw(), r#""j""#),
    ]
}

pub fn check<T>(result: Result<T, WidgetError>, code: &ErrorCode, message: &str, case: &str) {
    let error = result.err().expect(case);
    assert_eq!((&error.code, error.message.as_str()), (code, message), "{case}");
}

pub fn unexpected<T>(result: Result<T, WidgetError>) -> Option<&'static str> {
    let code = result.err()?.code;
    let ErrorCode::UnexpectedValue { member, .. } = code else { unreachable!("{code}") };
    Some(member)
}

#[test]
async fn whatever_any_member_throws_becomes_an_error() {
    let _page = Page::new();
    let widget = widget().await;
    let mut methods = widget.render_payment_methods("#a", Won::of(1), None).expect("draws");
    let mut agreement = widget.render_agreement("#b", None).expect("draws");
    let request = PaymentRequest::new(Order::new(order_id("order-1"), "사과"));
    for (thrown, code, message) in exceptions() {
        let throws = format!("throw {thrown}");
        for member in [
            "renderPaymentMethods",
            "renderAgreement",
            "updateAmount",
            "on",
            "getSelectedPaymentMethod",
            "getAgreementStatus",
            "requestPayment",
        ] {
            fake::behave(member, &throws);
        }
        let paid = widget.request_payment(&request).await;
        check(paid, &code, message, thrown);
        check(widget.render_payment_methods("#a", Won::of(1), None), &code, message, thrown);
        check(widget.render_agreement("#b", None), &code, message, thrown);
        check(methods.update_amount(Won::of(1), None), &code, message, thrown);
        check(methods.update_amount(Won::of(1), Some(UpdateReason::Coupon)), &code, message, thrown);
        check(methods.on_ready(|| ()), &code, message, thrown);
        check(methods.selected(), &code, message, thrown);
        check(agreement.on_change(|_| ()), &code, message, thrown);
        check(agreement.status(), &code, message, thrown);

        fake::behave("requestPayment", &format!("return Promise.reject({thrown})"));
        check(widget.request_payment(&request).await, &code, message, thrown);
        fake::behave("requestPayment", &format!("return {{ then() {{ {throws} }} }}"));
        check(widget.request_payment(&request).await, &code, message, thrown);
    }
}

#[test]
async fn a_constructor_that_throws_or_answers_nonsense_is_an_error() {
    let _page = Page::new();
    fake::define_global();
    let options = LoadOptions::default();
    fake::behave("PaymentWidget", "throw { code: 'UNAUTHORIZED_KEY', message: 'm' }");
    assert_eq!(load_error(&options).await, ErrorCode::UnauthorizedKey);
    for nonsense in ["undefined", "null", "1", "'widget'"] {
        fake::behave("PaymentWidget", &format!("return {nonsense}"));
        let error = load_error(&options).await;
        assert!(matches!(error, ErrorCode::UnexpectedValue { member: "PaymentWidget", .. }), "{nonsense}: {error}");
    }
}

#[test]
async fn members_that_are_missing_are_errors() {
    let _page = Page::new();
    fake::define_global();
    fake::behave("PaymentWidget", "return {}");
    let bare = fake::load(&LoadOptions::default()).await.expect("an object is a widget");
    let code = |error: WidgetError| error.code;
    assert_eq!(bare.render_agreement("#b", None).err().map(code), Some(ErrorCode::Threw));
    let request = PaymentRequest::new(Order::new(order_id("order-1"), "사과"));
    assert_eq!(bare.request_payment(&request).await.map_err(code), Err(ErrorCode::Threw));

    fake::behave("PaymentWidget", "return { renderPaymentMethods: () => ({}) }");
    let bare = fake::load(&LoadOptions::default()).await.expect("an object is a widget");
    let mut methods = bare.render_payment_methods("#a", Won::of(1), None).expect("an object is a part");
    assert_eq!(methods.update_amount(Won::of(1), None).map_err(code), Err(ErrorCode::Threw));
    assert_eq!(methods.on_ready(|| ()).map_err(code), Err(ErrorCode::Threw));
    assert_eq!(methods.selected().map_err(code), Err(ErrorCode::Threw));
}

#[test]
async fn nonsense_answers_are_errors() {
    let _page = Page::new();
    let widget = widget().await;
    let methods = widget.render_payment_methods("#a", Won::of(1), None).expect("draws");
    let agreement = widget.render_agreement("#b", None).expect("draws");
    for nonsense in ["undefined", "null", "1", "'x'", "[]", "{}", "() => 1", "Promise.resolve()"] {
        fake::behave("getSelectedPaymentMethod", &format!("return ({nonsense})"));
        assert_eq!(unexpected(methods.selected()), Some("getSelectedPaymentMethod"), "{nonsense}");
        fake::behave("getAgreementStatus", &format!("return ({nonsense})"));
        assert_eq!(unexpected(agreement.status()), Some("getAgreementStatus"), "{nonsense}");
    }
    for nonsense in ["undefined", "null", "1", "'x'"] {
        fake::behave("renderPaymentMethods", &format!("return {nonsense}"));
        let drawn = widget.render_payment_methods("#a", Won::of(1), None);
        assert_eq!(unexpected(drawn), Some("renderPaymentMethods"), "{nonsense}");
        fake::behave("renderAgreement", &format!("return {nonsense}"));
        let drawn = widget.render_agreement("#a", None);
        assert_eq!(unexpected(drawn), Some("renderAgreement"), "{nonsense}");
    }
}

#[test]
async fn a_result_that_cannot_be_trusted_is_an_error_that_does_not_repeat_it() {
    let _page = Page::new();
    let widget = widget().await;
    let request = PaymentRequest::new(Order::new(order_id("order-1"), "사과"));
    for result in [
        "undefined",
        "null",
        "'tgen_1'",
        "{}",
        "{ orderId: 'order-1', amount: 1 }",
        "{ paymentKey: '', orderId: 'order-1', amount: 1 }",
        "{ paymentKey: 'tgen_1', orderId: 'order-2', amount: 1 }",
        "{ paymentKey: 'tgen_1', amount: 1 }",
        "{ paymentKey: 'tgen_1', orderId: 'order-1' }",
        "{ paymentKey: 'tgen_1', orderId: 'order-1', amount: '1' }",
        "{ paymentKey: 'tgen_1', orderId: 'order-1', amount: 1.5 }",
        "{ paymentKey: 'tgen_1', orderId: 'order-1', amount: -1 }",
        "{ paymentKey: 'tgen_1', orderId: 'order-1', amount: NaN }",
        "{ paymentKey: 'tgen_1', orderId: 'order-1', amount: 1e300 }",
        "{ paymentKey: 'tgen_1', orderId: 'order-1', get amount() { throw 1 } }",
    ] {
        fake::behave("requestPayment", &format!("return {result}"));
        let error = widget.request_payment(&request).await.expect_err(result);
        assert!(!error.message.contains("tgen"), "{error}");
        assert!(matches!(error.code, ErrorCode::UnexpectedValue { member: "requestPayment", .. }), "{result}: {error}");
    }
}

#[test]
async fn arguments_that_are_out_of_bounds_never_reach_the_script() {
    let _page = Page::new();
    let widget = widget().await;
    assert!(widget.render_payment_methods(" ", Won::of(1), None).is_err());
    assert!(widget.render_agreement("", None).is_err());
    assert!(widget.request_payment(&PaymentRequest::new(Order::new(order_id("order-1"), ""))).await.is_err());
    let odd = PaymentRequest::new(Order::new(order_id("order-1"), "사과")).paypal_transaction_context("{");
    let error = widget.request_payment(&odd).await.expect_err("not JSON");
    let named = matches!(error.code, ErrorCode::InvalidArgument { field: "paypal_transaction_context", limit: "JSON", .. });
    assert!(named, "{error}");
    assert_eq!(fake::take_calls(), "");
}

#[test]
async fn a_widget_without_update_reasons_still_changes_its_amount() {
    let _page = Page::new();
    let odd = ["undefined", "1", "{ COUPON: 1 }", "new Proxy({}, { get() { throw 1 } })"];
    for reasons in odd {
        fake::behave(
            "renderPaymentMethods",
            &format!("return {{ UPDATE_REASON: {reasons}, updateAmount: (...a) => {{ window.updated = a }} }}"),
        );
        let methods = widget().await.render_payment_methods("#a", Won::of(1), None).expect("draws");
        methods.update_amount(Won::of(45_000), Some(UpdateReason::Coupon)).expect("changes");
        let updated = fake::evaluate("JSON.stringify(window.updated)").as_string();
        assert_eq!(updated.as_deref(), Some(r#"[45000,"COUPON"]"#), "{reasons}");
    }
}

#[test]
async fn a_request_that_is_never_answered_can_be_dropped() {
    let _page = Page::new();
    let widget = widget().await;
    fake::behave("requestPayment", "return new Promise((resolve) => { window.answer = resolve })");
    let request = PaymentRequest::new(Order::new(order_id("order-1"), "사과"));
    {
        let mut pending = pin!(widget.request_payment(&request));
        assert!(poll_once(pending.as_mut()).is_pending());
    }
    fake::evaluate("window.answer({ late: true })");
    fake::behave("requestPayment", "throw { code: 'USER_CANCEL' }");
    let error = widget.request_payment(&request).await.expect_err("the widget lives on");
    assert_eq!(error.code, ErrorCode::UserCancel);
}

#[test]
async fn ready_counts_once() {
    let _page = Page::new();
    let mut methods = widget().await.render_payment_methods("#a", Won::of(1), None).expect("draws");
    let times = Rc::new(Cell::new(0));
    let count = Rc::clone(&times);
    methods.on_ready(move || count.set(count.get() + 1)).expect("registers");
    assert_eq!((fake::fire_bare("ready"), fake::fire_bare("ready")), (None, None));
    assert_eq!(times.get(), 1);
}

#[test]
async fn events_with_nonsense_are_ignored() {
    let _page = Page::new();
    let widget = widget().await;
    let mut methods = widget.render_payment_methods("#a", Won::of(1), None).expect("draws");
    let mut agreement = widget.render_agreement("#b", None).expect("draws");
    let times = Rc::new(Cell::new(0));
    let (custom, change) = (Rc::clone(&times), Rc::clone(&times));
    methods.on_custom_request(move |_| custom.set(custom.get() + 1)).expect("registers");
    agreement.on_change(move |_| change.set(change.get() + 1)).expect("registers");
    for nonsense in ["undefined", "null", "1", "[]", "{}", "() => 1", "{ agreedRequiredTerms: 'yes' }"] {
        let argument = fake::evaluate(nonsense);
        assert_eq!(fake::fire("customRequest", &argument), None, "{nonsense}");
        assert_eq!(fake::fire("change", &argument), None, "{nonsense}");
    }
    assert_eq!(fake::fire_bare("change"), None);
    assert_eq!(times.get(), 0);
    let odd_terms = fake::evaluate("{ agreedRequiredTerms: true, terms: [null, 1, { agreed: 'x' }] }");
    assert_eq!(fake::fire("change", &odd_terms), None);
    assert_eq!(times.get(), 1, "consent that can be read counts, whatever the terms look like");
}

#[test]
async fn mounting_a_hundred_times_keeps_no_closure_and_hears_nothing_after_the_drop() {
    let _page = Page::new();
    let widget = widget().await;
    let times = Rc::new(Cell::new(0));
    for _ in 0..100 {
        let mut methods = widget.render_payment_methods("#a", Won::of(1), None).expect("draws");
        let mut agreement = widget.render_agreement("#b", None).expect("draws");
        let (ready, change) = (Rc::clone(&times), Rc::clone(&times));
        methods.on_ready(move || ready.set(ready.get() + 1)).expect("registers");
        agreement.on_change(move |_| change.set(change.get() + 1)).expect("registers");
    }
    assert_eq!(Rc::strong_count(&times), 1, "closures are still alive");
    assert_eq!(fake::fire_bare("ready"), None);
    assert_eq!(fake::fire("change", &fake::evaluate("{ agreedRequiredTerms: true }")), None);
    assert_eq!(times.get(), 0);
}

#[test]
async fn a_handler_may_drop_its_own_widget_and_hear_itself_called_meanwhile() {
    let _page = Page::new();
    let agreement = widget().await.render_agreement("#b", None).expect("draws");
    let holder = Rc::new(RefCell::new(Some(agreement)));
    let (inner, times) = (Rc::clone(&holder), Rc::new(Cell::new(0)));
    let count = Rc::clone(&times);
    let change = || fake::evaluate("{ agreedRequiredTerms: true }");
    let handler = move |_| {
        count.set(count.get() + 1);
        // First nested and alive, then nested and dropped: neither may throw.
        assert_eq!(fake::fire("change", &change()), None);
        if count.get() == 2 {
            drop(inner.borrow_mut().take());
            assert_eq!(fake::fire("change", &change()), None);
        }
    };
    let mut agreement = holder.borrow_mut().take().expect("just put there");
    agreement.on_change(handler).expect("registers");
    *holder.borrow_mut() = Some(agreement);
    assert_eq!(fake::fire("change", &change()), None);
    assert_eq!(times.get(), 2);
    assert_eq!(Rc::strong_count(&times), 1, "the handler is still alive");
}

#[test]
async fn a_script_that_fires_before_on_returns_is_heard() {
    let _page = Page::new();
    let mut methods = widget().await.render_payment_methods("#a", Won::of(1), None).expect("draws");
    fake::behave("on", "args[1]()");
    let heard = Rc::new(Cell::new(false));
    let inner = Rc::clone(&heard);
    methods.on_ready(move || inner.set(true)).expect("registers");
    assert!(heard.get());
}
