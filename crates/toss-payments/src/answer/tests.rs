//! Every answer that can arrive, judged without a network.

use super::*;
use crate::error::Class;
use crate::payment::whole::Payment;
use proptest::prelude::*;

const PAID: &str = r#"{"paymentKey":"pay-key","orderId":"order-1","status":"DONE","totalAmount":45000,"currency":"KRW"}"#;
const DECLINED: &str = r#"{"code":"REJECT_CARD_COMPANY","message":"no"}"#;

fn judge(effect: Effect, status: u16, body: impl Into<Vec<u8>>) -> Result<Response<Payment>, Error> {
    let call = Told { method: http::Method::POST, template: "/v1/payments/confirm".to_owned(), span: tracing::Span::none() };
    let answer = Answer { call, status, trace_id: Some("trace".to_owned()), retry_after: None, body: body.into() };
    answer.read(effect, Payment::from_json)
}

fn cause(result: Result<Response<Payment>, Error>) -> UnknownCause {
    match result {
        Err(Error::Unknown(unknown)) => unknown.cause,
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_200_with_a_payment_is_a_payment() {
    let response = judge(Effect::Charge, 200, PAID).unwrap();
    assert_eq!((response.raw.as_str(), response.status, response.trace_id.as_deref()), (PAID, 200, Some("trace")));
    for status in (100..600).filter(|&status| status != 200) {
        assert!(judge(Effect::Charge, status, PAID).is_err(), "{status}");
    }
}

#[test]
fn a_byte_order_mark_hides_nothing() {
    let with_bom = format!("\u{feff}{PAID}");
    assert_eq!(judge(Effect::Charge, 200, with_bom.clone()).unwrap().raw, with_bom);
    let error = judge(Effect::Charge, 403, format!("\u{feff}{DECLINED}")).unwrap_err();
    assert_eq!(error.class(), Class::Declined);
}

#[test]
fn only_a_4xx_decides() {
    for status in 100..600 {
        match (status, judge(Effect::Charge, status, DECLINED)) {
            (409, result) => assert_eq!(cause(result), UnknownCause::Conflict),
            (429, result) => assert_eq!(cause(result), UnknownCause::TooManyRequests),
            (400 | 403, result) => assert_eq!(result.unwrap_err().class(), Class::Declined),
            (400..=499, result) => {
                let error = result.unwrap_err();
                assert!(matches!(error, Error::Rejected(_)) && error.class() == Class::Unknown, "{status}");
            }
            (500..=599, result) => assert_eq!(cause(result), UnknownCause::ServerError),
            (_, result) => assert_eq!(cause(result), UnknownCause::Unreadable, "{status}"),
        }
    }
}

#[test]
fn a_refusal_that_cannot_be_read_decides_nothing() {
    let long_code = format!(r#"{{"code":"{}","message":"no"}}"#, "A".repeat(101));
    for body in [
        "",
        "null",
        "[]",
        "<html><body>REJECT_CARD_COMPANY</body></html>",
        r#"{"code":"REJECT_CARD_COMPANY","message":"no""#,
        r#"{"message":"no"}"#,
        r#"{"code":null,"message":"no"}"#,
        r#"{"code":403,"message":"no"}"#,
        r#"{"code":"","message":"no"}"#,
        r#"{"code":"a code with blanks","message":"no"}"#,
        r#"{"code":"REJECT_CARD_COMPANY","code":"PROVIDER_ERROR"}"#,
        r#"{"error":{"code":"REJECT_CARD_COMPANY"}}"#,
        &long_code,
    ] {
        for status in [400, 401, 403, 404, 422] {
            assert_eq!(cause(judge(Effect::Charge, status, body)), UnknownCause::Unreadable, "{status} {body}");
        }
        assert_eq!(cause(judge(Effect::Charge, 500, body)), UnknownCause::ServerError, "{body}");
    }
}

#[test]
fn a_refusal_keeps_what_toss_said() {
    let body = r#"{"code":"BRAND_NEW","message":"새로운 오류","data":null}"#;
    let Err(Error::Rejected(rejected)) = judge(Effect::Charge, 400, body) else { panic!("not rejected") };
    assert_eq!(rejected.code, ErrorCode::from("BRAND_NEW"));
    assert_eq!((rejected.message.as_str(), rejected.raw.as_str(), rejected.class), ("새로운 오류", body, Class::Unknown));
    let Err(Error::Rejected(terse)) = judge(Effect::Charge, 400, r#"{"code":"INVALID_REQUEST"}"#) else { panic!("not rejected") };
    assert_eq!((terse.message.as_str(), terse.class), ("", Class::Validation));
}

#[test]
fn a_server_error_keeps_its_code_and_a_capped_body() {
    let body = format!(r#"{{"code":"FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING","message":"[S008] {}"}}"#, "가".repeat(10_000));
    let Err(Error::Unknown(unknown)) = judge(Effect::Charge, 500, body.clone()) else { panic!("not unknown") };
    assert_eq!(unknown.code, Some(ErrorCode::FailedPaymentInternalSystemProcessing));
    let raw = unknown.raw.unwrap();
    assert!(raw.len() <= UnknownOutcome::RAW_MAX && raw.len() > UnknownOutcome::RAW_MAX - 4);
    assert!(body.starts_with(raw.trim_end_matches('\u{fffd}')));
    let invalid = capped(&[0xff; UnknownOutcome::RAW_MAX + 1]);
    assert!(invalid.len() <= UnknownOutcome::RAW_MAX && invalid.chars().all(|c| c == '\u{fffd}'));
}

proptest! {
    #[test]
    fn a_200_is_never_a_rejection(body in prop_oneof![
        any::<Vec<u8>>(),
        "\\PC{0,80}".prop_map(String::into_bytes),
        Just(DECLINED.as_bytes().to_vec()),
        (0..PAID.len()).prop_map(|end| PAID.as_bytes()[..end].to_vec()),
    ]) {
        for effect in [Effect::Charge, Effect::Lookup] {
            prop_assert_eq!(cause(judge(effect, 200, body.clone())), UnknownCause::Unreadable);
        }
    }

    #[test]
    fn a_cut_refusal_is_never_a_rejection(end in 0..DECLINED.len(), status in 400..500_u16) {
        prop_assert!(matches!(judge(Effect::Charge, status, &DECLINED[..end]), Err(Error::Unknown(_))));
    }
}
