//! Basic authentication with the secret key, and every mistake one can make with it.

use axum::http::{HeaderMap, header};
use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use crate::{config::MerchantId, endpoint::Endpoint, error::Code, world::World};

/// Clients exist that leave the padding out; Toss takes both.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// The merchant whose secret key the request carries as `Basic base64("<secretKey>:")`.
///
/// Errors: 401 `UNAUTHORIZED_KEY` without the header (assumed) and for an unknown key (also one that begins with a byte
/// order mark); 403 `INCORRECT_BASIC_AUTH_FORMAT` without the colon (Toss docs), and, assumed, for another scheme, for
/// what is not base64, and for a password; 400 `INVALID_API_KEY` for a live key on a confirm, which is test and live
/// mixed (Toss docs), 401 `UNAUTHORIZED_KEY` elsewhere; 403 `FORBIDDEN_REQUEST`, assumed, for a widget key on a call
/// that needs an API individual key.
pub(super) fn merchant(world: &World, headers: &HeaderMap, endpoint: Endpoint) -> Result<MerchantId, Code> {
    let header = headers.get(header::AUTHORIZATION).ok_or(Code::UNAUTHORIZED_KEY)?;
    let credentials = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, encoded)| BASE64.decode(encoded.trim()).ok())
        .ok_or(Code::INCORRECT_BASIC_AUTH_FORMAT)?;
    let Some((b':', secret_key)) = credentials.split_last() else {
        return Err(Code::INCORRECT_BASIC_AUTH_FORMAT);
    };
    if secret_key.contains(&b':') {
        return Err(Code::INCORRECT_BASIC_AUTH_FORMAT);
    }
    if secret_key.starts_with(b"live_") {
        return Err(if endpoint == Endpoint::Confirm { Code::INVALID_API_KEY } else { Code::UNAUTHORIZED_KEY });
    }
    let merchant = world.merchant_where(|merchant| merchant.secret_key.as_bytes() == secret_key).ok_or(Code::UNAUTHORIZED_KEY)?;
    if endpoint.needs_api_key() && !secret_key.starts_with(b"test_sk_") {
        return Err(Code::FORBIDDEN_REQUEST);
    }
    Ok(merchant)
}
