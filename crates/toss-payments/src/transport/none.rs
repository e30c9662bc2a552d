//! No transport comes along: whoever builds a client brings one.

use super::{Exchange, Limits, Transport};
use crate::client::BuildError;
use std::convert::Infallible;

/// There is nothing to set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct UsualSettings {}

/// There is none.
#[derive(Debug)]
pub(crate) struct Usual(Infallible);

impl Usual {
    pub(crate) fn new(_settings: &UsualSettings, _is_https: bool) -> Result<Usual, BuildError> {
        Err(BuildError::NoTransport)
    }
}

impl Transport for Usual {
    fn exchange(&self, _request: http::Request<String>, _limits: Limits) -> Exchange<'_> {
        match self.0 {}
    }
}
