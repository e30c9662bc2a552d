//! Lies in an answer: one field of its JSON changed, the others byte for byte as they were.

use axum::body::Bytes;
use serde_json::value::{RawValue, to_raw_value};

use crate::{fault::Lie, json::Object, money::Decimal};

/// The object in `body` with one lie in it; of a list, its first object. A lie about a field that the answer does not
/// have is none: the answer stays as it is.
pub(super) fn falsify(body: &[u8], lie: Lie) -> Option<Bytes> {
    let lied = if body.starts_with(b"[") {
        let mut list: Vec<Box<RawValue>> = serde_json::from_slice(body).ok()?;
        let first = list.first_mut()?;
        let mut object: Object = serde_json::from_str(first.get()).ok()?;
        object.lie(lie)?;
        *first = to_raw_value(&object).ok()?;
        serde_json::to_vec(&list)
    } else {
        let mut object: Object = serde_json::from_slice(body).ok()?;
        object.lie(lie)?;
        serde_json::to_vec(&object)
    };
    Some(lied.ok()?.into())
}

impl Object {
    fn lie(&mut self, lie: Lie) -> Option<()> {
        match lie {
            Lie::Status => *self.field(&["status", "issueStatus"])? = to_raw_value("SANDBOX_UNHEARD_OF").ok()?,
            Lie::OrderId => *self.field(&["orderId"])? = to_raw_value("sandbox-other-order").ok()?,
            Lie::Amount => {
                let amount = self.field(&["totalAmount", "amount"])?;
                *amount = to_raw_value(&Decimal::parse(amount.get())?.one_more()?).ok()?;
            }
            Lie::ExtraFields => {
                self.0.push(("sandboxExtra".to_owned(), RawValue::from_string(r#"{"nested":[1,"둘",null]}"#.to_owned()).ok()?));
                self.0.push(("sandboxFlag".to_owned(), to_raw_value(&true).ok()?));
            }
        }
        Some(())
    }

    /// The first of the fields that the object has.
    fn field(&mut self, names: &[&str]) -> Option<&mut Box<RawValue>> {
        let place = names.iter().find_map(|name| self.0.iter().position(|(field, _)| field == name))?;
        self.0.get_mut(place).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lie_changes_one_field_and_keeps_the_order_of_all() {
        let told = |body: &str, lie| falsify(body.as_bytes(), lie).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let body = r#"{"z":1.50,"status":"DONE","orderId":"a","totalAmount":9,"b":null}"#;
        for (lie, expected) in [
            (Lie::Status, r#"{"z":1.50,"status":"SANDBOX_UNHEARD_OF","orderId":"a","totalAmount":9,"b":null}"#),
            (Lie::OrderId, r#"{"z":1.50,"status":"DONE","orderId":"sandbox-other-order","totalAmount":9,"b":null}"#),
            (Lie::Amount, r#"{"z":1.50,"status":"DONE","orderId":"a","totalAmount":10,"b":null}"#),
        ] {
            assert_eq!(told(body, lie).as_deref(), Some(expected));
        }
        assert_eq!(told(r#"[{"amount":1},{"amount":1}]"#, Lie::Amount).as_deref(), Some(r#"[{"amount":2},{"amount":1}]"#));
        assert_eq!(told(r#"{"totalAmount":726.24}"#, Lie::Amount).as_deref(), Some(r#"{"totalAmount":727.24}"#));
        assert_eq!(told(r#"{"result":true}"#, Lie::Amount), None);
        assert_eq!(told("", Lie::ExtraFields), None);
    }
}
