//! A server as a process of its own, in a process group of its own, so that
//! ending it leaves no grandchild behind: also when a test panics or is
//! interrupted.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader, Lines};
use tokio::process::{Child, Command};

const READY_WITHIN: Duration = Duration::from_secs(60);
const STOP_WITHIN: Duration = Duration::from_secs(20);
const LAST_LINES: usize = 60;

/// Groups that run now, by their leader's id.
static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

/// How a server is started.
pub struct Recipe {
    pub name: &'static str,
    pub program: PathBuf,
    pub args: Vec<OsString>,
    pub env: Vec<(&'static str, String)>,
    /// Part of the line on stdout that says that it accepts connections. A
    /// server without one has to be asked.
    pub ready: Option<&'static str>,
}

pub struct Server {
    recipe: Recipe,
    running: Option<Running>,
    words: Arc<Mutex<Vec<String>>>,
    ready_line: String,
}

struct Running {
    child: Child,
    group: Pid,
}

impl Server {
    /// Starts it and waits until it accepts connections.
    pub async fn start(recipe: Recipe) -> Result<Self> {
        let mut server = Server {
            recipe,
            running: None,
            words: Arc::default(),
            ready_line: String::new(),
        };
        server.start_again().await?;
        Ok(server)
    }

    /// The same server at the same address, with what it kept on disk.
    pub async fn start_again(&mut self) -> Result<()> {
        let Recipe { name, .. } = self.recipe;
        let mut child = Command::new(&self.recipe.program)
            .args(&self.recipe.args)
            .envs(self.recipe.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{name} could not be started"))?;
        let group = child
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .and_then(Pid::from_raw)
            .context("a child without an id")?;
        groups().insert(group.as_raw_nonzero().get());
        let stdout = child.stdout.take().context("no stdout")?;
        let stderr = child.stderr.take().context("no stderr")?;
        self.running = Some(Running { child, group });
        tokio::spawn(keep(BufReader::new(stderr).lines(), self.words.clone()));
        let mut lines = BufReader::new(stdout).lines();
        if let Some(ready) = self.recipe.ready {
            let ready = find_line(&mut lines, ready);
            self.ready_line = tokio::time::timeout(READY_WITHIN, ready)
                .await
                .unwrap_or_else(|_| Err(anyhow!("did not get ready within {READY_WITHIN:?}")))
                .with_context(|| format!("{name}: {}", self.last_words()))?;
        }
        tokio::spawn(keep(lines, self.words.clone()));
        Ok(())
    }

    pub fn name(&self) -> &'static str {
        self.recipe.name
    }

    /// The line that said that it accepts connections.
    pub fn ready_line(&self) -> &str {
        &self.ready_line
    }

    /// Every line it wrote since.
    pub fn words(&self) -> Vec<String> {
        let words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        words.clone()
    }

    /// The last lines it wrote.
    pub fn last_words(&self) -> String {
        let words = self.words();
        words[words.len().saturating_sub(LAST_LINES)..].join("\n")
    }

    /// Ends it by SIGKILL: without a word, in the midst of whatever it does.
    pub async fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.kill();
            let _ = running.child.wait().await;
        }
    }

    /// Asks it to stop, as an operator would.
    pub async fn stop(&mut self) -> Result<()> {
        let Some(mut running) = self.running.take() else {
            return Ok(());
        };
        let _ = kill_process_group(running.group, Signal::TERM);
        let ended = tokio::time::timeout(STOP_WITHIN, running.child.wait()).await;
        running.kill();
        if ended.is_err() {
            bail!("{} did not stop within {STOP_WITHIN:?}", self.recipe.name);
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            running.kill();
        }
    }
}

impl Running {
    /// The whole group, what is left of it.
    fn kill(&self) {
        let _ = kill_process_group(self.group, Signal::KILL);
        groups().remove(&self.group.as_raw_nonzero().get());
    }
}

/// Ends everything and the test run, on Ctrl-C: the groups of their own do not
/// hear of it by themselves.
pub async fn end_all_when_interrupted() {
    if tokio::signal::ctrl_c().await.is_ok() {
        for group in groups().iter().copied().filter_map(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        std::process::exit(130);
    }
}

fn groups() -> std::sync::MutexGuard<'static, BTreeSet<i32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn find_line<R: AsyncRead + Unpin>(
    lines: &mut Lines<BufReader<R>>,
    part: &str,
) -> Result<String> {
    while let Some(line) = lines.next_line().await? {
        if line.contains(part) {
            return Ok(line);
        }
    }
    bail!("ended before it was ready")
}

/// Reads to the end, so that the server never blocks on a full pipe.
async fn keep<R: AsyncRead + Unpin>(
    mut lines: Lines<BufReader<R>>,
    words: Arc<Mutex<Vec<String>>>,
) {
    while let Ok(Some(line)) = lines.next_line().await {
        let mut words = words.lock().unwrap_or_else(PoisonError::into_inner);
        words.push(line);
    }
}
