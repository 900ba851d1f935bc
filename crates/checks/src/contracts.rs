//! What callers of a library's function mean by what they pass, and what they do not.
//!
//! Where a project has no entry points of its own, parameters of its public functions are sources: a caller may pass
//! on what it does not control. A function whose *contract* it is to run the code, the command or the template that it is
//! given is no defect, since whoever calls it means just that.

use crate::code::words;
use crate::flows::FlowInput;
use assay_ir::{ArgKind, BinaryOp, Const, Op, Value};
use assay_models::{FlowKind, SinkKind};
use assay_resolve::{FuncId, Object};
use assay_taint::{Flags, Flow, HopKind, SinkSite, Source, TraceStepKind};

/// Words in the names of functions and classes that are there to run what they are given.
const RUNS_CODE: &[&str] = &[
    "eval",
    "evaluate",
    "evaluator",
    "exec",
    "execute",
    "executor",
    "run",
    "runner",
    "interpret",
    "interpreter",
    "debugger",
    "shell",
    "repl",
    "console",
];
/// The same for templates.
const RENDERS: &[&str] = &["template", "templates", "templar", "templating", "render", "renders", "renderer", "jinja"];
/// Words in the names of functions that are there to make objects of what they are given.
const READS_OBJECTS: &[&str] =
    &["decode", "deserialize", "deserialise", "load", "loads", "pickle", "restore", "unpickle", "unserialize"];
/// Words in the names of parameters that are places of files.
const PLACES: &[&str] = &[
    "path",
    "filepath",
    "pathname",
    "filename",
    "file",
    "dir",
    "directory",
    "folder",
    "loc",
    "location",
    "dest",
    "destination",
    "output",
    "outfile",
    "root",
];
/// Programs with options that run a command or write a file.
const RISKY_PROGRAMS: &[&str] = &[
    "git",
    "hg",
    "svn",
    "bzr",
    "cvs",
    "darcs",
    "fossil",
    "ssh",
    "scp",
    "sftp",
    "rsync",
    "tar",
    "curl",
    "wget",
    "find",
    "zip",
    "unzip",
    "7z",
    "rpm",
    "dpkg",
    "apt-get",
    "apt",
    "yum",
    "dnf",
    "npm",
    "pip",
    "docker",
    "kubectl",
    "helm",
    "ffmpeg",
    "convert",
    "magick",
    "gs",
    "sendmail",
    "mysql",
    "mysqldump",
    "psql",
    "pg_dump",
    "sqlite3",
    "terraform",
    "ansible-playbook",
];
/// What reads documents of markup: one refers to others.
const MARKUP_READERS: &[&str] =
    &["xml.", "lxml.", "defusedxml.", "xmltodict.", "bs4.", "html5lib.", "html.parser.", "tinycss", "cssselect"];
/// What such programs are told to do, by which they are known where their name is no constant.
const RISKY_COMMANDS: &[&str] = &[
    "clone",
    "checkout",
    "fetch",
    "pull",
    "push",
    "ls-remote",
    "archive",
    "export",
    "submodule",
    "remote",
    "log",
    "diff",
    "show",
];

impl FlowInput<'_> {
    /// Whether what is called is of the program itself, which is the library that the models describe.
    pub(crate) fn is_own_library(&self, site: &SinkSite) -> bool {
        let targets = site.api.is_none().then(|| self.resolution.call(site.function, site.call)).flatten();
        targets.is_some_and(|t| {
            t.functions.iter().any(|t| !self.resolution.identity(t.function).is_empty())
                || t.apis.iter().any(|api| self.resolution.is_own(*api))
                // A cursor of the program's own.
                || (site.assumed && !t.functions.is_empty())
        })
    }

    /// Whether data that a caller of a public function passes is a threat at a sink: where the function turns it into
    /// something else, a part of a statement or path, or code. Who passes a path means that file; who passes a URL or a
    /// document does not mean the paths in it.
    pub(crate) fn library_counts(&self, site: &SinkSite, flags: Flags, flow: Option<&Flow>) -> bool {
        match site.kind {
            SinkKind::CodeInjection => {
                matches!(self.api_name(site).as_str(), "eval" | "exec")
                    && (!self.is_named(site.function, RUNS_CODE)
                        || flow.is_some_and(|flow| self.breaks_promise(site, &self.analysis.source(flow.source))))
            }
            // Who makes an object with a format means that.
            SinkKind::FormatString => {
                let program = &self.resolution.program;
                let name = flow.map(|f| program.function(self.analysis.source(f.source).function).name);
                // Nor is a format that an object brings along one of whoever passes the object.
                self.fills_with_objects(site)
                    && !flags.has(Flags::FIELD)
                    && !flags.has(Flags::COMPOSED)
                    && flow.is_none_or(|f| !self.resolution.is_called(self.analysis.source(f.source).function))
                    && name.is_none_or(|name| program.strings.resolve(name) != "__init__")
            }
            SinkKind::TemplateInjection => !self.is_named(site.function, RENDERS),
            SinkKind::UnsafeDeserialization | SinkKind::Xxe | SinkKind::RegexMatch | SinkKind::ArchiveExtraction => {
                true
            }
            // Who passes a number means it; who passes a file or message does not mean the numbers in it.
            SinkKind::ResourceAmount => flow.is_some_and(|f| self.is_parsed(f)),
            SinkKind::Decompression => flow.is_none_or(|flow| !self.analysis.is_passed_on(flow)),
            // Who passes the whole list of arguments means it, and few programs have options that do harm.
            SinkKind::ArgumentInjection => {
                flow.is_none_or(|flow| !self.analysis.is_passed_on(flow)) && self.starts_risky_program(site)
            }
            // What files there are is no secret of the one who asks.
            SinkKind::PathInjection if self.only_lists(site) => false,
            SinkKind::PathInjection | SinkKind::RequestForgery if flow.is_some_and(|f| self.is_out_of_markup(f)) => {
                true
            }
            // A parameter that is called a path, or a place, is meant as one.
            SinkKind::PathInjection if flow.is_some_and(|f| self.means_place(f)) => false,
            SinkKind::PathInjection => {
                flags.has(Flags::COMPOSED)
                    && (self.in_own_folder(site, flow) || flow.is_some_and(|f| self.is_parsed(f)))
            }
            // Who passes a host, or the base of an address, means it; who passes a document does not.
            SinkKind::RequestForgery => flags.has(Flags::COMPOSED) && flow.is_some_and(|f| self.is_parsed(f)),
            SinkKind::CommandInjection => flags.has(Flags::COMPOSED) && !self.names_program(site),
            // A head that the program writes itself.
            SinkKind::HeaderInjection => site.api.is_none() && flags.has(Flags::COMPOSED),
            // Templates pass to their filters and tags what they are to show.
            SinkKind::HtmlInjection => {
                flags.has(Flags::COMPOSED)
                    || flow.is_none_or(|flow| {
                        let caller = self.analysis.source(flow.source).function;
                        !self.is_template_output(site)
                            && self.resolution.is_template_function(caller)
                            && !self.analysis.is_passed_on(flow)
                    })
            }
            // Who passes a name that a library quotes by its own rules means a name.
            SinkKind::SqlInjection => {
                flags.has(Flags::COMPOSED) && !flow.is_some_and(|flow| self.is_quoted_by_name(flow))
            }
            SinkKind::UrlRedirection
            | SinkKind::LdapInjection
            | SinkKind::XpathInjection
            | SinkKind::ConfigInjection => flags.has(Flags::COMPOSED),
            _ => false,
        }
    }

    /// Whether a function that promises to run code of others safely hands that code to the interpreter, and does not even look at
    /// its tree before.
    pub(crate) fn breaks_promise(&self, site: &SinkSite, source: &Source) -> bool {
        let program = &self.resolution.program;
        let promises = |f: FuncId| assay_taint::promises_sandbox(program.strings.resolve(program.function(f).name));
        let reads_tree = |f: FuncId| {
            let mut apis = self.resolution.calls(f).iter().flat_map(|(_, targets)| &targets.apis);
            apis.any(|api| matches!(self.resolution.api_name(*api), "ast.parse" | "ast.walk" | "ast.literal_eval"))
        };
        site.kind == SinkKind::CodeInjection
            && source.kind.is_none()
            && promises(source.function)
            && !reads_tree(source.function)
            && !reads_tree(site.function)
    }

    /// Whether a site stands in a function that says by its name that it makes objects of what it is given.
    pub(crate) fn reads_objects(&self, site: &SinkSite) -> bool {
        let program = &self.resolution.program;
        let words = words(program.strings.resolve(program.function(site.function).name));
        site.kind == SinkKind::UnsafeDeserialization && words.iter().any(|w| READS_OBJECTS.contains(&w.as_str()))
    }

    /// Whether what a program passes to a function of its own is all that gets there: the package is installed for its commands,
    /// calls the function itself, and does not offer it to others. Documents come from outside whoever passes them on.
    pub(crate) fn is_of_a_command(&self, site: &SinkSite, f: FuncId) -> bool {
        let put_together = matches!(
            site.kind,
            SinkKind::PathInjection
                | SinkKind::FileCreation
                | SinkKind::CommandInjection
                | SinkKind::ArgumentInjection
                | SinkKind::SqlInjection
                | SinkKind::FormatString
                | SinkKind::XpathInjection
                | SinkKind::RegexMatch
                | SinkKind::HeaderInjection
                | SinkKind::ConfigInjection
        );
        put_together && self.commands && self.resolution.is_called(f) && !self.resolution.is_exported(f)
    }

    /// Whether data comes in as a parameter whose name says that it is the place of a file, and nothing is read from it.
    fn means_place(&self, flow: &Flow) -> bool {
        let source = self.analysis.source(flow.source);
        let program = &self.resolution.program;
        let function = program.function(source.function);
        let Op::Param(index) = function.op(source.value) else { return false };
        let name = function.params.get(*index as usize).map_or("", |p| program.strings.resolve(p.name));
        !flow.flags.has(Flags::FIELD) && words(name).iter().any(|word| PLACES.contains(&word.as_str()))
    }

    /// Whether a call only says which files there are.
    fn only_lists(&self, site: &SinkSite) -> bool {
        let api = self.api_name(site);
        ["glob.", "os.listdir", "os.scandir", "os.walk", "os.path.", "os.stat", "os.lstat", "os.access", "fnmatch."]
            .iter()
            .any(|list| api.starts_with(list))
    }

    /// Whether a process is started without a shell, by the path of its program: who passes that means it.
    fn names_program(&self, site: &SinkSite) -> bool {
        let function = self.resolution.program.function(site.function);
        let Op::Call { args, .. } = function.op(site.call) else { return false };
        let shell = self.resolution.program.strings.lookup("shell");
        let off = |v| matches!(function.op(v), Op::Const(Const::Bool(false)));
        let with_shell =
            args.iter().any(|a| matches!(a.kind, ArgKind::Keyword(name) if Some(name) == shell) && !off(a.value));
        let api = self.api_name(site);
        let plain = api.starts_with("subprocess.") && !api.contains(".get") || api.contains("create_subprocess_exec");
        let mut first = Vec::new();
        for argument in &site.arguments {
            self.first_words(site.function, *argument, &mut first, 4);
        }
        plain && !with_shell && first.is_empty()
    }

    /// Whether the name of a function, or of its class, holds one of some words.
    fn is_named(&self, f: FuncId, list: &[&str]) -> bool {
        let program = &self.resolution.program;
        let qualified = program.strings.resolve(program.function(f).qualified);
        let module = program.strings.resolve(program.module_of(f).name).rsplit('.').next().unwrap_or_default();
        qualified.split('.').chain([module]).any(|name| words(name).iter().any(|word| list.contains(&word.as_str())))
    }

    /// Whether the program that is started at a site has options that do harm, as far as the first of its arguments are
    /// constant.
    fn starts_risky_program(&self, site: &SinkSite) -> bool {
        let function = self.resolution.program.function(site.function);
        let mut first = Vec::new();
        for argument in &site.arguments {
            self.first_words(site.function, *argument, &mut first, 4);
        }
        if first.is_empty()
            && let Op::Call { args, .. } = function.op(site.call)
        {
            for arg in args.iter().take_while(|a| a.kind == ArgKind::Positional).take(3) {
                first.extend(self.constant_text(site.function, arg.value));
            }
        }
        let program = |word: &String| {
            let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
            RISKY_PROGRAMS.contains(&name.strip_suffix(".exe").unwrap_or(name))
        };
        first.first().is_some_and(program) || first.iter().take(2).any(|word| RISKY_COMMANDS.contains(&word.as_str()))
    }

    /// The constant words that a list of arguments, or a command, begins with; those between that are not constant are
    /// left out.
    fn first_words(&self, f: FuncId, value: Value, out: &mut Vec<String>, depth: u32) {
        let function = self.resolution.program.function(f);
        match function.op(value) {
            _ if depth == 0 => {}
            Op::Annotated { value: Some(inner), .. } => self.first_words(f, *inner, out, depth - 1),
            Op::Collection(_, elements) => {
                out.extend(
                    elements.iter().take(3).filter(|e| !e.spread).filter_map(|e| self.constant_text(f, e.value)),
                );
            }
            Op::Binary(BinaryOp::Add | BinaryOp::Mod, first, _) | Op::InPlace(BinaryOp::Add, first, _) => {
                self.first_words(f, *first, out, depth - 1);
            }
            Op::Phi(inputs) => {
                if let Some((_, first)) = inputs.iter().find(|(_, v)| *v < value) {
                    self.first_words(f, *first, out, depth - 1);
                }
            }
            Op::Format(pieces) => {
                if let Some(assay_ir::Piece::Text(text)) = pieces.first() {
                    let text = self.resolution.program.strings.resolve(*text);
                    out.extend(text.split_whitespace().take(3).map(str::to_owned));
                }
            }
            _ => {
                if let Some(text) = self.constant_text(f, value) {
                    out.extend(text.split_whitespace().take(3).map(str::to_owned));
                }
            }
        }
    }

    /// The constant text that a value always is.
    pub(crate) fn constant_text(&self, f: FuncId, value: Value) -> Option<String> {
        match assay_taint::constant(self.resolution, f, value)? {
            assay_values::ConstValue::Str(text) | assay_values::ConstValue::Bytes(text) => Some(text),
            _ => None,
        }
    }

    /// Whether the data was taken out of a text by its format on the way.
    pub(crate) fn is_parsed(&self, flow: &Flow) -> bool {
        let models = self.resolution.models();
        let parses = |api| {
            let nodes = self.resolution.apis.nodes(api);
            nodes.iter().any(|n| models.facts(*n).flows.iter().any(|flow| flow.kind == FlowKind::Parse))
        };
        self.analysis
            .trace(flow)
            .iter()
            .any(|step| matches!(step.kind, TraceStepKind::Hop(HopKind::Library(api)) if parses(api)))
    }

    /// Whether the data is a reference that a page or another document of markup names: who passes that means what it says, and not
    /// what it refers to.
    fn is_out_of_markup(&self, flow: &Flow) -> bool {
        self.analysis.trace(flow).iter().any(|step| {
            matches!(step.kind, TraceStepKind::Hop(HopKind::Library(api))
                if MARKUP_READERS.iter().any(|reader| self.resolution.api_name(api).starts_with(reader)))
        })
    }

    /// Whether the data went through a method that its name says quotes names of tables and columns, and whose body is not
    /// known or is the library's own: `connection.ops.quote_name(table)`.
    fn is_quoted_by_name(&self, flow: &Flow) -> bool {
        let program = &self.resolution.program;
        self.analysis.trace(flow).iter().any(|step| {
            let function = program.function(step.function);
            let Op::Call { func, .. } = function.op(step.value) else { return false };
            let Op::Attr(_, name) = function.op(*func) else { return false };
            let words = words(program.strings.resolve(*name));
            words.len() > 1 && words[0] == "quote"
        })
    }

    /// Whether what fills a format may be an object, whose attributes a format can read; a text or a number has
    /// none that matter.
    pub(crate) fn fills_with_objects(&self, site: &SinkSite) -> bool {
        let function = self.resolution.program.function(site.function);
        let Op::Call { args, .. } = function.op(site.call) else { return true };
        args.iter().any(|arg| {
            matches!(arg.kind, ArgKind::Spread | ArgKind::KeywordSpread)
                || self.resolution.objects(site.function, arg.value).any(|object| {
                    matches!(object, Object::Instance(_) | Object::SelfOf(_) | Object::Class(_) | Object::Module(_))
                })
        })
    }
}
