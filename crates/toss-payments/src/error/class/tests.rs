//! The table again, written from the documents rather than from the code: every code that Toss lists, with its status.

use super::*;

/// Toss docs `/reference/error-codes`, confirm. `Rejected` says how a 4xx is classed; a 5xx or 409 never gets that far.
const CONFIRM: &[(u16, Class, &[&str])] = &[
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
const LOOKUP: &[(u16, Class, &[&str])] = &[
    (400, Class::Unknown, &["NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT"]),
    (401, Class::Key, &["UNAUTHORIZED_KEY"]),
    (403, Class::Unknown, &["FORBIDDEN_CONSECUTIVE_REQUEST"]),
    (403, Class::Key, &["INCORRECT_BASIC_AUTH_FORMAT"]),
    (404, Class::State, &["NOT_FOUND_PAYMENT", "NOT_FOUND"]),
    (500, Class::Unknown, &["FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"]),
];

/// Codes that belong to no endpoint's own list (global list and idempotency guide).
const ANYWHERE: &[(u16, Class, &[&str])] = &[
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
        ],
    ),
    (400, Class::State, &["ALREADY_COMPLETED_PAYMENT", "DUPLICATED_ORDER_ID"]),
    (400, Class::Unknown, &["DUPLICATED_REQUEST"]),
    (400, Class::Key, &["API_VERSION_UPDATE_NEEDED"]),
    (404, Class::Validation, &["NOT_FOUND_HTTP_METHOD"]),
    (404, Class::Key, &["NOT_FOUND_MERCHANT"]),
    (500, Class::Unknown, &["COMMON_ERROR", "UNKNOWN_ERROR", "FAILED_DB_PROCESSING"]),
];

fn rows<'a>(table: &'a [(u16, Class, &[&'a str])]) -> impl Iterator<Item = (u16, Class, &'a str)> {
    table.iter().flat_map(|&(status, class, codes)| codes.iter().map(move |&code| (status, class, code)))
}

#[test]
fn every_documented_code_has_the_class_of_the_documents() {
    let tables = [(Endpoint::Confirm, CONFIRM), (Endpoint::Lookup, LOOKUP)];
    let anywhere = [(Endpoint::Confirm, ANYWHERE), (Endpoint::Lookup, ANYWHERE)];
    for (endpoint, table) in tables.into_iter().chain(anywhere) {
        for (status, expected, text) in rows(table) {
            let code = ErrorCode::from(text);
            assert!(!matches!(code, ErrorCode::Unknown(_)), "{text} is documented and not known");
            assert_eq!(class(endpoint, status, &code), expected, "{text} on {endpoint:?}");
        }
    }
}

#[test]
fn every_known_code_stands_in_a_documented_list() {
    let documented: Vec<&str> = rows(CONFIRM).chain(rows(LOOKUP)).chain(rows(ANYWHERE)).map(|(_, _, code)| code).collect();
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
            for endpoint in [Endpoint::Confirm, Endpoint::Lookup] {
                assert_eq!(class(endpoint, status, &ErrorCode::from(text)), Class::Unknown);
            }
        }
    }
}

#[test]
fn a_payment_ends_only_at_the_status_at_which_toss_ends_it() {
    for known in ErrorCode::KNOWN {
        for status in 400..500 {
            match class(Endpoint::Confirm, status, &ErrorCode::from(*known)) {
                Class::Declined => assert!(status == 400 || status == 403, "{status} {known}"),
                Class::Expired => assert_eq!(status, 404, "{known}"),
                Class::Validation | Class::Key | Class::State | Class::Unknown => {}
            }
            let lookup = class(Endpoint::Lookup, status, &ErrorCode::from(*known));
            assert!(lookup != Class::Declined && lookup != Class::Expired, "{status} {known}");
        }
    }
}
