//! The coupon.

use crate::domain::cart::Price;
use crate::domain::coupon::Coupon;
use crate::domain::lang::Lang;
use crate::domain::texts;
use leptos::prelude::*;
use toss_types::Won;

/// The checkbox's id.
pub const COUPON_ID: &str = "coupon";

/// A checkbox, and under it what is missing when a ticked coupon does not count yet.
#[component]
pub fn CouponBox(
    lang: Lang,
    coupon: &'static Coupon,
    #[prop(into)] ticked: Signal<bool>,
    #[prop(into)] price: Signal<Price>,
    #[prop(into)] disabled: Signal<bool>,
    on_toggle: Callback<bool>,
) -> impl IntoView {
    let idle = move || ticked.get() && price.get().discount == Won::ZERO;
    view! {
        <div class="coupon">
            <label>
                <input
                    type="checkbox"
                    id=COUPON_ID
                    name="coupon"
                    aria-describedby="coupon-hint"
                    prop:checked=move || ticked.get()
                    checked=ticked.get_untracked()
                    disabled=move || disabled.get()
                    on:change=move |event| on_toggle.run(event_target_checked(&event))
                />
                <span>{coupon.label(lang)}</span>
            </label>
            <p id="coupon-hint" class="hint">{move || idle().then(|| texts::coupon_minimum(lang, coupon.minimum))}</p>
        </div>
    }
}
