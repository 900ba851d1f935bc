//! Reading shapes off the operations that make a string.

use super::templates::{self, Part, Source};
use super::{Conversion, Hole, MAX_ALTERNATIVES, Piece, Shape};
use crate::{Callee, ConstValue, Context};
use assay_index::FxHashMap;
use assay_ir::{Arg, ArgKind, BinaryOp, Collection, Const, Element, Op, Value};
use assay_text::limits::MAX_SHAPE_PIECES;

/// Operations that one shape is followed through.
const MAX_DEPTH: u32 = 40;
/// Operations that are looked at for one value.
const MAX_STEPS: u32 = 600;
/// Bytes of constant text in one shape.
const MAX_TEXT: usize = 64 * 1024;

/// The shapes of a value that is used as text: at least one, and at most [`MAX_ALTERNATIVES`].
pub fn shapes(cx: &Context<'_>, value: Value) -> Vec<Shape> {
    Builder::new(cx, false).run(value)
}

pub(super) struct Builder<'a, 'c> {
    pub(super) cx: &'a Context<'c>,
    /// Whether `/` joins paths.
    pub(super) paths: bool,
    /// Phis that are being looked at; each is a hole within its own shape.
    active: Vec<Value>,
    done: FxHashMap<Value, Vec<Shape>>,
    steps: u32,
}

impl<'a, 'c> Builder<'a, 'c> {
    pub(super) fn new(cx: &'a Context<'c>, paths: bool) -> Self {
        Self { cx, paths, active: Vec::new(), done: FxHashMap::default(), steps: 0 }
    }

    pub(super) fn run(&mut self, value: Value) -> Vec<Shape> {
        self.value(value, MAX_DEPTH)
    }

    fn hole(&self, value: Value) -> Vec<Shape> {
        vec![Shape::hole(self.hole_of(value, Conversion::Plain))]
    }

    fn hole_of(&self, value: Value, conversion: Conversion) -> Hole {
        let number = || ["int", "float", "bool", "uuid.UUID"].iter().any(|t| self.cx.oracle.is_type(value, t));
        let conversion = match conversion {
            Conversion::Plain if number() => Conversion::Number,
            Conversion::Plain if self.cx.oracle.is_rooted(value) => Conversion::Rooted,
            other => other,
        };
        Hole { conversion, ..Hole::plain(value) }
    }

    /// The shapes of a value.
    pub(super) fn value(&mut self, value: Value, depth: u32) -> Vec<Shape> {
        self.steps += 1;
        if depth == 0 || self.steps > MAX_STEPS {
            return self.hole(value);
        }
        let cacheable = self.active.is_empty();
        if cacheable && let Some(done) = self.done.get(&value) {
            return done.clone();
        }
        let mut found = self.compute(value, depth - 1);
        for shape in &mut found {
            Self::bound(shape, value);
        }
        if found.is_empty() || found.len() > MAX_ALTERNATIVES {
            found = self.hole(value);
        }
        if cacheable {
            self.done.insert(value, found.clone());
        }
        found
    }

    /// Turns what is beyond the limits into one hole for the whole value.
    fn bound(shape: &mut Shape, value: Value) {
        let mut bytes = 0;
        let cut = shape.pieces.iter().position(|p| {
            if let Piece::Text(t) = p {
                bytes += t.len();
            }
            bytes > MAX_TEXT
        });
        let cut = match cut {
            Some(cut) => cut.min(MAX_SHAPE_PIECES - 1),
            None if shape.pieces.len() > MAX_SHAPE_PIECES => MAX_SHAPE_PIECES - 1,
            None => return,
        };
        shape.pieces.truncate(cut);
        shape.pieces.push(Piece::Hole(Hole { repeated: true, ..Hole::plain(value) }));
    }

    fn compute(&mut self, value: Value, depth: u32) -> Vec<Shape> {
        match self.cx.op(value) {
            Op::Const(c) => self.constant(value, c),
            Op::Annotated { value: Some(inner), .. } => self.value(*inner, depth),
            Op::Format(pieces) => {
                let mut parts = Vec::with_capacity(pieces.len());
                for piece in pieces {
                    parts.push(match piece {
                        assay_ir::Piece::Text(text) => vec![Shape::text(self.cx.text(*text))],
                        assay_ir::Piece::Hole { value, conversion, spec } => {
                            let spec = spec.and_then(|s| self.cx.string(s)).unwrap_or_default();
                            let conversion = match conversion {
                                assay_ir::Conversion::Repr | assay_ir::Conversion::Ascii => Conversion::Repr,
                                assay_ir::Conversion::Str => Conversion::Plain,
                                assay_ir::Conversion::None => templates::by_format_spec(&spec),
                            };
                            self.converted(*value, conversion, depth)
                        }
                    });
                }
                let holes = pieces.iter().map(|p| match p {
                    assay_ir::Piece::Hole { value, .. } => Some(*value),
                    assay_ir::Piece::Text(_) => None,
                });
                self.concat(parts, &holes.collect::<Vec<_>>())
            }
            Op::Binary(BinaryOp::Add, a, b) | Op::InPlace(BinaryOp::Add, a, b) => self.sum(value, *a, *b, depth),
            Op::Binary(BinaryOp::Mod, a, b) | Op::InPlace(BinaryOp::Mod, a, b) => self.percent(value, *a, *b, depth),
            Op::Binary(BinaryOp::Mul, a, b) => self.product(value, *a, *b, depth),
            Op::Binary(BinaryOp::Div, a, b) if self.paths => self.join_path(&[*a, *b], depth),
            Op::Phi(inputs) => {
                let inputs: Vec<Value> = inputs.iter().map(|(_, v)| *v).collect();
                self.phi(value, &inputs, depth)
            }
            Op::Call { .. } => self.call(value, depth),
            Op::Binary(
                BinaryOp::Sub | BinaryOp::FloorDiv | BinaryOp::Pow | BinaryOp::ShiftLeft | BinaryOp::ShiftRight,
                ..,
            )
            | Op::Compare(..)
            | Op::Unary(..) => vec![Shape::hole(Hole { conversion: Conversion::Number, ..Hole::plain(value) })],
            _ => match self.cx.oracle.constant(value) {
                Some(constant) => self.const_value(value, &constant),
                None => self.hole(value),
            },
        }
    }

    fn constant(&self, value: Value, constant: &Const) -> Vec<Shape> {
        match constant {
            Const::Str(s) | Const::Bytes(s) => vec![Shape::text(self.cx.text(*s))],
            Const::Int(i) => vec![Shape::text(&i.to_string())],
            Const::None => vec![Shape::text("None")],
            Const::Bool(b) => vec![Shape::text(if *b { "True" } else { "False" })],
            Const::BigInt(_) | Const::Float(_) | Const::Complex => {
                vec![Shape::hole(Hole { conversion: Conversion::Number, ..Hole::plain(value) })]
            }
            Const::Ellipsis => self.hole(value),
        }
    }

    fn const_value(&self, value: Value, constant: &ConstValue) -> Vec<Shape> {
        match constant {
            ConstValue::Str(s) | ConstValue::Bytes(s) => vec![Shape::text(s)],
            ConstValue::Int(i) => vec![Shape::text(&i.to_string())],
            ConstValue::None => vec![Shape::text("None")],
            ConstValue::Bool(b) => vec![Shape::text(if *b { "True" } else { "False" })],
            ConstValue::Number => vec![Shape::hole(Hole { conversion: Conversion::Number, ..Hole::plain(value) })],
            ConstValue::Sequence(_) | ConstValue::Mapping(_) => self.hole(value),
        }
    }

    fn converted(&mut self, value: Value, conversion: Conversion, depth: u32) -> Vec<Shape> {
        if conversion == Conversion::Plain {
            return self.value(value, depth);
        }
        vec![Shape::hole(self.hole_of(value, conversion))]
    }

    /// All ways to put the parts one after the other. While there are too many, the part with the most
    /// alternatives that stands for a value becomes a hole for it.
    pub(super) fn concat(&self, mut parts: Vec<Vec<Shape>>, values: &[Option<Value>]) -> Vec<Shape> {
        while parts.iter().fold(1usize, |n, part| n.saturating_mul(part.len())) > MAX_ALTERNATIVES {
            let widest = (0..parts.len()).filter(|&i| parts[i].len() > 1).max_by_key(|&i| (parts[i].len(), i));
            let Some(i) = widest else { break };
            parts[i] = match values.get(i).copied().flatten() {
                Some(value) => self.hole(value),
                None => vec![parts[i].swap_remove(0)],
            };
        }
        let mut out = vec![Shape::default()];
        for part in parts {
            if let [only] = &part[..] {
                for shape in &mut out {
                    shape.append(only.clone());
                }
                continue;
            }
            out = out
                .iter()
                .flat_map(|head| {
                    part.iter().map(move |tail| {
                        let mut whole = head.clone();
                        whole.append(tail.clone());
                        whole
                    })
                })
                .collect();
        }
        out
    }

    fn sum(&mut self, value: Value, a: Value, b: Value, depth: u32) -> Vec<Shape> {
        let is_number = |v: Value| match self.cx.op(self.cx.plain(v)) {
            Op::Const(c) => matches!(c, Const::Int(_) | Const::Float(_) | Const::BigInt(_) | Const::Complex),
            _ => ["int", "float"].iter().any(|t| self.cx.oracle.is_type(v, t)),
        };
        if is_number(a) || is_number(b) {
            return vec![Shape::hole(Hole { conversion: Conversion::Number, ..Hole::plain(value) })];
        }
        let is_list = |v: Value| matches!(self.cx.op(self.cx.plain(v)), Op::Collection(..));
        if is_list(a) || is_list(b) {
            return self.hole(value);
        }
        // A long sum leans to the left; it is walked there without recursion.
        let mut right = vec![b];
        let mut left = a;
        while let Op::Binary(BinaryOp::Add, l, r) = self.cx.op(left)
            && right.len() < 4096
        {
            right.push(*r);
            left = *l;
        }
        right.push(left);
        right.reverse();
        if right.len() > MAX_SHAPE_PIECES * 4 {
            let kept = right.len().min(MAX_SHAPE_PIECES * 4);
            right.truncate(kept);
            right.push(value);
            let last = right.len() - 1;
            let mut parts: Vec<Vec<Shape>> = Vec::with_capacity(right.len());
            for &v in &right[..last] {
                parts.push(self.value(v, depth));
            }
            parts.push(vec![Shape::hole(Hole { repeated: true, ..Hole::plain(value) })]);
            let values: Vec<Option<Value>> = right.iter().copied().map(Some).collect();
            return self.concat(parts, &values);
        }
        let parts = right.iter().map(|v| self.value(*v, depth)).collect();
        let values: Vec<Option<Value>> = right.iter().copied().map(Some).collect();
        self.concat(parts, &values)
    }

    fn percent(&mut self, value: Value, left: Value, right: Value, depth: u32) -> Vec<Shape> {
        let templates = self.value(left, depth);
        let mut out = Vec::new();
        for template in templates {
            if !template.pieces.iter().any(|p| matches!(p, Piece::Text(_))) {
                return self.hole(value);
            }
            let mut next = 0;
            let mut parts = Vec::new();
            let mut values = Vec::new();
            let mut fields = 0;
            for piece in &template.pieces {
                let Piece::Text(text) = piece else {
                    parts.push(vec![Shape { pieces: vec![piece.clone()] }]);
                    values.push(None);
                    continue;
                };
                for part in templates::percent(text, &mut next) {
                    match part {
                        Part::Text(text) => {
                            parts.push(vec![Shape::text(&text)]);
                            values.push(None);
                        }
                        Part::Field { source, conversion, .. } => {
                            fields += 1;
                            let (argument, exact) = self.percent_argument(right, &source);
                            parts.push(if exact {
                                self.converted(argument, conversion, depth)
                            } else {
                                vec![Shape::hole(Hole { conversion, ..Hole::plain(argument) })]
                            });
                            values.push(Some(argument));
                        }
                    }
                }
            }
            // `x % 5` on text without fields is arithmetic, or raises.
            if fields == 0 && self.cx.string(left).is_none() {
                return self.hole(value);
            }
            out.extend(self.concat(parts, &values));
        }
        dedup(&mut out);
        out
    }

    /// The value that a field of a `%` format takes, and whether it is that value alone.
    fn percent_argument(&self, right: Value, source: &Source) -> (Value, bool) {
        let right = self.cx.plain(right);
        match (self.cx.op(right), source) {
            (Op::Collection(Collection::Tuple, elements), Source::Position(i)) => match elements.get(*i) {
                Some(e) if elements[..=*i].iter().all(|e| !e.spread) => (e.value, true),
                _ => (elements.iter().find(|e| e.spread).map_or(right, |e| e.value), false),
            },
            (Op::Dict(entries), Source::Name(name)) => {
                let entry = entries
                    .iter()
                    .rev()
                    .find(|(k, _)| k.is_some_and(|k| self.cx.string(k).is_some_and(|s| s == *name)));
                match entry {
                    Some((_, v)) => (*v, true),
                    None => (entries.iter().find(|(k, _)| k.is_none()).map_or(right, |(_, v)| *v), false),
                }
            }
            (Op::Call { args, .. }, Source::Name(name)) if self.cx.callee(right).is("dict") => {
                let entry = args.iter().find(|a| matches!(a.kind, ArgKind::Keyword(k) if self.cx.text(k) == name));
                entry.map_or((right, false), |a| (a.value, true))
            }
            // One field takes the value whole, unless it is a tuple that is made elsewhere.
            (_, Source::Position(0)) => (right, true),
            _ => (right, false),
        }
    }

    fn product(&mut self, value: Value, a: Value, b: Value, depth: u32) -> Vec<Shape> {
        let (text, count) = if self.cx.string(a).is_some() {
            (a, b)
        } else if self.cx.string(b).is_some() {
            (b, a)
        } else {
            let is_text =
                |v: Value| matches!(self.cx.op(v), Op::Format(_) | Op::Binary(BinaryOp::Add | BinaryOp::Mod, ..));
            if !is_text(a) {
                return vec![Shape::hole(Hole { conversion: Conversion::Number, ..Hole::plain(value) })];
            }
            (a, b)
        };
        let times = match crate::constant_of(self.cx, count) {
            Some(ConstValue::Int(n)) => n.clamp(0, 4),
            // An unknown number of times: twice shows what stands between two.
            _ => 2,
        };
        let mut out = self.value(text, depth);
        for shape in &mut out {
            let mut whole = Shape::default();
            for _ in 0..times {
                whole.append(shape.clone());
            }
            if shape.constant().is_none() {
                repeat(&mut whole.pieces);
            }
            *shape = whole;
        }
        out
    }

    fn phi(&mut self, phi: Value, inputs: &[Value], depth: u32) -> Vec<Shape> {
        if self.active.contains(&phi) {
            return self.hole(phi);
        }
        self.active.push(phi);
        let mut bases: Vec<Shape> = Vec::new();
        let mut loops: Vec<Shape> = Vec::new();
        let mut too_many = false;
        for &input in inputs {
            if input == phi {
                continue;
            }
            for shape in self.value(input, depth) {
                let own = shape.holes().any(|(_, h)| h.value == phi);
                let list = if own { &mut loops } else { &mut bases };
                if !list.contains(&shape) {
                    list.push(shape);
                }
                too_many |= list.len() > MAX_ALTERNATIVES;
            }
        }
        self.active.pop();
        if too_many || bases.is_empty() {
            return self.hole(phi);
        }
        for looped in loops {
            // What a round of the loop puts before and after the text so far.
            let at: Vec<usize> = looped.holes().filter(|(_, h)| h.value == phi).map(|(i, _)| i).collect();
            let [at] = at[..] else { return self.hole(phi) };
            let mut head = looped.pieces[..at].to_vec();
            let mut tail = looped.pieces[at + 1..].to_vec();
            repeat(&mut head);
            repeat(&mut tail);
            for base in &mut bases {
                let mut whole = Shape::default();
                let old = std::mem::take(base);
                for piece in head.iter().cloned().chain(old.pieces).chain(tail.iter().cloned()) {
                    whole.push(piece);
                }
                *base = whole;
            }
        }
        dedup(&mut bases);
        bases
    }

    fn call(&mut self, call: Value, depth: u32) -> Vec<Shape> {
        let callee = self.cx.callee(call);
        if let Some(found) = self.function_call(call, &callee, depth) {
            return found;
        }
        if self.paths
            && let Some(found) = self.path_method(&callee, depth)
        {
            return found;
        }
        if let Some(found) = self.url_call(&callee, depth) {
            return found;
        }
        if let (Some(method), Some(receiver)) = (callee.text_method(), callee.receiver)
            && let Some(found) = self.method_call(call, method, receiver, &callee, depth)
        {
            return found;
        }
        match self.cx.oracle.constant(call) {
            Some(constant) => self.const_value(call, &constant),
            None => self.hole(call),
        }
    }

    fn function_call(&mut self, call: Value, callee: &Callee<'_>, depth: u32) -> Option<Vec<Shape>> {
        let path = callee.path()?;
        let last = path.rsplit('.').next().unwrap_or(path);
        let first = callee.positional(0);
        let plain = path == last;
        Some(match last {
            "str" | "unicode" if plain => match first {
                Some(v) => self.value(v, depth),
                None => vec![Shape::default()],
            },
            "repr" | "ascii" if plain => vec![Shape::hole(self.hole_of(first?, Conversion::Repr))],
            "int" | "float" | "len" | "id" | "hash" | "ord" | "abs" | "round" | "hex" | "oct" | "bin" | "bool"
                if plain =>
            {
                vec![Shape::hole(Hole { conversion: Conversion::Number, ..Hole::plain(call) })]
            }
            "format" if plain => {
                let spec = callee.positional(1).and_then(|v| self.cx.string(v)).unwrap_or_default();
                self.converted(first?, templates::by_format_spec(&spec), depth)
            }
            "dedent" | "cleandoc" | "ensure_str" | "ensure_text" | "ensure_binary" | "force_str" | "force_text"
            | "smart_str" | "text_type" | "to_text" | "to_native" | "safe_encode" | "safe_decode" | "intern"
            | "fspath" | "indent"
                if !plain || first.is_some() =>
            {
                self.value(first?, depth)
            }
            "format_html" => {
                let templates = self.value(first?, depth);
                self.format(call, templates, callee.args.get(1..)?, depth)?
            }
            "join" if path.ends_with("path.join") => {
                let parts: Vec<Value> = callee.args.iter().map(|a| a.value).collect();
                if callee.args.iter().any(|a| !matches!(a.kind, ArgKind::Positional)) {
                    return None;
                }
                self.join_path(&parts, depth)
            }
            _ => return self.path_call(last, callee, depth),
        })
    }

    fn method_call(
        &mut self,
        call: Value,
        method: &str,
        receiver: Value,
        callee: &Callee<'_>,
        depth: u32,
    ) -> Option<Vec<Shape>> {
        Some(match method {
            "strip" | "lstrip" | "rstrip" => {
                let chars = callee.positional(0).and_then(|v| self.cx.string(v));
                if !callee.args.is_empty() && chars.is_none() {
                    return Some(self.value(receiver, depth));
                }
                let mut out = self.value(receiver, depth);
                for shape in &mut out {
                    trim(shape, method, chars.as_deref());
                }
                out
            }
            "lower" | "upper" | "casefold" | "title" | "capitalize" | "swapcase" if callee.args.is_empty() => {
                let mut out = self.value(receiver, depth);
                for piece in out.iter_mut().flat_map(|s| &mut s.pieces) {
                    if let Piece::Text(text) = piece {
                        match method {
                            "lower" | "casefold" => *text = text.to_lowercase(),
                            "upper" => *text = text.to_uppercase(),
                            _ => {}
                        }
                    }
                }
                out
            }
            "encode" | "decode" | "expandtabs" | "ljust" | "rjust" | "center" | "zfill" | "removeprefix"
            | "removesuffix" => self.value(receiver, depth),
            "replace" => {
                let (from, to) = (callee.positional(0), callee.positional(1));
                let from = from.and_then(|v| self.cx.string(v)).filter(|s| !s.is_empty());
                let to = to.map(|v| self.value(v, depth)).filter(|s| s.len() == 1);
                let mut out = self.value(receiver, depth);
                if out.iter().all(Shape::is_opaque) {
                    return Some(self.hole(call));
                }
                let (Some(from), Some(to)) = (from, to) else { return Some(self.hole(call)) };
                for shape in &mut out {
                    replace(shape, &from, &to[0]);
                }
                out
            }
            "format" => {
                let templates = self.value(receiver, depth);
                self.format(call, templates, callee.args, depth)?
            }
            "format_map" => {
                let mapping = callee.positional(0)?;
                let templates = self.value(receiver, depth);
                let args = [Arg { kind: ArgKind::KeywordSpread, value: mapping }];
                self.format(call, templates, &args, depth)?
            }
            "join" if callee.args.len() == 1 => self.join(call, receiver, callee.positional(0)?, depth)?,
            "substitute" | "safe_substitute" => {
                let template = self.cx.callee(self.cx.plain(receiver));
                if !template.path().is_some_and(|p| p == "Template" || p.ends_with(".Template")) {
                    return None;
                }
                let text = template.argument(self.cx, 0, "template")?;
                let text = self.cx.string(text)?;
                self.fill(call, vec![(templates::dollar(&text), None)], callee.args, depth)
            }
            _ => return None,
        })
    }

    fn format(&mut self, call: Value, templates: Vec<Shape>, args: &[Arg], depth: u32) -> Option<Vec<Shape>> {
        let mut out = Vec::new();
        for template in templates {
            if !template.pieces.iter().any(|p| matches!(p, Piece::Text(_))) {
                // What an unknown text does with its arguments is not known.
                return None;
            }
            let mut next = 0;
            let parts = template
                .pieces
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) => (templates::format(&text, &mut next), None),
                    Piece::Hole(hole) => (Vec::new(), Some(hole)),
                })
                .collect();
            out.extend(self.fill(call, parts, args, depth));
        }
        dedup(&mut out);
        Some(out)
    }

    /// Puts arguments into the fields of a template.
    fn fill(&mut self, call: Value, template: Vec<(Vec<Part>, Option<Hole>)>, args: &[Arg], depth: u32) -> Vec<Shape> {
        let mut parts = Vec::new();
        let mut values = Vec::new();
        for (fields, hole) in template {
            for part in fields {
                match part {
                    Part::Text(text) => {
                        parts.push(vec![Shape::text(&text)]);
                        values.push(None);
                    }
                    Part::Field { source, has_path, conversion } => {
                        let (argument, exact) = self.format_argument(call, args, &source);
                        parts.push(if exact && !has_path {
                            self.converted(argument, conversion, depth)
                        } else {
                            vec![Shape::hole(Hole { conversion, ..Hole::plain(argument) })]
                        });
                        values.push(Some(argument));
                    }
                }
            }
            if let Some(hole) = hole {
                parts.push(vec![Shape::hole(hole)]);
                values.push(None);
            }
        }
        self.concat(parts, &values)
    }

    /// The argument that a field takes, and whether it is that value alone.
    fn format_argument(&self, call: Value, args: &[Arg], source: &Source) -> (Value, bool) {
        match source {
            Source::Position(i) => {
                let mut positional = args.iter().filter(|a| matches!(a.kind, ArgKind::Positional | ArgKind::Spread));
                let before: Vec<&Arg> = positional.by_ref().take(i + 1).collect();
                if let Some(spread) = before.iter().find(|a| a.kind == ArgKind::Spread) {
                    return (spread.value, false);
                }
                before.get(*i).map_or((call, false), |a| (a.value, true))
            }
            Source::Name(name) => {
                for arg in args {
                    if matches!(arg.kind, ArgKind::Keyword(k) if self.cx.text(k) == name) {
                        return (arg.value, true);
                    }
                }
                for arg in args {
                    let mapping = self.cx.plain(arg.value);
                    let named = match self.cx.op(mapping) {
                        Op::Dict(entries) => entries
                            .iter()
                            .rev()
                            .find(|(k, _)| k.is_some_and(|k| self.cx.string(k).is_some_and(|s| s == *name)))
                            .map(|(_, v)| *v),
                        _ => None,
                    };
                    if let Some(value) = named {
                        return (value, true);
                    }
                }
                let spread = args.iter().find(|a| a.kind == ArgKind::KeywordSpread).or_else(|| args.last());
                (spread.map_or(call, |a| a.value), false)
            }
        }
    }

    fn join(&mut self, call: Value, separator: Value, list: Value, depth: u32) -> Option<Vec<Shape>> {
        let list = self.cx.plain(list);
        let separators = self.value(separator, depth);
        let opaque = separators.iter().all(Shape::is_opaque);
        let repeated = |value: Value| vec![Shape::hole(Hole { repeated: true, ..Hole::plain(value) })];
        match self.cx.op(list) {
            Op::Collection(_, elements) => {
                let added = self.added(list);
                let mut parts: Vec<Vec<Shape>> = Vec::new();
                let mut values: Vec<Option<Value>> = Vec::new();
                for element in elements.iter().take(MAX_SHAPE_PIECES) {
                    if !parts.is_empty() {
                        parts.push(separators.clone());
                        values.push(Some(separator));
                    }
                    parts.push(if element.spread { repeated(element.value) } else { self.value(element.value, depth) });
                    values.push(Some(element.value));
                }
                for value in added {
                    if !parts.is_empty() {
                        parts.push(separators.clone());
                        values.push(Some(separator));
                    }
                    let mut shapes = self.value(value, depth);
                    for shape in &mut shapes {
                        repeat(&mut shape.pieces);
                    }
                    parts.push(shapes);
                    values.push(Some(value));
                }
                if elements.len() > MAX_SHAPE_PIECES {
                    parts.push(repeated(call));
                    values.push(Some(call));
                }
                Some(self.concat(parts, &values))
            }
            Op::Binary(BinaryOp::Mul, items, _) if matches!(self.cx.op(*items), Op::Collection(..)) => {
                // `["?"] * n`
                let Op::Collection(_, elements) = self.cx.op(*items) else { return None };
                let [Element { value, spread: false }] = elements[..] else { return Some(repeated(list)) };
                let mut item = self.value(value, depth);
                for shape in &mut item {
                    repeat(&mut shape.pieces);
                }
                let parts = vec![item.clone(), separators, item];
                Some(self.concat(parts, &[Some(value), Some(separator), Some(value)]))
            }
            Op::Call { .. } => {
                let callee = self.cx.callee(list);
                if callee.is("map")
                    && let (Some(f), Some(xs)) = (callee.positional(0), callee.positional(1))
                    && self.cx.path_of(f).is_some_and(|p| matches!(&*p, "str" | "unicode"))
                {
                    return Some(repeated(xs));
                }
                if callee.is_any(&["list", "tuple", "sorted", "set", "reversed"])
                    && let Some(xs) = callee.positional(0)
                {
                    return self.join(call, separator, xs, depth.checked_sub(1)?);
                }
                (!opaque).then(|| repeated(list))
            }
            _ if opaque => None,
            _ => match self.cx.oracle.constant(list) {
                Some(ConstValue::Sequence(items)) if items.iter().all(|i| i.as_str().is_some()) => {
                    let texts: Vec<&str> = items.iter().filter_map(ConstValue::as_str).collect();
                    let [only] = &separators[..] else { return Some(repeated(list)) };
                    only.constant().map_or_else(|| Some(repeated(list)), |s| Some(vec![Shape::text(&texts.join(s))]))
                }
                _ => Some(repeated(list)),
            },
        }
    }

    /// What a comprehension, `append` or `extend` puts into a collection after it was made.
    fn added(&self, list: Value) -> Vec<Value> {
        let mut out = Vec::new();
        for inst in self.cx.following(list) {
            match &inst.op {
                Op::Accumulate { into, key: None, value } if *into == list => out.push(*value),
                Op::Call { func, args } => {
                    let Op::Attr(base, name) = self.cx.op(*func) else { continue };
                    if *base != list {
                        continue;
                    }
                    match (self.cx.text(*name), &args[..]) {
                        ("append" | "add", [arg]) | ("insert", [_, arg]) => out.push(arg.value),
                        ("extend", [arg]) => match self.cx.op(arg.value) {
                            Op::Collection(_, elements) if elements.iter().all(|e| !e.spread) => {
                                out.extend(elements.iter().map(|e| e.value));
                            }
                            _ => out.push(arg.value),
                        },
                        _ => {}
                    }
                }
                _ => {}
            }
            if out.len() >= MAX_SHAPE_PIECES {
                break;
            }
        }
        out
    }
}

/// Marks the holes of pieces as repeated.
fn repeat(pieces: &mut [Piece]) {
    for piece in pieces {
        if let Piece::Hole(hole) = piece {
            hole.repeated = true;
        }
    }
}

fn dedup(shapes: &mut Vec<Shape>) {
    let mut kept: Vec<Shape> = Vec::with_capacity(shapes.len());
    for shape in shapes.drain(..) {
        if !kept.contains(&shape) {
            kept.push(shape);
        }
    }
    *shapes = kept;
}

/// Takes characters off the ends as far as they are constant.
fn trim(shape: &mut Shape, method: &str, chars: Option<&str>) {
    let hit = |c: char| chars.map_or(c.is_whitespace(), |set| set.contains(c));
    if method != "rstrip"
        && let Some(Piece::Text(text)) = shape.pieces.first_mut()
    {
        *text = text.trim_start_matches(hit).to_owned();
        if text.is_empty() {
            shape.pieces.remove(0);
        }
    }
    if method != "lstrip"
        && let Some(Piece::Text(text)) = shape.pieces.last_mut()
    {
        *text = text.trim_end_matches(hit).to_owned();
        if text.is_empty() {
            shape.pieces.pop();
        }
    }
}

/// Replaces a text within constant pieces.
fn replace(shape: &mut Shape, from: &str, to: &Shape) {
    let pieces = std::mem::take(&mut shape.pieces);
    for piece in pieces {
        let Piece::Text(text) = piece else {
            shape.push(piece);
            continue;
        };
        for (i, part) in text.split(from).enumerate() {
            if i > 0 {
                shape.append(to.clone());
            }
            shape.push_text(part);
        }
    }
}
