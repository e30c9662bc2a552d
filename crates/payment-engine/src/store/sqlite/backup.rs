//! A back-up while the shop runs: one file, as the database was at one moment, private, checked, and on disk. Or none at all.
//!
//! `VACUUM INTO` reads in one transaction, and beside a write-ahead log no writer waits for a reader. What it writes is compact, needs no
//! log beside it, and holds nothing that was forgotten. The database is opened for reading only: a back-up that is made by a newer program,
//! as before an upgrade, must not bring its tables up to date.

use super::Sqlite;
use super::open::open_reader;
use super::writer::Cause;
use crate::store::StoreError;
use rusqlite::Connection;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// A back-up that was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct BackedUp {
    /// How long the file is.
    pub bytes: u64,
    /// How many orders are in it.
    pub orders: u64,
}

/// Why there is no back-up. Nothing stands under its name then but what stood there before.
#[derive(Debug, thiserror::Error)]
pub enum BackUpError {
    /// Something of that name is there already, and is left as it is.
    #[error("there is a file of that name already")]
    Exists,
    /// That file is there, under which back-ups of the name are written: another one is under way, or was cut off. Then delete it.
    #[error("another back-up of that name is being written to {}, or was cut off", .0.display())]
    UnderWay(PathBuf),
    /// There is no database that can be read.
    #[error(transparent)]
    Database(StoreError),
    /// It could not be written, as on a full disk, or is not what it has to be.
    #[error(transparent)]
    Failed(StoreError),
}

impl Sqlite {
    /// Copies the database `from` into a new file `to`, as it was at one moment. Whoever writes to it meanwhile, be it this process or
    /// another, is not held up. The folder has to be there: one that is made for want of a mounted disk would fill another.
    ///
    /// The file appears under its name when it is whole, has been checked, and is on disk. Until then it stands beside it as
    /// `.NAME.unfinished`; only its owner may read either. It is written to its end also if nobody waits for that any more.
    ///
    /// To restore it, put it in the place of the database while nobody has that open, and delete `-wal` and `-shm` of the one before: they
    /// are of another file. Then compare it with Toss's books, [`Engine::run_books`](crate::Engine::run_books).
    ///
    /// ```
    /// use payment_engine::store::{Options, Sqlite};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// # let folder = tempfile::tempdir()?;
    /// let (database, back_up) = (folder.path().join("orders.db"), folder.path().join("monday.db"));
    /// let store = Sqlite::open(&Options::at(&database)).await?;
    /// assert_eq!(Sqlite::back_up(&database, &back_up).await?.orders, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`BackUpError`].
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub async fn back_up(from: &Path, to: &Path) -> Result<BackedUp, BackUpError> {
        // A name that begins with `file:` would be an address to SQLite.
        let to = std::path::absolute(to).map_err(|cause| BackUpError::Failed(StoreError::new("naming the back-up", cause)))?;
        // SQLite goes on writing when whoever asked for it is gone, and what it writes must not outlast its being deleted.
        let from = from.to_owned();
        let written = tokio::task::spawn_blocking(move || write(&from, &to)).await;
        written.map_err(|cause| BackUpError::Failed(StoreError::new("writing the back-up", cause)))?
    }
}

fn write(from: &Path, to: &Path) -> Result<BackedUp, BackUpError> {
    refuse_existing(to)?;
    // Nor is that of the database.
    let from = std::path::absolute(from).map_err(|cause| BackUpError::Database(StoreError::new("naming the database", cause)))?;
    let (database, orders_before) = read(&from).map_err(|cause| BackUpError::Database(StoreError::new("reading the database", cause)))?;
    let unfinished = Unfinished::create(to)?;
    let name = unfinished.name().map_err(BackUpError::Failed)?;
    let written = database.execute("VACUUM INTO ?", [name]).map_err(Cause::from).and_then(|_| close(database));
    written.map_err(|cause| BackUpError::Failed(StoreError::new("writing the back-up", cause)))?;
    let bytes = unfinished.sync().map_err(|cause| BackUpError::Failed(StoreError::new("bringing the back-up to disk", cause)))?;
    let checked = check(&unfinished.path, orders_before);
    let orders = checked.map_err(|cause| BackUpError::Failed(StoreError::new("checking the back-up", cause)))?;
    unfinished.publish(to)?;
    Ok(BackedUp { bytes, orders })
}

/// A link that leads nowhere is something of that name too.
fn refuse_existing(to: &Path) -> Result<(), BackUpError> {
    match fs::symlink_metadata(to) {
        Ok(_) => Err(BackUpError::Exists),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(BackUpError::Failed(StoreError::new("looking for the back-up", cause))),
    }
}

/// The database, and how many orders it has by now.
fn read(from: &Path) -> Result<(Connection, u64), Cause> {
    let database = open_reader(from)?;
    let orders = count(&database, "SELECT COUNT(*) FROM orders")?;
    Ok((database, orders))
}

/// Answers how many orders there are.
fn check(path: &Path, orders_before: u64) -> Result<u64, Cause> {
    let (written, orders) = read(path)?;
    let said: String = written.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if said != "ok" {
        return Err(said.into());
    }
    // What a shop keeps in the file besides is the shop's.
    let strays = count(&written, "SELECT COUNT(*) FROM pragma_foreign_key_check WHERE parent IN ('orders', 'accounts')")?;
    if strays > 0 {
        return Err(format!("{strays} rows are of orders or accounts that are not in it").into());
    }
    if orders < orders_before {
        return Err(format!("it has {orders} orders, and the database had {orders_before} before").into());
    }
    close(written)?;
    Ok(orders)
}

fn count(connection: &Connection, statement: &str) -> Result<u64, Cause> {
    Ok(u64::try_from(connection.query_row(statement, [], |row| row.get::<_, i64>(0))?)?)
}

fn close(connection: Connection) -> Result<(), Cause> {
    Ok(connection.close().map_err(|(_, cause)| cause)?)
}

/// A back-up that is being written, which goes away with whoever writes it.
struct Unfinished {
    path: PathBuf,
    /// Open for as long as SQLite may have it open: to close it takes SQLite's locks on it away.
    file: File,
    is_kept: bool,
}

impl Unfinished {
    /// Private from the first byte: SQLite writes into the file that it finds, as long as that is empty. Two never write to the same.
    fn create(to: &Path) -> Result<Unfinished, BackUpError> {
        let failed = |cause| BackUpError::Failed(StoreError::new("creating the back-up", cause));
        let Some(name) = to.file_name() else { return Err(failed(io::Error::from(io::ErrorKind::InvalidFilename))) };
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(".unfinished");
        let path = to.with_file_name(hidden);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&path) {
            Ok(file) => Ok(Unfinished { path, file, is_kept: false }),
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Err(BackUpError::UnderWay(path)),
            Err(cause) => Err(failed(cause)),
        }
    }

    fn name(&self) -> Result<&str, StoreError> {
        self.path.to_str().ok_or_else(|| StoreError::new("naming the back-up", "SQLite needs a name in UTF-8"))
    }

    /// Answers how long it is.
    fn sync(&self) -> io::Result<u64> {
        self.file.sync_all()?;
        Ok(self.file.metadata()?.len())
    }

    fn publish(mut self, to: &Path) -> Result<(), BackUpError> {
        let failed = |cause| BackUpError::Failed(StoreError::new("giving the back-up its name", cause));
        refuse_existing(to)?;
        fs::rename(&self.path, to).map_err(failed)?;
        self.path = to.to_owned();
        sync_folder(to).map_err(failed)?;
        self.is_kept = true;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        if let Err(cause) = fs::remove_file(&self.path) {
            tracing::warn!(%cause, path = %self.path.display(), "what was written of a back-up could not be deleted");
        }
    }
}

/// Until then the name may be lost with the power.
#[cfg(unix)]
fn sync_folder(of: &Path) -> io::Result<()> {
    let folder = of.parent().unwrap_or(Path::new("/"));
    File::open(folder)?.sync_all()
}

/// Elsewhere folders cannot be opened.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
