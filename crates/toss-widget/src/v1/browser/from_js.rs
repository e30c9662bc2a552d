//! What the script answered, read strictly where money or consent depends on it and leniently elsewhere. `None` is an
//! answer that its documentation does not allow.

use crate::args::MAX_SAFE_INTEGER;
use crate::js;
use crate::v1::values::{AgreementStatus, PaymentResult, PaymentType, SelectedMethod, Term};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

pub(super) fn payment_result(answer: &JsValue) -> Option<PaymentResult> {
    Some(PaymentResult {
        payment_type: PaymentType::parse(&js::text(answer, "paymentType").unwrap_or_default()),
        payment_key: js::text(answer, "paymentKey").filter(|key| !key.is_empty())?,
        order_id: js::text(answer, "orderId")?,
        amount: whole(js::get(answer, "amount").ok()?.as_f64()?)?,
        method_id: js::text(answer, "methodId"),
    })
}

pub(super) fn selected_method(answer: &JsValue) -> Option<SelectedMethod> {
    let easy_pay = js::get(answer, "easyPay").ok();
    Some(SelectedMethod {
        kind: PaymentType::parse(&js::text(answer, "type")?),
        method: js::text(answer, "method"),
        method_id: js::text(answer, "methodId"),
        easy_pay_provider: easy_pay.and_then(|easy_pay| js::text(&easy_pay, "provider")),
        payment_method_key: js::text(answer, "paymentMethodKey"),
    })
}

pub(super) fn agreement_status(answer: &JsValue) -> Option<AgreementStatus> {
    let agreed_required_terms = flag(answer, "agreedRequiredTerms")?;
    let mut terms = Vec::new();
    if let Some(answers) = js::get(answer, "terms").ok().and_then(|terms| terms.dyn_into::<Array>().ok()) {
        for at in 0..answers.length() {
            terms.push(term(&answers.get(at)));
        }
    }
    Some(AgreementStatus { agreed_required_terms, terms })
}

fn term(answer: &JsValue) -> Term {
    Term {
        id: js::text(answer, "id").unwrap_or_default(),
        agreed: flag(answer, "agreed").unwrap_or_default(),
        required: flag(answer, "required").unwrap_or_default(),
        title: js::text(answer, "title").unwrap_or_default(),
        content: js::text(answer, "content").unwrap_or_default(),
    }
}

fn flag(answer: &JsValue, key: &str) -> Option<bool> {
    js::get(answer, key).ok()?.as_bool()
}

#[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
fn whole(number: f64) -> Option<i64> {
    let fits = number.fract() == 0.0 && (0.0..=super::number(MAX_SAFE_INTEGER)).contains(&number);
    fits.then_some(number as i64)
}
