//! Banks, in the forms in which requests name them.

use serde::{Deserialize, Deserializer, Serialize, de::Error};

/// A bank. Two-character codes: Toss docs /codes/org-codes. Numbers: the codes of the Korean clearing house, which
/// requests still accept. English names: `@tosspayments/sdk-constants`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(into = "&'static str")]
pub(crate) struct Bank {
    /// As answers name it since version 2022-11-16.
    pub(crate) code: &'static str,
    number: &'static str,
    korean: &'static str,
    english: &'static str,
    /// Whether virtual accounts can be had there (Toss docs /guides/windows/virtual-account).
    pub(crate) issues_accounts: bool,
}

const fn bank(code: &'static str, number: &'static str, korean: &'static str, english: &'static str) -> Bank {
    Bank { code, number, korean, english, issues_accounts: false }
}

const fn issuing(code: &'static str, number: &'static str, korean: &'static str, english: &'static str) -> Bank {
    Bank { issues_accounts: true, ..bank(code, number, korean, english) }
}

pub(crate) const BANKS: [Bank; 26] = [
    issuing("39", "039", "경남", "KYONGNAMBANK"),
    issuing("34", "034", "광주", "GWANGJUBANK"),
    bank("12", "012", "단위농협", "LOCALNONGHYEOP"),
    issuing("32", "032", "부산", "BUSANBANK"),
    issuing("45", "045", "새마을", "SAEMAUL"),
    bank("64", "064", "산림", "SANLIM"),
    issuing("88", "088", "신한", "SHINHAN"),
    bank("48", "048", "신협", "SHINHYEOP"),
    bank("27", "027", "씨티", "CITI"),
    issuing("20", "020", "우리", "WOORI"),
    issuing("71", "071", "우체국", "POST"),
    bank("50", "050", "저축", "SAVINGBANK"),
    bank("37", "037", "전북", "JEONBUKBANK"),
    bank("35", "035", "제주", "JEJUBANK"),
    bank("90", "090", "카카오", "KAKAOBANK"),
    bank("89", "089", "케이", "KBANK"),
    bank("92", "092", "토스", "TOSSBANK"),
    issuing("81", "081", "하나", "HANA"),
    bank("54", "054", "홍콩상하이", "HSBC"),
    issuing("03", "003", "기업", "IBK"),
    issuing("06", "004", "국민", "KOOKMIN"),
    issuing("31", "031", "대구", "DAEGUBANK"),
    bank("02", "002", "산업", "KDBBANK"),
    issuing("11", "011", "농협", "NONGHYEOP"),
    bank("23", "023", "SC제일", "SC"),
    issuing("07", "007", "수협", "SUHYEOP"),
];

impl Bank {
    /// Where virtual accounts are opened if nobody says otherwise.
    pub(crate) const DEFAULT: Self = issuing("06", "004", "국민", "KOOKMIN");

    /// Finds a bank by its two-character code, its number, its Korean name (with or without 은행) or its English name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let short = name.strip_suffix("은행").filter(|rest| !rest.is_empty()).unwrap_or(name);
        BANKS.into_iter().find(|bank| bank.code == name || bank.number == name || bank.korean == short || bank.english == name)
    }

    /// As a shopper reads it.
    pub(crate) fn name(self) -> String {
        match self.korean {
            "우체국" | "새마을" | "신협" | "농협" | "수협" | "단위농협" => self.korean.to_owned(),
            name => format!("{name}은행"),
        }
    }
}

impl From<Bank> for &'static str {
    fn from(bank: Bank) -> Self {
        bank.code
    }
}

impl<'de> Deserialize<'de> for Bank {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).ok_or_else(|| D::Error::custom(format_args!("there is no bank {code:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bank_is_known_by_each_of_its_names() {
        for name in ["88", "088", "신한", "신한은행", "SHINHAN"] {
            assert_eq!(Bank::parse(name).map(|bank| bank.code), Some("88"), "{name}");
        }
        assert_eq!(Bank::parse("004").map(|bank| bank.code), Some("06"), "the one number that is not its code");
        for name in ["", "은행", "00", "shinhan", "다람쥐은행"] {
            assert_eq!(Bank::parse(name), None, "{name}");
        }
        assert_eq!(BANKS.iter().filter(|bank| bank.issues_accounts).count(), 13, "as many as the guide lists");
    }
}
