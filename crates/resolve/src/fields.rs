//! What the cleaned data of a form holds, by the declarations of its fields: `form.cleaned_data["upload"]` is a file where that
//! field takes files.

use crate::object::Object;
use crate::solver::Solver;
use crate::{ClsId, FuncId, Hierarchy, Program};
use assay_index::{Interner, Symbol};
use assay_ir::{Const, Function, Op, Value};
use assay_models::NodeId;
use smallvec::SmallVec;

/// The attribute of a form that has its data by the names of its fields, and the method of a field that cleans it.
const CLEANED: [(&str, &str); 2] = [("cleaned_data", "clean"), ("validated_data", "to_internal_value")];

/// The cleaned data of a field: `form.cleaned_data["page"]`.
#[derive(Clone, Copy, Debug)]
pub struct FieldRead {
    /// The form or serializer.
    pub form: Value,
    /// The name of the field.
    pub field: Symbol,
    /// The method of the field that makes it.
    pub clean: &'static str,
}

impl FieldRead {
    /// The read that a value is, if it is one.
    pub fn of(function: &Function, value: Value, strings: &Interner) -> Option<Self> {
        let (data, key) = match function.op(value) {
            Op::Item(data, key) => (*data, *key),
            Op::Call { func, args } => match (function.op(*func), args.first()) {
                (Op::Attr(data, method), Some(key)) if matches!(strings.resolve(*method), "get" | "pop") => {
                    (*data, key.value)
                }
                _ => return None,
            },
            _ => return None,
        };
        let (Op::Attr(form, attribute), Op::Const(Const::Str(field))) = (function.op(data), function.op(key)) else {
            return None;
        };
        let attribute = strings.resolve(*attribute);
        let (_, clean) = CLEANED.iter().find(|(cleaned, _)| *cleaned == attribute)?;
        Some(Self { form: *form, field: *field, clean })
    }

    /// What the field is declared as in a class of forms, unless the class cleans it by a method of its own, which may give anything.
    pub fn declaration(
        &self,
        program: &Program,
        hierarchy: &Hierarchy,
        class: ClsId,
        reader: FuncId,
    ) -> Option<(FuncId, Value)> {
        match self.cleaner(program, hierarchy, class, reader) {
            Some(_) => None,
            None => hierarchy.declaration(program, class, self.field),
        }
    }

    /// The method of a class of forms that gives the field's data, after the field itself: `clean_page`. What that method itself
    /// reads is what the field gives.
    pub fn cleaner(&self, program: &Program, hierarchy: &Hierarchy, class: ClsId, reader: FuncId) -> Option<FuncId> {
        let own = program.strings.lookup(&format!("clean_{}", program.strings.resolve(self.field)))?;
        let method = hierarchy.method(class, own)?;
        (program.function(reader).name != own).then_some(method)
    }
}

impl Solver<'_> {
    /// All places of the program where the cleaned data of a field is read by its name.
    pub(crate) fn all_field_reads(&self) -> Vec<(FuncId, Value, FieldRead)> {
        let strings = &self.program.strings;
        if CLEANED.iter().all(|(attribute, _)| strings.lookup(attribute).is_none()) {
            return Vec::new();
        }
        let mut out = Vec::new();
        for f in self.program.functions.ids() {
            let function = self.program.function(f);
            let values = function.insts.iter_enumerated().map(|(value, _)| value);
            out.extend(values.filter_map(|value| Some((f, value, FieldRead::of(function, value, strings)?))));
        }
        out
    }

    /// Gives what is read from cleaned data the types that the fields are declared with. Whether anything was new.
    pub(crate) fn match_field_reads(&mut self, reads: &[(FuncId, Value, FieldRead)]) -> bool {
        let mut changed = false;
        for (f, value, read) in reads {
            for form in self.objects_of(self.node(*f, read.form)) {
                let (Object::Instance(class) | Object::SelfOf(class)) = form else { continue };
                let to = self.node(*f, *value);
                if let Some(cleaner) = read.cleaner(&self.program, &self.hierarchy, class, *f) {
                    changed |= self.call_implicitly(to, cleaner);
                }
                for root in self.field_types(class, read, *f) {
                    let object = Object::Api(self.apis.instance_of(root));
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
    fn field_types(&self, class: ClsId, read: &FieldRead, reader: FuncId) -> SmallVec<[NodeId; 1]> {
        let mut types = SmallVec::new();
        let Some((f, declared)) = read.declaration(&self.program, &self.hierarchy, class, reader) else { return types };
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
