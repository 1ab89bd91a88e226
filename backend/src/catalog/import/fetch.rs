//! Fetching pictures from addresses that a stranger wrote: only from the public internet, never for
//! long, never much.

use std::{
    collections::HashMap,
    error::Error as _,
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::StreamExt;
use percent_encoding::percent_decode_str;
use reqwest::{
    StatusCode,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};
use url::{Host, Url};

use crate::media::{LARGEST, Unfit};

/// Longest that one picture may take, from the first question to the last byte.
const BUDGET: Duration = Duration::from_secs(10);

/// Failures to find a host in a row after which it is not asked again.
const TRIES: u32 = 3;

/// Which addresses may be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Those of the public internet.
    #[default]
    Public,
    /// Any; for tests.
    Anywhere,
}

impl Reach {
    fn allows(self, address: IpAddr) -> bool {
        self == Self::Anywhere || is_public(address)
    }
}

/// Asks hosts for pictures, and remembers which cannot be found.
#[derive(Clone)]
pub struct Fetcher {
    client: reqwest::Client,
    reach: Reach,
    folder: Option<PathBuf>,
    misses: Arc<Mutex<HashMap<String, u32>>>,
}

/// Why there is no picture at an address.
#[derive(Debug)]
pub struct Missing {
    /// In words.
    pub reason: String,
    /// Whether it is no use to ask again.
    pub is_final: bool,
}

impl Missing {
    /// There will never be one.
    pub fn for_good(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_final: true }
    }

    /// There may be one later.
    pub fn for_now(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_final: false }
    }
}

impl Fetcher {
    /// A fetcher that asks only where `reach` allows, and only for what is not in the folder.
    pub fn new(reach: Reach, folder: Option<PathBuf>) -> reqwest::Result<Self> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .timeout(BUDGET)
            .dns_resolver(Arc::new(Resolver(reach)))
            .user_agent(concat!("oxcart/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, reach, folder, misses: Arc::default() })
    }

    /// The file at this address, whatever it is, or why there is none.
    pub async fn fetch(&self, address: &str) -> Result<Vec<u8>, Missing> {
        let (url, host) = self.checked(address).map_err(Missing::for_good)?;
        if let Some(file) = self.folder.as_deref().and_then(|folder| in_folder(folder, &url)) {
            return read(&file).await;
        }
        if self.failures(&host) >= TRIES {
            let words = "could not be found";
            return Err(Missing::for_now(format!("{host} {words} {TRIES} times; it waits")));
        }
        match tokio::time::timeout(BUDGET, self.load(url)).await {
            Ok(Ok(bytes)) => {
                self.note(host, false);
                Ok(bytes)
            }
            Ok(Err(Failed { missing, is_lost })) => {
                self.note(host, is_lost);
                Err(missing)
            }
            Err(_) => {
                Err(Missing::for_now(format!("took longer than {} seconds", BUDGET.as_secs())))
            }
        }
    }

    fn checked(&self, address: &str) -> Result<(Url, String), String> {
        let url = Url::parse(address).map_err(|_| "is not an address".to_owned())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("is not an http or https address".to_owned());
        }
        // A number in place of a name never reaches the resolver.
        let literal = match url.host() {
            None => return Err("names no host".to_owned()),
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
        };
        if literal.is_some_and(|address| !self.reach.allows(address)) {
            return Err(NotPublic.to_string());
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        Ok((url, host))
    }

    async fn load(&self, url: Url) -> Result<Vec<u8>, Failed> {
        let response = self.client.get(url).send().await.map_err(Failed::from)?;
        if !response.status().is_success() {
            return Err(Failed::answered(response.status()));
        }
        let too_large = || {
            let missing = Missing::for_good(Unfit::TooLarge.to_string());
            Failed { missing, is_lost: false }
        };
        if response.content_length().is_some_and(|length| length > LARGEST as u64) {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        let mut chunks = response.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            bytes.extend_from_slice(&chunk.map_err(Failed::from)?);
            if bytes.len() > LARGEST {
                return Err(too_large());
            }
        }
        Ok(bytes)
    }

    fn failures(&self, host: &str) -> u32 {
        self.misses.lock().unwrap_or_else(PoisonError::into_inner).get(host).copied().unwrap_or(0)
    }

    fn note(&self, host: String, is_lost: bool) {
        let mut misses = self.misses.lock().unwrap_or_else(PoisonError::into_inner);
        if is_lost {
            *misses.entry(host).or_default() += 1;
        } else {
            misses.remove(&host);
        }
    }
}

/// The file that is named as the address ends; nothing when there is none of its own, for a link may lead anywhere.
fn in_folder(folder: &Path, url: &Url) -> Option<PathBuf> {
    let name = percent_decode_str(url.path_segments()?.next_back()?).decode_utf8().ok()?;
    let is_plain = !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
    let file = folder.join(&*name);
    (is_plain && file.symlink_metadata().is_ok_and(|about| about.is_file())).then_some(file)
}

async fn read(file: &Path) -> Result<Vec<u8>, Missing> {
    let unreadable =
        |error: io::Error| Missing::for_good(format!("{} cannot be read: {error}", file.display()));
    if tokio::fs::metadata(file).await.map_err(unreadable)?.len() > LARGEST as u64 {
        return Err(Missing::for_good(Unfit::TooLarge.to_string()));
    }
    tokio::fs::read(file).await.map_err(unreadable)
}

struct Failed {
    missing: Missing,
    /// Whether the host's name leads nowhere.
    is_lost: bool,
}

impl Failed {
    /// The host answered, and not with a file.
    fn answered(status: StatusCode) -> Self {
        let reason = format!("answered {}", status.as_u16());
        let is_for_now = status.is_server_error()
            || [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(&status);
        Self { missing: Missing { reason, is_final: !is_for_now }, is_lost: false }
    }
}

impl From<reqwest::Error> for Failed {
    fn from(error: reqwest::Error) -> Self {
        let mut cause = error.source();
        while let Some(inner) = cause {
            if inner.is::<NotPublic>() {
                let missing = Missing::for_good(NotPublic.to_string());
                return Self { missing, is_lost: false };
            }
            if inner.is::<NotFound>() {
                return Self { missing: Missing::for_now(NotFound.to_string()), is_lost: true };
            }
            cause = inner.source();
        }
        let reason = if error.is_timeout() { "took too long" } else { "could not be fetched" };
        Self { missing: Missing::for_now(reason), is_lost: false }
    }
}

/// Looks names up, and passes on only addresses that may be asked: what is connected to is what was
/// checked.
struct Resolver(Reach);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| NotFound)?.collect();
            if found.is_empty() {
                return Err(NotFound.into());
            }
            if found.iter().any(|address| !reach.allows(address.ip())) {
                return Err(NotPublic.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[derive(Debug)]
struct NotFound;

#[derive(Debug)]
struct NotPublic;

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the host could not be found")
    }
}

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the host is not on the public internet")
    }
}

impl std::error::Error for NotFound {}
impl std::error::Error for NotPublic {}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || first == 0
        || first >= 240
        // Shared by carriers; benchmarks; protocol assignments; 6to4 relays.
        || (first == 100 && (64..128).contains(&second))
        || (first == 198 && matches!(second, 18 | 19))
        || (first == 192 && second == 0 && third == 0)
        || (first == 192 && second == 88 && third == 99))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let older = |high: u16, low: u16| {
        let [[one, two], [three, four]] = [high.to_be_bytes(), low.to_be_bytes()];
        is_public_v4(Ipv4Addr::new(one, two, three, four))
    };
    match address.segments() {
        // An older address in a newer one's clothes.
        [0, 0, 0, 0, 0, 0xffff | 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => older(high, low),
        // Not the tunnels of 2001::/23, nor what documents use.
        [0x2001, second, ..] => second >= 0x200 && second != 0xdb8,
        // Only 2000::/3 is given out.
        [first, ..] => first & 0xe000 == 0x2000 && first != 0x3fff,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_asked() {
        for inside in [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "192.0.0.8",
            "240.0.0.1",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "100::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["1.1.1.1", "100.63.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1"]
        {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[tokio::test]
    async fn addresses_that_hide_where_they_lead_are_refused() {
        let fetcher = Fetcher::new(Reach::Public, None).unwrap();

        for address in [
            "http://127.0.0.1/a.png",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://[::ffff:7f00:1]/",
            "http://localhost/a.png",
            "file:///etc/passwd",
            "ftp://example.com/",
            "//example.com",
            "data:image/png;base64,AAAA",
            "http://169.254.169.254/latest/meta-data/",
        ] {
            assert!(fetcher.fetch(address).await.unwrap_err().is_final, "{address}");
        }
    }

    #[tokio::test]
    async fn a_host_that_cannot_be_found_is_not_asked_for_ever() {
        let fetcher = Fetcher::new(Reach::Public, None).unwrap();

        let mut reasons = Vec::new();
        for _ in 0..4 {
            let missing = fetcher.fetch("https://pictures.invalid/a.png").await.unwrap_err();
            assert!(!missing.is_final);
            reasons.push(missing.reason);
        }

        assert!(reasons[2].contains("could not be found"), "{reasons:?}");
        assert!(reasons[3].contains("it waits"), "{reasons:?}");
    }

    #[tokio::test]
    async fn a_picture_of_the_folder_is_taken_from_there_and_nothing_from_elsewhere() {
        let around = tempfile::tempdir().unwrap();
        let folder = around.path().join("pictures");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(around.path().join("secret"), "secret").unwrap();
        std::fs::write(folder.join("oat mug.webp"), "pixels").unwrap();
        std::fs::write(folder.join(".env"), "secret").unwrap();
        std::fs::write(folder.join("large.png"), vec![0; LARGEST + 1]).unwrap();
        std::os::unix::fs::symlink(around.path().join("secret"), folder.join("link")).unwrap();
        let fetcher = Fetcher::new(Reach::Public, Some(folder)).unwrap();
        let ask = |name: &'static str| {
            let fetcher = fetcher.clone();
            async move { fetcher.fetch(&format!("https://pictures.invalid/{name}")).await }
        };

        assert_eq!(ask("old/oat%20mug.webp?v=3").await.unwrap(), b"pixels");
        assert_eq!(ask("large.png").await.unwrap_err().reason, Unfit::TooLarge.to_string());
        for name in ["..%2Fsecret", "%2e%2e%2fsecret", ".env", "link", "", "mug.webp", "a%00"] {
            assert!(ask(name).await.is_err(), "{name}");
        }
    }
}
