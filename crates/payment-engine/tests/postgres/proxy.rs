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

/// A pooler that hands out sessions for a transaction each, and how it takes it when somebody says how a session begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pooler {
    Refuses,
    Ignores,
}

#[derive(Default)]
struct Wire {
    cut: Option<Cut>,
    /// Statements with names, or bound in another go than they were parsed in: what a pooler for transactions loses.
    lost_on_poolers: Vec<String>,
    transactions: u32,
    /// How often the store has waited for an answer, where it says one thing at a time.
    goes: u32,
    /// How often a statement was read and planned.
    parsed: u32,
    /// Statements that are transactions of their own.
    alone: Vec<String>,
}

#[derive(Clone, Default)]
pub struct Proxy {
    wire: Shared<Wire>,
}

impl Proxy {
    /// Listens before that server, and answers its own address.
    pub async fn before(server: &str) -> (Proxy, String) {
        Proxy::like(None, server).await
    }

    /// The same as such a pooler.
    pub async fn like(pooler: Option<Pooler>, server: &str) -> (Proxy, String) {
        let (proxy, listener) = (Proxy::default(), TcpListener::bind("127.0.0.1:0").await.unwrap());
        let host = server.split(['@', '/']).nth(3).unwrap().to_owned();
        let url = server.replace(&host, &listener.local_addr().unwrap().to_string());
        let wire = proxy.wire.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (mut from_client, mut to_client) = client.into_split();
                let Some((_, start)) = message(&mut from_client, false).await else { continue };
                let start = match pooler {
                    None => start,
                    Some(Pooler::Refuses) if has_options(&start) => {
                        let refusal = b"SFATAL\0C08P01\0Munsupported startup parameter: options\0\0";
                        let length = u32::try_from(refusal.len() + 4).unwrap().to_be_bytes();
                        to_client.write_all(&[b"E", &length[..], refusal].concat()).await.unwrap();
                        continue;
                    }
                    Some(Pooler::Refuses | Pooler::Ignores) => without_options(&start),
                };
                let (from_server, mut to_server) = TcpStream::connect(&host).await.unwrap().into_split();
                to_server.write_all(&start).await.unwrap();
                let line = Arc::<Mutex<Line>>::default();
                tokio::spawn(hear(from_server, to_client, line.clone()));
                tokio::spawn(say(from_client, to_server, line, wire.clone()));
            }
        });
        let separator = if url.contains('?') { '&' } else { '?' };
        (proxy, format!("{url}{separator}sslmode=disable"))
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

    pub fn goes(&self) -> u32 {
        self.wire.lock().unwrap().goes
    }

    pub fn parsed(&self) -> u32 {
        self.wire.lock().unwrap().parsed
    }

    pub fn alone(&self) -> Vec<String> {
        self.wire.lock().unwrap().alone.clone()
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

/// Names and values, behind length and version.
fn parts(start: &[u8]) -> Vec<&[u8]> {
    start[8..].split(|byte| *byte == 0).collect()
}

fn has_options(start: &[u8]) -> bool {
    parts(start).contains(&&b"options"[..])
}

fn without_options(start: &[u8]) -> Vec<u8> {
    let pairs: Vec<u8> = parts(start)
        .chunks_exact(2)
        .filter(|pair| !pair[0].is_empty() && pair[0] != b"options")
        .flat_map(|pair| [pair[0], &[0], pair[1], &[0]].concat())
        .collect();
    let length = u32::try_from(8 + pairs.len() + 1).unwrap().to_be_bytes();
    [&length[..], &start[4..8], &pairs, &[0]].concat()
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
    loop {
        let (kind, bytes) = message(&mut client, true).await?;
        let cut = {
            let (mut line, mut wire) = (line.lock().unwrap(), wire.lock().unwrap());
            let wire = &mut *wire;
            wire.goes += u32::from(matches!(kind, b'Q' | b'S'));
            wire.parsed += u32::from(kind == b'P');
            if let Some(has_written) = line.read(kind, &bytes[5..], &mut wire.lost_on_poolers) {
                wire.transactions += 1;
                if kind == b'P' {
                    wire.alone.push(String::from_utf8_lossy(&bytes[5..]).into_owned());
                }
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
