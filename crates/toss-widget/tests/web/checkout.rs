//! The pay page on top of either SDK: what is asked of the script, and what the page hears.

use crate::fake::{self, Page, order_id, poll_once, turn, until};
use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use toss_widget::checkout::Settings;
use toss_widget::machine::Phase;
use toss_widget::{Checkout, Customer, ErrorCode, Order, Sdk, UpdateReason, Won};
use wasm_bindgen_test::wasm_bindgen_test as test;

const BOTH: [Sdk; 2] = [Sdk::V1, Sdk::V2];

/// What belongs to the SDK, of the two.
fn of<T>(sdk: Sdk, v1: T, v2: T) -> T {
    if sdk == Sdk::V1 { v1 } else { v2 }
}

fn settings(sdk: Sdk) -> Settings {
    fake::plant_places();
    Settings::new(sdk, "test_gck_a", Customer::Anonymous, "#methods", "#agreement")
}

fn order() -> Order {
    Order::new(order_id("order-1"), "사과")
}

fn redirect() -> Order {
    order().redirect("https://shop.example/s", "https://shop.example/f")
}

/// Until it draws, then tells it that it is drawn where the SDK has an event for that.
async fn drawn(sdk: Sdk, checkout: &Checkout) {
    if sdk == Sdk::V1 {
        until("it is drawing", || matches!(checkout.phase(), Phase::Rendering { .. })).await;
        turn().await;
        assert_eq!(fake::fire_bare("ready"), None);
    }
    until("it is ready", || matches!(checkout.phase(), Phase::Ready { .. })).await;
}

async fn ready(sdk: Sdk, amount: Won) -> Checkout {
    fake::define_global();
    let checkout = Checkout::new(settings(sdk), amount, |_| ());
    checkout.open();
    drawn(sdk, &checkout).await;
    checkout
}

fn agree(sdk: Sdk, agreed: bool) {
    let event = of(sdk, "change", "agreementStatusChange");
    assert_eq!(fake::fire(event, &fake::evaluate(&format!("{{ agreedRequiredTerms: {agreed} }}"))), None);
}

/// The amounts that the script was told, and how often it was to draw.
fn told(sdk: Sdk) -> (Vec<String>, usize) {
    let calls = fake::take_calls();
    let changes = of(sdk, "methods.updateAmount", "widgets.setAmount");
    let amounts = calls.lines().filter(|call| call.contains(changes)).map(str::to_owned).collect();
    (amounts, calls.lines().filter(|call| call.contains(".renderPaymentMethods")).count())
}

fn set(sdk: Sdk, amount: u32) -> String {
    of(sdk, format!(r#"["methods.updateAmount",{amount}]"#), format!(r#"["widgets.setAmount",{{"value":{amount},"currency":"KRW"}}]"#))
}

#[test]
async fn it_draws_once_and_the_page_hears_every_phase() {
    for sdk in BOTH {
        let _page = Page::new();
        fake::define_global();
        let heard = Rc::new(RefCell::new(Vec::new()));
        let log = Rc::clone(&heard);
        let checkout = Checkout::new(settings(sdk), Won::of(45_000), move |phase| log.borrow_mut().push(phase));
        checkout.open();
        checkout.open();
        drawn(sdk, &checkout).await;
        assert!(checkout.phase().can_pay());
        let last = heard.borrow().last().cloned();
        assert_eq!(last, Some(checkout.phase()));
        assert!(matches!(heard.borrow()[0], Phase::Rendering { .. }), "{heard:?}");
        let (amounts, drawings) = told(sdk);
        assert_eq!(drawings, 1);
        assert_eq!(amounts.len(), usize::from(sdk == Sdk::V2), "SDK v2 wants the amount first: {amounts:?}");
        drop(checkout);
        until("it is gone", || fake::drawn_now().is_empty()).await;
        assert_eq!(Rc::strong_count(&heard), 1, "closures are still alive");
    }
}

#[test]
async fn what_is_wanted_while_drawing_is_told_once_and_last() {
    for sdk in BOTH {
        let _page = Page::new();
        fake::define_global();
        let checkout = Checkout::new(settings(sdk), Won::of(50_000), |_| ());
        checkout.open();
        until("it is drawing", || matches!(checkout.phase(), Phase::Rendering { .. })).await;
        for amount in [45_000, 51_000, 46_000] {
            checkout.want(Won::of(amount), None);
        }
        drawn(sdk, &checkout).await;
        until("the amount is applied", || checkout.phase().can_pay()).await;
        let (amounts, drawings) = told(sdk);
        assert_eq!((amounts.last(), drawings), (Some(&set(sdk, 46_000)), 1));
        assert!(!amounts.contains(&set(sdk, 51_000)), "{amounts:?}");
        assert_eq!(checkout.press().expect("a ticket").amount(), Won::of(46_000));
    }
}

#[test]
async fn amounts_wanted_during_a_running_change_are_coalesced() {
    let _page = Page::new();
    let checkout = ready(Sdk::V2, Won::of(50_000)).await;
    fake::take_calls();
    fake::behave("setAmount", "return new Promise((resolve) => { window.applied = resolve })");
    checkout.want(Won::of(45_000), None);
    turn().await;
    for amount in [46_000, 47_000, 48_000] {
        checkout.want(Won::of(amount), None);
        turn().await;
    }
    assert!(checkout.press().is_none(), "an amount is on its way");
    assert_eq!(told(Sdk::V2).0, [set(Sdk::V2, 45_000)]);
    fake::behave("setAmount", "return Promise.resolve()");
    fake::evaluate("window.applied()");
    until("the amount is applied", || checkout.phase().can_pay()).await;
    assert_eq!(told(Sdk::V2).0, [set(Sdk::V2, 48_000)]);
    assert_eq!(checkout.press().expect("a ticket").amount(), Won::of(48_000));
}

#[test]
async fn the_reason_of_a_change_goes_with_it() {
    let _page = Page::new();
    let checkout = ready(Sdk::V1, Won::of(50_000)).await;
    fake::take_calls();
    checkout.want(Won::of(45_000), Some(UpdateReason::Coupon));
    until("the amount is applied", || checkout.phase().can_pay()).await;
    assert_eq!(told(Sdk::V1).0, [r#"["methods.updateAmount",45000,"the coupon word"]"#]);
}

#[test]
async fn the_button_follows_the_terms() {
    for sdk in BOTH {
        let _page = Page::new();
        let checkout = ready(sdk, Won::of(45_000)).await;
        assert!(checkout.phase().can_pay());
        agree(sdk, false);
        assert!(!checkout.phase().can_pay());
        assert!(checkout.press().is_none());
        agree(sdk, true);
        assert!(checkout.phase().can_pay());
    }
}

#[test]
async fn one_ticket_at_a_time_and_promise_mode_answers_the_result() {
    for sdk in BOTH {
        let _page = Page::new();
        let checkout = ready(sdk, Won::of(45_000)).await;
        let ticket = checkout.press().expect("a ticket");
        assert_eq!(ticket.amount(), Won::of(45_000));
        assert!(checkout.press().is_none(), "pressed twice, paid once");
        let result = ticket.pay(&order()).await.expect("resolves").expect("a result");
        assert_eq!((result.order_id.as_str(), result.amount), ("order-1", Won::of(45_000)));
        assert!(checkout.phase().can_pay(), "the request is over");
        drop(checkout.press().expect("a ticket"));
        assert!(checkout.phase().can_pay(), "let go of");
        let given_up = checkout.press().expect("a ticket");
        assert!(!checkout.phase().can_pay());
        given_up.give_up();
        assert!(checkout.phase().can_pay(), "given up");
        assert_eq!(fake::take_calls().matches("requestPayment").count(), 1, "requested once, whatever became of the tickets");
    }
}

#[test]
async fn a_ticket_is_of_the_amount_that_the_widget_shows_whatever_the_page_wants_next() {
    for sdk in BOTH {
        let _page = Page::new();
        fake::define_global();
        let own: Rc<RefCell<Option<Checkout>>> = Rc::default();
        let page = Rc::clone(&own);
        let checkout = Checkout::new(settings(sdk), Won::of(45_000), move |phase| {
            if matches!(phase, Phase::Requesting { .. })
                && let Some(checkout) = &*page.borrow()
            {
                checkout.want(Won::of(50_000), None);
            }
        });
        checkout.open();
        drawn(sdk, &checkout).await;
        own.replace(Some(checkout.clone()));
        fake::take_calls();
        let ticket = checkout.press().expect("a ticket");
        assert_eq!(checkout.phase().wanted(), Won::of(50_000));
        assert_eq!((ticket.amount(), told(sdk).0), (Won::of(45_000), Vec::new()));
        assert!(ticket.pay(&order()).await.is_ok(), "what the widget showed is what the ticket is of");
        own.take();
    }
}

#[test]
async fn a_kind_of_payment_that_the_script_left_out_is_not_made_up() {
    for (sdk, amount) in [(Sdk::V1, "45000"), (Sdk::V2, "{ value: 45000, currency: 'KRW' }")] {
        let _page = Page::new();
        let checkout = ready(sdk, Won::of(45_000)).await;
        fake::behave("requestPayment", &format!("return {{ paymentKey: 'tgen_1', orderId: 'order-1', amount: {amount} }}"));
        let result = checkout.press().expect("a ticket").pay(&order()).await.expect("resolves").expect("a result");
        assert_eq!(result.payment_type, None);
    }
}

#[test]
async fn changing_the_amount_two_hundred_times_keeps_nothing_of_javascripts() {
    for sdk in BOTH {
        let _page = Page::new();
        let checkout = ready(sdk, Won::of(45_000)).await;
        let change = async |amount| {
            checkout.want(Won::of(amount), None);
            until("it is applied", || matches!(checkout.phase(), Phase::Ready { updating: None, .. })).await;
            turn().await;
        };
        let before = wasm_bindgen::externref_heap_live_count();
        for amount in 1..=200 {
            change(amount).await;
        }
        // What other tests have left to the page may go meanwhile, and a few values are always on their way.
        let after = wasm_bindgen::externref_heap_live_count();
        assert!(after < before + 100, "{before} values were held, now {after} are");
    }
}

#[test]
async fn in_redirect_mode_the_button_stays_shut() {
    for sdk in BOTH {
        let _page = Page::new();
        let checkout = ready(sdk, Won::of(45_000)).await;
        let ticket = checkout.press().expect("a ticket");
        assert_eq!(ticket.pay(&redirect()).await, Ok(None));
        assert!(matches!(checkout.phase(), Phase::Requesting { .. }));
        assert!(checkout.press().is_none());
    }
}

#[test]
async fn a_refusal_opens_the_button_again_and_another_amount_is_one() {
    for sdk in BOTH {
        let _page = Page::new();
        let checkout = ready(sdk, Won::of(45_000)).await;
        fake::behave("requestPayment", "return Promise.reject({ code: 'USER_CANCEL', message: 'm' })");
        let error = checkout.press().expect("a ticket").pay(&order()).await.expect_err("rejects");
        assert!(error.code.is_cancellation());
        assert!(checkout.phase().can_pay());
        let amount = of(sdk, "45001", "{ value: 45001, currency: 'KRW' }");
        fake::behave(
            "requestPayment",
            &format!("return {{ paymentType: 'NORMAL', paymentKey: 'tgen_1', orderId: 'order-1', amount: {amount} }}"),
        );
        let error = checkout.press().expect("a ticket").pay(&order()).await.expect_err("another amount");
        assert!(matches!(error.code, ErrorCode::UnexpectedValue { member: "requestPayment", .. }), "{error}");
        let nameless = Order::new(order_id("order-1"), "");
        assert!(checkout.press().expect("a ticket").pay(&nameless).await.is_err());
        assert!(checkout.phase().can_pay());
    }
}

#[test]
async fn an_amount_wanted_while_paying_is_told_when_that_is_over() {
    for sdk in BOTH {
        let _page = Page::new();
        let checkout = ready(sdk, Won::of(45_000)).await;
        fake::take_calls();
        let ticket = checkout.press().expect("a ticket");
        checkout.want(Won::of(50_000), None);
        turn().await;
        assert_eq!(told(sdk).0, Vec::<String>::new(), "the amount does not change under a payment");
        drop(ticket);
        until("the amount is applied", || checkout.phase().can_pay()).await;
        assert_eq!(told(sdk).0, [set(sdk, 50_000)]);
    }
}

#[test]
async fn whatever_fails_can_be_tried_again() {
    for sdk in BOTH {
        let _page = Page::new();
        fake::define_global();
        let checkout = Checkout::new(settings(sdk), Won::of(45_000), |_| ());
        let failed = |code: ErrorCode| {
            let checkout = checkout.clone();
            move || matches!(checkout.phase(), Phase::Failed { error, .. } if error.code == code)
        };
        let global = of(sdk, "PaymentWidget", "TossPayments");
        fake::behave(global, "throw { code: 'UNAUTHORIZED_KEY', message: 'm' }");
        checkout.open();
        until("it has failed to load", failed(ErrorCode::UnauthorizedKey)).await;

        fake::behave(global, if sdk == Sdk::V1 { "return {}" } else { "return { widgets: () => ({}) }" });
        checkout.retry();
        until("it has failed to draw", failed(ErrorCode::Threw)).await;

        fake::forget(global);
        checkout.retry();
        drawn(sdk, &checkout).await;
        let broken = of(sdk, "updateAmount", "setAmount");
        fake::behave(broken, "throw { code: 'NETWORK_ERROR', message: 'm' }");
        checkout.want(Won::of(50_000), None);
        until("it has failed to change", failed(ErrorCode::NetworkError)).await;
        assert!(checkout.press().is_none());
        fake::forget(broken);
        checkout.retry();
        drawn(sdk, &checkout).await;
        assert_eq!(checkout.press().expect("a ticket").amount(), Won::of(50_000));
        assert_eq!(fake::refused_count(), 0);
    }
}

#[test]
async fn a_script_that_never_answers_is_not_waited_for_for_ever() {
    for (sdk, member) in [(Sdk::V1, "renderPaymentMethods"), (Sdk::V2, "setAmount"), (Sdk::V2, "renderAgreement")] {
        let _page = Page::new();
        fake::define_global();
        if sdk == Sdk::V2 {
            fake::behave(member, "return new Promise(() => {})");
        }
        let checkout = Checkout::new(settings(sdk).patience_ms(5), Won::of(45_000), |_| ());
        checkout.open();
        let late = || matches!(checkout.phase(), Phase::Failed { error, .. } if error.code == ErrorCode::TimedOut);
        until("it has given up", late).await;
        assert_eq!(fake::fire_bare("ready"), None, "too late");
        turn().await;
        assert!(late(), "{member}");
    }
}

#[test]
async fn mounting_a_hundred_times_in_any_state_never_draws_twice_and_leaves_nothing() {
    let _page = Page::new();
    fake::define_global();
    let heard = Rc::new(Cell::new(0));
    for turns in 0..100 {
        let count = Rc::clone(&heard);
        let checkout = Checkout::new(settings(Sdk::V2), Won::of(45_000), move |_| count.set(count.get() + 1));
        checkout.open();
        for _ in 0..turns % 5 {
            turn().await;
        }
    }
    let checkout = ready(Sdk::V2, Won::of(45_000)).await;
    assert_eq!(fake::drawn_now(), "AGREEMENT_WIDGET PAYMENT_METHODS_WIDGET");
    assert_eq!(fake::refused_count(), 0, "a second widget beside the first");
    assert_eq!(Rc::strong_count(&heard), 1, "closures are still alive");
    let before = heard.get();
    agree(Sdk::V2, false);
    assert_eq!(heard.get(), before, "heard after the drop");
    drop(checkout);
    until("all are gone", || fake::drawn_now().is_empty()).await;
}

#[test]
async fn a_payment_in_flight_outlives_its_page_without_harm() {
    let _page = Page::new();
    let checkout = ready(Sdk::V2, Won::of(45_000)).await;
    fake::behave("requestPayment", "return new Promise((resolve) => { window.answer = resolve })");
    let order = order();
    {
        let mut paying = pin!(checkout.press().expect("a ticket").pay(&order));
        assert!(poll_once(paying.as_mut()).is_pending());
    }
    assert!(checkout.press().is_none(), "the payment may be on its way: the button stays shut");
    drop(checkout);
    fake::evaluate("window.answer({})");
    until("it is gone", || fake::drawn_now().is_empty()).await;
}
