//! The connected providers: `apm/list` and `apm/cards` (paywall.md §3.1, §3.6).

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use serde::Serialize;

use crate::app::App;
use crate::paywall::api::{Envelope, public_keys, text_header};
use crate::paywall::currency;
use crate::paywall::general::General;

/// PayWall's id of the Turkish lira, which every connection takes and no other.
pub(super) const TRY: u8 = 1;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Connection {
    pub(super) id: i64,
    pub(super) provider_id: i64,
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    category: &'static str,
    pub(super) icon: &'static str,
    pub(super) features: Features,
    pub(super) needs: Needs,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Features {
    #[serde(rename = "OtpBased")]
    pub(super) otp: bool,
    #[serde(rename = "QrBased")]
    pub(super) qr: bool,
    #[serde(rename = "CheckoutBased")]
    pub(super) checkout: bool,
    #[serde(rename = "DirectPayBased")]
    pub(super) direct_pay: bool,
}

/// Which fields of Payer the provider cannot do without.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Needs {
    pub(super) card_number: bool,
    pub(super) phone: bool,
}

const NO_FEATURES: Features = Features {
    otp: false,
    qr: false,
    checkout: false,
    direct_pay: false,
};

pub(super) const CONNECTIONS: [Connection; 4] = [
    Connection {
        id: 11,
        provider_id: 3,
        key: "papara",
        name: "Papara",
        category: "Cüzdan",
        icon: "/assets/apm-wallet.svg",
        features: Features {
            qr: true,
            checkout: true,
            ..NO_FEATURES
        },
        needs: Needs {
            card_number: false,
            phone: false,
        },
    },
    Connection {
        id: 12,
        provider_id: 7,
        key: "FoodCardProvider",
        name: "Yemek Kartı",
        category: "Yemek Kartı",
        icon: "/assets/apm-meal.svg",
        features: Features {
            otp: true,
            ..NO_FEATURES
        },
        needs: Needs {
            card_number: true,
            phone: false,
        },
    },
    Connection {
        id: 14,
        provider_id: 9,
        key: "Paye",
        name: "Paye",
        category: "Cüzdan",
        icon: "/assets/apm-wallet.svg",
        features: Features {
            direct_pay: true,
            ..NO_FEATURES
        },
        needs: Needs {
            card_number: false,
            phone: true,
        },
    },
    Connection {
        id: 15,
        provider_id: 5,
        key: "MetropolCard",
        name: "Metropol",
        category: "Yemek Kartı",
        icon: "/assets/apm-meal.svg",
        features: Features {
            otp: true,
            ..NO_FEATURES
        },
        needs: Needs {
            card_number: true,
            phone: true,
        },
    },
];

pub(super) fn by_id(id: i64) -> Result<&'static Connection, General> {
    let found = CONNECTIONS.iter().find(|connection| connection.id == id);
    found.ok_or(General::ApmConnectionNotFound)
}

/// Samples write keys in different cases.
pub(super) fn by_key(key: &str) -> Result<&'static Connection, General> {
    let found = CONNECTIONS
        .iter()
        .find(|connection| connection.key.eq_ignore_ascii_case(key));
    found.ok_or(General::ApmProviderNotFound)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    provider_id: i64,
    provider_key: &'static str,
    provider_name: &'static str,
    category_name: &'static str,
    connection_id: i64,
    external_id_support: bool,
    external_id: &'static str,
    logo: String,
    features: &'static Features,
}

pub(super) async fn list(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    Json(Envelope::of(&headers, offers(&app, &headers))).into_response()
}

fn offers(app: &App, headers: &HeaderMap) -> Result<Vec<Listed>, General> {
    public_keys(app, headers)?;
    let currency_id = asked_currency(headers)?;
    let has: fn(&Features) -> bool = match given(headers, "focusedfeature") {
        None => |_| true,
        Some("otp") => |features| features.otp,
        Some("qr") => |features| features.qr,
        Some("checkout") => |features| features.checkout,
        Some("directpay") => |features| features.direct_pay,
        Some(_) => return Err(General::FocusedFeature),
    };
    // No provider is connected twice, so there is nothing to merge.
    let distinct = given(headers, "distinctduplicates").map(str::to_ascii_lowercase);
    if !matches!(distinct.as_deref(), None | Some("true" | "false")) {
        return Err(General::InvalidData);
    }
    let listed = CONNECTIONS
        .iter()
        .filter(|connection| currency_id == TRY && has(&connection.features))
        .map(|connection| Listed {
            provider_id: connection.provider_id,
            provider_key: connection.key,
            provider_name: connection.name,
            category_name: connection.category,
            connection_id: connection.id,
            external_id_support: false,
            external_id: "",
            logo: format!("{}{}", app.public_url, connection.icon),
            features: &connection.features,
        });
    Ok(listed.collect())
}

/// The payer's cards at the provider: none, but the question must be a right one.
pub(super) async fn cards(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let answer = || -> Result<[(); 0], General> {
        public_keys(&app, &headers)?;
        asked_currency(&headers)?;
        match (
            given(&headers, "apmconnectionid"),
            given(&headers, "providerkey"),
        ) {
            (Some(id), _) => by_id(id.parse().map_err(|_| General::InvalidData)?)?,
            (None, Some(key)) => by_key(key)?,
            (None, None) => return Err(General::InvalidData),
        };
        Ok([])
    };
    Json(Envelope::of(&headers, answer())).into_response()
}

fn asked_currency(headers: &HeaderMap) -> Result<u8, General> {
    let asked = given(headers, "currencyid").ok_or(General::InvalidData)?;
    let id = asked.parse().map_err(|_| General::InvalidData)?;
    currency::known(id).ok_or(General::Currency)
}

fn given<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    text_header(headers, name).filter(|text| !text.is_empty())
}
