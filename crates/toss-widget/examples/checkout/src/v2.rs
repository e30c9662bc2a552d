//! SDK v2: widgets in the page, and a payment window over it.

use crate::page::{amount, keep, load_options, log, on_click, on_click_async, order, tell, url, value};
use std::cell::RefCell;
use std::rc::Rc;
use toss_widget::v2::{Agreement, Amount, PaymentMethods, PaymentWindow, TossPayments, WidgetRequest, Widgets, WindowVariants};
use toss_widget::{Customer, Sdk, WidgetError};

#[derive(Default)]
struct Shown {
    widgets: RefCell<Option<Widgets>>,
    methods: RefCell<Option<PaymentMethods>>,
    agreement: RefCell<Option<Agreement>>,
    window: RefCell<Option<PaymentWindow>>,
}

async fn load() -> Result<Widgets, WidgetError> {
    TossPayments::load(&load_options(Sdk::V2), &value("gck")).await?.widgets(&Customer::Anonymous)
}

async fn load_with_brandpay() -> Result<Widgets, WidgetError> {
    let toss = TossPayments::load(&load_options(Sdk::V2), &value("gck")).await?;
    toss.widgets_with_brandpay(&Customer::Anonymous, &url("brandpay"))
}

async fn draw_methods(widgets: Widgets) -> Result<PaymentMethods, WidgetError> {
    let mut methods = widgets.render_payment_methods("#methods", Some("DEFAULT")).await?;
    methods.on_select(|selected| log(&format!("paymentMethodSelect {selected:?}")))?;
    Ok(methods)
}

async fn draw_agreement(widgets: Widgets) -> Result<Agreement, WidgetError> {
    let mut agreement = widgets.render_agreement("#agreement", Some("AGREEMENT")).await?;
    agreement.on_change(|status| log(&format!("agreementStatusChange {}", status.agreed_required_terms)))?;
    Ok(agreement)
}

async fn draw_window(widgets: Widgets) -> Result<PaymentWindow, WidgetError> {
    let mut window = widgets.render_payment_window(&WindowVariants::default()).await?;
    window.on_payment_request(move |method| {
        log(&format!("paymentRequest {method:?}"));
        let widgets = widgets.clone();
        async move { tell("request_payment", widgets.request_payment(&WidgetRequest::new(order())).await) }
    })?;
    window.on_cancel(|| async { log("cancel") })?;
    Ok(window)
}

pub fn wire() {
    let shown = Rc::new(Shown::default());
    let here = Rc::clone(&shown);
    on_click_async("v2-load", move || {
        let here = Rc::clone(&here);
        async move {
            here.widgets.replace(keep("widgets", load().await));
        }
    });
    let here = Rc::clone(&shown);
    on_click_async("v2-load-brandpay", move || {
        let here = Rc::clone(&here);
        async move {
            here.widgets.replace(keep("widgets_with_brandpay", load_with_brandpay().await));
        }
    });
    // What needs the widgets.
    fn with<F: Future<Output = ()> + 'static>(id: &str, shown: &Rc<Shown>, act: impl Fn(Rc<Shown>, Widgets) -> F + Copy + 'static) {
        let shown = Rc::clone(shown);
        on_click_async(id, move || {
            let shown = Rc::clone(&shown);
            let widgets = shown.widgets.borrow().clone();
            async move {
                match widgets {
                    Some(widgets) => act(shown, widgets).await,
                    None => log("load first"),
                }
            }
        });
    }
    with("v2-amount", &shown, |_, widgets| async move {
        tell("set_amount", widgets.set_amount(&Amount::Won(amount())).await);
    });
    with("v2-methods", &shown, |shown, widgets| async move {
        shown.methods.replace(keep("render_payment_methods", draw_methods(widgets).await));
    });
    with("v2-agreement", &shown, |shown, widgets| async move {
        shown.agreement.replace(keep("render_agreement", draw_agreement(widgets).await));
    });
    with("v2-selected", &shown, |shown, _| async move {
        let methods = shown.methods.take();
        let Some(methods) = methods else { return log("draw first") };
        tell("selected", methods.selected().await);
        shown.methods.replace(Some(methods));
    });
    with("v2-request", &shown, |_, widgets| async move {
        tell("request_payment", widgets.request_payment(&WidgetRequest::new(order())).await);
    });
    with("v2-destroy", &shown, |shown, _| async move {
        let (methods, agreement) = (shown.methods.take(), shown.agreement.take());
        if let Some(methods) = methods {
            tell("destroy the methods", methods.destroy().await);
        }
        if let Some(agreement) = agreement {
            tell("destroy the terms", agreement.destroy().await);
        }
    });
    with("v2-window", &shown, |shown, widgets| async move {
        shown.window.replace(keep("render_payment_window", draw_window(widgets).await));
    });
    with("v2-older-window", &shown, |_, widgets| async move {
        let (request, amount) = (WidgetRequest::new(order()), Amount::Won(amount()));
        tell("request_payment_window", widgets.request_payment_window(&request, &amount, &WindowVariants::default()).await);
    });
    on_click("v2-window-destroy", move || {
        let window = shown.window.take();
        let Some(window) = window else { return log("draw first") };
        wasm_bindgen_futures::spawn_local(async move { tell("destroy the window", window.destroy().await) });
    });
}
