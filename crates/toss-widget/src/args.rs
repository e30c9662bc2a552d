//! What may cross into JavaScript. Every check names the field and its limit; nothing is trimmed or repaired.

use crate::error::{ErrorCode, WidgetError, join};
use std::fmt;

/// What a field has to be. Checks pass it on by reference and it becomes an error once, at the door: that keeps what every
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
        WidgetError { code: ErrorCode::InvalidArgument { field, limit: must_be }, message }
    }
}

/// Who pays. Toss docs /sdk/widget-js, `customerKey`.
#[derive(Clone, PartialEq, Eq)]
pub enum CustomerKey {
    /// A guest.
    Anonymous,
    /// A member, by a key that nobody can guess (a UUID; never an e-mail address, a phone number or a sequence).
    Member(String),
}

impl CustomerKey {
    /// A member's key.
    ///
    /// # Errors
    /// `InvalidArgument` unless it is 2 to 50 characters of `A-Z a-z 0-9 - _ = . @`.
    pub fn member(key: &str) -> Result<CustomerKey, WidgetError> {
        let key = CustomerKey::Member(key.to_owned());
        key.checked()?;
        Ok(key)
    }

    /// The word that Toss takes for it.
    pub(crate) fn checked(&self) -> Result<&str, &'static Limit> {
        match self {
            CustomerKey::Anonymous => Ok("@@ANONYMOUS"),
            CustomerKey::Member(key) => {
                let limit = &Limit { field: "customer_key", must_be: "2 to 50 characters of A-Z a-z 0-9 - _ = . @" };
                check(is_word(key, 2, 50, b"-_=.@"), limit)?;
                Ok(key)
            }
        }
    }
}

/// A member's key stays out of logs: whoever has it can be shown that member's saved cards.
impl fmt::Debug for CustomerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CustomerKey::Anonymous => "Anonymous",
            CustomerKey::Member(_) => "Member(..)",
        })
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

pub(crate) const ORDER_ID: &str = "6 to 64 characters of A-Z a-z 0-9 - _ =";

pub(crate) fn is_order_id(value: &str) -> bool {
    is_word(value, 6, 64, b"-_=")
}

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

fn is_word(value: &str, least: usize, most: usize, marks: &[u8]) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || marks.contains(&byte);
    (least..=most).contains(&value.len()) && value.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn customer_keys() {
        for good in ["ab", "A-Z_0=9.@", &"k".repeat(50)] {
            let key = CustomerKey::member(good).expect("allowed");
            assert_eq!(key.checked().expect("allowed"), good);
        }
        for bad in ["", "a", "a b", "한글", "a+b", &"k".repeat(51)] {
            assert!(CustomerKey::member(bad).is_err(), "{bad:?} passed");
            assert!(CustomerKey::Member(bad.to_owned()).checked().is_err(), "{bad:?} passed");
        }
        assert_eq!(CustomerKey::Anonymous.checked().expect("allowed"), "@@ANONYMOUS");
    }

    #[test]
    fn a_members_key_is_not_printed() {
        let key = CustomerKey::member("f47ac10b-58cc").expect("allowed");
        assert_eq!(format!("{key:?}"), "Member(..)");
    }

    #[test]
    fn a_limit_becomes_an_error_that_names_field_and_limit() {
        let error = WidgetError::from(&Limit { field: "order_id", must_be: ORDER_ID });
        assert_eq!(error.code, ErrorCode::InvalidArgument { field: "order_id", limit: ORDER_ID });
        assert_eq!(error.message, "order_id: 6 to 64 characters of A-Z a-z 0-9 - _ =");
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
    fn order_ids() {
        let (longest, longer) = ("a".repeat(64), "a".repeat(65));
        let bad = ["", "abcde", "abc.def", "abc def", "주문번호이다", &longer];
        divides(is_order_id, &["abc-_=", &longest], &bad);
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
