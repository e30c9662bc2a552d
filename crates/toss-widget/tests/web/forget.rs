//! What is forgotten on purpose lives as long as the page, where a drop would have ended it.

use crate::fake::{self, Page, turn, until, widget, widgets};
use std::cell::Cell;
use std::rc::Rc;
use toss_widget::checkout::{CheckoutWidget, Settings};
use toss_widget::v2::WindowVariants;
use toss_widget::{Checkout, Customer, Sdk, Won};
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Counts calls; the second value is the callback.
fn counter() -> (Rc<Cell<u32>>, impl Fn() + 'static) {
    let times = Rc::new(Cell::new(0));
    let count = Rc::clone(&times);
    (times, move || count.set(count.get() + 1))
}

fn settings(sdk: Sdk) -> Settings {
    fake::plant_places();
    Settings::new(sdk, "test_gck_a", Customer::Anonymous, "#methods", "#agreement")
}

/// Long enough for everything that a drop sets going.
async fn a_while() {
    for _ in 0..10 {
        turn().await;
    }
}

#[test]
async fn the_parts_of_v1_go_on_listening() {
    let _page = Page::new();
    let widget = widget().await;
    let mut methods = widget.render_payment_methods("#a", Won::of(1), None).expect("draws");
    let mut agreement = widget.render_agreement("#b", None).expect("draws");
    let ((chosen, choose), (changed, change)) = (counter(), counter());
    methods.on_custom_select(move |_| choose()).expect("registers");
    agreement.on_change(move |_| change()).expect("registers");
    methods.forget();
    agreement.forget();
    drop(widget);
    for _ in 0..2 {
        assert_eq!(fake::fire("customPaymentMethodSelect", &"k".into()), None);
        assert_eq!(fake::fire("change", &fake::evaluate("{ agreedRequiredTerms: true }")), None);
    }
    assert_eq!((chosen.get(), changed.get()), (2, 2));
}

#[test]
async fn the_parts_of_v2_stay_on_the_page_and_go_on_listening() {
    let _page = Page::new();
    let widgets = widgets().await;
    let mut methods = widgets.render_payment_methods("#a", None).await.expect("draws");
    let mut agreement = widgets.render_agreement("#b", None).await.expect("draws");
    let mut window = widgets.render_payment_window(&WindowVariants::new()).await.expect("draws");
    let ((chosen, choose), (changed, change), (cancelled, cancel)) = (counter(), counter(), counter());
    methods.on_select(move |_| choose()).expect("registers");
    agreement.on_change(move |_| change()).expect("registers");
    window
        .on_cancel(move || {
            cancel();
            async {}
        })
        .expect("registers");
    methods.forget();
    agreement.forget();
    window.forget();
    drop(widgets);
    a_while().await;
    assert_eq!(fake::drawn_now(), "AGREEMENT_WIDGET PAYMENT_METHODS_WIDGET PAYMENT_WINDOW");
    assert_eq!(fake::fire("paymentMethodSelect", &fake::evaluate("{ code: 'CARD' }")), None);
    assert_eq!(fake::fire("agreementStatusChange", &fake::evaluate("{ agreedRequiredTerms: true }")), None);
    assert_eq!(fake::fire_bare("cancel"), None);
    assert_eq!((chosen.get(), changed.get(), cancelled.get()), (1, 1, 1));
}

#[test]
async fn a_widget_of_either_sdk_goes_on_listening() {
    for (sdk, event) in [(Sdk::V1, "change"), (Sdk::V2, "agreementStatusChange")] {
        let _page = Page::new();
        fake::define_global();
        let widget = CheckoutWidget::load(&settings(sdk)).await.expect("loads");
        let (told, tell) = counter();
        if sdk == Sdk::V1 {
            fake::behave("on", "if (args[0] === 'ready') args[1](); else window.heard = args[1];");
        } else {
            fake::behave("on", "window.heard = args[1];");
        }
        widget.render(Won::of(1), move |_| tell()).await.expect("draws");
        widget.forget();
        a_while().await;
        let before = told.get();
        fake::evaluate("window.heard({ agreedRequiredTerms: false })");
        assert_eq!(told.get(), before + 1, "{event}");
    }
}

#[test]
async fn a_checkout_goes_on_without_anybody_who_holds_it() {
    let _page = Page::new();
    fake::define_global();
    let (heard, hear) = counter();
    let payable = Rc::new(Cell::new(false));
    let shown = Rc::clone(&payable);
    let checkout = Checkout::new(settings(Sdk::V2), Won::of(45_000), move |phase| {
        shown.set(phase.can_pay());
        hear();
    });
    checkout.open();
    checkout.forget();
    until("it is drawn all the same", || payable.get()).await;
    assert_eq!(fake::drawn_now(), "AGREEMENT_WIDGET PAYMENT_METHODS_WIDGET");
    let before = heard.get();
    assert_eq!(fake::fire("agreementStatusChange", &fake::evaluate("{ agreedRequiredTerms: false }")), None);
    assert_eq!((heard.get(), payable.get()), (before + 1, false));
}
