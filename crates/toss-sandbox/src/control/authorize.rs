//! What a customer agrees to in the window of `requestBillingAuth`, without a browser.

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::json;

use super::{Control, Refused, body::Body};
use crate::{
    billing::{Authorization, CardNumber, Means},
    config::API_CLIENT_KEY,
    error::{ApiError, Code},
    method::{Group, Method},
    world::World,
};

pub(super) fn routes() -> Router<World> {
    Router::new().route("/billing-authorizations", post(authorize))
}

async fn authorize(State(world): State<World>, body: Body) -> Result<Response, ApiError> {
    let mut fields = body.fields(&["customerKey", "method"])?;
    let (customer_key, method) = (fields.required_text("customerKey")?, fields.word("method", Method::ALL)?.unwrap_or_default());
    let auth_key = Control::new(world).agree(&customer_key, method)?;
    Ok((StatusCode::CREATED, Json(json!({ "authKey": auth_key }))).into_response())
}

impl Control {
    /// The customer leaves a card or an account with the shop of [`API_CLIENT_KEY`]. Gives what `authKey` of the success URL would be;
    /// it works as the `code` of BrandPay too.
    ///
    /// # Errors
    /// [`Refused`], when the customer key has not 2 to 50 characters, or for a method other than card and transfer.
    pub fn authorize_billing(&self, customer_key: &str, method: Method) -> Result<String, Refused> {
        Ok(self.agree(customer_key, method)?)
    }

    fn agree(&self, customer_key: &str, method: Method) -> Result<String, ApiError> {
        if !(2..=50).contains(&customer_key.chars().count()) {
            return Err(Code::INVALID_CUSTOMER_KEY.into());
        }
        let merchant = self.world().merchant_where(|merchant| merchant.client_key == API_CLIENT_KEY);
        let merchant = merchant.ok_or(Code::NOT_FOUND_MERCHANT)?;
        let means = match method.group() {
            Group::Card => Means::Card(CardNumber::of_window()),
            Group::Transfer => Means::Transfer,
            Group::EasyPay | Group::ForeignEasyPay | Group::VirtualAccount | Group::MobilePhone | Group::GiftCertificate => {
                return Err(Code::NOT_SUPPORTED_METHOD.into());
            }
        };
        let customer_key = customer_key.to_owned();
        Ok(self.world().with(|state, _| state.billing.authorize(Authorization { merchant, customer_key, means })))
    }
}
