//! The kinds of sinks, sources, entry points and guards of access, and sets of sink kinds.

use std::fmt;

macro_rules! kinds {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $id:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// All, in the order of the documentation.
            pub const ALL: [Self; [$($id),*].len()] = [$(Self::$variant),*];

            /// The word that model files use.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// The kind that a model file calls `id`.
            pub fn from_id(id: &str) -> Option<Self> {
                match id { $($id => Some(Self::$variant),)* _ => None }
            }

            /// The position in [`ALL`](Self::ALL).
            pub fn index(self) -> u32 {
                self as u32
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.id())
            }
        }
    };
}

kinds! {
    /// What harm data can do where it arrives.
    SinkKind {
        /// Text of an SQL statement.
        SqlInjection = "sql-injection",
        /// A shell command or the program that is started.
        CommandInjection = "command-injection",
        /// An argument of a program that could be read as an option.
        ArgumentInjection = "argument-injection",
        /// Program code.
        CodeInjection = "code-injection",
        /// The source of a template.
        TemplateInjection = "template-injection",
        /// HTML sent to a browser.
        HtmlInjection = "html-injection",
        /// Text of a page that is code or an address there: in a script, a tag, an attribute without quotes or one that holds an
        /// address. Text that is escaped for HTML can still do harm there, and becomes
        /// [`HtmlInjection`](Self::HtmlInjection) when it is put into such a place.
        HtmlCode = "html-code",
        /// A header of a message, or its name.
        HeaderInjection = "header-injection",
        /// A line of a log.
        LogInjection = "log-injection",
        /// What people read in a log. Comes with every [`LogInjection`](Self::LogInjection), whose remedies hide nothing.
        LogContent = "log-content",
        /// A line of a configuration that another program reads.
        ConfigInjection = "config-injection",
        /// A format string.
        FormatString = "format-string",
        /// An LDAP filter or distinguished name.
        LdapInjection = "ldap-injection",
        /// The password that a directory is asked about: an empty one asks nothing.
        LdapPassword = "ldap-password",
        /// An XPath or XQuery expression.
        XpathInjection = "xpath-injection",
        /// A query of a database without SQL.
        NosqlInjection = "nosql-injection",
        /// A regular expression.
        RegexInjection = "regex-injection",
        /// A text that a regular expression is matched against.
        RegexMatch = "regex-match",
        /// A path in the file system.
        PathInjection = "path-injection",
        /// An archive that is unpacked.
        ArchiveExtraction = "archive-extraction",
        /// The address of an outgoing request.
        RequestForgery = "request-forgery",
        /// The address that a client is sent to.
        UrlRedirection = "url-redirection",
        /// Serialised objects that can run code when they are read.
        UnsafeDeserialization = "unsafe-deserialization",
        /// XML read by a parser that resolves entities.
        Xxe = "xxe",
        /// Text written to a file or another program's configuration.
        FileContent = "file-content",
        /// The path of a file or folder that is made or written over.
        FileCreation = "file-creation",
        /// A place that needs an unguessable value.
        SecretUse = "secret-use",
        /// The argument list of a process.
        ProcessArgument = "process-argument",
        /// The name of code that is looked up and used: a function, class or module.
        Reflection = "reflection",
        /// The name of an attribute that is set.
        AttributeInjection = "attribute-injection",
        /// What a call raises an error for when it is not as it should be.
        InputError = "input-error",
        /// What a client is shown: the body of an answer, the message of an error.
        ResponseContent = "response-content",
        /// A number that says how much is allocated, how often something is done, or how long it takes.
        ResourceAmount = "resource-amount",
        /// Compressed data that is unpacked without a limit.
        Decompression = "decompression",
        /// What is kept under a key for as long as the process lives.
        CacheKey = "cache-key",
    }
}

kinds! {
    /// Where data comes from.
    SourceKind {
        /// A request, a message.
        Remote = "remote",
        /// What another host answers to a request of this program.
        Response = "response",
        /// What a database holds, which users of the program may have written.
        Stored = "stored",
        /// Files, and what else is on the machine.
        Local = "local",
        /// What a process gets from the one that started it, and from those that it starts: arguments, environment,
        /// standard input, pipes.
        Process = "process",
        /// Names inside an archive.
        Archive = "archive",
        /// Passwords, tokens, keys.
        Secret = "secret",
        /// A predictable generator.
        WeakRandom = "weak-random",
        /// The text of an exception.
        Exception = "exception",
        /// A folder that everybody on the machine can write.
        SharedFolder = "shared-folder",
    }
}

kinds! {
    /// What is known of the values at a node, whatever they are made from.
    Form {
        /// A text that begins with one `/` or several and has neither backslashes nor control characters, as the path of a request
        /// that a browser sends.
        Rooted = "rooted",
        /// A document that somebody else makes up: what stands in it may be a text, a number, a list or a mapping.
        Document = "document",
        /// A value of a type that leaves no choice of text: a number, a date.
        Narrow = "narrow",
        /// An instance of one of the classes here is one of a fixed number that the program lists.
        Listed = "listed",
        /// The fields of an instance of one of the classes here hold what the class declares them as.
        Typed = "typed",
        /// What a framework makes itself for a parameter that is declared with this type, or has the result of this call as its
        /// default: no part of the request as such.
        Provided = "provided",
        /// As the default of a parameter it says more of the parameter, and is no value of it.
        Declaration = "declaration",
    }
}

kinds! {
    /// How the outside calls a function.
    EntryKind {
        /// An HTTP request.
        Http = "http",
        /// A remote procedure call.
        Rpc = "rpc",
        /// A message from a queue or a datagram.
        Message = "message",
        /// A command line.
        Command = "command",
        /// A background task.
        Task = "task",
        /// A web socket.
        Websocket = "websocket",
        /// An event of a framework.
        Event = "event",
        /// A call from a less privileged process.
        PrivilegedHelper = "privileged-helper",
        /// Every request of an application, before it is answered: the function is a part of answering others, not one
        /// that is asked for.
        BeforeRequest = "before-request",
        /// Every request of an application, after it was answered or could not be.
        AfterRequest = "after-request",
    }
}

kinds! {
    /// What a guard asks before it lets a request go on.
    AccessKind {
        /// Who sends the request is known.
        Authentication = "authentication",
        /// They have a role or permission.
        Permission = "permission",
        /// The object is theirs.
        Owner = "owner",
        /// The request has one of certain methods.
        Method = "method",
        /// The request does not come from another site's page.
        Origin = "origin",
        /// Nothing: it can be called only over a channel that nobody has but the process that made it.
        Channel = "channel",
        /// Nothing: everybody is meant to come in.
        Public = "public",
        /// It is no guard: the answer of one that turns a request away.
        Denial = "denial",
        /// It is no guard: a rule that guards name is registered.
        Rule = "rule",
    }
}

/// A set of sink kinds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct KindSet(u64);

impl KindSet {
    /// No kind.
    pub const EMPTY: Self = Self(0);
    /// Every kind.
    pub const ALL: Self = Self((1 << SinkKind::ALL.len()) - 1);

    /// The set of one kind.
    pub fn of(kind: SinkKind) -> Self {
        Self(1 << kind.index())
    }

    /// Whether `kind` is in the set.
    pub fn contains(self, kind: SinkKind) -> bool {
        self.0 & (1 << kind.index()) != 0
    }

    /// Adds `kind`.
    pub fn insert(&mut self, kind: SinkKind) {
        self.0 |= 1 << kind.index();
    }

    /// What is in either set.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this set but not in `other`.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether the set has no kind.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kinds in the order of [`SinkKind::ALL`].
    pub fn iter(self) -> impl Iterator<Item = SinkKind> {
        SinkKind::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }
}

impl fmt::Debug for KindSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl FromIterator<SinkKind> for KindSet {
    fn from_iter<I: IntoIterator<Item = SinkKind>>(iter: I) -> Self {
        let mut set = Self::EMPTY;
        for kind in iter {
            set.insert(kind);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_leads_back_to_its_kind() {
        for (i, kind) in SinkKind::ALL.into_iter().enumerate() {
            assert_eq!(SinkKind::from_id(kind.id()), Some(kind));
            assert_eq!(kind.index() as usize, i);
        }
        for kind in SourceKind::ALL {
            assert_eq!(SourceKind::from_id(kind.id()), Some(kind));
        }
        for kind in EntryKind::ALL {
            assert_eq!(EntryKind::from_id(kind.id()), Some(kind));
        }
        for kind in AccessKind::ALL {
            assert_eq!(AccessKind::from_id(kind.id()), Some(kind));
        }
        assert_eq!(SinkKind::from_id("any"), None);
    }

    #[test]
    fn sets_follow_the_laws() {
        let (sql, xxe) = (KindSet::of(SinkKind::SqlInjection), KindSet::of(SinkKind::Xxe));
        assert!(sql.intersect(xxe).is_empty());
        assert_eq!(sql.union(xxe).minus(xxe), sql);
        assert_eq!(KindSet::ALL.iter().count(), SinkKind::ALL.len());
        assert_eq!(KindSet::ALL.iter().collect::<KindSet>(), KindSet::ALL);
        assert!(KindSet::ALL.minus(sql).contains(SinkKind::Xxe));
        assert!(!KindSet::ALL.minus(sql).contains(SinkKind::SqlInjection));
        assert_eq!(KindSet::EMPTY, KindSet::default());
    }
}
