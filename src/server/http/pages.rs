//! What each page does, in a few lines each; the work is done in the engine.

use super::context::Context;
use super::render;
use super::views;
use super::visit::{KIND_COOKIE, LAST_ORDER_COOKIE, Visit, is_looked_at, set_cookie};
use crate::domain::routes;
use crate::pages::Page;
use crate::view::fail::FailView;
use crate::view::visitor::CustomerKind;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use payment_engine::StoreError;
use payment_engine::order::State as OrderState;
use serde::Deserialize;
use toss_types::OrderId;

const DAY_S: u32 = 86_400;

/// `GET /`
pub async fn home() -> Redirect {
    Redirect::to(routes::CHECKOUT)
}

/// The parameters of `GET /checkout`.
#[derive(Deserialize)]
pub struct CheckoutQuery {
    #[serde(rename = "as")]
    kind: Option<String>,
}

/// `GET /checkout`
pub async fn checkout(State(ctx): State<Context>, mut visit: Visit, query: Result<Query<CheckoutQuery>, QueryRejection>) -> Response {
    let asked = query.ok().and_then(|Query(query)| query.kind).and_then(|code| CustomerKind::from_code(&code));
    let kind = asked.unwrap_or(visit.kind);
    let remember = asked.map(|kind| (header::SET_COOKIE, set_cookie(&ctx, KIND_COOKIE, kind.code(), DAY_S)));
    let path = format!("{}?as={}", routes::CHECKOUT, kind.code());
    let (session, set_cookie) = match visit.session.clone() {
        Some(session) => (session, None),
        None => {
            let session = ctx.sessions.create();
            let set_cookie = ctx.sessions.set_cookie(&session);
            visit.session = Some(session.clone());
            (session, Some((header::SET_COOKIE, set_cookie)))
        }
    };
    // What may have been paid is not offered for sale again, whichever tab placed it.
    match visit.undecided(&ctx).await {
        Ok(Some(undecided)) => return Redirect::to(&routes::order(&undecided)).into_response(),
        Ok(None) => {}
        Err(error) => return unavailable(&ctx, &visit, &path, &error).await,
    }
    match visit.last_order(&ctx).await {
        // Neither is what has been paid, before the shopper has seen that: an answer may have been lost on the way back.
        Ok(Some(last)) if matches!(last.state, OrderState::Paid { .. } | OrderState::AwaitingDeposit { .. }) => {
            Redirect::to(&routes::order(&last.order.id)).into_response()
        }
        Ok(last) => {
            let view = views::checkout(&ctx, &visit, &session, kind, last);
            let page = render::page(&ctx, &visit, &path, StatusCode::OK, Page::Checkout(view));
            (AppendHeaders(set_cookie), AppendHeaders(remember), page).into_response()
        }
        Err(error) => unavailable(&ctx, &visit, &path, &error).await,
    }
}

/// What Toss puts behind `failUrl` (Toss docs, redirect URLs); `orderId` is absent after a cancel.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailQuery {
    code: Option<String>,
    message: Option<String>,
    order_id: Option<String>,
}

/// `GET /fail`
pub async fn fail(State(ctx): State<Context>, visit: Visit, query: Result<Query<FailQuery>, QueryRejection>) -> Response {
    let query = query.map_or(FailQuery { code: None, message: None, order_id: None }, |Query(query)| query);
    let view = FailView::new(visit.lang, query.code.as_deref(), query.message.as_deref(), query.order_id.as_deref());
    // Anybody can write an address, and some are cut short. Where this browser has an order that the address is about, or may be
    // about, the store speaks: "not paid" is not repeated of one that is paid, or may be.
    match spoken_of(&ctx, &visit, view.order_id.as_ref()).await {
        Ok(Some(order_id)) => return Redirect::to(&routes::order(&order_id)).into_response(),
        Ok(None) => {}
        Err(error) => return unavailable(&ctx, &visit, routes::FAIL, &error).await,
    }
    render::page(&ctx, &visit, routes::CHECKOUT, StatusCode::OK, Page::Fail(view))
}

/// The order of this browser that a failure cannot be told of: the one that is named, unless it is payable, else one that is
/// undecided.
async fn spoken_of(ctx: &Context, visit: &Visit, named: Option<&OrderId>) -> Result<Option<OrderId>, StoreError> {
    if let Some(id) = named
        && let Some(record) = ctx.engine.order(id).await?
        && visit.owns(ctx, &record.order)
        && (!ctx.engine.is_payable(&record) || ctx.engine.is_undecided(&record))
    {
        return Ok(Some(id.clone()));
    }
    visit.undecided(ctx).await
}

/// `GET /orders/{id}`: the receipt, for the browser that placed the order; how it stands and no more, for one that came
/// back from Toss with its payment. Everybody else gets what they would get for an order that does not exist.
pub async fn order(
    State(ctx): State<Context>,
    visit: Visit,
    method: Method,
    headers: HeaderMap,
    id: Result<Path<String>, PathRejection>,
) -> Response {
    let Some(order_id) = id.ok().and_then(|Path(id)| OrderId::parse(&id).ok()) else { return not_found(&ctx, &visit).await };
    let path = routes::order(&order_id);
    match ctx.engine.order(&order_id).await {
        Ok(Some(record)) if visit.owns(&ctx, &record.order) => {
            let is_over = matches!(record.state, OrderState::Paid { .. } | OrderState::AwaitingDeposit { .. });
            // Once it has been seen, the next order sheet begins afresh.
            let is_seen = is_over && visit.placed_last(&order_id) && is_looked_at(&method, &headers, true);
            let forget = is_seen.then(|| (header::SET_COOKIE, set_cookie(&ctx, LAST_ORDER_COOKIE, "", 0)));
            let page = match views::order(&ctx, visit.lang, &record).await {
                Ok(view) => Page::Order(Box::new(view)),
                Err(error) => return unavailable(&ctx, &visit, &path, &error).await,
            };
            (AppendHeaders(forget), render::page(&ctx, &visit, &path, StatusCode::OK, page)).into_response()
        }
        Ok(Some(record)) if visit.has_seen(&ctx, &record) => {
            let page = Page::Elsewhere {
                lang: visit.lang,
                id: order_id,
                status: views::status(&ctx, visit.lang, &record),
                version: record.version,
            };
            render::page(&ctx, &visit, &path, StatusCode::OK, page)
        }
        Ok(_) => not_found(&ctx, &visit).await,
        Err(error) => unavailable(&ctx, &visit, &path, &error).await,
    }
}

async fn not_found(ctx: &Context, visit: &Visit) -> Response {
    render::page(ctx, visit, routes::CHECKOUT, StatusCode::NOT_FOUND, Page::NoSuchOrder)
}

/// Any other path.
pub async fn no_such_page(State(ctx): State<Context>, visit: Visit) -> Response {
    render::page(&ctx, &visit, routes::CHECKOUT, StatusCode::NOT_FOUND, Page::NoSuchPage)
}

/// The store does not answer.
pub async fn unavailable(ctx: &Context, visit: &Visit, path: &str, error: &StoreError) -> Response {
    tracing::error!(%error, "a page could not be made");
    try_again(ctx, visit, path).await
}

/// Says to try again in a moment.
pub async fn try_again(ctx: &Context, visit: &Visit, path: &str) -> Response {
    let page = render::page(ctx, visit, path, StatusCode::SERVICE_UNAVAILABLE, Page::Unavailable);
    ([(header::RETRY_AFTER, "5")], page).into_response()
}
