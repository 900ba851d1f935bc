//! What models say of the attack surface: how functions are registered with a framework, under which paths, and what
//! library functions do to the world.
//!
//! - A *registration* is a call that puts a handler under a path (a *route*), or a group of routes under a prefix
//!   (a *mount*).
//! - A *resource* is a registration that stands for the usual operations on a collection and its members.

use crate::ArgumentSpec;
use crate::error::{Problem, unknown};
use crate::path::{Step, parse_path};
use assay_finding::EffectKind;

/// What rows say of the attack surface at one node.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SurfaceFacts {
    /// Calling it registers handlers.
    pub routes: Vec<Route>,
    /// Calling it puts routes under a prefix.
    pub mounts: Vec<Mount>,
    /// Calling it registers a collection.
    pub resources: Vec<Resource>,
    /// The function answers these requests below the path of its class.
    pub answers: Option<Answer>,
    /// Calling it does this.
    pub effects: Vec<EffectKind>,
    /// Its value.
    pub value: Option<Literal>,
    /// Calling it gives an instance of a class that the program registers under a key.
    pub registry: Option<Registry>,
    /// Calling it gives what classes of the program say of themselves.
    pub class_table: Option<ClassTable>,
}

/// A mapping that is gathered from the classes derived from a library's class.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClassTable {
    /// The library's class, by its dotted name.
    pub base: String,
    /// The attribute whose entries are gathered.
    pub attribute: String,
    /// The attribute that must be true.
    pub flag: String,
}

/// A table of the program's classes, asked by a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Registry {
    /// The argument that is the key.
    pub key: Part,
    /// The method of a class that gives its key.
    pub method: String,
}

impl SurfaceFacts {
    pub(crate) const EMPTY: &'static Self = &Self {
        routes: Vec::new(),
        mounts: Vec::new(),
        resources: Vec::new(),
        answers: None,
        effects: Vec::new(),
        value: None,
        registry: None,
        class_table: None,
    };
}

/// Where a registration has something.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Part {
    /// In an argument of the call.
    Argument(ArgumentSpec),
    /// In an element of a list that is an argument; with an index, in an element of that.
    Element(ArgumentSpec, Option<i64>),
    /// In the function that the call's result decorates.
    Decorated,
    /// In an argument that names a path registered elsewhere.
    Name(ArgumentSpec),
    /// It is what the call makes; of a path: the name of the function.
    Own,
    /// In an attribute of the class.
    Attribute(String),
    /// It is this text.
    Text(String),
    /// Nowhere.
    None,
}

impl Part {
    /// Reads `Argument[0,rule:]`, `Argument[0].Element`, `Argument[0].Element.TupleElement[1]`,
    /// `ReturnValue.Argument[0]`, `ReturnValue`, `Member[…]`, `name Argument[…]`, `=text`, or nothing.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        if text.is_empty() {
            return Ok(Self::None);
        }
        if let Some(constant) = text.strip_prefix('=') {
            return Ok(Self::Text(constant.to_owned()));
        }
        let (name, path, offset) = match text.strip_prefix("name ") {
            Some(path) => (true, path, 5),
            None => (false, text, 0),
        };
        let steps = parse_path(path).map_err(|p| p.shifted(offset))?;
        Ok(match (name, steps.as_slice()) {
            (true, [Step::Argument(spec)]) => Self::Name(spec.clone()),
            (false, [Step::Argument(spec)]) => Self::Argument(spec.clone()),
            (false, [Step::Argument(spec), Step::Element]) => Self::Element(spec.clone(), None),
            (false, [Step::Argument(spec), Step::Element, Step::Indexes(index)]) if index.len() == 1 => {
                Self::Element(spec.clone(), Some(index[0]))
            }
            (false, [Step::Return, Step::Argument(_)]) => Self::Decorated,
            (false, [Step::Return]) => Self::Own,
            (false, [Step::Members(names)]) if names.len() == 1 => Self::Attribute(names[0].clone()),
            _ => {
                let forms = "`Argument[…]`, `Argument[…].Element`, `Argument[…].Element.TupleElement[…]`, \
                             `ReturnValue.Argument[0]`, `ReturnValue`, `Member[…]`, `name Argument[…]`, `=text` or nothing";
                return Err(Problem::new(0, format!("`{text}` is no part of a registration: write {forms}")));
            }
        })
    }

    /// The argument that it is in.
    pub fn argument(&self) -> Option<&ArgumentSpec> {
        match self {
            Self::Argument(spec) | Self::Element(spec, _) | Self::Name(spec) => Some(spec),
            _ => None,
        }
    }
}

/// The methods that a route answers.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Methods {
    /// The argument that lists them.
    pub argument: Option<ArgumentSpec>,
    /// Those without the argument; none: any.
    pub default: Vec<String>,
}

impl Methods {
    /// Reads `GET,POST`, `Argument[methods:]`, or both with a blank between.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let mut out = Self::default();
        for word in text.split_whitespace() {
            let at = word.as_ptr() as usize - text.as_ptr() as usize;
            if word.starts_with("Argument") {
                match Part::parse(word).map_err(|p| p.shifted(at))? {
                    Part::Argument(spec) => out.argument = Some(spec),
                    _ => return Err(Problem::new(at, "write one `Argument[…]`")),
                }
                continue;
            }
            for method in word.split(',') {
                if method.is_empty() || !method.bytes().all(|b| b.is_ascii_uppercase()) {
                    return Err(Problem::new(at, format!("`{method}` is no method of HTTP: write `GET,POST`")));
                }
                out.default.push(method.to_owned());
            }
        }
        Ok(out)
    }
}

/// A call that puts a handler under a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// The handler: a function, a class, or what makes one of a class.
    pub handler: Part,
    /// Its path, or the name of a command or topic.
    pub path: Part,
    /// The methods.
    pub methods: Methods,
    /// The kind of caller.
    pub kind: crate::EntryKind,
    /// The name of the handler's method that answers, where the registration says it.
    pub action: Part,
}

/// A call that puts routes under a prefix.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mount {
    /// What is put under it: a group of routes, a list of them, a module or its name.
    pub child: Part,
    /// The prefix.
    pub prefix: Part,
    /// The group that it is put below, where that is not the object whose method is called.
    pub above: Part,
}

/// The requests that a function answers below the path of its class.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Methods of HTTP.
    pub methods: Vec<String>,
    /// The end of the path.
    pub suffix: String,
}

/// A constant of a library.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Literal {
    /// `null`
    None,
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Literal>),
    /// A mapping with text as keys.
    Map(Vec<(String, Literal)>),
}

/// A call that registers a collection with the usual operations on it and its members.
///
/// An operation is a method of the *controller*, or of what the program has under a name that is put together from
/// the names of the resource: `create={member}`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Resource {
    /// Each part by its name.
    pub parts: Vec<(ResourcePart, Part)>,
    /// The names of functions by operation, with `{member}`, `{collection}` and `{parent_}` as holes; where there are
    /// none, the controller has a method for each operation.
    pub names: Vec<(String, String)>,
}

/// What a registration of a collection says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ResourcePart {
    /// The name of the collection, which is its path.
    Collection,
    /// The name of one member.
    Member,
    /// The object whose methods answer.
    Controller,
    /// The collection that it belongs to: a mapping with `collection_name` and `member_name`.
    Parent,
    /// A prefix of the path.
    Prefix,
    /// Further operations on a member: names with methods of HTTP.
    MemberActions,
    /// Further operations on the collection.
    CollectionActions,
    /// Methods of the controller by methods of HTTP for the collection.
    CollectionMethods,
}

impl ResourcePart {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Collection, "collection"),
        (Self::Member, "member"),
        (Self::Controller, "controller"),
        (Self::Parent, "parent"),
        (Self::Prefix, "prefix"),
        (Self::MemberActions, "member-actions"),
        (Self::CollectionActions, "collection-actions"),
        (Self::CollectionMethods, "collection-methods"),
    ];
}

impl Resource {
    /// Reads one item of the list: `collection Argument[0]`, or `create create{parent_}_{member}` for a name.
    pub(crate) fn add(&mut self, text: &str) -> Result<(), Problem> {
        let Some((word, rest)) = text.split_once(' ') else {
            return Err(Problem::new(0, "write the name of a part, a blank, and where it is"));
        };
        if let Some((part, _)) = ResourcePart::ALL.iter().find(|(_, name)| *name == word) {
            self.parts.push((*part, Part::parse(rest).map_err(|p| p.shifted(word.len() + 1))?));
            return Ok(());
        }
        if rest.contains('{') {
            self.names.push((word.to_owned(), rest.to_owned()));
            return Ok(());
        }
        Err(Problem::new(0, unknown("part of a resource", word, ResourcePart::ALL.map(|(_, name)| name))))
    }

    /// Where a part is.
    pub fn part(&self, part: ResourcePart) -> Option<&Part> {
        self.parts.iter().find(|(known, _)| *known == part).map(|(_, at)| at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_methods_are_read() {
        assert_eq!(Part::parse(""), Ok(Part::None));
        assert_eq!(Part::parse("=/v1"), Ok(Part::Text("/v1".to_owned())));
        assert_eq!(Part::parse("ReturnValue.Argument[0]"), Ok(Part::Decorated));
        assert!(matches!(Part::parse("Argument[0,rule:]"), Ok(Part::Argument(_))));
        assert!(matches!(Part::parse("name Argument[0]"), Ok(Part::Name(_))));
        assert!(matches!(Part::parse("Argument[0].Element.TupleElement[1]"), Ok(Part::Element(_, Some(1)))));
        assert_eq!(Part::parse("Member[x]"), Ok(Part::Attribute("x".to_owned())));
        assert!(Part::parse("Instance").is_err());
        let methods = Methods::parse("Argument[methods:] GET,HEAD").expect("methods");
        assert_eq!(methods.default, ["GET", "HEAD"]);
        assert!(methods.argument.is_some());
        assert!(Methods::parse("get").is_err());
    }

    #[test]
    fn resources_have_parts_and_names() {
        let mut resource = Resource::default();
        assert_eq!(resource.add("collection Argument[0]"), Ok(()));
        assert_eq!(resource.add("create create{parent_}_{member}"), Ok(()));
        assert!(resource.add("colection Argument[0]").is_err());
        assert!(resource.part(ResourcePart::Collection).is_some());
        assert_eq!(resource.names.len(), 1);
    }
}
