//! Discounts and interest-free instalments of card companies and banks. Source: Toss docs, promotions and BrandPay
//! promotions. An older version names the card company in `companyCode`, the current one in `issuerCode`.

use crate::error::DecodeError;
use crate::money::Amount;
use crate::object::object;
use crate::payment::words::Currency;

object! {
    /// Every promotion that a payment may use. The two fields are assumed: no example of this body is public. What is in them
    /// is that of the promotions of card companies and of banks, which are documented.
    pub struct Promotions {
        /// Those of card companies.
        card: Option<CardPromotions> = "card",
        /// Those of banks.
        bank: Option<BankPromotions> = "bank",
    }
}

impl Promotions {
    /// Reads promotions from JSON.
    ///
    /// ```
    /// use toss_payments::promotion::Promotions;
    ///
    /// let all = Promotions::from_json(r#"{"card":{"discountCards":[{"issuerCode":"71","discountAmount":500}]}}"#)?;
    /// assert_eq!(all.card.unwrap().discount_cards[0].issuer_code.as_deref(), Some("71"));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// [`DecodeError`] where it is no JSON object.
    pub fn from_json(text: &str) -> Result<Promotions, DecodeError> {
        Promotions::decode(text)
    }
}

object! {
    /// Promotions of card companies.
    pub struct CardPromotions {
        /// Discounts at once.
        discount_cards: Vec<DiscountCard> = "discountCards",
        /// Instalments free of interest.
        interest_free_cards: Vec<InterestFreeCard> = "interestFreeCards",
        /// Card points (BrandPay).
        point_cards: Vec<PointCard> = "pointCards",
    }
}

impl CardPromotions {
    /// Reads the promotions of card companies from JSON.
    ///
    /// ```
    /// use toss_payments::promotion::CardPromotions;
    ///
    /// let cards = CardPromotions::from_json(r#"{"interestFreeCards":[{"issuerCode":"11","installmentFreeMonths":[2,3]}]}"#)?;
    /// assert_eq!(cards.interest_free_cards[0].installment_free_months, [2, 3]);
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// [`DecodeError`] where it is no JSON object.
    pub fn from_json(text: &str) -> Result<CardPromotions, DecodeError> {
        CardPromotions::decode(text)
    }
}

object! {
    /// A discount at once by a card company.
    ///
    /// ```
    /// use toss_payments::promotion::{CardPromotions, DiscountCard};
    ///
    /// let cards = CardPromotions::from_json(r#"{"discountCards":[{"issuerCode":"71","discountAmount":500,"minimumPaymentAmount":10000}]}"#)?;
    /// let discount: &DiscountCard = &cards.discount_cards[0];
    /// assert_eq!(discount.minimum_payment_amount.unwrap().to_string(), "10000");
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    pub struct DiscountCard {
        /// Code of the card company.
        issuer_code: Option<String> = "issuerCode",
        /// Code of the card company in older versions.
        company_code: Option<String> = "companyCode",
        /// How much comes off.
        discount_amount: Option<Amount> = "discountAmount",
        /// What is left of the promotion; at zero it is over.
        balance: Option<Amount> = "balance",
        /// The code to ask for the discount with.
        discount_code: Option<String> = "discountCode",
        /// Its last day, `yyyy-MM-dd`.
        due_date: Option<String> = "dueDate",
        /// From which amount on.
        minimum_payment_amount: Option<Amount> = "minimumPaymentAmount",
        /// Up to which amount.
        maximum_payment_amount: Option<Amount> = "maximumPaymentAmount",
        /// The currency of every amount.
        currency: Option<Currency> = "currency",
    }
}

object! {
    /// Instalments free of interest.
    ///
    /// ```
    /// use toss_payments::promotion::{CardPromotions, InterestFreeCard};
    ///
    /// let cards = CardPromotions::from_json(r#"{"interestFreeCards":[{"issuerCode":"11","installmentFreeMonths":[2,3]}]}"#)?;
    /// let card: &InterestFreeCard = &cards.interest_free_cards[0];
    /// assert!(card.installment_free_months.contains(&3));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    pub struct InterestFreeCard {
        /// Code of the card company.
        issuer_code: Option<String> = "issuerCode",
        /// Code of the card company in older versions.
        company_code: Option<String> = "companyCode",
        /// Its last day, `yyyy-MM-dd`.
        due_date: Option<String> = "dueDate",
        /// The numbers of months that are free of interest.
        installment_free_months: Vec<u32> = "installmentFreeMonths",
        /// From which amount on.
        minimum_payment_amount: Option<Amount> = "minimumPaymentAmount",
    }
}

object! {
    /// Card points that can be used.
    ///
    /// ```
    /// use toss_payments::promotion::{CardPromotions, PointCard};
    ///
    /// let cards = CardPromotions::from_json(r#"{"pointCards":[{"issuerCode":"11","dueDate":"2026-12-31"}]}"#)?;
    /// let card: &PointCard = &cards.point_cards[0];
    /// assert_eq!(card.due_date.as_deref(), Some("2026-12-31"));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    pub struct PointCard {
        /// Code of the card company.
        issuer_code: Option<String> = "issuerCode",
        /// Code of the card company in older versions.
        company_code: Option<String> = "companyCode",
        /// Its last day, `yyyy-MM-dd`.
        due_date: Option<String> = "dueDate",
        /// From which amount on.
        minimum_payment_amount: Option<Amount> = "minimumPaymentAmount",
    }
}

object! {
    /// Promotions of banks.
    pub struct BankPromotions {
        /// Discounts at once.
        discount_banks: Vec<DiscountBank> = "discountBanks",
    }
}

object! {
    /// A discount at once by a bank.
    ///
    /// ```
    /// use toss_payments::promotion::{BankPromotions, DiscountBank, Promotions};
    ///
    /// let all = Promotions::from_json(r#"{"bank":{"discountBanks":[{"bankCode":"88","discountAmount":500}]}}"#)?;
    /// let banks: BankPromotions = all.bank.unwrap();
    /// let discount: &DiscountBank = &banks.discount_banks[0];
    /// assert_eq!(discount.bank_code.as_deref(), Some("88"));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    pub struct DiscountBank {
        /// Code of the bank.
        bank_code: Option<String> = "bankCode",
        /// How much comes off.
        discount_amount: Option<Amount> = "discountAmount",
        /// What is left of the promotion; at zero it is over.
        balance: Option<Amount> = "balance",
        /// The code to ask for the discount with.
        discount_code: Option<String> = "discountCode",
        /// Its last day, `yyyy-MM-dd`.
        due_date: Option<String> = "dueDate",
        /// From which amount on.
        minimum_payment_amount: Option<Amount> = "minimumPaymentAmount",
        /// Up to which amount.
        maximum_payment_amount: Option<Amount> = "maximumPaymentAmount",
        /// The currency of every amount.
        currency: Option<Currency> = "currency",
    }
}
