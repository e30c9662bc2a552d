//! Amounts and money, to the last decimal.

use super::*;
use proptest::prelude::*;

#[test]
fn one_amount_has_one_form_however_it_is_written() {
    for text in ["45000", "45000.0", "45000.000", "4.5e4", "4.5E+4", "450000e-1"] {
        assert_eq!(Amount::parse(text), Some(Won::new(45_000).unwrap().into()), "{text}");
    }
    for (text, shown) in [
        ("0", "0"),
        ("-0", "0"),
        ("0e99", "0"),
        ("0.10", "0.1"),
        ("-0.05", "-0.05"),
        ("726.24", "726.24"),
        ("1e-18", "0.000000000000000001"),
    ] {
        assert_eq!(Amount::parse(text).unwrap().to_string(), shown, "{text}");
    }
}

#[test]
fn what_is_no_json_number_is_no_amount() {
    for text in [
        "", "-", "+1", "01", "1.", ".5", "1e", "e1", "1,000", " 1", "1 ", "0x10", "NaN", "Infinity", "\"1\"", "1e99999", "1e40", "1e-19",
        "--1", "1.-5", "١",
    ] {
        assert_eq!(Amount::parse(text), None, "{text:?}");
    }
}

#[test]
fn only_whole_amounts_up_to_the_greatest_are_won() {
    assert_eq!(Amount::parse("9007199254740991").unwrap().as_won(), Some(Won::MAX));
    for text in ["9007199254740992", "9223372036854775808", "-1", "0.5", "99999999999999999999999"] {
        assert_eq!(Amount::parse(text).unwrap().as_won(), None, "{text}");
    }
}

#[test]
fn a_currency_has_its_decimals_and_money_shows_them_all() {
    let money = |amount, currency: &str| Money::new(Amount::parse(amount).unwrap(), currency.into());
    for (amount, currency, shown) in [
        ("726.2", "USD", "726.20 USD"),
        ("726.24", "USD", "726.24 USD"),
        ("726", "USD", "726.00 USD"),
        ("45000", "KRW", "45000 KRW"),
        ("45000", "JPY", "45000 JPY"),
        ("1234", "PHP", "1234.00 PHP"),
        ("0.125", "XYZ", "0.125 XYZ"),
    ] {
        assert_eq!(money(amount, currency).unwrap().to_string(), shown);
    }
    for (amount, currency, error) in [
        ("10.005", "USD", NotMoney::Decimals),
        ("0.5", "KRW", NotMoney::Decimals),
        ("0.1", "JPY", NotMoney::Decimals),
        ("-1", "USD", NotMoney::Negative),
    ] {
        assert_eq!(money(amount, currency), Err(error), "{amount} {currency}");
    }
    assert_eq!(Amount::parse("726.20"), Amount::parse("726.2"), "one amount has one form");
}

#[test]
fn amounts_are_ordered_by_their_value() {
    let sorted =
        ["-99999999999999999999", "-1", "-0.5", "-0.05", "0", "0.05", "0.5", "0.75", "1", "9", "10", "10.5", "99999999999999999999"];
    let amounts: Vec<Amount> = sorted.iter().map(|text| Amount::parse(text).unwrap()).collect();
    assert!(amounts.is_sorted() && amounts.windows(2).all(|pair| pair[0] != pair[1]));
}

proptest! {
    #[test]
    fn order_is_that_of_the_numbers(a in any::<i32>(), a_scale in 0..=6_u32, b in any::<i32>(), b_scale in 0..=6_u32) {
        let amount = |digits: i32, scale: u32| Amount::normal(digits.into(), scale.into()).unwrap();
        let (left, right) = (i128::from(a) * 10_i128.pow(6 - a_scale), i128::from(b) * 10_i128.pow(6 - b_scale));
        prop_assert_eq!(amount(a, a_scale).cmp(&amount(b, b_scale)), left.cmp(&right));
    }

    #[test]
    fn amounts_round_trip(digits in any::<i64>(), scale in 0..=18_i64) {
        let amount = Amount::normal(digits.into(), scale).unwrap();
        prop_assert_eq!(Amount::parse(&amount.to_string()), Some(amount));
    }

    #[test]
    fn won_round_trip(won in 0..=Won::MAX.get()) {
        let won = Won::new(won).unwrap();
        prop_assert_eq!(Amount::parse(&won.get().to_string()).unwrap().as_won(), Some(won));
        prop_assert_eq!(Amount::from(won).as_won(), Some(won));
    }

    #[test]
    fn no_text_makes_it_panic(text in "[-+0-9.eE]{0,60}") {
        if let Some(amount) = Amount::parse(&text) {
            prop_assert_eq!(Amount::parse(&amount.to_string()), Some(amount));
        }
    }
}
