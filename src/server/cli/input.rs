//! Reads what was typed into what the engine takes. A wrong value is named by its option, and an account is never repeated.

use super::failure::{Failure, pick, zero};
use crate::domain::banks::bank_code;
use crate::domain::lang::Lang;
use payment_engine::toss_payments::{
    AccountNumber, Amount, Bank, CancelReason, CancelRequestId, Currency, HolderName, Money, NotMoney, RefundReceiveAccount,
};

/// What Toss and the shopper read where no reason is given: "cancelled by the seller".
const USUAL_REASON: &str = "판매자 취소";

/// An amount as it was typed: digits, and decimals where the currency has some; the currency may follow.
///
/// # Errors
/// Where it is no such amount, zero among them, or in another currency than the order's.
pub(super) fn amount(lang: Lang, field: &'static str, text: &str, order: &Currency) -> Result<Money, Failure> {
    let text = text.trim();
    let (number, currency) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len()));
    let number = number.trim_end();
    let currency = currency.to_ascii_uppercase();
    if number.starts_with('-') {
        let message = pick(lang, "금액은 음수일 수 없어요.", "an amount is not negative");
        return Err(Failure::of_field(field, "amount_negative", message));
    }
    let is_currency = currency.is_empty() || (currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase()));
    let is_plain = is_currency && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let Some(amount) = Some(number).filter(|_| is_plain).and_then(Amount::parse) else {
        let message = pick(
            lang,
            "금액이 아니에요. 쉼표나 단위 없이 15000처럼 적어 주세요.",
            "it is no amount: write digits without separators, such as 15000",
        );
        return Err(Failure::of_field(field, "amount_malformed", message));
    };
    if !currency.is_empty() && currency != order.as_str() {
        return Err(Failure::other_currency(lang, field, &currency, order.as_str()));
    }
    if amount.is_zero() {
        return Err(Failure::of_field(field, "amount_zero", zero(lang)));
    }
    Money::new(amount, order.clone()).map_err(|error| match error {
        NotMoney::Decimals => {
            let message = match lang {
                Lang::Ko => format!("{order}에는 그런 소수 자리가 없어요."),
                Lang::En => format!("{order} has not so many decimals"),
            };
            Failure::of_field(field, "amount_fraction", message)
        }
        NotMoney::NotANumber | NotMoney::Negative | _ => Failure::of_field(field, "amount_malformed", error.to_string()),
    })
}

/// The name of a refund.
///
/// # Errors
/// Where it is none.
pub(super) fn name(lang: Lang, text: &str) -> Result<CancelRequestId, Failure> {
    CancelRequestId::parse(text.trim()).map_err(|_| {
        let message = match lang {
            Lang::Ko => "환불 이름으로 쓸 수 없어요. 영문자, 숫자, -, _로 6~64자를 적어 주세요.".to_owned(),
            Lang::En => "it is no name of a refund: write 6 to 64 letters, digits, hyphens and underscores".to_owned(),
        };
        Failure::of_field("--id", "id_malformed", message)
    })
}

/// `BANK:NUMBER:HOLDER`. The bank by its code or one of its names; hyphens and blanks in the number are forgiven.
///
/// # Errors
/// Where a part is missing or wrong.
pub(super) fn account(lang: Lang, text: &str) -> Result<RefundReceiveAccount, Failure> {
    const FIELD: &str = "--account";
    let mut parts = text.splitn(3, ':').map(str::trim);
    let (Some(bank), Some(number), Some(holder)) = (parts.next(), parts.next(), parts.next()) else {
        let message = pick(
            lang,
            "은행:계좌번호:예금주로 적어 주세요. 예: 신한은행:11012345678:김토스",
            "write it as BANK:NUMBER:HOLDER, such as 88:11012345678:김토스",
        );
        return Err(Failure::of_field(FIELD, "account_malformed", message));
    };
    let Some(code) = bank_code(bank) else {
        let message = pick(
            lang,
            "모르는 은행이에요. 은행 이름이나 토스의 두 자리 코드를 적어 주세요. 예: 신한은행, 88",
            "the bank is not known: write its name or Toss's code of two characters, such as Shinhan or 88",
        );
        return Err(Failure::of_field(FIELD, "bank_unknown", message));
    };
    let digits: String = number.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    let Ok(number) = AccountNumber::parse(&digits) else {
        let message =
            pick(lang, "계좌번호는 숫자 1~20자리예요. 붙임표는 있어도 돼요.", "the account number is 1 to 20 digits; hyphens are forgiven");
        return Err(Failure::of_field(FIELD, "account_number_malformed", message));
    };
    let Ok(holder) = HolderName::parse(holder) else {
        let message = pick(lang, "예금주를 60자 안으로 적어 주세요.", "name the holder of the account, in up to 60 characters");
        return Err(Failure::of_field(FIELD, "account_holder_malformed", message));
    };
    Ok(RefundReceiveAccount::new(Bank::from(code), number, holder))
}

/// Why.
///
/// # Errors
/// Where it is empty or too long.
pub(super) fn reason(lang: Lang, text: Option<&str>) -> Result<CancelReason, Failure> {
    CancelReason::parse(text.map_or(USUAL_REASON, str::trim)).map_err(|_| {
        let message = pick(lang, "환불 사유를 1~200자로 적어 주세요.", "write a reason of 1 to 200 characters");
        Failure::of_field("--reason", "reason_malformed", message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::cli::failure::Exit;

    fn code<T>(result: Result<T, Failure>) -> (&'static str, Exit) {
        let failure = result.err().expect("it is refused");
        (failure.code, failure.exit)
    }

    #[test]
    fn amounts_are_in_the_currency_of_the_order() {
        let read = |text: &str, order| amount(Lang::En, "--amount", text, &order).map(|money| money.to_string());
        for (text, order, expected) in [
            ("15000", Currency::Krw, "15000 KRW"),
            (" 15000 ", Currency::Krw, "15000 KRW"),
            ("15000 krw", Currency::Krw, "15000 KRW"),
            ("15000KRW", Currency::Krw, "15000 KRW"),
            ("12.50", Currency::Usd, "12.50 USD"),
            ("12.50 USD", Currency::Usd, "12.50 USD"),
        ] {
            assert_eq!(read(text, order).unwrap(), expected, "{text}");
        }
        for (text, order, expected) in [
            ("0", Currency::Krw, ("amount_zero", Exit::Usage)),
            ("0.00", Currency::Usd, ("amount_zero", Exit::Usage)),
            ("-5", Currency::Krw, ("amount_negative", Exit::Usage)),
            ("0.5", Currency::Krw, ("amount_fraction", Exit::Usage)),
            ("1.005", Currency::Usd, ("amount_fraction", Exit::Usage)),
            ("10 USD", Currency::Krw, ("other_currency", Exit::Refused)),
            ("10000", Currency::Usd, ("", Exit::Done)),
            ("", Currency::Krw, ("amount_malformed", Exit::Usage)),
            ("15,000", Currency::Krw, ("amount_malformed", Exit::Usage)),
            ("1e3", Currency::Krw, ("amount_malformed", Exit::Usage)),
            ("15000원", Currency::Krw, ("amount_malformed", Exit::Usage)),
            ("+5", Currency::Krw, ("amount_malformed", Exit::Usage)),
            ("07", Currency::Krw, ("amount_malformed", Exit::Usage)),
            ("99999999999999999999999999999999999999999999", Currency::Krw, ("amount_malformed", Exit::Usage)),
        ] {
            match read(text, order) {
                Ok(_) => assert_eq!(expected.1, Exit::Done, "{text}"),
                Err(failure) => assert_eq!((failure.code, failure.exit), expected, "{text}"),
            }
        }
    }

    #[test]
    fn accounts_are_read_in_three_parts() {
        for text in ["88:33330123456:김토스", "신한은행:333-301-23456:김토스", " shinhan : 333 301 23456 : 김토스 "] {
            let read = account(Lang::Ko, text).unwrap();
            assert_eq!((read.bank.as_str(), read.account_number.expose(), read.holder_name.expose()), ("88", "33330123456", "김토스"));
        }
        assert_eq!(account(Lang::En, "92:1:a:b").unwrap().holder_name.expose(), "a:b");
        for (text, expected) in [
            ("88:33330123456", "account_malformed"),
            ("", "account_malformed"),
            ("99:33330123456:김토스", "bank_unknown"),
            ("신한투자증권:33330123456:김토스", "bank_unknown"),
            ("88:3333012345x:김토스", "account_number_malformed"),
            ("88::김토스", "account_number_malformed"),
            ("88:123456789012345678901:김토스", "account_number_malformed"),
            ("88:33330123456:", "account_holder_malformed"),
        ] {
            for lang in [Lang::Ko, Lang::En] {
                let failure = account(lang, text).expect_err(text);
                assert_eq!((failure.code, failure.field, failure.exit), (expected, Some("--account"), Exit::Usage), "{text}");
                let said = failure.render(lang, false) + &failure.render(lang, true);
                assert!(!said.contains("3333"), "an account is not repeated: {said}");
            }
        }
    }

    #[test]
    fn a_reason_is_never_empty() {
        assert_eq!(reason(Lang::En, None).unwrap().as_str(), USUAL_REASON);
        assert_eq!(reason(Lang::En, Some(" 한 벌 반품 ")).unwrap().as_str(), "한 벌 반품");
        assert_eq!(code(reason(Lang::En, Some(" "))), ("reason_malformed", Exit::Usage));
        assert_eq!(code(reason(Lang::En, Some(&"가".repeat(201)))), ("reason_malformed", Exit::Usage));
    }
}
