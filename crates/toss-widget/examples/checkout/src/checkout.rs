//! The interface over both SDKs.

use crate::page::{amount, enable, load_options, log, on_click, on_click_async, order, tell, value};
use std::cell::RefCell;
use std::rc::Rc;
use toss_widget::checkout::Settings;
use toss_widget::{Checkout, Customer, Sdk, UpdateReason};

pub fn wire() {
    let current: Rc<RefCell<Option<Checkout>>> = Rc::default();
    let holder = Rc::clone(&current);
    on_click("checkout-open", move || {
        // The old one goes first.
        holder.replace(None);
        let sdk = Sdk::parse(&value("sdk")).unwrap_or(Sdk::V1);
        let settings = Settings::new(sdk, value("gck"), Customer::Anonymous, "#methods", "#agreement").load(load_options(sdk));
        let checkout = Checkout::new(settings, amount(), |phase| {
            enable("checkout-pay", phase.can_pay());
            log(&format!("{phase:?}"));
        });
        checkout.open();
        holder.replace(Some(checkout));
    });
    let with = |act: fn(&Checkout)| {
        let holder = Rc::clone(&current);
        move || match &*holder.borrow() {
            Some(checkout) => act(checkout),
            None => log("open a checkout first"),
        }
    };
    on_click("checkout-want", with(|checkout| checkout.want(amount(), Some(UpdateReason::Coupon))));
    on_click("checkout-retry", with(Checkout::retry));
    let holder = Rc::clone(&current);
    on_click_async("checkout-pay", move || {
        let checkout = holder.borrow().clone();
        async move {
            let Some(ticket) = checkout.and_then(|checkout| checkout.press()) else { return };
            // Here a shop's server stores an order of `ticket.amount()`.
            tell("pay", ticket.pay(&order()).await);
        }
    });
    let give_up = |checkout: &Checkout| match checkout.press() {
        Some(ticket) => ticket.give_up(),
        None => log("nothing can be paid now"),
    };
    on_click("checkout-give-up", with(give_up));
    on_click("checkout-drop", move || {
        current.replace(None);
        enable("checkout-pay", false);
        log("dropped");
    });
}
