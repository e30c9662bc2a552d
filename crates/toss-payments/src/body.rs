//! Request bodies: one declaration for the Rust field, its name in JSON, its setter and its documentation.
//!
//! Numbers are written from their digits, never through a float, and nothing that is sent implements `Serialize`: what a
//! shopper typed leaves in a request to Toss or not at all.

use crate::money::{Amount, Money, Won};
use std::fmt::Write as _;
use std::net::IpAddr;

/// A JSON object that is being written.
pub(crate) struct Body(String);

impl Body {
    pub(crate) fn new() -> Body {
        Body("{".to_owned())
    }

    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(&quoted(name));
        self.0.push(':');
    }

    /// A field with a text.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.raw(name, quoted(text));
    }

    /// A field with what is JSON already: a number, a boolean, an object, a list.
    pub(crate) fn raw(&mut self, name: &str, json: impl std::fmt::Display) {
        self.name(name);
        write!(self.0, "{json}").expect("invariant: a String takes whatever is written");
    }

    /// The whole object.
    pub(crate) fn into_json(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("invariant: every text is a JSON string")
}

/// What can be a field of a request.
pub(crate) trait Put {
    fn put(&self, name: &str, body: &mut Body);
}

/// What is an object of its own, as a request or within one.
pub(crate) trait ToObject {
    fn fields(&self, body: &mut Body);

    fn to_json(&self) -> String {
        let mut body = Body::new();
        self.fields(&mut body);
        body.into_json()
    }
}

impl<T: Put> Put for Option<T> {
    fn put(&self, name: &str, body: &mut Body) {
        if let Some(value) = self {
            value.put(name, body);
        }
    }
}

impl<T: ToObject> Put for Vec<T> {
    fn put(&self, name: &str, body: &mut Body) {
        let elements: Vec<String> = self.iter().map(ToObject::to_json).collect();
        body.raw(name, format_args!("[{}]", elements.join(",")));
    }
}

impl Put for bool {
    fn put(&self, name: &str, body: &mut Body) {
        body.raw(name, self);
    }
}

impl Put for String {
    fn put(&self, name: &str, body: &mut Body) {
        body.text(name, self);
    }
}

impl Put for u32 {
    fn put(&self, name: &str, body: &mut Body) {
        body.raw(name, self);
    }
}

impl Put for Won {
    fn put(&self, name: &str, body: &mut Body) {
        body.raw(name, self.get());
    }
}

/// The number alone: where a currency is sent, it stands beside.
impl Put for Money {
    fn put(&self, name: &str, body: &mut Body) {
        body.raw(name, self.amount());
    }
}

impl Put for Amount {
    fn put(&self, name: &str, body: &mut Body) {
        body.raw(name, self);
    }
}

impl Put for IpAddr {
    fn put(&self, name: &str, body: &mut Body) {
        body.text(name, &self.to_string());
    }
}

/// Lets a type with a text be a field.
macro_rules! put_text {
    ($($name:ty => $text:ident),+ $(,)?) => {$(
        impl $crate::body::Put for $name {
            fn put(&self, name: &str, body: &mut $crate::body::Body) {
                body.text(name, self.$text());
            }
        }
    )+};
}

/// The type of an argument. `into` lets whatever becomes a field be given for it: won for money, a `str` for a `String`.
macro_rules! argument {
    ($ty:ty) => { $ty };
    ($ty:ty, into) => { impl Into<$ty> };
}

/// Declares a request: what is required is an argument of `new`, what is optional has a method of its own.
macro_rules! request {
    ($(#[$meta:meta])* pub struct $name:ident {
        required { $($(#[$required_meta:meta])* $required:ident: $required_ty:ty = $required_json:literal $($required_from:ident)?,)+ }
        optional { $($(#[$optional_meta:meta])* $optional:ident: $optional_ty:ty = $optional_json:literal $($optional_from:ident)?,)* }
    }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Debug)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$required_meta])* pub $required: $required_ty,)+
            $($(#[$optional_meta])* pub $optional: Option<$optional_ty>,)*
        }

        impl $name {
            /// A request with what Toss requires. Each of the optional fields has a method of its own.
            #[must_use]
            pub fn new($($required: $crate::body::argument!($required_ty $(, $required_from)?)),+) -> $name {
                $name { $($required: $required.into(),)+ $($optional: None,)* }
            }

            $($(#[$optional_meta])*
            #[must_use]
            pub fn $optional(mut self, $optional: $crate::body::argument!($optional_ty $(, $optional_from)?)) -> $name {
                self.$optional = Some($optional.into());
                self
            })*
        }

        impl $crate::body::ToObject for $name {
            fn fields(&self, body: &mut $crate::body::Body) {
                $($crate::body::Put::put(&self.$required, $required_json, body);)+
                $($crate::body::Put::put(&self.$optional, $optional_json, body);)*
            }
        }

        impl $crate::body::Put for $name {
            fn put(&self, name: &str, body: &mut $crate::body::Body) {
                body.raw(name, $crate::body::ToObject::to_json(self));
            }
        }
    };
}

pub(crate) use {argument, put_text, request};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_json_whatever_stands_in_it() {
        let mut body = Body::new();
        body.text("a\"b", "줄\n\"인용\"\\ \u{0}");
        Amount::parse("726.24").unwrap().put("amount", &mut body);
        true.put("flag", &mut body);
        None::<u32>.put("absent", &mut body);
        let json = body.into_json();
        assert_eq!(json, "{\"a\\\"b\":\"줄\\n\\\"인용\\\"\\\\ \\u0000\",\"amount\":726.24,\"flag\":true}");
        assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
        assert_eq!(Body::new().into_json(), "{}");
    }
}
