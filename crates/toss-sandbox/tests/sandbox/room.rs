//! Room for a thousand connections. Shop and sandbox are one process here, so that each is two open files, and many systems
//! let a program open 1,024 unless it asks for more.

use tokio::sync::{Mutex, MutexGuard};

/// Two thousand, and what the tests beside them have open.
#[cfg(unix)]
const FILES: u64 = 4_096;

static ROOM: Mutex<()> = Mutex::const_new(());

/// Waits until no other test has so many connections. The room is free again when the answer is dropped.
pub async fn for_a_thousand() -> MutexGuard<'static, ()> {
    let room = ROOM.lock().await;
    #[cfg(unix)]
    ask_for_files();
    room
}

#[cfg(unix)]
fn ask_for_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // No number means no limit.
    if current.is_some_and(|current| current < FILES) {
        let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(FILES), maximum });
        assert!(raised.is_ok(), "this test opens some 2,000 files at once: let it, with ulimit -Hn {FILES} or more ({raised:?})");
    }
}
