//! What every call of the core API does, beside its error codes.

use super::row::{Mark::*, Rows, Rule, Section};

const AUTH: &str = "Toss docs /reference/using-api/authorization";
const KEYS: &str = "Toss docs /reference/using-api/api-keys";
const HTTP: &str = "Toss docs /reference/using-api/req-res";
const REFERENCE: &str = "Toss docs /reference";
const IDEMPOTENCY: &str = "Toss docs /guides/using-api/idempotency-key";
const MEASURED: &str = "GitHub gj-kit/gj-kit docs/research/toss-payments-v2.md";
const ENVIRONMENT: &str = "Toss docs /guides/v2/get-started/environment";
const MISTAKES: &str = "keys::every_mistake_with_the_secret_key_has_its_answer";

pub fn sections() -> Vec<Section> {
    vec![
        Section { title: "Transport", rows: Rows::Rules(TRANSPORT) },
        Section { title: "Keys", rows: Rows::Rules(KEY_RULES) },
        Section { title: "Idempotency-Key", rows: Rows::Rules(IDEMPOTENCY_RULES) },
        Section { title: "TossPayments-Test-Code and the test environment", rows: Rows::Rules(TESTING) },
    ]
}

const TRANSPORT: &[Rule] = &[
    Rule::new(
        Documented,
        "an error is `{code, message}`, Korean unless `Accept-Language: en-US`",
        HTTP,
        &[
            "codes::every_code_is_answered_by_every_call_on_request_in_both_languages",
            "language::errors_are_korean_unless_english_is_asked_for",
        ],
    ),
    Rule::new(
        Documented,
        "English reaches the enum words too, and leaves the shop's own text alone",
        HTTP,
        &[
            "confirm::english_reaches_messages_and_enum_words_but_not_the_shops_own_text",
            "language::in_english_every_endpoint_answers_without_a_korean_word",
        ],
    ),
    Rule::new(
        Measured,
        "`x-tosspayments-trace-id`: 32 hexadecimal characters",
        MEASURED,
        &["every_endpoint::every_endpoint_answers_and_knows_its_key"],
    ),
    Rule::new(
        Measured,
        "preflights are answered; idempotency-key, tosspayments-test-code and tosspayments-mid are allowed",
        "article on CORS by Toss at velog.io/@tosspayments and third-party logs",
        &["script::pages_of_other_origins_may_open_a_payment"],
    ),
    Rule::new(
        Assumed,
        "pages of other machines are refused (403 `FORBIDDEN_ORIGIN`), the preflight too: no page may call with a secret key",
        "a choice of the sandbox, whose secret keys are published",
        &["strangers::a_page_of_a_stranger_cannot_call_the_api_with_the_published_secret_key"],
    ),
    Rule::new(
        Assumed,
        "asked by a name that a stranger could make point here, nothing answers (403 `FORBIDDEN_ORIGIN`), scripts and windows neither",
        "a choice of the sandbox, which has no name of its own",
        &[
            "strangers::by_a_strangers_name_for_this_machine_nothing_answers",
            "strangers::on_every_address_too_nothing_answers_by_a_strangers_name",
        ],
    ),
    Rule::new(
        Assumed,
        "a call under way when it is forgotten by a reset is answered 500 `SANDBOX_RESET`, without effect",
        "a choice of the sandbox: Toss has no reset",
        &["after_reset::a_call_from_before_a_reset_books_nothing_after_it_and_leaves_its_key_unused"],
    ),
    Rule::new(
        Documented,
        "unknown fields of a request are no error",
        "Toss docs /reference/versioning",
        &["confirm::a_string_of_digits_is_taken_as_an_amount"],
    ),
    Rule::new(
        Assumed,
        "a body that is no JSON, or sent as another type, is 400 `INVALID_REQUEST`",
        REFERENCE,
        &["confirm::a_malformed_confirm_is_an_invalid_request"],
    ),
    Rule::missing(
        Documented,
        "TLS 1.2 or newer",
        "Toss docs /blog/how-to-raise-tls-version",
        "plain HTTP on 127.0.0.1: a certificate would have to be trusted first",
    ),
    Rule::missing(
        Documented,
        "calendar versions other than 2022-11-16, chosen per key",
        "Toss docs /reference/versioning",
        "widget keys are pinned to 2022-11-16; the sandbox speaks that one",
    ),
];

const KEY_RULES: &[Rule] = &[
    Rule::new(Documented, "Basic, the secret key as user, an empty password", AUTH, &[MISTAKES]),
    Rule::new(
        Measured,
        "base64 with or without its padding",
        "GitHub seokju-na/tosspayments-rs sends it without",
        &["keys::padding_may_be_left_out"],
    ),
    Rule::new(
        Assumed,
        "a key of another pair or environment, on confirm: 400 `INVALID_API_KEY`",
        "Toss docs /reference/error-codes; the integration guide says 401",
        &["keys::keys_of_another_pair_or_environment_are_an_invalid_api_key_on_confirm"],
    ),
    Rule::new(Measured, "an unknown secret key: 401 `UNAUTHORIZED_KEY`", MEASURED, &[MISTAKES]),
    Rule::new(Documented, "no colon: 403 `INCORRECT_BASIC_AUTH_FORMAT`", "Toss docs /reference/error-codes", &[MISTAKES]),
    Rule::new(Assumed, "no Authorization at all: 401 `UNAUTHORIZED_KEY`", "Toss docs /reference/using-api/req-res say 403", &[MISTAKES]),
    Rule::new(Measured, "a byte order mark before the key: refused", MEASURED, &[MISTAKES]),
    Rule::new(Documented, "payments of one pair do not exist for another", KEYS, &["keys::payments_of_one_pair_do_not_exist_for_another"]),
    Rule::new(
        Documented,
        "key-in, virtual accounts, billing and BrandPay want an API individual key",
        KEYS,
        &["every_endpoint::a_widget_key_is_not_for_the_products_of_the_api_key"],
    ),
    Rule::new(Documented, "the public documentation keys work", KEYS, &["window::client_keys_are_told_apart"]),
    Rule::missing(
        Documented,
        "a secret key that is replaced stays valid for seven days",
        KEYS,
        "the sandbox's keys are given at its start; security keys do rotate",
    ),
];

const IDEMPOTENCY_RULES: &[Rule] = &[
    Rule::new(
        Documented,
        "every POST; ignored on GET",
        IDEMPOTENCY,
        &["idempotency::a_key_on_a_get_is_ignored", "cancel::a_cancel_replayed_for_its_key_cancels_once"],
    ),
    Rule::new(Documented, "1 to 300 characters", IDEMPOTENCY, &["idempotency::a_key_has_one_to_three_hundred_characters"]),
    Rule::new(
        Documented,
        "15 days from its first use, then it is a new request",
        IDEMPOTENCY,
        &["idempotency::a_key_is_forgotten_after_fifteen_days"],
    ),
    Rule::new(
        Documented,
        "identity: key, API key, URL and method",
        IDEMPOTENCY,
        &["idempotency::the_same_key_under_another_secret_key_is_another_request"],
    ),
    Rule::new(
        Measured,
        "the body is no part of it: one key for two orders gives the first order for the second",
        "techchat 1186570706016809030; Toss docs /guides/using-api/idempotency-key",
        &["idempotency::one_key_for_two_orders_gives_the_first_order_for_the_second"],
    ),
    Rule::new(
        Measured,
        "a replay is the first answer byte for byte, and nothing is processed",
        MEASURED,
        &["idempotency::a_replay_is_the_first_answer_byte_for_byte_and_charges_nothing"],
    ),
    Rule::new(
        Measured,
        "both calls echo the key; a replay names its own and the first trace id, with a comma",
        MEASURED,
        &["idempotency::a_replay_is_the_first_answer_byte_for_byte_and_charges_nothing"],
    ),
    Rule::new(
        Measured,
        "4xx answers are bound too, even for a corrected body",
        MEASURED,
        &["idempotency::refusals_are_bound_too_even_for_a_corrected_body"],
    ),
    Rule::new(
        Documented,
        "in flight: 409, and the answer with the same key afterwards",
        IDEMPOTENCY,
        &[
            "idempotency::while_the_first_is_in_flight_the_second_is_a_conflict",
            "idempotency::many_at_once_with_one_key_are_one_charge_and_one_body",
        ],
    ),
    Rule::new(
        Assumed,
        "5xx answers are not bound (`Choices::bind_server_errors`)",
        "nobody has measured it",
        &["idempotency::server_errors_are_bound_only_if_chosen"],
    ),
    Rule::new(Assumed, "429 is not bound", "nobody has measured it", &["every_endpoint::a_call_too_many_is_not_bound_to_its_key"]),
    Rule::new(
        Assumed,
        "a caller that hangs up before the charge leaves the key free",
        "nobody has measured it",
        &["idempotency::a_caller_that_hangs_up_before_the_charge_leaves_key_and_payment_free"],
    ),
];

const TESTING: &[Rule] = &[
    Rule::new(
        Documented,
        "on confirm, key-in, cancel and billing charge, nowhere else",
        AUTH,
        &["every_endpoint::test_codes_work_on_the_four_calls_that_take_them"],
    ),
    Rule::new(
        Measured,
        "before the paymentKey is looked up, each time again, without a trace",
        "test notes in public repositories",
        &["confirm::every_code_of_the_table_can_be_asked_for_with_the_test_code_header"],
    ),
    Rule::new(Measured, "statuses of the codes that were tried at Toss", MEASURED, &["confirm::statuses_agree_with_what_was_measured"]),
    Rule::new(
        Documented,
        "100 calls a minute to each API, as an option",
        ENVIRONMENT,
        &["every_endpoint::one_hundred_calls_a_minute_to_each_api_if_that_is_switched_on"],
    ),
    Rule::missing(Documented, "the header is ignored with live keys", AUTH, "live keys are refused altogether"),
    Rule::missing(Documented, "history in the developer centre", ENVIRONMENT, "the inspector and the control API show it"),
];
