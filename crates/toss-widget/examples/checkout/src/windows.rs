//! SDK v2 without a widget: `payment()` and `brandpay()`.

use crate::page::{amount, keep, load_options, log, on_click_async, order, tell, url, value};
use std::cell::RefCell;
use std::rc::Rc;
use toss_widget::v2::{
    BillingAuthRequest, BrandPay, BrandPayRequest, CardOptions, ForeignEasyPay, Method, MobilePhoneOptions, Payment, PaymentRequest,
    TossPayments, TransferOptions, VirtualAccountOptions,
};
use toss_widget::{Customer, CustomerKey, Sdk, WidgetError};

type Holder<T> = Rc<RefCell<Option<T>>>;

async fn load() -> Result<TossPayments, WidgetError> {
    TossPayments::load(&load_options(Sdk::V2), &value("ck")).await
}

fn method() -> Method {
    match value("method").as_str() {
        "VIRTUAL_ACCOUNT" => Method::VirtualAccount(VirtualAccountOptions::new().valid_hours(24)),
        "TRANSFER" => Method::Transfer(TransferOptions::new()),
        "MOBILE_PHONE" => Method::MobilePhone(MobilePhoneOptions::new()),
        "CULTURE_GIFT_CERTIFICATE" => Method::CultureGiftCertificate,
        "BOOK_GIFT_CERTIFICATE" => Method::BookGiftCertificate,
        "GAME_GIFT_CERTIFICATE" => Method::GameGiftCertificate,
        "FOREIGN_EASY_PAY" => Method::ForeignEasyPay { provider: "PAYPAL".to_owned(), options: ForeignEasyPay::new("US") },
        _ => Method::Card(CardOptions::new()),
    }
}

fn with<T: Clone + 'static, F: Future<Output = ()> + 'static>(id: &str, holder: &Holder<T>, act: impl Fn(T) -> F + Copy + 'static) {
    let holder = Rc::clone(holder);
    on_click_async(id, move || {
        let held = holder.borrow().clone();
        async move {
            match held {
                Some(held) => act(held).await,
                None => log("load first"),
            }
        }
    });
}

pub fn wire() {
    let payment: Holder<Payment> = Holder::default();
    let holder = Rc::clone(&payment);
    on_click_async("payment-load", move || {
        let holder = Rc::clone(&holder);
        async move {
            let made = load().await.and_then(|toss| toss.payment(&Customer::Anonymous));
            holder.replace(keep("payment", made));
        }
    });
    with("payment-request", &payment, |payment| async move {
        let request = PaymentRequest::new(amount(), order(), method());
        tell("request_payment", payment.request_payment(&request).await);
    });
    with("payment-billing", &payment, |payment| async move {
        let request = BillingAuthRequest::card(url("billing"), url("fail"));
        tell("request_billing_auth", payment.request_billing_auth(&request).await);
    });
    with("payment-destroy", &payment, |payment| async move { tell("destroy", payment.destroy().await) });

    let brandpay: Holder<BrandPay> = Holder::default();
    let holder = Rc::clone(&brandpay);
    on_click_async("brandpay-load", move || {
        let holder = Rc::clone(&holder);
        async move {
            let member = CustomerKey::parse("example-customer").expect("invariant: letters and a hyphen").into();
            let made = load().await.and_then(|toss| toss.brandpay(&member, Some(&url("brandpay"))));
            holder.replace(keep("brandpay", made));
        }
    });
    with("brandpay-request", &brandpay, |brandpay| async move {
        tell("request_payment", brandpay.request_payment(&BrandPayRequest::new(amount(), order())).await);
    });
    with("brandpay-add", &brandpay, |brandpay| async move { tell("add_payment_method", brandpay.add_payment_method().await) });
    with("brandpay-password", &brandpay, |brandpay| async move { tell("change_password", brandpay.change_password().await) });
    with("brandpay-settings", &brandpay, |brandpay| async move { tell("open_settings", brandpay.open_settings().await) });
    with("brandpay-one-touch", &brandpay, |brandpay| async move {
        tell("change_one_touch_pay", brandpay.change_one_touch_pay().await);
    });
    with("brandpay-is-one-touch", &brandpay, |brandpay| async move {
        tell("is_one_touch_pay_enabled", brandpay.is_one_touch_pay_enabled().await);
    });
    with("brandpay-billing", &brandpay, |brandpay| async move {
        tell("request_billing_auth", brandpay.request_billing_auth().await);
    });
}
