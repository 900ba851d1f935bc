//! What a number is at most, read off the code: constants, defaults, what callers pass, the sizes of collections.

use super::loops::loops;
use crate::code::{Code, Passed};
use assay_dataflow::ValueBlocks;
use assay_ir::{ArgKind, BinaryOp, Const, Op, Value};
use assay_resolve::FuncId;
use std::fmt::Write as _;

/// Steps from a number to what it is made from.
const MAX_DEPTH: u32 = 6;
/// Callers of a function that are asked what they pass.
const MAX_CALLERS: usize = 64;

/// What bounds a number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Bound {
    /// The number that it is at most, when that is known.
    pub(super) most: Option<i64>,
    /// What bounds it, in words; empty for a constant.
    pub(super) by: String,
}

impl Bound {
    fn constant(most: i64) -> Self {
        Self { most: Some(most), by: String::new() }
    }

    fn by(by: String) -> Self {
        Self { most: None, by }
    }
}

/// What bounds a value; `None` when nothing was found.
pub(super) fn bound(code: &Code<'_>, f: FuncId, value: Value) -> Option<Bound> {
    Bounds { code }.of(f, value, MAX_DEPTH)
}

/// What bounds the loops around a value, from the outermost on; `None` for one without a bound.
pub(super) fn around(code: &Code<'_>, f: FuncId, value: Value) -> Vec<(String, Option<Bound>)> {
    let function = code.function(f);
    let Some(block) = ValueBlocks::new(function).block(value) else { return Vec::new() };
    let mut found = loops(function);
    found.retain(|l| l.body.contains(&block));
    found.sort_by_key(|l| std::cmp::Reverse(l.body.len()));
    found
        .iter()
        .map(|l| {
            let iterable =
                function.blocks.iter_enumerated().filter(|(b, _)| l.body.contains(b)).find_map(|(_, code)| {
                    code.insts.iter().find_map(|v| match function.op(*v) {
                        Op::Next(iterable) if !is_within(function, *iterable, l) => Some(*iterable),
                        _ => None,
                    })
                });
            match iterable {
                Some(iterable) => {
                    let shown = code.shown_value(f, iterable);
                    (shown, Bounds { code }.iterations(f, iterable, MAX_DEPTH))
                }
                None => ("while".to_owned(), None),
            }
        })
        .collect()
}

fn is_within(function: &assay_ir::Function, value: Value, the_loop: &super::loops::Loop) -> bool {
    the_loop.body.iter().any(|b| function.blocks[*b].insts.contains(&value))
}

struct Bounds<'c, 'a> {
    code: &'c Code<'a>,
}

impl Bounds<'_, '_> {
    fn of(&self, f: FuncId, value: Value, depth: u32) -> Option<Bound> {
        let depth = depth.checked_sub(1)?;
        let code = self.code;
        let value = code.plain(f, value);
        if let Some(assay_values::ConstValue::Int(most)) = assay_taint::constant(code.res, f, value) {
            let by = match code.op(f, value) {
                Op::Const(_) => String::new(),
                _ => format!("`{}` is {most}", code.shown_value(f, value)),
            };
            return Some(Bound { most: Some(most), by });
        }
        match code.op(f, value) {
            Op::Const(Const::Float(_) | Const::Bool(_)) => Some(Bound::constant(1)),
            Op::Param(index) => self.of_parameter(f, *index, depth),
            Op::Phi(inputs) => {
                let mut out: Option<Bound> = None;
                for (_, input) in inputs.iter().filter(|(_, v)| *v < value) {
                    let next = self.of(f, *input, depth)?;
                    out = Some(match out {
                        None => next,
                        Some(have) => greater(&have, &next),
                    });
                }
                if inputs.iter().any(|(_, v)| *v >= value) { None } else { out }
            }
            Op::Binary(op @ (BinaryOp::Add | BinaryOp::Mul), a, b) => {
                let (a, b) = (self.of(f, *a, depth)?, self.of(f, *b, depth)?);
                let most = a.most.zip(b.most).and_then(|(a, b)| match op {
                    BinaryOp::Add => a.checked_add(b),
                    _ => a.checked_mul(b),
                });
                Some(Bound { most, by: joined(&a.by, &b.by) })
            }
            Op::Binary(BinaryOp::Sub | BinaryOp::FloorDiv | BinaryOp::Div | BinaryOp::ShiftRight, a, _) => {
                self.of(f, *a, depth)
            }
            Op::Binary(BinaryOp::Mod, _, b) => self.of(f, *b, depth),
            Op::Call { args, .. } => self.of_call(f, value, args, depth),
            Op::Attr(..) | Op::Global(_) | Op::Item(..) if self.is_configured(f, value) => {
                Some(Bound::by(format!("`{}`, which whoever runs the program sets", code.shown_value(f, value))))
            }
            _ => None,
        }
    }

    fn of_call(&self, f: FuncId, call: Value, args: &[assay_ir::Arg], depth: u32) -> Option<Bound> {
        let code = self.code;
        let callee = code.callee(f, call);
        match callee.as_str() {
            "len" => {
                let what = args.first().map(|a| code.shown_value(f, a.value)).unwrap_or_default();
                Some(Bound::by(format!("the length of `{what}`")))
            }
            "min" if args.len() > 1 => {
                args.iter().filter_map(|a| self.of(f, a.value, depth)).min_by_key(|b| b.most.unwrap_or(i64::MAX))
            }
            "max" if args.len() > 1 => {
                let mut out = None;
                for arg in args {
                    let next = self.of(f, arg.value, depth)?;
                    out = Some(match out {
                        Some(have) => greater(&have, &next),
                        None => next,
                    });
                }
                out
            }
            "int" | "float" | "abs" | "round" | "math.ceil" | "math.floor" => {
                args.first().and_then(|a| self.of(f, a.value, depth))
            }
            "ord" => Some(Bound::constant(0x0010_ffff)),
            "random.randint" | "random.randrange" => args.last().and_then(|a| self.of(f, a.value, depth)),
            _ => None,
        }
    }

    /// Whether a value is an option of a configuration.
    fn is_configured(&self, f: FuncId, value: Value) -> bool {
        let code = self.code;
        let mut at = value;
        for _ in 0..6 {
            if code.res.apis_of(f, at).any(|api| {
                let name = code.api(api);
                name.starts_with("oslo_config.") || name.starts_with("django.conf.settings")
            }) {
                return true;
            }
            match code.op(f, at) {
                Op::Attr(base, _) | Op::Item(base, _) => at = *base,
                Op::Global(name) => return matches!(code.text(*name), "CONF" | "settings"),
                _ => return false,
            }
        }
        false
    }

    fn of_parameter(&self, f: FuncId, index: u32, depth: u32) -> Option<Bound> {
        let code = self.code;
        let name = code.text(code.function(f).params.get(index as usize)?.name);
        let callers = code.callers(f);
        if callers.len() > MAX_CALLERS {
            return None;
        }
        let (mut most, mut least): (Option<i64>, Option<i64>) = (None, None);
        let mut by = String::new();
        let mut add = |bound: Bound| match bound.most {
            Some(n) => {
                most = Some(most.map_or(n, |m| m.max(n)));
                least = Some(least.map_or(n, |m| m.min(n)));
            }
            None => by = joined(&by, &bound.by),
        };
        for caller in callers {
            match code.argument_for(*caller, f, index) {
                Passed::Value(value) => add(self.of(caller.function, value, depth)?),
                Passed::Missing => {
                    let (definer, default) = code.default(f, index)?;
                    add(self.of(definer, default, depth)?);
                }
                Passed::Unknown => return None,
            }
        }
        if callers.is_empty() {
            let (definer, default) = code.default(f, index)?;
            let default = self.of(definer, default, depth)?;
            let by = format!("`{name}` is {} by default, and no call was found", default.most?);
            return Some(Bound { most: default.most, by });
        }
        let calls = if callers.len() == 1 {
            "the one call site found".to_owned()
        } else {
            format!("the {} call sites found", callers.len())
        };
        let words = match (most, least) {
            (Some(most), Some(least)) if most == least && by.is_empty() => {
                if callers.len() == 1 {
                    format!("`{name}` is {most} at {calls}")
                } else {
                    format!("`{name}` is {most} at every one of {calls}")
                }
            }
            (Some(most), _) if by.is_empty() => format!("`{name}` is at most {most} at {calls}"),
            _ => format!("`{name}` is, at {calls}, {by}"),
        };
        Some(Bound { most: if by.is_empty() { most } else { None }, by: words })
    }

    /// How often a loop over a value runs.
    fn iterations(&self, f: FuncId, iterable: Value, depth: u32) -> Option<Bound> {
        let code = self.code;
        let iterable = code.plain(f, iterable);
        match code.op(f, iterable) {
            Op::Collection(_, elements) if elements.iter().all(|e| !e.spread) => {
                Some(Bound::constant(i64::try_from(elements.len()).unwrap_or(i64::MAX)))
            }
            Op::Call { args, .. } => match code.callee(f, iterable).as_str() {
                "range" => self.of_range(f, args, depth),
                "enumerate" | "reversed" | "sorted" | "list" | "tuple" | "zip" | "iter" => {
                    args.first().and_then(|a| self.iterations(f, a.value, depth))
                }
                _ => None,
            },
            _ => {
                let size = assay_taint::constant(code.res, f, iterable)?;
                match size {
                    assay_values::ConstValue::Sequence(items) | assay_values::ConstValue::Mapping(items) => {
                        Some(Bound::constant(i64::try_from(items.len()).unwrap_or(i64::MAX)))
                    }
                    _ => None,
                }
            }
        }
    }

    fn of_range(&self, f: FuncId, args: &[assay_ir::Arg], depth: u32) -> Option<Bound> {
        if args.iter().any(|a| a.kind != ArgKind::Positional) {
            return None;
        }
        let (start, stop) = match args {
            [stop] => (None, stop.value),
            [start, stop, ..] => (Some(start.value), stop.value),
            [] => return None,
        };
        let mut out = self.of(f, stop, depth)?;
        if let (Some(start), Some(most)) = (start, out.most)
            && let Some(assay_values::ConstValue::Int(start)) = assay_taint::constant(self.code.res, f, start)
        {
            out.most = Some(most.saturating_sub(start).max(0));
        }
        Some(out)
    }
}

/// How often a call of `range` lets its loop run.
pub(super) fn of_range(code: &Code<'_>, f: FuncId, call: Value) -> Option<Bound> {
    match code.op(f, call) {
        Op::Call { args, .. } => Bounds { code }.of_range(f, args, MAX_DEPTH),
        _ => None,
    }
}

fn greater(a: &Bound, b: &Bound) -> Bound {
    let most = a.most.zip(b.most).map(|(a, b)| a.max(b));
    Bound { most, by: joined(&a.by, &b.by) }
}

fn joined(a: &str, b: &str) -> String {
    let mut out = a.to_owned();
    if !b.is_empty() && a != b {
        if !a.is_empty() {
            out.push_str("; ");
        }
        out.push_str(b);
    }
    out
}

/// The bound of something that is done within loops, in words: `at most 5 × 10: …`; `None` when one factor is unknown.
pub(super) fn in_words(loops: &[(String, Option<Bound>)], own: &Bound, shown: &str) -> String {
    let mut out = String::new();
    let mut reasons = String::new();
    let mut product: Option<i64> = Some(1);
    let mut factors = 0;
    let mut add = |bound: Option<&Bound>, name: &str| {
        if factors > 0 {
            out.push_str(" × ");
        }
        factors += 1;
        match bound {
            Some(Bound { most: Some(most), by }) if by.is_empty() => {
                let _ = write!(out, "{most}");
                product = product.and_then(|p| p.checked_mul(*most));
            }
            Some(bound) => {
                let _ = write!(out, "`{name}`");
                reasons = joined(&reasons, &bound.by);
                product = product.zip(bound.most).and_then(|(p, m)| p.checked_mul(m));
            }
            None => {
                let _ = write!(out, "each turn of `{name}`");
                product = None;
            }
        }
    };
    for (name, bound) in loops {
        add(bound.as_ref(), name);
    }
    add(Some(own), shown);
    let mut text = format!("at most {out} times");
    if !reasons.is_empty() {
        text.push_str(": ");
        text.push_str(&reasons);
        if let Some(product) = product.filter(|_| factors > 1) {
            let _ = write!(text, "; {product} in all");
        }
    }
    text
}

/// Whether a value is visibly a number: the result of a conversion or of arithmetic.
pub(super) fn is_number(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    let value = code.plain(f, value);
    match code.op(f, value) {
        Op::Const(Const::Int(_) | Const::BigInt(_)) => true,
        Op::Binary(op, ..) => !matches!(op, BinaryOp::Mod | BinaryOp::Add | BinaryOp::Mul),
        Op::Call { .. } => {
            let callee = code.callee(f, value);
            matches!(callee.as_str(), "int" | "round" | "abs" | "len" | "int.from_bytes" | "ord" | "pow")
        }
        _ => false,
    }
}
