//! `GET /v1/payment-widget`: the browser script of SDK v1, and its faults.

use std::time::Duration;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{fault::ScriptFault, world::World};

/// The files of the script share one scope that is closed to the page.
const SCRIPT: &str = concat!(
    "(() => {\n'use strict';\n",
    include_str!("../assets/payment-widget/record.js"),
    include_str!("../assets/payment-widget/checks.js"),
    include_str!("../assets/payment-widget/style.js"),
    include_str!("../assets/payment-widget/drawing.js"),
    include_str!("../assets/payment-widget/payment-window.js"),
    include_str!("../assets/payment-widget/widget.js"),
    "})();\n"
);
/// Stands once in the script, for the settings of this sandbox.
const SETTINGS: &str = "{ clientKeys: [], throwsOnCall: 0 }";

pub(crate) async fn payment_widget(State(world): State<World>) -> Response {
    match world.take_script_fault() {
        None => javascript(script(&world, 0)),
        Some(ScriptFault::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Some(ScriptFault::Garbage) => javascript("window.PaymentWidget = (((".to_owned()),
        Some(ScriptFault::Slow { ms }) => {
            world.clock().sleep(Duration::from_millis(ms)).await;
            javascript(script(&world, 0))
        }
        Some(ScriptFault::ThrowsOnCall { call }) => javascript(script(&world, call)),
    }
}

/// The script that knows the client keys, which are public, so that it can refuse the others at once.
fn script(world: &World, throws_on_call: u32) -> String {
    let client_keys: Vec<_> =
        world.merchants().iter().map(|merchant| merchant.client_key.as_str()).filter(|key| key.starts_with("test_gck_")).collect();
    let settings = json!({ "clientKeys": client_keys, "throwsOnCall": throws_on_call });
    SCRIPT.replacen(SETTINGS, &settings.to_string(), 1)
}

pub(crate) fn javascript(text: String) -> Response {
    (
        [
            (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
            // For `crossorigin` on the script element, and for pages that are cross-origin isolated.
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        text,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_the_settings_stands_once_in_the_script() {
        assert_eq!(SCRIPT.matches(SETTINGS).count(), 1);
    }
}
