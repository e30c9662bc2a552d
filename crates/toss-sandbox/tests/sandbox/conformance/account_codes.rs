//! Error codes of virtual accounts, billing, reads, and of all calls.

use super::row::{Mark, Refusal, Rows, Section};

const MEASURED: &str = "GitHub gj-kit/gj-kit docs/research/toss-payments-v2.md";
const DEADLINE: &str = "virtual_account::a_deadline_is_given_in_hours_or_as_a_date_within_ninety_days";
const RANGES: &str = "ledgers::dates_and_limits_of_queries_are_checked";
const RECEIPTS: &str = "ledgers::fields_of_a_cash_receipt_have_limits";

pub fn sections() -> Vec<Section> {
    vec![
        Section { title: "Error codes: virtual accounts", rows: Rows::Refusals(VIRTUAL_ACCOUNTS) },
        Section { title: "Error codes: billing and BrandPay", rows: Rows::Refusals(BILLING) },
        Section { title: "Error codes: transactions, settlements, cash receipts", rows: Rows::Refusals(READS) },
        Section { title: "Error codes: every call", rows: Rows::Refusals(EVERY_CALL) },
    ]
}

const VIRTUAL_ACCOUNTS: &[Refusal] = &[
    Refusal::by(
        400,
        "DUPLICATED_ORDER_ID",
        "the order was approved before",
        &["virtual_account::issued_directly_it_waits_for_its_deposit"],
    ),
    Refusal::by(400, "INVALID_REQUEST", "malformed", &[DEADLINE]),
    Refusal::by(400, "INVALID_REGISTRATION_NUMBER_TYPE", "an unknown kind of cash receipt", &[DEADLINE]),
    Refusal::by(400, "INVALID_DATE", "a due date that is none, or past", &[DEADLINE]),
    Refusal::by(
        400,
        "INVALID_BANK",
        "a bank that issues no accounts",
        &["virtual_account::a_bank_may_be_named_by_code_number_korean_or_english"],
    ),
    Refusal::by(400, "EXCEED_MAX_DUE_DATE", "more than 90 days", &[DEADLINE]),
    Refusal::by(400, "EXCEED_MAX_VALID_HOURS", "more than 2,160 hours", &[DEADLINE]),
    Refusal::by(400, "INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE", "both kinds of deadline", &[DEADLINE]),
    Refusal::by(401, "UNAUTHORIZED_KEY", "an unknown secret key", &["every_endpoint::every_endpoint_answers_and_knows_its_key"]),
    Refusal::asked(403, "INCORRECT_BASIC_AUTH_FORMAT", "credentials without their colon"),
    Refusal::asked(500, "FAILED_INTERNAL_SYSTEM_PROCESSING", "a failure at Toss"),
    Refusal::asked(500, "FAILED_DB_PROCESSING", "a failure at Toss"),
];

const BILLING: &[Refusal] = &[
    Refusal::by(
        400,
        "NOT_MATCHES_CUSTOMER_KEY",
        "another customer's key",
        &["billing::another_customer_cannot_be_charged", "billing::an_auth_key_issues_one_billing_key_for_its_customer"],
    )
    .known(Mark::Measured, MEASURED),
    Refusal::asked(400, "NOT_SUPPORTED_METHOD", "a method without billing"),
    Refusal::asked(400, "INVALID_BILL_KEY_REQUEST", "another way of authentication"),
    Refusal::by(
        400,
        "INVALID_BILLING_AUTH",
        "an authKey that is unknown or used up",
        &["billing::an_auth_key_issues_one_billing_key_for_its_customer", "billing::an_unknown_auth_key_issues_nothing"],
    ),
    Refusal::by(
        400,
        "NOT_SUPPORTED_CARD_TYPE",
        "a card of unknown kind (미확인) is charged",
        &["billing::card_numbers_behave_as_measured"],
    )
    .known(Mark::Measured, MEASURED),
    Refusal::by(400, "INVALID_CARD_NUMBER", "a bare BIN", &["billing::card_numbers_behave_as_measured"]).known(Mark::Measured, MEASURED),
    Refusal::by(400, "ALREADY_REMOVED_BILLING_KEY", "a charge after the deletion", &["billing::a_removed_billing_key_charges_nothing"])
        .known(Mark::Measured, MEASURED),
    Refusal::by(400, "DUPLICATED_ORDER_ID", "the order was approved before", &["billing::a_billing_key_charges_its_customer"]),
    Refusal::by(
        400,
        "INVALID_AUTHORIZE_AUTH",
        "a BrandPay code that is unknown or used up",
        &["billing::brandpay_takes_a_code_for_a_token"],
    )
    .known(Mark::Assumed, "Toss docs list the code, not when"),
    Refusal::by(
        400,
        "INVALID_CUSTOMER_KEY",
        "an empty customerKey",
        &["billing::a_customer_key_may_have_three_hundred_characters_and_no_more"],
    ),
    Refusal::by(404, "NOT_FOUND_BILLING", "an unknown billing key", &["billing::a_removed_billing_key_charges_nothing"]),
    Refusal::by(
        500,
        "FAILED_DB_PROCESSING",
        "a customerKey of 301 characters",
        &["billing::a_customer_key_may_have_three_hundred_characters_and_no_more"],
    )
    .known(Mark::Measured, MEASURED),
    Refusal::asked(500, "FAILED_BILL_KEY_AUTH_CREATION", "a failure at Toss"),
    Refusal::asked(500, "FAILED_BILLING_AUTO_CANCEL", "a failure at Toss"),
];

const READS: &[Refusal] = &[
    Refusal::by(400, "INVALID_REQUIRED_PARAM", "a date is missing", &[RANGES]),
    Refusal::by(400, "INVALID_DATE", "a date that is none, or an end before its start", &[RANGES]),
    Refusal::by(400, "INVALID_REQUEST", "a limit, size, page or dateType that is none", &[RANGES]),
    Refusal::by(400, "EXCEED_MAX_QUERY_LIMIT", "more than 5,000, of cash receipts 10,000", &[RANGES]),
    Refusal::by(400, "INVALID_PAGING_KEY", "an unknown `startingAfter` or `cursor`", &[RANGES]),
    Refusal::by(400, "UNAPPROVED_ORDER_ID", "settled by hand before it was approved", &["ledgers::the_test_environment_settles_nothing"])
        .known(Mark::Assumed, "Toss docs list the code, not when"),
    Refusal::by(404, "NOT_FOUND_PAYMENT", "an unknown payment is settled by hand", &["ledgers::the_test_environment_settles_nothing"]),
    Refusal::by(400, "REQUIRED_AMOUNT", "a cash receipt without an amount", &[RECEIPTS]),
    Refusal::by(400, "BELOW_ZERO_AMOUNT", "a cash receipt over nothing", &[RECEIPTS]),
    Refusal::by(400, "INVALID_ORDER_ID", "not 6 to 64 letters, digits, `-`, `_`, `=`", &[RECEIPTS]),
    Refusal::by(400, "INVALID_ORDER_NAME", "not 1 to 100 characters", &[RECEIPTS]),
    Refusal::by(400, "INVALID_REGISTRATION_NUMBER_TYPE", "an unknown kind of cash receipt", &[RECEIPTS]),
    Refusal::by(
        403,
        "NOT_CANCELABLE_AMOUNT",
        "more of a cash receipt than there is",
        &["ledgers::the_cancel_of_a_cash_receipt_has_its_key_with_c_before_it"],
    )
    .known(Mark::Assumed, "Toss docs list the code, not when"),
    Refusal::by(
        400,
        "ALREADY_CANCELED_PAYMENT",
        "a cash receipt is cancelled again",
        &["ledgers::the_cancel_of_a_cash_receipt_has_its_key_with_c_before_it"],
    )
    .known(Mark::Assumed, "Toss docs list the code, not when"),
    Refusal::by(404, "NOT_FOUND", "an unknown cash receipt", &["ledgers::the_cancel_of_a_cash_receipt_has_its_key_with_c_before_it"])
        .known(Mark::Assumed, "Toss docs list the code, not when"),
];

const EVERY_CALL: &[Refusal] = &[
    Refusal::by(400, "INVALID_IDEMPOTENCY_KEY", "not 1 to 300 characters", &["idempotency::a_key_has_one_to_three_hundred_characters"])
        .known(Mark::Documented, "Toss docs /guides/using-api/idempotency-key"),
    Refusal::by(
        400,
        "INVALID_TEST_CODE",
        "`TossPayments-Test-Code` with an unknown code",
        &["every_endpoint::test_codes_work_on_the_four_calls_that_take_them"],
    )
    .known(Mark::Documented, "Toss docs /reference/using-api/authorization"),
    Refusal::by(
        400,
        "INVALID_CURRENCY",
        "not the currency of the payment",
        &["cancel::fields_of_a_cancel_have_limits", "abroad::a_cancel_names_the_currency_of_its_payment_and_its_own_id"],
    ),
    Refusal::by(400, "INVALID_EMAIL", "not an e-mail address", &[DEADLINE]),
    Refusal::asked(400, "INVALID_URL", "not a URL"),
    Refusal::asked(400, "INVALID_PAYMENT_KEY", "not a paymentKey"),
    Refusal::asked(400, "INVALID_REFUND_AMOUNT", "in the global list only; measured is `NOT_CANCELABLE_AMOUNT`"),
    Refusal::asked(400, "DUPLICATED_REQUEST", "a repeated request"),
    Refusal::asked(400, "ALREADY_COMPLETED_PAYMENT", "completed before"),
    Refusal::by(
        400,
        "ALREADY_REFUNDING_PAYMENT",
        "a cancel abroad is on its way",
        &["abroad::a_cancel_is_in_progress_until_it_is_done_and_only_then_has_money_moved"],
    )
    .known(Mark::Assumed, "Toss docs list the code, not when"),
    Refusal::asked(400, "API_VERSION_UPDATE_NEEDED", "an API that is newer than the key's version"),
    Refusal::by(
        400,
        "EXCEEDS_TRANSFER_AMOUNT_MAXIMUM",
        "a transfer of more than 10,000,000 KRW",
        &["confirm::a_transfer_takes_ten_million_won_and_no_more"],
    ),
    Refusal::asked(400, "MAINTAINED_METHOD", "the method is under maintenance"),
    Refusal::asked(400, "PAY_PROCESS_ABORTED", "of the payment window; see the browser SDKs"),
    Refusal::by(
        400,
        "PAY_PROCESS_CANCELED",
        "of the payment window; see the browser SDKs",
        &["window::cancelling_names_no_order_and_leaves_the_payment_ready"],
    ),
    Refusal::asked(403, "EXCEED_MAX_REFUND_AMOUNT", "a limit"),
    Refusal::asked(403, "NOT_ALLOWED_REFUND_BANK", "a bank without refunds"),
    Refusal::asked(403, "NOT_SUPPORTED_REFUND", "a method without refunds"),
    Refusal::by(404, "NOT_FOUND", "a path that does not exist", &["confirm::a_wrong_verb_and_an_unknown_path_are_404_with_an_error_body"]),
    Refusal::asked(404, "NOT_FOUND_MERCHANT", "an unknown merchant"),
    Refusal::asked(404, "NOT_FOUND_METHOD", "an unknown method of payment"),
    Refusal::by(404, "NOT_FOUND_HTTP_METHOD", "the wrong verb: 404, not 405", &["every_endpoint::the_wrong_method_is_not_found"]),
    Refusal::by(
        429,
        "TOO_MANY_REQUESTS",
        "more than 100 calls a minute, where that is switched on",
        &["every_endpoint::one_hundred_calls_a_minute_to_each_api_if_that_is_switched_on"],
    )
    .known(
        Mark::Assumed,
        "Toss docs /guides/v2/get-started/environment say the rate, the status is that of the live API, the word is a choice",
    ),
    Refusal::asked(500, "COMMON_ERROR", "a failure at Toss"),
    Refusal::asked(500, "UNKNOWN_ERROR", "a failure at Toss"),
    Refusal::asked(500, "FAILED_DB_PROCESSING", "a failure at Toss"),
    Refusal::asked(500, "FAILED_METHOD_HANDLING", "a failure at Toss"),
];
