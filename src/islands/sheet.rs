//! All of the order sheet that moves, as one value: the page is a function of it. One signal holds it, because every further
//! type of signal is more for the shopper to download than what it would save in work.

use crate::domain::cart::{Cart, CartError, CartRequest, ItemRequest, Price};
use crate::domain::coupon::WELCOME;
use crate::domain::customer::{CustomerField, CustomerRequest};
use crate::domain::lang::Lang;
use crate::domain::texts;
use toss_types::Won;
use toss_widget::machine::Phase;

/// What the shopper has changed, and what came of it.
pub struct Sheet {
    /// What is in the cart.
    pub cart: CartRequest,
    /// Contact data as typed.
    pub customer: CustomerRequest,
    /// Where the payment widget stands.
    pub phase: Phase,
    /// What the shopper should read, if anything went wrong.
    pub problem: Option<&'static str>,
    /// Contact data that has to be corrected.
    pub wrong_fields: Vec<CustomerField>,
    /// What the shop charges for a cart, where that is not what the page had computed.
    pub corrected: Option<(CartRequest, Price)>,
    /// The total as it counts to its new value.
    pub count: Count,
}

/// A number that counts to its new value instead of jumping.
#[derive(Clone, Copy)]
pub struct Count {
    /// What the page shows.
    pub shown: Won,
    /// Where it counts to.
    pub aim: Won,
    /// How many counts have begun.
    pub number: u32,
}

impl Sheet {
    /// The sheet of a shopper who has changed nothing so far.
    #[must_use]
    pub fn new(cart: CartRequest, customer: CustomerRequest) -> Sheet {
        let total = computed(&cart).total;
        Sheet {
            cart,
            customer,
            phase: Phase::start(total).0,
            problem: None,
            wrong_fields: Vec::new(),
            corrected: None,
            count: Count { shown: total, aim: total, number: 0 },
        }
    }

    /// What it costs: by the function that the server charges with, or what the shop has said where that differs.
    #[must_use]
    pub fn price(&self) -> Price {
        match &self.corrected {
            Some((cart, price)) if *cart == self.cart => *price,
            Some(_) | None => computed(&self.cart),
        }
    }

    /// Why it cannot be ordered, if so.
    #[must_use]
    pub fn cart_error(&self) -> Option<CartError> {
        Cart::parse(&self.cart).err()
    }

    /// How many of a product.
    #[must_use]
    pub fn quantity(&self, id: &str) -> u32 {
        self.cart.items.iter().find(|item| item.id == id).map_or(0, |item| item.quantity)
    }

    /// The shopper takes more or less of a product.
    pub fn set_quantity(&mut self, id: &str, quantity: u32) {
        match self.cart.items.iter_mut().find(|item| item.id == id) {
            Some(item) => item.quantity = quantity,
            None => self.cart.items.push(ItemRequest { id: id.to_owned(), quantity }),
        }
    }

    /// The shopper ticks the coupon, or no longer.
    pub fn set_coupon(&mut self, ticked: bool) {
        self.cart.coupon = ticked.then(|| WELCOME.code.to_owned());
    }

    /// Whether the coupon is ticked and takes nothing off.
    #[must_use]
    pub fn is_coupon_idle(&self) -> bool {
        self.cart.coupon.is_some() && self.price().discount == Won::ZERO
    }

    /// The shopper types.
    pub fn set_field(&mut self, field: CustomerField, text: String) {
        self.wrong_fields.retain(|wrong| *wrong != field);
        *self.slot(field) = text;
    }

    /// Where a field is kept.
    pub fn slot(&mut self, field: CustomerField) -> &mut String {
        match field {
            CustomerField::Name => &mut self.customer.name,
            CustomerField::Email => &mut self.customer.email,
            CustomerField::Phone => &mut self.customer.phone,
        }
    }

    /// Whether a payment is being requested.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(self.phase, Phase::Requesting { .. })
    }

    /// Whether the pay button does anything.
    #[must_use]
    pub fn can_pay(&self) -> bool {
        self.phase.can_pay() && self.cart_error().is_none()
    }

    /// Whether the widget stands in its place.
    #[must_use]
    pub fn is_drawn(&self) -> bool {
        match self.phase {
            Phase::Rendering { .. } | Phase::Ready { .. } | Phase::Requesting { .. } => true,
            Phase::Loading { .. } | Phase::Failed { .. } => false,
        }
    }

    /// What stands under the pay button.
    #[must_use]
    pub fn hint(&self, lang: Lang) -> &'static str {
        match (self.cart_error(), &self.phase) {
            (Some(error), _) => texts::cart_error(lang, error),
            (None, Phase::Loading { .. } | Phase::Rendering { .. }) => texts::pay_needs_widget(lang),
            (None, Phase::Ready { agreed: false, .. }) => texts::pay_needs_terms(lang),
            (None, Phase::Requesting { .. }) => texts::paying(lang),
            (None, Phase::Ready { .. } | Phase::Failed { .. }) => "",
        }
    }
}

fn computed(cart: &CartRequest) -> Price {
    Cart::parse(cart).map(|cart| cart.price()).unwrap_or_default()
}
