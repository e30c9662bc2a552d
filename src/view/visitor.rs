//! How a shopper likes the pages, and as whom they order.

use crate::domain::customer::CustomerRequest;
use serde::{Deserialize, Serialize};

/// The colour scheme that a shopper has chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The value of `data-theme`, and of the cookie that remembers the choice.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The reverse of [`Theme::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Theme> {
        match code {
            "light" => Some(Theme::Light),
            "dark" => Some(Theme::Dark),
            _ => None,
        }
    }
}

/// Whether Toss knows the shopper: a member keeps cards and agreements from visit to visit, a guest is anonymous.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum CustomerKind {
    /// Has a `customerKey` of their own.
    #[default]
    Member,
    /// Uses `ANONYMOUS`.
    Guest,
}

impl CustomerKind {
    /// The value of the parameter `as` of the checkout.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            CustomerKind::Member => "member",
            CustomerKind::Guest => "guest",
        }
    }

    /// The reverse of [`CustomerKind::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<CustomerKind> {
        match code {
            "member" => Some(CustomerKind::Member),
            "guest" => Some(CustomerKind::Guest),
            _ => None,
        }
    }

    /// What the demo shop knows of its one member. A real shop asks its own accounts.
    #[must_use]
    pub fn known_contact(self) -> CustomerRequest {
        match self {
            CustomerKind::Member => {
                CustomerRequest { name: "김토스".to_owned(), email: "member@example.com".to_owned(), phone: "010-1234-5678".to_owned() }
            }
            CustomerKind::Guest => CustomerRequest::default(),
        }
    }
}
