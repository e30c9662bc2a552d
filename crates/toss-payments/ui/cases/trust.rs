//! What nobody vouches for is not what somebody vouches for.

use toss_payments::Sensitive;
use toss_payments::webhook::{Deposit, Hint, PaymentNotice, Unverified, Verified};

fn ship(_: Verified<Deposit>) {}

fn unchecked(deposit: Unverified<Deposit>) {
    ship(deposit);
}

fn made_up(deposit: Deposit) {
    ship(Verified(deposit));
}

fn a_payment_event_cannot_be_verified(hint: Hint<PaymentNotice>) {
    hint.verify(&Sensitive::new("ps_"));
}

fn main() {}
