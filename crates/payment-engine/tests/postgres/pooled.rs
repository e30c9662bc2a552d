//! Two servers behind a pooler that hands out connections for a transaction each.

#[allow(clippy::duplicate_mod, reason = "the same tests, on another way")]
#[path = "together.rs"]
mod together;

fn fresh() -> String {
    crate::pooler::pooler().fresh()
}
