//! The browser SDK v1: the payment widget.

use super::row::{Mark::*, Rows, Rule, Section};

const TYPES: &str = "npm @tosspayments/payment-widget__types 1.1.0";
const ERRORS: &str = "npm @tosspayments/payment__types 1.69.1";
const DOCS: &str = "Toss docs /sdk/widget-js";
const BLOG: &str = "Toss docs /blog/widget-client-error-handling";
const V2_WORD: &str = "Toss docs show no word for v1; the one of v2";
const MEMBERS: &str = "end2end/tests/sdk-v1-rules.spec.ts::the members are there and answer at once";

pub fn sections() -> Vec<Section> {
    vec![
        Section { title: "Browser SDK v1: the payment widget", rows: Rows::Rules(WIDGET) },
        Section { title: "Browser SDK v1: error codes", rows: Rows::Rules(CODES) },
    ]
}

const WIDGET: &[Rule] = &[
    Rule::new(
        Published,
        "`PaymentWidget(clientKey, customerKey, { brandpay? })` without `new`; `ANONYMOUS`, `version`, `__versionHash__`",
        TYPES,
        &[MEMBERS],
    ),
    Rule::new(Published, "`renderPaymentMethods` and `renderAgreement` answer at once with their widgets", TYPES, &[MEMBERS]),
    Rule::new(Published, "an amount as a number or as `{ value, currency, country }`", TYPES, &[MEMBERS]),
    Rule::new(Published, "`updateAmount` at once, `UPDATE_REASON` with `COUPON` and `POINT`", TYPES, &[MEMBERS]),
    Rule::new(
        Assumed,
        "the values of `UPDATE_REASON` are its names",
        "the types say `string`",
        &["crates/toss-widget/tests/web/sandbox.rs::v1_takes_every_call_and_tells_every_event"],
    ),
    Rule::new(Published, "`getSelectedPaymentMethod` at once, with the Korean name of the method", TYPES, &[MEMBERS]),
    Rule::new(Published, "`getAgreementStatus` at once, with every term", TYPES, &[MEMBERS]),
    Rule::new(
        Documented,
        "`ready` comes once, after the drawing",
        DOCS,
        &["end2end/tests/sdk-v1-rules.spec.ts::ready comes once, after the drawing"],
    ),
    Rule::new(
        Assumed,
        "the agreement's event is `change`",
        "Toss docs /sdk/widget-js; the types say `string`",
        &["end2end/tests/sdk-v1-rules.spec.ts::the agreement tells its changes"],
    ),
    Rule::new(
        Published,
        "`customRequest`, `customPaymentMethodSelect`, `customPaymentMethodUnselect`",
        TYPES,
        &["end2end/tests/sdk-v1-rules.spec.ts::a method that the shop handles itself is told by its events"],
    ),
    Rule::new(
        Published,
        "every field of `requestPayment`",
        TYPES,
        &["end2end/tests/sdk-v1-rules.spec.ts::every field of a request is taken"],
    ),
    Rule::new(
        Published,
        "promise mode: `{ paymentType, paymentKey, orderId, amount }`, the amount a number",
        TYPES,
        &["end2end/tests/sdk-v1-rules.spec.ts::promise mode answers with the payment, its amount a number"],
    ),
    Rule::new(
        Documented,
        "redirect mode: paymentType, orderId, paymentKey and amount are added to the success URL",
        DOCS,
        &[
            "end2end/tests/sdk-v1-rules.spec.ts::redirect mode leads to the success URL and keeps its query",
            "window::approving_leads_to_the_success_url_with_what_a_confirm_needs",
        ],
    ),
    Rule::new(
        Documented,
        "a refusal in the window: code, message and orderId are added to the fail URL",
        "Toss docs /sdk/v2/error-codes",
        &["window::a_refusal_at_the_window_leads_to_the_fail_url_with_its_code"],
    ),
    Rule::new(
        Documented,
        "a cancel by the shopper: `PAY_PROCESS_CANCELED`, without an orderId",
        "Toss docs /sdk/v2/error-codes",
        &[
            "end2end/tests/sdk-v1-rules.spec.ts::redirect mode: a window that is cancelled leads to the fail URL without an order",
            "window::cancelling_names_no_order_and_leaves_the_payment_ready",
        ],
    ),
    Rule::new(
        Assumed,
        "`_skipAuth`: FORCE_SUCCESS and FORCE_FAIL go past the window",
        "recruit-toss-business-div.oopy.io names it for the payment window of v1",
        &["end2end/tests/sdk-v1-rules.spec.ts::_skipAuth goes past the window"],
    ),
    Rule::new(Documented, "on a phone there is no promise mode", DOCS, &["end2end/tests/sdk-v1-rules.spec.ts::promise mode is not there"]),
    Rule::missing(
        Published,
        "PayPal in USD: an amount with `currency` and `country`",
        "npm @tosspayments/payment-widget__types 1.1.0",
        "SDK v2 of the sandbox has it; v1 is frozen",
    ),
    Rule::missing(
        Documented,
        "the payment window of v1, `/v1/payment`",
        "Toss docs /sdk/payment-js",
        "frozen since v2 and for keys of the API; `payment()` of v2 is there",
    ),
    Rule::missing(Published, "`paymentType` and `type` KEYIN", TYPES, "a contract of its own; the sandbox's payment UI has no key-in"),
];

const CODES: &[Rule] = &[
    Rule::new(
        Published,
        "`INVALID_PARAMETER`: an argument is missing, unknown or ill-typed",
        ERRORS,
        &["end2end/tests/sdk-v1-rules.spec.ts::INVALID_PARAMETER"],
    ),
    Rule::new(
        Published,
        "`USER_CANCEL`: the shopper closes the window",
        ERRORS,
        &["end2end/tests/sdk-v1-rules.spec.ts::promise mode: a window that is closed is USER_CANCEL"],
    ),
    Rule::new(
        Published,
        "`FORBIDDEN_SCRIPT`: a copy of the script",
        ERRORS,
        &["end2end/tests/sdk-v1-rules.spec.ts::FORBIDDEN_SCRIPT: a copy of the script that is not served from Toss"],
    ),
    Rule::new(
        Published,
        "`NETWORK_ERROR`: Toss cannot be reached",
        ERRORS,
        &["end2end/tests/sdk-v1-rules.spec.ts::NETWORK_ERROR: the sandbox cannot be reached"],
    ),
    Rule::new(
        Documented,
        "`UNAUTHORIZED_KEY`: an unknown client key",
        BLOG,
        &["end2end/tests/sdk-v1-rules.spec.ts::UNAUTHORIZED_KEY", "window::client_keys_are_told_apart"],
    ),
    Rule::new(
        Documented,
        "`NOT_REGISTERED_PAYMENT_WIDGET`: a `ck` key",
        BLOG,
        &["end2end/tests/sdk-v1-rules.spec.ts::NOT_REGISTERED_PAYMENT_WIDGET", "window::client_keys_are_told_apart"],
    ),
    Rule::new(
        Assumed,
        "`INVALID_CLIENT_KEY`: a malformed client key",
        V2_WORD,
        &["end2end/tests/sdk-v1-rules.spec.ts::INVALID_CLIENT_KEY"],
    ),
    Rule::new(
        Assumed,
        "`INVALID_CUSTOMER_KEY`: not 2 to 50 of its characters",
        V2_WORD,
        &["end2end/tests/sdk-v1-rules.spec.ts::INVALID_CUSTOMER_KEY"],
    ),
    Rule::new(Assumed, "`INVALID_SELECTOR`: nothing there to draw in", V2_WORD, &["end2end/tests/sdk-v1-rules.spec.ts::INVALID_SELECTOR"]),
    Rule::new(Assumed, "`INVALID_VARIANT_KEY`: no such payment UI", V2_WORD, &["end2end/tests/sdk-v1-rules.spec.ts::INVALID_VARIANT_KEY"]),
    Rule::new(
        Measured,
        "`NEED_CARD_PAYMENT_DETAIL`: no card company",
        "third-party logs; the codes are documented for v2",
        &["end2end/tests/sdk-v1-rules.spec.ts::NEED_CARD_PAYMENT_DETAIL"],
    ),
    Rule::new(
        Measured,
        "`NEED_AGREEMENT_WITH_REQUIRED_TERMS`: a required term is not ticked",
        "third-party logs; the codes are documented for v2",
        &["end2end/tests/sdk-v1-rules.spec.ts::NEED_AGREEMENT_WITH_REQUIRED_TERMS"],
    ),
    Rule::new(
        Measured,
        "`NEED_REFUND_ACCOUNT_DETAIL`: a refund account that is not complete",
        "third-party logs; the codes are documented for v2",
        &["end2end/tests/sdk-v1-rules.spec.ts::NEED_REFUND_ACCOUNT_DETAIL"],
    ),
    Rule::new(
        Assumed,
        "`UNKNOWN_ERROR`: `requestPayment` before `ready`",
        "several repositories have seen it; the article shows the message only",
        &["end2end/tests/sdk-v1-rules.spec.ts::UNKNOWN_ERROR"],
    ),
    Rule::new(
        Assumed,
        "`NOT_SUPPORTED_PROMISE`: promise mode on a phone",
        V2_WORD,
        &["end2end/tests/sdk-v1-rules.spec.ts::promise mode is not there"],
    ),
];
