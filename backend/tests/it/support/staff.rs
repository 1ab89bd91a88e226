//! Those who work for a test's shop.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use super::{Answer, PASSWORD, Shop, request};

/// Somebody who works for the shop, with an open session.
#[derive(Clone, Debug)]
pub struct Clerk {
    pub id: String,
    pub email: String,
    pub token: String,
    /// The authenticator's secret, in Base32.
    pub secret: String,
    pub recovery_codes: Vec<String>,
}

impl Clerk {
    /// Asks with the session's token and a key of its own.
    pub async fn send(
        &self,
        shop: &Shop,
        (method, path): (Method, &str),
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        shop.bearing(&self.token, (method, path), body, headers).await
    }

    pub async fn get(&self, shop: &Shop, path: &str) -> (StatusCode, Value) {
        let answer = self.send(shop, (Method::GET, path), None, &[]).await;
        (answer.status, answer.json())
    }

    pub async fn post(&self, shop: &Shop, path: &str, body: &Value) -> (StatusCode, Value) {
        let body = (!body.is_null()).then_some(body);
        let answer = self.send(shop, (Method::POST, path), body, &[]).await;
        (answer.status, answer.json())
    }

    /// Changes what is at `version`.
    pub async fn change(
        &self,
        shop: &Shop,
        (method, path): (Method, &str),
        version: &Value,
        body: &Value,
    ) -> (StatusCode, Value) {
        let seen = format!("\"v{version}\"");
        let body = (!body.is_null()).then_some(body);
        let answer = self.send(shop, (method, path), body, &[("if-match", &seen)]).await;
        (answer.status, answer.json())
    }

    /// The authenticator's code at this moment.
    pub fn code(&self, shop: &Shop) -> String {
        code(&self.secret, shop)
    }

    /// Signs in again, with a code that was not used yet: the clock goes on by 30 seconds.
    pub async fn sign_in(&mut self, shop: &Shop) {
        shop.clock.advance(chrono::TimeDelta::seconds(30));
        let body = json!({ "email": self.email, "password": PASSWORD });
        let (status, half) = shop.post("/api/admin/auth/sign-in", &body).await;
        assert_eq!((status, &half["next"]), (StatusCode::OK, &json!("code")), "{half}");
        let open = shop.enter_code(&half, &self.code(shop)).await.json();
        open["token"].as_str().unwrap().clone_into(&mut self.token);
    }
}

/// The code that an authenticator shows.
pub fn code(secret: &str, shop: &Shop) -> String {
    let clock = Builder::new()
        .with_secret(Secret::try_from_base32(secret).unwrap())
        .with_account_name("test")
        .build()
        .unwrap();
    clock.generate(u64::try_from(shop.clock.now().timestamp()).unwrap()).to_string()
}

impl Shop {
    /// Asks with a bearer token.
    pub async fn bearing(
        &self,
        token: &str,
        (method, path): (Method, &str),
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let bearer = format!("Bearer {token}");
        let mine = [("authorization", bearer.as_str())];
        let headers: Vec<_> = mine.into_iter().chain(headers.iter().copied()).collect();
        self.send(request(method, path, body, &headers)).await
    }

    /// The first administrator.
    pub async fn admin(&self) -> Clerk {
        let email = "first@shop.example";
        let secret = backend::staff::first_admin(&self.app, email).await.unwrap();
        self.come_in(email, &secret).await
    }

    /// Somebody invited by an administrator to be that.
    pub async fn clerk(&self, admin: &Clerk, role: &str) -> Clerk {
        self.colleague(admin, &format!("{role}@shop.example"), role).await
    }

    /// One of several who are that.
    pub async fn colleague(&self, admin: &Clerk, email: &str, role: &str) -> Clerk {
        let invite = json!({ "email": email, "role": role });
        let (status, answer) = admin.post(self, "/api/admin/staff", &invite).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        let secret = self.invitation(email).await;
        self.come_in(email, &secret).await
    }

    /// The secret in the newest invitation to somebody.
    pub async fn invitation(&self, email: &str) -> String {
        self.settle().await;
        let letters = self.app.mailer.kept();
        let letter = letters.iter().rev().find(|letter| letter.to == email).unwrap();
        let secret = letter.text.split("for a day: ").nth(1).unwrap();
        secret.split_whitespace().next().unwrap().to_owned()
    }

    /// Enters a code in a session that owes one.
    pub async fn enter_code(&self, half: &Value, code: &str) -> Answer {
        let token = half["token"].as_str().unwrap();
        let body = json!({ "code": code });
        self.bearing(token, (Method::POST, "/api/admin/auth/code"), Some(&body), &[]).await
    }

    /// Takes an invitation, and sets up the second step.
    pub async fn come_in(&self, email: &str, secret: &str) -> Clerk {
        let body = json!({ "token": secret, "name": "Cleo Clerk", "password": PASSWORD });
        let (status, half) = self.post("/api/admin/auth/accept", &body).await;
        assert_eq!((status, &half["next"]), (StatusCode::OK, &json!("enrol")), "{half}");
        let token = half["token"].as_str().unwrap();
        let told = self.bearing(token, (Method::POST, "/api/admin/auth/enrol"), None, &[]).await;
        let secret = told.json()["secret"].as_str().unwrap().to_owned();
        let open = self.enter_code(&half, &code(&secret, self)).await;
        assert_eq!(open.status, StatusCode::OK, "{}", open.json());
        let open = open.json();
        let token = open["token"].as_str().unwrap().to_owned();
        let codes = open["recovery_codes"].as_array().unwrap();
        let me = self.bearing(&token, (Method::GET, "/api/admin/me"), None, &[]).await.json();
        Clerk {
            id: me["id"].as_str().unwrap().to_owned(),
            email: email.to_owned(),
            token,
            secret,
            recovery_codes: codes.iter().map(|it| it.as_str().unwrap().to_owned()).collect(),
        }
    }
}
