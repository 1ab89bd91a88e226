//! The audit log: what is in it, and that nobody can change it unseen.

use serde_json::{Value, json};

use crate::support::Shop;

#[tokio::test]
async fn a_change_is_written_down_with_who_what_and_both_sides() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let clerk = shop.clerk(&admin, "catalog").await;
    let path = format!("/api/admin/staff/{}", clerk.id);
    let (_, seen) = admin.get(&shop, &path).await;

    let patch = (axum::http::Method::PATCH, path.as_str());
    let body = json!({ "role": "finance" });
    let (status, _) = admin.change(&shop, patch, &seen["version"], &body).await;
    let (_, log) =
        admin.get(&shop, &format!("/api/admin/audit?subject={}&limit=1", clerk.id)).await;

    assert_eq!(status, 200);
    let entry = &log["data"][0];
    assert_eq!(entry["action"], "staff.updated");
    assert_eq!(entry["actor"], admin.id.as_str());
    assert_eq!(entry["from"], "127.0.0.1");
    assert_eq!(entry["before"]["role"], "catalog");
    assert_eq!(entry["after"]["role"], "finance");
    assert_eq!(entry["after"]["email"], Value::Null, "what did not change is written down");
    let (_, older) = admin
        .get(
            &shop,
            &format!("/api/admin/audit?cursor={}", log["page"]["next_cursor"].as_str().unwrap()),
        )
        .await;
    assert!(older["data"][0]["seq"].as_i64() < entry["seq"].as_i64());
}

#[tokio::test]
async fn ten_thousand_entries_verify_and_any_tampering_is_found() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    shop.execute(
        "INSERT INTO audit_log (seq, at, actor, from_ip, request_id, action, subject, before, after, hash)
         SELECT 0, clock_timestamp(), 'system', '::1', '', 'test.done', number::text, 'null', to_jsonb(number), ''
         FROM generate_series(1, 10000) AS number",
    )
    .await;
    let verdict = async || admin.get(&shop, "/api/admin/audit/verify").await.1;
    assert_eq!(verdict().await["broken_at"], Value::Null);

    for (tampering, place) in [
        ("UPDATE audit_log SET actor = 'nobody' WHERE seq = 5000", json!(5000)),
        ("DELETE FROM audit_log WHERE seq = 5000", json!(5001)),
        ("DELETE FROM audit_log WHERE seq > 5000", Value::Null),
        ("UPDATE audit_log SET at = at + interval '1 microsecond' WHERE seq = 1", json!(1)),
    ] {
        let found = shop
            .sql(async |tx| {
                sqlx::query("ALTER TABLE audit_log DISABLE TRIGGER USER").execute(&mut *tx).await?;
                sqlx::query("SAVEPOINT whole").execute(&mut *tx).await?;
                sqlx::query(tampering).execute(&mut *tx).await?;
                let found: Option<i64> =
                    sqlx::query_scalar("SELECT audit_broken_at()").fetch_one(&mut *tx).await?;
                sqlx::query("ROLLBACK TO whole").execute(&mut *tx).await?;
                sqlx::query("ALTER TABLE audit_log ENABLE TRIGGER USER").execute(&mut *tx).await?;
                Ok(found)
            })
            .await;
        assert!(found.is_some(), "not found: {tampering}");
        assert!(place.is_null() || json!(found) == place, "{tampering}: {found:?}");
    }
    assert_eq!(verdict().await["broken_at"], Value::Null);
}

#[tokio::test]
async fn the_log_can_only_grow() {
    let shop = Shop::open().await;
    shop.admin().await;

    for statement in
        ["UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"]
    {
        let refused = shop.app.db.write(async |tx| sqlx::query(statement).execute(tx).await).await;
        let error = refused.unwrap_err().to_string();
        assert!(error.contains("audit_log is append-only"), "{statement}: {error}");
    }
}
