//! Work in the background as staff see it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::JobId;

/// How far along a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// To be done, for the first time or again.
    Waiting,
    /// Somebody does it.
    Running,
    /// Done.
    Done,
    /// Put aside: tried too often, or called off.
    Dead,
}

/// Work in the background; what it is about stays with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Job {
    /// Which one.
    pub id: JobId,
    /// What it does.
    pub kind: String,
    /// How far along it is.
    pub state: JobState,
    /// How often it was tried.
    pub attempt: i32,
    /// How often it is tried at most.
    pub max_attempts: i32,
    /// Not before then.
    pub run_at: DateTime<Utc>,
    /// Until when whoever does it may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease_until: Option<DateTime<Utc>>,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<DateTime<Utc>>,
    /// When it was put aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead_at: Option<DateTime<Utc>>,
    /// Why it failed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
}
