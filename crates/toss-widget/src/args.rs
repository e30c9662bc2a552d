//! What may cross into JavaScript. Every check names the field and its limit; nothing is trimmed or repaired.

use crate::error::{ErrorCode, WidgetError, join};
use toss_types::CustomerKey;

/// What a field has to be. Checks pass it on by reference and it becomes an error once, at the edge: that keeps what every
/// check costs in the wasm down to a branch.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Limit {
    pub(crate) field: &'static str,
    pub(crate) must_be: &'static str,
}

pub(crate) type Checked = Result<(), &'static Limit>;

/// `Ok` when it holds, else the limit.
pub(crate) fn check(holds: bool, limit: &'static Limit) -> Checked {
    if holds { Ok(()) } else { Err(limit) }
}

impl From<&'static Limit> for WidgetError {
    #[cold]
    #[inline(never)]
    fn from(limit: &'static Limit) -> WidgetError {
        let Limit { field, must_be } = limit;
        let message = join(&[field, ": ", must_be]);
        WidgetError::new(ErrorCode::InvalidArgument { field, limit: must_be }, message)
    }
}

/// Who pays (Toss docs /sdk/widget-js, `customerKey`).
///
/// ```
/// use toss_widget::{Customer, CustomerKey};
///
/// let member = Customer::from(CustomerKey::parse("f47ac10b-58cc-4372")?);
/// assert_ne!(member, Customer::Anonymous);
/// # Ok::<(), toss_widget::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Customer {
    /// A guest.
    Anonymous,
    /// A member, by a key that nobody can guess (a UUID; never an e-mail address, a phone number or a sequence). Whoever has
    /// it can be shown that member's saved cards.
    Member(CustomerKey),
}

impl Customer {
    /// The word that Toss takes for it.
    pub(crate) fn word(&self) -> &str {
        match self {
            Customer::Anonymous => "@@ANONYMOUS",
            Customer::Member(key) => key.expose(),
        }
    }
}

impl From<CustomerKey> for Customer {
    fn from(key: CustomerKey) -> Customer {
        Customer::Member(key)
    }
}

/// Refuses what must never be in a page: an empty key, or a secret key. A client key of the wrong family passes, because
/// Toss answers that with a code of its own (Toss docs /blog/widget-client-error-handling).
pub(crate) fn client_key(key: &str) -> Checked {
    let secret = ["test_sk_", "live_sk_", "test_gsk_", "live_gsk_"];
    let public = !key.is_empty() && !secret.iter().any(|prefix| key.starts_with(prefix));
    check(public, &Limit { field: "client_key", must_be: "a client key, never a secret key" })
}

/// A CSS selector; whether it matches is for the script to say.
pub(crate) fn selector(value: &str) -> Checked {
    let blank = value.bytes().all(|byte| byte.is_ascii_whitespace());
    check(!blank, &Limit { field: "selector", must_be: "a CSS selector" })
}

pub(crate) const AMOUNT: &str = "0 to 9007199254740991 KRW";

pub(crate) const JSON: &str = "JSON";

pub(crate) const PHONE: &str = "8 to 15 digits without a hyphen";

pub(crate) fn is_phone(value: &str) -> bool {
    (8..=15).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

pub(crate) const URL: &str = "an absolute http or https address with its origin";

/// `http(s)://host…` without white space.
pub(crate) fn is_url(value: &str) -> bool {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.bytes().next()).is_some_and(|first| !b"/?#:".contains(&first));
    host && !value.bytes().any(|byte| byte <= b' ' || byte == b'\\' || byte == 0x7f)
}

/// Both addresses or neither.
pub(crate) fn urls(success_url: Option<&str>, fail_url: Option<&str>) -> Checked {
    const PAIR: &str = "present if the other address is";
    match (success_url, fail_url) {
        (Some(success), Some(fail)) => {
            check(is_url(success), &Limit { field: "success_url", must_be: URL })?;
            check(is_url(fail), &Limit { field: "fail_url", must_be: URL })
        }
        (None, None) => Ok(()),
        (None, Some(_)) => Err(&Limit { field: "success_url", must_be: PAIR }),
        (Some(_), None) => Err(&Limit { field: "fail_url", must_be: PAIR }),
    }
}

/// How to reach who buys.
pub(crate) fn customer(email: Option<&str>, name: Option<&str>) -> Checked {
    const SHORT: &str = "at most 100 characters";
    let fits = |text: Option<&str>| text.is_none_or(|text| length(text) <= 100);
    check(fits(email), &Limit { field: "customer_email", must_be: SHORT })?;
    check(fits(name), &Limit { field: "customer_name", must_be: SHORT })
}

pub(crate) const APP_SCHEME: &str = "a scheme followed by ://";

/// `scheme://…`, by which a card app comes back to the merchant's app.
pub(crate) fn is_app_scheme(value: &str) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
    let end = value.bytes().position(|byte| !is_part(&byte)).unwrap_or(0);
    let (scheme, rest) = value.as_bytes().split_at(end);
    scheme.first().is_some_and(u8::is_ascii_alphabetic) && rest.starts_with(b"://")
}

/// At most five pairs with distinct keys.
pub(crate) fn metadata(pairs: &[(String, String)]) -> Checked {
    const fn limit(must_be: &'static str) -> Limit {
        Limit { field: "metadata", must_be }
    }
    check(pairs.len() <= 5, const { &limit("at most 5 pairs") })?;
    for (at, (key, value)) in pairs.iter().enumerate() {
        let brackets = key.bytes().any(|byte| byte == b'[' || byte == b']');
        let fits = (1..=40).contains(&length(key)) && !brackets;
        check(fits, const { &limit("keys of 1 to 40 characters without [ and ]") })?;
        // Where a script copies it to a plain object this assigns the prototype, and the pair would be lost without a word.
        check(key != "__proto__", const { &limit("keys other than __proto__") })?;
        check(length(value) <= 2000, const { &limit("values of at most 2000 characters") })?;
        let repeated = pairs.iter().take(at).any(|(earlier, _)| earlier == key);
        check(!repeated, const { &limit("each key once") })?;
    }
    Ok(())
}

/// The length that JavaScript sees, in UTF-16 units: one per character, and one more for those of four bytes. Assumed:
/// Toss counts `string.length`, as its SDK is JavaScript.
pub(crate) fn length(value: &str) -> usize {
    let starts = value.bytes().filter(|byte| byte & 0xC0 != 0x80).count();
    starts + value.bytes().filter(|byte| *byte >= 0xF0).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn a_customer_has_a_word_and_is_not_printed() {
        let member = Customer::from(CustomerKey::parse("f47ac10b-58cc").expect("allowed"));
        assert_eq!((member.word(), Customer::Anonymous.word()), ("f47ac10b-58cc", "@@ANONYMOUS"));
        assert_eq!(format!("{member:?}"), "Member(CustomerKey(…))");
    }

    #[test]
    fn a_limit_becomes_an_error_that_names_field_and_limit() {
        let error = WidgetError::from(&Limit { field: "order_name", must_be: "short" });
        assert_eq!(error.code, ErrorCode::InvalidArgument { field: "order_name", limit: "short" });
        assert_eq!(error.message, "order_name: short");
    }

    #[test]
    fn a_secret_key_never_reaches_the_page() {
        for bad in ["", "test_sk_a", "live_sk_a", "test_gsk_a", "live_gsk_a"] {
            assert_eq!(client_key(bad).expect_err(bad).field, "client_key");
        }
        for good in ["test_gck_docs_a", "live_gck_a", "test_ck_a"] {
            assert_eq!(client_key(good), Ok(()));
        }
    }

    #[test]
    fn selectors() {
        assert_eq!(selector("#payment"), Ok(()));
        for bad in ["", " \n"] {
            assert_eq!(selector(bad).expect_err(bad).field, "selector");
        }
    }

    /// All of `good` pass and none of `bad`.
    fn divides<T: Copy + std::fmt::Debug>(passes: fn(T) -> bool, good: &[T], bad: &[T]) {
        for value in good {
            assert!(passes(*value), "{value:?} was refused");
        }
        for value in bad {
            assert!(!passes(*value), "{value:?} passed");
        }
    }

    #[test]
    fn phones() {
        let bad = ["", "1234567", "1234567890123456", "010-1234-1234", "+8210123412"];
        divides(is_phone, &["01012341234", "12345678", "123456789012345"], &bad);
    }

    #[test]
    fn urls_need_their_origin() {
        let good = ["https://shop.example/success?a=b", "http://127.0.0.1:3000/", "https://shop.example", "https://가게.example"];
        let bad = [
            "",
            "/success",
            "shop.example/success",
            "https://",
            "https:///x",
            "https://?x",
            "https://:80/",
            "https://a b/",
            "https://a\n/",
            "javascript:alert(1)",
            "https:\\\\shop.example",
        ];
        divides(is_url, &good, &bad);
    }

    #[test]
    fn app_schemes() {
        let bad = ["", "myshop", "myshop:", "://", "1shop://", "my shop://", "앱://"];
        divides(is_app_scheme, &["myshop://", "my-shop.app://pay"], &bad);
    }

    #[test]
    fn metadata_limits() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let five: Vec<_> = (0..5).map(|n| pair(&format!("key{n}"), &"v".repeat(2000))).collect();
        assert_eq!(metadata(&five), Ok(()));
        let six: Vec<_> = (0..6).map(|n| pair(&format!("key{n}"), "v")).collect();
        assert!(metadata(&six).is_err());
        for bad in [pair("__proto__", "v"), pair("", "v"), pair("a[0]", "v"), pair(&"k".repeat(41), "v"), pair("k", &"v".repeat(2001))] {
            assert!(metadata(std::slice::from_ref(&bad)).is_err(), "{bad:?} passed");
        }
        assert!(metadata(&[pair("k", "1"), pair("k", "2")]).is_err());
    }

    #[test]
    fn lengths_are_those_of_javascript() {
        assert_eq!(length("가나다"), 3);
        for text in ["", "a", "é", "가", "🍎", "a가🍎é"] {
            assert_eq!(length(text), text.encode_utf16().count());
        }
    }
}
