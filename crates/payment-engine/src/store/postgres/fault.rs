//! What goes wrong between here and the database.

use std::error::Error;
use tokio_postgres::error::SqlState;

/// Of what the server says, its sentence and the code: details may be rows, and rows say who bought what.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The server has refused.
    #[error("{message} ({code})")]
    Refused { code: String, message: String },
    /// The connection has ended, or nobody knows how it stands.
    #[error("{0}")]
    Lost(&'static str, #[source] Option<Box<dyn Error + Send + Sync>>),
    /// There is no connection to be had, or no row.
    #[error("{0}")]
    Unable(String),
}

impl From<tokio_postgres::Error> for Fault {
    fn from(error: tokio_postgres::Error) -> Fault {
        match error.as_db_error() {
            Some(told) => Fault::Refused { code: told.code().code().to_owned(), message: told.message().to_owned() },
            None => Fault::Lost("the connection to the database failed", Some(error.into())),
        }
    }
}

impl Fault {
    pub(super) fn code(&self) -> Option<&str> {
        match self {
            Fault::Refused { code, .. } => Some(code),
            Fault::Lost(..) | Fault::Unable(_) => None,
        }
    }

    /// Another transaction was in the way: serialization failures and deadlocks.
    pub(super) fn is_in_the_way(&self) -> bool {
        self.is_any_of(&[&SqlState::T_R_SERIALIZATION_FAILURE, &SqlState::T_R_DEADLOCK_DETECTED])
    }

    /// The connection is gone, or the server is about to end it. At a commit it is not known what became of it.
    pub(super) fn is_cut_off(&self) -> bool {
        match self {
            Fault::Refused { code, .. } => {
                code.starts_with("08")
                    || self.is_any_of(&[
                        &SqlState::ADMIN_SHUTDOWN,
                        &SqlState::CRASH_SHUTDOWN,
                        &SqlState::CANNOT_CONNECT_NOW,
                        &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
                        &SqlState::from_code("25P04"),
                        &SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN,
                    ])
            }
            Fault::Lost(..) => true,
            Fault::Unable(_) => false,
        }
    }

    /// The session is not what it was: its server takes nothing to be written any more, as a standby does, or tables have changed under a
    /// statement that it knew. Nothing has been written.
    pub(super) fn is_stale(&self) -> bool {
        self.is_any_of(&[&SqlState::READ_ONLY_SQL_TRANSACTION, &SqlState::FEATURE_NOT_SUPPORTED, &SqlState::INVALID_SQL_STATEMENT_NAME])
    }

    fn is_any_of(&self, codes: &[&SqlState]) -> bool {
        self.code().is_some_and(|code| codes.iter().any(|known| known.code() == code))
    }
}
