//! A PayWall that says what it is told to. An unexpected call answers 501 and
//! fails the test; so does an expected one that never came.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    TempToken,
    Start3d,
    Query,
    Cancel,
    Refund,
    RefundPart,
    Bin,
    Installment,
    CardList,
    CardDelete,
    ApmList,
    ApmPay,
    ApmRequestOtp,
    ApmRedirect,
    ApmPicture,
    ApmConfirm,
    ApmQuery,
    ApmRefund,
    ApmRefundPart,
    Sale,
    SaleCancel,
    Inquiry,
    Terminals,
}

impl Call {
    fn of(method: &str, path: &str) -> Option<Call> {
        match (method, path) {
            ("POST", "/api/paywall/temptoken") => Some(Call::TempToken),
            ("POST", "/api/paywall/payment/start3d") => Some(Call::Start3d),
            ("GET", "/api/paywall/private/query") => Some(Call::Query),
            ("POST", "/api/paywall/private/cancel") => Some(Call::Cancel),
            ("POST", "/api/paywall/private/refund") => Some(Call::Refund),
            ("POST", "/api/paywall/private/refund/partial") => Some(Call::RefundPart),
            ("GET", "/api/paywall/bin/inquiry") => Some(Call::Bin),
            ("GET", "/api/paywall/installment") => Some(Call::Installment),
            ("GET", "/paywall/card") => Some(Call::CardList),
            ("DELETE", "/paywall/card") => Some(Call::CardDelete),
            ("GET", "/api/paywall/apm/list") => Some(Call::ApmList),
            ("POST", "/api/paywall/apm/pay") => Some(Call::ApmPay),
            ("POST", "/api/paywall/apm/pay/request/otp") => Some(Call::ApmRequestOtp),
            ("POST", "/api/paywall/apm/pay/byid") => Some(Call::ApmRedirect),
            ("POST", "/api/paywall/apm/pay/qr/generate") => Some(Call::ApmPicture),
            ("POST", "/api/paywall/apm/pay/confirm/otp") => Some(Call::ApmConfirm),
            ("GET", "/api/paywall/apm/query") => Some(Call::ApmQuery),
            ("POST", "/api/paywall/apm/refund") => Some(Call::ApmRefund),
            ("POST", "/api/paywall/apm/refund/partial") => Some(Call::ApmRefundPart),
            ("POST", "/api/payment/async/sale") => Some(Call::Sale),
            ("POST", "/api/payment/async/cancel") => Some(Call::SaleCancel),
            ("POST", "/api/terminal/list") => Some(Call::Terminals),
            ("GET", path) if path.starts_with("/api/payment/inquiry/") => Some(Call::Inquiry),
            _ => None,
        }
    }
}

/// A call that was received.
#[derive(Clone)]
pub struct Seen {
    pub call: Call,
    pub headers: HeaderMap,
    pub text: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// The MerchantUniqueCode that the call is about.
    pub fn code(&self) -> String {
        let body = self.json();
        let named = [
            &body["PaymentDetail"]["MerchantUniqueCode"],
            &body["MerchantUniqueCode"],
        ];
        let in_body = named
            .iter()
            .find_map(|value| value.as_str().map(str::to_owned));
        in_body.unwrap_or_else(|| self.header("merchantuniquecode").to_owned())
    }
}

/// Holds an answer back until the test lets it go.
#[derive(Clone, Default)]
pub struct Gate {
    reached: Arc<Notify>,
    open: Arc<Notify>,
}

impl Gate {
    /// Resolves once PayWall has the call and is thinking about it.
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    pub fn open(&self) {
        self.open.notify_one();
    }
}

type Writer = Box<dyn Fn(&Seen) -> Value + Send>;

pub enum Answer {
    Json(Value),
    /// An answer that depends on the call.
    With(Writer),
    /// A status with no body worth reading.
    Status(u16),
    Html,
    /// Headers, then the connection breaks.
    Cut,
    Held(Gate, Box<Answer>),
}

/// start3d went well.
pub fn started() -> Answer {
    Answer::With(Box::new(|seen| {
        json!({ "ErrorCodeType": 1, "ErrorMessage": null, "ErrorCode": 0, "Result": true, "Message": "", "Body": {
            "Message": null,
            "RedirectUrl": "https://agent.example/paywall/callback?UniqueNumber=5a0c2a0e",
            "Payment": { "PaymentId": 1001, "ActivityId": 2001, "UniqueCode": "5a0c2a0e-6f0e-4a7b-9a57-3d2a6b8f9b10",
                         "MerchantUniqueKey": seen.code() } } })
    }))
}

/// A query's answer for a paid payment of 10.50 TRY of which so much was given back.
pub fn refunded(kind: i32, remaining: f64) -> Answer {
    let Answer::With(write) = standing(4, kind) else {
        unreachable!("a standing depends on the call")
    };
    Answer::With(Box::new(move |seen| {
        let mut answer = write(seen);
        answer["Body"]["Paywall"]["RemainingRefundAmount"] = remaining.into();
        answer
    }))
}

/// A query's answer for a payment of 10.50 TRY.
pub fn standing(status: i32, kind: i32) -> Answer {
    Answer::With(Box::new(move |seen| {
        json!({ "ErrorCode": 0, "Result": true, "Message": "", "Body": { "Paywall": {
            "PaymentId": 1001, "MerchantUniqueCode": seen.code(), "IsThreeDSecure": true, "UsedTempCard": true,
            "Status": true, "StatusId": status, "StatusName": "-", "TypeId": kind, "TypeName": "-", "Installment": 1,
            "CurrencyId": 1, "PaymentMethodId": 1, "CardNumber": "557920******1297",
            "PaymentAmount": 10.5, "ActivityAmount": 10.5 } } })
    }))
}

/// A call without a body of its own went well.
pub fn done() -> Answer {
    success(Value::Null)
}

/// A success with this body.
pub fn success(body: Value) -> Answer {
    Answer::Json(json!({ "ErrorCode": 0, "Result": true, "Message": "", "Body": body }))
}

/// `Result: false`.
pub fn refusal(code: i32) -> Answer {
    Answer::Json(
        json!({ "ErrorCode": code, "Result": false, "Message": "PayWall says no", "Body": null }),
    )
}

#[derive(Default)]
struct Script {
    answers: HashMap<Call, VecDeque<Answer>>,
    seen: Vec<Seen>,
    unexpected: Vec<String>,
}

pub struct PayWallDouble {
    pub url: String,
    script: Arc<Mutex<Script>>,
}

impl PayWallDouble {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script = Arc::new(Mutex::new(Script::default()));
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&script));
        tokio::spawn(async move {
            axum::serve(
                listener,
                router.into_make_service_with_connect_info::<SocketAddr>(),
            )
            .await
            .unwrap();
        });
        PayWallDouble { url, script }
    }

    /// The next `call` gets `answer`.
    pub fn will(&self, call: Call, answer: Answer) -> &Self {
        self.script
            .lock()
            .unwrap()
            .answers
            .entry(call)
            .or_default()
            .push_back(answer);
        self
    }

    /// The next `call` is held back; the gate lets it go.
    pub fn will_hold(&self, call: Call, answer: Answer) -> Gate {
        let gate = Gate::default();
        self.will(call, Answer::Held(gate.clone(), Box::new(answer)));
        gate
    }

    pub fn seen(&self, call: Call) -> Vec<Seen> {
        self.script
            .lock()
            .unwrap()
            .seen
            .iter()
            .filter(|seen| seen.call == call)
            .cloned()
            .collect()
    }

    /// All calls so far, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.script
            .lock()
            .unwrap()
            .seen
            .iter()
            .map(|seen| seen.call)
            .collect()
    }
}

impl Drop for PayWallDouble {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let script = self.script.lock().unwrap();
        assert!(
            script.unexpected.is_empty(),
            "PayWall got unexpected calls: {:?}",
            script.unexpected
        );
        let left: Vec<_> = script
            .answers
            .iter()
            .filter(|(_, left)| !left.is_empty())
            .map(|(call, _)| call)
            .collect();
        assert!(left.is_empty(), "PayWall was never asked: {left:?}");
    }
}

async fn answer(State(script): State<Arc<Mutex<Script>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    let (answer, seen) = {
        let mut script = script.lock().unwrap();
        let call = Call::of(parts.method.as_str(), parts.uri.path());
        let answer = call.and_then(|call| script.answers.get_mut(&call)?.pop_front());
        let (Some(call), Some(answer)) = (call, answer) else {
            script
                .unexpected
                .push(format!("{} {}", parts.method, parts.uri.path()));
            return StatusCode::NOT_IMPLEMENTED.into_response();
        };
        let seen = Seen {
            call,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        };
        script.seen.push(seen.clone());
        (answer, seen)
    };
    give(answer, &seen).await
}

async fn give(answer: Answer, seen: &Seen) -> Response {
    let answer = match answer {
        Answer::Held(gate, answer) => {
            gate.reached.notify_one();
            gate.open.notified().await;
            *answer
        }
        answer => answer,
    };
    match answer {
        Answer::Json(value) => axum::Json(value).into_response(),
        Answer::With(write) => axum::Json(write(seen)).into_response(),
        Answer::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Answer::Html => ([(header::CONTENT_TYPE, "text/html")], "<h1>Bakım</h1>").into_response(),
        Answer::Cut => {
            let broken =
                futures_util::stream::iter([Err::<Vec<u8>, _>(std::io::Error::other("cut"))]);
            Body::from_stream(broken).into_response()
        }
        Answer::Held(..) => unreachable!("a gate behind a gate"),
    }
}
