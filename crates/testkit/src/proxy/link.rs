//! One connection through the proxy: two pumps that look at the orders before every piece.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{ReadHalf, WriteHalf},
    },
    sync::watch,
    time::sleep,
};

use super::{Mode, Orders};

/// Most bytes forwarded at once.
const PIECE: usize = 16 * 1024;

#[derive(Clone, Copy, PartialEq)]
enum Way {
    ToServer,
    ToClient,
}

enum End {
    Closed,
    Reset,
}

pub(super) struct Link {
    number: u64,
    orders: watch::Receiver<Orders>,
    /// The answer the server gives next is the one to a COMMIT that is to be lost.
    commit_under_way: AtomicBool,
    /// Bytes sent to the client under the order of that number.
    sent: AtomicU64,
    sent_under: AtomicU64,
}

impl Link {
    pub fn new(number: u64, orders: watch::Receiver<Orders>) -> Self {
        Self {
            number,
            orders,
            commit_under_way: AtomicBool::new(false),
            sent: AtomicU64::new(0),
            sent_under: AtomicU64::new(0),
        }
    }

    pub async fn serve(self, mut client: TcpStream, server: String) {
        if self.orders.borrow().mode == Mode::Reset {
            let _ = client.set_zero_linger();
            return;
        }
        let Ok(mut upstream) = TcpStream::connect(server).await else { return };
        let _ = (client.set_nodelay(true), upstream.set_nodelay(true));
        let end = {
            let (from_client, to_client) = client.split();
            let (from_server, to_server) = upstream.split();
            let mut orders = self.orders.clone();
            let number = self.number;
            tokio::select! {
                end = self.pump(from_client, to_server, Way::ToServer) => end,
                end = self.pump(from_server, to_client, Way::ToClient) => end,
                _ = orders.wait_for(|o| o.mode == Mode::Reset || number < o.reset_before) => {
                    End::Reset
                }
            }
        };
        if matches!(end, End::Reset) {
            let _ = client.set_zero_linger();
        }
    }

    async fn pump(&self, mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, way: Way) -> End {
        let mut buffer = vec![0; PIECE];
        let mut orders = self.orders.clone();
        loop {
            let limit = piece(orders.borrow().mode);
            let read = from.read(&mut buffer[..limit]).await;
            // Silence covers the end of a stream too: the other side must not learn of it.
            let audible = orders.wait_for(|orders| !self.is_mute(orders, way)).await;
            let Ok(order) = audible.map(|orders| *orders) else { return End::Closed };
            let Ok(count @ 1..) = read else { return End::Closed };
            if let Some(end) = self.forward(&buffer[..count], &mut to, way, order).await {
                return end;
            }
        }
    }

    fn is_mute(&self, orders: &Orders, way: Way) -> bool {
        let one_way = match way {
            Way::ToServer => Mode::MuteClients,
            Way::ToClient => Mode::MuteServer,
        };
        self.number < orders.mute_before || orders.mode == one_way
    }

    async fn forward(
        &self,
        mut piece: &[u8],
        to: &mut WriteHalf<'_>,
        way: Way,
        order: Orders,
    ) -> Option<End> {
        if way == Way::ToClient && self.commit_under_way.load(Ordering::Relaxed) {
            return Some(End::Reset);
        }
        let mut end = None;
        match order.mode {
            Mode::Delay { each, jitter } => sleep(delay(each, jitter)).await,
            Mode::Throttle { bytes_per_second } => {
                let bytes = u32::try_from(piece.len()).unwrap_or(u32::MAX);
                sleep(Duration::from_secs(bytes.into()) / bytes_per_second.max(1)).await;
            }
            Mode::CutCommit { percent } if way == Way::ToServer => {
                let cut = contains_commit(piece) && rand::random_range(0..100) < percent;
                self.commit_under_way.store(cut, Ordering::Relaxed);
            }
            Mode::CutAfter { bytes } if way == Way::ToClient => {
                let left = bytes.saturating_sub(self.sent_under(order.number));
                let left = usize::try_from(left).unwrap_or(usize::MAX);
                if left <= piece.len() {
                    piece = &piece[..left];
                    end = Some(End::Reset);
                }
            }
            _ => {}
        }
        if to.write_all(piece).await.is_err() {
            return Some(End::Closed);
        }
        if way == Way::ToClient {
            self.sent.fetch_add(piece.len() as u64, Ordering::Relaxed);
        }
        end
    }

    /// Bytes sent to the client since the order of this number was given.
    fn sent_under(&self, order: u64) -> u64 {
        if self.sent_under.swap(order, Ordering::Relaxed) != order {
            self.sent.store(0, Ordering::Relaxed);
        }
        self.sent.load(Ordering::Relaxed)
    }
}

/// A tenth of a second's worth when throttled, so that the flow is slow rather than jerky.
fn piece(mode: Mode) -> usize {
    match mode {
        Mode::Throttle { bytes_per_second } => {
            usize::try_from(bytes_per_second / 10).unwrap_or(PIECE).clamp(1, PIECE)
        }
        _ => PIECE,
    }
}

fn delay(each: Duration, jitter: Duration) -> Duration {
    (each + jitter.mul_f64(rand::random_range(0.0..=2.0))).saturating_sub(jitter)
}

fn contains_commit(piece: &[u8]) -> bool {
    piece.windows(6).any(|word| word == b"COMMIT")
}
