//! One TCP connection that neither a peer who falls silent in the middle of a request nor one who stops reading holds.

use super::Limits;
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

/// Where a connection stands; told by the service, which alone knows when a request's head is whole.
#[derive(Debug, Default)]
pub(super) struct Phase {
    asked: AtomicBool,
    answering: AtomicBool,
    leaving: AtomicBool,
}

impl Phase {
    /// The head of a request is whole.
    pub(super) fn begin(&self) {
        self.asked.store(true, Ordering::Relaxed);
        self.answering.store(true, Ordering::Relaxed);
    }

    /// The head of its answer is made.
    pub(super) fn end(&self) {
        self.answering.store(false, Ordering::Relaxed);
    }

    /// Whether there ever was a request.
    pub(super) fn has_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    fn is_answering(&self) -> bool {
        self.answering.load(Ordering::Relaxed)
    }

    /// Whether hyper has more of an answer to fetch.
    fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Relaxed)
    }
}

/// The body of an answer, which hyper drops when it has the last of it.
#[derive(Debug)]
pub(super) struct Leaving {
    body: Body,
    phase: Arc<Phase>,
}

impl Leaving {
    pub(super) fn new(body: Body, phase: Arc<Phase>) -> Leaving {
        phase.leaving.store(true, Ordering::Relaxed);
        Leaving { body, phase }
    }
}

impl HttpBody for Leaving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        self.phase.leaving.store(false, Ordering::Relaxed);
    }
}

/// A time limit that runs from its first `start` until it is stopped.
#[derive(Debug)]
struct Limit {
    within: Duration,
    running: Option<Pin<Box<Sleep>>>,
}

impl Limit {
    fn new(within: Duration) -> Limit {
        Limit { within, running: None }
    }

    fn start(&mut self) {
        if self.running.is_none() {
            self.running = Some(Box::pin(tokio::time::sleep(self.within)));
        }
    }

    fn stop(&mut self) {
        self.running = None;
    }

    /// Whether it has been passed; wakes the task when it is.
    fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        self.running.as_mut().is_some_and(|sleep| sleep.as_mut().poll(cx).is_ready())
    }
}

/// The connection as hyper reads and writes it. Three limits run here, because hyper has one for both the wait for a request
/// and the request's head, and none for writing:
///
/// - The head of a request has to come within [`Limits::head`] of its first byte, the first one of the connection's
///   beginning. hyper's own limit runs from the end of the answer before, and is [`Limits::idle`] here.
/// - A write has to get on within [`Limits::stalled_write`]. While an answer is being made nothing is written, so waiting
///   for one is not limited.
/// - An answer has to be written within [`Limits::answer`] of its first byte, or who takes a byte now and then would keep
///   what it holds for ever. It is written when hyper has fetched the last of it and flushes.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    phase: Arc<Phase>,
    head: Limit,
    write: Limit,
    answer: Limit,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, phase: Arc<Phase>, limits: &Limits) -> Wire {
        let [head, write, answer] = [limits.head, limits.stalled_write, limits.answer].map(Limit::new);
        let mut wire = Wire { stream, phase, head, write, answer };
        wire.head.start();
        wire
    }

    pub(super) fn into_stream(self) -> TcpStream {
        self.stream
    }

    /// What became of a write, or its failure if the peer has not taken anything for too long, or not all in time.
    fn written<T>(&mut self, cx: &mut Context<'_>, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        self.answer.start();
        if self.answer.is_over(cx) {
            return self.give_up("the peer takes an answer too slowly");
        }
        if result.is_ready() {
            self.write.stop();
            // An answer: the next head starts with its first byte.
            self.head.stop();
            return result;
        }
        self.write.start();
        if !self.write.is_over(cx) {
            return Poll::Pending;
        }
        self.give_up("the peer takes nothing")
    }

    fn give_up<T>(&self, why: &'static str) -> Poll<io::Result<T>> {
        // Closed by a reset, or the system would keep what was not taken and go on offering it. Where that cannot be set,
        // it does so for a while.
        let _ = self.stream.set_zero_linger();
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, why)))
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.phase.is_answering() {
            this.head.stop();
        }
        let before = buf.filled().len();
        match Pin::new(&mut this.stream).poll_read(cx, buf) {
            Poll::Ready(result) => {
                if buf.filled().len() > before && !this.phase.is_answering() {
                    this.head.start();
                }
                Poll::Ready(result)
            }
            Poll::Pending if this.head.is_over(cx) => {
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the head of a request did not come in time")))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.stream).poll_write(cx, buf);
        this.written(cx, result)
    }

    fn poll_write_vectored(self: Pin<&mut Self>, cx: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.stream).poll_write_vectored(cx, bufs);
        this.written(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// hyper calls it when it has written everything that it has.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.phase.is_leaving() {
            this.answer.stop();
        }
        Pin::new(&mut this.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
