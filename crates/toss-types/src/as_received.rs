//! Reading from a store what Toss once sent (feature `serde`).
//!
//! The types of this crate are read within their limits, as what a browser sends has to be. What Toss sent may lie beyond them and
//! was taken as it is; written to a store, it has to come back. For such a field:
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use toss_types::OrderId;
//!
//! #[derive(Serialize, Deserialize)]
//! struct Row {
//!     #[serde(with = "toss_types::as_received")]
//!     order_id: OrderId,
//! }
//!
//! let row = Row { order_id: OrderId::received("12".to_owned()).unwrap() };
//! let json = serde_json::to_string(&row)?;
//! assert_eq!(serde_json::from_str::<Row>(&json)?.order_id, row.order_id);
//! # Ok::<(), serde_json::Error>(())
//! ```

use crate::{CustomerKey, OrderId, PaymentKey};
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serialize, Serializer};

/// What Toss sends beyond its own limits: [`OrderId`], [`PaymentKey`], [`CustomerKey`].
pub trait Received: Sized + Serialize + sealed::Sealed {
    /// As the `received` of the type.
    fn received(text: String) -> Option<Self>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! received {
    ($($name:ident),+) => {$(
        impl sealed::Sealed for $name {}

        impl Received for $name {
            fn received(text: String) -> Option<$name> {
                $name::received(text)
            }
        }
    )+};
}

received!(OrderId, PaymentKey, CustomerKey);

/// As without this module.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<T: Received, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.serialize(serializer)
}

/// Takes what names something.
///
/// # Errors
/// For what names nothing.
pub fn deserialize<'de, T: Received, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::received(String::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("a text that names nothing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Received>(text: &str) -> Option<T> {
        deserialize::<T, _>(&mut serde_json::Deserializer::from_str(&serde_json::to_string(text).unwrap())).ok()
    }

    #[test]
    fn what_lies_beyond_the_limits_comes_back_and_what_names_nothing_does_not() {
        let long = "키".repeat(300);
        for text in ["12", "a b", long.as_str()] {
            assert_eq!(read::<OrderId>(text).unwrap().as_str(), text);
            assert_eq!(read::<PaymentKey>(text).unwrap().expose(), text);
            assert_eq!(read::<CustomerKey>(text).unwrap().expose(), text);
        }
        for nothing in ["", ".", ".."] {
            assert!(read::<OrderId>(nothing).is_none() && read::<PaymentKey>(nothing).is_none());
        }
        assert!(read::<PaymentKey>("confirm").is_none(), "a place of its own at Toss");
    }
}
