//! The database itself: SQLite in a file, or PostgreSQL. The same SQL runs on
//! both; here is what differs: how it is opened, and how a decision keeps others
//! out until it is written.

use std::path::Path;
use std::str::FromStr as _;

use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{
    Any, AnyConnection, AnyPool, AssertSqlSafe, Executor as _, SqlSafeStr as _, Transaction,
};

use super::Result;
use crate::ids::CheckoutId;

pub(super) type Row = sqlx::any::AnyRow;

/// A transaction. Dropped without a commit, it never was.
pub(super) type Work = Transaction<'static, Any>;

/// A file of `migrations`: the number and the words of its name, and what it says.
type File = (i64, &'static str, &'static str);

/// Tables and indexes; what needs triggers follows for each kind. Listed by hand:
/// the macro that would find them has every driver compiled a second time.
const TABLES: [File; 4] = [
    (
        1,
        "orders and payments",
        include_str!("../../migrations/0001_orders_and_payments.sql"),
    ),
    (
        2,
        "payouts",
        include_str!("../../migrations/0002_payouts.sql"),
    ),
    (
        4,
        "open rows",
        include_str!("../../migrations/0004_open_rows.sql"),
    ),
    (5, "tries", include_str!("../../migrations/0005_tries.sql")),
];
const SQLITE_RULES: [File; 1] = [(
    3,
    "rules",
    include_str!("../../migrations/sqlite/0003_rules.sql"),
)];
const POSTGRES_RULES: [File; 1] = [(
    3,
    "rules",
    include_str!("../../migrations/postgres/0003_rules.sql"),
)];

/// A writer waits so long for another server's transaction; and a paid order
/// must survive a power cut.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL;
                               PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON";

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("database address: sqlite://… or postgres://… is needed")]
    Kind,
    #[error("database address: {0}")]
    Address(sqlx::Error),
    #[error("database folder: {0}")]
    Folder(#[from] std::io::Error),
    #[error("database: {0}")]
    Connect(sqlx::Error),
    #[error("migrations: {0}")]
    Migrate(#[from] MigrateError),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

#[derive(Clone)]
pub(super) struct Database {
    pub(super) pool: AnyPool,
    kind: Kind,
}

impl Kind {
    fn of(address: &str) -> Option<Kind> {
        match address.split_once(':')?.0 {
            "sqlite" => Some(Kind::Sqlite),
            "postgres" | "postgresql" => Some(Kind::Postgres),
            _ => None,
        }
    }

    fn rules(self) -> [File; 1] {
        match self {
            Kind::Sqlite => SQLITE_RULES,
            Kind::Postgres => POSTGRES_RULES,
        }
    }

    fn migrations(self) -> Migrator {
        let files = TABLES.into_iter().chain(self.rules());
        Migrator::with_migrations(files.map(migration).collect())
    }
}

fn migration((version, words, sql): File) -> Migration {
    let sql = sql.into_sql_str();
    Migration::new(version, words.into(), MigrationType::Simple, sql, false)
}

impl Database {
    /// Opens it, and brings its tables up to date. A folder for a file is made.
    pub(super) async fn open(
        address: &str,
        mut options: AnyPoolOptions,
    ) -> std::result::Result<Self, OpenError> {
        install_default_drivers();
        let kind = Kind::of(address).ok_or(OpenError::Kind)?;
        if kind == Kind::Sqlite {
            make_folder(address)?;
            options = options.after_connect(|connection, _| Box::pin(set_up(connection)));
        }
        let pool = options.connect(address).await.map_err(OpenError::Connect)?;
        kind.migrations().run(&pool).await?;
        Ok(Database { pool, kind })
    }

    /// A transaction that writes. On SQLite it holds the one write lock from its
    /// first read on; on PostgreSQL it holds nothing by itself.
    pub(super) async fn write(&self) -> Result<Work> {
        match self.kind {
            Kind::Sqlite => self.pool.begin_with("BEGIN IMMEDIATE").await,
            Kind::Postgres => self.pool.begin().await,
        }
    }

    /// A transaction that nobody else's decision about this order can come
    /// between: what it reads of it stays so until it ends.
    pub(super) async fn hold(&self, checkout: &CheckoutId) -> Result<Work> {
        let mut work = self.write().await?;
        if self.kind == Kind::Postgres {
            sqlx::query("SELECT 1 FROM orders WHERE checkout = $1 FOR UPDATE")
                .bind(checkout.as_str())
                .execute(&mut *work)
                .await?;
        }
        Ok(work)
    }

    /// A transaction whose reads all see one moment.
    pub(super) async fn read(&self) -> Result<Work> {
        match self.kind {
            Kind::Sqlite => self.pool.begin().await,
            Kind::Postgres => {
                const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                self.pool.begin_with(BEGIN).await
            }
        }
    }

    /// `select`, so that of two servers that ask for the same rows of `table`
    /// within [`write`](Self::write) each gets others.
    pub(super) fn claiming(&self, select: &str, table: &str) -> AssertSqlSafe<String> {
        AssertSqlSafe(match self.kind {
            // The write lock does it.
            Kind::Sqlite => select.to_owned(),
            Kind::Postgres => format!("{select} FOR UPDATE OF {table} SKIP LOCKED"),
        })
    }
}

fn make_folder(address: &str) -> std::result::Result<(), OpenError> {
    let options = SqliteConnectOptions::from_str(address).map_err(OpenError::Address)?;
    let folder = options.get_filename().parent();
    match folder.filter(|folder| *folder != Path::new("")) {
        Some(folder) => Ok(std::fs::create_dir_all(folder)?),
        None => Ok(()),
    }
}

async fn set_up(connection: &mut AnyConnection) -> Result<()> {
    connection.execute(SQLITE_SETTINGS).await.map(drop)
}

#[cfg(test)]
mod tests {
    use std::fs::{read_dir, read_to_string};

    use super::*;

    #[test]
    fn each_file_of_the_folder_is_listed() {
        let folders = [
            ("", &TABLES[..]),
            ("sqlite", &SQLITE_RULES),
            ("postgres", &POSTGRES_RULES),
        ];
        for (folder, listed) in folders {
            let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).join(folder);
            let files = read_dir(path).unwrap().map(|entry| entry.unwrap().path());
            let mut there: Vec<_> = files
                .filter(|path| path.is_file())
                .map(|path| {
                    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                    (name, read_to_string(&path).unwrap())
                })
                .collect();
            there.sort();
            let listed: Vec<_> = listed
                .iter()
                .map(|(version, words, sql)| {
                    let name = format!("{version:04}_{}.sql", words.replace(' ', "_"));
                    (name, (*sql).to_owned())
                })
                .collect();
            assert_eq!(there, listed);
        }
    }
}
