//! A letter, as plain text and as HTML that says the same.

use super::texts;
use crate::domain::lang::Lang;
use crate::domain::texts as domain_texts;

const MUTED: &str = "margin:0;font-size:14px;opacity:.75";

/// What a mail says. Its values are plain text of anybody's: they are escaped, and made one line, where they are written.
pub(super) struct Letter {
    pub(super) lang: Lang,
    pub(super) subject: String,
    pub(super) heading: &'static str,
    /// Who is greeted, where that is a name.
    pub(super) name: Option<String>,
    pub(super) paragraphs: Vec<String>,
    /// Label and value, most important first.
    pub(super) facts: Vec<(&'static str, String)>,
    /// Where the order's page is.
    pub(super) link: String,
}

impl Letter {
    fn greeting(&self) -> String {
        texts::greeting(self.lang, self.name.as_deref())
    }

    /// Without markup.
    pub(super) fn plain(&self) -> String {
        let mut text = format!("{}\n\n{}\n", self.heading, one_line(&self.greeting()));
        for paragraph in &self.paragraphs {
            text += &format!("\n{}\n", one_line(paragraph));
        }
        text.push('\n');
        for (label, value) in &self.facts {
            text += &format!("{label}: {}\n", one_line(value));
        }
        let (lang, shop) = (self.lang, domain_texts::shop(self.lang));
        text + &format!(
            "\n{}\n{}\n{}\n\n-- \n{shop}\n{}\n",
            texts::see_order(lang),
            self.link,
            texts::same_browser(lang),
            texts::automatic(lang)
        )
    }

    /// Without tables and style sheets. It sets no colours of text and ground, so that dark stays dark.
    pub(super) fn html(&self) -> String {
        let (lang, shop) = (self.lang, domain_texts::shop(self.lang));
        let (code, subject, heading) = (lang.code(), escaped(&self.subject), escaped(self.heading));
        let mut html = format!(
            "<!doctype html>\n<html lang=\"{code}\" style=\"color-scheme:light dark\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>{subject}</title>\n</head>\n\
             <body style=\"margin:0;padding:24px 16px;font-family:system-ui,'Apple SD Gothic Neo','Malgun Gothic',sans-serif;\
             font-size:16px;line-height:1.6;word-break:keep-all\">\n<div style=\"max-width:560px;margin:0 auto\">\n\
             <h1 style=\"margin:0 0 16px;font-size:22px;line-height:1.4\">{heading}</h1>\n<p style=\"margin:0 0 12px\">{}</p>\n",
            escaped(&self.greeting())
        );
        for paragraph in &self.paragraphs {
            html += &format!("<p style=\"margin:0 0 12px\">{}</p>\n", escaped(paragraph));
        }
        html += "<dl style=\"margin:24px 0\">\n";
        for (label, value) in &self.facts {
            html += &format!(
                "<div style=\"padding:10px 0;border-top:1px solid #8b95a1\"><dt style=\"{MUTED}\">{}</dt>\
                 <dd style=\"margin:0;font-weight:600;overflow-wrap:anywhere\">{}</dd></div>\n",
                escaped(label),
                escaped(value)
            );
        }
        html + &format!(
            "</dl>\n<p style=\"margin:0 0 8px\"><a href=\"{}\" style=\"display:inline-block;padding:12px 20px;border-radius:10px;\
             background:#1b64da;color:#ffffff;font-weight:600;text-decoration:none\">{}</a></p>\n<p style=\"{MUTED}\">{}</p>\n\
             <hr style=\"margin:24px 0;border:0;border-top:1px solid #8b95a1\">\n<p style=\"{MUTED}\">{}<br>{}</p>\n</div>\n</body>\n</html>\n",
            escaped(&self.link),
            escaped(texts::see_order(lang)),
            escaped(texts::same_browser(lang)),
            escaped(shop),
            escaped(texts::automatic(lang))
        )
    }
}

/// Whatever breaks a line, or shows nothing, is a blank: nobody writes lines of ours.
fn one_line(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if breaks(c) { ' ' } else { c }).collect()
}

fn escaped(text: &str) -> String {
    one_line(text).chars().fold(String::with_capacity(text.len()), |mut escaped, c| {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
        escaped
    })
}
