//! What a widget's payment is requested with. The amount is not among it: it is the one that was set.

use super::options::CashReceipt;
use super::result::{check_extra, put_extra};
use crate::args::{self, Checked, Limit, check};
use crate::error::WidgetError;
use crate::goods::{self, EscrowProduct, Product, Shipping};
use crate::json::Json;
use crate::order::Order;
use crate::setters::{empty_new, setters};
use crate::words::taken_words;
use std::fmt;
use toss_types::Won;

/// The argument of a widget's `requestPayment` (types, `WidgetPaymentRequest`). Options of a method count when the buyer
/// chooses that method.
///
/// ```
/// use toss_widget::{Order, OrderId, v2::{WidgetRequest, WindowTarget}};
///
/// let order = Order::new(OrderId::parse("order-000001")?, "사과 외 2건");
/// let request = WidgetRequest::new(order).window_target(WindowTarget::SelfPage);
/// assert!(request.validate().is_ok());
/// # Ok::<(), toss_widget::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
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

    /// Adds to [`extra`](field@WidgetRequest::extra): a name, and JSON text.
    #[must_use]
    pub fn extra(mut self, name: impl Into<String>, json: impl Into<String>) -> WidgetRequest {
        self.extra.push((name.into(), json.into()));
        self
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
        self.order.checked()?;
        let scheme = self.card.as_ref().and_then(|card| card.app_scheme.as_deref());
        check(scheme.is_none_or(args::is_app_scheme), &Limit { field: "card.app_scheme", must_be: args::APP_SCHEME })?;
        if let Some(foreign) = &self.foreign_easy_pay {
            foreign.checked()?;
        }
        check_extra(&self.extra, OWN)
    }

    pub(super) fn json(&self) -> Json {
        let mut json = Json::new();
        self.order.put(&mut json);
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

impl From<Order> for WidgetRequest {
    fn from(order: Order) -> WidgetRequest {
        WidgetRequest::new(order)
    }
}

setters! {
    WidgetRequest {
        some window_target: WindowTarget,
        some card: WidgetCard,
        some transfer: WidgetTransfer,
        some virtual_account: WidgetVirtualAccount,
        some foreign_easy_pay: ForeignEasyPay,
        some sandbox: SandboxResult,
    }
}

taken_words! {
    /// Where a payment window opens (types, `windowTarget`).
    WindowTarget {
        /// In a frame over the page: the default on desktops, not to be had on phones.
        Iframe = "iframe",
        /// In place of the page: the default on phones.
        SelfPage = "self",
    }
}

/// Options of a card payment (types, `WidgetPaymentRequest.card`).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub struct WidgetCard {
    /// The part that is excluded from tax.
    pub tax_exemption_amount: Option<Won>,
    /// `scheme://`, by which card apps come back to the merchant's app.
    pub app_scheme: Option<String>,
}

/// Options of a bank transfer (types, `WidgetPaymentRequest.transfer`).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub struct WidgetTransfer {
    /// Whether to pay through escrow; `None` leaves it to the buyer.
    pub use_escrow: Option<bool>,
    /// The goods, for escrow.
    pub escrow_products: Vec<EscrowProduct>,
    /// Whether it counts as cultural expense.
    pub is_cultural_expenses: Option<bool>,
}

/// Options of a virtual account (types, `WidgetPaymentRequest.virtualAccount`).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
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

empty_new!(WidgetCard, WidgetTransfer, WidgetVirtualAccount);

setters! {
    WidgetCard {
        some tax_exemption_amount: Won,
        text app_scheme,
    }
}

setters! {
    WidgetTransfer {
        some use_escrow: bool,
        list escrow_products: EscrowProduct,
        some is_cultural_expenses: bool,
    }
}

setters! {
    WidgetVirtualAccount {
        some use_escrow: bool,
        list escrow_products: EscrowProduct,
        some cash_receipt: CashReceipt,
        some is_cultural_expenses: bool,
    }
}

/// Options of an overseas payment (types, `foreignEasyPay`).
///
/// ```
/// use toss_widget::goods::{Product, UnitAmount};
/// use toss_widget::v2::{ForeignEasyPay, Method};
///
/// let options = ForeignEasyPay::new("US").products([Product::new("Apples", 2, UnitAmount::new(1_234, 2), "USD", "A box")]);
/// let paypal = Method::ForeignEasyPay { provider: "PAYPAL".to_owned(), options };
/// # let _ = paypal;
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
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
    /// The country, which Toss requires.
    #[must_use]
    pub fn new(country: impl Into<String>) -> ForeignEasyPay {
        ForeignEasyPay { country: country.into(), products: Vec::new(), shipping: None, paypal_transaction_context: None }
    }

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

setters! {
    ForeignEasyPay {
        list products: Product,
        some shipping: Shipping,
        text paypal_transaction_context,
    }
}

/// Where goods go, and what PayPal wants to know of the buyer, stays out of logs.
impl fmt::Debug for ForeignEasyPay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForeignEasyPay").field("country", &self.country).finish_non_exhaustive()
    }
}

taken_words! {
    /// How a payment with a test key is to end (types, `sandbox.paymentResult`).
    SandboxResult {
        /// It is approved.
        Success = "SUCCESS",
        /// It is refused.
        Fail = "FAIL",
    }
}

impl SandboxResult {
    pub(super) fn put(result: Option<SandboxResult>, json: &mut Json) {
        if let Some(result) = result {
            let mut sandbox = Json::new();
            sandbox.text("paymentResult", result.as_str());
            json.object("sandbox", sandbox);
        }
    }
}
