//! What the sandbox knows, in a file, so that it goes on after its end as if there had been none.
//!
//! The file is one JSON document. It is written whole beside its place, synced, and renamed: at every moment, also that
//! of a `kill -9`, a whole file stands there. An answer and a webhook wait until the file knows what they tell; calls that
//! end at the same time share one writing. So a kill loses nothing that anybody was answered: only calls under way, which
//! then happened wholly or not at all, and what a test did through [`Control`](crate::Control) in the same process within
//! the last [`AT_REST`]. Each writing writes everything, some 5 kB for a paid order.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    extract::{Request, State as Extension},
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use tokio::sync::{Notify, watch};

use crate::{
    clock::Mode,
    config::Merchant,
    error::ApiError,
    world::{State, World},
};

/// What is written here is read only by a sandbox that writes the same.
const VERSION: u32 = 2;
/// Changes that nobody waits for are written so long after the first of them.
const AT_REST: Duration = Duration::from_millis(200);

/// Why a state file cannot be gone on with. The file is left as it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadState {
    /// Another sandbox holds it.
    #[error("another sandbox uses the state file {}; stop that one or name another file", .0.display())]
    InUse(PathBuf),
    /// It is not what a sandbox has written.
    #[error("the state file {} is damaged ({why}); move it away to start anew, or name another file", .path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A sandbox of another version has written it.
    #[error(
        "the state file {} has format {found}, this sandbox reads {VERSION}; move it away to start anew, or use the sandbox that wrote it",
        .path.display()
    )]
    OtherVersion {
        /// Which file.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
    /// It belongs to other key pairs.
    #[error("the state file {} belongs to the client key {client_key}; start with that pair, or name another file", .path.display())]
    OtherKeys {
        /// Which file.
        path: PathBuf,
        /// Of its first pair.
        client_key: String,
    },
    /// It cannot be read or written.
    #[error("cannot use the state file {}; name one in a directory that can be written to", .path.display())]
    Unusable {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// What any version of the file has.
#[derive(Deserialize)]
struct Head {
    version: u32,
}

#[derive(Serialize)]
struct Page<'a> {
    version: u32,
    /// Payments name their merchant by its place in this list.
    keys: &'a [[String; 2]],
    clock: Mode,
    state: &'a State,
}

#[derive(Deserialize)]
struct ReadPage {
    keys: Vec<[String; 2]>,
    clock: Mode,
    state: State,
}

/// The file, held against every other sandbox until it is dropped.
pub(crate) struct StateFile {
    path: PathBuf,
    keys: Vec<[String; 2]>,
    /// Locked. A file of its own: the state file is another one after each writing. Held while one writes.
    lock: Mutex<File>,
}

impl StateFile {
    /// Takes the file, and reads it if it is there.
    pub(crate) fn open(path: &Path, merchants: &[Merchant]) -> Result<(Self, Option<(Mode, State)>), BadState> {
        // A link stays one: what it leads to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let unusable = |source| BadState::Unusable { path: path.clone(), source };
        let lock = private(OpenOptions::new().write(true).create(true)).open(beside(&path, ".lock")).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BadState::InUse(path)),
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        let keys: Vec<_> = merchants.iter().map(|merchant| [merchant.client_key.clone(), merchant.secret_key.clone()]).collect();
        let earlier = match fs::read(&path) {
            Ok(bytes) => Some(read(&path, &bytes, &keys)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(unusable(error)),
        };
        Ok((Self { path, keys, lock: Mutex::new(lock) }, earlier))
    }

    /// Writes what the world is now.
    fn write(&self, world: &World) -> io::Result<()> {
        let _turn = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let page = |state: &mut State| {
            let clock = world.clock().mode();
            serde_json::to_vec(&Page { version: VERSION, keys: &self.keys, clock, state })
        };
        let text = world.peek(|state, _| page(state)).map_err(io::Error::from)?;
        let fresh = beside(&self.path, ".new");
        match fs::remove_file(&fresh) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            // One that a kill has left behind is of no use.
            Ok(()) | Err(_) => {}
        }
        let mut file = private(OpenOptions::new().write(true).create_new(true)).open(&fresh)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&fresh, &self.path)?;
        sync_directory(&self.path)
    }
}

fn read(path: &Path, bytes: &[u8], keys: &[[String; 2]]) -> Result<(Mode, State), BadState> {
    let damaged = |error: serde_json::Error| BadState::Damaged { path: path.to_owned(), why: in_words(&error) };
    let Head { version } = serde_json::from_slice(bytes).map_err(damaged)?;
    if version != VERSION {
        return Err(BadState::OtherVersion { path: path.to_owned(), found: version });
    }
    let page: ReadPage = serde_json::from_slice(bytes).map_err(damaged)?;
    if page.keys != keys {
        let client_key = page.keys.into_iter().next().map(|[client_key, _]| client_key).unwrap_or_default();
        return Err(BadState::OtherKeys { path: path.to_owned(), client_key });
    }
    Ok((page.clock, page.state))
}

/// What whoever has the file can do something with: the words of the reader are about types of the sandbox.
fn in_words(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Eof => "it breaks off".to_owned(),
        Category::Io | Category::Syntax => format!("it is no JSON in line {line} at character {column}"),
        Category::Data => format!("no sandbox writes what stands in line {line} before character {column}"),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

/// For nobody but its owner: the state holds secret keys.
#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// The new name is on disk when its directory is.
#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// How far the writing has come.
#[derive(Clone)]
struct Progress {
    /// The changes that the last attempt to write had before it.
    version: u64,
    outcome: Result<(), String>,
}

/// Writes the state after changes.
pub(crate) struct Saver {
    file: Arc<StateFile>,
    progress: watch::Sender<Progress>,
    saving: Saving,
}

impl Saver {
    /// Writes for the first time, so that a file that cannot be written is known at once.
    pub(crate) async fn start(file: StateFile, world: &World) -> Result<Self, BadState> {
        let version = world.version();
        let (path, file) = (file.path.clone(), Arc::new(file));
        write(&file, world).await.map_err(|source| BadState::Unusable { path, source })?;
        let (progress, seen) = watch::channel(Progress { version, outcome: Ok(()) });
        let saving = Saving { world: world.clone(), progress: seen, wanted: Arc::default() };
        Ok(Self { file, progress, saving })
    }

    /// For whoever has to wait.
    pub(crate) fn saving(&self) -> Saving {
        self.saving.clone()
    }

    /// Writes until it is dropped.
    pub(crate) async fn run(&self) {
        let world = &self.saving.world;
        let mut changes = world.changes();
        loop {
            let written = self.progress.borrow().version;
            changes.wait_for(|version| *version != written).await.expect("invariant: the sender lives as long as self");
            // Either ends the wait; both mean to write.
            let _ = tokio::time::timeout(AT_REST, self.saving.wanted.notified()).await;
            let version = world.version();
            let outcome = write(&self.file, world).await.map_err(|error| format!("the state file cannot be written: {error}"));
            self.progress.send_replace(Progress { version, outcome });
        }
    }

    /// Writes for the last time. Whoever was answered has been written for already, or been told that it failed.
    pub(crate) async fn finish(self) {
        let _ = write(&self.file, &self.saving.world).await;
    }
}

async fn write(file: &Arc<StateFile>, world: &World) -> io::Result<()> {
    let (file, world) = (file.clone(), world.clone());
    tokio::task::spawn_blocking(move || file.write(&world)).await?
}

/// Waits for the file to know what has happened.
#[derive(Clone)]
pub(crate) struct Saving {
    world: World,
    progress: watch::Receiver<Progress>,
    /// Somebody waits.
    wanted: Arc<Notify>,
}

impl Saving {
    /// Returns when everything up to now is on disk, or with the reason why it is not.
    pub(crate) async fn caught_up(&self) -> Result<(), String> {
        let version = self.world.version();
        let mut progress = self.progress.clone();
        if progress.borrow().version < version {
            self.wanted.notify_one();
        }
        match progress.wait_for(|progress| progress.version >= version).await {
            Ok(progress) => progress.outcome.clone(),
            Err(_) => Err("the sandbox is being stopped".to_owned()),
        }
    }

    /// No answer leaves before what it tells is on disk; if that fails, it is an error that says so.
    pub(crate) fn before_every_answer(self, router: Router) -> Router {
        router.layer(middleware::from_fn_with_state(self, hold))
    }
}

async fn hold(Extension(saving): Extension<Saving>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    match saving.caught_up().await {
        Ok(()) => response,
        Err(why) => ApiError::other(StatusCode::INTERNAL_SERVER_ERROR, "SANDBOX_STATE_NOT_SAVED", why.clone(), why).into_response(),
    }
}

/// Maps whose keys are no strings, as lists of pairs.
pub(crate) mod pairs {
    use std::{collections::HashMap, hash::Hash};

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<K: Serialize, V: Serialize, S: Serializer>(map: &HashMap<K, V>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(crate) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<HashMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Eq + Hash,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}
