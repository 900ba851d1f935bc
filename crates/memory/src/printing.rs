//! Calls that print and scan by a format.

use crate::analyzer::Analyzer;
use crate::formats::{Directive, directives};
use crate::library::{Size, Whence};
use crate::library_calls::Call;
use crate::linear::{INFINITY, Linear};
use crate::numbers::{Range, Why};
use crate::state::{Place, State, VarOrigin};
use crate::value::{Origin, Pointer, SourceKind, Val};
use assay_ir::Type;

impl Analyzer<'_, '_> {
    /// The directives of a format, when it is constant.
    fn format_of(&mut self, call: &Call<'_>, at: usize, scan: bool) -> Option<Vec<Directive>> {
        let target = call.pointer(at)?.only()?;
        let Origin::Literal(symbol, _) = self.names.objects.origin(target.obj) else { return None };
        if target.offset != Linear::default() {
            return None;
        }
        Some(directives(self.module.strings.resolve(symbol), scan))
    }

    /// The length of what `printf` makes of its arguments.
    pub(crate) fn printed_length(&mut self, state: &mut State, call: &Call<'_>, format: usize) -> Option<Linear> {
        let directives = self.format_of(call, format, false)?;
        let mut sum = Linear::default();
        let mut next = format + 1;
        for (number, directive) in directives.iter().enumerate() {
            let length = match directive {
                Directive::Text(length) => Linear::constant(*length as i128),
                Directive::Value { letter, width, precision, star, .. } => {
                    next += usize::from(*star);
                    let at = next;
                    next += 1;
                    let least = i128::from(width.unwrap_or(0));
                    match letter {
                        's' if !star => {
                            let length = self.size(state, call, &Size::Length(at))?;
                            match precision {
                                Some(most) if !state.numbers.at_most(&length, &Linear::constant(i128::from(*most))) => {
                                    self.length_between(state, call, number, 0, i128::from(*most))
                                }
                                _ if least > 0 => {
                                    let upper = state.numbers.upper(&length);
                                    self.length_between(state, call, number, least, upper.max(least))
                                }
                                _ => length,
                            }
                        }
                        'c' => Linear::constant(1.max(least)),
                        '%' => {
                            next -= 1;
                            Linear::constant(1)
                        }
                        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
                            let range = match call.vals.get(at) {
                                Some(Val::Num(form)) => state.numbers.bounds(form),
                                _ => Range::of_type(-(1 << 63), (1 << 64) - 1),
                            };
                            let (low, high) = digits(*letter, range);
                            let least = least.max(i128::from(precision.unwrap_or(0)));
                            self.length_between(state, call, number, low.max(least), high.max(least))
                        }
                        'p' => self.length_between(state, call, number, 3.max(least), 18.max(least)),
                        _ => self.length_between(state, call, number, 1.max(least), 350.max(least)),
                    }
                }
            };
            sum = sum.plus(&length)?;
        }
        Some(sum)
    }

    /// The strings that `printf` is given must be there.
    pub(crate) fn demand_printed(&mut self, state: &mut State, call: &Call<'_>, format: usize) {
        let Some(directives) = self.format_of(call, format, false) else { return };
        let mut next = format + 1;
        for directive in &directives {
            let Directive::Value { letter, star, .. } = directive else { continue };
            if *letter == '%' {
                continue;
            }
            next += usize::from(*star);
            if *letter == 's'
                && let Some(pointer) = call.pointer(next).cloned()
            {
                self.check_alive(state, call.site, &pointer, call.api());
            }
            next += 1;
        }
    }

    fn length_between(&mut self, state: &mut State, call: &Call<'_>, number: usize, low: i128, high: i128) -> Linear {
        if low == high {
            return Linear::constant(low);
        }
        let form = self.fresh_var(state, VarOrigin::Extra(call.site, 20 + number as u32));
        if let Some(var) = form.as_var() {
            state.numbers.set_range(var, Range::new(low, high.min(INFINITY), Why::Library));
        }
        form
    }

    /// `scanf`: strings need room.
    pub(crate) fn demand_scan(&mut self, state: &mut State, call: &Call<'_>, format: usize) {
        let Some(directives) = self.format_of(call, format, true) else { return };
        for (at, letter, width) in read_values(directives, format + 1) {
            match (letter, width) {
                ('s' | '[', None) => {
                    // A string of known length bounds what is read from it.
                    let source = (call.api() == "sscanf").then(|| call.pointer(0).cloned()).flatten();
                    let bound = source.and_then(|pointer| self.text_length(state, &pointer));
                    if let Some(bound) = bound.filter(|b| state.numbers.upper(b) < (1 << 40)) {
                        let width = bound.plus_constant(1);
                        let fits = call
                            .pointer(at)
                            .and_then(Pointer::only)
                            .cloned()
                            .is_some_and(|target| self.lies_within(state, &target, &width));
                        if fits {
                            continue;
                        }
                    }
                    let title = format!("`{}` with `%s` writes as much as it reads", call.api());
                    self.unbounded(call, title, &[120, 787, 242], true, SourceKind::Remote);
                }
                ('s' | '[', Some(width)) => {
                    let width = Linear::constant(i128::from(width) + 1);
                    self.demand_bytes(state, call, at, Some(&width), true);
                }
                ('c', width) => {
                    let width = Linear::constant(i128::from(width.unwrap_or(1)));
                    self.demand_bytes(state, call, at, Some(&width), true);
                }
                _ => self.demand_pointer(state, call, at),
            }
        }
    }

    /// `scanf`: the numbers and strings that it reads come from outside.
    pub(crate) fn scanned(&mut self, state: &mut State, call: &Call<'_>, format: usize) {
        let source = if call.api() == "sscanf" { Whence::Argument(0) } else { Whence::Outside };
        let taint = self.taint_of(state, call, source);
        let directives = self.format_of(call, format, true);
        let Some(directives) = directives else {
            for val in call.vals.iter().skip(format + 1) {
                self.sets(state, val);
            }
            return;
        };
        for (at, letter, width) in read_values(directives, format + 1) {
            let Some(pointer) = call.pointer(at).cloned() else { continue };
            if matches!(letter, 's' | '[') {
                let length = width.map(|width| self.length_between(state, call, 30 + at, 0, i128::from(width)));
                self.hold(state, &pointer, length.as_ref(), taint);
                continue;
            }
            for target in pointer.targets.clone() {
                self.overwrite(state, &target, None, None);
                let element =
                    call.args.get(at).and_then(|arg| self.ty(*arg)).and_then(|ty| self.module.types.pointee(ty));
                let width = element.and_then(|ty| self.module.types.size(ty)).and_then(|w| u32::try_from(w).ok());
                if let (Some(offset), Some(width), Some(ty)) =
                    (target.offset.as_constant().and_then(|c| i64::try_from(c).ok()), width, element)
                    && matches!(self.module.types.get(ty), Type::Int { .. })
                    && pointer.only().is_some()
                {
                    let form = self.fresh_var(state, VarOrigin::Extra(call.site, 40 + at as u32));
                    if let Some(var) = form.as_var() {
                        let limits = crate::names::type_limits(self.module, Some(ty));
                        self.names.set_limits(var, limits);
                        state.numbers.set_range(var, limits);
                        self.names.set_taint(var, taint);
                        if taint.is_some() {
                            self.names.set_chosen(var, true);
                        }
                    }
                    state.set_cell(Place { obj: target.obj, offset, width }, Val::Num(form));
                } else {
                    let object = self.object(state, target.obj);
                    object.taint = object.taint.or(taint);
                }
            }
        }
    }
}

/// What `scanf` stores through its arguments, from the one with the number `first` on: which of them, the letter and the width.
fn read_values(directives: Vec<Directive>, first: usize) -> impl Iterator<Item = (usize, char, Option<u32>)> {
    let values = directives.into_iter().filter_map(|directive| match directive {
        Directive::Value { letter, width, assigned: true, .. } if letter != '%' => Some((letter, width)),
        _ => None,
    });
    values.enumerate().map(move |(number, (letter, width))| (first + number, letter, width))
}

/// How many characters a number of that range takes at least and at most.
fn digits(letter: char, range: Range) -> (i128, i128) {
    let base: u32 = match letter {
        'x' | 'X' => 16,
        'o' => 8,
        _ => 10,
    };
    let length = |n: i128| {
        let mut left = n.unsigned_abs();
        let mut count = 1;
        while left >= u128::from(base) {
            left /= u128::from(base);
            count += 1;
        }
        count + i128::from(n < 0)
    };
    let clamp = |n: i128| n.clamp(-(1 << 63), (1 << 64) - 1);
    let (lo, hi) = (clamp(range.lo), clamp(range.hi));
    let high = length(lo).max(length(hi));
    let low = if lo <= 0 && hi >= 0 { 1 } else { length(lo).min(length(hi)) };
    (low, high)
}
