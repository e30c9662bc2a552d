//! Why a server function did nothing, in words of the shop: neither Rust's nor serde's.

use crate::domain::lang::Lang;
use leptos::server_fn::Bytes;
use leptos::server_fn::Decodes as _;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Why a server function did nothing. It travels as `{"code": …, "message": …}`, like every error of the shop's and of
/// Toss's: the code decides, the message is for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Wire", into = "Wire")]
pub enum ApiError {
    /// What was sent is not JSON, or not of the shape that the function takes. In the browser also a success that could not
    /// be read: one of another version of the shop.
    BadRequest,
    /// No such function, or nothing of that name that is this browser's business.
    NotFound,
    /// There is such a function, but not for that method.
    WrongMethod,
    /// What was sent does not say that it is JSON.
    WrongType,
    /// The page is not the shop's, or has another address than the shop was told that it has.
    ForeignOrigin,
    /// The server could not, or could not be reached. The same may be asked again.
    Unavailable,
}

impl ApiError {
    pub(crate) const ALL: [ApiError; 6] = [
        ApiError::BadRequest,
        ApiError::NotFound,
        ApiError::WrongMethod,
        ApiError::WrongType,
        ApiError::ForeignOrigin,
        ApiError::Unavailable,
    ];

    /// The word that programs go by. What Toss has a word for is called as Toss calls it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            ApiError::BadRequest => "INVALID_REQUEST",
            ApiError::NotFound => "NOT_FOUND",
            ApiError::WrongMethod => "METHOD_NOT_ALLOWED",
            ApiError::WrongType => "UNSUPPORTED_MEDIA_TYPE",
            ApiError::ForeignOrigin => "FOREIGN_ORIGIN",
            ApiError::Unavailable => "UNAVAILABLE",
        }
    }

    /// The reverse of [`ApiError::code`]. A word that is not known here comes from something between browser and shop.
    #[must_use]
    pub fn from_code(code: &str) -> ApiError {
        ApiError::ALL.into_iter().find(|error| error.code() == code).unwrap_or(ApiError::Unavailable)
    }

    /// The sentence for people.
    #[must_use]
    pub const fn message(self, lang: Lang) -> &'static str {
        let (ko, en) = match self {
            ApiError::BadRequest => ("요청을 읽을 수 없어요.", "The request could not be read."),
            ApiError::NotFound => ("찾을 수 없어요.", "There is nothing of that name here."),
            ApiError::WrongMethod => ("이 주소는 그런 방식의 요청을 받지 않아요.", "This address does not take requests of that kind."),
            ApiError::WrongType => ("JSON(application/json)으로 보내 주세요.", "Send JSON (application/json)."),
            ApiError::ForeignOrigin => (
                "상점의 페이지에서 보낸 요청이 아니에요. 상점 주소로 다시 열어 주세요.",
                "This request did not come from the shop's own page. Open the shop by its own address and try again.",
            ),
            ApiError::Unavailable => {
                ("지금은 처리할 수 없어요. 잠시 후 다시 시도해 주세요.", "That cannot be done now. Please try again in a moment.")
            }
        };
        match lang {
            Lang::Ko => ko,
            Lang::En => en,
        }
    }
}

/// An [`ApiError`] on its way.
#[derive(Serialize, Deserialize)]
struct Wire {
    code: String,
    /// Not read, so that the program in the browser need not hold what reads it.
    #[serde(skip_deserializing)]
    message: String,
}

impl From<Wire> for ApiError {
    fn from(wire: Wire) -> ApiError {
        ApiError::from_code(&wire.code)
    }
}

impl From<ApiError> for Wire {
    /// Who knows the reader's language writes the message anew.
    fn from(error: ApiError) -> Wire {
        Wire { code: error.code().to_owned(), message: error.message(Lang::default()).to_owned() }
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    /// What leptos has to say stays here: it names Rust's types and quotes serde.
    fn from_server_fn_error(error: ServerFnErrorErr) -> ApiError {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => ApiError::BadRequest,
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_)
            | ServerFnErrorErr::Request(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Serialization(_)
            | ServerFnErrorErr::Response(_) => ApiError::Unavailable,
        }
    }

    /// An error that is not the shop's, such as a proxy's page, says that the shop could not be reached.
    fn de(data: Bytes) -> ApiError {
        JsonEncoding::decode(data).unwrap_or(ApiError::Unavailable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_survives_its_way_to_the_browser() {
        for error in ApiError::ALL {
            let bytes = error.ser();
            assert_eq!(ApiError::de(bytes.clone()), error);
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            assert_eq!(text, format!("{{\"code\":\"{}\",\"message\":\"{}\"}}", error.code(), error.message(Lang::Ko)));
        }
    }

    #[test]
    fn what_is_not_the_shops_error_says_that_the_shop_was_not_reached() {
        for body in ["", "<html>502 Bad Gateway</html>", "{}", "{\"code\":1}", "{\"code\":\"SOMETHING_NEW\",\"message\":\"?\"}"] {
            assert_eq!(ApiError::de(body.to_owned().into()), ApiError::Unavailable, "{body}");
        }
        let reworded = "{\"message\":{\"any\":[1]},\"code\":\"NOT_FOUND\",\"more\":true}";
        assert_eq!(ApiError::de(reworded.to_owned().into()), ApiError::NotFound, "only the code counts");
    }

    #[test]
    fn what_leptos_says_does_not_leave_the_house() {
        let told = ServerFnErrorErr::Deserialization("invalid type: integer `1`, expected struct CartRequest".to_owned());
        let body = ApiError::from_server_fn_error(told).ser();
        let text = String::from_utf8(body.to_vec()).unwrap();
        assert!(text.contains("INVALID_REQUEST") && !text.contains("CartRequest") && !text.contains("expected"), "{text}");
    }
}
