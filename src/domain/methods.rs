//! How something was paid, by the words that Toss has for it (Toss docs, Payment, `method`).

use super::lang::Lang;

/// Toss's word and the English one. Toss may come to know further ones.
const METHODS: [(&str, &str); 9] = [
    ("카드", "Card"),
    ("가상계좌", "Virtual account"),
    ("간편결제", "Easy pay"),
    ("휴대폰", "Mobile phone"),
    ("계좌이체", "Bank transfer"),
    ("문화상품권", "Culture voucher"),
    ("도서문화상품권", "Book voucher"),
    ("게임문화상품권", "Game voucher"),
    ("해외간편결제", "Foreign easy pay"),
];

/// That method as shoppers read it; a word that is not known stays as it is.
#[must_use]
pub fn method_name(toss: &str, lang: Lang) -> &str {
    match lang {
        Lang::Ko => toss,
        Lang::En => METHODS.iter().find(|(word, _)| *word == toss).map_or(toss, |(_, english)| english),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_have_a_name_in_both_languages() {
        assert_eq!((method_name("카드", Lang::Ko), method_name("카드", Lang::En)), ("카드", "Card"));
        assert_eq!((method_name("새 수단", Lang::En), method_name("CARD", Lang::Ko)), ("새 수단", "CARD"));
    }
}
