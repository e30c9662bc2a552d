//! What a client refuses to be built from, and what it never prints.

use super::*;

const BODY: &str = "0123456789abcdef";

fn key(prefix: &str) -> SecretKey {
    SecretKey::parse(&format!("{prefix}{BODY}")).unwrap()
}

fn built_for(url: &str) -> Result<Client, BuildError> {
    Client::builder(key("test_gsk_")).base_url(url).build()
}

#[test]
fn plain_http_stays_on_this_machine() {
    for url in ["http://127.0.0.1:4000", "http://127.9.9.9", "http://[::1]:4000/", "http://localhost/prefix"] {
        assert!(built_for(url).is_ok(), "{url}");
    }
    for url in ["http://api.tosspayments.com", "http://10.0.0.1", "http://localhost.evil.example", "http://0.0.0.0", "http://[::2]"] {
        assert_eq!(built_for(url).err(), Some(BuildError::InsecureBaseUrl), "{url}");
    }
}

#[test]
fn a_base_url_is_an_address_and_nothing_else() {
    for url in [
        "",
        "api.tosspayments.com",
        "ftp://127.0.0.1",
        "https://",
        "https://u:p@a.example",
        "https://a.example?x",
        "https://a.example/#x",
        "data:x",
    ] {
        assert_eq!(built_for(url).err(), Some(BuildError::BaseUrl), "{url}");
    }
}

#[test]
fn tls_needs_no_process_wide_provider_and_leaves_none_behind() {
    assert!(built_for("http://127.0.0.1:1").is_ok());
    let config = tls(false).unwrap();
    assert_eq!(config.alpn_protocols, [b"h2".to_vec(), b"http/1.1".to_vec()]);
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}

#[test]
fn a_test_code_never_meets_a_live_key() {
    let build = |prefix| Client::builder(key(prefix)).base_url("http://127.0.0.1:1").test_code(ErrorCode::RejectCardCompany).build();
    assert!(build("test_gsk_").is_ok());
    for prefix in ["live_gsk_", "live_sk_"] {
        assert_eq!(build(prefix).err(), Some(BuildError::TestCodeWithLiveKey));
    }
}

#[test]
fn settings_that_cannot_work_are_named() {
    let builder = || Client::builder(key("test_gsk_")).base_url("http://127.0.0.1:1");
    for (built, expected) in [
        (builder().timeout(Duration::ZERO), BuildError::ZeroTimeout),
        (builder().connect_timeout(Duration::ZERO), BuildError::ZeroTimeout),
        (builder().user_agent("a\nb"), BuildError::Header("User-Agent")),
        (builder().accept_language("a\nb"), BuildError::Header("Accept-Language")),
        (builder().test_code(ErrorCode::from("a\nb")), BuildError::Header("TossPayments-Test-Code")),
        (builder().user_agent(""), BuildError::Header("User-Agent")),
        (builder().user_agent("상점/1.0"), BuildError::Header("User-Agent")),
        (builder().accept_language("en\r\nAuthorization: Basic x"), BuildError::Header("Accept-Language")),
        (builder().accept_language("한국어"), BuildError::Header("Accept-Language")),
        (builder().accept_language(" "), BuildError::Header("Accept-Language")),
        (builder().test_code(ErrorCode::from("")), BuildError::Header("TossPayments-Test-Code")),
        (builder().test_code(ErrorCode::from("REJECT CARD")), BuildError::Header("TossPayments-Test-Code")),
        (builder().test_code(ErrorCode::from("거절")), BuildError::Header("TossPayments-Test-Code")),
    ] {
        assert_eq!(built.build().err(), Some(expected));
    }
}

#[test]
fn neither_client_nor_builder_prints_the_key() {
    let encoded = STANDARD.encode(format!("live_gsk_{BODY}:"));
    let builder = Client::builder(key("live_gsk_")).base_url("http://127.0.0.1:1");
    let client = builder.clone().build().unwrap();
    let header = basic(&key("live_gsk_"));
    assert_eq!(header.as_bytes(), format!("Basic {encoded}").as_bytes());
    let printed = [format!("{builder:?}"), format!("{client:#?}"), format!("{:?}", client.http), format!("{header:?}")];
    for text in printed {
        assert!(!text.contains(BODY) && !text.contains(&encoded), "{text}");
    }
    assert!(client.is_live());
}
