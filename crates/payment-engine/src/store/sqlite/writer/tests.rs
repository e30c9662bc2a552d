use super::*;
use futures_util::future::join_all;
use futures_util::poll;
use rusqlite::Error;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use tempfile::TempDir;

/// A writer on a fresh file.
struct Room {
    writer: Arc<Writer>,
    /// Calls of SQLite's commit hook.
    commits: Arc<AtomicUsize>,
    /// Connections that were opened after the first.
    reopened: Arc<AtomicUsize>,
    folder: TempDir,
}

const TABLES: &str = "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; CREATE TABLE IF NOT EXISTS said (word TEXT NOT NULL UNIQUE); \
     CREATE TABLE IF NOT EXISTS answers (to_word TEXT NOT NULL REFERENCES said (word) DEFERRABLE INITIALLY DEFERRED); \
     CREATE TRIGGER IF NOT EXISTS full BEFORE INSERT ON said WHEN NEW.word = 'full' \
     BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END";

impl Room {
    fn fresh() -> Room {
        let folder = tempfile::tempdir().unwrap();
        let (commits, reopened) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let path = folder.path().join("room.db");
        let counted = Arc::clone(&commits);
        let open = move || {
            let connection = Connection::open(&path).unwrap();
            connection.execute_batch(TABLES).unwrap();
            let counted = Arc::clone(&counted);
            let counts = move || {
                counted.fetch_add(1, Ordering::SeqCst);
                false
            };
            connection.commit_hook(Some(counts)).unwrap();
            connection
        };
        let (first, again) = (open(), Arc::clone(&reopened));
        let reopen = move || {
            again.fetch_add(1, Ordering::SeqCst);
            Ok(open())
        };
        Room { writer: Arc::new(Writer::start(first, reopen).unwrap()), commits, reopened, folder }
    }

    /// Keeps the thread at a transaction of its own until that is dropped, so that what comes meanwhile queues up.
    async fn hold(&self) -> Hold {
        let (release, released) = mpsc::channel::<()>();
        let (begin, begun) = oneshot::channel();
        let writer = Arc::clone(&self.writer);
        let held = tokio::spawn(async move {
            let wait = move |_: &Connection| {
                begin.send(()).unwrap();
                assert!(released.recv().is_err());
                Ok(Ended::Commit(()))
            };
            writer.write("holding", wait).await.unwrap();
        });
        begun.await.unwrap();
        Hold { _release: release, held }
    }

    fn money(&self, work: impl FnOnce(&Connection) -> Done + Send + 'static) -> Waiting<'_, ()> {
        Box::pin(self.writer.write("paying", work))
    }

    fn placing(&self, word: impl Into<String>) -> Waiting<'_, ()> {
        let word = word.into();
        Box::pin(self.writer.place("placing", move |connection| say(connection, &word)))
    }

    fn said(&self) -> Vec<String> {
        let connection = Connection::open(self.folder.path().join("room.db")).unwrap();
        let mut said = connection.prepare("SELECT word FROM said ORDER BY rowid").unwrap();
        said.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }
}

type Done = Result<Ended<()>, Cause>;
type Waiting<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + 'a>>;

struct Hold {
    _release: mpsc::Sender<()>,
    held: tokio::task::JoinHandle<()>,
}

impl Hold {
    async fn release(self) {
        drop(self._release);
        self.held.await.unwrap();
    }
}

fn say(connection: &Connection, word: &str) -> Done {
    connection.execute("INSERT INTO said (word) VALUES (?)", [word])?;
    Ok(Ended::Commit(()))
}

fn saying(word: impl Into<String>) -> impl FnOnce(&Connection) -> Done + Send + 'static {
    let word = word.into();
    move |connection| say(connection, &word)
}

#[tokio::test]
async fn what_has_queued_up_is_committed_together() {
    for (waiting, groups) in [(1, 1), (2, 1), (13, 1), (MOST_TOGETHER, 1), (MOST_TOGETHER + 1, 2), (3 * MOST_TOGETHER, 3)] {
        let room = Room::fresh();
        let hold = room.hold().await;
        let mut all: Vec<_> = (0..waiting).map(|number| room.money(saying(number.to_string()))).collect();
        for one in &mut all {
            assert!(poll!(one).is_pending());
        }
        let before = room.commits.load(Ordering::SeqCst);
        hold.release().await;
        assert!(join_all(all).await.iter().all(Result::is_ok));
        assert_eq!(room.commits.load(Ordering::SeqCst) - before, 1 + groups, "the one that held the thread, and {groups} for {waiting}");
        assert_eq!(room.said().len(), waiting);
    }
}

#[tokio::test]
async fn nobody_is_answered_before_the_commit() {
    let room = Room::fresh();
    let (release, released) = mpsc::channel::<()>();
    let (reach, reached) = oneshot::channel();
    let hooked = move |connection: &Connection| {
        let mut once = Some((reach, released));
        let wait = move || {
            if let Some((reach, released)) = once.take() {
                reach.send(()).unwrap();
                assert!(released.recv().is_err());
            }
            false
        };
        connection.commit_hook(Some(wait))?;
        Ok(Ended::RollBack(()))
    };
    let hold = room.hold().await;
    let mut hooking = room.money(hooked);
    let mut refused = room.money(|_| Ok(Ended::RollBack(())));
    let mut written = room.money(saying("word"));
    assert!(poll!(&mut hooking).is_pending() && poll!(&mut refused).is_pending() && poll!(&mut written).is_pending());
    hold.release().await;
    reached.await.unwrap();
    assert!(
        poll!(&mut written).is_pending() && poll!(&mut refused).is_pending(),
        "also what was refused may rest on what is not on disk yet"
    );
    assert!(room.said().is_empty());
    drop(release);
    assert!(written.await.is_ok() && refused.await.is_ok() && hooking.await.is_ok());
    assert_eq!(room.said(), ["word"]);
}

#[tokio::test]
async fn what_fails_refuses_or_panics_leaves_the_others_written() {
    let room = Room::fresh();
    let hold = room.hold().await;
    let after = |word: &'static str, how: fn() -> Done| {
        room.money(move |connection| {
            say(connection, word)?;
            how()
        })
    };
    let mut all = vec![
        room.money(saying("first")),
        after("of one that fails", || Err("it had to".into())),
        after("of one that refuses", || Ok(Ended::RollBack(()))),
        after("of one that panics", || panic!("it had to")),
        room.money(saying("first")),
        room.money(saying("last")),
    ];
    for one in &mut all {
        assert!(poll!(one).is_pending());
    }
    let before = room.commits.load(Ordering::SeqCst);
    hold.release().await;
    let told: Vec<String> =
        join_all(all).await.into_iter().map(|done| done.err().map_or("ok".to_owned(), |error| error.to_string())).collect();
    assert_eq!(told[0], "ok");
    assert_eq!(told[1], "the store failed while paying: it had to");
    assert_eq!(told[2], "ok");
    assert_eq!(told[3], "the store failed while paying: the transaction panicked");
    assert!(told[4].contains("UNIQUE constraint failed"), "{}", told[4]);
    assert_eq!(told[5], "ok");
    assert_eq!(room.said(), ["first", "last"]);
    assert_eq!((room.commits.load(Ordering::SeqCst) - before, room.reopened.load(Ordering::SeqCst)), (2, 0), "in one group");
}

#[tokio::test]
async fn one_that_is_alone_and_fails_leaves_nothing_behind() {
    let room = Room::fresh();
    let ways: [fn() -> Done; 3] = [|| Err("it had to".into()), || Ok(Ended::RollBack(())), || panic!("it had to")];
    for how in ways {
        let done = room.money(move |connection| {
            say(connection, "nothing")?;
            how()
        });
        drop(done.await);
        assert!(room.said().is_empty());
    }
    room.money(saying("word")).await.unwrap();
    assert_eq!((room.said(), room.reopened.load(Ordering::SeqCst)), (vec!["word".to_owned()], 0));
}

#[tokio::test]
async fn a_commit_that_fails_fails_all_of_its_group_and_costs_the_connection() {
    let room = Room::fresh();
    let hold = room.hold().await;
    let strange = |connection: &Connection| {
        connection.execute("INSERT INTO answers (to_word) VALUES ('never said')", [])?;
        Ok(Ended::Commit(()))
    };
    let mut all = vec![room.money(saying("one")), room.money(strange), room.money(saying("two"))];
    for one in &mut all {
        assert!(poll!(one).is_pending());
    }
    hold.release().await;
    for done in join_all(all).await {
        assert!(done.unwrap_err().to_string().contains("FOREIGN KEY constraint failed"));
    }
    assert!(room.said().is_empty());
    room.money(saying("word")).await.unwrap();
    assert_eq!((room.said(), room.reopened.load(Ordering::SeqCst)), (vec!["word".to_owned()], 1));
}

/// As where the disk is full: those before it are lost with it, and told so; those after it have not begun, and begin anew.
#[tokio::test]
async fn what_sqlite_ends_by_itself_is_told_to_all_that_were_in_it() {
    let room = Room::fresh();
    let hold = room.hold().await;
    let mut all = vec![room.money(saying("before")), room.money(saying("full")), room.money(saying("after"))];
    for one in &mut all {
        assert!(poll!(one).is_pending());
    }
    hold.release().await;
    let told = join_all(all).await;
    assert!(told[0].as_ref().unwrap_err().to_string().contains("SQLite has ended the transaction"), "{told:?}");
    let own = told[1].as_ref().unwrap_err();
    assert!(own.to_string().contains("disk is full") && own.cause().is::<Error>(), "{told:?}");
    assert!(told[2].is_ok(), "{told:?}");
    assert_eq!((room.said(), room.reopened.load(Ordering::SeqCst)), (vec!["after".to_owned()], 1));
}

#[tokio::test]
async fn money_goes_before_placing() {
    let room = Room::fresh();
    let hold = room.hold().await;
    let (mut first, mut second) = (room.placing("order 1"), room.placing("order 2"));
    assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
    let mut money: Vec<_> = (0..MOST_TOGETHER).map(|number| room.money(saying(format!("payment {number}")))).collect();
    for one in &mut money {
        assert!(poll!(one).is_pending());
    }
    hold.release().await;
    assert!(join_all(money).await.iter().all(Result::is_ok));
    assert!(first.await.is_ok() && second.await.is_ok());
    let said = room.said();
    let payments: Vec<String> = (0..MOST_TOGETHER).map(|number| format!("payment {number}")).collect();
    assert_eq!(said[..MOST_TOGETHER], payments);
    assert_eq!(said[MOST_TOGETHER..], ["order 1", "order 2"]);
}

#[tokio::test]
async fn a_full_queue_refuses_placing_and_never_money() {
    let room = Room::fresh();
    let hold = room.hold().await;
    let mut orders: Vec<_> = (0..MOST_PLACING).map(|number| room.placing(format!("order {number}"))).collect();
    for order in &mut orders {
        assert!(poll!(order).is_pending());
    }
    assert!(room.placing("one too many").await.unwrap_err().cause().is::<Busy>());
    // The one that holds the thread has a place too.
    let mut money: Vec<_> = (0..MOST_MONEY + 10).map(|number| room.money(saying(format!("payment {number}")))).collect();
    for payment in &mut money {
        assert!(poll!(payment).is_pending());
    }
    hold.release().await;
    assert!(join_all(money).await.iter().all(Result::is_ok));
    assert!(join_all(orders).await.iter().all(Result::is_ok));
    room.placing("another time").await.unwrap();
    assert_eq!(room.said().len(), MOST_PLACING + MOST_MONEY + 10 + 1);
}

#[tokio::test]
async fn a_caller_that_went_away_before_it_began_is_skipped_and_one_that_has_begun_is_not() {
    let room = Room::fresh();
    let (release, released) = mpsc::channel::<()>();
    let (begin, begun) = oneshot::channel();
    let mut began = room.money(move |connection| {
        begin.send(()).unwrap();
        assert!(released.recv().is_err());
        say(connection, "begun")
    });
    assert!(poll!(&mut began).is_pending());
    begun.await.unwrap();
    let (mut waits, mut stays) = (room.money(saying("not begun")), room.money(saying("stays")));
    assert!(poll!(&mut waits).is_pending() && poll!(&mut stays).is_pending());
    drop(began);
    drop(waits);
    drop(release);
    stays.await.unwrap();
    assert_eq!(room.said(), ["begun", "stays"]);
}

#[tokio::test]
async fn what_waits_is_done_before_it_closes_and_nothing_after() {
    let room = Room::fresh();
    let hold = room.hold().await;
    let (mut waits, mut close) = (room.money(saying("waits")), Box::pin(room.writer.close()));
    assert!(poll!(&mut waits).is_pending() && poll!(&mut close).is_pending());
    assert!(room.money(saying("too late")).await.is_err() && room.placing("too late").await.is_err());
    hold.release().await;
    close.await;
    waits.await.unwrap();
    assert_eq!(room.said(), ["waits"]);
    room.writer.close().await;
}
