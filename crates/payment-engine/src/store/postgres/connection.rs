//! One connection, and what is said on it: any number of statements at once, which cost one round trip together.
//!
//! Whoever waits for an answer moves the bytes himself. So there is no task per connection, no answer goes from thread to thread, a
//! connection that is dropped is closed at once, and one that waits in the pool is asked for its end before it is used.

use super::fault::Fault;
use super::tls::Stream;
use futures_core::Stream as _;
use std::collections::HashMap;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Connection, Error, Row, RowStream, Socket, Statement};

/// Longer than the server lets a statement take: who is not answered by then has lost the connection, and nobody has told him.
const PATIENCE: Duration = Duration::from_secs(30);

/// Nobody waits for ever: not for another's row, not for the server, and no row waits for a caller that is gone without a word. A server
/// takes these as a session begins; a pooler shares sessions, and so each transaction says them again.
macro_rules! begin {
    ($how:literal) => {
        Begin {
            own: concat!("BEGIN ISOLATION LEVEL ", $how),
            shared: concat!(
                "BEGIN ISOLATION LEVEL ",
                $how,
                "; SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '20s'; \
                 SET LOCAL idle_in_transaction_session_timeout = '20s'"
            ),
        }
    };
}

/// How a transaction begins, in a session of one's own and in one that is shared.
#[derive(Clone, Copy)]
pub(super) struct Begin {
    own: &'static str,
    shared: &'static str,
}

/// Each statement sees what was committed before it: after a row has been locked, the next one sees what its last holder has done.
pub(super) const TO_WRITE: Begin = begin!("READ COMMITTED READ WRITE");
/// All statements see the same.
pub(super) const TO_READ: Begin = begin!("REPEATABLE READ READ ONLY");

/// What a statement is about.
pub(super) type Values<'q> = Vec<(Box<dyn ToSql + Send + Sync + 'q>, Type)>;

/// What is said to the server.
pub(super) enum Words<'q> {
    /// Any number of statements without values.
    Plain(&'q str),
    /// One statement. It is parsed, bound and executed in one go and has no name: behind a pooler that hands out sessions for a transaction
    /// each, what was prepared in one is not there in the next.
    Statement(&'static str, Values<'q>),
    /// One that the session knows.
    Known(Statement, Values<'q>),
    /// To get to know one that is about values of these types.
    Learn(&'static str, Vec<Type>),
}

/// What came of a statement.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) rows: Vec<Row>,
    /// How many rows it has written, or read.
    pub(super) count: u64,
    learnt: Option<Statement>,
}

pub(super) struct PgConnection {
    client: Client,
    wire: Connection<Socket, Stream>,
    /// Whether a pooler stands between, which hands out sessions for a transaction each.
    is_shared: bool,
    /// What a session of one's own has been asked before, and knows by now if that was more than once: to read and plan a statement costs
    /// the server several times what it costs to execute it.
    known: HashMap<&'static str, Option<Statement>>,
    since: Instant,
    begins: Option<Begin>,
    /// Whether nothing is under way: no answer is waited for, and no transaction is open.
    is_idle: bool,
    is_lost: bool,
}

impl PgConnection {
    pub(super) fn new((client, wire): (Client, Connection<Socket, Stream>)) -> PgConnection {
        let since = Instant::now();
        PgConnection { client, wire, is_shared: false, known: HashMap::new(), since, begins: None, is_idle: true, is_lost: false }
    }

    /// A pooler stands between.
    pub(super) fn share(&mut self) {
        self.is_shared = true;
    }

    pub(super) fn age(&self) -> Duration {
        self.since.elapsed()
    }

    /// Whether it can be used by somebody else.
    pub(super) fn is_idle(&self) -> bool {
        self.is_idle && !self.is_lost
    }

    /// Whether it ended by itself, or is not what it was, such as one to a server that takes nothing to be written: then others may be as well.
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// Whether the server has not ended it while nobody used it.
    pub(super) fn is_alive(&mut self) -> bool {
        self.move_on(&mut Context::from_waker(Waker::noop())).is_none()
    }

    /// The next statement begins a transaction.
    pub(super) fn begin(&mut self, begin: Begin) {
        self.begins = Some(begin);
    }

    /// Ends a transaction, where one was begun.
    pub(super) async fn end(&mut self, word: &'static str) -> Result<(), Fault> {
        if self.begins.take().is_some() {
            return Ok(());
        }
        let ended = self.say(vec![Words::Plain(word)]).await;
        self.is_idle = ended.is_ok();
        ended.map(|_| ())
    }

    /// Says all of that at once, within a transaction.
    pub(super) async fn say(&mut self, words: Vec<Words<'_>>) -> Result<Vec<Answer>, Fault> {
        self.is_idle = false;
        let begins = self.begins.take().map(|begin| Words::Plain(self.beginning(begin)));
        let skipped = usize::from(begins.is_some());
        let answers = self.all(begins.into_iter().chain(words).collect()).await?;
        answers.into_iter().collect::<Result<Vec<_>, _>>().map(|mut answers| answers.split_off(skipped))
    }

    /// A transaction of one statement, and whether nobody knows what became of it where it failed.
    pub(super) async fn alone(&mut self, begin: Begin, sql: &'static str, values: Values<'_>) -> Result<Answer, (Fault, bool)> {
        self.is_idle = false;
        if self.is_shared { self.alone_in_shared(begin, sql, values).await } else { self.alone_in_own(sql, values).await }
    }

    async fn alone_in_own(&mut self, sql: &'static str, values: Values<'_>) -> Result<Answer, (Fault, bool)> {
        let words = match self.known.get(sql) {
            Some(Some(known)) => vec![Words::Known(known.clone(), values)],
            Some(None) => {
                let types = values.iter().map(|(_, of)| of.clone()).collect();
                vec![Words::Statement(sql, values), Words::Learn(sql, types)]
            }
            None => vec![Words::Statement(sql, values)],
        };
        let mut answers = self.all(words).await.map_err(|lost| (lost, true))?.into_iter();
        let answer = answers.next().unwrap_or_else(unanswered);
        let known = self.known.entry(sql).or_default();
        if let Some(Ok(Answer { learnt: Some(learnt), .. })) = answers.next() {
            *known = Some(learnt);
        }
        self.is_idle = true;
        answer.map_err(known_or_not)
    }

    async fn alone_in_shared(&mut self, begin: Begin, sql: &'static str, values: Values<'_>) -> Result<Answer, (Fault, bool)> {
        let words = vec![Words::Plain(begin.shared), Words::Statement(sql, values), Words::Plain("COMMIT")];
        let mut answers = self.all(words).await.map_err(|lost| (lost, true))?.into_iter();
        let mut next = || answers.next().unwrap_or_else(unanswered);
        let (begun, answer, ended) = (next(), next(), next());
        self.is_idle = ended.is_ok();
        match (begun, answer, ended) {
            (Ok(_), Ok(answer), Ok(_)) => Ok(answer),
            // It ran all the same.
            (Err(fault), Ok(_), _) => Err((fault, true)),
            (Err(fault), Err(_), _) | (Ok(_), Err(fault), _) | (Ok(_), Ok(_), Err(fault)) => Err(known_or_not(fault)),
        }
    }

    fn beginning(&self, begin: Begin) -> &'static str {
        if self.is_shared { begin.shared } else { begin.own }
    }

    /// Says all of that at once, and waits for all answers. Where one is a refusal, the server still answers the others.
    async fn all(&mut self, words: Vec<Words<'_>>) -> Result<Vec<Result<Answer, Fault>>, Fault> {
        if self.is_lost {
            return Err(Fault::Lost("the connection to the database has ended", None));
        }
        let answers = tokio::time::timeout(PATIENCE, self.exchange(words)).await;
        let answers = answers.unwrap_or(Err(Fault::Lost("the database has not answered in time", None)));
        let faults =
            answers.as_ref().map_or_else(|lost| vec![lost], |answers| answers.iter().filter_map(|answer| answer.as_ref().err()).collect());
        self.is_lost |= faults.iter().any(|fault| fault.is_cut_off() || fault.is_stale());
        answers
    }

    async fn exchange(&mut self, words: Vec<Words<'_>>) -> Result<Vec<Result<Answer, Fault>>, Fault> {
        let PgConnection { client, wire, .. } = self;
        let mut asked: Vec<Asked<'_>> = words.into_iter().map(|words| Asked::Open(Box::pin(ask(client, words)))).collect();
        std::future::poll_fn(|context| {
            // In their order: with that each is sent, at first, and answered.
            for one in &mut asked {
                one.poll(context);
            }
            let ended = move_on(wire, context);
            for one in &mut asked {
                one.poll(context);
            }
            let is_open = asked.iter().any(|one| matches!(one, Asked::Open(_)));
            match ended {
                // What it said at last tells more than that it has ended.
                Some(_) if asked.iter().any(|one| matches!(one, Asked::Answered(Some(Err(_))))) || !is_open => Poll::Ready(Ok(())),
                Some(ended) => Poll::Ready(Err(ended)),
                None if is_open => Poll::Pending,
                None => Poll::Ready(Ok(())),
            }
        })
        .await?;
        Ok(asked.into_iter().map(|one| one.answer().unwrap_or_else(unanswered)).collect())
    }

    /// Says good-bye.
    pub(super) async fn part(self) {
        let PgConnection { client, mut wire, .. } = self;
        drop(client);
        let parted = std::future::poll_fn(|context| move_on(&mut wire, context).map_or(Poll::Pending, |_| Poll::Ready(())));
        let _ = tokio::time::timeout(PATIENCE, parted).await;
    }

    fn move_on(&mut self, context: &mut Context<'_>) -> Option<Fault> {
        let ended = move_on(&mut self.wire, context);
        self.is_lost |= ended.is_some();
        ended
    }
}

/// Moves bytes both ways. Answers how the connection has ended, if it has.
fn move_on(wire: &mut Connection<Socket, Stream>, context: &mut Context<'_>) -> Option<Fault> {
    loop {
        match wire.poll_message(context) {
            // What a server says unasked.
            Poll::Ready(Some(Ok(_))) => {}
            Poll::Ready(Some(Err(error))) => return Some(error.into()),
            Poll::Ready(None) => return Some(Fault::Lost("the connection to the database has ended", None)),
            Poll::Pending => return None,
        }
    }
}

fn known_or_not(fault: Fault) -> (Fault, bool) {
    let is_unknown = fault.is_cut_off();
    (fault, is_unknown)
}

fn unanswered() -> Result<Answer, Fault> {
    Err(Fault::Lost("the connection to the database has ended", None))
}

enum Asked<'c> {
    Open(Pin<Box<dyn Future<Output = Result<Answer, Error>> + Send + 'c>>),
    Answered(Option<Result<Answer, Fault>>),
}

impl Asked<'_> {
    fn poll(&mut self, context: &mut Context<'_>) {
        if let Asked::Open(answer) = self
            && let Poll::Ready(answer) = answer.as_mut().poll(context)
        {
            *self = Asked::Answered(Some(answer.map_err(Fault::from)));
        }
    }

    fn answer(self) -> Option<Result<Answer, Fault>> {
        match self {
            Asked::Open(_) => None,
            Asked::Answered(answer) => answer,
        }
    }
}

async fn ask(client: &Client, words: Words<'_>) -> Result<Answer, Error> {
    match words {
        Words::Plain(sql) => client.batch_execute(sql).await.map(|()| Answer::default()),
        Words::Statement(sql, values) => answer(client.query_typed_raw(sql, values).await?).await,
        Words::Known(statement, values) => answer(client.query_raw(&statement, values.into_iter().map(|(value, _)| value)).await?).await,
        Words::Learn(sql, types) => Ok(Answer { learnt: Some(client.prepare_typed(sql, &types).await?), ..Answer::default() }),
    }
}

async fn answer(rows: RowStream) -> Result<Answer, Error> {
    let (mut rows, mut answer) = (pin!(rows), Answer::default());
    while let Some(row) = std::future::poll_fn(|context| rows.as_mut().poll_next(context)).await {
        answer.rows.push(row?);
    }
    answer.count = rows.rows_affected().unwrap_or_default();
    Ok(answer)
}
