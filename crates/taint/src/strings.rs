//! Texts and paths that are put together.

use crate::driver::Engine;
use crate::function::Fun;
use crate::label::{Elem, Entry, Flags, Labels, PathId};
use crate::oracle::FunctionOracle;
use crate::processes::{Arguments, is_element};
use crate::trace::HopKind;
use assay_dataflow::Location;
use assay_index::Idx;
use assay_ir::{BinaryOp, Const, Op, Value};
use assay_models::{KindSet, SinkKind};
use assay_resolve::{ApiId, ContainerKind, Object};
use assay_values::contexts::path::Path;
use assay_values::contexts::{Grammar, Html, Position, harmful, position};
use assay_values::guards::{climbs_nowhere, is_free_of, quotes_left};
use assay_values::quoting::is_quoted_name;
use assay_values::shapes::{Shape, path_shapes};
use assay_values::{ConstValue, Context};
use smallvec::SmallVec;

impl<'a> Engine<'a> {
    /// An operation that makes one text of its operands: their parts become parts of it.
    pub(crate) fn compose(&mut self, fun: &mut Fun<'a>, value: Value, at: Location) {
        let mut operands: SmallVec<[Value; 4]> = SmallVec::new();
        fun.function.op(value).for_each_operand(|v| operands.push(v));
        if !self.shown.is_empty() && !matches!(fun.function.op(value), Op::Binary(BinaryOp::Add, ..)) {
            for operand in &operands {
                self.text_of_object(fun, value, *operand);
            }
        }
        if operands.iter().all(|v| fun.tree(*v).is_empty()) {
            return;
        }
        // The sum of two lists has the elements of both. Nothing but a text is added to a text.
        let is_text =
            |v: &Value| matches!(fun.function.op(*v), Op::Const(Const::Str(_) | Const::Bytes(_)) | Op::Format(_));
        if let Op::Binary(BinaryOp::Add, first, second) | Op::InPlace(BinaryOp::Add, first, second) =
            fun.function.op(value)
            && let (first, second) = (*first, *second)
            && !operands.iter().any(is_text)
            && operands.iter().any(|v| self.has_elements(fun, *v))
        {
            let before = self.arguments_in(fun, first, at);
            for (operand, before) in [(first, Arguments::default()), (second, before)] {
                let entries = self.read(fun, operand, at);
                self.put_all(fun, value, &entries, &before, value);
            }
            return;
        }
        for operand in operands {
            let composed = self.is_part(fun, value, operand);
            let escaped = self.escapes(fun, value, operand);
            for mut entry in self.read(fun, operand, at) {
                if escaped {
                    entry.kinds = entry.kinds.minus(KindSet::of(SinkKind::HtmlInjection));
                }
                if self.labels.elems(entry.path).iter().any(|e| matches!(e, Elem::Field(_))) {
                    continue;
                }
                if let Op::Binary(BinaryOp::Mod, text, filled) = fun.function.op(value)
                    && operand == *filled
                    && self.leaves_out(fun, *text, entry.path)
                {
                    continue;
                }
                let piece = self.piece(fun, operand, &entry);
                entry.path = PathId::new(Labels::ROOT);
                if composed {
                    entry.flags = entry.flags.with(Flags::COMPOSED);
                }
                self.spare_behind_folder(fun, value, operand, at, &mut entry);
                let before = entry.kinds;
                entry.kinds = before.minus(self.harmless_part(fun, value, operand));
                if entry.kinds.contains(SinkKind::LogInjection) && self.is_put_by_repr(fun, value, operand, piece) {
                    entry.kinds = entry.kinds.minus(KindSet::of(SinkKind::LogInjection));
                }
                self.turn_to_code(fun, value, piece, before, &mut entry);
                if !fun.wants(value, entry.path, entry.origin, entry.kinds) {
                    continue;
                }
                entry.hop = self.hop(entry.hop, fun, value, HopKind::Assigned);
                fun.add(value, entry);
            }
        }
        self.unpredictable(fun, value);
    }

    /// Whether a format that a mapping fills by name does not ask for the part `path` of it.
    pub(crate) fn leaves_out(&self, fun: &Fun<'a>, format: Value, path: PathId) -> bool {
        let Some(Elem::Key(name) | Elem::Field(name)) = self.labels.elems(path).first() else { return false };
        let Some(ConstValue::Str(text)) = crate::oracle::constant(self.res, fun.id, format) else { return false };
        let name = self.program().strings.resolve(*name);
        let by_name = if text.contains("%(") { ["%(", ")"] } else { ["{", "}!:.["] };
        let asked =
            |rest: &str| rest.strip_prefix(name).is_some_and(|rest| rest.starts_with(|c| by_name[1].contains(c)));
        text.contains(by_name[0]) && !text.split(by_name[0]).skip(1).any(asked)
    }

    /// Whether a format of text shows an operand, or the piece of it that data is in, as Python writes it down.
    fn is_put_by_repr(&self, fun: &Fun<'a>, whole: Value, operand: Value, piece: Value) -> bool {
        match fun.function.op(whole) {
            Op::Format(_) => self.is_shown_by_repr(fun, operand, true),
            Op::Binary(BinaryOp::Mod, text, _) | Op::InPlace(BinaryOp::Mod, text, _) => {
                operand != *text
                    && matches!(fun.function.op(*text), Op::Const(Const::Str(_)))
                    && self.is_shown_by_repr(fun, piece, piece != operand)
            }
            _ => false,
        }
    }

    /// Whether text that is made of a value shows it as Python writes it down, with the ends of lines escaped: bytes and
    /// containers. A mapping that fills a format by its keys is looked into instead (`mappings` is false).
    pub(crate) fn is_shown_by_repr(&self, fun: &Fun<'a>, value: Value, mappings: bool) -> bool {
        let written = |object| match object {
            Object::Api(api) => self.type_of(api).is_some_and(|name| match name {
                "builtins.bytes" | "builtins.bytearray" | "builtins.list" | "builtins.set" | "builtins.frozenset" => {
                    true
                }
                "builtins.dict" | "builtins.tuple" => mappings,
                _ => false,
            }),
            Object::Container(kind, _) => {
                matches!(kind, ContainerKind::List | ContainerKind::Set) || mappings && kind == ContainerKind::Dict
            }
            _ => false,
        };
        let mut objects = self.res.objects(fun.id, value).peekable();
        objects.peek().is_some() && objects.all(written)
    }

    /// The type of a library's value, where the models say it.
    pub(crate) fn type_of(&self, api: ApiId) -> Option<&str> {
        self.res.apis.nodes(api).iter().find_map(|node| self.models.type_name(*node))
    }

    /// Whether markup escapes an operand that it is joined with or formats: `Markup("<b>%s</b>") % name`.
    fn escapes(&self, fun: &Fun<'a>, whole: Value, operand: Value) -> bool {
        let Some(markup) = self.models.type_root("markupsafe.Markup") else { return false };
        let is_markup =
            |value: Value| self.res.apis_of(fun.id, value).any(|api| self.res.apis.nodes(api).contains(&markup));
        match fun.function.op(whole) {
            Op::Binary(BinaryOp::Mod, first, second) | Op::InPlace(BinaryOp::Mod, first, second) => {
                operand == *second && is_markup(*first)
            }
            Op::Binary(BinaryOp::Add, first, second) | Op::InPlace(BinaryOp::Add, first, second) => {
                operand == *second && is_markup(*first) || operand == *first && is_markup(*second)
            }
            _ => false,
        }
    }

    /// Whether an operand of a sum becomes a part of something longer: not where the rest is blank, or what a loop has
    /// gathered of the same data so far (`text += piece`).
    fn is_part(&self, fun: &Fun<'a>, sum: Value, operand: Value) -> bool {
        match fun.function.op(sum) {
            Op::Binary(BinaryOp::Add, first, second) | Op::InPlace(BinaryOp::Add, first, second) => {
                let other = if *first == operand { *second } else { *first };
                !self.is_blank(fun, sum, other)
            }
            _ => true,
        }
    }

    fn is_blank(&self, fun: &Fun<'a>, sum: Value, value: Value) -> bool {
        match fun.function.op(value) {
            Op::Phi(inputs) => {
                let mut others = inputs.iter().map(|(_, input)| *input).filter(|v| *v != sum && *v != value).peekable();
                others.peek().is_some()
                    && others.all(|v| !matches!(fun.function.op(v), Op::Phi(_)) && self.is_blank(fun, sum, v))
            }
            _ => match crate::oracle::constant(self.res, fun.id, value) {
                Some(ConstValue::Str(text) | ConstValue::Bytes(text)) => text.trim().is_empty(),
                _ => false,
            },
        }
    }

    /// Whether a value is a list, as far as its data tells.
    fn has_elements(&self, fun: &Fun<'a>, value: Value) -> bool {
        matches!(fun.function.op(value), Op::Collection(..))
            || fun.tree(value).entries.iter().any(|e| self.labels.elems(e.path).first().is_some_and(|e| is_element(*e)))
    }

    /// What becomes of data of `part` in the text `whole`, as to paths: behind the name of a folder, a check of `..` is enough.
    pub(crate) fn spare_behind_folder(
        &mut self,
        fun: &Fun<'a>,
        whole: Value,
        part: Value,
        at: Location,
        entry: &mut Entry,
    ) {
        if entry.kinds.contains(SinkKind::PathInjection)
            && matches!(fun.function.op(part), Op::Call { .. })
            && self.climbs_nowhere(fun, part)
            && self.stands_behind_folder(fun, whole, part)
        {
            entry.kinds = entry.kinds.minus(KindSet::of(SinkKind::PathInjection));
        }
        let guarded = self.guarded(fun, part, at);
        if !entry.kinds.intersect(guarded.absolute).is_empty() && self.stands_behind_folder(fun, whole, part) {
            entry.kinds = entry.kinds.minus(guarded.absolute);
            entry.hop = self.traces.hop(Some(entry.hop), fun.id, guarded.subject, HopKind::Validated);
        }
    }

    fn climbs_nowhere(&self, fun: &Fun<'a>, part: Value) -> bool {
        let oracle = FunctionOracle::new(self.res, fun.id);
        climbs_nowhere(&Context::new(fun.function, &self.program().strings, &oracle), part)
    }

    /// The element of a literal tuple or dict that an entry is about, or the whole.
    fn piece(&self, fun: &Fun<'a>, whole: Value, entry: &Entry) -> Value {
        match (fun.function.op(whole), self.labels.elems(entry.path).first()) {
            (Op::Collection(_, elements), Some(Elem::Index(index))) => {
                let element = usize::try_from(*index).ok().and_then(|index| elements.get(index));
                element.filter(|element| !element.spread).map_or(whole, |element| element.value)
            }
            (Op::Dict(items), Some(Elem::Key(key))) => {
                let is_key = |item: Value| matches!(fun.function.op(item), Op::Const(Const::Str(text)) if text == key);
                items.iter().find(|(item, _)| item.is_some_and(is_key)).map_or(whole, |(_, value)| *value)
            }
            _ => whole,
        }
    }

    /// Escaped text is put into a page where escaping does not help, or this escape does not.
    /// `before` is what the text could do by itself.
    pub(crate) fn turn_to_code(&self, fun: &Fun<'a>, whole: Value, part: Value, before: KindSet, entry: &mut Entry) {
        if !before.contains(SinkKind::HtmlCode) || before.contains(SinkKind::HtmlInjection) {
            return;
        }
        let oracle = FunctionOracle::new(self.res, fun.id);
        let cx = Context::new(fun.function, &self.program().strings, &oracle);
        let shapes = path_shapes(&cx, whole);
        let quotes = quotes_left(&cx, part);
        let ends_attribute = |shape: &Shape, index: usize| {
            !quotes.is_empty()
                && matches!(position(shape, index, Grammar::Html),
                    Position::Html(Html::AttributeQuoted(quote)) if quotes.contains(&quote))
        };
        let code = shapes.iter().any(|shape| {
            shape.holes().any(|(index, hole)| {
                hole.value == part && (harmful(SinkKind::HtmlCode.id(), shape, index) || ends_attribute(shape, index))
            })
        });
        if code {
            entry.kinds.insert(SinkKind::HtmlInjection);
        }
    }

    /// Whether all places of `part` in the path `whole` are behind the name of a folder, in the same text.
    fn stands_behind_folder(&self, fun: &Fun<'a>, whole: Value, part: Value) -> bool {
        let oracle = FunctionOracle::new(self.res, fun.id);
        let cx = Context::new(fun.function, &self.program().strings, &oracle);
        let shapes = path_shapes(&cx, whole);
        // What makes a path normal is looked through.
        let direct = shapes.iter().any(|shape| shape.holes().any(|(_, hole)| hole.value == part));
        let mut parts: SmallVec<[Value; 4]> = SmallVec::from_iter([part]);
        if !direct {
            parts.extend(path_shapes(&cx, part).iter().flat_map(|s| s.holes().map(|(_, h)| h.value)));
        }
        let mut places = shapes.iter().flat_map(|shape| {
            let holes = shape.holes().filter(|(_, hole)| parts.contains(&hole.value));
            holes.map(|(index, _)| position(shape, index, Grammar::Path))
        });
        let mut found = false;
        let behind = places.all(|place| {
            found = true;
            matches!(place, Position::Path(Path::Within { .. } | Path::FileNamePart))
        });
        found && behind
    }

    /// The kinds of harm that data of `part` cannot do in the text `whole`, because of where it stands there
    /// or how it is converted.
    pub(crate) fn harmless_part(&mut self, fun: &Fun<'a>, whole: Value, part: Value) -> KindSet {
        let key = (fun.id, whole, part);
        // Of a list, only those elements count that data is in, and more may get some.
        let of_list = matches!(fun.function.op(part), Op::Collection(..) | Op::Dict(_));
        if let Some(known) = self.harmless.get(&key).filter(|_| !of_list) {
            return *known;
        }
        let oracle = FunctionOracle::new(self.res, fun.id);
        let cx = Context::new(fun.function, &self.program().strings, &oracle);
        let all = path_shapes(&cx, whole);
        let mut parts: SmallVec<[Value; 4]> = SmallVec::from_iter([part]);
        match fun.function.op(part) {
            Op::Collection(_, elements) => {
                parts.extend(elements.iter().map(|e| e.value).filter(|v| !fun.tree(*v).is_empty()));
            }
            Op::Dict(items) => parts.extend(items.iter().map(|(_, v)| *v).filter(|v| !fun.tree(*v).is_empty())),
            _ => {}
        }
        let direct = all.iter().any(|s| s.holes().any(|(_, h)| parts.contains(&h.value)));
        if !direct {
            parts.extend(path_shapes(&cx, part).iter().flat_map(|s| s.holes().map(|(_, h)| h.value)));
        }
        let mut harmless = KindSet::ALL;
        let mut found = false;
        for shape in &all {
            for (index, hole) in shape.holes() {
                if hole.value == whole || !parts.contains(&hole.value) {
                    continue;
                }
                found = true;
                for kind in SinkKind::ALL {
                    if harmless.contains(kind)
                        && harmful(kind.id(), shape, index)
                        && !(kind == SinkKind::HtmlInjection && stays_in_place(&cx, shape, index, hole.value))
                        && !(kind == SinkKind::SqlInjection && is_quoted_name(&cx, shape, index, hole.value))
                    {
                        harmless = harmless.minus(KindSet::of(kind));
                    }
                }
            }
        }
        if !found {
            harmless = KindSet::EMPTY;
        }
        self.harmless.insert(key, harmless);
        harmless
    }
}

/// Whether what stands in a hole of a document cannot end the place that it stands in, because of how it is made: text has no
/// `<` in it, the value of an attribute not its quote.
fn stays_in_place(cx: &Context<'_>, shape: &Shape, index: usize, value: Value) -> bool {
    let end = match position(shape, index, Grammar::Html) {
        Position::Html(Html::Text) if shape.before(index).contains('<') => '<',
        Position::Html(Html::AttributeQuoted(quote)) => quote,
        _ => return false,
    };
    is_free_of(cx, value, end)
}
