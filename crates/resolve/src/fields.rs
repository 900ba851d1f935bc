//! What the cleaned data of a form holds, by the declarations of its fields: `form.cleaned_data["upload"]` is a file where that
//! field takes files.

use crate::object::Object;
use crate::solver::Solver;
use crate::{ClsId, FuncId};
use assay_index::Symbol;
use assay_ir::{Const, Op, Value};
use assay_models::NodeId;
use smallvec::SmallVec;

/// The attribute of a form that has its data by the names of its fields, and the method of a field that cleans it.
pub const CLEANED: [(&str, &str); 2] = [("cleaned_data", "clean"), ("validated_data", "to_internal_value")];

/// A place where the cleaned data of a field is read.
pub(crate) struct FieldRead {
    function: FuncId,
    value: Value,
    form: Value,
    field: Symbol,
    clean: &'static str,
}

impl Solver<'_> {
    /// All places of the program where the cleaned data of a field is read by its name.
    pub(crate) fn all_field_reads(&self) -> Vec<FieldRead> {
        let strings = &self.program.strings;
        let mut out = Vec::new();
        if CLEANED.iter().all(|(attribute, _)| strings.lookup(attribute).is_none()) {
            return out;
        }
        for f in self.program.functions.ids() {
            let function = self.program.function(f);
            for (value, inst) in function.insts.iter_enumerated() {
                let (data, key) = match &inst.op {
                    Op::Item(data, key) => (*data, *key),
                    Op::Call { func, args } => match (function.op(*func), args.first()) {
                        (Op::Attr(data, method), Some(key)) if strings.resolve(*method) == "get" => (*data, key.value),
                        _ => continue,
                    },
                    _ => continue,
                };
                let (Op::Attr(form, attribute), Op::Const(Const::Str(field))) = (function.op(data), function.op(key))
                else {
                    continue;
                };
                let attribute = strings.resolve(*attribute);
                let clean = CLEANED.iter().find(|(cleaned, _)| *cleaned == attribute);
                out.extend(clean.map(|(_, clean)| FieldRead { function: f, value, form: *form, field: *field, clean }));
            }
        }
        out
    }

    /// Gives what is read from cleaned data the types that the fields are declared with. Whether anything was new.
    pub(crate) fn match_field_reads(&mut self, reads: &[FieldRead]) -> bool {
        let mut changed = false;
        for read in reads {
            for form in self.objects_of(self.node(read.function, read.form)) {
                let (Object::Instance(class) | Object::SelfOf(class)) = form else { continue };
                for root in self.field_types(class, read) {
                    let object = Object::Api(self.apis.instance_of(root));
                    let to = self.node(read.function, read.value);
                    if !self.objects_of(to).contains(&object) {
                        self.add(to, object);
                        changed = true;
                    }
                }
            }
        }
        changed
    }

    /// The types of what a field gives when it cleans data, unless the form cleans it by a method of its own.
    fn field_types(&self, class: ClsId, read: &FieldRead) -> SmallVec<[NodeId; 1]> {
        let strings = &self.program.strings;
        let mut types = SmallVec::new();
        let own = strings.lookup(&format!("clean_{}", strings.resolve(read.field)));
        if own.is_some_and(|own| self.hierarchy.method(class, own).is_some()) {
            return types;
        }
        let holder = self.hierarchy.order(class).iter().find(|c| self.hierarchy.sets_in_body(**c, read.field));
        let Some((f, declared)) = holder.and_then(|holder| self.program.class_store(*holder, read.field)) else {
            return types;
        };
        for object in self.objects_of(self.node(f, declared)) {
            let Object::Api(api) = object else { continue };
            for field in self.apis.nodes(api) {
                let cleaned = self.models.member(*field, read.clean).and_then(|clean| self.models.returned(clean));
                types.extend(cleaned.iter().flat_map(|cleaned| self.models.facts(*cleaned).types.iter().copied()));
            }
        }
        types
    }
}
