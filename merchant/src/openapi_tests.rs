//! `openapi.yaml` against the server's own lists: its routes and its problem
//! codes. That the answers are as written is for the step `openapi` of `npm test`.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::http::{Method, StatusCode, header};
use serde_json::Value;

use crate::Server;
use crate::clock::Clock;
use crate::http::router;
use crate::settings::Settings;

/// Answers of the server itself, which no operation lists.
const OF_THE_ROUTER: [&str; 4] = ["not_found", "method_not_allowed", "too_slow", "overloaded"];

fn document() -> Value {
    serde_saphyr::from_str(include_str!("../openapi.yaml")).unwrap()
}

/// `GET /v1/orders/{reference}`, as the document has them.
fn written_calls(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().unwrap();
    let methods = ["get", "put", "post", "delete", "patch"];
    let each = paths.iter().flat_map(|(path, calls)| {
        let taken = methods.iter().filter(|method| calls.get(method).is_some());
        taken.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    each.collect()
}

/// A server with every provider that there is.
async fn server(folder: &Path) -> Server {
    let base = "http://127.0.0.1:9";
    let database = format!("sqlite://{}?mode=rwc", folder.join("kasa.db").display());
    let variables = [
        ("LISTEN", "127.0.0.1:0"),
        ("DATABASE_URL", &database),
        ("API_KEY", "key"),
        ("SHOP_ORIGINS", "http://localhost:8400"),
        ("PAYWALL_PAYMENT_API", base),
        ("PAYWALL_PRIVATE_API", base),
        ("PAYWALL_CARD_API", base),
        ("PAYWALL_PHYSICAL_API", base),
        ("PAYWALL_PUBLIC_KEY", "a"),
        ("PAYWALL_PUBLIC_CLIENT", "b"),
        ("PAYWALL_PRIVATE_KEY", "c"),
        ("PAYWALL_PRIVATE_CLIENT", "d"),
        ("PAYWALL_APM", "true"),
        ("HEPSIPAY_API", base),
        ("HEPSIPAY_PAGE", base),
        ("HEPSIPAY_API_KEY", "e"),
        ("HEPSIPAY_SECRET_KEY", "f"),
        ("COREFY_API", base),
        ("COREFY_HPP", base),
        ("COREFY_ACCOUNT", "g"),
        ("COREFY_API_KEY", "h"),
        ("COREFY_SECRET_LIVE", "i"),
    ];
    let variables = variables.map(|(name, value)| (format!("KASA_{name}"), value.to_owned()));
    let settings = Settings::from_variables(variables).unwrap();
    Server::bind(settings, Clock::default()).await.unwrap()
}

/// The router tells its paths in its `Debug` alone. Those of its fallbacks are no calls.
fn given_paths(router: &Router) -> BTreeSet<String> {
    let told = format!("{router:?}");
    let (told, _) = told.split_once("fallback_router").unwrap();
    let each = told.split("RouteId(").filter_map(|rest| {
        let (_, path) = rest.split_once("): \"")?;
        path.split_once('"').map(|(path, _)| path.to_owned())
    });
    each.collect()
}

/// The methods of a path, as a call with none of them is told.
async fn taken_methods(server: &str, path: &str) -> Vec<String> {
    let none = Method::from_bytes(b"BREW").unwrap();
    let address = format!("{server}{}", path.replace(['{', '}'], ""));
    let answer = reqwest::Client::new().request(none, address).send();
    let answer = answer.await.unwrap();
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
    let allowed = answer.headers()[header::ALLOW].to_str().unwrap();
    let each = allowed.split(',').filter(|method| *method != "HEAD");
    each.map(str::to_owned).collect()
}

#[tokio::test]
async fn the_document_has_every_call_of_the_server_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path()).await;
    let paths = given_paths(&router(Arc::clone(&server.app)));
    assert!(!paths.is_empty(), "axum writes its routes otherwise now");
    let address = format!("http://{}", server.address());
    tokio::spawn(server.serve(std::future::pending()));
    let mut given = BTreeSet::new();
    for path in &paths {
        for method in taken_methods(&address, path).await {
            given.insert(format!("{method} {path}"));
        }
    }
    assert_eq!(written_calls(&document()), given);
}

/// The calls that the README names, `{id}` for the checkout and `…` for its path.
fn told_calls() -> BTreeSet<String> {
    let readme = include_str!("../README.md");
    let (_, calls) = readme.split_once("\n## Calls\n").unwrap();
    let (calls, _) = calls.split_once("\n## ").unwrap();
    let quoted = calls.split('`').skip(1).step_by(2);
    let each = quoted.filter_map(|call| {
        let (method, path) = call.split_once(' ')?;
        let path = path.split('?').next()?.replace('…', "/v1/checkouts/{id}");
        let is_call = method.chars().all(|letter| letter.is_ascii_uppercase());
        let path = path.replace("{id}", "{checkout}");
        (is_call && path.starts_with('/')).then(|| format!("{method} {path}"))
    });
    each.collect()
}

#[test]
fn the_readme_names_every_call_of_the_document_and_no_other() {
    assert_eq!(told_calls(), written_calls(&document()));
}

#[test]
fn the_readme_names_every_webhook() {
    let document = document();
    let webhooks = document["webhooks"].as_object().unwrap();
    for event in webhooks.keys() {
        let told = include_str!("../README.md").contains(&format!("`{event}`"));
        assert!(told, "{event}");
    }
}

/// The values of the constants of a source file.
fn constants(source: &str) -> impl Iterator<Item = String> {
    source.lines().filter_map(|line| {
        let (_, value) = line.split_once(": &str = \"")?;
        value.split_once('"').map(|(value, _)| value.to_owned())
    })
}

#[test]
fn the_document_has_every_problem_code_and_no_other() {
    let browsers = include_str!("../../src/wire/merchant/problem.rs");
    let back_ends = include_str!("problem.rs");
    let given: BTreeSet<String> = constants(browsers).chain(constants(back_ends)).collect();
    let document = document();
    let listed = &document["components"]["schemas"]["ProblemCode"]["enum"];
    let listed: BTreeSet<String> = serde_json::from_value(listed.clone()).unwrap();
    assert_eq!(listed, given);

    let mut used = BTreeSet::new();
    codes_of_answers(&document, &mut used);
    used.extend(OF_THE_ROUTER.map(str::to_owned));
    assert_eq!(used, given);
}

/// What answers narrow `code` to: `code: {enum: […]}` beside the reference to Problem.
fn codes_of_answers(part: &Value, found: &mut BTreeSet<String>) {
    match part {
        Value::Object(fields) => {
            let narrowed = &part["properties"]["code"]["enum"];
            if let Some(codes) = narrowed.as_array().filter(|_| fields.contains_key("$ref")) {
                found.extend(codes.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            fields
                .values()
                .for_each(|field| codes_of_answers(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| codes_of_answers(item, found)),
        _ => {}
    }
}
