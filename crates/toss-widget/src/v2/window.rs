//! Methods, terms and pay button as a window over the page.

use super::SelectedMethod;
use super::widgets::Drawn;
use crate::error::WidgetError;
use crate::json::Json;
use crate::raw::{Completion, Value, spawn};
use crate::setters::{empty_new, opaque, setters};

/// Which designs a payment window has (types, `variantKey`); `None` is Toss's default.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub struct WindowVariants {
    /// The variant key of the payment methods.
    pub payment_method: Option<String>,
    /// The variant key of the terms.
    pub agreement: Option<String>,
}

empty_new!(WindowVariants);

setters! {
    WindowVariants {
        text payment_method,
        text agreement,
    }
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

/// A payment window over the page (types, `WidgetPaymentWindow`). Dropping it drops the callbacks and closes it;
/// [`forget`](PaymentWindow::forget) leaves it to the buyer.
pub struct PaymentWindow(Drawn);

opaque!(PaymentWindow);

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

    /// Leaves the window on the page and keeps the callbacks for as long as the page lives, without anybody who has to hold this. What
    /// the callbacks hold is not freed, and no other window can be drawn until the buyer has closed this one.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

fn answer(work: impl Future<Output = ()> + 'static, done: Completion) {
    spawn(async move {
        work.await;
        drop(done);
    });
}
