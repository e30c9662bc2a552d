use hyper::header::{AUTHORIZATION, HeaderValue};
use toss_sandbox::{Config, DOCS_API_PAIR, DOCS_WIDGET_PAIR};

use crate::support::{Shop, basic, refused};

#[tokio::test]
async fn every_mistake_with_the_secret_key_has_its_answer() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let secret = shop.sandbox.secret_key().to_owned();
    let path = format!("/v1/payments/{}", payment.payment_key);
    for (credentials, error) in [
        (None, refused(401, "UNAUTHORIZED_KEY")),
        (Some(basic("test_gsk_unknown0000:")), refused(401, "UNAUTHORIZED_KEY")),
        (Some(basic(&format!("\u{feff}{secret}:"))), refused(401, "UNAUTHORIZED_KEY")),
        (Some(basic(&format!("{}:", shop.sandbox.client_key()))), refused(401, "UNAUTHORIZED_KEY")),
        (Some(basic(&secret)), refused(403, "INCORRECT_BASIC_AUTH_FORMAT")),
        (Some(basic(&format!("{secret}:password"))), refused(403, "INCORRECT_BASIC_AUTH_FORMAT")),
        (Some(basic(&format!("{secret}::"))), refused(403, "INCORRECT_BASIC_AUTH_FORMAT")),
        (Some(basic("")), refused(403, "INCORRECT_BASIC_AUTH_FORMAT")),
        (Some(format!("Bearer {secret}")), refused(403, "INCORRECT_BASIC_AUTH_FORMAT")),
        (Some(format!("Basic {secret}:")), refused(403, "INCORRECT_BASIC_AUTH_FORMAT")),
        (Some("Basic".to_owned()), refused(403, "INCORRECT_BASIC_AUTH_FORMAT")),
    ] {
        for mut request in [shop.confirm_request(&payment, &[]), shop.get_request(&path)] {
            match &credentials {
                Some(credentials) => {
                    let value = HeaderValue::from_str(credentials).unwrap();
                    request.headers_mut().insert(AUTHORIZATION, value);
                }
                None => drop(request.headers_mut().remove(AUTHORIZATION)),
            }
            assert_eq!(shop.send(request).await.error(), error, "{credentials:?}");
        }
    }
    assert_eq!(shop.control.ledger(), []);
}

#[tokio::test]
async fn padding_may_be_left_out() {
    // One length of key for each length of padding.
    for secret_key in ["test_gsk_aaaa", "test_gsk_aaaaa", "test_gsk_aaaaaa"] {
        let shop = Shop::with(Config { secret_key: secret_key.to_owned(), ..Config::default() }).await;
        let payment = shop.pay("order-0001", 45_000);
        let mut request = shop.get_request(&format!("/v1/payments/{}", payment.payment_key));
        let unpadded = shop.basic().trim_end_matches('=').to_owned();
        request.headers_mut().insert(AUTHORIZATION, unpadded.parse().unwrap());
        assert_eq!(shop.send(request).await.status, 200, "{secret_key}");
        assert_eq!(shop.confirm(&payment).await.status, 200, "{secret_key}");
    }
}

#[tokio::test]
async fn keys_of_another_pair_or_environment_are_an_invalid_api_key_on_confirm() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    for secret in [DOCS_WIDGET_PAIR[1], DOCS_API_PAIR[1], "live_gsk_whatever0000"] {
        let mut request = shop.confirm_request(&payment, &[]);
        request.headers_mut().insert(AUTHORIZATION, basic(&format!("{secret}:")).parse().unwrap());
        assert_eq!(shop.send(request).await.error(), refused(400, "INVALID_API_KEY"), "{secret}");
    }
    assert_eq!(shop.control.ledger(), []);
}

#[tokio::test]
async fn payments_of_one_pair_do_not_exist_for_another() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let docs = basic(&format!("{}:", DOCS_WIDGET_PAIR[1]));
    for path in [format!("/v1/payments/{}", payment.payment_key), "/v1/payments/orders/order-0001".to_owned()] {
        let mut request = shop.get_request(&path);
        request.headers_mut().insert(AUTHORIZATION, docs.parse().unwrap());
        assert_eq!(shop.send(request).await.error(), refused(404, "NOT_FOUND_PAYMENT"));
        assert_eq!(shop.get(&path).await.status, 200);
    }
}
