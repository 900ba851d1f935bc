//! Rows of tables: what the program puts into a field of one is found in that field of all others.
//!
//! A *table* is a class of the program that derives from a library's class of rows (`django.db.models.Model`). Its fields are attributes,
//! so what is kept in them is kept in the cells of the class's attributes. What this adds are the two ways around an instance:
//!
//! - in: `Post(body=text)`, `Post.objects.create(body=text)`, `Post.query.update({"body": text})`;
//! - out: `Post.objects.get(pk=1).body`, where no instance is seen, but what the row is asked of names the class.

use crate::driver::Engine;
use crate::function::Fun;
use crate::label::Entry;
use crate::trace::Cell;
use assay_dataflow::Location;
use assay_index::{FxHashSet, Symbol};
use assay_ir::{ArgKind, Const, Op, Value};
use assay_models::{KindSet, Store};
use assay_resolve::{ClsId, Object, Resolution};

/// Methods of a table or a query that write fields: their names with what is passed by name, or as a mapping.
const WRITE: [&str; 10] = [
    "acreate",
    "aget_or_create",
    "aupdate",
    "aupdate_or_create",
    "create",
    "get_or_create",
    "insert",
    "update",
    "update_or_create",
    "values",
];
/// Values that are looked at between a row and the table that it is asked of.
const MAX_STEPS: usize = 24;

/// The classes of the program that are tables, and the names of their fields.
#[derive(Default)]
pub(crate) struct Tables {
    classes: FxHashSet<ClsId>,
    fields: FxHashSet<Symbol>,
}

impl Tables {
    pub(crate) fn of(resolution: &Resolution<'_>) -> Self {
        let program = &resolution.program;
        let models = resolution.models();
        let mut tables = Self::default();
        for class in program.classes.ids() {
            let mut nodes =
                resolution.hierarchy.external_bases(class).iter().flat_map(|api| resolution.apis.nodes(*api));
            if nodes.any(|node| models.facts(*node).store == Some(Store::Table)) {
                tables.classes.insert(class);
                let body = program.function(program.class_body(class));
                tables.fields.extend(body.insts.iter().filter_map(|inst| match inst.op {
                    Op::StoreName(name, _) => Some(name),
                    _ => None,
                }));
            }
        }
        tables
    }
}

impl<'a> Engine<'a> {
    /// What a call puts into fields of rows.
    pub(crate) fn write_row(&mut self, fun: &mut Fun<'a>, call: Value, at: Location) {
        if self.tables.classes.is_empty() {
            return;
        }
        let Op::Call { func, args } = fun.function.op(call) else { return };
        let table = match fun.function.op(*func) {
            Op::Attr(query, method) if WRITE.contains(&self.program().strings.resolve(*method)) => {
                self.table_of(fun, *query)
            }
            _ => self.table_class(fun, *func),
        };
        let Some(table) = table else { return };
        for arg in args {
            match (arg.kind, fun.function.op(arg.value)) {
                (ArgKind::Keyword(name), Op::Dict(entries)) if !self.tables.fields.contains(&name) => {
                    self.write_named(fun, call, table, entries, at);
                }
                (ArgKind::Keyword(name), _) => self.write_field(fun, call, table, name, arg.value, at),
                (ArgKind::Positional | ArgKind::KeywordSpread, Op::Dict(entries)) => {
                    self.write_named(fun, call, table, entries, at);
                }
                _ => {}
            }
        }
    }

    fn write_named(
        &mut self,
        fun: &mut Fun<'a>,
        call: Value,
        table: ClsId,
        entries: &[(Option<Value>, Value)],
        at: Location,
    ) {
        for (key, value) in entries {
            if let Some(Op::Const(Const::Str(name))) = key.map(|key| fun.function.op(key)) {
                self.write_field(fun, call, table, *name, *value, at);
            }
        }
    }

    fn write_field(&mut self, fun: &mut Fun<'a>, write: Value, table: ClsId, name: Symbol, value: Value, at: Location) {
        let Some(harmless) = self.field_of(table, name) else { return };
        let cell = Cell::Attribute(self.res.hierarchy.owner(table, name), name);
        // What lies between two requests is long: the way into the row must be known.
        let entries: Vec<Entry> =
            self.read(fun, value, at).into_iter().filter(|e| e.flags.assumptions() == 0).collect();
        for mut entry in entries {
            entry.kinds = entry.kinds.minus(harmless);
            self.leave_into(fun, cell, entry, write);
        }
    }

    /// What is read from a field of a row of which only the table is known.
    pub(crate) fn read_row(&mut self, fun: &mut Fun<'a>, value: Value, row: Value, name: Symbol) {
        if !self.tables.fields.contains(&name) {
            return;
        }
        let of_program =
            |o| matches!(o, Object::Instance(_) | Object::SelfOf(_) | Object::Class(_) | Object::SelfClass(_));
        if self.res.objects(fun.id, row).any(of_program) {
            return;
        }
        if let Some(table) = self.table_of(fun, row)
            && self.field_of(table, name).is_some()
        {
            self.load_cell(fun, value, Cell::Attribute(self.res.hierarchy.owner(table, name), name));
        }
    }

    /// What the type of a table's field excludes; `None` for what is no field.
    fn field_of(&self, table: ClsId, name: Symbol) -> Option<KindSet> {
        let holder = self.res.hierarchy.declaring(table, name)?;
        let Some((f, declared)) = self.program().class_store(holder, name) else { return Some(KindSet::EMPTY) };
        let function = self.program().function(f);
        let declared = match function.op(declared) {
            Op::Annotated { value: Some(value), .. } => *value,
            _ => declared,
        };
        let mut said = vec![declared];
        if let Op::Call { args, .. } = function.op(declared) {
            said.extend(args.iter().map(|arg| arg.value));
        }
        let nodes =
            said.into_iter().flat_map(|value| self.res.apis_of(f, value)).flat_map(|api| self.res.apis.nodes(api));
        Some(nodes.fold(KindSet::EMPTY, |kinds, node| kinds.union(self.models.facts(*node).barriers)))
    }

    /// The table that a value is, itself as a class.
    fn table_class(&self, fun: &Fun<'a>, value: Value) -> Option<ClsId> {
        self.res.objects(fun.id, value).find_map(|object| match object {
            Object::Class(class) | Object::SelfClass(class) if self.tables.classes.contains(&class) => Some(class),
            _ => None,
        })
    }

    /// The table that rows are asked of where a value comes from: `Post.objects.filter(…).first()`, `session.query(Post).one()`.
    fn table_of(&self, fun: &Fun<'a>, value: Value) -> Option<ClsId> {
        let mut open = vec![value];
        let mut seen = FxHashSet::default();
        while let Some(value) = open.pop().filter(|_| seen.len() < MAX_STEPS) {
            if !seen.insert(value) {
                continue;
            }
            if let Some(table) = self.table_class(fun, value) {
                return Some(table);
            }
            match fun.function.op(value) {
                Op::Call { func, args } => {
                    open.extend(args.first().filter(|arg| arg.kind == ArgKind::Positional).map(|arg| arg.value));
                    if let Op::Attr(query, _) = fun.function.op(*func) {
                        open.push(*query);
                    }
                }
                // The manager of a table, or its query.
                Op::Attr(class, _) => open.extend(self.table_class(fun, *class).map(|_| *class)),
                Op::Next(rows) | Op::Item(rows, _) | Op::Await(rows) => open.push(*rows),
                Op::Phi(inputs) => open.extend(inputs.iter().map(|(_, input)| *input)),
                _ => {}
            }
        }
        None
    }
}
