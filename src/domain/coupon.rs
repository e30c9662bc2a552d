//! The demo shop's coupons.

use super::lang::Lang;
use toss_types::Won;

/// A fixed amount off, from a certain order value on.
#[derive(Debug, PartialEq, Eq)]
pub struct Coupon {
    /// What the shopper's request names it by.
    pub code: &'static str,
    /// What comes off, in KRW.
    pub discount: Won,
    /// The least that the goods must cost for the coupon to count, in KRW.
    pub minimum: Won,
    label_ko: &'static str,
    label_en: &'static str,
}

impl Coupon {
    /// What the shopper reads beside the checkbox.
    #[must_use]
    pub const fn label(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ko => self.label_ko,
            Lang::En => self.label_en,
        }
    }

    /// What it takes off goods of this value: all of it or nothing, and never so much that less than the smallest
    /// card payment is left.
    #[must_use]
    pub fn discount_on(&self, subtotal: Won) -> Won {
        let enough_left = subtotal.checked_sub(self.discount).is_some_and(|rest| rest >= Won::CARD_MINIMUM);
        if subtotal >= self.minimum && enough_left { self.discount } else { Won::ZERO }
    }
}

/// The coupon that the checkout offers.
pub static WELCOME: Coupon = Coupon {
    code: "WELCOME5000",
    discount: Won::of(5_000),
    minimum: Won::of(10_000),
    label_ko: "5,000원 쿠폰 적용",
    label_en: "Use the ₩5,000 coupon",
};

/// The coupon of that code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Coupon> {
    (code == WELCOME.code).then_some(&WELCOME)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::texts;

    #[test]
    fn it_counts_from_its_minimum_on() {
        assert_eq!(WELCOME.discount_on(Won::of(9_999)), Won::ZERO);
        assert_eq!(WELCOME.discount_on(Won::of(10_000)), Won::of(5_000));
    }

    #[test]
    fn it_never_leaves_less_than_a_card_can_pay() {
        let generous = Coupon { minimum: Won::ZERO, ..WELCOME };
        assert_eq!(generous.discount_on(Won::of(5_099)), Won::ZERO);
        assert_eq!(generous.discount_on(Won::of(5_100)), Won::of(5_000));
    }

    #[test]
    fn the_label_names_the_discount() {
        assert!(WELCOME.label(Lang::Ko).contains(&texts::won(Lang::Ko, WELCOME.discount)));
        assert!(WELCOME.label(Lang::En).contains(&texts::won(Lang::En, WELCOME.discount)));
    }
}
