//! Text in columns for a terminal: plain, without colours, and without a character that would move its cursor.

use crate::domain::customer::Customer;
use crate::domain::marks::is_hidden;

/// Rows under headings, as wide as they have to be. Columns of numbers end on the right.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
    right: &'static [usize],
}

impl Table {
    /// `right`: the columns that end on the right.
    pub(super) fn new(headings: &[&str], right: &'static [usize]) -> Table {
        Table { rows: vec![headings.iter().map(|heading| (*heading).to_owned()).collect()], right }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| printable(&cell)).collect());
    }

    pub(super) fn render(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let wide = |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(wide).collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (column, (cell, wide)) in row.iter().zip(&widths).enumerate() {
                let blanks = " ".repeat(wide - width(cell));
                let gap = if column == 0 { "" } else { "  " };
                line = if self.right.contains(&column) { line + gap + &blanks + cell } else { line + gap + cell + &blanks };
            }
            text += line.trim_end();
            text.push('\n');
        }
        text
    }
}

/// One line of it: what would move the cursor, or begin another line, is replaced.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if is_hidden(c) { '\u{fffd}' } else { c }).collect()
}

/// How many columns of a terminal a text takes: characters of East Asia take two.
fn width(text: &str) -> usize {
    let is_wide = |c: char| {
        matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}')
    };
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// Contact data that tells people apart and is of no use to whoever looks over a shoulder: `김**`, `m*****@example.com`,
/// `010****5678`.
pub(super) fn masked(customer: &Customer) -> (String, String, String) {
    let first = |text: &str| text.chars().take(1).chain(text.chars().skip(1).map(|_| '*')).collect::<String>();
    let email = customer.email.rsplit_once('@').map_or_else(|| first(&customer.email), |(local, domain)| first(local) + "@" + domain);
    let digits = customer.phone.chars().count();
    let is_shown = |at: usize| at < 3 || at + 4 >= digits;
    let phone = customer.phone.chars().enumerate().map(|(at, digit)| if is_shown(at) { digit } else { '*' }).collect();
    (first(&customer.name), email, phone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::customer::CustomerRequest;

    #[test]
    fn columns_line_up_in_hangul_too() {
        let mut table = Table::new(&["주문", "AMOUNT", "x"], &[1]);
        table.row(["a".to_owned(), "₩1".to_owned(), "결제".to_owned()]);
        table.row(["가나다".to_owned(), "₩50,000".to_owned(), String::new()]);
        assert_eq!(table.render(), "주문     AMOUNT  x\na            ₩1  결제\n가나다  ₩50,000\n");
    }

    #[test]
    fn nothing_moves_the_cursor() {
        let mut table = Table::new(&["x"], &[]);
        table.row(["\u{1b}[2Ja\nb\rc\u{9b}".to_owned()]);
        assert_eq!(table.render(), "x\n\u{fffd}[2Ja\u{fffd}b\u{fffd}c\u{fffd}\n");
    }

    #[test]
    fn contact_data_is_masked() {
        let typed = |name: &str, email: &str, phone: &str| {
            let request = CustomerRequest { name: name.to_owned(), email: email.to_owned(), phone: phone.to_owned() };
            masked(&Customer::parse(&request).unwrap())
        };
        let all = typed("김토스", "member@example.com", "010-1234-5678");
        assert_eq!(all, ("김**".to_owned(), "m*****@example.com".to_owned(), "010****5678".to_owned()));
        assert_eq!(typed("K", "a@b.co", "12345678").2, "123*5678");
    }
}
