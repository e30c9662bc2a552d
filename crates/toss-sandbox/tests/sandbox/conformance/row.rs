//! What a row of the table is.

use toss_sandbox::{Status, Trigger};

/// How well a row is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// Toss's documentation says it.
    Documented,
    /// The types or the source of Toss's npm packages say it.
    Published,
    /// Somebody else has measured or logged it and published that.
    Measured,
    /// Nobody says it, or sources disagree: the sandbox's choice.
    Assumed,
}

impl Mark {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Published => "published types",
            Self::Measured => "measured by others",
            Self::Assumed => "assumed",
        }
    }
}

/// By what a row is shown.
#[derive(Clone, Copy, Debug)]
pub enum Shown {
    /// Tests. `file::name` is one of `tests/sandbox`; with a slash the file is named from the project's root.
    By(&'static [&'static str]),
    /// Nothing in the sandbox causes the code by itself: it is asked for, and [`ON_REQUEST`] does so.
    OnRequest,
    /// Not reproduced, for this reason.
    Missing(&'static str),
}

/// The test that asks for every code at every call.
pub const ON_REQUEST: &str = "codes::every_code_is_answered_by_every_call_on_request_in_both_languages";

/// What Toss does, in a sentence.
#[derive(Clone, Copy)]
pub struct Rule {
    pub what: &'static str,
    pub mark: Mark,
    pub source: &'static str,
    pub shown: Shown,
}

impl Rule {
    pub const fn new(mark: Mark, what: &'static str, source: &'static str, tests: &'static [&'static str]) -> Self {
        Self { what, mark, source, shown: Shown::By(tests) }
    }

    /// The same, not reproduced.
    pub const fn missing(mark: Mark, what: &'static str, source: &'static str, why: &'static str) -> Self {
        Self { what, mark, source, shown: Shown::Missing(why) }
    }
}

/// An error answer of a call.
#[derive(Clone, Copy)]
pub struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub when: &'static str,
    pub mark: Mark,
    pub source: &'static str,
    pub shown: Shown,
}

/// Where the codes are listed.
const CODES: &str = "Toss docs /reference/error-codes";

impl Refusal {
    /// A code of Toss's list that behaviour causes.
    pub const fn by(status: u16, code: &'static str, when: &'static str, tests: &'static [&'static str]) -> Self {
        Self { status, code, when, mark: Mark::Documented, source: CODES, shown: Shown::By(tests) }
    }

    /// A code of Toss's list that has to be asked for.
    pub const fn asked(status: u16, code: &'static str, when: &'static str) -> Self {
        Self { status, code, when, mark: Mark::Documented, source: CODES, shown: Shown::OnRequest }
    }

    /// The same, known from elsewhere.
    pub const fn known(mut self, mark: Mark, source: &'static str) -> Self {
        self.mark = mark;
        self.source = source;
        self
    }
}

/// What made a payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Product {
    /// The widget, by card.
    Card,
    /// The widget by virtual account, or the call that issues one.
    Account,
    KeyIn,
    Billing,
    /// PayPal, in USD.
    Abroad,
}

/// A change of a payment's status, and who is told of it.
#[derive(Clone, Copy)]
pub struct Change {
    pub from: Option<Status>,
    pub trigger: Trigger,
    pub to: Status,
    pub of: Product,
    /// Whether PAYMENT_STATUS_CHANGED is sent.
    pub changed: bool,
    /// Whether DEPOSIT_CALLBACK is sent.
    pub deposit: bool,
    /// Whether CANCEL_STATUS_CHANGED is sent.
    pub cancel: bool,
    pub when: &'static str,
    pub mark: Mark,
    pub source: &'static str,
}

/// The rows of a section.
pub enum Rows {
    Rules(&'static [Rule]),
    Refusals(&'static [Refusal]),
    Changes(&'static [Change]),
}

/// A section of the table.
pub struct Section {
    pub title: &'static str,
    pub rows: Rows,
}
