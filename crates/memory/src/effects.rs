//! What a call of a library function does to memory.

use crate::allocators::Family;
use crate::analyzer::Analyzer;
use crate::library::{Effect, Size};
use crate::library_calls::Call;
use crate::linear::Linear;
use crate::numbers::{Range, Why};
use crate::state::{State, VarOrigin};
use crate::value::{Content, Life, Origin, Pointer, TaintId, Target, Text, Val};

impl Analyzer<'_, '_> {
    /// Does what a call does.
    pub(crate) fn perform(&mut self, state: &mut State, call: &Call<'_>, effect: &Effect, result: Option<&Val>) {
        let site = call.site;
        match effect {
            Effect::Writes(at, bytes) => {
                let width = self.size(state, call, bytes);
                let copied = call.function.effects.iter().find_map(|e| match e {
                    Effect::Reads(from, _) => call.pointer(*from).cloned(),
                    _ => None,
                });
                let Some(pointer) = call.pointer(*at).cloned() else { return };
                let source = copied.iter().flat_map(|from| &from.targets);
                let taint = source.into_iter().find_map(|t| state.object(t.obj).and_then(|object| object.taint));
                if let (Some(taint), Some(address)) = (taint, call.args.get(*at)) {
                    self.keep_bytes_taint(*address, taint);
                }
                self.written(state, &pointer, copied.as_ref(), width.as_ref());
            }
            Effect::Holds(at, bytes) => {
                let length = self.size(state, call, bytes);
                let pointer = match at {
                    Some(at) => call.pointer(*at).cloned(),
                    None => match result {
                        Some(Val::Ptr(pointer)) => Some(Pointer::clone(pointer)),
                        _ => None,
                    },
                };
                // The string carries what its source does.
                if let Some(pointer) = pointer {
                    let from = call.function.effects.iter().find_map(|e| match e {
                        Effect::Text(from) => call.pointer(*from),
                        _ => None,
                    });
                    let taint = from.and_then(|p| state.taint_behind(p));
                    self.hold(state, &pointer, length.as_ref(), taint);
                }
            }
            Effect::HoldsAtMost(at, bytes) => {
                let most = self.size(state, call, bytes);
                let Some(pointer) = call.pointer(*at).cloned() else { return };
                let form = self.fresh_var(state, VarOrigin::Extra(site, 61));
                if let Some(var) = form.as_var() {
                    let mut range = state.numbers.range(var);
                    (range.lo, range.lo_why) = (0, Why::Type);
                    state.numbers.set_range(var, range);
                }
                let taint = call.function.effects.iter().find_map(|e| match e {
                    Effect::Taints(_, whence) => self.taint_of(state, call, *whence),
                    Effect::Text(from) => call.pointer(*from).and_then(|p| state.taint_behind(p)),
                    _ => None,
                });
                if let Some(over) = most.and_then(|most| form.minus(&most)) {
                    // Whoever sends the text makes it as long as the program lets it be.
                    let why = if taint.is_some() { Why::Test } else { Why::Library };
                    state.numbers.assume_because(&over, why);
                }
                if let Some(var) = form.as_var() {
                    self.names.set_taint(var, taint);
                }
                self.hold(state, &pointer, Some(&form), taint);
            }
            Effect::Unterminated(at) => {
                let Some(target) = call.pointer(*at).and_then(Pointer::only).cloned() else { return };
                let zero = state
                    .object(target.obj)
                    .is_some_and(|object| object.content == Content::Zero || matches!(object.text, Text::Length(_)));
                let object = self.object(state, target.obj);
                if !zero && !object.escaped {
                    object.text = Text::Unterminated(target.offset);
                }
            }
            Effect::Sets(at) => {
                if let Some(val) = call.vals.get(*at) {
                    self.sets(state, val);
                }
            }
            Effect::Fills(at, byte, n) => {
                let Some(target) = call.pointer(*at).and_then(Pointer::only).cloned() else { return };
                let byte = match call.vals.get(*byte) {
                    Some(Val::Num(form)) => Some(form.clone()),
                    _ => None,
                };
                let zero = byte.as_ref().is_some_and(|byte| byte.as_constant() == Some(0));
                let n = self.size(state, call, n);
                let filled = byte.as_ref().is_some_and(|byte| state.numbers.is_nonzero(byte));
                if filled
                    && target.offset == Linear::default()
                    && let Some(n) = &n
                {
                    let text = text_filled(state, &target, n);
                    self.object(state, target.obj).text = text;
                }
                let object = self.object(state, target.obj);
                let whole = target.offset == Linear::default() && object.size.is_some() && object.size == n;
                if zero && whole {
                    object.content = Content::Zero;
                    object.text = Text::Length(Linear::default());
                } else if zero {
                    object.text = if target.offset == Linear::default() {
                        Text::Length(Linear::default())
                    } else {
                        Text::Unknown
                    };
                    // Members that are filled with zeros one by one are not told apart.
                }
            }
            Effect::Frees(at) => {
                if let Some(pointer) = call.pointer(*at).cloned() {
                    self.release(state, site, &pointer, call.api(), true, Family::of(call.function));
                }
            }
            Effect::Closes(at, _) => {
                let Some(pointer) = call.pointer(*at).cloned() else { return };
                let known =
                    pointer.only().map(|target| target.obj).filter(|obj| match self.names.objects.origin(*obj) {
                        Origin::Loaded(_) => true,
                        Origin::Heap(..) => !self.object(state, *obj).several,
                        _ => false,
                    });
                match known {
                    Some(obj) if !pointer.is_null() => self.object(state, obj).life = Life::Freed(site),
                    Some(_) => {}
                    // Who is passed it closes it.
                    None => self.escape(state, &Val::from(pointer)),
                }
            }
            Effect::Taints(at, whence) => {
                let taint = self.taint_of(state, call, *whence);
                let Some(pointer) = call.pointer(*at).cloned() else { return };
                if let (Some(taint), Some(address)) = (taint, call.args.get(*at)) {
                    self.keep_bytes_taint(*address, taint);
                }
                for target in pointer.targets.clone() {
                    self.taint_bytes(state, &target, taint);
                }
            }
            Effect::Checks(at, follows) => {
                let Some(target) = call.pointer(*at).and_then(Pointer::only).cloned() else { return };
                if !matches!(self.names.objects.origin(target.obj), Origin::Literal(..)) {
                    self.object(state, target.obj).checked = Some((site, *follows));
                }
            }
            Effect::Pushes(at, value) => self.push(state, call, *at, *value),
            Effect::Keeps(at) => {
                if let Some(val) = call.vals.get(*at) {
                    self.escape(state, val);
                }
            }
            Effect::Print(to, format) | Effect::PrintBounded(to, _, format) => {
                let Some(pointer) = call.pointer(*to).cloned() else { return };
                let taint = call.vals.iter().skip(format + 1).find_map(|val| match val {
                    Val::Ptr(pointer) => state.taint_behind(pointer),
                    _ => None,
                });
                let length = match effect {
                    Effect::PrintBounded(_, n, _) => {
                        let most = self.size(state, call, n);
                        let form = self.fresh_var(state, VarOrigin::Extra(site, 61));
                        if let Some(var) = form.as_var() {
                            state.numbers.set_range(var, Range::of_type(0, (1 << 63) - 1));
                        }
                        if let Some(over) = most.and_then(|most| form.plus_constant(1).minus(&most)) {
                            state.numbers.assume_because(&over, Why::Library);
                        }
                        Some(form)
                    }
                    _ => self.printed_length(state, call, *format),
                };
                self.hold(state, &pointer, length.as_ref(), taint);
            }
            Effect::CopyBounded(to, from, n) => {
                let n = self.size(state, call, n);
                let length = self.size(state, call, &Size::Length(*from));
                let Some(pointer) = call.pointer(*to).cloned() else { return };
                let taint = call.pointer(*from).and_then(|p| state.taint_behind(p));
                let before = pointer.only().and_then(|t| state.object(t.obj)).cloned();
                let fits = length
                    .as_ref()
                    .zip(n.as_ref())
                    .is_some_and(|(length, n)| state.numbers.at_most(&length.plus_constant(1), n));
                self.hold(state, &pointer, length.as_ref().filter(|_| fits), taint);
                if !fits
                    && let Some(target) = pointer.only().cloned()
                    && let (Some(before), Some(n)) = (before, n)
                {
                    let end = target.offset.plus(&n);
                    let full =
                        before.size.as_ref().zip(end).is_some_and(|(size, end)| state.numbers.at_most(size, &end));
                    let zeroed = before.content == Content::Zero && !full;
                    if zeroed {
                        let form = self.fresh_var(state, VarOrigin::Extra(site, 61));
                        if let Some(var) = form.as_var() {
                            state.numbers.set_range(var, Range::of_type(0, (1 << 63) - 1));
                        }
                        if let Some(over) = form.minus(&n) {
                            state.numbers.assume_because(&over, Why::Library);
                        }
                        self.object(state, target.obj).text = Text::Length(form);
                    } else if target.offset == Linear::default()
                        && length.as_ref().is_some_and(|length| state.numbers.at_most(&n, length))
                    {
                        self.object(state, target.obj).text = Text::Filled(n);
                    } else if full {
                        self.object(state, target.obj).text = Text::Unterminated(n);
                    }
                }
            }
            Effect::Append(to, from, _) | Effect::AppendBounded(to, from, ..) => {
                let a = self.size(state, call, &Size::Length(*to));
                let b = self.size(state, call, &Size::Length(*from));
                let Some(pointer) = call.pointer(*to).cloned() else { return };
                let taint = call.pointer(*from).and_then(|p| state.taint_behind(p));
                let b = match effect {
                    Effect::AppendBounded(_, _, n, _) => {
                        let n = self.size(state, call, n);
                        b.zip(n).and_then(|(b, n)| {
                            let whole = state.numbers.at_most(&b, &n);
                            if whole { Some(b) } else { Some(n).filter(|n| state.numbers.at_most(n, &b)) }
                        })
                    }
                    _ => b,
                };
                let length = a.zip(b).and_then(|(a, b)| a.plus(&b));
                self.hold(state, &pointer, length.as_ref(), taint);
            }
            Effect::Parse(format, first) => self.parse_arguments(state, call, *format, *first),
            Effect::Buffer(address, length) => self.buffer(state, call, *address, *length),
            Effect::View(at, data, number, whence) => self.view(state, call, *at, [*data, *number], *whence),
            Effect::Stores(at) => self.stores(state, call, *at),
            Effect::Magnitude(at) => {
                if let (Some(Val::Num(size)), Some(Val::Num(number))) = (result, call.vals.get(*at)) {
                    for sign in [1, -1] {
                        if let Some(over) = number.times(sign).and_then(|number| number.minus(size)) {
                            state.numbers.assume_because(&over, Why::Library);
                        }
                    }
                }
            }
            Effect::Scan(format) => self.scanned(state, call, *format),
            Effect::Reads(..)
            | Effect::Text(_)
            | Effect::Unbounded(_)
            | Effect::Format(_)
            | Effect::Command(_)
            | Effect::Arguments(..)
            | Effect::Path(..)
            | Effect::Temporary
            | Effect::Wrong(..)
            | Effect::Apart(..)
            | Effect::Equal(..)
            | Effect::Finds(..)
            | Effect::Query(_)
            | Effect::Amount(_)
            | Effect::Waits(_)
            | Effect::Uses(_) => {}
        }
    }

    /// What an address leads to may be anything.
    pub(crate) fn sets(&mut self, state: &mut State, val: &Val) {
        let Val::Ptr(pointer) = val else { return };
        for target in pointer.targets.clone() {
            if target.region.is_some() {
                self.overwrite(state, &target, None, None);
                self.object(state, target.obj).text = Text::Unknown;
                continue;
            }
            self.changes(target.obj, None);
            state.forget_content(target.obj);
        }
    }

    /// Bytes were written.
    fn written(&mut self, state: &mut State, pointer: &Pointer, from: Option<&Pointer>, width: Option<&Linear>) {
        let constant = width.and_then(Linear::as_constant).and_then(|w| u64::try_from(w).ok());
        let text = text_copied(state, pointer, from, width);
        if constant.is_some() || from.is_some() {
            self.copy_bytes(state, pointer, from, constant);
        } else {
            for target in pointer.targets.clone() {
                self.overwrite(state, &target, width, target.offset.as_constant());
                self.object(state, target.obj).text = Text::Unknown;
            }
        }
        if let (Some(target), Some(text)) = (pointer.only(), text) {
            self.object(state, target.obj).text = text;
        }
    }

    /// An object holds a string of that length from an address on.
    pub(crate) fn hold(
        &mut self,
        state: &mut State,
        pointer: &Pointer,
        length: Option<&Linear>,
        taint: Option<TaintId>,
    ) {
        for target in pointer.targets.clone() {
            let width = length.map(|length| length.plus_constant(1));
            self.overwrite(state, &target, width.as_ref(), target.offset.as_constant());
            let only = pointer.only().is_some();
            self.taint_bytes(state, &target, taint);
            let object = self.object(state, target.obj);
            object.text = match length {
                Some(length) if only && target.region.is_none() => match target.offset.plus(length) {
                    Some(end) if target.offset == Linear::default() => Text::Length(end),
                    _ => Text::Unknown,
                },
                _ => Text::Unknown,
            };
        }
    }
}

/// The string that stands in an object once so many bytes have been copied to its start.
pub(crate) fn text_copied(state: &State, to: &Pointer, from: Option<&Pointer>, width: Option<&Linear>) -> Option<Text> {
    let (to, from, width) = (to.only()?, from?.only()?, width?);
    let start = Linear::default();
    if to.offset != start || from.offset != start {
        return None;
    }
    match &state.object(from.obj)?.text {
        // A string that was copied with its terminator is a string there.
        Text::Length(length) if state.numbers.at_most(&length.plus_constant(1), width) => {
            Some(Text::Length(length.clone()))
        }
        Text::Length(end) | Text::Filled(end) if state.numbers.at_most(width, end) => {
            Some(text_filled(state, to, width))
        }
        Text::Filled(end) if state.numbers.at_most(end, width) => Some(Text::Filled(end.clone())),
        _ => None,
    }
}

/// The string that stands in an object once so many characters that are not zero have been written to its start.
fn text_filled(state: &State, to: &Target, width: &Linear) -> Text {
    let Some(object) = state.object(to.obj) else { return Text::Filled(width.clone()) };
    match &object.text {
        Text::Length(length) if state.numbers.at_most(width, length) => object.text.clone(),
        // Behind them are the zeros that were there.
        _ if object.content == Content::Zero
            && !state.cells_of(to.obj).any(|(place, _)| {
                let end = i128::from(place.offset) + i128::from(place.width);
                !state.numbers.at_most(&Linear::constant(end), width)
            })
            && object.size.as_ref().is_some_and(|size| state.numbers.at_most(&width.plus_constant(1), size)) =>
        {
            Text::Length(width.clone())
        }
        _ => Text::Filled(width.clone()),
    }
}
