//! What each operation does with data.

use crate::driver::Engine;
use crate::function::{Fun, Out, Summary, SummaryFlow};
use crate::label::{Elem, Entry, Flags, Labels, Origin, OriginId, PathId, Source};
use crate::mappings::key_elem;
use crate::trace::{Cell, HopKind};
use assay_dataflow::Location;
use assay_index::{Idx, Symbol};
use assay_ir::{Arg, ArgKind, BinaryOp, BlockId, Collection, Const, Function, Op, Piece, Value};
use assay_models::{Form, KindSet, NodeId, SinkKind, SourceKind};
use assay_resolve::{ApiId, ContextArguments, FieldRead, FuncId, Object, Target};
use smallvec::SmallVec;
use std::sync::Arc;

/// Attributes that follow from the class of an object.
const OF_CLASS: [&str; 6] = ["_meta", "__class__", "__doc__", "__module__", "__name__", "__qualname__"];

impl<'a> Engine<'a> {
    /// The entries of a value, less what checks that dominate the place take away.
    pub(crate) fn read(&mut self, fun: &Fun<'a>, value: Value, at: Location) -> SmallVec<[Entry; 2]> {
        let tree = fun.tree(value);
        if tree.is_empty() {
            return SmallVec::new();
        }
        let mut entries: SmallVec<[Entry; 2]> = tree.entries.iter().copied().collect();
        let guarded = self.guarded(fun, value, at);
        let clean = self.clean_by_making(fun, value);
        let by = if guarded.taken.is_empty() { value } else { guarded.by };
        let taken = guarded.taken.union(clean);
        if !guarded.doubted.is_empty() {
            for entry in &mut entries {
                if !entry.kinds.minus(taken).intersect(guarded.doubted).is_empty() {
                    entry.hop = self.traces.hop(Some(entry.hop), fun.id, guarded.subject, HopKind::Doubted);
                }
            }
        }
        if !taken.is_empty() {
            for entry in &mut entries {
                let taken = match self.labels.origin_of(entry.origin) {
                    Origin::Param(index, _) if index < u64::BITS && guarded.folders & (1 << index) != 0 => {
                        taken.minus(KindSet::of(SinkKind::PathInjection))
                    }
                    _ => taken,
                };
                let left = entry.kinds.minus(taken);
                if left != entry.kinds {
                    entry.kinds = left;
                    entry.hop = self.traces.hop(Some(entry.hop), fun.id, by, HopKind::Validated);
                }
            }
        }
        entries
    }

    pub(crate) fn transfer(&mut self, fun: &mut Fun<'a>, value: Value, at: Location) {
        let function = fun.function;
        match function.op(value) {
            Op::Const(Const::Str(text) | Const::Bytes(text)) => self.shared_folder(fun, value, *text),
            Op::Undefined
            | Op::Const(_)
            | Op::Compare(..)
            | Op::Memory(_)
            | Op::DeleteAttr(..)
            | Op::DeleteItem(..)
            | Op::Import { .. }
            | Op::ImportStar { .. }
            | Op::StoreGlobal(_, None)
            | Op::Exit(_)
            | Op::Unary(..)
            | Op::Annotated { value: None, .. }
            | Op::Slice(..) => {}
            Op::Param(index) => self.transfer_param(fun, value, *index),
            Op::Caught(types) => self.caught(fun, value, types),
            Op::Phi(inputs) => self.transfer_phi(fun, value, inputs),
            Op::Global(name) => {
                let module = self.program().functions[fun.id].module;
                if self.program().modules[module].defines(*name) {
                    self.load_cell(fun, value, Cell::Global(module, *name));
                }
            }
            Op::ImportFrom { module, level, name } => {
                let own = self.program().functions[fun.id].module;
                if let Some(target) = self.imported(own, *module, *level) {
                    self.load_cell(fun, value, Cell::Global(target, *name));
                }
                self.sources(fun, value);
            }
            Op::StoreGlobal(name, Some(stored)) => {
                let module = self.program().functions[fun.id].module;
                self.store_cell(fun, value, Cell::Global(module, *name), *stored, at);
            }
            Op::StoreName(name, stored) => {
                if let assay_ir::FunctionKind::ClassBody(class) = function.kind {
                    let module = self.program().functions[fun.id].module;
                    let class = self.program().cls_id(module, class);
                    self.store_cell(fun, value, Cell::Attribute(class, *name), *stored, at);
                }
            }
            Op::LoadCell(cell) => {
                let module = self.program().functions[fun.id].module;
                let owner = self.program().func_id(module, cell.owner);
                if owner == fun.id {
                    let tree = fun.cells.get(&cell.cell).cloned().unwrap_or_default();
                    tree.entries.iter().for_each(|e| {
                        fun.add(value, *e);
                    });
                } else {
                    let root = PathId::new(Labels::ROOT);
                    let origin = self.labels.origin(Origin::Captured(owner, cell.cell, root));
                    let hop = self.traces.hop(None, fun.id, value, HopKind::Arrives);
                    fun.add(value, Entry { path: root, origin, kinds: KindSet::ALL, flags: Flags::default(), hop });
                }
                if owner != fun.id || self.set_within.contains(&(owner, cell.cell)) {
                    self.load_cell(fun, value, Cell::Captured(owner, cell.cell));
                }
            }
            Op::StoreCell(cell, stored) => {
                let module = self.program().functions[fun.id].module;
                let owner = self.program().func_id(module, cell.owner);
                if owner == fun.id {
                    for entry in self.read(fun, *stored, at) {
                        if fun.cells.entry(cell.cell).or_default().add(entry) == crate::label::Added::Changed {
                            fun.again = true;
                        }
                    }
                }
                self.store_cell(fun, value, Cell::Captured(owner, cell.cell), *stored, at);
            }
            Op::Attr(base, name) if self.is_namespace(*name) => self.load_attributes(fun, value, *base, at),
            // What a class says of itself is the program's own, whatever its objects hold.
            Op::Attr(_, name) if OF_CLASS.contains(&self.program().strings.resolve(*name)) => {}
            Op::Attr(base, name) => {
                self.step_into(fun, value, *base, Elem::Field(*name), at);
                if self.shows_error(fun, value) {
                    self.step_into(fun, value, *base, Elem::ErrorText, at);
                }
                self.load_attribute(fun, value, *base, *name);
                self.read_row(fun, value, *base, *name);
                self.sources(fun, value);
                self.barriers(fun, value);
                self.read_field(fun, value);
                self.implicit(fun, value, at);
            }
            Op::Item(base, key) if self.is_named(fun.function, *base, "Annotated") => {
                for filler in fillers(function, *key) {
                    self.copy(fun, value, filler, at);
                }
            }
            Op::Item(base, key) => {
                for elem in self.keys(fun, *key) {
                    self.step_into(fun, value, *base, elem, at);
                }
                self.key_sinks(fun, value, *base, *key, at);
                self.sources(fun, value);
                self.read_field(fun, value);
                self.implicit(fun, value, at);
            }
            Op::Next(base) => {
                let elem = if self.is_mapping(fun, *base) { Elem::MapKey } else { Elem::Iterated };
                self.step_into(fun, value, *base, elem, at);
                self.sources(fun, value);
                self.implicit(fun, value, at);
            }
            Op::Unpack { base, index, rest } => {
                let elem = if *rest || *index < 0 { Elem::Element } else { Elem::Index(*index) };
                self.step_into(fun, value, *base, elem, at);
                self.sources(fun, value);
            }
            Op::Enter(base) => {
                self.copy(fun, value, *base, at);
                self.step_into(fun, value, *base, Elem::Element, at);
                self.sources(fun, value);
                self.implicit(fun, value, at);
            }
            Op::Annotated { value: Some(inner), .. } | Op::Await(inner) => {
                self.copy(fun, value, *inner, at);
                self.sources(fun, value);
                self.barriers(fun, value);
            }
            Op::Returned(inner) => self.answered(fun, value, *inner, at),
            Op::Yield(inner) => self.yielded(fun, *inner, at, false),
            Op::YieldFrom(inner) => {
                self.yielded(fun, *inner, at, true);
                self.copy(fun, value, *inner, at);
            }
            Op::StoreAttr { base, name, value: stored } => {
                self.store_attribute(fun, value, *base, *name, *stored, at);
                self.attribute_sinks(fun, value, *base, *name, *stored, at);
                self.implicit(fun, value, at);
            }
            Op::StoreItem { base, key, value: stored } => {
                let elem = key_elem(fun.function, *key);
                let entries = self.read(fun, *stored, at);
                self.change(fun, *base, elem, &entries, value, 0);
                self.item_sinks(fun, value, *base, *key, *stored, at);
                self.kept_under(fun, value, *base, *key, at);
                self.implicit(fun, value, at);
            }
            Op::Accumulate { into, key, value: stored } => {
                let elem = key.map_or(Elem::Element, |k| key_elem(fun.function, k));
                let entries = self.read(fun, *stored, at);
                self.change(fun, *into, elem, &entries, value, 0);
            }
            Op::Collection(Collection::List | Collection::Tuple, elements) => self.list(fun, value, elements, at),
            Op::Collection(_, elements) => {
                for element in elements {
                    let entries = self.read(fun, element.value, at);
                    if element.spread {
                        entries.iter().for_each(|e| {
                            fun.add(value, *e);
                        });
                    } else {
                        self.put(fun, value, Elem::Element, &entries, value);
                    }
                }
            }
            Op::Dict(items) => {
                for (key, item) in items {
                    let entries = self.read(fun, *item, at);
                    match key {
                        Some(key) => self.put(fun, value, key_elem(fun.function, *key), &entries, value),
                        None => entries.iter().for_each(|e| {
                            fun.add(value, *e);
                        }),
                    }
                }
            }
            Op::Format(pieces) => {
                self.compose(fun, value, at);
                if let Some(Piece::Text(text)) = pieces.first() {
                    self.shared_folder(fun, value, *text);
                    self.unpredictable(fun, value);
                }
            }
            Op::Template(_) => self.compose(fun, value, at),
            Op::Binary(op, left, right) | Op::InPlace(op, left, right) => {
                match op {
                    BinaryOp::Add | BinaryOp::Mod | BinaryOp::Div => self.compose(fun, value, at),
                    BinaryOp::Mul | BinaryOp::BitOr | BinaryOp::BitAnd | BinaryOp::Sub => {
                        for operand in [*left, *right] {
                            self.copy(fun, value, operand, at);
                        }
                    }
                    _ => {}
                }
                self.operator_barriers(fun, value, *op, *left, *right);
                self.amount_of_operation(fun, value, *op, *left, *right, at);
            }
            Op::Call { .. } => {
                self.call(fun, value, at);
                self.read_field(fun, value);
                if FieldRead::of(function, value, &self.program().strings).is_some() {
                    self.implicit(fun, value, at);
                }
            }
            Op::MakeFunction { function: made, defaults, annotations, .. } => {
                let module = self.program().functions[fun.id].module;
                let made = self.program().func_id(module, *made);
                self.captured(fun, value, made, at);
                for (parameter, default) in defaults {
                    self.store_cell(fun, value, Cell::Default(made, *parameter), *default, at);
                }
                for (parameter, annotation) in annotations {
                    self.store_cell(fun, value, Cell::Default(made, *parameter), *annotation, at);
                }
            }
            Op::MakeClass { class, .. } => {
                let module = self.program().functions[fun.id].module;
                let body = self.program().class_body(self.program().cls_id(module, *class));
                self.captured(fun, value, body, at);
            }
            Op::Unknown(operands) => {
                for operand in operands {
                    self.copy(fun, value, *operand, at);
                }
            }
        }
    }

    /// Whether a value is something of this name: what makes a type with more said of it, `Annotated`.
    pub(crate) fn is_named(&self, function: &Function, value: Value, name: &str) -> bool {
        let (Op::Global(own) | Op::Attr(_, own) | Op::ImportFrom { name: own, .. }) = function.op(value) else {
            return false;
        };
        self.program().strings.resolve(*own) == name
    }

    fn transfer_param(&mut self, fun: &mut Fun<'a>, value: Value, index: u32) {
        let root = PathId::new(Labels::ROOT);
        let origin = self.labels.origin(Origin::Param(index, root));
        if fun.tree(value).is_empty() {
            let hop = self.traces.hop(None, fun.id, value, HopKind::Arrives);
            fun.add(value, Entry { path: root, origin, kinds: KindSet::ALL, flags: Flags::default(), hop });
            // What the program itself passes as an object of its own does not come in from outside as that.
            let own = |object| self.is_own_object(object) && !self.is_declared_record(fun, index, object);
            if self.res.objects(fun.id, value).any(own) {
                return;
            }
            let described = self.res.parameter_facts(fun.id, index).to_vec();
            if !described.is_empty() {
                for node in described {
                    self.comes_in(fun, value, node);
                }
                let held = self.held_by_parameter(fun.id, index);
                fun.restrict_others(value, origin, held);
            }
            if self.may_be_filled(fun, index) {
                self.load_cell(fun, value, Cell::Default(fun.id, index));
            }
            let apis: SmallVec<[ApiId; 2]> = self.res.apis_of(fun.id, value).collect();
            for api in apis {
                for node in self.res.apis.nodes(api) {
                    self.held_secrets(fun, value, *node);
                }
            }
        }
    }

    /// Whether a parameter may hold what its declaration says: a default, or what a framework takes from the annotation.
    fn may_be_filled(&self, fun: &Fun<'a>, index: u32) -> bool {
        let declared = fun.function.params.get(index as usize).is_some_and(|parameter| parameter.has_default);
        declared || self.res.entries.binary_search_by_key(&fun.id, |entry| entry.function).is_ok()
    }

    /// Data comes in that can do these kinds of harm.
    pub(crate) fn add_source(&mut self, fun: &mut Fun<'a>, value: Value, kind: SourceKind, kinds: KindSet) {
        // A text of an error is for nobody but whoever runs the program, and does no other harm.
        let kinds =
            if kind == SourceKind::Exception { kinds.intersect(KindSet::of(SinkKind::ResponseContent)) } else { kinds };
        let kind = if kind == SourceKind::Remote && self.is_of_this_machine(fun.id, value) {
            SourceKind::Process
        } else {
            kind
        };
        let root = PathId::new(Labels::ROOT);
        let origin = self.labels.source(Source { function: fun.id, value, kind: Some(kind) });
        if fun.tree(value).entries.iter().any(|e| e.origin == origin) {
            return;
        }
        let hop = self.traces.hop(None, fun.id, value, HopKind::Source);
        fun.has_source = true;
        fun.add(value, Entry { path: root, origin, kinds, flags: Flags::default(), hop });
    }

    /// What the models say comes in at a node.
    pub(crate) fn comes_in(&mut self, fun: &mut Fun<'a>, value: Value, node: NodeId) {
        let facts = self.models.facts(node);
        for kind in &facts.sources {
            if *kind == SourceKind::Exception && self.is_error(&[node]) {
                self.add_error(fun, value);
            } else {
                self.add_source(fun, value, *kind, KindSet::ALL.minus(facts.barriers));
            }
        }
    }

    /// What the models say comes in by this very step.
    pub(crate) fn sources(&mut self, fun: &mut Fun<'a>, value: Value) {
        let nodes = self.res.step_nodes(fun.id, value);
        // What is known of a more special type holds, too.
        let harmless = nodes.iter().fold(KindSet::EMPTY, |all, n| all.union(self.models.facts(*n).barriers));
        for node in nodes.iter().copied() {
            for kind in &self.models.facts(node).sources {
                if *kind == SourceKind::Exception && matches!(fun.function.op(value), Op::Attr(..)) {
                    // What an attribute of an error says is known of the error.
                    continue;
                }
                if *kind == SourceKind::Exception && self.is_error(&nodes) {
                    // Whoever makes an error writes its text.
                    if self.models.type_name(node).is_none() {
                        self.add_error(fun, value);
                    }
                    continue;
                }
                self.add_source(fun, value, *kind, KindSet::ALL.minus(harmless));
            }
            self.held_secrets(fun, value, node);
            if let Some(store) = self.models.facts(node).store {
                self.load_cell(fun, value, Cell::Store(store));
            }
        }
    }

    /// The secrets in an object that comes in: whoever shows the whole shows them.
    fn held_secrets(&mut self, fun: &mut Fun<'a>, value: Value, node: NodeId) {
        for key in self.models.secret_keys(node) {
            let Some(key) = self.program().strings.lookup(key) else { continue };
            let path = self.labels.path(&[Elem::Key(key)]);
            let kind = Some(SourceKind::Secret);
            let origin = self.labels.source(Source { function: fun.id, value, kind });
            if fun.tree(value).entries.iter().any(|e| e.origin == origin) {
                continue;
            }
            let hop = self.traces.hop(None, fun.id, value, HopKind::Source);
            fun.has_source = true;
            fun.add(value, Entry { path, origin, kinds: KindSet::ALL, flags: Flags::default(), hop });
        }
    }

    /// What the models say that this very step of a library's value takes away. Calls see to their results themselves.
    fn barriers(&mut self, fun: &mut Fun<'a>, value: Value) {
        if fun.tree(value).is_empty() {
            return;
        }
        let mut harmless: Option<KindSet> = None;
        for api in self.res.step_apis(fun.id, value) {
            let nodes = self.res.apis.nodes(api).iter();
            let kinds = nodes.fold(KindSet::EMPTY, |kinds, n| kinds.union(self.models.facts(*n).barriers));
            harmless = Some(harmless.map_or(kinds, |h| h.intersect(kinds)));
        }
        if let Some(harmless) = harmless.filter(|h| !h.is_empty()) {
            fun.restrict(value, harmless);
        }
    }

    pub(crate) fn transfer_phi(&mut self, fun: &mut Fun<'a>, value: Value, inputs: &[(BlockId, Value)]) {
        for (block, input) in inputs {
            let end = Location { block: *block, index: fun.function.blocks[*block].insts.len() as u32 };
            self.copy(fun, value, *input, end);
        }
    }

    pub(crate) fn copy(&mut self, fun: &mut Fun<'a>, to: Value, from: Value, at: Location) {
        for entry in self.read(fun, from, at) {
            fun.add(to, entry);
        }
    }

    /// Whether a loop asks a method for an iterator, whose elements it goes through.
    fn iterates(&self, fun: &Fun<'a>, operation: Value, target: Target) -> bool {
        let program = self.program();
        let asked = matches!(fun.function.op(operation), Op::Next(_));
        asked && program.strings.resolve(program.function(target.function).name) == "__iter__"
    }

    /// Functions that an operation runs without a call expression.
    fn implicit(&mut self, fun: &mut Fun<'a>, value: Value, at: Location) {
        for &function in self.res.implicit_calls(fun.id, value) {
            self.apply(fun, value, Target::function(function, 1), at);
            // A property of a library that is reviewed itself.
            for &node in self.res.identity(function) {
                self.comes_in(fun, value, node);
            }
        }
    }

    fn call(&mut self, fun: &mut Fun<'a>, call: Value, at: Location) {
        let res = self.res;
        let Some(targets) = res.call(fun.id, call) else { return };
        // A class that lists its instances gives one of them, whatever it is asked for.
        let mut made = res.objects(fun.id, call).peekable();
        let listed = |object| matches!(object, Object::Instance(class) if self.derives_from(class, Form::Listed));
        if made.peek().is_some() && made.all(listed) {
            return;
        }
        for target in &targets.functions {
            self.apply(fun, call, *target, at);
            self.remembered(fun, call, *target, at);
            self.own_cursor(fun, call, *target, at);
            self.overrides(fun, call, *target);
            self.own_library(fun, call, res.identity(target.function), at);
        }
        for &api in &targets.apis {
            if res.is_own(api) {
                self.own_library(fun, call, res.apis.nodes(api), at);
            } else {
                self.library(fun, call, api, at);
            }
        }
        if !targets.apis.is_empty() {
            self.unpredictable(fun, call);
        }
        if targets.unresolved.is_some() {
            self.unresolved(fun, call, at);
        } else if targets.functions.is_empty() && targets.apis.is_empty() {
            self.construct(fun, call, at);
        }
        if targets.functions.is_empty() && targets.apis.is_empty() {
            self.assumed_pattern(fun, call, at);
        }
        self.made_head(fun, call, at);
        self.printed_page(fun, call, at);
        self.write_row(fun, call, at);
        self.sources(fun, call);
        self.looked_up(fun, call);
    }

    /// An instance of a class without a constructor to be seen: what is passed becomes its fields, by name or by the
    /// order in which the class declares them.
    fn construct(&mut self, fun: &mut Fun<'a>, call: Value, at: Location) {
        let Op::Call { func, args } = fun.function.op(call) else { return };
        self.fill_fields(fun, call, *func, args, at);
        for &method in self.res.implicit_calls(fun.id, call) {
            self.apply(fun, call, Target { constructs: true, ..Target::function(method, 1) }, at);
        }
    }

    fn fill_fields(&mut self, fun: &mut Fun<'a>, call: Value, func: Value, args: &[Arg], at: Location) {
        let mut fields = None;
        for (position, arg) in args.iter().enumerate() {
            let entries = self.read(fun, arg.value, at);
            if entries.is_empty() {
                continue;
            }
            let field = match arg.kind {
                ArgKind::Keyword(name) => Some(name),
                ArgKind::Positional => {
                    let fields = fields.get_or_insert_with(|| self.fields_of(fun, func));
                    fields.get(position).copied()
                }
                _ => None,
            };
            if let Some(name) = field {
                self.put(fun, call, Elem::Field(name), &entries, call);
                continue;
            }
            for mut entry in entries {
                entry.flags = entry.flags.with(Flags::WEAKENED);
                fun.add(call, entry);
            }
        }
    }

    /// The declared fields of the one class that a value is; none where it may be several.
    fn fields_of(&self, fun: &Fun<'a>, value: Value) -> Vec<Symbol> {
        let mut objects = self.res.objects(fun.id, value);
        match (objects.next(), objects.next()) {
            (Some(Object::Class(class)), None) => self.res.declared_fields(class),
            _ => Vec::new(),
        }
    }

    /// The data that a callee's origin stands for at this call, each with the path below it.
    fn actual(
        &mut self,
        fun: &Fun<'a>,
        call: Value,
        target: Target,
        origin: Origin,
        at: Location,
    ) -> SmallVec<[(Entry, SmallVec<[Elem; 4]>); 2]> {
        match origin {
            Origin::Param(index, path) => {
                let elems: SmallVec<[Elem; 4]> = SmallVec::from_slice(self.labels.elems(path));
                let mut out = SmallVec::new();
                for (value, part) in self.parts(fun, call, target, index, &elems) {
                    // Data that somehow goes into a template's context is not known to be under every name in it.
                    let by_name = target.context.is_some() && !elems.is_empty() && part.len() == elems.len();
                    out.extend(self.select_part(fun, value, &part, at, by_name));
                }
                out
            }
            Origin::Captured(owner, variable, path) if owner == fun.id => {
                let Some(tree) = fun.cells.get(&variable).cloned() else { return SmallVec::new() };
                let want: SmallVec<[Elem; 4]> = SmallVec::from_slice(self.labels.elems(path));
                let mut out = SmallVec::new();
                for mut entry in tree.entries {
                    let have: SmallVec<[Elem; 4]> = SmallVec::from_slice(self.labels.elems(entry.path));
                    let shared = Labels::shared(&have, &want);
                    if shared == have.len() {
                        entry.origin = self.deepen(entry.origin, &want[shared..]);
                        out.push((entry, SmallVec::new()));
                    } else if shared == want.len() {
                        out.push((entry, SmallVec::from_slice(&have[shared..])));
                    }
                }
                out
            }
            Origin::Captured(..) => {
                let origin = self.labels.origin(origin);
                let hop = self.traces.hop(None, fun.id, call, HopKind::Arrives);
                let path = PathId::new(Labels::ROOT);
                SmallVec::from_iter([(
                    Entry { path, origin, kinds: KindSet::ALL, flags: Flags::default(), hop },
                    SmallVec::new(),
                )])
            }
            Origin::Source(_) => SmallVec::new(),
        }
    }

    /// What a function of the program does with the data of a call.
    fn apply(&mut self, fun: &mut Fun<'a>, call: Value, target: Target, at: Location) {
        let summary: Arc<Summary> = Arc::clone(&self.summaries[target.function]);
        // Flows and sinks come grouped by origin: what an origin stands for is found once.
        let mut last: Option<OriginId> = None;
        let mut actual: SmallVec<[(Entry, SmallVec<[Elem; 4]>); 2]> = SmallVec::new();
        for flow in &summary.flows {
            let origin = self.labels.origin_of(flow.origin);
            if let Origin::Source(_) = origin {
                self.flow_out(fun, call, target, flow, None, at);
                continue;
            }
            if let (Out::Cell(Cell::Attributes(_), _), Origin::Param(index, path)) = (flow.out, origin)
                && path.index() == Labels::ROOT
            {
                for (entry, rest) in self.options_by_name(fun, call, target, index, at) {
                    self.flow_out(fun, call, target, flow, Some((entry, &rest)), at);
                }
                continue;
            }
            if last != Some(flow.origin) {
                actual = self.actual(fun, call, target, origin, at);
                last = Some(flow.origin);
            }
            for (entry, rest) in &actual {
                self.flow_out(fun, call, target, flow, Some((*entry, rest)), at);
            }
        }
        for &(origin, frame) in &summary.sinks {
            if self.is_switched_off(fun, call, target, frame) {
                continue;
            }
            if last != Some(origin) {
                actual = self.actual(fun, call, target, self.labels.origin_of(origin), at);
                last = Some(origin);
            }
            let (site, kind) = {
                let frame = &self.traces.frames[frame];
                (frame.site, frame.kind)
            };
            for (entry, rest) in &actual {
                if self.harms(entry, rest, kind) {
                    self.reach(fun, call, entry, site, kind, Some(frame));
                }
            }
        }
    }

    /// Whether data does harm at a sink where the object arrives in which it is the part `rest`. A secret among the
    /// entries of what is written to a log is shown with them, and so is an error among what a client is answered; all
    /// else must arrive itself.
    pub(crate) fn harms(&self, entry: &Entry, rest: &[Elem], kind: SinkKind) -> bool {
        let shown = || !rest.iter().any(|e| matches!(e, Elem::Field(_)));
        rest.is_empty()
            || (kind == SinkKind::LogContent && shown() && self.is_secret(entry))
            || (kind == SinkKind::ResponseContent && shown())
    }

    /// What a function returns is the context of templates.
    pub(crate) fn rendered(&mut self, fun: &mut Fun<'a>, value: Value, at: Location) {
        let res = self.res;
        for &function in res.rendered_by(fun.id) {
            let context = Some(ContextArguments::Whole);
            self.apply(fun, value, Target { context, ..Target::function(function, 0) }, at);
        }
    }

    /// The sinks that a function reaches with what it captures here.
    fn captured(&mut self, fun: &mut Fun<'a>, at_value: Value, made: FuncId, at: Location) {
        let summary: Arc<Summary> = Arc::clone(&self.summaries[made]);
        let target = Target::function(made, 0);
        for &(origin, frame) in &summary.sinks {
            let origin = self.labels.origin_of(origin);
            if !matches!(origin, Origin::Captured(..)) {
                continue;
            }
            let (site, kind) = {
                let frame = &self.traces.frames[frame];
                (frame.site, frame.kind)
            };
            for (entry, rest) in self.actual(fun, at_value, target, origin, at) {
                if self.harms(&entry, &rest, kind) {
                    self.reach(fun, at_value, &entry, site, kind, Some(frame));
                }
            }
        }
    }

    /// Data leaves a callee: `part` is what it was on entry, with the path below it (`None`: it comes from a source within).
    fn flow_out(
        &mut self,
        fun: &mut Fun<'a>,
        call: Value,
        target: Target,
        flow: &SummaryFlow,
        part: Option<(Entry, &[Elem])>,
        at: Location,
    ) {
        let out_path = match flow.out {
            Out::Return(path) | Out::Param(_, path) | Out::Cell(_, path) | Out::Raised(_, path) => path,
        };
        let (path, origin, kinds, flags, before) = if let Some((e, rest)) = part {
            let path = self.labels.append(out_path, rest);
            (path, e.origin, e.kinds.intersect(flow.kinds), e.flags.with(flow.flags), Some(e.hop))
        } else {
            fun.has_source = true;
            (out_path, flow.origin, flow.kinds, flow.flags, None)
        };
        match flow.out {
            Out::Return(_) => {
                let path = if self.iterates(fun, call, target) { self.labels.below(path) } else { path };
                if target.constructs || !fun.wants(call, path, origin, kinds) {
                    return;
                }
                let hop = self.traces.hop(before, fun.id, call, HopKind::Through(target.function, flow.hop));
                fun.add(call, Entry { path, origin, kinds, flags, hop });
            }
            Out::Param(index, _) => {
                for (value, part) in self.parts(fun, call, target, index, &[]) {
                    let path = if part.is_empty() {
                        path
                    } else {
                        let elems: SmallVec<[Elem; 4]> = SmallVec::from_slice(self.labels.elems(path));
                        let base = self.labels.path(&part);
                        self.labels.append(base, &elems)
                    };
                    if !fun.wants(value, path, origin, kinds) {
                        continue;
                    }
                    let hop = self.traces.hop(before, fun.id, call, HopKind::Through(target.function, flow.hop));
                    let entry = Entry { path, origin, kinds, flags, hop };
                    if fun.add(value, entry) {
                        self.change_root(fun, value, &[entry], call, 0);
                    }
                }
            }
            Out::Raised(class, _) => {
                let goes_on = fun.function.blocks[at.block].handler.is_none();
                if goes_on && fun.leaves(origin, Out::Raised(class, path), kinds) {
                    return;
                }
                let hop = self.traces.hop(before, fun.id, call, HopKind::Through(target.function, flow.hop));
                self.raise(fun, at.block, Some(class), Entry { path, origin, kinds, flags, hop });
            }
            Out::Cell(state, _) => {
                let mut entry = Entry { path, origin, kinds, flags, hop: flow.hop };
                let through = HopKind::Through(target.function, flow.hop);
                match self.labels.origin_of(origin) {
                    Origin::Source(_) => {
                        if self.cell_wants(state, &entry) {
                            entry.hop = self.traces.hop(before, fun.id, call, through);
                            self.store(state, entry);
                        }
                    }
                    Origin::Param(..) => {
                        let out = Out::Cell(state, path);
                        if !fun.leaves(origin, out, kinds) {
                            let hop = self.traces.hop(before, fun.id, call, through);
                            fun.leave(SummaryFlow { origin, out, kinds, flags, hop });
                        }
                    }
                    Origin::Captured(..) => {}
                }
            }
        }
    }
}

/// What stands in an annotation beside the type that a framework may fill the parameter with: `Annotated[str, Depends(name)]`.
fn fillers(function: &Function, parts: Value) -> SmallVec<[Value; 1]> {
    let Op::Collection(Collection::Tuple, parts) = function.op(parts) else { return SmallVec::new() };
    parts.iter().map(|part| part.value).filter(|part| matches!(function.op(*part), Op::Call { .. })).collect()
}
