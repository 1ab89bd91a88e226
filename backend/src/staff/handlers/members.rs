//! Who works here, and as what.

use api_types::{Invite, Role, StaffId, StaffMember, StaffState, UpdateStaff};
use axum::{extract::State, http::StatusCode};
use serde_json::json;
use sqlx::PgConnection;

use super::super::{
    actor::May,
    invitation, may,
    store::{members, sessions},
};
use crate::{
    App,
    audit::{self, Change},
    cart::address::is_email,
    http::{All, ApiError, Failures, IfMatch, Json, Path, Result, Versioned},
};

/// List everybody who works here
#[utoipa::path(
    get, path = "/admin/staff", tag = "admin: staff",
    responses((status = 200, body = All<StaffMember>), Failures),
    security(("staff" = ["manage_staff"])),
)]
pub async fn list_staff(
    _: May<may::ManageStaff>,
    State(app): State<App>,
) -> Result<Json<All<StaffMember>>> {
    let data = app.db.read(async |conn| members::list(conn, None).await).await?;
    Ok(Json(All { data }))
}

/// Invite somebody by a letter
#[utoipa::path(
    post, path = "/admin/staff", tag = "admin: staff",
    request_body = Invite,
    responses((status = 201, body = StaffMember), Failures),
    security(("staff" = ["manage_staff"])),
)]
pub async fn invite_staff(
    May { actor, .. }: May<may::ManageStaff>,
    State(app): State<App>,
    Json(given): Json<Invite>,
) -> Result<(StatusCode, Versioned<StaffMember>)> {
    let email = given.email.trim();
    if !is_email(email) {
        return Err(ApiError::field("/email", "email", "Enter an e-mail address."));
    }
    let now = app.clock.now();
    let member = app
        .db
        .write(async |tx| {
            let staff = members::insert(&mut *tx, email, given.role, now).await.map_err(taken)?;
            invitation::send(&app, &mut *tx, staff).await?;
            let change = Change::made(
                "staff.invited",
                staff,
                &json!({ "email": email, "role": given.role }),
            );
            let member = member(&mut *tx, staff).await?;
            audit::record(tx, &actor, &change, now).await?;
            Ok::<_, ApiError>(member)
        })
        .await?;
    Ok((StatusCode::CREATED, Versioned(member.version, member)))
}

fn taken(error: sqlx::Error) -> ApiError {
    match error {
        sqlx::Error::RowNotFound => {
            ApiError::field("/email", "taken", "Somebody with this address works here already.")
        }
        other => other.into(),
    }
}

async fn member(conn: &mut PgConnection, staff: StaffId) -> Result<StaffMember> {
    let found = members::list(conn, Some(staff)).await?;
    found.into_iter().next().ok_or(ApiError::NotFound("staff"))
}

/// Show somebody who works here
#[utoipa::path(
    get, path = "/admin/staff/{id}", tag = "admin: staff",
    params(("id" = StaffId, Path)),
    responses((status = 200, body = StaffMember), Failures),
    security(("staff" = ["manage_staff"])),
)]
pub async fn show_staff(
    _: May<may::ManageStaff>,
    State(app): State<App>,
    Path(id): Path<StaffId>,
) -> Result<Versioned<StaffMember>> {
    let found = app.db.read(async |conn| member(conn, id).await).await?;
    Ok(Versioned(found.version, found))
}

/// Change what somebody is, or whether they may come in
#[utoipa::path(
    patch, path = "/admin/staff/{id}", tag = "admin: staff",
    params(("id" = StaffId, Path), ("if-match" = IfMatch, Header)),
    request_body = UpdateStaff,
    responses((status = 200, body = StaffMember), Failures),
    security(("staff" = ["manage_staff"])),
)]
pub async fn update_staff(
    May { actor, .. }: May<may::ManageStaff>,
    State(app): State<App>,
    Path(id): Path<StaffId>,
    seen: IfMatch,
    Json(given): Json<UpdateStaff>,
) -> Result<Versioned<StaffMember>> {
    let now = app.clock.now();
    let after = app
        .db
        .write(async |tx| {
            // Whoever changes administrators waits here, so that two cannot send each other away.
            let admins = members::lock_admins(&mut *tx).await?;
            members::lock_door(&mut *tx, id).await?;
            let before = member(&mut *tx, id).await?;
            seen.holds(before.version)?;
            let role = given.role.unwrap_or(before.role);
            let is_active = given.is_active.unwrap_or(before.state != StaffState::Disabled);
            if admins == [id] && (role != Role::Admin || !is_active) {
                return Err(ApiError::conflict(
                    "last_administrator",
                    "somebody must be able to let others in: make another administrator first",
                ));
            }
            members::update(&mut *tx, id, role, is_active).await?;
            if !is_active {
                sessions::end_others(&mut *tx, id, None).await?;
            }
            let after = member(&mut *tx, id).await?;
            let change = Change::between("staff.updated", id, &before, &after);
            audit::record(tx, &actor, &change, now).await?;
            Ok::<_, ApiError>(after)
        })
        .await?;
    Ok(Versioned(after.version, after))
}

/// Send an invitation again; the secret before is void
#[utoipa::path(
    post, path = "/admin/staff/{id}/resend", tag = "admin: staff",
    params(("id" = StaffId, Path)),
    responses((status = 204), Failures),
    security(("staff" = ["manage_staff"])),
)]
pub async fn resend_invitation(
    May { actor, .. }: May<may::ManageStaff>,
    State(app): State<App>,
    Path(id): Path<StaffId>,
) -> Result<StatusCode> {
    app.db
        .write(async |tx| {
            if member(&mut *tx, id).await?.state != StaffState::Invited {
                return Err(ApiError::conflict("came_in", "they have come in already"));
            }
            invitation::send(&app, &mut *tx, id).await?;
            audit::record(tx, &actor, &Change::done("staff.invited_again", id), app.clock.now())
                .await?;
            Ok(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a lost authenticator away: its owner sets up another at the next sign-in
#[utoipa::path(
    post, path = "/admin/staff/{id}/reset-code", tag = "admin: staff",
    params(("id" = StaffId, Path)),
    responses((status = 204), Failures),
    security(("staff" = ["manage_staff"])),
)]
pub async fn reset_staff_code(
    May { actor, .. }: May<may::ManageStaff>,
    State(app): State<App>,
    Path(id): Path<StaffId>,
) -> Result<StatusCode> {
    app.db
        .write(async |tx| {
            member(&mut *tx, id).await?;
            members::forget_code(&mut *tx, id).await?;
            sessions::end_others(&mut *tx, id, None).await?;
            audit::record(tx, &actor, &Change::done("staff.code_reset", id), app.clock.now())
                .await?;
            Ok::<_, ApiError>(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
