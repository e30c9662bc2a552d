//! The limits of a request, checked before it crosses into JavaScript.

use super::request::{EscrowProduct, PaymentRequest, Product};
use crate::args::{self, Checked, Limit, check};
use crate::error::WidgetError;

impl PaymentRequest {
    /// Checks every field against the limits that Toss documents.
    ///
    /// # Errors
    /// `InvalidArgument`, which names the first field that fails and its limit. `paypal_transaction_context` is read as
    /// JSON only when the payment is requested.
    pub fn validate(&self) -> Result<(), WidgetError> {
        Ok(self.checked()?)
    }

    fn checked(&self) -> Checked {
        check(args::is_order_id(&self.order_id), &Limit { field: "order_id", must_be: args::ORDER_ID })?;
        let name = args::length(&self.order_name);
        check((1..=100).contains(&name), &Limit { field: "order_name", must_be: "1 to 100 characters" })?;
        self.checked_urls()?;
        self.checked_customer()?;
        self.checked_amounts()?;
        let address = self.shipping.as_ref().and_then(|shipping| shipping.address.as_ref());
        if let Some(address) = address {
            check(!address.country.is_empty(), &Limit { field: "shipping.address.country", must_be: "present" })?;
            check(!address.area2.is_empty(), &Limit { field: "shipping.address.area2", must_be: "present" })?;
        }
        args::metadata(&self.metadata)
    }

    fn checked_urls(&self) -> Checked {
        const PAIR: &str = "present if the other address is";
        match (&self.success_url, &self.fail_url) {
            (Some(success), Some(fail)) => {
                check(args::is_url(success), &Limit { field: "success_url", must_be: args::URL })?;
                check(args::is_url(fail), &Limit { field: "fail_url", must_be: args::URL })
            }
            (None, None) => Ok(()),
            (None, Some(_)) => Err(&Limit { field: "success_url", must_be: PAIR }),
            (Some(_), None) => Err(&Limit { field: "fail_url", must_be: PAIR }),
        }
    }

    fn checked_customer(&self) -> Checked {
        const SHORT: &str = "at most 100 characters";
        let short = |text: &str| args::length(text) <= 100;
        let fits = |text: &Option<String>, fits: fn(&str) -> bool| text.as_deref().is_none_or(fits);
        check(fits(&self.customer_email, short), &Limit { field: "customer_email", must_be: SHORT })?;
        check(fits(&self.customer_name, short), &Limit { field: "customer_name", must_be: SHORT })?;
        let phone = fits(&self.customer_mobile_phone, args::is_phone);
        check(phone, &Limit { field: "customer_mobile_phone", must_be: args::PHONE })?;
        let scheme = fits(&self.app_scheme, args::is_app_scheme);
        check(scheme, &Limit { field: "app_scheme", must_be: args::APP_SCHEME })
    }

    fn checked_amounts(&self) -> Checked {
        let fits = |amount: Option<i64>| amount.is_none_or(args::is_amount);
        check(fits(self.tax_free_amount), &Limit { field: "tax_free_amount", must_be: args::AMOUNT })?;
        check(fits(self.tax_exemption_amount), &Limit { field: "tax_exemption_amount", must_be: args::AMOUNT })?;
        let fits = |product: &EscrowProduct| args::is_amount(product.unit_price);
        let escrow = self.escrow_products.iter().all(fits);
        check(escrow, &Limit { field: "escrow_products.unit_price", must_be: args::AMOUNT })?;
        let fits = |product: &Product| args::is_amount(product.unit_amount.minor) && product.unit_amount.decimals <= 4;
        let products = self.products.iter().all(fits);
        let limit = &Limit { field: "products.unit_amount", must_be: "0 to 9007199254740991 with at most 4 decimals" };
        check(products, limit)
    }
}

#[cfg(test)]
mod tests {
    use super::super::request::{Address, Shipping, UnitAmount};
    use super::*;
    use crate::error::ErrorCode;

    fn valid() -> PaymentRequest {
        PaymentRequest {
            success_url: Some("https://shop.example/success".to_owned()),
            fail_url: Some("https://shop.example/fail".to_owned()),
            customer_email: Some("a@shop.example".to_owned()),
            customer_name: Some("김토스".to_owned()),
            customer_mobile_phone: Some("01012341234".to_owned()),
            app_scheme: Some("shop://".to_owned()),
            tax_free_amount: Some(0),
            metadata: vec![("k".to_owned(), "v".to_owned())],
            ..PaymentRequest::new("order-1", "사과")
        }
    }

    fn product(minor: i64, decimals: u8) -> Product {
        Product {
            name: "apple".to_owned(),
            quantity: 1,
            unit_amount: UnitAmount { minor, decimals },
            currency: "USD".to_owned(),
            description: "an apple".to_owned(),
        }
    }

    fn shipping(country: &str, area2: &str) -> Option<Shipping> {
        let (country, area2) = (country.to_owned(), area2.to_owned());
        let address = Address { country, area2, ..Address::default() };
        Some(Shipping { full_name: None, address: Some(address) })
    }

    #[test]
    fn a_valid_request_passes_in_both_modes() {
        assert_eq!(valid().validate(), Ok(()));
        let promise = PaymentRequest::new("order-1", "사과");
        assert_eq!(promise.validate(), Ok(()));
        assert!(valid().is_redirect() && !promise.is_redirect());
    }

    #[test]
    fn each_broken_field_is_named() {
        type Break = fn(&mut PaymentRequest);
        let breaks: &[(&str, Break)] = &[
            ("order_id", |r| r.order_id = "short".to_owned()),
            ("order_name", |r| r.order_name.clear()),
            ("order_name", |r| r.order_name = "가".repeat(101)),
            ("success_url", |r| r.success_url = Some("/success".to_owned())),
            ("fail_url", |r| r.fail_url = Some("/fail".to_owned())),
            ("success_url", |r| r.success_url = None),
            ("fail_url", |r| r.fail_url = None),
            ("customer_email", |r| r.customer_email = Some("a".repeat(101))),
            ("customer_name", |r| r.customer_name = Some("가".repeat(101))),
            ("customer_mobile_phone", |r| r.customer_mobile_phone = Some("010-1234".to_owned())),
            ("app_scheme", |r| r.app_scheme = Some("shop".to_owned())),
            ("tax_free_amount", |r| r.tax_free_amount = Some(-1)),
            ("tax_exemption_amount", |r| r.tax_exemption_amount = Some(i64::MAX)),
            ("metadata", |r| r.metadata.push(("a[]".to_owned(), String::new()))),
            ("products.unit_amount", |r| r.products.push(product(-1, 2))),
            ("products.unit_amount", |r| r.products.push(product(1, 5))),
            ("shipping.address.country", |r| r.shipping = shipping("", "Seoul")),
            ("shipping.address.area2", |r| r.shipping = shipping("KR", "")),
            ("escrow_products.unit_price", |r| {
                let text = || "apple".to_owned();
                let (id, code, name) = (text(), text(), text());
                r.escrow_products.push(EscrowProduct { id, code, name, unit_price: -1, quantity: 1 });
            }),
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
        let printed = format!("{request:?}");
        assert!(printed.contains("order-1"), "{printed}");
        for private in ["a@shop", "김토스", "0101234", "Seoul"] {
            assert!(!printed.contains(private), "{printed}");
        }
    }
}
