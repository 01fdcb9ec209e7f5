//! The keys of one test. Each is a text that occurs nowhere else, so that
//! whoever searches for it finds leaks only.

use uuid::Uuid;

pub struct Keys {
    /// Of the shop's back end at the merchant server.
    pub api: String,
    pub public_key: String,
    pub public_client: String,
    pub private_key: String,
    pub private_client: String,
    pub hash_3d: String,
    pub hash_apm: String,
    pub hash_pos: String,
    /// Travels in Hepsipay's return form too.
    pub hepsipay_key: String,
    pub hepsipay_secret: String,
    pub corefy_account: String,
    pub corefy_key: String,
    pub corefy_secret_test: String,
    pub corefy_secret_live: String,
    /// Signs what the merchant server tells the shop.
    pub webhook: String,
}

impl Keys {
    pub fn fresh() -> Self {
        let key = |name: &str| format!("e2e-{name}-{}", Uuid::new_v4().simple());
        Keys {
            api: key("api"),
            public_key: key("public-key"),
            public_client: key("public-client"),
            private_key: key("private-key"),
            private_client: key("private-client"),
            hash_3d: key("hash-3d"),
            hash_apm: key("hash-apm"),
            hash_pos: key("hash-pos"),
            hepsipay_key: key("hepsipay-key"),
            hepsipay_secret: key("hepsipay-secret"),
            corefy_account: key("corefy-account"),
            corefy_key: key("corefy-key"),
            corefy_secret_test: key("corefy-secret-test"),
            corefy_secret_live: key("corefy-secret-live"),
            // Base64 behind this prefix; hex digits happen to be some.
            webhook: format!("whsec_{}", Uuid::new_v4().simple()),
        }
    }

    /// All of them, each with the name it is known by in this test.
    pub fn all(&self) -> [(&'static str, &str); 15] {
        [
            ("the merchant's API key", &self.api),
            ("PayWall's public key", &self.public_key),
            ("PayWall's public client", &self.public_client),
            ("PayWall's private key", &self.private_key),
            ("PayWall's private client", &self.private_client),
            ("the 3-D hash key", &self.hash_3d),
            ("the APM hash key", &self.hash_apm),
            ("the POS hash key", &self.hash_pos),
            ("Hepsipay's API key", &self.hepsipay_key),
            ("Hepsipay's secret key", &self.hepsipay_secret),
            ("Corefy's account", &self.corefy_account),
            ("Corefy's API key", &self.corefy_key),
            ("Corefy's test secret", &self.corefy_secret_test),
            ("Corefy's live secret", &self.corefy_secret_live),
            ("the webhook secret", &self.webhook),
        ]
    }
}
