//! How Corefy's messages are proved: X-Signature of callbacks (corefy.md §9) and
//! the header of Basic auth (§2). Knows nothing of how they are sent.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha1::{Digest, Sha1};

use crate::secret::Secret;

/// Base64 of SHA-1 over the secret, the body's very bytes, the secret.
pub fn x_signature(secret: &Secret, body: &[u8]) -> String {
    let secret = secret.reveal().as_bytes();
    let digest = Sha1::new()
        .chain_update(secret)
        .chain_update(body)
        .chain_update(secret)
        .finalize();
    STANDARD.encode(digest)
}

/// The `Authorization` of an account and its API key.
pub fn basic(account: &str, api_key: &Secret) -> String {
    let pair = format!("{account}:{}", api_key.reveal());
    format!("Basic {}", STANDARD.encode(pair))
}
