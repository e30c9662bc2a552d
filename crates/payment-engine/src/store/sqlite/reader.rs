//! Connections that only read, each in the hands of one read at a time. A read is one closure on a thread of Tokio's for what blocks: the
//! threads are there anyway, one wakes per read, and none waits for this store alone.

use super::open::open_reader;
use super::writer::Cause;
use crate::store::StoreError;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::Semaphore;

/// As many as read at once.
const READERS: u32 = 4;

pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

impl Readers {
    /// The first is there from the start, and the others when they are needed.
    pub(super) fn new(path: PathBuf, first: Connection) -> Readers {
        Readers { path, idle: Mutex::new(vec![first]), places: Arc::new(Semaphore::new(READERS as usize)) }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) async fn read<T, F>(self: &Arc<Self>, doing: &'static str, read: F) -> Result<T, StoreError>
    where
        F: FnOnce(&Connection) -> Result<T, Cause> + Send + 'static,
        T: Send + 'static,
    {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|cause| StoreError::new(doing, cause))?;
        let readers = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            let done = readers.read_here(read);
            drop(place);
            done
        });
        done.await.unwrap_or_else(|cause| Err(cause.into())).map_err(|cause| StoreError::new(doing, cause))
    }

    /// A connection that has failed is not used again, so that no failure outlives its cause.
    fn read_here<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Cause>) -> Result<T, Cause> {
        let idle = self.idle().pop();
        let connection = idle.map_or_else(|| open_reader(&self.path), Ok)?;
        let done = read(&connection)?;
        self.idle().push(connection);
        Ok(done)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().expect("invariant: nothing panics that holds the idle connections")
    }

    /// Waits for those that read, and lets go of the file.
    pub(super) async fn close(&self) {
        let all = self.places.acquire_many(READERS).await;
        self.places.close();
        drop(all);
        self.idle().clear();
    }
}
