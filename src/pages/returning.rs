//! `/success`, for what does not look like a shopper's browser: nothing is charged until somebody presses the button. A plain
//! form, so that it needs no script.

use crate::components::card::Card;
use crate::domain::lang::Lang;
use crate::domain::{routes, texts};
use crate::view::returning::ReturningView;
use leptos::prelude::*;

/// The page.
#[component]
pub fn ReturningPage(lang: Lang, view: ReturningView) -> impl IntoView {
    view! {
        <Card title=texts::returning_title(lang)>
            <p>{texts::returning_text(lang)}</p>
            <form method="post" action=routes::SUCCESS>
                <input type="hidden" name="orderId" value=view.order_id.to_string()/>
                <input type="hidden" name="paymentKey" value=view.payment_key.expose().to_owned()/>
                <input type="hidden" name="amount" value=view.amount/>
                <button type="submit" class="button">{texts::returning_button(lang)}</button>
            </form>
        </Card>
    }
}
