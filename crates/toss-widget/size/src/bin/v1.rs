//! A pay page on SDK v1 alone.

use toss_widget::v1::{PaymentRequest, PaymentWidget};
use toss_widget::{Customer, LoadOptions, Order, OrderId, UpdateReason, WidgetError, Won};
use toss_widget_size::{read, show};

async fn page() -> Result<(), WidgetError> {
    let widget = PaymentWidget::load(&LoadOptions::default(), &read(), &Customer::Anonymous).await?;
    let mut methods = widget.render_payment_methods("#methods", Won::of(50_000), Some("DEFAULT"))?;
    let mut agreement = widget.render_agreement("#agreement", Some("AGREEMENT"))?;
    methods.on_ready(|| show("ready"))?;
    agreement.on_change(|status| show(if status.agreed_required_terms { "agreed" } else { "" }))?;
    methods.update_amount(Won::of(45_000), Some(UpdateReason::Coupon))?;
    let Ok(order_id) = OrderId::parse(&read()) else { return Ok(()) };
    let request = PaymentRequest::new(Order::new(order_id, read()).redirect(read(), read()));
    widget.request_payment(&request).await.map(drop)
}

fn main() {
    wasm_bindgen_futures::spawn_local(async {
        if let Err(error) = page().await {
            show(&error.message);
        }
    });
}
