//! One payment and its life: READY, IN_PROGRESS, then DONE, ABORTED or EXPIRED.
//!
//! Toss docs /reference (Payment), /reference/using-api/webhook-events. Time moves a payment lazily: whoever looks
//! calls [`Payment::settle`] first.

use std::time::Duration;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::{
    clock::UnixMs,
    config::MerchantId,
    error::{ApiError, Code, Language},
    ids,
    order::{Order, Won},
};

/// How long a payment waits for the shopper to authenticate (Toss docs: 30 minutes).
pub const READY_FOR: Duration = Duration::from_secs(30 * 60);
/// How long an authenticated payment waits for its confirm (Toss docs: 10 minutes).
pub const SESSION_FOR: Duration = Duration::from_secs(10 * 60);
/// Cards take no less (Toss docs, `BELOW_MINIMUM_AMOUNT`).
const CARD_MINIMUM: i64 = 100;

/// The status word of a payment, as far as this sandbox goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// The window is open, the shopper has not authenticated.
    Ready,
    /// Authenticated, waiting for the confirm.
    InProgress,
    /// Charged.
    Done,
    /// Refused at the window or at the confirm.
    Aborted,
    /// Left alone for too long.
    Expired,
}

impl Status {
    /// The word in Toss's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "READY",
            Self::InProgress => "IN_PROGRESS",
            Self::Done => "DONE",
            Self::Aborted => "ABORTED",
            Self::Expired => "EXPIRED",
        }
    }
}

/// Where a payment stands, with what only exists there.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    Ready,
    InProgress {
        since: UnixMs,
        /// The code with which the confirm will be refused; chosen at the window.
        decline: Option<String>,
        /// A confirm is being processed.
        confirming: bool,
    },
    Done {
        at: UnixMs,
        transaction_key: String,
    },
    Aborted {
        failure: ApiError,
    },
    Expired,
}

#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) payment_key: String,
    pub(crate) merchant: MerchantId,
    pub(crate) order: Order,
    pub(crate) requested_at: UnixMs,
    pub(crate) secret: String,
    pub(crate) stage: Stage,
}

impl Payment {
    pub(crate) fn new(merchant: MerchantId, m_id: &str, order: Order, now: UnixMs) -> Self {
        Self {
            payment_key: ids::payment_key(m_id, now),
            merchant,
            order,
            requested_at: now,
            secret: ids::payment_secret(),
            stage: Stage::Ready,
        }
    }

    pub(crate) fn status(&self) -> Status {
        match self.stage {
            Stage::Ready => Status::Ready,
            Stage::InProgress { .. } => Status::InProgress,
            Stage::Done { .. } => Status::Done,
            Stage::Aborted { .. } => Status::Aborted,
            Stage::Expired => Status::Expired,
        }
    }

    /// Whether nothing can happen to the payment any more.
    pub(crate) fn is_finished(&self) -> bool {
        match self.stage {
            Stage::Ready | Stage::InProgress { .. } => false,
            Stage::Done { .. } | Stage::Aborted { .. } | Stage::Expired => true,
        }
    }

    /// Lets the time up to `now` take effect.
    pub(crate) fn settle(&mut self, now: UnixMs) {
        let expired = match &self.stage {
            Stage::Ready => now.since(self.requested_at) >= READY_FOR,
            // A confirm that began in time is finished, however long it takes.
            Stage::InProgress { since, confirming, .. } => !confirming && now.since(*since) >= SESSION_FOR,
            Stage::Done { .. } | Stage::Aborted { .. } | Stage::Expired => false,
        };
        if expired {
            self.stage = Stage::Expired;
        }
    }

    /// The shopper authenticates; with `decline` the later confirm will be refused with that code.
    ///
    /// A second time while the payment still waits for its confirm changes nothing: a double click is no error.
    pub(crate) fn authenticate(&mut self, decline: Option<String>, now: UnixMs) -> Result<(), Code> {
        self.settle(now);
        match self.stage {
            Stage::Ready => {
                self.stage = Stage::InProgress { since: now, decline, confirming: false };
                Ok(())
            }
            Stage::InProgress { .. } => Ok(()),
            Stage::Done { .. } | Stage::Aborted { .. } => Err(Code::ALREADY_PROCESSED_PAYMENT),
            Stage::Expired => Err(Code::NOT_FOUND_PAYMENT_SESSION),
        }
    }

    /// The payment is refused at the window. Assumed: the status is ABORTED then, as after a refused confirm.
    pub(crate) fn abort(&mut self, failure: ApiError, now: UnixMs) -> Result<(), Code> {
        self.settle(now);
        match self.stage {
            Stage::Ready => {
                self.stage = Stage::Aborted { failure };
                Ok(())
            }
            Stage::InProgress { .. } | Stage::Done { .. } | Stage::Aborted { .. } => Err(Code::ALREADY_PROCESSED_PAYMENT),
            Stage::Expired => Err(Code::NOT_FOUND_PAYMENT_SESSION),
        }
    }

    /// The shopper closes the window: the payment stays READY (Toss docs, webhook events).
    pub(crate) fn cancel(&mut self, now: UnixMs) -> Result<(), Code> {
        self.settle(now);
        match self.stage {
            Stage::Ready => Ok(()),
            Stage::InProgress { .. } | Stage::Done { .. } | Stage::Aborted { .. } => Err(Code::ALREADY_PROCESSED_PAYMENT),
            Stage::Expired => Err(Code::NOT_FOUND_PAYMENT_SESSION),
        }
    }

    /// A confirm starts to work on the payment. Only one at a time may.
    pub(crate) fn claim(&mut self, now: UnixMs) -> Result<(), ApiError> {
        self.settle(now);
        match &mut self.stage {
            // Assumed: no session exists before the shopper has authenticated.
            Stage::Ready | Stage::Expired => Err(Code::NOT_FOUND_PAYMENT_SESSION.into()),
            // Assumed for ABORTED: the look-up, not this answer, tells the outcome.
            Stage::Done { .. } | Stage::Aborted { .. } => Err(Code::ALREADY_PROCESSED_PAYMENT.into()),
            Stage::InProgress { confirming: true, .. } => Err(still_processing()),
            Stage::InProgress { confirming, .. } => {
                *confirming = true;
                Ok(())
            }
        }
    }

    /// The confirm that claimed the payment has ended without deciding it.
    pub(crate) fn release(&mut self) {
        if let Stage::InProgress { confirming, .. } = &mut self.stage {
            *confirming = false;
        }
    }

    /// The outcome that the claimed payment is due, before it takes effect.
    pub(crate) fn refusal(&self) -> Option<ApiError> {
        let Stage::InProgress { decline, .. } = &self.stage else {
            return None;
        };
        if self.order.amount.get() < CARD_MINIMUM {
            return Some(Code::BELOW_MINIMUM_AMOUNT.into());
        }
        decline.as_deref().map(|code| ApiError::named(code, StatusCode::FORBIDDEN))
    }

    /// The money moves.
    pub(crate) fn charge(&mut self, now: UnixMs) -> Won {
        self.stage = Stage::Done { at: now, transaction_key: ids::transaction_key() };
        self.order.amount
    }
}

/// What a confirm gets while another one, without an idempotency key, works on the same payment: status and `[S008]`
/// are as logged by several merchants, the wording is the sandbox's.
fn still_processing() -> ApiError {
    ApiError::other(
        Code::FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING.status(),
        Code::FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING.as_str(),
        "[S008] 기존 요청을 처리중입니다.",
        "[S008] An earlier request is still being processed.",
    )
}

/// What `failure` of an expired payment says (as logged by a merchant; the wording is the sandbox's).
pub(crate) fn expiry(language: Language) -> (String, String) {
    let message = match language {
        Language::Korean => "결제 시간이 만료되었습니다.",
        Language::English => "The time for the payment is over.",
    };
    ("EXPIRED_PAYMENT".to_owned(), message.to_owned())
}
