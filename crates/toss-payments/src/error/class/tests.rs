//! The table again, written from the documents rather than from the code: every code that Toss lists, with its status.

use super::*;

type Table = &'static [(u16, Class, &'static [&'static str])];

/// Toss docs `/reference/error-codes`, confirm, key-in, billing charge. `Rejected` says how a 4xx is classed; a 5xx or 409 never gets that far.
const CHARGE: Table = &[
    (400, Class::State, &["ALREADY_PROCESSED_PAYMENT", "UNAPPROVED_ORDER_ID"]),
    (400, Class::Unknown, &["PROVIDER_ERROR"]),
    (400, Class::Validation, &["INVALID_REQUEST", "INVALID_AUTHORIZE_AUTH", "BELOW_MINIMUM_AMOUNT"]),
    (400, Class::Key, &["INVALID_API_KEY", "NOT_FOUND_TERMINAL_ID", "INVALID_UNREGISTERED_SUBMALL", "NOT_REGISTERED_BUSINESS"]),
    (
        400,
        Class::Declined,
        &[
            "EXCEED_MAX_CARD_INSTALLMENT_PLAN",
            "INVALID_CARD_INSTALLMENT_PLAN",
            "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT",
            "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN",
            "NOT_ALLOWED_POINT_USE",
            "INVALID_REJECT_CARD",
            "INVALID_CARD_EXPIRATION",
            "INVALID_STOPPED_CARD",
            "INVALID_CARD_LOST_OR_STOLEN",
            "INVALID_CARD_NUMBER",
            "CARD_PROCESSING_ERROR",
            "EXCEED_MAX_DAILY_PAYMENT_COUNT",
            "EXCEED_MAX_PAYMENT_AMOUNT",
            "EXCEED_MAX_AMOUNT",
            "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT",
            "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT",
            "EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT",
            "RESTRICTED_TRANSFER_ACCOUNT",
            "INVALID_ACCOUNT_INFO_RE_REGISTER",
            "NOT_AVAILABLE_PAYMENT",
        ],
    ),
    (401, Class::Key, &["UNAUTHORIZED_KEY"]),
    (
        403,
        Class::Declined,
        &[
            "REJECT_ACCOUNT_PAYMENT",
            "REJECT_CARD_PAYMENT",
            "REJECT_CARD_COMPANY",
            "REJECT_TOSSPAY_INVALID_ACCOUNT",
            "EXCEED_MAX_AUTH_COUNT",
            "EXCEED_MAX_ONE_DAY_AMOUNT",
            "INVALID_PASSWORD",
            "FDS_ERROR",
            "NOT_AVAILABLE_BANK",
        ],
    ),
    (403, Class::Key, &["FORBIDDEN_REQUEST", "INCORRECT_BASIC_AUTH_FORMAT"]),
    (404, Class::Validation, &["NOT_FOUND_PAYMENT"]),
    (404, Class::Expired, &["NOT_FOUND_PAYMENT_SESSION"]),
    (409, Class::Unknown, &["IDEMPOTENT_REQUEST_PROCESSING"]),
    (500, Class::Unknown, &["FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING", "FAILED_INTERNAL_SYSTEM_PROCESSING", "UNKNOWN_PAYMENT_ERROR"]),
];

/// The same for look-ups.
const LOOKUP: Table = &[
    (400, Class::Unknown, &["NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT"]),
    (401, Class::Key, &["UNAUTHORIZED_KEY"]),
    (403, Class::Unknown, &["FORBIDDEN_CONSECUTIVE_REQUEST"]),
    (403, Class::Key, &["INCORRECT_BASIC_AUTH_FORMAT"]),
    (404, Class::State, &["NOT_FOUND_PAYMENT", "NOT_FOUND"]),
    (500, Class::Unknown, &["FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"]),
];

/// The same for cancels.
const CANCEL: Table = &[
    (400, Class::State, &["ALREADY_CANCELED_PAYMENT", "ALREADY_REFUND_PAYMENT", "NOT_MATCHES_REFUNDABLE_AMOUNT"]),
    (
        400,
        Class::Declined,
        &[
            "INVALID_REFUND_ACCOUNT_INFO",
            "INVALID_REFUND_ACCOUNT_NUMBER",
            "INVALID_BANK",
            "FORBIDDEN_BANK_REFUND_REQUEST",
            "REFUND_REJECTED",
        ],
    ),
    (400, Class::Validation, &["EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT", "INVALID_REQUEST"]),
    (400, Class::Unknown, &["PROVIDER_ERROR"]),
    (401, Class::Key, &["UNAUTHORIZED_KEY"]),
    (403, Class::State, &["NOT_CANCELABLE_AMOUNT"]),
    (
        403,
        Class::Declined,
        &[
            "NOT_CANCELABLE_PAYMENT",
            "NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER",
            "EXCEED_MAX_REFUND_DUE",
            "NOT_ALLOWED_PARTIAL_REFUND",
            "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT",
            "EXCEED_CANCEL_LIMIT",
            "NOT_AVAILABLE_BANK",
            "EXCEED_MAX_REFUND_AMOUNT",
            "NOT_ALLOWED_REFUND_BANK",
            "NOT_SUPPORTED_REFUND",
        ],
    ),
    (403, Class::Unknown, &["FORBIDDEN_CONSECUTIVE_REQUEST"]),
    (403, Class::Key, &["FORBIDDEN_REQUEST", "INCORRECT_BASIC_AUTH_FORMAT"]),
    (404, Class::Validation, &["NOT_FOUND_PAYMENT"]),
    (404, Class::State, &["NOT_FOUND_BILLING"]),
    (409, Class::Unknown, &["IDEMPOTENT_REQUEST_PROCESSING"]),
    (
        500,
        Class::Unknown,
        &[
            "FAILED_INTERNAL_SYSTEM_PROCESSING",
            "FAILED_REFUND_PROCESS",
            "FAILED_METHOD_HANDLING_CANCEL",
            "FAILED_PARTIAL_REFUND",
            "FAILED_CLOSED_ACCOUNT_REFUND",
            "COMMON_ERROR",
            "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING",
        ],
    ),
];

/// The same for virtual accounts and billing keys.
const ISSUE: Table = &[
    (400, Class::State, &["DUPLICATED_ORDER_ID"]),
    (
        400,
        Class::Validation,
        &[
            "INVALID_REQUEST",
            "INVALID_REGISTRATION_NUMBER_TYPE",
            "INVALID_DATE",
            "INVALID_BANK",
            "EXCEED_MAX_DUE_DATE",
            "EXCEED_MAX_VALID_HOURS",
            "INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE",
            "NOT_SUPPORTED_METHOD",
            "INVALID_BILLING_AUTH",
        ],
    ),
    (400, Class::Declined, &["NOT_SUPPORTED_CARD_TYPE", "INVALID_CARD_NUMBER"]),
    (401, Class::Key, &["UNAUTHORIZED_KEY"]),
    (403, Class::Key, &["INCORRECT_BASIC_AUTH_FORMAT"]),
    (500, Class::Unknown, &["FAILED_INTERNAL_SYSTEM_PROCESSING", "FAILED_DB_PROCESSING", "FAILED_BILL_KEY_AUTH_CREATION"]),
];

/// What a charge of a billing key has beside the codes of a confirm.
const BILLING: Table = &[
    (400, Class::Validation, &["NOT_MATCHES_CUSTOMER_KEY", "NOT_SUPPORTED_METHOD", "INVALID_BILL_KEY_REQUEST", "INVALID_BILLING_AUTH"]),
    (400, Class::Declined, &["NOT_SUPPORTED_CARD_TYPE", "INVALID_CARD_NUMBER", "EXCEEDS_TRANSFER_AMOUNT_MAXIMUM", "MAINTAINED_METHOD"]),
    (400, Class::State, &["ALREADY_REMOVED_BILLING_KEY", "DUPLICATED_ORDER_ID"]),
    (404, Class::Validation, &["NOT_FOUND_BILLING"]),
    (500, Class::Unknown, &["FAILED_BILLING_AUTO_CANCEL"]),
];

/// Codes that belong to no endpoint's own list (global list and idempotency guide).
const ANYWHERE: Table = &[
    (
        400,
        Class::Validation,
        &[
            "INVALID_IDEMPOTENCY_KEY",
            "INVALID_TEST_CODE",
            "INVALID_ORDER_ID",
            "INVALID_PAYMENT_KEY",
            "INVALID_REQUIRED_PARAM",
            "INVALID_CURRENCY",
            "REQUIRED_AMOUNT",
            "BELOW_ZERO_AMOUNT",
            "INVALID_ORDER_NAME",
            "INVALID_CUSTOMER_KEY",
            "INVALID_EMAIL",
            "INVALID_URL",
            "INVALID_REFUND_AMOUNT",
            "EXCEED_MAX_QUERY_LIMIT",
            "INVALID_PAGING_KEY",
        ],
    ),
    (400, Class::State, &["ALREADY_COMPLETED_PAYMENT", "ALREADY_REFUNDING_PAYMENT", "DUPLICATED_ORDER_ID"]),
    (400, Class::Unknown, &["DUPLICATED_REQUEST", "PAY_PROCESS_ABORTED", "PAY_PROCESS_CANCELED"]),
    (400, Class::Key, &["API_VERSION_UPDATE_NEEDED"]),
    (404, Class::Validation, &["NOT_FOUND_METHOD", "NOT_FOUND_HTTP_METHOD"]),
    (404, Class::Key, &["NOT_FOUND_MERCHANT"]),
    (500, Class::Unknown, &["COMMON_ERROR", "UNKNOWN_ERROR", "FAILED_DB_PROCESSING", "FAILED_METHOD_HANDLING"]),
];

fn rows(table: Table) -> impl Iterator<Item = (u16, Class, &'static str)> {
    table.iter().flat_map(|&(status, class, codes)| codes.iter().map(move |&code| (status, class, code)))
}

const TABLES: [(Effect, Table); 9] = [
    (Effect::Charge, CHARGE),
    (Effect::Lookup, LOOKUP),
    (Effect::Cancel, CANCEL),
    (Effect::Issue, ISSUE),
    (Effect::Charge, BILLING),
    (Effect::Charge, ANYWHERE),
    (Effect::Lookup, ANYWHERE),
    (Effect::Cancel, ANYWHERE),
    (Effect::Issue, ANYWHERE),
];

const ENDPOINTS: [Effect; 4] = [Effect::Charge, Effect::Lookup, Effect::Cancel, Effect::Issue];

#[test]
fn every_documented_code_has_the_class_of_the_documents() {
    for (endpoint, table) in TABLES {
        for (status, expected, text) in rows(table) {
            let code = ErrorCode::from(text);
            assert!(!matches!(code, ErrorCode::Unknown(_)), "{text} is documented and not known");
            assert_eq!(class(endpoint, status, &code), expected, "{text} on {endpoint:?}");
        }
    }
}

/// Written into a payment that failed, by no call (Toss community, logged payloads).
const OF_PAYMENTS: &str = "EXPIRED_PAYMENT";

#[test]
fn every_known_code_stands_in_a_documented_list() {
    let calls = TABLES.iter().flat_map(|(_, table)| rows(table)).map(|(_, _, code)| code);
    let documented: Vec<&str> = calls.chain([OF_PAYMENTS]).collect();
    for known in ErrorCode::KNOWN {
        assert!(documented.contains(known), "{known} is known and in no list");
        assert_eq!(ErrorCode::from(*known).as_str(), *known);
        assert!(ErrorCode::is_plausible(known));
    }
}

#[test]
fn a_code_nobody_has_heard_of_is_never_a_decline() {
    for text in ["BRAND_NEW_REJECT", "reject_card_payment", "REJECT_CARD_PAYMENT2", ""] {
        for status in 400..500 {
            for endpoint in ENDPOINTS {
                assert_eq!(class(endpoint, status, &ErrorCode::from(text)), Class::Unknown);
            }
        }
    }
}

#[test]
fn a_transient_failure_decides_nothing_on_any_call() {
    for endpoint in ENDPOINTS {
        for text in ["PROVIDER_ERROR", "FORBIDDEN_CONSECUTIVE_REQUEST", "PAY_PROCESS_ABORTED", "COMMON_ERROR"] {
            assert_eq!(class(endpoint, 400, &ErrorCode::from(text)), Class::Unknown, "{text} on {endpoint:?}");
        }
    }
}

#[test]
fn a_payment_ends_only_at_the_status_at_which_toss_ends_it() {
    for known in ErrorCode::KNOWN {
        for status in 400..500 {
            for endpoint in ENDPOINTS {
                match class(endpoint, status, &ErrorCode::from(*known)) {
                    Class::Declined => assert!(endpoint != Effect::Lookup && (status == 400 || status == 403), "{status} {known}"),
                    Class::Expired => assert!(endpoint == Effect::Charge && status == 404, "{known}"),
                    Class::Validation | Class::Key | Class::State | Class::Unknown => {}
                }
            }
        }
    }
}

#[test]
fn a_refused_refund_never_fails_a_charge() {
    for (_, _, text) in rows(CANCEL).filter(|(_, class, text)| *class == Class::Declined && *text != "NOT_AVAILABLE_BANK") {
        assert_ne!(class(Effect::Charge, 403, &ErrorCode::from(text)), Class::Declined, "{text}");
    }
}
