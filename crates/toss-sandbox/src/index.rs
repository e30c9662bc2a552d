//! `/`: what is served here, and the ledger.

use axum::{extract::State, http::StatusCode, response::Response};

use crate::{
    html::{escape, page},
    records::Charge,
    world::World,
};

/// So many charges are listed, newest first.
const SHOWN: usize = 50;

pub(crate) async fn show(State(world): State<World>) -> Response {
    let (rows, total) = world.peek(|state, _| {
        let rows: String = state.ledger.iter().rev().take(SHOWN).map(row).collect();
        (rows, state.ledger.next())
    });
    let ledger = if rows.is_empty() {
        "<p>아직 결제가 없습니다.</p>".to_owned()
    } else {
        format!(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"ledger\"><table>\
             <thead><tr><th scope=\"col\">시각</th><th scope=\"col\">주문번호</th><th scope=\"col\">금액</th>\
             <th scope=\"col\">paymentKey</th></tr></thead><tbody>{rows}</tbody></table></div>"
        )
    };
    let origin = escape(world.origin());
    let main = format!(
        "<h1>Toss Payments 샌드박스</h1>\
         <dl><div><dt>스크립트</dt><dd><code>{origin}/v1/payment-widget</code></dd></div>\
         <div><dt>API</dt><dd><code>{origin}/v1/payments/…</code></dd></div>\
         <div><dt>테스트 제어</dt><dd><code>{origin}/sandbox/control/…</code></dd></div></dl>\
         <h2 id=\"ledger\">승인된 결제 {total}건</h2>{ledger}"
    );
    page(StatusCode::OK, "Toss Payments 샌드박스", &main, "'none'")
}

fn row(charge: &Charge) -> String {
    format!(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        charge.at.to_kst(),
        escape(&charge.order_id),
        charge.amount.to_korean(),
        escape(&charge.payment_key)
    )
}
