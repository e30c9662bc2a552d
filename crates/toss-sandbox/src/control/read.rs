//! What the calls of the control plane are told, as the types that [`Control`](super::Control) takes.

use super::{
    NewEvent, NewPayment, OperatorRefund,
    body::{Body, Fields, decimal, exactly},
};
use crate::{
    endpoint::Endpoint,
    error::ApiError,
    fault::{Fault, Rule, Scope, ScriptFault, Times},
    method::Method,
    money::{Currency, Decimal},
    webhook::{EventType, Registration, WebhookFault, WebhookRule},
};

const TIMES: &str = r#""once", "always", {"next": n} or {"chance": {"percent": n}}"#;

pub(super) fn times(fields: &mut Fields) -> Result<Option<Times>, ApiError> {
    fields.optional("times", exactly, TIMES)
}

/// An amount in the currency of a payment that is known later.
pub(super) fn amount(fields: &mut Fields) -> Result<Option<Decimal>, ApiError> {
    fields.optional("amount", decimal, "a number, such as 45000, or 726.24 in USD")
}

pub(super) fn new_payment(body: &Body) -> Result<(NewPayment, Decimal), ApiError> {
    let mut fields = body.fields(&[
        "orderId",
        "orderName",
        "amount",
        "currency",
        "method",
        "successUrl",
        "failUrl",
        "declineAtConfirm",
        "clientKey",
        "authenticated",
    ])?;
    let (order_id, order_name) = (fields.required_text("orderId")?, fields.required_text("orderName")?);
    let amount = fields.required("amount", decimal, "a number, such as 45000, or 726.24 in USD")?;
    let payment = NewPayment {
        currency: fields.word("currency", Currency::ALL)?.unwrap_or_default(),
        method: fields.word("method", Method::ALL)?.unwrap_or_default(),
        success_url: fields.text("successUrl")?,
        fail_url: fields.text("failUrl")?,
        decline_at_confirm: fields.text("declineAtConfirm")?,
        client_key: fields.text("clientKey")?,
        authenticated: fields.flag("authenticated")?.unwrap_or(true),
        ..NewPayment::new(order_id, order_name, 0)
    };
    Ok((payment, amount))
}

/// A refund by an operator, and its amount.
pub(super) fn refund(body: &Body) -> Result<(OperatorRefund, Option<Decimal>), ApiError> {
    let mut fields = body.fields(&["amount", "reason"])?;
    let amount = amount(&mut fields)?;
    Ok((OperatorRefund { amount: None, reason: fields.text("reason")? }, amount))
}

pub(super) fn rule(body: &Body) -> Result<Rule, ApiError> {
    let mut fields = body.fields(&["fault", "endpoint", "orderId", "clientKey", "times"])?;
    let fault = fields.fault("fault", Fault::KINDS)?;
    let endpoint = fields.required_word("endpoint", Endpoint::ALL)?;
    let scope = Scope { endpoint, order_id: fields.text("orderId")?, client_key: fields.text("clientKey")? };
    Ok(Rule { fault, scope, times: times(&mut fields)?.unwrap_or_default() })
}

pub(super) fn script_rule(body: &Body) -> Result<(ScriptFault, Times), ApiError> {
    let mut fields = body.fields(&["fault", "times"])?;
    Ok((fields.fault("fault", ScriptFault::KINDS)?, times(&mut fields)?.unwrap_or_default()))
}

pub(super) fn webhook_rule(body: &Body) -> Result<WebhookRule, ApiError> {
    let mut fields = body.fields(&["fault", "eventType", "orderId", "clientKey", "times"])?;
    let fault = fields.fault("fault", WebhookFault::KINDS)?;
    let event_type = fields.word("eventType", &EventType::ALL)?;
    let (order_id, client_key) = (fields.text("orderId")?, fields.text("clientKey")?);
    Ok(WebhookRule { fault, event_type, order_id, client_key, times: times(&mut fields)?.unwrap_or_default() })
}

pub(super) fn event(body: &Body) -> Result<NewEvent, ApiError> {
    let mut fields = body.fields(&["eventType", "data", "orderId"])?;
    let event_type = fields.required_word("eventType", &EventType::ALL)?;
    Ok(NewEvent { event_type, data: fields.required_object("data")?, order_id: fields.text("orderId")? })
}

pub(super) fn registration(body: &Body) -> Result<Registration, ApiError> {
    let mut fields = body.fields(&["url", "events"])?;
    let url = fields.required_text("url")?;
    let known: Vec<_> = EventType::ALL.iter().map(|event| format!("\"{}\"", event.as_str())).collect();
    let events = fields.optional("events", exactly::<Vec<EventType>>, &format!("a list of event types: {}", known.join(", ")))?;
    Ok(match events {
        Some(events) => Registration { url, events },
        None => Registration::new(url),
    })
}
