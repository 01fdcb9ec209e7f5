//! Refusals as JSON:API errors (corefy.md §8). That there is a member `errors`
//! is documented, what it holds is the standard's.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Of every answer.
pub(super) const MEDIA_TYPE: &str = "application/vnd.api+json";

#[derive(Debug)]
pub(super) enum Refusal {
    Unauthorized,
    /// No JSON:API document of this type.
    Malformed(&'static str),
    /// Each with where it is wrong.
    Invalid(Vec<Problem>),
    DuplicateReference,
    NotFound,
    /// Only a created payout can be started.
    NotStartable,
    /// Created all the same.
    Trouble,
    NotImplemented,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) pointer: String,
    /// Never quotes the value.
    pub(super) detail: &'static str,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::DuplicateReference | Self::NotStartable => StatusCode::CONFLICT,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Trouble => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotImplemented => StatusCode::NOT_IMPLEMENTED,
        }
    }

    fn errors(&self) -> Vec<Value> {
        let status = self.status().as_u16().to_string();
        let error = |code: &str, title: &str, detail: &str, pointer: Option<&str>| {
            let mut error = json!({
                "status": status, "code": code, "title": title, "detail": detail,
            });
            if let (Some(pointer), Some(error)) = (pointer, error.as_object_mut()) {
                error.insert("source".into(), json!({ "pointer": pointer }));
            }
            error
        };
        let one = |code, title, detail, pointer| vec![error(code, title, detail, pointer)];
        match self {
            Self::Unauthorized => one(
                "unauthorized",
                "Unauthorized",
                "Account or API key is wrong.",
                None,
            ),
            Self::Malformed(pointer) => one(
                "malformed",
                "Bad request",
                "No JSON:API document of the type that belongs here.",
                Some(pointer),
            ),
            Self::Invalid(problems) => problems
                .iter()
                .map(|problem| {
                    let pointer = Some(problem.pointer.as_str());
                    error("validation", "Invalid attribute", problem.detail, pointer)
                })
                .collect(),
            Self::DuplicateReference => one(
                "duplicate",
                "Duplicate",
                "An invoice with this reference_id exists already.",
                Some("/data/attributes/reference_id"),
            ),
            Self::NotFound => one("not_found", "Not found", "There is no such invoice.", None),
            Self::NotStartable => one(
                "conflict",
                "Conflict",
                "The invoice was started already.",
                None,
            ),
            Self::Trouble => one(
                "internal",
                "Internal error",
                "What became of the request is not known.",
                None,
            ),
            Self::NotImplemented => one(
                "not_implemented",
                "Not implemented",
                "The sandbox does not have this call.",
                None,
            ),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = document(self.status(), &json!({ "errors": self.errors() }));
        if matches!(self, Self::Unauthorized) {
            let wanted = HeaderValue::from_static("Basic realm=\"corefy\"");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, wanted);
        }
        response
    }
}

/// An answer of the API.
pub(super) fn document(status: StatusCode, body: &Value) -> Response {
    let media_type = [(header::CONTENT_TYPE, MEDIA_TYPE)];
    (status, media_type, body.to_string()).into_response()
}
