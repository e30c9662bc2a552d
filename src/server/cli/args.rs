//! What can be typed.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The shop's program.
#[derive(Parser, Debug)]
#[command(name = "toss-checkout", version, disable_help_subcommand = true)]
#[command(about = "A checkout for Toss Payments. Without a command it serves the shop.")]
#[command(after_help = "\
The commands work on the database and the keys of the shop: start them where the server starts, with its environment and \
its .env. They run beside it.

Exit codes: 0 done; 1 refused or not found, and nothing has changed; 2 wrong command line or settings; 3 not known yet, and \
being looked up; 4 the database or Toss cannot be reached.")]
pub struct Cli {
    /// What is to be done.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Answer, and complain, in one JSON document
    #[arg(long, global = true, display_order = 100)]
    pub json: bool,
    /// Language of the answers; unset, that of LC_ALL, LC_MESSAGES or LANG
    #[arg(long, global = true, value_enum, value_name = "ko|en", hide_possible_values = true, display_order = 101)]
    pub lang: Option<Language>,
}

/// A language of the answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Language {
    /// 한국어
    Ko,
    /// English
    En,
}

/// What an operator can have done.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// With an engine.
    #[command(flatten)]
    Engine(EngineCommand),
    /// Copy the database into a new file, checked, while the server runs or not; Toss is not asked
    Backup {
        /// Where to, in a folder that is there. Nothing is replaced. Nobody but you may read it
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// What an engine beside the server's is attached for.
#[derive(Subcommand, Debug)]
pub enum EngineCommand {
    /// Orders: list them, show one, look one up at Toss
    #[command(subcommand)]
    Orders(Orders),
    /// Give back all or a part of an order; one that waits for its deposit is cancelled
    Refund(Refund),
    /// What the merchant's system is told: what waits, what was given up
    #[command(subcommand)]
    Outbox(Outbox),
    /// How much there is of what is limited, and how much is taken
    Stock,
    /// Toss's books held against the orders
    #[command(subcommand)]
    Books(Books),
}

/// About orders.
#[derive(Subcommand, Debug)]
pub enum Orders {
    /// The newest orders
    List {
        /// Only those in that state; what was refunded is among those that are paid
        #[arg(long, value_name = "STATE", value_parser = STATES)]
        status: Option<String>,
        /// How many at most
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
    },
    /// One order with its history, refunds and messages
    Show {
        /// The number of the order
        #[arg(value_name = "ORDER", allow_hyphen_values = true)]
        id: String,
        /// The buyer's contact data as it was typed, not masked
        #[arg(long)]
        contact: bool,
    },
    /// Ask Toss about an order now, and store what it says
    Check {
        /// The number of the order
        #[arg(value_name = "ORDER", allow_hyphen_values = true)]
        id: String,
    },
}

/// The words of [`payment_engine::order::State`].
const STATES: [&str; 7] = ["open", "confirming", "in_doubt", "declined", "awaiting_deposit", "paid", "expired"];

/// What is to be given back. Values are read by the shop itself, which names a wrong one in the operator's language.
#[derive(Args, Debug)]
pub struct Refund {
    /// The number of the order
    #[arg(value_name = "ORDER", allow_hyphen_values = true)]
    pub id: String,
    /// How much, such as 15000 or '12.50 USD'; unset, all that is left
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub amount: Option<String>,
    /// Why; Toss keeps it and the shopper may read it. Unset, "판매자 취소" (cancelled by the seller)
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Where the money goes, for an order that was paid into a virtual account and for no other. The bank by its code or name. With
    /// `-` it is read from standard input, where neither the history of the shell nor the list of processes shows it. It is sent to
    /// Toss and kept nowhere
    #[arg(long, value_name = "BANK:NUMBER:HOLDER", allow_hyphen_values = true)]
    pub account: Option<String>,
    /// The tax-free part of the amount
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub tax_free: Option<String>,
    /// A name for this refund, of your own, of 6 to 64 letters, digits, hyphens and underscores: the same command given twice under one
    /// name refunds once
    #[arg(long = "id", value_name = "NAME", allow_hyphen_values = true)]
    pub name: Option<String>,
    /// Refund only where so much is left before it, so that nobody else has refunded since you looked
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub left: Option<String>,
    /// The goods do not come back: with all refunded, what the order has taken of the stock stays taken
    #[arg(long)]
    pub keep_stock: bool,
}

/// About messages.
#[derive(Subcommand, Debug)]
pub enum Outbox {
    /// Messages that wait to be delivered, and those that were given up
    List {
        /// Only those that were given up
        #[arg(long)]
        dead: bool,
        /// How many of each at most
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
    },
    /// Deliver what was given up anew
    Replay {
        /// The id of a message
        #[arg(value_name = "MESSAGE", allow_hyphen_values = true, required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// All of them
        #[arg(long)]
        all: bool,
    },
}

/// About the books.
#[derive(Subcommand, Debug)]
pub enum Books {
    /// Compare now what Toss lists with the orders, both ways; the server does so each hour
    Run,
    /// What a person has to look at
    Report {
        /// Those that are closed too
        #[arg(long)]
        all: bool,
        /// How many at most
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
    },
    /// Say what came of a finding, so that it is not told again
    Close {
        /// The id of the finding
        #[arg(value_name = "FINDING", allow_hyphen_values = true)]
        id: String,
        /// What came of it
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
    /// What Toss pays out on each day, and its fees
    #[command(name = "payouts")]
    PayOuts {
        /// The first day of pay-out
        #[arg(long, value_name = "YYYY-MM-DD")]
        from: String,
        /// The last one
        #[arg(long, value_name = "YYYY-MM-DD")]
        to: String,
    },
}
