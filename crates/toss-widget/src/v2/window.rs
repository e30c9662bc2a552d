//! Methods, terms and pay button as a window over the page.

use super::SelectedMethod;
use super::widgets::Drawn;
use crate::error::WidgetError;
use crate::json::Json;
use crate::raw::{Completion, Value, spawn};

/// Which designs a payment window has (types, `variantKey`); `None` is Toss's default.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WindowVariants {
    /// The variant key of the payment methods.
    pub payment_method: Option<String>,
    /// The variant key of the terms.
    pub agreement: Option<String>,
}

impl WindowVariants {
    pub(super) fn json(&self) -> Json {
        let mut keys = Json::new();
        keys.some_text("paymentMethod", self.payment_method.as_deref());
        keys.some_text("agreement", self.agreement.as_deref());
        let mut json = Json::new();
        json.some_object("variantKey", keys);
        json
    }
}

/// A payment window over the page (types, `WidgetPaymentWindow`). Dropping it drops the callbacks and closes it.
pub struct PaymentWindow(Drawn);

impl PaymentWindow {
    pub(super) fn new(drawn: Drawn) -> PaymentWindow {
        PaymentWindow(drawn)
    }

    /// Calls `f` when the buyer presses the window's pay button (event `paymentRequest`); the window waits for the future,
    /// in which [`Widgets::request_payment`](super::Widgets::request_payment) belongs. A call without a method is ignored.
    ///
    /// # Errors
    /// Whatever the script throws; then `f` is dropped.
    pub fn on_payment_request<F: Future<Output = ()> + 'static>(
        &mut self,
        mut f: impl FnMut(SelectedMethod) -> F + 'static,
    ) -> Result<(), WidgetError> {
        let handler = move |event: Value, done: Completion| {
            if let Some(method) = event.get("paymentMethod").and_then(|method| SelectedMethod::read(&method)) {
                answer(f(method), done);
            }
        };
        self.0.on_awaited("paymentRequest", Box::new(handler))
    }

    /// Calls `f` when the buyer closes the window (event `cancel`); the script waits for the future.
    ///
    /// # Errors
    /// Whatever the script throws; then `f` is dropped.
    pub fn on_cancel<F: Future<Output = ()> + 'static>(&mut self, mut f: impl FnMut() -> F + 'static) -> Result<(), WidgetError> {
        self.0.on_awaited("cancel", Box::new(move |_, done| answer(f(), done)))
    }

    /// Closes the window, and tells how that went (docs, `destroy`).
    ///
    /// # Errors
    /// What the script throws or rejects with.
    pub async fn destroy(self) -> Result<(), WidgetError> {
        self.0.destroy().await
    }
}

fn answer(work: impl Future<Output = ()> + 'static, done: Completion) {
    spawn(async move {
        work.await;
        drop(done);
    });
}
