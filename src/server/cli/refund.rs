//! `refund`: gives back all or a part of an order.

use super::answer::Answer;
use super::args;
use super::document::{Order, RefundBody, Refunded};
use super::failure::{Exit, Failure};
use super::input;
use super::orders::{facts, find, order_id};
use super::table::printable;
use super::words::money;
use crate::domain::lang::Lang;
use crate::server::korean_time::in_words;
use payment_engine::order::{Progress, Refund};
use payment_engine::{Engine, OrderRecord, RefundRequest};
use std::time::Duration;

/// Longer than a call to Toss takes, and the look-up of one whose answer was lost.
const PATIENCE: Duration = Duration::from_secs(75);

pub(super) async fn run(engine: &Engine, lang: Lang, typed: &args::Refund) -> Result<Answer, Failure> {
    let id = order_id(lang, &typed.id)?;
    let record = find(engine, lang, &id).await?;
    let request = request(lang, typed, &record)?;
    let is_repeated = request.id.as_ref().is_some_and(|id| record.refunds.get(id).is_some());
    let refund = engine.refund(&id, request, PATIENCE).await.map_err(|error| Failure::refund(lang, &error))?;
    let record = find(engine, lang, &id).await?;
    let document = Refunded { repeated: is_repeated, refund: RefundBody::of(&refund), order: Order::of(&record) };
    let before = if is_repeated { repeated(lang, &refund) } else { String::new() };
    let answer = Answer::new(format!("{before}{}\n\n{}", printable(&said(lang, &refund)), facts(lang, &record)), &document);
    Ok(match &refund.progress {
        Progress::Done { .. } => answer,
        Progress::Asked | Progress::InDoubt { .. } | Progress::Pending => answer.but(Failure::refund_in_doubt(lang)),
        Progress::Refused(_) => answer.but(Failure::new(Exit::Refused, "refused_by_toss", said(lang, &refund))),
    })
}

fn request(lang: Lang, typed: &args::Refund, record: &OrderRecord) -> Result<RefundRequest, Failure> {
    let currency = record.order.total.currency();
    let mut request = RefundRequest::new(input::reason(lang, typed.reason.as_deref())?);
    if let Some(amount) = &typed.amount {
        request = request.amount(input::amount(lang, "--amount", amount, currency)?);
    }
    if let Some(tax_free) = &typed.tax_free {
        request = request.tax_free(input::amount(lang, "--tax-free", tax_free, currency)?);
    }
    if let Some(left) = &typed.left {
        request = request.left(input::amount(lang, "--left", left, currency)?);
    }
    if let Some(name) = &typed.name {
        request = request.id(input::name(lang, name)?);
    }
    if typed.keep_stock {
        request = request.keep_stock();
    }
    request = match typed.account.as_deref() {
        None => request,
        Some("-") => request.account(input::account(lang, &typed_in(lang)?)?),
        Some(account) => request.account(input::account(lang, account)?),
    };
    Ok(request)
}

/// What was asked for before is not asked for again, whatever account was named this time.
fn repeated(lang: Lang, refund: &Refund) -> String {
    let at = in_words(refund.asked_at_ms, lang);
    match lang {
        Lang::Ko => format!("같은 이름의 환불을 {at}에 이미 요청했어요. 이번에는 아무것도 보내지 않았어요.\n"),
        Lang::En => format!("A refund of that name was asked for before, {at}; nothing was sent this time.\n"),
    }
}

/// A line of standard input.
fn typed_in(lang: Lang) -> Result<String, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    read.map_err(|cause| {
        let message = match lang {
            Lang::Ko => format!("표준 입력을 읽을 수 없어요: {cause}"),
            Lang::En => format!("standard input cannot be read: {cause}"),
        };
        Failure::of_field("--account", "account_malformed", message)
    })?;
    Ok(line)
}

/// What has become of it.
fn said(lang: Lang, refund: &Refund) -> String {
    let amount = money(lang, refund.amount.amount(), refund.amount.currency());
    match (&refund.progress, lang) {
        (Progress::Done { .. }, Lang::Ko) if refund.is_void => "입금 전 가상계좌를 취소했어요.".to_owned(),
        (Progress::Done { .. }, Lang::En) if refund.is_void => "The account was taken back; nobody had paid into it.".to_owned(),
        (Progress::Done { .. }, Lang::Ko) => format!("{amount}을 환불했어요."),
        (Progress::Done { .. }, Lang::En) => format!("{amount} refunded."),
        (Progress::Asked | Progress::InDoubt { .. } | Progress::Pending, Lang::Ko) => format!("{amount} 환불을 요청했어요."),
        (Progress::Asked | Progress::InDoubt { .. } | Progress::Pending, Lang::En) => format!("A refund of {amount} was asked for."),
        (Progress::Refused(decline), Lang::Ko) => format!("토스가 {amount} 환불을 거절했어요: {}", decline.code),
        (Progress::Refused(decline), Lang::En) => format!("Toss has refused to give back {amount}: {}", decline.code),
    }
}
