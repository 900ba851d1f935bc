//! Knowledge of libraries as data: the loader of model files and the trie that they become.
//!
//! - A *model file* (`data/<language>/<package>.yml`, or one of a project's own) holds *rows*; what
//!   they say and how they are written stands in `docs/models.md`.
//! - A *node* ([`NodeId`]) stands for all values that one access path reaches: `os.path.join` is the
//!   node behind the steps `Member[path]` and `Member[join]` of the root `os`. Walking from node to
//!   node is what following an attribute or a call of an external value does.
//! - A *type root* is the node that stands for every instance of one external class.
//! - [`Facts`] are what the rows say about one node.
//!
//! [`Models`] is immutable once loaded. Every lookup costs a hash or less.

mod argument;
mod builtin;
mod condition;
mod error;
mod facts;
mod kinds;
mod loader;
mod model_row;
mod models;
mod path;
mod release;
mod rows;
mod surface;
mod yaml;

pub use argument::ArgumentSpec;
pub use condition::{ApiName, Condition};
pub use error::ModelError;
pub use facts::{
    ConditionalSink, Escaping, Facts, Flow, FlowKind, Guard, GuardWhen, HeldAgainst, Injected, Mark, NameModel,
    OptionModel, PathStep, Port, PortRoot, Raise, Refusal, Rendering, Setting, SignalRole, Signature, Store,
    TemplateContext, TemplateName,
};
pub use kinds::{AccessKind, EntryKind, Form, KindSet, SinkKind, SourceKind};
pub use model_row::{ModelRow, Need};
pub use models::{ModelFile, Models, NodeId};
pub use release::{Release, Releases};
pub use surface::{
    Answer, ClassTable, Literal, Methods, Mount, Part, Registry, Resource, ResourcePart, Route, SurfaceFacts,
};
