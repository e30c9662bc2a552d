//! Parses the command line, with help in the operator's language. What the parser itself says of a wrong one is English.

use super::args::Cli;
use crate::domain::lang::Lang;
use clap::{Arg, Command, CommandFactory as _, FromArgMatches as _};
use std::ffi::OsString;

/// Commands by their place, and what they do.
const COMMANDS: [(&str, &str); 16] = [
    ("toss-checkout", "토스페이먼츠 체크아웃. 명령 없이 실행하면 상점 서버를 시작해요."),
    ("orders", "주문: 목록, 상세, 토스에 확인"),
    ("orders list", "최근 주문"),
    ("orders show", "주문 하나와 그 이력, 환불, 메시지"),
    ("orders check", "주문을 지금 토스에 확인하고 그 답을 저장"),
    ("refund", "주문을 전부 또는 일부 환불. 입금을 기다리는 주문은 취소"),
    ("outbox", "가맹점 시스템에 알리는 메시지: 대기 중인 것과 포기한 것"),
    ("outbox list", "대기 중이거나 포기한 메시지"),
    ("outbox replay", "포기한 메시지를 다시 보냄"),
    ("stock", "상품과 쿠폰이 얼마나 있고 얼마나 주문됐는지"),
    ("books", "토스의 장부와 주문을 대조"),
    ("books run", "지금 토스의 거래와 주문을 양쪽에서 대조. 서버는 한 시간마다 해요"),
    ("books report", "사람이 봐야 할 차이"),
    ("books close", "차이를 확인한 결과를 적고 닫음. 같은 차이는 다시 알리지 않음"),
    ("books payouts", "날짜별 지급액과 수수료"),
    ("backup", "데이터베이스를 새 파일로 복사하고 검사. 서버가 실행 중이어도 되고, 토스에는 묻지 않음"),
];

/// Arguments by their command, and what they are for. Without one: wherever they stand.
const ARGUMENTS: [(&str, &str, &str); 26] = [
    ("", "help", "도움말"),
    ("", "version", "버전"),
    ("", "json", "답과 오류를 JSON 문서 하나로"),
    ("", "lang", "답의 언어. 없으면 LC_ALL, LC_MESSAGES, LANG을 따름"),
    ("", "id", "주문번호"),
    ("orders list", "status", "그 상태의 주문만. 환불된 주문은 paid에 들어 있음"),
    ("orders list", "limit", "최대 개수"),
    ("orders show", "contact", "주문자 연락처를 가리지 않고"),
    ("refund", "amount", "환불할 금액. 예: 15000, '12.50 USD'. 없으면 남은 금액 전부"),
    ("refund", "reason", "사유. 토스에 남고 구매자가 볼 수 있음. 없으면 \"판매자 취소\""),
    (
        "refund",
        "account",
        "은행:계좌번호:예금주. 가상계좌로 입금된 주문만. 은행은 코드나 이름. -이면 표준 입력에서 읽음. 토스에 보내고 저장하지 않음",
    ),
    ("refund", "tax_free", "그 가운데 비과세 금액"),
    ("refund", "name", "이 환불의 이름. 영문자, 숫자, -, _로 6~64자. 같은 이름으로 두 번 실행해도 한 번만 환불"),
    ("refund", "left", "환불 전에 이만큼 남아 있을 때만 환불. 그 사이 다른 환불이 있었으면 거절"),
    ("refund", "keep_stock", "상품이 돌아오지 않음. 모두 환불해도 재고를 되돌리지 않음"),
    ("outbox list", "dead", "포기한 것만"),
    ("outbox list", "limit", "종류마다 최대 개수"),
    ("outbox replay", "id", "메시지의 id"),
    ("outbox replay", "all", "모두"),
    ("books report", "all", "닫은 것도"),
    ("books report", "limit", "최대 개수"),
    ("books close", "id", "차이의 id"),
    ("books close", "note", "확인한 결과"),
    ("books payouts", "from", "첫 지급일"),
    ("books payouts", "to", "마지막 지급일"),
    ("backup", "file", "백업 파일. 폴더는 미리 있어야 하고, 있는 파일은 덮어쓰지 않음. 실행한 사용자만 읽을 수 있음"),
];

const AFTER: &str = "\
명령은 상점의 데이터베이스와 키를 써요. 서버를 시작하는 곳에서 같은 환경 변수와 .env로 실행해 주세요. 서버가 실행 중이어도 돼요.

종료 코드: 0 완료; 1 거절되었거나 없음, 바뀐 것 없음; 2 명령이나 설정이 잘못됨; 3 아직 알 수 없어서 확인 중; 4 데이터베이스나 \
토스에 연결할 수 없음.";

/// # Errors
/// What is wrong with it; also help and version, which are to be shown.
pub(super) fn parse(lang: Lang, arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let mut command = command(lang);
    let matches = command.try_get_matches_from_mut(arguments)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

fn command(lang: Lang) -> Command {
    let mut command = Cli::command();
    // Help and version are arguments by then, so that they can be told in Korean too.
    command.build();
    match lang {
        Lang::En => command,
        Lang::Ko => in_korean("", command).after_help(AFTER),
    }
}

fn in_korean(above: &str, command: Command) -> Command {
    let place = match above {
        "" => command.get_name().to_owned(),
        "toss-checkout" => command.get_name().to_owned(),
        above => format!("{above} {}", command.get_name()),
    };
    let told = COMMANDS.iter().find(|(known, _)| *known == place).map(|(_, told)| *told);
    let command = match told {
        Some(told) => command.about(told),
        None => command,
    };
    let argument = |argument: Arg| {
        let own = |known: &str| ARGUMENTS.iter().find(|(of, id, _)| *of == known && argument.get_id() == id).map(|(.., told)| *told);
        match own(&place).or_else(|| own("")) {
            Some(told) => argument.help(told).long_help(None::<&str>),
            None => argument,
        }
    };
    command.mut_args(argument).mut_subcommands(|inner| in_korean(&place, inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(lang: Lang, words: &str) -> String {
        let arguments: Vec<OsString> = words.split_whitespace().map(OsString::from).collect();
        let shown = parse(lang, &arguments).expect_err(words);
        assert!(!shown.use_stderr(), "{words}: {shown}");
        shown.render().to_string()
    }

    #[test]
    fn every_command_and_argument_has_help_in_both_languages() {
        fn walk(command: &Command, place: &str, is_told: &dyn Fn(&str) -> bool) {
            let place = format!("{place} {}", command.get_name());
            assert!(command.get_about().is_some_and(|about| is_told(&about.to_string())), "{place}");
            for argument in command.get_arguments() {
                let told = argument.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(is_told(&told), "{place} {}: {told:?}", argument.get_id());
            }
            for inner in command.get_subcommands() {
                walk(inner, &place, is_told);
            }
        }
        let is_korean = |text: &str| text.chars().any(|c| matches!(c, '\u{ac00}'..='\u{d7a3}'));
        walk(&command(Lang::Ko), "", &is_korean);
        walk(&command(Lang::En), "", &|text| !text.is_empty());
        Cli::command().debug_assert();
    }

    #[test]
    fn help_names_exit_codes_and_commands() {
        let english = help(Lang::En, "toss-checkout --help");
        for text in ["orders", "refund", "outbox", "Exit codes: 0 done"] {
            assert!(english.contains(text), "{text}: {english}");
        }
        assert!(help(Lang::Ko, "toss-checkout --help").contains("종료 코드: 0 완료"));
        assert!(help(Lang::Ko, "toss-checkout refund --help").contains("은행:계좌번호:예금주"));
        assert!(!english.contains('\u{1b}'), "no colours");
    }
}
