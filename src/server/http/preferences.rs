//! Language and colours, remembered in cookies by a plain form, so that the switches work before and without wasm.

use super::context::Context;
use super::visit::{LANG_COOKIE, THEME_COOKIE, set_cookie};
use crate::domain::lang::Lang;
use crate::domain::routes;
use crate::view::visitor::Theme;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Deserialize;

const YEAR_S: u32 = 31_536_000;

/// The form of the switches.
#[derive(Default, Deserialize)]
pub struct Preferences {
    lang: Option<String>,
    theme: Option<String>,
    back: Option<String>,
}

/// Sets what was sent and known, and goes back to where the form was; a form that cannot be read changes nothing.
pub async fn remember(State(ctx): State<Context>, form: Result<Form<Preferences>, FormRejection>) -> impl IntoResponse {
    let form = form.map_or_else(|_| Preferences::default(), |Form(form)| form);
    let set = |name: &str, value: &str| (header::SET_COOKIE, set_cookie(&ctx, name, value, YEAR_S));
    let lang = form.lang.as_deref().and_then(Lang::from_code).map(|lang| set(LANG_COOKIE, lang.code()));
    let theme = form.theme.as_deref().and_then(Theme::from_code).map(|theme| set(THEME_COOKIE, theme.code()));
    let back = form.back.filter(|path| is_local(path)).unwrap_or_else(|| routes::CHECKOUT.to_owned());
    let cookies: Vec<_> = lang.into_iter().chain(theme).collect();
    (StatusCode::SEE_OTHER, AppendHeaders(cookies), [(header::LOCATION, back)])
}

/// A path of this site and nothing that a browser could take for another host.
fn is_local(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_gone_back_to() {
        assert!(is_local("/checkout?as=guest"));
        for path in ["", "checkout", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "/a b"] {
            assert!(!is_local(path), "{path:?}");
        }
    }
}
