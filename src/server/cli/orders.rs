//! `orders`: list, show, check.

use super::answer::Answer;
use super::document::{Check, EventBody, List, MessageBody, More, Order, RefundBody, SettlementBody, Show};
use super::failure::{Exit, Failure, pick};
use super::outbox;
use super::table::{Table, printable};
use super::words::{came_of_it, event, money, origin, progress, standing};
use crate::domain::lang::Lang;
use crate::domain::methods::method_name;
use crate::server::korean_time::in_words;
use payment_engine::store::{OrderQuery, SettlementRecord};
use payment_engine::toss_payments::Amount;
use payment_engine::{CameOfIt, Engine, EventRecord, OrderRecord};
use toss_types::OrderId;

/// The number of an order. What cannot be one is no order of this shop.
///
/// # Errors
/// Then.
pub(super) fn order_id(lang: Lang, text: &str) -> Result<OrderId, Failure> {
    OrderId::parse(text.trim()).map_err(|_| Failure::no_such_order(lang))
}

/// The order of that number.
///
/// # Errors
/// Where there is none, or the store fails.
pub(super) async fn find(engine: &Engine, lang: Lang, id: &OrderId) -> Result<OrderRecord, Failure> {
    let found = engine.order(id).await.map_err(|error| Failure::store(lang, &error))?;
    found.ok_or_else(|| Failure::no_such_order(lang))
}

pub(super) async fn list(engine: &Engine, lang: Lang, status: Option<&str>, limit: u32) -> Result<Answer, Failure> {
    let newest = OrderQuery::newest(limit);
    let query = match status {
        Some(word) => newest.status(word),
        None => newest,
    };
    let records = engine.orders(&query).await.map_err(|error| Failure::store(lang, &error))?;
    let orders: Vec<Order> = records.iter().map(Order::of).collect();
    if orders.is_empty() {
        let none = pick(lang, "주문이 없어요.\n", "There are no orders.\n").to_owned();
        return Ok(Answer::new(none, &List { orders }));
    }
    let headings = match lang {
        Lang::Ko => ["주문번호", "주문 시각", "상태", "금액", "환불", "주문자"],
        Lang::En => ["ORDER", "PLACED", "STATUS", "TOTAL", "REFUNDED", "CUSTOMER"],
    };
    let mut table = Table::new(&headings, &[3, 4]);
    for (record, order) in records.iter().zip(&orders) {
        let currency = record.order.total.currency();
        table.row([
            record.order.id.as_str().to_owned(),
            in_words(record.order.placed_at_ms, lang),
            standing(lang, record.standing()).to_owned(),
            money(lang, record.order.total.amount(), currency),
            money(lang, record.balance().refunded, currency),
            order.customer_name().unwrap_or("-").to_owned(),
        ]);
    }
    Ok(Answer::new(table.render(), &List { orders }))
}

pub(super) async fn show(engine: &Engine, lang: Lang, id: &str, contact: bool) -> Result<Answer, Failure> {
    let failed = |error| Failure::store(lang, &error);
    let record = find(engine, lang, &order_id(lang, id)?).await?;
    let events = engine.events(&record.order.id).await.map_err(failed)?;
    let mut messages = outbox::undelivered(engine, false, outbox::MOST).await.map_err(failed)?;
    messages.retain(|(message, _)| message.order_id == record.order.id);
    let settlements = engine.settlements_of(&record.order.id).await.map_err(failed)?;
    let text = [
        facts_of(lang, &record, &Order::with_contact(&record, contact)),
        refunds(lang, &record),
        settled(lang, &settlements),
        history(lang, &events),
        outbox::told(lang, &messages),
    ]
    .concat();
    let document = Show {
        order: Order::with_contact(&record, contact),
        refunds: record.refunds.iter().map(RefundBody::of).collect(),
        settlements: settlements.iter().map(SettlementBody::of).collect(),
        events: events.iter().map(|event| EventBody::of(lang, event)).collect(),
        messages: messages.iter().map(|(message, is_dead)| MessageBody::of(message, *is_dead)).collect(),
    };
    Ok(Answer::new(text, &document))
}

pub(super) async fn check(engine: &Engine, lang: Lang, id: &str) -> Result<Answer, Failure> {
    let checked = engine.check(&order_id(lang, id)?).await.map_err(|error| Failure::check(lang, &error))?;
    let said = came_of_it(lang, &checked.came_of_it);
    let text = format!("{}\n\n{}{}", printable(&said), facts(lang, &checked.record), refunds(lang, &checked.record));
    let answer = Answer::new(text, &Check::of(&checked.record, &checked.came_of_it));
    Ok(match checked.came_of_it {
        CameOfIt::Changed | CameOfIt::NothingNew | CameOfIt::NothingToAsk => answer,
        CameOfIt::Undecided => answer.but(Failure::new(Exit::Unknown, "in_doubt", said)),
        CameOfIt::Disagreement(_) => answer.but(Failure::new(Exit::Unknown, "disagreement", said)),
    })
}

/// What is known of an order, a line each.
pub(super) fn facts(lang: Lang, record: &OrderRecord) -> String {
    facts_of(lang, record, &Order::of(record))
}

fn facts_of(lang: Lang, record: &OrderRecord, order: &Order) -> String {
    let (balance, currency) = (record.balance(), record.order.total.currency());
    let amount = |amount| money(lang, amount, currency);
    let mut table = Table::new(&[], &[]);
    let mut fact = |ko: &str, en: &str, value: String| table.row([pick(lang, ko, en).to_owned(), value]);
    fact("주문번호", "Order", record.order.id.as_str().to_owned());
    fact("상품", "Goods", record.order.name.clone());
    fact("내역", "Items", order.taken());
    fact("상태", "Status", standing(lang, record.standing()).to_owned());
    fact("주문 시각", "Placed", in_words(record.order.placed_at_ms, lang));
    fact("주문자", "Customer", order.contact().unwrap_or_else(|| pick(lang, "지워짐", "forgotten").to_owned()));
    fact("금액", "Total", amount(record.order.total.amount()));
    if let Some(paid) = &balance.paid {
        fact("결제", "Paid", amount(paid.amount()));
        fact("환불", "Refunded", amount(balance.refunded));
        if !balance.under_way.is_zero() {
            fact("확인 중인 환불", "Refund under way", amount(balance.under_way));
        }
        fact("환불 가능", "Refundable", amount(balance.refundable));
    }
    let more = More::of(record);
    if let Some(method) = more.method {
        fact("결제 수단", "Paid with", method_name(method, lang).to_owned());
    }
    if let Some(hold_until_ms) = more.hold_until_ms {
        let at = in_words(hold_until_ms, lang);
        fact("출고 보류", "Hold goods until", if lang == Lang::Ko { format!("{at}까지") } else { at });
    }
    if let Some(deposit_due_ms) = more.deposit_due_ms {
        fact("입금 기한", "Deposit by", in_words(deposit_due_ms, lang));
    }
    if let Some(code) = more.code {
        fact("이유", "Because", code.to_owned());
    }
    table.render().trim_start().to_owned()
}

fn refunds(lang: Lang, record: &OrderRecord) -> String {
    if record.refunds.is_empty() {
        return String::new();
    }
    let headings = match lang {
        Lang::Ko => ["환불", "시각", "금액", "상태", "요청", "사유"],
        Lang::En => ["REFUND", "ASKED", "AMOUNT", "STATUS", "BY", "REASON"],
    };
    let mut table = Table::new(&headings, &[2]);
    for refund in &record.refunds {
        table.row([
            refund.id.as_str().to_owned(),
            in_words(refund.asked_at_ms, lang),
            money(lang, refund.amount.amount(), refund.amount.currency()),
            progress(lang, &refund.progress),
            origin(lang, refund.origin).to_owned(),
            refund.reason.clone(),
        ]);
    }
    format!("\n{}", table.render())
}

/// What it comes to for the shop.
fn settled(lang: Lang, settlements: &[SettlementRecord]) -> String {
    if settlements.is_empty() {
        return String::new();
    }
    let headings = match lang {
        Lang::Ko => ["지급일", "결제 금액", "수수료", "부가세", "지급액"],
        Lang::En => ["PAID OUT ON", "AMOUNT", "FEE", "VAT", "PAID OUT"],
    };
    let mut table = Table::new(&headings, &[1, 2, 3, 4]);
    for one in settlements {
        let amount = |amount: Option<Amount>| amount.map_or_else(|| "-".to_owned(), |amount| money(lang, amount, &one.currency));
        let day = one.paid_out_day.clone().unwrap_or_else(|| "-".to_owned());
        table.row([day, amount(one.amount), amount(one.fee), amount(one.vat), amount(one.pay_out)]);
    }
    format!("\n{}", table.render())
}

fn history(lang: Lang, events: &[EventRecord]) -> String {
    let headings = match lang {
        Lang::Ko => ["번호", "시각", "있었던 일"],
        Lang::En => ["NO", "WHEN", "WHAT HAPPENED"],
    };
    let mut table = Table::new(&headings, &[0]);
    for record in events {
        table.row([record.seq.to_string(), in_words(record.at_ms, lang), event(lang, &record.event)]);
    }
    format!("\n{}", table.render())
}
