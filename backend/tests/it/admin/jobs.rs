//! What staff do with work in the background.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::Shop;

#[tokio::test]
async fn a_dead_job_runs_again_once_and_one_that_waits_is_called_off() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    shop.settle().await;
    shop.execute(
        "INSERT INTO job (job_id, kind, payload, dedupe_key, run_at, attempt, max_attempts, dead_at, created_at, lease_until)
         SELECT gen_random_uuid(), kind, '{}', kind, '2026-03-02T08:00:00Z', 12, 12, dead_at::timestamptz, '2026-03-02T08:00:00Z', lease::timestamptz
         FROM (VALUES ('dead', '2026-03-02T08:30:00Z', NULL), ('waiting', NULL, NULL), ('running', NULL, '2026-03-02T09:00:30Z'))
             AS job (kind, dead_at, lease)",
    )
    .await;
    let found = async |state: &str| {
        let path = format!("/api/admin/jobs?state={state}&kind={state}");
        let (_, jobs) = admin.get(&shop, &path).await;
        jobs["data"][0]["id"].as_str().unwrap().to_owned()
    };
    let (dead, waiting, running) =
        (found("dead").await, found("waiting").await, found("running").await);
    let act = async |id: &str, what: &str| {
        admin.post(&shop, &format!("/api/admin/jobs/{id}/{what}"), &Value::Null).await
    };

    assert_eq!(act(&waiting, "cancel").await.0, StatusCode::OK);
    for (id, what) in
        [(&running, "cancel"), (&running, "retry"), (&dead, "cancel"), (&waiting, "cancel")]
    {
        assert_eq!(act(id, what).await.0, StatusCode::CONFLICT, "{what} {id}");
    }
    let (status, again) = act(&dead, "retry").await;
    assert_eq!(status, StatusCode::OK, "{again}");
    assert_eq!((&again["state"], &again["max_attempts"]), (&json!("waiting"), &json!(24)));
    assert_eq!(act(&dead, "retry").await.0, StatusCode::CONFLICT);
    shop.settle().await;
    let (_, tried) = admin.get(&shop, &format!("/api/admin/jobs/{dead}")).await;
    assert_eq!(tried["attempt"], 13);
    assert!(tried["last_error"].as_str().unwrap().contains("nobody does jobs"), "{tried}");
    let (_, held) = admin.get(&shop, &format!("/api/admin/jobs/{running}")).await;
    assert_eq!(held["attempt"], 12, "it ran while somebody held it");
}
