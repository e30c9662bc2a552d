//! Files that nobody but their owner may read: the secret of the sessions, with which anybody could be anybody, and what holds
//! names and addresses: the orders, and mails.

use super::config::SessionConfig;
use std::fs::{self, File, Metadata};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

const SECRET_BYTES: usize = 32;
/// What the group and everybody may do to a file.
const OTHERS: u32 = 0o077;
const EVERYBODY_WRITES: u32 = 0o002;
/// In such a folder everybody makes files, and nobody touches those of others: `/tmp`.
const STICKY: u32 = 0o1000;

/// Why the secret of the sessions cannot be kept in its file, in one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Somebody else may have read the secret, or put it there.
    #[error("others may use {0}, which holds the secret of the sessions: chmod 600 {0}, or delete it if they have read it")]
    Shared(String),
    /// Somebody else may put another file in its place.
    #[error("everybody may replace the secret of the sessions in the folder {0}: chmod o-w {0}, or set SESSION_SECRET")]
    OpenFolder(String),
    /// The file system.
    #[error("the secret of the sessions could not be kept in {path}: {cause}; set SESSION_SECRET")]
    File {
        /// Where.
        path: String,
        /// Why.
        cause: io::Error,
    },
}

/// The secret that was set, or one that is made at the first start and kept beside the database.
///
/// # Errors
/// When it cannot be kept, or others can get at it.
pub fn session_secret(config: &SessionConfig) -> Result<Vec<u8>, SecretError> {
    match config {
        SessionConfig::Secret(secret) => Ok(secret.clone()),
        SessionConfig::File(path) => keep_secret(path),
    }
}

fn keep_secret(path: &Path) -> Result<Vec<u8>, SecretError> {
    let failed = |cause| SecretError::File { path: path.display().to_string(), cause };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    create_folder(folder).map_err(failed)?;
    let folder_mode = mode(&fs::metadata(folder).map_err(failed)?);
    if folder_mode & EVERYBODY_WRITES != 0 && folder_mode & STICKY == 0 {
        return Err(SecretError::OpenFolder(folder.display().to_string()));
    }
    match File::open(path) {
        // Asked of the open file, so that what is read is what was looked at.
        Ok(file) if mode(&file.metadata().map_err(failed)?) & OTHERS != 0 => Err(SecretError::Shared(path.display().to_string())),
        Ok(file) => known_secret(file).map_err(failed),
        Err(error) if error.kind() == io::ErrorKind::NotFound => new_secret(path).map_err(failed),
        Err(error) => Err(failed(error)),
    }
}

fn known_secret(file: File) -> io::Result<Vec<u8>> {
    let mut secret = Vec::new();
    file.take(SECRET_BYTES as u64 + 1).read_to_end(&mut secret)?;
    if secret.len() == SECRET_BYTES {
        Ok(secret)
    } else {
        Err(io::Error::other(format!("the file does not hold {SECRET_BYTES} bytes; delete it")))
    }
}

fn new_secret(path: &Path) -> io::Result<Vec<u8>> {
    let mut secret = vec![0; SECRET_BYTES];
    getrandom::fill(&mut secret).expect("invariant: the operating system has random numbers");
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(&secret)?;
    file.sync_all()?;
    Ok(secret)
}

/// Never one that everybody writes to, whatever the umask says.
fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o755);
    builder.create(folder)
}

/// Writes a file whole or not at all, in a folder that is made where there is none; one of the same name is replaced. Nobody but the
/// owner can read either.
///
/// # Errors
/// The file system's. What stood under that name before stands there still.
pub fn write(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let unfinished = folder.join(format!(".{name}.unfinished"));
    // What a server left that stopped in the middle of it.
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(unfinished, folder.join(name))
}

/// Takes the database, and what SQLite keeps beside it, away from others. The answer is a line for the log where there was
/// something to take away. Call it before the database is opened.
///
/// # Errors
/// When the files cannot be looked at.
pub fn secure_database(path: &Path) -> io::Result<Option<String>> {
    let (mut secured, mut left) = (Vec::new(), Vec::new());
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let file = PathBuf::from(name);
        let metadata = match fs::metadata(&file) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        if metadata.is_file() && mode(&metadata) & OTHERS != 0 {
            // By name: to open and close a file that SQLite has open would give up SQLite's locks on it.
            match make_private(&file) {
                Ok(()) => secured.push(file.display().to_string()),
                Err(_) => left.push(file.display().to_string()),
            }
        }
    }
    let mut said = Vec::new();
    if !secured.is_empty() {
        said.push(format!("others could use {}, where the orders are; from now on only the owner can", secured.join(", ")));
    }
    if !left.is_empty() {
        said.push(format!("others can use {}, where the orders are, and the shop may not change that: chmod 600", left.join(", ")));
    }
    Ok((!said.is_empty()).then(|| said.join("; ")))
}

#[cfg(unix)]
fn mode(metadata: &Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::mode(metadata)
}

/// Elsewhere there is nothing of the kind to look at.
#[cfg(not(unix))]
fn mode(_: &Metadata) -> u32 {
    0
}

#[cfg(unix)]
fn make_private(file: &Path) -> io::Result<()> {
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600))
}

#[cfg(not(unix))]
fn make_private(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/session.key");
        let config = SessionConfig::File(path.clone());
        let secret = session_secret(&config).unwrap();
        assert_eq!(secret.len(), SECRET_BYTES);
        assert_eq!(session_secret(&config).unwrap(), secret);
        fs::write(&path, [0; SECRET_BYTES + 1]).unwrap();
        let error = session_secret(&config).unwrap_err().to_string();
        assert!(error.contains("does not hold 32 bytes; delete it"), "{error}");
        assert_eq!(session_secret(&SessionConfig::Secret(vec![1, 2])).unwrap(), [1, 2]);
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_and_is_its_owners() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("data/mail");
        write(&inner, "a.eml", b"first, and longer").unwrap();
        fs::write(inner.join(".a.eml.unfinished"), "left in the middle").unwrap();
        write(&inner, "a.eml", b"second").unwrap();
        assert_eq!(fs::read(inner.join("a.eml")).unwrap(), b"second");
        assert_eq!(fs::read_dir(&inner).unwrap().count(), 1, "nothing else is left");
        #[cfg(unix)]
        for (path, private) in [(inner.join("a.eml"), 0o600), (inner.clone(), 0o700)] {
            assert_eq!(mode(&fs::metadata(path).unwrap()) & 0o777, private);
        }
        fs::create_dir(inner.join("b.eml")).unwrap();
        assert!(write(&inner, "b.eml", b"x").is_err(), "a folder is not replaced");
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_that_others_can_get_at_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let set = |path: &Path, mode| fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        let path = folder.path().join("session.key");
        keep_secret(&path).unwrap();
        assert_eq!(mode(&fs::metadata(&path).unwrap()) & 0o777, 0o600);
        for others in [0o604, 0o640, 0o602, 0o620, 0o601] {
            set(&path, others);
            let error = keep_secret(&path).unwrap_err().to_string();
            assert!(error.contains(&format!("chmod 600 {}", path.display())) && !error.contains('\n'), "{error}");
        }
        set(&path, 0o400);
        keep_secret(&path).unwrap();
        for (folder_mode, taken) in [(0o777, false), (0o702, false), (0o1777, true), (0o775, true), (0o700, true)] {
            set(folder.path(), folder_mode);
            let kept = keep_secret(&path);
            assert_eq!(kept.is_ok(), taken, "{folder_mode:o}");
            assert!(kept.err().is_none_or(|error| error.to_string().contains("chmod o-w")), "{folder_mode:o}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_database_is_taken_away_from_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.db");
        let log = folder.path().join("shop.db-wal");
        assert_eq!(secure_database(&path).unwrap(), None, "there is none yet");
        for file in [&path, &log] {
            fs::write(file, "").unwrap();
            fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        }
        let said = secure_database(&path).unwrap().unwrap();
        assert!(said.contains("shop.db,") && said.contains("shop.db-wal,") && !said.contains('\n'), "{said}");
        for file in [&path, &log] {
            assert_eq!(mode(&fs::metadata(file).unwrap()) & 0o777, 0o600);
        }
        assert_eq!(secure_database(&path).unwrap(), None, "nothing is left to do");
    }
}
