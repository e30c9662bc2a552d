//! The window of `requestBillingAuth`: the shopper agrees to be charged again and again.
//!
//! Nothing is kept while it is open. Everything that it needs stands in its own address and goes along with its forms.

use axum::{
    Json,
    extract::{
        Form, Query, State,
        rejection::{FormRejection, JsonRejection, QueryRejection},
    },
    http::StatusCode,
    response::Response,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{merchant, page, returns, to_script, unreadable};
use crate::{
    asked::{Flow, Returns},
    billing::{Authorization, CardNumber, Means},
    config::MerchantId,
    error::{ApiError, Code, Language},
    html::{self, escape},
    ids,
    order::{invalid, is_customer_key},
    world::World,
};

/// What the browser script sends for `requestBillingAuth`.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Request {
    /// By this the script knows the messages of its window; given by the sandbox.
    id: Option<String>,
    client_key: String,
    customer_key: String,
    method: Method,
    customer_name: Option<String>,
    success_url: String,
    fail_url: String,
    opener_origin: Option<String>,
}

/// What can be charged again and again (published types).
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Method {
    Card,
    Transfer,
}

/// A checked request, and where it goes.
struct Checked {
    merchant: MerchantId,
    success: Url,
    fail: Url,
    frame: Option<String>,
}

impl Request {
    fn check(&self, world: &World) -> Result<Checked, ApiError> {
        let merchant = merchant(world, &self.client_key, Flow::Window)?;
        if !is_customer_key(&self.customer_key) {
            return Err(invalid("customerKey", "영문, 숫자, '-', '_', '=', '.', '@' 2~50자"));
        }
        match Returns::check(Some(&self.success_url), Some(&self.fail_url), self.opener_origin.as_deref())? {
            Returns::Redirect { success, fail, frame } => Ok(Checked { merchant, success, fail, frame }),
            Returns::Message { .. } | Returns::Nowhere => Err(invalid("successUrl, failUrl", "필수 파라미터")),
        }
    }

    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    /// Leads to `url`, in a frame by telling the page around it.
    fn leave(&self, checked: &Checked, url: Url) -> Response {
        match &checked.frame {
            None => returns::see_other(url.into()),
            Some(origin) => {
                let message = json!({ "source": returns::SOURCE, "id": self.id(), "redirect": url.as_str() });
                page::result(&message.to_string(), origin)
            }
        }
    }
}

/// The fail URL with a code. It names no order, for there is none.
fn failed(fail: &Url, code: Code) -> Url {
    let mut url = fail.clone();
    url.query_pairs_mut().append_pair("code", code.as_str()).append_pair("message", code.message(Language::Korean));
    url
}

/// `POST /sandbox/window/billing-auths`: says where the window is.
pub(crate) async fn create(State(world): State<World>, body: Result<Json<Request>, JsonRejection>) -> Response {
    to_script(open(&world, body))
}

fn open(world: &World, body: Result<Json<Request>, JsonRejection>) -> Result<Value, ApiError> {
    let Json(request) = body.map_err(|rejection| unreadable("requestBillingAuth", &rejection))?;
    let checked = request.check(world)?;
    let request = Request { id: Some(ids::trace_id()), ..request };
    let query: String = {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs(&request));
        query.finish()
    };
    Ok(json!({
        "id": request.id,
        "windowUrl": format!("/sandbox/window/billing?{query}"),
        "cancelUrl": failed(&checked.fail, Code::PAY_PROCESS_CANCELED).as_str(),
    }))
}

/// The request as fields of a form.
fn pairs(request: &Request) -> Vec<(String, String)> {
    let Ok(Value::Object(fields)) = serde_json::to_value(request) else {
        return Vec::new();
    };
    fields.into_iter().filter_map(|(name, value)| value.as_str().map(|text| (name.clone(), text.to_owned()))).collect()
}

/// `GET /sandbox/window/billing?…`
pub(crate) async fn show(State(world): State<World>, query: Result<Query<Request>, QueryRejection>) -> Response {
    let Ok(Query(request)) = query else {
        return page::bad_request();
    };
    let Ok(checked) = request.check(&world) else {
        return page::bad_request();
    };
    let method = match request.method {
        Method::Card => "카드",
        Method::Transfer => "계좌이체",
    };
    let customer = request.customer_name.as_deref().map(|name| page::row("구매자", name)).unwrap_or_default();
    let hidden: String = pairs(&request)
        .into_iter()
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(&value)))
        .collect();
    let main = format!(
        "<h1>자동결제 등록</h1><dl>{method}{key}{customer}</dl>\
         <form method=\"post\" action=\"/sandbox/window/billing/agree\">{hidden}<button class=\"primary\">등록 동의</button></form>\
         <form method=\"post\" action=\"/sandbox/window/billing/refuse\">{hidden}\
         <button name=\"code\" value=\"PAY_PROCESS_CANCELED\">등록 취소</button>\
         <button name=\"code\" value=\"REJECT_CARD_COMPANY\" class=\"second\">등록 거절</button></form>",
        method = page::row("결제수단", method),
        key = page::row("고객", &request.customer_key),
    );
    html::page(StatusCode::OK, "자동결제 등록 - SANDBOX", &main, checked.frame.as_deref().unwrap_or("'none'"))
}

/// `POST …/agree`: the shopper agrees. The success URL gets `customerKey` and the `authKey` (Toss docs).
pub(crate) async fn agree(State(world): State<World>, form: Result<Form<Request>, FormRejection>) -> Response {
    let Ok(Form(request)) = form else {
        return page::bad_request();
    };
    let Ok(checked) = request.check(&world) else {
        return page::bad_request();
    };
    let means = match request.method {
        Method::Card => Means::Card(CardNumber::of_window()),
        Method::Transfer => Means::Transfer,
    };
    let authorization = Authorization { merchant: checked.merchant, customer_key: request.customer_key.clone(), means };
    let auth_key = world.with(|state, _| state.billing.authorize(authorization));
    let mut url = checked.success.clone();
    url.query_pairs_mut().append_pair("customerKey", &request.customer_key).append_pair("authKey", &auth_key);
    request.leave(&checked, url)
}

/// The form of a refusal: the request, and why.
#[derive(Deserialize)]
pub(crate) struct Refusal {
    code: String,
    #[serde(flatten)]
    request: Value,
}

/// `POST …/refuse`: the shopper leaves, or the card company refuses.
pub(crate) async fn refuse(State(world): State<World>, form: Result<Form<Refusal>, FormRejection>) -> Response {
    let Ok(Form(Refusal { code, request })) = form else {
        return page::bad_request();
    };
    let (Some(code), Ok(request)) = (Code::parse(&code), serde_json::from_value::<Request>(request)) else {
        return page::bad_request();
    };
    let Ok(checked) = request.check(&world) else {
        return page::bad_request();
    };
    let url = failed(&checked.fail, code);
    request.leave(&checked, url)
}
