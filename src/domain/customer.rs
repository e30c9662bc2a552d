//! Who buys: the contact data that Toss takes, within Toss's limits.

use super::marks::seen;
use serde::{Deserialize, Serialize};

/// Name, e-mail and phone as typed.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CustomerRequest {
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Mobile phone number, in whatever form.
    pub phone: String,
}

/// Contact data that has been checked: name and e-mail of at most 100 characters as JavaScript counts them, nothing in them that
/// nobody sees, phone of 8 to 15 digits (limits: Toss docs, SDK `requestPayment`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Digits only.
    pub phone: String,
}

// By hand, so that personal data never reaches a log through `{:?}`.
impl std::fmt::Debug for Customer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Customer(..)")
    }
}

impl std::fmt::Debug for CustomerRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CustomerRequest(..)")
    }
}

/// A field of the form that has to be corrected.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum CustomerField {
    /// Full name.
    Name,
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
}

const MAX_CHARS: usize = 100;

impl Customer {
    /// Checks what was typed. What only the form of writing makes a difference of is understood, and what nobody sees is left out.
    ///
    /// # Errors
    /// Every field that has to be corrected.
    pub fn parse(request: &CustomerRequest) -> Result<Customer, Vec<CustomerField>> {
        let (name, email, phone) = (bare(&request.name), bare(&request.email), digits(&request.phone));
        // As the browser's SDK counts, which takes no more.
        let is_short = |text: &str| text.encode_utf16().count() <= MAX_CHARS;

        let mut wrong = Vec::new();
        if name.is_empty() || !is_short(&name) {
            wrong.push(CustomerField::Name);
        }
        if !is_email(&email) || !is_short(&email) {
            wrong.push(CustomerField::Email);
        }
        if !(8..=15).contains(&phone.len()) || !phone.bytes().all(|b| b.is_ascii_digit()) {
            wrong.push(CustomerField::Phone);
        }
        if wrong.is_empty() { Ok(Customer { name, email, phone }) } else { Err(wrong) }
    }
}

/// Joiners at an end join nothing.
fn bare(typed: &str) -> String {
    seen(typed).trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200c}' | '\u{200d}')).to_owned()
}

/// Without what people put between digits, full-width ones as usual ones, and Korea's country code as the zero that it stands for. What is
/// none of that stays, and is refused.
fn digits(typed: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff10}'..='\u{ff19}' => char::from_digit(u32::from(c) - 0xff10, 10).unwrap_or(c),
        '\u{ff0b}' => '+',
        c => c,
    };
    let is_between =
        |c: char| c.is_whitespace() || matches!(c, '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}');
    let plain: String = seen(typed).chars().map(narrow).filter(|c| !is_between(*c)).collect();
    match plain.strip_prefix("+82") {
        Some(rest) => format!("0{}", rest.strip_prefix('0').unwrap_or(rest)),
        None => plain.strip_prefix('+').unwrap_or(&plain).to_owned(),
    }
}

/// Enough to catch a typing mistake, and more than one address; only a mail that arrives proves one.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_strange = |c: char| c.is_whitespace() || matches!(c, '@' | ',' | ';' | ':' | '<' | '>' | '(' | ')' | '[' | ']' | '\\' | '"');
    !local.is_empty()
        && !local.contains(is_strange)
        && !domain.contains(is_strange)
        && domain.split('.').count() >= 2
        && domain.split('.').all(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(name: &str, email: &str, phone: &str) -> CustomerRequest {
        CustomerRequest { name: name.to_owned(), email: email.to_owned(), phone: phone.to_owned() }
    }

    #[test]
    fn a_phone_number_is_understood_however_it_is_written() {
        for (phone, expected) in [
            ("010-1234 5678", "01012345678"),
            ("+82 10-1234-5678", "01012345678"),
            ("+82 (0)10 1234 5678", "01012345678"),
            ("０１０-１２３４-５６７８", "01012345678"),
            ("010\u{a0}1234\u{2011}5678\u{200b}", "01012345678"),
            ("(02) 123.4567", "021234567"),
            ("+1 415 555 0100", "14155550100"),
        ] {
            assert_eq!(Customer::parse(&typed("n", "a@b.c", phone)).unwrap().phone, expected, "{phone}");
        }
    }

    #[test]
    fn what_nobody_sees_is_not_kept() {
        let customer = Customer::parse(&typed("\u{202e}김\u{200b}토스\u{200d}", "a\u{200b}@b.co\u{feff}", "01012345678")).unwrap();
        assert_eq!((customer.name.as_str(), customer.email.as_str()), ("김토스", "a@b.co"));
        for name in ["\u{200b}", "\u{3164}\u{3164}", " \u{200d} ", "\u{2800}"] {
            assert_eq!(Customer::parse(&typed(name, "a@b.co", "01012345678")), Err(vec![CustomerField::Name]), "{name:?}");
        }
    }

    /// 60 emoji are 120 characters to JavaScript, which is who refuses more than 100.
    #[test]
    fn characters_are_counted_as_the_browser_counts_them() {
        let of = |name: String| Customer::parse(&typed(&name, "a@b.co", "01012345678")).map(|customer| customer.name.chars().count());
        assert_eq!(of("😀".repeat(50)), Ok(50));
        assert_eq!(of("😀".repeat(60)), Err(vec![CustomerField::Name]));
    }

    #[test]
    fn hyphens_and_blanks_are_forgiven() {
        let customer = Customer::parse(&typed(" 김토스 ", "a@b.co ", "010-1234 5678")).unwrap();
        assert_eq!((customer.name.as_str(), customer.email.as_str(), customer.phone.as_str()), ("김토스", "a@b.co", "01012345678"));
    }

    #[test]
    fn every_wrong_field_is_named() {
        use CustomerField::{Email, Name, Phone};
        assert_eq!(Customer::parse(&typed("", "", "")), Err(vec![Name, Email, Phone]));
        for email in ["a", "a@", "@b.c", "a@b", "a@b.", "a b@c.d", "a@.c", "a@b@c.d", "a@b.co,victim@x.co", "a@b.co;c@d.co", "A <a@b.co>"] {
            assert_eq!(Customer::parse(&typed("n", email, "01012345678")), Err(vec![Email]), "{email}");
        }
        for phone in ["1234567", "1234567890123456", "0101234567a", "+", "010+12345678"] {
            assert_eq!(Customer::parse(&typed("n", "a@b.c", phone)), Err(vec![Phone]), "{phone}");
        }
        assert_eq!(Customer::parse(&typed(&"이".repeat(101), "a@b.c", "01012345678")), Err(vec![Name]));
    }
}
