//! The changes of a payment's status, each with what is told of it. More rows than Toss's chart has: what is cancelled
//! before and after a deposit, and what needs no window, are rows of their own.

use toss_sandbox::{Status, Trigger};

use super::row::{Change, Mark, Product};

const CHART: &str = "Toss docs /reference/using-api/webhook-events";
const ISSUE: &str = "Toss docs /reference/using-api/webhook-events; `Choices::status_changed_on_issue` sends the other one too";
const MEASURED: &str = "GitHub gj-kit/gj-kit docs/research/toss-payments-v2.md";

const QUIET: Change = Change {
    from: None,
    trigger: Trigger::Opened,
    to: Status::Ready,
    of: Product::Card,
    changed: false,
    deposit: false,
    cancel: false,
    when: "",
    mark: Mark::Documented,
    source: CHART,
};
const TOLD: Change = Change { changed: true, ..QUIET };
const ACCOUNT: Change = Change { of: Product::Account, changed: true, deposit: true, ..QUIET };

const ABROAD: Change = Change { of: Product::Abroad, mark: Mark::Assumed, source: CANCELS_ABROAD, ..QUIET };
const CANCELS_ABROAD: &str =
    "Toss docs say that cancels abroad are asynchronous and told by CANCEL_STATUS_CHANGED, not what the payment is meanwhile";

/// Every change.
pub const CHANGES: &[Change] = &[
    Change { when: "the window opens", ..QUIET },
    Change {
        from: Some(Status::Ready),
        trigger: Trigger::Authenticated,
        to: Status::InProgress,
        when: "the shopper authenticates",
        ..QUIET
    },
    Change {
        from: Some(Status::Ready),
        trigger: Trigger::TimedOut,
        to: Status::Expired,
        when: "30 minutes without an authentication",
        ..TOLD
    },
    Change {
        from: Some(Status::Ready),
        trigger: Trigger::RefusedAtWindow,
        to: Status::Aborted,
        when: "the window refuses the payment",
        mark: Mark::Assumed,
        source: "Toss docs say to which URL the shopper comes then, not what becomes of the payment",
        ..TOLD
    },
    Change {
        from: Some(Status::InProgress),
        trigger: Trigger::TimedOut,
        to: Status::Expired,
        when: "10 minutes without a confirm",
        ..TOLD
    },
    Change { from: Some(Status::InProgress), trigger: Trigger::Confirmed, to: Status::Done, when: "the confirm charges", ..TOLD },
    Change { from: Some(Status::InProgress), trigger: Trigger::Declined, to: Status::Aborted, when: "the confirm is declined", ..TOLD },
    Change {
        from: Some(Status::InProgress),
        trigger: Trigger::AccountIssued,
        to: Status::WaitingForDeposit,
        changed: false,
        when: "the confirm issues a virtual account",
        source: ISSUE,
        ..ACCOUNT
    },
    Change {
        trigger: Trigger::AccountIssued,
        to: Status::WaitingForDeposit,
        changed: false,
        when: "a virtual account is issued directly",
        source: ISSUE,
        ..ACCOUNT
    },
    Change { of: Product::KeyIn, trigger: Trigger::ChargedDirectly, to: Status::Done, when: "a card is charged by key-in", ..TOLD },
    Change { of: Product::Billing, trigger: Trigger::ChargedDirectly, to: Status::Done, when: "a billing key is charged", ..QUIET },
    Change {
        from: Some(Status::WaitingForDeposit),
        trigger: Trigger::Deposited,
        to: Status::Done,
        when: "the shopper pays into the account",
        ..ACCOUNT
    },
    Change {
        from: Some(Status::Done),
        trigger: Trigger::DepositReversed,
        to: Status::WaitingForDeposit,
        when: "the bank takes the deposit back",
        ..ACCOUNT
    },
    Change {
        from: Some(Status::WaitingForDeposit),
        trigger: Trigger::Cancelled,
        to: Status::Canceled,
        when: "cancelled before the deposit",
        ..ACCOUNT
    },
    Change { from: Some(Status::Done), trigger: Trigger::Cancelled, to: Status::Canceled, when: "cancelled at one go", ..TOLD },
    Change { from: Some(Status::Done), trigger: Trigger::Cancelled, to: Status::PartialCanceled, when: "a part is cancelled", ..TOLD },
    Change {
        from: Some(Status::PartialCanceled),
        trigger: Trigger::Cancelled,
        to: Status::PartialCanceled,
        when: "a further part is cancelled, perhaps the rest",
        mark: Mark::Measured,
        source: MEASURED,
        ..TOLD
    },
    Change {
        from: Some(Status::Done),
        trigger: Trigger::Cancelled,
        to: Status::Canceled,
        when: "a deposit is refunded at one go",
        ..ACCOUNT
    },
    Change {
        from: Some(Status::Done),
        trigger: Trigger::Cancelled,
        to: Status::PartialCanceled,
        when: "a part of a deposit is refunded",
        ..ACCOUNT
    },
    Change {
        from: Some(Status::PartialCanceled),
        trigger: Trigger::Cancelled,
        to: Status::PartialCanceled,
        when: "a further part of a deposit is refunded",
        mark: Mark::Measured,
        source: MEASURED,
        ..ACCOUNT
    },
    Change {
        from: Some(Status::Done),
        trigger: Trigger::CancelRequested,
        to: Status::Done,
        when: "a cancel of a PayPal payment is IN_PROGRESS",
        ..ABROAD
    },
    Change {
        from: Some(Status::Done),
        trigger: Trigger::CancelDone,
        to: Status::Canceled,
        changed: true,
        cancel: true,
        when: "the cancel at one go of a PayPal payment is DONE",
        ..ABROAD
    },
    Change {
        from: Some(Status::Done),
        trigger: Trigger::CancelDone,
        to: Status::PartialCanceled,
        changed: true,
        cancel: true,
        when: "the cancel of a part of a PayPal payment is DONE",
        ..ABROAD
    },
    Change {
        from: Some(Status::Done),
        trigger: Trigger::CancelAborted,
        to: Status::Done,
        cancel: true,
        when: "the cancel of a PayPal payment is ABORTED",
        ..ABROAD
    },
    Change {
        from: Some(Status::PartialCanceled),
        trigger: Trigger::CancelRequested,
        to: Status::PartialCanceled,
        when: "a further cancel of a PayPal payment is IN_PROGRESS",
        ..ABROAD
    },
    Change {
        from: Some(Status::PartialCanceled),
        trigger: Trigger::CancelDone,
        to: Status::PartialCanceled,
        changed: true,
        cancel: true,
        when: "a further cancel of a PayPal payment is DONE",
        ..ABROAD
    },
    Change {
        from: Some(Status::PartialCanceled),
        trigger: Trigger::CancelAborted,
        to: Status::PartialCanceled,
        cancel: true,
        when: "a further cancel of a PayPal payment is ABORTED",
        ..ABROAD
    },
];
