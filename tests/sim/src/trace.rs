//! What happened in a run, line by line, at which virtual time. Ids are told by
//! the order in which they came up, so that two runs of one seed read the same.

use std::collections::HashMap;
use std::fmt::Display;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;
use tracing_subscriber::fmt::MakeWriter;

/// As long as the shortest id.
const SHORTEST_ID: usize = 20;

#[derive(Clone)]
pub struct Trace(Arc<Inner>);

struct Inner {
    started: Instant,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    lines: Vec<String>,
    names: HashMap<String, usize>,
    hash: u64,
    steps: u64,
    violations: Vec<String>,
}

impl Trace {
    /// Its times count from now.
    pub fn begin() -> Self {
        Trace(Arc::new(Inner {
            started: Instant::now(),
            kept: Mutex::default(),
        }))
    }

    pub fn now(&self) -> Duration {
        self.0.started.elapsed()
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0
            .kept
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub fn step(&self, what: impl Display) {
        let now = self.now().as_millis();
        let mut kept = self.kept();
        let line = format!("{now:>9} {}", kept.named(&what.to_string()));
        kept.hash = line.bytes().fold(kept.hash, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        kept.steps += 1;
        kept.lines.push(line);
    }

    /// Something that must never be.
    pub fn violation(&self, what: impl Display) {
        let now = self.now().as_millis();
        let mut kept = self.kept();
        let what = kept.named(&what.to_string());
        kept.lines.push(format!("{now:>9} VIOLATION {what}"));
        kept.violations.push(what);
    }

    pub fn violations(&self) -> Vec<String> {
        self.kept().violations.clone()
    }

    pub fn steps(&self) -> u64 {
        self.kept().steps
    }

    pub fn hash(&self) -> u64 {
        self.kept().hash
    }

    pub fn lines(&self) -> Vec<String> {
        self.kept().lines.clone()
    }

    /// Log lines stand beside the steps; they do not count for the hash, because
    /// they hold real durations.
    pub fn log(&self) -> Log {
        Log(self.clone())
    }
}

impl Kept {
    /// Long words of letters and digits are ids.
    fn named(&mut self, text: &str) -> String {
        let mut named = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let in_word = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
            let end = rest.find(|letter| !in_word(letter)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            if word.len() >= SHORTEST_ID && word.bytes().any(|byte| byte.is_ascii_digit()) {
                let next = self.names.len() + 1;
                let number = *self.names.entry(word.to_owned()).or_insert(next);
                named.push_str(&format!("#{number}"));
            } else {
                named.push_str(word);
            }
            let mut letters = after.chars();
            named.extend(letters.next());
            rest = letters.as_str();
        }
        named
    }
}

pub struct Log(Trace);

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let mut kept = self.0.kept();
        let named = kept.named(text.trim_end());
        kept.lines.push(format!("{:>9} | {named}", ""));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        Log(self.0.clone())
    }
}
