//! What a customer agrees to in the window of `requestBillingAuth`, without a browser.

use super::{Control, Refused};
use crate::{
    billing::{Authorization, CardNumber, Means},
    config::API_CLIENT_KEY,
    error::Code,
    method::{Group, Method},
};

impl Control {
    /// The customer leaves a card or an account with the shop of [`API_CLIENT_KEY`]. Gives what `authKey` of the success URL would be;
    /// it works as the `code` of BrandPay too.
    ///
    /// # Errors
    /// [`Refused`], when the customer key has not 2 to 50 characters, or for a method other than card and transfer.
    pub fn authorize_billing(&self, customer_key: &str, method: Method) -> Result<String, Refused> {
        if !(2..=50).contains(&customer_key.chars().count()) {
            return Err(Code::INVALID_CUSTOMER_KEY.error().into());
        }
        let merchant = self.world().merchant_where(|merchant| merchant.client_key == API_CLIENT_KEY);
        let merchant = merchant.ok_or_else(|| Code::NOT_FOUND_MERCHANT.error())?;
        let means = match method.group() {
            Group::Card => Means::Card(CardNumber::of_window()),
            Group::Transfer => Means::Transfer,
            Group::EasyPay | Group::VirtualAccount | Group::MobilePhone | Group::GiftCertificate => {
                return Err(Code::NOT_SUPPORTED_METHOD.error().into());
            }
        };
        let customer_key = customer_key.to_owned();
        Ok(self.world().with(|state, _| state.billing.authorize(Authorization { merchant, customer_key, means })))
    }
}
