//! What a message says to the shopper, if it is for shoppers and still holds.

use super::letter::Letter;
use super::texts::{self, Topic};
use crate::domain::banks::bank_name;
use crate::domain::lang::Lang;
use crate::domain::methods::method_name;
use crate::domain::{routes, texts as domain_texts};
use crate::server::amounts;
use crate::server::details::Details;
use crate::server::korean_time::in_words;
use payment_engine::OrderRecord;
use payment_engine::order::{Approval, Deposit, DepositAccount, Expiry, NoticeKind, Origin, Progress, Refund, State};
use payment_engine::outbox::Message;
use payment_engine::toss_payments::{Amount, Timestamp};
use serde::Deserialize;

/// Longer names are hardly those of people.
const NAME_MAX: usize = 40;

/// What mails say of the shop.
pub(super) struct Shop {
    /// Where its pages are, without a slash at the end.
    pub(super) public_url: String,
}

/// Why a message cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("its body is not one of the engine's: {0}")]
    Body(#[from] serde_json::Error),
    #[error("it has an amount that is none")]
    Amount,
}

/// How the order stood when it happened: the part of a message's body that mails tell.
#[derive(Deserialize)]
struct Body {
    data: Stood,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stood {
    paid: String,
    refunded: String,
    #[serde(default)]
    hold_until: Option<String>,
    #[serde(default)]
    refunds: Vec<StoodRefund>,
}

#[derive(Deserialize)]
struct StoodRefund {
    id: String,
    amount: String,
    status: String,
    origin: String,
}

/// The letter, or `None` where the message is nothing for shoppers, or does not hold at `now_ms` (ms since 1970 UTC) any more.
pub(super) fn letter(
    shop: &Shop,
    message: &Message,
    order: &OrderRecord,
    details: &Details,
    now_ms: i64,
) -> Result<Option<Letter>, Unreadable> {
    let letter = Writer { shop, message, order, details, lang: details.lang, now_ms };
    match message.kind {
        NoticeKind::Paid => letter.receipt(),
        NoticeKind::DepositWaiting => Ok(letter.deposit(Topic::DepositWaiting, None)),
        NoticeKind::DepositReversed => Ok(letter.deposit(Topic::DepositReversed, Some(message.at_ms))),
        NoticeKind::Refunded => letter.refunded(),
        NoticeKind::Expired => Ok(letter.expired()),
        // The page says it while the shopper is there, or it is the operator's.
        NoticeKind::RefundRefused | NoticeKind::RefundFailed | NoticeKind::Declined | NoticeKind::InDoubt => Ok(None),
        // A kind that a later engine knows, and this shop has no words for.
        _ => Ok(None),
    }
}

struct Writer<'a> {
    shop: &'a Shop,
    message: &'a Message,
    order: &'a OrderRecord,
    details: &'a Details,
    lang: Lang,
    now_ms: i64,
}

impl Writer<'_> {
    fn letter(&self, topic: Topic, more: Vec<String>, facts: Vec<(&'static str, Option<String>)>) -> Letter {
        let lang = self.lang;
        let of_order = [
            (domain_texts::order_name(lang), Some(self.order.order.name.clone())),
            (domain_texts::order_number(lang), Some(self.order.order.id.to_string())),
        ];
        Letter {
            lang,
            subject: texts::subject(lang, topic),
            heading: topic.heading(lang),
            name: name(&self.details.customer.name),
            paragraphs: topic.text(lang).map(str::to_owned).into_iter().chain(more).collect(),
            facts: facts.into_iter().chain(of_order).filter_map(|(label, value)| Some((label, value?))).collect(),
            link: format!("{}{}", self.shop.public_url, routes::order(&self.order.order.id)),
        }
    }

    fn amount(&self, amount: Amount) -> String {
        amounts::in_words(self.lang, self.order, amount)
    }

    fn stood(&self) -> Result<Stood, Unreadable> {
        Ok(serde_json::from_str::<Body>(&self.message.body)?.data)
    }

    /// Where the bank has taken the deposit back since, that is told instead.
    fn receipt(&self) -> Result<Option<Letter>, Unreadable> {
        let State::Paid { approval, deposit, .. } = &self.order.state else { return Ok(None) };
        let stood = self.stood()?;
        if !is_of(&stood, deposit.as_ref()) {
            return Ok(None);
        }
        let lang = self.lang;
        let Approval { method, approved_at, .. } = approval;
        let at_ms = approved_at.as_deref().and_then(|at| Timestamp::new(at).unix_ms()).unwrap_or(self.message.at_ms);
        let facts = vec![
            (domain_texts::paid_amount(lang), Some(self.amount(parsed(&stood.paid)?))),
            (domain_texts::method(lang), method.as_deref().map(|method| method_name(method, lang).to_owned())),
            (domain_texts::approved_at(lang), Some(in_words(at_ms, lang))),
        ];
        let is_on_hold = deposit.as_ref().is_some_and(|deposit| !deposit.has_stayed);
        let hold = is_on_hold.then(|| domain_texts::hold_text(lang).to_owned());
        Ok(Some(self.letter(Topic::Receipt, hold.into_iter().collect(), facts)))
    }

    /// Nobody is sent to an account that has been paid into, whose time is over, or that another mail is about.
    fn deposit(&self, topic: Topic, reversed_at: Option<i64>) -> Option<Letter> {
        let State::AwaitingDeposit { account, reversed_at_ms, .. } = &self.order.state else { return None };
        if *reversed_at_ms != reversed_at || account.is_overdue(self.now_ms) {
            return None;
        }
        let lang = self.lang;
        let DepositAccount { bank_code, account_number, holder, due_at_ms, .. } = account;
        let amount = self.amount(self.order.order.total.amount());
        let due = due_at_ms.map(|due_at_ms| in_words(due_at_ms, lang));
        let how = domain_texts::deposit_text(lang, &amount, due.as_deref());
        let bank = bank_code.as_ref().map(|code| bank_name(code, lang).map_or_else(|| code.clone(), str::to_owned));
        let facts = vec![
            (domain_texts::amount_to_transfer(lang), Some(amount)),
            (domain_texts::bank(lang), bank),
            (domain_texts::account_number(lang), account_number.clone()),
            (domain_texts::account_holder(lang), holder.clone()),
            (domain_texts::due_date(lang), due),
        ];
        Some(self.letter(topic, vec![how], facts))
    }

    /// All of it as it stood: what was given back, one by one, and what is left.
    fn refunded(&self) -> Result<Option<Letter>, Unreadable> {
        let lang = self.lang;
        let stood = self.stood()?;
        let (paid, refunded) = (parsed(&stood.paid)?, parsed(&stood.refunded)?);
        let done: Vec<&StoodRefund> = stood.refunds.iter().filter(|refund| refund.status == "done").collect();
        let mut facts = Vec::new();
        for refund in &done {
            let is_duplicate = refund.origin == Origin::Duplicate.word();
            let label = if is_duplicate { texts::duplicate_refund(lang) } else { texts::refund(lang) };
            let at = in_words(self.done_at_ms(&refund.id), lang);
            facts.push((label, Some(texts::refund_at(&self.amount(parsed(&refund.amount)?), &at))));
        }
        let topic = match (refunded.is_zero(), refunded == paid) {
            (true, _) => Topic::RefundedDuplicate,
            (false, true) => Topic::RefundedWhole,
            (false, false) => Topic::RefundedPart,
        };
        if topic != Topic::RefundedDuplicate {
            let left = paid.checked_sub(refunded).ok_or(Unreadable::Amount)?;
            facts.push((texts::refunded_in_all(lang), (done.len() > 1).then(|| self.amount(refunded))));
            facts.push((domain_texts::remaining(lang), Some(self.amount(left))));
        }
        let to_account = done.iter().any(|refund| self.refund(&refund.id).is_some_and(|known| known.to_account));
        let is_deposit = matches!(&self.order.state, State::Paid { deposit: Some(_), .. });
        let goes_to_account = to_account || (is_deposit && topic != Topic::RefundedDuplicate);
        let way = if goes_to_account { domain_texts::refund_by_account(lang) } else { domain_texts::refund_by_card(lang) };
        Ok(Some(self.letter(topic, vec![way.to_owned()], facts)))
    }

    fn refund(&self, id: &str) -> Option<&Refund> {
        self.order.refunds.iter().find(|refund| refund.id.as_str() == id)
    }

    fn done_at_ms(&self, id: &str) -> i64 {
        let done_at = self.refund(id).and_then(|refund| match &refund.progress {
            Progress::Done { done_at, .. } => done_at.as_deref(),
            Progress::Asked | Progress::InDoubt { .. } | Progress::Pending | Progress::Refused(_) => None,
        });
        done_at.and_then(|at| Timestamp::new(at).unix_ms()).unwrap_or(self.message.at_ms)
    }

    /// Only whoever was told an account has to hear that it is over.
    fn expired(&self) -> Option<Letter> {
        let State::Expired { reason, .. } = &self.order.state else { return None };
        let topic = match reason {
            Expiry::NoDeposit => Topic::NoDeposit,
            Expiry::Canceled => Topic::Canceled,
            Expiry::OutOfTime | Expiry::Replaced => return None,
        };
        let total = self.amount(self.order.order.total.amount());
        Some(self.letter(topic, Vec::new(), vec![(domain_texts::order_total(self.lang), Some(total))]))
    }
}

fn parsed(amount: &str) -> Result<Amount, Unreadable> {
    Amount::parse(amount).ok_or(Unreadable::Amount)
}

/// Whether what is paid by now is what the message tells of, and not a deposit that was made again.
fn is_of(stood: &Stood, deposit: Option<&Deposit>) -> bool {
    let told = stood.hold_until.as_deref().and_then(|until| Timestamp::new(until).unix_ms());
    told == deposit.map(|deposit| deposit.hold_until_ms)
}

/// The name to greet by. What may be more than a name, a link above all, is left out: whoever orders names the address that gets the
/// mail, and the shop carries no messages between strangers.
fn name(typed: &str) -> Option<String> {
    let is_of_names = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '·');
    (typed.chars().any(char::is_alphabetic) && typed.chars().count() <= NAME_MAX && typed.chars().all(is_of_names))
        .then(|| typed.to_owned())
}
