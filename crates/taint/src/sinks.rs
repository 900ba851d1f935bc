//! Where data can do harm: arguments of calls, and what is stored under a name or key of a library's object.

use crate::driver::Engine;
use crate::function::Fun;
use crate::label::{Elem, Flags};
use crate::library::selected;
use crate::processes::Role;
use assay_dataflow::Location;
use assay_index::Symbol;
use assay_ir::{Arg, ArgKind, Op, Value};
use assay_models::{ArgumentSpec, KindSet, NodeId, Release, SinkKind};
use assay_resolve::{ApiId, Object};
use assay_values::ConstValue;
use assay_values::contexts::harmful;
use assay_values::shapes::{Hole, Shape, message_conversion};
use smallvec::SmallVec;

/// A call of a library's function.
#[derive(Clone, Copy)]
pub(crate) struct LibraryCall<'c> {
    pub(crate) call: Value,
    pub(crate) api: Option<ApiId>,
    pub(crate) args: &'c [Arg],
    /// What the identity of the function rests on.
    pub(crate) flag: Flags,
    pub(crate) at: Location,
}

/// What the other arguments of a call say about one.
#[derive(Clone, Copy)]
struct Beside {
    /// What data in it cannot do.
    harmless: KindSet,
    role: Role,
}

impl Beside {
    const NOTHING: Self = Self { harmless: KindSet::EMPTY, role: Role::Any };
}

impl<'a> Engine<'a> {
    /// The sinks at and below the arguments that a specification selects.
    pub(crate) fn sinks(&mut self, fun: &mut Fun<'a>, sink: &LibraryCall<'_>, spec: &ArgumentSpec, node: NodeId) {
        let values = selected(spec, sink.args, &self.program().strings);
        let first = values.first().map(|(value, _)| *value);
        for (ordinal, (value, position)) in values.into_iter().enumerate() {
            let beside = match (position, ordinal.checked_sub(1)) {
                (Some(position), before) if !fun.tree(value).is_empty() => {
                    let mut beside = self.beside(fun, sink, node, first.zip(before), position);
                    if before.is_some() && self.is_shown_by_repr(fun, value, true) {
                        beside.harmless.insert(SinkKind::LogInjection);
                    }
                    beside
                }
                (None, _) if self.is_argument_sink(node) => {
                    let role = self.role_of_spread(fun, sink.args, value, sink.at);
                    Beside { harmless: role.harmless(), role }
                }
                _ => Beside::NOTHING,
            };
            self.sinks_below(fun, sink, value, &[], node, beside, 0);
        }
        if spec.receiver
            && let Op::Call { func, .. } = fun.function.op(sink.call)
            && let Op::Attr(base, _) = fun.function.op(*func)
        {
            self.sinks_below(fun, sink, *base, &[], node, Beside::NOTHING, 0);
        }
        let mut position = 0;
        for arg in sink.args {
            match arg.kind {
                ArgKind::Positional => position += 1,
                ArgKind::Spread if !spec.any => {
                    for range in spec.positions.iter().filter(|r| *r.end() >= position) {
                        let elem = match (range.start().checked_sub(position), range.start() == range.end()) {
                            (Some(index), true) => i32::try_from(index).map_or(Elem::Later, Elem::Index),
                            (Some(1..), false) => Elem::Later,
                            _ => Elem::Element,
                        };
                        self.sinks_below(fun, sink, arg.value, &[elem], node, Beside::NOTHING, 1);
                    }
                }
                ArgKind::KeywordSpread if !spec.any => {
                    for name in &spec.names {
                        let Some(name) = self.program().strings.lookup(name) else { continue };
                        self.sinks_below(fun, sink, arg.value, &[Elem::Key(name)], node, Beside::NOTHING, 1);
                    }
                }
                ArgKind::Keyword(_) | ArgKind::Spread | ArgKind::KeywordSpread => {}
            }
        }
    }

    /// Whether data can be taken for an option there.
    fn is_argument_sink(&self, node: NodeId) -> bool {
        let facts = self.models.facts(node);
        let kind = SinkKind::ArgumentInjection;
        facts.sinks.contains(&kind) || facts.conditional_sinks.iter().any(|s| s.kind == kind)
    }

    /// The sinks that the result of a function is for the library that calls it; `place` is the `return`. Conditions are about the
    /// call that hands the function over.
    pub(crate) fn result_sinks(&mut self, fun: &mut Fun<'a>, place: Value, value: Value, node: NodeId, at: Location) {
        let sink = LibraryCall { call: place, api: None, args: &[], flag: Flags::default(), at };
        self.sinks_below(fun, &sink, value, &[], node, Beside::NOTHING, 0);
        for kind in crate::oracle::sinks_by_registration(self.res, fun.id, node) {
            self.stored_sink(fun, place, kind, value, at);
        }
    }

    /// The same for what stands under the names of a dict that a function returns.
    pub(crate) fn result_entry_sinks(
        &mut self,
        fun: &mut Fun<'a>,
        place: Value,
        dict: Value,
        node: NodeId,
        at: Location,
    ) {
        let sink = LibraryCall { call: place, api: None, args: &[], flag: Flags::default(), at };
        self.entries_below(fun, &sink, dict, node);
    }

    /// What the other arguments say about the one at `position`: the template of a message about what is filled into
    /// it (`format`: the template, and which of its values this one is), the arguments of a program about those behind.
    fn beside(
        &self,
        fun: &Fun<'a>,
        sink: &LibraryCall<'_>,
        node: NodeId,
        format: Option<(Value, usize)>,
        position: u32,
    ) -> Beside {
        let facts = self.models.facts(node);
        let has = |kind| facts.sinks.contains(&kind) || facts.conditional_sinks.iter().any(|s| s.kind == kind);
        let mut out = Beside::NOTHING;
        if has(SinkKind::LogInjection)
            && let Some((template, index)) = format
            && let Some(ConstValue::Str(text)) = crate::oracle::constant(self.res, fun.id, template)
            && let Some(conversion) = message_conversion(&text, index)
        {
            let mut hole = Hole::plain(template);
            hole.conversion = conversion;
            let shape = Shape::hole(hole);
            for kind in SinkKind::ALL.into_iter().filter(|k| !harmful(k.id(), &shape, 0)) {
                out.harmless = out.harmless.union(KindSet::of(kind));
            }
        }
        if self.is_argument_sink(node) {
            out.role = self.role_of_argument(fun, sink.args, position, sink.at);
            out.harmless = out.harmless.union(out.role.harmless());
        }
        out
    }

    #[expect(clippy::too_many_arguments, reason = "the call, the argument and its description are one fact")]
    fn sinks_below(
        &mut self,
        fun: &mut Fun<'a>,
        sink: &LibraryCall<'_>,
        value: Value,
        path: &[Elem],
        node: NodeId,
        beside: Beside,
        depth: u32,
    ) {
        let models = self.models;
        let facts = models.facts(node);
        let assumed = sink.flag.has(Flags::ASSUMED_TYPE);
        let mut kinds: SmallVec<[SinkKind; 2]> = facts.sinks.iter().copied().collect();
        let mut older: SmallVec<[(SinkKind, Release); 1]> = SmallVec::new();
        for conditional in &facts.conditional_sinks {
            if !kinds.contains(&conditional.kind)
                && self.holds(fun, sink.call, sink.args, Some(value), &conditional.condition)
            {
                kinds.push(conditional.kind);
                let unknown = |r: &&Release| self.program().releases.older(r).is_none();
                let release = conditional.condition.releases().into_iter().find(unknown).cloned();
                older.extend(release.map(|release| (conditional.kind, release)));
            }
        }
        for conditional in &facts.conditional_sinks {
            if depth == 0 && !kinds.contains(&conditional.kind) {
                self.site(fun, sink.call, conditional.kind, sink.api, value, assumed);
            }
        }
        if beside.role == Role::Runs && kinds.contains(&SinkKind::ArgumentInjection) {
            kinds.push(SinkKind::CommandInjection);
        }
        let is_process = kinds.contains(&SinkKind::ProcessArgument);
        for kind in kinds {
            let site = self.site(fun, sink.call, kind, sink.api, value, assumed);
            if matches!(kind, SinkKind::PathInjection | SinkKind::RequestForgery) && self.is_stream(fun, value) {
                continue;
            }
            self.sites[site].harmless_form = false;
            self.sites[site].older = older.iter().find(|(k, _)| *k == kind).map(|(_, release)| release.clone());
            // Where the list is that of a whole process, the program itself is no argument.
            let arguments = kind == SinkKind::ArgumentInjection && path == [Elem::Element] && is_process;
            let path = if arguments { &[Elem::Later] } else { path };
            for (mut entry, rest) in self.select(fun, value, path, sink.at) {
                if self.harms(&entry, &rest, kind) {
                    entry.flags = entry.flags.with(sink.flag);
                    entry.kinds = entry.kinds.minus(beside.harmless);
                    self.reach(fun, sink.call, &entry, site, kind, None);
                }
            }
        }
        if depth == 0 {
            self.pairs_below(fun, sink, value, node);
        }
        if depth >= 2 || !models.has_children(node) {
            return;
        }
        if depth == 0 {
            self.entries_below(fun, sink, value, node);
        }
        let mut below = |this: &mut Self, elem: Elem, child: Option<NodeId>| {
            if let Some(child) = child {
                let mut path: SmallVec<[Elem; 4]> = SmallVec::from_slice(path);
                path.push(elem);
                this.sinks_below(fun, sink, value, &path, child, beside, depth + 1);
            }
        };
        below(self, Elem::Element, models.element(node));
        for index in 0..2 {
            below(self, Elem::Index(index), models.index(node, i64::from(index)));
        }
    }

    /// The sinks under the names of a list of pairs: `[("Location", address)]`.
    fn pairs_below(&mut self, fun: &mut Fun<'a>, sink: &LibraryCall<'_>, list: Value, node: NodeId) {
        let Op::Collection(_, pairs) = fun.function.op(list) else { return };
        for pair in pairs {
            let Op::Collection(_, parts) = fun.function.op(pair.value) else { continue };
            let [name, stored] = &parts[..] else { continue };
            let Op::Const(assay_ir::Const::Str(text)) = fun.function.op(name.value) else { continue };
            if let Some(named) = self.models.key(node, self.program().strings.resolve(*text)) {
                self.stored_sinks(fun, sink.call, named, stored.value, sink.at);
            }
        }
    }

    /// The sinks under the names of a dict: `{"Location": address}`, and what is put into it before.
    fn entries_below(&mut self, fun: &mut Fun<'a>, sink: &LibraryCall<'_>, dict: Value, node: NodeId) {
        let function = fun.function;
        let Op::Dict(entries) = function.op(dict) else { return };
        let literal = entries.iter().filter_map(|(key, value)| Some(((*key)?, *value)));
        let stored = function.insts.iter().filter_map(|inst| match inst.op {
            Op::StoreItem { base, key, value } if base == dict => Some((key, value)),
            _ => None,
        });
        for (key, value) in literal.chain(stored) {
            let Op::Const(assay_ir::Const::Str(text)) = function.op(key) else { continue };
            let named = self.models.key(node, self.program().strings.resolve(*text));
            let any = self.models.element(node).map(|any| &self.models.facts(any).conditional_sinks);
            for conditional in any.into_iter().flatten() {
                if self.holds(fun, sink.call, sink.args, Some(value), &conditional.condition) {
                    self.stored_sink(fun, sink.call, conditional.kind, value, sink.at);
                }
            }
            // What holds for any entry has been looked at.
            if let Some(named) = named.filter(|named| self.models.element(node) != Some(*named)) {
                self.stored_sinks(fun, sink.call, named, value, sink.at);
            }
        }
    }

    /// Whether a value is an open file, where its path or address could stand as well.
    fn is_stream(&self, fun: &Fun<'a>, value: Value) -> bool {
        let Some(stream) = self.models.type_root("io.IOBase") else { return false };
        let mut objects = self.res.objects(fun.id, value).peekable();
        objects.peek().is_some()
            && objects.all(|o| matches!(o, Object::Api(api) if self.res.apis.nodes(api).contains(&stream)))
    }

    /// The sinks that an attribute of a library's object is: `message.subject = text`.
    pub(crate) fn attribute_sinks(
        &mut self,
        fun: &mut Fun<'a>,
        store: Value,
        base: Value,
        name: Symbol,
        stored: Value,
        at: Location,
    ) {
        let name = self.program().strings.resolve(name);
        for node in self.object_nodes(fun, base) {
            if let Some(member) = self.models.member(node, name) {
                self.stored_sinks(fun, store, member, stored, at);
            }
        }
    }

    /// The sinks that an item of a library's object is: `message["Subject"] = text`.
    pub(crate) fn item_sinks(
        &mut self,
        fun: &mut Fun<'a>,
        store: Value,
        base: Value,
        key: Value,
        stored: Value,
        at: Location,
    ) {
        let text = match fun.function.op(key) {
            Op::Const(assay_ir::Const::Str(text)) => Some(self.program().strings.resolve(*text)),
            _ => None,
        };
        for node in self.object_nodes(fun, base) {
            let item = text.map_or_else(|| self.models.element(node), |key| self.models.key(node, key));
            if let Some(item) = item {
                self.stored_sinks(fun, store, item, stored, at);
            }
            let Some(method) = self.models.member(node, "__setitem__") else { continue };
            for (spec, argument) in self.models.arguments(method) {
                for (position, value) in [(0, key), (1, stored)] {
                    if spec.matches_position(position) {
                        self.stored_sinks(fun, store, *argument, value, at);
                    }
                }
            }
        }
    }

    /// The sinks that the key is by which something of a library's object is looked up: `globals()[name]`.
    pub(crate) fn key_sinks(&mut self, fun: &mut Fun<'a>, lookup: Value, base: Value, key: Value, at: Location) {
        let models = self.models;
        for node in self.object_nodes(fun, base) {
            let Some(method) = models.named_member(node, "__getitem__") else { continue };
            for (_, argument) in models.arguments(method).iter().filter(|(spec, _)| spec.matches_position(0)) {
                let facts = models.facts(*argument);
                let conditional = facts.conditional_sinks.iter();
                let holding = conditional.filter(|s| self.holds(fun, lookup, &[], Some(key), &s.condition));
                let kinds: SmallVec<[SinkKind; 2]> =
                    facts.sinks.iter().copied().chain(holding.map(|s| s.kind)).collect();
                for kind in kinds {
                    self.stored_sink(fun, lookup, kind, key, at);
                }
            }
        }
    }

    fn stored_sinks(&mut self, fun: &mut Fun<'a>, store: Value, node: NodeId, stored: Value, at: Location) {
        let facts = self.models.facts(node);
        for kind in &facts.sinks {
            self.stored_sink(fun, store, *kind, stored, at);
        }
        for conditional in &facts.conditional_sinks {
            if self.holds(fun, store, &[], Some(stored), &conditional.condition) {
                self.stored_sink(fun, store, conditional.kind, stored, at);
            }
        }
    }

    fn stored_sink(&mut self, fun: &mut Fun<'a>, store: Value, kind: SinkKind, stored: Value, at: Location) {
        let site = self.site(fun, store, kind, None, stored, false);
        self.sites[site].harmless_form = false;
        for (entry, rest) in self.select(fun, stored, &[], at) {
            if rest.is_empty() {
                self.reach(fun, store, &entry, site, kind, None);
            }
        }
    }

    /// What the models say of an object of a library, or of a class of the program that derives from one.
    pub(crate) fn object_nodes(&self, fun: &Fun<'a>, base: Value) -> SmallVec<[NodeId; 4]> {
        let mut out: SmallVec<[NodeId; 4]> = SmallVec::new();
        let mut add = |node: NodeId| {
            if !out.contains(&node) {
                out.push(node);
            }
        };
        for object in self.res.objects(fun.id, base) {
            match object {
                Object::Api(api) => self.res.apis.nodes(api).iter().for_each(|n| add(*n)),
                Object::Instance(class) | Object::SelfOf(class) => {
                    for api in self.res.hierarchy.external_bases(class) {
                        for node in self.res.apis.nodes(*api) {
                            let root = self.models.facts(*node).class_of;
                            root.into_iter().flat_map(|r| self.models.base_types(r)).for_each(|n| add(*n));
                        }
                    }
                }
                _ => {}
            }
        }
        out
    }
}
