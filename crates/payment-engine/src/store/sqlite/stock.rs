//! How much there is, and how much of it is taken.

use super::Sqlite;
use crate::order::Reserve;
use crate::store::{StockLevel, StoreError};
use sqlx::SqliteConnection;

/// Takes all of it, or says of what there is not enough; then whoever called rolls back.
pub(super) async fn take(connection: &mut SqliteConnection, doing: &'static str, reserves: &[Reserve]) -> Result<Vec<String>, StoreError> {
    let mut missing = Vec::new();
    for reserve in reserves {
        let taken: Option<i64> = sqlx::query_scalar(
            "INSERT INTO stock (sku, total, taken) VALUES (?1, NULL, ?2) \
             ON CONFLICT (sku) DO UPDATE SET taken = taken + ?2 WHERE total IS NULL OR taken + ?2 <= total RETURNING taken",
        )
        .bind(&reserve.sku)
        .bind(reserve.quantity)
        .fetch_optional(&mut *connection)
        .await
        .map_err(|cause| StoreError::new(doing, cause))?;
        if taken.is_none() {
            missing.push(reserve.sku.clone());
        }
    }
    Ok(missing)
}

/// Takes those of which there is not enough all the same.
pub(super) async fn oversell(
    connection: &mut SqliteConnection,
    doing: &'static str,
    missing: &[String],
    reserves: &[Reserve],
) -> Result<(), StoreError> {
    for reserve in reserves.iter().filter(|reserve| missing.contains(&reserve.sku)) {
        sqlx::query("UPDATE stock SET taken = taken + ? WHERE sku = ?")
            .bind(reserve.quantity)
            .bind(&reserve.sku)
            .execute(&mut *connection)
            .await
            .map_err(|cause| StoreError::new(doing, cause))?;
    }
    Ok(())
}

/// Gives all of it back.
pub(super) async fn give_back(connection: &mut SqliteConnection, doing: &'static str, reserves: &[Reserve]) -> Result<(), StoreError> {
    for reserve in reserves {
        sqlx::query("UPDATE stock SET taken = taken - ? WHERE sku = ?")
            .bind(reserve.quantity)
            .bind(&reserve.sku)
            .execute(&mut *connection)
            .await
            .map_err(|cause| StoreError::new(doing, cause))?;
    }
    Ok(())
}

impl Sqlite {
    pub(super) async fn write_stock(&self, sku: &str, total: Option<u32>) -> Result<(), StoreError> {
        const DOING: &str = "setting how much there is";
        let mut writer = self.begin(DOING).await?;
        sqlx::query("INSERT INTO stock (sku, total, taken) VALUES (?1, ?2, 0) ON CONFLICT (sku) DO UPDATE SET total = ?2")
            .bind(sku)
            .bind(total)
            .execute(writer.connection())
            .await
            .map_err(|cause| StoreError::new(DOING, cause))?;
        writer.commit().await
    }

    pub(super) async fn read_stock(&self) -> Result<Vec<StockLevel>, StoreError> {
        let rows: Vec<(String, Option<u32>, u32)> = sqlx::query_as("SELECT sku, total, taken FROM stock ORDER BY sku")
            .fetch_all(&self.readers)
            .await
            .map_err(|cause| StoreError::new("reading how much there is", cause))?;
        Ok(rows.into_iter().map(|(sku, total, taken)| StockLevel { sku, total, taken }).collect())
    }
}
