//! The pay button: `toss-widget` draws, follows the amount and requests the payment, the server takes the order; what the
//! page shows is a function of the phase.

use super::sheet::Sheet;
use crate::components::field::FieldKind;
use crate::domain::cart::CartRequest;
use crate::domain::customer::CustomerField;
use crate::domain::lang::Lang;
use crate::domain::texts;
use crate::view::api_error::ApiError;
use crate::view::placed::{OrderAnswer, Placed};
use crate::wire;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast as _;
use std::time::Duration;
use toss_types::Won;
use toss_widget::checkout::{self, Ticket};
use toss_widget::{Checkout, Customer, CustomerKey, LoadOptions, Order, Sdk, UpdateReason, WidgetError};

/// The element that the payment methods are drawn into.
pub const METHODS_ID: &str = "payment-methods";
/// The element that the terms are drawn into.
pub const AGREEMENT_ID: &str = "agreement";

/// How long script and widget may each take before the shopper is offered to try again.
const PATIENCE_MS: u32 = 10_000;
/// How long the shop may take to place an order before the shopper is told that nothing was paid.
const SERVER_PATIENCE_MS: u64 = 20_000;

/// What the widget needs to know of the page.
pub struct Settings {
    /// The language of messages and of the order.
    pub lang: Lang,
    /// Which SDK of Toss's draws the widget.
    pub sdk: Sdk,
    /// Where its script is.
    pub widget_url: String,
    /// Toss's public key of the shop.
    pub client_key: String,
    /// The member's key; a guest has none.
    pub customer_key: Option<CustomerKey>,
}

/// The pay button and everything behind it. A handle; copies are the same widget. What it tells the shopper is on the sheet.
#[derive(Clone, Copy)]
pub struct PaymentWidget {
    sheet: RwSignal<Sheet>,
    lang: Lang,
    parts: StoredValue<Parts, LocalStorage>,
}

struct Parts {
    settings: Settings,
    checkout: Option<Checkout>,
    /// Held while the shop takes the order. Whoever takes it out decides what becomes of the payment.
    ticket: Option<Ticket>,
    presses: u32,
}

impl PaymentWidget {
    /// A widget that does nothing until [`PaymentWidget::open`].
    #[must_use]
    pub fn new(settings: Settings, sheet: RwSignal<Sheet>) -> PaymentWidget {
        let lang = settings.lang;
        PaymentWidget { sheet, lang, parts: StoredValue::new_local(Parts { settings, checkout: None, ticket: None, presses: 0 }) }
    }

    /// Starts to load the widget, with what the page shows now. In the browser only.
    pub fn open(self) {
        let (sheet, total) = (self.sheet, self.total());
        self.parts.update_value(|parts| {
            let checkout = Checkout::new(widget_settings(&parts.settings), total, move |phase| sheet.update(|sheet| sheet.phase = phase));
            checkout.open();
            parts.checkout = Some(checkout);
        });
    }

    /// The page shows another total, and why; Toss's reports ask for the reason.
    pub fn follow(self, reason: Option<UpdateReason>) {
        if let Some(checkout) = self.checkout() {
            checkout.want(self.total(), reason);
        }
    }

    /// The shopper wants to try to load the widget again.
    pub fn retry(self) {
        if let Some(checkout) = self.checkout() {
            checkout.retry();
        }
    }

    /// The pay button was pressed.
    pub fn pay(self) {
        self.sheet.update(|sheet| sheet.problem = None);
        let Some(ticket) = self.checkout().and_then(|checkout| checkout.press()) else {
            return;
        };
        let (cart, customer, total) = self.sheet.with_untracked(|sheet| (sheet.cart.clone(), sheet.customer.clone(), sheet.price().total));
        // What the widget is going to charge is what the page shows: the machine sees to it, and this is the last chance.
        if ticket.amount() != total {
            return self.give_up(ticket, Some(texts::price_changed(self.lang)));
        }
        let press = self.presses() + 1;
        self.parts.update_value(|parts| {
            parts.ticket = Some(ticket);
            parts.presses = press;
        });
        // An order that nobody goes on to pay costs nothing, so a server that does not answer may be asked again.
        set_timeout(
            move || {
                if self.presses() == press
                    && let Some(ticket) = self.take_ticket()
                {
                    self.give_up(ticket, Some(texts::server_failed(self.lang)));
                }
            },
            Duration::from_millis(SERVER_PATIENCE_MS),
        );
        spawn_local(async move {
            let answer = wire::place_order(cart.clone(), customer, total, self.lang).await;
            // Given up meanwhile: the shopper has been told that nothing was paid, and so it stays. A late price must not
            // reach the widget either: the page may show another cart by now.
            if self.presses() != press {
                return;
            }
            let Some(ticket) = self.take_ticket() else { return };
            let answer = answer.map_err(|error| Some(not_taken(self.lang, error)));
            match answer.and_then(|answer| self.placed(answer, cart, total)) {
                Err(problem) => {
                    self.give_up(ticket, problem);
                    if problem.is_none() {
                        self.focus_wrong_field();
                    }
                }
                Ok(placed) => {
                    // With both addresses set the browser leaves for Toss. The phase stays until it does: nothing can be
                    // pressed twice.
                    if let Err(error) = ticket.pay(&toss_order(placed)).await {
                        let problem = advice(self.lang, &error);
                        self.sheet.update(|sheet| sheet.problem = problem);
                    }
                }
            }
        });
    }

    /// Contact data has to be corrected. Takes the shopper to the first field of it.
    pub fn correct(self, fields: Vec<CustomerField>) {
        self.sheet.update(|sheet| sheet.wrong_fields = fields);
        self.focus_wrong_field();
    }

    fn focus_wrong_field(self) {
        if let Some(field) = self.sheet.with_untracked(|sheet| sheet.wrong_fields.first().copied()) {
            focus(FieldKind::of(field).id());
        }
    }

    fn total(self) -> Won {
        self.sheet.with_untracked(|sheet| sheet.price().total)
    }

    fn checkout(self) -> Option<Checkout> {
        self.parts.with_value(|parts| parts.checkout.clone())
    }

    fn presses(self) -> u32 {
        self.parts.with_value(|parts| parts.presses)
    }

    fn take_ticket(self) -> Option<Ticket> {
        self.parts.try_update_value(|parts| parts.ticket.take()).flatten()
    }

    fn give_up(self, ticket: Ticket, problem: Option<&'static str>) {
        self.sheet.update(|sheet| sheet.problem = problem);
        ticket.give_up();
    }

    /// The order that the shop has taken for this cart and total. Else what the shopper should read, if anything.
    fn placed(self, answer: OrderAnswer, cart: CartRequest, total: Won) -> Result<Placed, Option<&'static str>> {
        let lang = self.lang;
        match answer {
            OrderAnswer::Placed(placed) if placed.amount == total => Ok(placed),
            OrderAnswer::Placed(_) => Err(Some(texts::price_changed(lang))),
            OrderAnswer::PriceChanged(price) => {
                self.sheet.update(|sheet| sheet.corrected = Some((cart, price)));
                if let Some(checkout) = self.checkout() {
                    checkout.want(price.total, None);
                }
                Err(Some(texts::price_changed(lang)))
            }
            OrderAnswer::BadCart(error) => Err(Some(texts::cart_error(lang, error))),
            OrderAnswer::BadCustomer(fields) => {
                self.sheet.update(|sheet| sheet.wrong_fields = fields);
                Err(None)
            }
            OrderAnswer::InDoubt => Err(Some(texts::earlier_in_doubt(lang))),
            OrderAnswer::Refused => Err(Some(texts::request_refused(lang))),
        }
    }
}

fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(input) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails only for an element that cannot be focused, and an input can.
        let _ = input.focus();
    }
}

/// Why the shop has not even looked at the order.
fn not_taken(lang: Lang, error: ApiError) -> &'static str {
    match error {
        ApiError::ForeignOrigin => texts::request_refused(lang),
        ApiError::BadRequest | ApiError::NotFound | ApiError::WrongMethod | ApiError::WrongType | ApiError::Unavailable => {
            texts::server_failed(lang)
        }
    }
}

fn widget_settings(settings: &Settings) -> checkout::Settings {
    let customer = match &settings.customer_key {
        Some(key) => Customer::Member(key.clone()),
        None => Customer::Anonymous,
    };
    let (methods, agreement) = (format!("#{METHODS_ID}"), format!("#{AGREEMENT_ID}"));
    checkout::Settings::new(settings.sdk, &settings.client_key, customer, methods, agreement)
        .load(LoadOptions::new().src(&settings.widget_url).timeout_ms(PATIENCE_MS))
        .patience_ms(PATIENCE_MS)
}

fn toss_order(placed: Placed) -> Order {
    Order::new(placed.order_id, placed.order_name)
        .redirect(placed.success_url, placed.fail_url)
        .customer_email(placed.customer.email)
        .customer_name(placed.customer.name)
        .customer_mobile_phone(placed.customer.phone)
}

/// What the shopper should read of an error of the widget's, if anything.
fn advice(lang: Lang, error: &WidgetError) -> Option<&'static str> {
    if error.code.is_cancellation() {
        return None;
    }
    leptos::logging::warn!("{error}");
    Some(if error.code.is_incomplete() { texts::request_incomplete(lang) } else { texts::request_failed(lang) })
}
