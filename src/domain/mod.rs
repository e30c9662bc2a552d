//! What the shop sells, what it costs and what can happen to an order. Pure and shared by server and browser:
//! no clock, no randomness, no environment, no I/O.

#![warn(missing_docs)]

pub mod cart;
pub mod catalog;
pub mod coupon;
pub mod customer;
pub mod failure;
pub mod lang;
pub mod money;
pub mod order;
pub mod routes;
pub mod step;
pub mod texts;
