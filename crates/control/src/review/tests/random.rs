//! Random sequences of acts against a plain model of the rules: what the model refuses the engine refuses, what
//! it allows happens, and the lists of allowed actions say the same.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;

use super::fixture::*;
use crate::identity::Actor;
use crate::review::*;

/// The rules once more, as a table would say them.
struct Model {
    state: &'static str,
    level: u8,
    levels: u8,
    does: &'static str,
    posts: BTreeMap<usize, u8>,
    holder: Option<usize>,
    effects: i64,
    reversals: i64,
}

const PEOPLE: usize = 6;
/// Who may make and pass, approve, reverse and assign: clerk, clerk2, reviewer, reviewer2, supervisor, stranger.
const CLERKS: [usize; 2] = [0, 1];
const REVIEWERS: [usize; 3] = [2, 3, 4];
const SUPERVISOR: usize = 4;

impl Model {
    fn post(&self) -> u8 {
        match self.state {
            "in_compliance" => 1,
            "in_review" => 1 + self.level,
            _ => 99,
        }
    }

    fn free_for(&self, who: usize) -> bool {
        self.posts.get(&who).is_none_or(|post| *post == self.post()) && self.holder.is_none_or(|holder| holder == who)
    }

    /// Whether `who` may do `action`, whatever then comes of it.
    fn allows(&self, who: usize, action: Action) -> bool {
        let waiting = matches!(self.state, "in_compliance" | "in_review");
        let editable = matches!(self.state, "draft" | "returned");
        let turn = match self.state {
            "in_compliance" => CLERKS.contains(&who),
            "in_review" => REVIEWERS.contains(&who),
            _ => false,
        } && self.free_for(who);
        match action {
            Action::Edit | Action::Submit => editable && who == 0,
            Action::Withdraw => (editable || waiting) && who == 0,
            Action::Take => turn && self.holder.is_none(),
            Action::Release => waiting && self.holder.is_some() && (self.holder == Some(who) || who == SUPERVISOR),
            Action::Assign => waiting && who == SUPERVISOR,
            Action::Pass => turn && self.state == "in_compliance",
            Action::Approve => turn && self.state == "in_review",
            Action::Return | Action::Refuse => turn,
            Action::Reverse => self.state == "effective" && who == SUPERVISOR && self.free_for(who),
        }
    }

    /// Does an allowed `action`; false when it is refused for what the form does.
    fn perform(&mut self, who: usize, action: Action) -> bool {
        match action {
            Action::Edit => self.does = "good",
            Action::Submit => {
                let bad = matches!(self.does, "bad_form" | "bad_books");
                self.state = if bad { "returned" } else { "in_compliance" };
            }
            Action::Withdraw => (self.state, self.holder) = ("withdrawn", None),
            Action::Take => self.holder = Some(who),
            Action::Release => self.holder = None,
            Action::Pass | Action::Approve => return self.forward(who),
            Action::Return | Action::Refuse => {
                self.posts.insert(who, self.post());
                self.state = if action == Action::Return { "returned" } else { "refused" };
                self.holder = None;
            }
            Action::Reverse => {
                if self.does == "reverse_fails" {
                    return false;
                }
                self.posts.insert(who, 99);
                self.state = "reversed";
                self.reversals += 1;
            }
            Action::Assign => return false,
        }
        true
    }

    fn forward(&mut self, who: usize) -> bool {
        let done = if self.state == "in_compliance" { 0 } else { self.level };
        let last = done == self.levels;
        if self.does == "bad_compliance" || (last && self.does == "effect_fails") {
            return false;
        }
        self.posts.insert(who, self.post());
        self.holder = None;
        if last {
            self.state = "effective";
            self.effects += 1;
        } else {
            (self.state, self.level) = ("in_review", done + 1);
        }
        true
    }
}

#[derive(Clone, Debug)]
struct Sequence {
    levels: u8,
    does: &'static str,
    by_message: bool,
    acts: Vec<(usize, Action, bool)>,
}

/// Random people do random things; half of the acts are of the usual way, so that cases get far.
fn sequences() -> impl Strategy<Value = Sequence> {
    let does = prop::sample::select(vec![
        "good",
        "good",
        "good",
        "bad_form",
        "bad_books",
        "bad_compliance",
        "effect_fails",
        "reverse_fails",
    ]);
    // Assigning is not offered and needs a stored user; it has its own test.
    let any = prop::sample::select(Action::ALL.to_vec());
    let usual = prop::sample::select(vec![
        (0, Action::Submit),
        (1, Action::Pass),
        (0, Action::Pass),
        (2, Action::Approve),
        (3, Action::Approve),
        (4, Action::Approve),
        (2, Action::Return),
        (0, Action::Edit),
        (4, Action::Reverse),
    ]);
    let act = prop_oneof![
        2 => (0..PEOPLE, any, prop::bool::weighted(0.1)),
        3 => (usual, prop::bool::weighted(0.05)).prop_map(|((who, action), stale)| (who, action, stale)),
    ];
    (0_u8..=3, does, prop::bool::ANY, prop::collection::vec(act, 1..28)).prop_map(|(levels, does, by_message, acts)| Sequence {
        levels,
        does,
        by_message,
        acts,
    })
}

const BUSINESSES: [&str; 4] = ["sample0", "sample1", "sample2", "sample3"];

/// Plays one sequence; gives whether the case took effect and whether it was reversed.
async fn simulate(desk: &Desk, sequence: Sequence) -> (i64, i64) {
    let people = [
        &desk.clerk,
        &desk.clerk2,
        &desk.reviewer,
        &desk.reviewer2,
        &desk.supervisor,
        &desk.stranger,
    ];
    let business = BUSINESSES[usize::from(sequence.levels)];
    let (mut case, state, posts) = if sequence.by_message {
        let case = desk.message(business, sequence.does, Uuid::now_v7()).await;
        let bad = matches!(sequence.does, "bad_form" | "bad_books");
        (case, if bad { "returned" } else { "in_compliance" }, BTreeMap::new())
    } else {
        (desk.draft(business, sequence.does).await, "draft", BTreeMap::from([(0, 0)]))
    };
    let mut model = Model {
        state,
        level: 0,
        levels: sequence.levels,
        does: sequence.does,
        posts,
        holder: None,
        effects: 0,
        reversals: 0,
    };
    let mut done = 0;
    for (who, action, stale) in sequence.acts {
        // A message's case has no maker, so nobody edits, submits or withdraws it by hand.
        let by_maker = matches!(action, Action::Edit | Action::Submit | Action::Withdraw);
        let allowed = model.allows(who, action) && !(sequence.by_message && by_maker);
        assert_eq!(
            allowed_actions(people[who], &desk.registry, &case).contains(&action),
            allowed,
            "{action:?} by {who} on {case:?}"
        );
        // Taking and releasing name no version: they change nothing that was decided.
        let stale = stale && !matches!(action, Action::Take | Action::Release);
        let taken_again = action == Action::Take && case.assignee == Some(people[who].user_id);
        let expected = (allowed && !stale && model.perform(who, action)) || taken_again;
        let version = if stale { case.version - 1 } else { case.version };
        let before = desk.trace(case.id).await;
        match desk.act(people[who], action, case.id, version).await {
            Ok(next) => {
                assert!(expected, "{action:?} by {who} on {case:?} was allowed");
                done += i64::from(!taken_again);
                case = next;
            }
            Err(refusal) => {
                assert!(!expected, "{action:?} by {who} on {case:?}: {refusal}");
                assert_eq!(desk.trace(case.id).await, before, "a refused {action:?} left a trace");
            }
        }
        if model.state != "in_review" {
            model.level = 0;
        }
        assert_eq!((case.state.key(), case.state.level()), (model.state, model.level));
    }
    settle(desk, &case, &model, done, people).await;
    (model.effects, model.reversals)
}

/// What must hold at the end of every sequence.
async fn settle(desk: &Desk, case: &Case, model: &Model, done: i64, people: [&Actor; PEOPLE]) {
    assert_eq!(noted(&desk.db, case.id, "effect").await, model.effects);
    assert!(model.effects <= 1, "the effect happened {} times", model.effects);
    assert_eq!(noted(&desk.db, case.id, "reversed").await, model.reversals);
    assert_eq!(audited(&desk.db, case.id).await, done + 1, "one audit event an act");
    assert_eq!(
        rows_about(&desk.db, "control_case_handler", case.id).await,
        model.posts.len() as i64
    );
    let steps = history(people[0], &desk.db, case.id).await.unwrap();
    if model.effects == 1 {
        // Before the effect, in the last round: one pass and one approval a level, each by another person.
        let round = steps.iter().map(|step| step.round).max().unwrap();
        let checks: Vec<Uuid> = steps
            .iter()
            .filter(|step| step.round == round && matches!(step.act, Act::Passed | Act::Approved))
            .map(|step| step.user_id)
            .collect();
        let mut people = checks.clone();
        people.sort();
        people.dedup();
        assert_eq!(
            (checks.len(), people.len()),
            (usize::from(model.levels) + 1, usize::from(model.levels) + 1)
        );
        assert!(case.maker.is_none_or(|maker| !people.contains(&maker)), "the maker checked");
    }
}

store::both! {
    async fn random_sequences_follow_the_rules(db: Db) {
        let desk = Desk::new(db).await;
        let mut runner = TestRunner::new(Config { cases: 128, failure_persistence: None, ..Config::default() });
        let reached = std::sync::Mutex::new((0, 0));
        tokio::task::block_in_place(|| {
            runner
                .run(&sequences(), |sequence| {
                    let (effects, reversals) = tokio::runtime::Handle::current().block_on(simulate(&desk, sequence));
                    let mut reached = reached.lock().unwrap();
                    *reached = (reached.0 + effects, reached.1 + reversals);
                    Ok(())
                })
                .unwrap_or_else(|failure| panic!("{failure}"));
        });
        let (effects, reversals) = reached.into_inner().unwrap();
        assert!(effects >= 5 && reversals >= 1, "the sequences hardly got anywhere: {effects} effects, {reversals} reversals");
    }

    async fn two_people_at_once_decide_once(db: Db) {
        let desk = Desk::new(db).await;
        for _ in 0..8 {
            let case = desk.message("sample1", "good", Uuid::now_v7()).await;
            let case = desk.must(&desk.clerk, Action::Pass, &case).await;
            let (one, two) = tokio::join!(
                desk.act(&desk.reviewer, Action::Approve, case.id, case.version),
                desk.act(&desk.reviewer2, Action::Approve, case.id, case.version)
            );
            assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
            assert_eq!(noted(&desk.db, case.id, "effect").await, 1);
        }
    }

    async fn the_same_message_at_once_opens_one_case(db: Db) {
        let desk = Desk::new(db).await;
        let id = Uuid::now_v7();
        let (one, two) = tokio::join!(desk.message("sample1", "good", id), desk.message("sample1", "good", id));
        assert_eq!(one.id, two.id);
    }
}
