//! What stands in the widget's place while it is not there.

use crate::domain::lang::Lang;
use crate::domain::texts;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use toss_widget::ErrorCode;
use toss_widget::machine::Phase;

/// A skeleton while it comes; when it does not, why in plain words, and a way to try again without a reload.
#[component]
pub fn WidgetState<P, R>(lang: Lang, phase: P, on_retry: R) -> impl IntoView
where
    P: Fn() -> Phase + Send + 'static,
    R: Fn() + Copy + Send + 'static,
{
    move || match phase() {
        Phase::Loading { .. } | Phase::Rendering { .. } => EitherOf3::A(view! {
            <div class="skeleton">
                <p class="visually-hidden" role="status">{texts::widget_loading(lang)}</p>
                <span></span>
                <span></span>
                <span></span>
            </div>
        }),
        Phase::Failed { error, .. } => EitherOf3::B(view! {
            <div class="widget-failed" role="alert">
                <p><strong>{texts::widget_failed_title(lang)}</strong></p>
                <p>{advice(lang, &error.code)}</p>
                <button type="button" class="button button-second" on:click=move |_| on_retry()>{texts::try_again(lang)}</button>
            </div>
        }),
        Phase::Ready { .. } | Phase::Requesting { .. } => EitherOf3::C(()),
    }
}

fn advice(lang: Lang, code: &ErrorCode) -> &'static str {
    if matches!(code, ErrorCode::Blocked | ErrorCode::NetworkError) {
        texts::widget_blocked(lang)
    } else if *code == ErrorCode::TimedOut {
        texts::widget_slow(lang)
    } else {
        texts::widget_broken(lang)
    }
}
