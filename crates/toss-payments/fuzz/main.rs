//! Bodies that nobody would write, thrown at every decoder for as long as one likes: `scripts/fuzz`.
//!
//! Stable Rust, no coverage: known good bodies are cut, spliced, retyped and flipped. A finding is a panic, printed with
//! the number that brings the same input again. Run as `fuzz <decoder> <seconds> [<number>]`.

#![allow(clippy::print_stdout, reason = "a tool for people")]
#![allow(clippy::panic, reason = "a finding is a panic")]

mod decoders;
mod mutate;

use decoders::DECODERS;
use mutate::{Dice, mutated};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How many inputs are tried between two looks at the clock.
const BATCH: u64 = 1_000;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(name), Some(seconds)) = (arguments.next(), arguments.next().and_then(|text| text.parse().ok())) else {
        let names: Vec<&str> = DECODERS.iter().map(|decoder| decoder.name).collect();
        println!("{}", names.join("\n"));
        return ExitCode::SUCCESS;
    };
    let Some(decoder) = DECODERS.iter().find(|decoder| decoder.name == name) else {
        println!("no decoder is called {name}");
        return ExitCode::FAILURE;
    };
    let only: Option<u64> = arguments.next().and_then(|text| text.parse().ok());
    let end = Instant::now() + Duration::from_secs(seconds);
    let (mut number, mut accepted) = (only.unwrap_or(0), 0_u64);
    loop {
        let input = mutated(decoder.corpus, &mut Dice::new(number));
        match catch_unwind(AssertUnwindSafe(|| (decoder.check)(&input))) {
            Ok(read) => accepted += u64::from(read),
            Err(_) => {
                println!("{name}: finding {number}: {}", input.escape_ascii());
                return ExitCode::FAILURE;
            }
        }
        number += 1;
        if only.is_some() || (number % BATCH == 0 && Instant::now() >= end) {
            println!("{name}: {number} inputs, {accepted} of them read, no finding");
            return ExitCode::SUCCESS;
        }
    }
}
