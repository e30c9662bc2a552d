//! Random names, in the forms that Toss uses.

use sha2::{Digest, Sha256};

use crate::clock::UnixMs;

const ALPHANUMERIC: [char; 62] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q',
    'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r',
    's', 't', 'u', 'v', 'w', 'x', 'y', 'z',
];
const DIGITS: [char; 10] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];

/// First five characters of the mId, `yyyyMMddHHmmss`, five random ones: the form of recent real keys. The sandbox's
/// alphabet has case, so that ten thousand payments of one second rarely meet; the store draws again if they do.
pub(crate) fn payment_key(m_id: &str, now: UnixMs) -> String {
    let shop: String = m_id.chars().take(5).collect();
    format!("{shop}{}{}", now.to_compact_kst(), nanoid::nanoid!(5, &ALPHANUMERIC))
}

/// `ps_` and 28 characters.
pub(crate) fn payment_secret() -> String {
    format!("ps_{}", nanoid::nanoid!(28, &ALPHANUMERIC))
}

/// 32 upper-case hexadecimal characters.
pub(crate) fn transaction_key() -> String {
    nanoid::nanoid!(32, &HEX).to_ascii_uppercase()
}

/// 64 hexadecimal characters.
pub(crate) fn security_key() -> String {
    nanoid::nanoid!(64, &HEX)
}

/// `whtrans_` and 22 characters, the form of Toss's documentation; the length is assumed.
pub(crate) fn transmission_id() -> String {
    format!("whtrans_{}", nanoid::nanoid!(22, &ALPHANUMERIC))
}

/// The `eventId` of an entity event; its form is assumed.
pub(crate) fn event_id() -> String {
    format!("evt_{}", nanoid::nanoid!(22, &ALPHANUMERIC))
}

/// The proof of a customer's consent, used once: an `authKey`, BrandPay's code and tokens. Its form is assumed.
pub(crate) fn auth_key() -> String {
    nanoid::nanoid!(32, &ALPHANUMERIC)
}

/// 44 characters and `=`, as in Toss's documentation.
pub(crate) fn billing_key() -> String {
    format!("{}=", nanoid::nanoid!(43, &ALPHANUMERIC))
}

/// The key of a cash receipt; its form is assumed.
pub(crate) fn receipt_key() -> String {
    nanoid::nanoid!(40, &ALPHANUMERIC)
}

/// 9 digits.
pub(crate) fn issue_number() -> String {
    nanoid::nanoid!(9, &DIGITS)
}

/// `X` and 13 digits: a virtual account of the test environment.
pub(crate) fn account_number() -> String {
    format!("X{}", nanoid::nanoid!(13, &DIGITS))
}

/// As [`account_number`], always the same one for the same shop, bank and key.
pub(crate) fn fixed_account_number(m_id: &str, bank: &str, account_key: &str) -> String {
    let digest = Sha256::digest(format!("{m_id}\n{bank}\n{account_key}"));
    let digits: String = digest.iter().take(13).map(|byte| char::from(b'0' + byte % 10)).collect();
    format!("X{digits}")
}

/// 32 hexadecimal characters.
pub(crate) fn trace_id() -> String {
    nanoid::nanoid!(32, &HEX)
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_forms_of_toss() {
        let key = payment_key("tsandboxshop", UnixMs::new(0));
        assert!(key.starts_with("tsand19700101090000"), "{key}");
        assert_eq!(key.len(), 24);
        assert_eq!(payment_secret().len(), 31);
        assert!(transaction_key().bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)));
        assert_eq!(trace_id().len(), 32);
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
