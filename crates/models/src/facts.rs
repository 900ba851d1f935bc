//! What the rows say about one node.

use crate::{AccessKind, ArgumentSpec, Condition, EntryKind, Form, KindSet, NodeId, SinkKind, SourceKind};

/// Where data enters or leaves a callable.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Port {
    /// The argument or result.
    pub root: PortRoot,
    /// Which part of it.
    pub path: Vec<PathStep>,
}

/// The start of a [`Port`].
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum PortRoot {
    /// One of these arguments.
    Argument(ArgumentSpec),
    /// The object that the method is called on.
    Receiver,
    /// The result.
    ReturnValue,
}

/// A step into a value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum PathStep {
    /// Any element or value of a container.
    Element,
    /// The value under a key.
    Key(String),
    /// The element at an index.
    Index(i64),
    /// An attribute.
    Member(String),
    /// The result of an awaitable.
    Awaited,
    /// A key of a mapping: what is known of the mapping as a whole, not of its values.
    MapKey,
    /// The value under the key that an argument of the same call names.
    KeyedBy(ArgumentSpec),
    /// What a function that was passed in is called with.
    Parameter(ArgumentSpec),
    /// What a function that was passed in gives.
    ReturnValue,
}

/// Data that flows through a callable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flow {
    /// From where.
    pub input: Port,
    /// To where.
    pub output: Port,
    /// What the output is of the input.
    pub kind: FlowKind,
}

/// What a callable makes of data that flows through it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlowKind {
    /// Something made from it.
    Taint,
    /// The same value, so that its fields and its type come along.
    Value,
    /// What it says in some format: a part of a URL, a field of a document.
    Parse,
    /// A page, or a part of one, in which it stands.
    Markup,
}

/// State that a program keeps from one request to the next.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Store {
    /// What a framework keeps of a client: a session.
    Session,
    /// What the program signs for whoever brings it back: a token, a signed cookie.
    Token,
    /// Rows of a database: the instances of classes that derive from one.
    Table,
}

impl Store {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Session, Self::Token, Self::Table];

    /// The name in model files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Token => "token",
            Self::Table => "table",
        }
    }

    /// The store of this name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|store| store.id() == id)
    }
}

/// What a call has to do with a signal, which is sent to all functions that were connected with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignalRole {
    /// Whether the call sends it with its own arguments; or else connects the function that it is handed, or that its result decorates.
    pub sends: bool,
    /// Where the signal is.
    pub signal: ArgumentSpec,
}

/// When a guard holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum GuardWhen {
    /// The call gave a true value.
    True,
    /// The call gave a false value.
    False,
    /// The call returned at all.
    Returns,
}

/// A call that shows one of its arguments to be harmless.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Guard {
    /// What is harmless.
    pub argument: Port,
    /// When.
    pub when: GuardWhen,
    /// For these kinds.
    pub kinds: KindSet,
}

/// A call that is a defect under a condition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// The argument that the condition is about; `None`: the call itself.
    pub argument: Option<ArgumentSpec>,
    /// When it is a defect.
    pub condition: Condition,
    /// The id of the check.
    pub check: String,
}

/// An option of a framework, by its name, that is a defect under a condition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OptionModel {
    /// The framework: what says where its options stand.
    pub framework: String,
    /// The name.
    pub name: String,
    /// When it is a defect.
    pub condition: Condition,
    /// The id of the check.
    pub check: String,
    /// Another option that must be set so besides.
    pub besides: Option<(String, Condition)>,
}

/// An error that a call raises when its input is not what it should be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Raise {
    /// The root of the type of the error.
    pub error: NodeId,
    /// The input.
    pub input: PortRoot,
}

/// How values are held against an expression.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HeldAgainst {
    /// It may match anywhere in the value.
    Search,
    /// It must match from the beginning on.
    Match,
    /// It must match the whole value.
    FullMatch,
}

/// How a call says that somebody or something is not to be trusted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// It raises an error.
    Raises,
    /// Its result is false.
    False,
}

/// A sink only where the other arguments of the call are so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConditionalSink {
    /// The kind.
    pub kind: SinkKind,
    /// When; a clause without `Argument[…]` is about the sink's own argument.
    pub condition: Condition,
}

/// A callable that renders a template, or loads one; or a class whose instances do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rendering {
    /// Where the template's name is.
    pub name: TemplateName,
    /// Where the context is.
    pub context: TemplateContext,
    /// Whether values are escaped by themselves.
    pub escaping: Escaping,
    /// The root of the type of what templates call `request`.
    pub request: Option<NodeId>,
}

/// Where a template's name is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TemplateName {
    /// In an argument.
    Argument(ArgumentSpec),
    /// In an attribute of the class.
    Attribute(String),
    /// The text of the template itself is in an argument.
    Text(ArgumentSpec),
}

/// Where the context of a template is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TemplateContext {
    /// In an argument; with `any-named`, each named argument is a value of its own.
    Argument(ArgumentSpec),
    /// It is what a method of the class gives.
    Method(String),
    /// It is what the function returns that the call's result decorates.
    Returned,
    /// The call gives the template; its `render` gets the context.
    Later,
}

/// Whether a template escapes values by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Escaping {
    /// It does.
    On,
    /// It does not.
    Off,
    /// It does if the template's name has the extension of a document.
    ByName,
    /// The object whose method it is was told so when it was made: by the argument `autoescape`.
    Environment,
}

impl Escaping {
    /// All ways.
    pub const ALL: [Self; 4] = [Self::On, Self::Off, Self::ByName, Self::Environment];

    /// The word in model files.
    pub fn id(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::ByName => "by-name",
            Self::Environment => "environment",
        }
    }
}

/// A receiver of unknown type is assumed to be an instance of a type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameModel {
    /// What the call must look like.
    pub condition: Condition,
    /// The root of the assumed type.
    pub type_root: NodeId,
}

/// The form of functions that servers call by an agreement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature {
    /// The names of the parameters, in their order; `*` for any.
    pub parameters: Vec<String>,
    /// The root of the type of such functions.
    pub type_root: NodeId,
}

/// An attribute that marks a function: where it is set to true, the function is what a callable is handed first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// The attribute.
    pub attribute: String,
    /// The library, which the module that sets it imports.
    pub library: String,
    /// The callable.
    pub callable: NodeId,
}

impl Signature {
    /// The names as a row has them.
    pub fn names(&self) -> String {
        self.parameters.join(",")
    }

    /// How many parameters a function has before those of this form; a method may have one. `None`: it has another form.
    pub fn bound(&self, given: &[&str], method: bool) -> Option<usize> {
        let bound = given.len().checked_sub(self.parameters.len())?;
        let mut pairs = self.parameters.iter().zip(&given[bound..]);
        (bound <= usize::from(method) && pairs.all(|(name, given)| name == "*" || name == given)).then_some(bound)
    }
}

/// A variable that a plug-in loader puts into the modules that it loads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Injected {
    /// The root of its type.
    pub type_root: NodeId,
    /// The package whose modules' functions it is a table of, by `module.function`.
    pub package: Option<String>,
}

/// What is known about the values at one node.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// Type roots: values here are instances of these.
    pub types: Vec<NodeId>,
    /// Values here are a class object; the root of its instances' type.
    pub class_of: Option<NodeId>,
    /// Values here come from outside.
    pub sources: Vec<SourceKind>,
    /// What gets here can do harm, whatever the rest of the call looks like.
    pub sinks: Vec<SinkKind>,
    /// What gets here can do harm when the call fulfils a condition.
    pub conditional_sinks: Vec<ConditionalSink>,
    /// How data flows through the callable.
    pub flows: Vec<Flow>,
    /// Sink kinds that values here are clean for.
    pub barriers: KindSet,
    /// What a call shows about its arguments.
    pub guards: Vec<Guard>,
    /// The callable's result holds nothing of its arguments.
    pub neutral_summary: bool,
    /// The callable is known to be no sink.
    pub neutral_sink: bool,
    /// The kinds of sink that the callable is known not to be, although it does what such sinks do: a query that
    /// binds its values.
    pub neutral_kinds: KindSet,
    /// The function is called by the outside.
    pub entry: Option<EntryKind>,
    /// What a check of access here asks: a function that is called or decorates, a class that is derived from or named, an
    /// attribute that a class sets.
    pub access: Option<AccessKind>,
    /// Defects of calls.
    pub settings: Vec<Setting>,
    /// Defects of assignments to an attribute: attribute, condition on the value, check.
    pub assignments: Vec<(String, Condition, String)>,
    /// Decorating with it changes neither parameters nor result.
    pub transparent_decorator: bool,
    /// A call of it never returns: it raises or ends the process.
    pub exits: bool,
    /// What a call raises when its input is not what it should be.
    pub raises: Vec<Raise>,
    /// What gets here is an expression that the values of a field are held against.
    pub pattern: Option<HeldAgainst>,
    /// A call of it decides whether somebody or something is to be trusted.
    pub decides: Option<Refusal>,
    /// Calling it, or being derived from it, renders a template.
    pub renderings: Vec<Rendering>,
    /// A function here is a filter or tag of templates.
    pub template_function: bool,
    /// What calls have to do with signals.
    pub signals: Vec<SignalRole>,
    /// What is known of the values here.
    pub forms: Vec<Form>,
    /// What is put into a value here is found in all others of the same store.
    pub store: Option<Store>,
    /// How it belongs to the attack surface.
    pub surface: Option<Box<crate::SurfaceFacts>>,
}

impl Facts {
    pub(crate) const EMPTY: &'static Self = &Self {
        types: Vec::new(),
        class_of: None,
        sources: Vec::new(),
        sinks: Vec::new(),
        conditional_sinks: Vec::new(),
        flows: Vec::new(),
        barriers: KindSet::EMPTY,
        guards: Vec::new(),
        neutral_summary: false,
        neutral_sink: false,
        neutral_kinds: KindSet::EMPTY,
        entry: None,
        access: None,
        settings: Vec::new(),
        assignments: Vec::new(),
        transparent_decorator: false,
        exits: false,
        raises: Vec::new(),
        pattern: None,
        decides: None,
        renderings: Vec::new(),
        template_function: false,
        signals: Vec::new(),
        forms: Vec::new(),
        store: None,
        surface: None,
    };

    /// What the rows say of the attack surface here.
    pub fn surface(&self) -> &crate::SurfaceFacts {
        self.surface.as_deref().unwrap_or(crate::SurfaceFacts::EMPTY)
    }

    pub(crate) fn surface_mut(&mut self) -> &mut crate::SurfaceFacts {
        self.surface.get_or_insert_default()
    }
}
