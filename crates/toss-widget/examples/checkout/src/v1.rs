//! SDK v1 by itself.

use crate::page::{amount, keep, load_options, log, on_click, on_click_async, order, tell, url, value};
use std::cell::RefCell;
use std::rc::Rc;
use toss_widget::v1::{Agreement, PaymentMethods, PaymentRequest, PaymentWidget};
use toss_widget::{Customer, ErrorCode, Sdk, UpdateReason, WidgetError};

#[derive(Default)]
struct Shown {
    widget: RefCell<Option<PaymentWidget>>,
    methods: RefCell<Option<PaymentMethods>>,
    agreement: RefCell<Option<Agreement>>,
}

impl Shown {
    fn draw_methods(&self) -> Result<(), WidgetError> {
        let widget = self.widget.borrow();
        let Some(widget) = &*widget else { return Err(not_loaded()) };
        let mut methods = widget.render_payment_methods("#methods", amount(), Some("DEFAULT"))?;
        methods.on_ready(|| log("ready"))?;
        methods.on_custom_request(|key| log(&format!("customRequest {key}")))?;
        methods.on_custom_select(|key| log(&format!("customPaymentMethodSelect {key}")))?;
        methods.on_custom_unselect(|key| log(&format!("customPaymentMethodUnselect {key}")))?;
        self.methods.replace(Some(methods));
        Ok(())
    }

    fn draw_agreement(&self) -> Result<(), WidgetError> {
        let widget = self.widget.borrow();
        let Some(widget) = &*widget else { return Err(not_loaded()) };
        let mut agreement = widget.render_agreement("#agreement", Some("AGREEMENT"))?;
        agreement.on_change(|status| log(&format!("change {}", status.agreed_required_terms)))?;
        self.agreement.replace(Some(agreement));
        Ok(())
    }
}

fn not_loaded() -> WidgetError {
    WidgetError::new(ErrorCode::UnknownError, "load first")
}

pub fn wire() {
    let shown = Rc::new(Shown::default());
    let here = Rc::clone(&shown);
    on_click_async("v1-load", move || {
        let here = Rc::clone(&here);
        async move {
            let loaded = PaymentWidget::load(&load_options(Sdk::V1), &value("gck"), &Customer::Anonymous).await;
            here.widget.replace(keep("load", loaded));
        }
    });
    let here = Rc::clone(&shown);
    on_click_async("v1-load-brandpay", move || {
        let here = Rc::clone(&here);
        async move {
            let (options, key, back) = (load_options(Sdk::V1), value("gck"), url("brandpay"));
            let loaded = PaymentWidget::load_with_brandpay(&options, &key, &Customer::Anonymous, &back).await;
            here.widget.replace(keep("load_with_brandpay", loaded));
        }
    });
    let with = |act: fn(&Shown)| {
        let shown = Rc::clone(&shown);
        move || act(&shown)
    };
    on_click("v1-methods", with(|shown| tell("render_payment_methods", shown.draw_methods())));
    on_click("v1-agreement", with(|shown| tell("render_agreement", shown.draw_agreement())));
    let update = |shown: &Shown| match &*shown.methods.borrow() {
        Some(methods) => tell("update_amount", methods.update_amount(amount(), Some(UpdateReason::Coupon))),
        None => log("draw first"),
    };
    on_click("v1-update", with(update));
    let update_for = |shown: &Shown| match &*shown.methods.borrow() {
        Some(methods) => tell("update_amount_for", methods.update_amount_for(amount(), &[UpdateReason::Coupon, UpdateReason::Point])),
        None => log("draw first"),
    };
    on_click("v1-update-for", with(update_for));
    let selected = |shown: &Shown| match &*shown.methods.borrow() {
        Some(methods) => tell("selected", methods.selected()),
        None => log("draw first"),
    };
    on_click("v1-selected", with(selected));
    let status = |shown: &Shown| match &*shown.agreement.borrow() {
        Some(agreement) => tell("status", agreement.status()),
        None => log("draw first"),
    };
    on_click("v1-status", with(status));
    on_click_async("v1-request", move || {
        let widget = shown.widget.borrow().clone();
        async move {
            let Some(widget) = widget else { return log("load first") };
            tell("request_payment", widget.request_payment(&PaymentRequest::from(order())).await);
        }
    });
}
