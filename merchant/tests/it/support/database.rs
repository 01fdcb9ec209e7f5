//! A fresh database for each test: a SQLite file, or with
//! `KASA_TEST_DATABASE=postgres` one of the run's own PostgreSQL cluster.

use sqlx::any::install_default_drivers;
use sqlx::{AnyConnection, Connection as _};
use tempfile::TempDir;

use super::postgres::Cluster;

pub enum Database {
    Sqlite(TempDir),
    /// The address; the cluster goes with the run.
    Postgres(String),
}

impl Database {
    pub async fn fresh() -> Database {
        match std::env::var("KASA_TEST_DATABASE").as_deref() {
            Ok("postgres") => Database::Postgres(Cluster::of_this_run().create_database().await),
            Ok("sqlite") | Err(_) => Database::Sqlite(TempDir::new().unwrap()),
            Ok(other) => panic!("KASA_TEST_DATABASE: sqlite or postgres, not {other}"),
        }
    }

    /// As the server's settings take it.
    pub fn address(&self) -> String {
        match self {
            Database::Sqlite(folder) => {
                let file = folder.path().join("kasa.db");
                format!("sqlite://{}?mode=rwc", file.display())
            }
            Database::Postgres(address) => address.clone(),
        }
    }

    /// A connection behind the server's back.
    pub async fn connect(&self) -> AnyConnection {
        install_default_drivers();
        AnyConnection::connect(&self.address()).await.unwrap()
    }

    /// Whatever is written there, somewhere or other.
    pub async fn everything(&self) -> Vec<u8> {
        match self {
            Database::Sqlite(folder) => {
                let files = std::fs::read_dir(folder.path()).unwrap();
                let read = |entry: std::io::Result<std::fs::DirEntry>| {
                    std::fs::read(entry.unwrap().path()).unwrap()
                };
                files.flat_map(read).collect()
            }
            Database::Postgres(_) => {
                let mut text = String::new();
                for table in [
                    "orders", "payments", "refunds", "payouts", "events", "tries",
                ] {
                    let rows = format!("SELECT {table}::text FROM {table}");
                    let rows = sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(rows))
                        .fetch_all(&mut self.connect().await)
                        .await
                        .unwrap();
                    text.extend(rows);
                }
                text.into_bytes()
            }
        }
    }
}
