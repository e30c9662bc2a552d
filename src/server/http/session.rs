//! Who is asking: a signed cookie with a random number, and what follows from it.

use super::cookies::Cookies;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use payment_engine::Owner;
use sha2::Sha256;
use std::fmt;
use toss_types::{CustomerKey, OrderId, PaymentKey};

/// The cookie's name, and its name where shoppers come by https: browsers take the second from this very host alone, so
/// that no other host of the domain can plant one.
pub const COOKIE: &str = "toss_checkout_session";
const SECURE_COOKIE: &str = "__Host-toss_checkout_session";

const ID_BYTES: usize = 16;
const YEAR_S: u32 = 31_536_000;

/// A browser, known by a random number that only it and the server know.
#[derive(Clone, PartialEq, Eq)]
pub struct Session([u8; ID_BYTES]);

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session(..)")
    }
}

/// Makes and reads sessions. Holds the secret.
pub struct Sessions {
    secret: Vec<u8>,
    secure: bool,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions(..)")
    }
}

impl Sessions {
    /// `secure` keeps the cookie off plain http; it belongs on wherever the shop is served by https.
    #[must_use]
    pub fn new(secret: Vec<u8>, secure: bool) -> Sessions {
        Sessions { secret, secure }
    }

    /// A browser not seen before.
    #[must_use]
    pub fn create(&self) -> Session {
        let mut id = [0; ID_BYTES];
        getrandom::fill(&mut id).expect("invariant: the operating system has random numbers");
        Session(id)
    }

    /// The session among a request's cookies, if it is there and was signed here.
    #[must_use]
    pub fn read(&self, cookies: &Cookies<'_>) -> Option<Session> {
        cookies.all(self.cookie_name()).find_map(|value| self.verify(value))
    }

    fn cookie_name(&self) -> &'static str {
        if self.secure { SECURE_COOKIE } else { COOKIE }
    }

    fn verify(&self, value: &str) -> Option<Session> {
        let (id, signature) = value.split_once('.')?;
        let id: [u8; ID_BYTES] = URL_SAFE_NO_PAD.decode(id).ok()?.try_into().ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.mac("session", &id).verify_slice(&signature).ok()?;
        Some(Session(id))
    }

    /// The value of the `Set-Cookie` header that makes a browser be this session for a year.
    #[must_use]
    pub fn set_cookie(&self, session: &Session) -> String {
        let id = URL_SAFE_NO_PAD.encode(session.0);
        let signature = URL_SAFE_NO_PAD.encode(self.mac("session", &session.0).finalize().into_bytes());
        let secure = if self.secure { "; Secure" } else { "" };
        let name = self.cookie_name();
        format!("{name}={id}.{signature}; Path=/; Max-Age={YEAR_S}; HttpOnly; SameSite=Lax{secure}")
    }

    /// What Toss knows a member by: 43 characters of `A-Za-z0-9_-`, the same for every visit of the session, and not to
    /// be guessed even by who knows other ones (Toss docs, `customerKey`: 2 to 50 characters, unguessable).
    #[must_use]
    pub fn customer_key(&self, session: &Session) -> CustomerKey {
        let key = URL_SAFE_NO_PAD.encode(self.mac("customerKey", &session.0).finalize().into_bytes());
        CustomerKey::parse(&key).expect("invariant: 43 letters, digits, - and _ are a customer key")
    }

    /// What the store knows the session by.
    #[must_use]
    pub fn owner(&self, session: &Session) -> Owner {
        Owner::new(URL_SAFE_NO_PAD.encode(self.mac("owner", &session.0).finalize().into_bytes()))
    }

    /// What lets a browser learn how an order stands that another browser placed: proof that it came back from Toss with
    /// this payment of the order. It says nothing about another payment of the same order, which may be somebody else's.
    #[must_use]
    pub fn witness(&self, order: &OrderId, payment_key: &PaymentKey) -> String {
        URL_SAFE_NO_PAD.encode(self.witness_mac(order, payment_key).finalize().into_bytes())
    }

    /// Whether that is the witness of this payment of this order. Takes as long for a near miss as for any other.
    #[must_use]
    pub fn is_witness(&self, presented: &str, order: &OrderId, payment_key: &PaymentKey) -> bool {
        let tag = URL_SAFE_NO_PAD.decode(presented);
        tag.is_ok_and(|tag| self.witness_mac(order, payment_key).verify_slice(&tag).is_ok())
    }

    fn witness_mac(&self, order: &OrderId, payment_key: &PaymentKey) -> Hmac<Sha256> {
        // Neither has a NUL in it, so no two pairs are written the same.
        self.mac("witness", format!("{}\0{}", order.as_str(), payment_key.expose()).as_bytes())
    }

    fn mac(&self, purpose: &str, id: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("invariant: HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(id);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderMap, HeaderValue, header};

    fn read(sessions: &Sessions, cookie: &str) -> Option<Session> {
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(cookie).unwrap())]);
        sessions.read(&Cookies::of(&headers))
    }

    fn sessions() -> Sessions {
        Sessions::new(b"a secret of the tests".to_vec(), false)
    }

    #[test]
    fn a_cookie_comes_back_as_the_same_session() {
        let (sessions, session) = (sessions(), sessions().create());
        let set = sessions.set_cookie(&session);
        let pair = set.split(';').next().unwrap();
        assert_eq!(read(&sessions, &format!("other=1; {pair}; more=2")), Some(session));
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && !set.contains("Secure"));
        assert!(Sessions::new(vec![1], true).set_cookie(&sessions.create()).contains("; Secure"));
    }

    #[test]
    fn by_https_the_cookie_is_this_hosts_alone_and_a_planted_one_locks_nobody_out() {
        let sessions = Sessions::new(b"a secret of the tests".to_vec(), true);
        let session = sessions.create();
        let set = sessions.set_cookie(&session);
        assert!(set.starts_with("__Host-") && set.contains("; Path=/;") && !set.contains("Domain"));
        let pair = set.split(';').next().unwrap();
        assert_eq!(read(&sessions, &format!("{SECURE_COOKIE}=planted.bad; {pair}")), Some(session));
    }

    #[test]
    fn any_changed_character_makes_it_no_session() {
        let sessions = sessions();
        let set = sessions.set_cookie(&sessions.create());
        let pair = set.split(';').next().unwrap();
        for index in COOKIE.len() + 1..pair.len() {
            let mut forged: Vec<char> = pair.chars().collect();
            forged[index] = if forged[index] == 'A' { 'B' } else { 'A' };
            let forged: String = forged.into_iter().collect();
            // The last character of each part carries spare bits; base64 refuses those that are not zero.
            assert_eq!(read(&sessions, &forged), None, "{forged}");
        }
        assert_eq!(read(&Sessions::new(b"another secret".to_vec(), false), pair), None);
        for header in ["", "x", COOKIE, &format!("{COOKIE}="), &format!("{COOKIE}=a.b")] {
            assert_eq!(read(&sessions, header), None, "{header}");
        }
    }

    #[test]
    fn a_customer_key_is_bound_to_its_session_and_within_the_limits_of_toss() {
        let (sessions, session) = (sessions(), sessions().create());
        let key = sessions.customer_key(&session);
        assert_eq!(key, sessions.customer_key(&session));
        assert_ne!(key, sessions.customer_key(&sessions.create()));
        assert_ne!(key.expose(), sessions.owner(&session).as_str());
        assert!(key.expose().len() == 43 && key.expose().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    }

    #[test]
    fn a_witness_is_of_one_payment_of_one_order() {
        let sessions = sessions();
        let order = |text: &str| OrderId::parse(text).unwrap();
        let (mine, other) = (order("order-aaaaaaaaaaaaaaa"), order("order-bbbbbbbbbbbbbbb"));
        let (paid, foreign) = (PaymentKey::parse("tgen_paid").unwrap(), PaymentKey::parse("tgen_foreign").unwrap());
        let witness = sessions.witness(&mine, &paid);
        assert!(sessions.is_witness(&witness, &mine, &paid));
        assert!(!sessions.is_witness(&witness, &other, &paid) && !sessions.is_witness(&witness, &mine, &foreign));
        assert!(!Sessions::new(b"another secret".to_vec(), false).is_witness(&witness, &mine, &paid));
        for given in ["", "x", "\0", &witness[1..], &witness[..witness.len() - 1], &format!("{witness}A")] {
            assert!(!sessions.is_witness(given, &mine, &paid), "{given:?}");
        }
    }
}
