//! What belongs to one thread does so on servers, too: a page that compiles there compiles in the browser, and the other way
//! round.

use std::panic::{RefUnwindSafe, UnwindSafe};
use toss_widget::checkout::{self, CheckoutWidget, Place, Settings, Ticket};
use toss_widget::goods::{Address, EscrowProduct, MobileCarrier, Product, Shipping, UnitAmount};
use toss_widget::machine::{Effect, Input, Phase};
use toss_widget::{
    Checkout, Customer, CustomerKey, ErrorCode, FetchPriority, IdError, LoadOptions, NotWon, Order, OrderId, PaymentKey, PaymentType, Sdk,
    UnknownWord, UpdateReason, WidgetError, Won, v1, v2,
};

/// Plain values go anywhere, can be told apart, put into maps and printed.
const fn plain<T: Clone + PartialEq + std::fmt::Debug + Send + Sync + Unpin + UnwindSafe + RefUnwindSafe + 'static>() {}

/// What holds something of JavaScript's stays where it is; it can be printed, and moved about within its thread.
macro_rules! of_one_thread {
    ($($name:ty),+ $(,)?) => {$(
        const _: fn() = || {
            const fn handle<T: std::fmt::Debug + Unpin + 'static>() {}
            handle::<$name>();
            let _ = <$name as OnlyIfNotSend<_>>::proof;
            let _ = <$name as OnlyIfNotSync<_>>::proof;
        };
    )+};
}

// Where a type is `Send`, both implementations apply, and the compiler cannot tell which is meant.
trait OnlyIfNotSend<A> {
    fn proof(&self) {}
}
struct IfSend;
impl<T: ?Sized> OnlyIfNotSend<()> for T {}
impl<T: ?Sized + Send> OnlyIfNotSend<IfSend> for T {}

trait OnlyIfNotSync<A> {
    fn proof(&self) {}
}
struct IfSync;
impl<T: ?Sized> OnlyIfNotSync<()> for T {}
impl<T: ?Sized + Sync> OnlyIfNotSync<IfSync> for T {}

const _: () = {
    plain::<Customer>();
    plain::<CustomerKey>();
    plain::<ErrorCode>();
    plain::<FetchPriority>();
    plain::<IdError>();
    plain::<LoadOptions>();
    plain::<NotWon>();
    plain::<Order>();
    plain::<OrderId>();
    plain::<PaymentKey>();
    plain::<PaymentType>();
    plain::<Sdk>();
    plain::<UnknownWord>();
    plain::<UpdateReason>();
    plain::<WidgetError>();
    plain::<Won>();

    plain::<Place>();
    plain::<Settings>();
    plain::<checkout::PaymentResult>();

    plain::<Phase>();
    plain::<Input>();
    plain::<Effect>();

    plain::<Address>();
    plain::<EscrowProduct>();
    plain::<MobileCarrier>();
    plain::<Product>();
    plain::<Shipping>();
    plain::<UnitAmount>();

    plain::<v1::AgreementStatus>();
    plain::<v1::PaymentRequest>();
    plain::<v1::PaymentResult>();
    plain::<v1::SelectedMethod>();
    plain::<v1::Term>();

    plain::<v2::AgreementItem>();
    plain::<v2::AgreementStatus>();
    plain::<v2::Amount>();
    plain::<v2::BillingAuth>();
    plain::<v2::BillingAuthRequest>();
    plain::<v2::BillingCardOptions>();
    plain::<v2::BrandPayRequest>();
    plain::<v2::CardOptions>();
    plain::<v2::CardType>();
    plain::<v2::CashReceipt>();
    plain::<v2::FlowMode>();
    plain::<v2::ForeignEasyPay>();
    plain::<v2::FreeInstallment>();
    plain::<v2::Language>();
    plain::<v2::Method>();
    plain::<v2::MethodCode>();
    plain::<v2::MobilePhoneOptions>();
    plain::<v2::PaymentRequest>();
    plain::<v2::PaymentResult>();
    plain::<v2::RefundAccount>();
    plain::<v2::SandboxResult>();
    plain::<v2::SelectedMethod>();
    plain::<v2::TransferOptions>();
    plain::<v2::TransferProvider>();
    plain::<v2::VirtualAccountOptions>();
    plain::<v2::WidgetCard>();
    plain::<v2::WidgetRequest>();
    plain::<v2::WidgetTransfer>();
    plain::<v2::WidgetVirtualAccount>();
    plain::<v2::WindowTarget>();
    plain::<v2::WindowVariants>();
};

of_one_thread!(
    Checkout,
    Ticket,
    CheckoutWidget,
    v1::PaymentWidget,
    v1::PaymentMethods,
    v1::Agreement,
    v2::TossPayments,
    v2::Widgets,
    v2::PaymentMethods,
    v2::Agreement,
    v2::PaymentWindow,
    v2::Payment,
    v2::BrandPay,
);

fn stays<F: Future>(future: F) -> F {
    future
}

/// Every future of the crate's. `proof` compiles only for what is not `Send`.
macro_rules! futures_of_one_thread {
    ($($name:ident($($argument:ident: $type:ty),*) $call:expr;)+) => {$(
        fn $name($($argument: $type),*) {
            OnlyIfNotSend::proof(&stays($call));
        }
    )+};
}

futures_of_one_thread! {
    pay(ticket: Ticket, order: &Order) ticket.pay(order);

    load(settings: &Settings) CheckoutWidget::load(settings);
    render(widget: &CheckoutWidget) widget.render(Won::ZERO, |_| ());
    set_amount(widget: &CheckoutWidget) widget.set_amount(Won::ZERO, None);
    request_payment(widget: &CheckoutWidget, order: &Order) widget.request_payment(order);

    v1_load(options: &LoadOptions, guest: &Customer) v1::PaymentWidget::load(options, "", guest);
    v1_load_with_brandpay(options: &LoadOptions, guest: &Customer) v1::PaymentWidget::load_with_brandpay(options, "", guest, "");
    v1_request_payment(widget: &v1::PaymentWidget, request: &v1::PaymentRequest) widget.request_payment(request);

    v2_load(options: &LoadOptions) v2::TossPayments::load(options, "");
    v2_set_amount(widgets: &v2::Widgets, amount: &v2::Amount) widgets.set_amount(amount);
    v2_render_payment_methods(widgets: &v2::Widgets) widgets.render_payment_methods("", None);
    v2_render_agreement(widgets: &v2::Widgets) widgets.render_agreement("", None);
    v2_request_payment(widgets: &v2::Widgets, request: &v2::WidgetRequest) widgets.request_payment(request);
    v2_render_payment_window(widgets: &v2::Widgets, variants: &v2::WindowVariants) widgets.render_payment_window(variants);
    v2_request_payment_window(widgets: &v2::Widgets, request: &v2::WidgetRequest, amount: &v2::Amount, variants: &v2::WindowVariants)
        widgets.request_payment_window(request, amount, variants);
    v2_selected(methods: &v2::PaymentMethods) methods.selected();
    v2_destroy_methods(methods: v2::PaymentMethods) methods.destroy();
    v2_destroy_agreement(agreement: v2::Agreement) agreement.destroy();
    v2_destroy_window(window: v2::PaymentWindow) window.destroy();

    payment_request(payment: &v2::Payment, request: &v2::PaymentRequest) payment.request_payment(request);
    payment_billing(payment: &v2::Payment, request: &v2::BillingAuthRequest) payment.request_billing_auth(request);
    payment_destroy(payment: &v2::Payment) payment.destroy();

    brandpay_request(brandpay: &v2::BrandPay, request: &v2::BrandPayRequest) brandpay.request_payment(request);
    brandpay_add(brandpay: &v2::BrandPay) brandpay.add_payment_method();
    brandpay_password(brandpay: &v2::BrandPay) brandpay.change_password();
    brandpay_settings(brandpay: &v2::BrandPay) brandpay.open_settings();
    brandpay_change_one_touch(brandpay: &v2::BrandPay) brandpay.change_one_touch_pay();
    brandpay_one_touch(brandpay: &v2::BrandPay) brandpay.is_one_touch_pay_enabled();
    brandpay_billing(brandpay: &v2::BrandPay) brandpay.request_billing_auth();
}
