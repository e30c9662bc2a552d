//! What an obedient script of SDK v2 is told, and how its answers are read.

use crate::fake::{self, Page, order_id, poll_once, toss, until, widgets};
use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use toss_widget::goods::{Address, EscrowProduct, Product, Shipping, UnitAmount};
use toss_widget::v2::{
    Amount, BillingAuthRequest, BrandPayRequest, CardOptions, CashReceipt, ForeignEasyPay, Method, MethodCode, PaymentRequest,
    SandboxResult, TossPayments, WidgetCard, WidgetRequest, WidgetTransfer, WidgetVirtualAccount, WindowTarget, WindowVariants,
};
use toss_widget::{Customer, CustomerKey, LoadOptions, Order, PaymentType, Won};
use wasm_bindgen_test::wasm_bindgen_test as test;

const GUEST: Customer = Customer::Anonymous;

fn order() -> Order {
    Order::new(order_id("order-1"), "사과")
}

fn redirect() -> Order {
    order().redirect("https://shop.example/s", "https://shop.example/f")
}

#[test]
async fn the_factories_get_keys_and_options() {
    let _page = Page::new();
    fake::define_global();
    let toss = TossPayments::load(&LoadOptions::default(), "test_ck_a").await.expect("loads");
    let member = Customer::from(CustomerKey::parse("user-1").expect("allowed"));
    let url = "https://shop.example/brandpay";
    toss.widgets(&member).expect("makes");
    toss.widgets_with_brandpay(&GUEST, url).expect("makes");
    toss.payment(&GUEST).expect("makes");
    toss.brandpay(&member, Some(url)).expect("makes");
    toss.brandpay(&member, None).expect("makes");
    let expected = [
        r#"["TossPayments","test_ck_a"]"#,
        r#"["toss.widgets",{"customerKey":"user-1"}]"#,
        r#"["toss.widgets",{"customerKey":"@@ANONYMOUS","brandpay":{"redirectUrl":"https://shop.example/brandpay"}}]"#,
        r#"["toss.payment",{"customerKey":"@@ANONYMOUS"}]"#,
        r#"["toss.brandpay",{"customerKey":"user-1","redirectUrl":"https://shop.example/brandpay"}]"#,
        r#"["toss.brandpay",{"customerKey":"user-1"}]"#,
    ];
    assert_eq!(fake::take_calls(), expected.join("\n"));
}

#[test]
async fn the_script_of_v2_is_fetched_once_and_shared() {
    let _page = Page::new();
    fake::watch_appends(false);
    let options = fake::options(&fake::script("good v2"));
    let mut first = pin!(TossPayments::load(&options, "test_gck_a"));
    assert!(poll_once(first.as_mut()).is_pending());
    TossPayments::load(&options, "test_gck_a").await.expect("loads");
    first.await.expect("loads");
    assert_eq!(fake::appended_count(), 1);
    toss_widget::clear();
    assert!(fake::evaluate("window.TossPayments === undefined").is_truthy(), "clear takes the global away");
}

#[test]
async fn amounts_are_set_with_their_currency() {
    let _page = Page::new();
    let widgets = widgets().await;
    widgets.set_amount(&Amount::Won(Won::MAX)).await.expect("resolves");
    let dollars = Amount::foreign(UnitAmount::new(1_234, 2), "USD");
    widgets.set_amount(&dollars).await.expect("resolves");
    let expected = [
        r#"["widgets.setAmount",{"value":9007199254740991,"currency":"KRW"}]"#,
        r#"["widgets.setAmount",{"value":12.34,"currency":"USD"}]"#,
    ];
    assert_eq!(fake::take_calls(), expected.join("\n"));
}

#[test]
async fn drawing_passes_selector_and_variant_and_destroying_takes_it_away() {
    let _page = Page::new();
    let widgets = widgets().await;
    let methods = widgets.render_payment_methods("#a", Some("DEFAULT")).await.expect("draws");
    let agreement = widgets.render_agreement("#b", None).await.expect("draws");
    assert_eq!(fake::drawn_now(), "AGREEMENT_WIDGET PAYMENT_METHODS_WIDGET");
    methods.destroy().await.expect("resolves");
    agreement.destroy().await.expect("resolves");
    assert_eq!(fake::drawn_now(), "");
    let expected = [
        r##"["widgets.renderPaymentMethods",{"selector":"#a","variantKey":"DEFAULT"}]"##,
        r##"["widgets.renderAgreement",{"selector":"#b"}]"##,
        r#"["PAYMENT_METHODS_WIDGET.destroy"]"#,
        r#"["AGREEMENT_WIDGET.destroy"]"#,
    ];
    assert_eq!(fake::take_calls(), expected.join("\n"));
}

#[test]
async fn the_chosen_method_is_read_and_reported() {
    let _page = Page::new();
    let mut methods = widgets().await.render_payment_methods("#a", None).await.expect("draws");
    let selected = methods.selected().await.expect("answers");
    assert_eq!((selected.code, selected.method_id), (MethodCode::Card, None));
    let seen = Rc::new(RefCell::new(Vec::new()));
    let log = Rc::clone(&seen);
    methods.on_select(move |selected| log.borrow_mut().push((selected.code, selected.method_id))).expect("registers");
    assert_eq!(fake::fire("paymentMethodSelect", &fake::evaluate("{ code: 'BRANDPAY', methodId: 'm' }")), None);
    assert_eq!(fake::fire("paymentMethodSelect", &fake::evaluate("{ code: '문화바우처' }")), None);
    assert_eq!(*seen.borrow(), [(MethodCode::BrandPay, Some("m".to_owned())), (MethodCode::from("문화바우처"), None)]);
}

#[test]
async fn agreement_is_reported() {
    let _page = Page::new();
    let mut agreement = widgets().await.render_agreement("#b", None).await.expect("draws");
    let seen = Rc::new(RefCell::new(Vec::new()));
    let log = Rc::clone(&seen);
    agreement.on_change(move |status| log.borrow_mut().push(status)).expect("registers");
    let change = "{ agreedRequiredTerms: true, agreements: [{ term: { id: 'T', required: true }, agreed: true }, 1] }";
    assert_eq!(fake::fire("agreementStatusChange", &fake::evaluate(change)), None);
    let seen = seen.borrow();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].agreed_required_terms);
    let terms: Vec<_> = seen[0].agreements.iter().map(|item| (item.id.as_str(), item.required, item.agreed)).collect();
    assert_eq!(terms, [("T", true, true), ("", false, false)]);
}

#[test]
async fn promise_mode_answers_the_result_and_redirect_mode_nothing() {
    let _page = Page::new();
    let widgets = widgets().await;
    let result = widgets.request_payment(&WidgetRequest::new(order())).await.expect("resolves").expect("a result");
    assert_eq!(result.payment_type, Some(PaymentType::Normal));
    assert_eq!((result.payment_key.expose(), result.order_id.as_str()), ("tgen_2", "order-1"));
    assert_eq!(result.amount, Amount::Won(Won::of(45_000)));
    assert!(!format!("{result:?}").contains("tgen"));
    assert_eq!(widgets.request_payment(&WidgetRequest::new(redirect())).await, Ok(None));
    let expected = [
        r#"["widgets.requestPayment",{"orderId":"order-1","orderName":"사과"}]"#,
        r#"["widgets.requestPayment",{"orderId":"order-1","orderName":"사과","successUrl":"https://shop.example/s","failUrl":"https://shop.example/f"}]"#,
    ];
    assert_eq!(fake::take_calls(), expected.join("\n"));
}

#[test]
async fn every_field_of_a_widgets_request_crosses_under_its_name() {
    let _page = Page::new();
    let widgets = widgets().await;
    let escrow = || [EscrowProduct::new("i", "c", "n", Won::of(1_000), 2)];
    let product = Product::new("p", 3, UnitAmount::new(5, 2), "USD", "d");
    let recipient = Shipping::new().full_name("Kim").address(Address::new("US", "LA"));
    let order = redirect()
        .customer_email("a@shop.example")
        .customer_name("김\"토\"스")
        .customer_mobile_phone("01012341234")
        .tax_free_amount(Won::of(100))
        .metadata("k", "v\n");
    let request = WidgetRequest::new(order)
        .window_target(WindowTarget::SelfPage)
        .card(WidgetCard::new().tax_exemption_amount(Won::of(1)).app_scheme("shop://"))
        .transfer(WidgetTransfer::new().use_escrow(true).escrow_products(escrow()).is_cultural_expenses(false))
        .virtual_account(
            WidgetVirtualAccount::new()
                .use_escrow(false)
                .escrow_products(escrow())
                .cash_receipt(CashReceipt::None)
                .is_cultural_expenses(true),
        )
        .foreign_easy_pay(ForeignEasyPay::new("US").products([product]).shipping(recipient).paypal_transaction_context(r#"{"a":[1]}"#))
        .sandbox(SandboxResult::Success)
        .extra("pendingUrl", "\"https://shop.example/p\"");
    widgets.request_payment(&request).await.expect("resolves");
    let escrow = r#""escrowProducts":[{"id":"i","code":"c","name":"n","unitPrice":1000,"quantity":2}]"#;
    let expected = [
        r#"["widgets.requestPayment",{"orderId":"order-1","orderName":"사과""#,
        r#""successUrl":"https://shop.example/s","failUrl":"https://shop.example/f""#,
        r#""customerEmail":"a@shop.example","customerName":"김\"토\"스","customerMobilePhone":"01012341234""#,
        r#""taxFreeAmount":100,"metadata":{"k":"v\n"},"windowTarget":"self""#,
        r#""card":{"taxExemptionAmount":1,"appScheme":"shop://"},"transfer":{"useEscrow":true"#,
        escrow,
        r#""isCulturalExpenses":false},"virtualAccount":{"useEscrow":false"#,
        escrow,
        r#""cashReceipt":{"type":"미발행"},"isCulturalExpenses":true}"#,
        r#""foreignEasyPay":{"country":"US","products":[{"name":"p","quantity":3,"unitAmount":0.05,"currency":"USD","description":"d"}]"#,
        r#""shipping":{"fullName":"Kim","address":{"country":"US","area2":"LA"}}"#,
        r#""paymentMethodOptions":{"paypal":{"setTransactionContext":{"a":[1]}}}}"#,
        r#""sandbox":{"paymentResult":"SUCCESS"},"pendingUrl":"https://shop.example/p"}]"#,
    ];
    assert_eq!(fake::take_calls(), expected.join(","));
}

#[test]
async fn a_payment_window_is_drawn_asks_to_pay_and_waits_for_the_answer() {
    let _page = Page::new();
    let widgets = widgets().await;
    let variants = WindowVariants::new().payment_method("P");
    let mut window = widgets.render_payment_window(&variants).await.expect("draws");
    let (asked, paid) = (Rc::new(RefCell::new(None)), Rc::new(Cell::new(false)));
    let (log, done) = (Rc::clone(&asked), Rc::clone(&paid));
    let payer = widgets.clone();
    window
        .on_payment_request(move |method| {
            *log.borrow_mut() = Some(method.code);
            let (payer, done) = (payer.clone(), Rc::clone(&done));
            async move {
                payer.request_payment(&WidgetRequest::new(order())).await.expect("resolves");
                done.set(true);
            }
        })
        .expect("registers");
    let answer = fake::fire_and_wait("paymentRequest", &fake::evaluate("{ paymentMethod: { code: 'CARD' } }")).await;
    assert_eq!(answer.as_string().as_deref(), Some("resolved"));
    assert!(paid.get(), "the script has waited");
    assert_eq!(*asked.borrow(), Some(MethodCode::Card));

    let cancelled = Rc::new(Cell::new(0));
    let count = Rc::clone(&cancelled);
    window
        .on_cancel(move || {
            count.set(count.get() + 1);
            async {}
        })
        .expect("registers");
    assert_eq!(fake::fire_and_wait("cancel", &fake::evaluate("undefined")).await.as_string().as_deref(), Some("resolved"));
    assert_eq!(cancelled.get(), 1);
    window.destroy().await.expect("resolves");
    assert_eq!(fake::drawn_now(), "");
    let first = fake::take_calls();
    assert!(first.starts_with(r#"["widgets.renderPaymentWindow",{"variantKey":{"paymentMethod":"P"}}]"#), "{first}");
}

#[test]
async fn a_window_without_a_listener_does_not_keep_the_script_waiting() {
    let _page = Page::new();
    let widgets = widgets().await;
    let mut window = widgets.render_payment_window(&WindowVariants::default()).await.expect("draws");
    window.on_payment_request(|_| std::future::pending()).expect("registers");
    drop(window);
    let answer = fake::fire_and_wait("paymentRequest", &fake::evaluate("{ paymentMethod: { code: 'CARD' } }")).await;
    assert_eq!(answer.as_string().as_deref(), Some("resolved"));
    until("the window is gone", || fake::drawn_now().is_empty()).await;
    assert!(fake::take_calls().starts_with(r#"["widgets.renderPaymentWindow",null]"#), "no variants, no argument");
}

#[test]
async fn the_older_window_gets_amount_and_variants() {
    let _page = Page::new();
    let widgets = widgets().await;
    let variants = WindowVariants::new().agreement("A");
    let amount = Amount::Won(Won::of(7));
    let result = widgets.request_payment_window(&WidgetRequest::new(order()), &amount, &variants).await.expect("resolves");
    assert_eq!(result.expect("a result").amount, amount);
    let expected = concat!(
        r#"["widgets.requestPaymentWindow",{"orderId":"order-1","orderName":"사과","amount":{"value":7,"currency":"KRW"}},"#,
        r#"{"variantKey":{"agreement":"A"}}]"#
    );
    assert_eq!(fake::take_calls(), expected);
}

#[test]
async fn a_payment_without_a_widget_is_requested_and_closed() {
    let _page = Page::new();
    let payment = toss().await.payment(&GUEST).expect("makes");
    fake::take_calls();
    let request = PaymentRequest::new(Won::of(45_000), order(), Method::Card(CardOptions::default()));
    let result = payment.request_payment(&request).await.expect("resolves").expect("a result");
    assert_eq!(result.amount, Amount::Won(Won::of(45_000)));
    let billing = BillingAuthRequest::card("https://shop.example/s", "https://shop.example/f");
    payment.request_billing_auth(&billing).await.expect("resolves");
    payment.destroy().await.expect("resolves");
    let expected = [
        r#"["payment.requestPayment",{"method":"CARD","amount":{"value":45000,"currency":"KRW"},"orderId":"order-1","orderName":"사과"}]"#,
        r#"["payment.requestBillingAuth",{"method":"CARD","successUrl":"https://shop.example/s","failUrl":"https://shop.example/f"}]"#,
        r#"["payment.destroy"]"#,
    ];
    assert_eq!(fake::take_calls(), expected.join("\n"));
}

#[test]
async fn brandpay_has_all_its_methods() {
    let _page = Page::new();
    let brandpay = toss().await.brandpay(&GUEST, None).expect("makes");
    fake::take_calls();
    let request = BrandPayRequest::new(Won::of(45_000), order()).method_id("m").extra("card", r#"{"cardInstallmentPlan":0}"#);
    assert!(brandpay.request_payment(&request).await.expect("resolves").is_some());
    brandpay.add_payment_method().await.expect("resolves");
    brandpay.change_password().await.expect("resolves");
    brandpay.open_settings().await.expect("resolves");
    brandpay.change_one_touch_pay().await.expect("resolves");
    assert_eq!(brandpay.is_one_touch_pay_enabled().await, Ok(true));
    brandpay.request_billing_auth().await.expect("resolves");
    let expected = [
        concat!(
            r#"["brandpay.requestPayment",{"amount":{"value":45000,"currency":"KRW"},"orderId":"order-1","orderName":"사과","#,
            r#""methodId":"m","card":{"cardInstallmentPlan":0}}]"#
        ),
        r#"["brandpay.addPaymentMethod"]"#,
        r#"["brandpay.changePassword"]"#,
        r#"["brandpay.openSettings"]"#,
        r#"["brandpay.changeOneTouchPay"]"#,
        r#"["brandpay.isOneTouchPayEnabled"]"#,
        r#"["brandpay.requestBillingAuth"]"#,
    ];
    assert_eq!(fake::take_calls(), expected.join("\n"));
}
