//! What a failed unit of work means to its caller.

use std::io;

use sqlx::{
    Error,
    error::DatabaseError,
    postgres::{PgDatabaseError, PgSeverity},
};

/// COMMIT was sent and its answer never came: the work may or may not have taken effect.
#[derive(Debug, thiserror::Error)]
#[error("the answer to COMMIT was lost: whether the work took effect is unknown")]
pub struct CommitUnknown {
    #[source]
    cause: Error,
}

/// A unit of work ran past its time limit and its connection was dropped.
#[derive(Debug, thiserror::Error)]
#[error("the unit of work ran past its deadline")]
pub struct DeadlineExceeded;

/// Whether a second try of the whole unit of work may succeed: it lost to a concurrent one.
pub fn is_retryable(error: &Error) -> bool {
    matches!(code(error).as_deref(), Some("40001" | "40P01"))
}

/// Whether the database could not serve, rather than the work being wrong: answer 503.
///
/// True as well for [`commit_outcome_unknown`] and [`is_lock_timeout`]; ask those first.
pub fn is_unavailable(error: &Error) -> bool {
    match error {
        Error::Io(_)
        | Error::Tls(_)
        | Error::Protocol(_)
        | Error::PoolTimedOut
        | Error::PoolClosed
        | Error::WorkerCrashed => true,
        Error::Database(_) => code(error).is_some_and(|code| is_unavailable_code(&code)),
        _ => false,
    }
}

/// Whether COMMIT was sent and its answer lost: look the effect up before saying anything.
pub fn commit_outcome_unknown(error: &Error) -> bool {
    let Error::Io(error) = error else { return false };
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<CommitUnknown>)
}

/// Whether another transaction kept a lock for longer than `lock_timeout`.
pub fn is_lock_timeout(error: &Error) -> bool {
    code(error).as_deref() == Some("55P03")
}

/// The name of the constraint that refused the work, if one did.
pub fn constraint(error: &Error) -> Option<&str> {
    error.as_database_error().and_then(DatabaseError::constraint)
}

pub(crate) fn deadline_exceeded() -> Error {
    Error::Io(io::Error::new(io::ErrorKind::TimedOut, DeadlineExceeded))
}

pub(crate) fn commit_unknown(cause: Error) -> Error {
    Error::Io(io::Error::other(CommitUnknown { cause }))
}

/// Whether the server said, and lived to say, that the transaction did not commit.
pub(crate) fn is_definite(error: &Error) -> bool {
    // After the commit record is written PostgreSQL raises nothing milder than FATAL.
    error
        .as_database_error()
        .and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
        .is_some_and(|error| error.severity() == PgSeverity::Error)
}

/// Whether COMMIT was refused because the work had already spoilt or ended its transaction.
pub(crate) fn is_spoilt_transaction(error: &Error) -> bool {
    matches!(code(error).as_deref(), Some("25P01" | "25P02"))
}

/// Whether connecting failed because there is no server, or one that is not up yet.
pub(crate) fn is_absence(error: &Error) -> bool {
    code(error).is_none_or(|code| code == "57P03")
}

/// Whether the server refused who we say we are: a password that is not, or no longer, right.
pub(crate) fn is_refused_credentials(error: &Error) -> bool {
    matches!(code(error).as_deref(), Some("28P01" | "28000"))
}

fn is_unavailable_code(code: &str) -> bool {
    // 08: connection, 53: out of resources, 58: system error, 57014: statement timeout.
    code.starts_with("08")
        || code.starts_with("53")
        || code.starts_with("58")
        || matches!(
            code,
            "25006" | "25P03" | "55P03" | "57014" | "57P01" | "57P02" | "57P03" | "57P05"
        )
}

fn code(error: &Error) -> Option<String> {
    error.as_database_error()?.code().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_commit_is_told_apart_and_is_unavailable() {
        let error = commit_unknown(Error::PoolTimedOut);

        assert!(commit_outcome_unknown(&error));
        assert!(is_unavailable(&error));
        assert!(!is_retryable(&error));
    }

    #[test]
    fn a_deadline_is_unavailable_and_not_an_unknown_commit() {
        let error = deadline_exceeded();

        assert!(is_unavailable(&error));
        assert!(!commit_outcome_unknown(&error));
    }

    #[test]
    fn a_missing_row_is_the_callers_business() {
        assert!(!is_unavailable(&Error::RowNotFound));
        assert!(!is_retryable(&Error::RowNotFound));
    }

    #[test]
    fn codes_are_sorted_into_down_and_wrong() {
        for down in ["08006", "25006", "53100", "53300", "57P01", "57P03", "57014", "58030"] {
            assert!(is_unavailable_code(down), "{down}");
        }
        for wrong in ["23505", "23514", "22001", "40001", "42P01", "25P02"] {
            assert!(!is_unavailable_code(wrong), "{wrong}");
        }
    }
}
