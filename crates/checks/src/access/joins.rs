//! Queries that compare a column of another class which nothing joins to what they ask for.
//!
//! - A query asks for objects of one class. A comparison with a column of another class says something of them only if a condition or
//!   a join relates the two.
//! - Without one, the database combines every object with every row of the other table: the comparison holds for all objects as soon as it
//!   holds for any row, so that what was to narrow the query lets all through.

use super::assignment::is_model;
use super::lookups::{NARROWING, root};
use crate::code::{Code, Defect};
use crate::settings::false_if;
use crate::{Check, Examined};
use assay_finding::{Confidence, Severity, StepKind};
use assay_index::FxHashMap;
use assay_ir::{BinaryOp, Op, Value};
use assay_resolve::{ClsId, FuncId, Object};

/// Steps from a call to the class that it asks for.
const MAX_STEPS: u32 = 12;
/// Conditions within one another.
const MAX_DEPTH: u32 = 6;

/// A comparison of a column with something that is no column.
struct Compared {
    call: Value,
    at: Value,
    of: ClsId,
}

/// What one query compares.
#[derive(Default)]
struct Query {
    of: String,
    compared: Vec<Compared>,
    /// Whether something relates classes: a join, or a comparison of two columns.
    joined: bool,
}

/// Each query that compares a column of a class that it does not ask for.
pub(super) fn examine(code: &Code<'_>, check: &'static Check, out: &mut Vec<Examined>) {
    for f in code.res.program.functions.ids() {
        if code.in_test(f) || code.res.program.module_of(f).template || !code.function(f).is_callable() {
            continue;
        }
        let mut queries: Vec<Query> = Vec::new();
        let mut roots: FxHashMap<Value, usize> = FxHashMap::default();
        for (call, inst) in code.function(f).insts.iter_enumerated() {
            let Op::Call { func, args } = &inst.op else { continue };
            let Op::Attr(base, name) = code.op(f, *func) else { continue };
            let name = code.text(*name);
            let narrows = NARROWING.contains(&name);
            let relates = matches!(
                name,
                "join"
                    | "outerjoin"
                    | "join_from"
                    | "outerjoin_from"
                    | "select_from"
                    | "from_statement"
                    | "correlate"
                    | "add_entity"
                    | "add_columns"
            );
            if !narrows && !relates {
                continue;
            }
            let Some((start, of)) = root(code, f, *base, MAX_STEPS).filter(|(start, _)| asks_for_all(code, f, *start))
            else {
                continue;
            };
            let index = *roots.entry(start).or_insert_with(|| {
                let of = code.text(code.res.program.class(of).name).to_owned();
                queries.push(Query { joined: asks_for_more(code, f, start), of, ..Query::default() });
                queries.len() - 1
            });
            let Some(query) = queries.get_mut(index) else { continue };
            query.joined |= relates;
            for arg in args {
                conditions(code, f, call, arg.value, MAX_DEPTH, query);
            }
        }
        for query in queries.into_iter().filter(|q| !q.joined) {
            let own = |c: &Compared| code.text(code.res.program.class(c.of).name) == query.of;
            let Some(other) = query.compared.iter().find(|c| !own(c) && !is_related(code, c.of, &query.of)) else {
                continue;
            };
            out.push(judged(code, check, f, &query.of, other));
        }
    }
}

/// Whether a query begins with a class or its manager: `user.tokens` are those of one user already.
fn asks_for_all(code: &Code<'_>, f: FuncId, start: Value) -> bool {
    match code.op(f, start) {
        Op::Attr(_, name) if code.objects(f, start).is_empty() => {
            let name = code.text(*name);
            ["objects", "query", "manager"].iter().any(|end| name.ends_with(end))
        }
        _ => true,
    }
}

/// Whether a query names several things that it asks for.
fn asks_for_more(code: &Code<'_>, f: FuncId, start: Value) -> bool {
    // The root of `session.query(A, B)` is the class; its call has more arguments.
    code.function(f).insts.iter().any(|inst| match &inst.op {
        Op::Call { args, .. } => args.len() > 1 && args.iter().any(|a| code.plain(f, a.value) == start),
        _ => false,
    })
}

/// Whether two classes share rows: one derives from the other.
fn is_related(code: &Code<'_>, class: ClsId, name: &str) -> bool {
    let named = |c: &ClsId| code.text(code.res.program.class(*c).name) == name;
    code.res.hierarchy.order(class).iter().any(named) || code.res.hierarchy.derived(class).iter().any(named)
}

/// The comparisons in a condition.
fn conditions(code: &Code<'_>, f: FuncId, call: Value, value: Value, depth: u32, query: &mut Query) {
    if depth == 0 {
        query.joined = true;
        return;
    }
    match code.op(f, code.plain(f, value)) {
        Op::Compare(_, a, b) => match (column(code, f, *a), column(code, f, *b)) {
            (Some(a), Some(b)) => query.joined |= a != b,
            (Some(of), None) => query.compared.push(Compared { call, at: *a, of }),
            (None, Some(of)) => query.compared.push(Compared { call, at: *b, of }),
            (None, None) => {}
        },
        Op::Binary(BinaryOp::BitAnd | BinaryOp::BitOr, a, b) => {
            conditions(code, f, call, *a, depth - 1, query);
            conditions(code, f, call, *b, depth - 1, query);
        }
        // `Owner.things.any(Thing.id == …)`: the relation joins.
        Op::Call { func, .. } if is_of_relation(code, f, *func) => query.joined = true,
        Op::Call { args, .. } => {
            for arg in args {
                conditions(code, f, call, arg.value, depth - 1, query);
            }
        }
        // What is handed over as a whole may relate anything.
        Op::Const(_) => {}
        _ => query.joined = true,
    }
}

/// Whether a function is a method of a relation of a class: `Owner.things.any`.
fn is_of_relation(code: &Code<'_>, f: FuncId, func: Value) -> bool {
    let Op::Attr(relation, name) = code.op(f, func) else { return false };
    matches!(code.text(*name), "any" | "has" | "contains" | "of_type" | "with_parent")
        && column(code, f, *relation).is_some()
}

/// The class whose column a value is.
fn column(code: &Code<'_>, f: FuncId, value: Value) -> Option<ClsId> {
    let Op::Attr(base, _) = code.op(f, code.plain(f, value)) else { return None };
    code.objects(f, *base).into_iter().find_map(|object| match object {
        Object::Class(class) if is_model(code, class) => Some(class),
        _ => None,
    })
}

fn judged(code: &Code<'_>, check: &'static Check, f: FuncId, of: &str, other: &Compared) -> Examined {
    let span = code.span(f, other.call);
    let (column, class) = (code.shown_value(f, other.at), code.text(code.res.program.class(other.of).name));
    let title = format!("A query for `{of}` compares `{column}`, and nothing joins the two: every `{of}` is found");
    let message = format!(
        "`{column}` is a column of `{class}`. Neither a join nor a condition relates a `{class}` to a `{of}`, so the comparison holds for every `{of}` as soon as it holds for any `{class}`."
    );
    let mut defect = Defect::potential("not-joined", title, message);
    defect.confidence = Confidence::Medium;
    defect.severity = Some(Severity::High);
    defect.lead(StepKind::Source, code.place(f, code.span(f, other.at)), format!("a column of `{class}`"));
    defect.step = format!("asks for `{of}` only");
    defect.assumptions.push(format!("`{column}` is compared to narrow what is found"));
    defect.false_if = false_if(check);
    of.clone_into(&mut defect.value);
    code.defect(check, f, span, of, defect)
}
