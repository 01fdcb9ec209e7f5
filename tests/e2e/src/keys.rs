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
    pub hash: String,
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
            hash: key("hash"),
        }
    }

    /// All of them, each with the name it is known by in this test.
    pub fn all(&self) -> [(&'static str, &str); 6] {
        [
            ("the merchant's API key", &self.api),
            ("PayWall's public key", &self.public_key),
            ("PayWall's public client", &self.public_client),
            ("PayWall's private key", &self.private_key),
            ("PayWall's private client", &self.private_client),
            ("the 3-D hash key", &self.hash),
        ]
    }
}
