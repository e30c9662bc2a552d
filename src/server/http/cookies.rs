//! The cookies of a request, pair by pair: one that cannot be read spoils itself and none of the others.

use axum::http::{HeaderMap, header};

/// More than any browser keeps for one site.
const MOST_PAIRS: usize = 200;

/// What a browser sent, in its order. Other programs of the same host set cookies of their own, in whatever bytes they
/// like, so nothing is expected of the pairs that the shop did not make. Not for logs: sessions are among them.
pub struct Cookies<'h> {
    pairs: Vec<(&'h str, &'h str)>,
}

impl<'h> Cookies<'h> {
    /// Reads all `Cookie` fields; a proxy that speaks HTTP/2 with the browser may pass on one for each cookie.
    #[must_use]
    pub fn of(headers: &'h HeaderMap) -> Cookies<'h> {
        let fields = headers.get_all(header::COOKIE).iter();
        let pairs = fields.flat_map(|field| field.as_bytes().split(|byte| *byte == b';'));
        Cookies { pairs: pairs.take(MOST_PAIRS).filter_map(pair).collect() }
    }

    /// The value of the first cookie of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'h str> {
        self.pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    /// The values of all cookies of that name: a browser sends several when another path or host of the domain has set
    /// one, too.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &'h str> {
        self.pairs.iter().filter(move |(key, _)| *key == name).map(|(_, value)| *value)
    }
}

/// Name and value, if the pair is plain text with a `=` in it.
fn pair(bytes: &[u8]) -> Option<(&str, &str)> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii())?;
    let (name, value) = text.split_once('=')?;
    Some((name.trim(), unquoted(value.trim())))
}

/// RFC 6265 lets a value stand in double quotes.
fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn headers(fields: &[&[u8]]) -> HeaderMap {
        fields.iter().map(|field| (header::COOKIE, HeaderValue::from_bytes(field).unwrap())).collect()
    }

    #[test]
    fn a_pair_that_cannot_be_read_hides_no_other() {
        for spoilt in [b"caf\xc3\xa9=1".as_slice(), b"x=\xff", b"flag", b"", b"=", b"  ", b"\t"] {
            let field = [b"a=1; ".as_slice(), spoilt, b"; b=2"].concat();
            let headers = headers(&[&field]);
            let cookies = Cookies::of(&headers);
            assert_eq!((cookies.get("a"), cookies.get("b")), (Some("1"), Some("2")), "{spoilt:?}");
        }
    }

    #[test]
    fn every_field_is_read() {
        let headers = headers(&[b"a=1", b"x=\xff", b"b=2;c=3", b"a=4"]);
        let cookies = Cookies::of(&headers);
        assert_eq!((cookies.get("a"), cookies.get("b"), cookies.get("c")), (Some("1"), Some("2"), Some("3")));
        assert_eq!(cookies.all("a").collect::<Vec<_>>(), ["1", "4"]);
        assert_eq!((cookies.get("x"), cookies.all("x").count()), (None, 0));
    }

    #[test]
    fn quotes_around_a_value_are_not_part_of_it() {
        let headers = headers(&[br#"a="1"; b="; c=""; d="x; e=1=2; f= 3 "#]);
        let cookies = Cookies::of(&headers);
        let read: Vec<_> = ["a", "b", "c", "d", "e", "f"].iter().map(|name| cookies.get(name)).collect();
        assert_eq!(read, [Some("1"), Some("\""), Some(""), Some("\"x"), Some("1=2"), Some("3")]);
    }

    #[test]
    fn no_more_pairs_are_looked_at_than_a_browser_keeps() {
        let many = "a=1;".repeat(MOST_PAIRS) + "b=2";
        let headers = headers(&[many.as_bytes(), b"c=3"]);
        let cookies = Cookies::of(&headers);
        assert_eq!((cookies.all("a").count(), cookies.get("b"), cookies.get("c")), (MOST_PAIRS, None, None));
    }

    proptest! {
        #[test]
        fn the_shops_own_cookie_is_found_among_any_others(before in vec(0x20u8.., 0..90), after in vec(0x20u8.., 0..90)) {
            let field = [before.as_slice(), b";own=value;", after.as_slice()].concat();
            let Ok(value) = HeaderValue::from_bytes(&field) else { return Ok(()) };
            let headers = HeaderMap::from_iter([(header::COOKIE, value)]);
            prop_assert!(Cookies::of(&headers).all("own").any(|value| value == "value"));
        }
    }
}
