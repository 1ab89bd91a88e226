//! The invariants of the shop as queries (reliability.md 2): each finds nothing, or something is wrong.

use sqlx::PgConnection;

/// An invariant and how many rows break it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its number in reliability.md.
    pub id: &'static str,
    /// What must be true.
    pub promise: &'static str,
    /// Rows that break it; 0 is right.
    pub violations: i64,
}

/// Checks every invariant at a moment when nothing is under way.
pub async fn verify(db: &mut PgConnection) -> sqlx::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (id, promise, query) in CHECKS {
        let violations = sqlx::query_scalar(query).fetch_one(&mut *db).await?;
        findings.push(Finding { id, promise, violations });
    }
    Ok(findings)
}

const CHECKS: [(&str, &str, &str); 22] = [
    ("I1", "nothing is promised that is not there", include_str!("i01.sql")),
    ("I2", "every unit is a movement, every reservation a hold", include_str!("i02.sql")),
    ("I3", "no more is sold than was ever received", include_str!("i03.sql")),
    ("I5", "no hold outlives its order, and each ends once", include_str!("i05.sql")),
    ("I6", "a cart has at most one living order", include_str!("i06.sql")),
    ("I10", "every order adds up to the cent", include_str!("i10.sql")),
    ("I12", "every order's history is a legal path", include_str!("i12.sql")),
    ("I13", "what went back is within what came", include_str!("i13.sql")),
    ("I14", "our books and the provider's agree", include_str!("i14.sql")),
    ("I15", "all money that came belongs to an order, a refund or a case", include_str!("i15.sql")),
    ("I16", "nothing is sent before it is paid", include_str!("i16.sql")),
    ("I17", "what providers told us was handled", include_str!("i17.sql")),
    ("I20", "a cart holds a variant once", include_str!("i20.sql")),
    ("I22", "every order placed was told once, and its letter went once", include_str!("i22.sql")),
    ("I23", "no job is stuck", include_str!("i23.sql")),
    ("I25", "a session has one refresh token that can be used", include_str!("i25.sql")),
    ("A1", "an ordered cart and its order name each other", include_str!("a01.sql")),
    ("A2", "an order's payment status follows from its money", include_str!("a02.sql")),
    (
        "A3",
        "every placed order keeps its goods reserved until they are sent",
        include_str!("a03.sql"),
    ),
    ("A4", "the audit log is as it was written", include_str!("a04.sql")),
    (
        "A5",
        "what was sent was in a parcel, and no parcel has more than was bought",
        include_str!("a05.sql"),
    ),
    ("A6", "no secret of an authenticator lies open", include_str!("a06.sql")),
];
