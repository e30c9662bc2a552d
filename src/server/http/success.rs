//! Coming back from Toss. Toss sends the browser here with a GET, so this one GET confirms; but only for a browser that a
//! shopper looks at. Reading methods, prefetches and previews of links change nothing.

use super::confirm::parse_returned;
use super::context::Context;
use super::pages::{try_again, unavailable};
use super::visit::{Visit, is_looked_at};
use super::{render, views};
use crate::domain::failure::ShopCode;
use crate::domain::routes;
use crate::pages::Page;
use crate::server_fns::confirm_payment;
use crate::view::confirmed::Confirmed;
use crate::view::returning::ReturningView;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use payment_engine::Returned;
use serde::Deserialize;
use toss_types::OrderId;

/// What Toss puts behind `successUrl` (Toss docs, redirect URLs). `paymentType` comes too and decides nothing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SuccessQuery {
    order_id: Option<String>,
    payment_key: Option<String>,
    amount: Option<String>,
}

/// `GET /success`
pub async fn get(
    State(ctx): State<Context>,
    visit: Visit,
    method: Method,
    headers: HeaderMap,
    query: Result<Query<SuccessQuery>, QueryRejection>,
) -> Response {
    let returned = match parse(query.ok().map(|Query(query)| query)) {
        Ok(returned) => returned,
        Err(order_id) => return fail_redirect(ShopCode::InvalidReturn, order_id.as_ref()),
    };
    match ctx.engine.order(&returned.order_id).await {
        Ok(order) => {
            let is_owner = order.is_some_and(|record| visit.owns(&ctx, &record.order));
            if is_looked_at(&method, &headers, is_owner) {
                confirm(&ctx, &visit, returned).await
            } else {
                let view =
                    ReturningView { order_id: returned.order_id, payment_key: returned.payment_key, amount: returned.amount.to_string() };
                render::page(&ctx, &visit, routes::CHECKOUT, StatusCode::OK, Page::Returning(view))
            }
        }
        Err(error) => unavailable(&ctx, &visit, routes::SUCCESS, &error).await,
    }
}

/// `POST /success`: the shopper has pressed the button of [`Page::Returning`].
pub async fn post(State(ctx): State<Context>, visit: Visit, form: Result<Form<SuccessQuery>, FormRejection>) -> Response {
    match parse(form.ok().map(|Form(query)| query)) {
        Ok(returned) => confirm(&ctx, &visit, returned).await,
        Err(order_id) => fail_redirect(ShopCode::InvalidReturn, order_id.as_ref()),
    }
}

/// What came back, or the order that a cut address still names.
fn parse(query: Option<SuccessQuery>) -> Result<Returned, Option<OrderId>> {
    let query = query.ok_or(None)?;
    parse_returned(query.order_id.as_deref(), query.payment_key.as_deref(), query.amount.as_deref()).map_err(|bad| {
        tracing::warn!(parameter = bad.parameter(), "a browser came back with a parameter missing or malformed");
        query.order_id.as_deref().and_then(|id| OrderId::parse(id).ok())
    })
}

async fn confirm(ctx: &Context, visit: &Visit, returned: Returned) -> Response {
    let Returned { order_id, payment_key, amount, .. } = returned;
    // What this shop sells costs won: an amount that is none is no order's.
    let Some(amount) = amount.as_won() else { return fail_redirect(ShopCode::InvalidReturn, Some(&order_id)) };
    let function = || confirm_payment(payment_key, order_id.clone(), amount);
    let (answer, cookies) = render::call(ctx, visit, function).await;
    let to_order = || (cookies, Redirect::to(&routes::order(&order_id))).into_response();
    match answer {
        Ok(Confirmed::Paid | Confirmed::AwaitingDeposit | Confirmed::Declined(_) | Confirmed::InDoubt) => to_order(),
        // Under the address that brought it back: should it not be written down after all, reloading asks once more. The page
        // reloads by itself where the browser may ask how the order stands.
        Ok(Confirmed::Queued) => match ctx.engine.order(&order_id).await {
            Ok(Some(record)) if visit.owns(ctx, &record.order) && ctx.engine.is_undecided(&record) => {
                match views::order(ctx, visit.lang, &record).await {
                    Ok(view) => render::page(ctx, visit, &routes::order(&order_id), StatusCode::OK, Page::Order(Box::new(view))),
                    Err(error) => unavailable(ctx, visit, routes::SUCCESS, &error).await,
                }
            }
            Ok(Some(record)) if visit.owns(ctx, &record.order) && !ctx.engine.is_payable(&record) => to_order(),
            Ok(_) => try_again(ctx, visit, routes::SUCCESS).await,
            Err(error) => unavailable(ctx, visit, routes::SUCCESS, &error).await,
        },
        // Where the browser owns the order, the store speaks.
        Ok(Confirmed::Refused(code)) => match ctx.engine.order(&order_id).await {
            Ok(Some(record)) if visit.owns(ctx, &record.order) && !ctx.engine.is_payable(&record) => to_order(),
            Ok(_) => fail_redirect(code, Some(&order_id)),
            Err(error) => unavailable(ctx, visit, routes::SUCCESS, &error).await,
        },
        // Its cause is in the log. Reloading brings the payment back once more.
        Err(_) => try_again(ctx, visit, routes::SUCCESS).await,
    }
}

fn fail_redirect(code: ShopCode, order_id: Option<&OrderId>) -> Response {
    let order = order_id.map(|id| format!("&orderId={id}")).unwrap_or_default();
    Redirect::to(&format!("{}?code={}{order}", routes::FAIL, code.code())).into_response()
}
