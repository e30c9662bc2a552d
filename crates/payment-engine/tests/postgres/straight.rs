//! Two servers that speak with the database itself.

#[path = "together.rs"]
mod together;

fn fresh() -> String {
    crate::server::server().fresh()
}
