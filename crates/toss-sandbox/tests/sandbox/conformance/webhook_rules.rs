//! What is told, how, and how it can be checked.

use super::row::{Mark::*, Rows, Rule, Section};

const EVENTS: &str = "Toss docs /reference/using-api/webhook-events";
const GUIDE: &str = "Toss docs /guides/v2/webhook";
const MEASURED: &str = "GitHub gj-kit/gj-kit docs/research/toss-payments-v2.md";
const HEADERS: &str = "webhooks::a_webhook_has_the_headers_of_toss_and_a_signature_only_where_toss_signs";
const RETRIES: &str = "webhooks::what_is_not_answered_with_200_is_sent_again_seven_times_and_has_then_failed";
const SIGNED: &str = "webhooks::a_signature_is_an_hmac_over_body_and_time_with_each_key_in_force";

pub fn sections() -> Vec<Section> {
    vec![
        Section { title: "Webhooks", rows: Rows::Rules(RULES) },
        Section { title: "Virtual accounts, end to end", rows: Rows::Rules(ACCOUNTS) },
    ]
}

const RULES: &[Rule] = &[
    Rule::new(
        Documented,
        "a merchant registers URLs with the events that each wants",
        EVENTS,
        &["webhooks::each_url_gets_the_events_that_it_is_registered_for"],
    ),
    Rule::new(Documented, "the documentation keys have no webhooks", GUIDE, &["notices::payments_of_the_documentation_keys_tell_nobody"]),
    Rule::new(
        Documented,
        "webhooks are sent for test payments too",
        "Toss docs /guides/v2/get-started/environment",
        &["notices::a_charge_and_its_cancels_are_told"],
    ),
    Rule::new(
        Documented,
        "received is what is answered with 200 within 10 seconds",
        GUIDE,
        &[RETRIES, "webhooks::no_answer_within_ten_seconds_is_a_failed_attempt"],
    ),
    Rule::new(
        Assumed,
        "another 2xx is a failure: the guides say 200, an older article any 2xx (`Choices::accept_any_2xx`)",
        "Toss docs /guides/v2/webhook against /blog/virtual-account-webhook",
        &[RETRIES, "webhooks::any_2xx_and_a_new_id_for_a_retry_are_choices"],
    ),
    Rule::new(
        Documented,
        "seven retries after 1, 4, 16, 64, 256, 1024 and 4096 minutes, then it has failed",
        EVENTS,
        &[RETRIES, "webhooks::a_jump_of_fifteen_days_loses_no_retry"],
    ),
    Rule::new(Documented, "a failed one can be sent again by hand", EVENTS, &["webhooks::a_webhook_is_sent_again_by_hand"]),
    Rule::new(
        Documented,
        "at least once, in no certain order",
        EVENTS,
        &["webhooks::faults_of_webhooks_lose_delay_duplicate_reorder_and_forge"],
    ),
    Rule::new(Documented, "headers: transmission time, retried count, transmission id `whtrans_…`", EVENTS, &[HEADERS]),
    Rule::new(
        Assumed,
        "a retry keeps its transmission id (`Choices::new_id_on_retry`)",
        "Toss docs call it the id of the webhook",
        &[RETRIES, "webhooks::any_2xx_and_a_new_id_for_a_retry_are_choices"],
    ),
    Rule::new(Documented, "`payout.changed` and `seller.changed` are signed, nothing else is", EVENTS, &[HEADERS]),
    Rule::new(Documented, "signature: HMAC-SHA256 over `body:time`, `v1:` and base64; two while a key is rotated", EVENTS, &[SIGNED]),
    Rule::new(
        Documented,
        "a replaced security key signs for seven days more, at most two are in force",
        "Toss docs /reference/using-api/api-keys",
        &[SIGNED, "crates/toss-sandbox/src/webhook/signature.rs::two_keys_sign_for_a_week_and_never_three"],
    ),
    Rule::new(
        Assumed,
        "the HMAC key is the text of the security key (`Choices::hex_security_key`)",
        "Toss docs do not say",
        &[SIGNED, "crates/toss-sandbox/src/webhook/signature.rs::a_key_is_text_or_bytes"],
    ),
    Rule::new(
        Documented,
        "three envelopes: `{eventType, createdAt, data}`, flat for DEPOSIT_CALLBACK, and with `entityBody`",
        EVENTS,
        &["crates/toss-sandbox/src/webhook/event.rs::each_envelope_has_the_shape_of_toss", HEADERS],
    ),
    Rule::new(
        Documented,
        "`data` of PAYMENT_STATUS_CHANGED is the Payment",
        EVENTS,
        &["notices::a_status_change_holds_the_payment_without_its_secret_unless_chosen"],
    ),
    Rule::new(
        Assumed,
        "… without `secret` (`Choices::secret_in_status_changed`)",
        "Toss docs say with it, a logged body (techchat 1456527343664496660) has none",
        &["notices::a_status_change_holds_the_payment_without_its_secret_unless_chosen"],
    ),
    Rule::new(
        Documented,
        "DEPOSIT_CALLBACK: createdAt, secret, status, transactionKey, orderId; neither eventType nor paymentKey",
        EVENTS,
        &["notices::a_deposit_callback_is_flat_and_has_the_secret_of_the_confirm"],
    ),
    Rule::new(
        Documented,
        "its secret is that of the answer to the confirm or the issue",
        EVENTS,
        &["notices::a_deposit_callback_is_flat_and_has_the_secret_of_the_confirm"],
    ),
    Rule::new(
        Measured,
        "`createdAt` of these two has no offset, and no zeros at the end of its fraction",
        MEASURED,
        &[
            "notices::an_authenticated_payment_expires_after_ten_minutes_and_says_when_even_if_the_clock_jumps_far",
            "notices::a_deposit_callback_is_flat_and_has_the_secret_of_the_confirm",
        ],
    ),
    Rule::new(
        Documented,
        "a window that is closed tells nothing",
        EVENTS,
        &["notices::opening_authenticating_and_closing_the_window_tell_nothing"],
    ),
    Rule::new(Documented, "the events of BrandPay, sellers and payouts", EVENTS, &[HEADERS]),
    Rule::missing(
        Documented,
        "a failed webhook is told by e-mail, and sent again from the developer centre",
        GUIDE,
        "the sandbox sends no e-mail; the log and `POST /webhooks/{number}/resend` stand for both",
    ),
    Rule::missing(Documented, "source addresses of webhooks", GUIDE, "everything comes from 127.0.0.1"),
    Rule::missing(
        Documented,
        "URLs with a local port are refused at registration",
        GUIDE,
        "a local port is what the sandbox is for: it refuses the others, unless `--allow-remote-webhooks`",
    ),
    Rule::new(
        Assumed,
        "CANCEL_STATUS_CHANGED of a cancel abroad has the entry of `cancels[]` as its data, and comes after PAYMENT_STATUS_CHANGED",
        "Toss docs name the event and the object, nobody shows one",
        &["abroad::a_cancel_is_in_progress_until_it_is_done_and_only_then_has_money_moved"],
    ),
    Rule::missing(
        Documented,
        "LinkPay's ORDER_PAYMENT_STATUS_CHANGED, `ars-reservation.changed`, the older PAYOUT_STATUS_CHANGED",
        EVENTS,
        "products that are no part of a checkout",
    ),
];

const ACCOUNTS: &[Rule] = &[
    Rule::new(
        Documented,
        "a confirm issues the account: 200, WAITING_FOR_DEPOSIT, `approvedAt` null, no money",
        "Toss docs /guides/learn/virtual-account-webhook",
        &["virtual_account::a_confirm_issues_the_account_and_charges_nothing"],
    ),
    Rule::new(
        Documented,
        "from issue over deposit and reversal to the refund, each is told",
        EVENTS,
        &["notices::a_virtual_account_is_told_from_issue_over_deposit_and_reversal_to_the_cancel"],
    ),
    Rule::new(
        Documented,
        "a reversed deposit waits again and can be paid again",
        EVENTS,
        &["virtual_account::a_reversed_deposit_waits_again_and_can_be_paid_again"],
    ),
    Rule::new(
        Documented,
        "the deadline passes in silence: `expired` is true, the status stays",
        EVENTS,
        &[
            "notices::the_deadline_of_a_virtual_account_passes_in_silence",
            "virtual_account::past_its_deadline_an_account_is_expired_and_its_payment_still_waits",
        ],
    ),
    Rule::new(
        Documented,
        "test accounts begin with `X`",
        "Toss docs /guides/v2/get-started/environment",
        &["virtual_account::a_confirm_issues_the_account_and_charges_nothing"],
    ),
    Rule::new(
        Documented,
        "a bank by code, number, Korean or English name",
        "Toss docs /codes/org-codes",
        &["virtual_account::a_bank_may_be_named_by_code_number_korean_or_english"],
    ),
    Rule::new(
        Documented,
        "168 hours by default, at most 2,160; or a date within 90 days",
        "Toss docs /reference",
        &[
            "virtual_account::a_deadline_is_given_in_hours_or_as_a_date_within_ninety_days",
            "virtual_account::a_confirm_issues_the_account_and_charges_nothing",
        ],
    ),
    Rule::new(
        Documented,
        "`refundReceiveAccount` is shown for 30 minutes after the window opened, then null",
        "Toss docs /reference",
        &["crates/toss-sandbox/src/body.rs::the_refund_account_is_shown_for_thirty_minutes"],
    ),
    Rule::new(
        Documented,
        "cash receipts appear only after the deposit",
        "Toss docs /guides/windows/virtual-account",
        &[
            "receipts::a_deposit_issues_the_receipt_that_was_asked_for",
            "receipts::no_receipt_is_issued_unless_one_was_asked_for",
            "receipts::a_cancel_before_the_deposit_and_one_by_an_operator_know_of_the_receipt_too",
        ],
    ),
    Rule::new(
        Documented,
        "fixed accounts (`accountType` 고정, `accountKey`): one key, one number",
        "Toss docs /reference",
        &["virtual_account::a_fixed_account_has_the_same_number_each_time"],
    ),
    Rule::missing(
        Documented,
        "deposits of another amount are refused by the bank",
        "Toss docs /blog/virtual-account-webhook",
        "a deposit of the sandbox is always the whole amount",
    ),
    Rule::missing(
        Documented,
        "a refund arrives two business days after the cancel, a suspicious one after nine",
        "Toss docs /guides/v2/cancel-payment",
        "money of the sandbox moves at once: `refundStatus` is COMPLETED",
    ),
    Rule::missing(Documented, "versions up to 1.4 turn a reversed deposit into CANCELED", EVENTS, "the sandbox speaks 2022-11-16"),
];
