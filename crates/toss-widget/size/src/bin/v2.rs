//! A pay page on SDK v2 alone.

use toss_widget::v2::{Amount, TossPayments, WidgetRequest};
use toss_widget::{Customer, LoadOptions, Order, OrderId, WidgetError, Won};
use toss_widget_size::{read, show};

async fn page() -> Result<(), WidgetError> {
    let toss = TossPayments::load(&LoadOptions::default(), &read()).await?;
    let widgets = toss.widgets(&Customer::Anonymous)?;
    widgets.set_amount(&Amount::Won(Won::of(50_000))).await?;
    let _methods = widgets.render_payment_methods("#methods", Some("DEFAULT")).await?;
    let mut agreement = widgets.render_agreement("#agreement", Some("AGREEMENT")).await?;
    agreement.on_change(|status| show(if status.agreed_required_terms { "agreed" } else { "" }))?;
    widgets.set_amount(&Amount::Won(Won::of(45_000))).await?;
    let Ok(order_id) = OrderId::parse(&read()) else { return Ok(()) };
    let order = Order::new(order_id, read()).redirect(read(), read());
    widgets.request_payment(&WidgetRequest::new(order)).await.map(drop)
}

fn main() {
    wasm_bindgen_futures::spawn_local(async {
        if let Err(error) = page().await {
            show(&error.message);
        }
    });
}
