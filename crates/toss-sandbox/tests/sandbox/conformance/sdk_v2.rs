//! The browser SDK v2, and the loaders of both.

use super::row::{Mark::*, Rows, Rule, Section};

const TYPES: &str = "npm @tosspayments/tosspayments-sdk 2.8.1";
const DOCS: &str = "Toss docs /sdk/v2/js";
const ERRORS: &str = "Toss docs /sdk/v2/error-codes";
const MEMBERS: &str = "end2end/tests/sdk-v2-rules.spec.ts::the members are there";

macro_rules! codes {
    ($($code:literal $when:literal)*) => {
        &[$(Rule::new(Documented, concat!("`", $code, "`: ", $when), ERRORS, &[concat!("end2end/tests/sdk-v2-rules.spec.ts::", $code)])),*]
    };
}

const LOADER: &str =
    "GitHub tosspayments/browser-sdk packages/sdk-loader, npm @tosspayments/payment-widget-sdk 0.12.2 and tosspayments-sdk 2.8.1";

const LOADERS: &[Rule] = &[
    Rule::new(
        Published,
        "the script says that its global is there by the event `TossPayments:initialize:<Namespace>`, for loaders from before July 2024",
        "GitHub tosspayments/browser-sdk packages/sdk-loader at 80b990c",
        &[
            "script::the_script_says_that_its_global_is_there_once_it_is",
            "end2end/tests/sdk-v1-rules.spec.ts::an older loader hears that the global is there",
            "end2end/tests/sdk-v2-rules.spec.ts::an older loader hears that the global is there",
        ],
    ),
    Rule::new(
        Published,
        "`loadPaymentWidget` with `src` pays through the script of that address",
        LOADER,
        &["end2end/tests/sdk-loaders.spec.ts::SDK v1: the widget, by redirect"],
    ),
    Rule::new(
        Published,
        "`loadTossPayments` with `src` pays through the script of that address",
        LOADER,
        &[
            "end2end/tests/sdk-loaders.spec.ts::SDK v2: the widgets, by redirect, with a virtual account",
            "end2end/tests/sdk-loaders.spec.ts::SDK v2: the widgets, by promise",
        ],
    ),
    Rule::new(
        Published,
        "a billing key from `requestBillingAuth` to the charge",
        TYPES,
        &["end2end/tests/sdk-loaders.spec.ts::SDK v2: an agreement to be charged again becomes a billing key that charges"],
    ),
    Rule::new(
        Documented,
        "a plain script tag and `fetch` in Node, only the addresses changed",
        "Toss docs /guides/v2/payment-widget/integration",
        &["end2end/tests/node-shop.spec.ts::a shop in Node pays at the sandbox, with only the script and the base URL changed"],
    ),
    Rule::new(
        Published,
        "a script without its global, and one that does not load, are told apart by the loaders: the sandbox can serve both",
        LOADER,
        &["script::the_script_goes_wrong_on_command"],
    ),
];

pub fn sections() -> Vec<Section> {
    vec![
        Section { title: "Loaders", rows: Rows::Rules(LOADERS) },
        Section { title: "Browser SDK v2", rows: Rows::Rules(SDK) },
        Section { title: "Browser SDK v2: error codes", rows: Rows::Rules(CODES) },
        Section { title: "Browser SDK v2: error codes of order and windows", rows: Rows::Rules(ORDER_CODES) },
        Section { title: "Browser SDK v2: other error codes", rows: Rows::Rules(WINDOW_CODES) },
    ]
}

const SDK: &[Rule] = &[
    Rule::new(
        Published,
        "`TossPayments(clientKey)` with `widgets`, `payment`, `brandpay`; `TossPayments.ANONYMOUS`; every member of each",
        TYPES,
        &[MEMBERS],
    ),
    Rule::new(
        Published,
        "every call is asynchronous, `getSelectedPaymentMethod` as well",
        TYPES,
        &["end2end/tests/sdk-v2-rules.spec.ts::every call is asynchronous", MEMBERS],
    ),
    Rule::new(
        Documented,
        "an amount can be set again without drawing again; the last one is paid",
        DOCS,
        &["end2end/tests/sdk-v2-rules.spec.ts::the last amount is the one that is paid, without drawing again"],
    ),
    Rule::new(
        Measured,
        "both renders may run at the same time",
        "GitHub tosspayments/tosspayments-sample PR 5",
        &["end2end/tests/sdk-v2-rules.spec.ts::both renders may run at the same time, and again after they were destroyed"],
    ),
    Rule::new(
        Published,
        "`destroy()` makes room for another render",
        TYPES,
        &["end2end/tests/sdk-v2-rules.spec.ts::both renders may run at the same time, and again after they were destroyed"],
    ),
    Rule::new(
        Published,
        "`paymentMethodSelect` and `agreementStatusChange` with their shapes",
        TYPES,
        &["end2end/tests/sdk-v2-rules.spec.ts::a chosen method and the agreement are told"],
    ),
    Rule::new(
        Published,
        "promise mode of the widgets: the amount is `{ value, currency }`",
        TYPES,
        &["end2end/tests/sdk-v2-rules.spec.ts::promise mode of the widgets answers with the payment, its amount an object"],
    ),
    Rule::new(
        Documented,
        "redirect mode of the widgets: as v1",
        DOCS,
        &["end2end/tests/sdk-v2-rules.spec.ts::the last amount is the one that is paid, without drawing again"],
    ),
    Rule::new(
        Documented,
        "the success query of `payment()` has no paymentType",
        "Toss docs /guides/v2/payment-window/integration",
        &["end2end/tests/sdk-v2-rules.spec.ts::the success query of the payment window has no paymentType"],
    ),
    Rule::new(
        Documented,
        "`requestBillingAuth` leads to the success URL with customerKey and authKey",
        "Toss docs /guides/v2/billing/integration",
        &["end2end/tests/sdk-v2-rules.spec.ts::the agreement to be billed leads to the success URL with customerKey and authKey"],
    ),
    Rule::new(
        Published,
        "`renderPaymentWindow` tells `paymentRequest` and `cancel`",
        TYPES,
        &["end2end/tests/sdk-v2-rules.spec.ts::a window with the widgets tells that it is paid in, and that it is closed"],
    ),
    Rule::new(
        Assumed,
        "`sandbox.paymentResult`: SUCCESS and FAIL go past the window",
        "hidden in the types of npm @tosspayments/tosspayments-sdk",
        &["end2end/tests/sdk-v2-rules.spec.ts::sandbox.paymentResult goes past the window"],
    ),
    Rule::new(
        Documented,
        "on a phone there is neither promise mode nor a frame",
        DOCS,
        &["end2end/tests/sdk-v2-rules.spec.ts::neither promise mode nor a frame is there"],
    ),
    Rule::new(
        Assumed,
        "who listens to `agreementStatusChange` is told at once how it stands",
        "v2 has no call that says it",
        &["end2end/tests/sdk-v2-rules.spec.ts::a chosen method and the agreement are told"],
    ),
    Rule::new(
        Documented,
        "`FOREIGN_EASY_PAY` by PayPal in USD, by redirect",
        DOCS,
        &[
            "end2end/tests/sdk-loaders.spec.ts::SDK v2: the payment window, by PayPal in USD",
            "abroad::a_window_takes_paypal_in_dollars_and_everything_else_in_won",
        ],
    ),
    Rule::new(
        Assumed,
        "`setAmount` in USD draws PayPal alone; a payment UI that is drawn keeps its currency",
        "Toss docs say that PayPal and USD belong together, not what the payment UI shows",
        &["end2end/tests/sdk-loaders.spec.ts::SDK v2: the widgets in USD offer PayPal, by redirect"],
    ),
    Rule::missing(
        Published,
        "providers abroad other than PayPal, with `pendingUrl` and an approval by webhook",
        TYPES,
        "nobody says in which currencies they are paid; they are `NOT_SUPPORTED_METHOD`",
    ),
    Rule::missing(
        Documented,
        "`EXCEED_DEPOSIT_AMOUNT_LIMIT`, `EXCEED_MAX_DUE_DATE` of the payment UI",
        ERRORS,
        "the sandbox's payment UI sets neither a limit nor a due date",
    ),
    Rule::missing(Documented, "`PROVIDER_STATUS_UNHEALTHY`", ERRORS, "no provider of the sandbox fails by itself"),
    Rule::missing(
        Documented,
        "`NEED_MERCHANT_ONE_TOUCH_SETTING`",
        ERRORS,
        "BrandPay of the sandbox has one-touch pay switched on for every merchant",
    ),
];

const CODES: &[Rule] = codes! {
    "INVALID_CLIENT_KEY" "a malformed client key"
    "INVALID_CUSTOMER_KEY" "not 2 to 50 of its characters"
    "INSECURE_KEY_USAGE" "a secret key in the browser"
    "NOT_SUPPORTED_API_INDIVIDUAL_KEY" "a `ck` key on `widgets()`"
    "NOT_SUPPORTED_WIDGET_KEY" "a `gck` key on `payment()` or `brandpay()`"
    "V1_METHOD_NOT_SUPPORTED" "a call of v1"
    "INVALID_PARAMETERS" "a field is missing, unknown or ill-typed"
    "INVALID_PARAMETER" "an unknown event, or no function"
    "INVALID_AMOUNT_VALUE" "no whole number"
    "INVALID_AMOUNT_CURRENCY" "not KRW, for PayPal not USD"
    "BELOW_ZERO_AMOUNT" "below zero"
    "INVALID_METADATA" "more than 5 pairs, brackets in a key, too long"
    "INCORRECT_SUCCESS_URL_FORMAT" "no origin"
    "INCORRECT_FAIL_URL_FORMAT" "no origin"
    "INVALID_SELECTOR" "nothing there to draw in"
    "INVALID_VARIANT_KEY" "no such payment UI"
    "NOT_SELECTED_PAYMENT_METHOD" "nothing is selected"
    "NEED_CARD_PAYMENT_DETAIL" "no card company"
    "NEED_AGREEMENT_WITH_REQUIRED_TERMS" "a required term is not ticked"
    "NEED_REFUND_ACCOUNT_DETAIL" "a refund account that is not complete"
    "CUSTOM_PAYMENT_METHOD_UNABLE_TO_PAY" "a method that the shop handles itself"
    "UNSUPPORTED_TEST_PHASE_PAYMENT_METHOD" "PAYCO with a test key"
    "NOT_SUPPORTED_METHOD" "an unknown method of `payment()`"
    "NOT_REGISTERED_REDIRECT_URL" "BrandPay without its URL"
    "NEED_AGREEMENT_WITH_TERMS" "BrandPay before its terms"
};

const ORDER_CODES: &[Rule] = codes! {
    "NOT_SETUP_AMOUNT" "before `setAmount`"
    "PAYMENT_METHODS_WIDGET_ALREADY_RENDERED" "a second payment UI"
    "AGREEMENT_WIDGET_ALREADY_RENDERED" "a second agreement"
    "PAYMENT_WINDOW_ALREADY_RENDERED" "a second window"
    "INVALID_METHOD_TRANSACTION" "another call is still running"
    "NOT_SUPPORTED_PROMISE" "promise mode where the page is left"
    "NO_ACTIVE_PAYMENT_REQUEST" "`destroy()` without a call that waits"
};

const WINDOW_CODES: &[Rule] = &[
    Rule::new(
        Documented,
        "`UNKNOWN`: anything else, here a copy of the script",
        ERRORS,
        &["end2end/tests/sdk-v2-rules.spec.ts::UNKNOWN: a copy of the script that is not served from Toss"],
    ),
    Rule::new(
        Documented,
        "`USER_CANCEL`: the shopper closes the window",
        ERRORS,
        &["end2end/tests/sdk-v2-rules.spec.ts::a window that is closed is USER_CANCEL"],
    ),
    Rule::new(
        Documented,
        "`PAYMENT_REQUEST_ABORTED`: `destroy()` while a call waits",
        ERRORS,
        &["end2end/tests/sdk-v2-rules.spec.ts::destroy ends the call that waits with PAYMENT_REQUEST_ABORTED"],
    ),
];
