//! What the calls about payments do, beside their error codes, and the Payment object.

use super::row::{Mark::*, Rows, Rule, Section};

const REFERENCE: &str = "Toss docs /reference";
const CANCELS: &str = "Toss docs /guides/v2/cancel-payment";
const MEASURED: &str = "GitHub gj-kit/gj-kit docs/research/toss-payments-v2.md";
const ENVIRONMENT: &str = "Toss docs /guides/v2/get-started/environment";
const OBJECT: &str = "confirm::the_payment_object_is_complete_and_in_order";
const EXPIRED: &str = "life::a_session_lasts_ten_minutes_and_no_longer";
const LISTS: &str = "ledgers::dates_and_limits_of_queries_are_checked";

pub fn sections() -> Vec<Section> {
    vec![
        Section { title: "Confirm and look-ups", rows: Rows::Rules(CONFIRM) },
        Section { title: "Cancels", rows: Rows::Rules(CANCEL) },
        Section { title: "Billing, key-in, reads", rows: Rows::Rules(OTHERS) },
        Section { title: "The Payment object", rows: Rows::Rules(OBJECTS) },
    ]
}

const CONFIRM: &[Rule] = &[
    Rule::new(
        Documented,
        "a confirm charges once: 200 and the Payment",
        REFERENCE,
        &["confirm::a_confirm_charges_once_and_answers_with_the_payment", "confirm::a_hundred_confirms_at_once_without_a_key_charge_once"],
    ),
    Rule::new(Documented, "10 minutes from the authentication, then EXPIRED", REFERENCE, &[EXPIRED]),
    Rule::new(
        Documented,
        "30 minutes from the opening of the window, then EXPIRED",
        "Toss docs /reference/using-api/webhook-events",
        &["life::a_window_stays_open_for_thirty_minutes"],
    ),
    Rule::new(
        Measured,
        "orderId and amount are bound to the paymentKey",
        "techchat 1356803952922071060",
        &["confirm::order_and_amount_are_bound_to_the_payment_key"],
    ),
    Rule::new(
        Assumed,
        "another amount: 400 `INVALID_REQUEST`; another order: 403 `FORBIDDEN_REQUEST` (`Choices::wrong_amount`, `Choices::wrong_order`)",
        "nobody says which",
        &["confirm::order_and_amount_are_bound_to_the_payment_key", "confirm::what_is_refused_where_nothing_is_known_can_be_chosen"],
    ),
    Rule::new(
        Measured,
        "an amount as a string of digits is taken",
        "GitHub tosspayments/tosspayments-sample forwards it so",
        &["confirm::a_string_of_digits_is_taken_as_an_amount"],
    ),
    Rule::new(
        Assumed,
        "PayPal: `amount` is in dollars with up to two decimals, compared to the cent; the confirm names no currency, and one that is sent \
         is not looked at",
        "Toss docs name no currency at the confirm; the unit is that of the Payment in techchat 1237958998343417856",
        &["abroad::a_confirm_is_compared_with_the_payment_to_the_cent"],
    ),
    Rule::new(
        Assumed,
        "before the authentication there is no session",
        "nobody says",
        &["confirm::a_payment_nobody_has_authenticated_has_no_session"],
    ),
    Rule::new(Documented, "both look-ups show the same Payment", REFERENCE, &["lookup::both_look_ups_show_the_same_payment"]),
    Rule::new(
        Assumed,
        "READY and IN_PROGRESS can be looked up (`Choices::hide_unconfirmed`)",
        "Toss docs speak of approved payments, logs show EXPIRED ones",
        &["lookup::a_payment_is_visible_before_its_confirm_unless_that_is_switched_off"],
    ),
    Rule::new(
        Assumed,
        "of several payments of an order the look-up shows the charged one, else the latest",
        "nobody says",
        &["lookup::an_order_with_several_payments_shows_the_charged_one_else_the_latest"],
    ),
    Rule::missing(
        Assumed,
        "`POST /v1/payments`, which makes a payment from the server",
        "third-party code",
        "its request is not published",
    ),
];

const CANCEL: &[Rule] = &[
    Rule::new(Measured, "at one go: CANCELED", MEASURED, &["cancel::a_full_cancel_is_canceled_and_its_repeat_is_already_canceled_payment"]),
    Rule::new(
        Measured,
        "in parts: PARTIAL_CANCELED, also when nothing is left",
        MEASURED,
        &["cancel::in_parts_it_stays_partial_canceled_and_then_no_amount_is_cancelable"],
    ),
    Rule::new(
        Measured,
        "`refundableAmount` is an optimistic lock",
        "Toss docs /guides/v2/cancel-payment and GitHub gj-kit/gj-kit",
        &["cancel::the_refundable_amount_is_an_optimistic_lock"],
    ),
    Rule::new(
        Documented,
        "before the deposit: only everything, without an account",
        CANCELS,
        &["cancel::before_the_deposit_only_everything_can_be_cancelled_and_no_money_moves"],
    ),
    Rule::new(
        Documented,
        "after the deposit: `refundReceiveAccount` is needed, its fields have limits",
        CANCELS,
        &["cancel::after_the_deposit_the_refund_needs_an_account"],
    ),
    Rule::new(
        Documented,
        "card without limit of time, transfer 180 days, virtual account 365 days, phone in its month",
        CANCELS,
        &["cancel::every_method_has_its_time_for_cancels"],
    ),
    Rule::new(
        Documented,
        "`cancelReason` 1 to 200 characters, `cancelRequestId` 6 to 64",
        REFERENCE,
        &["cancel::fields_of_a_cancel_have_limits"],
    ),
    Rule::new(
        Assumed,
        "tax-free and excluded parts have to add up",
        "Toss docs name the fields only",
        &["cancel::tax_free_parts_of_cancels_add_up"],
    ),
    Rule::new(Documented, "no part of a payment with escrow or an excluded amount", CANCELS, &["cancel::escrow_allows_no_partial_cancel"]),
    Rule::new(
        Documented,
        "the entry of `cancels[]` has all its fields",
        REFERENCE,
        &["cancel::a_full_cancel_is_canceled_and_its_repeat_is_already_canceled_payment"],
    ),
    Rule::new(
        Documented,
        "`currency` has to be the one of the payment; it may be left out",
        REFERENCE,
        &["abroad::a_cancel_names_the_currency_of_its_payment_and_its_own_id"],
    ),
    Rule::new(
        Documented,
        "a cancel abroad is IN_PROGRESS, then DONE or ABORTED (`Choices::foreign_cancels_at_once`: a merchant logged one of PayPal that \
         was DONE at once)",
        "Toss docs /guides/v2/cancel-payment; techchat 1237958998343417856",
        &[
            "abroad::a_cancel_is_in_progress_until_it_is_done_and_only_then_has_money_moved",
            "abroad::nothing_comes_of_a_cancel_that_is_aborted_and_the_next_one_may_work",
            "abroad::cancels_abroad_can_be_done_at_once_as_one_was_logged",
        ],
    ),
    Rule::new(
        Assumed,
        "it is DONE after a minute of the sandbox's clock unless a test ends it; until then status and balance are as before",
        "nobody says how long, nor what the payment is meanwhile",
        &["abroad::a_cancel_is_in_progress_until_it_is_done_and_only_then_has_money_moved"],
    ),
    Rule::new(
        Assumed,
        "one cancel abroad at a time (`ALREADY_REFUNDING_PAYMENT`); without `cancelRequestId` 400 `INVALID_REQUEST`; the same id twice is \
         no error",
        "Toss docs say that an asynchronous cancel needs the id, not what is answered without it",
        &[
            "abroad::a_cancel_is_in_progress_until_it_is_done_and_only_then_has_money_moved",
            "abroad::a_cancel_names_the_currency_of_its_payment_and_its_own_id",
        ],
    ),
    Rule::new(
        Documented,
        "PayPal can be cancelled for 180 days",
        CANCELS,
        &["abroad::paypal_is_cancelled_within_its_time_and_by_operators_too"],
    ),
    Rule::missing(Documented, "cancels in JPY", CANCELS, "no payment method of the sandbox is paid in it"),
];

const OTHERS: &[Rule] = &[
    Rule::new(
        Documented,
        "an authKey issues one billing key, for its customer",
        REFERENCE,
        &["billing::an_auth_key_issues_one_billing_key_for_its_customer"],
    ),
    Rule::new(
        Assumed,
        "an authKey has no time to live",
        "Toss docs say once, not how long",
        &["billing::an_auth_key_issues_one_billing_key_for_its_customer"],
    ),
    Rule::new(
        Documented,
        "a billing key charges its customer, `type` BILLING",
        REFERENCE,
        &["billing::a_billing_key_charges_its_customer"],
    ),
    Rule::new(
        Measured,
        "deleted: 200 without a body, a later charge is refused",
        MEASURED,
        &["billing::a_removed_billing_key_charges_nothing"],
    ),
    Rule::new(
        Measured,
        "card 9410001234567890 is issued and charged, a bare BIN is refused",
        MEASURED,
        &["billing::card_numbers_behave_as_measured"],
    ),
    Rule::new(
        Measured,
        "a customerKey of 300 characters or with a space is taken",
        MEASURED,
        &["billing::a_customer_key_may_have_three_hundred_characters_and_no_more"],
    ),
    Rule::new(
        Documented,
        "key-in charges at once, its fields have limits",
        REFERENCE,
        &["billing::a_typed_card_is_charged_at_once", "billing::what_is_wrong_with_a_typed_card_is_told_by_its_code"],
    ),
    Rule::new(
        Documented,
        "BrandPay: a code for a token, and a confirm",
        "GitHub tosspayments/tosspayments-sample express-react",
        &["billing::brandpay_takes_a_code_for_a_token", "billing::a_brandpay_payment_is_confirmed_once_for_its_customer"],
    ),
    Rule::new(
        Documented,
        "one transaction per approval and cancel, in pages of up to 5,000",
        REFERENCE,
        &["ledgers::every_approval_and_every_cancel_is_a_transaction", "ledgers::transactions_come_in_pages_after_a_key", LISTS],
    ),
    Rule::new(Documented, "settlements are empty in the test environment", ENVIRONMENT, &["ledgers::the_test_environment_settles_nothing"]),
    Rule::new(
        Documented,
        "a cash receipt is IN_PROGRESS, after a day COMPLETED",
        REFERENCE,
        &["ledgers::a_cash_receipt_is_in_progress_for_a_day_and_then_completed"],
    ),
    Rule::new(
        Documented,
        "its cancel has the key with `c_` before it",
        REFERENCE,
        &["ledgers::the_cancel_of_a_cash_receipt_has_its_key_with_c_before_it"],
    ),
    Rule::new(
        Documented,
        "cash receipts in pages by a cursor, of up to 10,000",
        REFERENCE,
        &["ledgers::cash_receipts_are_listed_in_pages_by_a_cursor", LISTS],
    ),
    Rule::new(
        Assumed,
        "a cancel of the payment cancels as much of its cash receipt, a reversed deposit all of it",
        "Toss docs give a cancel a `receiptKey`, and say no more",
        &[
            "receipts::each_cancel_of_the_payment_cancels_its_part_of_the_receipt",
            "receipts::a_reversed_deposit_takes_its_receipt_back_and_the_next_one_has_its_own",
        ],
    ),
    Rule::new(
        Documented,
        "key-in: `useCardPoint` and `useFreeInstallmentPlan`",
        REFERENCE,
        &["billing::points_and_free_instalments_of_a_typed_card_show_in_its_payment"],
    ),
    Rule::new(Assumed, "there are no promotions", "which there are changes by the month", &["ledgers::the_sandbox_has_no_promotions"]),
    Rule::missing(
        Documented,
        "payouts, sellers, bank-account checks",
        "Toss docs /reference",
        "no part of a checkout; their webhooks can be sent",
    ),
];

const OBJECTS: &[Rule] = &[
    Rule::new(
        Documented,
        "every field, in the order of real bodies",
        "Toss docs /reference; bodies in techchat 1444558775297249371 and 1456527343664496660",
        &[OBJECT],
    ),
    Rule::new(
        Documented,
        "method objects that are not in use are null",
        REFERENCE,
        &["ledgers::every_method_has_its_own_object_and_the_others_are_null"],
    ),
    Rule::new(Documented, "`cancels`, `cashReceipts`, `discount` are null when empty, never `[]`", REFERENCE, &[OBJECT]),
    Rule::new(
        Documented,
        "easy payments: the object in place of the card's",
        REFERENCE,
        &["confirm::easy_pay_has_its_object_in_place_of_the_cards"],
    ),
    Rule::new(
        Measured,
        "PayPal: USD with decimals, VAT an eleventh to the cent, `secret`, `receipt` and `useEscrow` null",
        "a body in techchat 1237958998343417856",
        &[
            "abroad::a_paypal_payment_goes_from_the_window_to_the_books_to_the_cent",
            "abroad::cancels_abroad_can_be_done_at_once_as_one_was_logged",
        ],
    ),
    Rule::new(
        Assumed,
        "PayPal: `method` 해외간편결제, `easyPay` with the provider's Korean name, `country` as the shop says, else US, zeros behind the \
         point left out",
        "the log has these fields blotted out; the words are those of npm @tosspayments/payment__types 1.69.1",
        &["abroad::a_paypal_payment_goes_from_the_window_to_the_books_to_the_cent"],
    ),
    Rule::new(
        Documented,
        "VAT is an eleventh of what is taxed, and falls with cancels",
        REFERENCE,
        &[
            OBJECT,
            "cancel::tax_free_parts_of_cancels_add_up",
            "cancel::a_full_cancel_is_canceled_and_its_repeat_is_already_canceled_payment",
        ],
    ),
    Rule::new(
        Measured,
        "EXPIRED: method, receipt, secret, keys and approvedAt null, failure `EXPIRED_PAYMENT`",
        "techchat 1410526054635933798",
        &[EXPIRED],
    ),
    Rule::new(
        Documented,
        "ABORTED: the failure has the code of the refusal",
        REFERENCE,
        &["confirm::a_decline_aborts_the_payment_and_names_the_failure"],
    ),
    Rule::new(Measured, "secret: `ps_…`, also for cards", MEASURED, &[OBJECT]),
    Rule::new(
        Measured,
        "paymentKey: five characters of the mId, 14 digits of time, five more",
        "bodies in techchat 1456527343664496660",
        &["crates/toss-sandbox/src/ids.rs::names_have_the_forms_of_toss"],
    ),
    Rule::new(
        Documented,
        "times in Korean time, to the second",
        REFERENCE,
        &["crates/toss-sandbox/src/clock.rs::times_are_written_in_korean_time_to_the_second"],
    ),
    Rule::new(
        Documented,
        "receipt and checkout lead to pages",
        REFERENCE,
        &["window::the_links_of_a_payment_lead_to_pages_of_the_sandbox"],
    ),
    Rule::missing(
        Documented,
        "hosts of receipts (dashboard.tosspayments.com)",
        REFERENCE,
        "the pages are the sandbox's own, on its address",
    ),
    Rule::missing(Documented, "`discount`, `easyPayDiscountAmount`, the shopper's points", REFERENCE, "the sandbox has no promotions"),
];
