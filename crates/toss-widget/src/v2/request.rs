//! What a widget's payment is requested with. The amount is not among it: it is the one that was set.

use super::options::CashReceipt;
use super::result::{check_extra, put_extra};
use crate::args::{self, Checked, Limit, check};
use crate::error::WidgetError;
use crate::goods::{self, EscrowProduct, Product, Shipping};
use crate::json::Json;
use crate::order::Order;
use toss_types::Won;

/// The argument of a widget's `requestPayment` (types, `WidgetPaymentRequest`). Options of a method count when the buyer
/// chooses that method.
///
/// ```
/// use toss_widget::{Order, OrderId, v2::{WidgetRequest, WindowTarget}};
/// let request = WidgetRequest {
///     window_target: Some(WindowTarget::SelfPage),
///     ..WidgetRequest::new(Order::new(OrderId::parse("order-000001")?, "사과 외 2건"))
/// };
/// assert!(request.validate().is_ok());
/// # Ok::<(), toss_widget::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WidgetRequest {
    /// What is paid.
    pub order: Order,
    /// Where the window opens; `None` leaves it to Toss.
    pub window_target: Option<WindowTarget>,
    /// Options of a card payment.
    pub card: Option<WidgetCard>,
    /// Options of a bank transfer.
    pub transfer: Option<WidgetTransfer>,
    /// Options of a virtual account.
    pub virtual_account: Option<WidgetVirtualAccount>,
    /// Options of an overseas payment.
    pub foreign_easy_pay: Option<ForeignEasyPay>,
    /// How a payment with a test key ends, without a window (types, hidden; assumed: test keys only).
    pub sandbox: Option<SandboxResult>,
    /// Further fields by name, each as JSON text, such as the hidden `pendingUrl`, `subMerchantSetting` and `subOrders`.
    pub extra: Vec<(String, String)>,
}

impl WidgetRequest {
    /// A request with an order and nothing else.
    #[must_use]
    pub fn new(order: Order) -> WidgetRequest {
        WidgetRequest {
            order,
            window_target: None,
            card: None,
            transfer: None,
            virtual_account: None,
            foreign_easy_pay: None,
            sandbox: None,
            extra: Vec::new(),
        }
    }

    /// Checks every field against the limits that Toss documents.
    ///
    /// # Errors
    /// `InvalidArgument`, which names the first field that fails and its limit. What has to be JSON is checked in a browser
    /// only.
    pub fn validate(&self) -> Result<(), WidgetError> {
        Ok(self.checked()?)
    }

    fn checked(&self) -> Checked {
        const OWN: &[&str] = &["windowTarget", "card", "transfer", "virtualAccount", "foreignEasyPay", "sandbox"];
        self.order.fields().checked()?;
        let scheme = self.card.as_ref().and_then(|card| card.app_scheme.as_deref());
        check(scheme.is_none_or(args::is_app_scheme), &Limit { field: "card.app_scheme", must_be: args::APP_SCHEME })?;
        if let Some(foreign) = &self.foreign_easy_pay {
            foreign.checked()?;
        }
        check_extra(&self.extra, OWN)
    }

    pub(super) fn json(&self) -> Json {
        let mut json = Json::new();
        self.order.fields().put(&mut json);
        json.some_text("windowTarget", self.window_target.map(WindowTarget::as_str));
        if let Some(card) = &self.card {
            let mut options = Json::new();
            options.some_won("taxExemptionAmount", card.tax_exemption_amount);
            options.some_text("appScheme", card.app_scheme.as_deref());
            json.object("card", options);
        }
        if let Some(transfer) = &self.transfer {
            let mut options = Json::new();
            options.some_flag("useEscrow", transfer.use_escrow);
            goods::put_escrow_products(&mut options, &transfer.escrow_products);
            options.some_flag("isCulturalExpenses", transfer.is_cultural_expenses);
            json.object("transfer", options);
        }
        if let Some(account) = &self.virtual_account {
            let mut options = Json::new();
            options.some_flag("useEscrow", account.use_escrow);
            goods::put_escrow_products(&mut options, &account.escrow_products);
            CashReceipt::put(account.cash_receipt, &mut options);
            options.some_flag("isCulturalExpenses", account.is_cultural_expenses);
            json.object("virtualAccount", options);
        }
        if let Some(foreign) = &self.foreign_easy_pay {
            json.object("foreignEasyPay", foreign.json());
        }
        SandboxResult::put(self.sandbox, &mut json);
        put_extra(&mut json, &self.extra);
        json
    }
}

/// Where a payment window opens (types, `windowTarget`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WindowTarget {
    /// In a frame over the page: the default on desktops, not to be had on phones.
    Iframe,
    /// In place of the page: the default on phones.
    SelfPage,
}

impl WindowTarget {
    /// The word as Toss writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            WindowTarget::Iframe => "iframe",
            WindowTarget::SelfPage => "self",
        }
    }
}

/// Options of a card payment (types, `WidgetPaymentRequest.card`).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WidgetCard {
    /// The part that is excluded from tax.
    pub tax_exemption_amount: Option<Won>,
    /// `scheme://`, by which card apps come back to the merchant's app.
    pub app_scheme: Option<String>,
}

/// Options of a bank transfer (types, `WidgetPaymentRequest.transfer`).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WidgetTransfer {
    /// Whether to pay through escrow; `None` leaves it to the buyer.
    pub use_escrow: Option<bool>,
    /// The goods, for escrow.
    pub escrow_products: Vec<EscrowProduct>,
    /// Whether it counts as cultural expense.
    pub is_cultural_expenses: Option<bool>,
}

/// Options of a virtual account (types, `WidgetPaymentRequest.virtualAccount`).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WidgetVirtualAccount {
    /// Whether to pay through escrow; `None` leaves it to the buyer.
    pub use_escrow: Option<bool>,
    /// The goods, for escrow.
    pub escrow_products: Vec<EscrowProduct>,
    /// The cash receipt to offer.
    pub cash_receipt: Option<CashReceipt>,
    /// Whether it counts as cultural expense.
    pub is_cultural_expenses: Option<bool>,
}

/// Options of an overseas payment (types, `foreignEasyPay`).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ForeignEasyPay {
    /// Where the buyer is: ISO 3166-1 alpha-2, required.
    pub country: String,
    /// The goods; PayPal's seller protection wants them.
    pub products: Vec<Product>,
    /// The recipient.
    pub shipping: Option<Shipping>,
    /// Risk data for PayPal as JSON text: `paymentMethodOptions.paypal.setTransactionContext`.
    pub paypal_transaction_context: Option<String>,
}

impl ForeignEasyPay {
    pub(super) fn checked(&self) -> Checked {
        let country = self.country.len() == 2 && self.country.bytes().all(|byte| byte.is_ascii_uppercase());
        check(country, &Limit { field: "foreign_easy_pay.country", must_be: "two capital letters" })?;
        goods::check_products(&self.products)?;
        goods::check_shipping(self.shipping.as_ref())?;
        goods::check_paypal(self.paypal_transaction_context.as_deref())
    }

    pub(super) fn json(&self) -> Json {
        let mut json = Json::new();
        json.text("country", &self.country);
        goods::put_overseas(&mut json, &self.products, self.shipping.as_ref(), self.paypal_transaction_context.as_deref());
        json
    }
}

/// How a payment with a test key is to end (types, `sandbox.paymentResult`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SandboxResult {
    /// It is approved.
    Success,
    /// It is refused.
    Fail,
}

impl SandboxResult {
    pub(super) fn put(result: Option<SandboxResult>, json: &mut Json) {
        let word = match result {
            None => return,
            Some(SandboxResult::Success) => "SUCCESS",
            Some(SandboxResult::Fail) => "FAIL",
        };
        let mut sandbox = Json::new();
        sandbox.text("paymentResult", word);
        json.object("sandbox", sandbox);
    }
}
