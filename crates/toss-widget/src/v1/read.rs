//! What the script answered, read strictly where money or consent depends on it and leniently elsewhere. `None` is an
//! answer that its documentation does not allow.

use super::values::{AgreementStatus, PaymentResult, SelectedMethod, Term};
use crate::payment::PaymentType;
use crate::raw::Value;
use toss_types::{OrderId, PaymentKey};

pub(super) fn payment_result(answer: &Value) -> Option<PaymentResult> {
    Some(PaymentResult {
        payment_type: answer.text("paymentType").map(|word| PaymentType::from(word.as_str())),
        payment_key: answer.text("paymentKey").and_then(PaymentKey::received)?,
        order_id: answer.text("orderId").and_then(OrderId::received)?,
        amount: answer.won("amount")?,
        method_id: answer.text("methodId"),
    })
}

pub(super) fn selected_method(answer: &Value) -> Option<SelectedMethod> {
    Some(SelectedMethod {
        kind: PaymentType::from(answer.text("type")?.as_str()),
        method: answer.text("method"),
        method_id: answer.text("methodId"),
        easy_pay_provider: answer.get("easyPay").and_then(|easy_pay| easy_pay.text("provider")),
        payment_method_key: answer.text("paymentMethodKey"),
    })
}

pub(super) fn agreement_status(answer: &Value) -> Option<AgreementStatus> {
    Some(AgreementStatus {
        agreed_required_terms: answer.flag("agreedRequiredTerms")?,
        terms: answer.items("terms").iter().map(term).collect(),
    })
}

fn term(answer: &Value) -> Term {
    Term {
        id: answer.text("id").unwrap_or_default(),
        agreed: answer.flag("agreed").unwrap_or_default(),
        required: answer.flag("required").unwrap_or_default(),
        title: answer.text("title").unwrap_or_default(),
        content: answer.text("content").unwrap_or_default(),
    }
}
