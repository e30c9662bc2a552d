//! What a checkout needs to know.

use crate::args::Customer;
use crate::checkout::sdk::Sdk;
use crate::loader::LoadOptions;
use crate::setters::setters;

/// Where a part of the widget is drawn.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct Place {
    /// A CSS selector. The element has to be in the page before drawing; what stands in it goes.
    pub selector: String,
    /// Which of the merchant's designs; `None` is Toss's default.
    pub variant_key: Option<String>,
}

impl Place {
    /// A place for Toss's default design.
    #[must_use]
    pub fn new(selector: impl Into<String>) -> Place {
        Place { selector: selector.into(), variant_key: None }
    }
}

setters! {
    Place {
        text variant_key,
    }
}

/// What a checkout needs to know.
///
/// ```
/// use toss_widget::checkout::{Place, Settings};
/// use toss_widget::{Customer, LoadOptions, Sdk};
///
/// let settings = Settings::new(Sdk::V2, "test_gck_...", Customer::Anonymous, "#methods", "#agreement")
///     .methods(Place::new("#methods").variant_key("CARDS_ONLY"))
///     .load(LoadOptions::new().nonce("r4nd0m"))
///     .patience_ms(5_000);
/// # assert_eq!(settings.patience_ms, 5_000);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
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
    pub fn new(
        sdk: Sdk,
        client_key: impl Into<String>,
        customer: Customer,
        methods_selector: impl Into<String>,
        agreement_selector: impl Into<String>,
    ) -> Settings {
        Settings {
            sdk,
            load: LoadOptions::default(),
            client_key: client_key.into(),
            customer,
            methods: Place::new(methods_selector).variant_key("DEFAULT"),
            agreement: Place::new(agreement_selector).variant_key("AGREEMENT"),
            patience_ms: 10_000,
        }
    }
}

setters! {
    Settings {
        set load: LoadOptions,
        set methods: Place,
        set agreement: Place,
        set patience_ms: u32,
    }
}
