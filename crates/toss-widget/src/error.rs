//! One error type for everything that can go wrong between Rust and a Toss script. Codes are open: a word that this crate
//! does not know arrives as [`ErrorCode::Unknown`], never as a failure to read it.

use crate::words::{UnknownWord, written};
use std::fmt;

/// Why a call failed: a code to act on and a message to show or log.
///
/// ```
/// use toss_widget::{ErrorCode, WidgetError};
///
/// /// What the buyer should read, if anything.
/// fn text(error: &WidgetError) -> Option<&'static str> {
///     match &error.code {
///         code if code.is_cancellation() => None,
///         code if code.is_incomplete() => Some("결제 수단과 약관을 확인해 주세요."),
///         ErrorCode::Blocked | ErrorCode::TimedOut | ErrorCode::NetworkError => Some("결제창을 불러오지 못했어요."),
///         _ => Some("결제를 시작하지 못했어요. 다시 시도해 주세요."),
///     }
/// }
///
/// assert_eq!(text(&WidgetError::new(ErrorCode::from("PAY_PROCESS_CANCELED"), "")), None);
/// assert!(text(&WidgetError::new(ErrorCode::from("SOMETHING_NEW"), "")).is_some());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct WidgetError {
    /// What to act on.
    pub code: ErrorCode,
    /// Toss's own words, Korean by default, or this crate's in English. Not contractual: never parse it.
    pub message: String,
}

macro_rules! error_codes {
    ($($(#[$doc:meta])+ $name:ident = $word:literal,)+) => {
        /// The reason of a [`WidgetError`]. The first eight are this crate's own, the rest are Toss's.
        ///
        /// Toss's codes: Toss docs /sdk/widget-js, /blog/widget-client-error-handling, /sdk/v2/error-codes.
        ///
        /// ```
        /// use toss_widget::ErrorCode;
        ///
        /// // The `code` parameter of a `failUrl`:
        /// let code = ErrorCode::from("PAY_PROCESS_CANCELED");
        /// assert_eq!(code, ErrorCode::PayProcessCanceled);
        /// assert!(code.is_cancellation());
        /// assert_eq!(code.as_str(), "PAY_PROCESS_CANCELED");
        /// ```
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum ErrorCode {
            /// The script could not be fetched: no network, an ad blocker, or a content security policy.
            Blocked,
            /// The script had not arrived after [`LoadOptions::timeout_ms`](crate::LoadOptions::timeout_ms).
            TimedOut,
            /// The script ran but did not define its global function.
            NoGlobal,
            /// [`clear`](crate::clear) was called while the script was loading.
            Cleared,
            /// There is no window: a server, a test, a worker.
            NotInBrowser,
            /// An argument was refused before it reached Toss.
            #[non_exhaustive]
            InvalidArgument {
                /// The field of this crate that holds it, such as `order_name`.
                field: &'static str,
                /// What it has to be, in English.
                limit: &'static str,
            },
            /// The script answered with something that its documentation does not allow.
            #[non_exhaustive]
            UnexpectedValue {
                /// The JavaScript member that answered, such as `getAgreementStatus`.
                member: &'static str,
            },
            /// JavaScript threw something that carries no code; the message says what.
            Threw,
            $($(#[$doc])+ $name,)+
            /// A code of Toss's that this crate does not know; [`as_str`](ErrorCode::as_str) tells it.
            Unknown(UnknownWord),
        }

        /// Reads a code of Toss's, from an SDK error or from the `code` parameter of a `failUrl`.
        impl From<&str> for ErrorCode {
            fn from(word: &str) -> ErrorCode {
                match word {
                    $($word => ErrorCode::$name,)+
                    _ => ErrorCode::Unknown(UnknownWord::new(word)),
                }
            }
        }

        impl ErrorCode {
            /// The code as Toss writes it; this crate's own codes in the same style.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    ErrorCode::Blocked => "SCRIPT_BLOCKED",
                    ErrorCode::TimedOut => "SCRIPT_TIMED_OUT",
                    ErrorCode::NoGlobal => "SCRIPT_WITHOUT_GLOBAL",
                    ErrorCode::Cleared => "SCRIPT_CLEARED",
                    ErrorCode::NotInBrowser => "NOT_IN_BROWSER",
                    ErrorCode::InvalidArgument { .. } => "INVALID_ARGUMENT",
                    ErrorCode::UnexpectedValue { .. } => "UNEXPECTED_VALUE",
                    ErrorCode::Threw => "EXCEPTION",
                    $(ErrorCode::$name => $word,)+
                    ErrorCode::Unknown(word) => word.as_str(),
                }
            }

            /// Every code of Toss's that this crate knows, for tests that walk through them.
            #[cfg(test)]
            const TOSS_WORDS: &[&str] = &[$($word),+];
        }
    };
}

error_codes! {
    /// An argument is missing, unknown or of the wrong type (v1); a wrong event name or callback (v2).
    InvalidParameter = "INVALID_PARAMETER",
    /// The buyer closed the payment window (promise mode).
    UserCancel = "USER_CANCEL",
    /// The script was loaded from an address that Toss does not allow.
    ForbiddenScript = "FORBIDDEN_SCRIPT",
    /// The SDK could not reach Toss.
    NetworkError = "NETWORK_ERROR",
    /// The client key is unknown or of the wrong family.
    UnauthorizedKey = "UNAUTHORIZED_KEY",
    /// The merchant has no payment widget: typically a `ck` key where a `gck` key belongs.
    NotRegisteredPaymentWidget = "NOT_REGISTERED_PAYMENT_WIDGET",
    /// The client key is malformed. Assumed for v1: the name is documented for v2 and seen in v1 logs.
    InvalidClientKey = "INVALID_CLIENT_KEY",
    /// The customer key is malformed. Assumed for v1, as above.
    InvalidCustomerKey = "INVALID_CUSTOMER_KEY",
    /// No element matches the selector. Assumed for v1, as above.
    InvalidSelector = "INVALID_SELECTOR",
    /// No payment UI has this variant key. Assumed for v1, as above.
    InvalidVariantKey = "INVALID_VARIANT_KEY",
    /// A card was chosen without its company or instalment.
    NeedCardPaymentDetail = "NEED_CARD_PAYMENT_DETAIL",
    /// Required terms are not agreed to.
    NeedAgreementWithRequiredTerms = "NEED_AGREEMENT_WITH_REQUIRED_TERMS",
    /// A virtual account was chosen and its refund account is incomplete.
    NeedRefundAccountDetail = "NEED_REFUND_ACCOUNT_DETAIL",
    /// Anything else; observed when payment is requested before the widget is drawn.
    UnknownError = "UNKNOWN_ERROR",
    /// A secret key was used in the page (v2).
    InsecureKeyUsage = "INSECURE_KEY_USAGE",
    /// A `ck` key where a `gck` key belongs (v2 `widgets`).
    NotSupportedApiIndividualKey = "NOT_SUPPORTED_API_INDIVIDUAL_KEY",
    /// A `gck` key where a `ck` key belongs (v2 `payment`, `brandpay`).
    NotSupportedWidgetKey = "NOT_SUPPORTED_WIDGET_KEY",
    /// A field is missing, unknown or of the wrong type (v2).
    InvalidParameters = "INVALID_PARAMETERS",
    /// Another call of the SDK is still running (v2).
    InvalidMethodTransaction = "INVALID_METHOD_TRANSACTION",
    /// The amount is not a number that can be paid (v2).
    InvalidAmountValue = "INVALID_AMOUNT_VALUE",
    /// The currency does not fit the method (v2).
    InvalidAmountCurrency = "INVALID_AMOUNT_CURRENCY",
    /// The amount is negative (v2).
    BelowZeroAmount = "BELOW_ZERO_AMOUNT",
    /// The metadata is not of the form that Toss takes (v2).
    InvalidMetadata = "INVALID_METADATA",
    /// `successUrl` is not absolute (v2).
    IncorrectSuccessUrlFormat = "INCORRECT_SUCCESS_URL_FORMAT",
    /// `failUrl` is not absolute (v2).
    IncorrectFailUrlFormat = "INCORRECT_FAIL_URL_FORMAT",
    /// Promise mode is not to be had here: on a phone, or with this method (v2).
    NotSupportedPromise = "NOT_SUPPORTED_PROMISE",
    /// There is no such `method` (v2 `payment`).
    NotSupportedMethod = "NOT_SUPPORTED_METHOD",
    /// `setAmount` has not been called (v2).
    NotSetupAmount = "NOT_SETUP_AMOUNT",
    /// The payment methods are on the page already (v2).
    PaymentMethodsWidgetAlreadyRendered = "PAYMENT_METHODS_WIDGET_ALREADY_RENDERED",
    /// The terms are on the page already (v2).
    AgreementWidgetAlreadyRendered = "AGREEMENT_WIDGET_ALREADY_RENDERED",
    /// The payment window is on the page already (v2; the word is inferred from the name of the error's class in the types).
    PaymentWindowAlreadyRendered = "PAYMENT_WINDOW_ALREADY_RENDERED",
    /// No method is chosen (v2).
    NotSelectedPaymentMethod = "NOT_SELECTED_PAYMENT_METHOD",
    /// The amount is above what may be paid into a virtual account (v2).
    ExceedDepositAmountLimit = "EXCEED_DEPOSIT_AMOUNT_LIMIT",
    /// The deadline of a virtual account is too far away (v2).
    ExceedMaxDueDate = "EXCEED_MAX_DUE_DATE",
    /// A method of the shop's own is chosen, which Toss cannot charge (v2).
    CustomPaymentMethodUnableToPay = "CUSTOM_PAYMENT_METHOD_UNABLE_TO_PAY",
    /// The provider of the method has an outage (v2).
    ProviderStatusUnhealthy = "PROVIDER_STATUS_UNHEALTHY",
    /// The method does not work with test keys (v2).
    UnsupportedTestPhasePaymentMethod = "UNSUPPORTED_TEST_PHASE_PAYMENT_METHOD",
    /// The request was ended by `destroy` (v2 `payment`).
    PaymentRequestAborted = "PAYMENT_REQUEST_ABORTED",
    /// `destroy` found no request to end (v2 `payment`).
    NoActivePaymentRequest = "NO_ACTIVE_PAYMENT_REQUEST",
    /// A method of SDK v1 was called on SDK v2.
    V1MethodNotSupported = "V1_METHOD_NOT_SUPPORTED",
    /// Anything else (v2).
    UnknownV2 = "UNKNOWN",
    /// BrandPay's terms are not agreed to (v2 `brandpay`).
    NeedAgreementWithTerms = "NEED_AGREEMENT_WITH_TERMS",
    /// The merchant has not set up one-touch payment (v2 `brandpay`).
    NeedMerchantOneTouchSetting = "NEED_MERCHANT_ONE_TOUCH_SETTING",
    /// The redirect address is not registered with Toss (v2 `brandpay`).
    NotRegisteredRedirectUrl = "NOT_REGISTERED_REDIRECT_URL",
    /// The buyer cancelled (`failUrl`; the `orderId` parameter is absent then).
    PayProcessCanceled = "PAY_PROCESS_CANCELED",
    /// The payment was aborted: contract, provider or method failure (`failUrl`).
    PayProcessAborted = "PAY_PROCESS_ABORTED",
    /// The card company refused (`failUrl`).
    RejectCardCompany = "REJECT_CARD_COMPANY",
}

impl ErrorCode {
    /// Whether the buyer has something left to do in the widget before paying is possible.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        matches!(
            self,
            ErrorCode::NeedCardPaymentDetail
                | ErrorCode::NeedAgreementWithRequiredTerms
                | ErrorCode::NeedRefundAccountDetail
                | ErrorCode::NotSelectedPaymentMethod
        )
    }

    /// Whether the buyer stopped on purpose, so that a page has nothing to apologise for.
    #[must_use]
    pub fn is_cancellation(&self) -> bool {
        matches!(self, ErrorCode::UserCancel | ErrorCode::PayProcessCanceled)
    }
}

written!(ErrorCode);

impl WidgetError {
    /// An error of the caller's own, as a page's tests or a driver of [`machine`](crate::machine) need one.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> WidgetError {
        WidgetError { code, message: message.into() }
    }

    pub(crate) fn not_in_browser() -> WidgetError {
        WidgetError::new(ErrorCode::NotInBrowser, "the payment widget needs a browser window")
    }
}

/// Texts end to end. What `concat` and `format!` would do, without what they bring along in the wasm.
pub(crate) fn join(parts: &[&str]) -> String {
    let mut whole = String::new();
    for part in parts {
        whole.push_str(part);
    }
    whole
}

impl fmt::Display for WidgetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())?;
        f.write_str(": ")?;
        f.write_str(&self.message)
    }
}

impl std::error::Error for WidgetError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_code_survives_the_round_trip() {
        assert_eq!(ErrorCode::TOSS_WORDS.len(), 47);
        for word in ErrorCode::TOSS_WORDS {
            let code = ErrorCode::from(*word);
            assert!(!matches!(code, ErrorCode::Unknown(_)), "{word} is not known");
            assert_eq!(code.as_str(), *word);
        }
    }

    #[test]
    fn an_unknown_code_is_kept_word_for_word() {
        let code = ErrorCode::from("SOMETHING_NEW");
        assert_eq!(code, ErrorCode::Unknown(UnknownWord::new("SOMETHING_NEW")));
        assert_eq!((code.as_str(), code.to_string().as_str(), code.as_ref()), ("SOMETHING_NEW", "SOMETHING_NEW", "SOMETHING_NEW"));
        assert_eq!(format!("{code:?}"), r#"Unknown("SOMETHING_NEW")"#);
    }

    #[test]
    fn toss_cannot_send_one_of_our_own_codes() {
        let ours =
            [ErrorCode::Blocked, ErrorCode::TimedOut, ErrorCode::NoGlobal, ErrorCode::Cleared, ErrorCode::NotInBrowser, ErrorCode::Threw];
        for code in ours {
            assert_eq!(ErrorCode::from(code.as_str()), ErrorCode::Unknown(UnknownWord::new(code.as_str())));
        }
    }

    #[test]
    fn only_the_buyer_cancels() {
        let cancelled: Vec<_> = ErrorCode::TOSS_WORDS.iter().filter(|word| ErrorCode::from(**word).is_cancellation()).collect();
        assert_eq!(cancelled, [&"USER_CANCEL", &"PAY_PROCESS_CANCELED"]);
    }

    #[test]
    fn what_the_buyer_can_complete_is_told_apart() {
        let incomplete: Vec<_> = ErrorCode::TOSS_WORDS.iter().filter(|word| ErrorCode::from(**word).is_incomplete()).collect();
        let needed =
            ["NEED_CARD_PAYMENT_DETAIL", "NEED_AGREEMENT_WITH_REQUIRED_TERMS", "NEED_REFUND_ACCOUNT_DETAIL", "NOT_SELECTED_PAYMENT_METHOD"];
        assert_eq!(incomplete, needed.each_ref());
    }

    #[test]
    fn an_error_prints_code_and_message() {
        let error = WidgetError::new(ErrorCode::UserCancel, "취소");
        assert_eq!(error.to_string(), "USER_CANCEL: 취소");
    }
}
