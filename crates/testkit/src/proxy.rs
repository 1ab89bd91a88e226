//! A TCP proxy that breaks connections the way networks and failovers do.

mod link;

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
    task::{AbortHandle, JoinSet},
};
use url::Url;

use link::Link;

/// What the proxy does to the bytes and connections that pass through it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mode {
    /// Forwards everything.
    Pass,
    /// Holds every piece back for `each`, give or take up to `jitter`.
    Delay { each: Duration, jitter: Duration },
    /// Forwards at most this many bytes a second in each direction.
    Throttle { bytes_per_second: u32 },
    /// Stops listening, so that new connections are refused; open ones go on.
    Refuse,
    /// Answers every connection, open or new, with RST.
    Reset,
    /// Holds back what the server says; what clients say arrives.
    MuteServer,
    /// Holds back what clients say; what the server says arrives.
    MuteClients,
    /// Resets each connection after the server has sent it this many bytes in this mode.
    CutAfter { bytes: u64 },
    /// Lets the server carry out a client message that contains `COMMIT`, then resets the
    /// connection in place of the answer, this often in a hundred.
    CutCommit { percent: u8 },
}

/// A running proxy; dropping it closes the listener and every connection.
#[derive(Debug)]
pub struct Proxy {
    addr: SocketAddr,
    orders: watch::Sender<Orders>,
    followed: watch::Receiver<Followed>,
    task: AbortHandle,
}

/// What the proxy has been told; connections are numbered in the order they came.
#[derive(Clone, Copy, Debug)]
struct Orders {
    number: u64,
    mode: Mode,
    mute_before: u64,
    reset_before: u64,
}

/// How far the accepting task has come.
#[derive(Clone, Copy, Debug, Default)]
struct Followed {
    order: u64,
    accepted: u64,
}

impl Proxy {
    /// Starts a proxy before `server`, given as `host:port`, on a free port of 127.0.0.1.
    pub async fn to(server: impl ToString) -> Self {
        let reserved = bind((Ipv4Addr::LOCALHOST, 0).into());
        let addr = reserved.local_addr().expect("a bound socket has an address");
        let first = Orders { number: 0, mode: Mode::Pass, mute_before: 0, reset_before: 0 };
        let (orders, obeyed) = watch::channel(first);
        let (follow, mut followed) = watch::channel(Followed { order: u64::MAX, accepted: 0 });
        let door = Door { addr, _reserved: reserved, server: server.to_string() };
        let task = tokio::spawn(door.keep(obeyed, follow)).abort_handle();
        let _ = followed.wait_for(|followed| followed.order == 0).await;
        Self { addr, orders, followed, task }
    }

    /// Starts a proxy before the server a database URL names.
    pub async fn before(database_url: &str) -> Self {
        let url = Url::parse(database_url).expect("the database address is a URL");
        let host = url.host_str().expect("the database address has a host");
        Self::to(format!("{host}:{}", url.port().unwrap_or(5432))).await
    }

    /// Where clients connect.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The same database URL, but through this proxy.
    pub fn url_for(&self, database_url: &str) -> String {
        let mut url = Url::parse(database_url).expect("the database address is a URL");
        url.set_ip_host(self.addr.ip()).expect("a database URL takes a host");
        url.set_port(Some(self.addr.port())).expect("a database URL takes a port");
        url.into()
    }

    /// Changes the mode for open and new connections; in force when this returns.
    pub async fn set(&self, mode: Mode) {
        self.order(|orders, _| orders.mode = mode).await;
    }

    /// Silences every connection open now, for ever and without closing it; serves new ones.
    pub async fn mute_existing(&self) {
        self.order(|orders, accepted| orders.mute_before = accepted).await;
    }

    /// Resets every connection open now; serves new ones.
    pub async fn reset_existing(&self) {
        self.order(|orders, accepted| orders.reset_before = accepted).await;
    }

    /// How many connections have been accepted so far.
    pub fn accepted(&self) -> u64 {
        self.followed.borrow().accepted
    }

    async fn order(&self, change: impl FnOnce(&mut Orders, u64)) {
        let accepted = self.accepted();
        let mut number = 0;
        self.orders.send_modify(|orders| {
            change(orders, accepted);
            orders.number += 1;
            number = orders.number;
        });
        let _ = self.followed.clone().wait_for(|followed| followed.order >= number).await;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The accepting side. The reserved socket keeps the port ours while nobody listens on it.
struct Door {
    addr: SocketAddr,
    _reserved: TcpSocket,
    server: String,
}

impl Door {
    async fn keep(self, mut orders: watch::Receiver<Orders>, follow: watch::Sender<Followed>) {
        let mut links = JoinSet::new();
        let mut listener = None;
        loop {
            let order = *orders.borrow_and_update();
            if order.mode == Mode::Refuse {
                listener = None;
            } else if listener.is_none() {
                listener = Some(self.listen());
            }
            follow.send_modify(|followed| followed.order = order.number);
            tokio::select! {
                biased;
                changed = orders.changed() => if changed.is_err() { return },
                accepted = accept(listener.as_ref()) => {
                    let Ok((client, _)) = accepted else { continue };
                    let number = follow.borrow().accepted;
                    follow.send_modify(|followed| followed.accepted += 1);
                    links.spawn(Link::new(number, orders.clone()).serve(client, self.server.clone()));
                }
                Some(_) = links.join_next() => {}
            }
        }
    }

    fn listen(&self) -> TcpListener {
        bind(self.addr).listen(1024).expect("the proxy listens on its own port")
    }
}

async fn accept(
    listener: Option<&TcpListener>,
) -> std::io::Result<(tokio::net::TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

fn bind(addr: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket can be made");
    socket.set_reuseaddr(true).expect("a socket can share its port");
    socket.bind(addr).expect("a port of 127.0.0.1 is free");
    socket
}
