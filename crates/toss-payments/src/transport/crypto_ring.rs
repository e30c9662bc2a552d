//! Cryptography by what the process has chosen for itself, such as one with FIPS; by ring where it has chosen nothing. The choice
//! of the process is not touched.

use rustls::crypto::CryptoProvider;
use std::sync::Arc;

/// Always there.
pub(super) fn provider() -> Option<Arc<CryptoProvider>> {
    let chosen = CryptoProvider::get_default().cloned();
    Some(chosen.unwrap_or_else(|| Arc::new(rustls::crypto::ring::default_provider())))
}
