//! Classes of errors, and the handlers that take them.

use crate::{ClsId, FuncId, Object, Resolution};
use assay_ir::{Op, Value};
use assay_models::NodeId;

/// A class of errors.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ErrorClass {
    /// One of the program.
    Program(ClsId),
    /// One of a library: the root of a type of the models.
    Library(NodeId),
}

impl Resolution<'_> {
    /// The class of an error that is raised, or that a value names.
    pub fn error_class(&self, f: FuncId, error: Value) -> Option<ErrorClass> {
        let named = match self.program.function(f).op(error) {
            Op::Call { func, .. } => *func,
            _ => error,
        };
        self.objects(f, named).find_map(|object| match object {
            Object::Class(class) | Object::Instance(class) => Some(ErrorClass::Program(class)),
            Object::Api(api) => {
                let models = self.models();
                self.apis.nodes(api).iter().find_map(|n| models.facts(*n).class_of).map(ErrorClass::Library)
            }
            _ => None,
        })
    }

    /// Whether a handler that names a class takes an error. A class that is not known may be any.
    pub fn takes_error(&self, f: FuncId, named: Value, error: ErrorClass) -> bool {
        let mut objects = self.objects(f, named).peekable();
        objects.peek().is_none() || objects.any(|object| self.is_caught_by(error, object))
    }

    fn is_caught_by(&self, error: ErrorClass, class: Object) -> bool {
        let models = self.models();
        let root_of = |api| self.apis.nodes(api).iter().find_map(|n| models.facts(*n).class_of);
        match (error, class) {
            (ErrorClass::Program(error), Object::Class(class) | Object::SelfClass(class)) => {
                self.hierarchy.order(error).contains(&class)
            }
            (ErrorClass::Library(_), Object::Class(_) | Object::SelfClass(_)) => false,
            (ErrorClass::Library(error), Object::Api(api)) => {
                root_of(api).is_none_or(|root| models.base_types(error).contains(&root))
            }
            (ErrorClass::Program(error), Object::Api(api)) => root_of(api).is_none_or(|root| {
                let bases = self.hierarchy.external_bases(error).iter();
                bases.filter_map(|base| root_of(*base)).any(|base| models.base_types(base).contains(&root))
            }),
            _ => true,
        }
    }
}
