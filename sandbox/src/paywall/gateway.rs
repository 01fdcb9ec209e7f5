//! The provider that takes every payment of the sandbox, as PayWall names it.

pub(crate) struct Gateway {
    pub(crate) id: i64,
    pub(crate) name: &'static str,
    pub(crate) provider: &'static str,
}

pub(crate) const GATEWAY: Gateway = Gateway {
    id: 1,
    name: "Kumbank Sanal POS",
    provider: "Kumbank",
};
