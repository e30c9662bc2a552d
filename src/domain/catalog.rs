//! The demo shop's shelf. A real shop replaces this file by a look-up in its own catalogue.

use super::lang::Lang;
use toss_types::Won;

/// Something for sale.
#[derive(Debug, PartialEq, Eq)]
pub struct Product {
    /// What carts and requests name it by.
    pub id: &'static str,
    /// Unit price in KRW.
    pub price: Won,
    name_ko: &'static str,
    name_en: &'static str,
}

impl Product {
    /// The name on page and receipt.
    #[must_use]
    pub const fn name(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ko => self.name_ko,
            Lang::En => self.name_en,
        }
    }
}

/// All products, in the order in which a cart lists them.
pub static CATALOG: [Product; 3] = [
    Product { id: "tshirt", price: Won::of(29_000), name_ko: "토스 티셔츠", name_en: "Toss T-shirt" },
    Product { id: "mug", price: Won::of(13_000), name_ko: "토스 머그컵", name_en: "Toss mug" },
    Product { id: "socks", price: Won::of(8_000), name_ko: "토스 양말", name_en: "Toss socks" },
];

/// The product of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Product> {
    CATALOG.iter().find(|product| product.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_prices_positive() {
        for (index, product) in CATALOG.iter().enumerate() {
            assert_eq!(CATALOG.iter().position(|other| other.id == product.id), Some(index));
            assert!(product.price > Won::ZERO);
            assert_eq!(find(product.id), Some(product));
        }
        assert_eq!(find("no-such-thing"), None);
    }
}
