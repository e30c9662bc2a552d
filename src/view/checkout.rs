//! The order sheet.

use crate::domain::cart::CartRequest;
use crate::domain::customer::CustomerRequest;
use crate::domain::lang::Lang;
use serde::{Deserialize, Serialize};
use toss_types::CustomerKey;
use toss_widget::Sdk;

/// What the order sheet starts with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckoutView {
    /// The language.
    pub lang: Lang,
    /// What is in the cart.
    pub cart: CartRequest,
    /// Contact data to begin with.
    pub customer: CustomerRequest,
    /// The member's key at Toss; a guest has none.
    pub customer_key: Option<CustomerKey>,
    /// Toss's public key of the shop.
    pub client_key: String,
    /// Where the widget script is.
    pub widget_url: String,
    /// Which SDK it is.
    #[serde(with = "sdk_word")]
    pub sdk: Sdk,
}

/// The SDK as its word, as settings write it.
mod sdk_word {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use toss_widget::Sdk;

    pub fn serialize<S: Serializer>(sdk: &Sdk, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(sdk.as_str())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Sdk, D::Error> {
        Sdk::parse(&String::deserialize(from)?).ok_or_else(|| D::Error::custom("no such SDK"))
    }
}
