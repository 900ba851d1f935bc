//! What library functions do with data, by the models; and what is assumed where there is none.

use crate::driver::Engine;
use crate::function::{Additions, Fun};
use crate::label::{Elem, Entry, Flags, Labels, Origin, PathId};
use crate::mappings::{key_elem, name_of};
use crate::oracle::{FunctionOracle, constant};
use crate::sinks::LibraryCall;
use crate::trace::HopKind;
use assay_dataflow::Location;
use assay_index::Idx;
use assay_ir::{Arg, ArgKind, Const, Op, Value};
use assay_models::{
    ArgumentSpec, Condition, FlowKind, KindSet, NodeId, PathStep, Port, PortRoot, SinkKind, SourceKind,
};
use assay_resolve::{ApiId, ApiStep, FuncId, Object, Target};
use assay_values::guards::{decodes, may_undo_checks};
use assay_values::{ConstValue, Context, Oracle};
use smallvec::SmallVec;

/// Hops back to a check.
const MAX_HOPS: u32 = 200;
/// Methods that only mappings have, among what documents consist of.
const MAPPINGS: [&str; 7] = ["get", "items", "values", "keys", "pop", "setdefault", "copy"];
/// Types whose methods tell them.
const TEXTS: [&str; 2] = ["builtins.str", "builtins.bytes"];

/// The arguments that a specification selects, with their position among the positional ones.
pub(crate) fn selected(
    spec: &ArgumentSpec,
    args: &[Arg],
    strings: &assay_index::Interner,
) -> SmallVec<[(Value, Option<u32>); 2]> {
    let mut out = SmallVec::new();
    let mut position = 0;
    for arg in args {
        match arg.kind {
            ArgKind::Positional => {
                if spec.matches_position(position) || spec.any {
                    out.push((arg.value, Some(position)));
                }
                position += 1;
            }
            ArgKind::Keyword(name) => {
                if spec.matches_name(strings.resolve(name)) || spec.any || spec.any_named {
                    out.push((arg.value, None));
                }
            }
            ArgKind::Spread | ArgKind::KeywordSpread => {
                if spec.any {
                    out.push((arg.value, None));
                }
            }
        }
    }
    out
}

impl<'a> Engine<'a> {
    /// A call of a library function.
    pub(crate) fn library(&mut self, fun: &mut Fun<'a>, call: Value, api: ApiId, at: Location) {
        let nodes: SmallVec<[NodeId; 4]> = self.res.apis.nodes(api).iter().copied().collect();
        let methods = if nodes.is_empty() { self.document_methods(api) } else { SmallVec::new() };
        if !methods.is_empty() {
            return self.described(fun, call, Some(api), &methods, Flags::default(), at);
        }
        if nodes.is_empty() {
            self.decoding(fun, call, at);
            if self.assumed(fun, call, Some(api), at) {
                return;
            }
        }
        if self.named_tuple(fun, call, api, at) {
            return;
        }
        self.described(fun, call, Some(api), &nodes, Flags::default(), at);
        self.made_text(fun, call, api);
        self.set_by_name(fun, call, api, at);
    }

    /// What a method is of a document that was parsed, or of a part of one: the mapping's, which nothing else in documents has.
    fn document_methods(&self, api: ApiId) -> SmallVec<[NodeId; 4]> {
        let apis = &self.res.apis;
        let method = |step| match step {
            ApiStep::Member(name) => Some(self.program().strings.resolve(name)).filter(|name| MAPPINGS.contains(name)),
            _ => None,
        };
        let Some(name) = method(apis.step(api)) else { return SmallVec::new() };
        let parses = |node: &NodeId| self.models.facts(*node).flows.iter().any(|flow| flow.kind == FlowKind::Parse);
        let mut at = apis.parent(api);
        while let Some(part) = at {
            if apis.nodes(part).iter().any(parses) {
                let mapping = self.models.type_root("builtins.dict");
                return mapping.and_then(|mapping| self.models.member(mapping, name)).into_iter().collect();
            }
            let step = apis.step(part);
            let within = matches!(step, ApiStep::Return | ApiStep::Element | ApiStep::Key(_) | ApiStep::Index(_));
            if !within && method(step).is_none() {
                break;
            }
            at = apis.parent(part);
        }
        SmallVec::new()
    }

    /// A call whose callee is unknown.
    pub(crate) fn unresolved(&mut self, fun: &mut Fun<'a>, call: Value, at: Location) {
        self.decoding(fun, call, at);
        if !self.assumed(fun, call, None, at) {
            self.pass_through(fun, call, at, Flags::UNRESOLVED, HopKind::Unresolved);
        }
    }

    /// A method of an object of unknown type may be known by its name and the look of its arguments.
    fn assumed(&mut self, fun: &mut Fun<'a>, call: Value, api: Option<ApiId>, at: Location) -> bool {
        let Op::Call { func, args } = fun.function.op(call) else { return false };
        let Op::Attr(_, name) = fun.function.op(*func) else { return false };
        let name = self.program().strings.resolve(*name);
        let mut assumed = false;
        for model in self.models.name_models(name) {
            if !self.holds(fun, call, args, None, &model.condition) {
                continue;
            }
            let nodes: SmallVec<[NodeId; 4]> =
                self.models.base_types(model.type_root).iter().filter_map(|t| self.models.member(*t, name)).collect();
            if !nodes.is_empty() {
                assumed = true;
                // Nothing but texts has these methods.
                let text = self.models.type_name(model.type_root).is_some_and(|name| TEXTS.contains(&name));
                let flag = if text { Flags::default() } else { Flags::ASSUMED_TYPE };
                self.described(fun, call, api, &nodes, flag, at);
            }
        }
        assumed
    }

    /// A function of the program that the models describe, since it is the library's: its code says where data goes,
    /// they say what can do harm in it, and what comes in and out of it.
    pub(crate) fn own_library(&mut self, fun: &mut Fun<'a>, call: Value, nodes: &[NodeId], at: Location) {
        let Op::Call { args, .. } = fun.function.op(call) else { return };
        let mut harmless = KindSet::EMPTY;
        for &node in nodes {
            for (spec, argument) in self.models.arguments(node) {
                let sink = LibraryCall { call, api: None, args, flag: Flags::default(), at };
                self.sinks(fun, &sink, spec, *argument);
            }
            let Some(returned) = self.models.returned(node) else { continue };
            harmless = harmless.union(self.models.facts(returned).barriers);
            self.comes_in(fun, call, returned);
        }
        if !harmless.is_empty() {
            fun.restrict(call, harmless);
        }
    }

    /// A variable that is set to what some function makes of a constant text, and that is then asked to match, holds a
    /// compiled expression: projects wrap `re.compile` to do it later.
    pub(crate) fn assumed_pattern(&mut self, fun: &mut Fun<'a>, call: Value, at: Location) {
        let Op::Call { func, args } = fun.function.op(call) else { return };
        let Op::Attr(base, name) = fun.function.op(*func) else { return };
        let name = self.program().strings.resolve(*name);
        if !matches!(name, "match" | "fullmatch" | "search" | "findall" | "finditer" | "split" | "sub" | "subn") {
            return;
        }
        let Some(member) = self.models.type_root("re.Pattern").and_then(|root| self.models.member(root, name)) else {
            return;
        };
        let of_text = |(f, value): (FuncId, Value)| {
            let Op::Call { args, .. } = self.program().function(f).op(value) else { return false };
            args.first()
                .is_some_and(|a| crate::oracle::constant(self.res, f, a.value).is_some_and(|c| c.as_str().is_some()))
        };
        if !FunctionOracle::new(self.res, fun.id).definitions(*base).into_iter().any(of_text) {
            return;
        }
        for (spec, argument) in self.models.arguments(member) {
            let sink = LibraryCall { call, api: None, args, flag: Flags::ASSUMED_TYPE, at };
            self.sinks(fun, &sink, spec, *argument);
        }
    }

    /// A class of the program with the methods of a database cursor (PEP 249) is one: what it executes is SQL,
    /// however it is sent.
    pub(crate) fn own_cursor(&mut self, fun: &mut Fun<'a>, call: Value, target: Target, at: Location) {
        let program = self.program();
        let Some(class) = program.functions[target.function].class else { return };
        let name = program.strings.resolve(program.function(target.function).name);
        if !matches!(name, "execute" | "executemany") {
            return;
        }
        let has = |method: &str| {
            program.strings.lookup(method).is_some_and(|m| self.res.hierarchy.method(class, m).is_some())
        };
        let Some(root) = self.models.type_root("dbapi.Cursor").filter(|_| has("fetchone") && has("fetchall")) else {
            return;
        };
        let nodes: SmallVec<[NodeId; 4]> = self.models.member(root, name).into_iter().collect();
        let Op::Call { args, .. } = fun.function.op(call) else { return };
        for &node in &nodes {
            for (spec, argument) in self.models.arguments(node) {
                let sink = LibraryCall { call, api: None, args, flag: Flags::ASSUMED_TYPE, at };
                self.sinks(fun, &sink, spec, *argument);
            }
        }
    }

    /// A method of the program that overrides one of a library does what that does: a query that binds its
    /// values counts as one here too.
    pub(crate) fn overrides(&mut self, fun: &mut Fun<'a>, call: Value, target: Target) {
        let program = self.program();
        let Some(class) = program.functions[target.function].class else { return };
        let bases = self.res.hierarchy.external_bases(class);
        if bases.is_empty() {
            return;
        }
        let name = program.strings.resolve(program.function(target.function).name);
        let mut kinds = KindSet::EMPTY;
        for node in bases.iter().flat_map(|b| self.res.apis.nodes(*b)) {
            let Some(root) = self.models.facts(*node).class_of else { continue };
            for member in self.models.base_types(root).iter().filter_map(|t| self.models.member(*t, name)) {
                kinds = kinds.union(self.models.facts(member).neutral_kinds);
            }
        }
        let Op::Call { args, .. } = fun.function.op(call) else { return };
        let argument = args.first().map_or(call, |a| a.value);
        for kind in kinds.iter() {
            self.site(fun, call, kind, None, argument, false);
        }
    }

    /// All that goes in comes out.
    fn pass_through(&mut self, fun: &mut Fun<'a>, call: Value, at: Location, flag: Flags, kind: HopKind) {
        let Op::Call { func, args } = fun.function.op(call) else { return };
        let receiver = if let Op::Attr(base, _) = fun.function.op(*func) { Some(*base) } else { None };
        let root = PathId::new(Labels::ROOT);
        // What stands under a name is not made from the name.
        let names = usize::from(kind == HopKind::Unresolved && self.is_lookup(fun, call));
        for value in args.iter().skip(names).map(|a| a.value).chain(receiver) {
            for mut entry in self.read(fun, value, at) {
                if self.is_kept_secret(&entry) {
                    continue;
                }
                entry.flags = entry.flags.with(flag);
                if !fun.wants(call, root, entry.origin, entry.kinds) {
                    continue;
                }
                entry.path = root;
                entry.hop = self.hop(entry.hop, fun, call, kind);
                fun.add(call, entry);
            }
        }
    }

    fn described(
        &mut self,
        fun: &mut Fun<'a>,
        call: Value,
        api: Option<ApiId>,
        nodes: &[NodeId],
        flag: Flags,
        at: Location,
    ) {
        let Op::Call { func, args } = fun.function.op(call) else { return };
        let models = self.models;
        let (mut modelled, mut neutral) = (false, false);
        for &node in nodes {
            let facts = models.facts(node);
            neutral |= facts.neutral_summary;
            if let (Some(argument), false) = (args.first(), facts.neutral_kinds.is_empty()) {
                for kind in facts.neutral_kinds.iter() {
                    self.site(fun, call, kind, api, argument.value, false);
                }
            }
            modelled |=
                !facts.flows.is_empty() || facts.neutral_sink || facts.entry.is_some() || facts.transparent_decorator;
            if flag == Flags::default() {
                self.input_errors(fun, call, api, node, at);
            }
            for (spec, argument) in models.arguments(node) {
                self.sinks(fun, &LibraryCall { call, api, args, flag, at }, spec, *argument);
                let filled = models.facts(*argument);
                for kind in &filled.sources {
                    // A buffer that the call fills, or the name of a file.
                    for (value, _) in selected(spec, args, &self.program().strings) {
                        self.add_source(fun, value, *kind, KindSet::ALL.minus(filled.barriers));
                    }
                }
                if let Some(store) = filled.store {
                    for (value, _) in selected(spec, args, &self.program().strings) {
                        let entries = self.read(fun, value, at);
                        self.keep_in_store(fun, store, &entries, call);
                    }
                }
                modelled = true;
            }
        }
        let returned: SmallVec<[NodeId; 4]> = match api.and_then(|a| self.res.apis.known_child(a, ApiStep::Return)) {
            Some(child) if !flag.has(Flags::ASSUMED_TYPE) => self.res.apis.nodes(child).iter().copied().collect(),
            _ => nodes.iter().filter_map(|n| models.returned(*n)).collect(),
        };
        let mut barrier = KindSet::EMPTY;
        let mut own_result = false;
        for &node in &returned {
            let facts = models.facts(node);
            barrier = barrier.union(facts.barriers);
            own_result |= !facts.sources.is_empty();
        }
        if neutral {
            return;
        }
        if self.is_least(fun, call, api) {
            barrier.insert(SinkKind::ResourceAmount);
        }
        for &node in nodes {
            for flow in &models.facts(node).flows {
                let flag = if flow.kind == FlowKind::Markup { flag.with(Flags::COMPOSED) } else { flag };
                let same = flow.kind == FlowKind::Value;
                self.flow(fun, call, api, &flow.input, &flow.output, same, barrier, flag, at);
            }
            self.call_back(fun, call, node, at);
        }
        // A class that the models know holds what it was made from; a function that they know and say
        // nothing of passes nothing on.
        let constructs = nodes.iter().any(|n| models.facts(*n).class_of.is_some());
        let known = modelled || own_result || (!returned.is_empty() && !constructs);
        if !known || (constructs && !modelled) {
            let kind = api.map_or(HopKind::Unresolved, HopKind::Library);
            if barrier.is_empty() {
                let flag = match constructs {
                    // What a class of the program keeps of it is not seen by the constructor of its base.
                    true if self.makes_own(fun, call) && !self.makes_error(nodes) => flag.with(Flags::WEAKENED),
                    true => Flags::default(),
                    false => flag.with(Flags::LIBRARY),
                };
                self.pass_through(fun, call, at, flag, kind);
            }
        } else if !barrier.is_empty() && nodes.iter().all(|n| models.facts(*n).flows.is_empty()) {
            // A sanitiser: its result is made from its arguments, without what it takes away.
            let receiver = if let Op::Attr(base, _) = fun.function.op(*func) { Some(*base) } else { None };
            for value in args.iter().map(|a| a.value).chain(receiver) {
                let mut entries = self.read(fun, value, at);
                entries.retain(|entry| !self.is_kept_secret(entry));
                self.deliver(fun, call, api, value, &entries, &[], barrier, flag);
            }
        }
    }

    /// Whether a class of errors is among what makes an object: it keeps what it is made with.
    fn makes_error(&self, nodes: &[NodeId]) -> bool {
        nodes.iter().filter_map(|n| self.models.facts(*n).class_of).any(|root| self.is_error(&[root]))
    }

    /// Whether a call makes an instance of a class of the program.
    fn makes_own(&self, fun: &Fun<'a>, call: Value) -> bool {
        self.res.objects(fun.id, call).any(|o| matches!(o, Object::Instance(_) | Object::SelfOf(_)))
    }

    /// Data flows from a port to a port of a call.
    #[expect(clippy::too_many_arguments, reason = "the call and the row are one fact")]
    fn flow(
        &mut self,
        fun: &mut Fun<'a>,
        call: Value,
        api: Option<ApiId>,
        input: &Port,
        output: &Port,
        same: bool,
        barrier: KindSet,
        flag: Flags,
        at: Location,
    ) {
        let Some(from) = self.steps(fun, call, &input.path) else { return };
        let Some(mut to) = self.steps(fun, call, &output.path) else { return };
        let mut from = Self::keyed(fun, call, input, from);
        if (&from[..], &to[..]) == (&[Elem::Element], &[Elem::Element]) && api.is_some_and(|a| self.takes_mapping(a)) {
            // The entries come along under their keys.
            (from, to) = (SmallVec::new(), SmallVec::new());
        }
        let named = to[..] == [Elem::Element] && api.is_some_and(|a| self.takes_mapping(a));
        // What is filled into a template stands beside the template's text.
        let formats = matches!(input.root, PortRoot::Argument(_)) && api.is_some_and(|a| self.is_format(a));
        let lookup = input.root == PortRoot::Receiver && self.is_lookup(fun, call);
        for (value, position) in self.port(fun, call, &input.root) {
            let joins =
                from[..] == [Elem::Element] && api.is_some_and(|a| self.is_join(a)) && self.has_more(fun, value);
            if named && let Some(name) = name_of(fun, call, value) {
                to = SmallVec::from_iter([Elem::Key(name)]);
            }
            let mut entries: SmallVec<[Entry; 2]> = SmallVec::new();
            let filled = Self::filled_by_name(fun, call, value).filter(|_| formats);
            let of_any = lookup && from[..] == [Elem::Element];
            let unnamed = if of_any { self.named_secrets(fun, value) } else { SmallVec::new() };
            for (mut entry, rest) in self.select(fun, value, &from, at) {
                if unnamed.contains(&entry.origin) || (lookup && self.is_of_another_name(fun, call, &entry, &rest)) {
                    continue;
                }
                if let Some(format) = filled {
                    let part = self.labels.path(&rest);
                    if self.leaves_out(fun, format, part) {
                        continue;
                    }
                }
                if same {
                    entry.path = self.labels.path(&rest);
                } else if !rest.is_empty() && !rest.iter().all(|e| !matches!(e, Elem::Field(_))) {
                    continue;
                }
                if formats {
                    self.spare_behind_folder(fun, call, value, at, &mut entry);
                }
                if !same && (position.is_some_and(|p| p > 0) || formats || joins) {
                    entry.flags = entry.flags.with(Flags::COMPOSED);
                }
                entries.push(entry);
            }
            match &output.root {
                PortRoot::ReturnValue => self.deliver(fun, call, api, value, &entries, &to, barrier, flag),
                root => {
                    for (target, _) in self.port(fun, call, root) {
                        if matches!((&to[..], root), ([Elem::Element], PortRoot::Receiver))
                            && self.append(fun, call, target, &entries, at)
                        {
                            continue;
                        }
                        let hop_kind = api.map_or(HopKind::Unresolved, HopKind::Library);
                        let mut added: SmallVec<[Entry; 2]> = SmallVec::new();
                        for entry in &entries {
                            let mut entry = *entry;
                            for elem in to.iter().rev() {
                                entry.path = self.labels.prepend(*elem, entry.path).0;
                            }
                            entry.flags = entry.flags.with(flag);
                            if !fun.wants(target, entry.path, entry.origin, entry.kinds) {
                                continue;
                            }
                            entry.hop = self.hop(entry.hop, fun, call, hop_kind);
                            if fun.add(target, entry) {
                                added.push(entry);
                            }
                        }
                        self.change_root(fun, target, &added, call, 0);
                    }
                }
            }
        }
    }

    /// The text whose method fills it with the entries of a mapping by their names: `text.format(**mapping)`.
    fn filled_by_name(fun: &Fun<'a>, call: Value, mapping: Value) -> Option<Value> {
        let Op::Call { func, args } = fun.function.op(call) else { return None };
        let Op::Attr(text, _) = fun.function.op(*func) else { return None };
        args.iter().any(|a| a.value == mapping && a.kind == ArgKind::KeywordSpread).then_some(*text)
    }

    /// Whether a method asks a mapping for the entry of a name.
    fn is_lookup(&self, fun: &Fun<'a>, call: Value) -> bool {
        let Op::Call { func, args } = fun.function.op(call) else { return false };
        matches!(fun.function.op(*func), Op::Attr(_, method)
        if matches!(
            self.program().strings.resolve(*method),
            "get" | "getlist" | "get_list" | "get_all" | "getall" | "getone" | "pop" | "setdefault"
        )) && args.first().is_some_and(|a| a.kind == ArgKind::Positional)
    }

    /// Whether a part of a mapping stands under another name than the one that is looked up. Where that is not known, it is none of a
    /// secret.
    fn is_of_another_name(&self, fun: &Fun<'a>, call: Value, entry: &Entry, part: &[Elem]) -> bool {
        let (Some(Elem::Key(have)), Op::Call { args, .. }) = (part.first(), fun.function.op(call)) else {
            return false;
        };
        let strings = &self.program().strings;
        match args.first().map(|a| fun.function.op(a.value)) {
            Some(Op::Const(Const::Str(asked))) => !strings.resolve(*asked).eq_ignore_ascii_case(strings.resolve(*have)),
            _ => self.is_secret(entry),
        }
    }

    /// Whether a method fills its arguments into a text.
    fn is_format(&self, api: ApiId) -> bool {
        matches!(self.res.apis.step(api), ApiStep::Member(name)
            if matches!(self.program().strings.resolve(name), "format" | "format_map" | "format_html" | "substitute" | "safe_substitute" | "render"))
    }

    /// Whether a method joins texts.
    fn is_join(&self, api: ApiId) -> bool {
        matches!(self.res.apis.step(api), ApiStep::Member(name) if self.program().strings.resolve(name) == "join")
    }

    /// Whether a list is put together here, of more than one element.
    fn has_more(&self, fun: &Fun<'a>, list: Value) -> bool {
        let Op::Collection(_, elements) = fun.function.op(list) else { return false };
        let additions = fun.additions.get_or_init(|| Additions::new(fun.function, &self.program().strings));
        elements.len() + additions.to(list) > 1
    }

    /// Data becomes the result of a library's function, or a part of it.
    #[expect(clippy::too_many_arguments, reason = "the call, the data and what happens to it are one fact")]
    fn deliver(
        &mut self,
        fun: &mut Fun<'a>,
        call: Value,
        api: Option<ApiId>,
        part: Value,
        entries: &[Entry],
        to: &[Elem],
        barrier: KindSet,
        flag: Flags,
    ) {
        let harmless = if entries.is_empty() { KindSet::EMPTY } else { self.harmless_part(fun, call, part) };
        let undoes = !entries.is_empty() && self.may_undo(fun, call);
        let formats = api.is_some_and(|api| self.is_format(api));
        let masks = api.is_some_and(|api| entries.iter().any(|e| self.is_secret(e)) && self.masks(fun, call, api));
        for entry in entries {
            if masks && self.is_secret(entry) {
                continue;
            }
            let mut entry = *entry;
            if undoes {
                entry.kinds = self.unchecked(fun, call, entry.hop, entry.kinds);
            }
            for elem in to.iter().rev() {
                entry.path = self.labels.prepend(*elem, entry.path).0;
            }
            let mut kinds = entry.kinds.minus(barrier).minus(harmless);
            if formats {
                let mut formatted = Entry { kinds, ..entry };
                self.turn_to_code(fun, call, part, entry.kinds, &mut formatted);
                kinds = formatted.kinds;
            }
            entry.flags = entry.flags.with(flag);
            if !fun.wants(call, entry.path, entry.origin, kinds) {
                continue;
            }
            let kind = match api {
                Some(api) if !entry.kinds.intersect(barrier).is_empty() => HopKind::Sanitised(api),
                Some(api) => HopKind::Library(api),
                None => HopKind::Unresolved,
            };
            entry.kinds = kinds;
            entry.hop = self.hop(entry.hop, fun, call, kind);
            fun.add(call, entry);
        }
    }

    /// Whether the data of an entry is a secret that is kept somewhere in an object: what a function that nobody described makes
    /// of the object need not show it.
    fn is_kept_secret(&self, entry: &Entry) -> bool {
        entry.path.index() != Labels::ROOT && self.is_secret(entry)
    }

    /// Whether the data of an entry is a secret.
    pub(crate) fn is_secret(&self, entry: &Entry) -> bool {
        matches!(self.labels.origin_of(entry.origin), Origin::Source(source)
            if self.labels.sources[source].kind == Some(SourceKind::Secret))
    }

    /// Whether a call replaces what stands behind the name of a secret in a text.
    fn masks(&self, fun: &Fun<'a>, call: Value, api: ApiId) -> bool {
        if !matches!(self.res.api_name(api), "re.sub" | "re.subn" | "re.Pattern.sub" | "re.Pattern.subn") {
            return false;
        }
        let Op::Call { func, args } = fun.function.op(call) else { return false };
        let oracle = FunctionOracle::new(self.res, fun.id);
        let receiver = if let Op::Attr(base, _) = fun.function.op(*func) { oracle.pattern(*base) } else { None };
        let pattern = receiver.map(|p| p.text).or_else(|| match constant(self.res, fun.id, args.first()?.value)? {
            ConstValue::Str(text) => Some(text),
            _ => None,
        });
        pattern.is_some_and(|text| {
            let text = text.to_ascii_lowercase();
            ["token", "auth", "passw", "secret", "cookie", "key", "credential"].iter().any(|name| text.contains(name))
        })
    }

    /// Whether the call decodes, so that what a check excluded may be in its result.
    fn may_undo(&self, fun: &Fun<'a>, call: Value) -> bool {
        let oracle = crate::FunctionOracle::new(self.res, fun.id);
        may_undo_checks(&Context::new(fun.function, &self.program().strings, &oracle), call)
    }

    /// The kinds of data with those that checks took away, here or in a function that it came through, and with those that a
    /// sanitiser took away if the call decodes what that made.
    fn unchecked(&self, fun: &Fun<'a>, call: Value, hop: crate::HopId, kinds: KindSet) -> KindSet {
        let mut open: SmallVec<[crate::HopId; 4]> = SmallVec::from_iter([hop]);
        let mut left = MAX_HOPS;
        while let Some(id) = open.pop() {
            left -= 1;
            let hop = &self.traces.hops[id];
            match hop.kind {
                HopKind::Validated => return KindSet::ALL,
                HopKind::Sanitised(_) => {
                    let oracle = crate::FunctionOracle::new(self.res, fun.id);
                    let decodes = decodes(&Context::new(fun.function, &self.program().strings, &oracle), call);
                    return if decodes { KindSet::ALL } else { kinds };
                }
                _ if left == 0 => return kinds,
                HopKind::Through(_, within) => {
                    open.extend(hop.before);
                    open.push(within);
                }
                _ => open.extend(hop.before),
            }
        }
        kinds
    }

    pub(crate) fn port(&self, fun: &Fun<'a>, call: Value, root: &PortRoot) -> SmallVec<[(Value, Option<u32>); 2]> {
        let Op::Call { func, args } = fun.function.op(call) else { return SmallVec::new() };
        match root {
            PortRoot::Argument(spec) => selected(spec, args, &self.program().strings),
            PortRoot::Receiver => match fun.function.op(*func) {
                Op::Attr(base, _) => SmallVec::from_iter([(*base, None)]),
                _ => SmallVec::new(),
            },
            PortRoot::ReturnValue => SmallVec::from_iter([(call, None)]),
        }
    }

    /// The path of a port of a call as steps into a value; `None` for one through a function.
    pub(crate) fn steps(&self, fun: &Fun<'a>, call: Value, path: &[PathStep]) -> Option<SmallVec<[Elem; 4]>> {
        let strings = &self.program().strings;
        path.iter()
            .filter(|s| !matches!(s, PathStep::Awaited))
            .map(|step| match step {
                PathStep::Element => Some(Elem::Element),
                PathStep::MapKey => Some(Elem::MapKey),
                PathStep::Key(key) => strings.lookup(key).map(Elem::Key),
                PathStep::KeyedBy(spec) => {
                    let named = self.port(fun, call, &PortRoot::Argument(spec.clone()));
                    Some(named.first().map_or(Elem::Element, |(key, _)| key_elem(fun.function, *key)))
                }
                PathStep::Index(index) => Some(i32::try_from(*index).map_or(Elem::Element, Elem::Index)),
                PathStep::Member(name) => strings.lookup(name).map(Elem::Field),
                _ => None,
            })
            .collect()
    }

    /// Whether the arguments of a call fulfil a condition; `own` is what a condition without an
    /// argument is about.
    pub(crate) fn holds(
        &self,
        fun: &Fun<'a>,
        call: Value,
        args: &[Arg],
        own: Option<Value>,
        condition: &Condition,
    ) -> bool {
        crate::oracle::holds(self.res, fun.id, call, args, own, condition)
    }
}
