//! The pages of the window, in Korean, without need of JavaScript.

use axum::{http::StatusCode, response::Response};

use super::{Return, choice};
use crate::{
    asked::Flow,
    error::{Code, Language},
    html::{escape, page},
    method::Group,
    payment::{Payment, Status},
};

/// The refusals that the window offers; a test can have any code of the table through the control plane.
const DECLINES: [Code; 10] = [
    Code::REJECT_CARD_COMPANY,
    Code::PAY_PROCESS_ABORTED,
    Code::REJECT_CARD_PAYMENT,
    Code::INVALID_CARD_EXPIRATION,
    Code::INVALID_STOPPED_CARD,
    Code::INVALID_CARD_LOST_OR_STOLEN,
    Code::EXCEED_MAX_AMOUNT,
    Code::EXCEED_MAX_DAILY_PAYMENT_COUNT,
    Code::INVALID_PASSWORD,
    Code::FDS_ERROR,
];

/// The window of a payment: the choice while it is READY, otherwise what has become of it.
pub(super) fn window(payment: &Payment) -> Response {
    match payment.status() {
        Status::Ready => choice(payment),
        Status::InProgress => {
            notice(payment, StatusCode::CONFLICT, "이미 인증된 결제입니다", "상점이 결제를 승인하는 중입니다.", Some(Return::Success))
        }
        Status::WaitingForDeposit | Status::Done | Status::Canceled | Status::PartialCanceled => {
            notice(payment, StatusCode::CONFLICT, "이미 완료된 결제입니다", "같은 결제를 다시 진행할 수 없습니다.", Some(Return::Success))
        }
        Status::Aborted => notice(
            payment,
            StatusCode::CONFLICT,
            "이미 거절된 결제입니다",
            "상점에서 다시 결제해 주세요.",
            Some(Return::Failure(Code::PAY_PROCESS_ABORTED)),
        ),
        Status::Expired => notice(
            payment,
            StatusCode::GONE,
            "결제 시간이 지났습니다",
            "상점에서 다시 결제해 주세요.",
            Some(Return::Failure(Code::PAY_PROCESS_ABORTED)),
        ),
    }
}

fn choice(payment: &Payment) -> Response {
    let path = format!("/sandbox/window/{}", payment.payment_key);
    let amount = payment.order.amount.to_korean();
    let options: String = DECLINES
        .iter()
        .map(|code| format!("<option value=\"{0}\">{0}: {1}</option>", code.as_str(), escape(code.message(Language::Korean))))
        .collect();
    let main = format!(
        "<h1>결제하기</h1>{summary}\
         <form method=\"post\" action=\"{path}/approve\">{asked}<button class=\"primary\">결제 승인</button></form>\
         <form method=\"post\" action=\"{path}/cancel\"><button>결제 취소</button></form>\
         <form method=\"post\" action=\"{path}/decline\" class=\"decline\">\
         <label for=\"code\">거절 사유</label><select id=\"code\" name=\"code\">{options}</select>\
         <button name=\"when\" value=\"window\">결제 거절</button>\
         <button name=\"when\" value=\"confirm\">승인 단계에서 거절</button>\
         <p class=\"hint\">결제 거절은 바로 실패 페이지로, 승인 단계에서 거절은 성공 페이지로 돌아간 뒤 \
         승인 요청이 거절됩니다.</p></form>",
        summary = summary(payment),
        asked = choice::asked(&payment.order),
    );
    let title = format!("{amount} 결제하기 - SANDBOX");
    page(StatusCode::OK, &title, &main, frame_ancestors(payment))
}

fn notice(payment: &Payment, status: StatusCode, heading: &str, text: &str, back: Option<Return>) -> Response {
    let link = back
        .and_then(|back| back.url(payment))
        .map(|url| {
            let url = escape(url.as_str());
            format!("<p><a class=\"button\" href=\"{url}\">상점으로 돌아가기</a></p>")
        })
        .unwrap_or_default();
    let main = format!("<h1>{heading}</h1><p>{text}</p>{}{link}", summary(payment));
    let title = format!("{heading} - SANDBOX");
    page(status, &title, &main, frame_ancestors(payment))
}

/// The page that hands the result to the page around the frame.
pub(super) fn result(message: &str, origin: &str) -> Response {
    let main = format!(
        "<h1>결제창을 닫는 중입니다</h1><div id=\"result\" data-message=\"{}\" data-origin=\"{}\"></div>\
         <script src=\"/sandbox/assets/result.js\"></script>",
        escape(message),
        escape(origin)
    );
    let title = "결제창을 닫는 중입니다 - SANDBOX";
    page(StatusCode::OK, title, &main, origin)
}

pub(super) fn receipt(payment: &Payment) -> Response {
    let (status, heading) = match payment.status() {
        Status::WaitingForDeposit => (StatusCode::OK, "입금 안내"),
        Status::Done | Status::Canceled | Status::PartialCanceled => (StatusCode::OK, "영수증"),
        Status::Ready | Status::InProgress | Status::Aborted | Status::Expired => (StatusCode::NOT_FOUND, "영수증이 없습니다"),
    };
    let account = payment
        .account()
        .map(|account| {
            format!(
                "<dl>{}{}{}{}</dl>",
                row("입금은행", &account.bank.name()),
                row("계좌번호", &account.number),
                row("예금주", &account.customer_name),
                row("입금기한", &account.due.to_kst())
            )
        })
        .unwrap_or_default();
    let main = format!("<h1>{heading}</h1>{}{account}", summary(payment));
    page(status, &format!("{heading} - SANDBOX"), &main, "'none'")
}

pub(super) fn unknown() -> Response {
    let main = "<h1>없는 결제입니다</h1><p>주소를 다시 확인해 주세요.</p>";
    page(StatusCode::NOT_FOUND, "없는 결제입니다 - SANDBOX", main, "'none'")
}

pub(super) fn bad_request() -> Response {
    let main = "<h1>잘못된 요청입니다</h1><p>결제창에서 다시 선택해 주세요.</p>";
    page(StatusCode::BAD_REQUEST, "잘못된 요청입니다 - SANDBOX", main, "'none'")
}

fn summary(payment: &Payment) -> String {
    let order = &payment.order;
    let customer = order.customer_name.as_deref().map(|name| row("구매자", name)).unwrap_or_default();
    let chosen = match (order.flow, order.method.group()) {
        (Flow::Widget, Group::Card) => row("카드사", order.card_company.name),
        (Flow::Widget, Group::VirtualAccount | Group::Transfer) => order.bank.map(|bank| row("은행", &bank.name())).unwrap_or_default(),
        (Flow::Widget, Group::EasyPay | Group::ForeignEasyPay | Group::MobilePhone | Group::GiftCertificate) | (Flow::Window, _) => {
            String::new()
        }
    };
    format!(
        "<dl>{name}{id}{customer}{method}{chosen}<div class=\"amount\"><dt>결제 금액</dt><dd>{amount}</dd></div></dl>",
        name = row("주문", &order.order_name),
        id = row("주문번호", &order.order_id),
        method = row("결제수단", order.method.korean()),
        amount = order.amount.to_korean(),
    )
}

pub(super) fn row(name: &str, value: &str) -> String {
    format!("<div><dt>{}</dt><dd>{}</dd></div>", escape(name), escape(value))
}

/// In a frame the window stands in the shop's page; otherwise nobody frames it.
fn frame_ancestors(payment: &Payment) -> &str {
    payment.order.returns.frame().unwrap_or("'none'")
}
