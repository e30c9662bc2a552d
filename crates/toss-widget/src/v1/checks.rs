//! The limits of a request, checked before it crosses into JavaScript.

use super::request::PaymentRequest;
use crate::args::{self, Checked, Limit, check};
use crate::error::WidgetError;
use crate::goods;

impl PaymentRequest {
    /// Checks every field against the limits that Toss documents.
    ///
    /// # Errors
    /// `InvalidArgument`, which names the first field that fails and its limit. Whether `paypal_transaction_context` is
    /// JSON is checked in a browser only.
    pub fn validate(&self) -> Result<(), WidgetError> {
        Ok(self.checked()?)
    }

    fn checked(&self) -> Checked {
        self.order.checked()?;
        let scheme = self.app_scheme.as_deref().is_none_or(args::is_app_scheme);
        check(scheme, &Limit { field: "app_scheme", must_be: args::APP_SCHEME })?;
        goods::check_products(&self.products)?;
        goods::check_shipping(self.shipping.as_ref())?;
        goods::check_paypal(self.paypal_transaction_context.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;
    use crate::goods::{Address, Product, Shipping, UnitAmount};
    use crate::order::Order;
    use toss_types::Won;

    fn valid() -> PaymentRequest {
        let order = Order::sample()
            .redirect("https://shop.example/success", "https://shop.example/fail")
            .customer_email("a@shop.example")
            .customer_name("김토스")
            .customer_mobile_phone("01012341234")
            .tax_free_amount(Won::of(0))
            .metadata("k", "v");
        PaymentRequest::new(order).app_scheme("shop://")
    }

    fn product(minor: i64, decimals: u8) -> Product {
        Product::new("apple", 1, UnitAmount::new(minor, decimals), "USD", "an apple")
    }

    fn shipping(country: &str, area2: &str) -> Option<Shipping> {
        Some(Shipping::new().address(Address::new(country, area2)))
    }

    #[test]
    fn a_valid_request_passes_in_both_modes() {
        assert_eq!(valid().validate(), Ok(()));
        let promise = PaymentRequest::from(Order::sample());
        assert_eq!(promise.validate(), Ok(()));
        assert!(valid().order.is_redirect() && !promise.order.is_redirect());
    }

    #[test]
    fn each_broken_field_is_named() {
        type Break = fn(&mut PaymentRequest);
        let breaks: &[(&str, Break)] = &[
            ("order_name", |r| r.order.order_name.clear()),
            ("order_name", |r| r.order.order_name = "가".repeat(101)),
            ("success_url", |r| r.order.success_url = Some("/success".to_owned())),
            ("fail_url", |r| r.order.fail_url = Some("/fail".to_owned())),
            ("success_url", |r| r.order.success_url = None),
            ("fail_url", |r| r.order.fail_url = None),
            ("customer_email", |r| r.order.customer_email = Some("a".repeat(101))),
            ("customer_name", |r| r.order.customer_name = Some("가".repeat(101))),
            ("customer_mobile_phone", |r| r.order.customer_mobile_phone = Some("010-1234".to_owned())),
            ("app_scheme", |r| r.app_scheme = Some("shop".to_owned())),
            ("metadata", |r| r.order.metadata.push(("a[]".to_owned(), String::new()))),
            ("products.unit_amount", |r| r.products.push(product(-1, 2))),
            ("products.unit_amount", |r| r.products.push(product(1, 5))),
            ("shipping.address.country", |r| r.shipping = shipping("", "Seoul")),
            ("shipping.address.area2", |r| r.shipping = shipping("KR", "")),
        ];
        for (named, break_it) in breaks {
            let mut request = valid();
            break_it(&mut request);
            let error = request.validate().expect_err(named);
            let ErrorCode::InvalidArgument { field, limit } = error.code else { unreachable!("{named}: {}", error.code) };
            assert_eq!(field, *named);
            assert!(!limit.is_empty());
        }
    }

    #[test]
    fn personal_data_is_not_printed() {
        let mut request = valid();
        request.shipping = shipping("KR", "Seoul");
        request.paypal_transaction_context = Some(r#"{"sender_email":"b@shop.example"}"#.to_owned());
        let printed = format!("{request:?}");
        assert!(printed.contains("order-1"), "{printed}");
        for private in ["a@shop", "b@shop", "김토스", "0101234", "Seoul"] {
            assert!(!printed.contains(private), "{printed}");
        }
    }
}
