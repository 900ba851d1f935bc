//! Rows as such: where each stands, and what a program must do that exercises it.
//!
//! A row is *exercised* by a program in which it could make a difference. Only the test that every row has an example
//! asks for this; an analysis reads the [`Models`] alone.

use crate::loader::load_rows;
use crate::path::{Step, parse_path, parse_port, port_root};
use crate::rows::{Extensible, Row};
use crate::surface::Part;
use crate::{ArgumentSpec, Condition, ModelError, ModelFile, Models, NodeId, PortRoot};

/// One row of a model file.
#[derive(Clone, PartialEq, Debug)]
pub struct ModelRow {
    /// The name of the file.
    pub file: String,
    /// The line that it stands in.
    pub line: usize,
    /// The extensible that it adds to.
    pub table: &'static str,
    /// What its path ends at; several nodes when a step names alternatives.
    pub nodes: Vec<NodeId>,
    /// What exercises it.
    pub need: Need,
}

/// What a program must do with one of a row's nodes.
#[derive(Clone, PartialEq, Debug)]
pub enum Need {
    /// Reach it: import it, read it, call what gives it, pass what it describes.
    Reach,
    /// Reach it in a call that fulfils the condition.
    ReachIf(Condition),
    /// Hand over a function, or define a method, that it describes.
    Describe,
    /// Call it with these ports.
    Call(Vec<PortRoot>),
    /// Call it so that the argument, or the call itself, fulfils the condition.
    CallIf(Option<ArgumentSpec>, Condition),
    /// Assign `True` to an attribute of this name.
    Mark(String),
    /// Assign a value that fulfils the condition to the attribute.
    Assign(String, Condition),
    /// Call a method of this name on a receiver of unknown type.
    Method(String, Condition),
    /// Use this dotted name, or have a function of this form.
    Name(String),
    /// Set an option of this name to a value that fulfils the condition.
    Option(String, Condition),
}

impl Models {
    /// Compiles model files as [`load`](Self::load) does, and lists their rows in the order of the files.
    ///
    /// # Errors
    /// Every mistake in the files.
    pub fn load_with_rows(files: &[ModelFile<'_>]) -> Result<(Self, Vec<ModelRow>), Vec<ModelError>> {
        load_rows(files)
    }
}

/// What exercises a row that was loaded without an error; `condition` reads one.
pub(crate) fn need(row: &Row, condition: &mut dyn FnMut(&str) -> Option<Condition>) -> Option<Need> {
    let column = |i: usize| row.text(i).ok().map(|scalar| scalar.text.as_str());
    Some(match row.extensible {
        Extensible::Sink => match column(3) {
            Some(text) => Need::ReachIf(condition(text)?),
            None => Need::Reach,
        },
        Extensible::EntryPoint | Extensible::Answer => Need::Describe,
        Extensible::Mount if column(3)?.starts_with("Member") => Need::Reach,
        Extensible::Route | Extensible::Mount => Need::Call(ports(&[column(2)?, column(3)?])),
        Extensible::Registry => Need::Call(ports(&[column(2)?])),
        Extensible::Summary => Need::Call(vec![parse_port(column(2)?).ok()?.root, parse_port(column(3)?).ok()?.root]),
        Extensible::BarrierGuard => Need::Call(vec![port_root(parse_path(column(1)?).ok()?.pop()?)?]),
        Extensible::Setting => {
            let argument = match parse_path(column(2)?).ok()?.pop() {
                Some(Step::Argument(spec)) => Some(spec),
                _ => None,
            };
            Need::CallIf(argument, condition(column(3)?)?)
        }
        Extensible::Raise | Extensible::Signal => Need::Call(vec![parse_port(column(3)?).ok()?.root]),
        Extensible::Exit
        | Extensible::Decision
        | Extensible::Resource
        | Extensible::Effect
        | Extensible::ClassTable => Need::Call(Vec::new()),
        Extensible::Assignment => Need::Assign(column(1)?.to_owned(), condition(column(2)?)?),
        Extensible::Name => Need::Method(column(0)?.to_owned(), condition(column(1)?)?),
        Extensible::Option => Need::Option(column(1)?.to_owned(), condition(column(2)?)?),
        Extensible::Alias | Extensible::Injected | Extensible::Signature => Need::Name(column(0)?.to_owned()),
        Extensible::Mark => Need::Mark(column(2)?.to_owned()),
        Extensible::Class
        | Extensible::Type
        | Extensible::Source
        | Extensible::Barrier
        | Extensible::Neutral
        | Extensible::Form
        | Extensible::Store
        | Extensible::Value
        | Extensible::Pattern
        | Extensible::Template
        | Extensible::TemplateFunction
        | Extensible::Access
        | Extensible::Decorator => Need::Reach,
    })
}

/// The arguments that parts of a registration are in.
fn ports(parts: &[&str]) -> Vec<PortRoot> {
    let parsed = parts.iter().filter_map(|text| Part::parse(text).ok());
    parsed.filter_map(|part| part.argument().cloned()).map(PortRoot::Argument).collect()
}
