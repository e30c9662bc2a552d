//! The pay machine of `toss-widget`, wired to the real widget and to the server: what the page shows is a function of
//! its phase, what happens next is what it asks for.

use crate::api::{self, OrderAnswer, Placed};
use crate::domain::cart::{CartRequest, Price};
use crate::domain::customer::CustomerField;
use crate::domain::customer::CustomerRequest;
use crate::domain::lang::Lang;
use crate::domain::money::Won;
use crate::domain::texts;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use toss_widget::machine::{Effect, Input, Phase, step};
use toss_widget::{
    Agreement, CustomerKey, ErrorCode, LoadOptions, PaymentMethods, PaymentRequest, PaymentWidget, UpdateReason, WidgetError,
    load_payment_widget,
};

/// The element that the payment methods are drawn into.
pub const METHODS_ID: &str = "payment-methods";
/// The element that the terms are drawn into.
pub const AGREEMENT_ID: &str = "agreement";

/// How long script and widget may each take before the shopper is offered to try again.
const PATIENCE_MS: u32 = 10_000;
/// How long the shop may take to place an order before the shopper is told that nothing was paid.
const SERVER_PATIENCE_MS: u64 = 20_000;

/// What the till needs to know of the page.
#[derive(Clone)]
pub struct Settings {
    /// The language of messages and of the order.
    pub lang: Lang,
    /// Where the widget script is.
    pub widget_url: String,
    /// Toss's public key of the shop.
    pub client_key: String,
    /// The member's key; a guest has none.
    pub customer_key: Option<String>,
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

/// The pay button and everything behind it. A handle; copies are the same till.
#[derive(Clone, Copy)]
pub struct Till {
    /// Where it stands.
    pub phase: RwSignal<Phase>,
    /// What the shopper should read, if anything went wrong.
    pub problem: RwSignal<Option<String>>,
    /// Contact data that has to be corrected.
    pub wrong_fields: RwSignal<Vec<CustomerField>>,
    /// What the shop charges for a cart, where that is not what the page had computed.
    pub corrected: RwSignal<Option<(CartRequest, Price)>>,
    settings: StoredValue<Settings>,
    purchase: StoredValue<Option<Purchase>>,
    widget: StoredValue<Option<PaymentWidget>, LocalStorage>,
    drawn: StoredValue<Option<Drawn>, LocalStorage>,
    reason: StoredValue<Option<UpdateReason>>,
    loads: StoredValue<u32>,
    requests: StoredValue<u32>,
}

struct Drawn {
    methods: PaymentMethods,
    agreement: Agreement,
}

impl Till {
    /// A till that does nothing until [`Till::open`].
    #[must_use]
    pub fn new(settings: Settings, total: Won) -> Till {
        Till {
            phase: RwSignal::new(Phase::start(in_widget(total)).0),
            problem: RwSignal::new(None),
            wrong_fields: RwSignal::new(Vec::new()),
            corrected: RwSignal::new(None),
            settings: StoredValue::new(settings),
            purchase: StoredValue::new(None),
            widget: StoredValue::new_local(None),
            drawn: StoredValue::new_local(None),
            reason: StoredValue::new(None),
            loads: StoredValue::new(0),
            requests: StoredValue::new(0),
        }
    }

    /// Starts to load the widget. In the browser only.
    pub fn open(self) {
        self.perform(Effect::Load);
    }

    /// Where it stands; tracked.
    #[must_use]
    pub fn phase(self) -> Phase {
        self.phase.get()
    }

    /// The page shows another total, and why; Toss's reports ask for the reason.
    pub fn want(self, total: Won, reason: Option<UpdateReason>) {
        self.reason.set_value(reason);
        self.send(Input::AmountWanted(in_widget(total)));
    }

    /// The pay button was pressed.
    pub fn pay(self, purchase: Purchase) {
        self.problem.set(None);
        self.purchase.set_value(Some(purchase));
        self.send(Input::PayPressed);
    }

    /// The shopper wants to try to load the widget again.
    pub fn retry(self) {
        self.send(Input::Retry);
    }

    fn send(self, input: Input) {
        let (next, effect) = step(self.phase.get_untracked(), input);
        if self.phase.with_untracked(|phase| *phase != next) {
            self.phase.set(next);
        }
        if let Some(effect) = effect {
            self.perform(effect);
        }
    }

    fn perform(self, effect: Effect) {
        match effect {
            Effect::Load => self.load(),
            Effect::Render { amount } => self.render(amount),
            Effect::UpdateAmount(amount) => self.update(amount),
            Effect::RequestPayment => self.request(),
        }
    }

    fn load(self) {
        self.drawn.set_value(None);
        self.widget.set_value(None);
        let load = self.loads.with_value(|loads| loads + 1);
        self.loads.set_value(load);
        let settings = self.settings.get_value();
        spawn_local(async move {
            let loaded = async {
                let customer = match &settings.customer_key {
                    Some(key) => CustomerKey::member(key)?,
                    None => CustomerKey::Anonymous,
                };
                let options = LoadOptions { src: Some(settings.widget_url.clone()), timeout_ms: PATIENCE_MS, ..LoadOptions::default() };
                load_payment_widget(&options, &settings.client_key, &customer).await
            };
            match loaded.await {
                Ok(widget) => {
                    self.widget.set_value(Some(widget));
                    self.send(Input::Loaded);
                }
                Err(error) => self.send(Input::LoadFailed(error)),
            }
        });
    }

    fn render(self, amount: toss_widget::Won) {
        match self.draw(amount) {
            Ok(drawn) => self.drawn.set_value(Some(drawn)),
            Err(error) => return self.send(Input::WidgetFailed(error)),
        }
        let load = self.loads.get_value();
        set_timeout(
            move || {
                if self.loads.get_value() == load && matches!(self.phase.get_untracked(), Phase::Rendering { .. }) {
                    let message = "the widget was not ready in time".to_owned();
                    self.send(Input::WidgetFailed(WidgetError { code: ErrorCode::TimedOut, message }));
                }
            },
            Duration::from_millis(PATIENCE_MS.into()),
        );
    }

    fn draw(self, amount: toss_widget::Won) -> Result<Drawn, WidgetError> {
        let widget = self.widget.get_value().ok_or_else(no_widget)?;
        empty(METHODS_ID);
        empty(AGREEMENT_ID);
        let mut methods = widget.render_payment_methods(&format!("#{METHODS_ID}"), amount, Some("DEFAULT"))?;
        let mut agreement = widget.render_agreement(&format!("#{AGREEMENT_ID}"), Some("AGREEMENT"))?;
        agreement.on_change(move |status| self.send(Input::AgreementChanged(status.agreed_required_terms)))?;
        methods.on_ready(move || {
            self.send(Input::WidgetReady);
            let agreed = self.drawn.with_value(|drawn| drawn.as_ref().map(|drawn| drawn.agreement.status()));
            if let Some(Ok(status)) = agreed {
                self.send(Input::AgreementChanged(status.agreed_required_terms));
            }
        })?;
        Ok(Drawn { methods, agreement })
    }

    fn update(self, amount: toss_widget::Won) {
        let updated = self.drawn.with_value(|drawn| match drawn {
            Some(drawn) => drawn.methods.update_amount(amount, self.reason.get_value()),
            None => Err(no_widget()),
        });
        match updated {
            Ok(()) => self.send(Input::AmountApplied(amount)),
            Err(error) => self.send(Input::WidgetFailed(error)),
        }
    }

    fn request(self) {
        let number = self.requests.with_value(|requests| requests + 1);
        self.requests.set_value(number);
        // An order that nobody goes on to pay costs nothing, so a server that does not answer may be asked again.
        let lang = self.settings.with_value(|settings| settings.lang);
        set_timeout(
            move || {
                if self.requests.get_value() == number {
                    self.give_up(Problem::new(texts::server_failed(lang)));
                }
            },
            Duration::from_millis(SERVER_PATIENCE_MS),
        );
        spawn_local(async move {
            match self.order(lang).await {
                // Given up meanwhile: the shopper has been told that nothing was paid, and so it stays.
                _ if self.requests.get_value() != number => {}
                Err(problem) => self.give_up(problem),
                Ok(placed) => {
                    self.requests.set_value(number + 1);
                    // With both addresses set the browser leaves for Toss. The phase stays until it does: nothing can be
                    // pressed twice.
                    if let Err(problem) = self.leave_for_toss(lang, placed).await {
                        self.give_up(problem);
                    }
                }
            }
        });
    }

    fn give_up(self, problem: Problem) {
        self.requests.update_value(|requests| *requests += 1);
        self.problem.set(problem.message);
        self.send(Input::RequestFailed(problem.error));
    }

    async fn order(self, lang: Lang) -> Result<Placed, Problem> {
        let purchase = self.purchase.try_update_value(Option::take).flatten().ok_or_else(|| Problem::silent(no_widget()))?;
        let answer = api::place_order(purchase.cart.clone(), purchase.customer, purchase.total, lang).await;
        match answer {
            Ok(OrderAnswer::Placed(placed)) if placed.amount == purchase.total => Ok(placed),
            Ok(OrderAnswer::Placed(_)) => Err(Problem::new(texts::price_changed(lang))),
            Ok(OrderAnswer::PriceChanged(price)) => {
                self.corrected.set(Some((purchase.cart, price)));
                self.want(price.total, None);
                Err(Problem::new(texts::price_changed(lang)))
            }
            Ok(OrderAnswer::BadCart(error)) => Err(Problem::new(texts::cart_error(lang, error))),
            Ok(OrderAnswer::BadCustomer(fields)) => {
                self.wrong_fields.set(fields);
                Err(Problem::silent(refused()))
            }
            Ok(OrderAnswer::InDoubt) => Err(Problem::new(texts::earlier_in_doubt(lang))),
            Ok(OrderAnswer::Refused) => Err(Problem::new(texts::request_refused(lang))),
            Err(_) => Err(Problem::new(texts::server_failed(lang))),
        }
    }

    async fn leave_for_toss(self, lang: Lang, placed: Placed) -> Result<(), Problem> {
        let widget = self.widget.get_value().ok_or_else(|| Problem::silent(no_widget()))?;
        widget.request_payment(&payment_request(placed)).await.map(|_| ()).map_err(|error| Problem::of(lang, error))
    }
}

/// The same amount as the widget takes it.
fn in_widget(total: Won) -> toss_widget::Won {
    toss_widget::Won::new(total.amount()).expect("invariant: the shop's largest amount is far below the widget's")
}

fn payment_request(placed: Placed) -> PaymentRequest {
    PaymentRequest {
        success_url: Some(placed.success_url),
        fail_url: Some(placed.fail_url),
        customer_email: Some(placed.customer.email),
        customer_name: Some(placed.customer.name),
        customer_mobile_phone: Some(placed.customer.phone),
        ..PaymentRequest::new(placed.order_id, placed.order_name)
    }
}

/// Why nothing was requested, for the machine and for the shopper.
struct Problem {
    error: WidgetError,
    message: Option<String>,
}

impl Problem {
    fn new(message: &str) -> Problem {
        Problem { error: refused(), message: Some(message.to_owned()) }
    }

    fn silent(error: WidgetError) -> Problem {
        Problem { error, message: None }
    }

    fn of(lang: Lang, error: WidgetError) -> Problem {
        let incomplete = matches!(
            error.code,
            ErrorCode::NeedCardPaymentDetail | ErrorCode::NeedAgreementWithRequiredTerms | ErrorCode::NeedRefundAccountDetail
        );
        let message = if error.code.is_cancellation() {
            None
        } else if incomplete {
            Some(texts::request_incomplete(lang).to_owned())
        } else {
            Some(texts::request_failed(lang).to_owned())
        };
        if message.is_some() {
            leptos::logging::warn!("{error}");
        }
        Problem { error, message }
    }
}

fn refused() -> WidgetError {
    WidgetError { code: ErrorCode::Unknown("SHOP_REFUSED".to_owned()), message: String::new() }
}

fn no_widget() -> WidgetError {
    WidgetError { code: ErrorCode::UnknownError, message: "there is no widget".to_owned() }
}

/// What an earlier widget drew belongs to nobody any more.
fn empty(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.set_inner_html("");
    }
}
