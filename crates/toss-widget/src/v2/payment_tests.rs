use super::super::{CashReceipt, FlowMode, FreeInstallment, Language, RefundAccount, TransferProvider};
use super::*;
use crate::error::ErrorCode;
use crate::goods::{EscrowProduct, MobileCarrier, UnitAmount};
use toss_types::Won;

fn request(method: Method) -> PaymentRequest {
    PaymentRequest::new(Won::of(45_000), Order::sample(), method)
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn escrow() -> Vec<EscrowProduct> {
    let word = || "x".to_owned();
    vec![EscrowProduct { id: word(), code: word(), name: word(), unit_price: Won::of(1_000), quantity: 2 }]
}

const ESCROW: &str = r#""escrowProducts":[{"id":"x","code":"x","name":"x","unitPrice":1000,"quantity":2}]"#;

/// What the method adds to a request.
fn written(method: Method) -> String {
    let json = request(method).json();
    let (front, rest) =
        json.split_once(r#","amount":{"value":45000,"currency":"KRW"},"orderId":"order-1","orderName":"사과""#).expect(&json);
    format!("{}{rest}", &front[1..])
}

#[test]
fn every_field_of_a_card_crosses_under_its_name() {
    let options = CardOptions {
        use_escrow: Some(true),
        escrow_products: escrow(),
        tax_exemption_amount: Some(Won::of(0)),
        flow_mode: Some(FlowMode::Direct),
        card_company: text("SHINHAN"),
        easy_pay: text("TOSSPAY"),
        card_installment_plan: Some(0),
        max_card_installment_plan: Some(12),
        free_installment_plans: vec![FreeInstallment { company: "BC".to_owned(), months: vec![2, 3] }],
        use_card_point: Some(false),
        use_app_card_only: Some(true),
        discount_code: text("d"),
        valid_hours: None,
        due_date: text("2030-01-01T00:00:00"),
        use_international_card_only: Some(true),
        language: Some(Language::English),
        show_estimated_amount: Some(true),
        app_scheme: text("shop://"),
    };
    assert_eq!(request(Method::Card(options.clone())).validate(), Ok(()));
    let expected = [
        r#""method":"CARD","card":{"useEscrow":true"#,
        ESCROW,
        r#""taxExemptionAmount":0,"flowMode":"DIRECT","cardCompany":"SHINHAN","easyPay":"TOSSPAY","cardInstallmentPlan":0"#,
        r#""maxCardInstallmentPlan":12,"freeInstallmentPlans":[{"company":"BC","months":[2,3]}],"useCardPoint":false"#,
        r#""useAppCardOnly":true,"discountCode":"d","dueDate":"2030-01-01T00:00:00","useInternationalCardOnly":true"#,
        r#""language":"EN","showEstimatedAmount":true,"appScheme":"shop://"}}"#,
    ];
    assert_eq!(written(Method::Card(options)), expected.join(","));
}

#[test]
fn every_field_of_a_virtual_account_crosses_under_its_name() {
    let account = RefundAccount { bank_code: "88".to_owned(), account_number: "110123".to_owned(), holder_name: "김토스".to_owned() };
    assert!(!format!("{account:?}").contains("110123"));
    let options = VirtualAccountOptions {
        tax_exemption_amount: Some(Won::of(1)),
        cash_receipt: Some(CashReceipt::ExpenseProof),
        use_escrow: Some(false),
        escrow_products: escrow(),
        valid_hours: Some(2160),
        due_date: None,
        is_cultural_expenses: Some(true),
        show_customer_mobile_phone: Some(true),
        refund_receive_account: Some(account),
    };
    assert_eq!(request(Method::VirtualAccount(options.clone())).validate(), Ok(()));
    let expected = [
        r#""method":"VIRTUAL_ACCOUNT","virtualAccount":{"taxExemptionAmount":1,"cashReceipt":{"type":"지출증빙"},"useEscrow":false"#,
        ESCROW,
        r#""validHours":2160,"isCulturalExpenses":true,"showCustomerMobilePhone":true"#,
        r#""refundReceiveAccount":{"bankCode":"88","accountNumber":"110123","holderName":"김토스"}}}"#,
    ];
    assert_eq!(written(Method::VirtualAccount(options)), expected.join(","));
}

#[test]
fn every_field_of_the_other_methods_crosses_under_its_name() {
    let transfer = TransferOptions {
        tax_exemption_amount: Some(Won::of(1)),
        cash_receipt: Some(CashReceipt::IncomeDeduction),
        use_escrow: Some(true),
        escrow_products: escrow(),
        valid_hours: Some(1),
        due_date: None,
        is_cultural_expenses: Some(false),
        show_securities_account: Some(true),
        provider: Some(TransferProvider::OpenBanking),
    };
    let expected = [
        r#""method":"TRANSFER","transfer":{"taxExemptionAmount":1,"cashReceipt":{"type":"소득공제"},"useEscrow":true"#,
        ESCROW,
        r#""validHours":1,"isCulturalExpenses":false,"showSecuritiesAccount":true,"provider":"OPENBANKING"}}"#,
    ];
    assert_eq!(written(Method::Transfer(transfer)), expected.join(","));
    let carriers = MobilePhoneOptions::new().mobile_carriers([MobileCarrier::Kt, MobileCarrier::Sk7]);
    assert_eq!(written(Method::MobilePhone(carriers)), r#""method":"MOBILE_PHONE","mobilePhone":{"mobileCarriers":["KT","SK7"]}}"#);
    assert_eq!(written(Method::MobilePhone(MobilePhoneOptions::new())), r#""method":"MOBILE_PHONE"}"#);
    assert_eq!(written(Method::CultureGiftCertificate), r#""method":"CULTURE_GIFT_CERTIFICATE"}"#);
    assert_eq!(written(Method::BookGiftCertificate), r#""method":"BOOK_GIFT_CERTIFICATE"}"#);
    assert_eq!(written(Method::GameGiftCertificate), r#""method":"GAME_GIFT_CERTIFICATE"}"#);
    let options = ForeignEasyPay::new("US");
    let paypal = Method::ForeignEasyPay { provider: "PAYPAL".to_owned(), options };
    assert_eq!(written(paypal), r#""method":"FOREIGN_EASY_PAY","foreignEasyPay":{"country":"US","provider":"PAYPAL"}}"#);
}

#[test]
fn each_broken_field_is_named() {
    let card = |change: fn(&mut CardOptions)| {
        let mut options = CardOptions::default();
        change(&mut options);
        request(Method::Card(options))
    };
    let account = |change: fn(&mut VirtualAccountOptions)| {
        let mut options = VirtualAccountOptions::default();
        change(&mut options);
        request(Method::VirtualAccount(options))
    };
    let both = TransferOptions { valid_hours: Some(1), due_date: text("d"), ..TransferOptions::default() };
    let refund = |number: &str, holder: &str| RefundAccount {
        bank_code: "88".to_owned(),
        account_number: number.to_owned(),
        holder_name: holder.to_owned(),
    };
    let to = |account: RefundAccount| {
        request(Method::VirtualAccount(VirtualAccountOptions { refund_receive_account: Some(account), ..VirtualAccountOptions::default() }))
    };
    let paypal = |provider: &str, country: &str| {
        request(Method::ForeignEasyPay { provider: provider.to_owned(), options: ForeignEasyPay::new(country) })
    };
    let mut foreign = request(Method::CultureGiftCertificate);
    foreign.amount = Amount::Foreign { amount: UnitAmount { minor: 1, decimals: 0 }, currency: "KRW".to_owned() };
    let mut twice = request(Method::CultureGiftCertificate);
    twice.extra.push(("amount".to_owned(), "1".to_owned()));
    let mut order = request(Method::CultureGiftCertificate);
    order.order.order_name.clear();
    for (request, named) in [
        (order, "order_name"),
        (foreign, "currency"),
        (twice, "extra"),
        (card(|o| o.card_installment_plan = Some(1)), "card.card_installment_plan"),
        (card(|o| o.max_card_installment_plan = Some(13)), "card.max_card_installment_plan"),
        (card(|o| (o.valid_hours, o.due_date) = (Some(1), text("d"))), "card.due_date"),
        (card(|o| o.app_scheme = text("shop")), "card.app_scheme"),
        (account(|o| o.valid_hours = Some(2161)), "virtual_account.valid_hours"),
        (account(|o| (o.valid_hours, o.due_date) = (Some(1), text("d"))), "virtual_account.due_date"),
        (to(refund("1-1", "김")), "refund_receive_account.account_number"),
        (to(refund("1", "")), "refund_receive_account.holder_name"),
        (request(Method::Transfer(both)), "transfer.due_date"),
        (paypal("", "US"), "provider"),
        (paypal("PAYPAL", "usa"), "foreign_easy_pay.country"),
        (paypal("PAYPAL", "US"), "success_url"),
    ] {
        let code = request.validate().expect_err(named).code;
        assert!(matches!(&code, ErrorCode::InvalidArgument { field, .. } if *field == named), "{named}: {code:?}");
    }
}

#[test]
fn what_is_given_as_json_overrides_no_field() {
    let with = |options: CardOptions, names: &[&str]| {
        let mut request = request(Method::Card(options));
        request.extra = names.iter().map(|name| ((*name).to_owned(), "{}".to_owned())).collect();
        request
    };
    let escrow = CardOptions { use_escrow: Some(true), ..CardOptions::default() };
    for refused in [
        with(CardOptions::default(), &["customerMobilePhone"]),
        with(CardOptions::default(), &["method"]),
        with(CardOptions::default(), &["subOrders", "subOrders"]),
        with(escrow, &["card"]),
    ] {
        let error = refused.validate().expect_err("would be written twice");
        assert!(matches!(error.code, ErrorCode::InvalidArgument { field: "extra", .. }), "{error}");
    }
    let whole = with(CardOptions::default(), &["card", "subOrders"]);
    assert_eq!(whole.validate(), Ok(()));
    assert_eq!(whole.json().matches(r#""card""#).count(), 1);
}
