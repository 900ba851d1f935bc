//! Rows: what stands under `extensions:` of a model file, with places.
//!
//! An *extensible* is a table that rows are added to; a *column* is one value of a row.

use crate::error::unknown;
use crate::yaml::{At, Content, Issue, Node, Scalar};

/// A table that rows are added to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Extensible {
    Class,
    Type,
    Source,
    Sink,
    Summary,
    Barrier,
    BarrierGuard,
    Neutral,
    EntryPoint,
    Setting,
    Assignment,
    Name,
    Decorator,
    Alias,
    Exit,
    Decision,
    Raise,
    Pattern,
    Template,
    TemplateFunction,
    Option,
    Injected,
    Form,
    Store,
    Access,
    Route,
    Mount,
    Resource,
    Answer,
    Effect,
    Value,
    Registry,
    ClassTable,
    Signature,
    Mark,
    Signal,
}

/// Each extensible with its name, its columns, and how many of the last columns may be left out.
const EXTENSIBLES: [(Extensible, &str, &[&str], usize); 36] = [
    (Extensible::Class, "classModel", &["type", "module", "path", "base types"], 1),
    (Extensible::Type, "typeModel", &["type", "start", "path"], 0),
    (Extensible::Source, "sourceModel", &["start", "path", "source kind"], 0),
    (Extensible::Sink, "sinkModel", &["start", "path", "sink kind", "condition"], 1),
    (Extensible::Summary, "summaryModel", &["start", "path", "input", "output", "`taint` or `value`"], 0),
    (Extensible::Barrier, "barrierModel", &["start", "path", "sink kind"], 0),
    (
        Extensible::BarrierGuard,
        "barrierGuardModel",
        &["start", "path of an argument", "`true`, `false` or `returns`", "sink kind"],
        0,
    ),
    (Extensible::Neutral, "neutralModel", &["start", "path", "`summary`, `sink` or sink kind"], 0),
    (Extensible::EntryPoint, "entryPointModel", &["start", "path", "entry kind"], 0),
    (Extensible::Setting, "settingModel", &["start", "path", "argument", "condition", "check"], 0),
    (Extensible::Assignment, "assignmentModel", &["start", "attribute", "condition", "check"], 0),
    (Extensible::Name, "nameModel", &["method", "condition", "type"], 0),
    (Extensible::Decorator, "decoratorModel", &["start", "path"], 0),
    (Extensible::Alias, "aliasModel", &["dotted name", "dotted name of the same thing"], 0),
    (Extensible::Exit, "exitModel", &["start", "path"], 0),
    (Extensible::Decision, "decisionModel", &["start", "path", "`raises` or `false`"], 0),
    (Extensible::Raise, "raiseModel", &["start", "path", "class of the error", "input"], 0),
    (Extensible::Pattern, "patternModel", &["start", "path", "`search`, `match` or `fullmatch`"], 0),
    (
        Extensible::Template,
        "templateModel",
        &["start", "path", "name of the template", "context", "escaping", "type of the request"],
        1,
    ),
    (Extensible::TemplateFunction, "templateFunctionModel", &["start", "path"], 0),
    (
        Extensible::Option,
        "optionModel",
        &["framework", "option", "condition", "check", "option besides", "condition"],
        2,
    ),
    (Extensible::Injected, "injectedModel", &["variable", "type", "package"], 1),
    (Extensible::Form, "formModel", &["start", "path", "form"], 0),
    (Extensible::Store, "storeModel", &["start", "path", "store"], 0),
    (Extensible::Access, "guardModel", &["start", "path", "guard kind"], 0),
    (
        Extensible::Route,
        "routeModel",
        &["start", "path", "handler", "route", "methods", "entry kind", "method of the handler"],
        2,
    ),
    (Extensible::Mount, "mountModel", &["start", "path", "what is mounted", "prefix", "below what"], 1),
    (Extensible::Resource, "resourceModel", &["start", "path", "parts"], 0),
    (Extensible::Answer, "answerModel", &["start", "path", "methods", "end of the path"], 0),
    (Extensible::Effect, "effectModel", &["start", "path", "effect"], 0),
    (Extensible::Value, "valueModel", &["start", "path", "value"], 0),
    (Extensible::Registry, "registryModel", &["start", "path", "key", "method that gives it"], 0),
    (Extensible::ClassTable, "classTableModel", &["start", "path", "class", "attribute", "attribute that is true"], 0),
    (Extensible::Signature, "signatureModel", &["names of the parameters", "type"], 0),
    (Extensible::Mark, "markModel", &["start", "path", "attribute"], 0),
    (Extensible::Signal, "signalModel", &["start", "path", "`connect` or `send`", "the signal"], 0),
];

impl Extensible {
    fn entry(self) -> &'static (Self, &'static str, &'static [&'static str], usize) {
        &EXTENSIBLES[self as usize]
    }

    /// The name in model files.
    pub(crate) fn name(self) -> &'static str {
        self.entry().1
    }
}

/// One row.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) file: usize,
    pub(crate) at: At,
    pub(crate) extensible: Extensible,
    columns: Vec<Node>,
}

impl Row {
    /// A column that must be text.
    pub(crate) fn text(&self, column: usize) -> Result<&Scalar, Issue> {
        match self.columns.get(column) {
            Some(Node { content: Content::Scalar(scalar), .. }) => Ok(scalar),
            Some(node) => Err(Issue::new(node.at, format!("the {} must be text", self.extensible.entry().2[column]))),
            None => Err(Issue::new(self.at, "a column is missing")),
        }
    }

    /// A column that may be left out.
    pub(crate) fn optional(&self, column: usize) -> Result<Option<&Scalar>, Issue> {
        match self.columns.get(column) {
            None => Ok(None),
            Some(_) => self.text(column).map(Some),
        }
    }

    /// A column of any form.
    pub(crate) fn node(&self, column: usize) -> Result<&Node, Issue> {
        self.columns.get(column).ok_or_else(|| Issue::new(self.at, "a column is missing"))
    }

    /// A column that is a list of texts, or left out.
    pub(crate) fn list(&self, column: usize) -> Result<Vec<&Scalar>, Issue> {
        match self.columns.get(column) {
            None => Ok(Vec::new()),
            Some(Node { content: Content::Sequence(items), .. }) => items
                .iter()
                .map(|item| match &item.content {
                    Content::Scalar(scalar) => Ok(scalar),
                    _ => Err(Issue::new(item.at, "a name is wanted here")),
                })
                .collect(),
            Some(node) => Err(Issue::new(
                node.at,
                format!("the {} must be a list: write `[a, b]`", self.extensible.entry().2[column]),
            )),
        }
    }
}

/// The rows of one file. What is wrong goes to `issues`; the rest is read all the same.
pub(crate) fn read_rows(file: usize, root: Option<Node>, rows: &mut Vec<Row>, issues: &mut Vec<Issue>) {
    let Some(root) = root else { return };
    let Some(pairs) = mapping(root, "a model file starts with `extensions:`", issues) else {
        return;
    };
    for (key, value) in pairs {
        if expect_key(&key, &["extensions"], issues).is_none() {
            continue;
        }
        for extension in sequence(value, "`extensions` is a list of `addsTo` and `data`", issues) {
            read_extension(file, extension, rows, issues);
        }
    }
}

fn read_extension(file: usize, node: Node, rows: &mut Vec<Row>, issues: &mut Vec<Issue>) {
    let at = node.at;
    let Some(pairs) = mapping(node, "an extension has the keys `addsTo` and `data`", issues) else {
        return;
    };
    let (mut target, mut data, mut named) = (None, None, false);
    for (key, value) in pairs {
        match expect_key(&key, &["addsTo", "data"], issues) {
            Some("addsTo") => {
                named = true;
                target = read_target(value, issues);
            }
            Some(_) => data = Some(value),
            None => {}
        }
    }
    if !named {
        issues.push(Issue::new(at, "`addsTo: { extensible: … }` is missing"));
    }
    let Some(data) = data else {
        issues.push(Issue::new(at, "`data:` is missing"));
        return;
    };
    let data = sequence(data, "`data` is a list of rows", issues);
    let Some(extensible) = target else { return };
    let (_, name, columns, optional) = extensible.entry();
    for row in data {
        let at = row.at;
        let Content::Sequence(values) = row.content else {
            issues.push(Issue::new(at, "a row is a list: write `[\"…\", \"…\"]`"));
            continue;
        };
        if values.len() > columns.len() || values.len() + optional < columns.len() {
            let least = columns.len() - optional;
            let wanted = match optional {
                0 => least.to_string(),
                1 => format!("{least} or {}", columns.len()),
                _ => format!("{least} to {}", columns.len()),
            };
            issues.push(Issue::new(
                at,
                format!("a {name} row has {wanted} columns ({}), not {}", columns.join(", "), values.len()),
            ));
            continue;
        }
        rows.push(Row { file, at, extensible, columns: values });
    }
}

fn read_target(node: Node, issues: &mut Vec<Issue>) -> Option<Extensible> {
    let at = node.at;
    let pairs = mapping(node, "write `addsTo: { extensible: sinkModel }`", issues)?;
    let known_issues = issues.len();
    let mut found = None;
    for (key, value) in pairs {
        // `pack` is what the format that the rows are shaped after has here; it means nothing to us.
        if expect_key(&key, &["extensible", "pack"], issues) != Some("extensible") {
            continue;
        }
        let Content::Scalar(name) = &value.content else {
            issues.push(Issue::new(value.at, "the name of an extensible is wanted here"));
            return None;
        };
        let Some(entry) = EXTENSIBLES.iter().find(|entry| entry.1 == name.text) else {
            let known = EXTENSIBLES.iter().map(|entry| entry.1);
            issues.push(Issue::new(name.at(0), unknown("extensible", &name.text, known)));
            return None;
        };
        found = Some(entry.0);
    }
    if found.is_none() && issues.len() == known_issues {
        issues.push(Issue::new(at, "`extensible:` is missing"));
    }
    found
}

fn mapping(node: Node, wanted: &str, issues: &mut Vec<Issue>) -> Option<Vec<(Node, Node)>> {
    let Content::Mapping(pairs) = node.content else {
        issues.push(Issue::new(node.at, wanted));
        return None;
    };
    Some(pairs)
}

/// The items of a list; an empty value is an empty list.
fn sequence(node: Node, wanted: &str, issues: &mut Vec<Issue>) -> Vec<Node> {
    match node.content {
        Content::Sequence(items) => items,
        Content::Scalar(scalar) if scalar.text.is_empty() || scalar.text == "~" => Vec::new(),
        _ => {
            issues.push(Issue::new(node.at, wanted));
            Vec::new()
        }
    }
}

fn expect_key<'k>(key: &Node, known: &[&'k str], issues: &mut Vec<Issue>) -> Option<&'k str> {
    let Content::Scalar(name) = &key.content else {
        issues.push(Issue::new(key.at, "a key must be text"));
        return None;
    };
    let found = known.iter().find(|known| **known == name.text).copied();
    if found.is_none() {
        issues.push(Issue::new(name.at(0), unknown("key", &name.text, known.iter().copied())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (i, entry) in EXTENSIBLES.iter().enumerate() {
            assert_eq!(entry.0 as usize, i);
        }
    }
}
