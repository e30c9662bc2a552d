//! Options of the payment window, per method (types, `…PaymentRequest`).

use crate::args::{self, Checked, Limit, check};
use crate::goods::{EscrowProduct, MobileCarrier, put_carriers, put_escrow_products};
use crate::json::{Json, digits};
use crate::setters::{empty_new, setters};
use crate::words::taken_words;
use std::fmt;
use toss_types::Won;

taken_words! {
    /// How the window starts (types, `flowMode`).
    FlowMode {
        /// With the choice of cards.
        Default = "DEFAULT",
        /// With the card company or easy payment that the request names.
        Direct = "DIRECT",
    }
}

taken_words! {
    /// The window's language (types, `card.language`).
    Language {
        /// Korean.
        Korean = "KO",
        /// English.
        English = "EN",
        /// Japanese.
        Japanese = "JA",
        /// Chinese.
        Chinese = "ZH",
    }
}

taken_words! {
    /// The purpose of a cash receipt (types, `cashReceipt.type`).
    CashReceipt {
        /// 소득공제: the buyer's income tax.
        IncomeDeduction = "소득공제",
        /// 지출증빙: a business's proof of expense.
        ExpenseProof = "지출증빙",
        /// 미발행: none.
        None = "미발행",
    }
}

taken_words! {
    /// Who moves the money of a transfer (types, `transfer.provider`).
    TransferProvider {
        /// Open banking.
        OpenBanking = "OPENBANKING",
        /// BankPay.
        BankPay = "BANKPAY",
    }
}

impl CashReceipt {
    pub(super) fn put(receipt: Option<CashReceipt>, options: &mut Json) {
        if let Some(receipt) = receipt {
            let mut json = Json::new();
            json.text("type", receipt.as_str());
            options.object("cashReceipt", json);
        }
    }
}

/// Options of a card payment (types, `CardPaymentRequest.card`).
///
/// ```
/// use toss_widget::v2::{CardOptions, FlowMode, Method};
///
/// // Straight to one card company, in three instalments:
/// let shinhan = CardOptions::new().flow_mode(FlowMode::Direct).card_company("SHINHAN").card_installment_plan(3);
/// # let _ = Method::Card(shinhan);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub struct CardOptions {
    /// Whether to pay through escrow.
    pub use_escrow: Option<bool>,
    /// The goods, for escrow.
    pub escrow_products: Vec<EscrowProduct>,
    /// The part that is excluded from tax.
    pub tax_exemption_amount: Option<Won>,
    /// How the window starts.
    pub flow_mode: Option<FlowMode>,
    /// The card company's code, for `FlowMode::Direct`.
    pub card_company: Option<String>,
    /// The easy payment's code, for `FlowMode::Direct`.
    pub easy_pay: Option<String>,
    /// Months of instalment: 0, or 2 to 12.
    pub card_installment_plan: Option<u32>,
    /// The most months to offer: 0, or 2 to 12.
    pub max_card_installment_plan: Option<u32>,
    /// Instalments without interest, at the shop's cost.
    pub free_installment_plans: Vec<FreeInstallment>,
    /// Whether card points are used.
    pub use_card_point: Option<bool>,
    /// Whether only the card companies' apps are offered.
    pub use_app_card_only: Option<bool>,
    /// A discount of the card company's.
    pub discount_code: Option<String>,
    /// Until when this can be paid, in hours.
    pub valid_hours: Option<u32>,
    /// Until when this can be paid, `yyyy-MM-dd'T'HH:mm:ss`; not together with `valid_hours`.
    pub due_date: Option<String>,
    /// Whether to show the multilingual window for cards from abroad.
    pub use_international_card_only: Option<bool>,
    /// The window's language.
    pub language: Option<Language>,
    /// Whether the amount is shown in a foreign currency, too.
    pub show_estimated_amount: Option<bool>,
    /// `scheme://`, by which card apps come back to the merchant's app.
    pub app_scheme: Option<String>,
}

/// Instalments without interest (types, `freeInstallmentPlans`).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct FreeInstallment {
    /// The card company's code.
    pub company: String,
    /// The months that cost no interest.
    pub months: Vec<u32>,
}

empty_new!(CardOptions, VirtualAccountOptions, TransferOptions, MobilePhoneOptions);

setters! {
    CardOptions {
        some use_escrow: bool,
        list escrow_products: EscrowProduct,
        some tax_exemption_amount: Won,
        some flow_mode: FlowMode,
        text card_company,
        text easy_pay,
        some card_installment_plan: u32,
        some max_card_installment_plan: u32,
        list free_installment_plans: FreeInstallment,
        some use_card_point: bool,
        some use_app_card_only: bool,
        text discount_code,
        some valid_hours: u32,
        text due_date,
        some use_international_card_only: bool,
        some language: Language,
        some show_estimated_amount: bool,
        text app_scheme,
    }
}

impl FreeInstallment {
    /// The card company's code, and the months.
    #[must_use]
    pub fn new(company: impl Into<String>, months: impl IntoIterator<Item = u32>) -> FreeInstallment {
        FreeInstallment { company: company.into(), months: months.into_iter().collect() }
    }
}

impl CardOptions {
    pub(super) fn checked(&self) -> Checked {
        let plan = |months: Option<u32>| months.is_none_or(|months| months == 0 || (2..=12).contains(&months));
        const MONTHS: &str = "0, or 2 to 12 months";
        check(plan(self.card_installment_plan), &Limit { field: "card.card_installment_plan", must_be: MONTHS })?;
        check(plan(self.max_card_installment_plan), &Limit { field: "card.max_card_installment_plan", must_be: MONTHS })?;
        let one = self.valid_hours.is_none() || self.due_date.is_none();
        check(one, &Limit { field: "card.due_date", must_be: "absent if valid_hours is present" })?;
        let scheme = self.app_scheme.as_deref().is_none_or(args::is_app_scheme);
        check(scheme, &Limit { field: "card.app_scheme", must_be: args::APP_SCHEME })
    }

    pub(super) fn json(&self) -> Json {
        let mut json = Json::new();
        json.some_flag("useEscrow", self.use_escrow);
        put_escrow_products(&mut json, &self.escrow_products);
        json.some_won("taxExemptionAmount", self.tax_exemption_amount);
        json.some_text("flowMode", self.flow_mode.map(FlowMode::as_str));
        json.some_text("cardCompany", self.card_company.as_deref());
        json.some_text("easyPay", self.easy_pay.as_deref());
        json.some_number("cardInstallmentPlan", self.card_installment_plan);
        json.some_number("maxCardInstallmentPlan", self.max_card_installment_plan);
        json.some_list("freeInstallmentPlans", self.free_installment_plans.iter().map(FreeInstallment::json));
        json.some_flag("useCardPoint", self.use_card_point);
        json.some_flag("useAppCardOnly", self.use_app_card_only);
        json.some_text("discountCode", self.discount_code.as_deref());
        json.some_number("validHours", self.valid_hours);
        json.some_text("dueDate", self.due_date.as_deref());
        json.some_flag("useInternationalCardOnly", self.use_international_card_only);
        json.some_text("language", self.language.map(Language::as_str));
        json.some_flag("showEstimatedAmount", self.show_estimated_amount);
        json.some_text("appScheme", self.app_scheme.as_deref());
        json
    }
}

impl FreeInstallment {
    fn json(&self) -> String {
        let mut json = Json::new();
        json.text("company", &self.company);
        json.some_list("months", self.months.iter().map(|months| digits((*months).into())));
        json.finish()
    }
}

/// Options of a virtual account (types, `VirtualAccountPaymentRequest.virtualAccount`).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub struct VirtualAccountOptions {
    /// The part that is excluded from tax.
    pub tax_exemption_amount: Option<Won>,
    /// The cash receipt to offer.
    pub cash_receipt: Option<CashReceipt>,
    /// Whether to pay through escrow.
    pub use_escrow: Option<bool>,
    /// The goods, for escrow.
    pub escrow_products: Vec<EscrowProduct>,
    /// Until when the deposit has to arrive, in hours: at most 2160.
    pub valid_hours: Option<u32>,
    /// Until when the deposit has to arrive, `yyyy-MM-dd'T'HH:mm:ss`; not together with `valid_hours`.
    pub due_date: Option<String>,
    /// Whether it counts as cultural expense.
    pub is_cultural_expenses: Option<bool>,
    /// Whether the phone input is shown.
    pub show_customer_mobile_phone: Option<bool>,
    /// Where a refund goes.
    pub refund_receive_account: Option<RefundAccount>,
}

/// An account for refunds (types, `refundReceiveAccount`).
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RefundAccount {
    /// The bank's code.
    pub bank_code: String,
    /// Its number, at most 20 digits.
    pub account_number: String,
    /// Whose it is, at most 60 characters.
    pub holder_name: String,
}

impl RefundAccount {
    /// All fields, in their order; each is required.
    #[must_use]
    pub fn new(bank_code: impl Into<String>, account_number: impl Into<String>, holder_name: impl Into<String>) -> RefundAccount {
        RefundAccount { bank_code: bank_code.into(), account_number: account_number.into(), holder_name: holder_name.into() }
    }
}

/// Names and numbers of people stay out of logs.
impl fmt::Debug for RefundAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefundAccount").field("bank_code", &self.bank_code).finish_non_exhaustive()
    }
}

setters! {
    VirtualAccountOptions {
        some tax_exemption_amount: Won,
        some cash_receipt: CashReceipt,
        some use_escrow: bool,
        list escrow_products: EscrowProduct,
        some valid_hours: u32,
        text due_date,
        some is_cultural_expenses: bool,
        some show_customer_mobile_phone: bool,
        some refund_receive_account: RefundAccount,
    }
}

impl VirtualAccountOptions {
    pub(super) fn checked(&self) -> Checked {
        let hours = self.valid_hours.is_none_or(|hours| (1..=2160).contains(&hours));
        check(hours, &Limit { field: "virtual_account.valid_hours", must_be: "1 to 2160 hours" })?;
        let one = self.valid_hours.is_none() || self.due_date.is_none();
        check(one, &Limit { field: "virtual_account.due_date", must_be: "absent if valid_hours is present" })?;
        let Some(account) = &self.refund_receive_account else { return Ok(()) };
        let number = &account.account_number;
        let fits = (1..=20).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        check(fits, &Limit { field: "refund_receive_account.account_number", must_be: "1 to 20 digits" })?;
        let fits = (1..=60).contains(&args::length(&account.holder_name));
        check(fits, &Limit { field: "refund_receive_account.holder_name", must_be: "1 to 60 characters" })
    }

    pub(super) fn json(&self) -> Json {
        let mut json = Json::new();
        json.some_won("taxExemptionAmount", self.tax_exemption_amount);
        CashReceipt::put(self.cash_receipt, &mut json);
        json.some_flag("useEscrow", self.use_escrow);
        put_escrow_products(&mut json, &self.escrow_products);
        json.some_number("validHours", self.valid_hours);
        json.some_text("dueDate", self.due_date.as_deref());
        json.some_flag("isCulturalExpenses", self.is_cultural_expenses);
        json.some_flag("showCustomerMobilePhone", self.show_customer_mobile_phone);
        if let Some(account) = &self.refund_receive_account {
            let mut fields = Json::new();
            fields.text("bankCode", &account.bank_code);
            fields.text("accountNumber", &account.account_number);
            fields.text("holderName", &account.holder_name);
            json.object("refundReceiveAccount", fields);
        }
        json
    }
}

/// Options of a bank transfer (types, `TransferPaymentRequest.transfer`).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub struct TransferOptions {
    /// The part that is excluded from tax.
    pub tax_exemption_amount: Option<Won>,
    /// The cash receipt to offer.
    pub cash_receipt: Option<CashReceipt>,
    /// Whether to pay through escrow.
    pub use_escrow: Option<bool>,
    /// The goods, for escrow.
    pub escrow_products: Vec<EscrowProduct>,
    /// Until when this can be paid, in hours.
    pub valid_hours: Option<u32>,
    /// Until when this can be paid, `yyyy-MM-dd'T'HH:mm:ss`; not together with `valid_hours`.
    pub due_date: Option<String>,
    /// Whether it counts as cultural expense.
    pub is_cultural_expenses: Option<bool>,
    /// Whether accounts at securities firms are offered.
    pub show_securities_account: Option<bool>,
    /// Who moves the money.
    pub provider: Option<TransferProvider>,
}

setters! {
    TransferOptions {
        some tax_exemption_amount: Won,
        some cash_receipt: CashReceipt,
        some use_escrow: bool,
        list escrow_products: EscrowProduct,
        some valid_hours: u32,
        text due_date,
        some is_cultural_expenses: bool,
        some show_securities_account: bool,
        some provider: TransferProvider,
    }
}

impl TransferOptions {
    pub(super) fn checked(&self) -> Checked {
        let one = self.valid_hours.is_none() || self.due_date.is_none();
        check(one, &Limit { field: "transfer.due_date", must_be: "absent if valid_hours is present" })
    }

    pub(super) fn json(&self) -> Json {
        let mut json = Json::new();
        json.some_won("taxExemptionAmount", self.tax_exemption_amount);
        CashReceipt::put(self.cash_receipt, &mut json);
        json.some_flag("useEscrow", self.use_escrow);
        put_escrow_products(&mut json, &self.escrow_products);
        json.some_number("validHours", self.valid_hours);
        json.some_text("dueDate", self.due_date.as_deref());
        json.some_flag("isCulturalExpenses", self.is_cultural_expenses);
        json.some_flag("showSecuritiesAccount", self.show_securities_account);
        json.some_text("provider", self.provider.map(TransferProvider::as_str));
        json
    }
}

/// Options of a payment by mobile phone (types, `MobilePhonePaymentRequest.mobilePhone`).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub struct MobilePhoneOptions {
    /// The carriers to offer; empty for all.
    pub mobile_carriers: Vec<MobileCarrier>,
}

setters! {
    MobilePhoneOptions {
        list mobile_carriers: MobileCarrier,
    }
}

impl MobilePhoneOptions {
    pub(super) fn json(&self) -> Json {
        let mut json = Json::new();
        put_carriers(&mut json, "mobileCarriers", &self.mobile_carriers);
        json
    }
}
