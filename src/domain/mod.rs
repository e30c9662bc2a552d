//! What the shop sells and what it costs. Pure and shared by server and browser:
//! no clock, no randomness, no environment, no I/O.

#![warn(missing_docs)]

pub mod banks;
pub mod cart;
pub mod catalog;
pub mod coupon;
pub mod customer;
pub mod failure;
pub mod lang;
pub mod marks;
pub mod methods;
pub mod routes;
pub mod texts;
