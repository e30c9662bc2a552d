//! A request as the object that Toss reads.

use super::request::PaymentRequest;
use crate::goods::{put_carriers, put_escrow_products, put_overseas};
use crate::json::Json;

impl PaymentRequest {
    pub(super) fn json(&self) -> String {
        let mut json = Json::new();
        self.order.put(&mut json);
        json.some_text("appScheme", self.app_scheme.as_deref());
        json.some_flag("showCustomerMobilePhone", self.show_customer_mobile_phone);
        json.some_flag("cultureExpense", self.culture_expense);
        json.some_flag("useEscrow", self.use_escrow);
        json.some_flag("useInternationalCardOnly", self.use_international_card_only);
        json.some_won("taxExemptionAmount", self.tax_exemption_amount);
        put_carriers(&mut json, "mobileCarrier", &self.mobile_carrier);
        put_escrow_products(&mut json, &self.escrow_products);
        put_overseas(&mut json, &self.products, self.shipping.as_ref(), self.paypal_transaction_context.as_deref());
        json.finish()
    }
}
