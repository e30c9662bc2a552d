//! What is kept of a body that Toss sent: all that tells what happened, and nothing that tells whose account money came from or goes to
//! beyond what Toss masks. The number and the holder of an account that is to be paid into stand with the order, and go with it.

use serde_json::Value;

/// Names of fields that hold names, numbers and secrets, wherever they stand (Toss docs, Payment).
const LEFT_OUT: [&str; 9] = [
    "secret",
    "accountNumber",
    "customerName",
    "customerEmail",
    "customerIdentityNumber",
    "depositorName",
    "holderName",
    "refundReceiveAccount",
    "bankAccount",
];

/// That body as it is kept. What is no JSON is no Payment object, and kept as it is.
pub(crate) fn kept(body: String) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(&body) else { return body };
    if leave_out(&mut value) > 0 { value.to_string() } else { body }
}

/// Answers how many there were.
fn leave_out(value: &mut Value) -> usize {
    match value {
        Value::Object(fields) => {
            let before = fields.len();
            fields.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
            let here = before - fields.len();
            here + fields.values_mut().map(leave_out).sum::<usize>()
        }
        Value::Array(values) => values.iter_mut().map(leave_out).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_numbers_and_secrets_are_left_out_wherever_they_stand() {
        let body = r#"{"paymentKey":"tk_1","totalAmount":50000,"secret":"ps_1","virtualAccount":{"accountNumber":"X1","bankCode":"20",
            "customerName":"김토스","refundReceiveAccount":{"accountNumber":"110"}},"cashReceipts":[{"customerIdentityNumber":"010","amount":1}]}"#;
        let kept: Value = serde_json::from_str(&kept(body.to_owned())).unwrap();
        let expected = serde_json::json!({
            "paymentKey": "tk_1", "totalAmount": 50_000, "virtualAccount": {"bankCode": "20"}, "cashReceipts": [{"amount": 1}]
        });
        assert_eq!(kept, expected);
    }

    #[test]
    fn a_body_without_them_is_kept_to_the_letter() {
        for body in [r#"{ "card": {"number": "4330****123*"},  "amount": 45.50 }"#, "<html>502</html>", ""] {
            assert_eq!(kept(body.to_owned()), body);
        }
    }
}
