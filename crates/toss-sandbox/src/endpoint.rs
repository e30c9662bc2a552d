//! The calls of the core API: their names, methods and paths. The routes, the faults and the fuzz test go by this list.

use axum::http::Method;
use serde::{Deserialize, Serialize};

use crate::error::Code;

macro_rules! endpoints {
    ($($name:ident $method:ident $path:literal)*) => {
        /// A call of the core API (Toss docs /reference). In JSON: the name in snake case.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Endpoint { $(#[doc = concat!("`", stringify!($method), " ", $path, "`")] $name,)* }

        impl Endpoint {
            /// Every call.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The path; what stands in braces varies.
            pub const fn path(self) -> &'static str {
                match self { $(Self::$name => $path),* }
            }

            /// The HTTP method.
            pub const fn method(self) -> Method {
                match self { $(Self::$name => Method::$method),* }
            }
        }
    };
}

endpoints! {
    Confirm POST "/v1/payments/confirm"
    Lookup GET "/v1/payments/{payment_key}"
    LookupByOrder GET "/v1/payments/orders/{order_id}"
    Cancel POST "/v1/payments/{payment_key}/cancel"
    KeyIn POST "/v1/payments/key-in"
    VirtualAccount POST "/v1/virtual-accounts"
    BillingIssue POST "/v1/billing/authorizations/issue"
    BillingIssueByCard POST "/v1/billing/authorizations/card"
    BillingCharge POST "/v1/billing/{billing_key}"
    BillingDelete DELETE "/v1/billing/{billing_key}"
    Transactions GET "/v1/transactions"
    Settlements GET "/v1/settlements"
    SettleByHand POST "/v1/settlements"
    CashReceiptIssue POST "/v1/cash-receipts"
    CashReceiptCancel POST "/v1/cash-receipts/{receipt_key}/cancel"
    CashReceipts GET "/v1/cash-receipts"
    Promotions GET "/v1/promotions"
    CardPromotions GET "/v1/promotions/card"
    BrandpayToken POST "/v1/brandpay/authorizations/access-token"
    BrandpayConfirm POST "/v1/brandpay/payments/confirm"
}

impl Endpoint {
    /// Whether `TossPayments-Test-Code` works here (Toss docs /reference/using-api/authorization).
    pub(crate) const fn takes_test_code(self) -> bool {
        match self {
            Self::Confirm | Self::KeyIn | Self::Cancel | Self::BillingCharge => true,
            Self::Lookup
            | Self::LookupByOrder
            | Self::VirtualAccount
            | Self::BillingIssue
            | Self::BillingIssueByCard
            | Self::BillingDelete
            | Self::Transactions
            | Self::Settlements
            | Self::SettleByHand
            | Self::CashReceiptIssue
            | Self::CashReceiptCancel
            | Self::CashReceipts
            | Self::Promotions
            | Self::CardPromotions
            | Self::BrandpayToken
            | Self::BrandpayConfirm => false,
        }
    }

    /// Whether the call needs an API individual key, `test_sk_…`: the products that the widget's contract does not
    /// cover (Toss docs /reference/using-api/api-keys). The others take both families.
    pub(crate) const fn needs_api_key(self) -> bool {
        match self {
            Self::KeyIn
            | Self::VirtualAccount
            | Self::BillingIssue
            | Self::BillingIssueByCard
            | Self::BillingCharge
            | Self::BillingDelete
            | Self::BrandpayToken
            | Self::BrandpayConfirm => true,
            Self::Confirm
            | Self::Lookup
            | Self::LookupByOrder
            | Self::Cancel
            | Self::Transactions
            | Self::Settlements
            | Self::SettleByHand
            | Self::CashReceiptIssue
            | Self::CashReceiptCancel
            | Self::CashReceipts
            | Self::Promotions
            | Self::CardPromotions => false,
        }
    }

    /// What the call says when another request has done its work already. For reading calls there is no such work.
    pub(crate) const fn already(self) -> Code {
        match self {
            Self::Cancel => Code::ALREADY_CANCELED_PAYMENT,
            Self::KeyIn | Self::VirtualAccount | Self::BillingCharge => Code::DUPLICATED_ORDER_ID,
            Self::BillingDelete => Code::ALREADY_REMOVED_BILLING_KEY,
            Self::Confirm
            | Self::Lookup
            | Self::LookupByOrder
            | Self::BillingIssue
            | Self::BillingIssueByCard
            | Self::Transactions
            | Self::Settlements
            | Self::SettleByHand
            | Self::CashReceiptIssue
            | Self::CashReceiptCancel
            | Self::CashReceipts
            | Self::Promotions
            | Self::CardPromotions
            | Self::BrandpayToken
            | Self::BrandpayConfirm => Code::ALREADY_PROCESSED_PAYMENT,
        }
    }
}
