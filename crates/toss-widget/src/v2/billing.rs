//! Registering a method for automatic payments.

use super::options::FlowMode;
use super::request::WindowTarget;
use crate::args::{self, Checked};
use crate::error::WidgetError;
use crate::json::{Json, quoted};
use crate::setters::{empty_new, setters};
use crate::words::taken_words;
use std::fmt;

/// The argument of `requestBillingAuth` (types, `BillingAuthRequest`).
///
/// ```
/// use toss_widget::v2::BillingAuthRequest;
///
/// let request = BillingAuthRequest::card("https://shop.example/billing", "https://shop.example/fail").customer_name("김토스");
/// assert!(request.validate().is_ok());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
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
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum BillingAuth {
    /// `CARD`.
    Card(BillingCardOptions),
    /// `TRANSFER`: a bank account (quick transfer). One page of Toss's says that only cards can be registered; the types
    /// and the page on quick transfer say otherwise.
    Transfer,
}

/// Which card is registered, and how (types, `CardBillingAuthRequest`).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub struct BillingCardOptions {
    /// The kinds of cards that can be chosen; empty for Toss's choice.
    pub selectable_card_types: Vec<CardType>,
    /// How the window starts.
    pub flow_mode: Option<FlowMode>,
    /// The easy payment's code: `TOSSPAY` or `NAVERPAY`.
    pub easy_pay: Option<String>,
    /// The card company's code.
    pub card_company: Option<String>,
}

taken_words! {
    /// Whose cards can be chosen (types, `selectableCardTypes`).
    CardType {
        /// People's.
        Personal = "PERSONAL",
        /// Companies'.
        Corporate = "CORPORATE",
    }
}

empty_new!(BillingCardOptions);

setters! {
    BillingCardOptions {
        list selectable_card_types: CardType,
        some flow_mode: FlowMode,
        text easy_pay,
        text card_company,
    }
}

setters! {
    BillingAuthRequest {
        text customer_name,
        text customer_email,
        some window_target: WindowTarget,
    }
}

impl BillingAuthRequest {
    /// A card, whichever it is.
    #[must_use]
    pub fn card(success_url: impl Into<String>, fail_url: impl Into<String>) -> BillingAuthRequest {
        BillingAuthRequest::new(BillingAuth::Card(BillingCardOptions::default()), success_url, fail_url)
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
        BillingAuth::Card(options) => {
            json.text("method", "CARD");
            json.some_list("selectableCardTypes", options.selectable_card_types.iter().map(|kind| quoted(kind.as_str())));
            json.some_text("flowMode", options.flow_mode.map(FlowMode::as_str));
            json.some_text("easyPay", options.easy_pay.as_deref());
            json.some_text("cardCompany", options.card_company.as_deref());
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
        let options = BillingCardOptions::new().selectable_card_types([CardType::Personal, CardType::Corporate]);
        request.method = BillingAuth::Card(options.flow_mode(FlowMode::Direct).easy_pay("TOSSPAY").card_company("BC"));
        let expected = r#"{"method":"CARD","selectableCardTypes":["PERSONAL","CORPORATE"],"flowMode":"DIRECT","easyPay":"TOSSPAY","cardCompany":"BC","#;
        assert!(json(&request).starts_with(expected), "{}", json(&request));
        request.method = BillingAuth::Transfer;
        let request = request.customer_name("김토스");
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
