//! What the window asks of the shopper, by method: a form field each, filled in already.

use serde::Deserialize;

use crate::{
    asked::{Carrier, Flow, ReceiptUse},
    bank::{BANKS, Bank},
    html::escape,
    method::Group,
    order::{CARD_COMPANIES, CardCompany, Order, is_phone},
};

/// The filled in form. What is left out stays as it was.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Choice {
    card_company: Option<String>,
    bank: Option<String>,
    cash_receipt: Option<ReceiptUse>,
    carrier: Option<Carrier>,
    phone: Option<String>,
}

impl Choice {
    /// Whether the choice made sense; then the order is as chosen.
    pub(super) fn apply(self, order: &mut Order) -> bool {
        if let Some(code) = self.card_company {
            let Some(company) = CardCompany::parse(&code) else { return false };
            order.card_company = company;
        }
        if let Some(name) = self.bank {
            let Some(bank) = Bank::parse(&name).filter(|bank| offers(order, *bank)) else { return false };
            order.bank = Some(bank);
        }
        if self.cash_receipt.is_some() {
            order.cash_receipt = self.cash_receipt;
        }
        if self.carrier.is_some_and(|carrier| !carriers(order).contains(&carrier)) {
            return false;
        }
        if let Some(phone) = self.phone {
            if !is_phone(&phone) {
                return false;
            }
            order.customer_mobile_phone = Some(phone);
        }
        true
    }
}

fn offers(order: &Order, bank: Bank) -> bool {
    bank.issues_accounts || order.method.group() != Group::VirtualAccount
}

fn carriers(order: &Order) -> &[Carrier] {
    if order.mobile_carriers.is_empty() { &Carrier::ALL } else { &order.mobile_carriers }
}

/// The form fields. The payment UI of the widget has asked for card and bank already.
pub(super) fn asked(order: &Order) -> String {
    match (order.method.group(), order.flow) {
        (Group::Card, Flow::Window) => {
            let companies = CARD_COMPANIES.iter().map(|company| (company.code, company.name.to_owned()));
            select("cardCompany", "카드사", companies, order.card_company.code)
        }
        (Group::VirtualAccount | Group::Transfer, Flow::Window) => {
            let banks = BANKS.into_iter().filter(|bank| offers(order, *bank)).map(|bank| (bank.code, bank.name()));
            let label = if order.method.group() == Group::VirtualAccount { "입금은행" } else { "출금은행" };
            let chosen = order.bank.filter(|bank| offers(order, *bank)).unwrap_or(Bank::DEFAULT).code;
            let receipts = ReceiptUse::ALL.into_iter().map(|receipt| (receipt.korean(), receipt.korean().to_owned()));
            let receipt = order.cash_receipt.unwrap_or(ReceiptUse::None).korean();
            select("bank", label, banks, chosen) + &select("cashReceipt", "현금영수증", receipts, receipt)
        }
        (Group::MobilePhone, Flow::Widget | Flow::Window) => {
            let carriers = carriers(order).iter().map(|carrier| (carrier.code(), carrier.korean().to_owned()));
            let phone = order.customer_mobile_phone.as_deref().unwrap_or("01012345678");
            let number = format!(
                "<div class=\"field\"><label for=\"phone\">휴대폰 번호</label><input id=\"phone\" name=\"phone\" inputmode=\"numeric\" \
                 pattern=\"[0-9]{{8,15}}\" required value=\"{}\"></div>",
                escape(phone)
            );
            select("carrier", "통신사", carriers, "") + &number
        }
        (Group::Card | Group::VirtualAccount | Group::Transfer, Flow::Widget)
        | (Group::EasyPay | Group::ForeignEasyPay | Group::GiftCertificate, _) => String::new(),
    }
}

fn select(name: &str, label: &str, options: impl Iterator<Item = (&'static str, String)>, chosen: &str) -> String {
    let options: String = options
        .map(|(value, text)| {
            let selected = if value == chosen { " selected" } else { "" };
            format!("<option value=\"{value}\"{selected}>{}</option>", escape(&text))
        })
        .collect();
    format!("<div class=\"field\"><label for=\"{name}\">{label}</label><select id=\"{name}\" name=\"{name}\">{options}</select></div>")
}
