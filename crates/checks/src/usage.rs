//! What the program uses of the outside world: what it imports, what its configuration names, and which functions
//! with a known vulnerability it calls.

use crate::trace_text::entry_words;
use assay_finding::{Place, Step, StepKind};
use assay_index::{FxHashMap, FxHashSet, Idx};
use assay_ir::{Const, Module, Op};
use assay_resolve::{ApiId, FuncId, Object, Resolution};
use assay_text::limits::MAX_TRACE_STEPS;
use assay_text::{FileId, Files, Language, Role, Span};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Places that are kept for one name; the rest is counted by nobody.
const MAX_PLACES: usize = 64;
/// Texts longer than this name nothing.
const MAX_NAME: usize = 200;

/// A place of an import.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ImportPlace {
    /// The file.
    pub file: FileId,
    /// The statement.
    pub span: Span,
    /// Whether the program may do without: it stands in a `try`, a condition or a function.
    pub optional: bool,
    /// Whether the file is part of a package.
    pub in_package: bool,
}

/// A name in a configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The file.
    pub file: FileId,
    /// The name in it.
    pub span: Span,
    /// The name.
    pub text: String,
}

/// What the program uses.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// What the program imports, by dotted names: `a.b` and `a.b.c` for `from a.b import c`.
    pub imports: BTreeMap<String, Vec<ImportPlace>>,
    /// What its tests and examples import.
    pub test_imports: BTreeMap<String, Vec<ImportPlace>>,
    /// What configurations name, by the first part of the name.
    pub named: BTreeMap<String, Vec<Named>>,
    /// Packages that configurations name (`egg:Paste#urlmap`).
    pub named_packages: BTreeMap<String, Vec<Named>>,
    /// Modules and packages that stand as texts in the program.
    pub mentioned: BTreeSet<String>,
    /// The first parts of the names of the program's own modules.
    pub own: BTreeSet<String>,
    /// Whether every file of the program's was read in full.
    pub complete: bool,
    /// Calls of what has a known vulnerability.
    pub calls: Calls,
}

impl Usage {
    /// Collects what is written in the code (file, dotted name, whether it is a package's `__init__`, and the module) and in
    /// configuration files. Of texts only those count that name one of
    /// `interest`: modules of packages that the project declares.
    pub fn collect<'a>(
        modules: impl Iterator<Item = (FileId, &'a str, bool, &'a Module)>,
        files: &Files,
        interest: &BTreeSet<String>,
    ) -> Self {
        let mut usage = Self { complete: true, ..Self::default() };
        let interesting: FxHashSet<&str> = interest.iter().map(String::as_str).collect();
        for (file, dotted, package, module) in modules {
            let source = files.get(file);
            if source.language != Language::Python || source.role == Role::Vendored {
                continue;
            }
            usage.own.insert(first_part(dotted).to_owned());
            let aside = matches!(source.role, Role::Test | Role::Example);
            // What Django loads by bare names stands in its settings.
            let settings = !aside && source.text.contains("INSTALLED_APPS");
            let in_package = package || dotted.contains('.');
            for function in &module.functions {
                for inst in &function.insts {
                    match &inst.op {
                        Op::Import { module: name, .. } | Op::ImportStar { module: name, level: 0 } => {
                            usage.import(module.strings.resolve(*name), (file, inst.span, in_package), files, aside);
                        }
                        Op::ImportFrom { module: name, level: 0, name: member } => {
                            let name = module.strings.resolve(*name);
                            usage.import(name, (file, inst.span, in_package), files, aside);
                            let whole = format!("{name}.{}", module.strings.resolve(*member));
                            usage.import(&whole, (file, inst.span, in_package), files, aside);
                        }
                        Op::Const(Const::Str(text)) => {
                            let text = module.strings.resolve(*text);
                            usage.text(text, (file, inst.span), &interesting, (aside, settings));
                        }
                        _ => {}
                    }
                }
            }
        }
        for (id, file) in files.iter() {
            let extension = file.path.rsplit_once('.').map_or("", |(_, extension)| extension);
            if matches!(extension, "ini" | "conf" | "cfg") || file.path.ends_with("pyproject.toml") {
                usage.configuration(id, &file.text, &interesting);
            }
        }
        usage
    }

    fn import(&mut self, dotted: &str, (file, span, in_package): (FileId, Span, bool), files: &Files, aside: bool) {
        let list = if aside { &mut self.test_imports } else { &mut self.imports };
        let places = list.entry(dotted.to_owned()).or_default();
        if places.len() < MAX_PLACES && places.last().is_none_or(|last| (last.file, last.span) != (file, span)) {
            let optional = is_indented(&files.get(file).text, span);
            places.push(ImportPlace { file, span, optional, in_package });
        }
    }

    fn text(&mut self, text: &str, (file, span): (FileId, Span), interest: &FxHashSet<&str>, how: (bool, bool)) {
        let (aside, settings) = how;
        if text.len() > MAX_NAME || text.is_empty() {
            return;
        }
        // `mysql+pymysql://…` names a driver.
        let driver = || Some(text.split_once("://")?.0.split_once('+')?.1);
        let text = if text.contains('+') { driver().unwrap_or(text) } else { text };
        let first = text.split(['.', ':']).next().unwrap_or(text);
        if !interest.contains(first) || !is_path(text) {
            return;
        }
        self.mentioned.insert(first.to_owned());
        if !aside && (settings || text.len() > first.len()) {
            self.name(first, file, span, text);
        }
    }

    fn name(&mut self, first: &str, file: FileId, span: Span, text: &str) {
        let places = self.named.entry(first.to_owned()).or_default();
        if places.len() < MAX_PLACES {
            places.push(Named { file, span, text: text.to_owned() });
        }
    }

    /// Values that are dotted names, `module:name`, `egg:Package#name` or `call:module:name`, one or several a line.
    fn configuration(&mut self, file: FileId, text: &str, interest: &FxHashSet<&str>) {
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let start = offset;
            offset += line.len();
            if line.trim_start().starts_with(['#', ';']) {
                continue;
            }
            for word in
                line.split(|c: char| c.is_whitespace() || matches!(c, '=' | ',' | '"' | '\'' | '[' | ']' | '(' | ')'))
            {
                if word.len() < 3 || word.len() > MAX_NAME {
                    continue;
                }
                let at = start + (word.as_ptr() as usize - line.as_ptr() as usize);
                let span = Span::new(u32::try_from(at).unwrap_or(0), u32::try_from(at + word.len()).unwrap_or(0));
                if let Some(package) = word.strip_prefix("egg:") {
                    let package = package.split('#').next().unwrap_or(package);
                    let package = assay_dependencies::Ecosystem::PyPI.normalise(package);
                    let places = self.named_packages.entry(package).or_default();
                    if places.len() < MAX_PLACES {
                        places.push(Named { file, span, text: word.to_owned() });
                    }
                    continue;
                }
                let path = word.strip_prefix("call:").unwrap_or(word);
                let first = path.split(['.', ':']).next().unwrap_or(path);
                if path.len() > first.len() && interest.contains(first) && is_path(path) {
                    self.name(first, file, span, word);
                }
            }
        }
    }

    /// The imports of a name or of what lies in it, in the order of the names.
    pub fn imports_of<'a>(
        &'a self,
        module: &'a str,
        tests: bool,
    ) -> impl Iterator<Item = (&'a str, &'a [ImportPlace])> {
        let list = if tests { &self.test_imports } else { &self.imports };
        let within = move |name: &str| is_within(name, module);
        let from = list.range(module.to_owned()..);
        from.take_while(move |(name, _)| name.starts_with(module))
            .filter(move |(name, _)| within(name))
            .map(|(name, places)| (name.as_str(), places.as_slice()))
    }

    /// Whether anything at all of the program, its tests or its configuration names a module.
    pub fn uses(&self, module: &str) -> bool {
        self.imports_of(module, false).next().is_some()
            || self.imports_of(module, true).next().is_some()
            || self.named.contains_key(module)
            || self.mentioned.contains(module)
    }
}

/// Whether a dotted name is `module` or lies in it.
pub(crate) fn is_within(name: &str, module: &str) -> bool {
    name.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The first part of a dotted name.
fn first_part(dotted: &str) -> &str {
    dotted.split('.').next().unwrap_or(dotted)
}

/// Whether a text is a dotted path of names, with colons where entry points have one.
fn is_path(text: &str) -> bool {
    text.split(['.', ':']).all(|part| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    })
}

/// Whether a statement stands in another one: a condition, a `try`, a function.
fn is_indented(text: &str, span: Span) -> bool {
    let start = (span.start as usize).min(text.len());
    let line = text.get(..start).map_or(0, |before| before.rfind('\n').map_or(0, |at| at + 1));
    text[line..].starts_with([' ', '\t'])
}

/// A call of something that has a vulnerability.
#[derive(Clone, PartialEq, Debug)]
pub struct Called {
    /// The function that calls it.
    pub function: String,
    /// The call.
    pub place: Place,
    /// The way from an entry point to the call; the call alone when none was seen.
    pub steps: Vec<Step>,
    /// Who can get there: the entry point, in words.
    pub entry: Option<String>,
}

/// Calls of what has a known vulnerability.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// The best call of each symbol: one that an entry point reaches, by the shortest way.
    pub called: BTreeMap<String, Called>,
    /// Symbols of which what holds them is used: a class whose method has the vulnerability.
    pub touched: BTreeSet<String>,
    /// Whether calls were looked for.
    pub examined: bool,
    /// Installed packages whose source was followed, by their names.
    pub followed: BTreeSet<String>,
}

impl Calls {
    /// Takes over what a search that also followed `packages` found: a call that an entry point reaches counts more than
    /// one that none does, and of equals, the one in the program's own code. `place` gives the files that both searches do
    /// not share.
    pub fn follow(&mut self, found: Self, packages: BTreeSet<String>, place: &mut dyn FnMut(&mut Place)) {
        for (symbol, mut called) in found.called {
            if self.called.get(&symbol).is_some_and(|known| known.entry.is_some() || called.entry.is_none()) {
                continue;
            }
            place(&mut called.place);
            called.steps.iter_mut().for_each(|step| place(&mut step.place));
            self.called.insert(symbol, called);
        }
        self.touched.extend(found.touched);
        self.examined |= found.examined;
        self.followed.extend(packages);
    }
}

/// Who was seen to call a function first, and how many calls away from an entry point it is.
struct Way {
    caller: Option<(FuncId, Span)>,
    depth: u32,
}

/// Looks for calls of `wanted`, dotted paths, outside of tests. In copies and installed packages, those count that the
/// program reaches.
pub fn vulnerable_calls(resolution: &Resolution<'_>, files: &Files, wanted: &BTreeSet<String>) -> Calls {
    let mut calls = Calls { examined: true, ..Calls::default() };
    if wanted.is_empty() {
        return calls;
    }
    let program = &resolution.program;
    let mut apis: FxHashMap<ApiId, &str> = FxHashMap::default();
    let mut names: BTreeSet<String> = BTreeSet::new();
    let roots: FxHashSet<&str> = wanted.iter().map(|symbol| first_part(symbol)).collect();
    for api in (0..resolution.apis.len()).map(ApiId::new) {
        let name = resolution.api_name(api);
        if !roots.contains(name.split(['.', '(']).next().unwrap_or(name)) {
            continue;
        }
        let plain = plain(name);
        if let Some(symbol) = longest(wanted, &plain) {
            apis.insert(api, symbol);
        }
        names.insert(plain);
    }
    for symbol in wanted {
        if let Some((holder, _)) = symbol.rsplit_once('.').filter(|(holder, _)| holder.contains('.'))
            && names.contains(holder)
        {
            calls.touched.insert(symbol.clone());
        }
    }
    let own = copies(resolution, files, wanted);
    let ways = ways(resolution, files);
    let mut best: BTreeMap<&str, (u32, FuncId, Span)> = BTreeMap::new();
    for f in program.functions.ids() {
        let module = program.module_of(f);
        if module.test || module.template || matches!(files.get(module.file).role, Role::Example) {
            continue;
        }
        let copied = files.get(module.file).role == Role::Vendored;
        let depth = ways.get(&f).map_or(u32::MAX, |way| way.depth);
        if copied && depth == u32::MAX {
            continue;
        }
        let mut found = |symbol, span| {
            let entry = best.entry(symbol).or_insert((depth, f, span));
            if depth < entry.0 {
                *entry = (depth, f, span);
            }
        };
        for (value, targets) in resolution.calls(f) {
            let span = program.function(f).insts[*value].span;
            for symbol in targets.apis.iter().filter_map(|api| apis.get(api)) {
                found(symbol, span);
            }
            for symbol in targets.functions.iter().filter_map(|target| own.get(&target.function)) {
                found(symbol, span);
            }
        }
    }
    for class in program.classes.ids() {
        let body = program.class_body(class);
        let module = program.module_of(body);
        if module.test || module.template || files.get(module.file).role == Role::Vendored {
            continue;
        }
        for symbol in resolution.hierarchy.external_bases(class).iter().filter_map(|api| apis.get(api)) {
            let span = program.function(body).name_span;
            best.entry(symbol).or_insert((u32::MAX, body, span));
        }
    }
    for (symbol, (_, f, span)) in best {
        let called = called(resolution, &ways, symbol, f, span);
        calls.called.insert(symbol.to_owned(), called);
    }
    calls
}

/// The functions, in copies of packages and in installed ones, that have the vulnerabilities.
fn copies<'w>(resolution: &Resolution<'_>, files: &Files, wanted: &'w BTreeSet<String>) -> FxHashMap<FuncId, &'w str> {
    let program = &resolution.program;
    let copied = |f: FuncId| files.get(program.module_of(f).file).role == Role::Vendored;
    let mut own: FxHashMap<FuncId, &str> = FxHashMap::default();
    // A copy has other folders above it.
    for f in program.functions.ids().filter(|f| copied(*f)) {
        let name = program.qualified_name(f);
        let found = wanted.iter().find(|symbol| name == **symbol || name.ends_with(&format!(".{symbol}")));
        own.extend(found.map(|symbol| (f, symbol.as_str())));
    }
    // What an installed package gives on under another name than the one it is written under.
    for symbol in wanted {
        for f in given(resolution, symbol).into_iter().filter(|f| copied(*f)) {
            own.entry(f).or_insert(symbol);
        }
    }
    own
}

/// The functions behind a dotted path of the program: a function, the methods of a class, one method, or all that a module
/// holds.
fn given(resolution: &Resolution<'_>, path: &str) -> Vec<FuncId> {
    let program = &resolution.program;
    let mut parts: Vec<&str> = path.split('.').collect();
    let mut rest: Vec<&str> = Vec::new();
    let module = loop {
        let found = program.strings.lookup(&parts.join(".")).and_then(|name| program.module_by_name(name));
        if found.is_some() || parts.is_empty() {
            break found;
        }
        rest.extend(parts.pop());
    };
    let Some(module) = module else { return Vec::new() };
    let Some(name) = rest.pop() else {
        let inside = |f: &FuncId| program.functions[*f].module == module;
        return program.functions.ids().filter(inside).collect();
    };
    let stored = program.strings.lookup(name).and_then(|name| program.single_store(module, name));
    let Some((f, value)) = stored else { return Vec::new() };
    let mut found = Vec::new();
    for object in resolution.objects(f, value) {
        match (object, rest.as_slice()) {
            (Object::Function(function), []) => found.push(function),
            (Object::Class(class), []) => {
                let body = program.class_body(class);
                let of_it = |f: &FuncId| program.functions[*f].class == Some(class) && *f != body;
                found.extend(program.functions.ids().filter(of_it));
            }
            (Object::Class(class), [method]) => {
                let name = program.strings.lookup(method);
                found.extend(name.and_then(|name| resolution.hierarchy.method(class, name)));
            }
            _ => {}
        }
    }
    found
}

/// Further than any way from an entry point.
const NO_ENTRY: u32 = 1 << 24;

/// The shortest ways from entry points of the program; to what none reaches, those from functions of the program.
fn ways(resolution: &Resolution<'_>, files: &Files) -> FxHashMap<FuncId, Way> {
    let program = &resolution.program;
    let own = |f: FuncId| {
        let module = program.module_of(f);
        let role = files.get(module.file).role;
        !(module.test || module.template || matches!(role, Role::Vendored | Role::Example))
    };
    let mut ways: FxHashMap<FuncId, Way> = FxHashMap::default();
    extend(resolution, &mut ways, resolution.entries.iter().map(|entry| entry.function).filter(|f| own(*f)), 0);
    extend(resolution, &mut ways, program.functions.ids().filter(|f| own(*f)), NO_ENTRY);
    ways
}

/// Adds the shortest ways from `starts` to what has none yet.
fn extend(
    resolution: &Resolution<'_>,
    ways: &mut FxHashMap<FuncId, Way>,
    starts: impl Iterator<Item = FuncId>,
    depth: u32,
) {
    let program = &resolution.program;
    let mut pending: VecDeque<FuncId> = VecDeque::new();
    for f in starts {
        ways.entry(f).or_insert_with(|| {
            pending.push_back(f);
            Way { caller: None, depth }
        });
    }
    while let Some(f) = pending.pop_front() {
        let depth = ways.get(&f).map_or(0, |way| way.depth) + 1;
        let mut visit = |callee: FuncId, span: Span| {
            ways.entry(callee).or_insert_with(|| {
                pending.push_back(callee);
                Way { caller: Some((f, span)), depth }
            });
        };
        for (value, targets) in resolution.calls(f) {
            for target in &targets.functions {
                visit(target.function, program.function(f).insts[*value].span);
            }
        }
        for (value, inst) in program.function(f).insts.iter_enumerated() {
            for callee in resolution.implicit_calls(f, value) {
                visit(*callee, inst.span);
            }
        }
    }
}

fn called(resolution: &Resolution<'_>, ways: &FxHashMap<FuncId, Way>, symbol: &str, f: FuncId, span: Span) -> Called {
    let program = &resolution.program;
    let place = |f: FuncId, span| Place { file: program.module_of(f).file, span, function: program.qualified_name(f) };
    let mut steps = vec![Step {
        kind: StepKind::Sink,
        place: place(f, span),
        message: format!("uses `{symbol}`, which has the vulnerability"),
    }];
    let mut top = f;
    while let Some((caller, span)) = ways.get(&top).and_then(|way| way.caller) {
        let message = format!("calls `{}`", program.qualified_name(top));
        steps.push(Step { kind: StepKind::Call, place: place(caller, span), message });
        top = caller;
    }
    let entry = ways.get(&top).filter(|way| way.depth < NO_ENTRY);
    let entry = entry.and_then(|_| resolution.entries.iter().find(|entry| entry.function == top));
    let entry = entry.map(|entry| entry_words(entry.kind, &program.qualified_name(top)));
    if let Some(entry) = &entry {
        let name = program.function(top).name_span;
        steps.push(Step {
            kind: StepKind::Call,
            place: place(top, name),
            message: format!("is called from outside: {entry}"),
        });
    }
    steps.reverse();
    if steps.len() > MAX_TRACE_STEPS {
        steps.drain(1..=steps.len() - MAX_TRACE_STEPS);
    }
    Called { function: program.qualified_name(f), place: place(f, span), steps, entry }
}

/// A path without what says how its values were made: `a.B().c` becomes `a.B.c`.
fn plain(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut depth = 0u32;
    for c in name.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '(' | ')' => {}
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// The longest of `wanted` that a path is, or lies in.
fn longest<'w>(wanted: &'w BTreeSet<String>, path: &str) -> Option<&'w str> {
    let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
    let mut ends: Vec<usize> = ends.collect();
    ends.reverse();
    ends.into_iter().find_map(|end| wanted.get(&path[..end])).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_compared_without_calls() {
        assert_eq!(plain("a.B().c()[\"x.y\"].d"), "a.B.c.d");
        let wanted: BTreeSet<String> = ["a.B", "a.B.c", "x"].map(str::to_owned).into();
        assert_eq!(longest(&wanted, "a.B.c.d"), Some("a.B.c"));
        assert_eq!(longest(&wanted, "a.B"), Some("a.B"));
        assert_eq!(longest(&wanted, "a.Bc"), None);
    }

    #[test]
    fn only_names_are_paths() {
        assert!(is_path("a.b_c:D") && is_path("a"));
        for text in ["a b", "a..b", "1.2", "a.b!", ""] {
            assert!(!is_path(text), "{text}");
        }
    }
}
