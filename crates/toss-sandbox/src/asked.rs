//! By which way a payment came, and where its result goes.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{error::ApiError, order::invalid};

/// What the shop called.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Flow {
    /// The payment UI: the shopper has chosen everything there.
    #[default]
    Widget,
    /// `payment()` or `brandpay()`: the window asks, and its success URL has no `paymentType` (Toss docs).
    Window,
}

/// `paymentType` of the result (published types). The sandbox has no `KEYIN`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PaymentType {
    #[default]
    Normal,
    Brandpay,
}

impl PaymentType {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "NORMAL",
            Self::Brandpay => "BRANDPAY",
        }
    }
}

/// The shopper's part is left out: `sandbox.paymentResult` of SDK v2, `_skipAuth` of v1.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum AuthSkip {
    Success,
    /// Fails with `REJECT_CARD_COMPANY` (Toss community).
    Fail,
}

/// `cashReceipt.type` (Toss docs), in JSON as there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum ReceiptUse {
    #[serde(rename = "소득공제")]
    IncomeDeduction,
    #[serde(rename = "지출증빙")]
    ExpenseProof,
    #[serde(rename = "미발행")]
    None,
}

impl ReceiptUse {
    pub(crate) const ALL: [Self; 3] = [Self::None, Self::IncomeDeduction, Self::ExpenseProof];

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|receipt| receipt.korean() == word)
    }

    pub(crate) fn korean(self) -> &'static str {
        match self {
            Self::IncomeDeduction => "소득공제",
            Self::ExpenseProof => "지출증빙",
            Self::None => "미발행",
        }
    }
}

/// A carrier of mobile phone payments (published types).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Carrier {
    Skt,
    Kt,
    Lgu,
    Hello,
    Kct,
    Sk7,
}

impl Carrier {
    pub(crate) const ALL: [Self; 6] = [Self::Skt, Self::Kt, Self::Lgu, Self::Hello, Self::Kct, Self::Sk7];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Skt => "SKT",
            Self::Kt => "KT",
            Self::Lgu => "LGU",
            Self::Hello => "HELLO",
            Self::Kct => "KCT",
            Self::Sk7 => "SK7",
        }
    }

    pub(crate) fn korean(self) -> &'static str {
        match self {
            Self::Skt => "SK텔레콤",
            Self::Kt => "KT",
            Self::Lgu => "LG유플러스",
            Self::Hello => "LG헬로모바일",
            Self::Kct => "티플러스",
            Self::Sk7 => "SK세븐모바일",
        }
    }
}

/// Where the result of a window goes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Returns {
    /// Redirect mode: the browser is sent to one of the two.
    Redirect {
        success: Url,
        fail: Url,
        /// The page around the window's frame, which then does the going.
        frame: Option<String>,
    },
    /// Promise mode: a message to the page of this origin, around the window's frame.
    Message { origin: String },
    /// Nowhere: the payment was made by a test, without a browser.
    Nowhere,
}

impl Returns {
    pub(crate) fn check(success: Option<&str>, fail: Option<&str>, opener_origin: Option<&str>) -> Result<Self, ApiError> {
        let origin = match opener_origin {
            None => None,
            Some(text) => {
                let url = web_url(text).ok_or_else(|| invalid("openerOrigin", "http(s) 출처"))?;
                Some(url.origin().ascii_serialization())
            }
        };
        match (success, fail, origin) {
            (Some(success), Some(fail), frame) => Ok(Self::Redirect {
                success: web_url(success).ok_or_else(|| invalid("successUrl", "http(s) 절대 경로"))?,
                fail: web_url(fail).ok_or_else(|| invalid("failUrl", "http(s) 절대 경로"))?,
                frame,
            }),
            (None, None, Some(origin)) => Ok(Self::Message { origin }),
            (None, None, None) => Ok(Self::Nowhere),
            (Some(_), None, _) | (None, Some(_), _) => Err(invalid("successUrl, failUrl", "둘 다 있거나 둘 다 없음")),
        }
    }

    /// Who may put the window into a frame, and hears from it then.
    pub(crate) fn frame(&self) -> Option<&str> {
        match self {
            Self::Redirect { frame, .. } => frame.as_deref(),
            Self::Message { origin } => Some(origin),
            Self::Nowhere => None,
        }
    }
}

fn web_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    (text.len() <= 2000 && matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}
