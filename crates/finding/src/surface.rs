//! The attack surface: what the outside can call, what guards it, and what it reaches.

use crate::Place;
use serde::{Deserialize, Serialize};

/// How the outside calls an entry point.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// An HTTP request.
    Http,
    /// A web socket.
    Websocket,
    /// A remote procedure call.
    Rpc,
    /// A message from a queue or a datagram.
    Message,
    /// A background task.
    Task,
    /// An event of a framework.
    Event,
    /// A command line.
    Command,
    /// A call from a less privileged process.
    PrivilegedHelper,
}

impl Channel {
    /// All, in the order in which reports list them.
    pub const ALL: [Self; 8] = [
        Self::Http,
        Self::Websocket,
        Self::Rpc,
        Self::Message,
        Self::Task,
        Self::Event,
        Self::Command,
        Self::PrivilegedHelper,
    ];

    /// The word that the command line and all formats use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Websocket => "websocket",
            Self::Rpc => "rpc",
            Self::Message => "message",
            Self::Task => "task",
            Self::Event => "event",
            Self::Command => "command",
            Self::PrivilegedHelper => "privileged-helper",
        }
    }

    /// The channel with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.id() == id)
    }

    /// What so many of its entry points are called.
    pub fn title(self, count: usize) -> &'static str {
        let (one, many) = match self {
            Self::Http => ("HTTP operation", "HTTP operations"),
            Self::Websocket => ("web-socket handler", "web-socket handlers"),
            Self::Rpc => ("RPC method", "RPC methods"),
            Self::Message => ("message handler", "message handlers"),
            Self::Task => ("background task", "background tasks"),
            Self::Event => ("event handler", "event handlers"),
            Self::Command => ("command", "commands"),
            Self::PrivilegedHelper => ("privileged helper", "privileged helpers"),
        };
        if count == 1 { one } else { many }
    }
}

/// What an entry point does to the world around the program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EffectKind {
    /// Stored objects are changed, made or removed.
    Write,
    /// Stored objects are read.
    Read,
    /// A process is started.
    Process,
    /// A file is opened, made or removed.
    File,
    /// Another host is asked.
    Outgoing,
    /// Text or data is run as code.
    Code,
    /// A remote procedure is called, or a message sent.
    Message,
}

impl EffectKind {
    /// All, in the order in which reports list them.
    pub const ALL: [Self; 7] =
        [Self::Write, Self::Read, Self::Process, Self::File, Self::Outgoing, Self::Code, Self::Message];

    /// The word that the command line and all formats use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Read => "read",
            Self::Process => "process",
            Self::File => "file",
            Self::Outgoing => "outgoing",
            Self::Code => "code",
            Self::Message => "message",
        }
    }

    /// The kind with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

/// What a guard is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GuardKind {
    /// A middleware or hook that runs before every handler below it.
    Middleware,
    /// A decorator of the function, or what wraps it where it is registered.
    Decorator,
    /// A base class or an attribute of the class.
    Class,
    /// A dependency that the framework runs first.
    Dependency,
    /// A call in the body, or in a function that the body calls.
    Call,
    /// A policy that is enforced by its name.
    Policy,
}

impl GuardKind {
    /// The word that all formats use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Middleware => "middleware",
            Self::Decorator => "decorator",
            Self::Class => "class",
            Self::Dependency => "dependency",
            Self::Call => "call",
            Self::Policy => "policy",
        }
    }
}

/// Where an input comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputVia {
    /// A part of the path.
    Path,
    /// A parameter of the function.
    Parameter,
    /// It is read in the body of the function.
    Body,
}

impl InputVia {
    /// The word that all formats use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Parameter => "parameter",
            Self::Body => "body",
        }
    }
}

/// One parameter or other input of an entry point.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EntryInput {
    /// Its name, or the code that reads it.
    pub name: String,
    /// Where it comes from.
    pub via: InputVia,
    /// Who fills it: `remote`, `local` …; `None` where nothing says that it comes from outside.
    pub source: Option<String>,
    /// Where.
    pub place: Place,
}

/// Something that decides who may call, or what with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EntryGuard {
    /// What it is.
    pub kind: GuardKind,
    /// Its name: a function, a class, a policy.
    pub name: String,
    /// Where it stands, as far as it has a place.
    pub place: Option<Place>,
}

/// Something that happens to the world when an entry point is called.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EntryEffect {
    /// What.
    pub kind: EffectKind,
    /// The library function that does it.
    pub api: String,
    /// The call nearest to the entry point.
    pub place: Place,
    /// Calls between the entry point and that one.
    pub depth: u32,
    /// How many such calls are reached.
    pub count: u32,
}

/// Something that the outside can call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EntryPoint {
    /// By what.
    pub channel: Channel,
    /// Methods of HTTP, sorted; empty: any, or the handler decides.
    pub methods: Vec<String>,
    /// The path of a route, the name of a command or topic, as far as it is known.
    pub path: Option<String>,
    /// The function; what registers it where no function is known.
    pub place: Place,
    /// Other functions that may be the one called: implementations of the same operation.
    pub others: Vec<Place>,
    /// Where it is registered, when that is elsewhere.
    pub registered: Option<Place>,
    /// What the entry point rests on when it was not read as such: a name that is put together.
    pub assumption: Option<String>,
    /// What it is given.
    pub inputs: Vec<EntryInput>,
    /// What guards it.
    pub guards: Vec<EntryGuard>,
    /// What it reaches; computed on request only.
    pub effects: Vec<EntryEffect>,
    /// Whether more functions are reached than were looked at.
    pub cut: bool,
    /// Whether the file is test code.
    pub in_test: bool,
}

impl EntryPoint {
    /// Every place that it names.
    pub fn places_mut(&mut self) -> impl Iterator<Item = &mut Place> {
        let own = std::iter::once(&mut self.place).chain(&mut self.others).chain(&mut self.registered);
        own.chain(self.inputs.iter_mut().map(|input| &mut input.place))
            .chain(self.guards.iter_mut().filter_map(|guard| guard.place.as_mut()))
            .chain(self.effects.iter_mut().map(|effect| &mut effect.place))
    }
}
