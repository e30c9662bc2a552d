//! What an obedient script is told, and how its answers are read.

use crate::fake::{self, Page, order_id, widget};
use std::cell::RefCell;
use std::rc::Rc;
use toss_widget::goods::{Address, EscrowProduct, MobileCarrier, Product, Shipping, UnitAmount};
use toss_widget::v1::{PaymentRequest, PaymentWidget};
use toss_widget::{Customer, CustomerKey, LoadOptions, Order, PaymentType, UpdateReason, Won};
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
async fn the_constructor_gets_keys_and_options() {
    let _page = Page::new();
    fake::define_global();
    let options = LoadOptions::default();
    let member = Customer::from(CustomerKey::parse("user-1").expect("allowed"));
    PaymentWidget::load(&options, "test_gck_a", &member).await.expect("loads");
    assert_eq!(fake::take_calls(), r#"["PaymentWidget","test_gck_a","user-1"]"#);
    let url = "https://shop.example/brandpay";
    PaymentWidget::load_with_brandpay(&options, "test_gck_a", &Customer::Anonymous, url).await.expect("loads");
    let expected = r#"["PaymentWidget","test_gck_a","@@ANONYMOUS",{"brandpay":{"redirectUrl":"https://shop.example/brandpay"}}]"#;
    assert_eq!(fake::take_calls(), expected);
}

#[test]
async fn drawing_passes_selector_amount_and_variant() {
    let _page = Page::new();
    let widget = widget().await;
    widget.render_payment_methods("#a", Won::of(50_000), Some("DEFAULT")).expect("draws");
    widget.render_payment_methods("#a", Won::MAX, None).expect("draws");
    widget.render_agreement("#b", Some("AGREEMENT")).expect("draws");
    let expected = [
        r##"["widget.renderPaymentMethods","#a",50000,{"variantKey":"DEFAULT"}]"##,
        r##"["widget.renderPaymentMethods","#a",9007199254740991,null]"##,
        r##"["widget.renderAgreement","#b",{"variantKey":"AGREEMENT"}]"##,
    ];
    assert_eq!(fake::take_calls(), expected.join("\n"));
}

#[test]
async fn an_amount_changes_with_the_widgets_own_reason() {
    let _page = Page::new();
    let methods = widget().await.render_payment_methods("#a", Won::of(50_000), None).expect("draws");
    fake::take_calls();
    methods.update_amount(Won::of(45_000), None).expect("changes");
    methods.update_amount(Won::of(45_001), Some(UpdateReason::Coupon)).expect("changes");
    methods.update_amount(Won::of(45_002), Some(UpdateReason::Other("a sale".to_owned()))).expect("changes");
    let both = [UpdateReason::Coupon, UpdateReason::Point];
    methods.update_amount_for(Won::of(45_003), &both).expect("changes");
    let expected = [
        r#"["methods.updateAmount",45000]"#,
        r#"["methods.updateAmount",45001,"the coupon word"]"#,
        r#"["methods.updateAmount",45002,"a sale"]"#,
        r#"["methods.updateAmount",45003,["the coupon word","the point word"]]"#,
    ];
    assert_eq!(fake::take_calls(), expected.join("\n"));
}

#[test]
async fn the_chosen_method_is_read() {
    let _page = Page::new();
    let methods = widget().await.render_payment_methods("#a", Won::of(50_000), None).expect("draws");
    let card = methods.selected().expect("answers");
    assert_eq!((card.kind, card.method.as_deref(), card.method_id), (PaymentType::Normal, Some("카드"), None));
    assert_eq!((card.easy_pay_provider, card.payment_method_key), (None, None));
    fake::behave(
        "getSelectedPaymentMethod",
        "return { type: 'NEW', methodId: 'm', easyPay: { provider: '토스페이' }, paymentMethodKey: 'k' }",
    );
    let new = methods.selected().expect("answers");
    assert_eq!((new.kind.as_str(), new.method, new.method_id.as_deref()), ("NEW", None, Some("m")));
    assert_eq!((new.easy_pay_provider.as_deref(), new.payment_method_key.as_deref()), (Some("토스페이"), Some("k")));
}

#[test]
async fn agreement_is_read_and_reported() {
    let _page = Page::new();
    let mut agreement = widget().await.render_agreement("#b", None).expect("draws");
    assert!(agreement.status().expect("answers").agreed_required_terms);
    let seen = Rc::new(RefCell::new(Vec::new()));
    let log = Rc::clone(&seen);
    agreement.on_change(move |status| log.borrow_mut().push(status)).expect("registers");
    let change = "{ agreedRequiredTerms: false, terms: [{ id: 'T', agreed: false, required: true, title: '약관', content: 'c' }] }";
    assert_eq!(fake::fire("change", &fake::evaluate(change)), None);
    assert_eq!(seen.borrow().len(), 1);
    assert!(!seen.borrow()[0].agreed_required_terms);
    let seen = seen.borrow();
    let [term] = seen[0].terms.as_slice() else { unreachable!("one of the terms: {seen:?}") };
    assert_eq!((term.id.as_str(), term.agreed, term.required), ("T", false, true));
    assert_eq!((term.title.as_str(), term.content.as_str()), ("약관", "c"));
}

#[test]
async fn events_of_the_payment_methods_arrive() {
    let _page = Page::new();
    let mut methods = widget().await.render_payment_methods("#a", Won::of(50_000), None).expect("draws");
    let seen = Rc::new(RefCell::new(Vec::new()));
    let log = |name: &'static str| {
        let log = Rc::clone(&seen);
        move |key: String| log.borrow_mut().push(format!("{name} {key}"))
    };
    let ready = log("ready");
    methods.on_ready(move || ready(String::new())).expect("registers");
    methods.on_custom_request(log("request")).expect("registers");
    methods.on_custom_select(log("select")).expect("registers");
    methods.on_custom_unselect(log("unselect")).expect("registers");
    assert_eq!(fake::fire_bare("ready"), None);
    for event in ["customRequest", "customPaymentMethodSelect", "customPaymentMethodUnselect"] {
        assert_eq!(fake::fire(event, &event.into()), None);
    }
    let expected = ["ready ", "request customRequest", "select customPaymentMethodSelect", "unselect customPaymentMethodUnselect"];
    assert_eq!(*seen.borrow(), expected);
}

#[test]
async fn promise_mode_answers_the_result_and_redirect_mode_nothing() {
    let _page = Page::new();
    let widget = widget().await;
    let order = Order::new(order_id("order-1"), "사과");
    let promise = PaymentRequest::new(order.clone());
    let result = widget.request_payment(&promise).await.expect("resolves").expect("a result");
    assert_eq!(result.payment_type, Some(PaymentType::Normal));
    assert_eq!((result.payment_key.expose(), result.order_id.as_str()), ("tgen_1", "order-1"));
    assert_eq!((result.amount, result.method_id), (Won::of(45_000), None));
    assert_eq!(fake::take_calls(), r#"["widget.requestPayment",{"orderId":"order-1","orderName":"사과"}]"#);

    let redirect = PaymentRequest::from(order.redirect("https://shop.example/success", "https://shop.example/fail"));
    assert_eq!(widget.request_payment(&redirect).await, Ok(None));
}

#[test]
async fn every_field_of_a_request_crosses_under_its_name() {
    let _page = Page::new();
    let widget = widget().await;
    let order = Order::new(order_id("order-1"), "사과")
        .redirect("https://shop.example/s", "https://shop.example/f")
        .customer_email("a@shop.example")
        .customer_name("김토스")
        .customer_mobile_phone("01012341234")
        .tax_free_amount(Won::of(100))
        .metadata("k", "v");
    let address = Address::new("US", "LA").line1("l1").line2("l2").area1("CA").postal_code("90001");
    let request = PaymentRequest::new(order)
        .show_customer_mobile_phone(false)
        .mobile_carrier([MobileCarrier::Kt, MobileCarrier::Sk7])
        .app_scheme("shop://")
        .tax_exemption_amount(Won::of(0))
        .culture_expense(true)
        .use_escrow(true)
        .escrow_products([EscrowProduct::new("i", "c", "n", Won::of(1_000), 2)])
        .products([Product::new("p", 3, UnitAmount::new(1_234, 2), "USD", "d")])
        .shipping(Shipping::new().full_name("Kim").address(address))
        .paypal_transaction_context(r#"{"a":[1]}"#)
        .use_international_card_only(true);
    widget.request_payment(&request).await.expect("resolves");
    let expected = concat!(
        r#"["widget.requestPayment",{"orderId":"order-1","orderName":"사과","#,
        r#""successUrl":"https://shop.example/s","failUrl":"https://shop.example/f","#,
        r#""customerEmail":"a@shop.example","customerName":"김토스","customerMobilePhone":"01012341234","#,
        r#""taxFreeAmount":100,"metadata":{"k":"v"},"appScheme":"shop://","#,
        r#""showCustomerMobilePhone":false,"cultureExpense":true,"useEscrow":true,"#,
        r#""useInternationalCardOnly":true,"taxExemptionAmount":0,"#,
        r#""mobileCarrier":["KT","SK7"],"#,
        r#""escrowProducts":[{"id":"i","code":"c","name":"n","unitPrice":1000,"quantity":2}],"#,
        r#""products":[{"name":"p","quantity":3,"unitAmount":12.34,"currency":"USD","description":"d"}],"#,
        r#""shipping":{"fullName":"Kim","address":{"country":"US","line1":"l1","line2":"l2","#,
        r#""area1":"CA","area2":"LA","postalCode":"90001"}},"#,
        r#""paymentMethodOptions":{"paypal":{"setTransactionContext":{"a":[1]}}}}]"#,
    );
    assert_eq!(fake::take_calls(), expected);
}
