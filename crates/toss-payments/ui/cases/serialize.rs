//! No secret can be written into a page, a log or a file by a derive of somebody else.

use serde::Serialize;
use serde_json::value::Serializer;
use toss_payments::webhook::{Deposit, SecurityKey, Unverified};
use toss_payments::{CardNumber, SecretKey, Sensitive};

fn write(key: SecretKey, security_key: SecurityKey, secret: Sensitive, deposit: Unverified<Deposit>, card: CardNumber) {
    let _ = key.serialize(Serializer);
    let _ = security_key.serialize(Serializer);
    let _ = secret.serialize(Serializer);
    let _ = deposit.serialize(Serializer);
    let _ = card.serialize(Serializer);
}

fn main() {}
