//! A back-up is the database of one moment, whole and private, or is not there.

use crate::{NOTE, id, order, raw, started};
use payment_engine::NewOrder;
use payment_engine::order::{Reserve, State};
use payment_engine::store::{BackUpError, Note, Options, OrderQuery, Sqlite, Store};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Barrier;

async fn open(path: &Path) -> Sqlite {
    Sqlite::open(&Options::at(path)).await.unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Places orders of one apple and begins their confirms, until told to stop; counts what is stored.
async fn sell(store: Sqlite, seller: usize, meet: Arc<Barrier>, stop: Arc<AtomicBool>, placed: Arc<AtomicU64>) {
    for number in (seller * 1_000_000).. {
        let order = NewOrder { reserves: vec![Reserve::new("apple", 1)], ..order(number) };
        store.place(&order, &Note::at(1)).await.unwrap();
        placed.fetch_add(1, Ordering::SeqCst);
        store.apply(&order.id, &started(&format!("key_{number}")), &NOTE).await.unwrap();
        if number % 1_000_000 == 0 {
            meet.wait().await;
        }
        if stop.load(Ordering::SeqCst) {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_back_up_made_while_orders_are_written_is_of_one_moment() {
    const SELLERS: usize = 8;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let store = open(&path).await;
    let (meet, stop, placed) = (Arc::new(Barrier::new(SELLERS + 1)), Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let sellers: Vec<_> =
        (1..=SELLERS).map(|seller| tokio::spawn(sell(store.clone(), seller, meet.clone(), stop.clone(), placed.clone()))).collect();
    meet.wait().await;
    let back_ups = folder.path().join("back-ups");
    fs::create_dir(&back_ups).unwrap();
    for number in 1..=3 {
        let (before, to) = (placed.load(Ordering::SeqCst), back_ups.join(format!("{number}.db")));
        let made = Sqlite::back_up(&path, &to).await.unwrap();
        // Each seller may have stored one that it has not counted.
        let after = placed.load(Ordering::SeqCst) + SELLERS as u64;
        assert!((before..=after).contains(&made.orders), "{before} {made:?} {after}");
        assert_eq!(made.bytes, fs::metadata(&to).unwrap().len());
        assert_eq!(names(&back_ups).len(), number, "nothing is beside it: {:?}", names(&back_ups));
    }
    stop.store(true, Ordering::SeqCst);
    for seller in sellers {
        seller.await.unwrap();
    }
    for name in names(&back_ups) {
        let copy = open(&back_ups.join(name)).await;
        let orders = copy.orders(&OrderQuery::newest(u32::MAX)).await.unwrap();
        for record in &orders {
            assert_eq!(copy.events(&record.order.id).await.unwrap().len() as i64, record.version, "{:?}", record.order.id);
            let claimed = record.state.attempt().map(|attempt| attempt.payment_key.clone());
            assert_eq!(claimed.is_some(), record.version == 1);
            if let Some(key) = claimed {
                assert_eq!(copy.claimed_by(&key).await.unwrap().as_ref(), Some(&record.order.id));
            }
        }
        assert_eq!(copy.stock().await.unwrap()[0].taken as usize, orders.len());
        copy.close().await;
    }
}

/// Another process holds the write lock all the while, with something written that may yet come to nothing.
#[tokio::test]
async fn a_back_up_waits_for_no_writer_and_has_what_was_committed() {
    let folder = tempfile::tempdir().unwrap();
    let (path, to) = (folder.path().join("orders.db"), folder.path().join("back-up.db"));
    let store = open(&path).await;
    store.place(&order(1), &Note::at(1)).await.unwrap();
    let other = raw(&path);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other.execute_batch("UPDATE orders SET name = 'never said'").unwrap();
    assert_eq!(Sqlite::back_up(&path, &to).await.unwrap().orders, 1);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(open(&to).await.order(&id(1)).await.unwrap().unwrap().order.name, "사과");
}

#[tokio::test]
async fn a_back_up_of_a_stopped_or_killed_server_has_all_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let store = open(&at("orders.db")).await;
    store.place(&order(1), &Note::at(1)).await.unwrap();
    store.apply(&id(1), &started("a"), &NOTE).await.unwrap();
    // As a server leaves it that was killed: what it wrote last is in the log alone.
    let killed = at("killed");
    fs::create_dir(&killed).unwrap();
    for name in ["orders.db", "orders.db-wal"] {
        fs::copy(at(name), killed.join(name)).unwrap();
    }
    store.close().await;
    for (number, from) in [at("orders.db"), killed.join("orders.db")].iter().enumerate() {
        let to = at(&format!("{number}.db"));
        assert_eq!(Sqlite::back_up(from, &to).await.unwrap().orders, 1);
        assert!(matches!(open(&to).await.order(&id(1)).await.unwrap().unwrap().state, State::Confirming { .. }));
    }
}

/// The program that makes it may be newer than the server that runs.
#[tokio::test]
async fn a_back_up_leaves_the_tables_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let (path, to) = (folder.path().join("orders.db"), folder.path().join("back-up.db"));
    raw(&path).execute_batch(crate::versions::FIRST).unwrap();
    assert_eq!(Sqlite::back_up(&path, &to).await.unwrap().orders, 0);
    for file in [&path, &to] {
        let old_column = "SELECT COUNT(*) FROM pragma_table_info('orders') WHERE name = 'cart'";
        let has: i64 = raw(file).query_row(old_column, [], |row| row.get(0)).unwrap();
        assert_eq!(has, 1, "{}", file.display());
    }
}

#[tokio::test]
async fn what_was_forgotten_is_in_no_back_up() {
    let folder = tempfile::tempdir().unwrap();
    let (path, to) = (folder.path().join("orders.db"), folder.path().join("back-up.db"));
    let store = open(&path).await;
    store.place(&NewOrder { details: "a name to forget".to_owned(), ..order(1) }, &Note::at(1)).await.unwrap();
    store.apply(&id(1), &payment_engine::order::Event::TimeRanOut, &Note::at(10_000)).await.unwrap();
    let forget = payment_engine::store::Forget::new(20_000, 20_000);
    assert_eq!(store.forget(&forget, 20_000, 10).await.unwrap(), 1);
    Sqlite::back_up(&path, &to).await.unwrap();
    let bytes = fs::read(&to).unwrap();
    assert!(!bytes.windows(16).any(|window| window == b"a name to forget"));
    assert!(bytes.windows(7).any(|window| window == b"owner 1"), "the order is there");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_a_back_up() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (path, to) = (folder.path().join("orders.db"), folder.path().join("back-up.db"));
    open(&path).await.close().await;
    Sqlite::back_up(&path, &to).await.unwrap();
    assert_eq!(fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_back_up_replaces_nothing_and_leaves_nothing_where_it_fails() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let store = open(&at("orders.db")).await;
    store.place(&order(1), &Note::at(1)).await.unwrap();
    fs::create_dir(at("back-ups")).unwrap();
    fs::write(at("taken.db"), "another file").unwrap();
    let mut taken = vec![at("taken.db"), at("orders.db"), at("back-ups"), folder.path().join("back-ups/..")];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(at("nowhere"), at("link.db")).unwrap();
        taken.extend([at("link.db"), PathBuf::from("/dev/full")]);
    }
    let before = names(folder.path());
    for to in taken {
        let refused = Sqlite::back_up(&at("orders.db"), &to).await.unwrap_err();
        assert!(matches!(refused, BackUpError::Exists), "{}: {refused}", to.display());
    }
    assert_eq!(fs::read_to_string(at("taken.db")).unwrap(), "another file");
    let no_folder = Sqlite::back_up(&at("orders.db"), &at("no-folder/back-up.db")).await.unwrap_err();
    assert!(matches!(no_folder, BackUpError::Failed(_)), "{no_folder}");
    assert!(no_folder.to_string().starts_with("the store failed while creating the back-up: "), "{no_folder}");

    fs::write(at("letter.db"), "this is no database, it is a letter to whoever reads it").unwrap();
    for from in ["not-there.db", "letter.db", "back-ups"] {
        let refused = Sqlite::back_up(&at(from), &at("back-up.db")).await.unwrap_err();
        assert!(matches!(refused, BackUpError::Database(_)), "{from}: {refused}");
    }
    fs::remove_file(at("letter.db")).unwrap();
    assert_eq!(names(folder.path()), before);
    assert!(names(&at("back-ups")).is_empty());

    let unfinished = at(".back-up.db.unfinished");
    fs::write(&unfinished, "of another").unwrap();
    let refused = Sqlite::back_up(&at("orders.db"), &at("back-up.db")).await.unwrap_err();
    assert!(matches!(&refused, BackUpError::UnderWay(path) if *path == unfinished), "{refused}");
    assert_eq!(fs::read_to_string(&unfinished).unwrap(), "of another", "whose it is may be at it");
    fs::remove_file(unfinished).unwrap();
    Sqlite::back_up(&at("orders.db"), &at("back-up.db")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_back_up_that_nobody_waits_for_any_more_is_made_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (path, back_ups) = (folder.path().join("orders.db"), folder.path().join("back-ups"));
    let store = open(&path).await;
    store.place(&order(1), &Note::at(1)).await.unwrap();
    fs::create_dir(&back_ups).unwrap();
    {
        let to = back_ups.join("back-up.db");
        let mut made = std::pin::pin!(Sqlite::back_up(&path, &to));
        assert!(futures_util::poll!(made.as_mut()).is_pending());
    }
    let is_there = async {
        while names(&back_ups) != ["back-up.db"] {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), is_there).await.unwrap();
    assert!(open(&back_ups.join("back-up.db")).await.order(&id(1)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_back_up_may_have_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let store = open(&path).await;
    let before = names(folder.path()).len();
    for (number, name) in ["100%.db", "what?mode=memory.db", "a#b.db", "월요일 25%3f.db", "file:x.db", "-"].into_iter().enumerate() {
        let made = Sqlite::back_up(&path, &folder.path().join(name)).await.unwrap();
        assert_eq!(fs::metadata(folder.path().join(name)).unwrap().len(), made.bytes, "{name}");
        assert_eq!(names(folder.path()).len(), before + number + 1, "{:?}", names(folder.path()));
    }
    store.close().await;
}

/// Such an order could not be told apart from one that never was.
#[tokio::test]
async fn rows_without_their_order_are_no_back_up_and_those_of_the_shop_are_the_shops() {
    let folder = tempfile::tempdir().unwrap();
    let (path, to) = (folder.path().join("orders.db"), folder.path().join("back-up.db"));
    let store = open(&path).await;
    store.place(&order(1), &Note::at(1)).await.unwrap();
    let other = raw(&path);
    other.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    other
        .execute_batch("CREATE TABLE goods (id TEXT PRIMARY KEY, kind TEXT REFERENCES goods (id)); INSERT INTO goods VALUES ('a', 'b')")
        .unwrap();
    Sqlite::back_up(&path, &to).await.unwrap();
    fs::remove_file(&to).unwrap();
    other.execute_batch("INSERT INTO payment_claims VALUES ('a', 'no such order')").unwrap();
    let refused = Sqlite::back_up(&path, &to).await.unwrap_err();
    assert!(refused.to_string().contains("1 rows are of orders or accounts"), "{refused}");
    assert!(!to.exists() && !names(folder.path()).iter().any(|name| name.contains("unfinished")), "{:?}", names(folder.path()));
}
