//! `books`: Toss's transactions held against the orders, what a person has to look at, and what Toss pays out.

use super::answer::Answer;
use super::document::{Closed, FindingBody, Findings, PayOutBody, PayOuts, RanBooks};
use super::failure::{Exit, Failure, pick};
use super::table::Table;
use super::words::{finding, money};
use crate::domain::lang::Lang;
use crate::server::korean_time::in_words;
use payment_engine::Engine;
use payment_engine::store::{Closing, Finding, FindingQuery};
use payment_engine::toss_payments::Date;

pub(super) async fn run(engine: &Engine, lang: Lang) -> Result<Answer, Failure> {
    let report = engine.run_books().await.map_err(|error| Failure::books(lang, &error))?;
    let open = engine.books_findings(&FindingQuery::open(MOST)).await.map_err(|error| Failure::store(lang, &error))?;
    let mut text = match lang {
        Lang::Ko => format!(
            "토스의 거래 {}건을 대조했어요(이 상점 것이 아닌 거래 {}건). 조회 {}건, 고친 차이 {}건, 새로 찾은 차이 {}건.\n",
            report.transactions, report.foreign, report.look_ups, report.mended, report.found
        ),
        Lang::En => format!(
            "{} transactions compared, of which {} are of no order of this shop; {} payments looked up, {} differences mended, {} new ones found.\n",
            report.transactions, report.foreign, report.look_ups, report.mended, report.found
        ),
    };
    text += &match lang {
        Lang::Ko => {
            format!("{}까지 대조했어요. 토스가 늦게 알려 주기도 해서 마지막 2분은 다음에 대조해요.\n", in_words(report.until_ms, lang))
        }
        Lang::En => format!(
            "Compared until {}; the last two minutes come with the next run, since Toss may list late.\n",
            in_words(report.until_ms, lang)
        ),
    };
    text += &match (report.settlements, lang) {
        (Some(count), Lang::Ko) => format!("정산 {count}건을 읽었어요.\n"),
        (Some(count), Lang::En) => format!("{count} settlements read.\n"),
        (None, Lang::Ko) => "토스가 정산을 알려 주지 않았어요.\n".to_owned(),
        (None, Lang::En) => "Toss has given no settlements.\n".to_owned(),
    };
    if !open.is_empty() {
        text += &format!("\n{}", told(lang, &open));
    }
    Ok(Answer::new(text, &RanBooks::of(&report, &open)))
}

/// More than anybody reads at once.
const MOST: u32 = 1_000;

pub(super) async fn report(engine: &Engine, lang: Lang, all: bool, limit: u32) -> Result<Answer, Failure> {
    let query = if all { FindingQuery::all(limit) } else { FindingQuery::open(limit) };
    let found = engine.books_findings(&query).await.map_err(|error| Failure::store(lang, &error))?;
    let text = match found.is_empty() {
        true if all => pick(lang, "찾은 차이가 없어요.\n", "Nothing was found.\n").to_owned(),
        true => pick(lang, "사람이 봐야 할 차이가 없어요.\n", "Nothing waits for a person.\n").to_owned(),
        false => told(lang, &found),
    };
    Ok(Answer::new(text, &Findings { findings: found.iter().map(FindingBody::of).collect() }))
}

fn told(lang: Lang, found: &[Finding]) -> String {
    let headings = match lang {
        Lang::Ko => ["차이", "찾은 시각", "종류", "주문번호", "금액", "상태", "내용"],
        Lang::En => ["FINDING", "FOUND", "KIND", "ORDER", "AMOUNT", "STATUS", "WHAT"],
    };
    let mut table = Table::new(&headings, &[4]);
    for one in found {
        let status = match &one.closed {
            None => pick(lang, "열림", "open").to_owned(),
            Some((_, Closing::Mended)) => pick(lang, "고쳐짐", "mended").to_owned(),
            Some((_, Closing::ByHand(note))) => format!("{}: {note}", pick(lang, "닫음", "closed")),
        };
        table.row([
            one.id.clone(),
            in_words(one.found_at_ms, lang),
            finding(lang, one.kind).to_owned(),
            one.order_id.as_ref().map_or("-", |id| id.as_str()).to_owned(),
            one.amount.as_ref().map_or_else(|| "-".to_owned(), |amount| money(lang, amount.amount(), amount.currency())),
            status,
            one.what.clone(),
        ]);
    }
    table.render()
}

pub(super) async fn close(engine: &Engine, lang: Lang, id: &str, note: &str) -> Result<Answer, Failure> {
    if note.trim().is_empty() {
        let message = pick(lang, "무엇을 확인했는지 적어 주세요.", "say what came of it");
        return Err(Failure::of_field("--note", "note_missing", message));
    }
    if !engine.close_finding(id, note.trim()).await.map_err(|error| Failure::store(lang, &error))? {
        let message = pick(lang, "열려 있는 차이 중에 해당하는 것이 없어요.", "no finding that is open has that id");
        return Err(Failure { field: Some("FINDING"), ..Failure::new(Exit::Refused, "finding_not_found", message) });
    }
    let text = pick(lang, "닫았어요. 같은 차이는 다시 알리지 않아요.\n", "Closed; the same is not told again.\n");
    Ok(Answer::new(text, &Closed { closed: id.to_owned() }))
}

pub(super) async fn pay_outs(engine: &Engine, lang: Lang, from: &str, to: &str) -> Result<Answer, Failure> {
    let (from, to) = (day(lang, "--from", from)?, day(lang, "--to", to)?);
    let paid_out = engine.pay_outs(&from, &to).await.map_err(|error| Failure::store(lang, &error))?;
    let text = if paid_out.is_empty() {
        pick(lang, "해당 기간의 지급 내역이 없어요.\n", "Nothing is known to be paid out between those days.\n").to_owned()
    } else {
        let headings = match lang {
            Lang::Ko => ["지급일", "건수", "수수료", "지급액", "금액을 모르는 건"],
            Lang::En => ["DAY", "NUMBER", "FEES", "PAID OUT", "WITHOUT AMOUNTS"],
        };
        let mut table = Table::new(&headings, &[1, 2, 3, 4]);
        for one in &paid_out {
            table.row([
                one.day.clone(),
                one.settlements.to_string(),
                money(lang, one.fee, &one.currency),
                money(lang, one.pay_out, &one.currency),
                one.incomplete.to_string(),
            ]);
        }
        table.render()
    };
    Ok(Answer::new(text, &PayOuts { pay_outs: paid_out.iter().map(PayOutBody::of).collect() }))
}

fn day(lang: Lang, field: &'static str, text: &str) -> Result<Date, Failure> {
    Date::parse(text.trim()).map_err(|_| {
        let message = pick(lang, "날짜를 2026-11-27처럼 적어 주세요.", "write a day such as 2026-11-27");
        Failure::of_field(field, "date_malformed", message)
    })
}
