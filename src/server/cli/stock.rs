//! `stock`: how much there is of what is limited or reserved.

use super::answer::Answer;
use super::failure::{Failure, pick};
use super::table::Table;
use crate::domain::lang::Lang;
use payment_engine::Engine;
use serde::Serialize;

/// What `stock` answers.
#[derive(Serialize)]
struct Levels {
    stock: Vec<Level>,
}

#[derive(Serialize)]
struct Level {
    sku: String,
    /// How much there is in all, what is taken included; no limit where it is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u32>,
    /// How much of it orders hold that are paid or may be.
    taken: u32,
    /// How much can still be ordered; no limit where it is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<u32>,
}

pub(super) async fn list(engine: &Engine, lang: Lang) -> Result<Answer, Failure> {
    let levels = engine.stock().await.map_err(|error| Failure::store(lang, &error))?;
    let stock: Vec<Level> = levels
        .into_iter()
        .map(|level| Level {
            left: level.total.map(|total| total.saturating_sub(level.taken)),
            sku: level.sku,
            total: level.total,
            taken: level.taken,
        })
        .collect();
    if stock.is_empty() {
        let none = pick(lang, "제한하거나 주문된 상품이 없어요.\n", "Nothing is limited, and nothing was ordered.\n");
        return Ok(Answer::new(none, &Levels { stock }));
    }
    let headings = match lang {
        Lang::Ko => ["상품", "전체", "주문됨", "남음"],
        Lang::En => ["SKU", "IN ALL", "TAKEN", "LEFT"],
    };
    let mut table = Table::new(&headings, &[1, 2, 3]);
    let number = |number: Option<u32>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
    for level in &stock {
        table.row([level.sku.clone(), number(level.total), level.taken.to_string(), number(level.left)]);
    }
    Ok(Answer::new(table.render(), &Levels { stock }))
}
