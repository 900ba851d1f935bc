//! Small programs, resolved, and questions to them in the words of the source.

use assay_index::Idx;
use assay_ir::{Op, Value};
use assay_models::Models;
use assay_resolve::{FuncId, InputModule, Object, Program, Resolution, resolve};
use assay_text::{FileId, Language};
use std::fmt::Write as _;
use std::sync::LazyLock;

static MODELS: LazyLock<Models> =
    LazyLock::new(|| Models::load(&Models::builtin_files(Language::Python)).expect("the models load"));

/// A resolved program.
pub(crate) struct World {
    pub(crate) resolution: Resolution<'static>,
    sources: Vec<String>,
}

/// Resolves files by their paths: `pkg/__init__.py`. What stands before `//` is a folder that is no part of the name. Files below
/// `tests/` are test code.
pub(crate) fn world(files: &[(&str, &str)]) -> World {
    let mut inputs = Vec::new();
    for (i, (path, text)) in files.iter().enumerate() {
        let below = path.split_once("//").map_or(*path, |(_, below)| below);
        let dotted = below.trim_end_matches(".py").replace('/', ".");
        let package = dotted.strip_suffix(".__init__");
        inputs.push(InputModule {
            file: FileId::new(i),
            name: package.unwrap_or(&dotted).to_owned(),
            path: path.trim_end_matches(".py").replace("//", "/"),
            package: package.is_some(),
            test: path.starts_with("tests/"),
            template: false,
            ir: assay_lang_python::lower_source(text),
        });
    }
    let sources = files.iter().map(|(_, text)| (*text).to_owned()).collect();
    World { resolution: resolve(Program::new(inputs), &MODELS), sources }
}

/// Resolves one file named `app.py`.
pub(crate) fn app(text: &str) -> World {
    world(&[("app.py", text)])
}

impl World {
    fn source(&self, f: FuncId) -> &str {
        &self.sources[self.resolution.program.module_of(f).file.index()]
    }

    /// The instructions of the whole program whose source text is `code`.
    fn find(&self, code: &str, wanted: impl Fn(&Op) -> bool) -> Vec<(FuncId, Value)> {
        let program = &self.resolution.program;
        let mut found = Vec::new();
        for f in program.functions.ids() {
            for (value, inst) in program.function(f).insts.iter_enumerated() {
                let (start, end) = (inst.span.start as usize, inst.span.end as usize);
                if wanted(&inst.op) && self.source(f).get(start..end) == Some(code) {
                    found.push((f, value));
                }
            }
        }
        found
    }

    /// What the calls that read `code` may reach: names of functions and of library values, sorted; `?` and the
    /// reason when there is nothing.
    pub(crate) fn calls(&self, code: &str) -> Vec<String> {
        let found = self.find(code, |op| matches!(op, Op::Call { .. }));
        assert!(!found.is_empty(), "no call reads `{code}`");
        let mut out = Vec::new();
        for (f, value) in found {
            let targets = self.resolution.call(f, value).expect("every call has targets");
            out.extend(targets.functions.iter().map(|t| self.resolution.program.qualified_name(t.function)));
            out.extend(targets.apis.iter().map(|api| self.resolution.api_name(*api).to_owned()));
            out.extend(targets.unresolved.map(|reason| format!("? {}", reason.reason())));
        }
        out.sort();
        out.dedup();
        out
    }

    /// What the expressions that read `code` may be, sorted.
    pub(crate) fn values(&self, code: &str) -> Vec<String> {
        let found = self.find(code, |_| true);
        assert!(!found.is_empty(), "nothing reads `{code}`");
        let mut out: Vec<String> = found
            .into_iter()
            .flat_map(|(f, value)| self.resolution.objects(f, value).map(|o| self.show(o)).collect::<Vec<_>>())
            .collect();
        out.sort();
        out.dedup();
        out
    }

    fn show(&self, object: Object) -> String {
        let program = &self.resolution.program;
        match object {
            Object::Function(f) => program.qualified_name(f),
            Object::Bound(f) => format!("bound {}", program.qualified_name(f)),
            Object::Static(f) => format!("static {}", program.qualified_name(f)),
            Object::ClassMethod(f) => format!("classmethod {}", program.qualified_name(f)),
            Object::Property(f) => format!("property {}", program.qualified_name(f)),
            Object::Class(c) => format!("class {}", program.class_name(c)),
            Object::SelfClass(c) => format!("class {} or derived", program.class_name(c)),
            Object::Redefiner(f) => format!("redefiner of {}", program.qualified_name(f)),
            Object::Instance(c) => format!("a {}", program.class_name(c)),
            Object::SelfOf(c) => format!("some {}", program.class_name(c)),
            Object::Super(c) => format!("super of {}", program.class_name(c)),
            Object::Module(m) => format!("module {}", program.strings.resolve(program.modules[m].name)),
            Object::Package(name) => format!("package {}", program.strings.resolve(name)),
            Object::Container(kind, _) => kind.type_name().to_owned(),
            Object::ContainerMethod(_, api) | Object::Api(api) => self.resolution.api_name(api).to_owned(),
            Object::Partial(_) => "partial".to_owned(),
            Object::Template(f) => format!("template {}", program.qualified_name(f)),
            Object::Renders(f) => format!("render {}", program.qualified_name(f)),
            Object::Loaded(pattern) => format!("modules {}", program.strings.resolve(pattern)),
            Object::Plugins(name) => format!("plug-ins of {}", program.strings.resolve(name)),
        }
    }

    /// The functions that the outside calls, each with the kind of its caller.
    pub(crate) fn entries(&self) -> Vec<String> {
        let entries = &self.resolution.entries;
        entries.iter().map(|e| format!("{} {:?}", self.resolution.program.qualified_name(e.function), e.kind)).collect()
    }

    /// Everything that was found, in one text.
    pub(crate) fn everything(&self) -> String {
        let program = &self.resolution.program;
        let mut out = String::new();
        for f in program.functions.ids() {
            writeln!(out, "{}", program.qualified_name(f)).expect("text grows");
            for (value, targets) in self.resolution.calls(f) {
                writeln!(out, "  {value:?} {targets:?}").expect("text grows");
            }
            for value in program.function(f).insts.ids() {
                let objects: Vec<String> = self.resolution.objects(f, value).map(|o| self.show(o)).collect();
                writeln!(out, "  {value:?} {objects:?} {:?}", self.resolution.implicit_calls(f, value))
                    .expect("text grows");
            }
        }
        out + &self.entries().join("\n")
    }
}
