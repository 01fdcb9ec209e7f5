//! Migrations are compiled in; a new one must cause a rebuild.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
