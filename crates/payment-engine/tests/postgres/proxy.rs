//! A wire between the store and the server, which reads what the store says, and is cut where a test wants it.

use std::sync::Arc;
use std::sync::Mutex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// Where the next commit is cut off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cut {
    /// Before the server hears of it.
    Before,
    /// When the server has committed, and before it has said so.
    After,
}

#[derive(Default)]
struct Wire {
    cut: Option<Cut>,
    /// Statements with names, or bound in another go than they were parsed in: what a pooler for transactions loses.
    lost_on_poolers: Vec<String>,
    transactions: u32,
}

#[derive(Clone, Default)]
pub struct Proxy {
    wire: Shared<Wire>,
}

impl Proxy {
    /// Listens before that server, and answers its own address.
    pub async fn before(server: &str) -> (Proxy, String) {
        let (proxy, listener) = (Proxy::default(), TcpListener::bind("127.0.0.1:0").await.unwrap());
        let host = server.split(['@', '/']).nth(3).unwrap().to_owned();
        let url = server.replace(&host, &listener.local_addr().unwrap().to_string());
        let wire = proxy.wire.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&host).await.unwrap();
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                let line = Arc::<Mutex<Line>>::default();
                tokio::spawn(hear(from_server, to_client, line.clone()));
                tokio::spawn(say(from_client, to_server, line, wire.clone()));
            }
        });
        (proxy, format!("{url}&sslmode=disable"))
    }

    pub fn cut(&self, cut: Cut) {
        self.wire.lock().unwrap().cut = Some(cut);
    }

    pub fn has_cut(&self) -> bool {
        self.wire.lock().unwrap().cut.is_none()
    }

    pub fn transactions(&self) -> u32 {
        self.wire.lock().unwrap().transactions
    }

    pub fn lost_on_poolers(&self) -> Vec<String> {
        self.wire.lock().unwrap().lost_on_poolers.clone()
    }
}

/// One message: its kind, where it has one, and all of its bytes. `None` at the end.
async fn message(from: &mut OwnedReadHalf, has_kind: bool) -> Option<(u8, Vec<u8>)> {
    let mut head = vec![0; if has_kind { 5 } else { 4 }];
    from.read_exact(&mut head).await.ok()?;
    let (kind, length) = if has_kind { (head[0], &head[1..]) } else { (0, &head[..]) };
    let mut body = vec![0; u32::from_be_bytes(length.try_into().unwrap()) as usize - 4];
    from.read_exact(&mut body).await.ok()?;
    head.extend(body);
    Some((kind, head))
}

/// One connection.
#[derive(Default)]
struct Line {
    /// Whether a transaction has been begun.
    is_open: bool,
    /// Whether a statement without a name has been parsed in this go.
    is_parsed: bool,
    cut: Option<Cut>,
}

impl Line {
    /// Reads what is said. `Some` where that is a transaction, or ends one: whether that has written.
    fn read(&mut self, kind: u8, body: &[u8], lost: &mut Vec<String>) -> Option<bool> {
        let text = String::from_utf8_lossy(body);
        let names: Vec<&str> = text.split('\0').collect();
        match kind {
            b'Q' if text.starts_with("BEGIN") => self.is_open = true,
            b'Q' if text.starts_with("ROLLBACK") => self.is_open = false,
            b'Q' if text.starts_with("COMMIT") => {
                self.is_open = false;
                return Some(true);
            }
            b'P' => {
                self.is_parsed = names[0].is_empty();
                let has_written = ["INSERT INTO", "UPDATE ", "DELETE FROM"].iter().any(|word| names[1].contains(word));
                if !self.is_parsed {
                    lost.push(text.into_owned());
                }
                return (!self.is_open).then_some(has_written);
            }
            b'B' if !(self.is_parsed && names[1].is_empty()) => lost.push(text.into_owned()),
            b'S' => self.is_parsed = false,
            _ => {}
        }
        None
    }
}

type Shared<T> = Arc<Mutex<T>>;

async fn hear(mut server: OwnedReadHalf, mut client: OwnedWriteHalf, line: Shared<Line>) -> Option<()> {
    loop {
        let (kind, bytes) = message(&mut server, true).await?;
        let cut = line.lock().unwrap().cut;
        match cut {
            None => client.write_all(&bytes).await.ok()?,
            // It has committed, and nobody is told.
            Some(_) if kind == b'Z' => return None,
            Some(_) => {}
        }
    }
}

async fn say(mut client: OwnedReadHalf, mut server: OwnedWriteHalf, line: Shared<Line>, wire: Shared<Wire>) -> Option<()> {
    let (_, start) = message(&mut client, false).await?;
    server.write_all(&start).await.ok()?;
    loop {
        let (kind, bytes) = message(&mut client, true).await?;
        let cut = {
            let (mut line, mut wire) = (line.lock().unwrap(), wire.lock().unwrap());
            if let Some(has_written) = line.read(kind, &bytes[5..], &mut wire.lost_on_poolers) {
                wire.transactions += 1;
                line.cut = if has_written { wire.cut.take() } else { None };
            }
            line.cut
        };
        if cut == Some(Cut::Before) {
            return None;
        }
        server.write_all(&bytes).await.ok()?;
    }
}
