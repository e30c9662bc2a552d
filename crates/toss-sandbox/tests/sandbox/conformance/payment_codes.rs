//! Error codes of the calls about payments: confirm, look-ups, cancel, key-in.

use super::row::{Mark, Refusal, Rows, Section};

const MEASURED: &str = "GitHub gj-kit/gj-kit docs/research/toss-payments-v2.md";
const CANCELS: &str = "Toss docs /guides/v2/cancel-payment";
const KEYS: &str = "keys::every_mistake_with_the_secret_key_has_its_answer";

pub fn sections() -> Vec<Section> {
    vec![
        Section { title: "Error codes: confirm", rows: Rows::Refusals(CONFIRM) },
        Section { title: "Error codes: look-ups", rows: Rows::Refusals(LOOK_UPS) },
        Section { title: "Error codes: cancel", rows: Rows::Refusals(CANCEL) },
        Section { title: "Error codes: key-in", rows: Rows::Refusals(KEY_IN) },
    ]
}

const CONFIRM: &[Refusal] = &[
    Refusal::by(400, "ALREADY_PROCESSED_PAYMENT", "confirmed before", &["confirm::a_confirm_charges_once_and_answers_with_the_payment"]),
    Refusal::by(
        400,
        "DUPLICATED_ORDER_ID",
        "another payment of the order was approved",
        &["confirm::an_order_is_charged_once_whichever_of_its_payments_comes_first"],
    ),
    Refusal::asked(400, "PROVIDER_ERROR", "a passing failure of the provider"),
    Refusal::by(
        400,
        "INVALID_REQUEST",
        "malformed; also another amount than was authenticated, see below",
        &["confirm::a_malformed_confirm_is_an_invalid_request"],
    ),
    Refusal::by(
        400,
        "INVALID_API_KEY",
        "the key of another pair, or of the live environment",
        &["keys::keys_of_another_pair_or_environment_are_an_invalid_api_key_on_confirm"],
    ),
    Refusal::asked(400, "EXCEED_MAX_CARD_INSTALLMENT_PLAN", "instalments"),
    Refusal::asked(400, "INVALID_CARD_INSTALLMENT_PLAN", "instalments"),
    Refusal::asked(400, "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT", "instalments"),
    Refusal::asked(400, "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN", "instalments"),
    Refusal::asked(400, "NOT_ALLOWED_POINT_USE", "card"),
    Refusal::asked(400, "INVALID_REJECT_CARD", "card"),
    Refusal::asked(400, "INVALID_CARD_EXPIRATION", "card"),
    Refusal::asked(400, "INVALID_STOPPED_CARD", "card"),
    Refusal::asked(400, "INVALID_CARD_LOST_OR_STOLEN", "card"),
    Refusal::asked(400, "INVALID_CARD_NUMBER", "card"),
    Refusal::asked(400, "CARD_PROCESSING_ERROR", "card"),
    Refusal::by(
        400,
        "BELOW_MINIMUM_AMOUNT",
        "less than 100 KRW by card, 200 KRW from an account",
        &["confirm::cards_take_a_hundred_won_and_no_less"],
    ),
    Refusal::asked(400, "EXCEED_MAX_DAILY_PAYMENT_COUNT", "a limit"),
    Refusal::asked(400, "EXCEED_MAX_PAYMENT_AMOUNT", "a limit"),
    Refusal::asked(400, "EXCEED_MAX_AMOUNT", "a limit"),
    Refusal::asked(400, "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT", "a limit"),
    Refusal::asked(400, "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT", "a limit"),
    Refusal::asked(400, "EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT", "a limit"),
    Refusal::asked(400, "RESTRICTED_TRANSFER_ACCOUNT", "account"),
    Refusal::asked(400, "INVALID_ACCOUNT_INFO_RE_REGISTER", "account"),
    Refusal::asked(400, "NOT_FOUND_TERMINAL_ID", "the merchant's contract"),
    Refusal::asked(400, "INVALID_UNREGISTERED_SUBMALL", "the merchant's contract"),
    Refusal::asked(400, "NOT_REGISTERED_BUSINESS", "the merchant's contract"),
    Refusal::asked(400, "INVALID_AUTHORIZE_AUTH", "another kind of authentication"),
    Refusal::asked(400, "NOT_AVAILABLE_PAYMENT", "outside of service hours"),
    Refusal::asked(400, "UNAPPROVED_ORDER_ID", "the order is not approved yet"),
    Refusal::by(401, "UNAUTHORIZED_KEY", "an unknown secret key", &[KEYS]).known(Mark::Measured, MEASURED),
    Refusal::asked(403, "REJECT_ACCOUNT_PAYMENT", "balance of the account"),
    Refusal::by(
        403,
        "REJECT_CARD_PAYMENT",
        "limit or balance of the card; chosen in the payment window",
        &["confirm::a_decline_aborts_the_payment_and_names_the_failure", "window::a_refusal_at_the_confirm_looks_like_success_at_first"],
    ),
    Refusal::asked(403, "REJECT_CARD_COMPANY", "the card company refuses"),
    Refusal::asked(403, "REJECT_TOSSPAY_INVALID_ACCOUNT", "the account behind Toss Pay"),
    Refusal::asked(403, "EXCEED_MAX_AUTH_COUNT", "a limit"),
    Refusal::asked(403, "EXCEED_MAX_ONE_DAY_AMOUNT", "a limit"),
    Refusal::asked(403, "INVALID_PASSWORD", "wrong password"),
    Refusal::asked(403, "FDS_ERROR", "a suspicion of fraud"),
    Refusal::asked(403, "NOT_AVAILABLE_BANK", "the bank is closed"),
    Refusal::by(
        403,
        "FORBIDDEN_REQUEST",
        "another order's payment, see below",
        &["confirm::order_and_amount_are_bound_to_the_payment_key"],
    ),
    Refusal::by(403, "INCORRECT_BASIC_AUTH_FORMAT", "credentials without their colon", &[KEYS]),
    Refusal::by(404, "NOT_FOUND_PAYMENT", "an unknown paymentKey", &["confirm::order_and_amount_are_bound_to_the_payment_key"]),
    Refusal::by(
        404,
        "NOT_FOUND_PAYMENT_SESSION",
        "ten minutes after the authentication",
        &["life::a_session_lasts_ten_minutes_and_no_longer"],
    ),
    Refusal::by(
        409,
        "IDEMPOTENT_REQUEST_PROCESSING",
        "the first call with the idempotency key is not finished",
        &["idempotency::while_the_first_is_in_flight_the_second_is_a_conflict"],
    ),
    Refusal::by(
        500,
        "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING",
        "another confirm of the payment is being processed: a message that begins with `[S008]`",
        &["idempotency::while_the_first_is_in_flight_another_without_its_key_gets_s008"],
    )
    .known(Mark::Measured, "logged in several public repositories"),
    Refusal::asked(500, "FAILED_INTERNAL_SYSTEM_PROCESSING", "a failure at Toss"),
    Refusal::asked(500, "UNKNOWN_PAYMENT_ERROR", "a failure at Toss"),
];

const LOOK_UPS: &[Refusal] = &[
    Refusal::asked(400, "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT", "instalments; listed for look-ups as well"),
    Refusal::by(401, "UNAUTHORIZED_KEY", "an unknown secret key", &[KEYS]).known(Mark::Measured, MEASURED),
    Refusal::by(403, "FORBIDDEN_CONSECUTIVE_REQUEST", "asked too often; only by a fault", &["faults::look_ups_go_wrong_too"]),
    Refusal::by(403, "INCORRECT_BASIC_AUTH_FORMAT", "credentials without their colon", &[KEYS]),
    Refusal::by(404, "NOT_FOUND_PAYMENT", "an unknown paymentKey or orderId", &["lookup::what_does_not_exist_is_not_found"])
        .known(Mark::Measured, MEASURED),
    Refusal::asked(404, "NOT_FOUND", "nothing there"),
    Refusal::asked(500, "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING", "a failure at Toss"),
];

const CANCEL: &[Refusal] = &[
    Refusal::by(
        400,
        "ALREADY_CANCELED_PAYMENT",
        "cancelled at one go before",
        &["cancel::a_full_cancel_is_canceled_and_its_repeat_is_already_canceled_payment"],
    )
    .known(Mark::Measured, MEASURED),
    Refusal::asked(400, "ALREADY_REFUND_PAYMENT", "refunded before"),
    Refusal::by(
        400,
        "NOT_MATCHES_REFUNDABLE_AMOUNT",
        "`refundableAmount` is not the balance",
        &["cancel::the_refundable_amount_is_an_optimistic_lock"],
    )
    .known(Mark::Measured, MEASURED),
    Refusal::by(
        400,
        "INVALID_REFUND_ACCOUNT_INFO",
        "a deposit without an account to refund it to",
        &["cancel::after_the_deposit_the_refund_needs_an_account"],
    ),
    Refusal::by(
        400,
        "INVALID_REFUND_ACCOUNT_NUMBER",
        "no digits, or more than 20",
        &["cancel::after_the_deposit_the_refund_needs_an_account"],
    ),
    Refusal::by(400, "INVALID_BANK", "an unknown bank", &["cancel::after_the_deposit_the_refund_needs_an_account"]),
    Refusal::asked(400, "FORBIDDEN_BANK_REFUND_REQUEST", "a bank without refunds"),
    Refusal::asked(400, "EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT", "less than the instant discount"),
    Refusal::by(400, "INVALID_REQUEST", "malformed, or out of a limit", &["cancel::fields_of_a_cancel_have_limits"]),
    Refusal::asked(400, "PROVIDER_ERROR", "a passing failure of the provider"),
    Refusal::asked(400, "REFUND_REJECTED", "the refund is refused"),
    Refusal::by(401, "UNAUTHORIZED_KEY", "an unknown secret key", &["every_endpoint::every_endpoint_answers_and_knows_its_key"]),
    Refusal::by(
        403,
        "NOT_CANCELABLE_AMOUNT",
        "more than the balance; or a balance of 0 after partial cancels",
        &[
            "cancel::more_than_there_is_cannot_be_cancelled_and_changes_nothing",
            "cancel::in_parts_it_stays_partial_canceled_and_then_no_amount_is_cancelable",
        ],
    )
    .known(Mark::Measured, MEASURED),
    Refusal::by(
        403,
        "NOT_CANCELABLE_PAYMENT",
        "READY, IN_PROGRESS, ABORTED or EXPIRED",
        &["cancel::only_what_has_been_approved_can_be_cancelled"],
    )
    .known(Mark::Assumed, "Toss docs list the code, not the states"),
    Refusal::asked(403, "NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER", "a dormant user"),
    Refusal::by(403, "EXCEED_MAX_REFUND_DUE", "after the time that the method allows", &["cancel::every_method_has_its_time_for_cancels"])
        .known(Mark::Documented, CANCELS),
    Refusal::by(
        403,
        "NOT_ALLOWED_PARTIAL_REFUND",
        "a part, with escrow or an excluded amount",
        &["cancel::escrow_allows_no_partial_cancel"],
    )
    .known(Mark::Documented, CANCELS),
    Refusal::by(
        403,
        "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT",
        "a part, before the deposit",
        &["cancel::before_the_deposit_only_everything_can_be_cancelled_and_no_money_moves"],
    )
    .known(Mark::Documented, CANCELS),
    Refusal::asked(403, "EXCEED_CANCEL_LIMIT", "a limit; here also after 1,000 changes of one payment"),
    Refusal::asked(403, "FORBIDDEN_CONSECUTIVE_REQUEST", "asked too often"),
    Refusal::asked(403, "FORBIDDEN_REQUEST", "not allowed"),
    Refusal::by(403, "INCORRECT_BASIC_AUTH_FORMAT", "credentials without their colon", &[KEYS]),
    Refusal::asked(403, "NOT_AVAILABLE_BANK", "the bank is closed"),
    Refusal::by(404, "NOT_FOUND_PAYMENT", "an unknown paymentKey", &["cancel::only_what_has_been_approved_can_be_cancelled"]),
    Refusal::asked(409, "IDEMPOTENT_REQUEST_PROCESSING", "the first call with the idempotency key is not finished"),
    Refusal::asked(500, "FAILED_INTERNAL_SYSTEM_PROCESSING", "a failure at Toss"),
    Refusal::asked(500, "FAILED_REFUND_PROCESS", "a failure at Toss"),
    Refusal::asked(500, "FAILED_METHOD_HANDLING_CANCEL", "a failure at Toss"),
    Refusal::asked(500, "FAILED_PARTIAL_REFUND", "a failure at Toss"),
    Refusal::asked(500, "COMMON_ERROR", "a failure at Toss"),
    Refusal::asked(500, "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING", "a failure at Toss"),
    Refusal::asked(500, "FAILED_CLOSED_ACCOUNT_REFUND", "the account to refund to is closed; in older lists"),
];

const CARD: &str = "billing::what_is_wrong_with_a_typed_card_is_told_by_its_code";

const KEY_IN: &[Refusal] = &[
    Refusal::by(400, "INVALID_CARD_NUMBER", "no digits, or too few", &[CARD]),
    Refusal::by(400, "INVALID_CARD_EXPIRATION", "expired, or no month", &[CARD]),
    Refusal::by(400, "INVALID_CARD_INSTALLMENT_PLAN", "neither 0 nor 2 to 12 months", &[CARD]),
    Refusal::by(400, "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT", "instalments below 50,000 KRW", &[CARD]),
    Refusal::by(400, "BELOW_MINIMUM_AMOUNT", "less than 100 KRW", &[CARD]),
    Refusal::by(400, "INVALID_ORDER_NAME", "not 1 to 100 characters", &[CARD]),
    Refusal::by(400, "INVALID_REQUEST", "a field is missing or malformed", &[CARD]),
    Refusal::by(400, "DUPLICATED_ORDER_ID", "the order was approved before", &["billing::a_typed_card_is_charged_at_once"]),
    Refusal::by(
        403,
        "FORBIDDEN_REQUEST",
        "the secret key of a widget",
        &["every_endpoint::a_widget_key_is_not_for_the_products_of_the_api_key"],
    )
    .known(Mark::Assumed, "Toss docs /reference/using-api/api-keys say which keys are for what, not with what the others are refused"),
];
