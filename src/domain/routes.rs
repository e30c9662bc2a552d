//! Every path of the checkout that page and server both name.

use toss_types::OrderId;

/// Leads to [`CHECKOUT`].
pub const HOME: &str = "/";
/// The order sheet.
pub const CHECKOUT: &str = "/checkout";
/// Where Toss sends the browser after the shopper approved.
pub const SUCCESS: &str = "/success";
/// Where Toss sends the browser after the shopper cancelled or the payment failed.
pub const FAIL: &str = "/fail";
/// Receipts; the order's id follows.
pub const ORDERS: &str = "/orders";
/// The confirm for shops with a front end of their own.
pub const CONFIRM: &str = "/confirm";
/// Where Toss posts its webhooks.
pub const WEBHOOKS: &str = "/webhooks/toss";
/// Remembers language and colour scheme.
pub const PREFERENCES: &str = "/preferences";
/// Says whether the server can do its work.
pub const HEALTH: &str = "/health";
/// Where browsers report what the content security policy kept out.
pub const CSP_REPORT: &str = "/csp-report";
/// Prefix of the server functions.
pub const API: &str = "/api";

/// The receipt of an order.
#[must_use]
pub fn order(id: &OrderId) -> String {
    format!("{ORDERS}/{id}")
}
