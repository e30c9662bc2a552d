//! Why a command has not done what it was asked for: a code for programs, a sentence in the operator's language, an exit code.

use super::words::{money, standing};
use crate::domain::lang::Lang;
use crate::server::start::StartError;
use payment_engine::toss_payments::{Error, Money};
use payment_engine::{AccountError, BooksError, CheckError, RefundError, StoreError};
use serde::Serialize;

/// What the process ends with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Refused or not found; nothing has changed.
    Refused = 1,
    /// The command line or the settings are wrong.
    Usage = 2,
    /// Not known yet, and being looked up; or for a person to judge.
    Unknown = 3,
    /// The database or Toss cannot be reached.
    Unreachable = 4,
}

/// Why not. The codes are never renamed; new ones may come.
#[derive(Debug)]
pub struct Failure {
    /// What the process ends with.
    pub exit: Exit,
    /// For programs.
    pub code: &'static str,
    /// What was typed wrong, where it was that.
    pub field: Option<&'static str>,
    /// What has happened and what to do, in the operator's language.
    pub message: String,
}

#[derive(Serialize)]
struct Document<'a> {
    error: Body<'a>,
}

#[derive(Serialize)]
struct Body<'a> {
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    message: &'a str,
}

impl Failure {
    pub(super) fn new(exit: Exit, code: &'static str, message: impl Into<String>) -> Failure {
        Failure { exit, code, field: None, message: message.into() }
    }

    /// Something that was typed is wrong in itself.
    pub(super) fn of_field(field: &'static str, code: &'static str, message: impl Into<String>) -> Failure {
        Failure { exit: Exit::Usage, code, field: Some(field), message: message.into() }
    }

    /// What was typed is well-formed and does not fit the order.
    fn refused(code: &'static str, field: Option<&'static str>, message: impl Into<String>) -> Failure {
        Failure { exit: Exit::Refused, code, field, message: message.into() }
    }

    /// As standard error gets it.
    #[must_use]
    pub fn render(&self, lang: Lang, json: bool) -> String {
        if json {
            let body = Body { code: self.code, field: self.field, message: &self.message };
            return serde_json::to_string(&Document { error: body }).expect("invariant: texts are JSON") + "\n";
        }
        let title = pick(lang, "오류", "error");
        match self.field {
            Some(field) => format!("{title}: {field}: {}\n", self.message),
            None => format!("{title}: {}\n", self.message),
        }
    }

    pub(super) fn no_such_order(lang: Lang) -> Failure {
        let message = pick(lang, "그런 주문이 없어요. 주문번호를 확인해 주세요.", "there is no such order; check its number");
        Failure::refused("order_not_found", Some("ORDER"), message)
    }

    pub(super) fn store(lang: Lang, error: &StoreError) -> Failure {
        let message = match lang {
            Lang::Ko => format!("데이터베이스를 쓸 수 없어요: {error}"),
            Lang::En => format!("the database cannot be used: {error}"),
        };
        Failure::new(Exit::Unreachable, "store_unreachable", message)
    }

    fn toss(lang: Lang, error: &Error) -> Failure {
        let message = match lang {
            Lang::Ko => format!("토스에 물어볼 수 없었어요. 바뀐 것은 없으니 다시 시도해 주세요: {error}"),
            Lang::En => format!("Toss could not be asked; nothing has changed, try again: {error}"),
        };
        Failure::new(Exit::Unreachable, "toss_unreachable", message)
    }

    fn another_account(lang: Lang) -> Failure {
        let message = pick(
            lang,
            "토스의 다른 계정으로 결제된 주문이에요. 그때의 키를 설정해 주세요.",
            "the order was paid to another account of Toss; set the keys of then",
        );
        Failure::refused("another_account", None, message)
    }

    pub(super) fn no_database(lang: Lang, cause: &StoreError) -> Failure {
        let message = match lang {
            Lang::Ko => format!("데이터베이스를 열 수 없어요. 서버를 먼저 시작하거나 서버와 같은 DATABASE_URL을 설정해 주세요: {cause}"),
            Lang::En => format!("the database cannot be opened; start the server first, or set its DATABASE_URL: {cause}"),
        };
        Failure::new(Exit::Unreachable, "store_unreachable", message)
    }

    pub(super) fn start(lang: Lang, error: &StartError) -> Failure {
        match error {
            StartError::Account(AccountError::UnknownKey) => {
                let message = pick(
                    lang,
                    "이 데이터베이스로 이 비밀 키를 써서 서버를 시작한 적이 없어요. 서버를 먼저 시작하거나, 서버와 같은 TOSS_SECRET_KEY와 DATABASE_URL을 설정해 주세요.",
                    "no server has started on this database with this secret key: start the server first, or set its TOSS_SECRET_KEY and DATABASE_URL",
                );
                Failure::new(Exit::Usage, "unknown_key", message)
            }
            StartError::Store(cause) => Failure::no_database(lang, cause),
            StartError::Account(_)
            | StartError::Sandbox(_)
            | StartError::Listen { .. }
            | StartError::Webhook(_)
            | StartError::Mail(_)
            | StartError::Toss(_)
            | StartError::Session(_)
            | StartError::Assets(_) => Failure::new(Exit::Usage, "settings", error.to_string()),
        }
    }

    pub(super) fn check(lang: Lang, error: &CheckError) -> Failure {
        match error {
            CheckError::NoSuchOrder => Failure::no_such_order(lang),
            CheckError::AnotherAccount => Failure::another_account(lang),
            CheckError::NotAsked(error) => Failure::toss(lang, error),
            CheckError::Store(error) => Failure::store(lang, error),
        }
    }

    pub(super) fn books(lang: Lang, error: &BooksError) -> Failure {
        match error {
            BooksError::UnderWay => {
                let message = pick(
                    lang,
                    "서버나 다른 명령이 지금 대조하고 있어요. 끝난 뒤에 `books report`로 결과를 볼 수 있어요.",
                    "the server or another command is at it; `books report` will tell what it has found",
                );
                Failure::new(Exit::Unknown, "books_under_way", message)
            }
            BooksError::Calm(pause) => {
                let message = match lang {
                    Lang::Ko => format!("토스가 {}초 동안 호출하지 말라고 했어요. 그 뒤에 다시 시도해 주세요.", pause.as_secs()),
                    Lang::En => format!("Toss asks not to be called for {} s; try again then", pause.as_secs()),
                };
                Failure::new(Exit::Unreachable, "toss_unreachable", message)
            }
            BooksError::Toss(error) => Failure::toss(lang, error),
            BooksError::Store(error) => Failure::store(lang, error),
        }
    }

    /// Why nothing was given back; but for the last two nothing was asked for.
    pub(super) fn refund(lang: Lang, error: &RefundError) -> Failure {
        let say = |ko, en| pick(lang, ko, en);
        let (amount, account) = (Some("--amount"), Some("--account"));
        match error {
            RefundError::NoSuchOrder => Failure::no_such_order(lang),
            RefundError::NothingPaid(word) => Failure::refused("not_refundable", Some("ORDER"), not_refundable(lang, word)),
            RefundError::NothingLeft => {
                Failure::refused("nothing_left", Some("ORDER"), say("이미 모두 환불된 주문이에요.", "all of it has been refunded already"))
            }
            RefundError::Zero => Failure::refused("amount_zero", amount, zero(lang)),
            RefundError::TooMuch(left) => Failure::refused("amount_too_much", amount, too_much(lang, left)),
            RefundError::OtherCurrency { given, order } => Failure::other_currency(lang, "--amount", given, order),
            RefundError::TaxFree => {
                let message = say("비과세 금액이 환불 금액보다 커요.", "the tax-free part is more than the amount");
                Failure::refused("tax_free_too_much", Some("--tax-free"), message)
            }
            RefundError::PartOfNothing => {
                let message = say(
                    "아직 입금되지 않은 주문은 전체만 취소할 수 있어요. --amount를 빼 주세요.",
                    "nobody has paid into the account yet, so that it can be cancelled as a whole only: leave the amount out",
                );
                Failure::refused("part_of_nothing", amount, message)
            }
            RefundError::AccountMissing => {
                let message = say(
                    "가상계좌로 입금된 주문이에요. 돌려받을 계좌를 은행:계좌번호:예금주로 알려 주세요.",
                    "the order was paid into a virtual account: say where the money goes, as BANK:NUMBER:HOLDER",
                );
                Failure::refused("account_missing", account, message)
            }
            RefundError::AccountNotWanted => {
                let message = say(
                    "가상계좌로 결제된 주문이 아니에요. 돈은 결제한 수단으로 돌아가니 계좌를 빼 주세요.",
                    "the order was not paid into a virtual account; the money goes back the way it came, so leave the account out",
                );
                Failure::refused("account_not_wanted", account, message)
            }
            RefundError::OtherLeft(left) => {
                let left = money(lang, left.amount(), left.currency());
                let message = match lang {
                    Lang::Ko => format!("{left} 남아 있어요. 그 사이 다른 환불이 있었으니 `orders show`로 다시 확인해 주세요."),
                    Lang::En => format!("{left} is left: somebody has refunded since, so look again with `orders show`"),
                };
                Failure::refused("other_left", Some("--left"), message)
            }
            RefundError::OtherAmount(known) => {
                let known = money(lang, known.amount(), known.currency());
                let message = match lang {
                    Lang::Ko => format!("이 주문에 같은 이름의 {known} 환불이 이미 있어요. 다른 이름을 적어 주세요."),
                    Lang::En => format!("a refund of {known} of this order has that name already; give another name"),
                };
                Failure::refused("other_amount", Some("--id"), message)
            }
            RefundError::UnderWay(id) => {
                let message = match lang {
                    Lang::Ko => format!("이 주문의 다른 환불({id})이 아직 확인되지 않았어요. 확인된 뒤에 다시 시도해 주세요."),
                    Lang::En => format!("another refund of this order, {id}, is not decided yet; try again when it is"),
                };
                Failure::refused("refund_under_way", None, message)
            }
            RefundError::AnotherAccount => Failure::another_account(lang),
            RefundError::NotAsked(error) => Failure::toss(lang, error),
            RefundError::Disagreement { toss, order } => {
                let message = match lang {
                    Lang::Ko => format!("남은 금액이 토스에는 {toss}, 주문에는 {order}이에요. 사람이 확인해야 해요."),
                    Lang::En => format!("Toss says that {toss} is left of the payment, and the order says {order}; a person has to look"),
                };
                Failure::refused("disagreement", None, message)
            }
            RefundError::Slow => Failure::refund_in_doubt(lang),
            RefundError::Store(error) => Failure::store(lang, error),
        }
    }

    pub(super) fn other_currency(lang: Lang, field: &'static str, given: &str, order: &str) -> Failure {
        let message = match lang {
            Lang::Ko => format!("{given} 금액이에요. 이 주문의 통화는 {order}예요."),
            Lang::En => format!("it is in {given}, and the order is in {order}"),
        };
        Failure::refused("other_currency", Some(field), message)
    }

    pub(super) fn refund_in_doubt(lang: Lang) -> Failure {
        let message = pick(
            lang,
            "환불됐는지 아직 알 수 없어요. 서버가 계속 확인하니 다시 환불하지 말고 `orders show`로 결과를 확인해 주세요.",
            "nobody knows yet whether the money went back; the server goes on looking it up. Do not refund again; `orders show` will tell",
        );
        Failure::new(Exit::Unknown, "in_doubt", message)
    }
}

/// One of two.
pub(super) fn pick<'t>(lang: Lang, ko: &'t str, en: &'t str) -> &'t str {
    match lang {
        Lang::Ko => ko,
        Lang::En => en,
    }
}

/// What is wrong with an amount of nothing.
pub(super) fn zero(lang: Lang) -> &'static str {
    pick(lang, "0보다 큰 금액을 적어 주세요.", "it has to be more than zero")
}

fn too_much(lang: Lang, left: &Money) -> String {
    let left = money(lang, left.amount(), left.currency());
    match lang {
        Lang::Ko => format!("남은 금액보다 많아요. {left}까지 환불할 수 있어요."),
        Lang::En => format!("it is more than what is left: {left} can be refunded"),
    }
}

fn not_refundable(lang: Lang, word: &str) -> String {
    match lang {
        Lang::Ko => format!("환불할 결제가 없는 주문이에요. 상태: {}", standing(lang, word)),
        Lang::En => format!("nothing of it can be refunded: it is {}", standing(lang, word)),
    }
}
