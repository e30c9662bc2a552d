//! A mail server on loopback, as much of one as a client needs, that answers as it is told to.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What a mail came with.
#[derive(Clone, Debug)]
pub struct Received {
    pub hello: String,
    pub login: Option<String>,
    pub sender: String,
    pub recipient: String,
    pub content: String,
}

#[derive(Default)]
struct Book {
    /// Answers to the next recipients; 250 where there is none.
    answers: VecDeque<String>,
    recipients: usize,
    received: Vec<Received>,
}

/// A mail server that takes everything it is not told to refuse.
pub struct MailServer {
    pub addr: SocketAddr,
    book: Arc<Mutex<Book>>,
}

impl MailServer {
    pub async fn start() -> MailServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (addr, book) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Book::default())));
        tokio::spawn({
            let book = book.clone();
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(converse(stream, book.clone()));
                }
            }
        });
        MailServer { addr, book }
    }

    /// The next recipient gets that answer.
    pub fn answer(&self, answer: &str) {
        self.book.lock().unwrap().answers.push_back(answer.to_owned());
    }

    /// How many recipients it was asked about.
    pub fn recipients(&self) -> usize {
        self.book.lock().unwrap().recipients
    }

    pub fn received(&self) -> Vec<Received> {
        self.book.lock().unwrap().received.clone()
    }
}

/// RFC 5321, without what nobody here uses.
async fn converse(stream: TcpStream, book: Arc<Mutex<Book>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut mail = Received { hello: String::new(), login: None, sender: String::new(), recipient: String::new(), content: String::new() };
    stream.write_all(b"220 mail.test ESMTP\r\n").await.ok()?;
    loop {
        let line = line(&mut stream).await?;
        let after = |prefix: &str| line.strip_prefix(prefix).map(str::to_owned);
        let answer = if let Some(hello) = after("EHLO ") {
            mail.hello = hello;
            "250-mail.test\r\n250-8BITMIME\r\n250 AUTH PLAIN".to_owned()
        } else if let Some(login) = after("AUTH PLAIN ") {
            mail.login = Some(login);
            "235 welcome".to_owned()
        } else if let Some(sender) = after("MAIL FROM:") {
            mail.sender = sender;
            "250 ok".to_owned()
        } else if let Some(recipient) = after("RCPT TO:") {
            mail.recipient = recipient;
            let mut book = book.lock().unwrap();
            book.recipients += 1;
            book.answers.pop_front().unwrap_or_else(|| "250 ok".to_owned())
        } else if line == "DATA" {
            stream.write_all(b"354 go on\r\n").await.ok()?;
            mail.content = content(&mut stream).await?;
            book.lock().unwrap().received.push(mail.clone());
            "250 taken".to_owned()
        } else if line == "QUIT" {
            stream.write_all(b"221 bye\r\n").await.ok()?;
            return Some(());
        } else {
            "502 not known here".to_owned()
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let count = stream.read_line(&mut line).await.ok()?;
    (count > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Up to the line with nothing but a dot.
async fn content(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut content = String::new();
    loop {
        let line = line(stream).await?;
        if line == "." {
            return Some(content);
        }
        content.push_str(line.strip_prefix('.').unwrap_or(&line));
        content.push_str("\r\n");
    }
}
