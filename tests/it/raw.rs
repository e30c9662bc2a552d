//! A request as it stands on the wire, for what the tests' browser does not send and for servers that are not a `TestApp`.

use crate::app::DEADLINE;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// The answer to a request with these lines of header after the first, and this body.
pub async fn send(addr: SocketAddr, first: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut request = format!("{first} HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    request.push_str(body);
    let exchange = move || {
        let mut stream = TcpStream::connect(addr).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    };
    tokio::task::spawn_blocking(exchange).await.unwrap()
}
