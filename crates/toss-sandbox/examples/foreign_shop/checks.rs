//! What every shop has to get right, asked from outside: the shop over its own pages, the sandbox over its control API.
//!
//! The shop may be written in anything. Of yours you change [`order`] and, if its success page is elsewhere, [`SUCCESS`].

use serde_json::{Value, json};

use crate::http::{Answer, Failure, send};

/// Where the shop takes the shopper who comes back from the payment window.
const SUCCESS: &str = "/success";

/// The two programs.
pub struct Pair<'a> {
    pub shop: &'a str,
    pub sandbox: &'a str,
}

/// An order that the shop has stored, and what it costs.
struct Order {
    id: String,
    name: String,
    amount: i64,
}

impl Pair<'_> {
    /// The control API: `body` as JSON, the answer as JSON or null.
    async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value, Failure> {
        let body = body.map(|body| body.to_string());
        let answer = send(method, &format!("{}/sandbox/control{path}", self.sandbox), body.as_deref(), &[]).await?;
        if answer.status >= 400 {
            return Err(format!("{method} {path}: {answer}").into());
        }
        if answer.body.is_empty() { Ok(Value::Null) } else { Ok(serde_json::from_str(&answer.body)?) }
    }

    /// Puts something into the cart and goes to the checkout, in whichever way the shop does that.
    async fn order(&self) -> Result<Order, Failure> {
        let answer = send("POST", &format!("{}/orders", self.shop), None, &[]).await?;
        let order: Value = serde_json::from_str(&answer.body).map_err(|error| format!("POST /orders of the shop: {error}: {answer}"))?;
        let text = |name: &str| order[name].as_str().map(str::to_owned).ok_or(format!("the shop's order has no {name}: {order}"));
        Ok(Order { id: text("orderId")?, name: text("orderName")?, amount: order["amount"].as_i64().ok_or("the order has no amount")? })
    }

    /// The shopper pays in the window. Gives the address that the browser goes to then, at the shop.
    async fn pay(&self, order: &Order, decline: Option<&str>) -> Result<String, Failure> {
        let payment = json!({
            "orderId": order.id, "orderName": order.name, "amount": order.amount, "authenticated": false,
            "successUrl": format!("{}{SUCCESS}", self.shop), "failUrl": format!("{}/fail", self.shop),
        });
        let made = self.control("POST", "/payments", Some(payment)).await?;
        let key = made["paymentKey"].as_str().ok_or("the sandbox has made no payment")?;
        let approval = decline.map(|code| json!({ "declineAtConfirm": code }));
        let approved = self.control("POST", &format!("/payments/{key}/approve"), approval).await?;
        Ok(approved["redirectUrl"].as_str().ok_or("the window leads nowhere")?.to_owned())
    }

    /// What was charged for the order, charge by charge.
    async fn charges(&self, order: &Order) -> Result<Vec<i64>, Failure> {
        let ledger = self.control("GET", "/ledger", None).await?;
        let all = ledger.as_array().ok_or("the ledger is no list")?;
        let own = all.iter().filter(|entry| entry["kind"] == "charge" && entry["orderId"] == order.id.as_str());
        Ok(own.filter_map(|entry| entry["amount"].as_i64()).collect())
    }

    /// The order is as if it had never been, whoever else uses the sandbox.
    async fn forget(&self, order: &Order) -> Result<(), Failure> {
        self.control("POST", &format!("/reset?orderId={}", order.id), None).await.map(drop)
    }

    async fn expect(&self, what: &str, order: &Order, charged: &[i64], last: &Answer) -> Result<(), Failure> {
        let charges = self.charges(order).await?;
        if charges != charged {
            return Err(format!("{what}: charged {charges:?} instead of {charged:?}; the shop said {last}").into());
        }
        if last.status >= 500 {
            return Err(format!("{what}: the shopper saw {last}").into());
        }
        Ok(())
    }
}

/// Everything. The error says which check has failed, and how.
pub async fn run(pair: &Pair<'_>) -> Result<(), Failure> {
    paid_once_however_often_the_page_is_refreshed(pair).await?;
    not_paid_when_the_card_is_declined(pair).await?;
    not_paid_when_the_address_names_another_amount(pair).await?;
    paid_once_when_the_answer_is_lost(pair).await
}

async fn paid_once_however_often_the_page_is_refreshed(pair: &Pair<'_>) -> Result<(), Failure> {
    let order = pair.order().await?;
    let back = pair.pay(&order, None).await?;
    let first = send("GET", &back, None, &[]).await?;
    pair.expect("the first visit", &order, &[order.amount], &first).await?;
    let second = send("GET", &back, None, &[]).await?;
    pair.expect("a refresh", &order, &[order.amount], &second).await?;
    pair.forget(&order).await
}

async fn not_paid_when_the_card_is_declined(pair: &Pair<'_>) -> Result<(), Failure> {
    let order = pair.order().await?;
    let back = pair.pay(&order, Some("REJECT_CARD_PAYMENT")).await?;
    let page = send("GET", &back, None, &[]).await?;
    pair.expect("a decline", &order, &[], &page).await?;
    pair.forget(&order).await
}

async fn not_paid_when_the_address_names_another_amount(pair: &Pair<'_>) -> Result<(), Failure> {
    let order = pair.order().await?;
    let back = pair.pay(&order, None).await?;
    let forged = back.replace(&format!("amount={}", order.amount), "amount=100");
    let page = send("GET", &forged, None, &[]).await?;
    pair.expect("another amount", &order, &[], &page).await?;
    pair.forget(&order).await
}

async fn paid_once_when_the_answer_is_lost(pair: &Pair<'_>) -> Result<(), Failure> {
    let order = pair.order().await?;
    let back = pair.pay(&order, None).await?;
    let lost = json!({ "fault": { "kind": "reset_after" }, "endpoint": "confirm", "orderId": order.id, "times": "once" });
    pair.control("POST", "/faults", Some(lost)).await?;
    let first = send("GET", &back, None, &[]).await?;
    pair.expect("a lost answer", &order, &[order.amount], &first).await?;
    // A shop may not know yet, and say so; the shopper looks again.
    let page = send("GET", &back, None, &[]).await?;
    pair.expect("after a lost answer", &order, &[order.amount], &page).await?;
    if !(200..400).contains(&page.status) {
        return Err(format!("a lost answer: paid, but the shopper was told {first}, then {page}").into());
    }
    pair.forget(&order).await
}
