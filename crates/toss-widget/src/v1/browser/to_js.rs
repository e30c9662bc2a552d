//! A request as the plain object that Toss reads. Fields that are not set are left out.

use super::number;
use crate::args::{Limit, check};
use crate::error::WidgetError;
use crate::js::{self, Fields};
use crate::v1::request::{Address, EscrowProduct, MobileCarrier, PaymentRequest, Product, Shipping, UnitAmount};
use js_sys::Array;
use wasm_bindgen::JsValue;

pub(super) fn request(request: &PaymentRequest) -> Result<Fields, WidgetError> {
    let fields = Fields::new();
    fields.set("orderId", &request.order_id);
    fields.set("orderName", &request.order_name);
    for (key, text) in [
        ("successUrl", &request.success_url),
        ("failUrl", &request.fail_url),
        ("customerEmail", &request.customer_email),
        ("customerName", &request.customer_name),
        ("customerMobilePhone", &request.customer_mobile_phone),
        ("appScheme", &request.app_scheme),
    ] {
        fields.set_some(key, text.as_deref());
    }
    for (key, choice) in [
        ("showCustomerMobilePhone", request.show_customer_mobile_phone),
        ("cultureExpense", request.culture_expense),
        ("useEscrow", request.use_escrow),
        ("useInternationalCardOnly", request.use_international_card_only),
    ] {
        fields.set_some(key, choice);
    }
    for (key, amount) in [("taxFreeAmount", request.tax_free_amount), ("taxExemptionAmount", request.tax_exemption_amount)] {
        fields.set_some(key, amount.map(number));
    }
    let carrier = |carrier: &MobileCarrier| carrier.as_str().into();
    set_list(&fields, "mobileCarrier", &mut request.mobile_carrier.iter().map(carrier));
    set_list(&fields, "escrowProducts", &mut request.escrow_products.iter().map(escrow_product));
    set_list(&fields, "products", &mut request.products.iter().map(product));
    fields.set_some("shipping", request.shipping.as_ref().map(shipping));
    if let Some(text) = &request.paypal_transaction_context {
        let context = js::parse_json(text);
        check(context.is_some(), &Limit { field: "paypal_transaction_context", must_be: "JSON" })?;
        let paypal = Fields::new();
        paypal.set_some("setTransactionContext", context);
        let options = Fields::new();
        options.set("paypal", paypal);
        fields.set("paymentMethodOptions", options);
    }
    if !request.metadata.is_empty() {
        let metadata = Fields::new();
        for (key, value) in &request.metadata {
            metadata.set(key, value);
        }
        fields.set("metadata", metadata);
    }
    Ok(fields)
}

fn set_list(fields: &Fields, key: &str, items: &mut dyn Iterator<Item = JsValue>) {
    let list = Array::new();
    for item in items {
        list.push(&item);
    }
    if list.length() > 0 {
        fields.set(key, list);
    }
}

fn escrow_product(product: &EscrowProduct) -> JsValue {
    let fields = Fields::new();
    fields.set("id", &product.id);
    fields.set("code", &product.code);
    fields.set("name", &product.name);
    fields.set("unitPrice", number(product.unit_price));
    fields.set("quantity", product.quantity);
    fields.into()
}

fn product(product: &Product) -> JsValue {
    let fields = Fields::new();
    fields.set("name", &product.name);
    fields.set("quantity", product.quantity);
    fields.set("unitAmount", decimal(product.unit_amount));
    fields.set("currency", &product.currency);
    fields.set("description", &product.description);
    fields.into()
}

/// The nearest number of JavaScript's: both operands are exact, so one correctly rounded division remains.
fn decimal(amount: UnitAmount) -> f64 {
    number(amount.minor) / f64::from(10_u32.pow(u32::from(amount.decimals)))
}

fn shipping(shipping: &Shipping) -> Fields {
    let fields = Fields::new();
    fields.set_some("fullName", shipping.full_name.as_deref());
    fields.set_some("address", shipping.address.as_ref().map(address));
    fields
}

fn address(address: &Address) -> Fields {
    let fields = Fields::new();
    fields.set("country", &address.country);
    fields.set_some("line1", address.line1.as_deref());
    fields.set_some("line2", address.line2.as_deref());
    fields.set_some("area1", address.area1.as_deref());
    fields.set("area2", &address.area2);
    fields.set_some("postalCode", address.postal_code.as_deref());
    fields
}
