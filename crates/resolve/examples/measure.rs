//! Resolves the programs below folders and prints how long it took and what was found.
//!
//! `measure [--unresolved N] [--many N] [--unmodelled N] [--draw N SEED] DIR…`
//!
//! - `--unresolved N`: the N most frequent reasons for unresolved calls, by what the callee is made of, with examples.
//! - `--many N`: the calls with more than ten targets by what they read, the N most frequent first.
//! - `--unmodelled N`: the N most frequent library functions that no model describes.
//! - `--draw N SEED`: N resolved calls outside tests, drawn at random, with their targets.
//!
//! The digest covers the targets of every call and the objects of every value: two builds that print the same one agree.

use assay_index::Idx;
use assay_ir::{Op, Value};
use assay_models::Models;
use assay_resolve::{CallTargets, FuncId, InputModule, Object, Program, Resolution, resolve};
use assay_text::{FileId, Language};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// More targets than this make a call suspicious.
const MANY: usize = 10;

#[derive(Default)]
struct Options {
    dirs: Vec<PathBuf>,
    unresolved: usize,
    many: usize,
    unmodelled: usize,
    draw: usize,
    seed: u64,
}

fn main() {
    let mut options = Options::default();
    let mut args = std::env::args_os().skip(1);
    let number = |arg: Option<std::ffi::OsString>| arg.and_then(|a| a.to_str()?.parse::<u64>().ok()).unwrap_or(0);
    while let Some(arg) = args.next() {
        match arg.to_str() {
            Some("--unresolved") => options.unresolved = number(args.next()) as usize,
            Some("--many") => options.many = number(args.next()) as usize,
            Some("--unmodelled") => options.unmodelled = number(args.next()) as usize,
            Some("--draw") => {
                options.draw = number(args.next()) as usize;
                options.seed = number(args.next());
            }
            _ => options.dirs.push(PathBuf::from(arg)),
        }
    }
    let worker = std::thread::Builder::new().stack_size(assay_text::limits::PARSE_STACK_BYTES);
    let handle = worker.spawn(move || run(&options)).expect("a thread starts");
    handle.join().expect("the run ends");
}

/// The files of the program, for showing places.
#[derive(Default)]
struct Sources {
    paths: Vec<PathBuf>,
    texts: Vec<String>,
}

#[expect(clippy::print_stdout, reason = "this is a program for developers")]
fn run(options: &Options) {
    let models = Models::load(&Models::builtin_files(Language::Python)).expect("the models load");
    let mut inputs = Vec::new();
    let mut sources = Sources::default();
    for dir in &options.dirs {
        let mut files = Vec::new();
        walk(dir, &mut files);
        files.sort();
        for path in files {
            let Ok(bytes) = std::fs::read(&path) else { continue };
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let ir = assay_lang_python::lower_source(&text);
            let (name, package) = module_name(dir, &path);
            let in_test = name
                .split('.')
                .any(|part| matches!(part, "tests" | "test" | "functional" | "conftest") || part.starts_with("test_"));
            inputs.push(InputModule {
                file: FileId::new(inputs.len()),
                name,
                path: String::new(),
                package,
                test: in_test,
                template: false,
                ir,
            });
            sources.paths.push(path.strip_prefix(dir).unwrap_or(&path).to_owned());
            sources.texts.push(text);
        }
    }
    let start = Instant::now();
    let program = Program::new(inputs);
    println!("program {:?}", start.elapsed());
    let start = Instant::now();
    let resolution = resolve(program, &models);
    println!("resolve {:?}", start.elapsed());
    for (what, count) in counts(&resolution) {
        println!("{count:>10} {what}");
    }
    println!("digest {:016x}", digest(&resolution));
    let view = View { resolution: &resolution, sources: &sources };
    if options.unresolved > 0 {
        print!("{}", view.unresolved(options.unresolved));
    }
    if options.many > 0 {
        print!("{}", view.many(options.many));
    }
    if options.unmodelled > 0 {
        print!("{}", view.unmodelled(options.unmodelled));
    }
    if options.draw > 0 {
        print!("{}", view.draw(options.draw, options.seed));
    }
}

struct View<'a> {
    resolution: &'a Resolution<'a>,
    sources: &'a Sources,
}

impl View<'_> {
    /// The calls outside tests.
    fn calls(&self) -> Vec<(FuncId, Value, &CallTargets)> {
        let program = &self.resolution.program;
        let functions = program.functions.ids().filter(|f| !program.module_of(*f).test);
        functions.flat_map(|f| self.resolution.calls(f).iter().map(move |(v, t)| (f, *v, t))).collect()
    }

    fn place(&self, f: FuncId, call: Value) -> String {
        let file = self.resolution.program.module_of(f).file.index();
        let text = &self.sources.texts[file];
        let start = self.resolution.program.function(f).insts[call].span.start as usize;
        let head = text.get(..start).unwrap_or_default();
        let line = head.matches('\n').count();
        let code = text.lines().nth(line).unwrap_or_default().trim();
        let code: String = code.chars().take(110).collect();
        format!("{}:{}  {code}", self.sources.paths[file].display(), line + 1)
    }

    fn code(&self, f: FuncId, value: Value) -> String {
        let file = self.resolution.program.module_of(f).file.index();
        let span = self.resolution.program.function(f).insts[value].span;
        let text = self.sources.texts[file].get(span.start as usize..span.end as usize).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect()
    }

    /// What a value without any object is made from, read backwards to the first thing that is known.
    fn origin(&self, f: FuncId, mut value: Value) -> String {
        let program = &self.resolution.program;
        let function = program.function(f);
        let mut path = String::new();
        for _ in 0..6 {
            if self.resolution.objects(f, value).next().is_some() {
                let mut names: Vec<String> = self.resolution.objects(f, value).map(|o| self.kind(o)).collect();
                names.sort();
                names.dedup();
                names.truncate(3);
                return format!("{}{path}", names.join("|"));
            }
            match function.op(value) {
                Op::Attr(base, name) => {
                    path = format!(".{}{path}", program.strings.resolve(*name));
                    value = *base;
                }
                Op::Call { func, .. } => {
                    path = format!("(){path}");
                    value = *func;
                }
                Op::Item(base, _) | Op::Next(base) | Op::Unpack { base, .. } => {
                    path = format!("[]{path}");
                    value = *base;
                }
                Op::Await(base) | Op::Enter(base) => value = *base,
                Op::Param(_) => return format!("PARAM {}{path}", self.parameter(f)),
                Op::Phi(inputs) => match inputs.iter().find(|(_, v)| v.index() < value.index()) {
                    Some((_, input)) => value = *input,
                    None => return format!("PHI{path}"),
                },
                Op::Global(name) => return format!("GLOBAL {}{path}", program.strings.resolve(*name)),
                Op::LoadCell(_) => return format!("CELL{path}"),
                other => {
                    let text = format!("{other:?}");
                    let head: String = text.chars().take_while(|c| c.is_alphanumeric()).collect();
                    return format!("{head}{path}");
                }
            }
        }
        path
    }

    /// How a function with an unfilled parameter is known to its surroundings.
    fn parameter(&self, f: FuncId) -> &'static str {
        let program = &self.resolution.program;
        let function = program.function(f);
        match () {
            () if function.kind == assay_ir::FunctionKind::Lambda => "lambda",
            () if function.parent.is_some_and(|p| p.index() > 0) && program.functions[f].class.is_none() => "closure",
            () if program.functions[f].class.is_some() => "method",
            () => "function",
        }
    }

    fn kind(&self, object: Object) -> String {
        let program = &self.resolution.program;
        match object {
            Object::Function(_) | Object::Static(_) => "function".to_owned(),
            Object::Bound(_) | Object::ClassMethod(_) => "method".to_owned(),
            Object::Property(_) | Object::Redefiner(_) => "property".to_owned(),
            Object::Class(c) | Object::SelfClass(c) => format!("class {}", program.class_name(c)),
            Object::Instance(c) | Object::SelfOf(c) => format!("a {}", program.class_name(c)),
            Object::Super(c) => format!("super of {}", program.class_name(c)),
            Object::Module(m) => format!("module {}", program.strings.resolve(program.modules[m].name)),
            Object::Package(name) => format!("package {}", program.strings.resolve(name)),
            Object::Container(kind, _) => kind.type_name().to_owned(),
            Object::ContainerMethod(_, api) | Object::Api(api) => self.resolution.api_name(api).to_owned(),
            Object::Partial(_) => "partial".to_owned(),
            Object::Template(_) | Object::Renders(_) => "template".to_owned(),
            Object::Loaded(pattern) => format!("modules {}", program.strings.resolve(pattern)),
            Object::Plugins(name) => format!("plug-ins of {}", program.strings.resolve(name)),
        }
    }

    fn unresolved(&self, top: usize) -> String {
        let mut groups: BTreeMap<String, Vec<(FuncId, Value)>> = BTreeMap::new();
        for (f, call, targets) in self.calls() {
            if targets.unresolved.is_none() {
                continue;
            }
            let Op::Call { func, .. } = self.resolution.program.function(f).op(call) else { continue };
            groups.entry(self.origin(f, *func)).or_default().push((f, call));
        }
        self.groups("unresolved", groups, top)
    }

    fn many(&self, top: usize) -> String {
        let mut groups: BTreeMap<String, Vec<(FuncId, Value)>> = BTreeMap::new();
        for (f, call, targets) in self.calls() {
            let count = targets.functions.len() + targets.apis.len();
            if count <= MANY {
                continue;
            }
            let Op::Call { func, .. } = self.resolution.program.function(f).op(call) else { continue };
            groups.entry(format!("{count} targets: {}", self.code(f, *func))).or_default().push((f, call));
        }
        self.groups("calls with many targets", groups, top)
    }

    fn unmodelled(&self, top: usize) -> String {
        let mut groups: BTreeMap<String, Vec<(FuncId, Value)>> = BTreeMap::new();
        for (f, call, targets) in self.calls() {
            if !targets.functions.is_empty() || targets.apis.iter().any(|a| !self.resolution.apis.nodes(*a).is_empty())
            {
                continue;
            }
            let Some(api) = targets.apis.first() else { continue };
            groups.entry(self.resolution.api_name(*api).to_owned()).or_default().push((f, call));
        }
        self.groups("calls of library functions without model", groups, top)
    }

    fn groups(&self, what: &str, groups: BTreeMap<String, Vec<(FuncId, Value)>>, top: usize) -> String {
        let total: usize = groups.values().map(Vec::len).sum();
        let mut list: Vec<(String, Vec<(FuncId, Value)>)> = groups.into_iter().collect();
        list.sort_by_key(|(_, calls)| std::cmp::Reverse(calls.len()));
        let mut out = format!("{total} {what}, {} groups\n", list.len());
        for (name, calls) in list.into_iter().take(top) {
            let step = calls.len().div_ceil(3);
            let samples: Vec<String> =
                calls.iter().step_by(step).map(|(f, call)| format!("        {}\n", self.place(*f, *call))).collect();
            let _ = write!(out, "{:>6} {name}\n{}", calls.len(), samples.concat());
        }
        out
    }

    fn draw(&self, count: usize, seed: u64) -> String {
        let mut calls: Vec<_> = self.calls().into_iter().filter(|(_, _, t)| t.unresolved.is_none()).collect();
        let mut state = seed;
        let mut out = format!("{count} of {} resolved calls, seed {seed}\n", calls.len());
        for n in 1..=count.min(calls.len()) {
            let at = (next_random(&mut state) % calls.len() as u64) as usize;
            let (f, call, targets) = calls.swap_remove(at);
            let _ = writeln!(out, "{n:>3} {}", self.place(f, call));
            let internal = targets.functions.iter().map(|t| self.resolution.program.qualified_name(t.function));
            let external = targets.apis.iter().map(|api| format!("lib {}", self.resolution.api_name(*api)));
            let all: Vec<String> = internal.chain(external).collect();
            let shown = all.iter().take(MANY).cloned().collect::<Vec<_>>().join(", ");
            let code = if let Op::Call { func, .. } = self.resolution.program.function(f).op(call) {
                self.code(f, *func)
            } else {
                String::new()
            };
            let _ = writeln!(out, "    {code} -> [{}] {shown}", all.len());
        }
        out
    }
}

/// SplitMix64.
fn next_random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn counts(resolution: &Resolution<'_>) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |what: &str, n: usize| *counts.entry(what.to_owned()).or_default() += n;
    count("modules", resolution.program.modules.len());
    count("functions", resolution.program.functions.len());
    count("instructions", resolution.program.instruction_count());
    count("steps", resolution.steps);
    count("values cut at the limit", resolution.saturated);
    count("library values", resolution.apis.len());
    count("entry points", resolution.entries.len());
    let mut share = (0usize, 0usize);
    for f in resolution.program.functions.ids() {
        if resolution.program.module_of(f).test {
            continue;
        }
        for (_, targets) in resolution.calls(f) {
            count("calls outside tests", 1);
            share.1 += 1;
            match targets.unresolved {
                Some(reason) => count(&format!("calls unresolved: {}", reason.reason()), 1),
                None => share.0 += 1,
            }
            if targets.functions.len() + targets.apis.len() > MANY {
                count("calls with more than ten targets", 1);
            }
        }
    }
    count("calls resolved", share.0);
    count("per mille of the calls are resolved", (share.0 * 1000).checked_div(share.1).unwrap_or(0));
    counts
}
fn digest(resolution: &Resolution<'_>) -> u64 {
    let mut hasher = assay_index::FxHasher::default();
    for f in resolution.program.functions.ids() {
        for (call, targets) in resolution.calls(f) {
            format!("{call:?} {targets:?}").hash(&mut hasher);
        }
        for value in resolution.program.function(f).insts.ids() {
            for object in resolution.objects(f, value) {
                object.hash(&mut hasher);
            }
        }
    }
    format!("{:?}", resolution.entries).hash(&mut hasher);
    hasher.finish()
}

fn module_name(root: &Path, path: &Path) -> (String, bool) {
    let relative = path.strip_prefix(root).unwrap_or(path).with_extension("");
    let mut parts: Vec<String> = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let package = parts.last().is_some_and(|last| last == "__init__");
    if package {
        parts.pop();
    }
    (parts.join("."), package)
}

fn walk(path: &Path, out: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            walk(&entry.path(), out);
        }
    } else if path.extension().is_some_and(|e| e == "py") {
        out.push(path.to_owned());
    }
}
