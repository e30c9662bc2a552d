//! The map of the user interface: the document around every page, and which page is where.

#[cfg(feature = "ssr")]
mod shell {
    use crate::components::layout::{Footer, Header, Notices};
    use crate::domain::lang::Lang;
    use crate::domain::texts;
    use crate::pages::{Page, PageBody};
    use crate::view::notice::Notice;
    use crate::view::visitor::Theme;
    use leptos::config::LeptosOptions;
    use leptos::nonce::use_nonce;
    use leptos::prelude::*;
    use std::sync::Arc;

    /// What a page needs to become interactive.
    #[derive(Clone)]
    pub struct Boot {
        /// Where the glue of wasm-bindgen is.
        pub js: String,
        /// Where the program is.
        pub wasm: String,
        /// Where the style sheet is.
        pub css: String,
        /// For the reload under `cargo leptos watch`.
        pub watch: Arc<LeptosOptions>,
    }

    /// The HTML document. Only pages with an island load wasm.
    #[component]
    pub fn Shell(lang: Lang, theme: Option<Theme>, path: String, boot: Boot, notice: Notice, page: Page) -> impl IntoView {
        let title = format!("{} · {}", page.title(lang), texts::shop(lang));
        let widget = page.widget_url().map(|src| view! { <script async src=src nonce=use_nonce()></script> });
        let refresh = page.refresh_s().map(|each_s| view! { <noscript><meta http-equiv="refresh" content=each_s/></noscript> });
        let interactive = page.is_interactive();
        let scripts = interactive.then(|| view! { <Hydration js=boot.js.clone() wasm=boot.wasm.clone()/> });
        view! {
            <!DOCTYPE html>
            <html lang=lang.code() data-theme=theme.map(Theme::code)>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <meta name="color-scheme" content=theme.map_or("light dark", Theme::code)/>
                    <meta name="robots" content="noindex"/>
                    // As markup, because a debug build puts a marker behind text, and titles show markers. The texts are
                    // the shop's own and hold none.
                    <title inner_html=title></title>
                    <link rel="stylesheet" href=boot.css.clone()/>
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                    {widget}
                    {scripts}
                    {refresh}
                    <AutoReload options=(*boot.watch).clone()/>
                </head>
                <body>
                    <a class="skip" href="#content">{texts::skip_to_content(lang)}</a>
                    <Notices lang notice/>
                    <Header lang theme path/>
                    <main id="content">
                        <PageBody page lang/>
                    </main>
                    <Footer lang/>
                </body>
            </html>
        }
    }

    /// Starts the islands. Written here because the resource hints of leptos 0.8 carry the nonce in `crossorigin`, and
    /// because its script waits for an idle moment that a busy phone grants late.
    #[component]
    fn Hydration(js: String, wasm: String) -> impl IntoView {
        let script = format!(
            "try{{const m=await import(\"{}\");await m.default({{module_or_path:\"{}\"}});m.hydrate();\
             for(const e of document.querySelectorAll(\"leptos-island\"))m[e.dataset.component](e)}}\
             catch(e){{document.documentElement.dataset.boot=\"failed\";throw e}}",
            js, wasm
        );
        view! {
            <link rel="modulepreload" href=js nonce=use_nonce()/>
            <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
            <script type="module" nonce=use_nonce() inner_html=script></script>
        }
    }
}

#[cfg(feature = "ssr")]
pub use shell::{Boot, Shell, ShellProps};

#[cfg(feature = "csr")]
pub use client::App;

/// The same pages without a rendering server: `trunk serve`.
#[cfg(feature = "csr")]
mod client {
    use crate::components::layout::Footer;
    use crate::domain::failure::ShopCode;
    use crate::domain::lang::Lang;
    use crate::domain::routes;
    use crate::pages::{Page, PageBody};
    use crate::server_fns;
    use crate::view::confirmed::Confirmed;
    use crate::view::fail::FailView;
    use crate::view::visitor::CustomerKind;
    use leptos::either::Either;
    use leptos::prelude::*;
    use leptos_router::components::{Redirect, Route, Router, Routes};
    use leptos_router::hooks::{use_params_map, use_query_map};
    use leptos_router::path;
    use toss_types::{OrderId, PaymentKey, Won};

    /// The whole user interface, in the browser alone.
    #[component]
    pub fn App() -> impl IntoView {
        let lang = Lang::Ko;
        view! {
            <Router>
                <main id="content">
                    <Routes fallback=|| view! { <PageBody page=Page::NoSuchPage/> }>
                        <Route path=path!("/") view=|| view! { <Redirect path=routes::CHECKOUT/> }/>
                        <Route path=path!("/checkout") view=Checkout/>
                        <Route path=path!("/success") view=Success/>
                        <Route path=path!("/orders/:id") view=Order/>
                        <Route path=path!("/fail") view=Fail/>
                    </Routes>
                </main>
                <Footer lang/>
            </Router>
        }
    }

    #[component]
    fn Checkout() -> impl IntoView {
        let query = use_query_map();
        let kind = move || query.read().get("as").and_then(|code| CustomerKind::from_code(&code)).unwrap_or_default();
        let view = LocalResource::new(move || server_fns::load_checkout(kind()));
        move || view.get().map(|view| view! { <PageBody page=view.map_or(Page::Unavailable, Page::Checkout)/> })
    }

    #[component]
    fn Order() -> impl IntoView {
        let params = use_params_map();
        let view = LocalResource::new(move || {
            let id = params.read().get("id").and_then(|id| OrderId::parse(&id).ok());
            async move {
                match id {
                    Some(id) => server_fns::load_order(id).await,
                    None => Ok(None),
                }
            }
        });
        let page = |found| match found {
            Ok(Some(order)) => Page::Order(Box::new(order)),
            Ok(None) => Page::NoSuchOrder,
            Err(_) => Page::Unavailable,
        };
        move || view.get().map(|found| view! { <PageBody page=page(found)/> })
    }

    /// The same confirm that the server runs before it renders the page.
    #[component]
    fn Success() -> impl IntoView {
        let query = use_query_map();
        let returned = move || {
            let query = query.read();
            let key = PaymentKey::parse(&query.get("paymentKey")?).ok()?;
            Some((key, OrderId::parse(&query.get("orderId")?).ok()?, Won::parse(&query.get("amount")?).ok()?))
        };
        let path = LocalResource::new(move || async move {
            let Some((payment_key, order_id, amount)) = returned() else { return Some(fail(ShopCode::InvalidReturn)) };
            let page = routes::order(&order_id);
            match server_fns::confirm_payment(payment_key, order_id, amount).await {
                Ok(Confirmed::Paid | Confirmed::AwaitingDeposit | Confirmed::Declined(_) | Confirmed::InDoubt | Confirmed::Queued) => {
                    Some(page)
                }
                Ok(Confirmed::Refused(code)) => Some(fail(code)),
                Err(_) => None,
            }
        });
        move || {
            path.get().map(|path| match path {
                Some(path) => Either::Left(view! { <Redirect path/> }),
                None => Either::Right(view! { <PageBody page=Page::Unavailable/> }),
            })
        }
    }

    fn fail(code: ShopCode) -> String {
        format!("{}?code={}", routes::FAIL, code.code())
    }

    #[component]
    fn Fail() -> impl IntoView {
        let query = use_query_map();
        move || {
            let query = query.read();
            let text = |name| query.get(name);
            let view = FailView::new(Lang::Ko, text("code").as_deref(), text("message").as_deref(), text("orderId").as_deref());
            view! { <PageBody page=Page::Fail(view)/> }
        }
    }
}
