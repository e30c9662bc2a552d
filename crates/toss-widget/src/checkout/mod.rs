//! One interface over both SDKs: [`CheckoutWidget`] draws, changes the amount and requests the payment, whichever SDK runs;
//! [`Checkout`](crate::Checkout) drives it with [`machine`](crate::machine), so that a page tells what it wants and shows
//! the phase.

// `Checkout` and `Sdk` have their place at the root of the crate.
pub(crate) mod drive;
pub(crate) mod sdk;
mod settings;
mod widget;

pub use drive::Ticket;
pub use settings::{Place, Settings};
pub use widget::{CheckoutWidget, PaymentResult};
