//! Counting who asks how often, in Redis for all replicas, else in this process (reliability.md D10).
//!
//! GCRA: all that is kept of a caller is the moment at which it would have used up nothing. A limit
//! that delays keeps how often it was asked, too.

use std::{
    fmt,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use super::{ApiError, Client};
use crate::{
    App, Clock, Config,
    cache::Redis,
    limits::{FIRST_DELAY, LONGEST_DELAY, Limit, Rule, Then},
};

/// Callers that this process remembers; the ones that asked longest ago are forgotten first.
const REMEMBERED: usize = 100_000;

/// One more under a key, for all replicas: what [`judge`] does, where everybody sees it.
const SCRIPT: &str = r"
local now, span, times, cost, delays, first, longest = unpack(ARGV)
now, span, times, cost = tonumber(now), tonumber(span), tonumber(times), tonumber(cost)
local kept = redis.call('HMGET', KEYS[1], 'at', 'count')
local at, count = tonumber(kept[1]) or 0, tonumber(kept[2]) or 0
local wait, left, reset = 0, 0, 0
if delays == '1' then
  if now - at > span then count = 0 end
  if now < at then
    wait, reset = at - now, at - now
  else
    count, at = count + cost, now
    if count >= times then
      at = now + math.min(tonumber(first) * 2 ^ math.min(count - times, 30), tonumber(longest))
    end
    left, reset = math.max(times - count, 0), at - now
  end
else
  local step = math.max(math.floor(span / times), 1)
  at = math.max(at, now)
  local reached = at + step - now
  if reached > step * times then
    wait, reset = reached - step * times, at - now
  else
    at = at + step * cost
    left, reset = math.floor((step * times - (at - now)) / step), at - now
  end
end
if wait == 0 and cost > 0 then
  redis.call('HSET', KEYS[1], 'at', string.format('%.0f', at), 'count', count)
  redis.call('PEXPIRE', KEYS[1], math.ceil((at - now + span) / 1000))
end
return { wait, left, reset }
";

/// What may be asked how often, and who has asked.
#[derive(Clone)]
pub struct Limits {
    inner: Arc<Inner>,
}

struct Inner {
    redis: Option<Redis>,
    clock: Clock,
    scale: u32,
    replicas: u32,
    here: Mutex<quick_cache::unsync::Cache<[u8; 16], Kept>>,
}

/// Who is counted: an address, an account, or both together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl From<IpAddr> for Key {
    fn from(address: IpAddr) -> Self {
        Self(hops::neighbourhood(address).to_string())
    }
}

impl From<&str> for Key {
    fn from(account: &str) -> Self {
        Self(account.trim().to_lowercase())
    }
}

impl From<(IpAddr, &str)> for Key {
    fn from((address, account): (IpAddr, &str)) -> Self {
        Self(format!("{} {}", Self::from(address).0, Self::from(account).0))
    }
}

/// What is kept of a caller: a moment in microseconds since 1970, and how often it was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Kept {
    at: i64,
    count: i64,
}

/// Where a caller stands with a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How many may come at once.
    pub limit: u32,
    /// How many of them are left.
    pub left: u32,
    /// Seconds until all of them are.
    pub reset: u32,
    /// Seconds until one may come; 0 when it may.
    pub wait: u32,
}

impl Limits {
    /// Nobody has asked yet.
    pub fn new(config: &Config, clock: Clock, redis: Option<Redis>) -> Self {
        let here = Mutex::new(quick_cache::unsync::Cache::new(REMEMBERED));
        let (scale, replicas) = (config.rate_limits.rate_limit_scale, config.rate_limits.replicas);
        Self { inner: Arc::new(Inner { redis, clock, scale, replicas, here }) }
    }

    /// Counts one more; an error when it is one too many.
    ///
    /// For an account, a device that has signed in to it before gives a key of its own
    /// (`format!("{account} {device}")`), so that strangers' tries do not delay it.
    pub async fn take(&self, limit: Limit, key: impl Into<Key>) -> Result<Standing, ApiError> {
        let standing = self.ask(limit, &key.into(), 1).await;
        if standing.wait == 0 {
            return Ok(standing);
        }
        let name = limit.rule().name;
        metrics::counter!("oxcart_limited_total", "limit" => name).increment(1);
        tracing::info!(limit = name, "asked too often");
        Err(ApiError::TooMany(standing))
    }

    /// Whether one more would be one too many, without counting it.
    pub async fn check(&self, limit: Limit, key: impl Into<Key>) -> Result<(), ApiError> {
        let standing = self.ask(limit, &key.into(), 0).await;
        if standing.wait == 0 { Ok(()) } else { Err(ApiError::TooMany(standing)) }
    }

    /// Forgets what was counted, such as the wrong passwords before a right one.
    pub async fn forget(&self, limit: Limit, key: impl Into<Key>) {
        let name = name(limit, &key.into());
        self.here().remove(&name);
        if let Some(redis) = &self.inner.redis {
            let mut command = redis::cmd("DEL");
            command.arg(redis_key(&name));
            let _: Option<i64> = redis.query(&command).await;
        }
    }

    async fn ask(&self, limit: Limit, key: &Key, cost: u32) -> Standing {
        let rule = limit.rule();
        let times = rule.times.saturating_mul(self.inner.scale).max(1);
        let now = self.inner.clock.now().timestamp_micros();
        let asked = Asked { rule, times, name: name(limit, key), now, cost };
        // Counted here as well: so the count goes on when Redis goes away.
        let share = (times / self.inner.replicas).max(1);
        let here = self.ask_here(&Asked { times: share, ..asked });
        self.ask_all(&asked).await.unwrap_or(here)
    }

    fn ask_here(&self, asked: &Asked) -> Standing {
        let mut here = self.here();
        let mut kept = here.get(&asked.name).copied().unwrap_or_default();
        let standing = judge(asked, &mut kept);
        if standing.wait == 0 && asked.cost > 0 {
            here.insert(asked.name, kept);
        }
        standing
    }

    async fn ask_all(&self, asked: &Asked) -> Option<Standing> {
        let Asked { rule, times, name, now, cost } = asked;
        let redis = self.inner.redis.as_ref().filter(|_| rule.is_shared)?;
        let mut command = redis::cmd("EVAL");
        command.arg(SCRIPT).arg(1).arg(redis_key(name)).arg(now).arg(micros(rule.per));
        command.arg(times).arg(cost).arg(i32::from(rule.then == Then::Delay));
        command.arg(micros(FIRST_DELAY)).arg(micros(LONGEST_DELAY));
        let (wait, left, reset): (i64, i64, i64) = redis.query(&command).await?;
        Some(standing(*times, wait, left, reset))
    }

    fn here(&self) -> std::sync::MutexGuard<'_, quick_cache::unsync::Cache<[u8; 16], Kept>> {
        self.inner.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits").field("callers", &self.here().len()).finish_non_exhaustive()
    }
}

/// `cost` more of what is counted under `name`, at `now` in microseconds since 1970.
#[derive(Clone, Copy)]
struct Asked {
    rule: Rule,
    times: u32,
    name: [u8; 16],
    now: i64,
    cost: u32,
}

/// What a limit says of what is asked; `kept` changes only when they may come.
fn judge(asked: &Asked, kept: &mut Kept) -> Standing {
    let Asked { rule, times, now, cost, .. } = *asked;
    let (times_, span, cost) = (i64::from(times), micros(rule.per), i64::from(cost));
    if rule.then == Then::Delay {
        if now < kept.at {
            return standing(times, kept.at - now, 0, kept.at - now);
        }
        let before = if now - kept.at > span { 0 } else { kept.count };
        let count = before + cost;
        let delay = if count >= times_ { delay(count - times_) } else { 0 };
        *kept = Kept { at: now + delay, count };
        return standing(times, 0, (times_ - count).max(0), delay);
    }
    let step = (span / times_).max(1);
    let at = kept.at.max(now);
    let reached = at + step - now;
    if reached > step * times_ {
        return standing(times, reached - step * times_, 0, at - now);
    }
    kept.at = at + step * cost;
    standing(times, 0, (step * times_ - (kept.at - now)) / step, kept.at - now)
}

/// How long the next one waits after so many too many.
fn delay(doublings: i64) -> i64 {
    let doublings = u32::try_from(doublings.clamp(0, 30)).unwrap_or(30);
    (micros(FIRST_DELAY) << doublings).min(micros(LONGEST_DELAY))
}

fn standing(limit: u32, wait: i64, left: i64, reset: i64) -> Standing {
    // Up, so that whoever comes back then is let in.
    let seconds = |micros: i64| u32::try_from((micros + 999_999) / 1_000_000).unwrap_or(u32::MAX);
    let left = u32::try_from(left).unwrap_or_default();
    Standing { limit, left, reset: seconds(reset), wait: seconds(wait) }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

/// Names a count without telling whose it is.
fn name(limit: Limit, key: &Key) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(limit.rule().name);
    hash.update(b"\0");
    hash.update(&key.0);
    let mut name = [0; 16];
    name.copy_from_slice(&hash.finalize()[..16]);
    name
}

fn redis_key(name: &[u8]) -> String {
    format!("oxcart:limit:{}", hex::encode(name))
}

/// Counts a request for its client's address, by what it asks.
pub async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let route =
        request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    if super::admission::Class::of(&route) == super::admission::Class::Vital {
        return next.run(request).await;
    }
    let client = Client::of(request.extensions()).0;
    let method = request.method().clone();
    match admitted(&app.limits, client, &method, &route).await {
        Err(refused) => refused.into_response(),
        Ok(standing) => {
            let mut response = next.run(request).await;
            if Limit::is_guessed_at(&route) && response.status() == StatusCode::NOT_FOUND {
                // One too many is refused before it is looked at, the next time.
                let _ = app.limits.take(Limit::OrderGuess, client).await;
            }
            if let Some(standing) = standing.filter(|_| is_private(&response)) {
                standing.write(response.headers_mut());
            }
            response
        }
    }
}

async fn admitted(
    limits: &Limits,
    client: IpAddr,
    method: &axum::http::Method,
    route: &str,
) -> Result<Option<Standing>, ApiError> {
    limits.take(Limit::Everything, client).await?;
    if Limit::is_guessed_at(route) {
        limits.check(Limit::OrderGuess, client).await?;
    }
    match Limit::of_operation(method, route) {
        Some(limit) => limits.take(limit, client).await.map(Some),
        None => Ok(None),
    }
}

/// Whether no cache keeps it: what one caller has left is nobody else's.
fn is_private(response: &Response) -> bool {
    let control = response.headers().get(header::CACHE_CONTROL);
    control.is_none_or(|control| !control.as_bytes().starts_with(b"public"))
}

impl Standing {
    /// Says it in headers.
    pub fn write(self, headers: &mut axum::http::HeaderMap) {
        let said = [
            ("ratelimit-limit", self.limit),
            ("ratelimit-remaining", self.left),
            ("ratelimit-reset", self.reset),
        ];
        for (name, value) in said {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(rule: Rule, times: u32, kept: &mut Kept, now: i64, cost: u32) -> Standing {
        judge(&Asked { rule, times, name: [0; 16], now, cost }, kept)
    }

    const SECOND: i64 = 1_000_000;

    #[test]
    fn so_many_come_at_once_and_then_one_for_each_share_of_the_time() {
        let (rule, mut kept, now) =
            (Limit::Checkout.rule(), Kept::default(), 1_800_000_000_000_000);

        for left in (0..30).rev() {
            let standing = asked(rule, 30, &mut kept, now, 1);
            assert_eq!((standing.wait, standing.left), (0, left));
        }
        let refused = asked(rule, 30, &mut kept, now, 1);
        assert_eq!((refused.wait, refused.left, refused.reset), (2, 0, 60));
        assert_eq!(asked(rule, 30, &mut kept, now + 2 * SECOND, 1).wait, 0);
        assert_eq!(asked(rule, 30, &mut kept, now + 2 * SECOND, 1).wait, 2);
        assert_eq!(asked(rule, 30, &mut kept, now + 62 * SECOND, 1).left, 29);
    }

    #[test]
    fn looking_counts_nothing() {
        let (rule, mut kept, now) =
            (Limit::OrderGuess.rule(), Kept::default(), 1_800_000_000_000_000);

        for _ in 0..100 {
            assert_eq!(asked(rule, 1, &mut kept, now, 0).wait, 0);
        }
        asked(rule, 1, &mut kept, now, 1);
        assert_ne!(asked(rule, 1, &mut kept, now, 0).wait, 0);
    }

    #[test]
    fn tries_at_an_account_wait_twice_as_long_each_time_and_are_forgotten_in_the_end() {
        let rule = Limit::SignInAccount.rule();
        let (mut kept, mut now, mut waits) = (Kept::default(), 1_800_000_000_000_000, Vec::new());

        let mut tries_of_an_hour = 0;
        let end = now + 3600 * SECOND;
        while now < end {
            let standing = asked(rule, rule.times, &mut kept, now, 1);
            if standing.wait == 0 {
                tries_of_an_hour += 1;
            } else {
                waits.push(standing.wait);
                now += i64::from(standing.wait) * SECOND;
            }
        }

        assert_eq!(waits[..12], [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert!(tries_of_an_hour <= 20, "{tries_of_an_hour}");
        assert_eq!(asked(rule, rule.times, &mut kept, now + 5000 * SECOND, 1).left, 4);
    }

    #[test]
    fn keys_tell_networks_and_accounts_apart() {
        let of = |text: &str| Key::from(text.parse::<IpAddr>().unwrap());

        assert_eq!(of("2001:db8::1"), of("2001:db8::2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(Key::from(" Ann@Example.com"), Key::from("ann@example.com"));
        assert_ne!(name(Limit::Search, &of("1.2.3.4")), name(Limit::Checkout, &of("1.2.3.4")));
    }
}
