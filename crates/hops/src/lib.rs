//! Who asks: the client's address, as far as trusted hops say it.
//!
//! Anybody can write `X-Forwarded-For: 1.2.3.4`. Only what a hop of ours added to it is true, and
//! a hop adds at the right: so the list is read from there, for as long as whoever wrote the next
//! entry is trusted. No other header is asked.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use http::{HeaderMap, HeaderName};
use ipnet::{IpNet, Ipv6Net};

/// The one header that is read, and the one that we send.
pub const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What else clients say of themselves, and what no hop of ours hands on.
pub const CLAIMS: [HeaderName; 6] = [
    FORWARDED_FOR,
    HeaderName::from_static("forwarded"),
    HeaderName::from_static("x-real-ip"),
    HeaderName::from_static("x-client-ip"),
    HeaderName::from_static("true-client-ip"),
    HeaderName::from_static("cloudfront-viewer-address"),
];

/// The networks whose word on who asks is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// A network that is none.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no network such as 10.0.0.0/8, and no address")]
pub struct NotANetwork(String);

impl Default for TrustedProxies {
    /// This machine alone.
    fn default() -> Self {
        Self(vec![
            IpNet::from(ipnet::Ipv4Net::new_assert([127, 0, 0, 0].into(), 8)),
            IpNet::from(Ipv6Net::new_assert(std::net::Ipv6Addr::LOCALHOST, 128)),
        ])
    }
}

impl FromStr for TrustedProxies {
    type Err = NotANetwork;

    /// Networks and addresses with commas between them; none at all trusts nobody.
    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let network = |entry: &str| {
            let alone = || entry.parse::<IpAddr>().map(IpNet::from);
            entry.parse::<IpNet>().or_else(|_| alone()).map_err(|_| NotANetwork(entry.to_owned()))
        };
        entries.map(network).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for TrustedProxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let networks: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&networks.join(","))
    }
}

impl TrustedProxies {
    /// The address of whoever asked first, starting from the `peer` that holds the connection.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        for value in headers.get_all(&FORWARDED_FOR).iter().rev() {
            // What cannot be read was not written by a hop of ours.
            let Ok(text) = value.to_str() else { return client };
            for entry in text.rsplit(',') {
                let Some(said) = address(entry).filter(|_| self.trusts(client)) else {
                    return client;
                };
                client = said;
            }
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// What limits are counted by: an IPv6 customer has a whole /64, and changes within it at will.
pub fn neighbourhood(client: IpAddr) -> IpNet {
    match client.to_canonical() {
        IpAddr::V6(address) => IpNet::from(Ipv6Net::new_assert(address, 64).trunc()),
        address @ IpAddr::V4(_) => IpNet::from(address),
    }
}

/// An entry of the header, with or without a port.
fn address(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let plain = entry.strip_prefix('[').and_then(|entry| entry.strip_suffix(']')).unwrap_or(entry);
    let with_port = || entry.parse::<SocketAddr>().map(|socket| socket.ip());
    plain.parse().or_else(|_| with_port()).ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOPPER: &str = "203.0.113.9";

    fn client(trusted: &str, peer: &str, said: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in said {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        let trusted: TrustedProxies = trusted.parse().unwrap();
        trusted.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_stranger_is_who_holds_the_connection_whatever_it_says() {
        for said in [&[][..], &["1.2.3.4"], &["1.2.3.4, 127.0.0.1"], &["127.0.0.1", "10.0.0.1"]] {
            assert_eq!(client("127.0.0.0/8,10.0.0.0/8", SHOPPER, said), SHOPPER, "{said:?}");
        }
    }

    #[test]
    fn the_list_is_read_from_the_right_while_hops_are_ours() {
        let ours = "10.0.0.0/8, 127.0.0.1";

        assert_eq!(client(ours, "10.0.0.1", &[SHOPPER]), SHOPPER);
        assert_eq!(client(ours, "127.0.0.1", &["203.0.113.9, 10.1.1.1"]), SHOPPER);
        assert_eq!(client(ours, "127.0.0.1", &["203.0.113.9", "10.1.1.1,10.2.2.2"]), SHOPPER);
        // What stands left of the shopper is what the shopper said.
        assert_eq!(client(ours, "10.0.0.1", &["10.9.9.9, 1.2.3.4, 203.0.113.9"]), SHOPPER);
        assert_eq!(client(ours, "10.0.0.1", &["127.0.0.1", "203.0.113.9"]), SHOPPER);
        // Everybody is ours: the first of us.
        assert_eq!(client(ours, "10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
        assert_eq!(client("", "127.0.0.1", &[SHOPPER]), "127.0.0.1");
    }

    #[test]
    fn an_entry_that_is_no_address_ends_the_list() {
        for said in ["unknown", "", "203.0.113.9;x", "_hidden, ", "999.1.1.1", "203.0.113.9, x"] {
            assert_eq!(client("127.0.0.0/8", "127.0.0.1", &[said]), "127.0.0.1", "{said}");
        }
        let mut headers = HeaderMap::new();
        headers.append(FORWARDED_FOR, SHOPPER.parse().unwrap());
        headers.append(FORWARDED_FOR, http::HeaderValue::from_bytes(b"\xff").unwrap());
        let peer = IpAddr::from([127, 0, 0, 1]);
        assert_eq!(TrustedProxies::default().client(peer, &headers), peer);
    }

    #[test]
    fn addresses_come_with_ports_brackets_and_as_mapped_ones() {
        for (said, read) in [
            ("203.0.113.9:4711", SHOPPER),
            ("[2001:db8::9]:4711", "2001:db8::9"),
            ("[2001:db8::9]", "2001:db8::9"),
            ("2001:db8::9", "2001:db8::9"),
            ("::ffff:203.0.113.9", SHOPPER),
        ] {
            assert_eq!(client("127.0.0.0/8", "::ffff:127.0.0.1", &[said]), read, "{said}");
        }
    }

    #[test]
    fn an_ipv6_customer_is_a_network() {
        let of = |address: &str| neighbourhood(address.parse().unwrap()).to_string();

        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(of("2001:db8:1:2::9"), "2001:db8:1:2::/64");
        assert_ne!(of("2001:db8:1:3::9"), of("2001:db8:1:2::9"));
        assert_eq!(of("203.0.113.9"), "203.0.113.9/32");
        assert_eq!(of("::ffff:203.0.113.9"), "203.0.113.9/32");
    }

    #[test]
    fn networks_are_written_with_commas() {
        let written: TrustedProxies = "127.0.0.0/8,::1".parse().unwrap();

        assert_eq!(written.to_string(), "127.0.0.0/8,::1/128");
        assert_eq!(written, TrustedProxies::default());
        assert!("10.0.0.0/33".parse::<TrustedProxies>().is_err());
        assert!("the balancer".parse::<TrustedProxies>().is_err());
    }
}
