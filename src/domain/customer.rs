//! Who buys: the contact data that Toss takes, within Toss's limits.

use serde::{Deserialize, Serialize};

/// Name, e-mail and phone as typed.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CustomerRequest {
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Mobile phone number, digits with or without hyphens.
    pub phone: String,
}

/// Contact data that has been checked: name and e-mail of at most 100 characters, phone of 8 to 15 digits
/// (limits: Toss docs, SDK `requestPayment`).
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
    /// Checks what was typed.
    ///
    /// # Errors
    /// Every field that has to be corrected.
    pub fn parse(request: &CustomerRequest) -> Result<Customer, Vec<CustomerField>> {
        let name = request.name.trim();
        let email = request.email.trim();
        let phone: String = request.phone.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
        let printable = |text: &str| text.chars().count() <= MAX_CHARS && !text.chars().any(char::is_control);

        let mut wrong = Vec::new();
        if name.is_empty() || !printable(name) {
            wrong.push(CustomerField::Name);
        }
        if !is_email(email) || !printable(email) {
            wrong.push(CustomerField::Email);
        }
        if !(8..=15).contains(&phone.len()) || !phone.bytes().all(|b| b.is_ascii_digit()) {
            wrong.push(CustomerField::Phone);
        }
        if wrong.is_empty() { Ok(Customer { name: name.to_owned(), email: email.to_owned(), phone }) } else { Err(wrong) }
    }
}

/// Enough to catch a typing mistake; only a mail that arrives proves an address.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    !local.is_empty()
        && !text.contains(char::is_whitespace)
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
    fn hyphens_and_blanks_are_forgiven() {
        let customer = Customer::parse(&typed(" 김토스 ", "a@b.co ", "010-1234 5678")).unwrap();
        assert_eq!((customer.name.as_str(), customer.email.as_str(), customer.phone.as_str()), ("김토스", "a@b.co", "01012345678"));
    }

    #[test]
    fn every_wrong_field_is_named() {
        use CustomerField::{Email, Name, Phone};
        assert_eq!(Customer::parse(&typed("", "", "")), Err(vec![Name, Email, Phone]));
        for email in ["a", "a@", "@b.c", "a@b", "a@b.", "a b@c.d", "a@.c"] {
            assert_eq!(Customer::parse(&typed("n", email, "01012345678")), Err(vec![Email]), "{email}");
        }
        for phone in ["1234567", "1234567890123456", "0101234567a", "+821012345678"] {
            assert_eq!(Customer::parse(&typed("n", "a@b.c", phone)), Err(vec![Phone]), "{phone}");
        }
        assert_eq!(Customer::parse(&typed(&"이".repeat(101), "a@b.c", "01012345678")), Err(vec![Name]));
        assert_eq!(Customer::parse(&typed("a\nb", "a@b.c", "01012345678")), Err(vec![Name]));
    }
}
