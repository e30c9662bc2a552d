//! A pay page on either SDK, with the machine: the interface that a shop uses.

use toss_widget::checkout::Settings;
use toss_widget::{Checkout, Customer, Order, OrderId, Sdk, UpdateReason, Won};
use toss_widget_size::{read, show};

fn main() {
    let sdk = Sdk::parse(&read()).unwrap_or(Sdk::V1);
    let settings = Settings::new(sdk, read(), Customer::Anonymous, "#methods", "#agreement");
    let checkout = Checkout::new(settings, Won::of(50_000), |phase| show(if phase.can_pay() { "pay" } else { "" }));
    checkout.open();
    checkout.want(Won::of(45_000), Some(UpdateReason::Coupon));
    wasm_bindgen_futures::spawn_local(async move {
        let Some(ticket) = checkout.press() else { return checkout.retry() };
        let Ok(order_id) = OrderId::parse(&read()) else { return };
        let order = Order::new(order_id, read()).redirect(read(), read());
        if let Err(error) = ticket.pay(&order).await {
            show(&error.message);
        }
    });
}
