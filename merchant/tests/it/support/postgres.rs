//! A PostgreSQL cluster of this run's own, from the system's packages, in a
//! temporary folder behind a Unix socket. It ends with the run, however that ends.
//!
//! PostgreSQL refuses to run as root: root runs it as the user `postgres`.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

/// Nothing here has to survive a power cut.
const SETTINGS: [&str; 7] = [
    "-cfsync=off",
    "-csynchronous_commit=off",
    "-cfull_page_writes=off",
    "-clisten_addresses=",
    "-cmax_connections=300",
    "-cautovacuum=off",
    // A test that ends does not say goodbye to its connections.
    "-clog_min_messages=panic",
];

/// Runs the server until its own standard input ends, which happens when the
/// tests' process does; then stops it and clears up.
const KEEPER: &str = r#"
trap '' INT
folder=$1; shift
"$@" </dev/null >&2 &
cat >/dev/null
kill -INT $!
wait $!
rm -rf "$folder"
"#;

static CLUSTER: LazyLock<Cluster> = LazyLock::new(Cluster::start);

pub struct Cluster {
    folder: PathBuf,
    databases: AtomicU32,
    /// Its standard input is what keeps the server up.
    _keeper: Child,
}

impl Cluster {
    pub fn of_this_run() -> &'static Cluster {
        &CLUSTER
    }

    fn start() -> Cluster {
        let folder = TempDir::with_prefix("kasa-postgres-").unwrap().keep();
        let data = folder.join("data");
        let run_as = Unprivileged::find(&folder);
        let mut initdb = run_as.command(&program("initdb"));
        initdb.args(["--username=postgres", "--auth=trust", "--no-sync"]);
        initdb
            .args(["--encoding=UTF8", "--no-locale", "-D"])
            .arg(&data);
        let made = initdb.stdout(Stdio::null()).status().unwrap();
        assert!(made.success(), "initdb failed");

        let server = run_as.command(&program("postgres"));
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "keeper"]).arg(&folder);
        keeper.arg(server.get_program()).args(server.get_args());
        keeper.arg("-D").arg(&data).arg("-k").arg(&folder);
        let keeper = keeper.args(SETTINGS).stdin(Stdio::piped()).spawn().unwrap();
        let cluster = Cluster {
            folder,
            databases: AtomicU32::new(0),
            _keeper: keeper,
        };
        cluster.wait_until_ready();
        cluster
    }

    fn wait_until_ready(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut asked = Command::new(program("pg_isready"));
        asked.args(["-q", "-U", "postgres", "-h"]).arg(&self.folder);
        while !asked.status().unwrap().success() {
            assert!(Instant::now() < deadline, "PostgreSQL does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn address(&self, database: &str) -> String {
        let folder = self.folder.display();
        format!("postgres:///{database}?host={folder}&user=postgres&sslmode=disable")
    }

    /// Answers its address.
    pub async fn create_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect(&self.address("postgres"))
            .await
            .unwrap();
        let create = format!("CREATE DATABASE {name}");
        connection
            .execute(sqlx::AssertSqlSafe(create))
            .await
            .unwrap();
        self.address(&name)
    }
}

/// On the PATH, or where Debian keeps what is not: the newest version.
fn program(name: &str) -> PathBuf {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<PathBuf> = std::env::split_paths(&on_path)
        .map(|folder| folder.join(name))
        .collect();
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    versions.sort_by_key(|folder| {
        let name = folder.file_name().and_then(|name| name.to_str());
        name.and_then(|name| name.parse::<u32>().ok())
    });
    found.extend(
        versions
            .iter()
            .rev()
            .map(|folder| folder.join("bin").join(name)),
    );
    let there = found.into_iter().find(|path| path.is_file());
    there.unwrap_or_else(|| panic!("{name} is not here: install PostgreSQL (Debian: postgresql)"))
}

/// How to run what must not run as root.
enum Unprivileged {
    AsIs,
    As { user: u32, group: u32 },
}

impl Unprivileged {
    /// Hands `folder` over to whom it answers.
    fn find(folder: &Path) -> Self {
        if id(&["-u"]) != 0 {
            return Unprivileged::AsIs;
        }
        let (user, group) = (id(&["-u", "postgres"]), id(&["-g", "postgres"]));
        chown(folder, Some(user), Some(group)).unwrap();
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        Unprivileged::As { user, group }
    }

    fn command(&self, program: &Path) -> Command {
        match self {
            Unprivileged::AsIs => Command::new(program),
            Unprivileged::As { user, group } => {
                let mut command = Command::new("setpriv");
                command.arg(format!("--reuid={user}"));
                command.arg(format!("--regid={group}"));
                command.args(["--clear-groups", "--"]).arg(program);
                command
            }
        }
    }
}

fn id(args: &[&str]) -> u32 {
    let said = Command::new("id").args(args).output().unwrap();
    let text = String::from_utf8(said.stdout).unwrap();
    let number = text.trim().parse();
    number.unwrap_or_else(|_| panic!("id {args:?}: there is no such user"))
}
