//! The companies whose cards the sandbox knows.

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::error::Language;

/// A card company: two-character code (Toss docs /codes/org-codes) and name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(into = "&'static str")]
pub(crate) struct CardCompany {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    /// As `@tosspayments/sdk-constants` has it.
    english: &'static str,
}

/// The companies that the widget of the sandbox offers; the same list stands in the browser script.
pub(crate) const CARD_COMPANIES: [CardCompany; 8] = [
    CardCompany { code: "41", name: "신한", english: "SHINHAN" },
    CardCompany { code: "61", name: "현대", english: "HYUNDAI" },
    CardCompany { code: "51", name: "삼성", english: "SAMSUNG" },
    CardCompany { code: "11", name: "KB국민", english: "KOOKMIN" },
    CardCompany { code: "71", name: "롯데", english: "LOTTE" },
    CardCompany { code: "31", name: "BC", english: "BC" },
    CardCompany { code: "15", name: "카카오뱅크", english: "KAKAOBANK" },
    CardCompany { code: "24", name: "토스뱅크", english: "TOSSBANK" },
];

impl CardCompany {
    pub(crate) const DEFAULT: Self = CARD_COMPANIES[0];

    pub(crate) fn word(self, language: Language) -> &'static str {
        match language {
            Language::Korean => self.name,
            Language::English => self.english,
        }
    }

    /// By its code.
    pub(crate) fn parse(code: &str) -> Option<Self> {
        CARD_COMPANIES.into_iter().find(|company| company.code == code)
    }
}

impl From<CardCompany> for &'static str {
    fn from(company: CardCompany) -> Self {
        company.code
    }
}

impl<'de> Deserialize<'de> for CardCompany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).ok_or_else(|| D::Error::custom(format_args!("there is no card company {code:?}")))
    }
}
