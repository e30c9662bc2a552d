//! The browser scripts of SDK v1 and v2, and their faults.

use std::time::Duration;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{fault::ScriptFault, world::World};

/// The files of a script share one scope that is closed to the page.
macro_rules! script {
    ($($file:literal)*) => {
        concat!("(() => {\n'use strict';\n", $(include_str!(concat!("../assets/", $file)),)* "})();\n")
    };
}

const PAYMENT_WIDGET: &str = script!(
    "payment-widget/version.js" "sdk/record.js" "sdk/checks.js" "sdk/catalog.js" "sdk/style.js" "sdk/drawing.js" "sdk/methods.js"
    "sdk/payment-window.js" "payment-widget/fields.js" "payment-widget/widget.js"
);
const STANDARD: &str = script!(
    "standard/version.js" "sdk/record.js" "sdk/checks.js" "sdk/catalog.js" "sdk/style.js" "sdk/drawing.js" "sdk/methods.js"
    "sdk/payment-window.js" "standard/fields.js" "standard/calls.js" "standard/widgets.js" "standard/payment.js"
    "standard/brandpay.js" "standard/sdk.js"
);
/// Stands once in each script, for the settings of this sandbox.
const SETTINGS: &str = "{ clientKeys: [], throwsOnCall: 0 }";

/// `GET /v1/payment-widget`
pub(crate) async fn payment_widget(State(world): State<World>) -> Response {
    // This version has no use for the keys of the API; the scripts tell no more than they need.
    serve(&world, PAYMENT_WIDGET, |key| key.starts_with("test_gck_")).await
}

/// `GET /v2/standard`
pub(crate) async fn standard(State(world): State<World>) -> Response {
    serve(&world, STANDARD, |_| true).await
}

/// The script that knows the client keys, which are public, so that it can refuse the others at once.
async fn serve(world: &World, text: &str, knows: impl Fn(&str) -> bool) -> Response {
    let fault = world.take_script_fault();
    let throws_on_call = match fault {
        Some(ScriptFault::NotFound) => return StatusCode::NOT_FOUND.into_response(),
        Some(ScriptFault::Garbage) => return javascript("window.PaymentWidget = window.TossPayments = (((".to_owned()),
        Some(ScriptFault::Slow { ms }) => {
            world.clock().sleep(Duration::from_millis(ms)).await;
            0
        }
        Some(ScriptFault::ThrowsOnCall { call }) => call,
        None => 0,
    };
    let client_keys: Vec<_> = world.merchants().iter().map(|merchant| merchant.client_key.as_str()).filter(|key| knows(key)).collect();
    let settings = json!({ "clientKeys": client_keys, "throwsOnCall": throws_on_call });
    javascript(text.replacen(SETTINGS, &settings.to_string(), 1))
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
        for script in [PAYMENT_WIDGET, STANDARD] {
            assert_eq!(script.matches(SETTINGS).count(), 1);
        }
    }
}
