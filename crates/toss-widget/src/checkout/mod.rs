//! One interface over both SDKs: [`CheckoutWidget`] draws, changes the amount and requests the payment, whichever SDK runs;
//! [`Checkout`] drives it with [`machine`](crate::machine), so that a page tells what it wants and shows the phase.

mod drive;
mod widget;

pub use drive::{Checkout, Ticket};
pub use widget::CheckoutWidget;

use crate::args::Customer;
use crate::loader::LoadOptions;

/// Which SDK of Toss's runs in the page.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Sdk {
    /// The payment widget of SDK v1, which Toss has frozen.
    V1,
    /// SDK v2, which Toss recommends.
    V2,
}

impl Sdk {
    /// Reads `v1` or `v2`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Sdk> {
        match word {
            "v1" => Some(Sdk::V1),
            "v2" => Some(Sdk::V2),
            _ => None,
        }
    }

    /// `v1` or `v2`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Sdk::V1 => "v1",
            Sdk::V2 => "v2",
        }
    }

    /// Where Toss serves the script.
    #[must_use]
    pub fn default_src(self) -> &'static str {
        match self {
            Sdk::V1 => crate::v1::DEFAULT_SRC,
            Sdk::V2 => crate::v2::DEFAULT_SRC,
        }
    }
}

/// Where a part of the widget is drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// A CSS selector. The element has to be in the page before drawing; what stands in it goes.
    pub selector: String,
    /// Which of the merchant's designs; `None` is Toss's default.
    pub variant_key: Option<String>,
}

/// What a checkout needs to know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Which SDK.
    pub sdk: Sdk,
    /// How to load its script.
    pub load: LoadOptions,
    /// Toss's public key of the shop, of the `gck` family.
    pub client_key: String,
    /// Who pays.
    pub customer: Customer,
    /// Where the payment methods are drawn.
    pub methods: Place,
    /// Where the terms are drawn.
    pub agreement: Place,
    /// How long drawing, and a change of the amount, may each take before they count as failed, in ms.
    pub patience_ms: u32,
}

impl Settings {
    /// The usual settings: Toss's script, the variants of Toss's samples (`DEFAULT` and `AGREEMENT`), 10 s of patience.
    #[must_use]
    pub fn new(sdk: Sdk, client_key: &str, customer: Customer, methods_selector: &str, agreement_selector: &str) -> Settings {
        let place = |selector: &str, variant: &str| Place { selector: selector.to_owned(), variant_key: Some(variant.to_owned()) };
        Settings {
            sdk,
            load: LoadOptions::default(),
            client_key: client_key.to_owned(),
            customer,
            methods: place(methods_selector, "DEFAULT"),
            agreement: place(agreement_selector, "AGREEMENT"),
            patience_ms: 10_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sdk_has_a_name_and_an_address() {
        for sdk in [Sdk::V1, Sdk::V2] {
            assert_eq!(Sdk::parse(sdk.as_str()), Some(sdk));
            assert!(sdk.default_src().contains(&format!("/{}/", sdk.as_str())));
        }
        assert_eq!(Sdk::parse("v3"), None);
    }
}
