//! Cookies of other programs, which come with the shop's own.

use crate::app::TestApp;
use crate::listener::exchange;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cookie_that_cannot_be_read_hides_no_receipt() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    browser.get(&order.success(&app.approve(&order))).await;
    // Goes ahead of the browser's own cookies, in a field of its own.
    for foreign in ["caf\u{e9}=1", "flag", "a=1"] {
        assert_eq!(browser.get_with(&order.page(), ("cookie", foreign)).await.status, 200, "{foreign}");
    }
    assert_eq!(app.browser().get(&order.page()).await.status, 404, "which is nobody else's");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_known_beside_any_cookie() {
    let app = TestApp::start().await;
    let ask =
        |cookie: &[u8]| [b"GET /checkout HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nCookie: ".as_slice(), cookie, b"\r\n\r\n"].concat();
    let first = exchange(app.addr, &ask(b"other=1")).await;
    let session = first.split("set-cookie: ").find(|field| field.starts_with("toss_checkout_session=")).unwrap();
    let session = session.split(';').next().unwrap().as_bytes();
    for cookies in [[b"caf\xe9=1; ".as_slice(), session].concat(), [session, b"; flag; x=\xff"].concat()] {
        let again = exchange(app.addr, &ask(&cookies)).await;
        assert!(again.starts_with("HTTP/1.1 200") && !again.contains("toss_checkout_session="), "no new one: {again}");
    }
    app.finish().await;
}
