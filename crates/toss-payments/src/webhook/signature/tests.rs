//! Signatures against values that openssl computed: `printf '%s:%s' "$BODY" "$TIME" | openssl dgst -sha256 -mac HMAC
//! -macopt key:$KEY -binary | base64`, and with `hexkey:` for the bytes.

use super::*;
use crate::webhook::{EntityChange, Event, Verified, Webhook};

const KEY: &str = "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789ABCDEF";
const BODY: &str = r#"{"eventType":"payout.changed","createdAt":"2026-08-01T12:00:00+09:00","version":"2022-11-16","eventId":"evt-1","entityType":"payout","entityBody":{"id":"FPA_1","status":"COMPLETED"}}"#;
const TIME: &str = "2026-08-01T12:00:01+09:00";
const BY_TEXT: &str = "v1:ClVZpDmoe3IdQ2jZU+JYpAW8/1TneBBesTxWD6c9sPU=";
const BY_BYTES: &str = "v1:Arg6wRnhbffs1dohRzWDuoekzoqN6xLPQ1vtGFCT2PI=";
const BY_ANOTHER: &str = "v1:jYN+u+8ArMXN8ofQyjm9yt/RqmcZgpHpvk7GHguGaeA=";

fn verified(body: &str, time: Option<&str>, signature: Option<&str>, keys: &[SecurityKey]) -> Result<Verified<EntityChange>, VerifyError> {
    let delivery = Delivery::from_headers(|name| match name {
        "tosspayments-webhook-transmission-time" => time,
        "tosspayments-webhook-signature" => signature,
        _ => None,
    });
    let event = Webhook::parse(body.as_bytes(), delivery).unwrap().event;
    let (Event::PayoutChanged(unverified) | Event::SellerChanged(unverified)) = event else { panic!("{event:?}") };
    unverified.verify(keys)
}

fn with(signature: &str, keys: &[SecurityKey]) -> Result<Verified<EntityChange>, VerifyError> {
    verified(BODY, Some(TIME), Some(signature), keys)
}

fn key() -> SecurityKey {
    SecurityKey::parse(KEY).unwrap()
}

#[test]
fn a_signed_payout_is_verified_whatever_form_the_key_has() {
    let payout = with(BY_TEXT, &[key()]).unwrap();
    assert_eq!((payout.event_id.as_deref(), payout.entity_type.as_deref()), (Some("evt-1"), Some("payout")));
    assert_eq!(payout.into_inner().entity_body.expose(), r#"{"id":"FPA_1","status":"COMPLETED"}"#);
    assert!(with(BY_BYTES, &[SecurityKey::parse_as_bytes(KEY).unwrap()]).is_ok());
    assert!(with(BY_BYTES, &[SecurityKey::parse_as_bytes(&KEY.to_lowercase()).unwrap()]).is_ok());
    assert_eq!(with(BY_BYTES, &[key()]), Err(VerifyError::Mismatch));
    assert_eq!(with(BY_TEXT, &[SecurityKey::parse_as_bytes(KEY).unwrap()]), Err(VerifyError::Mismatch));
}

#[test]
fn while_a_key_is_replaced_one_fitting_pair_is_enough() {
    let another = SecurityKey::parse(&KEY.replace('A', "B")).unwrap();
    for header in [format!("{BY_ANOTHER},{BY_TEXT}"), format!("{BY_TEXT}, {BY_ANOTHER}"), format!("v2:x,{BY_TEXT}")] {
        assert!(with(&header, &[key()]).is_ok(), "{header}");
    }
    assert!(with(BY_TEXT, &[another.clone(), key()]).is_ok());
    assert!(with(BY_ANOTHER, &[key()]).is_err());
    assert!(with(BY_TEXT, &[another]).is_err());
    // A sender cannot buy tries without end.
    let many = format!("{}{BY_TEXT}", format!("{BY_ANOTHER},").repeat(SIGNATURES_MAX));
    assert_eq!(with(&many, &[key()]), Err(VerifyError::Mismatch));
}

#[test]
fn one_changed_byte_of_body_time_or_signature_fits_no_more() {
    let forged = BODY.replace("COMPLETED", "REQUESTED");
    assert_eq!(verified(&forged, Some(TIME), Some(BY_TEXT), &[key()]), Err(VerifyError::Mismatch));
    assert_eq!(verified(&format!("{BODY} "), Some(TIME), Some(BY_TEXT), &[key()]), Err(VerifyError::Mismatch));
    // The same moment in another form is not what was signed.
    assert_eq!(verified(BODY, Some("2026-08-01T03:00:01Z"), Some(BY_TEXT), &[key()]), Err(VerifyError::Mismatch));
    assert_eq!(with(&BY_TEXT.replace("ClVZ", "DlVZ"), &[key()]), Err(VerifyError::Mismatch));
    assert_eq!(with("v1:ClVZpDmoe3IdQ2jZU+JYpA==", &[key()]), Err(VerifyError::Mismatch));
    assert_eq!(with("v1:", &[key()]), Err(VerifyError::Mismatch));
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(with(BY_TEXT, &[]), Err(VerifyError::NoKey));
    assert_eq!(verified(BODY, Some(TIME), None, &[key()]), Err(VerifyError::NoSignature));
    assert_eq!(verified(BODY, None, Some(BY_TEXT), &[key()]), Err(VerifyError::NoTime));
    for header in ["x", "v1", "v2:ClVZ", "v1:!", BY_TEXT.trim_start_matches("v1:"), "V1:ClVZ"] {
        assert_eq!(with(header, &[key()]), Err(VerifyError::Malformed), "{header}");
    }
}

#[test]
fn a_seller_event_is_signed_like_a_payout() {
    let body = BODY.replace("payout", "seller");
    assert_eq!(verified(&body, Some(TIME), Some(BY_TEXT), &[key()]), Err(VerifyError::Mismatch));
    let signature = format!("v1:{}", STANDARD.encode(key().mac(body.as_bytes(), TIME).finalize().into_bytes()));
    assert_eq!(verified(&body, Some(TIME), Some(&signature), &[key()]).unwrap().entity_type.as_deref(), Some("seller"));
}

#[test]
fn what_is_no_security_key_is_refused_and_none_is_printed() {
    for text in ["", &KEY[1..], &format!("{KEY}0"), &KEY.replace('a', "g"), &format!(" {}", &KEY[1..]), &"０".repeat(64)] {
        assert_eq!(SecurityKey::parse(text).err(), Some(SecurityKeyError));
        assert_eq!(SecurityKey::parse_as_bytes(text).err(), Some(SecurityKeyError));
    }
    assert_eq!(format!("{:?} {:#?}", key(), key()), "SecurityKey(…) SecurityKey(…)");
}
