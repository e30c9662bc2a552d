//! The control plane: what only tests and developers do.
//!
//! [`Control`] is the handle inside the process. The same over HTTP, JSON in and out, under `/sandbox/control`:
//!
//! | call | body | answer |
//! |---|---|---|
//! | `POST /reset` | | 204; payments, ledger, log, keys and faults are gone, the clock is back at its start |
//! | `GET /ledger` | | [`Charge`](crate::Charge)s, oldest first |
//! | `GET /requests` | | [`RequestRecord`](crate::RequestRecord)s, oldest first |
//! | `GET /payments` | | [`PaymentView`](crate::PaymentView)s, oldest first |
//! | `POST /payments` | [`NewPayment`] | 201 `{paymentKey, orderId, amount, status}` |
//! | `POST /payments/{paymentKey}/approve` | `{"declineAtConfirm": "REJECT_CARD_PAYMENT"}` or nothing | `{redirectUrl}`, null without redirect mode |
//! | `POST /payments/{paymentKey}/cancel` | | `{redirectUrl}` |
//! | `POST /payments/{paymentKey}/abort` | `{"code": "REJECT_CARD_COMPANY"}` or nothing | `{redirectUrl}` |
//! | `POST /payments/{paymentKey}/deposit` | | 204; the shopper pays into the virtual account |
//! | `POST /payments/{paymentKey}/reverse` | | 204; the bank takes the deposit back |
//! | `POST /payments/{paymentKey}/expire` | | 204; the payment's deadline passes now |
//! | `POST /payments/{paymentKey}/refund` | [`OperatorRefund`]: `{"amount": 1000, "reason": …}` or nothing | 204; cancelled as in the developer centre |
//! | `GET /state` | | the newest 200 `{payments, ledger, requests, webhooks}` of one moment, and how many calls are `hung` |
//! | `GET /clock` | | `{nowMs, running}` |
//! | `POST /clock` | `{"advanceMs": 600000}`, `{"running": false}` or both | `{nowMs, running}` |
//! | `GET /faults` | | `{faults, scriptFaults, webhookFaults}` that wait |
//! | `POST /faults` | [`Rule`](crate::Rule): `{"fault": {"kind": "error_after"}, "endpoint": "confirm", "orderId": …, "times": {"next": 2}}` | 204 |
//! | `POST /script-faults` | `{"fault": {"kind": "slow", "ms": 3000}, "times": "always"}` | 204 |
//! | `POST /webhook-faults` | [`WebhookRule`](crate::WebhookRule): `{"fault": {"kind": "duplicate"}, "eventType": …, "orderId": …}` | 204 |
//! | `GET /scenarios` | | `{name, what}` of each [`Scenario`] |
//! | `POST /scenarios` | `{"name": "lost-response", "orderId": …, "times": …}` | [`Played`]: the faults that were set |
//! | `DELETE /faults` | | 204; none waits any more |
//! | `POST /release` | | 204; hanging calls go on |
//! | `GET /webhooks` | | [`WebhookRecord`](crate::WebhookRecord)s, oldest first |
//! | `POST /webhooks/{number}/resend` | | 204 |
//! | `POST /webhooks/events` | [`NewEvent`]: `{"eventType": "seller.changed", "data": {…}}` | 204; sent as it is |
//! | `GET /webhooks/registrations` | | [`Registration`](crate::Registration)s |
//! | `POST /webhooks/registrations` | `{"url": "http://127.0.0.1:3000/hook", "events": ["DEPOSIT_CALLBACK"]}` | 204; without `events` those about payments |
//! | `DELETE /webhooks/registrations` | | 204; nobody is told anything |
//! | `GET /security-keys` | | `{keys}` in force, the newest first |
//! | `POST /security-keys` | `{"key": "64 hexadecimal characters"}` or nothing | `{keys}`; the old one signs for 7 more days |
//!
//! Errors are `{code, message}`, as everywhere.

mod handle;
mod http;
mod operator;
mod scenario;
mod webhook_http;
mod webhooks;

pub use handle::{Authenticated, Control, DeadlinePassed, NewPayment, Refused, View};
pub(crate) use http::routes;
pub use operator::OperatorRefund;
pub use scenario::{Played, Scenario};
pub use webhooks::NewEvent;
