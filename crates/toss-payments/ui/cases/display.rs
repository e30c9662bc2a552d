//! No secret can be shown to people.

use std::fmt::Display;
use toss_payments::webhook::SecurityKey;
use toss_payments::{CardDetails, CardNumber, CardPassword, Link, SecretKey, Sensitive};

fn print<T: Display>() {}

fn main() {
    print::<SecretKey>();
    print::<SecurityKey>();
    print::<Sensitive>();
    print::<Link>();
    print::<CardNumber>();
    print::<CardPassword>();
    print::<CardDetails>();
}
