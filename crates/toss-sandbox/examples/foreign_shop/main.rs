//! Tests a shop of any language from outside, through the sandbox's control API. In a copy of the package:
//!
//! ```sh
//! toss-sandbox                            # the sandbox; installed, or `cargo run --release`
//! python3 examples/foreign_shop/shop.py   # a shop, or yours
//! cargo run --example foreign_shop http://127.0.0.1:3000 http://127.0.0.1:3100
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the verdict is what the program is for")]

mod checks;
mod http;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [shop, sandbox] = arguments.as_slice() else {
        eprintln!("foreign_shop SHOP SANDBOX, such as http://127.0.0.1:3000 http://127.0.0.1:3100");
        return ExitCode::from(2);
    };
    let pair = checks::Pair { shop: shop.trim_end_matches('/'), sandbox: sandbox.trim_end_matches('/') };
    match checks::run(&pair).await {
        Ok(()) => {
            println!("The shop at {shop} charges once, and only what it has sold.");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("foreign_shop: {why}");
            ExitCode::FAILURE
        }
    }
}
