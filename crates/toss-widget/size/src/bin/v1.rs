//! A pay page on SDK v1 alone.

use toss_widget::{Customer, LoadOptions, OrderId, PaymentRequest, UpdateReason, WidgetError, Won, load_payment_widget};
use toss_widget_size::{read, show};

async fn page() -> Result<(), WidgetError> {
    let widget = load_payment_widget(&LoadOptions::default(), &read(), &Customer::Anonymous).await?;
    let mut methods = widget.render_payment_methods("#methods", Won::of(50_000), Some("DEFAULT"))?;
    let mut agreement = widget.render_agreement("#agreement", Some("AGREEMENT"))?;
    methods.on_ready(|| show("ready"))?;
    agreement.on_change(|status| show(if status.agreed_required_terms { "agreed" } else { "" }))?;
    methods.update_amount(Won::of(45_000), Some(UpdateReason::Coupon))?;
    let Ok(order_id) = OrderId::parse(&read()) else { return Ok(()) };
    let request = PaymentRequest { success_url: Some(read()), fail_url: Some(read()), ..PaymentRequest::new(order_id, read()) };
    widget.request_payment(&request).await.map(drop)
}

fn main() {
    wasm_bindgen_futures::spawn_local(async {
        if let Err(error) = page().await {
            show(&error.message);
        }
    });
}
