//! Banks by the two-character codes that Toss names them with (Toss docs, institution codes).

use super::lang::Lang;

/// Code, name in Korean, name in English. Toss may come to know further ones.
const BANKS: [(&str, &str, &str); 26] = [
    ("02", "KDB산업은행", "Korea Development Bank"),
    ("03", "IBK기업은행", "Industrial Bank of Korea (IBK)"),
    ("06", "KB국민은행", "KB Kookmin Bank"),
    ("07", "Sh수협은행", "Sh Suhyup Bank"),
    ("11", "NH농협은행", "NH NongHyup Bank"),
    ("12", "지역농축협", "Local NongHyup"),
    ("20", "우리은행", "Woori Bank"),
    ("23", "SC제일은행", "SC First Bank (Standard Chartered)"),
    ("27", "씨티은행", "Citibank Korea"),
    ("31", "iM뱅크(대구)", "iM Bank (Daegu)"),
    ("32", "부산은행", "Busan Bank"),
    ("34", "광주은행", "Kwangju Bank"),
    ("35", "제주은행", "Jeju Bank"),
    ("37", "전북은행", "Jeonbuk Bank"),
    ("39", "경남은행", "Kyongnam Bank"),
    ("45", "새마을금고", "Saemaul Geumgo (MG)"),
    ("48", "신협", "Shinhyup (CU)"),
    ("50", "저축은행", "Savings bank"),
    ("54", "HSBC은행", "HSBC"),
    ("64", "산림조합", "Forestry Cooperative"),
    ("71", "우체국", "Korea Post"),
    ("81", "하나은행", "Hana Bank"),
    ("88", "신한은행", "Shinhan Bank"),
    ("89", "케이뱅크", "K bank"),
    ("90", "카카오뱅크", "KakaoBank"),
    ("92", "토스뱅크", "Toss Bank"),
];

/// What people write beside the names, and the code.
const ALSO: [(&str, &str); 18] = [
    ("산업", "02"),
    ("kdb", "02"),
    ("기업", "03"),
    ("ibk", "03"),
    ("국민", "06"),
    ("kb", "06"),
    ("수협", "07"),
    ("농협", "11"),
    ("nh", "11"),
    ("제일", "23"),
    ("sc", "23"),
    ("대구", "31"),
    ("im", "31"),
    ("새마을", "45"),
    ("mg", "45"),
    ("k뱅크", "89"),
    ("카카오", "90"),
    ("토스", "92"),
];

/// What shoppers call the bank of that code; `None` where the code is not known.
#[must_use]
pub fn bank_name(code: &str, lang: Lang) -> Option<&'static str> {
    let (_, ko, en) = BANKS.iter().find(|(known, ..)| *known == code)?;
    Some(match lang {
        Lang::Ko => ko,
        Lang::En => en,
    })
}

/// The code of the bank that somebody means: by its code, also with three digits as banks write it, by either name, with or without `은행` or
/// `Bank`, or by what people call it.
#[must_use]
pub fn bank_code(text: &str) -> Option<&'static str> {
    let meant = plain(text);
    let meant = meant.strip_prefix('0').filter(|rest| rest.len() == 2).unwrap_or(&meant);
    let named = BANKS.iter().find(|(code, ko, en)| *code == meant || plain(ko) == meant || plain(en) == meant).map(|(code, ..)| *code);
    named.or_else(|| ALSO.iter().find(|(name, _)| *name == meant).map(|(_, code)| *code))
}

/// A name without what people leave out of it.
fn plain(name: &str) -> String {
    let name = name.split('(').next().unwrap_or_default().to_lowercase().replace("은행", "");
    name.split_whitespace().filter(|word| *word != "bank").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banks_are_found_by_code_and_by_name() {
        for (text, code) in [
            ("88", "88"),
            ("신한은행", "88"),
            ("신한", "88"),
            ("Shinhan Bank", "88"),
            ("shinhan", "88"),
            ("카카오뱅크", "90"),
            ("토스뱅크", "92"),
            ("iM뱅크", "31"),
            ("KB국민", "06"),
            ("우체국", "71"),
            ("국민", "06"),
            ("국민은행", "06"),
            ("KB", "06"),
            ("농협", "11"),
            ("기업은행", "03"),
            ("IBK", "03"),
            ("카카오", "90"),
            ("수협", "07"),
            ("토스", "92"),
            ("대구은행", "31"),
            ("K뱅크", "89"),
            ("006", "06"),
            ("088", "88"),
            ("011", "11"),
        ] {
            assert_eq!(bank_code(text), Some(code), "{text}");
        }
        for text in ["", "은행", "bank", "99", "신한투자증권", "8"] {
            assert_eq!(bank_code(text), None, "{text}");
        }
    }

    #[test]
    fn every_bank_is_found_by_what_it_is_called() {
        for (code, ko, en) in BANKS {
            for text in [code, ko, en] {
                assert_eq!(bank_code(text), Some(code), "{text}");
            }
        }
    }
}
