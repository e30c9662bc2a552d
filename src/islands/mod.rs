//! The interactive parts of otherwise static pages.

pub mod checkout;
mod count;
pub mod order_status;
mod payment_widget;
