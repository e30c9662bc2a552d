//! The coupon.

use crate::domain::coupon::Coupon;
use crate::domain::lang::Lang;
use crate::domain::texts;
use leptos::prelude::*;

/// The checkbox's id.
pub const COUPON_ID: &str = "coupon";

/// A checkbox, ticked to begin with or not, and under it what is missing while a ticked coupon does not count yet.
#[component]
pub fn CouponBox<I, D, T>(lang: Lang, coupon: &'static Coupon, ticked: bool, idle: I, disabled: D, on_toggle: T) -> impl IntoView
where
    I: Fn() -> bool + Send + 'static,
    D: Fn() -> bool + Send + 'static,
    T: Fn(bool) + 'static,
{
    view! {
        <div class="coupon">
            <label>
                <input
                    type="checkbox"
                    id=COUPON_ID
                    name="coupon"
                    aria-describedby="coupon-hint"
                    checked=ticked
                    disabled=disabled
                    on:change=move |event| on_toggle(event_target_checked(&event))
                />
                <span>{coupon.label(lang)}</span>
            </label>
            <p id="coupon-hint" class="hint">{move || idle().then(|| texts::coupon_minimum(lang, coupon.minimum))}</p>
        </div>
    }
}
