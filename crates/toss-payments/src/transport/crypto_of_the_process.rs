//! Cryptography by whatever the process has installed: aws-lc, one with FIPS, one of its own.

use rustls::crypto::CryptoProvider;
use std::sync::Arc;

/// `None` where nothing has been installed.
pub(super) fn provider() -> Option<Arc<CryptoProvider>> {
    CryptoProvider::get_default().cloned()
}
