//! A business whose form says how it behaves, the people of one agency, and short ways to act.

use async_trait::async_trait;
use serde_json::json;
use standard::{Date, Finding, Organisation, Refusal, Text};
use store::{Db, Query, Tx, args};
use uuid::Uuid;

use crate::identity::{Actor, Role};
use crate::review::*;

/// `{"does": "good" | "bad_form" | "bad_books" | "bad_compliance" | "effect_fails" | "reverse_fails"}`.
pub struct Sample {
    pub key: &'static str,
    pub levels: u8,
}

#[async_trait]
impl Business for Sample {
    fn key(&self) -> &'static str {
        self.key
    }
    fn name(&self) -> Text {
        Text::new("样例业务", "sample")
    }
    fn levels(&self) -> u8 {
        self.levels
    }
    fn due_working_days(&self) -> Option<u32> {
        Some(15)
    }
    fn accuracy(&self, form: &Form, _today: Date) -> Vec<Finding> {
        if form["does"] == "bad_form" {
            vec![
                Finding::blocking("form_bad", "表单有误", "bad form")
                    .field("does")
                    .remedy("更正", "correct it"),
            ]
        } else {
            vec![Finding::info("form_seen", "已检查", "checked")]
        }
    }
    async fn accuracy_in_books(&self, _tx: &mut Tx, case: &Case, _today: Date) -> Result<Vec<Finding>, Refusal> {
        Ok(if case.form["does"] == "bad_books" {
            vec![Finding::blocking("books_bad", "台账不符", "books differ")]
        } else {
            vec![]
        })
    }
    async fn compliance(&self, _tx: &mut Tx, case: &Case, _today: Date) -> Result<Vec<Finding>, Refusal> {
        Ok(if case.form["does"] == "bad_compliance" {
            vec![Finding::blocking("arrears", "有欠费", "arrears").remedy("补缴", "pay")]
        } else {
            vec![Finding::warning("look", "请核对", "look")]
        })
    }
    async fn effect(&self, tx: &mut Tx, case: &Case, _actor: &Actor) -> Result<Effect, Refusal> {
        note(tx, case, "effect").await?;
        if case.form["does"] == "effect_fails" {
            return Err(Refusal::conflict("effect_failed", "生效失败", "the effect failed"));
        }
        Ok(Effect {
            result: json!({ "done": true }),
        })
    }
    async fn returned(&self, tx: &mut Tx, case: &Case, reasons: &[Reason], last: bool) -> Result<(), Refusal> {
        assert!(!reasons.is_empty());
        note(tx, case, if last { "refused" } else { "returned" }).await
    }
    async fn withdrawn(&self, tx: &mut Tx, case: &Case) -> Result<(), Refusal> {
        note(tx, case, "withdrawn").await
    }
    fn reversible(&self, case: &Case, _today: Date) -> bool {
        case.form["does"] != "irreversible"
    }
    async fn reverse(&self, tx: &mut Tx, case: &Case, _actor: &Actor) -> Result<(), Refusal> {
        note(tx, case, "reversed").await?;
        if case.form["does"] == "reverse_fails" {
            return Err(Refusal::conflict("reverse_failed", "回退失败", "the reversal failed"));
        }
        Ok(())
    }
    fn view(&self, case: &Case) -> Vec<Section> {
        let value = case.form["does"].as_str().unwrap_or_default();
        let before = case.before.as_ref().and_then(|form| form["does"].as_str()).map(str::to_owned);
        let line = ViewField::new("does", Text::new("行为", "behaviour"), value).before(before);
        vec![Section {
            title: Text::new("样例", "sample"),
            fields: vec![line],
        }]
    }
}

/// What the sample business did, in a table of its own.
async fn note(tx: &mut Tx, case: &Case, what: &str) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO sample_note (case_id, what, state) VALUES ($1, $2, $3)",
        args![case.id, what, case.state.key()],
    )
    .await?;
    Ok(())
}

/// How often the sample business did `what` for the case, as committed.
pub async fn noted(db: &Db, id: Uuid, what: &str) -> i64 {
    let sql = "SELECT COUNT(*) AS n FROM sample_note WHERE case_id = $1 AND what = $2";
    db.read().one(sql, args![id, what]).await.unwrap().get("n").unwrap()
}

/// Rows of `table` about the case, as committed.
pub async fn rows_about(db: &Db, table: &str, id: Uuid) -> i64 {
    let sql = format!("SELECT COUNT(*) AS n FROM {table} WHERE case_id = $1");
    db.read().one(&sql, args![id]).await.unwrap().get("n").unwrap()
}

/// Audit events of the case, as committed.
pub async fn audited(db: &Db, id: Uuid) -> i64 {
    let sql = "SELECT COUNT(*) AS n FROM control_audit WHERE object = 'case' AND object_id = $1";
    db.read().one(sql, args![id.to_string()]).await.unwrap().get("n").unwrap()
}

/// One agency with its people, and the sample businesses with 0 to 3 levels.
pub struct Desk {
    pub db: Db,
    pub registry: Registry,
    pub clerk: Actor,
    pub clerk2: Actor,
    pub reviewer: Actor,
    pub reviewer2: Actor,
    pub supervisor: Actor,
    pub stranger: Actor,
}

pub fn agency() -> Organisation {
    "agency:430100".parse().unwrap()
}

fn person(name: &str, organisation: Organisation, role: Role) -> Actor {
    Actor {
        user_id: Uuid::now_v7(),
        name: name.to_owned(),
        organisation,
        role,
    }
}

impl Desk {
    pub async fn new(db: Db) -> Self {
        let mut tx = db.begin().await.unwrap();
        tx.execute("CREATE TABLE sample_note (case_id UUID, what TEXT, state TEXT)", args![])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let registry = Registry::new(vec![
            Box::new(Sample { key: "sample0", levels: 0 }),
            Box::new(Sample { key: "sample1", levels: 1 }),
            Box::new(Sample { key: "sample2", levels: 2 }),
            Box::new(Sample { key: "sample3", levels: 3 }),
        ]);
        Self {
            registry,
            clerk: person("甲", agency(), Role::AgencyClerk),
            clerk2: person("乙", agency(), Role::AgencyClerk),
            reviewer: person("丙", agency(), Role::AgencyReviewer),
            reviewer2: person("丁", agency(), Role::AgencyReviewer),
            supervisor: person("戊", agency(), Role::AgencySupervisor),
            stranger: person("己", "agency:420100".parse().unwrap(), Role::AgencyClerk),
            db,
        }
    }
}

impl Desk {
    /// Opens a draft of the clerk's that behaves as `does` says.
    pub async fn draft(&self, business: &str, does: &str) -> Case {
        let new = NewCase {
            business: business.to_owned(),
            subject: subject(),
            form: json!({ "does": does }),
            before: None,
        };
        let mut tx = self.db.begin().await.unwrap();
        let case = draft(&self.clerk, &mut tx, &self.registry, new).await.unwrap();
        tx.commit().await.unwrap();
        case
    }

    /// Opens a case by a message.
    pub async fn message(&self, business: &str, does: &str, message_id: Uuid) -> Case {
        let message = MessageCase {
            owner: agency(),
            business: business.to_owned(),
            subject: subject(),
            form: json!({ "does": does }),
            source: source(message_id),
        };
        let mut tx = self.db.begin().await.unwrap();
        let case = open_from_message(&mut tx, &self.registry, message).await.unwrap();
        tx.commit().await.unwrap();
        case
    }

    /// Performs an act and commits it, or drops the transaction when it is refused.
    pub async fn act(&self, actor: &Actor, action: Action, id: Uuid, version: i64) -> Result<Case, Refusal> {
        let mut tx = self.db.begin().await.unwrap();
        let decision = Decision {
            version,
            ..Decision::default()
        };
        let (db, registry) = (&mut tx, &self.registry);
        let done = match action {
            Action::Edit => edit(actor, db, id, version, subject(), json!({ "does": "good", "edited": true })).await,
            Action::Submit => submit(actor, db, registry, id, version).await,
            Action::Withdraw => withdraw(actor, db, registry, id, version, Some("不办了")).await,
            Action::Take => take(actor, db, id).await,
            Action::Release => release(actor, db, id).await,
            Action::Assign => assign(actor, db, id, self.clerk2.user_id).await,
            Action::Pass => pass(actor, db, registry, id, &decision).await,
            Action::Approve => approve(actor, db, registry, id, &decision).await,
            Action::Return => return_for_correction(actor, db, registry, id, &decision.because("field_missing")).await,
            Action::Refuse => refuse(actor, db, registry, id, &decision.because("retired")).await,
            Action::Reverse => {
                reverse(
                    actor,
                    db,
                    registry,
                    id,
                    &Decision {
                        opinion: Some("办错".into()),
                        ..decision
                    },
                )
                .await
            }
        };
        if done.is_ok() {
            tx.commit().await.unwrap();
        }
        done
    }

    /// An act that must succeed.
    pub async fn must(&self, actor: &Actor, action: Action, case: &Case) -> Case {
        self.act(actor, action, case.id, case.version)
            .await
            .unwrap_or_else(|refusal| panic!("{action:?} on {case:?}: {refusal}"))
    }

    /// The rule by which an act is refused; it must leave no trace.
    pub async fn refused(&self, actor: &Actor, action: Action, case: &Case) -> String {
        let before = self.trace(case.id).await;
        let refusal = self
            .act(actor, action, case.id, case.version)
            .await
            .expect_err("the act must be refused");
        assert_eq!(self.trace(case.id).await, before, "a refused {action:?} left a trace");
        refusal.rule().to_owned()
    }

    /// Everything an act may change.
    pub async fn trace(&self, id: Uuid) -> (CaseState, i64, i64, i64, i64, i64) {
        let mut tx = self.db.begin().await.unwrap();
        let case = find(&mut tx, &agency(), id).await.unwrap();
        drop(tx);
        (
            case.state,
            case.version,
            rows_about(&self.db, "control_case_step", id).await,
            rows_about(&self.db, "control_case_handler", id).await,
            rows_about(&self.db, "sample_note", id).await,
            audited(&self.db, id).await,
        )
    }
}

pub fn subject() -> Subject {
    Subject {
        name: "王敏".into(),
        id_masked: Some("4301**********1234".into()),
        person: None,
    }
}

pub fn source(message_id: Uuid) -> Source {
    Source {
        from: "agency:420100".parse().unwrap(),
        message_id,
    }
}
