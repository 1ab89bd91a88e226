//! Who asks on the shop's side: somebody with an open session, or a program with a key.

use std::{marker::PhantomData, net::IpAddr};

use api_types::{ApiKeyId, NextStep, Permission, StaffId};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use chrono::TimeDelta;
use sha2::{Digest, Sha256};

use super::{
    permission::{self, Needed},
    store::{keys, sessions},
};
use crate::{
    App,
    http::{ApiError, Client, Result, bearer},
};

/// What a session's token begins with.
pub const SESSION_PREFIX: &str = "oxs_";
/// What a key's secret begins with.
pub const KEY_PREFIX: &str = "oxk_";

/// A session ends when it was not used for this long.
const IDLE: TimeDelta = TimeDelta::minutes(30);
/// The use of a session or key is noted this often.
const NOTED: TimeDelta = TimeDelta::minutes(1);

/// Whoever changes something for the shop.
#[derive(Clone, Debug)]
pub struct Actor {
    who: Who,
    from: IpAddr,
    permissions: Vec<Permission>,
}

/// A person or a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Somebody who works for the shop.
    Staff(StaffId),
    /// A program.
    Key(ApiKeyId),
    /// The shop itself: a command or a background job.
    System,
}

impl Actor {
    /// Somebody who is coming in, and may nothing yet.
    pub fn person(id: StaffId, client: Client) -> Self {
        Self { who: Who::Staff(id), from: client.0, permissions: Vec::new() }
    }

    /// The shop itself, by a command or a job.
    pub fn system() -> Self {
        Self { who: Who::System, from: IpAddr::from([127, 0, 0, 1]), permissions: Vec::new() }
    }

    /// Whoever asked for what a job does, by what was written down of them; they may nothing more.
    pub fn on_behalf(who: &str, from: &str) -> Option<Self> {
        let who = match who {
            "system" => Who::System,
            who => {
                let staff = who.parse().map(Who::Staff);
                staff.or_else(|_| who.parse().map(Who::Key)).ok()?
            }
        };
        Some(Self { who, from: from.parse().ok()?, permissions: Vec::new() })
    }

    /// Who it is, as the audit log and the stock's movements write it.
    pub fn id(&self) -> String {
        match self.who {
            Who::Staff(id) => id.to_string(),
            Who::Key(id) => id.to_string(),
            Who::System => "system".to_owned(),
        }
    }

    /// The person or program.
    pub fn who(&self) -> Who {
        self.who
    }

    /// From which address.
    pub fn from(&self) -> IpAddr {
        self.from
    }

    /// Whether they may that, beside what the handler needs.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
}

/// Somebody or some program that may what `N` names.
///
/// Asking for it is requiring it: a handler that names `May<may::EditCatalog>` first among its
/// arguments cannot run for whoever may not. Roles are read at every request.
pub struct May<N: Needed> {
    /// Who.
    pub actor: Actor,
    needed: PhantomData<N>,
}

impl<S, N: Needed> FromRequestParts<S> for May<N>
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let app = App::from_ref(state);
        let client = Client::of(&parts.extensions);
        let actor = match shown(parts)? {
            Shown::Session(hash) => open_session(&app, &hash, client).await?,
            Shown::Key(hash) => key(&app, &hash, client).await?,
        };
        if actor.may(N::PERMISSION) {
            return Ok(Self { actor, needed: PhantomData });
        }
        let name = permission::name(N::PERMISSION);
        tracing::warn!(
            actor = actor.id(),
            permission = name,
            "somebody may not do what they asked"
        );
        Err(ApiError::forbidden(format!("This needs the permission {name}.")))
    }
}

/// Somebody with an open session, whatever they may.
pub struct Staff {
    /// Who.
    pub id: StaffId,
    /// The same for the audit log.
    pub actor: Actor,
    /// By which session.
    pub session: [u8; 32],
}

impl<S> FromRequestParts<S> for Staff
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let app = App::from_ref(state);
        let Shown::Session(session) = shown(parts)? else { return Err(ApiError::SignedOut) };
        let actor = open_session(&app, &session, Client::of(&parts.extensions)).await?;
        let Who::Staff(id) = actor.who else { return Err(ApiError::SignedOut) };
        Ok(Self { id, actor, session })
    }
}

/// Somebody whose password was right, and who still owes the second step.
pub struct Halfway {
    /// Who.
    pub id: StaffId,
    /// What they owe.
    pub next: NextStep,
    /// By which session.
    pub session: [u8; 32],
}

impl<S> FromRequestParts<S> for Halfway
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let app = App::from_ref(state);
        let Shown::Session(session) = shown(parts)? else { return Err(ApiError::SignedOut) };
        let row = live(&app, &session).await?;
        if row.next == NextStep::Open {
            return Err(ApiError::conflict("already_open", "this session needs nothing more"));
        }
        Ok(Self { id: row.staff, next: row.next, session })
    }
}

enum Shown {
    Session([u8; 32]),
    Key([u8; 32]),
}

fn shown(parts: &Parts) -> Result<Shown> {
    match bearer(&parts.headers).ok_or(ApiError::SignedOut)? {
        token if token.starts_with(SESSION_PREFIX) => Ok(Shown::Session(hash(token))),
        token if token.starts_with(KEY_PREFIX) => Ok(Shown::Key(hash(token))),
        _ => Err(ApiError::SignedOut),
    }
}

/// What is kept of a token or a secret.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

async fn live(app: &App, session: &[u8; 32]) -> Result<sessions::Row> {
    let now = app.clock.now();
    let row = app.db.read(async |conn| sessions::find(conn, session).await).await?;
    let row = row.filter(|row| now < row.expires_at && now < row.last_seen_at + IDLE);
    let row = row.ok_or(ApiError::SignedOut)?;
    if row.last_seen_at + NOTED <= now {
        app.db.write(async |tx| sessions::note(tx, session, row.staff, now).await).await?;
    }
    Ok(row)
}

async fn open_session(app: &App, session: &[u8; 32], client: Client) -> Result<Actor> {
    let row = live(app, session).await?;
    if row.next != NextStep::Open {
        return Err(ApiError::Forbidden {
            code: "second_step_required",
            detail: "enter a code of your authenticator first",
        });
    }
    let permissions = permission::of_role(row.role).to_vec();
    Ok(Actor { who: Who::Staff(row.staff), from: client.0, permissions })
}

async fn key(app: &App, secret: &[u8; 32], client: Client) -> Result<Actor> {
    let now = app.clock.now();
    let found = app.db.read(async |conn| keys::find(conn, secret).await).await?;
    let row = found.ok_or(ApiError::SignedOut)?;
    if row.last_used_at.is_none_or(|at| at + NOTED <= now) {
        app.db.write(async |tx| keys::note(tx, row.id, now).await).await?;
    }
    let permissions = row.permissions.iter().filter_map(|name| permission::named(name)).collect();
    Ok(Actor { who: Who::Key(row.id), from: client.0, permissions })
}
