//! Puts the request's id where `pg_stat_activity` and the server's log show it.

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

tokio::task_local! {
    /// The id of the request being served; a [`crate::Db::write`] inside its scope shows it.
    pub static REQUEST_ID: String;
}

/// Longest id worth showing: `application_name` holds 63 bytes.
const LONGEST: usize = 40;

/// The statement that opens a transaction, naming the request in the same round trip.
pub(crate) fn begin(application_name: &str) -> Option<SqlStr> {
    REQUEST_ID.try_with(|id| tagged(application_name, id)).ok().flatten()
}

fn tagged(application_name: &str, id: &str) -> Option<SqlStr> {
    let shown = !id.is_empty() && id.len() <= LONGEST && id.chars().all(is_plain);
    let name: String = application_name.chars().filter(|&c| is_plain(c)).take(20).collect();
    // Both parts hold nothing but letters, digits and hyphens.
    shown.then(|| {
        AssertSqlSafe(format!("BEGIN; SET LOCAL application_name = '{name} {id}'")).into_sql_str()
    })
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_shown_only_when_it_is_plain_and_short() {
        let sql = |id: &str| tagged("oxcart", id).map(|sql| sql.as_str().to_owned());

        assert_eq!(
            sql("01J-a9").as_deref(),
            Some("BEGIN; SET LOCAL application_name = 'oxcart 01J-a9'")
        );
        assert_eq!(sql("a'; DROP TABLE orders; --"), None);
        assert_eq!(sql(""), None);
        assert_eq!(sql(&"a".repeat(41)), None);
    }
}
