//! Customers: what they do with their accounts.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Shop, request};

/// A password that nobody else has.
pub const PASSWORD: &str = "mjölk & kanelbulle";

/// A customer signed in on a device.
#[derive(Clone, Debug)]
pub struct Ann {
    pub email: String,
    pub access: String,
    pub refresh: String,
    pub device: &'static str,
}

impl Ann {
    /// The customer of what a sign-in answered.
    pub fn of(signed_in: &Value, device: &'static str) -> Self {
        let text = |name: &str| signed_in[name].as_str().unwrap().to_owned();
        Self {
            email: signed_in["customer"]["email"].as_str().unwrap().to_owned(),
            access: text("access_token"),
            refresh: text("refresh_token"),
            device,
        }
    }

    /// Asks with the access token.
    pub async fn ask(
        &self,
        shop: &Shop,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        let answer = self.send(shop, method, path, body, &[]).await;
        (answer.status, answer.json())
    }

    #[expect(clippy::too_many_arguments, reason = "a request has that many parts")]
    pub async fn send(
        &self,
        shop: &Shop,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let bearer = format!("Bearer {}", self.access);
        let mine = [("authorization", bearer.as_str()), ("user-agent", self.device)];
        let headers: Vec<_> = mine.into_iter().chain(headers.iter().copied()).collect();
        shop.send(request(method, path, body, &headers)).await
    }

    pub async fn get(&self, shop: &Shop, path: &str) -> (StatusCode, Value) {
        self.ask(shop, Method::GET, path, None).await
    }

    pub async fn post(&self, shop: &Shop, path: &str, body: &Value) -> (StatusCode, Value) {
        self.ask(shop, Method::POST, path, Some(body)).await
    }

    /// Exchanges the refresh token, and keeps what came of it.
    pub async fn go_on(&mut self, shop: &Shop) -> StatusCode {
        let answer = shop.refresh(&self.refresh, self.device).await;
        if answer.status == StatusCode::OK {
            *self = Self::of(&answer.json(), self.device);
        }
        answer.status
    }

    /// Shows the password again, and goes on with the fresh tokens.
    pub async fn confirm(&mut self, shop: &Shop) {
        let (status, answer) =
            self.post(shop, "/api/auth/reauthenticate", &json!({ "password": PASSWORD })).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        *self = Self::of(&answer, self.device);
    }
}

impl Shop {
    /// The secret in the newest letter to somebody whose subject begins so.
    pub async fn letter_secret(&self, to: &str, subject: &str) -> String {
        self.settle().await;
        let letters = self.app.mailer.kept();
        let letter = letters
            .iter()
            .rev()
            .find(|letter| letter.to == to && letter.subject.starts_with(subject))
            .unwrap_or_else(|| panic!("no letter {subject:?} to {to}: {letters:#?}"));
        let secret = letter.text.split("token=").nth(1).unwrap_or_default();
        secret.split_whitespace().next().unwrap_or_default().to_owned()
    }

    /// Subjects of the letters to somebody.
    pub async fn subjects(&self, to: &str) -> Vec<String> {
        self.settle().await;
        let letters = self.app.mailer.kept();
        letters.into_iter().filter(|letter| letter.to == to).map(|letter| letter.subject).collect()
    }

    /// Asks for an account, and opens the letter's link.
    pub async fn register(&self, email: &str) -> Ann {
        let register = json!({ "email": email, "password": PASSWORD, "name": "Ann Weber" });
        let (status, answer) = self.post("/api/customers", &register).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
        let token = self.letter_secret(email, "Finish").await;
        let verify = json!({ "token": token, "password": PASSWORD });
        let (status, answer) = self.post("/api/auth/register/verify", &verify).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        Ann::of(&answer, "")
    }

    /// Signs in on a device.
    pub async fn sign_in(&self, email: &str, password: &str, device: &'static str) -> Answer {
        let body = json!({ "email": email, "password": password });
        let headers = [("user-agent", device)];
        self.send(request(Method::POST, "/api/auth/login", Some(&body), &headers)).await
    }

    /// The same where it works.
    pub async fn signed_in(&self, email: &str, device: &'static str) -> Ann {
        let answer = self.sign_in(email, PASSWORD, device).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
        Ann::of(&answer.json(), device)
    }

    /// Exchanges a refresh token.
    pub async fn refresh(&self, token: &str, device: &str) -> Answer {
        let body = json!({ "refresh_token": token });
        let headers = [("user-agent", device)];
        self.send(request(Method::POST, "/api/auth/refresh", Some(&body), &headers)).await
    }
}
