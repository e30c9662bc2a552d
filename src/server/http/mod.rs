//! The web: what comes in, who asks, what goes out. What it means for orders and money is the engine's.

mod assets;
mod calls;
mod confirm;
pub mod context;
mod cookies;
mod csp;
mod files;
pub mod guard;
mod headers;
mod health;
mod hourly;
pub mod listen;
mod metrics;
mod pages;
mod preferences;
mod problem;
mod render;
mod router;
mod server_functions;
pub mod session;
mod success;
mod views;
pub mod visit;
mod waits;
mod webhooks;

pub use assets::Assets;
pub use calls::{await_order, checkout_view, confirm_payment, order_view, place_order};
pub use metrics::metrics;
pub use router::router;
