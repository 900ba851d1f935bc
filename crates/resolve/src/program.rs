//! All modules of a program under one numbering.

use crate::places::{Place, Places};
use assay_index::{FxHashMap, FxHashSet, Idx, IndexVec, Interner, Symbol};
use assay_ir::{ClassId, Function, FunctionId, Module, Op, Value};
use assay_models::{Models, Releases};
use assay_text::FileId;
use rayon::prelude::*;

assay_index::define_id!(
    /// A module of the program, in the order of its file.
    pub struct ModuleId, "m"
);
assay_index::define_id!(
    /// A function of the program.
    pub struct FuncId, "fn"
);
assay_index::define_id!(
    /// A class of the program.
    pub struct ClsId, "cls"
);

/// Names that are followed from an annotation to the type that they stand for.
const MAX_ALIAS_STEPS: usize = 8;
/// What makes a type out of others, or says more of one.
const TYPE_FORMS: [&str; 3] = ["Annotated", "Optional", "Union"];

/// A lowered module with what the project says about it.
pub struct InputModule {
    /// The file it was lowered from.
    pub file: FileId,
    /// Its dotted name.
    pub name: String,
    /// The path of its file, without the extension; empty when it does not matter where it lies.
    pub path: String,
    /// Whether it is a package's `__init__`.
    pub package: bool,
    /// Whether it is test code.
    pub test: bool,
    /// Whether it is a template, whose name is its path.
    pub template: bool,
    /// The code.
    pub ir: Module,
}

/// A module of the program. The symbols in its code are those of [`Program::strings`].
pub struct ProgramModule {
    /// The file it was lowered from.
    pub file: FileId,
    /// Its dotted name.
    pub name: Symbol,
    /// The folder that holds it.
    folder: String,
    /// Whether it is a package's `__init__`.
    pub package: bool,
    /// Whether it is test code.
    pub test: bool,
    /// Whether it is a template, whose name is its path.
    pub template: bool,
    /// The code; its own string table is empty.
    pub ir: Module,
    /// The names that its code sets at module level.
    defined: FxHashSet<Symbol>,
    /// The modules whose names it imports with a star: name and leading dots.
    stars: Vec<(Symbol, u32)>,
    first_function: usize,
    first_class: usize,
}

impl ProgramModule {
    /// Whether its code sets a variable of that name.
    pub fn defines(&self, name: Symbol) -> bool {
        self.defined.contains(&name)
    }

    /// Whether its code makes a function or class of that name at module level.
    pub(crate) fn makes(&self, name: Symbol) -> bool {
        self.defines(name)
            && (self.ir.classes.iter().any(|c| c.qualified == name)
                || self.ir.functions.iter().any(|f| f.name == name && f.class.is_none() && f.qualified == name))
    }

    /// The modules whose names it imports with a star: name and leading dots.
    pub fn star_imports(&self) -> &[(Symbol, u32)] {
        &self.stars
    }
}

/// Where a function of the program is.
#[derive(Clone, Copy, Debug)]
pub struct FunctionInfo {
    /// Its module.
    pub module: ModuleId,
    /// Its number there.
    pub local: FunctionId,
    /// The class whose body directly holds it.
    pub class: Option<ClsId>,
}

/// Where a class of the program is.
#[derive(Clone, Copy, Debug)]
pub struct ClassInfo {
    /// Its module.
    pub module: ModuleId,
    /// Its number there.
    pub local: ClassId,
}

/// All modules.
pub struct Program {
    /// The modules in the order of their files.
    pub modules: IndexVec<ModuleId, ProgramModule>,
    /// The functions, module by module.
    pub functions: IndexVec<FuncId, FunctionInfo>,
    /// The classes, module by module.
    pub classes: IndexVec<ClsId, ClassInfo>,
    /// The strings behind all symbols.
    pub strings: Interner,
    by_name: FxHashMap<Symbol, ModuleId>,
    places: Places,
    /// The names of files and folders that are names of libraries, too.
    libraries: FxHashSet<Symbol>,
    /// Where each module variable and class attribute is set; `None`: at several places.
    stores: FxHashMap<(u32, Symbol), Option<(FuncId, Value)>>,
    class_stores: FxHashMap<(ClsId, Symbol), Option<(FuncId, Value)>>,
    packages: FxHashSet<Symbol>,
    /// The templates by the last part of their paths.
    templates: FxHashMap<String, Vec<ModuleId>>,
    /// The releases of libraries that the program runs with, as far as they matter.
    pub releases: Releases,
}

impl Program {
    /// Puts modules together, in the order given.
    pub fn new(inputs: Vec<InputModule>) -> Self {
        let mut strings = Interner::new();
        let mut maps = Vec::with_capacity(inputs.len());
        for input in &inputs {
            let map: Vec<Symbol> = input.ir.strings.strings().map(|s| strings.intern_shared(s)).collect();
            maps.push(map);
        }
        let mut program = Self {
            modules: IndexVec::with_capacity(inputs.len()),
            functions: IndexVec::new(),
            classes: IndexVec::new(),
            strings,
            by_name: FxHashMap::default(),
            places: Places::default(),
            libraries: FxHashSet::default(),
            stores: FxHashMap::default(),
            class_stores: FxHashMap::default(),
            packages: FxHashSet::default(),
            templates: FxHashMap::default(),
            releases: Releases::default(),
        };
        let modules: Vec<InputModule> = inputs
            .into_par_iter()
            .zip(maps)
            .map(|(mut input, map)| {
                rename(&mut input.ir, &map);
                input
            })
            .collect();
        for input in modules {
            let name = program.strings.intern(&input.name);
            let id = program.modules.next_id();
            let module = ProgramModule {
                file: input.file,
                name,
                folder: input.path.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned()),
                package: input.package,
                test: input.test,
                template: input.template,
                first_function: program.functions.len(),
                first_class: program.classes.len(),
                defined: defined_names(&input.ir),
                stars: star_imports(&input.ir),
                ir: input.ir,
            };
            for (local, function) in module.ir.functions.iter_enumerated() {
                let class = function.class.map(|c| ClsId::new(module.first_class + c.index()));
                program.functions.push(FunctionInfo { module: id, local, class });
            }
            for local in module.ir.classes.ids() {
                program.classes.push(ClassInfo { module: id, local });
            }
            if input.template {
                let inline = assay_ir::template::is_inline(&input.name);
                let last = if inline { &input.name } else { input.name.rsplit('/').next().unwrap_or_default() };
                let last = last.to_owned();
                program.templates.entry(last).or_default().push(id);
                program.modules.push(module);
                continue;
            }
            program.by_name.entry(name).or_insert(id);
            if !input.path.is_empty() {
                program.places.add(&input.path, &input.name, id, &mut program.strings);
            }
            let mut prefix = input.name.as_str();
            while let Some((parent, _)) = prefix.rsplit_once('.') {
                let parent = program.strings.intern(parent);
                program.packages.insert(parent);
                prefix = &prefix[..program.strings.resolve(parent).len()];
            }
            program.modules.push(module);
        }
        program.index_stores();
        program
    }

    fn index_stores(&mut self) {
        for f in self.functions.ids() {
            let info = self.functions[f];
            let function = &self.modules[info.module].ir.functions[info.local];
            for inst in &function.insts {
                match inst.op {
                    Op::StoreGlobal(name, value) => {
                        let place = value.map(|v| (f, v));
                        let key = (info.module.index() as u32, name);
                        self.stores.entry(key).and_modify(|have| *have = None).or_insert(place);
                    }
                    Op::StoreName(name, value) => {
                        if let assay_ir::FunctionKind::ClassBody(class) = function.kind {
                            let class = ClsId::new(self.modules[info.module].first_class + class.index());
                            self.class_stores
                                .entry((class, name))
                                .and_modify(|have| *have = None)
                                .or_insert(Some((f, value)));
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// The value that a module's variable is set to, when one place only sets it.
    pub fn single_store(&self, module: ModuleId, name: Symbol) -> Option<(FuncId, Value)> {
        self.stores.get(&(module.index() as u32, name)).copied().flatten()
    }

    /// Whether a name of a module is what it imports under that name from `package`: a package that takes all names of such a
    /// module means its own module of that name by it.
    pub fn imports_back(&self, module: ModuleId, name: Symbol, package: ModuleId) -> bool {
        let Some((f, value)) = self.single_store(module, name) else { return false };
        match *self.function(f).op(value) {
            Op::ImportFrom { module: from, level, name: member } if member == name && module != package => {
                let from = self.strings.lookup(&self.absolute_name(module, from, level));
                from.and_then(|from| self.imported(module, from)) == Some(package)
            }
            _ => false,
        }
    }

    /// The value that a class's body sets a name to, when it does so at one place only.
    pub fn class_store(&self, class: ClsId, name: Symbol) -> Option<(FuncId, Value)> {
        self.class_stores.get(&(class, name)).copied().flatten()
    }

    /// What a name is set to, when one place sets it, here or in the module that it is imported from.
    pub(crate) fn named_value(&self, f: FuncId, value: Value) -> Option<(FuncId, Value)> {
        let module = self.functions[f].module;
        match *self.function(f).op(value) {
            Op::Global(name) => self.single_store(module, name),
            Op::ImportFrom { module: from, level, name } => {
                let from = self.strings.lookup(&self.absolute_name(module, from, level))?;
                self.single_store(self.imported(module, from)?, name)
            }
            _ => None,
        }
    }

    /// The type that a name of an annotation stands for: `SessionDep = Annotated[Session, Depends(open_session)]`.
    pub fn type_alias(&self, mut f: FuncId, mut value: Value) -> Option<(FuncId, Value)> {
        for _ in 0..MAX_ALIAS_STEPS {
            match *self.function(f).op(value) {
                Op::Binary(assay_ir::BinaryOp::BitOr, ..) => return Some((f, value)),
                Op::Item(base, _) => {
                    let (Op::Global(name) | Op::Attr(_, name) | Op::ImportFrom { name, .. }) =
                        self.function(f).op(base)
                    else {
                        return None;
                    };
                    return TYPE_FORMS.contains(&self.strings.resolve(*name)).then_some((f, value));
                }
                _ => (f, value) = self.named_value(f, value)?,
            }
        }
        None
    }

    /// The code of a function.
    pub fn function(&self, id: FuncId) -> &Function {
        let info = self.functions[id];
        &self.modules[info.module].ir.functions[info.local]
    }

    /// The module that holds a function.
    pub fn module_of(&self, id: FuncId) -> &ProgramModule {
        &self.modules[self.functions[id].module]
    }

    /// The program-wide number of a module's function.
    pub fn func_id(&self, module: ModuleId, local: FunctionId) -> FuncId {
        FuncId::new(self.modules[module].first_function + local.index())
    }

    /// The program-wide number of a module's class.
    pub fn cls_id(&self, module: ModuleId, local: ClassId) -> ClsId {
        ClsId::new(self.modules[module].first_class + local.index())
    }

    /// A class statement.
    pub fn class(&self, id: ClsId) -> &assay_ir::Class {
        let info = self.classes[id];
        &self.modules[info.module].ir.classes[info.local]
    }

    /// The function that runs a class's body.
    pub fn class_body(&self, id: ClsId) -> FuncId {
        self.func_id(self.classes[id].module, self.class(id).body)
    }

    /// Learns which names of the program's files and folders are names of libraries that the models know.
    pub(crate) fn tell_from_libraries(&mut self, models: &Models) {
        let names = self.places.names().filter(|name| models.module(name).is_some());
        self.libraries = names.filter_map(|name| self.strings.lookup(name)).collect();
    }

    /// What a module means by a dotted name that it imports: what lies below a folder from which it may have been started, or else what
    /// has this name in the program. A script that lies elsewhere is not meant by the name of a library.
    pub(crate) fn place(&self, by: ModuleId, name: Symbol) -> Option<Place> {
        let (folder, dotted) = (&self.modules[by].folder, self.strings.resolve(name));
        let other = |place: &Place| *place != Place::Module(by);
        if let Some(place) = self.places.find(folder, dotted).filter(other) {
            return Some(place);
        }
        let library = || self.libraries.contains(&name);
        match self.module_by_name(name) {
            Some(module) if self.modules[module].package || !library() => Some(Place::Module(module)),
            None if self.is_package(name) => Some(Place::Package(name)),
            // Python 2 looks beside the file, too. Folders there are mostly named after what they are made for.
            _ if !library() => self.places.beside(folder, dotted).filter(other).filter(|place| match place {
                Place::Module(module) => !self.modules[*module].package,
                Place::Package(_) => false,
            }),
            _ => None,
        }
    }

    /// The module of the program that a module means by a dotted name which it imports.
    pub fn imported(&self, by: ModuleId, name: Symbol) -> Option<ModuleId> {
        match self.place(by, name)? {
            Place::Module(module) => Some(module),
            Place::Package(_) => None,
        }
    }

    /// The module of this dotted name.
    pub fn module_by_name(&self, name: Symbol) -> Option<ModuleId> {
        self.by_name.get(&name).copied()
    }

    /// Whether the name is a package of the project, with or without an `__init__`.
    pub fn is_package(&self, name: Symbol) -> bool {
        self.packages.contains(&name) || self.by_name.contains_key(&name)
    }

    /// The dotted name of a function: `pkg.module.Class.method`; of a module's body, the module's.
    pub fn qualified_name(&self, id: FuncId) -> String {
        let module = self.module_of(id);
        let name = self.strings.resolve(module.name);
        let info = self.functions[id];
        if info.local.index() == 0 {
            return name.to_owned();
        }
        let local = self.strings.resolve(self.function(id).qualified);
        if module.template {
            if let Some(holder) = assay_ir::template::holder(name) {
                return format!("{holder} (template)");
            }
            let whole = matches!(local, assay_ir::template::RENDER | assay_ir::template::FRAME);
            return if whole { name.to_owned() } else { format!("{name} {local}") };
        }
        if name.is_empty() { local.to_owned() } else { format!("{name}.{local}") }
    }

    /// The dotted name of a class.
    pub fn class_name(&self, id: ClsId) -> String {
        let module = self.strings.resolve(self.modules[self.classes[id].module].name);
        format!("{module}.{}", self.strings.resolve(self.class(id).qualified))
    }

    /// The dotted name that an import with leading dots means in a module.
    pub(crate) fn absolute(&mut self, module: ModuleId, name: Symbol, level: u32) -> Symbol {
        let full = self.absolute_name(module, name, level);
        self.strings.intern(&full)
    }

    /// The dotted name that an import with leading dots means in a module.
    pub fn absolute_name(&self, module: ModuleId, name: Symbol, level: u32) -> String {
        let name = self.strings.resolve(name);
        if level == 0 {
            return name.to_owned();
        }
        let info = &self.modules[module];
        let drop = if info.package { level - 1 } else { level };
        let mut package = self.strings.resolve(info.name);
        for _ in 0..drop.min(64) {
            package = package.rsplit_once('.').map_or("", |(head, _)| head);
        }
        match (package.is_empty(), name.is_empty()) {
            (true, _) => name.to_owned(),
            (false, true) => package.to_owned(),
            (false, false) => format!("{package}.{name}"),
        }
    }

    /// Whether any module is a template.
    pub fn has_templates(&self) -> bool {
        !self.templates.is_empty()
    }

    /// The templates that a name may mean in a module: those whose paths end with it. Of several, those in a
    /// folder of templates count, and of these the ones nearest to the module.
    pub fn templates_named(&self, name: &str, from: ModuleId) -> Vec<ModuleId> {
        // `package:templates/page.mako` names the package, too.
        let name = name.split_once(':').map_or(name, |(_, path)| path);
        let own = self.strings.resolve(self.modules[from].name);
        let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
        let joined;
        let name = if name.starts_with("./") || name.starts_with("../") {
            joined = join(folder, name);
            joined.as_str()
        } else {
            name.trim_start_matches('/')
        };
        let Some(candidates) = self.templates.get(name.rsplit('/').next().unwrap_or_default()) else {
            // Engines add an extension to a name that has none.
            let bare = !name.is_empty() && !name.rsplit('/').next().is_some_and(|last| last.contains('.'));
            let extended = EXTENSIONS.iter().map(|extension| format!("{name}.{extension}")).filter(|_| bare);
            return extended.map(|name| self.templates_named(&name, from)).find(|l| !l.is_empty()).unwrap_or_default();
        };
        let near: Vec<&str> =
            if self.modules[from].template { folder.split('/').collect() } else { own.split('.').collect() };
        // How many parts of the module's name stand in the path, one after the other.
        let shared = |path: &str| {
            let parts: Vec<&str> = path.split('/').collect();
            let run = |start: usize| parts[start..].iter().zip(&near).take_while(|(a, b)| a == b).count();
            (0..parts.len()).map(run).max()
        };
        let rank = |id: ModuleId| {
            let path = self.strings.resolve(self.modules[id].name);
            let above = path.strip_suffix(name)?;
            let above = if above.is_empty() { "" } else { above.strip_suffix('/')? };
            let root = above
                .rsplit('/')
                .next()
                .is_some_and(|last| matches!(last, "templates" | "jinja2" | "template" | "views"));
            Some((root, shared(path)))
        };
        let best = candidates.iter().filter(|id| **id != from).filter_map(|id| rank(*id)).max();
        candidates.iter().copied().filter(|id| *id != from && rank(*id).is_some() && rank(*id) == best).collect()
    }

    /// The template that the program holds as text under this name.
    pub fn inline_template(&self, name: &str) -> Option<ModuleId> {
        self.templates.get(name).and_then(|all| all.first()).copied()
    }

    /// The function that a template's module makes under this name.
    pub fn template_function(&self, module: ModuleId, name: &str) -> Option<FuncId> {
        let name = self.strings.lookup(name)?;
        let functions = &self.modules[module].ir.functions;
        let local = functions.iter_enumerated().find(|(_, f)| f.is_callable() && f.name == name)?.0;
        Some(self.func_id(module, local))
    }

    /// The number of instructions.
    pub fn instruction_count(&self) -> usize {
        self.modules.iter().map(|m| m.ir.instruction_count()).sum()
    }
}

/// The extensions that an engine adds to the name of a template, in this order.
const EXTENSIONS: [&str; 4] = ["tpl", "html", "thtml", "stpl"];

/// A path relative to a folder.
fn join(folder: &str, name: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn defined_names(module: &Module) -> FxHashSet<Symbol> {
    let stores = module.functions.iter().flat_map(|f| f.insts.iter());
    stores.filter_map(|inst| if let Op::StoreGlobal(name, Some(_)) = inst.op { Some(name) } else { None }).collect()
}

fn star_imports(module: &Module) -> Vec<(Symbol, u32)> {
    let insts = module.functions.iter().flat_map(|f| f.insts.iter());
    insts
        .filter_map(|inst| if let Op::ImportStar { module, level } = inst.op { Some((module, level)) } else { None })
        .collect()
}

/// Replaces the module's own symbols by the program's.
fn rename(module: &mut Module, map: &[Symbol]) {
    let global = |s: &mut Symbol| *s = map[s.index()];
    for function in &mut module.functions {
        global(&mut function.name);
        global(&mut function.qualified);
        function.params.iter_mut().for_each(|p| global(&mut p.name));
        function.cells.iter_mut().for_each(|c| global(&mut c.name));
        function.insts.iter_mut().for_each(|inst| inst.op.for_each_symbol(global));
    }
    for class in &mut module.classes {
        global(&mut class.name);
        global(&mut class.qualified);
    }
    module.types.for_each_symbol(global);
    module.objects.iter_mut().for_each(|object| global(&mut object.name));
    module.exports.iter_mut().flatten().for_each(global);
    module.strings = Interner::new();
}
