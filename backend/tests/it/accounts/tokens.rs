use axum::http::{HeaderValue, StatusCode};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{Ann, Shop};

const SECRET: &[u8] = b"a secret that only tests know, long enough";

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn signed(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let text = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

fn claims_of(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn without(claims: &Value, name: &str) -> Value {
    let mut claims = claims.clone();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value;
    claims
}

fn forged_headers(claims: &Value) -> Vec<(String, String)> {
    let plain = |alg: &str| json!({ "alg": alg, "typ": "at+jwt" });
    let unsigned = |alg: &str| format!("{}.{}.", part(&plain(alg)), part(claims));
    let mut forged: Vec<_> =
        ["none", "None", "NONE"].map(|alg| (format!("alg {alg}"), unsigned(alg))).into();
    for alg in ["HS384", "HS512", "RS256", "ES256", "EdDSA", "hs256"] {
        forged.push((format!("header says {alg}"), signed(&plain(alg), claims, SECRET)));
    }
    for (name, header) in [
        ("wrong typ", json!({ "alg": "HS256", "typ": "JWT" })),
        ("no typ", json!({ "alg": "HS256" })),
        ("crit", json!({ "alg": "HS256", "typ": "at+jwt", "crit": ["exp"] })),
    ] {
        forged.push((name.to_owned(), signed(&header, claims, SECRET)));
    }
    for (name, value) in [
        ("kid", json!("../../../../dev/null")),
        ("kid", json!("x' UNION SELECT 'key' --")),
        ("jwk", json!({ "kty": "oct", "k": URL_SAFE_NO_PAD.encode(b"mine") })),
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/cert")),
    ] {
        let header = with(&plain("HS256"), name, value);
        forged.push((format!("{name} of the attacker"), signed(&header, claims, b"mine")));
    }
    forged
}

fn forged_claims(claims: &Value) -> Vec<(String, String)> {
    let header = json!({ "alg": "HS256", "typ": "at+jwt" });
    let signed = |claims: &Value| signed(&header, claims, SECRET);
    let mut forged: Vec<_> = ["iss", "aud", "exp", "sub", "sid", "iat", "auth_time", "jti"]
        .map(|name| (format!("no {name}"), signed(&without(claims, name))))
        .into();
    let now = claims["iat"].as_i64().unwrap();
    for (name, value) in [
        ("exp", json!((now + 300).to_string())),
        ("exp", json!(f64::MAX)),
        ("exp", json!(now - 10)),
        ("iat", json!(now + 3_600)),
        ("aud", json!("oxcart-admin")),
        ("aud", json!(["oxcart-admin"])),
        ("iss", json!("https://evil.example/")),
        ("sub", json!("ord_00000000000000000000000000000007")),
        ("sub", json!("' OR 1=1 --")),
        ("role", json!("admin")),
    ] {
        forged.push((format!("{name} is {value}"), signed(&with(claims, name, value))));
    }
    forged
}

#[tokio::test]
async fn forged_tokens_open_nothing() {
    let shop = Shop::open().await;
    let ann = shop.register("ann@example.com").await;
    let claims = claims_of(&ann.access);
    let header = json!({ "alg": "HS256", "typ": "at+jwt" });
    let ours = signed(&header, &claims, SECRET);
    let mut forged = forged_headers(&claims);
    forged.extend(forged_claims(&claims));
    forged.push(("another secret".to_owned(), signed(&header, &claims, b"another secret")));
    forged.push(("cut".to_owned(), ours[..ours.len() - 1].to_owned()));
    forged.push(("no signature".to_owned(), ours[..=ours.rfind('.').unwrap()].to_owned()));
    forged.push(("a refresh token".to_owned(), ann.refresh.clone()));
    forged.push(("nothing".to_owned(), String::new()));

    let good = Ann { access: ours, ..ann.clone() };
    assert_eq!(good.get(&shop, "/api/customers/me").await.0, StatusCode::OK, "the check itself");
    for (name, token) in forged {
        let thief = Ann { access: token, ..ann.clone() };
        let (status, answer) = thief.get(&shop, "/api/customers/me").await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{name}: {answer}");
        assert_eq!(answer["code"], "signed_out", "{name}");
    }
}

#[tokio::test]
async fn an_access_token_ends_after_five_minutes_and_refreshes_nothing() {
    let shop = Shop::open().await;
    let ann = shop.register("ann@example.com").await;

    assert_eq!(shop.refresh(&ann.access, "").await.status, StatusCode::UNAUTHORIZED);
    shop.clock.advance(TimeDelta::seconds(299));
    assert_eq!(ann.get(&shop, "/api/customers/me").await.0, StatusCode::OK);
    shop.clock.advance(TimeDelta::seconds(11));

    let answer = ann.send(&shop, axum::http::Method::GET, "/api/customers/me", None, &[]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers.get("www-authenticate"), Some(&HeaderValue::from_static("Bearer")));
}

#[tokio::test]
async fn while_the_secret_is_replaced_the_one_before_is_still_believed() {
    let shop = Shop::open().await;
    let mut ann = shop.register("ann@example.com").await;
    let old = std::str::from_utf8(SECRET).unwrap();
    let new = "another secret that only tests know";
    let flags = ["--jwt-secret", new, "--jwt-secret-previous", old];

    let rotated = shop.restarted(&flags);
    let without = shop.restarted(&flags[..2]);

    assert_eq!(ann.get(&rotated, "/api/customers/me").await.0, StatusCode::OK);
    assert_eq!(ann.get(&without, "/api/customers/me").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(ann.go_on(&rotated).await, StatusCode::OK, "a refresh token is only a name");
    assert_eq!(
        ann.get(&without, "/api/customers/me").await.0,
        StatusCode::OK,
        "signed by the new one"
    );
}
