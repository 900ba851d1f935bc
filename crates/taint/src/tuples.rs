//! Named tuples: what is passed becomes a field by its name, and an element by its place.

use crate::driver::Engine;
use crate::function::Fun;
use crate::label::Elem;
use crate::oracle::{FunctionOracle, constant};
use assay_dataflow::Location;
use assay_index::Symbol;
use assay_ir::{ArgKind, Op, Value};
use assay_resolve::{ApiId, Object};
use assay_values::ConstValue;

impl<'a> Engine<'a> {
    /// A call that makes a named tuple whose fields are known. Whether it is one.
    pub(crate) fn named_tuple(&mut self, fun: &mut Fun<'a>, call: Value, api: ApiId, at: Location) -> bool {
        let Op::Call { func, args } = fun.function.op(call) else { return false };
        if args.iter().any(|a| matches!(a.kind, ArgKind::Spread | ArgKind::KeywordSpread)) {
            return false;
        }
        let Some(fields) = self.tuple_fields(fun, *func, api) else { return false };
        let mut position = 0;
        for arg in args {
            let place = if let ArgKind::Keyword(name) = arg.kind {
                fields.iter().position(|field| *field == Some(name))
            } else {
                position += 1;
                Some(position - 1)
            };
            let Some(place) = place else { continue };
            let entries = self.read(fun, arg.value, at);
            if let Some(Some(name)) = fields.get(place) {
                self.put(fun, call, Elem::Field(*name), &entries, call);
            }
            if let Ok(index) = i32::try_from(place) {
                self.put(fun, call, Elem::Index(index), &entries, call);
            }
        }
        true
    }

    /// The names of the fields of a named tuple, in their order; `None` in it: one that the program never writes.
    fn tuple_fields(&self, fun: &Fun<'a>, class: Value, api: ApiId) -> Option<Vec<Option<Symbol>>> {
        let program = self.program();
        match self.res.api_name(api) {
            "collections.namedtuple()" => {
                let definitions = FunctionOracle::new(self.res, fun.id).definitions(class);
                let [(f, made)] = definitions[..] else { return None };
                let Op::Call { args, .. } = program.function(f).op(made) else { return None };
                let names: Vec<String> = match constant(self.res, f, args.get(1)?.value)? {
                    ConstValue::Str(text) => text.replace(',', " ").split_whitespace().map(str::to_owned).collect(),
                    ConstValue::Sequence(items) => {
                        items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>()?
                    }
                    _ => return None,
                };
                Some(names.iter().map(|name| program.strings.lookup(name)).collect())
            }
            "typing.NamedTuple" => {
                let mut objects = self.res.objects(fun.id, class);
                match (objects.next(), objects.next()) {
                    (Some(Object::Class(class)), None) => {
                        Some(self.res.declared_fields(class).into_iter().map(Some).collect())
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
