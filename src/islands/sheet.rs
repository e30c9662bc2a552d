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

    /// What is wrong with a field, where it has to be corrected.
    #[must_use]
    pub fn field_error(&self, lang: Lang, field: CustomerField) -> Option<&'static str> {
        let typed = match field {
            CustomerField::Name => &self.customer.name,
            CustomerField::Email => &self.customer.email,
            CustomerField::Phone => &self.customer.phone,
        };
        self.wrong_fields.contains(&field).then(|| texts::field_error(lang, field, typed.trim().is_empty()))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        Sheet::new(Cart::demo().to_request(), CustomerRequest::default())
    }

    #[test]
    fn what_the_shop_has_said_counts_for_that_cart_alone() {
        let mut sheet = sheet();
        let computed = sheet.price();
        let said = Price { total: Won::of(1_000), ..computed };
        sheet.corrected = Some((sheet.cart.clone(), said));
        assert_eq!(sheet.price(), said);
        sheet.set_coupon(true);
        assert_ne!(sheet.price().total, said.total);
        sheet.set_coupon(false);
        assert_eq!(sheet.price(), said);
    }

    #[test]
    fn an_empty_cart_says_what_is_missing_and_cannot_be_paid() {
        let mut sheet = sheet();
        sheet.phase = Phase::Ready { agreed: true, wanted: sheet.price().total, applied: sheet.price().total, updating: None };
        assert!(sheet.can_pay());
        for item in sheet.cart.items.clone() {
            sheet.set_quantity(&item.id, 0);
        }
        assert!(!sheet.can_pay());
        assert_eq!(sheet.hint(Lang::Ko), texts::cart_error(Lang::Ko, CartError::Empty));
        sheet.set_quantity("mug", 2);
        assert_eq!(sheet.quantity("mug"), 2);
        assert!(sheet.can_pay());
    }

    #[test]
    fn a_field_that_is_typed_in_is_no_longer_wrong() {
        let mut sheet = sheet();
        sheet.wrong_fields = vec![CustomerField::Name, CustomerField::Email];
        sheet.set_field(CustomerField::Name, "김".to_owned());
        assert_eq!(sheet.wrong_fields, [CustomerField::Email]);
        assert_eq!(sheet.customer.name, "김");
    }

    #[test]
    fn a_coupon_that_takes_nothing_off_is_idle() {
        let mut sheet = sheet();
        sheet.set_coupon(true);
        assert!(!sheet.is_coupon_idle());
        for id in ["tshirt", "mug"] {
            sheet.set_quantity(id, 0);
        }
        assert!(sheet.is_coupon_idle());
        sheet.set_coupon(false);
        assert!(!sheet.is_coupon_idle());
    }
}
