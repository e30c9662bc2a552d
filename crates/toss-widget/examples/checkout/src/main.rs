//! Every method of toss-widget on one page. See README.md beside this.

mod checkout;
mod page;
mod v1;
mod v2;
mod windows;

fn main() {
    checkout::wire();
    v1::wire();
    v2::wire();
    windows::wire();
    page::on_click("clear", || {
        toss_widget::clear();
        page::log("clear");
    });
}
