//! A large SQLite file.

use super::Growth;
use super::stamp::{Cut, after_ms};
use super::stories::{Story, play};
use payment_engine::store::{Options, Sqlite, Store as _};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::path::Path;

enum Cell {
    Same(Value),
    Ms(i64),
    Text(Cut),
}

struct Table {
    name: String,
    columns: usize,
    /// By the story's number.
    rows: Vec<Vec<Vec<Cell>>>,
}

/// Makes the file, with so many orders in it.
pub async fn grow(path: &Path, growth: &Growth) {
    let stories = path.with_extension("stories");
    let store = Sqlite::open(&Options::at(&stories)).await.unwrap();
    play(&store).await;
    store.close().await;
    let tables = tables(&Connection::open(&stories).unwrap());
    for end in ["stories", "stories-wal", "stories-shm"] {
        let _ = std::fs::remove_file(path.with_extension(end));
    }
    Sqlite::open(&Options::at(path)).await.unwrap().close().await;
    fill(path, &tables, growth).unwrap();
}

fn names(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

fn tables(connection: &Connection) -> Vec<Table> {
    let tables = names(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid");
    let tables = tables.into_iter().map(|name| {
        let mut statement = connection.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = statement.column_count();
        let mut table = Table { name, columns, rows: Story::ALL.map(|_| Vec::new()).into() };
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<Cell> = (0..columns).map(|at| cell(row.get(at).unwrap())).collect();
            let story = cells.iter().find_map(|cell| if let Cell::Text(cut) = cell { cut.story() } else { None });
            // What is of no order is in the file that is filled already.
            if let Some(story) = story {
                table.rows[story].push(cells);
            }
        }
        table
    });
    tables.filter(|table| table.rows.iter().any(|rows| !rows.is_empty())).collect()
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Integer(number) => after_ms(number).map_or(Cell::Same(Value::Integer(number)), Cell::Ms),
        Value::Text(text) => Cell::Text(Cut::of(&text)),
        other @ (Value::Null | Value::Real(_) | Value::Blob(_)) => Cell::Same(other),
    }
}

fn fill(path: &Path, tables: &[Table], growth: &Growth) -> rusqlite::Result<()> {
    let mut connection = Connection::open(path)?;
    // If it breaks off, it is made anew.
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA foreign_keys = OFF")?;
    let indices = names(&connection, "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL");
    let made = names(&connection, "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL");
    for index in indices {
        connection.execute_batch(&format!("DROP INDEX {index}"))?;
    }
    // A write-ahead log would be as long as the file: some at a time.
    const AT_A_TIME: u64 = 50_000;
    for begin in (0..growth.orders).step_by(AT_A_TIME as usize) {
        let transaction = connection.transaction()?;
        for table in tables {
            let marks = vec!["?"; table.columns].join(", ");
            let mut insert = transaction.prepare(&format!("INSERT INTO {} VALUES ({marks})", table.name))?;
            for number in begin..growth.orders.min(begin + AT_A_TIME) {
                let stamp = growth.stamp(number);
                for row in &table.rows[growth.story(number).number()] {
                    insert.execute(params_from_iter(row.iter().map(|cell| match cell {
                        Cell::Same(value) => value.clone(),
                        Cell::Ms(after_ms) => Value::Integer(stamp.placed_at_ms + after_ms),
                        Cell::Text(cut) => {
                            let mut text = String::new();
                            cut.write(&stamp, &mut text);
                            Value::Text(text)
                        }
                    })))?;
                }
            }
        }
        transaction.commit()?;
    }
    for index in made {
        connection.execute_batch(&index)?;
    }
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    std::fs::File::open(path).and_then(|file| file.sync_all()).unwrap();
    Ok(())
}
