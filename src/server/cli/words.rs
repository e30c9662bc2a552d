//! What operators read, in both languages. The words of programs are those of the engine.

use super::failure::pick;
use crate::domain::lang::Lang;
use crate::domain::texts;
use payment_engine::CameOfIt;
use payment_engine::order::{Event, Origin, Outcome, Progress, RefundOutcome, Transfer};
use payment_engine::store::FindingKind;
use payment_engine::toss_payments::{Amount, Currency, Money};

/// An amount as people read it.
pub(super) fn money(lang: Lang, amount: Amount, currency: &Currency) -> String {
    match Money::new(amount, currency.clone()) {
        Ok(money) => money.as_won().map_or_else(|| money.to_string(), |won| texts::won(lang, won)),
        // Less than nothing, or with more decimals than the currency has: shown as it is.
        Err(_) => format!("{amount} {currency}"),
    }
}

/// Where an order stands, of [`OrderRecord::standing`](payment_engine::OrderRecord::standing). A word that is not known is shown as it is.
pub(super) fn standing(lang: Lang, word: &str) -> &str {
    let (ko, en) = match word {
        "open" => ("결제 전", "open"),
        "confirming" => ("승인 중", "being confirmed"),
        "in_doubt" => ("확인 중", "in doubt"),
        "declined" => ("거절됨", "declined"),
        "awaiting_deposit" => ("입금 대기", "awaiting deposit"),
        "paid" => ("결제 완료", "paid"),
        "expired" => ("만료됨", "expired"),
        "refunded" => ("전액 환불", "refunded"),
        "partly_refunded" => ("부분 환불", "partly refunded"),
        "canceled" => ("취소됨", "cancelled"),
        other => (other, other),
    };
    pick(lang, ko, en)
}

/// Where a refund stands.
pub(super) fn progress(lang: Lang, progress: &Progress) -> String {
    let said = |ko: &str, en: &str| pick(lang, ko, en).to_owned();
    match progress {
        Progress::Asked => said("요청함", "asked for"),
        Progress::InDoubt { cause } => format!("{} ({cause})", pick(lang, "확인 중", "in doubt")),
        Progress::Pending => said("해외 결제사에서 처리 중", "pending at the provider"),
        Progress::Done { .. } => said("완료", "done"),
        Progress::Refused(decline) => format!("{} ({})", pick(lang, "거절됨", "refused"), decline.code),
    }
}

/// Who wanted a refund.
pub(super) fn origin(lang: Lang, origin: Origin) -> &'static str {
    match origin {
        Origin::Shop => pick(lang, "상점", "shop"),
        Origin::Toss => pick(lang, "토스", "Toss"),
        Origin::Duplicate => pick(lang, "중복 결제", "charged twice"),
    }
}

/// What came of a look-up.
pub(super) fn came_of_it(lang: Lang, came: &CameOfIt) -> String {
    let said = |ko: &str, en: &str| pick(lang, ko, en).to_owned();
    match came {
        CameOfIt::Changed => said("토스의 답에 따라 주문을 바꿨어요.", "Toss knew more, and the order has changed."),
        CameOfIt::NothingNew => said("토스의 답이 주문과 같아요.", "Toss says what the order says."),
        CameOfIt::Undecided => {
            said("토스도 아직 알려 주지 않아요. 서버가 계속 확인해요.", "Toss does not say enough yet; the server goes on looking it up.")
        }
        CameOfIt::NothingToAsk => {
            said("돌아온 결제가 없어서 토스에 물어볼 것이 없어요.", "No payment has come back: there is nothing to ask Toss about.")
        }
        CameOfIt::Disagreement(what) => match lang {
            Lang::Ko => format!("토스의 답과 주문이 달라서 사람이 확인해야 해요: {what}"),
            Lang::En => format!("Toss and the order disagree, and a person has to look: {what}"),
        },
    }
}

/// For programs: the same in a word.
pub(super) const fn came_of_it_word(came: &CameOfIt) -> &'static str {
    match came {
        CameOfIt::Changed => "changed",
        CameOfIt::NothingNew => "nothing_new",
        CameOfIt::Undecided => "undecided",
        CameOfIt::NothingToAsk => "nothing_to_ask",
        CameOfIt::Disagreement(_) => "disagreement",
    }
}

/// An event: its word and that of its outcome, for programs.
pub(super) const fn event_words(event: &Event) -> (&'static str, Option<&'static str>) {
    match event {
        Event::ConfirmStarted(_) => ("confirm_started", None),
        Event::AnotherReturned(_) => ("another_returned", None),
        Event::ConfirmEnded { outcome, .. } => {
            let outcome = match outcome {
                Outcome::Paid(_) => "paid",
                Outcome::AwaitingDeposit(_) => "awaiting_deposit",
                Outcome::Declined(_) => "declined",
                Outcome::Canceled => "canceled",
                Outcome::Unknown { .. } => "unknown",
            };
            ("confirm_ended", Some(outcome))
        }
        Event::KeyRenewed { .. } => ("key_renewed", None),
        Event::TimeRanOut => ("time_ran_out", None),
        Event::Replaced => ("replaced", None),
        Event::DepositReversed { .. } => ("deposit_reversed", None),
        Event::DepositStayed { .. } => ("deposit_stayed", None),
        Event::TransferSeen { transfer, .. } => {
            let outcome = match transfer {
                Transfer::Pending => "pending",
                Transfer::Failed => "failed",
                Transfer::PartlyFailed => "partly_failed",
                Transfer::Completed => "completed",
            };
            ("transfer_seen", Some(outcome))
        }
        Event::NoDeposit { .. } => ("no_deposit", None),
        Event::RefundStarted(_) => ("refund_started", None),
        Event::RefundEnded { outcome, .. } => {
            let outcome = match outcome {
                RefundOutcome::Done => "done",
                RefundOutcome::Refused(_) => "refused",
                RefundOutcome::Unknown { .. } => "unknown",
            };
            ("refund_ended", Some(outcome))
        }
        Event::CancelsSeen { .. } => ("cancels_seen", None),
    }
}

/// An event in words, without payment keys and accounts.
pub(super) fn event(lang: Lang, event: &Event) -> String {
    let said = |ko: &str, en: &str| pick(lang, ko, en).to_owned();
    let with = |ko: &str, en: &str, more: &str| format!("{}: {more}", pick(lang, ko, en));
    match event {
        Event::ConfirmStarted(attempt) => {
            let amount = money(lang, attempt.amount.amount(), attempt.amount.currency());
            with("결제가 돌아와서 승인을 요청함", "a payment came back, and its confirm was begun", &amount)
        }
        Event::AnotherReturned(_) => said("다른 결제도 돌아와서 기다림", "another payment came back, and waits"),
        Event::ConfirmEnded { outcome, .. } => match outcome {
            Outcome::Paid(approval) => match &approval.method {
                Some(method) => with("결제됨", "paid", method),
                None => said("결제됨", "paid"),
            },
            Outcome::AwaitingDeposit(_) => said("가상계좌가 발급됨", "a virtual account was issued"),
            Outcome::Declined(decline) => with("거절됨", "declined", &decline.code),
            Outcome::Canceled => said("입금 전에 취소됨", "the account was taken back before a deposit"),
            Outcome::Unknown { cause, .. } => with("결제됐는지 알 수 없음", "nobody knows whether it is paid", cause),
        },
        Event::KeyRenewed { .. } => said("새 멱등키로 다시 승인을 요청함", "the confirm was begun anew under a new idempotency key"),
        Event::TimeRanOut => said("결제 시간이 지남", "its time ran out"),
        Event::Replaced => said("같은 브라우저의 새 주문으로 바뀜", "a newer order of the same browser replaced it"),
        Event::DepositReversed { .. } => said("은행이 입금을 취소함", "the bank took the deposit back"),
        Event::DepositStayed { .. } => said("입금이 취소되지 않음을 확인함", "the deposit has stayed"),
        Event::TransferSeen { transfer, .. } => match transfer {
            Transfer::Pending => said("환불금 이체 중", "the money is on its way back"),
            Transfer::Failed => said("환불금 이체 실패: 사람이 보내야 함", "the money did not reach the payer: a person has to send it"),
            Transfer::PartlyFailed => {
                said("환불금 일부 이체 실패: 사람이 보내야 함", "part of the money did not reach the payer: a person has to send it")
            }
            Transfer::Completed => said("환불금 이체 완료", "the money has arrived"),
        },
        Event::NoDeposit { .. } => said("기한 안에 입금되지 않음", "nobody paid into the account in time"),
        Event::RefundStarted(refund) => {
            let amount = money(lang, refund.amount.amount(), refund.amount.currency());
            let whom = origin(lang, refund.origin);
            match lang {
                Lang::Ko => format!("환불을 요청함: {amount}, {whom}, {}", refund.reason),
                Lang::En => format!("a refund was begun: {amount}, {whom}, {}", refund.reason),
            }
        }
        Event::RefundEnded { outcome, .. } => match outcome {
            RefundOutcome::Done => said("환불됨", "the refund is done"),
            RefundOutcome::Refused(decline) => with("환불이 거절됨", "the refund was refused", &decline.code),
            RefundOutcome::Unknown { cause } => with("환불됐는지 알 수 없음", "nobody knows whether the refund has happened", cause),
        },
        Event::CancelsSeen { cancels, .. } => {
            let amounts: Vec<String> = cancels.iter().map(|cancel| money(lang, cancel.amount.amount(), cancel.amount.currency())).collect();
            with("토스에서 확인한 환불", "refunds that Toss shows", &amounts.join(", "))
        }
    }
}

/// What did not agree.
pub(super) fn finding(lang: Lang, kind: FindingKind) -> &'static str {
    let (ko, en) = match kind {
        FindingKind::Charge => ("모르던 결제", "unknown charge"),
        FindingKind::WronglyDeclined => ("거절된 줄 알았던 결제", "taken for declined"),
        FindingKind::Duplicate => ("중복 결제", "charged besides"),
        FindingKind::Refund => ("모르던 환불", "unknown refund"),
        FindingKind::DoubledRefund => ("두 번 환불", "refunded twice"),
        FindingKind::Deposit => ("입금", "deposit"),
        FindingKind::MissingCharge => ("토스에 없는 결제", "charge missing at Toss"),
        FindingKind::MissingRefund => ("토스에 없는 환불", "refund missing at Toss"),
        FindingKind::NotListed => ("거래 목록에 없음", "not listed"),
        FindingKind::Differs => ("금액이나 상태가 다름", "differs"),
        FindingKind::UnknownOrder => ("모르는 주문", "unknown order"),
        FindingKind::Unreadable => ("읽을 수 없는 거래", "unreadable"),
        FindingKind::Unanswered => ("토스의 답이 없음", "no answer"),
        _ => (kind.word(), kind.word()),
    };
    pick(lang, ko, en)
}
