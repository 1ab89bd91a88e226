//! A Redis of a test's own, that may be stopped and killed.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};

use super::Shop;

/// A running `redis-server`; it ends with this handle.
pub struct Server {
    port: u16,
    child: Child,
}

impl Server {
    /// Starts one on a free port; none where `redis-server` is not installed.
    #[expect(clippy::print_stdout, reason = "a test that was skipped says so")]
    pub async fn start() -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let Some(child) = spawn(port) else {
            println!("skipped: redis-server is not installed");
            return None;
        };
        let server = Self { port, child };
        server.answers().await;
        Some(server)
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Sends `STOP` or `CONT`.
    pub fn signal(&self, name: &str) {
        let sent =
            Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(sent.unwrap().success());
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again on the same port, empty.
    pub async fn restart(&mut self) {
        self.child = spawn(self.port).unwrap();
        self.answers().await;
    }

    /// Waits until the shop has a connection to it.
    pub async fn wait_for(&self, shop: &Shop) {
        let redis = shop.app.cache.redis().unwrap();
        for _ in 0..200 {
            if redis.query::<String>(&::redis::cmd("PING")).await.is_some() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the shop never reached its Redis");
    }

    /// Waits until a key of this pattern is there.
    pub async fn wait_for_key(&self, shop: &Shop, pattern: &str) {
        let redis = shop.app.cache.redis().unwrap();
        for _ in 0..200 {
            let mut keys = ::redis::cmd("KEYS");
            keys.arg(pattern);
            let found: Option<Vec<String>> = redis.query(&keys).await;
            if found.is_some_and(|keys| !keys.is_empty()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{pattern} never came");
    }

    async fn answers(&self) {
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("redis-server does not answer");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(port: u16) -> Option<Child> {
    let port = port.to_string();
    let flags = ["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
    Command::new("redis-server")
        .args(flags)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()
}
