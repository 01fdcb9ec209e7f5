//! Those who are slow on purpose, and those who are too many: the server as a
//! process, and real sockets.

use std::time::{Duration, Instant};

use futures_util::future::select_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::process::{Process, client, create};
use crate::support::{API_KEY, Reply};

const NOWHERE: &str = "http://127.0.0.1:9";

/// A test that hangs has failed.
const PATIENCE: Duration = Duration::from_secs(30);

async fn connect(process: &Process) -> TcpStream {
    let address = process.url.strip_prefix("http://").unwrap();
    TcpStream::connect(address).await.unwrap()
}

/// All that is answered until the server closes the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    // A reset says the same as an end.
    let _ = read.expect("the server keeps a connection that says nothing");
    String::from_utf8_lossy(&answer).into_owned()
}

/// Writes a byte now and then, until the server has enough of it.
async fn drip(stream: &mut TcpStream, byte: &[u8]) {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        let mut answer = [0; 1];
        let pause = Duration::from_millis(50);
        if timeout(pause, stream.peek(&mut answer)).await.is_ok() {
            return;
        }
        if stream.write_all(byte).await.is_err() {
            return;
        }
    }
    panic!("the server reads for ever");
}

#[tokio::test]
async fn a_head_that_does_not_come_to_its_end_is_not_waited_for() {
    let process = Process::start(NOWHERE, &[("KASA_HEAD_SECONDS", "1")]).await;
    for written in [
        "",
        "GET /healthz HTT",
        "GET /healthz HTTP/1.1\r\nHost: a\r\n",
    ] {
        let mut stream = connect(&process).await;
        stream.write_all(written.as_bytes()).await.unwrap();
        let answer = rest(stream).await;
        assert!(!answer.contains("200 OK"), "{written}: {answer}");
    }
    let mut stream = connect(&process).await;
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nX: ")
        .await
        .unwrap();
    drip(&mut stream, b"x").await;
    // One that is kept open and then says nothing.
    let mut stream = connect(&process).await;
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    assert!(rest(stream).await.contains("200 OK"));
}

#[tokio::test]
async fn a_body_that_does_not_come_to_its_end_is_refused() {
    let process = Process::start(NOWHERE, &[("KASA_BODY_SECONDS", "1")]).await;
    let head = format!(
        "POST /v1/orders HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {API_KEY}\r\nContent-Type: application/json\r\n"
    );
    for (framing, byte) in [
        ("Content-Length: 1000", "x"),
        ("Transfer-Encoding: chunked", "1\r\nx\r\n"),
    ] {
        let mut stream = connect(&process).await;
        stream
            .write_all(format!("{head}{framing}\r\n\r\n").as_bytes())
            .await
            .unwrap();
        drip(&mut stream, byte.as_bytes()).await;
        let answer = rest(stream).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{framing}: {answer}");
        assert!(answer.contains("too_slow"), "{framing}: {answer}");
    }
}

#[tokio::test]
async fn a_head_of_any_size_is_refused() {
    let process = Process::start(NOWHERE, &[]).await;
    let long = format!("X-Long: {}\r\n", "x".repeat(20_000));
    let many = (0..100).map(|number| format!("X-{number}: y\r\n"));
    for headers in [long, many.collect()] {
        let mut stream = connect(&process).await;
        let head = format!("GET /healthz HTTP/1.1\r\nHost: a\r\n{headers}\r\n");
        // It may be refused before it is written.
        let _ = stream.write_all(head.as_bytes()).await;
        let answer = rest(stream).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
    let mut stream = connect(&process).await;
    let path = "x".repeat(100_000);
    let _ = stream
        .write_all(format!("GET /{path} HTTP/1.1\r\n\r\n").as_bytes())
        .await;
    let answer = rest(stream).await;
    assert!(!answer.contains("200 OK"), "{answer}");
}

#[tokio::test]
async fn who_finds_no_place_is_told_to_come_again_and_finds_one_later() {
    let process = Process::start(NOWHERE, &[("KASA_CONNECTIONS", "2")]).await;
    let ask = async || {
        let mut stream = connect(&process).await;
        let request = b"GET /healthz HTTP/1.1\r\nHost: a\r\nOrigin: http://localhost:8400\r\nConnection: close\r\n\r\n";
        let _ = stream.write_all(request).await;
        rest(stream).await
    };
    let mut kept = Vec::new();
    for _ in 0..2 {
        let mut stream = connect(&process).await;
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            .await
            .unwrap();
        // Answered: it has its place.
        stream.readable().await.unwrap();
        kept.push(stream);
    }
    let refused = ask().await.to_lowercase();
    assert!(refused.starts_with("http/1.1 503 "), "{refused}");
    for said in [
        "retry-after: 5\r\n",
        "connection: close\r\n",
        "access-control-allow-origin: http://localhost:8400\r\n",
        "\"code\":\"overloaded\"",
    ] {
        assert!(refused.contains(said), "{said}: {refused}");
    }
    drop(kept.pop());
    let began = Instant::now();
    while !ask().await.contains("200 OK") {
        assert!(began.elapsed() < PATIENCE, "no place gets free");
    }
}

#[tokio::test]
async fn a_herd_of_slow_ones_keeps_nobody_from_being_served() {
    let process = Process::start(NOWHERE, &[("KASA_HEAD_SECONDS", "2")]).await;
    let mut herd = Vec::new();
    for _ in 0..500 {
        let mut stream = connect(&process).await;
        stream.write_all(b"GET /v1/checkouts/").await.unwrap();
        herd.push(stream);
    }
    let client = client();
    create(&client, &process.url).await;
    for stream in herd {
        assert!(!rest(stream).await.contains("200 OK"));
    }
    Reply::to(client.get(format!("{}/readyz", process.url)))
        .await
        .ok();
}

#[tokio::test]
async fn a_checkout_has_so_many_long_polls_and_the_next_is_answered_at_once() {
    let process = Process::start(NOWHERE, &[("KASA_CHECKOUT_POLLS", "2")]).await;
    let client = client();
    let checkout = create(&client, &process.url).await;
    let path = format!("{}/v1/checkouts/{checkout}?since=1&wait=25", process.url);
    let began = Instant::now();
    let polls = (0..3).map(|_| tokio::spawn(Reply::to(client.get(&path))));
    // Whichever comes last: two wait, and the other does not wait with them.
    let (answered, _, waiting) = select_all(polls).await;
    assert_eq!(answered.unwrap().ok()["revision"], 1);
    assert!(began.elapsed() < Duration::from_secs(20));
    process.signal("-TERM").await;
    for poll in waiting {
        poll.await.unwrap().ok();
    }
}
