//! The pay button: `toss-widget` draws, follows the amount and requests the payment, the server takes the order; what the
//! page shows is a function of the phase.

use crate::domain::cart::{CartRequest, Price};
use crate::domain::customer::{CustomerField, CustomerRequest};
use crate::domain::lang::Lang;
use crate::domain::texts;
use crate::view::api_error::ApiError;
use crate::view::placed::{OrderAnswer, Placed};
use crate::wire;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use toss_types::Won;
use toss_widget::checkout::{self, Ticket};
use toss_widget::machine::Phase;
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
#[derive(Clone)]
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

/// What is being paid, as it stands when the button is pressed.
pub struct Purchase {
    /// What is bought.
    pub cart: CartRequest,
    /// Who buys.
    pub customer: CustomerRequest,
    /// What the page shows.
    pub total: Won,
}

/// The pay button and everything behind it. A handle; copies are the same widget.
#[derive(Clone, Copy)]
pub struct PaymentWidget {
    /// Where it stands.
    pub phase: RwSignal<Phase>,
    /// What the shopper should read, if anything went wrong.
    pub problem: RwSignal<Option<String>>,
    /// Contact data that has to be corrected.
    pub wrong_fields: RwSignal<Vec<CustomerField>>,
    /// What the shop charges for a cart, where that is not what the page had computed.
    pub corrected: RwSignal<Option<(CartRequest, Price)>>,
    settings: StoredValue<Settings>,
    checkout: StoredValue<Option<Checkout>, LocalStorage>,
    /// Held while the shop takes the order. Whoever takes it out decides what becomes of the payment.
    ticket: StoredValue<Option<Ticket>, LocalStorage>,
    presses: StoredValue<u32>,
}

impl PaymentWidget {
    /// A widget that does nothing until [`PaymentWidget::open`].
    #[must_use]
    pub fn new(settings: Settings, total: Won) -> PaymentWidget {
        PaymentWidget {
            phase: RwSignal::new(Phase::start(total).0),
            problem: RwSignal::new(None),
            wrong_fields: RwSignal::new(Vec::new()),
            corrected: RwSignal::new(None),
            settings: StoredValue::new(settings),
            checkout: StoredValue::new_local(None),
            ticket: StoredValue::new_local(None),
            presses: StoredValue::new(0),
        }
    }

    /// Starts to load the widget, with what the page shows now. In the browser only.
    pub fn open(self, total: Won) {
        let settings = self.settings.with_value(widget_settings);
        let checkout = Checkout::new(settings, total, move |phase| self.phase.set(phase));
        checkout.open();
        self.checkout.set_value(Some(checkout));
    }

    /// Where it stands; tracked.
    #[must_use]
    pub fn phase(self) -> Phase {
        self.phase.get()
    }

    /// The page shows another total, and why; Toss's reports ask for the reason.
    pub fn want(self, total: Won, reason: Option<UpdateReason>) {
        if let Some(checkout) = self.checkout.get_value() {
            checkout.want(total, reason);
        }
    }

    /// The shopper wants to try to load the widget again.
    pub fn retry(self) {
        if let Some(checkout) = self.checkout.get_value() {
            checkout.retry();
        }
    }

    /// The pay button was pressed.
    pub fn pay(self, purchase: Purchase) {
        self.problem.set(None);
        let Some(ticket) = self.checkout.get_value().and_then(|checkout| checkout.press()) else {
            return;
        };
        // What the widget is going to charge is what the page shows: the machine sees to it, and this is the last chance.
        if ticket.amount() != purchase.total {
            return self.give_up(ticket, Some(texts::price_changed(self.lang())));
        }
        self.ticket.set_value(Some(ticket));
        let press = self.presses.with_value(|presses| presses + 1);
        self.presses.set_value(press);
        // An order that nobody goes on to pay costs nothing, so a server that does not answer may be asked again.
        set_timeout(
            move || {
                if self.presses.get_value() == press
                    && let Some(ticket) = self.take_ticket()
                {
                    self.give_up(ticket, Some(texts::server_failed(self.lang())));
                }
            },
            Duration::from_millis(SERVER_PATIENCE_MS),
        );
        spawn_local(async move {
            let answer = wire::place_order(purchase.cart.clone(), purchase.customer, purchase.total, self.lang()).await;
            // Given up meanwhile: the shopper has been told that nothing was paid, and so it stays. A late price must not
            // reach the widget either: the page may show another cart by now.
            if self.presses.get_value() != press {
                return;
            }
            let Some(ticket) = self.take_ticket() else { return };
            let answer = answer.map_err(|error| Some(not_taken(self.lang(), error)));
            match answer.and_then(|answer| self.placed(answer, purchase.cart, purchase.total)) {
                Err(problem) => self.give_up(ticket, problem),
                Ok(placed) => {
                    // With both addresses set the browser leaves for Toss. The phase stays until it does: nothing can be
                    // pressed twice.
                    if let Err(error) = ticket.pay(&toss_order(placed)).await {
                        self.problem.set(advice(self.lang(), &error));
                    }
                }
            }
        });
    }

    fn lang(self) -> Lang {
        self.settings.with_value(|settings| settings.lang)
    }

    fn take_ticket(self) -> Option<Ticket> {
        self.ticket.try_update_value(Option::take).flatten()
    }

    fn give_up(self, ticket: Ticket, problem: Option<&str>) {
        self.problem.set(problem.map(str::to_owned));
        ticket.give_up();
    }

    /// The order that the shop has taken for this cart and total. Else what the shopper should read, if anything.
    fn placed(self, answer: OrderAnswer, cart: CartRequest, total: Won) -> Result<Placed, Option<&'static str>> {
        let lang = self.lang();
        match answer {
            OrderAnswer::Placed(placed) if placed.amount == total => Ok(placed),
            OrderAnswer::Placed(_) => Err(Some(texts::price_changed(lang))),
            OrderAnswer::PriceChanged(price) => {
                self.corrected.set(Some((cart, price)));
                self.want(price.total, None);
                Err(Some(texts::price_changed(lang)))
            }
            OrderAnswer::BadCart(error) => Err(Some(texts::cart_error(lang, error))),
            OrderAnswer::BadCustomer(fields) => {
                self.wrong_fields.set(fields);
                Err(None)
            }
            OrderAnswer::InDoubt => Err(Some(texts::earlier_in_doubt(lang))),
            OrderAnswer::Refused => Err(Some(texts::request_refused(lang))),
        }
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
fn advice(lang: Lang, error: &WidgetError) -> Option<String> {
    if error.code.is_cancellation() {
        return None;
    }
    leptos::logging::warn!("{error}");
    let text = if error.code.is_incomplete() { texts::request_incomplete(lang) } else { texts::request_failed(lang) };
    Some(text.to_owned())
}
