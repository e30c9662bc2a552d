//! `outbox`: what the merchant's system is told, and has not heard yet.

use super::answer::Answer;
use super::document::{MessageBody, Messages, Replayed};
use super::failure::{Exit, Failure, pick};
use super::table::Table;
use crate::domain::lang::Lang;
use crate::server::korean_time::in_words;
use payment_engine::outbox::Message;
use payment_engine::{Engine, StoreError};

/// More than anybody reads at once.
pub(super) const MOST: u32 = 1_000;

/// Messages that have not been delivered, and whether they were given up: of each kind so many at most.
///
/// # Errors
/// When the store fails.
pub(super) async fn undelivered(engine: &Engine, dead_only: bool, limit: u32) -> Result<Vec<(Message, bool)>, StoreError> {
    let mut all = Vec::new();
    for is_dead in [true, false] {
        if is_dead || !dead_only {
            all.extend(engine.messages(is_dead, limit).await?.into_iter().map(|message| (message, is_dead)));
        }
    }
    Ok(all)
}

pub(super) async fn list(engine: &Engine, lang: Lang, dead_only: bool, limit: u32) -> Result<Answer, Failure> {
    let messages = undelivered(engine, dead_only, limit).await.map_err(|error| Failure::store(lang, &error))?;
    let text = match messages.is_empty() {
        true if dead_only => pick(lang, "포기한 메시지가 없어요.\n", "No message was given up.\n").to_owned(),
        true => pick(lang, "기다리거나 포기한 메시지가 없어요.\n", "No message waits, and none was given up.\n").to_owned(),
        false => told(lang, &messages).trim_start().to_owned(),
    };
    let messages = messages.iter().map(|(message, is_dead)| MessageBody::of(message, *is_dead)).collect();
    Ok(Answer::new(text, &Messages { messages }))
}

/// A table under an empty line, where there are some.
pub(super) fn told(lang: Lang, messages: &[(Message, bool)]) -> String {
    if messages.is_empty() {
        return String::new();
    }
    let headings = match lang {
        Lang::Ko => ["메시지", "통로", "종류", "시각", "상태", "시도", "마지막 오류"],
        Lang::En => ["MESSAGE", "CHANNEL", "TYPE", "WHEN", "STATUS", "TRIES", "LAST ERROR"],
    };
    let mut table = Table::new(&headings, &[5]);
    for (message, is_dead) in messages {
        let status = if *is_dead { pick(lang, "포기", "given up") } else { pick(lang, "대기", "waiting") };
        table.row([
            message.id.clone(),
            message.channel.clone(),
            message.kind.word().to_owned(),
            in_words(message.at_ms, lang),
            status.to_owned(),
            message.tries.to_string(),
            message.last_error.clone().unwrap_or_default(),
        ]);
    }
    format!("\n{}", table.render())
}

/// `id`: that one, or all of them.
pub(super) async fn replay(engine: &Engine, lang: Lang, id: Option<&str>) -> Result<Answer, Failure> {
    let replayed = engine.replay_messages(id).await.map_err(|error| Failure::store(lang, &error))?;
    if replayed == 0 && id.is_some() {
        let message = pick(lang, "포기한 메시지 중에 해당하는 메시지가 없어요.", "no message that was given up has that id");
        return Err(Failure { field: Some("MESSAGE"), ..Failure::new(Exit::Refused, "message_not_found", message) });
    }
    let text = match lang {
        Lang::Ko => format!("메시지 {replayed}개를 다시 보내요. 서버가 실행 중이면 바로 전달해요.\n"),
        Lang::En => format!("{replayed} to be delivered anew; the server does so while it runs.\n"),
    };
    Ok(Answer::new(text, &Replayed { replayed }))
}
