//! Each mode of the proxy, seen by an echo server's client.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::{
    io::ErrorKind,
    time::{Duration, Instant},
};

use testkit::{Proxy, proxy::Mode};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

const SOON: Duration = Duration::from_millis(200);

/// A proxy before a server that says everything back.
async fn echo() -> Proxy {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = Proxy::to(listener.local_addr().unwrap()).await;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut from, mut to) = stream.split();
                tokio::io::copy(&mut from, &mut to).await
            });
        }
    });
    proxy
}

async fn client(proxy: &Proxy) -> TcpStream {
    let mut client = TcpStream::connect(proxy.addr()).await.unwrap();
    assert_eq!(say(&mut client, b"hello").await.unwrap(), b"hello");
    client
}

async fn say(client: &mut TcpStream, words: &[u8]) -> std::io::Result<Vec<u8>> {
    client.write_all(words).await?;
    let mut answer = vec![0; words.len()];
    client.read_exact(&mut answer).await?;
    Ok(answer)
}

async fn is_silent(client: &mut TcpStream) -> bool {
    timeout(SOON, say(client, b"anybody?")).await.is_err()
}

#[tokio::test]
async fn delay_holds_back_both_ways() {
    let proxy = echo().await;
    let mut client = client(&proxy).await;
    proxy.set(Mode::Delay { each: Duration::from_millis(50), jitter: Duration::ZERO }).await;

    let asked = Instant::now();
    say(&mut client, b"slow").await.unwrap();

    assert!(asked.elapsed() >= Duration::from_millis(100));
}

#[tokio::test]
async fn throttle_limits_the_rate() {
    let proxy = echo().await;
    let mut client = client(&proxy).await;
    proxy.set(Mode::Throttle { bytes_per_second: 10_000 }).await;

    let asked = Instant::now();
    say(&mut client, &[7; 3000]).await.unwrap();

    assert!(asked.elapsed() >= Duration::from_millis(250), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn refuse_turns_new_connections_away_until_it_passes_again() {
    let proxy = echo().await;
    let mut open = client(&proxy).await;

    proxy.set(Mode::Refuse).await;
    let refused = TcpStream::connect(proxy.addr()).await.unwrap_err();
    let answer = say(&mut open, b"still here").await.unwrap();
    proxy.set(Mode::Pass).await;

    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    assert_eq!(answer, b"still here");
    client(&proxy).await;
}

#[tokio::test]
async fn reset_breaks_open_and_new_connections() {
    let proxy = echo().await;
    let mut open = client(&proxy).await;

    proxy.set(Mode::Reset).await;
    let broken = open.read_u8().await.unwrap_err();
    let mut new = TcpStream::connect(proxy.addr()).await.unwrap();
    let turned_away = new.read_u8().await.unwrap_err();

    assert_eq!(broken.kind(), ErrorKind::ConnectionReset);
    assert_eq!(turned_away.kind(), ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn muting_the_existing_leaves_them_open_and_serves_new_ones() {
    let proxy = echo().await;
    let mut old = client(&proxy).await;

    proxy.mute_existing().await;

    assert!(is_silent(&mut old).await);
    client(&proxy).await;
    proxy.set(Mode::Pass).await;
    assert!(is_silent(&mut old).await, "silence is for ever");
}

#[tokio::test]
async fn a_one_way_mute_holds_the_words_until_it_is_lifted() {
    for mode in [Mode::MuteServer, Mode::MuteClients] {
        let proxy = echo().await;
        let mut client = client(&proxy).await;
        proxy.set(mode).await;
        assert!(is_silent(&mut client).await);

        proxy.set(Mode::Pass).await;

        let mut late = [0; 8];
        timeout(SOON, client.read_exact(&mut late)).await.unwrap().unwrap();
        assert_eq!(&late, b"anybody?");
    }
}

#[tokio::test]
async fn cut_after_lets_exactly_that_many_bytes_through() {
    let proxy = echo().await;
    let mut client = client(&proxy).await;
    proxy.set(Mode::CutAfter { bytes: 4 }).await;

    client.write_all(b"cut here").await.unwrap();
    let mut heard = [0; 4];
    client.read_exact(&mut heard).await.unwrap();

    assert_eq!(&heard, b"cut ");
    assert!(client.read_u8().await.is_err());
}

#[tokio::test]
async fn cut_commit_loses_the_answer_to_a_commit_only() {
    let proxy = echo().await;
    let mut client = client(&proxy).await;
    proxy.set(Mode::CutCommit { percent: 100 }).await;

    assert_eq!(say(&mut client, b"INSERT").await.unwrap(), b"INSERT");
    let cut = say(&mut client, b"COMMIT").await.unwrap_err();

    assert_eq!(cut.kind(), ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_database_url_is_led_through_the_proxy() {
    let proxy = echo().await;

    let url = proxy.url_for("postgres://ann:secret@db.example:5432/shop?sslmode=disable");

    let port = proxy.addr().port();
    assert_eq!(url, format!("postgres://ann:secret@127.0.0.1:{port}/shop?sslmode=disable"));
}
