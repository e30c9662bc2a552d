//! A cart and its price. The browser shows with this what the server charges with it.

use super::catalog::{self, Product};
use super::coupon::{self, Coupon};
use super::lang::Lang;
use serde::{Deserialize, Serialize};
use toss_types::Won;

/// The most of one product that an order may hold.
pub const MAX_QUANTITY: u32 = 9;

/// A cart as it travels: ids, quantities and a coupon code, never a price.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CartRequest {
    /// What is bought.
    pub items: Vec<ItemRequest>,
    /// The code of the coupon that the shopper ticked.
    pub coupon: Option<String>,
}

/// One line of a [`CartRequest`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ItemRequest {
    /// A product's id.
    pub id: String,
    /// How many; lines of 0 are left out of the cart.
    pub quantity: u32,
}

/// One product and how many of it, 1 to [`MAX_QUANTITY`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line {
    /// What.
    pub product: &'static Product,
    /// How many.
    pub quantity: u32,
}

/// Products of the catalogue, each at most once, and perhaps a coupon. Never empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cart {
    lines: Vec<Line>,
    coupon: Option<&'static Coupon>,
}

/// Why a [`CartRequest`] is not a cart.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum CartError {
    /// Nothing in it.
    Empty,
    /// A product that the shop does not sell.
    UnknownProduct,
    /// The same product on two lines.
    DuplicateProduct,
    /// More than [`MAX_QUANTITY`] of one product.
    TooMany,
    /// A coupon that does not exist.
    UnknownCoupon,
    /// There is not enough left of it, or of the coupon.
    SoldOut,
}

/// What a cart costs, in KRW. `total` is `subtotal` less `discount`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Price {
    /// The goods.
    pub subtotal: Won,
    /// What the coupon takes off.
    pub discount: Won,
    /// What is charged.
    pub total: Won,
}

impl Cart {
    /// The cart of a shopper who has changed nothing: one of everything, no coupon.
    #[must_use]
    pub fn demo() -> Cart {
        Cart { lines: catalog::CATALOG.iter().map(|product| Line { product, quantity: 1 }).collect(), coupon: None }
    }

    /// Checks what came over the wire.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(request: &CartRequest) -> Result<Cart, CartError> {
        let mut lines: Vec<Line> = Vec::new();
        for item in &request.items {
            let product = catalog::find(&item.id).ok_or(CartError::UnknownProduct)?;
            if lines.iter().any(|line| line.product.id == product.id) {
                return Err(CartError::DuplicateProduct);
            }
            if item.quantity > MAX_QUANTITY {
                return Err(CartError::TooMany);
            }
            if item.quantity > 0 {
                lines.push(Line { product, quantity: item.quantity });
            }
        }
        if lines.is_empty() {
            return Err(CartError::Empty);
        }
        let coupon = match &request.coupon {
            None => None,
            Some(code) => Some(coupon::find(code).ok_or(CartError::UnknownCoupon)?),
        };
        Ok(Cart { lines, coupon })
    }

    /// The cart as it travels.
    #[must_use]
    pub fn to_request(&self) -> CartRequest {
        CartRequest {
            items: self.lines.iter().map(|line| ItemRequest { id: line.product.id.to_owned(), quantity: line.quantity }).collect(),
            coupon: self.coupon.map(|coupon| coupon.code.to_owned()),
        }
    }

    /// What is in it.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The coupon that the shopper ticked, whether or not the order is large enough for it.
    #[must_use]
    pub fn coupon(&self) -> Option<&'static Coupon> {
        self.coupon
    }

    /// What it costs. The one place where a price is computed.
    #[must_use]
    pub fn price(&self) -> Price {
        let subtotal = self
            .lines
            .iter()
            .try_fold(Won::ZERO, |sum, line| sum.checked_add(line.product.price.checked_mul(line.quantity)?))
            .expect("invariant: quantities and catalogue prices are bounded far below Won::MAX");
        let discount = self.coupon.map_or(Won::ZERO, |coupon| coupon.discount_on(subtotal));
        let total = subtotal.checked_sub(discount).expect("invariant: a coupon never takes off more than the subtotal");
        Price { subtotal, discount, total }
    }

    /// What Toss and the receipt call the order: `토스 티셔츠 외 2건`. Toss allows 100 characters.
    #[must_use]
    pub fn order_name(&self, lang: Lang) -> String {
        let mut name = self.lines[0].product.name(lang).to_owned();
        let others = self.lines.len() - 1;
        if others > 0 {
            match lang {
                Lang::Ko => name.push_str(&format!(" 외 {others}건")),
                Lang::En => name.push_str(&format!(" and {others} more")),
            }
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn request(items: &[(&str, u32)], coupon: Option<&str>) -> CartRequest {
        CartRequest {
            items: items.iter().map(|(id, quantity)| ItemRequest { id: (*id).to_owned(), quantity: *quantity }).collect(),
            coupon: coupon.map(str::to_owned),
        }
    }

    #[test]
    fn the_demo_cart_is_the_well_known_one() {
        let cart = Cart::demo();
        assert_eq!(cart.order_name(Lang::Ko), "토스 티셔츠 외 2건");
        assert_eq!(cart.price(), Price { subtotal: Won::of(50_000), discount: Won::ZERO, total: Won::of(50_000) });
        let with_coupon = Cart::parse(&CartRequest { coupon: Some(coupon::WELCOME.code.to_owned()), ..cart.to_request() }).unwrap();
        assert_eq!(with_coupon.price().total, Won::of(45_000));
    }

    #[test]
    fn what_is_not_a_cart_is_refused_with_the_reason() {
        for (items, coupon, expected) in [
            (&[][..], None, CartError::Empty),
            (&[("mug", 0)], None, CartError::Empty),
            (&[("car", 1)], None, CartError::UnknownProduct),
            (&[("mug", 1), ("mug", 1)], None, CartError::DuplicateProduct),
            (&[("mug", MAX_QUANTITY + 1)], None, CartError::TooMany),
            (&[("mug", 1)], Some("FREE"), CartError::UnknownCoupon),
        ] {
            assert_eq!(Cart::parse(&request(items, coupon)), Err(expected));
        }
    }

    #[test]
    fn a_coupon_below_its_minimum_stays_ticked_and_takes_nothing_off() {
        let cart = Cart::parse(&request(&[("socks", 1)], Some(coupon::WELCOME.code))).unwrap();
        assert_eq!(cart.coupon(), Some(&coupon::WELCOME));
        assert_eq!(cart.price().discount, Won::ZERO);
        assert_eq!(cart.price().total, Won::of(8_000));
    }

    proptest! {
        #[test]
        fn any_cart_adds_up(quantities in prop::array::uniform3(0..=MAX_QUANTITY), with_coupon: bool) {
            let items: Vec<_> = catalog::CATALOG.iter().zip(quantities).map(|(product, quantity)| (product.id, quantity)).collect();
            let parsed = Cart::parse(&request(&items, with_coupon.then_some(coupon::WELCOME.code)));
            prop_assert_eq!(parsed.is_err(), quantities == [0, 0, 0]);
            if let Ok(cart) = parsed {
                let by_hand: i64 = items.iter().map(|(id, quantity)| catalog::find(id).unwrap().price.get() * i64::from(*quantity)).sum();
                let price = cart.price();
                prop_assert_eq!(price.subtotal.get(), by_hand);
                prop_assert_eq!(price.total.get() + price.discount.get(), by_hand);
                prop_assert_eq!(price.discount > Won::ZERO, with_coupon && price.subtotal >= coupon::WELCOME.minimum);
                prop_assert!(price.total >= Won::CARD_MINIMUM);
                prop_assert!(cart.order_name(Lang::Ko).chars().count() <= 100);
                prop_assert_eq!(Cart::parse(&cart.to_request()), Ok(cart));
            }
        }

        #[test]
        fn no_request_makes_it_panic(items in prop::collection::vec((".{0,8}|mug|socks|tshirt", any::<u32>()), 0..6), coupon in prop::option::of(".{0,12}")) {
            let items: Vec<_> = items.iter().map(|(id, quantity)| (id.as_str(), *quantity)).collect();
            if let Ok(cart) = Cart::parse(&request(&items, coupon.as_deref())) {
                let _ = (cart.price(), cart.order_name(Lang::En));
            }
        }
    }
}
