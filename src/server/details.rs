//! What this shop wants to know of an order again. The engine keeps it and never reads it.

use crate::domain::cart::CartRequest;
use crate::domain::customer::Customer;
use crate::domain::lang::Lang;
use serde::{Deserialize, Serialize};

/// What was bought, by whom, and in which language.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Details {
    /// What was bought.
    pub cart: CartRequest,
    /// Contact data.
    pub customer: Customer,
    /// The language it was placed in.
    pub lang: Lang,
}

impl Details {
    /// As the engine keeps it.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("invariant: texts and numbers are JSON")
    }

    /// The reverse of [`Details::to_text`].
    ///
    /// # Errors
    /// When another version wrote it in a form that this one does not know.
    pub fn from_text(text: &str) -> Result<Details, serde_json::Error> {
        serde_json::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cart::Cart;
    use crate::domain::customer::CustomerRequest;

    #[test]
    fn details_survive_the_store() {
        let typed = CustomerRequest { name: "김토스".to_owned(), email: "a@b.co".to_owned(), phone: "01012345678".to_owned() };
        let details = Details { cart: Cart::demo().to_request(), customer: Customer::parse(&typed).unwrap(), lang: Lang::En };
        let again = Details::from_text(&details.to_text()).unwrap();
        assert!(again.cart == details.cart && again.customer == details.customer && again.lang == details.lang);
    }

    /// The migration of earlier orders writes this form.
    #[test]
    fn details_of_earlier_orders_are_read() {
        let text = r#"{"cart":{"items":[{"id":"mug","quantity":2}],"coupon":null},"customer":{"name":"n","email":"e@x.co","phone":"01012345678"},"lang":"ko"}"#;
        assert_eq!(Details::from_text(text).unwrap().cart.items[0].quantity, 2);
    }
}
