//! The pieces that pages are made of: values in, events out. They fetch nothing, and know of the widget only how it stands.

pub mod card;
pub mod copy_button;
pub mod coupon_box;
pub mod developer;
pub mod facts;
pub mod field;
pub mod layout;
pub mod order_lines;
pub mod pay_button;
pub mod reason;
pub mod totals;
pub mod widget_state;
