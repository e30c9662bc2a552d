//! `backup`: the database, copied while the server runs. It needs nothing else: no engine, no key, no Toss.

use super::answer::Answer;
use super::document::BackedUpBody;
use super::failure::{Exit, Failure, pick};
use crate::domain::lang::Lang;
use crate::server::config::{Config, StoreConfig};
use payment_engine::store::{BackUpError, Sqlite};
use std::path::Path;
use std::time::Instant;

pub(super) async fn run(config: &Config, lang: Lang, file: &Path) -> Result<Answer, Failure> {
    // What goes into a pipe cannot be checked before it is there.
    if file == Path::new("-") {
        let message = pick(lang, "백업할 파일의 이름을 적어 주세요.", "give the name of a file, which is where a back-up goes");
        return Err(Failure::of_field("FILE", "file_malformed", message));
    }
    let path = match &config.store {
        StoreConfig::Sqlite { path, .. } => path,
        StoreConfig::Postgres(_) => {
            let message = pick(
                lang,
                "DATABASE_URL이 PostgreSQL이에요. pg_dump처럼 PostgreSQL의 도구로 백업해 주세요.",
                "DATABASE_URL is a PostgreSQL database: back it up with PostgreSQL's own tools, such as pg_dump",
            );
            return Err(Failure::new(Exit::Usage, "not_a_file", message));
        }
    };
    let began = Instant::now();
    let made = Sqlite::back_up(path, file).await.map_err(|error| failure(lang, &error))?;
    let (name, size, millis) = (file.display(), size(made.bytes), u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX));
    let seconds = format!("{}.{}", millis / 1_000, millis / 100 % 10);
    let text = match lang {
        Lang::Ko => format!("{name}에 백업하고 검사했어요. 주문 {}건, {size}, {seconds}초.\n", made.orders),
        Lang::En => format!("Backed up to {name}, and checked: {} orders, {size}, {seconds} s.\n", made.orders),
    };
    Ok(Answer::new(text, &BackedUpBody::of(file, made, millis)))
}

fn failure(lang: Lang, error: &BackUpError) -> Failure {
    let refused = |code, message: String| Failure { field: Some("FILE"), ..Failure::new(Exit::Refused, code, message) };
    match error {
        BackUpError::Exists => {
            let message = pick(
                lang,
                "그 이름으로 된 것이 이미 있어요. 다른 이름을 적어 주세요.",
                "there is something of that name already; give another name",
            );
            refused("file_exists", message.to_owned())
        }
        BackUpError::UnderWay(unfinished) => {
            let unfinished = unfinished.display();
            refused(
                "backup_under_way",
                match lang {
                    Lang::Ko => format!(
                        "같은 이름의 다른 백업이 실행 중이거나 중간에 끊겼어요. 실행 중인 것이 없으면 {unfinished} 파일을 지워 주세요."
                    ),
                    Lang::En => format!("another back-up of that name is under way, or was cut off: delete {unfinished} if none is"),
                },
            )
        }
        BackUpError::Database(cause) => Failure::no_database(lang, cause),
        BackUpError::Failed(cause) => {
            let message = match lang {
                Lang::Ko => format!("백업하지 못했고, 남은 파일은 없어요: {cause}"),
                Lang::En => format!("there is no back-up, and nothing is left of it: {cause}"),
            };
            Failure::new(Exit::Unreachable, "backup_failed", message)
        }
    }
}

/// As people read it. The smallest database is of some kilobytes.
fn size(bytes: u64) -> String {
    match bytes {
        ..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}
