//! Registering a method for automatic payments.

use super::options::{FlowMode, put_words};
use super::request::WindowTarget;
use crate::args::{self, Checked};
use crate::error::WidgetError;
use crate::json::Json;
use std::fmt;

/// The argument of `requestBillingAuth` (types, `BillingAuthRequest`).
#[derive(Clone, PartialEq, Eq)]
pub struct BillingAuthRequest {
    /// What is registered.
    pub method: BillingAuth,
    /// Where the browser goes afterwards, with `customerKey` and `authKey`. Absolute.
    pub success_url: String,
    /// Where the browser goes when that failed. Absolute.
    pub fail_url: String,
    /// At most 100 characters.
    pub customer_name: Option<String>,
    /// At most 100 characters.
    pub customer_email: Option<String>,
    /// Where the window opens; `None` leaves it to Toss.
    pub window_target: Option<WindowTarget>,
}

/// What is registered (types, `CardBillingAuthRequest`, `TransferBillingAuthRequest`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BillingAuth {
    /// `CARD`.
    Card {
        /// Whether personal cards can be chosen.
        personal: bool,
        /// Whether corporate cards can be chosen. With both or neither the choice is Toss's.
        corporate: bool,
        /// How the window starts.
        flow_mode: Option<FlowMode>,
        /// The easy payment's code: `TOSSPAY` or `NAVERPAY`.
        easy_pay: Option<String>,
        /// The card company's code.
        card_company: Option<String>,
    },
    /// `TRANSFER`: a bank account (quick transfer). One page of Toss's says that only cards can be registered; the types
    /// and the page on quick transfer say otherwise.
    Transfer,
}

impl BillingAuthRequest {
    /// A card, whichever it is.
    #[must_use]
    pub fn card(success_url: impl Into<String>, fail_url: impl Into<String>) -> BillingAuthRequest {
        let method = BillingAuth::Card { personal: false, corporate: false, flow_mode: None, easy_pay: None, card_company: None };
        BillingAuthRequest::new(method, success_url, fail_url)
    }

    /// A request with what every request has.
    #[must_use]
    pub fn new(method: BillingAuth, success_url: impl Into<String>, fail_url: impl Into<String>) -> BillingAuthRequest {
        let (success_url, fail_url) = (success_url.into(), fail_url.into());
        BillingAuthRequest { method, success_url, fail_url, customer_name: None, customer_email: None, window_target: None }
    }

    /// Checks every field against the limits that Toss documents.
    ///
    /// # Errors
    /// `InvalidArgument`, which names the first field that fails and its limit.
    pub fn validate(&self) -> Result<(), WidgetError> {
        Ok(self.checked()?)
    }

    fn checked(&self) -> Checked {
        args::urls(Some(&self.success_url), Some(&self.fail_url))?;
        args::customer(self.customer_email.as_deref(), self.customer_name.as_deref())
    }
}

/// Names of people stay out of logs.
impl fmt::Debug for BillingAuthRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BillingAuthRequest").field("method", &self.method).finish_non_exhaustive()
    }
}

pub(super) fn json(request: &BillingAuthRequest) -> String {
    let mut json = Json::new();
    match &request.method {
        BillingAuth::Card { personal, corporate, flow_mode, easy_pay, card_company } => {
            json.text("method", "CARD");
            match (personal, corporate) {
                (true, false) => put_words(&mut json, "selectableCardTypes", &["PERSONAL"]),
                (false, true) => put_words(&mut json, "selectableCardTypes", &["CORPORATE"]),
                (true, true) => put_words(&mut json, "selectableCardTypes", &["PERSONAL", "CORPORATE"]),
                (false, false) => {}
            }
            json.some_text("flowMode", flow_mode.map(FlowMode::as_str));
            json.some_text("easyPay", easy_pay.as_deref());
            json.some_text("cardCompany", card_company.as_deref());
        }
        BillingAuth::Transfer => json.text("method", "TRANSFER"),
    }
    json.text("successUrl", &request.success_url);
    json.text("failUrl", &request.fail_url);
    json.some_text("customerName", request.customer_name.as_deref());
    json.some_text("customerEmail", request.customer_email.as_deref());
    json.some_text("windowTarget", request.window_target.map(WindowTarget::as_str));
    json.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_or_an_account_is_asked_for() {
        let mut request = BillingAuthRequest::card("https://shop.example/s", "https://shop.example/f");
        assert_eq!(json(&request), r#"{"method":"CARD","successUrl":"https://shop.example/s","failUrl":"https://shop.example/f"}"#);
        request.method = BillingAuth::Card {
            personal: true,
            corporate: true,
            flow_mode: Some(FlowMode::Direct),
            easy_pay: Some("TOSSPAY".to_owned()),
            card_company: None,
        };
        let expected = r#"{"method":"CARD","selectableCardTypes":["PERSONAL","CORPORATE"],"flowMode":"DIRECT","easyPay":"TOSSPAY","#;
        assert!(json(&request).starts_with(expected), "{}", json(&request));
        request.method = BillingAuth::Transfer;
        request.customer_name = Some("김토스".to_owned());
        let expected =
            r#"{"method":"TRANSFER","successUrl":"https://shop.example/s","failUrl":"https://shop.example/f","customerName":"김토스"}"#;
        assert_eq!(json(&request), expected);
        assert!(!format!("{request:?}").contains("김토스"));
    }

    #[test]
    fn addresses_have_their_origin() {
        let named = |request: BillingAuthRequest| request.checked().expect_err("refused").field;
        assert_eq!(named(BillingAuthRequest::card("/s", "https://shop.example/f")), "success_url");
        assert_eq!(named(BillingAuthRequest::card("https://shop.example/s", "")), "fail_url");
    }
}
