//! Every sentence of the checkout, in both languages, beside each other.

use super::cart::CartError;
use super::customer::CustomerField;
use super::lang::Lang;
use toss_types::Won;

/// Declares texts as functions of the language, so that a program holds only those that it uses.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $ko:literal / $en:literal;)*) => {
        $($(#[$doc])*
        #[must_use]
        pub const fn $name(lang: Lang) -> &'static str {
            match lang {
                Lang::Ko => $ko,
                Lang::En => $en,
            }
        })*
    };
}

texts! {
    /// The shop's name.
    shop: "토스 데모 상점" / "Toss demo shop";
    /// First link of every page.
    skip_to_content: "본문으로 건너뛰기" / "Skip to content";
    /// Accessible name of the line at the top.
    notice: "안내" / "Notice";
    /// Shown while the offline Toss is in use.
    sandbox_banner: "샌드박스: 실제로 결제되지 않아요." / "Sandbox: no real payment is made.";
    /// The link beside it.
    sandbox_link: "샌드박스 열기" / "Open the sandbox";
    /// Shown with test keys.
    test_banner: "테스트 키를 쓰고 있어요. 실제로 결제되지 않아요." / "Test keys are in use. No real payment is made.";
    /// Label of the language switch.
    language: "언어" / "Language";
    /// Label of the colour scheme switch.
    theme: "화면 모드" / "Colour scheme";
    /// Light colours.
    theme_light: "밝게" / "Light";
    /// Dark colours.
    theme_dark: "어둡게" / "Dark";

    /// Title of the order sheet.
    checkout_title: "주문서" / "Checkout";
    /// Heading of the goods.
    your_order: "주문 상품" / "Your order";
    /// Before the goods' value.
    subtotal: "상품 금액" / "Subtotal";
    /// Before what the coupon takes off.
    discount: "쿠폰 할인" / "Coupon";
    /// Before what is charged.
    total: "총 결제 금액" / "Total";
    /// Label of a number of pieces.
    quantity: "수량" / "Quantity";
    /// Button.
    one_more: "하나 더" / "One more";
    /// Button.
    one_less: "하나 빼기" / "One less";
    /// Heading of the contact data.
    contact: "주문자 정보" / "Contact";
    /// Field.
    name: "이름" / "Name";
    /// Field.
    email: "이메일" / "E-mail";
    /// Field.
    phone: "휴대폰 번호" / "Mobile phone";
    /// Which kind of customer.
    as_member: "회원" / "Member";
    /// Which kind of customer.
    as_guest: "비회원" / "Guest";
    /// Label of that choice.
    order_as: "주문 방법" / "Order as";
    /// Heading of the widget's payment methods.
    payment_method: "결제 수단" / "Payment method";
    /// Accessible name of the widget's terms.
    terms: "약관 동의" / "Terms";
    /// In place of the widget while it comes.
    widget_loading: "결제 수단을 불러오고 있어요." / "Loading the payment methods.";
    /// When it does not come.
    widget_failed_title: "결제 수단을 불러오지 못했어요." / "The payment methods could not be loaded.";
    /// What to do when the script was blocked.
    widget_blocked: "인터넷 연결을 확인하고, 광고 차단 기능을 쓰고 있다면 잠시 꺼 주세요." / "Check your connection, and pause your ad blocker if you use one.";
    /// What to do when the script took too long.
    widget_slow: "응답이 너무 늦어지고 있어요. 잠시 후 다시 시도해 주세요." / "It is taking too long. Please try again in a moment.";
    /// What to do when the script failed.
    widget_broken: "일시적인 문제가 생겼어요. 다시 시도해 주세요." / "Something went wrong for a moment. Please try again.";
    /// Button.
    try_again: "다시 시도" / "Try again";
    /// Under the pay button while the widget is coming.
    pay_needs_widget: "결제 수단을 준비하고 있어요." / "Preparing the payment methods.";
    /// Under the pay button while terms are not agreed.
    pay_needs_terms: "필수 약관에 동의하면 결제할 수 있어요." / "Agree to the required terms to pay.";
    /// On the pay button while a request runs.
    paying: "결제창을 여는 중…" / "Opening the payment window…";
    /// Shown when wasm did not start.
    boot_failed: "페이지를 다 불러오지 못했어요. 새로고침해 주세요." / "The page did not load completely. Please reload it.";
    /// Shown without JavaScript.
    needs_javascript: "결제하려면 자바스크립트를 켜 주세요." / "Please turn on JavaScript to pay.";
    /// After `PriceChanged`.
    price_changed: "가격이 바뀌어서 결제하지 않았어요. 새 금액을 확인하고 다시 눌러 주세요." / "The price has changed, so nothing was paid. Please check the new total and press again.";
    /// When the server did not answer.
    server_failed: "서버에 연결하지 못했어요. 결제되지 않았으니 다시 시도해 주세요." / "The server could not be reached. Nothing was paid; please try again.";
    /// When the browser refuses cookies or the page is from somewhere else.
    request_refused: "요청을 확인할 수 없었어요. 페이지를 새로고침한 뒤 다시 시도해 주세요." / "The request could not be verified. Please reload the page and try again.";
    /// When `requestPayment` was cancelled or failed before the window opened.
    request_failed: "결제창을 열지 못했어요. 결제되지 않았으니 다시 시도해 주세요." / "The payment window could not be opened. Nothing was paid; please try again.";
    /// When the widget wants something filled in first.
    request_incomplete: "결제 수단과 약관을 확인한 뒤 다시 눌러 주세요." / "Please check payment method and terms, then press again.";

    /// Title of a paid order.
    paid_title: "결제를 완료했어요" / "Payment complete";
    /// Title while nobody knows.
    in_doubt_title: "결제를 확인 중이에요" / "Checking your payment";
    /// What to do meanwhile.
    in_doubt_text: "결제 결과를 확인하고 있어요. 다시 결제하지 말고 잠시 기다려 주세요. 확인되면 이 화면이 자동으로 바뀌어요." / "We are checking the result. Please wait and do not pay again; this page updates by itself.";
    /// The same after a refusal that passes.
    trying_again_text: "결제사에 일시적인 문제가 있어 다시 시도하고 있어요. 아직 결제되지 않았으니 다시 결제하지 말고 잠시 기다려 주세요." / "The payment company has a passing problem, and we are trying again. Nothing has been charged so far; please wait and do not pay again.";
    /// Title of a payment that came back to a browser that does not look like the shopper's.
    returning_title: "결제를 마무리해 주세요" / "Finish your payment";
    /// What to do.
    returning_text: "아직 결제되지 않았어요. 아래 버튼을 누르면 결제를 완료해요." / "Nothing has been charged so far. Press the button to complete the payment.";
    /// Button.
    returning_button: "결제 완료하기" / "Complete the payment";
    /// Title of an order whose time is up.
    expired_title: "결제 시간이 지난 주문이에요" / "This order has expired";
    /// What to do.
    expired_text: "결제되지 않았어요. 가격과 재고가 바뀔 수 있어서 오래된 주문은 결제할 수 없어요. 주문서에서 다시 주문해 주세요." / "Nothing was charged. Prices change, so an old order cannot be paid any more. Please order again from the checkout.";
    /// The same for one that a newer one has replaced.
    replaced_text: "결제되지 않았어요. 같은 브라우저에서 새로 주문해서 이 주문은 결제할 수 없어요. 새 주문으로 결제해 주세요." / "Nothing was charged. A newer order was placed in this browser, so this one cannot be paid any more. Please pay the newer one.";
    /// When the shopper orders again meanwhile.
    earlier_in_doubt: "앞선 주문의 결제를 아직 확인하고 있어요. 두 번 결제되지 않도록 잠시 후 다시 시도해 주세요." / "Your previous payment is still being checked. To avoid paying twice, please try again in a moment.";
    /// Under the title, in a browser that did not place the order.
    elsewhere_text: "주문한 브라우저에서 영수증을 볼 수 있어요. 다시 결제하지 마세요." / "The receipt is in the browser in which you ordered. Do not pay again.";
    /// Said aloud when it is known.
    in_doubt_over: "결제 결과가 확인됐어요." / "The result is known.";
    /// Title of an order that waits for a deposit.
    deposit_title: "입금해 주세요" / "Transfer the money";
    /// Below what to do: the page changes by itself.
    deposit_live: "입금이 확인되면 이 화면이 자동으로 바뀌어요." / "This page changes by itself as soon as the deposit has arrived.";
    /// Title after the bank has taken a deposit back.
    reversed_title: "입금이 취소되어 다시 입금해야 해요" / "Your deposit was taken back; please transfer again";
    /// Why.
    reversed_text: "은행에서 입금을 취소했어요. 돈은 보낸 계좌로 돌아가요. 같은 계좌로 다시 입금해 주세요." / "The bank has taken the deposit back; the money returns to the account it came from. Please transfer it again to the same account.";
    /// Title of an account whose time is over.
    no_deposit_title: "입금 기한이 지났어요" / "The time for the transfer is over";
    /// What not to do.
    no_deposit_text: "이 계좌로 입금하지 마세요. 기한 안에 입금되지 않아 주문이 끝났어요. 주문서에서 다시 주문해 주세요." / "Please do not transfer to this account any more. No money came in time, so the order has ended. Please order again from the checkout.";
    /// Title of an account that was taken back.
    canceled_title: "주문이 취소됐어요" / "This order was cancelled";
    /// What not to do.
    canceled_text: "입금 전에 주문이 취소됐어요. 이 계좌로 입금하지 마세요." / "The order was cancelled before any money came. Please do not transfer to this account.";
    /// In a browser that did not place the order.
    elsewhere_deposit: "입금할 계좌는 주문한 브라우저에서 볼 수 있어요." / "The account to pay into is shown in the browser in which you ordered.";
    /// While goods wait after a deposit.
    hold_text: "입금이 확인됐어요. 은행에서 입금을 취소하는 경우가 있어서 잠시 뒤에 상품을 준비해요." / "Your deposit has arrived. Banks can take a deposit back for a short while, so your order is prepared a little later.";
    /// Button beside an account number.
    copy: "복사" / "Copy";
    /// After it.
    copied: "복사했어요" / "Copied";
    /// Where copying is not allowed.
    not_copied: "복사하지 못했어요. 번호를 길게 눌러 복사해 주세요." / "Copying is not possible here. Please select the number and copy it.";
    /// Row: how long there is.
    time_left: "남은 시간" / "Time left";
    /// Row: what has to be transferred.
    amount_to_transfer: "입금할 금액" / "Amount to transfer";
    /// Row where nothing was paid.
    order_total: "주문 금액" / "Order total";
    /// Title of an order that was refunded.
    refunded_title: "환불된 주문이에요" / "This order was refunded";
    /// Heading of the refunds.
    refunds: "환불" / "Refunds";
    /// Row: what is left after refunds.
    remaining: "환불 후 결제 금액" / "Paid after refunds";
    /// Where a card refund goes.
    refund_by_card: "결제한 수단으로 돌려드려요. 카드 취소는 카드사에 따라 영업일 기준 3~4일 걸려요." / "The money goes back the way it was paid. Card companies take 3 to 4 business days.";
    /// Where the refund of a deposit goes.
    refund_by_account: "알려 주신 계좌로 보내드려요. 영업일 기준 2일 안에 입금돼요." / "The money goes to the account that you named, within 2 business days.";
    /// Where the bank has not taken the refund of a deposit.
    refund_sent_back: "알려 주신 계좌로 보내지 못해 은행에서 돌려보냈어요. 상점에 연락해 주세요." / "The bank has sent the refund back: it could not reach the account that you named. Please contact the shop.";
    /// A refund of which nobody knows yet.
    refund_pending: "처리 중" / "In progress";
    /// One that went through.
    refund_done: "완료" / "Done";
    /// Title of an order that nobody tried to pay.
    open_title: "아직 결제하지 않은 주문이에요" / "This order has not been paid";
    /// What to do.
    open_text: "결제되지 않았어요. 주문서로 돌아가 다시 결제할 수 있어요." / "Nothing was charged. You can go back to the checkout and pay.";
    /// Title of a failed payment.
    failed_title: "결제하지 못했어요" / "The payment did not go through";
    /// Below it.
    failed_text: "결제되지 않았어요. 장바구니와 쿠폰은 그대로 있어요." / "Nothing was charged. Your cart and coupon are still there.";
    /// Label of Toss's message.
    error_message: "에러메시지" / "Error message";
    /// Label of Toss's code.
    error_code: "에러코드" / "Error code";
    /// What folds them.
    what_was_said: "결제사가 알려 준 내용" / "What the payment company said";
    /// Link to the checkout, after a payment that the same once more may mend.
    pay_again: "다시 결제하기" / "Try again";
    /// And after one that only another card or method can.
    pay_another_way: "다른 수단으로 결제하기" / "Pay another way";
    /// Link to the checkout.
    back_to_checkout: "주문서로 돌아가기" / "Back to the checkout";
    /// Link to a new order.
    new_order: "새로 주문하기" / "Order again";
    /// Row of the receipt.
    paid_amount: "결제 금액" / "Amount";
    /// Row of the receipt.
    order_number: "주문번호" / "Order number";
    /// Row of the receipt.
    order_name: "주문 상품" / "Order";
    /// Row of the receipt.
    method: "결제 수단" / "Paid with";
    /// Row of the receipt.
    approved_at: "결제 일시" / "Paid at";
    /// Row of the receipt.
    bank: "은행" / "Bank";
    /// Row of the receipt.
    account_number: "계좌번호" / "Account number";
    /// Row of the receipt.
    account_holder: "예금주" / "Account holder";
    /// Row of the receipt.
    due_date: "입금 기한" / "Deposit by";
    /// Link to Toss's receipt.
    receipt: "영수증 보기" / "View receipt";
    /// Heading of the developer panel.
    developer_panel: "개발자 정보" / "For developers";
    /// Link of the developer panel.
    docs: "연동 문서" / "Integration docs";
    /// Link of the developer panel.
    support: "실시간 문의" / "Live support";
    /// Heading of the raw answer.
    toss_answer: "토스 응답 원문" / "Toss's answer as received";

    /// Title of 404.
    not_found_title: "찾을 수 없는 주문이에요" / "Order not found";
    /// Below it.
    not_found_text: "주문번호를 확인하고, 결제할 때 쓴 브라우저에서 열어 주세요." / "Check the order number, and open it in the browser that you paid with.";
    /// Title of 404 elsewhere.
    no_page_title: "페이지를 찾을 수 없어요" / "Page not found";
    /// Title of 503.
    unavailable_title: "지금은 확인할 수 없어요" / "We cannot check this right now";
    /// Below it.
    unavailable_text: "결제 정보는 안전해요. 잠시 후 이 페이지를 새로고침해 주세요." / "Your payment data is safe. Please reload this page in a moment.";
}

/// An amount as shoppers read it: `45,000원`, `₩45,000`.
#[must_use]
pub fn won(lang: Lang, amount: Won) -> String {
    let digits = amount.get().to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 + 3);
    if lang == Lang::En {
        grouped.push('₩');
    }
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if lang == Lang::Ko {
        grouped.push('원');
    }
    grouped
}

/// What the pay button says: what happens, with the amount.
#[must_use]
pub fn pay_button(lang: Lang, total: Won) -> String {
    let total = won(lang, total);
    match lang {
        Lang::Ko => total + " 결제하기",
        Lang::En => String::from("Pay ") + &total,
    }
}

/// What to transfer, and until when.
#[must_use]
pub fn deposit_text(lang: Lang, amount: &str, due: Option<&str>) -> String {
    match (lang, due) {
        (Lang::Ko, Some(due)) => format!("{due}까지 {amount}을 한 번에 입금해 주세요."),
        (Lang::Ko, None) => format!("{amount}을 한 번에 입금해 주세요."),
        (Lang::En, Some(due)) => format!("Transfer exactly {amount} in one payment by {due}."),
        (Lang::En, None) => format!("Transfer exactly {amount} in one payment."),
    }
}

/// How long there is: the two largest units.
#[must_use]
pub fn duration(lang: Lang, seconds: u32) -> String {
    let (days, hours, minutes, rest) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    let (ko, en, larger, smaller) = match (days, hours, minutes) {
        (1.., _, _) => (("일", "시간"), ("d", "h"), days, hours),
        (0, 1.., _) => (("시간", "분"), ("h", "min"), hours, minutes),
        (0, 0, _) => (("분", "초"), ("min", "s"), minutes, rest),
    };
    match lang {
        Lang::Ko => format!("{larger}{} {smaller}{}", ko.0, ko.1),
        Lang::En => format!("{larger} {} {smaller} {}", en.0, en.1),
    }
}

/// What is wrong with a field and what to type instead.
#[must_use]
pub const fn field_error(lang: Lang, field: CustomerField, is_empty: bool) -> &'static str {
    match (field, is_empty, lang) {
        (CustomerField::Name, true, Lang::Ko) => "이름을 입력해 주세요.",
        (CustomerField::Name, true, Lang::En) => "Enter your name.",
        (CustomerField::Name, false, Lang::Ko) => "이름은 100자까지 쓸 수 있어요.",
        (CustomerField::Name, false, Lang::En) => "Use up to 100 characters.",
        (CustomerField::Email, true, Lang::Ko) => "이메일을 입력해 주세요.",
        (CustomerField::Email, true, Lang::En) => "Enter your email.",
        (CustomerField::Email, false, Lang::Ko) => "이메일 주소를 다시 확인해 주세요. 예: name@example.com",
        (CustomerField::Email, false, Lang::En) => "Check your email, e.g. name@example.com.",
        (CustomerField::Phone, true, Lang::Ko) => "휴대폰 번호를 입력해 주세요.",
        (CustomerField::Phone, true, Lang::En) => "Enter your mobile number.",
        (CustomerField::Phone, false, Lang::Ko) => "숫자를 다시 확인해 주세요. 예: 010-1234-5678",
        (CustomerField::Phone, false, Lang::En) => "Check the digits, e.g. 010-1234-5678.",
    }
}

/// What is wrong with a cart.
#[must_use]
pub const fn cart_error(lang: Lang, error: CartError) -> &'static str {
    match (error, lang) {
        (CartError::Empty, Lang::Ko) => "상품을 하나 이상 담아 주세요.",
        (CartError::Empty, Lang::En) => "Put at least one product into the cart.",
        (CartError::UnknownProduct | CartError::DuplicateProduct | CartError::TooMany, Lang::Ko) => {
            "장바구니를 확인할 수 없었어요. 새로고침한 뒤 다시 담아 주세요."
        }
        (CartError::UnknownProduct | CartError::DuplicateProduct | CartError::TooMany, Lang::En) => {
            "The cart could not be read. Please reload and fill it again."
        }
        (CartError::UnknownCoupon, Lang::Ko) => "쓸 수 없는 쿠폰이에요. 쿠폰을 빼고 다시 시도해 주세요.",
        (CartError::UnknownCoupon, Lang::En) => "This coupon cannot be used. Please remove it and try again.",
        (CartError::SoldOut, Lang::Ko) => "남은 수량이 부족한 상품이나 쿠폰이 있어요. 수량을 줄이거나 쿠폰을 빼고 다시 시도해 주세요.",
        (CartError::SoldOut, Lang::En) => {
            "There is not enough left of a product or of the coupon. Please take less of it, or remove the coupon, and try again."
        }
    }
}

/// How to get a coupon to count.
#[must_use]
pub fn coupon_minimum(lang: Lang, minimum: Won) -> String {
    let minimum = won(lang, minimum);
    match lang {
        Lang::Ko => minimum + " 이상 주문하면 쓸 수 있어요.",
        Lang::En => String::from("From ") + &minimum + " on.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_shoppers_write_them() {
        for (amount, ko, en) in
            [(0, "0원", "₩0"), (999, "999원", "₩999"), (45_000, "45,000원", "₩45,000"), (1_234_567, "1,234,567원", "₩1,234,567")]
        {
            assert_eq!(won(Lang::Ko, Won::of(amount)), ko);
            assert_eq!(won(Lang::En, Won::of(amount)), en);
        }
    }
}
