//! A large PostgreSQL schema, by way of `psql`.

use super::Growth;
use super::stamp::Cut;
use super::stories::{Story, play};
use payment_engine::store::{Postgres, PostgresOptions, Store as _};
use std::io::{BufWriter, Write as _};
use std::process::{Command, Stdio};

struct Table {
    name: String,
    columns: String,
    /// As COPY writes them, by the story's number.
    rows: Vec<Vec<Cut>>,
}

/// Where it is to be: `psql` at the server, whose session begins in that schema, and the address for the store.
pub struct Target<'t> {
    pub psql: &'t dyn Fn() -> Command,
    pub schema: &'t str,
    pub url: &'t str,
}

impl Target<'_> {
    /// Runs SQL past the store, and answers its rows.
    pub fn run(&self, sql: &str) -> String {
        let done = (self.psql)().args(["-c", &format!("SET search_path = {}", self.schema), "-c", sql]).output().unwrap();
        assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }
}

/// Fills the schema with so many orders. The stories are played in a schema of their own, which goes again.
pub async fn grow(target: &Target<'_>, stories: &Target<'_>, growth: &Growth) {
    let store = Postgres::connect(&PostgresOptions::parse(stories.url).unwrap()).await.unwrap();
    play(&store).await;
    store.close().await;
    let tables = tables(stories);
    stories.run(&format!("DROP SCHEMA {} CASCADE", stories.schema));
    Postgres::connect(&PostgresOptions::parse(target.url).unwrap()).await.unwrap().close().await;
    fill(target, &tables, growth);
}

fn tables(stories: &Target<'_>) -> Vec<Table> {
    let schema = stories.schema;
    let columns = stories.run(&format!(
        "SELECT table_name || ':' || string_agg(column_name, ', ' ORDER BY ordinal_position) FROM information_schema.columns \
         WHERE table_schema = '{schema}' GROUP BY table_name ORDER BY table_name"
    ));
    let tables = columns.lines().map(|line| {
        let (name, columns) = line.split_once(':').unwrap();
        let mut table = Table { name: name.to_owned(), columns: columns.to_owned(), rows: Story::ALL.map(|_| Vec::new()).into() };
        for row in stories.run(&format!("COPY {name} ({columns}) TO STDOUT")).lines() {
            let cut = Cut::of(row);
            // What is of no order is in the schema that is filled already.
            if let Some(story) = cut.story() {
                table.rows[story].push(cut);
            }
        }
        table
    });
    tables.filter(|table| table.rows.iter().any(|rows| !rows.is_empty())).collect()
}

fn fill(target: &Target<'_>, tables: &[Table], growth: &Growth) {
    let schema = target.schema;
    let of_no_constraint = format!(
        "FROM pg_index JOIN pg_class AS one ON one.oid = indexrelid JOIN pg_namespace AS room ON room.oid = relnamespace \
         WHERE nspname = '{schema}' AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)"
    );
    let made = target.run(&format!("SELECT pg_get_indexdef(indexrelid) {of_no_constraint}"));
    for index in target.run(&format!("SELECT relname {of_no_constraint}")).lines() {
        target.run(&format!("DROP INDEX {schema}.{index}"));
    }
    for table in tables {
        let copy = format!("COPY {schema}.{} ({}) FROM STDIN", table.name, table.columns);
        // Every row has what it refers to: that is not asked again.
        let mut psql = (target.psql)()
            .args(["-c", "SET session_replication_role = replica", "-c", &copy])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut rows = BufWriter::with_capacity(1 << 20, psql.stdin.take().unwrap());
        let mut row = String::new();
        for number in 0..growth.orders {
            let stamp = growth.stamp(number);
            for cut in &table.rows[growth.story(number).number()] {
                row.clear();
                cut.write(&stamp, &mut row);
                row.push('\n');
                rows.write_all(row.as_bytes()).unwrap();
            }
        }
        rows.flush().unwrap();
        drop(rows);
        assert!(psql.wait().unwrap().success(), "{} could not be filled", table.name);
    }
    for index in made.lines() {
        target.run(index);
    }
    // What the server does by itself after a while.
    for table in tables {
        target.run(&format!("VACUUM (ANALYZE) {schema}.{}", table.name));
    }
    target.run("CHECKPOINT");
}
