//! Who is called, and what values are: one inclusion-based pass over the whole program.
//!
//! - The [`Program`] holds all lowered modules, with functions and classes numbered across them
//!   and one string table.
//! - An [`Object`] is what a value may be: a function, a class, an instance of a class, a module, a
//!   container made at one place, or an [`ApiId`]: a value of a library, known by the path of steps
//!   that made it (`sqlite3.connect().cursor`).
//! - A *node* is a variable of the pass: each value of each function, and the variables between
//!   functions (returns, attributes per class, module variables, captured variables, elements of
//!   containers). Objects flow along edges; call edges appear as callees do.
//! - The [`Resolution`] is the result: the objects of each value, the targets of each call, the
//!   class hierarchy, and the functions that the outside calls ([`Entry`]).
//!
//! The method is Andersen's with the Python specifics of PyCG (Salis et al., ICSE 2021) and the API
//! graphs of CodeQL. `self` is not bound per call: it stands for an instance of the method's class
//! or of any class derived from it ([`Object::SelfOf`]).

mod added;
mod api;
mod callbacks;
mod calls;
mod creation;
mod errors;
mod exits;
mod fields;
mod flows;
mod hierarchy;
mod identity;
mod imports;
mod loading;
mod object;
mod places;
mod plugins;
mod program;
mod protocols;
mod resolution;
mod routes;
mod seed;
mod signals;
mod solver;
mod special;
mod steps;
mod templates;
mod type_tests;
mod wrappers;

pub use added::Holder;
pub use api::{ApiId, ApiStep, ApiTable};
pub use errors::ErrorClass;
pub use fields::FieldRead;
pub use hierarchy::Hierarchy;
pub use object::{ContainerKind, Object, ObjectId, ObjectTable};
pub use program::{ClassInfo, ClsId, FuncId, FunctionInfo, InputModule, ModuleId, Program, ProgramModule};
pub use resolution::{CallTargets, ContextArguments, Entry, ParameterFact, Resolution, Target, Unresolved};

/// Resolves the names, types and calls of a whole program.
pub fn resolve(mut program: Program, models: &assay_models::Models) -> Resolution<'_> {
    program.tell_from_libraries(models);
    let mut resolution = solver::Solver::new(program, models).run();
    exits::cut(&mut resolution, models);
    resolution
}
