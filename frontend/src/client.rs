//! Who asks, for as long as the answer is being made.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};

use crate::app::App;

tokio::task_local! {
    /// The address of whoever asked for the page that is being made.
    static CURRENT: Option<IpAddr>;
}

/// The visitor's address, for calls made on the visitor's behalf; the shop's own errands have none.
pub fn address() -> Option<IpAddr> {
    CURRENT.try_with(|address| *address).ok().flatten()
}

/// The work, on behalf of whoever it is done for here, wherever it runs.
pub fn carried<F: Future>(work: F) -> impl Future<Output = F::Output> {
    CURRENT.scope(address(), work)
}

/// Finds out who asks, believing trusted hops only.
pub async fn know(State(app): State<App>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let client = peer.map(|peer| app.config.trusted_proxies.client(peer, request.headers()));
    CURRENT.scope(client, next.run(request)).await
}
