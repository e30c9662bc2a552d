//! What the types promise, on every target: this is compiled for servers and for browsers.
#![allow(dead_code, reason = "what is here is compiled, not called")]

mod complete;
mod threads;
