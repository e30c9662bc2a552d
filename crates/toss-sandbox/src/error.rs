//! Every error code that the sandbox can answer: HTTP status, Korean and English message, in one table.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The language of messages and of the Korean enum words, chosen by `Accept-Language`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Language {
    Korean,
    English,
}

macro_rules! codes {
    ($($status:literal $code:ident $korean:literal $english:literal)*) => {
        /// An error code of Toss with its HTTP status and messages.
        ///
        /// Codes and statuses: Toss docs /reference/error-codes and the per-endpoint lists. The wording of the
        /// messages is the sandbox's own; clients must not read them.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "spelled as Toss spells them")]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[non_exhaustive]
        pub enum Code { $(#[doc = $english] $code,)* }

        impl Code {
            /// Every code of the table.
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            /// The code as it stands in a JSON body.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => stringify!($code)),* }
            }

            const fn status_number(self) -> u16 {
                match self { $(Self::$code => $status),* }
            }

            const fn korean(self) -> &'static str {
                match self { $(Self::$code => $korean),* }
            }

            const fn english(self) -> &'static str {
                match self { $(Self::$code => $english),* }
            }
        }
    };
}

impl Code {
    /// The code spelled `name`, if the table has it.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }

    /// The HTTP status that goes with the code.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.status_number()).expect("invariant: the table has HTTP statuses")
    }

    pub(crate) fn message(self, language: Language) -> &'static str {
        match language {
            Language::Korean => self.korean(),
            Language::English => self.english(),
        }
    }

    pub(crate) fn error(self) -> ApiError {
        ApiError { status: self.status(), code: self.as_str().to_owned(), messages: [self.korean().to_owned(), self.english().to_owned()] }
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.as_str().to_owned()
    }
}

/// An answer `{code, message}` with its HTTP status.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct ApiError {
    #[serde(with = "status_number")]
    pub(crate) status: StatusCode,
    pub(crate) code: String,
    messages: [String; 2],
}

impl ApiError {
    /// An error outside of the table: one of the browser SDK, or one that a test made up.
    pub(crate) fn other(status: StatusCode, code: impl Into<String>, korean: impl Into<String>, english: impl Into<String>) -> Self {
        Self { status, code: code.into(), messages: [korean.into(), english.into()] }
    }

    /// The error called `code`. A code outside of the table is a test's own: it is answered as it is, with `status`.
    pub(crate) fn named(code: &str, status: StatusCode) -> Self {
        match Code::parse(code) {
            Some(known) => known.error(),
            None => Self::other(status, code, "샌드박스에 없는 에러 코드입니다.", "A code that the sandbox does not know."),
        }
    }

    pub(crate) fn message(&self, language: Language) -> &str {
        let [korean, english] = &self.messages;
        match language {
            Language::Korean => korean,
            Language::English => english,
        }
    }

    pub(crate) fn body(&self, language: Language) -> String {
        // Built by hand from JSON strings: Toss writes code before message.
        format!("{{\"code\":{},\"message\":{}}}", json!(self.code), json!(self.message(language)))
    }
}

/// A status in the state file.
pub(crate) mod status_number {
    use axum::http::StatusCode;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(status.as_u16())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StatusCode, D::Error> {
        StatusCode::from_u16(u16::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl From<Code> for ApiError {
    fn from(code: Code) -> Self {
        code.error()
    }
}

codes! {
    // Requests and keys
    400 INVALID_REQUEST "잘못된 요청입니다." "The request is not valid."
    400 INVALID_API_KEY "잘못된 시크릿키 연동 정보입니다." "The secret key does not belong to this payment."
    400 INVALID_AUTHORIZE_AUTH "유효하지 않은 인증 방식입니다." "The kind of authentication is not valid."
    400 INVALID_REQUIRED_PARAM "필수 파라미터가 누락되었습니다." "A required parameter is missing."
    400 INVALID_TEST_CODE "테스트할 수 없는 에러 코드입니다." "No error can be tested with this code."
    400 INVALID_IDEMPOTENCY_KEY "멱등키는 1자 이상 300자 이하여야 합니다." "The idempotency key must have 1 to 300 characters."
    400 API_VERSION_UPDATE_NEEDED "API 버전 업데이트가 필요합니다." "A newer API version is needed."
    401 UNAUTHORIZED_KEY "인증되지 않은 시크릿 키 혹은 클라이언트 키입니다." "The secret key or client key is not known."
    403 INCORRECT_BASIC_AUTH_FORMAT "인증 헤더 형식이 올바르지 않습니다. ':'을 포함해 인코딩해 주세요." "The Basic credentials are malformed. Encode them with the colon."
    403 FORBIDDEN_REQUEST "허용되지 않은 요청입니다." "The request is not allowed."
    403 FORBIDDEN_CONSECUTIVE_REQUEST "반복적인 요청은 허용되지 않습니다. 잠시 후 다시 시도해 주세요." "Too many requests in a row. Try again in a moment."
    404 NOT_FOUND "존재하지 않는 정보입니다." "Nothing was found here."
    404 NOT_FOUND_MERCHANT "존재하지 않는 상점입니다." "The merchant does not exist."
    404 NOT_FOUND_METHOD "존재하지 않는 결제수단입니다." "The payment method does not exist."
    404 NOT_FOUND_HTTP_METHOD "지원하지 않는 HTTP 메서드입니다." "The HTTP method is not supported here."
    404 NOT_FOUND_BILLING "존재하지 않는 빌링 정보입니다." "The billing key does not exist."
    404 NOT_FOUND_PAYMENT "존재하지 않는 결제 정보입니다." "The payment does not exist."
    404 NOT_FOUND_PAYMENT_SESSION "결제 시간이 만료되어 결제 진행 데이터가 존재하지 않습니다." "The payment session has expired."
    409 IDEMPOTENT_REQUEST_PROCESSING "이전 멱등 요청이 처리 중입니다." "The earlier request with this idempotency key is still being processed."
    // Assumed: the excess code of the test environment is not published.
    429 TOO_MANY_REQUESTS "요청이 너무 많습니다. 잠시 후 다시 시도해 주세요." "Too many requests. Try again in a moment."
    // State
    400 ALREADY_PROCESSED_PAYMENT "이미 처리된 결제입니다." "The payment has already been processed."
    400 ALREADY_COMPLETED_PAYMENT "이미 완료된 결제입니다." "The payment has already been completed."
    400 DUPLICATED_ORDER_ID "이미 승인 또는 취소된 주문번호입니다." "The order has already been approved or cancelled."
    400 DUPLICATED_REQUEST "중복된 요청입니다." "The request is a duplicate."
    400 UNAPPROVED_ORDER_ID "아직 승인되지 않은 주문번호입니다." "The order has not been approved yet."
    400 PROVIDER_ERROR "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해 주세요." "A passing error at the provider. Try again in a moment."
    400 NOT_AVAILABLE_PAYMENT "결제할 수 없는 시간대입니다." "Payments are not possible at this hour."
    400 MAINTAINED_METHOD "점검 중인 결제수단입니다." "The payment method is under maintenance."
    // Fields
    400 INVALID_ORDER_ID "주문번호는 영문, 숫자, '-', '_', '='로 6자 이상 64자 이하여야 합니다." "The order id must have 6 to 64 letters, digits, '-', '_' or '='."
    400 INVALID_ORDER_NAME "주문명은 1자 이상 100자 이하여야 합니다." "The order name must have 1 to 100 characters."
    400 INVALID_CUSTOMER_KEY "고객키 형식이 올바르지 않습니다." "The customer key is malformed."
    400 INVALID_CURRENCY "지원하지 않는 통화입니다." "The currency is not supported."
    400 INVALID_EMAIL "이메일 형식이 올바르지 않습니다." "The e-mail address is malformed."
    400 INVALID_URL "URL 형식이 올바르지 않습니다." "The URL is malformed."
    400 INVALID_PAYMENT_KEY "결제키 형식이 올바르지 않습니다." "The payment key is malformed."
    400 INVALID_DATE "날짜 형식이 올바르지 않습니다." "The date is malformed."
    400 INVALID_PAGING_KEY "페이징 키가 올바르지 않습니다." "The paging key is malformed."
    400 REQUIRED_AMOUNT "금액이 필요합니다." "An amount is needed."
    400 BELOW_ZERO_AMOUNT "금액은 0보다 커야 합니다." "The amount must be above zero."
    400 BELOW_MINIMUM_AMOUNT "최소 결제 금액보다 작습니다. 카드는 100원, 계좌는 200원부터 결제할 수 있습니다." "The amount is below the minimum: 100 KRW by card, 200 KRW from an account."
    400 EXCEED_MAX_QUERY_LIMIT "조회할 수 있는 범위를 넘었습니다." "The query asks for too much."
    400 EXCEEDS_TRANSFER_AMOUNT_MAXIMUM "계좌이체 한도를 넘었습니다." "The amount is above the limit for transfers."
    // Cards and limits
    400 EXCEED_MAX_CARD_INSTALLMENT_PLAN "할부 개월 수가 너무 깁니다." "The instalment plan is too long."
    400 INVALID_CARD_INSTALLMENT_PLAN "할부 개월 수가 올바르지 않습니다." "The instalment plan is not valid."
    400 NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT "할부를 지원하지 않는 카드 또는 상점입니다." "This card or shop has no instalments."
    400 NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN "할부를 지원하지 않는 카드입니다." "This card has no instalments."
    400 NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT "5만원 미만은 할부 결제할 수 없습니다." "There are no instalments below 50,000 KRW."
    400 NOT_ALLOWED_POINT_USE "포인트를 사용할 수 없는 카드입니다." "Points cannot be used with this card."
    400 INVALID_REJECT_CARD "사용이 거절된 카드입니다. 카드사에 문의해 주세요." "The card was refused. Ask the card company."
    400 INVALID_CARD_EXPIRATION "카드 유효기간을 다시 확인해 주세요." "Check the card's expiry date."
    400 INVALID_STOPPED_CARD "정지된 카드입니다." "The card has been stopped."
    400 INVALID_CARD_LOST_OR_STOLEN "분실 또는 도난 신고된 카드입니다." "The card was reported lost or stolen."
    400 INVALID_CARD_NUMBER "카드번호를 다시 확인해 주세요." "Check the card number."
    400 CARD_PROCESSING_ERROR "카드사에서 오류가 발생했습니다." "The card company reported an error."
    400 EXCEED_MAX_DAILY_PAYMENT_COUNT "하루 결제 가능 횟수를 넘었습니다." "Too many payments today."
    400 EXCEED_MAX_PAYMENT_AMOUNT "하루 결제 가능 금액을 넘었습니다." "The daily limit is used up."
    400 EXCEED_MAX_AMOUNT "거래 금액 한도를 넘었습니다." "The amount is above the limit."
    400 EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT "이번 달 결제 한도를 넘었습니다." "The monthly limit is used up."
    400 EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT "하루 출금 한도를 넘었습니다." "The daily withdrawal limit is used up."
    400 EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT "1회 출금 한도를 넘었습니다." "The amount is above the limit of one withdrawal."
    400 RESTRICTED_TRANSFER_ACCOUNT "계좌이체가 제한된 계좌입니다." "Transfers from this account are restricted."
    400 INVALID_ACCOUNT_INFO_RE_REGISTER "계좌 정보를 다시 등록해 주세요." "Register the account again."
    400 NOT_FOUND_TERMINAL_ID "단말기 번호가 없습니다. 토스페이먼츠에 문의해 주세요." "The terminal is missing. Ask Toss Payments."
    400 INVALID_UNREGISTERED_SUBMALL "등록되지 않은 서브몰입니다." "The sub-mall is not registered."
    400 NOT_REGISTERED_BUSINESS "등록되지 않은 사업자 번호입니다." "The business is not registered."
    400 PAY_PROCESS_CANCELED "사용자가 결제를 취소했습니다." "The buyer cancelled the payment."
    400 PAY_PROCESS_ABORTED "결제 진행 중 오류가 발생해 중단되었습니다." "The payment was aborted because of an error."
    403 REJECT_ACCOUNT_PAYMENT "잔액이 부족해 결제에 실패했습니다." "The account's balance does not suffice."
    403 REJECT_CARD_PAYMENT "한도 초과 또는 잔액 부족으로 결제에 실패했습니다." "The card's limit or balance does not suffice."
    403 REJECT_CARD_COMPANY "카드사에서 결제 승인을 거절했습니다." "The card company refused the payment."
    403 REJECT_TOSSPAY_INVALID_ACCOUNT "연결된 계좌로 결제할 수 없습니다." "The linked account cannot be used."
    403 EXCEED_MAX_AUTH_COUNT "인증 가능 횟수를 넘었습니다." "Too many attempts to authenticate."
    403 EXCEED_MAX_ONE_DAY_AMOUNT "하루 한도를 넘었습니다." "The limit of one day is used up."
    403 INVALID_PASSWORD "비밀번호가 일치하지 않습니다." "The password is wrong."
    403 FDS_ERROR "위험 거래로 감지되어 결제가 제한되었습니다." "The payment was stopped as a risky one."
    403 NOT_AVAILABLE_BANK "은행 서비스 시간이 아닙니다." "The bank is closed at this hour."
    // Cancels and refunds
    400 ALREADY_CANCELED_PAYMENT "이미 취소된 결제입니다." "The payment has already been cancelled."
    400 ALREADY_REFUND_PAYMENT "이미 환불된 결제입니다." "The payment has already been refunded."
    400 ALREADY_REFUNDING_PAYMENT "환불이 진행 중인 결제입니다." "The payment is being refunded."
    400 NOT_MATCHES_REFUNDABLE_AMOUNT "취소 가능 금액이 일치하지 않습니다." "The refundable amount does not match."
    400 INVALID_REFUND_AMOUNT "환불 금액이 올바르지 않습니다." "The refund amount is not valid."
    400 INVALID_REFUND_ACCOUNT_INFO "환불 계좌 정보가 올바르지 않습니다." "The refund account is not valid."
    400 INVALID_REFUND_ACCOUNT_NUMBER "환불 계좌번호가 올바르지 않습니다." "The number of the refund account is not valid."
    400 INVALID_BANK "은행 코드가 올바르지 않습니다." "The bank is not valid."
    400 FORBIDDEN_BANK_REFUND_REQUEST "환불 요청이 금지된 은행입니다." "Refunds to this bank are not possible."
    400 EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT "즉시할인 금액보다 적은 금액은 부분 취소할 수 없습니다." "The partial cancel is below the instant discount."
    400 REFUND_REJECTED "환불이 거절되었습니다." "The refund was rejected."
    403 NOT_CANCELABLE_AMOUNT "취소할 수 없는 금액입니다." "The amount cannot be cancelled."
    403 NOT_CANCELABLE_PAYMENT "취소할 수 없는 결제입니다." "The payment cannot be cancelled."
    403 NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER "휴면 회원의 결제는 취소할 수 없습니다." "A dormant user's payment cannot be cancelled."
    403 EXCEED_MAX_REFUND_DUE "환불 가능 기간이 지났습니다." "The time for a refund is over."
    403 EXCEED_MAX_REFUND_AMOUNT "환불 한도를 넘었습니다." "The refund is above the limit."
    403 EXCEED_CANCEL_LIMIT "취소 한도를 넘었습니다." "The cancel limit is used up."
    403 NOT_ALLOWED_PARTIAL_REFUND "부분 환불할 수 없는 결제입니다." "The payment cannot be refunded in part."
    403 NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT "입금 대기 중인 결제는 부분 환불할 수 없습니다." "A payment that waits for a deposit cannot be refunded in part."
    403 NOT_ALLOWED_REFUND_BANK "환불할 수 없는 은행입니다." "Refunds to this bank are not allowed."
    403 NOT_SUPPORTED_REFUND "환불을 지원하지 않는 결제입니다." "The payment cannot be refunded."
    // Virtual accounts and billing
    400 INVALID_REGISTRATION_NUMBER_TYPE "등록 번호 유형이 올바르지 않습니다." "The kind of registration number is not valid."
    400 EXCEED_MAX_DUE_DATE "입금 기한이 너무 깁니다." "The due date is too late."
    400 EXCEED_MAX_VALID_HOURS "유효 시간이 너무 깁니다." "The valid hours are too many."
    400 INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE "유효 시간과 입금 기한은 함께 쓸 수 없습니다." "Valid hours and due date exclude each other."
    400 NOT_MATCHES_CUSTOMER_KEY "고객키가 일치하지 않습니다." "The customer key does not match."
    400 NOT_SUPPORTED_METHOD "지원하지 않는 결제수단입니다." "The payment method is not supported."
    400 NOT_SUPPORTED_CARD_TYPE "지원하지 않는 카드입니다." "The card is not supported."
    400 INVALID_BILL_KEY_REQUEST "빌링키 요청이 올바르지 않습니다." "The billing key request is not valid."
    400 INVALID_BILLING_AUTH "빌링 인증이 올바르지 않습니다." "The billing authentication is not valid."
    400 ALREADY_REMOVED_BILLING_KEY "이미 삭제된 빌링키입니다." "The billing key has been removed."
    // Failures of the server
    500 FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING "결제가 완료되지 않았습니다. 다시 시도해 주세요." "The payment was not completed. Try again."
    500 FAILED_INTERNAL_SYSTEM_PROCESSING "내부 시스템 처리에 실패했습니다. 잠시 후 다시 시도해 주세요." "Internal processing failed. Try again in a moment."
    500 UNKNOWN_PAYMENT_ERROR "결제에 실패했습니다. 은행 또는 카드사에 문의해 주세요." "The payment failed. Ask the bank or card company."
    500 COMMON_ERROR "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해 주세요." "A passing error. Try again in a moment."
    500 UNKNOWN_ERROR "알 수 없는 오류가 발생했습니다." "An unknown error."
    500 FAILED_DB_PROCESSING "데이터 처리 중 오류가 발생했습니다." "An error while processing data."
    500 FAILED_METHOD_HANDLING "결제수단 처리에 실패했습니다." "The payment method could not be handled."
    500 FAILED_METHOD_HANDLING_CANCEL "결제수단 취소에 실패했습니다." "The payment method could not be cancelled."
    500 FAILED_REFUND_PROCESS "환불 처리에 실패했습니다." "The refund failed."
    500 FAILED_PARTIAL_REFUND "부분 환불에 실패했습니다." "The partial refund failed."
    500 FAILED_CLOSED_ACCOUNT_REFUND "해지된 계좌로 환불할 수 없습니다." "The refund account is closed."
    500 FAILED_BILL_KEY_AUTH_CREATION "빌링키 발급에 실패했습니다." "The billing key could not be issued."
    500 FAILED_BILLING_AUTO_CANCEL "빌링 자동 취소에 실패했습니다." "The automatic cancel of a billing payment failed."
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_is_found_by_its_name_and_has_both_messages() {
        let mut seen = HashSet::new();
        for code in Code::ALL {
            assert_eq!(Code::parse(code.as_str()), Some(*code));
            assert!(seen.insert(code.as_str()), "{code:?} stands twice");
            for language in [Language::Korean, Language::English] {
                let chars = code.message(language).chars().count();
                assert!((1..=510).contains(&chars), "{code:?}");
            }
            assert!(matches!(code.status().as_u16(), 400 | 401 | 403 | 404 | 409 | 429 | 500));
        }
    }

    #[test]
    fn a_body_has_code_before_message_and_is_escaped() {
        let error = ApiError::other(StatusCode::BAD_REQUEST, "A\"B", "가\"나", "x");
        assert_eq!(error.body(Language::Korean), r#"{"code":"A\"B","message":"가\"나"}"#);
    }
}
