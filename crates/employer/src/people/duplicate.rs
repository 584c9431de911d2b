//! 重复档案: one person entered under two ID numbers is found, shown side by side, and merged so that it can be taken back.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Finding, Refusal, Timestamp};
use store::{Db, Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self as rows, Employee};
use super::terms::reason_of;
use super::view::{EmployeeState, EmployeeView, show};
use crate::employer_of;

/// Pairs shown at once.
const PAIRS_MOST: i64 = 200;

/// Two records that seem to be one person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DuplicatePair {
    /// The earlier record.
    pub first: EmployeeView,
    /// The later one.
    pub second: EmployeeView,
    /// What they share: `name_and_birth_date`, `name_and_phone`, `birth_date_and_phone`.
    pub shared: Vec<String>,
}

/// A merge to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewMerge {
    /// The record that stays.
    pub kept_id: Uuid,
    /// The record that is put away.
    pub merged_id: Uuid,
    /// Why they are one person.
    pub reason: String,
}

/// Two records of two people.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct KeptApart {
    /// One of the pair.
    pub first_id: Uuid,
    /// The other.
    pub second_id: Uuid,
    /// How that is known, such as: twins, both ID cards seen.
    pub reason: String,
}

/// A merge that was made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergeView {
    /// Key.
    pub id: Uuid,
    /// The record that stayed.
    pub kept_id: Uuid,
    /// 姓名 of it.
    pub kept_name: String,
    /// The record put away.
    pub merged_id: Uuid,
    /// Its ID number with the middle hidden.
    pub merged_id_masked: String,
    /// Why.
    pub reason: String,
    /// Who merged.
    pub merged_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub merged_at: Timestamp,
    /// Who took it back.
    pub undone_name: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub undone_at: Option<Timestamp>,
}

/// What the kept record took over from the other, to be given back.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Taken {
    phone: bool,
    household: bool,
}

/// Records that seem to be one person: same name and birth date, same name and phone, or same birth date and phone.
pub async fn find(actor: &Actor, db: &Db) -> Result<Vec<DuplicatePair>, Refusal> {
    actor.require(Permission::EmployeeView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let join = |on: &str| {
        format!(
            "SELECT a.id AS first_id, b.id AS second_id FROM employer_employee a JOIN employer_employee b
                 ON b.employer_id = a.employer_id AND {on} AND b.number > a.number AND b.merged_into IS NULL
             WHERE a.employer_id = $1 AND a.merged_into IS NULL AND NOT EXISTS (
                 SELECT 1 FROM employer_distinct d WHERE d.employer_id = a.employer_id AND d.first_id = a.id AND d.second_id = b.id)
             ORDER BY a.number, b.number LIMIT {PAIRS_MOST}"
        )
    };
    let mut shared: std::collections::BTreeMap<(Uuid, Uuid), Vec<String>> = std::collections::BTreeMap::new();
    for (word, on) in [
        ("name_and_birth_date", "b.birth_date = a.birth_date AND b.name = a.name"),
        ("name_and_phone", "b.phone_hash = a.phone_hash AND b.name = a.name"),
        (
            "birth_date_and_phone",
            "b.birth_date = a.birth_date AND b.phone_hash = a.phone_hash AND b.name <> a.name",
        ),
    ] {
        for row in q.all(&join(on), args![employer_id]).await? {
            let pair = (row.get("first_id")?, row.get("second_id")?);
            shared.entry(pair).or_default().push(word.to_string());
        }
    }
    let ids: std::collections::BTreeSet<Uuid> = shared.keys().flat_map(|(first, second)| [*first, *second]).collect();
    let filter = super::list::Filter {
        limit: ids.len() as i64,
        ids: Some(ids.into_iter().collect()),
        ..super::list::Filter::default()
    };
    let (people, _) = super::list::list(&mut q, employer_id, &filter).await?;
    let seen = |id: Uuid| people.iter().find(|one| one.id == id).map(|one| show(actor, one));
    Ok(shared
        .into_iter()
        .filter_map(|((first, second), shared)| {
            Some(DuplicatePair {
                first: seen(first)?,
                second: seen(second)?,
                shared,
            })
        })
        .collect())
}

/// The record was merged into another and is only read.
pub(super) fn merged_record() -> Refusal {
    Refusal::conflict("record_merged", "该档案已合并到另一档案", "this record was merged into another").remedy(
        "请在保留的档案上办理，或先撤销合并",
        "use the record that stayed, or undo the merge first",
    )
}

/// Merges two records. The one put away stays readable, and everything can be taken back.
pub async fn merge(actor: &Actor, db: &Db, new: NewMerge) -> Result<Uuid, Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let Some(reason) = reason_of(Some(&new.reason))? else {
        return Err(Refusal::invalid(
            Finding::blocking("merge_needs_reason", "请写明合并的依据", "say why they are one person")
                .field("reason")
                .remedy("如：已核对身份证原件", "such as: the ID card was seen"),
        ));
    };
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    let mut kept = rows::get(&mut tx, employer_id, new.kept_id).await?;
    let merged = rows::get(&mut tx, employer_id, new.merged_id).await?;
    weigh(&kept, &merged)?;
    let taken = take_over(db, &mut kept, &merged)?;
    kept.updated_at = clock::now();
    rows::update(&mut tx, &kept).await?;
    put_away(&mut tx, employer_id, merged.id, Some(kept.id)).await?;
    let (id, text) = (Uuid::now_v7(), serde_json::to_string(&taken).map_err(Refusal::internal)?);
    tx.execute(
        "INSERT INTO employer_merge (employer_id, id, kept_id, merged_id, reason, before_sealed, merged_name, merged_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            employer_id,
            id,
            kept.id,
            merged.id,
            &reason,
            db.cipher().seal_text("employer_merge", "before_sealed", id, &text)?,
            &actor.name,
            clock::now()
        ],
    )
    .await?;
    let after = json!({ "kept": kept.id, "merged": merged.id, "reason": reason });
    audit::record(&mut tx, actor, "employee.merge", "employee", kept.id, None, Some(after)).await?;
    tx.commit().await?;
    Ok(id)
}

/// 不是同一人: the pair is not shown again. Saying so twice changes nothing.
pub async fn keep_apart(actor: &Actor, db: &Db, pair: KeptApart) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let Some(reason) = reason_of(Some(&pair.reason))? else {
        return Err(Refusal::invalid(
            Finding::blocking(
                "distinct_needs_reason",
                "请写明不是同一人的依据",
                "say how you know they are two people",
            )
            .field("reason")
            .remedy("如：双胞胎，已核对两人身份证原件", "such as: twins, both ID cards were seen"),
        ));
    };
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    let mut both = [
        rows::get(&mut tx, employer_id, pair.first_id).await?,
        rows::get(&mut tx, employer_id, pair.second_id).await?,
    ];
    if both[0].id == both[1].id {
        return Err(Refusal::invalid(
            Finding::blocking("distinct_from_itself", "请选择两份不同的档案", "choose two different records").field("second_id"),
        ));
    }
    // As pairs are found: the earlier number first.
    both.sort_by_key(|one| one.number);
    let [first, second] = [both[0].id, both[1].id];
    let known = tx
        .execute(
            "INSERT INTO employer_distinct (employer_id, first_id, second_id, reason, said_name, said_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (employer_id, first_id, second_id) DO NOTHING",
            args![employer_id, first, second, &reason, &actor.name, clock::now()],
        )
        .await?
        == 0;
    if !known {
        let after = json!({ "first": first, "second": second, "reason": reason });
        audit::record(&mut tx, actor, "employee.distinct", "employee", first, None, Some(after)).await?;
    }
    tx.commit().await
}

fn weigh(kept: &Employee, merged: &Employee) -> Result<(), Refusal> {
    if kept.id == merged.id {
        return Err(Refusal::invalid(
            Finding::blocking("merge_with_itself", "请选择两份不同的档案", "choose two different records").field("merged_id"),
        ));
    }
    if kept.merged_into.is_some() || merged.merged_into.is_some() {
        return Err(merged_record());
    }
    let busy = matches!(
        merged.state,
        EmployeeState::Transferring | EmployeeState::Enrolling | EmployeeState::Insured
    );
    if busy && merged.left_on.is_none() {
        return Err(Refusal::conflict(
            "merge_of_insured_record",
            format!("要合并掉的档案（工号 {}）正在办理业务或仍在参保", merged.number),
            format!(
                "the record to be put away (no. {}) has a business on its way or is insured",
                merged.number
            ),
        )
        .remedy("请保留这一份，或先为它办理停保", "keep this one, or stop its insurance first"));
    }
    Ok(())
}

/// Fills what the kept record lacks.
fn take_over(db: &Db, kept: &mut Employee, merged: &Employee) -> Result<Taken, Refusal> {
    let mut taken = Taken::default();
    if kept.phone_sealed.is_none()
        && let Some(phone) = merged.phone(db.cipher())?
    {
        kept.phone_sealed = Some(rows::seal_phone(db.cipher(), kept.id, &phone)?);
        kept.phone_masked.clone_from(&merged.phone_masked);
        kept.phone_hash.clone_from(&merged.phone_hash);
        taken.phone = true;
    }
    if kept.household_region.is_none() && merged.household_region.is_some() {
        kept.household_region = merged.household_region;
        taken.household = true;
    }
    Ok(taken)
}

async fn put_away(tx: &mut store::Tx, employer_id: Uuid, id: Uuid, into: Option<Uuid>) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE employer_employee SET merged_into = $3, updated_at = $4, version = version + 1 WHERE employer_id = $1 AND id = $2",
        args![employer_id, id, into, clock::now()],
    )
    .await?;
    Ok(())
}

/// Takes a merge back: both records stand as before, except for what was changed since.
pub async fn undo(actor: &Actor, db: &Db, merge_id: Uuid) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    let row = tx
        .optional(
            "SELECT kept_id, merged_id, before_sealed, undone_at FROM employer_merge WHERE employer_id = $1 AND id = $2",
            args![employer_id, merge_id],
        )
        .await?
        .ok_or_else(|| Refusal::not_found("merge_not_found", "没有找到该合并记录", "no such merge"))?;
    if row.get::<Option<Timestamp>>("undone_at")?.is_some() {
        return Err(Refusal::conflict(
            "merge_undone",
            "该合并已撤销",
            "this merge was taken back already",
        ));
    }
    let sealed: Vec<u8> = row.get("before_sealed")?;
    let text = db.cipher().open_text("employer_merge", "before_sealed", merge_id, &sealed)?;
    let taken: Taken = serde_json::from_str(&text).map_err(Refusal::internal)?;
    let mut kept = rows::get(&mut tx, employer_id, row.get("kept_id")?).await?;
    let merged = rows::get(&mut tx, employer_id, row.get("merged_id")?).await?;
    // What was changed by hand since the merge stays.
    if taken.phone && kept.phone_hash == merged.phone_hash {
        (kept.phone_sealed, kept.phone_masked, kept.phone_hash) = (None, None, None);
    }
    if taken.household && kept.household_region == merged.household_region {
        kept.household_region = None;
    }
    kept.updated_at = clock::now();
    rows::update(&mut tx, &kept).await?;
    put_away(&mut tx, employer_id, merged.id, None).await?;
    tx.execute(
        "UPDATE employer_merge SET undone_name = $3, undone_at = $4 WHERE employer_id = $1 AND id = $2",
        args![employer_id, merge_id, &actor.name, clock::now()],
    )
    .await?;
    let after = json!({ "kept": kept.id, "merged": merged.id });
    audit::record(&mut tx, actor, "employee.merge_undo", "employee", kept.id, None, Some(after)).await?;
    tx.commit().await
}

/// Merges made here, newest first.
pub async fn merges(actor: &Actor, db: &Db) -> Result<Vec<MergeView>, Refusal> {
    actor.require(Permission::EmployeeView)?;
    let rows = db
        .read()
        .all(
            "SELECT m.id AS id, m.kept_id AS kept_id, m.merged_id AS merged_id, m.reason AS reason, m.merged_name AS merged_name,
                    m.merged_at AS merged_at, m.undone_name AS undone_name, m.undone_at AS undone_at, k.name AS kept_name, e.id_masked AS id_masked
             FROM employer_merge m
             JOIN employer_employee k ON k.employer_id = m.employer_id AND k.id = m.kept_id
             JOIN employer_employee e ON e.employer_id = m.employer_id AND e.id = m.merged_id
             WHERE m.employer_id = $1 ORDER BY m.merged_at DESC LIMIT 200",
            args![employer_of(actor)?],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(MergeView {
                id: row.get("id")?,
                kept_id: row.get("kept_id")?,
                kept_name: row.get("kept_name")?,
                merged_id: row.get("merged_id")?,
                merged_id_masked: row.get("id_masked")?,
                reason: row.get("reason")?,
                merged_name: row.get("merged_name")?,
                merged_at: row.get("merged_at")?,
                undone_name: row.get("undone_name")?,
                undone_at: row.get("undone_at")?,
            })
        })
        .collect()
}
