//! A page that writes what it has read.

use toss_widget_size::{read, show};

fn main() {
    show(&read());
}
