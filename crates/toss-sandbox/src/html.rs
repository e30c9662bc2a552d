//! The little HTML that the sandbox draws itself: one page frame, one way to escape.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

/// `text`, safe in element content and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// A whole page. `title` and `main` are HTML already. Only pages of `frame_ancestors` may frame it.
pub(crate) fn page(status: StatusCode, title: &str, main: &str, frame_ancestors: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"ko\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"icon\" href=\"data:,\">\
         <link rel=\"stylesheet\" href=\"/sandbox/assets/page.css\">\
         <title>{title}</title></head><body>\
         <header class=\"banner\"><strong>SANDBOX</strong> 실제로 결제되지 않는 연습용 결제창입니다.</header>\
         <main>{main}</main></body></html>\n"
    );
    // No form-action: browsers hold it against the redirect to the shop as well, which may lead anywhere.
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; \
         frame-ancestors {frame_ancestors}"
    );
    let policy = HeaderValue::try_from(policy).expect("invariant: frame_ancestors is 'none' or an ASCII origin");
    (
        status,
        [
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            // Nothing for the shop. Within the sandbox it has to be said, or browsers send the forms with `Origin: null`.
            (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ],
        Html(html),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_an_attribute() {
        assert_eq!(escape(r#"<b a="1" b='2'>&"#), "&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;");
    }
}
