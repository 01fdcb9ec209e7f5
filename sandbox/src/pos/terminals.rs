//! The terminals on the counter, and `terminal/list` (paywall.md §4.4).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use uuid::{Uuid, uuid};

use super::envelope::{self, Spelling};
use super::refusal::Refusal;
use crate::app::App;
use crate::paywall::api::private_keys;

/// The connection of both terminals.
pub(super) const CONNECTION: Uuid = uuid!("0f4b6f1e-6f3d-4a38-9d55-8f1c8a0f1e21");

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Terminal {
    pub(super) id: Uuid,
    /// `TerminalTagCode`
    pub(super) tag: &'static str,
    pub(super) serial: &'static str,
    /// Whether sales reach it.
    pub(super) online: bool,
}

pub(super) const TERMINALS: [Terminal; 2] = [
    Terminal {
        id: uuid!("38e895c3-1a9a-4b73-8816-8557d1d031d6"),
        tag: "KASA-1",
        serial: "SBX0000001",
        online: true,
    },
    Terminal {
        id: uuid!("5d0f6b0e-52c7-4d57-9b0b-0a4c3f1c9a02"),
        tag: "KASA-2",
        serial: "SBX0000002",
        online: false,
    },
];

pub(super) fn by_id(id: Uuid) -> Option<&'static Terminal> {
    TERMINALS.iter().find(|terminal| terminal.id == id)
}

pub(super) fn by_tag(tag: &str) -> Option<&'static Terminal> {
    TERMINALS.iter().find(|terminal| terminal.tag == tag)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    /// From 1; 0 is taken for it.
    page_index: usize,
    page_size: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    items: Vec<Item>,
    pagination: Pagination,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    /// What a sale names.
    id: Uuid,
    connection_id: Uuid,
    brand_id: u8,
    provider_id: u8,
    region_id: u8,
    connection_name: &'static str,
    source_id: &'static str,
    terminal_id: Uuid,
    serial_no: &'static str,
    source_created_date: &'static str,
    source_update_date: &'static str,
    merchant_id: u8,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Pagination {
    current_page: usize,
    page_count: usize,
    page_size: usize,
    total_count: usize,
}

pub(super) async fn list(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Response {
    envelope::respond(Spelling::Pascal, page(&app, &headers, &body))
}

fn page(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Refusal> {
    private_keys(app, headers)?;
    let request: Request = envelope::read(headers, body)?;
    if request.page_size == 0 {
        return Err(Refusal::Validation);
    }
    let current = request.page_index.max(1);
    let shown = TERMINALS
        .iter()
        .skip((current - 1).saturating_mul(request.page_size))
        .take(request.page_size);
    Ok(Answer {
        items: shown.map(Item::of).collect(),
        pagination: Pagination {
            current_page: current,
            page_count: TERMINALS.len().div_ceil(request.page_size),
            page_size: request.page_size,
            total_count: TERMINALS.len(),
        },
    })
}

impl Item {
    fn of(terminal: &Terminal) -> Self {
        Self {
            id: terminal.id,
            connection_id: CONNECTION,
            brand_id: 1,
            provider_id: 1,
            region_id: 1,
            connection_name: terminal.tag,
            source_id: terminal.serial,
            terminal_id: terminal.id,
            serial_no: terminal.serial,
            source_created_date: "2026-01-01T00:00:00",
            source_update_date: "2026-01-01T00:00:00",
            merchant_id: 1,
        }
    }
}
